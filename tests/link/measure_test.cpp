// What the link costs, for docs/measures.md: hidden, because a machine's speed is no matter of right and wrong.

#include <malloc.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <ctime>
#include <print>

#include "tests/link/rig.h"

using namespace promenade;
using namespace promenade::link;
using namespace promenade::link::testing;

namespace {

double cpu_s() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void tell(const char* what, double seconds, double times) { std::println("{}: {:.2f} us", what, 1e6 * seconds / times); }

}  // namespace

TEST_CASE("what the link costs", "[.measure]") {
  constexpr int kDevices = 200;
  Rig rig;
  std::vector<std::shared_ptr<const SessionSettings>> settings;
  for (int i = 1; i <= kDevices; ++i) settings.push_back(settings_of(SessionSettings::End::device, rig.credentials(Role::headset, std::to_string(i)), rig.random));
  const std::size_t memory = mallinfo2().uordblks;
  double began = cpu_s();
  for (int i = 0; i < kDevices; ++i) {
    auto device = std::make_unique<Device>();
    device->address = {0x0a000100u + static_cast<std::uint32_t>(i), 40000};
    device->end = std::make_unique<DeviceEnd>(settings[static_cast<std::size_t>(i)]);
    rig.devices.push_back(std::move(device));
  }
  REQUIRE(rig.all_open());
  tell("handshake, both ends", cpu_s() - began, kDevices);

  // Both ends' sessions lie in this process.
  std::println("memory of a connection at one end: {:.1f} KiB", static_cast<double>(mallinfo2().uordblks - memory) / 1024.0 / (2.0 * kDevices));

  constexpr int kDatagrams = 50'000;
  const base::Bytes up(110, 1), down(420, 2);
  Device& device = *rig.devices[0];
  const ConnectionNumber number = rig.changes<Opened>().at(0).connection;
  const Device* first = rig.device_at(*rig.hall.address_of(number));
  REQUIRE(first != nullptr);
  static_cast<void>(device);
  std::vector<base::Bytes> sealed;
  for (int i = 0; i < kDatagrams; ++i) {
    REQUIRE(first->end->send(DatagramKind::enet, up));
    sealed.push_back(std::move(first->end->outgoing().back()));
    first->end->outgoing().clear();
  }
  began = cpu_s();
  for (const auto& bytes : sealed) rig.hall.receive(first->address, bytes, rig.now());
  tell("hall: open a datagram of 110 bytes", cpu_s() - began, kDatagrams);
  REQUIRE(rig.hall.delivered().size() == kDatagrams);
  rig.hall.delivered().clear();
  began = cpu_s();
  for (int i = 0; i < kDatagrams; ++i) REQUIRE(rig.hall.send(number, DatagramKind::enet, down));
  tell("hall: seal a datagram of 420 bytes", cpu_s() - began, kDatagrams);
  rig.hall.outgoing().clear();

  // Hostile datagrams, each sort by itself.
  base::Random random(1);
  SeededRandom source{base::Random(2)};
  DeviceEnd stranger(settings[1]);
  stranger.tick(rig.now());
  const base::Bytes hello = stranger.outgoing().at(0);
  const auto attack = [&](const char* what, const std::function<base::Bytes(int)>& make) {
    std::vector<base::Bytes> datagrams;
    for (int i = 0; i < kDatagrams; ++i) datagrams.push_back(make(i));
    const std::size_t before = mallinfo2().uordblks, connections = rig.hall.connections();
    const double start = cpu_s();
    for (int i = 0; i < kDatagrams; ++i) {
      rig.hall.receive({0x0b000000u + static_cast<std::uint32_t>(i), 7}, datagrams[static_cast<std::size_t>(i)], rig.now());
      if (rig.hall.outgoing().size() > 256) rig.hall.outgoing().clear();
    }
    tell(what, cpu_s() - start, kDatagrams);
    CHECK(rig.hall.delivered().empty());
    CHECK(rig.hall.connections() == connections);
    CHECK(mallinfo2().uordblks < before + (1 << 20));
  };
  attack("hostile: a first hello", [&](int) { return hello; });
  attack("hostile: garbage", [&](int) { base::Bytes bytes(300); for (auto& b : bytes) b = static_cast<std::uint8_t>(random()); return bytes; });
  attack("hostile: a replayed datagram", [&](int i) { return sealed[static_cast<std::size_t>(i)]; });
  attack("hostile: a forged newer datagram", [&](int i) { base::Bytes bytes = sealed[static_cast<std::size_t>(i)]; bytes[5] = 1; return bytes; });
  attack("hostile: too large", [&](int) { return base::Bytes(1400, 25); });
}

// Writes the fuzz corpus of tests/fuzz/enet_fuzz.cpp anew; hidden, because it changes the checkout. And that it still means what
// it did: an honest device's words, said again to a new hall, connect it and are heard.

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

#include "showcontrol/link/memory_network.h"
#include "tests/fuzz/enet_hall.h"

using namespace promenade;
using namespace promenade::protocol;

namespace {

constexpr link::Address kEnetHall{1, 9560};
const std::string kFolder = std::string(PROMENADE_SOURCE_DIR) + "/tests/fuzz/corpus/enet/";
constexpr base::Duration kStep{1'000};

class Tapped final : public link::DatagramSocket {  // writes down what is sent, in the corpus' form
 public:
  Tapped(std::unique_ptr<link::DatagramSocket> below, std::uint8_t device) : below_(std::move(below)), device_(device), last_(below_->now().steady) {}
  link::Moment now() const override { return below_->now(); }
  link::Address local() const override { return below_->local(); }
  void send(link::Address to, base::ByteView datagram) override {
    const auto since_ms = std::min<std::int64_t>(127, (now().steady - last_) / base::Duration{1'000});
    last_ = now().steady;
    base::ByteWriter writer(said);
    writer.u8(static_cast<std::uint8_t>(since_ms << 1 | device_));
    writer.u16(static_cast<std::uint16_t>(datagram.size()));
    writer.raw(datagram);
    below_->send(to, datagram);
  }
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override { return below_->receive(buffer); }
  void wait(base::Duration) override {}
  base::Bytes said;

 private:
  std::unique_ptr<link::DatagramSocket> below_;
  std::uint8_t device_;
  base::Duration last_;
};

}  // namespace

TEST_CASE("write the corpus of enet_fuzz", "[.corpus]") {
  link::MemoryNetwork network({fuzz::kEnetZero, {}});
  const auto at_hall = network.bind(kEnetHall);
  fuzz::EnetHall hall(*at_hall);
  Tapped socket(network.bind(fuzz::kEnetDevices[0]), 0);
  EnetHost device(socket, 1, false);
  const auto slot = device.connect(kEnetHall, 5000);
  REQUIRE(slot.has_value());
  const auto run = [&](int milliseconds) {
    for (int i = 0; i < milliseconds; ++i) {
      network.advance(kStep);
      while (device.service()) {
      }
      hall.turn();
    }
  };
  const auto write = [&](const std::string& name) {
    std::ofstream(kFolder + name, std::ios::binary).write(reinterpret_cast<const char*>(socket.said.data()), static_cast<std::streamsize>(socket.said.size()));
  };
  run(20);
  REQUIRE(hall.connected() == 1);
  write("connects.bin");
  REQUIRE(device.send(*slot, base::Bytes(60, 3), Delivery::unreliable));
  REQUIRE(device.send(*slot, base::Bytes(3000, 4), Delivery::reliable));
  run(40);
  REQUIRE(device.send(*slot, base::Bytes(20, 5), Delivery::reliable));
  run(600);  // a ping is among it
  REQUIRE(hall.heard() == 60 + 3000 + 20);
  write("talks.bin");
  device.disconnect(*slot, 1, EnetHost::Manner::told);
  run(40);
  REQUIRE(hall.connected() == 0);
  write("leaves.bin");
}

TEST_CASE("an honest device's recorded words connect it to a new hall and are heard") {
  link::MemoryNetwork network({fuzz::kEnetZero, {}});
  const auto at_hall = network.bind(kEnetHall);
  const auto device = network.bind(fuzz::kEnetDevices[0]);
  fuzz::EnetHall hall(*at_hall);
  std::ifstream file(kFolder + "talks.bin", std::ios::binary);
  REQUIRE(file);
  const base::Bytes said((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  base::ByteReader reader(said);
  while (reader.remaining() > 3) {
    const int milliseconds = reader.u8() >> 1;
    for (int i = 0; i < milliseconds; ++i) network.advance(kStep);
    const std::size_t length = reader.u16();
    device->send(kEnetHall, reader.raw(length));
    hall.turn();
  }
  CHECK(hall.connected() == 1);
  CHECK(hall.heard() == 60 + 3000 + 20);
}

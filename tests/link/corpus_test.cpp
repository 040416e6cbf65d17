// Writes the fuzz corpora of tests/fuzz/link_fuzz.cpp, device_fuzz.cpp and enrol_fuzz.cpp anew; hidden, because it changes the checkout.

#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <fstream>

#include "showcontrol/link/enrolment.h"
#include "tests/link/rig.h"

using namespace promenade;
using namespace promenade::link;
using namespace promenade::link::testing;

namespace {

void write_datagrams(const std::string& path, std::span<const base::Bytes> datagrams) {
  base::Bytes all;
  base::ByteWriter writer(all);
  for (const base::Bytes& bytes : datagrams) {
    writer.u16(static_cast<std::uint16_t>(bytes.size()));
    writer.raw(bytes);
  }
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(all.data()), static_cast<std::streamsize>(all.size()));
}

}  // namespace

TEST_CASE("write the corpus of device_fuzz", "[.corpus]") {
  // As tests/fuzz/device_fuzz.cpp makes its device.
  SeededRandom random{base::Random(4)};
  const Authority authority = Authority::make("fuzzed", kNow, random);
  const auto settings = settings_of(SessionSettings::End::device, *authority.issue(Role::headset, "1", kNow, random), random);
  SeededRandom halls{base::Random(9)};
  HallEnd hall(settings_of(SessionSettings::End::hall, *authority.issue(Role::hall, "hall", kNow, halls), halls), {});
  random = SeededRandom(base::Random(6));
  DeviceEnd device(settings);
  const Address from{0x0a000101, 40000};
  Moment now{base::Duration{1'000'000}, kNow};
  std::vector<base::Bytes> said;  // by the hall; one each turn, as the target takes them
  std::deque<base::Bytes> air;
  for (int turn = 0; turn < 40 && said.size() < 20; ++turn) {
    device.tick(now);
    for (base::Bytes& bytes : std::exchange(device.outgoing(), {})) hall.receive(from, bytes, now);
    while (auto work = hall.take_work(now)) {
      work->run();
      hall.give_back(std::move(*work), now);
    }
    for (const LinkChange& change : std::exchange(hall.changes(), {})) {
      if (const auto* opened = std::get_if<Opened>(&change)) REQUIRE(hall.send(opened->connection, DatagramKind::enet, base::as_bytes("the hall's state")));
    }
    for (Outgoing& one : std::exchange(hall.outgoing(), {})) air.push_back(std::move(one.bytes));
    if (air.empty()) break;
    said.push_back(std::move(air.front()));
    air.pop_front();
    device.receive(said.back(), now);
    now.steady += base::Duration{1'000};
  }
  REQUIRE(device.state() == Session::State::open);
  REQUIRE(device.delivered().size() == 1);
  const std::string folder = std::string(PROMENADE_SOURCE_DIR) + "/tests/fuzz/corpus/device/";
  write_datagrams(folder + "cookie.bin", std::span(said).first(1));
  write_datagrams(folder + "handshake.bin", said);
}

TEST_CASE("write the corpus of link_fuzz", "[.corpus]") {
  // As tests/fuzz/link_fuzz.cpp makes its hall.
  SeededRandom random{base::Random(4)};
  const Authority authority = Authority::make("fuzzed", kNow, random);
  const auto settings = settings_of(SessionSettings::End::hall, *authority.issue(Role::hall, "hall", kNow, random), random);
  const Credentials credentials = *authority.issue(Role::headset, "1", kNow, random);
  random = SeededRandom(base::Random(5));
  HallEnd hall(settings, {});
  SeededRandom own{base::Random(6)};
  DeviceEnd device(settings_of(SessionSettings::End::device, credentials, own));
  const Address from{0x0a000101, 40000};
  Moment now{base::Duration{1'000'000}, kNow};
  std::vector<base::Bytes> said;
  for (int turn = 0; turn < 40; ++turn) {
    device.tick(now);
    if (device.state() == Session::State::open && said.size() < 10) REQUIRE(device.send(DatagramKind::enet, base::as_bytes("a pose")));
    for (base::Bytes& bytes : std::exchange(device.outgoing(), {})) {
      hall.receive(from, bytes, now);
      said.push_back(std::move(bytes));
    }
    now.steady += base::Duration{1'000};
    while (auto work = hall.take_work(now)) {
      work->run();
      hall.give_back(std::move(*work), now);
    }
    for (const auto& one : std::exchange(hall.outgoing(), {})) device.receive(one.bytes, now);
  }
  REQUIRE(hall.connections() == 1);
  const std::string folder = std::string(PROMENADE_SOURCE_DIR) + "/tests/fuzz/corpus/link/";
  write_datagrams(folder + "first-hello.bin", std::span(said).first(1));
  write_datagrams(folder + "two-hellos.bin", std::span(said).first(2));
  write_datagrams(folder + "handshake.bin", said);
  const std::string list = authority.sign({3, {std::string(32, 'c')}}, random);
  std::ofstream(folder + "revocation-list.txt", std::ios::binary) << list;
}

TEST_CASE("write the corpus of enrol_fuzz", "[.corpus]") {
  SeededRandom random{base::Random(4)};
  const Authority authority = Authority::make("fuzzed", kNow, random);
  random = SeededRandom(base::Random(5));
  Token token;
  random.fill(token);
  const std::string folder = std::string(PROMENADE_SOURCE_DIR) + "/tests/fuzz/corpus/enrol/";
  const Invitation invitation{"10.0.0.2:9562", fingerprint(authority.root()).value(), token, kNow + kInvitationLasts};
  std::ofstream(folder + "invitation.txt", std::ios::binary) << to_text(invitation);
  for (const bool by_token : {true, false}) {
    random = SeededRandom(base::Random(5));
    random.fill(token);
    EnrolHall hall(authority.root(), token, {base::Duration{1'000'000}, kNow}, random,
                   [&](std::string_view key) { return authority.certify({Role::headset, "1", "fuzzed"}, key, kNow, random); });
    EnrolDevice device(by_token ? std::optional(invitation) : std::nullopt, random);
    device.confirm();
    base::Bytes all;
    base::ByteWriter writer(all);
    Moment now{base::Duration{1'000'000}, kNow};
    for (int i = 0; i < 6 && !device.done(); ++i) {
      now.steady += base::Duration{400'000};
      const auto said = device.next(now);
      REQUIRE(said.has_value());
      writer.u16(static_cast<std::uint16_t>(said->size()));
      writer.raw(*said);
      const auto reply = hall.receive({1, 2}, *said, now);
      if (!reply) continue;
      device.receive(reply->bytes, now);
      const std::string name = (by_token ? "token-answer-" : "code-answer-") + std::to_string(i) + ".bin";
      std::ofstream(folder + name, std::ios::binary).write(reinterpret_cast<const char*>(reply->bytes.data()), static_cast<std::streamsize>(reply->bytes.size()));
      if (const auto code = hall.code()) static_cast<void>(hall.enter(*code));
    }
    REQUIRE(device.done().has_value());
    std::ofstream(folder + (by_token ? "token-asks.bin" : "code-asks.bin"), std::ios::binary)
        .write(reinterpret_cast<const char*>(all.data()), static_cast<std::streamsize>(all.size()));
  }
}

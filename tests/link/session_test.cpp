// The secure link's two ends against each other, on virtual time.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "tests/link/rig.h"

using namespace promenade;
using namespace promenade::link;
using namespace promenade::link::testing;

TEST_CASE("a headset with a certificate of the venue is let in, and both ends hear each other") {
  Rig rig;
  std::size_t largest = 0;
  rig.tap = [&](const Flying& flying) { largest = std::max(largest, flying.bytes.size()); };
  Device& device = rig.add("12");
  REQUIRE(rig.all_open());
  const auto opened = rig.changes<Opened>();
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].peer.subject == Subject{Role::headset, "12", "test hall"});
  CHECK(opened[0].address == device.address);
  CHECK(device.end->hall().subject.role == Role::hall);
  const ConnectionNumber number = opened[0].connection;
  REQUIRE(device.end->send(DatagramKind::enet, text("up")));
  REQUIRE(rig.hall.send(number, DatagramKind::clock, text("down")));
  REQUIRE(rig.until([&] { return !rig.heard.empty() && !device.heard.empty(); }));
  CHECK(rig.heard[0].connection == number);
  CHECK(rig.heard[0].kind == DatagramKind::enet);
  CHECK(rig.heard[0].bytes == text("up"));
  CHECK(device.heard[0].kind == DatagramKind::clock);
  CHECK(device.heard[0].bytes == text("down"));
  const base::Bytes full(kInnerMax, 0x5a);
  REQUIRE(device.end->send(DatagramKind::state, full));
  REQUIRE(rig.hall.send(number, DatagramKind::state, full));
  REQUIRE(rig.until([&] { return rig.heard.size() == 2 && device.heard.size() == 2; }));
  CHECK(rig.heard[1].bytes == full);
  CHECK(largest <= kOuterMax);
  device.end->close();
  REQUIRE(rig.until([&] { return rig.hall.connections() == 0; }));
  CHECK(rig.changes<Closed>().size() == 1);
}

TEST_CASE("the same seed makes the same conversation") {
  const auto conversation = [] {
    Rig rig({}, {}, 7);
    std::vector<base::Bytes> seen;
    rig.tap = [&](const Flying& flying) { seen.push_back(flying.bytes); };
    rig.add("1");
    REQUIRE(rig.all_open());
    return std::pair(seen, rig.now().utc);
  };
  const auto [said, at] = conversation();
  CHECK(conversation().first == said);
  // A hello's random number begins with the time (RFC 5246 section 7.4.1.2), of this conversation and not of the machine; it lies behind the
  // headers of record (13 bytes) and message (12) and the version (2).
  REQUIRE(said.at(0).size() > 31);
  std::int64_t seconds = 0;
  for (std::size_t i = 27; i < 31; ++i) seconds = seconds << 8 | said[0][i];
  CHECK(std::chrono::abs(std::chrono::sys_seconds(std::chrono::seconds(seconds)) - at) < std::chrono::seconds(2));
}

TEST_CASE("a connection keeps its number when its device's address changes") {
  Rig rig;
  Device& device = rig.add("1");
  REQUIRE(rig.all_open());
  const ConnectionNumber number = rig.changes<Opened>().at(0).connection;
  base::Bytes before;
  rig.tap = [&](const Flying& flying) { if (flying.to_hall) before = flying.bytes; };
  REQUIRE(device.end->send(DatagramKind::enet, text("here")));
  REQUIRE(rig.until([&] { return rig.heard.size() == 1; }));
  const Address old = device.address;
  device.address = {0x0a0000ff, 51515};
  REQUIRE(device.end->send(DatagramKind::enet, text("and there")));
  REQUIRE(rig.until([&] { return rig.heard.size() == 2; }));
  CHECK(rig.heard[1].connection == number);
  REQUIRE(rig.changes<Moved>().size() == 1);
  CHECK(rig.hall.address_of(number) == device.address);
  REQUIRE(rig.hall.send(number, DatagramKind::enet, text("found you")));
  REQUIRE(rig.until([&] { return !device.heard.empty(); }));
  CHECK(rig.changes<Closed>().empty());
  // An old record, repeated from elsewhere, moves nothing.
  rig.hall.receive({0x0a0000ee, 1}, before, rig.now());
  rig.hall.receive(old, before, rig.now());
  CHECK(rig.hall.address_of(number) == device.address);
  CHECK(rig.hall.counts().not_authentic == 2);
}

TEST_CASE("two hundred devices join at once through loss, in the time that the design gives them") {
  struct Case { double loss; int within_ms; };
  for (const Case one : {Case{0.0, 1'000}, Case{0.1, 5'000}, Case{0.3, 20'000}}) {
    protocol::ImpairmentSettings network;
    network.loss = one.loss;
    network.delay_max = base::Duration{4'000};
    Rig rig({}, network);
    for (int i = 1; i <= 200; ++i) rig.add(std::to_string(i));
    INFO("loss " << one.loss);
    CHECK(rig.until(
        [&] {
          for (const auto& device : rig.devices) {  // whose handshake has failed begins anew, as a headset does
            if (device->end->state() == Session::State::over) device->end = std::make_unique<DeviceEnd>(settings_of(SessionSettings::End::device, device->credentials, rig.random));
          }
          return rig.hall.connections() == rig.devices.size();
        },
        one.within_ms));
  }
}

TEST_CASE("certificates that have expired, are of the future, of another venue, of a hall or revoked are refused, and say why") {
  Rig rig;
  SeededRandom other_random{base::Random(99)};
  const Authority other = Authority::make("test hall", kNow, other_random);  // the same name, another key
  Credentials foreign = *other.issue(Role::headset, "1", kNow, other_random);
  foreign.root = rig.authority.root();
  Credentials revoked = rig.credentials(Role::headset, "3");
  RevocationList list{1, {read_certificate(revoked.certificate)->serial}};
  rig.hall.revoke(list);
  rig.add(rig.credentials(Role::headset, "1", kNow - std::chrono::days(100)));
  rig.add(rig.credentials(Role::headset, "2", kNow + std::chrono::days(1)));
  rig.add(foreign);
  rig.add(revoked);
  REQUIRE(rig.until([&] { return std::ranges::all_of(rig.devices, [](const auto& d) { return d->end->state() == Session::State::over; }); }));
  CHECK(rig.hall.connections() == 0);
  CHECK(rig.hall.handshakes() == 0);
  CHECK(rig.changes<Opened>().empty());
  CHECK(rig.hall.counts().handshakes_failed == 4);
  CHECK_FALSE(SessionSettings::make(SessionSettings::End::device, *rig.authority.issue(Role::hall, "hall", kNow, rig.random), rig.random).has_value());
}

TEST_CASE("a device takes no headset for the hall") {
  // A hall's end made with a headset's key: its settings refuse it, so it is forged from the certificate of another root.
  Rig rig;
  SeededRandom random{base::Random(5)};
  const Authority own = Authority::make("test hall", kNow, random);
  HallEnd false_hall(settings_of(SessionSettings::End::hall, *own.issue(Role::hall, "hall", kNow, random), random), {});
  DeviceEnd device(settings_of(SessionSettings::End::device, rig.credentials(Role::headset, "1"), rig.random));
  Moment now = rig.now();
  for (int i = 0; i < 200 && device.state() == Session::State::handshake; ++i) {
    now.steady += base::Duration{1'000};
    device.tick(now);
    for (const auto& bytes : std::exchange(device.outgoing(), {})) false_hall.receive({1, 1}, bytes, now);
    while (auto work = false_hall.take_work(now)) {
      work->run();
      false_hall.give_back(std::move(*work), now);
    }
    for (const auto& one : std::exchange(false_hall.outgoing(), {})) device.receive(one.bytes, now);
  }
  CHECK(device.state() == Session::State::over);
  CHECK(false_hall.connections() == 0);
}

TEST_CASE("a lost headset is locked out at once, and the others stay") {
  Rig rig;
  const Credentials lost = rig.credentials(Role::headset, "7");
  rig.add(lost);
  rig.add("8");
  REQUIRE(rig.all_open());
  rig.hall.revoke({3, {read_certificate(lost.certificate)->serial}});
  rig.step();
  CHECK(rig.hall.connections() == 1);
  REQUIRE(rig.changes<Closed>().size() == 1);
  CHECK(rig.changes<Closed>()[0].reason.contains("revoked"));
  REQUIRE(rig.until([&] { return rig.devices[0]->end->state() == Session::State::over; }, 10));
  rig.hall.revoke({2, {}});  // an older list opens nothing again
  rig.add(lost);
  REQUIRE(rig.until([&] { return rig.devices[2]->end->state() == Session::State::over; }));
  CHECK(rig.hall.connections() == 1);
}

TEST_CASE("a device that has gone silent is let go") {
  HallEndLimits limits;
  limits.idle = base::Duration{500'000};
  Rig rig(limits);
  rig.add("1");
  REQUIRE(rig.all_open());
  REQUIRE(rig.until([&] { return rig.hall.connections() == 0; }, 600));
  CHECK(rig.changes<Closed>().size() == 1);
}

TEST_CASE("a device that restarts at the same address is let in anew") {
  Rig rig;
  const Credentials credentials = rig.credentials(Role::headset, "1");
  Device& device = rig.add(credentials);
  REQUIRE(rig.all_open());
  device.end = std::make_unique<DeviceEnd>(settings_of(SessionSettings::End::device, credentials, rig.random));
  REQUIRE(rig.until([&] { return device.end->state() == Session::State::open && rig.hall.connections() == 2; }));
  REQUIRE(device.end->send(DatagramKind::enet, text("again")));
  REQUIRE(rig.until([&] { return rig.heard.size() == 1; }));
  CHECK(rig.heard[0].connection == rig.changes<Opened>().at(1).connection);
}

TEST_CASE("renewed credentials of the hall are for new connections; old ones go on") {
  Rig rig;
  rig.add("1");
  REQUIRE(rig.all_open());
  rig.hall.use(settings_of(SessionSettings::End::hall, *rig.authority.issue(Role::hall, "hall renewed", kNow, rig.random), rig.random));
  rig.add("2");
  REQUIRE(rig.all_open());
  CHECK(rig.devices[0]->end->hall().subject.name == "hall");
  CHECK(rig.devices[1]->end->hall().subject.name == "hall renewed");
  REQUIRE(rig.devices[0]->end->send(DatagramKind::enet, text("still here")));
  CHECK(rig.until([&] { return rig.heard.size() == 1; }));
}

// What comes from whoever can reach the hall's port.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "tests/link/rig.h"

using namespace promenade;
using namespace promenade::link;
using namespace promenade::link::testing;

namespace {

// The first hello of a device, as it would send it.
base::Bytes first_hello(Rig& rig, std::uint64_t seed) {
  SeededRandom random{base::Random(seed)};
  DeviceEnd device(settings_of(SessionSettings::End::device, rig.credentials(Role::headset, "1"), random));
  device.tick(rig.now());
  return device.outgoing().at(0);
}

}  // namespace

TEST_CASE("a flood of hellos from addresses that cannot be heard costs no memory, and answers are no larger than questions") {
  Rig rig;
  const base::Bytes hello = first_hello(rig, 5);
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    rig.hall.receive({0x0b000000u + i, 1000}, hello, rig.now());
    REQUIRE(rig.hall.outgoing().size() == 1);
    REQUIRE(rig.hall.outgoing()[0].bytes.size() < hello.size());
    rig.hall.outgoing().clear();
  }
  CHECK(rig.hall.handshakes() == 0);
  CHECK(rig.hall.connections() == 0);
  CHECK(rig.hall.counts().cookies_sent == 50'000);
  CHECK_FALSE(rig.hall.take_work(rig.now()).has_value());
}

TEST_CASE("a cookie is good for its address, its hello and two minutes") {
  SeededRandom random{base::Random(1)};
  base::Hash secret;
  random.fill(secret);
  const CookieMaker cookies(secret);
  ClientHello hello;
  random.fill(hello.random);
  const Address from{0x0a000005, 777};
  const base::Duration now{600'000'000};
  const base::Bytes answer = cookies.hello_verify_request(hello, from, now);
  REQUIRE(answer.size() == 44);
  hello.cookie = base::ByteView(answer).last(16);
  CHECK(cookies.valid(hello, from, now));
  CHECK(cookies.valid(hello, from, now + base::Duration{60'000'000}));
  CHECK_FALSE(cookies.valid(hello, from, now + base::Duration{120'000'000}));
  CHECK_FALSE(cookies.valid(hello, {from.host + 1, from.port}, now));
  CHECK_FALSE(cookies.valid(hello, {from.host, 778}, now));
  ClientHello other = hello;
  other.random[0] ^= 1;
  CHECK_FALSE(cookies.valid(other, from, now));
}

TEST_CASE("handshakes that are begun and left are bounded, and make room for an honest device") {
  HallEndLimits limits;
  limits.handshakes_max = 8;
  Rig rig(limits);
  // Each of the attacker's addresses can be heard from, so its second hello has a good cookie; then it falls silent.
  for (std::uint32_t i = 0; i < 40; ++i) {
    SeededRandom random{base::Random(100 + i)};
    DeviceEnd device(settings_of(SessionSettings::End::device, rig.credentials(Role::headset, "1"), random));
    const Address from{0x0c000000u + i, 5};
    device.tick(rig.now());
    rig.hall.receive(from, device.outgoing().at(0), rig.now());
    device.outgoing().clear();
    device.receive(rig.hall.outgoing().back().bytes, rig.now());
    rig.hall.outgoing().clear();
    rig.hall.receive(from, device.outgoing().at(0), rig.now());
    CHECK(rig.hall.handshakes() <= 8);
  }
  CHECK(rig.hall.handshakes() == 8);
  CHECK(rig.hall.counts().handshakes_refused == 32);
  rig.add("2");
  CHECK(rig.until([&] { return rig.hall.connections() == 1; }, 3'000));
  CHECK(rig.until([&] { return rig.hall.handshakes() == 0; }, 6'000));
}

TEST_CASE("one address takes sixteen handshakes and no more, and others come in beside them") {
  Rig rig;
  for (std::uint16_t i = 0; i < 40; ++i) {
    SeededRandom random{base::Random(100u + i)};
    DeviceEnd device(settings_of(SessionSettings::End::device, rig.credentials(Role::headset, "1"), random));
    const Address from{0x0c000000u, static_cast<std::uint16_t>(5 + i)};
    device.tick(rig.now());
    rig.hall.receive(from, device.outgoing().at(0), rig.now());
    device.outgoing().clear();
    device.receive(rig.hall.outgoing().back().bytes, rig.now());
    rig.hall.outgoing().clear();
    rig.hall.receive(from, device.outgoing().at(0), rig.now());
  }
  CHECK(rig.hall.handshakes() == 16);
  CHECK(rig.hall.counts().handshakes_refused == 24);
  rig.add("2");
  CHECK(rig.until([&] { return rig.hall.connections() == 1; }, 500));
  // Its own that have stalled make room for the next from there.
  rig.until([] { return false; }, 1'200);
  SeededRandom random{base::Random(7)};
  DeviceEnd device(settings_of(SessionSettings::End::device, rig.credentials(Role::headset, "3"), random));
  device.tick(rig.now());
  rig.hall.receive({0x0c000000u, 99}, device.outgoing().at(0), rig.now());
  device.outgoing().clear();
  device.receive(rig.hall.outgoing().back().bytes, rig.now());
  rig.hall.receive({0x0c000000u, 99}, device.outgoing().at(0), rig.now());
  CHECK(rig.hall.counts().handshakes_refused == 24);
  CHECK(rig.hall.handshakes() <= 16);
}

TEST_CASE("who can be heard at thirteen addresses, and repeats his hellos, keeps nobody out") {
  struct Attacker {
    Address from;
    base::Bytes hello;  // with a good cookie
  };
  Rig rig;
  std::vector<Attacker> attackers;
  for (std::uint32_t i = 0; i < 13 * 16; ++i) {
    SeededRandom random{base::Random(100 + i)};
    DeviceEnd device(settings_of(SessionSettings::End::device, rig.credentials(Role::headset, "1"), random));
    const Address from{0x0c000000u + i % 13, static_cast<std::uint16_t>(5 + i / 13)};
    device.tick(rig.now());
    rig.hall.receive(from, device.outgoing().at(0), rig.now());
    device.outgoing().clear();
    device.receive(rig.hall.outgoing().back().bytes, rig.now());
    rig.hall.outgoing().clear();
    attackers.push_back({from, device.outgoing().at(0)});
  }
  const auto attacked = [&](const std::function<bool()>& done, int limit_ms) {
    int at = 0;
    return rig.until([&] {
      if (at++ % 50 == 0) {
        for (const Attacker& one : attackers) rig.hall.receive(one.from, one.hello, rig.now());
      }
      return done();
    }, limit_ms);
  };
  attacked([] { return false; }, 100);
  CHECK(rig.hall.handshakes() == HallEndLimits{}.handshakes_max);
  for (int honest = 1; honest <= 10; ++honest) {
    rig.add(std::to_string(honest));
    CHECK(attacked([&] { return rig.hall.connections() == rig.devices.size(); }, 500));
  }
  CHECK(rig.hall.handshakes() <= HallEndLimits{}.handshakes_max);
}

TEST_CASE("who can be heard at more addresses than there are places, and begins anew before he has stalled, keeps nobody out") {
  struct Attacker {
    Address from;
    std::vector<base::Bytes> hellos;  // with good cookies, and numbers of their own
  };
  HallEndLimits limits;
  limits.handshakes_max = 40;
  Rig rig(limits);
  std::vector<Attacker> attackers;
  for (std::uint32_t i = 0; i < 50; ++i) {
    Attacker one{{0x0c000000u + i, 5}, {}};
    for (std::uint64_t k = 0; k < 2; ++k) {
      SeededRandom random{base::Random(100 + 2 * i + k)};
      DeviceEnd device(settings_of(SessionSettings::End::device, rig.credentials(Role::headset, "1"), random));
      device.tick(rig.now());
      rig.hall.receive(one.from, device.outgoing().at(0), rig.now());
      device.outgoing().clear();
      device.receive(rig.hall.outgoing().back().bytes, rig.now());
      rig.hall.outgoing().clear();
      one.hellos.push_back(device.outgoing().at(0));
    }
    attackers.push_back(std::move(one));
  }
  std::size_t at = 0;
  const auto attacked = [&](const std::function<bool()>& done, int limit_ms) {
    return rig.until([&] {  // each of them every 200 ms
      if (at++ % 4 == 0) {
        Attacker& one = attackers[at / 4 % attackers.size()];
        std::ranges::reverse(one.hellos);
        rig.hall.receive(one.from, one.hellos.front(), rig.now());
      }
      return done();
    }, limit_ms);
  };
  attacked([] { return false; }, 500);
  CHECK(rig.hall.handshakes() == limits.handshakes_max);
  for (int honest = 1; honest <= 10; ++honest) {
    rig.add(std::to_string(honest));
    CHECK(attacked([&] { return rig.hall.connections() == rig.devices.size(); }, 500));
  }
  CHECK(rig.hall.handshakes() <= limits.handshakes_max);
}

TEST_CASE("whose datagrams are too many has them dropped before anybody looks at them, is cut off if he goes on, and nobody else is concerned") {
  HallEndLimits limits;
  limits.headset_datagrams = 100.0;
  Rig rig(limits);
  Device& hostile = rig.add("1");
  Device& honest = rig.add("2");
  REQUIRE(rig.all_open());
  const auto connection_of = [&](std::string_view name) {
    const auto opened = rig.changes<Opened>();
    return std::ranges::find_if(opened, [&](const Opened& one) { return one.peer.subject.name == name; })->connection;
  };
  const auto heard_of = [&](std::string_view name) { return std::ranges::count(rig.heard, connection_of(name), &Delivered::connection); };
  const auto send = [&](int hostile_each_ms, int seconds) {
    for (int i = 0; i < seconds * 1000; ++i) {
      for (int k = 0; k < hostile_each_ms; ++k) static_cast<void>(hostile.end->send(DatagramKind::state, text("x")));
      if (i % 20 == 0) REQUIRE(honest.end->send(DatagramKind::enet, text("pose")));
      rig.step();
    }
  };
  // A burst that ends is dropped beyond its measure, and no more.
  for (int i = 0; i < 150; ++i) REQUIRE(hostile.end->send(DatagramKind::enet, text("x")));
  send(0, 3);
  CHECK(heard_of("1") == 100);
  CHECK(rig.hall.counts().too_many == 50);
  CHECK(rig.changes<Closed>().empty());
  send(2, 1);
  const auto closed = rig.changes<Closed>();
  REQUIRE(closed.size() == 1);
  CHECK(closed[0].connection == connection_of("1"));
  CHECK(closed[0].too_much);
  CHECK(rig.hall.counts().too_many == 150);
  send(0, 1);
  CHECK(hostile.end->state() == Session::State::over);
  CHECK(heard_of("2") == 250);
}

TEST_CASE("one certificate takes four connections and no more, however often its device begins anew") {
  Rig rig;
  const Credentials credentials = rig.credentials(Role::headset, "1");
  rig.add("2");
  REQUIRE(rig.all_open());
  for (int i = 0; i < 7; ++i) {
    rig.add(credentials);
    REQUIRE(rig.until([&] { return rig.devices.back()->end->state() == Session::State::open; }));
  }
  rig.until([] { return false; }, 10);
  CHECK(rig.hall.connections() == 5);
  CHECK(rig.changes<Closed>().size() == 3);
  CHECK(rig.devices[1]->end->state() == Session::State::over);
  CHECK(rig.devices[0]->end->state() == Session::State::open);
}

TEST_CASE("replayed datagrams are refused") {
  Rig rig;
  Device& device = rig.add("1");
  REQUIRE(rig.all_open());
  std::vector<base::Bytes> sent;
  rig.tap = [&](const Flying& flying) { if (flying.to_hall) sent.push_back(flying.bytes); };
  for (int i = 0; i < 100; ++i) {
    REQUIRE(device.end->send(DatagramKind::enet, text("pose")));
    rig.step();
  }
  REQUIRE(rig.until([&] { return rig.heard.size() == 100; }));
  for (int turn = 0; turn < 3; ++turn) {
    for (const base::Bytes& bytes : sent) rig.hall.receive(device.address, bytes, rig.now());
  }
  CHECK(rig.hall.delivered().empty());
  CHECK(rig.hall.counts().not_authentic == 300);
  REQUIRE(device.end->send(DatagramKind::enet, text("pose")));
  CHECK(rig.until([&] { return rig.heard.size() == 101; }));
}

TEST_CASE("flipped bits, cut and grown datagrams, garbage and forged endings change nothing for an open connection") {
  Rig rig;
  Device& device = rig.add("1");
  REQUIRE(rig.all_open());
  const ConnectionNumber number = rig.changes<Opened>().at(0).connection;
  base::Bytes sample;
  rig.tap = [&](const Flying& flying) { if (flying.to_hall) sample = flying.bytes; };
  REQUIRE(device.end->send(DatagramKind::enet, text("a pose that somebody changes")));
  REQUIRE(rig.until([&] { return rig.heard.size() == 1; }));

  base::Random random(3);
  const base::Bytes hello = first_hello(rig, 17);
  const auto attack = [&](base::Bytes bytes) {
    rig.hall.receive(device.address, bytes, rig.now());
    REQUIRE(rig.hall.delivered().empty());
    REQUIRE(rig.hall.connections() == 1);
  };
  for (std::size_t bit = 0; bit < sample.size() * 8; ++bit) {
    base::Bytes bytes = sample;
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    attack(bytes);
  }
  for (std::size_t size = 0; size < sample.size(); ++size) attack(base::Bytes(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(size)));
  for (int i = 0; i < 5'000; ++i) {
    base::Bytes bytes(random.below(1'400));
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    if (random.chance(0.7) && bytes.size() >= 13) {  // looks like a record of this connection
      std::copy_n(sample.begin(), std::min<std::size_t>(random.chance(0.5) ? 3 : 19, bytes.size()), bytes.begin());
      if (random.chance(0.5)) bytes[0] = static_cast<std::uint8_t>(20 + random.below(6));
    }
    attack(bytes);
  }
  // Unprotected alerts: close_notify and a fatal one; alone, and behind what looks protected.
  for (const std::uint8_t level : {1, 2}) {
    const base::Bytes alert{21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, level, level == 1 ? std::uint8_t{0} : std::uint8_t{40}};
    attack(alert);
    base::Bytes both = sample;
    both.insert(both.end(), alert.begin(), alert.end());
    attack(both);
  }
  // A hello behind what looks protected, which Mbed TLS would take for a restart of the device.
  base::Bytes both = sample;
  both.insert(both.end(), hello.begin(), hello.end());
  attack(both);
  attack(base::Bytes(kOuterMax + 1, 25));
  CHECK(rig.changes<Closed>().empty());
  CHECK(rig.hall.address_of(number) == device.address);
  REQUIRE(device.end->send(DatagramKind::enet, text("unhurt")));
  REQUIRE(rig.until([&] { return rig.heard.size() == 2; }));
  CHECK(rig.heard[1].bytes == text("unhurt"));
}

TEST_CASE("handshakes that are cut, damaged or mixed open nothing, and an honest device comes in meanwhile") {
  // What an honest handshake says to the hall, to be spoilt.
  std::vector<base::Bytes> flights;
  {
    Rig rig({}, {}, 2);
    rig.tap = [&](const Flying& flying) { if (flying.to_hall) flights.push_back(flying.bytes); };
    rig.add("1");
    REQUIRE(rig.all_open());
  }
  Rig rig;
  base::Random random(8);
  for (std::uint32_t i = 0; i < 300; ++i) {
    SeededRandom source{base::Random(1000 + i)};
    DeviceEnd device(settings_of(SessionSettings::End::device, rig.credentials(Role::headset, "1"), source));
    const Address from{0x0d000000u + i, 5};
    Moment now = rig.now();
    for (int turn = 0; turn < 6; ++turn) {
      device.tick(now);
      for (base::Bytes& bytes : std::exchange(device.outgoing(), {})) {
        const bool begins = read_client_hello(bytes).has_value();
        // In the first record's content: its header is protected by nothing before the keys are there, nor does it say anything.
        if (!begins && random.chance(0.5)) bytes[13 + random.below(bytes[11] * 256u + bytes[12])] ^= static_cast<std::uint8_t>(1 + random.below(255));
        else if (!begins && random.chance(0.5)) bytes.resize(1 + random.below(bytes.size() - 1));
        else if (!begins) bytes = flights[random.below(flights.size())];
        rig.hall.receive(from, bytes, now);
      }
      while (auto work = rig.hall.take_work(now)) {
        work->run();
        rig.hall.give_back(std::move(*work), now);
      }
      for (const auto& one : std::exchange(rig.hall.outgoing(), {})) {
        if (one.to == from && device.state() == Session::State::handshake) device.receive(one.bytes, now);
      }
    }
    REQUIRE(rig.hall.connections() == 0);
    REQUIRE(rig.hall.handshakes() <= HallEndLimits{}.handshakes_max);
    if (i % 50 == 49) rig.until([] { return false; }, 20);
  }
  rig.add("2");
  CHECK(rig.until([&] { return rig.hall.connections() == 1; }, 3'000));
  CHECK(rig.until([&] { return rig.hall.handshakes() == 0; }, 7'000));
}

// Over loopback with real sockets: waits are polls with a limit, never sleeps.

#include "showcontrol/protocol/transport.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <functional>
#include <set>

#include "tests/protocol/link_events.h"

using namespace promenade;
using namespace promenade::protocol;
using std::chrono::milliseconds;

namespace {

Listener listen(ListenerConfig config = {}) {
  config.bind = "127.0.0.1";
  auto listener = Listener::open(config);
  REQUIRE(listener.has_value());
  return std::move(*listener);
}
Connection connect(std::uint16_t port, LinkImpairment impairment = {}) {
  auto connection = Connection::open({"127.0.0.1", port, impairment});
  REQUIRE(connection.has_value());
  return std::move(*connection);
}

struct Pair {
  Listener listener;
  std::vector<Connection> connections;
  std::vector<LinkEvent> at_hall;
  std::vector<std::vector<LinkEvent>> at_headset;

  explicit Pair(ListenerConfig config = {}) : listener(listen(config)) {}
  void add(LinkImpairment impairment = {}) {
    connections.push_back(connect(listener.port(), impairment));
    at_headset.emplace_back();
  }
  bool until(const std::function<bool()>& done, std::chrono::seconds limit = std::chrono::seconds(20)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return false;
      for (std::size_t i = 0; i < connections.size(); ++i) connections[i].poll(milliseconds(0), at_headset[i]);
      listener.poll(milliseconds(1), at_hall);
    }
    return true;
  }
  bool all_connected() {
    return until([&] {
      for (const Connection& c : connections) {
        if (!c.connected()) return false;
      }
      return listener.link_count() == connections.size();
    });
  }
};

}  // namespace

TEST_CASE("a headset connects, both ends send, the headset closes") {
  Pair pair;
  pair.add();
  REQUIRE(pair.all_connected());
  const LinkId link = of<LinkConnected>(pair.at_hall).at(0).link;
  pair.listener.proven(link);
  CHECK(pair.connections[0].send(payload(kDatagramMax, 1), Delivery::unreliable));
  CHECK(pair.connections[0].send(payload(kReliableMax, 2), Delivery::reliable));
  CHECK(pair.listener.send(link, payload(30, 3), Delivery::unreliable));
  CHECK(pair.listener.send(link, payload(kReliableMax, 4), Delivery::reliable));
  pair.listener.flush();
  REQUIRE(pair.until([&] { return of<LinkDatagram>(pair.at_hall).size() == 2 && of<LinkDatagram>(pair.at_headset[0]).size() == 2; }));
  std::set<std::size_t> sizes;
  for (const auto& d : of<LinkDatagram>(pair.at_hall)) sizes.insert(d.bytes.size());
  CHECK(sizes == std::set<std::size_t>{kDatagramMax, kReliableMax});
  CHECK(pair.listener.round_trip_ms(link).has_value());
  pair.connections[0].close();
  REQUIRE(pair.until([&] { return pair.listener.link_count() == 0; }));
  CHECK(of<LinkLost>(pair.at_hall).at(0).code == CloseCode::done);
  CHECK_FALSE(pair.listener.send(link, payload(1, 1), Delivery::unreliable));
  CHECK(pair.connections[0].over());
}

TEST_CASE("reliable bytes arrive once and in order through a bad network; the settings are of the shipped layer") {
  Pair pair;
  LinkImpairment bad;
  bad.outgoing.loss = bad.incoming.loss = 0.1;
  bad.outgoing.delay_max = bad.incoming.delay_max = base::Duration{8'000};
  bad.outgoing.duplication = 0.1;
  pair.add(bad);
  REQUIRE(pair.all_connected());
  const LinkId link = of<LinkConnected>(pair.at_hall).at(0).link;
  for (std::uint8_t i = 0; i < 50; ++i) {
    REQUIRE(pair.connections[0].send(payload(100, i), Delivery::reliable));
    REQUIRE(pair.listener.send(link, payload(100, i), Delivery::reliable));
  }
  REQUIRE(pair.until([&] { return of<LinkDatagram>(pair.at_hall).size() == 50 && of<LinkDatagram>(pair.at_headset[0]).size() == 50; }));
  const auto got = of<LinkDatagram>(pair.at_hall);
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i].bytes[0] == i);
}

TEST_CASE("unreliable bytes are lost by the impairment alone, and jitter loses none") {
  Pair pair;
  LinkImpairment jitter;
  jitter.outgoing.delay_max = base::Duration{15'000};
  pair.add(jitter);
  REQUIRE(pair.all_connected());
  for (int i = 0; i < 200; ++i) {
    REQUIRE(pair.connections[0].send(payload(100, static_cast<std::uint8_t>(i)), Delivery::unreliable));
    pair.connections[0].flush();
  }
  CHECK(pair.until([&] { return of<LinkDatagram>(pair.at_hall).size() == 200; }));
  std::set<std::uint8_t> seen;
  for (const auto& d : of<LinkDatagram>(pair.at_hall)) seen.insert(d.bytes[0]);
  CHECK(seen.size() == 200);
  ImpairmentSettings deaf;
  deaf.loss = 1.0;
  pair.connections[0].set_impairment(deaf, {});
  REQUIRE(pair.connections[0].send(payload(100, 7), Delivery::unreliable));
  pair.connections[0].flush();
  CHECK_FALSE(pair.until([&] { return of<LinkDatagram>(pair.at_hall).size() > 200; }, std::chrono::seconds(0)));
}

TEST_CASE("a port in use is said, with what to do") {
  const Listener first = listen();
  ListenerConfig config;
  config.bind = "127.0.0.1";
  config.port = first.port();
  const auto second = Listener::open(config);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == "port-in-use");
  CHECK(second.error().text().find(std::to_string(first.port())) != std::string::npos);
  config.bind = "not an address";
  CHECK(Listener::open(config).error().code == "address-invalid");
  config.bind = "192.0.2.1";
  config.port = 0;
  CHECK(Listener::open(config).error().code == "bind-failed");
  CHECK(Connection::open({"127.0.0.1", 0, {}}).error().code == "address-invalid");
}

TEST_CASE("two hundred links, and one more is told that the hall is full") {
  ListenerConfig config;
  config.links_max = 200;
  config.unproven_max = 300;
  Pair pair(config);
  for (int i = 0; i < 200; ++i) pair.add();
  REQUIRE(pair.all_connected());
  pair.add();
  REQUIRE(pair.until([&] { return pair.connections.back().over(); }));
  CHECK(of<LinkLost>(pair.at_headset.back()).at(0).code == CloseCode::full);
  CHECK(pair.listener.link_count() == 200);
  CHECK(pair.listener.totals().refused_full == 1);
}

TEST_CASE("links that say nothing make room for new ones; proven links stay") {
  ListenerConfig config;
  config.unproven_max = 2;
  Pair pair(config);
  pair.add();
  REQUIRE(pair.all_connected());
  const LinkId proven = of<LinkConnected>(pair.at_hall).at(0).link;
  pair.listener.proven(proven);
  for (int i = 0; i < 3; ++i) pair.add();
  REQUIRE(pair.until([&] { return of<LinkConnected>(pair.at_hall).size() == 4 && of<LinkLost>(pair.at_hall).size() == 1; }));
  CHECK(pair.listener.link_count() == 3);
  CHECK(pair.listener.send(proven, payload(1, 1), Delivery::unreliable));
  REQUIRE(pair.until([&] {
    int over = 0;
    for (const Connection& c : pair.connections) over += c.over();
    return over == 1;
  }));

  ListenerConfig hasty;
  hasty.unproven_time = milliseconds(30);
  Pair other(hasty);
  other.add();
  REQUIRE(other.until([&] { return !of<LinkLost>(other.at_hall).empty(); }));
  CHECK(of<LinkLost>(other.at_hall).at(0).code == CloseCode::no_hello);
  REQUIRE(other.until([&] { return other.connections[0].over(); }));
}

TEST_CASE("what ENet holds is counted: reliable bytes until they are acknowledged") {
  Pair pair;
  pair.add();
  REQUIRE(pair.all_connected());
  const LinkId link = of<LinkConnected>(pair.at_hall).at(0).link;
  pair.listener.proven(link);
  REQUIRE(pair.until([&] { return pair.listener.totals().waiting_commands == 0; }));
  constexpr std::size_t kSize = 5000;  // several fragments
  CHECK(pair.listener.send(link, payload(kSize, 1), Delivery::reliable));
  CHECK(pair.listener.totals().waiting_out == kSize);
  pair.listener.flush();
  CHECK(pair.listener.totals().waiting_out == kSize);  // sent, not answered
  CHECK(pair.listener.totals().waiting_commands >= 5);
  REQUIRE(pair.until([&] { return of<LinkDatagram>(pair.at_headset[0]).size() == 1 && pair.listener.totals().waiting_out == 0; }));
}

TEST_CASE("a closed link gets its last reliable words first") {
  Pair pair;
  pair.add();
  REQUIRE(pair.all_connected());
  const LinkId link = of<LinkConnected>(pair.at_hall).at(0).link;
  REQUIRE(pair.listener.send(link, payload(500, 9), Delivery::reliable));
  pair.listener.close(link, CloseCode::refused);
  REQUIRE(pair.until([&] { return pair.connections[0].over(); }));
  CHECK(of<LinkDatagram>(pair.at_headset[0]).size() == 1);
  CHECK(of<LinkLost>(pair.at_headset[0]).at(0).code == CloseCode::refused);
  CHECK(of<LinkLost>(pair.at_hall).empty());
}

// ENet over the secure link: in memory under a virtual clock, where nothing waits and a seed replays everything; and over
// loopback with real sockets and the handshake thread, where waits are polls with a limit.

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <functional>
#include <iterator>

#include "showcontrol/link/device_end.h"
#include "showcontrol/link/memory_network.h"
#include "showcontrol/link/rim/udp_socket.h"
#include "showcontrol/link/secure_socket.h"
#include "showcontrol/protocol/enet_host.h"
#include "showcontrol/protocol/transport.h"
#include "tests/protocol/link_events.h"

using namespace promenade;
using namespace promenade::protocol;
using std::chrono::milliseconds;

namespace {

const base::UtcTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
constexpr link::Address kHall{0x0a000001, 9560};

std::shared_ptr<const link::SessionSettings> settings(link::SessionSettings::End end, const base::Result<link::Credentials>& credentials, link::RandomSource& random) {
  REQUIRE(credentials.has_value());
  auto made = link::SessionSettings::make(end, *credentials, random);
  REQUIRE(made.has_value());
  return *made;
}

// A socket of a device that gets another address on the way, as one does that roams.
class RoamingSocket final : public link::DatagramSocket {
 public:
  RoamingSocket(link::MemoryNetwork& network, link::Address first) : network_(network), socket_(network.bind(first)) {}
  void move_to(link::Address address) { socket_ = network_.bind(address); }
  link::Moment now() const override { return network_.now(); }
  link::Address local() const override { return socket_->local(); }
  void send(link::Address to, base::ByteView datagram) override { socket_->send(to, datagram); }
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override { return socket_->receive(buffer); }
  void wait(base::Duration) override {}

 private:
  link::MemoryNetwork& network_;
  std::unique_ptr<link::DatagramSocket> socket_;
};

struct Headset {
  RoamingSocket* socket = nullptr;  // the connection owns it
  std::unique_ptr<Connection> connection;
  std::vector<LinkEvent> events;
};

struct Simulated {  // a hall and headsets on virtual time
  link::MemoryNetwork network{{base::Duration{5'000'000}, kNow}};
  link::SeededRandom random;
  link::Authority authority;
  std::unique_ptr<Listener> hall;
  std::vector<LinkEvent> at_hall;
  std::vector<Headset> headsets;

  explicit Simulated(std::uint64_t seed = 1, ListenerConfig config = {})
      : random(base::Random(seed)), authority(link::Authority::make("simulated", kNow, random)) {
    config.security = settings(link::SessionSettings::End::hall, authority.issue(link::Role::hall, "hall", kNow, random), random);
    hall = std::make_unique<Listener>(std::move(*Listener::open(config, network.bind(kHall))));
  }
  Headset& add(const link::Credentials& credentials, LinkImpairment impairment = {}) {
    ConnectionConfig config;
    config.impairment = impairment;
    config.security = settings(link::SessionSettings::End::device, credentials, random);
    Headset headset;
    auto socket = std::make_unique<RoamingSocket>(network, link::Address{0x0a000100u + static_cast<std::uint32_t>(headsets.size()), 40000});
    headset.socket = socket.get();
    headset.connection = std::make_unique<Connection>(std::move(*Connection::open(config, std::move(socket), kHall)));
    headsets.push_back(std::move(headset));
    return headsets.back();
  }
  Headset& add(int number, LinkImpairment impairment = {}) { return add(*authority.issue(link::Role::headset, std::to_string(number), kNow, random), impairment); }
  bool until(const std::function<bool()>& done, int limit_ms = 20'000) {
    for (int i = 0; i < limit_ms && !done(); ++i) {
      network.advance(base::Duration{1'000});
      hall->poll(milliseconds(0), at_hall);
      hall->flush();
      for (Headset& headset : headsets) {
        headset.connection->poll(milliseconds(0), headset.events);
        headset.connection->flush();
      }
    }
    return done();
  }
  bool all_connected() {
    return until([&] {
      return std::ranges::all_of(headsets, [](const Headset& h) { return h.connection->connected(); }) && hall->link_count() == headsets.size();
    });
  }
};

}  // namespace

TEST_CASE("ENet asks this program for sockets and time") { CHECK(EnetHost::interposed().has_value()); }

TEST_CASE("A connection asks for its next certificate once, and hears the same answer as often as it asks") {
  Simulated world;
  const auto socket = world.network.bind({0x0a000777, 40000});
  link::SecureDeviceSocket device(*socket, kHall, settings(link::SessionSettings::End::device, world.authority.issue(link::Role::headset, "12", kNow, world.random), world.random));
  const auto turn = [&](const std::function<bool()>& done, int limit_ms = 20'000) {
    return world.until([&] {
      device.work();
      return done();
    }, limit_ms);
  };
  REQUIRE(turn([&] { return device.end().state() == link::Session::State::open; }));
  std::vector<Listener::Renewal> asked;
  const auto ask = [&](int times) {
    for (int i = 0; i < times; ++i) device.send_beside(link::DatagramKind::renewal, {});
    turn([] { return false; }, 10);
    std::ranges::copy(world.hall->take_renewals(), std::back_inserter(asked));
  };
  ask(50);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].peer.subject.name == "12");
  world.hall->not_renewed(asked[0].connection);
  ask(3);
  REQUIRE(asked.size() == 2);
  const base::Bytes answer(500, 0x30);
  world.hall->renewed(asked[0].connection, answer);
  REQUIRE(turn([&] { return device.beside().size() == 1; }));
  ask(1);  // the answer was lost, for all the hall knows
  REQUIRE(turn([&] { return device.beside().size() == 2; }));
  CHECK(device.beside()[1].bytes == answer);
  CHECK(asked.size() == 2);
}

TEST_CASE("Datagrams that form no packet are counted, and who sends too many of them is named, and his link is lost") {
  Simulated world;
  world.add(7);
  const auto socket = world.network.bind({0x0a000777, 40000});
  link::SecureDeviceSocket device(*socket, kHall, settings(link::SessionSettings::End::device, world.authority.issue(link::Role::headset, "8", kNow, world.random), world.random));
  const auto turn = [&](const std::function<bool()>& done, int limit_ms = 20'000) {
    return world.until([&] {
      device.work();
      return done();
    }, limit_ms);
  };
  REQUIRE(turn([&] { return device.end().state() == link::Session::State::open && world.hall->link_count() == 1; }));
  for (int i = 0; i < 3; ++i) device.send_beside(link::DatagramKind::state, {});
  REQUIRE(turn([&] { return world.hall->totals().unused_beside == 3; }));
  const base::Bytes garbage(40, 0xff);
  turn([&] {
    for (int i = 0; i < 10; ++i) device.send(link::kVirtualHall, garbage);
    return false;
  }, 300);
  const auto cut = world.hall->take_cut_off();
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].name == "8");
  CHECK(world.hall->take_cut_off().empty());
  CHECK(world.hall->totals().security.too_many > 0);
  CHECK(turn([&] { return device.end().state() == link::Session::State::over; }, 100));
  CHECK(world.headsets[0].connection->connected());
}

TEST_CASE("ENet over the secure link on virtual time: both ends know each other, and every size passes") {
  Simulated world;
  world.add(12);
  REQUIRE(world.all_connected());
  const auto connected = of<LinkConnected>(world.at_hall).at(0);
  REQUIRE(connected.peer.has_value());
  CHECK(connected.peer->subject.name == "12");
  CHECK(connected.address == "10.0.1.0:40000");
  Headset& headset = world.headsets[0];
  CHECK(of<LinkConnected>(headset.events).at(0).peer->subject.role == link::Role::hall);
  world.hall->proven(connected.link);
  for (std::size_t size : {std::size_t{1}, kDatagramMax}) {
    CHECK(headset.connection->send(payload(size, 1), Delivery::unreliable));
    CHECK(world.hall->send(connected.link, payload(size, 2), Delivery::unreliable));
  }
  CHECK(headset.connection->send(payload(kReliableMax, 3), Delivery::reliable));
  CHECK(world.hall->send(connected.link, payload(kReliableMax, 4), Delivery::reliable));
  REQUIRE(world.until([&] { return of<LinkDatagram>(world.at_hall).size() == 3 && of<LinkDatagram>(headset.events).size() == 3; }));
  headset.connection->close();
  REQUIRE(world.until([&] { return world.hall->link_count() == 0; }));
  CHECK(of<LinkLost>(world.at_hall).at(0).code == CloseCode::done);
}

TEST_CASE("what goes beside ENet passes it by, and is stamped when it came and not when somebody looked") {
  Simulated world;
  LinkImpairment slow;
  slow.incoming.delay_min = slow.incoming.delay_max = base::Duration{4'000};
  world.add(12, slow);
  REQUIRE(world.all_connected());
  const LinkId link = of<LinkConnected>(world.at_hall).at(0).link;
  world.hall->proven(link);
  Headset& headset = world.headsets[0];
  world.at_hall.clear();
  headset.events.clear();
  const SteadyTime sent(world.network.now().steady);
  REQUIRE(headset.connection->send(payload(15, 3), Delivery::beside));
  world.network.advance(base::Duration{7'000});  // the hall is busy
  world.hall->poll(milliseconds(0), world.at_hall);
  const auto asked = of<LinkDatagram>(world.at_hall);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].beside);
  CHECK(asked[0].link == link);
  CHECK(asked[0].bytes == payload(15, 3));
  CHECK(asked[0].received == sent);
  REQUIRE(world.hall->send(link, payload(27, 18), Delivery::beside));
  world.network.advance(base::Duration{1'000});
  headset.connection->poll(milliseconds(0), headset.events);
  CHECK(of<LinkDatagram>(headset.events).empty());
  world.network.advance(base::Duration{9'000});
  headset.connection->poll(milliseconds(0), headset.events);
  const auto answered = of<LinkDatagram>(headset.events);
  REQUIRE(answered.size() == 1);
  CHECK(answered[0].beside);
  CHECK(answered[0].received == sent + milliseconds(7 + 4));  // delayed from when it came, and not from when it was looked for
  world.hall->close(link, CloseCode::refused);
  CHECK_FALSE(world.hall->send(link, payload(27, 18), Delivery::beside));
}

TEST_CASE("a datagram that waits in the system's socket keeps the time at which it came") {
  auto from = link::UdpSocket::open("127.0.0.1", 0), to = link::UdpSocket::open("127.0.0.1", 0);
  REQUIRE(from.has_value());
  REQUIRE(to.has_value());
  // The system begins to note these times a moment after the first socket has asked: the first datagrams may come without.
  bool kept = false;
  for (int tried = 0; tried < 50 && !kept; ++tried) {
    const base::Duration sent = link::system_moment().steady;
    (*from)->send((*to)->local(), payload(10, 1));
    (*to)->wait(base::Duration{5'000'000});
    const base::Duration there = link::system_moment().steady;
    while (link::system_moment().steady - there < base::Duration{30'000}) {}
    std::array<std::uint8_t, 100> buffer{};
    const auto received = (*to)->receive(buffer);
    REQUIRE(received.has_value());
    CHECK(received->at >= sent - base::Duration{1'000});
    kept = received->at <= there + base::Duration{1'000};
  }
  CHECK(kept);
}

TEST_CASE("a run on virtual time is the same run again from its seed") {
  const auto run = [] {
    Simulated world(7);
    LinkImpairment bad;
    bad.seed = 3;
    bad.outgoing.loss = bad.incoming.loss = 0.2;
    bad.outgoing.delay_max = bad.incoming.delay_max = base::Duration{30'000};
    for (int i = 1; i <= 5; ++i) world.add(i, bad);
    REQUIRE(world.all_connected());
    for (std::uint8_t i = 0; i < 100; ++i) {
      for (Headset& headset : world.headsets) REQUIRE(headset.connection->send(payload(60, i), i % 10 == 0 ? Delivery::reliable : Delivery::unreliable));
      world.until([] { return false; }, 33);
    }
    std::vector<std::uint64_t> trace{static_cast<std::uint64_t>(world.network.now().steady.count()), world.hall->totals().packets_in, world.hall->totals().packets_out};
    for (const auto& datagram : of<LinkDatagram>(world.at_hall)) {
      trace.push_back(datagram.bytes[0]);
      trace.push_back(static_cast<std::uint64_t>(datagram.received.time_since_epoch().count()));
    }
    return trace;
  };
  CHECK(run() == run());
}

TEST_CASE("a headset that roams is not disconnected, and misses no reliable word") {
  Simulated world;
  world.add(1);
  REQUIRE(world.all_connected());
  Headset& headset = world.headsets[0];
  const LinkId link = of<LinkConnected>(world.at_hall).at(0).link;
  world.hall->proven(link);
  std::uint8_t said = 0;
  for (int address = 1; address <= 5; ++address) {
    headset.socket->move_to({0x0a000200u + static_cast<std::uint32_t>(address), static_cast<std::uint16_t>(50000 + address)});
    const base::Duration moved = world.network.now().steady;
    const std::size_t before = of<LinkDatagram>(headset.events).size();
    REQUIRE(world.hall->send(link, payload(10, ++said), Delivery::reliable));
    // The hall hears of the new address by the headset's next datagram; headsets send every 33 ms.
    REQUIRE(headset.connection->send(payload(20, 0), Delivery::unreliable));
    REQUIRE(world.until([&] {
      static_cast<void>(world.hall->send(link, payload(20, 200), Delivery::unreliable));
      return of<LinkDatagram>(headset.events).size() > before;
    }));
    CHECK(world.network.now().steady - moved <= base::Duration{100'000});
    world.until([] { return false; }, 2'000);
  }
  REQUIRE(world.until([&] {
    return std::ranges::count_if(of<LinkDatagram>(headset.events), [](const LinkDatagram& d) { return d.bytes[0] != 200; }) == 5;
  }));
  CHECK(world.hall->totals().security.moved == 5);
  CHECK(of<LinkLost>(world.at_hall).empty());
  CHECK(of<LinkLost>(headset.events).empty());
  CHECK(of<LinkConnected>(world.at_hall).size() == 1);
}

TEST_CASE("a revoked headset's link is lost at once; it is told that it is refused and cannot come back") {
  Simulated world;
  const link::Credentials lost = *world.authority.issue(link::Role::headset, "7", kNow, world.random);
  world.add(lost);
  world.add(8);
  REQUIRE(world.all_connected());
  const base::Duration before = world.network.now().steady;
  world.hall->revoke({1, {link::read_certificate(lost.certificate)->serial}});
  REQUIRE(world.until([&] { return world.hall->link_count() == 1 && world.headsets[0].connection->over(); }));
  CHECK(world.network.now().steady - before <= base::Duration{1'000'000});
  CHECK(of<LinkLost>(world.at_hall).at(0).code == CloseCode::refused);
  world.add(lost);
  REQUIRE(world.until([&] { return world.headsets[2].connection->over(); }));
  CHECK(of<LinkLost>(world.headsets[2].events).at(0).code == CloseCode::refused);
  CHECK(world.hall->link_count() == 1);
}

TEST_CASE("a headset with a certificate and no ENet behind it takes no peer slot, and is let go") {
  Simulated world;
  link::DeviceEnd silent(settings(link::SessionSettings::End::device, world.authority.issue(link::Role::headset, "9", kNow, world.random), world.random));
  const auto socket = world.network.bind({0x0a000300, 1});
  world.until(
      [&] {
        silent.tick(world.network.now());
        std::array<std::uint8_t, 1500> buffer{};
        while (const auto received = socket->receive(buffer)) silent.receive(std::span(buffer).first(received->size), world.network.now());
        if (silent.state() == link::Session::State::open) static_cast<void>(silent.send(link::DatagramKind::enet, base::as_bytes("no ENet at all")));
        for (const auto& bytes : std::exchange(silent.outgoing(), {})) socket->send(kHall, bytes);
        return silent.state() == link::Session::State::over;
      },
      10'000);
  CHECK(silent.state() == link::Session::State::over);
  CHECK(world.hall->totals().security.handshakes == 1);
  CHECK(of<LinkConnected>(world.at_hall).empty());
}

TEST_CASE("over loopback with real sockets: thirty headsets by the handshake thread; one without a certificate stays out") {
  link::SystemRandom random;
  const auto now = link::system_moment().utc;
  const link::Authority authority = link::Authority::make("loopback", now, random), foreign = link::Authority::make("loopback", now, random);
  ListenerConfig config;
  config.bind = "127.0.0.1";
  config.security = settings(link::SessionSettings::End::hall, authority.issue(link::Role::hall, "hall", now, random), random);
  auto hall = Listener::open(config);
  REQUIRE(hall.has_value());
  std::vector<Connection> connections;
  std::vector<LinkEvent> at_hall, at_headset;
  const auto add = [&](std::shared_ptr<const link::SessionSettings> security) {
    auto opened = Connection::open({"127.0.0.1", hall->port(), {}, std::move(security)});
    REQUIRE(opened.has_value());
    connections.push_back(std::move(*opened));
  };
  for (int i = 1; i <= 30; ++i) add(settings(link::SessionSettings::End::device, authority.issue(link::Role::headset, std::to_string(i), now, random), random));
  link::Credentials stranger = *foreign.issue(link::Role::headset, "31", now, random);
  stranger.root = authority.root();
  add(settings(link::SessionSettings::End::device, stranger, random));
  add(nullptr);  // ENet without DTLS
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto settled = [&] { return hall->link_count() == 30 && connections[30].over() && hall->totals().security.not_dtls > 0; };
  while (!settled() && std::chrono::steady_clock::now() < end) {
    at_hall.clear();
    hall->poll(milliseconds(1), at_hall);
    for (const auto& made : of<LinkConnected>(at_hall)) hall->proven(made.link);
    for (Connection& connection : connections) connection.poll(milliseconds(0), at_headset);
  }
  CHECK(settled());
  CHECK(hall->totals().security.handshakes_failed >= 1);
  CHECK_FALSE(connections[31].connected());
}

// Two programs for one hall, over the loopback: the second follows, takes over when the first is killed, and is followed
// by it when it is back. Plays under way and their counts are tests/demo's (demo_standby_takes_over).

#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "showcontrol/protocol/codec.h"
#include "showcontrol/protocol/hall_connection.h"
#include "tests/server/rig.h"
#include "tracking/base/http/client.h"

using namespace promenade;
using namespace promenade::server_test;
using protocol::Phase;
using Clock = std::chrono::steady_clock;

namespace {

// A headset that says Hello to whichever of the two leads, and notes what it is told.
struct Listening {
  Listening(std::vector<protocol::HallAddress> halls_in, std::uint16_t number)
      : halls(std::move(halls_in)),
        id(number),
        security(link::SessionSettings::make(link::SessionSettings::End::device,
                                             link_keys().authority().issue(link::Role::headset, std::to_string(number), server::system_time(), link::system_random()).value(), link::system_random())
                     .value()) {}
  bool until(const std::function<bool()>& done) {
    const auto deadline = Clock::now() + kPatience;
    while (!done() && Clock::now() < deadline) {
      if (!connection || connection->over() || Clock::now() - heard > std::chrono::seconds(2)) {
        connection.emplace(protocol::HallConnection::open(halls, security).value());
        heard = Clock::now();
      }
      std::vector<protocol::LinkEvent> events;
      connection->poll(std::chrono::milliseconds(10), events);
      for (const protocol::LinkEvent& event : events) take(event);
    }
    return done();
  }
  void take(const protocol::LinkEvent& event) {
    heard = Clock::now();
    if (std::holds_alternative<protocol::LinkConnected>(event)) {
      const protocol::Message hello = protocol::Hello{protocol::kProtocolVersion, base::HeadsetId(id), "test", told.epoch};
      connection->send(protocol::encode(hello), protocol::delivery_of(hello));
      connection->flush();
    } else if (const auto* datagram = std::get_if<protocol::LinkDatagram>(&event)) {
      const auto message = protocol::decode(datagram->bytes);
      if (const auto* state = message ? std::get_if<protocol::HallState>(&*message) : nullptr) told = *state;
    }
  }
  std::vector<protocol::HallAddress> halls;
  std::uint16_t id;
  std::shared_ptr<const link::SessionSettings> security;
  std::optional<protocol::HallConnection> connection;
  Clock::time_point heard{};
  protocol::HallState told;
};

std::uint16_t free_port() {
  protocol::ListenerConfig config;
  config.bind = "127.0.0.1";
  const auto held = protocol::Listener::open(config).value();
  return held.port();
}

// Two folders, two options, one hall.
struct Two {
  Two() {
    first = options(first_folder, office.url());
    first.port = free_port();
    first.standby_port = 0;
    first.alone = true;  // at its very first start
    second = options(second_folder, office.url());
    second.port = free_port();
  }
  std::vector<protocol::HallAddress> halls() const { return {{"127.0.0.1", first.port}, {"127.0.0.1", second.port}}; }
  Folder first_folder, second_folder;
  FakeBoxOffice office;
  server::ServerOptions first, second;
};

}  // namespace

TEST_CASE("The standby leads within five seconds of the other's death, knows what it knew, and is followed by it afterwards") {
  Two two;
  std::optional<Child> first(std::in_place, two.first, two.first_folder);
  INFO(first->output);
  REQUIRE(first->ready());
  CHECK(first->epoch == 1);
  two.first.standby_port = first->standby_port;
  two.first.alone = false;
  two.second.standby_of = "127.0.0.1:" + std::to_string(first->standby_port);
  Child second(two.second, two.second_folder, true);
  REQUIRE(metric_is(first->http_port, "promenade_hall_standby_armed 1"));
  auto console = staff(first->udp_port);
  REQUIRE(console.has_value());
  Listening headset(two.halls(), 7);
  REQUIRE(headset.until([&] { return headset.told.epoch.value() == 1; }));
  REQUIRE(console->command(protocol::BindTicket{base::HeadsetId(7), ticket("1000000000000011"), 0, 1.7, false}).accepted);
  REQUIRE(headset.until([&] { return headset.told.phase == Phase::redeemed; }));

  const auto killed = Clock::now();
  first->kill_hard();
  REQUIRE(second.until_ready());
  const double leads_s = std::chrono::duration<double>(Clock::now() - killed).count();
  CHECK(second.epoch == 2);
  REQUIRE(headset.until([&] { return headset.told.epoch.value() == 2; }));
  const double told_s = std::chrono::duration<double>(Clock::now() - killed).count();
  WARN("leads after " << leads_s << " s, its headset has its first frame after " << told_s << " s");
  CHECK(told_s < 5.0);
  // A ticket whose answer had not been written yet is asked for again, under the same key.
  CHECK(headset.until([&] { return headset.told.phase == Phase::redeemed; }));
  CHECK(two.office.deeds() == 1);  // the ticket was redeemed once, however often it was asked for

  // The killed one comes back: it follows, and is itself a standby. What it did not hear it has then.
  auto there = staff(second.udp_port);
  REQUIRE(there.has_value());
  REQUIRE(there->command(protocol::SetFitted{base::HeadsetId(7), true}).accepted);
  first.emplace(two.first, two.first_folder, true);
  REQUIRE(metric_is(second.http_port, "promenade_hall_standby_armed 1"));
  second.kill_hard();
  REQUIRE(first->until_ready());
  CHECK(first->epoch == 3);
  CHECK(headset.until([&] { return headset.told.epoch.value() == 3 && headset.told.phase == Phase::fitted; }));
}

TEST_CASE("A standby that is ended on purpose leaves its hall alone; one that cannot follow says why") {
  Two two;
  Child first(two.first, two.first_folder);
  REQUIRE(first.ready());
  two.second.standby_of = "127.0.0.1:" + std::to_string(first.standby_port);
  {
    Child second(two.second, two.second_folder, true);
    REQUIRE(metric_is(first.http_port, "promenade_hall_standby_armed 1"));
    CHECK(second.end_gently() == 0);
  }
  REQUIRE(metric_is(first.http_port, "promenade_hall_standby_armed 0"));
  auto console = staff(first.udp_port);
  REQUIRE(console.has_value());
  Listening headset(two.halls(), 7);
  REQUIRE(headset.until([&] { return headset.told.epoch.value() == 1; }));
  REQUIRE(console->command(protocol::BindTicket{base::HeadsetId(7), ticket("1000000000000012"), 0, 1.7, false}).accepted);
  CHECK(headset.until([&] { return headset.told.phase == Phase::redeemed; }));  // its record was told as durable: it leads alone

  const auto failure = [](const server::ServerOptions& wrong) {
    auto start = server::HallStart::prepare(wrong);
    return start ? server::StartFailure{0, "it began"} : start.error();
  };
  auto wrong = two.second;
  wrong.standby_of = "192.168.1.10";
  CHECK(failure(wrong).exit_code == server::kExitInput);
  CHECK(failure(wrong).text.contains("HOST:PORT"));
  wrong = two.second;
  wrong.standby_port = 0;
  CHECK(failure(wrong).text.contains("--standby-of"));
  wrong = two.second;
  wrong.link_dir = two.second_folder / "no-keys";
  CHECK(failure(wrong).exit_code == server::kExitInput);
  wrong = two.second;
  wrong.standby_of.clear();
  wrong.alone = true;
  CHECK(failure(wrong).text.contains("--alone"));
}

TEST_CASE("One address of a hall or two are read; anything else is refused with what to write") {
  using protocol::hall_addresses;
  CHECK(hall_addresses("10.0.0.7:9560").value() == std::vector<protocol::HallAddress>{{"10.0.0.7", 9560}});
  CHECK(hall_addresses("a:1,b:65535").value() == std::vector<protocol::HallAddress>{{"a", 1}, {"b", 65535}});
  for (const char* wrong : {"", "a", "a:", ":9", "a:0", "a:65536", "a:1,", "a:1,b", "a:1x", "a:1,b:2,c:3"}) {
    INFO(wrong);
    CHECK(hall_addresses(wrong).error().code == "address-invalid");
  }
}

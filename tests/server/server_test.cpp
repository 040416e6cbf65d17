// The hall's program over the loopback: staff, a real client, health, offline tickets, kill and restart, failures.

#include <sys/resource.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>

#include "showcontrol/link/rim/renewal.h"
#include "showcontrol/client/client.h"
#include "showcontrol/server/door.h"
#include "showcontrol/server/hall_clock.h"
#include "showcontrol/server/offline_desk.h"
#include "showcontrol/server/workers.h"
#include "tests/package/films.h"
#include "tests/server/rig.h"
#include "tracking/base/http/client.h"

using namespace promenade;
using namespace promenade::server_test;
using protocol::Phase;

namespace {

base::http::Response get(std::uint16_t port, const std::string& path) {
  base::http::ClientOptions options;
  options.base_url = "http://127.0.0.1:" + std::to_string(port);
  auto client = base::http::Client::open(std::move(options));
  REQUIRE(client.has_value());
  const auto response = client->get(path);
  REQUIRE(response.has_value());
  return *response;
}

// A real client on a real connection, at its own clock.
struct RealHeadset {
  explicit RealHeadset(std::uint16_t port, std::uint16_t number) : peer(port, link::Role::headset, std::to_string(number)), client(config(number)) {
    client::Device device;
    device.worn = true;
    client.device(device);
    client.link_up(now());
  }
  static client::ClientConfig config(std::uint16_t number) {
    auto films = std::make_shared<client::FilmShelf>();
    films->push_back({package::testing::walking_film(), {}});
    return {base::HeadsetId(number), "test", films};
  }
  base::HeadsetTime now() const {
    return base::headset_time(10.0 + std::chrono::duration<double>(std::chrono::steady_clock::now() - zero).count());
  }
  bool until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < deadline) {
      if (done()) return true;
      std::vector<protocol::Message> received;
      peer.poll(received, std::chrono::milliseconds(10));
      for (const protocol::Message& message : received) {
        if (const auto* state = std::get_if<protocol::HallState>(&message)) {
          told = *state;
          ++states;
        }
        client.receive(message, now());
      }
      client.pose(tracking::pose_at<tracking::Stage>({0.001 * (++steps % 2), 0.0}, 1.6, 0.0), protocol::TrackingQuality::good, now());
      client.step(now());
      for (const protocol::Message& message : client.take_outgoing()) peer.send(message);
    }
    return done();
  }
  std::chrono::steady_clock::time_point zero = std::chrono::steady_clock::now();
  Peer peer;
  client::Client client;
  protocol::HallState told;
  int steps = 0, states = 0;
};

// For as long as it lives no file of this process takes a byte; sockets do.
class FailingDisk {
 public:
  FailingDisk() : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    rlimit none = before_;
    none.rlim_cur = 0;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &none) == 0);
  }
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;
  ~FailingDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }

 private:
  rlimit before_{};
  void (*signal_)(int);
};

}  // namespace

TEST_CASE("A hall stop goes out while the disk takes nothing, and is on record once it does") {
  Folder folder;
  FakeBoxOffice office;
  const auto given = options(folder, office.url());
  {
    Running hall(given);
    auto console = staff(hall->udp_port());
    REQUIRE(console.has_value());
    RealHeadset headset(hall->udp_port(), 7);
    REQUIRE(headset.until([&] { return headset.client.clock_known(); }));
    REQUIRE(console->command(protocol::BindTicket{base::HeadsetId(7), ticket("1000000000000005"), 0, 1.7, false}).accepted);
    REQUIRE(headset.until([&] { return headset.told.phase == Phase::redeemed; }));
    {
      FailingDisk disk;
      REQUIRE(console->command(protocol::SetHallStopped{true}).accepted);
      CHECK(headset.until([&] { return headset.told.safety.level == tracking::Level::stop; }));
      CHECK(metric_is(hall->http_port(), "promenade_hall_store_failing 1"));
    }
    CHECK(metric_is(hall->http_port(), "promenade_hall_store_failing 0"));
  }
  Running hall(given);
  RealHeadset headset(hall->udp_port(), 7);
  CHECK(headset.until([&] { return headset.told.epoch.value() == 2 && headset.told.safety.level == tracking::Level::stop; }));
}

TEST_CASE("A client finds its hall, knows its time, and has a ticket bound by staff") {
  Folder folder;
  FakeBoxOffice office;
  Running hall(options(folder, office.url()));
  CHECK(hall->epoch().value() == 1);
  auto console = staff(hall->udp_port());
  REQUIRE(console.has_value());
  RealHeadset headset(hall->udp_port(), 7);
  REQUIRE(headset.until([&] { return headset.client.clock_known() && headset.client.epoch().value() == 1; }));
  CHECK(metric_is(hall->http_port(), "promenade_hall_headsets_connected 1"));
  CHECK(metric_is(hall->http_port(), "promenade_hall_box_office_reachable 1"));
  const auto bound = console->command(protocol::BindTicket{base::HeadsetId(7), ticket("1000000000000001"), 0, 1.7, false});
  INFO(bound.text);
  REQUIRE(bound.accepted);
  REQUIRE(headset.until([&] { return headset.told.phase == Phase::redeemed; }));
  REQUIRE(console->command(protocol::SetFitted{base::HeadsetId(7), true}).accepted);
  REQUIRE(headset.until([&] { return headset.told.phase == Phase::fitted; }));
  CHECK(get(hall->http_port(), "/healthz").status == 200);
  CHECK(get(hall->http_port(), "/readyz").status == 200);
  CHECK(get(hall->http_port(), "/status").body.contains("\"epoch\":1"));
  CHECK(get(hall->http_port(), "/nothing").status == 404);
}

TEST_CASE("A hall whose network is bad on purpose loses that share of its states, and a headset joins and is served all the same") {
  Folder folder;
  FakeBoxOffice office;
  auto given = options(folder, office.url());
  given.impair = "loss=10,delay=20,jitter=10,seed=7";
  Running hall(given);
  auto console = staff(hall->udp_port());
  REQUIRE(console.has_value());
  RealHeadset headset(hall->udp_port(), 7);
  REQUIRE(headset.until([&] { return headset.client.clock_known() && headset.states > 0; }));
  REQUIRE(console->command(protocol::BindTicket{base::HeadsetId(7), ticket("1000000000000004"), 0, 1.7, false}).accepted);
  REQUIRE(headset.until([&] { return headset.told.phase == Phase::redeemed; }));
  const std::uint32_t first = headset.told.sequence;
  headset.states = 0;
  REQUIRE(headset.until([&] { return headset.told.sequence - first >= 150; }));
  const double sent = headset.told.sequence - first, came = headset.states;
  INFO(sent << " sent, " << came << " came");
  CHECK(came < 0.97 * sent);
  CHECK(came > 0.75 * sent);
}

TEST_CASE("Nobody speaks as another than his certificate names") {
  Folder folder;
  FakeBoxOffice office;
  Running hall(options(folder, office.url()));
  const auto never = [](const protocol::Message&) { return false; };
  Peer another(hall->udp_port(), link::Role::headset, "8");
  another.send(protocol::Hello{protocol::kProtocolVersion, base::HeadsetId(7), "test", {}});
  CHECK_FALSE(another.until(never));
  CHECK(another.over());
  Peer headset(hall->udp_port(), link::Role::headset, "9");
  headset.send(protocol::StaffHello{protocol::kProtocolVersion, "console", "staff-key"});
  CHECK_FALSE(headset.until(never));
  CHECK(headset.over());
  CHECK(metric_is(hall->http_port(), "promenade_hall_link_impostors_total 2"));
}

TEST_CASE("A headset that sends what it may not is cut off, staff are told which one, and nobody else is concerned") {
  Folder folder;
  FakeBoxOffice office;
  Running hall(options(folder, office.url()));
  auto console = staff(hall->udp_port());
  REQUIRE(console.has_value());
  RealHeadset honest(hall->udp_port(), 7);
  REQUIRE(honest.until([&] { return honest.client.clock_known(); }));
  Peer hostile(hall->udp_port(), link::Role::headset, "8");
  hostile.send(protocol::Hello{protocol::kProtocolVersion, base::HeadsetId(8), "test", {}});
  REQUIRE(hostile.until([](const protocol::Message& message) { return std::holds_alternative<protocol::Welcome>(message); }));
  for (int i = 0; i < server::Door::kFaultsMost; ++i) hostile.send_raw({0xff, 0x00});
  CHECK_FALSE(hostile.until([](const protocol::Message&) { return false; }));
  CHECK(hostile.over());
  CHECK(console->until([](const protocol::Message& message) {
    const auto* alarm = std::get_if<protocol::StaffAlarm>(&message);
    return alarm != nullptr && alarm->code == "device-cut-off" && alarm->headset == base::HeadsetId(8);
  }));
  CHECK(metric_is(hall->http_port(), "promenade_hall_link_cut_off_total 1"));
  const auto heard = honest.told.sequence;
  CHECK(honest.until([&] { return honest.told.sequence > heard + 10; }));
}

TEST_CASE("A lost tablet is locked out of a running hall within a second") {
  Folder folder;
  FakeBoxOffice office;
  Running hall(options(folder, office.url()));
  Peer lost(hall->udp_port(), link_keys().issue(link::Role::staff, "lost tablet", server::system_time()).value());
  auto other = staff(hall->udp_port());
  REQUIRE(other.has_value());
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(link_keys().revoke(link::Role::staff, "lost tablet", server::system_time()).has_value());
  CHECK_FALSE(lost.until([](const protocol::Message&) { return false; }));
  CHECK(lost.over());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
  CHECK(other->command(protocol::SetHallPaused{true}).accepted);
}

TEST_CASE("A device whose certificate ends soon gets its next one from the hall, once it is due") {
  Folder folder;
  FakeBoxOffice office;
  Running hall(options(folder, office.url()));
  const std::string own = folder / "tablet";
  const auto ends = [&] { return link::read_certificate(link::load_credentials(own).value().certificate).value().not_after; };
  const auto renew = [&] { return link::renew_if_due(own, "127.0.0.1", hall->udp_port()); };
  const base::UtcTime now = server::system_time();
  REQUIRE(link::save_credentials(own, link_keys().issue(link::Role::staff, "old tablet", now - std::chrono::days(80)).value()).has_value());
  CHECK(renew().value());
  CHECK(ends() > now + std::chrono::days(89));
  CHECK_FALSE(renew().value());
  Peer renewed(hall->udp_port(), link::load_credentials(own).value());
  CHECK(renewed.connected());
  // One that the hall never issued, though of its root, is not renewed.
  REQUIRE(link::save_credentials(own, link_keys().authority().issue(link::Role::staff, "other", now - std::chrono::days(80), link::system_random()).value()).has_value());
  CHECK(renew().error().code == "renewal-failed");
}

TEST_CASE("A wrong staff key is turned away") {
  Folder folder;
  FakeBoxOffice office;
  Running hall(options(folder, office.url()));
  CHECK_FALSE(staff(hall->udp_port(), "guessed").has_value());
}

TEST_CASE("Without the box office a ticket is taken once, by its signature, also after a restart") {
  Folder folder;
  auto given = options(folder, "http://127.0.0.1:1");
  const std::string token = ticket("1000000000000002");
  {
    // A hall that has never heard from its box office knows no ticket of its own.
    Running hall(given);
    auto console = staff(hall->udp_port());
    RealHeadset headset(hall->udp_port(), 7);
    REQUIRE(headset.until([&] { return headset.client.clock_known(); }));
    CHECK(console->command(protocol::BindTicket{base::HeadsetId(7), token, 0, 1.7, false}).code == "ticket-hall-unknown");
  }
  {
    FakeBoxOffice first;
    given.box_office_url = first.url();
    Running hall(given);
    REQUIRE(first.until_told());
  }
  given.box_office_url = "http://127.0.0.1:1";
  {
    Running hall(given);
    auto console = staff(hall->udp_port());
    RealHeadset headset(hall->udp_port(), 7);
    REQUIRE(headset.until([&] { return headset.client.clock_known(); }));
    REQUIRE(console->command(protocol::BindTicket{base::HeadsetId(7), token, 0, 1.7, false}).accepted);
    REQUIRE(console->command(protocol::SetReturned{base::HeadsetId(7)}).accepted);
    REQUIRE(console->command(protocol::SetCleaned{base::HeadsetId(7)}).accepted);
    CHECK(console->command(protocol::BindTicket{base::HeadsetId(7), token, 0, 1.7, false}).code == "ticket-already-redeemed");
    CHECK(console->command(protocol::BindTicket{base::HeadsetId(7), "PMT1.AAAA.BBBB", 0, 1.7, false}).code == "ticket-malformed");
    const std::string elsewhere = ticket("1000000000000012", server::system_time(), "3200000200000001");
    CHECK(console->command(protocol::BindTicket{base::HeadsetId(7), elsewhere, 0, 1.7, false}).code == "ticket-other-hall");
  }
  FakeBoxOffice office;
  given.box_office_url = "http://127.0.0.1:1";
  {
    Running hall(given);
    CHECK(hall->epoch().value() == 4);
    auto console = staff(hall->udp_port());
    RealHeadset headset(hall->udp_port(), 7);
    REQUIRE(headset.until([&] { return headset.client.clock_known(); }));
    CHECK(console->command(protocol::BindTicket{base::HeadsetId(7), token, 0, 1.7, false}).code == "ticket-already-redeemed");
  }
  // The line is back: what was redeemed meanwhile is told, once.
  given.box_office_url = office.url();
  Running hall(given);
  CHECK(metric_is(hall->http_port(), "promenade_hall_outbox 0"));
  CHECK(metric_is(hall->http_port(), "promenade_hall_box_office_reachable 1"));
  CHECK(office.posts == 1);
}

TEST_CASE("What stands in the way of a start is said, with its exit code") {
  Folder folder;
  FakeBoxOffice office;
  const auto given = options(folder, office.url());
  const auto failure = [](const server::ServerOptions& wrong) {
    auto opened = server::Server::open(wrong);
    if (opened) return server::StartFailure{0, "it started"};
    return opened.error();
  };
  auto wrong = given;
  wrong.venue_file = std::string(PROMENADE_SOURCE_DIR) + "/venue-configs/broken/open-polygon.toml";
  CHECK(failure(wrong).exit_code == server::kExitInput);
  CHECK(failure(wrong).text.contains("polygon-open"));
  wrong = given;
  wrong.films_dir = folder / "nowhere";
  CHECK(failure(wrong).exit_code == server::kExitInput);
  wrong = given;
  wrong.ticket_key = "not a key";
  CHECK(failure(wrong).exit_code == server::kExitInput);
  wrong = given;
  wrong.time_zone = "Mars/Base";
  CHECK(failure(wrong).exit_code == server::kExitInput);
  wrong = given;
  wrong.impair = "loss=10,delay=fast";
  CHECK(failure(wrong).exit_code == server::kExitInput);
  CHECK(failure(wrong).text.contains("--impair: \"delay=fast\""));

  Running hall(given);
  wrong = given;
  wrong.data_dir = folder / "other";
  wrong.port = hall->udp_port();
  CHECK(failure(wrong).exit_code == server::kExitEnvironment);
  CHECK(failure(wrong).text.contains(std::to_string(hall->udp_port())));
  wrong.port = 0;
  wrong.http_port = hall->http_port();
  CHECK(failure(wrong).exit_code == server::kExitEnvironment);
  CHECK(failure(given).exit_code == server::kExitEnvironment);  // the journal is held
}

TEST_CASE("The program killed in the middle comes back with the next epoch and what it knew; SIGTERM ends it well") {
  Folder folder;
  FakeBoxOffice office;
  auto given = options(folder, office.url());
  std::uint16_t port = 0;
  {
    Child hall(given, folder);
    INFO(hall.output);
    REQUIRE(hall.ready());
    CHECK(hall.epoch == 1);
    port = hall.udp_port;
    auto console = staff(hall.udp_port);
    REQUIRE(console.has_value());
    RealHeadset headset(hall.udp_port, 7);
    REQUIRE(headset.until([&] { return headset.client.clock_known(); }));
    REQUIRE(console->command(protocol::BindTicket{base::HeadsetId(7), ticket("1000000000000003"), 0, 1.7, false}).accepted);
    hall.kill_hard();
  }
  given.port = port;
  Child hall(given, folder);
  INFO(hall.output);
  REQUIRE(hall.ready());
  CHECK(hall.epoch == 2);
  CHECK(hall.udp_port == port);
  RealHeadset headset(hall.udp_port, 7);
  REQUIRE(headset.until([&] { return headset.told.epoch.value() == 2 && headset.told.phase == Phase::redeemed; }));
  CHECK(hall.end_gently() == 0);
}

TEST_CASE("Hall time never goes back across runs") {
  const server::ClockMark mark{base::hall_time(500.0), base::UtcTime(std::chrono::milliseconds(1'000'000))};
  CHECK(server::ClockMark::from_text(mark.text())->hall == mark.hall);
  CHECK(server::ClockMark::from_text(mark.text())->utc == mark.utc);
  CHECK_FALSE(server::ClockMark::from_text("nonsense").has_value());
  const auto start = [&](std::int64_t later_ms) { return server::first_hall_time(mark, mark.utc + std::chrono::milliseconds(later_ms)); };
  CHECK(start(60'000) == base::hall_time(560.0));
  CHECK(start(1'000) == base::hall_time(506.0));
  CHECK(start(-90'000) == base::hall_time(506.0));  // the wall clock was set back
  CHECK(server::first_hall_time(std::nullopt, mark.utc) == base::hall_time(1.0));
}

TEST_CASE("The offline desk takes each ticket once and forgets those whose time is over") {
  server::OfflineDesk desk(ticket_signer().public_key(), base::VenueId("wuxi"), *ticketing::BusinessCalendar::make("Asia/Shanghai", std::chrono::hours(6)));
  ticketing::RedemptionRequest request;
  request.head.idempotency_key = "k";
  const base::UtcTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::hours(4)};  // noon there: the day does not end meanwhile
  request.token = ticket("1000000000000004", now);
  CHECK(desk.redeem(request, now).error().code == "ticket-hall-unknown");
  desk.know_lanes({base::LaneId("3200000200000001")});
  CHECK(desk.redeem(request, now).error().code == "ticket-other-hall");
  desk.know_lanes({base::LaneId("3200000200000001"), base::LaneId("3200000100000001")});
  CHECK(server::lanes_of_text(server::text_of_lanes({base::LaneId("3200000200000001"), base::LaneId("3200000100000001")})).size() == 2);
  CHECK(server::lanes_of_text("").empty());
  const auto taken = desk.redeem(request, now);
  REQUIRE(taken.has_value());
  CHECK(taken->seq == 0);
  CHECK(taken->film == kFilm);
  desk.note_used(taken->ticket, now + std::chrono::hours(1));
  CHECK(desk.redeem(request, now).error().code == "ticket-already-redeemed");
  CHECK(desk.prune(now).empty());
  CHECK(desk.prune(now + std::chrono::hours(2)).size() == 1);
  CHECK(desk.redeem(request, now + std::chrono::hours(2)).error().code == "ticket-expired");
  CHECK(server::is_unreachable({"http-unreachable", "", ""}));
  CHECK_FALSE(server::is_unreachable({"ticket-forged", "", ""}));
}

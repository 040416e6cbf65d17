// The hall's word on its waits: what it says, and that the real box office has it and forgets it.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "showcontrol/server/waits.h"
#include "tests/http/certificates.h"
#include "tests/server/rig.h"
#include "tests/ticketing_api/office_fixture.h"

using namespace promenade;
using namespace promenade::server_test;
using nlohmann::json;
using std::chrono::seconds;

namespace {

const base::HallId kHall{"wuxi-420"};

struct Told {
  server::Status status;
  std::chrono::steady_clock::time_point now{seconds(100)};
  Told() {
    status.made = now - seconds(1);
    status.summary.time = base::hall_time(50.0);
    status.summary.waits = {{base::FilmId("001100012026"), base::from_seconds(240.2), 1, 2, std::nullopt}, {base::FilmId("001100022026"), base::from_seconds(30.0), 0, 0, std::nullopt}};
  }
  json body() const { return json::parse(server::waits_body(kHall, &status, now).value()); }
};

// The fixture's venue as the hall of the rig knows it, with the rig's film.
ticketing::Config wuxi_config() {
  ticketing::Config config = ticketing::tests::sample_config();
  config.venue = base::VenueId("wuxi");
  config.halls.front().id = kHall;
  config.films.front().id = kFilm;
  for (auto& lane : config.lanes) {
    lane.hall = kHall;
    if (lane.film == base::FilmId(ticketing::tests::kWalk)) lane.film = kFilm;
  }
  return config;
}

json wait_of(ticketing::tests::OfficeFixture& office, const std::string& film) {
  const json counter = office.get("/v1/counter");
  for (const json& one : counter["films"]) {
    if (one["film"] == film) return one["wait_s"];
  }
  return "no such film";
}

}  // namespace

TEST_CASE("the waits are whole, rounded up, and say how long they hold good") {
  const Told told;
  const json body = told.body();
  CHECK(body["hall"] == "wuxi-420");
  CHECK(body["good_for_s"] == 20);
  CHECK(body["waits"] == json::parse(R"([{"film":"001100012026","wait_s":241},{"film":"001100022026","wait_s":30}])"));
}

TEST_CASE("while nobody starts no film has a wait, and a loop that stands still says nothing") {
  for (bool protocol::HallSummary::*off : {&protocol::HallSummary::evacuate, &protocol::HallSummary::stopped, &protocol::HallSummary::paused, &protocol::HallSummary::records_failing}) {
    Told told;
    told.status.summary.*off = true;
    CHECK(told.body()["waits"].empty());
  }
  Told closed;
  closed.status.summary.admission_open = false;
  CHECK(closed.body()["waits"].empty());
  Told late;
  late.status.summary.waits[0].last_admission = base::hall_time(49.0);
  late.status.summary.waits[1].last_admission = base::hall_time(51.0);
  REQUIRE(late.body()["waits"].size() == 1);
  CHECK(late.body()["waits"][0]["film"] == "001100022026");
  Told still;
  still.status.made = still.now - server::kStatusStale;
  CHECK_FALSE(server::waits_body(kHall, &still.status, still.now).has_value());
  CHECK_FALSE(server::waits_body(kHall, nullptr, still.now).has_value());
}

TEST_CASE("a running hall tells the real box office its waits, which forgets them once the hall has gone") {
  Folder folder;
  ticketing::tests::OfficeFixture office(wuxi_config());
  REQUIRE(office.started);
  CHECK(wait_of(office, kFilm.value()).is_null());
  {
    auto given = options(folder, office.service->url());
    given.box_office_key = office.hall;
    Running hall(given);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    json told;
    while (std::chrono::steady_clock::now() < deadline && !told.is_number_integer()) told = wait_of(office, kFilm.value());
    REQUIRE(told.is_number_integer());
    CHECK(told > 0);
    CHECK(told <= 86'400);
    CHECK(wait_of(office, ticketing::tests::kSit).is_null());  // this hall does not have that film
  }
  office.set_now("2026-05-01T04:00:20Z");
  CHECK(wait_of(office, kFilm.value()).is_null());
}

TEST_CASE("a hall speaks to its box office by its certificate, without a key") {
  Folder folder;
  std::filesystem::create_directories(folder / "tls");
  const base::http::tests::TestCa ca(folder / "tls", "venue");
  const auto office_pair = ca.issue("box-office"), own = ca.issue("hall");
  ticketing::tests::OfficeFixture office(wuxi_config(), 1024, {}, ticketing::api::DeviceListener{.tls = ca.server(office_pair)});
  REQUIRE(office.started);
  REQUIRE(ticketing::api::add_certificate(office.dir(), "hall-by-certificate", {ticketing::api::Scope::redeem, ticketing::api::Scope::play}, own.pem()).has_value());
  auto given = options(folder, office.service->device_url());
  given.box_office_key.clear();
  CHECK_FALSE(server::Server::open(given).has_value());  // neither key nor certificate
  given.box_office_tls = ca.client(own);
  Running hall(given);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  json told;
  while (std::chrono::steady_clock::now() < deadline && !told.is_number_integer()) told = wait_of(office, kFilm.value());
  CHECK(told.is_number_integer());
}

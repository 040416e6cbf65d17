#include "ticketing/circuit/pull.h"

#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "tests/ticketing_api/office_fixture.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;
using namespace promenade::ticketing::tests;
using nlohmann::json;

namespace {

EventFile store_of(const TempDir& dir, const char* name = "/store") { return EventFile::open(dir.path() + name, base::VenueId("test-venue")).value(); }

// A venue that serves fixed bytes: what a rolled-back, altered or lying one would send.
class FakeVenue {
 public:
  FakeVenue(std::vector<base::Bytes> stored, std::string report = {}) : stored_(std::move(stored)), report_(std::move(report)) {
    server_.route("GET", "/v1/events", [this](const base::http::Request& request) { return events(request); });
    server_.route("GET", "/v1/reports/days/{date}", [this](const base::http::Request&) {
      return base::http::Response{.content_type = "application/json", .headers = {}, .body = report_};
    });
    REQUIRE(server_.start());
  }
  base::http::Client client() const { return base::http::Client::open({.base_url = server_.base_url(), .headers = {}}).value(); }

 private:
  base::http::Response events(const base::http::Request& request) {
    const base::VenueId venue("test-venue");
    const std::uint64_t after = std::stoull(std::string(*request.param("after")));
    const std::uint64_t limit = std::stoull(std::string(*request.param("limit")));
    if (after > stored_.size()) return {.status = 409, .content_type = "application/problem+json", .headers = {}, .body = R"({"code":"cursor-beyond-head","detail":"too far"})"};
    const std::uint64_t last = std::min<std::uint64_t>(stored_.size(), after + limit);
    ExportHeader header{venue, after + 1, last, {}};
    if (last > 0) header.head_hash = event_hash(stored_[last - 1], venue);
    base::Bytes bytes;
    for (std::uint64_t seq = after; seq < last; ++seq) append_export_event(bytes, stored_[seq]);
    return {.content_type = "application/vnd.promenade.events", .headers = {}, .body = encode_export_header(header) + std::string(base::as_text(bytes))};
  }

  std::vector<base::Bytes> stored_;
  std::string report_;
  base::http::Server server_{base::http::ServerOptions{}};
};

std::vector<base::Bytes> ledger_of(OfficeFixture& office) {
  const auto response = office.client(office.reader).get("/v1/events?limit=5000", {{"Accept", "application/vnd.promenade.events"}}).value();
  return read_export(base::as_bytes(response.body)).value().stored;
}

}  // namespace

TEST_CASE("pulls take only what is new, and the reports equal the events") {
  OfficeFixture office;
  const TempDir dir;
  auto client = office.client(office.reader);
  CHECK(ask_venue(client)->id == base::VenueId("test-venue"));
  office.whole_visit(kWalk, 1);
  {
    auto file = store_of(dir);
    const auto first = pull_events(client, file).value();
    CHECK(first.events_before == 0);
    CHECK(first.head.seq == first.events_new);
    REQUIRE(first.touched.size() == 1);
    CHECK(check_reports(client, file, first.touched).value() == 1);
    CHECK(pull_events(client, file)->events_new == 0);
  }
  office.whole_visit(kSit, 2);
  office.made("/v1/days/2026-05-01/close", office.body(json::object()));
  auto file = store_of(dir);
  const auto second = pull_events(client, file).value();
  CHECK(second.events_new > 0);
  CHECK(second.head.seq == office.get("/v1/venue")["head_seq"]);
  CHECK(check_reports(client, file, second.touched).value() == 1);
  const auto summary = summarise(file).value();
  REQUIRE(summary.days.size() == 1);
  CHECK(summary.days[0].final);
  CHECK(summary.days[0].totals.sold == 2);
  CHECK(summary.days[0].totals.played == 2);
  CHECK(file.head() == summary.head);
}

TEST_CASE("a venue that sells and closes while it is pulled is no false alarm") {
  OfficeFixture office;
  const TempDir dir;
  office.whole_visit(kWalk, 1);
  auto client = office.client(office.reader);
  auto file = store_of(dir);
  const auto pulled = pull_events(client, file).value();
  office.whole_visit(kSit, 2);
  CHECK(check_reports(client, file, pulled.touched).value() == 1);
  office.made("/v1/days/2026-05-01/close", office.body(json::object()));
  CHECK(check_reports(client, file, pulled.touched).value() == 1);
  office.made("/v1/corrections", office.body({{"date", "2026-05-01"}, {"reason", "check"}, {"supervisor", "boss"}}));
  CHECK(check_reports(client, file, pulled.touched).value() == 1);
  CHECK(file.head().seq == office.get("/v1/venue")["head_seq"]);
}

TEST_CASE("a rolled-back venue is refused and nothing changes here") {
  OfficeFixture office;
  const TempDir dir;
  office.whole_visit(kWalk, 1);
  auto ledger = ledger_of(office);
  auto file = store_of(dir);
  auto honest = office.client(office.reader);
  REQUIRE(pull_events(honest, file));
  const ChainHead before = file.head();
  ledger.pop_back();
  FakeVenue shorter(ledger);
  auto client = shorter.client();
  CHECK(pull_events(client, file).error().code == "venue-rolled-back");
  FakeVenue empty({});
  auto other = empty.client();
  CHECK(pull_events(other, file).error().code == "venue-rolled-back");
  CHECK(file.head() == before);
}

TEST_CASE("a venue with another past is refused, also when its ledger is longer") {
  const TempDir dir;
  OfficeFixture office, other;
  office.whole_visit(kWalk, 1);
  other.whole_visit(kWalk, 1);
  other.whole_visit(kSit, 2);
  auto file = store_of(dir);
  auto honest = office.client(office.reader);
  REQUIRE(pull_events(honest, file));
  auto client = other.client(other.reader);
  CHECK(pull_events(client, file).error().code == "venue-altered");
}

TEST_CASE("a report that its events do not bear out is refused and says what differs") {
  OfficeFixture office;
  const TempDir dir;
  office.whole_visit(kWalk, 1);
  const auto ledger = ledger_of(office);
  json lie = office.get("/v1/reports/days/2026-05-01");
  lie["totals"]["sold"] = 0;
  FakeVenue liar(ledger, lie.dump() + "\n");
  auto file = store_of(dir);
  auto client = liar.client();
  const auto pulled = pull_events(client, file).value();
  const auto checked = check_reports(client, file, pulled.touched);
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "report-differs");
  CHECK(checked.error().message.contains("sold 0 there and 1 here"));
}

TEST_CASE("a ledger longer than one page arrives whole") {
  OfficeFixture office;
  const TempDir dir;
  std::vector<Request> requests;
  for (int i = 0; i < 1100; ++i) {
    const auto start = utc("2026-05-01T00:00:00Z") + std::chrono::seconds(i);
    requests.push_back(request_from_json(office.body({{"sensor", "door-1"}, {"hall", "hall-a"}, {"from", to_text(start)}, {"to", to_text(start + std::chrono::seconds(1))},
                                                      {"known", true}, {"entered", 0}, {"left", 0}}), "observation").value());
  }
  for (const auto& answer : office.desk->ask_all(std::move(requests))) REQUIRE(answer);
  auto file = store_of(dir);
  auto client = office.client(office.reader);
  CHECK(pull_events(client, file)->events_new > 1100);
  CHECK(file.head().seq == office.get("/v1/venue")["head_seq"]);
}

// The circuit's pages, API and CSV: one set of numbers, every state told, nothing of a venue's taken for markup.
#include <catch2/catch_test_macros.hpp>
#include <sstream>

#include "tests/circuit/circuit_fixture.h"
#include "ticketing/circuit/circuit_server.h"
#include "ticketing/circuit/dashboard.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;
using namespace promenade::ticketing::tests;
using nlohmann::json;

namespace {

const BusinessDate kFirst = BusinessDate::from_text("2026-05-01").value();

struct Shown {
  CircuitFixture f;
  CircuitServer server{{.database = f.conninfo, .key = "k3y", .http = {}}, [this] { return f.now; }};
  Shown() { REQUIRE(server.start()); }
  ~Shown() { server.stop(); }
  base::http::Response get(const std::string& path, const std::string& authorization = "Bearer k3y") {
    return base::http::Client::open({.base_url = server.url(), .headers = {{"Authorization", authorization}}}).value().get(path).value();
  }
  json api(const std::string& path) { return json::parse(get(path).body); }
};

std::vector<std::vector<std::string>> csv_rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(text.substr(3));
  for (std::string line; std::getline(in, line);) {
    line.pop_back();  // \r
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

}  // namespace

TEST_CASE("page, API and CSV say the same totals, which are the sums of their films and of their venues", "[invariant 7]") {
  Shown shown;
  for (int i = 1; i <= 4; ++i) shown.f.add(i);
  REQUIRE(shown.f.collect());
  const json day = shown.api("/v1/circuit/days/2026-05-01");
  const auto& report = few_days().reports.begin()->second.totals;
  CHECK(day["totals"]["sold"] == 4 * report.sold);
  CHECK(day["totals"]["redeemed"] == 4 * report.redeemed);
  CHECK(day["totals"]["played"] == 4 * report.played);
  CHECK(day["totals"]["money"][0]["net"] == to_decimal(Money{4 * report.net_minor(), Currency{}}));
  CHECK(day["completeness"]["received"] == 4);
  std::int64_t films = 0, venues = 0;
  for (const auto& film : day["films"]) films += film["counts"]["admissions"].get<std::int64_t>();
  for (const auto& venue : day["venues"]) venues += venue["counts"]["admissions"].get<std::int64_t>();
  CHECK(films == day["totals"]["admissions"]);
  CHECK(venues == day["totals"]["admissions"]);

  const auto csv = shown.get("/v1/circuit/days/2026-05-01.csv");
  CHECK(csv.body.starts_with("\xEF\xBB\xBFrow,"));
  const auto rows = csv_rows(csv.body);
  REQUIRE(rows.size() == 2 + day["films"].size() + 4);
  CHECK(rows[1][0] == "total");
  CHECK(rows[1][8] == std::to_string(day["totals"]["admissions"].get<int>()));
  CHECK(rows[1][20] == day["totals"]["money"][0]["net"].get<std::string>());
  for (const std::size_t column : {8U, 9U, 11U, 13U, 15U}) {
    std::int64_t sum = 0;
    for (const auto& row : rows)
      if (row[0] == "venue") sum += std::stoll(row[column]);
    CHECK(std::to_string(sum) == rows[1][column]);
  }
  for (const char* lang : {"zh", "en"}) {
    const auto page = shown.get("/days/2026-05-01?lang=" + std::string(lang));
    CHECK(page.status == 200);
    CHECK(page.body.contains(">" + std::to_string(day["totals"]["redeemed"].get<int>()) + "<"));
    CHECK(page.body.contains("<svg"));
    CHECK_FALSE(page.body.contains("<script"));
    CHECK(page.header("content-security-policy")->contains("default-src 'none'"));
  }
  const json venue = shown.api("/v1/circuit/venues/venue-2/days/2026-05-01");
  CHECK(venue["venue"]["counts"]["sold"] == report.sold);
  CHECK(venue["discrepancies"].size() == few_days().reports.begin()->second.discrepancies.size());
  CHECK(venue["days"].size() == 28);
  CHECK(shown.get("/venues/venue-2/2026-05-01?lang=en").body.contains("Venue 2"));
}

TEST_CASE("each state of a venue's day is told apart") {
  Shown shown;
  auto& f = shown.f;
  const auto empty = make_days({.config = sample_config(), .first = kFirst, .days = 1, .admissions = 0, .close_last = true, .seed = 1});
  const auto unclosed = make_days({.config = sample_config(), .first = kFirst, .days = 1, .admissions = 20, .close_last = false, .seed = 1});
  f.add(1);
  f.add(2, empty);
  f.add(3, unclosed);
  f.add(4);
  f.venues.change(CircuitFixture::id(4), [](ServedVenue& v) { v.status = 503; });
  const auto lied = f.add(5);
  f.venues.put(served(CircuitFixture::until(lied, 60)));
  REQUIRE(f.collect());
  auto bad = lied;
  bad.stored[70].back() ^= 1;
  f.venues.put(served(bad));
  REQUIRE(f.collect());
  const auto states = [&](const char* date) { return shown.api(std::string("/v1/circuit/days/") + date)["completeness"]; };
  const json first = states("2026-05-01");
  CHECK(first["received"] == 1);
  CHECK(first["zero"] == 1);
  CHECK(first["unclosed"] == 1);
  CHECK(first["missing"] == 1);
  CHECK(first["quarantined"] == 1);
  CHECK(states("2026-05-03")["open"] == 4);
  CHECK(states("2026-04-30")["not-yet"] == 4);  // the one that never answered has no first day
  const auto page = shown.get("/days/2026-05-01?lang=zh");
  for (const char* word : {"已隔离", "缺失", "未结账", "零场次", "事件链断裂"}) CHECK(page.body.contains(word));
  CHECK(shown.get("/days/2026-05-01?lang=en&state=missing").body.contains("venue-4"));
  CHECK(shown.get("/venues/venue-5/2026-05-01?lang=en").body.contains("Chain of events is broken"));
  const json listed = shown.api("/v1/circuit/venues");
  CHECK(listed["venues"].size() == 5);
  CHECK(listed["venues"][4]["code"] == "chain-broken");
  CHECK(shown.get("/metrics").body.contains("promenade_circuit_venues_quarantined 1\n"));
}

TEST_CASE("what a venue calls itself and its films is text, on every page and in the CSV") {
  Shown shown;
  Config config = sample_config();
  config.films[0].title_en = "<script>alert(1)</script>";
  config.films[0].title_zh = "\"><img src=x onerror=alert(1)>";
  const auto days = make_days({.config = config, .first = kFirst, .days = 1, .admissions = 20, .close_last = true, .seed = 2});
  shown.f.venues.put(served(ledger_of(days, CircuitFixture::id(1), "=HYPERLINK(\"http://x\")", "<b onclick='x'>'; DROP TABLE events; --", 50)));
  REQUIRE(shown.f.store->add_venue({CircuitFixture::id(1), shown.f.venues.url(CircuitFixture::id(1)), "key", std::nullopt}, shown.f.now));
  REQUIRE(shown.f.collect());
  CHECK(shown.f.number("SELECT count(*) FROM events") > 0);
  for (const char* path : {"/days/2026-05-01", "/venues/venue-1/2026-05-01", "/venues/venue-1/2026-05-01/events"}) {
    for (const char* lang : {"?lang=zh", "?lang=en"}) {
      const auto page = shown.get(std::string(path) + lang);
      CHECK(page.status == 200);
      CHECK_FALSE(page.body.contains("<script"));
      CHECK_FALSE(page.body.contains("<img"));
      CHECK_FALSE(page.body.contains("<b onclick"));
    }
  }
  CHECK(shown.get("/days/2026-05-01?lang=en").body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK(shown.get("/v1/circuit/days/2026-05-01.csv").body.contains("\"'=HYPERLINK(\"\"http://x\"\")\""));
  CHECK(shown.f.store->add_venue({base::VenueId("../x\""), "http://127.0.0.1:1", "key", std::nullopt}, shown.f.now).error().code == "venue-malformed");
}

TEST_CASE("without the key nothing is shown; with it by bearer or by the browser's question; wrong requests are refused") {
  Shown shown;
  for (const char* path : {"/", "/days/2026-05-01", "/v1/circuit/days/2026-05-01", "/v1/circuit/venues", "/metrics"}) {
    CHECK(shown.get(path, "Bearer wrong").status == 401);
    CHECK(shown.get(path, "Basic dXNlcjp3cm9uZw==").status == 401);  // user:wrong
  }
  CHECK(shown.get("/v1/circuit/venues", "Basic dXNlcjprM3k=").status == 200);  // user:k3y
  CHECK(shown.get("/healthz", "").status == 200);
  CHECK(shown.get("/days/yesterday").status == 400);
  CHECK(shown.get("/days/2026-05-01?page=x").status == 400);
  CHECK(shown.get("/days/2026-05-01?page=999999999").status == 200);
  CHECK(shown.get("/venues/none/2026-05-01").status == 404);
  CHECK(shown.get("/v1/circuit/venues/none/days/2026-05-01").status == 404);
  CHECK(shown.get("/").status == 303);
}

#include "ticketing/api/openapi.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "tests/ticketing_api/office_fixture.h"
#include "tests/ticketing_api/schema_check.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;
using nlohmann::json;

namespace {

std::string example_path(std::string path) {
  const std::pair<std::string, std::string> examples[] = {{"{date}", "2026-05-01"}, {"{code}", "1234567890123456"}};
  for (const auto& [name, value] : examples)
    if (const auto at = path.find(name); at != std::string::npos) path.replace(at, name.size(), value);
  return path;
}

}  // namespace

TEST_CASE("every API route is documented and every documented operation answers") {
  OfficeFixture office;
  REQUIRE(office.started);
  const json document = office.get("/v1/openapi.json");
  CHECK(document["openapi"] == "3.1.0");
  std::set<std::string> documented;
  for (const auto& [path, item] : document["paths"].items())
    for (const auto& [method, operation] : item.items()) {
      documented.insert(method + " " + path);
      auto client = office.client(office.all);
      const auto answer = method == "get" ? client.get(example_path(path)) : client.post(example_path(path), "{}", "application/json");
      INFO(method << " " << path << ": " << answer->status << " " << answer->body.substr(0, 200));
      const bool routed = answer->status != 405 && !(answer->status == 404 && answer->body.contains("\"not-found\""));
      CHECK(routed);
      if (answer->status >= 400) CHECK(check(json::parse(answer->body), "Problem").empty());
      else if (operation["responses"].contains("200") && operation["responses"]["200"].contains("content") && operation["responses"]["200"]["content"].contains("application/json")) {
        const json schema = operation["responses"]["200"]["content"]["application/json"]["schema"];
        CHECK(schema_error(json::parse(answer->body), schema, api::schemas()) == "");
      }
    }
  for (const auto& route : office.service->routes()) {
    const bool is_api = route.pattern.starts_with("/v1/") || route.pattern == "/healthz" || route.pattern == "/readyz" || route.pattern == "/metrics";
    std::string method = route.method;
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    if (is_api) CHECK(documented.contains(method + " " + route.pattern));
  }
}

TEST_CASE("the document names every way to show who one is") {
  OfficeFixture office;
  const json document = office.get("/v1/openapi.json");
  const json& schemes = document["components"]["securitySchemes"];
  CHECK(schemes["key"]["type"] == "http");
  CHECK(schemes["client"]["type"] == "oauth2");
  CHECK(schemes["certificate"]["type"] == "mutualTLS");
  const json& ways = document["paths"]["/v1/events"]["get"]["security"];
  for (const char* scheme : {"key", "client", "certificate"})
    CHECK(std::ranges::any_of(ways, [&](const json& way) { return way.contains(scheme); }));
}

TEST_CASE("requests and answers of a whole visit are as documented") {
  OfficeFixture office;
  const json sale_body = office.body({{"film", kWalk}, {"count", 2}});
  CHECK(check(sale_body, "SaleRequest") == "");
  const json sale = office.made("/v1/sales", sale_body);
  CHECK(check(sale, "SaleAnswer") == "");
  office.set_now("2026-05-01T04:01:00Z");
  const json change = office.made("/v1/changes", office.body({{"ticket", sale["tickets"][1]["code"]}, {"film", kOther}}));
  CHECK(check(change, "ChangeAnswer") == "");
  const json redemption = office.made("/v1/redemptions", office.body({{"token", sale["tickets"][0]["token"]}, {"hall", "hall-a"}, {"headset", 4}}));
  CHECK(check(redemption, "RedemptionAnswer") == "");
  const json grant_body = office.body({{"redemption", redemption["redemption"]}, {"headset", 4}, {"film", kWalk}, {"package_hash", std::string(64, 'b')}, {"play", "hall-a-1-1"}});
  CHECK(check(grant_body, "GrantRequest") == "");
  const json grant = office.made("/v1/grants", grant_body);
  CHECK(check(grant, "GrantAnswer") == "");
  const json start = office.body({{"kind", "play_started"}, {"play", "hall-a-1-1"}, {"grant", grant["grant"]}, {"film", kWalk}, {"package_hash", std::string(64, 'b')}, {"headset", 4}, {"start", to_text(office.now())}});
  CHECK(check(start, "PlayRequest") == "");
  CHECK(check(office.made("/v1/plays", start), "RecordedAnswer") == "");
  CHECK(check(office.made("/v1/swaps", office.body({{"play", "hall-a-1-1"}, {"from", 4}, {"to", 5}})), "RecordedAnswer") == "");
  const json seen = office.body({{"sensor", "door-1"}, {"hall", "hall-a"}, {"from", "2026-05-01T03:00:00Z"}, {"to", "2026-05-01T04:00:00Z"}, {"known", true}, {"entered", 1}, {"left", 0}});
  CHECK(check(seen, "ObservationRequest") == "");
  CHECK(check(office.made("/v1/observations", seen), "RecordedAnswer") == "");
  office.set_now("2026-05-01T04:02:00Z");
  const json refund = office.made("/v1/refunds", office.body({{"ticket", change["ticket"]["code"]}}));
  CHECK(check(refund, "RefundAnswer") == "");
  const json day = office.made("/v1/days/2026-05-01/close", office.body({{"force", true}}));
  CHECK(check(day, "DayAnswer") == "");
  CHECK(check(office.made("/v1/corrections", office.body({{"date", "2026-05-01"}, {"reason", "late"}, {"supervisor", "boss"}})), "DayAnswer") == "");
  CHECK(check(office.get("/v1/tickets/" + sale["tickets"][0]["code"].get<std::string>()), "TicketFacts") == "");
  // Each ticket says when it was sold and when it was given up, as the events do.
  const json changed = office.get("/v1/tickets/" + sale["tickets"][1]["code"].get<std::string>());
  const json refunded = office.get("/v1/tickets/" + change["ticket"]["code"].get<std::string>());
  CHECK(check(refunded, "TicketFacts") == "");
  std::map<std::string, std::string> at;
  const json told = office.get("/v1/events");
  for (const json& event : told["events"]) at[event["kind"]] = event["ts"];
  CHECK(changed["sold_at"] == at.at("sale"));
  CHECK(changed["given_back_at"] == at.at("change"));
  CHECK(refunded["sold_at"] == at.at("change"));
  CHECK(refunded["given_back_at"] == at.at("refund"));
  CHECK(check(office.get("/v1/events"), "Events") == "");
  CHECK(check(office.get("/v1/reconciliation/2026-05-01"), "Reconciliation") == "");
  CHECK(check(office.get("/v1/films"), "Films") == "");
  CHECK(check(office.get("/v1/screenings"), "Screenings") == "");
  CHECK(check(office.get("/v1/venue"), "Venue") == "");
}

TEST_CASE("reservations, concessions, waits and the counter are as documented") {
  OfficeFixture office;
  const json reservation_body = office.body({{"film", kSit}, {"count", 3}, {"name", "class 3b"}});
  CHECK(check(reservation_body, "ReservationRequest") == "");
  const json reservation = office.made("/v1/reservations", reservation_body);
  CHECK(check(reservation, "ReservationAnswer") == "");
  const json sale_body = office.body({{"film", kSit}, {"reservation", reservation["reservation"]}, {"voucher", "gift"}, {"voucher_codes", {"GIFT0001"}}});
  CHECK(check(sale_body, "SaleRequest") == "");
  const json sale = office.made("/v1/sales", sale_body);
  CHECK(check(sale, "SaleAnswer") == "");
  CHECK(sale["price"] == "10.00");
  CHECK(sale["off"] == "20.00");
  CHECK(check(office.get("/v1/tickets/" + sale["tickets"][0]["code"].get<std::string>()), "TicketFacts") == "");
  const json gate = json{{"gate", 1}, {"device", "door-a"}, {"take", false}};
  CHECK(check(gate, "GateRequest") == "");
  CHECK(check(json::parse(office.post("/v1/gates", gate, office.hall).body), "GateAnswer") == "");
  const json waits = json{{"hall", "hall-a"}, {"waits", {{{"film", kWalk}, {"wait_s", 240}}}}};
  CHECK(check(waits, "WaitsRequest") == "");
  const auto told = office.post("/v1/waits", waits, office.hall);
  CHECK(told.status == 200);
  CHECK(check(json::parse(told.body), "WaitsAnswer") == "");
  CHECK(json::parse(told.body)["fresh_s"] == 60);
  const json counter = office.get("/v1/counter");
  CHECK(check(counter, "Counter") == "");
  CHECK(counter["films"][0]["wait_s"] == 240);
  CHECK(counter["films"][1]["wait_s"].is_null());
  CHECK(counter["reservations"][0]["places"] == 2);
  CHECK(counter["reservations"][0]["name"] == "class 3b");
  CHECK(check(office.made("/v1/reservations/release", office.body({{"reservation", reservation["reservation"]}})), "ReleaseAnswer") == "");
  office.set_now("2026-05-01T04:01:00Z");
  CHECK(office.get("/v1/counter")["films"][0]["wait_s"].is_null());  // a minute old: unknown
  const json brief = json{{"hall", "hall-a"}, {"good_for_s", 20}, {"waits", {{{"film", kWalk}, {"wait_s", 60}}}}};
  CHECK(check(brief, "WaitsRequest") == "");
  CHECK(json::parse(office.post("/v1/waits", brief, office.hall).body)["fresh_s"] == 20);
  office.set_now("2026-05-01T04:01:19.999Z");
  CHECK(office.get("/v1/counter")["films"][0]["wait_s"] == 60);
  office.set_now("2026-05-01T04:01:20Z");
  CHECK(office.get("/v1/counter")["films"][0]["wait_s"].is_null());
  CHECK(office.post("/v1/waits", json{{"hall", "hall-a"}, {"good_for_s", 61}, {"waits", json::array()}}, office.hall).status == 400);
  CHECK(office.post("/v1/waits", json{{"hall", "hall-z"}, {"waits", json::array()}}, office.hall).status == 404);
  CHECK(office.post("/v1/waits", json{{"hall", "hall-a"}, {"waits", {{{"film", kWalk}, {"wait_s", -1}}}}}, office.hall).status == 400);
}

TEST_CASE("the national system's side of a day is as documented, from the records to the approval of entering late") {
  OfficeFixture office;
  office.made("/v1/sales", office.body({{"film", kSit}, {"count", 3}}));
  CHECK(check(office.get("/v1/national/days/2026-05-01"), "NationalDay") == "");
  const json records = office.get("/v1/national/days/2026-05-01/records?after=1&limit=1");
  CHECK(check(records, "NationalRecords") == "");
  CHECK(records["of"] == 3);
  CHECK(records["records"][0]["record"] == "32020501-20260501-000002");
  const json receipt = office.body({{"date", "2026-05-01"}, {"records", {1, 2}}, {"sent", to_text(office.now())}, {"reference", "R-1"}});
  CHECK(check(receipt, "NationalReceipt") == "");
  CHECK(check(office.made("/v1/national/receipts", receipt), "NationalAnswer") == "");
  const json day = office.get("/v1/national/days/2026-05-01");
  CHECK(day["missing"] == 1);
  CHECK(day["complete"] == false);
  CHECK(day["screenings"][0]["on_time"] == 2);
  CHECK(office.post("/v1/national/receipts", office.body({{"date", "2026-05-01"}, {"records", {3}}, {"sent", to_text(office.now())}}), office.hall).status == 403);
  office.set_now("2026-05-10T04:00:00Z");
  const auto refused = office.post("/v1/national/receipts", office.body({{"date", "2026-05-01"}, {"records", {3}}, {"sent", to_text(office.now())}}), office.all);
  CHECK(refused.status == 409);
  CHECK(json::parse(refused.body)["code"] == "late-entry-closed");
  CHECK(json::parse(refused.body)["detail_zh"].get<std::string>().contains("免批补登期已过"));
  const json approval = office.body({{"date", "2026-05-01"}, {"reference", "A-7"}, {"granted", "2026-05-10T03:00:00Z"}, {"supervisor", "eva"}});
  CHECK(check(approval, "LateEntryApproval") == "");
  CHECK(check(office.made("/v1/national/approvals", approval), "LateEntryAnswer") == "");
  const json approved = office.get("/v1/national/days/2026-05-01");
  CHECK(check(approved, "NationalDay") == "");
  CHECK(approved["approval"]["until"] == "2026-05-12T03:00:00.000Z");
  CHECK(json::parse(office.post("/v1/national/receipts", office.body({{"date", "2026-05-01"}, {"records", {3}}, {"sent", to_text(office.now())}}), office.all).body)["entry"] == "approved");
  // Page, CSV and API say the same.
  const json whole = office.get("/v1/national/days/2026-05-01");
  CHECK(whole["complete"] == true);
  const std::string csv = office.client(office.all).get("/v1/reports/days/2026-05-01.csv").value().body;
  CHECK(csv.ends_with(",3,2,0,1,0,yes\r\n"));
  const std::string page = office.client(office.all).get("/report/2026-05-01?lang=en").value().body;
  CHECK(page.contains("National reporting"));
  CHECK(page.contains("<b>3 / 3</b>"));
  CHECK(page.contains("All received"));
  CHECK(office.client(office.all).get("/report/2026-05-01?lang=zh").value().body.contains("国家票务上报"));
}

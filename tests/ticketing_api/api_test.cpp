#include "ticketing/api/endpoints.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/ticketing_api/office_fixture.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;
using nlohmann::json;

namespace {

struct Refused {
  int status;
  std::string code, field;
};

Refused refused(const base::http::Response& response) {
  CHECK(response.content_type.starts_with("application/problem+json"));
  const json body = json::parse(response.body);
  CHECK(body["status"] == response.status);
  CHECK(body["type"] == "urn:promenade:problem:" + body["code"].get<std::string>());
  return {response.status, body["code"], body.value("field", "")};
}

#define CHECK_REFUSED(response, want_status, want_code) \
  do {                                                  \
    const Refused got = refused(response);              \
    CHECK(got.status == (want_status));                 \
    CHECK(got.code == (want_code));                     \
  } while (false)

}  // namespace

TEST_CASE("invariant 7: a visit from sale to report: the four counts agree in JSON, CSV and reconciliation") {
  OfficeFixture office;
  for (int i = 1; i <= 3; ++i) office.whole_visit(i == 3 ? kSit : kWalk, i);
  office.made("/v1/sales", office.body({{"film", kSit}, {"ticket_kind", "comp"}, {"reason", "press"}}));
  office.made("/v1/observations", office.body({{"sensor", "door-1"}, {"hall", "hall-a"}, {"from", "2026-04-30T22:00:00Z"}, {"to", "2026-05-01T22:00:00Z"},
                                               {"known", true}, {"entered", 3}, {"left", 3}}));
  const json report = office.get("/v1/reports/days/2026-05-01");
  CHECK(report["totals"]["sold"] == 3);
  CHECK(report["totals"]["comps"] == 1);
  CHECK(report["totals"]["redeemed"] == 3);
  CHECK(report["totals"]["played"] == 3);
  CHECK(report["halls"][0]["bodies"]["entered"] == 3);
  CHECK(report["totals"]["gross"] == "120.00");
  const auto csv = office.client(office.reader).get("/v1/reports/days/2026-05-01.csv").value();
  CHECK(csv.content_type.starts_with("text/csv"));
  CHECK(csv.body.starts_with("\xEF\xBB\xBF"));
  CHECK(csv.body.contains("120.00"));
  const json reconciliation = office.get("/v1/reconciliation/2026-05-01");
  CHECK(reconciliation["halls"][0]["redeemed"] == 3);
  CHECK(reconciliation["halls"][0]["bodies"]["entered"] == 3);
  const json close = office.made("/v1/days/2026-05-01/close", office.body(json::object()));
  CHECK(close["revision"] == 1);
  CHECK(office.get("/v1/reports/days/2026-05-01?revision=1")["state"] == "final");
}

TEST_CASE("the same key and request give the same answer, another request 422") {
  OfficeFixture office;
  const json body = office.body({{"film", kWalk}});
  const auto first = office.post("/v1/sales", body, office.all);
  CHECK(first.status == 201);
  CHECK(office.post("/v1/sales", body, office.all).body == first.body);
  json other = body;
  other["count"] = 2;
  CHECK_REFUSED(office.post("/v1/sales", other, office.all), 422, "idempotency-mismatch");
  CHECK(office.get("/v1/reports/days/2026-05-01")["totals"]["sold"] == 1);
  json headerless = office.body({{"film", kWalk}});
  headerless.erase("idempotency_key");
  auto client = office.client(office.all);
  const base::http::Headers with_key{{"Idempotency-Key", "from-header"}};
  const auto one = client.post("/v1/sales", headerless.dump(), "application/json", with_key).value();
  CHECK(one.status == 201);
  CHECK(client.post("/v1/sales", headerless.dump(), "application/json", with_key)->body == one.body);
  json both = headerless;
  both["idempotency_key"] = "another";
  const auto mixed = client.post("/v1/sales", both.dump(), "application/json", with_key).value();
  CHECK(refused(mixed).field == "idempotency_key");
}

TEST_CASE("what a body leaves out of its head comes from the key") {
  OfficeFixture office;
  json body = office.body({{"film", kWalk}});
  body.erase("device");
  body.erase("actor");
  REQUIRE(office.post("/v1/sales", body, office.all).status == 201);
  const json events = office.get("/v1/events")["events"];
  CHECK(events.back()["actor"] == "manager");
  CHECK(events.back()["device"] == "manager");
}

TEST_CASE("bad input is 400 and names the field") {
  OfficeFixture office;
  const auto field = [&](const std::string& path, const json& body) {
    const Refused got = refused(office.post(path, body, office.all));
    CHECK(got.status == 400);
    return got.field;
  };
  CHECK(field("/v1/sales", office.body(json::object())) == "film");
  CHECK(field("/v1/sales", office.body({{"film", "12"}})) == "film");
  CHECK(field("/v1/sales", office.body({{"film", kWalk}, {"count", 51}})) == "count");
  CHECK(field("/v1/sales", office.body({{"film", kWalk}, {"colour", "red"}})) == "colour");
  CHECK(field("/v1/sales", office.body({{"film", kWalk}, {"kind", "refund"}})) == "kind");
  CHECK(field("/v1/plays", office.body({{"play", "hall-a-1-1"}})) == "kind");
  CHECK(field("/v1/plays", office.body({{"kind", "sale"}, {"film", kWalk}})) == "kind");
  CHECK(field("/v1/days/2026-05-01/close", office.body({{"date", "2026-05-02"}})) == "date");
  auto client = office.client(office.all);
  CHECK_REFUSED(client.post("/v1/sales", "{", "application/json").value(), 400, "request-malformed");
  CHECK_REFUSED(client.post("/v1/sales", "[1]", "application/json").value(), 400, "request-malformed");
  CHECK_REFUSED(client.get("/v1/reports/days/yesterday").value(), 400, "date-malformed");
  CHECK(refused(client.get("/v1/events?after=-1").value()).field == "after");
  CHECK(refused(client.get("/v1/events?limit=0").value()).field == "limit");
  CHECK_REFUSED(client.post("/v1/sales", "{\"film\":\"" + std::string(2 << 20, 'x') + "\"}", "application/json").value(), 413, "body-too-large");
}

TEST_CASE("keys open what their scopes say and nothing else") {
  OfficeFixture office;
  CHECK_REFUSED(office.post("/v1/sales", office.body({{"film", kWalk}}), ""), 401, "key-missing");
  CHECK_REFUSED(office.post("/v1/sales", office.body({{"film", kWalk}}), "pk_guess"), 401, "key-wrong");
  CHECK_REFUSED(office.post("/v1/sales", office.body({{"film", kWalk}}), office.reader), 403, "scope-missing");
  CHECK_REFUSED(office.post("/v1/days/2026-05-01/close", office.body(json::object()), office.hall), 403, "scope-missing");
  CHECK_REFUSED(office.client(office.hall).get("/v1/events").value(), 403, "scope-missing");
  for (const char* open : {"/healthz", "/readyz", "/metrics", "/v1/openapi.json"}) CHECK(office.client("").get(open)->status == 200);
  auto ring = api::load_key_ring(office.dir().api_keys()).value();
  REQUIRE(ring.revoke("circuit"));
  REQUIRE(api::save_key_ring(ring, office.dir().api_keys()));
  CHECK_REFUSED(office.client(office.reader).get("/v1/events").value(), 401, "key-wrong");
}

TEST_CASE("tickets used twice, forged, of yesterday and refunded are refused with their reason") {
  OfficeFixture office;
  const json sale = office.made("/v1/sales", office.body({{"film", kWalk}, {"count", 3}}));
  const auto redeem = [&](const std::string& token) { return office.post("/v1/redemptions", office.body({{"token", token}, {"hall", "hall-a"}}), office.hall); };
  const std::string token = sale["tickets"][0]["token"];
  REQUIRE(redeem(token).status == 201);
  CHECK_REFUSED(redeem(token), 409, "ticket-already-redeemed");
  std::string forged = sale["tickets"][1]["token"];
  forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
  CHECK(refused(redeem(forged)).code.starts_with("ticket-"));
  const base::KeyPair stranger = base::KeyPair::from_seed({1, 2, 3});
  Ticket copy = parse_ticket(sale["tickets"][1]["token"].get<std::string>()).value();
  CHECK_REFUSED(redeem(issue_ticket(copy, stranger)), 422, "ticket-forged");
  CHECK_REFUSED(redeem("not a ticket"), 400, "ticket-malformed");
  office.made("/v1/refunds", office.body({{"ticket", sale["tickets"][2]["code"]}}));
  CHECK_REFUSED(redeem(sale["tickets"][2]["token"]), 409, "ticket-refunded");
  CHECK_REFUSED(office.post("/v1/refunds", office.body({{"ticket", sale["tickets"][2]["code"]}}), office.all), 409, "ticket-already-refunded");
  office.set_now("2026-05-02T04:00:00Z");
  CHECK_REFUSED(redeem(sale["tickets"][1]["token"]), 409, "ticket-other-day");
  CHECK_REFUSED(office.client(office.all).get("/v1/tickets/1111111111111111").value(), 404, "ticket-unknown");
  CHECK_REFUSED(office.client(office.all).get("/v1/nothing").value(), 404, "not-found");
  CHECK_REFUSED(office.client(office.all).get("/v1/sales").value(), 405, "method-not-allowed");
  CHECK_REFUSED(office.client(office.all).get("/v1/reports/days/2026-05-01?revision=3").value(), 404, "revision-unknown");
}

TEST_CASE("a batch accepts and refuses each redemption on its own") {
  OfficeFixture office;
  const json sale = office.made("/v1/sales", office.body({{"film", kSit}, {"count", 3}}));
  json requests = json::array();
  for (int i = 0; i < 3; ++i) requests.push_back(office.body({{"token", sale["tickets"][static_cast<std::size_t>(i)]["token"]}, {"hall", "hall-a"}}));
  requests.push_back(office.body({{"token", sale["tickets"][0]["token"]}, {"hall", "hall-a"}}));
  requests.push_back(office.body({{"hall", "hall-a"}}));
  const auto response = office.post("/v1/redemptions/batch", {{"requests", requests}}, office.hall);
  REQUIRE(response.status == 200);
  const json results = json::parse(response.body)["results"];
  REQUIRE(results.size() == 5);
  for (std::size_t i = 0; i < 3; ++i) CHECK(results[i]["status"] == 201);
  CHECK(results[3]["problem"]["code"] == "ticket-already-redeemed");
  CHECK(results[4]["problem"]["field"] == "token");
  CHECK(office.post("/v1/redemptions/batch", {{"requests", json::array()}}, office.hall).status == 400);
}

TEST_CASE("a hall's outbox may come late and twice") {
  OfficeFixture office;
  const json sale = office.made("/v1/sales", office.body({{"film", kWalk}}));
  const json redemption = office.body({{"token", sale["tickets"][0]["token"]}, {"hall", "hall-a"}, {"headset", 3}, {"offline", true}});
  const json seen = office.body({{"sensor", "door-1"}, {"hall", "hall-a"}, {"from", "2026-05-01T04:00:00Z"}, {"to", "2026-05-01T05:00:00Z"}, {"known", true}, {"entered", 1}, {"left", 1}});
  office.set_now("2026-05-02T00:00:00Z");
  office.made("/v1/days/2026-05-01/close", office.body({{"force", true}}));
  const auto first = office.post("/v1/observations", seen, office.hall);
  REQUIRE(first.status == 201);
  CHECK(json::parse(first.body)["late"] == true);
  CHECK(office.post("/v1/observations", seen, office.hall).body == first.body);
  const auto late = office.post("/v1/redemptions", redemption, office.hall);
  INFO(late.body);
  REQUIRE(late.status == 201);
  CHECK(office.post("/v1/redemptions", redemption, office.hall).body == late.body);
  const json corrected = office.made("/v1/corrections", office.body({{"date", "2026-05-01"}, {"reason", "late entries of the hall"}, {"supervisor", "boss"}}));
  CHECK(corrected["revision"] == 2);
  CHECK(office.get("/v1/reports/days/2026-05-01")["totals"]["redeemed"] == 1);
  CHECK(office.get("/v1/reports/days/2026-05-01?revision=1")["totals"]["redeemed"] == 0);
}

TEST_CASE("metrics count routes and never name a ticket") {
  OfficeFixture office;
  const json sale = office.made("/v1/sales", office.body({{"film", kWalk}}));
  const std::string code = sale["tickets"][0]["code"];
  office.get("/v1/tickets/" + code);
  const std::string metrics = office.client("").get("/metrics")->body;
  CHECK(metrics.contains("promenade_boxoffice_ledger_events 4"));
  CHECK(metrics.contains(R"(promenade_boxoffice_http_requests_total{method="GET",route="/v1/tickets/{code}",status="200"} 1)"));
  CHECK_FALSE(metrics.contains(code));
}

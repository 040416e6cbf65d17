// Access tokens, rate limits, answers that have not changed.
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <fstream>

#include "tests/ticketing_api/office_fixture.h"
#include "tests/ticketing_api/schema_check.h"
#include "ticketing/api/rate_limit.h"
#include "ticketing/api/token_book.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;
using nlohmann::json;

namespace {

constexpr const char* kClientSecretOfCircuit = "grant_type=client_credentials&client_id=circuit&client_secret=";

std::string standard_base64(const std::string& text) {
  std::string out = base::to_base64url(base::as_bytes(text));
  for (char& c : out) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (out.size() % 4 != 0) out += '=';
  return out;
}

}  // namespace

TEST_CASE("a circuit works with an access token of its key, for no more than it asked for") {
  OfficeFixture office;
  auto client = office.client("");
  const auto given = client.post("/v1/oauth/token", kClientSecretOfCircuit + office.reader, kForm).value();
  REQUIRE(given.status == 200);
  CHECK(given.header("cache-control") == "no-store");
  const json token = json::parse(given.body);
  CHECK(schema_error(token, api::schemas().at("Token"), api::schemas()) == "");
  CHECK(token["scope"] == "read");
  CHECK(office.client(token["access_token"]).get("/v1/events")->status == 200);
  CHECK(office.post("/v1/sales", office.body({{"film", kWalk}}), token["access_token"]).status == 403);
  // By Authorization: Basic, and fewer scopes than the key has.
  const auto basic = client.post("/v1/oauth/token", "grant_type=client_credentials&scope=read", kForm,
                                 {{"Authorization", "Basic " + standard_base64("manager:" + office.all)}}).value();
  REQUIRE(basic.status == 200);
  const std::string narrow = json::parse(basic.body)["access_token"];
  CHECK(office.client(narrow).get("/v1/events")->status == 200);
  CHECK(office.post("/v1/sales", office.body({{"film", kWalk}}), narrow).status == 403);
  // A token counts only while its key does.
  auto ring = api::load_key_ring(office.dir().api_keys()).value();
  REQUIRE(ring.revoke("circuit"));
  REQUIRE(api::save_key_ring(ring, office.dir().api_keys()));
  CHECK(office.client(token["access_token"]).get("/v1/events")->status == 401);
}

TEST_CASE("whoever is no client gets no token, and is told by RFC 6749's words") {
  OfficeFixture office;
  auto client = office.client("");
  const auto refused = [&](const std::string& form, int status, const char* error) {
    const auto answer = client.post("/v1/oauth/token", form, kForm).value();
    CHECK(answer.status == status);
    CHECK(json::parse(answer.body)["error"] == error);
  };
  refused("grant_type=password", 400, "unsupported_grant_type");
  refused("grant_type=client_credentials", 401, "invalid_client");
  refused(std::string(kClientSecretOfCircuit) + "pk_guess", 401, "invalid_client");
  refused("grant_type=client_credentials&client_id=manager&client_secret=" + office.reader, 401, "invalid_client");
  refused(kClientSecretOfCircuit + office.reader + "&scope=sell", 403, "invalid_scope");
  refused(kClientSecretOfCircuit + office.reader + "&scope=everything", 400, "invalid_scope");
  CHECK(office.client("pt_made_up").get("/v1/events")->status == 401);
}

TEST_CASE("a token ends after its hour, and memory is bounded") {
  api::TokenBook book;
  std::chrono::steady_clock::time_point now{std::chrono::hours(100)};
  auto random = [n = 0]() mutable {
    base::Bytes bytes(24);
    ++n;
    std::memcpy(bytes.data(), &n, sizeof n);
    return bytes;
  };
  const std::string first = book.issue("circuit", {api::Scope::read}, random(), now);
  REQUIRE(book.find(first, now + api::TokenBook::kLife - std::chrono::seconds(1)) != nullptr);
  CHECK(book.find(first, now + api::TokenBook::kLife) == nullptr);
  for (std::size_t i = 0; i < api::TokenBook::kMost; ++i) book.issue("circuit", {api::Scope::read}, random(), now + std::chrono::seconds(1));
  CHECK(book.find(first, now + std::chrono::seconds(1)) == nullptr);  // the one that ends first went
}

TEST_CASE("a bucket holds a burst and fills evenly") {
  api::RateLimiter limiter({.per_s = 10, .burst = 5});
  std::int64_t now = 1'000'000;
  for (int i = 0; i < 5; ++i) CHECK_FALSE(limiter.take("a", now));
  CHECK(limiter.take("a", now) == 1);
  CHECK_FALSE(limiter.take("b", now));
  now += 99;
  CHECK(limiter.take("a", now) == 1);
  now += 1;
  CHECK_FALSE(limiter.take("a", now));
  CHECK(limiter.take("a", now) == 1);
  CHECK(limiter.take("a", now - 5'000) == 1);  // a time that goes back gives nothing
  now += 1'000'000'000'000;
  for (int i = 0; i < 5; ++i) CHECK_FALSE(limiter.take("a", now));
  CHECK(limiter.take("a", now));
}

TEST_CASE("more names than the limiter remembers wait, until some buckets are full again") {
  api::RateLimiter limiter({.per_s = 1, .burst = 2});
  for (std::size_t i = 0; i < api::RateLimiter::kMostNames; ++i) CHECK_FALSE(limiter.take("n" + std::to_string(i), 0));
  CHECK(limiter.take("new", 0) == 1);
  CHECK_FALSE(limiter.take("new", 1000));
}

TEST_CASE("who asks too often is told when to ask again; others are not held up") {
  OfficeFixture office(sample_config(), 1024, {.per_s = 1, .burst = 3});
  auto client = office.client(office.reader);
  int refused = 0;
  for (int i = 0; i < 6; ++i) {
    const auto answer = client.get("/v1/venue").value();
    if (answer.status != 429) continue;
    ++refused;
    CHECK(answer.header("retry-after") == "1");
    CHECK(json::parse(answer.body)["code"] == "rate-limited");
  }
  CHECK(refused >= 2);
  CHECK(office.client(office.hall).get("/v1/venue")->status == 200);
}

TEST_CASE("what has not changed is not sent again") {
  OfficeFixture office;
  auto client = office.client(office.all);
  const auto first = client.get("/v1/counter").value();
  REQUIRE(first.header("etag"));
  const base::http::Headers held{{"If-None-Match", std::string(*first.header("etag"))}};
  office.set_now("2026-05-01T04:00:05Z");
  const auto same = client.get("/v1/counter", held).value();
  CHECK(same.status == 304);
  CHECK(same.body.empty());
  CHECK(same.header("promenade-now") == "2026-05-01T04:00:05.000Z");
  office.made("/v1/reservations", office.body({{"film", kWalk}}));
  CHECK(client.get("/v1/counter", held)->status == 200);
  const auto report = client.get("/v1/reports/days/2026-05-01").value();
  CHECK(client.get("/v1/reports/days/2026-05-01", {{"If-None-Match", std::string(*report.header("etag"))}})->status == 304);
  CHECK_FALSE(client.get("/v1/events")->header("etag"));  // never kept: a cursor's page grows
}

TEST_CASE("a gate's number is one device's, through restarts, until it is given up or taken over") {
  TempDir temp;
  const std::string file = temp.path() + "/gates";
  const base::UtcTime noon = utc("2026-05-01T04:00:00Z");
  {
    api::GateBoard board(file);
    CHECK(board.claim(1, "door-a", noon, false).has_value());
    CHECK(board.claim(1, "door-a", noon + std::chrono::hours(1), false).value().heard == noon + std::chrono::hours(1));
    const auto refused = board.claim(1, "door-b", noon, false);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "gate-taken");
    CHECK(refused.error().message.contains("door-a"));
    CHECK(refused.error().message.contains("05:00"));
    CHECK(board.claim(2, "door-b", noon, false).has_value());
  }
  {
    api::GateBoard board(file);  // a night of silence later
    CHECK(board.claim(1, "door-b", noon + std::chrono::hours(20), false).error().code == "gate-taken");
    CHECK(board.claim(1, "door-b", noon + std::chrono::hours(20), true).has_value());
    CHECK(board.claim(1, "door-a", noon + std::chrono::hours(20), false).error().code == "gate-taken");
    CHECK_FALSE(board.holder(2).has_value());  // one device is one gate
    CHECK(board.release("door-b").has_value());
    CHECK(board.claim(1, "door-a", noon, false).has_value());
  }
  std::ofstream(file) << "{}";
  CHECK(api::GateBoard(file).claim(1, "door-a", noon, false).error().code == "environment");
}

TEST_CASE("where there is one gate, nobody lets in beside the device that is it") {
  OfficeFixture office;
  const auto sale = office.made("/v1/sales", office.body({{"film", kSit}, {"count", 3}}));
  const auto let_in = [&](int ticket, const char* device, int number) {
    auto body = office.body({{"token", sale["tickets"][ticket]["token"]}, {"hall", "hall-a"}, {"door", true}});
    body["device"] = device;
    if (number > 0) body["gate"] = number;
    return office.post("/v1/redemptions", body, office.hall);
  };
  CHECK(let_in(0, "door-b", 0).status == 201);  // while nobody is the gate
  CHECK(office.post("/v1/gates", {{"gate", 1}, {"device", "door-a"}}, office.hall).status == 200);
  const auto refused = let_in(1, "door-b", 0);  // door-a may be cut off, and lets it in by its signature
  CHECK(refused.status == 409);
  CHECK(nlohmann::json::parse(refused.body)["code"] == "gate-taken");
  CHECK(nlohmann::json::parse(let_in(1, "door-b", 2).body)["code"] == "ticket-other-gate");
  CHECK(let_in(1, "door-a", 1).status == 201);
  CHECK(office.post("/v1/gates", {{"gate", 0}, {"device", "door-a"}}, office.hall).status == 200);
  CHECK(let_in(2, "door-b", 0).status == 201);
}

TEST_CASE("two doors under one number are found at the second one's first word") {
  Config config = sample_config();
  config.gates = 2;
  OfficeFixture office(config);
  const auto gate = [&](int number, const char* device, bool take = false) { return office.post("/v1/gates", {{"gate", number}, {"device", device}, {"take", take}}, office.hall); };
  CHECK(gate(1, "door-a").status == 200);
  CHECK(gate(1, "door-b").status == 409);
  CHECK(nlohmann::json::parse(gate(1, "door-b").body)["code"] == "gate-taken");
  CHECK(gate(3, "door-b").status == 404);
  CHECK(office.post("/v1/gates", {{"gate", 1}, {"device", "door-b"}}, office.reader).status == 403);
  // Tickets for gate 2, which nobody has taken: the first door that lets one in is it.
  std::vector<std::string> tokens;
  while (tokens.size() < 2) {
    const auto sale = office.made("/v1/sales", office.body({{"film", kSit}}));
    const std::string code = sale["tickets"][0]["code"];
    if (gate_of(base::TicketId(code), 2) == 2) tokens.push_back(sale["tickets"][0]["token"]);
    else office.made("/v1/refunds", office.body({{"ticket", code}}));
  }
  const auto let_in = [&](const std::string& token, const char* device, bool offline = false) {
    auto body = office.body({{"token", token}, {"hall", "hall-a"}, {"door", true}, {"gate", 2}, {"offline", offline}});
    body["device"] = device;
    return office.post("/v1/redemptions", body, office.hall);
  };
  CHECK(let_in(tokens[0], "door-c").status == 201);
  const auto refused = let_in(tokens[1], "door-b");
  CHECK(refused.status == 409);
  CHECK(nlohmann::json::parse(refused.body)["code"] == "gate-taken");
  CHECK(nlohmann::json::parse(refused.body)["detail_zh"].get<std::string>().contains("另一台设备"));
  auto batch = office.body({{"token", tokens[1]}, {"hall", "hall-a"}, {"door", true}, {"gate", 2}});
  batch["device"] = "door-b";
  const auto answers = nlohmann::json::parse(office.post("/v1/redemptions/batch", {{"requests", json::array({batch})}}, office.hall).body);
  CHECK(answers["results"][0]["problem"]["code"] == "gate-taken");
  CHECK(let_in(tokens[1], "door-c").status == 201);
}

// requests.h, answers.h
#include <catch2/catch_test_macros.hpp>

#include "tests/ticketing_core/fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;

namespace {

std::vector<Request> one_of_each() {
  World w;
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 2)));
  const auto redeemed = w.must<RedemptionAnswer>(Request(w.redemption(sold.tickets[0].token)));
  const GrantRequest grant = w.grant(redeemed);
  SaleRequest asked = w.sale(kSnowLine, 3, TicketKind::comp);
  asked.screening = sold.screening;
  asked.price = "0.00";
  Observation out = w.observation(noon(), noon() + std::chrono::minutes(5), 0);
  out.known = false;
  out.entered = out.left = 0;
  out.reason = "unplugged";
  RedemptionRequest offline = w.redemption("PMT1.x.y");
  offline.headset = {};
  offline.offline = true;
  Correction correction{w.head(), w.close().date, "counted late", "eva", sold.tickets[0].code};
  return {w.sale(kTideCaves), asked, RefundRequest{w.head(), sold.tickets[0].code, "ill", "eva"}, RefundRequest{w.head(), sold.tickets[0].code, "", ""},
          ChangeRequest{w.head(), sold.tickets[0].code, kTideCaves, {}}, w.redemption(sold.tickets[1].token), offline, grant, w.started(grant),
          w.ended(grant.play), HeadsetSwap{w.head(), grant.play, base::HeadsetId(7), base::HeadsetId(8)},
          w.observation(noon(), noon() + std::chrono::minutes(5), 3), out, w.close(true), correction,
          SettleEvacuation{w.head(), "hall-a-evacuation-1", sold.tickets[0].code, grant.play, Settlement::refund, {}, "eva"},
          SettleEvacuation{w.head(), "hall-a-evacuation-1", sold.tickets[0].code, {}, Settlement::rebook, sold.screening, ""},
          NationalReceipt{w.head(), w.close().date, {1, 2, 7}, noon(), "R-17"}, LateEntryApproval{w.head(), w.close().date, "2026-0509", noon(), "eva"}};
}

}  // namespace

TEST_CASE("every request goes to JSON and back") {
  for (const Request& request : one_of_each()) {
    INFO(to_json(request).dump());
    const auto back = request_from_text(to_json(request).dump());
    if (!back) INFO(back.error().text());
    REQUIRE(back.has_value());
    CHECK(*back == request);
    CHECK(digest_of(*back) == digest_of(request));
    auto no_kind = to_json(request);
    no_kind.erase("kind");
    CHECK(request_from_json(no_kind, kind_of(request)) == request);
    CHECK_FALSE(request_from_json(no_kind).has_value());
  }
}

TEST_CASE("a missing, unknown or ill-typed field is refused by name") {
  for (const Request& request : one_of_each()) {
    auto json = to_json(request);
    json["colour"] = "red";
    auto read = request_from_json(json);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().message.find("\"colour\"") != std::string::npos);
    for (const char* name : {"idempotency_key", "device", "device_ts", "actor"}) {
      json = to_json(request);
      json.erase(name);
      read = request_from_json(json);
      REQUIRE_FALSE(read.has_value());
      CHECK(read.error().message.find(std::string("\"") + name + "\"") != std::string::npos);
    }
    const auto whole = to_json(request);
    for (const auto& [name, value] : whole.items()) {
      json = to_json(request);
      json[name] = nlohmann::json::array();
      INFO(json.dump());
      CHECK(request_from_json(json).error().code == "request-malformed");
    }
  }
}

TEST_CASE("values out of their limits are refused") {
  World w;
  const auto bad = [&](const char* name, nlohmann::json value) {
    auto json = to_json(Request(w.sale(kTideCaves)));
    json[name] = std::move(value);
    return !request_from_json(json).has_value();
  };
  CHECK(bad("count", 0));
  CHECK(bad("count", 51));
  CHECK(bad("count", 1.5));
  CHECK(bad("count", "1"));
  CHECK(bad("film", "1"));
  CHECK(bad("channel", "1"));
  CHECK(bad("screening", "1"));
  CHECK(bad("ticket_kind", "free"));
  CHECK(bad("idempotency_key", ""));
  CHECK(bad("idempotency_key", "a b"));
  CHECK(bad("idempotency_key", std::string(81, 'a')));
  CHECK(bad("actor", "\xFF"));
  CHECK(bad("device_ts", "yesterday"));
  CHECK_FALSE(bad("count", 50));
  CHECK(request_from_text("{").error().code == "request-malformed");
  CHECK(request_from_text("[]").error().code == "request-malformed");
  CHECK(request_from_text(std::string(70'000, ' ')).error().code == "request-malformed");
  CHECK(request_from_json({{"kind", "dance"}}).error().code == "request-malformed");
}

TEST_CASE("every answer goes to JSON and back") {
  World w;
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 2)));
  std::vector<Answer> answers{sold};
  answers.push_back(*w.ask(Request(RefundRequest{w.head(), sold.tickets[0].code, "", ""})));
  const auto redeemed = w.must<RedemptionAnswer>(Request(w.redemption(sold.tickets[1].token)));
  answers.push_back(redeemed);
  answers.push_back(*w.ask(Request(ChangeRequest{w.head(), sold.tickets[1].code, kTideCaves, {}})));
  GrantRequest grant = w.grant(redeemed);
  grant.film = kTideCaves;
  answers.push_back(*w.ask(Request(grant)));
  answers.push_back(*w.ask(Request(w.started(grant))));
  answers.push_back(*w.ask(Request(w.close(true))));
  for (const Answer& answer : answers) {
    INFO(to_json(answer).dump());
    CHECK(answer_from_text(to_json(answer).dump()) == answer);
    auto json = to_json(answer);
    json["colour"] = 1;
    CHECK(answer_from_json(json).error().code == "answer-malformed");
  }
  CHECK(answer_from_text("x").error().code == "answer-malformed");
}

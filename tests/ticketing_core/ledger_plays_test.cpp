// ledger_state.h: the door, grants, plays, observations and days
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>

#include "tests/ticketing_core/fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::hours;
using std::chrono::minutes;

namespace {


struct Visit {
  World w;
  SoldTicket ticket = w.must<SaleAnswer>(Request(w.sale(kSnowLine))).tickets[0];
  RedemptionAnswer redeemed = w.must<RedemptionAnswer>(Request(w.redemption(ticket.token)));
};

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("a ticket is redeemed once") {
  Visit v;
  CHECK(v.redeemed.film == kSnowLine);
  const auto again = v.w.ask(Request(v.w.redemption(v.ticket.token)));
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == "ticket-already-redeemed");
  CHECK(again.error().message == "The ticket was redeemed at 2026-05-01 12:00:00.");
}

TEST_CASE("the door refuses what it must") {
  World w;
  const auto ticket = w.must<SaleAnswer>(Request(w.sale(kSnowLine))).tickets[0];
  CHECK(w.refused(Request(w.redemption("nonsense"))) == "ticket-malformed");
  std::string forged = ticket.token;
  forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
  CHECK(w.refused(Request(w.redemption(forged))) == "ticket-forged");
  World other(small_config(), 2);  // the same venue and key with another ledger
  CHECK(other.refused(Request(other.redemption(ticket.token))) == "ticket-unknown");
  RedemptionRequest r = w.redemption(ticket.token);
  r.hall = base::HallId("hall-z");
  CHECK(w.refused(Request(r)) == "hall-unknown");
  w.now += minutes(40);
  CHECK(w.refused(Request(w.redemption(ticket.token))) == "ticket-expired");
  w.now += hours(24);
  CHECK(w.refused(Request(w.redemption(ticket.token))) == "ticket-other-day");
}

TEST_CASE("the door lets in once, and the hall binds once whom the door has let in") {
  World w;
  const auto tickets = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 2))).tickets;
  const auto at_door = [&](const SoldTicket& ticket, std::uint16_t headset = 0) {
    RedemptionRequest r = w.redemption(ticket.token);
    r.door = true;
    r.headset = base::HeadsetId(headset);
    return r;
  };
  const auto let_in = w.must<RedemptionAnswer>(Request(at_door(tickets[0])));
  CHECK(w.refused(Request(at_door(tickets[0]))) == "ticket-already-redeemed");
  const auto bound = w.must<RedemptionAnswer>(Request(w.redemption(tickets[0].token)));
  CHECK(bound.redemption != let_in.redemption);
  CHECK(w.refused(Request(w.redemption(tickets[0].token))) == "ticket-already-redeemed");
  CHECK(w.refused(Request(at_door(tickets[0]))) == "ticket-already-redeemed");
  CHECK(w.refused(Request(w.grant(let_in))) == "redemption-revoked");
  const GrantRequest granted = w.grant(bound);
  w.must<GrantAnswer>(Request(granted));
  w.must<RecordedAnswer>(Request(w.started(granted)));
  w.must<RecordedAnswer>(Request(w.ended(granted.play)));
  const auto totals = w.state.report(kDay).totals;
  CHECK(totals.redeemed == 1);
  CHECK(totals.played == 1);
  // A headset that the door has handed out is the one that the hall may bind.
  w.must<RedemptionAnswer>(Request(at_door(tickets[1], 9)));
  RedemptionRequest other = w.redemption(tickets[1].token);  // headset 7
  CHECK(w.refused(Request(other)) == "ticket-already-redeemed");
  other.head = w.head();
  other.headset = base::HeadsetId(9);
  CHECK(w.must<RedemptionAnswer>(Request(other)).conflict == false);
}

TEST_CASE("of several gates one alone lets a ticket in, cut off or not") {
  Config config = small_config();
  config.gates = 8;
  World w(config);
  const auto ticket = w.must<SaleAnswer>(Request(w.sale(kSnowLine))).tickets[0];
  int opened = 0;
  for (int gate = 0; gate <= 8; ++gate) {
    RedemptionRequest r = w.redemption(ticket.token);
    r.door = true;
    r.gate = gate;
    const std::string refusal = w.refused(Request(r));
    CHECK((gate == gate_of(ticket.code, 8)) == refusal.empty());
    if (!refusal.empty()) CHECK(refusal == "ticket-other-gate");
    opened += refusal.empty() ? 1 : 0;
  }
  CHECK(opened == 1);
  // What another gate did all the same, cut off and wrongly set up, is booked as a conflict.
  RedemptionRequest wrong = w.redemption(ticket.token);
  wrong.door = wrong.offline = true;
  wrong.gate = gate_of(ticket.code, 8) % 8 + 1;
  CHECK(w.must<RedemptionAnswer>(Request(wrong)).conflict);
  w.must<RedemptionAnswer>(Request(w.redemption(ticket.token)));  // the hall has no gate
  std::array<int, 9> busy{};
  for (int i = 0; i < 8000; ++i) ++busy[static_cast<std::size_t>(gate_of(random_ticket_code(w.ids), 8))];
  for (int gate = 1; gate <= 8; ++gate) CHECK((busy[static_cast<std::size_t>(gate)] > 850 && busy[static_cast<std::size_t>(gate)] < 1150));
}

TEST_CASE("a door that was cut off tells late of one whom the hall has bound; a second door is a conflict") {
  Visit v;
  RedemptionRequest late = v.w.redemption(v.ticket.token);
  late.door = true;
  CHECK(v.w.refused(Request(late)) == "ticket-already-redeemed");
  late.head = v.w.head();
  late.offline = true;
  CHECK_FALSE(v.w.must<RedemptionAnswer>(Request(late)).conflict);
  CHECK(v.w.state.tickets().at(v.ticket.code).redemption == v.redeemed.redemption);
  late.head = v.w.head();
  CHECK(v.w.must<RedemptionAnswer>(Request(late)).conflict);
  v.w.must<GrantAnswer>(Request(v.w.grant(v.redeemed)));
}

TEST_CASE("what a hall did while cut off is booked, and what broke the rules shows") {
  Visit v;
  RedemptionRequest twice = v.w.redemption(v.ticket.token);
  twice.offline = true;
  const auto conflict = v.w.must<RedemptionAnswer>(Request(twice));
  CHECK(conflict.conflict);
  CHECK(v.w.state.tickets().at(v.ticket.code).redemption == v.redeemed.redemption);
  GrantRequest grant = v.w.grant(conflict);
  CHECK(v.w.refused(Request(grant)) == "redemption-revoked");
  grant.offline = true;
  CHECK(v.w.must<GrantAnswer>(Request(grant)).conflict);
  CHECK(v.w.must<RecordedAnswer>(Request(v.w.started(grant))).discrepancies == Codes{"double-redemption"});
  const auto report = v.w.state.report(kDay);
  CHECK(std::ranges::count(report.discrepancies, "double-redemption", &Discrepancy::code) == 1);
  RedemptionRequest forged = v.w.redemption(v.ticket.token);
  char& letter = forged.token[forged.token.size() - 10];
  letter = letter == 'A' ? 'B' : 'A';
  forged.offline = true;
  CHECK(v.w.refused(Request(forged)) == "ticket-forged");
}

TEST_CASE("a play on a ticket that was refunded meanwhile is an alarm and no play of that ticket") {
  // The counter refunds between grant and play. The hall, cut off, either starts the play it has the grant for, or
  // grants the viewer anew; it hands both in afterwards.
  for (const bool granted_anew : {false, true}) {
    Visit v;
    GrantRequest grant = v.w.grant(v.redeemed);
    v.w.must<GrantAnswer>(Request(grant));
    const auto refund = v.w.must<RefundAnswer>(Request(RefundRequest{v.w.head(), v.ticket.code, "ill", "eva"}));
    CHECK(refund.revoked_grant == GrantId(grant.head.idempotency_key));
    CHECK(refund.revoked_redemption == v.redeemed.redemption);
    if (granted_anew) {
      grant = v.w.grant(v.redeemed);
      CHECK(v.w.refused(Request(grant)) == "redemption-revoked");
      grant.offline = true;
      CHECK(v.w.must<GrantAnswer>(Request(grant)).conflict);
    }
    CHECK(v.w.must<RecordedAnswer>(Request(v.w.started(grant))).discrepancies == Codes{"double-redemption"});
    v.w.must<RecordedAnswer>(Request(v.w.ended(grant.play)));
    const DayReport report = v.w.state.report(kDay);
    CHECK(report.totals.sold == 1);
    CHECK(report.totals.refunded == 1);
    CHECK(report.totals.redeemed == 0);
    CHECK(report.totals.played == 0);
    CHECK(report.totals.net_minor() == 0);
    const auto named = std::ranges::find(report.discrepancies, "double-redemption", &Discrepancy::code);
    REQUIRE(named != report.discrepancies.end());
    CHECK(named->subject == grant.play.value());
    CHECK(named->tickets == std::vector{v.ticket.code.value()});
    // A second such play exceeds the redemption besides, and still counts nowhere.
    GrantRequest again = v.w.grant(v.redeemed);
    again.offline = true;
    v.w.must<GrantAnswer>(Request(again));
    CHECK(v.w.must<RecordedAnswer>(Request(v.w.started(again))).discrepancies == Codes{"double-redemption", "plays-exceed-redeemed"});
    v.w.must<RecordedAnswer>(Request(v.w.ended(again.play)));
    CHECK(v.w.state.report(kDay).totals.played == 0);
  }
}

TEST_CASE("a ticket that was refunded after an interrupted play is not granted again") {
  Visit v;
  const GrantRequest grant = v.w.grant(v.redeemed);
  v.w.must<GrantAnswer>(Request(grant));
  v.w.must<RecordedAnswer>(Request(v.w.started(grant)));
  v.w.must<RecordedAnswer>(Request(v.w.ended(grant.play, false)));
  CHECK(v.w.must<RefundAnswer>(Request(RefundRequest{v.w.head(), v.ticket.code, "fault", "eva"})).watched);
  CHECK(v.w.refused(Request(v.w.grant(v.redeemed))) == "redemption-revoked");
  CHECK(v.w.state.report(kDay).totals.redeemed == 1);  // the admission stays, with zero net
}

TEST_CASE("an offline redemption counts at the hall's time") {
  World w;
  const auto ticket = w.must<SaleAnswer>(Request(w.sale(kSnowLine))).tickets[0];
  RedemptionRequest r = w.redemption(ticket.token);
  r.offline = true;
  w.now += hours(3);
  const auto redeemed = w.must<RedemptionAnswer>(Request(r));
  CHECK_FALSE(redeemed.conflict);
  CHECK(w.state.redemptions().at(redeemed.redemption).at == noon());
}

TEST_CASE("a grant binds one play to one redemption") {
  Visit v;
  const GrantRequest grant = v.w.grant(v.redeemed);
  CHECK(v.w.must<GrantAnswer>(Request(grant)).grant.value() == grant.head.idempotency_key);
  GrantRequest same = v.w.grant(v.redeemed);
  same.play = grant.play;
  CHECK(v.w.refused(Request(same)) == "play-code-used");
  GrantRequest none = v.w.grant(v.redeemed);
  none.redemption = RedemptionId("nobody");
  CHECK(v.w.refused(Request(none)) == "redemption-unknown");
  // A headset that fails before the play: the next grant replaces the first.
  const GrantRequest next = v.w.grant(v.redeemed);
  v.w.must<GrantAnswer>(Request(next));
  CHECK(v.w.state.grants().at(GrantId(grant.head.idempotency_key)).revoked);
  CHECK(v.w.must<RecordedAnswer>(Request(v.w.started(grant))).discrepancies == Codes{"play-without-grant"});
  CHECK(v.w.must<RecordedAnswer>(Request(v.w.started(next))).discrepancies.empty());
  CHECK(v.w.refused(Request(v.w.grant(v.redeemed))) == "play-in-progress");
  v.w.must<RecordedAnswer>(Request(v.w.ended(next.play)));
  CHECK(v.w.refused(Request(v.w.grant(v.redeemed))) == "already-watched");
}

TEST_CASE("an interrupted play may be granted anew, a completed one not") {
  Visit v;
  const GrantRequest grant = v.w.grant(v.redeemed);
  v.w.must<GrantAnswer>(Request(grant));
  v.w.must<RecordedAnswer>(Request(v.w.started(grant)));
  v.w.must<RecordedAnswer>(Request(v.w.ended(grant.play, false)));
  const GrantRequest next = v.w.grant(v.redeemed);
  v.w.must<GrantAnswer>(Request(next));
  v.w.must<RecordedAnswer>(Request(v.w.started(next)));
  v.w.must<RecordedAnswer>(Request(v.w.ended(next.play)));
  const auto totals = v.w.state.report(kDay).totals;
  CHECK(totals.plays_started == 2);
  CHECK(totals.played == 1);
}

TEST_CASE("invariant 2: a swapped headset continues the same play") {
  Visit v;
  const GrantRequest grant = v.w.grant(v.redeemed);
  v.w.must<GrantAnswer>(Request(grant));
  v.w.must<RecordedAnswer>(Request(v.w.started(grant)));
  v.w.must<RecordedAnswer>(Request(HeadsetSwap{v.w.head(), grant.play, base::HeadsetId(7), base::HeadsetId(9)}));
  v.w.must<RecordedAnswer>(Request(v.w.ended(grant.play)));
  const PlayRecord& play = v.w.state.plays().at(grant.play);
  CHECK(play.headset == base::HeadsetId(9));
  CHECK(play.swaps == 1);
  CHECK(v.w.state.plays().size() == 1);
  CHECK(v.w.refused(Request(HeadsetSwap{v.w.head(), grant.play, base::HeadsetId(9), base::HeadsetId(7)})) == "play-already-ended");
}

TEST_CASE("invariant 11: a play is in the ledger once and is of the ticket's film and package") {
  Visit v;
  const GrantRequest grant = v.w.grant(v.redeemed);
  v.w.must<GrantAnswer>(Request(grant));
  PlayStarted other = v.w.started(grant);
  other.package_hash = package(2);
  CHECK(v.w.must<RecordedAnswer>(Request(other)).discrepancies == Codes{"film-mismatch"});
  CHECK(v.w.refused(Request(v.w.started(grant))) == "play-already-recorded");
  CHECK(v.w.refused(Request(v.w.ended(PlayCode("hall-a-1-999")))) == "play-unknown");
  PlayEnded early = v.w.ended(grant.play);
  early.end = noon() - hours(1);
  CHECK(v.w.refused(Request(early)) == "play-ends-before-start");
  CHECK(v.w.refused(Request(v.w.ended(grant.play))).empty());
  CHECK(v.w.refused(Request(v.w.ended(grant.play))) == "play-already-ended");
  Config registered = small_config();
  registered.films[1].package_hash = package(5);
  World w(registered);
  const auto redeemed = w.must<RedemptionAnswer>(Request(w.redemption(w.must<SaleAnswer>(Request(w.sale(kSnowLine))).tickets[0].token)));
  CHECK(w.refused(Request(w.grant(redeemed))) == "package-mismatch");
}

TEST_CASE("a second completed play of one redemption is an alarm") {
  Visit v;
  v.w.state.report(kDay);
  const GrantRequest grant = v.w.grant(v.redeemed);
  v.w.must<GrantAnswer>(Request(grant));
  v.w.must<RecordedAnswer>(Request(v.w.started(grant)));
  v.w.must<RecordedAnswer>(Request(v.w.ended(grant.play)));
  GrantRequest again = v.w.grant(v.redeemed);
  again.offline = true;
  v.w.must<GrantAnswer>(Request(again));
  CHECK(v.w.must<RecordedAnswer>(Request(v.w.started(again))).discrepancies == Codes{"plays-exceed-redeemed"});
  v.w.must<RecordedAnswer>(Request(v.w.ended(again.play)));
  const auto report = v.w.state.report(kDay);
  CHECK(std::ranges::count(report.discrepancies, "plays-exceed-redeemed", &Discrepancy::code) == 1);
  CHECK(report.totals.played == 1);
}

TEST_CASE("observations are of a known sensor, one day, and each time once") {
  World w;
  CHECK(w.refused(Request(w.observation(noon(), noon() + minutes(5), 3))).empty());
  CHECK(w.refused(Request(w.observation(noon() + minutes(4), noon() + minutes(9), 3))) == "observation-overlaps");
  CHECK(w.refused(Request(w.observation(noon() + minutes(5), noon() + minutes(9), 3))).empty());
  CHECK(w.refused(Request(w.observation(noon() - hours(1), noon() + hours(20), 3))) == "observation-spans-days");
  Observation o = w.observation(noon() - minutes(5), noon(), 3);
  o.sensor = "door-9";
  CHECK(w.refused(Request(o)) == "sensor-unknown");
}

TEST_CASE("a closed day changes only by a correction, and old revisions stay readable") {
  Visit v;
  const GrantRequest grant = v.w.grant(v.redeemed);
  v.w.must<GrantAnswer>(Request(grant));
  v.w.must<RecordedAnswer>(Request(v.w.started(grant)));
  CHECK(v.w.refused(Request(v.w.close())) == "day-has-open-plays");
  const auto closed = v.w.must<DayAnswer>(Request(v.w.close(true)));
  CHECK(closed.revision == 1);
  const std::string first = report_json_text(v.w.state.report(kDay));
  CHECK(base::blake2b(base::as_bytes(first)) == closed.report_hash);
  CHECK(v.w.refused(Request(v.w.close())) == "day-already-final");
  CHECK(v.w.refused(Request(v.w.sale(kSnowLine))) == "day-final");
  CHECK(v.w.refused(Request(RefundRequest{v.w.head(), v.ticket.code, "x", "y"})) == "day-final");
  const auto late = v.w.must<RecordedAnswer>(Request(v.w.ended(grant.play)));
  CHECK(late.late);
  CHECK(v.w.state.days().at(kDay).late_events == 1);
  CHECK(report_json_text(v.w.state.report(kDay)) == first);
  const auto corrected = v.w.must<DayAnswer>(Request(Correction{v.w.head(), kDay, "late play", "eva", {}}));
  CHECK(corrected.revision == 2);
  CHECK(v.w.state.report(kDay).totals.played == 1);
  const auto refunded = v.w.must<DayAnswer>(Request(Correction{v.w.head(), kDay, "fault", "eva", v.ticket.code}));
  CHECK(refunded.revision == 3);
  CHECK(v.w.state.report(kDay).totals.net_minor() == 0);
  CHECK(v.w.state.report(kDay, 2)->totals.net_minor() == 8800);
  CHECK(report_json_text(*v.w.state.report(kDay, 1)) == first);
  CHECK_FALSE(v.w.state.report(kDay, 4).has_value());
  DayClose tomorrow = v.w.close();
  tomorrow.date = kDay.plus_days(1);
  CHECK(v.w.refused(Request(tomorrow)) == "day-not-begun");
  CHECK(v.w.refused(Request(Correction{v.w.head(), kDay.plus_days(1), "x", "y", {}})) == "day-not-final");
}

TEST_CASE("a ledger that does not fit itself is refused at the event") {
  Visit v;
  const auto& events = v.w.events;
  LedgerState gap(v.w.state.venue());
  CHECK(gap.apply(events[1]).error().code == "ledger-inconsistent");
  LedgerState state(v.w.state.venue());
  for (std::size_t i = 0; i + 1 < events.size(); ++i) REQUIRE(state.apply(events[i]).has_value());
  for (const char* body : {"", "{}", "[]", "{\"request\":1}"}) {
    Event bad = events.back();
    bad.body = body;
    LedgerState copy = state;
    const auto done = copy.apply(bad);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().message.find("Event " + std::to_string(bad.seq)) != std::string::npos);
  }
}

TEST_CASE("two devices that were one gate while cut off are an alarm as soon as both have told of it") {
  Config config = small_config();
  config.gates = 2;
  World w(config);
  std::vector<std::string> tokens;
  while (tokens.size() < 2) {
    const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
    if (gate_of(sold.tickets[0].code, 2) == 1) tokens.push_back(sold.tickets[0].token);
    else w.must<RefundAnswer>(Request(RefundRequest{w.head(), sold.tickets[0].code, "", ""}));
  }
  const auto late = [&](const std::string& token, const char* device) {
    RedemptionRequest request = w.redemption(token);
    request.head.device = device;
    request.headset = {};
    request.door = request.offline = true;
    request.gate = 1;
    return request;
  };
  const auto alarms = [&] {
    std::vector<Discrepancy> found;
    for (const Discrepancy& d : w.state.report(w.state.calendar().date_of(w.now)).discrepancies)
      if (d.code == "gate-shared") found.push_back(d);
    return found;
  };
  w.must<RedemptionAnswer>(Request(late(tokens[0], "door-a")));
  CHECK(alarms().empty());
  w.must<RedemptionAnswer>(Request(late(tokens[1], "door-b")));
  REQUIRE(alarms().size() == 1);
  CHECK(alarms()[0].level == DiscrepancyLevel::alarm);
  CHECK(alarms()[0].count == 2);
  CHECK(alarms()[0].explanation_en.contains("door-a, door-b"));
  CHECK(alarms()[0].tickets.size() == 2);
}

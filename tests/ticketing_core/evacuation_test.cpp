// What follows an evacuation: decide_evacuation.cpp, and how reports and reconciliation say it
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <algorithm>

#include "tests/ticketing_core/fixtures.h"
#include "ticketing/core/reconcile.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const std::string kAlarm = "hall-a-evacuation-1";

struct Viewer {
  SoldTicket ticket;
  RedemptionAnswer redeemed;
  GrantRequest grant;
};

Viewer inside(World& w, const SoldTicket& ticket) {
  Viewer v{ticket, w.must<RedemptionAnswer>(Request(w.redemption(ticket.token))), {}};
  v.grant = w.grant(v.redeemed);
  w.must<GrantAnswer>(Request(v.grant));
  w.must<RecordedAnswer>(Request(w.started(v.grant)));
  return v;
}

PlayEnded evacuated(World& w, const PlayCode& play) {
  PlayEnded end = w.ended(play, false);
  end.reason = kEvacuated;
  end.end = w.now + seconds(30);
  end.evacuation = kAlarm;
  end.scene = "2";
  return end;
}

SettleEvacuation settle(World& w, const base::TicketId& ticket, Settlement settlement) {
  return {w.head(), kAlarm, ticket, {}, settlement, {}, settlement == Settlement::refund ? "eva" : ""};
}

// Three viewers of a screening of three, two of them evacuated in mid-film.
struct Hall {
  World w;
  SaleAnswer sale = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 3)));
  std::vector<Viewer> viewers;
  explicit Hall(int out = 2) {
    for (const auto& ticket : sale.tickets) viewers.push_back(inside(w, ticket));
    for (int i = 0; i < out; ++i) w.must<RecordedAnswer>(Request(evacuated(w, viewers[static_cast<std::size_t>(i)].grant.play)));
  }
  const base::TicketId& ticket(std::size_t i) const { return sale.tickets[i].code; }
  Counts totals() const { return w.state.report(kDay).totals; }
};

bool named(const DayReport& report, const std::string& code) {
  return std::ranges::any_of(report.discrepancies, [&](const Discrepancy& d) { return d.code == code; });
}

}  // namespace

TEST_CASE("the bytes of a settlement in the ledger are fixed") {
  Hall hall;
  hall.w.must<SettlementAnswer>(Request(settle(hall.w, hall.ticket(0), Settlement::refund)));
  hall.w.must<SettlementAnswer>(Request(settle(hall.w, hall.ticket(1), Settlement::rebook)));
  std::string text;
  for (const Event& event : hall.w.events)
    if (event.kind == SettleEvacuation::kKind || event.body.contains("evacuated")) text += event.body + "\n";
  CHECK(matches_golden("evacuation_events.jsonl", text));
}

TEST_CASE("a play that an evacuation ended is open until somebody settles it") {
  Hall hall;
  CHECK(hall.totals().evacuated == 2);
  CHECK(hall.totals().evacuated_open == 2);
  CHECK(hall.totals().plays_started == 3);
  const EvacuationCase* one = hall.w.state.last_case(hall.ticket(0));
  REQUIRE(one != nullptr);
  CHECK(one->scene == "2");
  CHECK(one->play == hall.viewers[0].grant.play);
  CHECK(named(hall.w.state.report(kDay), "evacuation-open"));
  CHECK(hall.w.refused(Request(hall.w.redemption(hall.viewers[0].ticket.token))) == "ticket-already-redeemed");
}

TEST_CASE("a refund after an evacuation pays once and leaves no right") {
  Hall hall;
  SettleEvacuation nobody = settle(hall.w, hall.ticket(0), Settlement::refund);
  nobody.supervisor.clear();
  CHECK(hall.w.refused(Request(nobody)) == "supervisor-needed");
  const SettleEvacuation request = settle(hall.w, hall.ticket(0), Settlement::refund);
  const auto answer = hall.w.must<SettlementAnswer>(Request(request));
  CHECK(answer.amount.minor_units == 8800);
  CHECK(answer.watched);
  CHECK(hall.w.must<SettlementAnswer>(Request(request)) == answer);  // the same again is the same
  CHECK(hall.w.refused(Request(settle(hall.w, hall.ticket(0), Settlement::refund))) == "ticket-already-refunded");
  CHECK(hall.w.refused(Request(settle(hall.w, hall.ticket(0), Settlement::rebook))) == "ticket-already-refunded");
  CHECK(hall.w.refused(Request(hall.w.redemption(hall.viewers[0].ticket.token))) == "ticket-refunded");
  CHECK(hall.w.refused(Request(hall.w.grant(hall.viewers[0].redeemed))) == "redemption-revoked");
  CHECK(hall.w.state.refunds().begin()->second.reason == "evacuation");
  const Counts t = hall.totals();
  CHECK(t.refunds_minor == 8800);
  CHECK(t.net_minor() == 2 * 8800);
  CHECK(t.redeemed == 3);  // the admission stays, with zero net
  CHECK(t.evacuated_refunded == 1);
  CHECK_FALSE(named(hall.w.state.report(kDay), "refunded-after-play"));
}

TEST_CASE("a rebooked ticket opens the door once more and counts once") {
  Hall hall;
  hall.w.now += minutes(60);  // its printed time is over
  CHECK(hall.w.refused(Request(hall.w.redemption(hall.viewers[0].ticket.token))) == "ticket-expired");
  const auto answer = hall.w.must<SettlementAnswer>(Request(settle(hall.w, hall.ticket(0), Settlement::rebook)));
  CHECK(answer.screening != hall.sale.screening);
  CHECK(hall.w.refused(Request(hall.w.grant(hall.viewers[0].redeemed))) == "evacuation-rebooked");
  const auto again = hall.w.must<RedemptionAnswer>(Request(hall.w.redemption(hall.viewers[0].ticket.token)));
  CHECK(again.screening == answer.screening);
  CHECK(hall.w.refused(Request(hall.w.redemption(hall.viewers[0].ticket.token))) == "ticket-expired");
  CHECK(hall.w.refused(Request(settle(hall.w, hall.ticket(0), Settlement::refund))) == "evacuation-used");
  const GrantRequest grant = hall.w.grant(again);
  hall.w.must<GrantAnswer>(Request(grant));
  hall.w.must<RecordedAnswer>(Request(hall.w.started(grant)));
  hall.w.must<RecordedAnswer>(Request(hall.w.ended(grant.play)));
  hall.w.must<RecordedAnswer>(Request(hall.w.ended(hall.viewers[2].grant.play)));
  const Counts t = hall.totals();
  CHECK(t.sold == 3);
  CHECK(t.redeemed == 3);
  CHECK(t.plays_started == 3);
  CHECK(t.played == 2);
  CHECK(t.gross_minor == 3 * 8800);
  CHECK(hall.w.state.plays().at(hall.viewers[0].grant.play).reason == "evacuated");  // kept as what it was
}

TEST_CASE("a resumed viewer counts once, in the same play or in another") {
  for (const int way : {0, 1, 2}) {
    Hall hall;
    hall.w.must<SettlementAnswer>(Request(settle(hall.w, hall.ticket(0), Settlement::resume)));
    const PlayCode before = hall.viewers[0].grant.play;
    PlayCode last = before;
    if (way == 0) {
      hall.w.must<RecordedAnswer>(Request(hall.w.started(hall.viewers[0].grant)));
      CHECK(hall.w.refused(Request(settle(hall.w, hall.ticket(0), Settlement::refund))) == "play-in-progress");
    } else {
      const auto redeemed = way == 1 ? hall.viewers[0].redeemed : hall.w.must<RedemptionAnswer>(Request(hall.w.redemption(hall.viewers[0].ticket.token)));
      const GrantRequest grant = hall.w.grant(redeemed);
      hall.w.must<GrantAnswer>(Request(grant));
      hall.w.must<RecordedAnswer>(Request(hall.w.started(grant)));
      last = grant.play;
      CHECK(hall.w.state.plays().at(last).continues == before);
    }
    hall.w.must<RecordedAnswer>(Request(hall.w.ended(last)));
    CHECK(hall.w.refused(Request(settle(hall.w, hall.ticket(0), Settlement::rebook))) == "evacuation-used");
    const Counts t = hall.totals();
    CHECK(t.plays_started == 3);
    CHECK(t.played == 1);
    CHECK(t.redeemed == 3);
    CHECK(t.evacuated_resumed == 1);
  }
}

TEST_CASE("settlements that do not fit are refused") {
  Hall hall;
  World& w = hall.w;
  CHECK(w.refused(Request(settle(w, hall.ticket(2), Settlement::refund))) == "play-in-progress");
  w.must<RecordedAnswer>(Request(w.ended(hall.viewers[2].grant.play, false)));
  CHECK(w.refused(Request(settle(w, hall.ticket(2), Settlement::refund))) == "evacuation-not-ended");
  const auto waiting = w.must<SaleAnswer>(Request(w.sale(kTideCaves, 2))).tickets;
  CHECK(w.refused(Request(settle(w, waiting[0].code, Settlement::rebook))) == "evacuation-not-inside");
  SettleEvacuation other = settle(w, hall.ticket(0), Settlement::rebook);
  other.play = hall.viewers[1].grant.play;
  CHECK(w.refused(Request(other)) == "evacuation-other-play");
  // Inside, the film not begun: the hall or the clerk says so, and the ticket opens the door again.
  w.must<RedemptionAnswer>(Request(w.redemption(waiting[0].token)));
  w.must<SettlementAnswer>(Request(settle(w, waiting[0].code, Settlement::open)));
  w.must<SettlementAnswer>(Request(settle(w, waiting[0].code, Settlement::rebook)));
  w.must<RedemptionAnswer>(Request(w.redemption(waiting[0].token)));
  // A right that nobody used may still become money.
  w.must<SettlementAnswer>(Request(settle(w, hall.ticket(0), Settlement::rebook)));
  CHECK(w.refused(Request(settle(w, hall.ticket(0), Settlement::rebook))) == "evacuation-settled");
  w.must<SettlementAnswer>(Request(settle(w, hall.ticket(0), Settlement::refund)));
  w.must<DayAnswer>(Request(w.close(true)));
  CHECK(w.refused(Request(settle(w, hall.ticket(1), Settlement::refund))) == "day-final");
}

TEST_CASE("half a screening evacuated: totals, lines and the rebuilt tables agree") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    World w(small_config(), seed);
    std::vector<Viewer> viewers;
    for (const auto& film : {kSnowLine, kTideCaves}) {
      const int count = film == kSnowLine ? 3 : 2;
      for (const auto& ticket : w.must<SaleAnswer>(Request(w.sale(film, count))).tickets) viewers.push_back(inside(w, ticket));
    }
    const Counts before = w.state.report(kDay).totals;
    for (std::size_t i = 0; i < 3; ++i) w.must<RecordedAnswer>(Request(evacuated(w, viewers[i].grant.play)));
    w.must<SettlementAnswer>(Request(settle(w, viewers[0].ticket.code, Settlement::resume)));
    w.must<SettlementAnswer>(Request(settle(w, viewers[1].ticket.code, Settlement::rebook)));
    w.must<SettlementAnswer>(Request(settle(w, viewers[2].ticket.code, Settlement::refund)));
    const DayReport after = w.state.report(kDay);
    CHECK(after.totals.gross_minor == before.gross_minor);
    CHECK(after.totals.net_minor() == before.net_minor() - 8800);
    CHECK(after.totals.redeemed == before.redeemed);
    CHECK(after.totals.evacuated == 3);
    Counts sum;
    for (const auto& row : after.screenings) sum.add(row.counts);
    CHECK(sum == after.totals);
    const auto line = std::ranges::find(after.discrepancies, "evacuated", &Discrepancy::code);
    REQUIRE(line != after.discrepancies.end());
    CHECK(line->explanation_en == "3 ended by an evacuation: 1 resumed, 1 rebooked, 1 refunded.");
    w.must<DayAnswer>(Request(w.close(true)));
    LedgerState replayed(w.state.venue());
    for (const Event& event : w.events) REQUIRE(replayed.apply(event).has_value());
    CHECK(dump_rows(replayed.all_rows()) == dump_rows(w.state.all_rows()));
  }
}

TEST_CASE("those who were resumed explain that more came in than were redeemed") {
  CHECK(compare_bodies("hall-a", 20, {22, {}}, 0.0, 2)->code == "evacuation-reentry");
  CHECK(compare_bodies("hall-a", 20, {23, {}}, 0.0, 2)->code == "unticketed-entry");
  CHECK(compare_bodies("hall-a", 20, {22, {}}, 0.0)->code == "unticketed-entry");
}

TEST_CASE("a hall tells with the play's end how often its viewer came in again") {
  World w;
  const SaleAnswer sale = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 2)));
  for (const SoldTicket& ticket : sale.tickets) {
    const Viewer viewer = inside(w, ticket);
    PlayEnded end = w.ended(viewer.grant.play, true);
    end.came_in_again = ticket.code == sale.tickets.front().code ? 2 : 0;
    const auto read = request_from_text(to_json(end).dump());
    REQUIRE(read);
    CHECK(std::get<PlayEnded>(*read) == end);
    w.must<RecordedAnswer>(*read);
  }
  const base::UtcTime now = w.now;
  const auto code = [&](base::UtcTime from, base::UtcTime to, int entered) {
    w.must<RecordedAnswer>(Request(w.observation(from, to, entered)));
    for (const Discrepancy& d : w.state.report(kDay).discrepancies)
      if (d.code == "evacuation-reentry" || d.code == "unticketed-entry") return d.code;
    return std::string();
  };
  CHECK(code(now - minutes(60), now + minutes(5), 4) == "evacuation-reentry");
  CHECK(code(now + minutes(5), now + minutes(10), 2) == "unticketed-entry");  // six came in
}

TEST_CASE("settlements in any order and again never pay twice, nor leave a right beside the money") {
  CHECK(rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    Hall hall(3);
    World& w = hall.w;
    std::vector<Request> asked;
    for (int i = 0; i < 60; ++i) {
      w.now += seconds(random.below(60));
      const std::size_t who = random.below(3);
      const base::TicketId ticket = hall.ticket(who);
      Request request;
      switch (random.below(6)) {
        case 0: request = RefundRequest{w.head(), ticket, "ill", "eva"}; break;
        case 1: request = w.redemption(hall.viewers[who].ticket.token); break;
        case 2: request = asked.empty() ? Request(w.sale(kSnowLine)) : asked[random.below(asked.size())]; break;
        case 3: {
          const TicketRecord& t = w.state.tickets().at(ticket);
          if (t.redemption.is_none()) continue;
          RedemptionAnswer at;
          at.redemption = t.redemption;
          at.film = t.film;
          const GrantRequest grant = w.grant(at);
          if (!w.ask(Request(grant))) continue;
          RC_ASSERT(!t.refunded);
          request = w.started(grant);
          break;
        }
        default: request = settle(w, ticket, static_cast<Settlement>(random.below(4))); break;
      }
      if (w.ask(request)) asked.push_back(request);
      for (const auto& [code, play] : w.state.plays())
        if (!play.ended && random.chance(0.3)) {
          const PlayEnded end = random.chance(0.5) ? evacuated(w, code) : w.ended(code, random.chance(0.5));
          (void)w.ask(Request(end));
          break;
        }
    }
    std::map<base::TicketId, int> paid;
    for (const auto& [id, refund] : w.state.refunds()) ++paid[refund.ticket];
    for (std::size_t who = 0; who < 3; ++who) {
      const TicketRecord& t = w.state.tickets().at(hall.ticket(who));
      RC_ASSERT(paid[t.code] == (t.refunded ? 1 : 0));
      if (t.refunded) RC_ASSERT(!w.refused(Request(w.redemption(hall.viewers[who].ticket.token))).empty());
    }
    const Counts totals = w.state.report(kDay).totals;
    RC_ASSERT(totals.evacuated == totals.evacuated_open + totals.evacuated_resumed + totals.evacuated_rebooked + totals.evacuated_refunded);
    RC_ASSERT(totals.played <= totals.redeemed);
    LedgerState replayed(w.state.venue());
    for (const Event& event : w.events) RC_ASSERT(replayed.apply(event).has_value());
    RC_ASSERT(dump_rows(replayed.all_rows()) == dump_rows(w.state.all_rows()));
  }));
}

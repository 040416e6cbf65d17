// ledger_state.h: sales, refunds, changes, and asking twice
#include <catch2/catch_test_macros.hpp>

#include "tests/ticketing_core/fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// A sale for the window that is open, and no later one.
Request current(World& w, const base::FilmId& film, int count) {
  SaleRequest request = w.sale(film, count);
  for (const auto& lane : w.state.config()->lanes) {
    if (lane.film == film) request.screening = current_or_next(w.now, *w.state.config(), lane, w.state.calendar())->id;
  }
  return Request(request);
}

}  // namespace

TEST_CASE("a sale gives signed tickets for a definite film, screening and slot") {
  World w;
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 2)));
  CHECK(to_decimal(sold.total) == "176.00");
  CHECK(sold.window_from <= w.now);
  REQUIRE(sold.tickets.size() == 2);
  CHECK(sold.tickets[0].slot == 1);
  CHECK(sold.tickets[1].slot == 2);
  const auto ticket = verify_ticket(sold.tickets[1].token, w.key.public_key(), w.state.venue(), w.state.calendar(), w.now);
  REQUIRE(ticket.has_value());
  CHECK(ticket->film == kSnowLine);
  CHECK(ticket->screening == sold.screening);
  CHECK(ticket->slot == 2);
}

TEST_CASE("invariant 1: slots never exceed the lane, and live tickets never the hall") {
  World w;
  w.must<SaleAnswer>(Request(w.sale(kTideCaves, 2)));
  // The first lane's current window is full: the film's other lane has the next one.
  const auto second = w.must<SaleAnswer>(Request(w.sale(kTideCaves, 2)));
  CHECK(second.lane == base::LaneId("1234567800000102"));
  CHECK(w.refused(current(w, kSnowLine, 2)) == "sold-out");  // hall of 5
  CHECK(w.refused(current(w, kSnowLine, 1)).empty());
  CHECK(w.refused(current(w, kReedLake, 1)) == "sold-out");
  World lane;
  lane.must<SaleAnswer>(Request(lane.sale(kReedLake)));
  const auto next = lane.must<SaleAnswer>(Request(lane.sale(kReedLake)));
  CHECK(next.window_from > lane.now);
  CHECK(lane.refused(Request(lane.sale(kReedLake))) == "sold-out");
  CHECK(lane.refused(Request(lane.sale(kSnowLine, 4))) == "sold-out");
}

TEST_CASE("a viewer who has watched gives the place in the hall free, never the slot") {
  World w;
  const auto a = w.must<SaleAnswer>(Request(w.sale(kTideCaves, 2)));
  w.must<SaleAnswer>(Request(w.sale(kSnowLine, 3)));
  CHECK(w.refused(current(w, kReedLake, 1)) == "sold-out");
  w.watch(a.tickets[0].token);
  CHECK(w.refused(current(w, kReedLake, 1)).empty());
  CHECK(w.state.screenings().at(a.screening).live.size() == 2);
}

TEST_CASE("a refunded slot is sold again under another code") {
  World w;
  const auto a = w.must<SaleAnswer>(Request(w.sale(kReedLake)));
  CHECK(w.must<RefundAnswer>(Request(RefundRequest{w.head(), a.tickets[0].code, "", ""})).amount.minor_units == 4800);
  const auto b = w.must<SaleAnswer>(Request(w.sale(kReedLake)));
  CHECK(b.screening == a.screening);
  CHECK(b.tickets[0].slot == a.tickets[0].slot);
  CHECK(b.tickets[0].code != a.tickets[0].code);
  CHECK(w.refused(Request(RefundRequest{w.head(), a.tickets[0].code, "", ""})) == "ticket-already-refunded");
  CHECK(w.refused(Request(w.redemption(a.tickets[0].token))) == "ticket-refunded");
}

TEST_CASE("sales that cannot be are refused with their reason") {
  World w;
  SaleRequest r = w.sale(base::FilmId("999999999999"));
  CHECK(w.refused(Request(r)) == "film-unknown");
  r = w.sale(kSnowLine);
  r.price = "1.00";
  CHECK(w.refused(Request(r)) == "price-other");
  r.price = "88.00";
  CHECK(w.refused(Request(r)).empty());
  r = w.sale(kSnowLine, 1, TicketKind::comp);
  r.reason.clear();
  CHECK(w.refused(Request(r)) == "reason-needed");
  r = w.sale(kSnowLine);
  r.screening = base::ScreeningId("0001012605019999");
  CHECK(w.refused(Request(r)) == "screening-unknown");
  const auto plan = plan_screenings(*BusinessDate::from_text("2026-05-01"), *w.state.config(), w.state.calendar());
  r.screening = plan.front().id;
  CHECK(w.refused(Request(r)) == "screening-other-film");
  r = w.sale(kTideCaves);
  r.screening = plan.front().id;
  CHECK(w.refused(Request(r)) == "screening-over");
  w.now = utc("2026-05-01T21:59:00Z");  // a minute before the cut-over
  CHECK(w.refused(Request(w.sale(kSnowLine))) == "venue-closed");
}

TEST_CASE("a later screening can be sold ahead") {
  World w;
  const auto plan = plan_lane(*BusinessDate::from_text("2026-05-02"), *w.state.config(), w.state.config()->lanes[2], w.state.calendar());
  SaleRequest r = w.sale(kSnowLine);
  r.screening = plan.at(10).id;
  const auto sold = w.must<SaleAnswer>(Request(r));
  CHECK(sold.business_date.text() == "2026-05-02");
  CHECK(w.refused(Request(w.redemption(sold.tickets[0].token))) == "ticket-not-yet-valid");
}

TEST_CASE("invariant 6: the same key and request give the same answer forever; another request is refused") {
  World w;
  const SaleRequest r = w.sale(kSnowLine, 2);
  const auto first = w.must<SaleAnswer>(Request(r));
  const auto events = w.events.size();
  w.now += hours(30);
  CHECK(w.must<SaleAnswer>(Request(r)) == first);
  CHECK(w.events.size() == events);
  SaleRequest other = r;
  other.count = 1;
  CHECK(w.refused(Request(other)) == "idempotency-mismatch");
  SaleRequest later = r;  // by a sender that tells its time anew
  later.head.device_ts = w.now;
  CHECK(w.must<SaleAnswer>(Request(later)) == first);
  CHECK(w.events.size() == events);
  // As after a restart: tokens are the same although the ledger does not hold them
  LedgerState replayed(w.state.venue());
  for (const Event& event : w.events) REQUIRE(replayed.apply(event).has_value());
  const auto again = replayed.decide(Request(r), w.now, w.key, w.ids);
  REQUIRE(again.has_value());
  CHECK(again->replayed);
  CHECK(std::get<SaleAnswer>(again->answer) == first);
}

TEST_CASE("a refused request may be asked again under its key") {
  World w;
  const auto a = w.must<SaleAnswer>(Request(w.sale(kReedLake)));
  w.must<SaleAnswer>(Request(w.sale(kReedLake)));
  const SaleRequest r = w.sale(kReedLake);
  CHECK(w.refused(Request(r)) == "sold-out");
  w.must<RefundAnswer>(Request(RefundRequest{w.head(), a.tickets[0].code, "", ""}));
  CHECK(w.refused(Request(r)).empty());
}

TEST_CASE("a change of film is one event that moves ticket, slot and redemption") {
  World w;
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  const auto redeemed = w.must<RedemptionAnswer>(Request(w.redemption(sold.tickets[0].token)));
  CHECK(redeemed.allowed_films == std::vector<base::FilmId>{kSnowLine, kTideCaves});
  const auto before = w.state.head().seq;
  const auto change = w.must<ChangeAnswer>(Request(ChangeRequest{w.head(), sold.tickets[0].code, kTideCaves, {}}));
  CHECK(w.state.head().seq == before + 2);  // the new screening's opening, and the change
  CHECK(change.redemption == redeemed.redemption);
  CHECK(w.state.redemptions().at(redeemed.redemption).ticket == change.ticket.code);
  CHECK(w.state.screenings().at(sold.screening).live.empty());
  CHECK(w.refused(Request(w.redemption(sold.tickets[0].token))) == "ticket-changed");
  CHECK(w.refused(Request(w.redemption(change.ticket.token))) == "ticket-already-redeemed");
  GrantRequest grant = w.grant(redeemed);
  CHECK(w.refused(Request(grant)) == "grant-film-mismatch");
  grant.film = kTideCaves;
  CHECK(w.refused(Request(grant)).empty());
  CHECK(w.refused(Request(ChangeRequest{w.head(), change.ticket.code, kSnowLine, {}})) == "ticket-granted");
}

TEST_CASE("changes keep to the price class, the day and the venue's rule") {
  World w;
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  CHECK(w.refused(Request(ChangeRequest{w.head(), sold.tickets[0].code, kReedLake, {}})) == "film-other-class");
  CHECK(w.refused(Request(ChangeRequest{w.head(), sold.tickets[0].code, kSnowLine, {}})) == "change-nothing");
  w.now += minutes(20);  // too late for its window: the same film later
  CHECK(w.refused(Request(ChangeRequest{w.head(), sold.tickets[0].code, kSnowLine, {}})).empty());
  w.now += hours(24);
  const auto last = w.state.tickets().rbegin()->first;
  const auto live = w.state.tickets().at(last).changed_away ? w.state.tickets().at(last).changed_to : last;
  CHECK(w.refused(Request(ChangeRequest{w.head(), live, kTideCaves, {}})) == "change-other-day");
  Config strict = small_config();
  strict.free_choice = false;
  World s(strict);
  const auto ticket = s.must<SaleAnswer>(Request(s.sale(kSnowLine))).tickets[0];
  CHECK(s.must<RedemptionAnswer>(Request(s.redemption(ticket.token))).allowed_films.size() == 1);
  CHECK(s.refused(Request(ChangeRequest{s.head(), ticket.code, kTideCaves, {}})) == "free-choice-off");
}

TEST_CASE("at the counter a change goes to another price, which is named; a headset's stays within the class") {
  World w;
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  ChangeRequest change{w.head(), sold.tickets[0].code, kReedLake, {}};
  CHECK(w.refused(Request(change)) == "film-other-class");
  change.price = "88.00";
  CHECK(w.refused(Request(change)) == "price-other");
  change.price = "a lot";
  CHECK(w.refused(Request(change)) == "money-malformed");
  change.price = "48.00";
  const auto changed = w.must<ChangeAnswer>(Request(change));
  CHECK(changed.price.minor_units == 4800);
  CHECK(w.must<ChangeAnswer>(Request(change)) == changed);  // once, however often it is asked
  const Counts c = w.state.report(*BusinessDate::from_text("2026-05-01")).totals;
  CHECK(c.sold == 1);
  CHECK(c.changed == 1);
  CHECK(c.gross_minor == 4800);
  const auto comp = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 1, TicketKind::comp)));
  ChangeRequest free{w.head(), comp.tickets[0].code, kTideCaves, {}};
  free.price = "0.00";
  CHECK(w.must<ChangeAnswer>(Request(free)).price.minor_units == 0);
}

TEST_CASE("a refund after redemption needs a reason and a supervisor and revokes the grant") {
  World w;
  const auto ticket = w.must<SaleAnswer>(Request(w.sale(kSnowLine))).tickets[0];
  const auto redeemed = w.must<RedemptionAnswer>(Request(w.redemption(ticket.token)));
  const GrantRequest grant = w.grant(redeemed);
  w.must<GrantAnswer>(Request(grant));
  CHECK(w.refused(Request(RefundRequest{w.head(), ticket.code, "ill", ""})) == "supervisor-needed");
  const auto refund = w.must<RefundAnswer>(Request(RefundRequest{w.head(), ticket.code, "ill", "eva"}));
  CHECK(refund.revoked_grant.value() == grant.head.idempotency_key);
  CHECK(refund.revoked_redemption == redeemed.redemption);
  CHECK_FALSE(refund.watched);
  CHECK(w.must<RecordedAnswer>(Request(w.started(grant))).discrepancies == std::vector<std::string>{"double-redemption"});
}

TEST_CASE("a refund after the play keeps the admission and takes the money back") {
  World w;
  const auto ticket = w.must<SaleAnswer>(Request(w.sale(kSnowLine))).tickets[0];
  w.watch(ticket.token);
  CHECK(w.must<RefundAnswer>(Request(RefundRequest{w.head(), ticket.code, "bad picture", "eva"})).watched);
  const DayReport report = w.state.report(*BusinessDate::from_text("2026-05-01"));
  CHECK(report.totals.redeemed == 1);
  CHECK(report.totals.played == 1);
  CHECK(report.totals.net_minor() == 0);
}

TEST_CASE("a ledger keeps its venue, zone, cut-over and currency") {
  World w;
  Config c = small_config();
  CHECK_FALSE(w.state.decide_config(c, w.key.public_key(), w.now)->has_value());
  c.films[0].title_en = "Tide Caves II";
  CHECK(w.state.decide_config(c, w.key.public_key(), w.now)->has_value());
  c.cut_over = hours(5);
  CHECK(w.state.decide_config(c, w.key.public_key(), w.now).error().code == "config-fixed");
  c.venue = base::VenueId("other");
  CHECK(w.state.decide_config(c, w.key.public_key(), w.now).error().code == "venue-differs");
}

TEST_CASE("screenings that are open keep their stretch when the configuration changes") {
  World w;
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  Config longer = small_config();
  longer.films[1].length = seconds(400);
  longer.lanes[2].offset = seconds(60);
  const auto event = w.state.decide_config(longer, w.key.public_key(), w.now);
  REQUIRE(w.state.apply(**event).has_value());
  const auto later = w.ask(Request(w.sale(kSnowLine)));
  if (later) {
    const Screening& a = w.state.screenings().at(sold.screening).screening;
    const Screening& b = w.state.screenings().at(std::get<SaleAnswer>(*later).screening).screening;
    CHECK((a.id == b.id || a.ends <= b.window_from || b.ends <= a.window_from));
  }
}

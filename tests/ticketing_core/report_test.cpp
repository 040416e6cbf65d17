// report.h, reconcile.h, projection.h
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "tests/ticketing_core/fixtures.h"
#include "ticketing/core/reconcile.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::minutes;

namespace {


int count_of(const DayReport& report, const std::string& code) {
  int count = 0;
  for (const auto& d : report.discrepancies) count += d.code == code ? d.count : 0;
  return count;
}

// A small day with one of everything.
World eventful_day() {
  World w;
  const auto three = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 3)));
  w.watch(three.tickets[0].token);
  w.must<RedemptionAnswer>(Request(w.redemption(three.tickets[1].token)));
  const auto comp = w.must<SaleAnswer>(Request(w.sale(kTideCaves, 1, TicketKind::comp)));
  w.watch(comp.tickets[0].token);
  const auto staff = w.must<SaleAnswer>(Request(w.sale(kTideCaves, 1, TicketKind::staff)));
  w.watch(staff.tickets[0].token);
  const auto seat = w.must<SaleAnswer>(Request(w.sale(kReedLake)));
  w.must<RefundAnswer>(Request(RefundRequest{w.head(), seat.tickets[0].code, "", ""}));
  w.must<RecordedAnswer>(Request(w.observation(noon() - minutes(5), noon() + minutes(60), 5)));
  w.now += minutes(60);
  w.must<DayAnswer>(Request(w.close()));
  return w;
}

}  // namespace

TEST_CASE("the day report counts each thing once and its sums agree") {
  const DayReport r = eventful_day().state.report(kDay);
  CHECK(r.final);
  CHECK(r.revision == 1);
  CHECK(r.totals.sold == 4);
  CHECK(r.totals.comps == 1);
  CHECK(r.totals.refunded == 1);
  CHECK(r.totals.redeemed == 3);
  CHECK(r.totals.played == 2);
  CHECK(r.totals.no_show == 1);
  CHECK(r.totals.staff_test_tickets == 1);
  CHECK(r.totals.staff_test_plays == 1);
  CHECK(r.totals.gross_minor == 3 * 8800 + 4800);
  CHECK(r.totals.refunds_minor == 4800);
  Counts films, halls, screenings;
  for (const auto& row : r.films) films.add(row.counts);
  for (const auto& row : r.halls) halls.add(row.counts);
  for (const auto& row : r.screenings) screenings.add(row.counts);
  CHECK(films == r.totals);
  CHECK(halls == r.totals);
  CHECK(screenings == r.totals);
  CHECK(count_of(r, "play-missing") == 1);
  CHECK(count_of(r, "no-show") == 1);
  CHECK(count_of(r, "door-counter-error") == 1);  // 4 went in, 5 counted
  CHECK(r.halls[0].bodies.entered == 5);
  CHECK_FALSE(r.screenings[0].bodies.entered.has_value());
}

TEST_CASE("the bytes of report and CSV are fixed") {
  const DayReport r = eventful_day().state.report(kDay);
  CHECK(matches_golden("report.csv", report_csv(r)));
  CHECK(matches_golden("report.json", report_json_text(r)));
  CHECK(report_csv(r).starts_with("\xEF\xBB\xBF"));
}

TEST_CASE("CSV fields cannot run as formulas and keep their text") {
  CHECK(csv_field("plain 灯街") == "plain 灯街");
  CHECK(csv_field("=1+1") == "'=1+1");
  CHECK(csv_field("+1") == "'+1");
  CHECK(csv_field("-1") == "'-1");
  CHECK(csv_field("@a") == "'@a");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("a\"b") == "\"a\"\"b\"");
  CHECK(csv_field("=a,\"b\"") == "\"'=a,\"\"b\"\"\"");
}

TEST_CASE("invariant 13: a missing sensor is unknown, never zero") {
  World w;
  w.watch(w.must<SaleAnswer>(Request(w.sale(kSnowLine))).tickets[0].token);
  DayReport r = w.state.report(kDay);
  CHECK_FALSE(r.halls[0].bodies.entered.has_value());
  CHECK(r.halls[0].bodies.reason == "door counter door-1 has not reported");
  w.must<RecordedAnswer>(Request(w.observation(noon() + minutes(5), noon() + minutes(60), 1)));
  r = w.state.report(kDay);
  CHECK(r.halls[0].bodies.reason == "door counter door-1 has no report for 2026-05-01 12:00:00");
  w.must<RecordedAnswer>(Request(w.observation(noon(), noon() + minutes(5), 1)));
  CHECK(w.state.report(kDay).halls[0].bodies.entered == 2);
  Observation out = w.observation(noon() - minutes(5), noon(), 0);
  out.known = false;
  out.entered = out.left = 0;
  out.reason = "unplugged";
  w.must<RecordedAnswer>(Request(out));
  r = w.state.report(kDay);
  CHECK_FALSE(r.halls[0].bodies.entered.has_value());
  CHECK(report_csv(r).find(",unknown,") != std::string::npos);
  CHECK(to_json(r)["halls"][0]["bodies"]["known"] == false);
}

TEST_CASE("bodies are compared with the counter's known error") {
  const auto code = [](int redeemed, int seen, double miss) {
    const auto d = compare_bodies("hall-a", redeemed, {seen, {}}, miss);
    return d ? d->code : std::string();
  };
  CHECK(code(20, 20, 0.0).empty());
  CHECK(code(20, 21, 0.0) == "unticketed-entry");
  CHECK(code(20, 19, 0.0) == "fewer-bodies");
  CHECK(code(500, 505, 0.01) == "door-counter-error");
  CHECK(code(500, 540, 0.01) == "unticketed-entry");
  CHECK(code(500, 470, 0.01) == "fewer-bodies");
  CHECK(compare_bodies("hall-a", 3, {std::nullopt, "no counter"}, 0.0)->code == "bodies-unknown");
}

TEST_CASE("whom the door lets in and the hall binds is one viewer at the counter") {
  for (const int stowaways : {0, 3}) {
    Config config = small_config();
    config.halls[0].sensors[0].miss_rate = 0.0;
    World w(config);
    for (const SoldTicket& ticket : w.must<SaleAnswer>(Request(w.sale(kSnowLine, 3))).tickets) {
      RedemptionRequest door = w.redemption(ticket.token);
      door.door = true;
      w.must<RedemptionAnswer>(Request(door));
      w.now += minutes(1);
      w.watch(ticket.token);
    }
    w.must<RecordedAnswer>(Request(w.observation(noon() - minutes(1), w.now, 3 + stowaways)));
    const DayReport r = w.state.report(kDay);
    CHECK(count_of(r, "fewer-bodies") == 0);
    CHECK(count_of(r, "unticketed-entry") == stowaways);
  }
}

TEST_CASE("a viewer went in when the door let him in, also where the door tells it later than the hall") {
  World w;
  const SoldTicket ticket = w.must<SaleAnswer>(Request(w.sale(kSnowLine))).tickets[0];
  const base::UtcTime at_door = w.now;
  w.now += minutes(1);
  w.watch(ticket.token);
  w.must<RecordedAnswer>(Request(w.observation(noon() - minutes(1), noon() + std::chrono::seconds(30), 1)));
  CHECK_FALSE(w.state.report(kDay).halls[0].bodies.entered.has_value());
  RedemptionRequest late = w.redemption(ticket.token);
  late.door = late.offline = true;
  late.head.device_ts = at_door;
  w.must<RedemptionAnswer>(Request(late));
  CHECK(w.state.report(kDay).halls[0].bodies.entered == 1);
  CHECK(count_of(w.state.report(kDay), "fewer-bodies") == 0);
}

TEST_CASE("each signature is named") {
  World w;
  const auto seat = w.must<SaleAnswer>(Request(w.sale(kReedLake)));
  const auto walkers = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 3)));
  const auto visit = [&](int i, auto change) {
    const auto redeemed = w.must<RedemptionAnswer>(Request(w.redemption(walkers.tickets[static_cast<std::size_t>(i)].token)));
    const GrantRequest grant = w.grant(redeemed);
    w.must<GrantAnswer>(Request(grant));
    w.must<RecordedAnswer>(Request(w.started(grant)));
    PlayEnded end = w.ended(grant.play);
    change(end);
    w.must<RecordedAnswer>(Request(end));
  };
  visit(0, [](PlayEnded& end) { end.worn_share = 0.2; });
  visit(1, [](PlayEnded& end) { end.completed = false; });
  visit(2, [](PlayEnded& end) { end.moved = false; });
  w.must<RefundAnswer>(Request(RefundRequest{w.head(), walkers.tickets[1].code, "fault", "eva"}));
  PlayStarted stray = w.started(w.grant(RedemptionAnswer{}));
  stray.film = kSnowLine;
  w.must<RecordedAnswer>(Request(stray));
  w.must<RecordedAnswer>(Request(w.observation(noon() - minutes(1), noon() + minutes(5), 9)));
  w.must<DayAnswer>(Request(w.close(true)));
  const DayReport r = w.state.report(kDay);
  CHECK(count_of(r, "ghost-screening") == 1);  // the one seat was sold and nobody watched
  CHECK(count_of(r, "play-not-watched") == 2);
  CHECK(count_of(r, "play-interrupted") == 1);
  CHECK(count_of(r, "refunded-after-play") == 1);
  CHECK(count_of(r, "play-without-grant") == 1);
  CHECK(count_of(r, "unticketed-entry") == 6);
  CHECK(count_of(r, "no-show") == 1);
  CHECK(r.totals.played == 0);
  for (const auto& d : r.discrepancies) {
    CHECK_FALSE(d.explanation_en.empty());
    CHECK_FALSE(d.explanation_zh.empty());
  }
}

TEST_CASE("rows are escaped and ordered, so that dumps compare") {
  const Row a{1, {std::string("b\t\n\\"), std::int64_t{-3}}}, b{0, {std::string("z")}}, c{1, {std::string("a"), std::int64_t{1}}};
  CHECK(row_line(a) == "tickets\tb\\t\\n\\\\\t-3");
  CHECK(dump_rows({a, b, c}) == "screenings\tz\ntickets\ta\t1\ntickets\tb\\t\\n\\\\\t-3\n");
}

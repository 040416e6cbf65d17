// What the ledger does when the clock jumps, at the cut-over, when clocks change, and on a leap day.
#include <catch2/catch_test_macros.hpp>

#include "tests/ticketing_core/fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

bool replays(const World& w) {
  LedgerState replayed(w.state.venue());
  ChainChecker chain(w.state.venue());
  for (const Event& event : w.events) {
    const auto read = chain.next(encode_event(event));
    if (!read || !replayed.apply(*read)) return false;
  }
  return chain.head() == w.state.head() && dump_rows(replayed.all_rows()) == dump_rows(w.state.all_rows());
}

BusinessDate date(const char* text) { return *BusinessDate::from_text(text); }

}  // namespace

TEST_CASE("a sale at 05:59:59 is of the day before, one at 06:00:00 of the day") {
  World w;
  w.now = utc("2026-05-01T21:59:59Z");  // 05:59:59 on the 2nd in Shanghai
  CHECK(w.refused(Request(w.sale(kSnowLine))) == "venue-closed");  // the last start window of the 1st is over
  CHECK(w.must<DayAnswer>(Request(w.close(true))).date == date("2026-05-01"));
  w.now = utc("2026-05-01T22:00:00Z");
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  CHECK(sold.business_date == date("2026-05-02"));
  CHECK(sold.window_from == w.now);
  CHECK(w.must<RecordedAnswer>(Request(w.observation(w.now - seconds(1), w.now, 0))).business_date == date("2026-05-01"));
  CHECK(w.must<RecordedAnswer>(Request(w.observation(w.now, w.now + seconds(1), 0))).business_date == date("2026-05-02"));
  CHECK(w.refused(Request(w.observation(w.now - seconds(30), w.now + seconds(1), 0))) == "observation-spans-days");
  CHECK(replays(w));
}

TEST_CASE("a clock set back keeps the order, the keys and the closed day") {
  World w;
  const SaleRequest first = w.sale(kSnowLine);
  const auto answer = w.must<SaleAnswer>(Request(first));
  w.now -= hours(3);
  CHECK(w.must<SaleAnswer>(Request(first)) == answer);
  const auto earlier = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  CHECK(earlier.seq > answer.seq);
  CHECK(earlier.window_from < answer.window_from);
  CHECK(w.refused(Request(w.redemption(answer.tickets[0].token))) == "ticket-not-yet-valid");
  w.now += hours(3);
  w.must<RedemptionAnswer>(Request(w.redemption(answer.tickets[0].token)));
  w.must<DayAnswer>(Request(w.close(true)));
  w.now -= hours(2);
  CHECK(w.refused(Request(w.sale(kSnowLine))) == "day-final");
  w.now -= hours(24);
  CHECK(w.must<SaleAnswer>(Request(w.sale(kSnowLine))).business_date == date("2026-04-30"));
  for (std::size_t i = 0; i < w.events.size(); ++i) CHECK(w.events[i].seq == i + 1);
  CHECK(replays(w));
}

TEST_CASE("a clock set forward by a year and back again leaves both days right") {
  World w;
  const auto today = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  w.now += hours(24 * 365);
  const auto future = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  CHECK(future.business_date == date("2027-05-01"));
  CHECK(w.refused(Request(w.redemption(today.tickets[0].token))) == "ticket-other-day");
  w.now -= hours(24 * 365);
  w.must<RedemptionAnswer>(Request(w.redemption(today.tickets[0].token)));
  CHECK(w.refused(Request(w.redemption(future.tickets[0].token))) == "ticket-not-yet-valid");
  CHECK(w.state.report(date("2026-05-01")).totals.redeemed == 1);
  CHECK(w.state.report(date("2027-05-01")).totals.sold == 1);
  w.must<RefundAnswer>(Request(RefundRequest{w.head(), future.tickets[0].code, "", ""}));
  CHECK(replays(w));
}

TEST_CASE("days of 23 and 25 hours sell through the change of clocks, each moment of one day") {
  Config config = small_config();
  config.time_zone = "Europe/Berlin";
  for (const auto& [from, last_date, length] : {std::tuple("2026-03-28T05:00:00Z", "2026-03-28", 23), std::tuple("2026-10-24T04:00:00Z", "2026-10-24", 25)}) {
    World w(config);
    const auto calendar = w.state.calendar();
    const BusinessDate day = date(last_date);
    CHECK(calendar.ends_at(day) - calendar.starts_at(day) == hours(length));
    CHECK(calendar.starts_at(day) == utc(from));
    int sold = 0;
    for (w.now = calendar.starts_at(day); w.now < calendar.ends_at(day); w.now += minutes(7)) {
      const auto answer = w.ask(Request(w.sale(kSnowLine)));
      if (!answer) continue;
      CHECK(std::get<SaleAnswer>(*answer).business_date == day);
      ++sold;
    }
    CHECK(sold > length * 7);
    CHECK(w.state.report(day).totals.sold == sold);
    CHECK(w.state.report(day.plus_days(1)).totals.sold == 0);
    const auto& ids = w.state.screenings_of(day);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      for (std::size_t j = i + 1; j < ids.size(); ++j) {
        const Screening &a = w.state.screenings().at(ids[i]).screening, &b = w.state.screenings().at(ids[j]).screening;
        if (a.lane == b.lane) CHECK((a.ends <= b.window_from || b.ends <= a.window_from));
      }
    }
    CHECK(replays(w));
  }
}

TEST_CASE("a leap day is a business day, and the day after it another") {
  World w;
  for (const auto& [text, expected] : {std::pair("2028-02-28T21:59:00Z", "2028-02-28"), std::pair("2028-02-28T22:00:00Z", "2028-02-29"), std::pair("2028-02-29T04:00:00Z", "2028-02-29"),
                                       std::pair("2028-02-29T22:00:00Z", "2028-03-01")}) {
    w.now = utc(text);
    CHECK(w.state.calendar().date_of(w.now) == date(expected));
  }
  w.now = utc("2028-02-29T04:00:00Z");
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  CHECK(sold.business_date == date("2028-02-29"));
  CHECK(sold.screening.value().substr(6, 6) == "280229");
  w.watch(sold.tickets[0].token);
  w.must<DayAnswer>(Request(w.close()));
  CHECK(w.state.report(date("2028-02-29")).totals.played == 1);
  w.now += hours(24);
  CHECK(w.must<SaleAnswer>(Request(w.sale(kSnowLine))).business_date == date("2028-03-01"));
  CHECK_FALSE(BusinessDate::from_text("2027-02-29").has_value());
  CHECK(replays(w));
}

TEST_CASE("dates that no venue means are refused with what to do, and a play told with a wrong clock counts where it is told") {
  World w;
  const auto ahead = [&](int days) {
    SaleRequest sale = w.sale(kSnowLine);
    sale.screening = plan_lane(kDay.plus_days(days), *w.state.config(), w.state.config()->lanes[2], w.state.calendar()).at(0).id;
    return w.refused(Request(sale));
  };
  CHECK(ahead(kDaysAhead).empty());
  CHECK(ahead(kDaysAhead + 1) == "date-too-far");
  DayClose close = w.close();
  close.date = date("2006-05-01");
  CHECK(w.refused(Request(close)) == "date-too-early");
  const auto seen = [&](const std::string& time) { return w.refused(Request(w.observation(utc(time), utc(time) + minutes(1), 1))); };
  CHECK(seen("2006-05-01T04:00:00Z") == "date-too-early");
  CHECK(seen("2027-05-01T04:00:00Z") == "date-too-far");
  PlayStarted stray = w.started(w.grant(RedemptionAnswer{}));
  stray.film = kSnowLine;
  stray.start = utc("1999-01-01T00:00:00Z");
  CHECK(w.must<RecordedAnswer>(Request(stray)).business_date == kDay);
  Config other = small_config();
  other.gates = 2;
  CHECK(w.state.decide_config(other, w.key.public_key(), utc("1980-01-01T00:00:00Z")).error().code == "clock-wrong");
  w.now = utc("1980-01-01T00:00:00Z");
  CHECK(w.refused(Request(w.sale(kSnowLine))) == "clock-wrong");
}

// screenings.h
#include "ticketing/core/screenings.h"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <set>

#include "tests/ticketing_core/fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("screenings of a lane never overlap, last starts and longest holds included") {
  CHECK(rc::check([] {
    Config c = small_config();
    const char* zones[] = {"Asia/Shanghai", "Europe/Berlin"};
    c.time_zone = zones[*rc::gen::inRange(0, 2)];
    c.opens = minutes(*rc::gen::inRange(0, 1440));
    c.closes = minutes(*rc::gen::inRange(0, 1440));
    for (auto& lane : c.lanes) {
      lane.start_window = seconds(*rc::gen::inRange(10, 4000));
      lane.offset = seconds(*rc::gen::inRange(0, 4000));
    }
    for (auto& film : c.films) {
      film.length = seconds(*rc::gen::inRange(1, 6000));
      film.longest_hold = seconds(*rc::gen::inRange(0, 2000));
    }
    const BusinessDate date = BusinessDate(std::chrono::sys_days(std::chrono::days(*rc::gen::inRange(20'000, 21'000))));
    const auto calendar = c.calendar();
    std::set<base::ScreeningId> ids;
    for (const auto& lane : c.lanes) {
      const FilmEntry& film = *c.film(lane.film);
      base::UtcTime free_from = calendar->starts_at(date);
      for (const Screening& s : plan_lane(date, c, lane, *calendar)) {
        RC_ASSERT(s.window_from >= free_from);
        RC_ASSERT(s.window_until == s.window_from + lane.start_window);
        RC_ASSERT(s.ends == s.window_until + film.length + film.longest_hold);
        RC_ASSERT(s.ends <= calendar->ends_at(date));
        RC_ASSERT(ids.insert(s.id).second);
        RC_ASSERT((find_screening(s.id, c, *calendar) == s));
        RC_ASSERT((current_or_next(s.window_from, c, lane, *calendar) == s));
        RC_ASSERT((current_or_next(s.window_until - std::chrono::milliseconds(1), c, lane, *calendar) == s));
        RC_ASSERT((current_or_next(s.window_until, c, lane, *calendar) != s));
        free_from = s.ends;
      }
    }
  }));
}

TEST_CASE("the day's plan holds every lane and stops at closing time") {
  Config c = small_config();
  c.opens = std::chrono::hours(10);
  c.closes = std::chrono::hours(22);
  const auto calendar = c.calendar();
  const BusinessDate date = *BusinessDate::from_text("2026-05-01");
  const auto plan = plan_screenings(date, c, *calendar);
  std::set<base::LaneId> lanes;
  for (const Screening& s : plan) {
    lanes.insert(s.lane);
    CHECK(s.window_from >= utc("2026-05-01T02:00:00Z"));
    CHECK(s.window_until <= utc("2026-05-01T14:00:00Z"));
  }
  CHECK(lanes.size() == c.lanes.size());
  CHECK_FALSE(current_or_next(utc("2026-05-01T14:00:00Z"), c, c.lanes[0], *calendar).has_value());
  CHECK(current_or_next(utc("2026-05-01T01:00:00Z"), c, c.lanes[0], *calendar)->window_from == utc("2026-05-01T02:00:00Z"));
  for (const char* bad : {"", "0001019999999999", "9999992605010001", "0001012605010000"}) {
    CHECK_FALSE(find_screening(base::ScreeningId(bad), c, *calendar).has_value());
  }
}

TEST_CASE("what is open keeps its code and times when the plan changes during the day, and the new plan is numbered after it") {
  CHECK(rc::check([] {
    Config c = small_config();
    const auto calendar = c.calendar();
    const LaneEntry& lane = c.lanes[2];
    std::vector<Screening> open;
    base::UtcTime now = calendar->starts_at(kDay);
    for (int change = 0; change < 4; ++change) {
      c.lanes[2].start_window = seconds(*rc::gen::inRange(60, 900));
      c.lanes[2].offset = seconds(*rc::gen::inRange(0, 900));
      c.films[1].length = seconds(*rc::gen::inRange(60, 2000));
      for (int sale = 0; sale < 5; ++sale) {
        const auto plan = plan_lane(kDay, c, lane, *calendar, open);
        for (std::size_t i = 1; i < plan.size(); ++i) RC_ASSERT(plan[i - 1].ends <= plan[i].window_from);
        std::set<base::ScreeningId> ids;
        for (const Screening& s : plan) RC_ASSERT(ids.insert(s.id).second && find_screening(s.id, c, *calendar, open) == s);
        for (const Screening& s : open) RC_ASSERT(find_screening(s.id, c, *calendar, open) == s);
        const bool ahead = *rc::gen::inRange(0, 3) == 0;
        const auto next = ahead ? std::optional(plan.at(static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(plan.size()))))) : current_or_next(now, c, lane, *calendar, open);
        RC_ASSERT(next.has_value());
        if (!ahead) RC_ASSERT(now < next->window_until);
        if (std::ranges::find(open, next->id, &Screening::id) == open.end()) open.push_back(*next);
        now += minutes(*rc::gen::inRange(0, 20));
      }
    }
  }));
}

TEST_CASE("a ticket is for a screening that is not over, though the film has become longer since its number was opened") {
  Config config = small_config();
  World w(config);
  for (int i = 0; i < 4; ++i) {
    w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
    w.now += minutes(6);
  }
  config.films[1].length = seconds(100);
  config.lanes[2].start_window = seconds(600);
  const auto event = w.state.decide_config(config, w.key.public_key(), w.now);
  REQUIRE(w.state.apply(event->value()));
  std::set<base::ScreeningId> before;
  for (const auto& [id, record] : w.state.screenings()) before.insert(id);
  for (int i = 0; i < 10; ++i) {
    const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
    CHECK(w.now < sold.window_until);
    CHECK_FALSE(before.contains(sold.screening));
    CHECK(w.must<RedemptionAnswer>(Request([&] {
      RedemptionRequest r = w.redemption(sold.tickets[0].token);
      w.now = std::max(w.now, sold.window_from);
      r.head.device_ts = w.now;
      return r;
    }())).screening == sold.screening);
    w.now += minutes(4);
  }
}

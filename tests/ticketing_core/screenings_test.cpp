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

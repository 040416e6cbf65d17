// Twenty seeds of one busy hour: people keep coming, twelve and more are in the hall, and everything goes wrong now
// and then. The short form packs the hour's plays into fewer minutes by films as short as in the packages.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <cstdint>

#include "tests/simulation/simulated.h"

using namespace promenade;
using namespace promenade::simulation;

TEST_CASE("A busy hour, by seed") {
  const std::uint64_t seed = GENERATE(from_range(seeds(1, 20)));
  CAPTURE(seed);
  rehearsal::DayOptions options = sample_day(long_form() ? 4.0 : 1.0);
  options.seed = seed;
  options.hours = long_form() ? 1.0 : 0.25;
  options.visits = long_form() ? 120 : 30;
  options.last_arrival_before_end_s = long_form() ? 900.0 : 300.0;
  options.pose_hz = long_form() ? 10.0 : 8.0;
  options.habits.fit_s = 15.0;
  options.habits.fit_sd_s = 3.0;
  set_faults(options, seed % 2 == 0 ? rehearsal::Faults::heavy : rehearsal::Faults::usual);
  options.kill_at_s = {options.hours * 1800.0};
  const tracking::Venue venue = options.venue;
  WaysTold ways(venue);
  const rehearsal::DayResult day = run(std::move(options), [&](const rehearsal::House& house, const hall::Hall*, double) { ways.look(house); });
  CHECK(ways.nearest_m() > venue.wall_margin_m - 0.02);  // of what viewers are shown to walk on, corners as well
  CHECK(ways.plays() > 10);
  check_day(day, 2700.0);
  CHECK(day.epochs >= 2);
  CHECK(day.inside_at_once_max >= 9);  // twelve and more on most seeds
}

// One whole day with loss, outages, kills, strays, dead headsets and a box office that goes away.

#include <catch2/catch_test_macros.hpp>

#include "tests/simulation/simulated.h"

using namespace promenade;
using namespace promenade::simulation;

TEST_CASE("A whole day in which everything goes wrong now and then") {
  rehearsal::DayOptions options = sample_day(long_form() ? 0.0 : 2.0);
  options.seed = 7;
  options.hours = 12.0;
  options.visits = long_form() ? 500 : 90;
  options.pose_hz = long_form() ? 10.0 : 8.0;
  set_faults(options, rehearsal::Faults::heavy);
  options.kill_at_s = {10000.0, 20000.0, 20040.0};
  const rehearsal::DayResult day = run(std::move(options));
  check_day(day, 2700.0);
  CHECK(day.epochs >= 4);
}

TEST_CASE("Viewers who walk as the model has them do not touch each other") {
  rehearsal::DayOptions options = sample_day(long_form() ? 0.0 : 2.0);
  options.seed = 11;
  options.hours = long_form() ? 12.0 : 1.0;
  options.visits = long_form() ? 500 : 40;
  options.last_arrival_before_end_s = 900.0;
  set_faults(options, rehearsal::Faults::usual);
  options.faults.kill_every_s = 0.0;
  options.habits.walker.stray_per_play = options.habits.walker.run_per_play = 0.0;
  const rehearsal::DayResult day = run(std::move(options));
  check_day(day, 2700.0);
  int between_viewers = 0;
  for (const rehearsal::Meeting& meeting : day.meetings) {
    if (meeting.kind == "contact" && meeting.episode.a < rehearsal::Crew::kFirstNumber && meeting.episode.b < rehearsal::Crew::kFirstNumber) ++between_viewers;
  }
  CHECK(between_viewers == 0);
}

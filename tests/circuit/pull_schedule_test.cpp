#include "ticketing/circuit/pull_schedule.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade;
using namespace promenade::ticketing::circuit;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("each venue is under way once, the longest due first, and again after the interval") {
  PullSchedule schedule({.interval = seconds(60), .seed = 1});
  const base::UtcTime t0{};
  schedule.set_venues({3, 1, 2}, t0);
  CHECK(schedule.take(t0) == 1);
  CHECK(schedule.take(t0) == 2);
  CHECK(schedule.take(t0) == 3);
  CHECK_FALSE(schedule.take(t0));
  schedule.done(2, true, t0);  // it has more
  CHECK(schedule.take(t0) == 2);
  schedule.done(2, false, t0);
  CHECK_FALSE(schedule.take(t0 + seconds(53)));
  CHECK(schedule.take(t0 + seconds(67)) == 2);
  CHECK(schedule.under_way() == 3);
}

TEST_CASE("failures are asked again after times that double up to a limit, spread by chance, the same from the same seed") {
  const auto waits = [](std::uint64_t seed) {
    PullSchedule schedule({.first_retry = seconds(5), .longest_retry = seconds(900), .seed = seed});
    base::UtcTime now{};
    schedule.set_venues({1}, now);
    std::vector<double> out;
    for (int i = 0; i < 60; ++i) {
      REQUIRE(schedule.take(now) == 1);
      schedule.failed(1, now);
      const auto due = *schedule.next_due();
      out.push_back(std::chrono::duration<double>(due - now).count());
      now = due;
    }
    return out;
  };
  const auto once = waits(4);
  CHECK(once == waits(4));
  CHECK(once != waits(5));
  double nominal = 5.0;
  for (const double wait : once) {
    CHECK(wait >= nominal * 0.5 - 0.001);
    CHECK(wait <= nominal * 1.5);
    nominal = std::min(nominal * 2.0, 900.0);
  }
}

TEST_CASE("a venue that left is asked no more, also where it is under way, and one that comes is due at once") {
  PullSchedule schedule({.seed = 1});
  base::UtcTime now{};
  schedule.set_venues({1, 2}, now);
  REQUIRE(schedule.take(now) == 1);
  schedule.set_venues({4}, now);
  CHECK(schedule.take(now) == 4);
  schedule.done(1, true, now);
  CHECK_FALSE(schedule.take(now));
  schedule.set_venues({1, 4}, now);
  CHECK(schedule.take(now) == 1);
}

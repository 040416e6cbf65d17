#include "tracking/level_filter.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/tracking/sample_hall.h"

using namespace promenade;
using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using base::hall_time;

namespace {
Evaluation of(Level level, Cause cause = Cause::body, double distance_m = 1.0) {
  Evaluation out;
  out.add({level, cause, distance_m, 0.0});
  return out;
}
}  // namespace

TEST_CASE("tightening is immediate, relaxing waits and goes step by step") {
  LevelFilter filter(relaxation_of({}));
  CHECK(filter.update(hall_time(0), of(Level::pause)).level == Level::pause);
  CHECK(filter.update(hall_time(1.4), {}).level == Level::pause);
  CHECK(filter.update(hall_time(1.6), {}).level == Level::warn);
  CHECK(filter.update(hall_time(2.0), {}).level == Level::warn);
  CHECK(filter.update(hall_time(2.2), {}).level == Level::clear);
  CHECK(filter.worst() == Concern{});
}

TEST_CASE("who is paused again soon after a pause by the same cause stays paused for longer") {
  const Relaxation relaxation = relaxation_of({});
  const double short_s = base::to_seconds(relaxation.pause_dwell), long_s = base::to_seconds(relaxation.pause_again_dwell), again_s = base::to_seconds(relaxation.pause_again);
  REQUIRE(long_s > short_s + 1.0);
  LevelFilter filter(relaxation);
  filter.update(hall_time(0), of(Level::pause));
  CHECK(filter.update(hall_time(short_s), {}).level == Level::warn);
  const double second_s = short_s + again_s - 0.1;
  filter.update(hall_time(second_s), of(Level::pause));
  CHECK(filter.update(hall_time(second_s + long_s - 0.1), {}).level == Level::pause);
  CHECK(filter.update(hall_time(second_s + long_s), {}).level == Level::warn);
  // Another cause, or the same much later, is a first time.
  const double third_s = second_s + long_s + 0.1;
  filter.update(hall_time(third_s), of(Level::pause, Cause::wall));
  CHECK(filter.update(hall_time(third_s + short_s), {}).level < Level::pause);
  const double late_s = second_s + long_s + again_s + 0.1;
  filter.update(hall_time(late_s), of(Level::pause));
  CHECK(filter.update(hall_time(late_s + short_s), {}).level < Level::pause);
}

TEST_CASE("a pause within a pause, or a stop that comes down to one, is one pause") {
  LevelFilter filter({base::from_seconds(0.5), base::from_seconds(1.5), base::from_seconds(3.0)});
  filter.update(hall_time(0), of(Level::pause));
  filter.update(hall_time(1), of(Level::stop));
  CHECK(filter.update(hall_time(4), {}).level == Level::pause);
  CHECK(filter.update(hall_time(5.5), {}).level == Level::warn);
}

TEST_CASE("a cause that comes back starts the wait anew") {
  LevelFilter filter;
  filter.update(hall_time(0), of(Level::warn));
  filter.update(hall_time(0.4), of(Level::warn));
  CHECK(filter.update(hall_time(0.8), {}).level == Level::warn);
  CHECK(filter.update(hall_time(0.9), {}).level == Level::clear);
}

TEST_CASE("a stop lasts until it is released, and is not released while its cause asks for a pause") {
  LevelFilter filter;
  filter.update(hall_time(0), of(Level::stop));
  CHECK(filter.update(hall_time(100), {}).level == Level::stop);
  filter.update(hall_time(101), of(Level::pause));
  CHECK_FALSE(filter.release());
  CHECK(filter.level() == Level::stop);
  filter.update(hall_time(102), of(Level::warn));
  CHECK(filter.release());
  CHECK(filter.level() == Level::warn);
}

TEST_CASE("a stop may be given a dwell where nobody can release it") {
  LevelFilter filter({base::from_seconds(0.5), base::from_seconds(1.5), base::from_seconds(3.0)});
  filter.update(hall_time(0), of(Level::stop));
  CHECK(filter.update(hall_time(2.9), {}).level == Level::stop);
  CHECK(filter.update(hall_time(3.0), {}).level == Level::pause);
}

TEST_CASE("causes are held apart and the worst wins") {
  LevelFilter filter;
  Evaluation both = of(Level::warn, Cause::wall, 0.4);
  both.add({Level::pause, Cause::body, 1.1, 0.0});
  CHECK(filter.update(hall_time(0), both).cause == Cause::body);
  CHECK(filter.level_of(Cause::wall) == Level::warn);
  CHECK(filter.update(hall_time(1.6), of(Level::warn, Cause::wall, 0.4)).level == Level::warn);
  CHECK(filter.worst().cause == Cause::wall);
  filter.reset();
  CHECK(filter.level() == Level::clear);
}

TEST_CASE("the held level is never below what is evaluated, and never above the worst so far") {
  CHECK(holds("held level", [] {
    LevelFilter filter;
    Level worst = Level::clear;
    double time = 0.0;
    const int steps = *rc::gen::inRange(1, 40);
    for (int i = 0; i < steps; ++i) {
      time += *within(0, 2);
      const auto level = static_cast<Level>(*rc::gen::inRange(0, 4));
      worst = std::max(worst, level);
      const Concern held = filter.update(hall_time(time), of(level));
      RC_ASSERT(held.level >= level);
      RC_ASSERT(held.level <= worst);
    }
  }));
}

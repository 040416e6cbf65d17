#include "showcontrol/planning/timing.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

namespace {

// Three places 1.4 m (2 s) apart, 5 s in each, holds up to 10 s.
PlayPlan short_plan() { return make_plan(straight_route(3, 1.4, 5.0, 10.0), {}, 1.0, {}, {}, rectangle_hall(20, 10)); }

Forbidden nothing(const PlayPlan& plan) { return {std::vector<Intervals>(plan.blocks.size()), std::vector<Intervals>(plan.blocks.size())}; }

}  // namespace

TEST_CASE("without others a play goes at once and without holds") {
  const PlayPlan plan = short_plan();
  const auto times = earliest_times(plan, nothing(plan), 3.0, 100.0, 30.0);
  REQUIRE(times);
  CHECK(times->enter_s == std::vector{3.0, 8.0, 15.0});
  CHECK(times->end_s == Catch::Approx(22.0));
}

TEST_CASE("a closed gate is waited for in the scene before, within its hold") {
  const PlayPlan plan = short_plan();
  Forbidden forbidden = nothing(plan);
  forbidden.entry[2] = {{10.0, 20.0}};
  const auto held = earliest_times(plan, forbidden, 0.0, 0.0, 30.0);
  REQUIRE(held);
  CHECK(held->enter_s[2] == Catch::Approx(20.0));
  forbidden.entry[2] = {{10.0, 40.0}};
  CHECK_FALSE(earliest_times(plan, forbidden, 0.0, 0.0, 30.0));  // two holds of 10 s do not reach
  const auto later = earliest_times(plan, forbidden, 0.0, 60.0, 30.0);
  REQUIRE(later);
  CHECK(later->enter_s[2] == Catch::Approx(40.0));
  CHECK(later->enter_s[0] == Catch::Approx(8.0));
  CHECK_FALSE(earliest_times(plan, forbidden, 0.0, 7.0, 30.0));
}

TEST_CASE("holds together stay within the film's total") {
  const PlayPlan plan = short_plan();
  Forbidden forbidden = nothing(plan);
  forbidden.entry[2] = {{5.0, 27.0}};
  CHECK(earliest_times(plan, forbidden, 0.0, 0.0, 15.0));
  CHECK_FALSE(earliest_times(plan, forbidden, 0.0, 0.0, 14.0));
}

TEST_CASE("a place is left before another needs it") {
  const PlayPlan plan = short_plan();
  Forbidden forbidden = nothing(plan);
  forbidden.stay[1] = {{14.0, 30.0}};
  CHECK_FALSE(earliest_times(plan, forbidden, 0.0, 0.0, 30.0)->enter_s[1] > 7.0 + 1e-9);
  forbidden.stay[1] = {{11.0, 18.0}};
  const auto times = earliest_times(plan, forbidden, 0.0, 60.0, 30.0);
  REQUIRE(times);
  CHECK(times->enter_s[1] + plan.walk_s(1) >= 18.0 - 1e-6);
}

TEST_CASE("a play in the way forbids its blocks with the tolerance") {
  FloorPlan floor = rectangle_hall(20, 10);
  ProjectedPlay other{short_plan(), 0, 0.0, 0.0};
  other.plan.play = base::PlayId(1);
  other.plan.enter_s = {10.0, 15.0, 22.0};
  other.plan.end_s = 29.0;
  Snapshot snapshot;
  snapshot.plays.push_back(other);
  const PlayPlan plan = short_plan();
  const Forbidden forbidden = forbidden_times(plan, snapshot, floor, ConflictRule::blocks);
  REQUIRE(forbidden.stay[0].size() == 1);
  CHECK(forbidden.stay[0][0].from_s == Catch::Approx(9.0));
  CHECK(forbidden.stay[0][0].to_s == Catch::Approx(24.0).margin(2.0));
  const auto times = earliest_times(plan, forbidden, 0.0, 60.0, 30.0);
  REQUIRE(times);
  CHECK(times->enter_s[0] >= 15.0);
}

TEST_CASE("points in time forbid exactly the entries that bring both too near") {
  const auto holds = rc::check([](std::uint32_t seed) {
    base::Random random(seed);
    FloorPlan floor = rectangle_hall(20, 20);
    floor.tolerance_s = 0.0;
    floor.setting_off_s = random.chance(0.5) ? 2.0 : 0.0;
    auto point = [&] { return HallPoint{random.uniform(2.0, 9.0), random.uniform(2.0, 9.0)}; };
    auto walk = [&] {
      tracking::Placement placement;
      const HallPoint at = point();
      placement.shift = {at.x, at.y};
      return make_plan(straight_route(1, 0.0, 3.0, 0.0), placement, 1.0, {point(), point(), at}, {}, floor);
    };
    ProjectedPlay other{walk(), 0, 0.0, 0.0};
    other.plan.speed_mps = random.uniform(0.4, 1.2);
    other.plan.enter_s = {100.0};
    other.plan.end_s = other.plan.arrive_s(0) + 3.0;
    Snapshot snapshot;
    snapshot.plays.push_back(other);
    PlayPlan plan = walk();
    const Forbidden forbidden = forbidden_times(plan, snapshot, floor, ConflictRule::points_in_time);
    for (double enter = 60.0; enter < 140.0; enter += 0.37) {
      plan.enter_s = {enter};
      plan.end_s = plan.arrive_s(0);  // of the walk alone: the stay has intervals of its own
      double least = 1e9;
      for (double t = std::max(enter, 100.0); t <= std::min(plan.end_s, other.plan.end_s); t += 0.02) {
        least = std::min(least, tracking::distance(plan.position_at(t), other.plan.position_at(t)));
      }
      const bool closed = std::ranges::any_of(forbidden.entry[0], [&](const Interval& one) { return enter > one.from_s && enter < one.to_s; });
      if (least < floor.separation_m) RC_ASSERT(closed);
      if (least > floor.separation_m + 0.03) RC_ASSERT(!closed);  // what two walkers close in between the moments looked at
    }
  });
  CHECK(holds);
}

namespace {

// Under way since 10 s: in its first place, due to leave at 15 s.
ProjectedPlay under_way() {
  ProjectedPlay play{short_plan(), 0, 0.0, 0.0};
  play.plan.play = base::PlayId(1);
  play.plan.enter_s = {10.0, 15.0, 22.0};
  play.plan.end_s = 29.0;
  play.plan.hold_total_max_s = 15.0;
  return play;
}

// Somebody stands near the second place of `under_way` until then.
ProjectedPlay stands_in_the_way(double until_s) {
  ProjectedPlay other{make_plan(straight_route(1, 0.0, until_s, 0.0), {}, 1.0, {}, {}, rectangle_hall(20, 10)), 0, 0.0, 0.0};
  const PlayPlan plan = short_plan();
  const HallVec step = plan.blocks[1].place() - plan.blocks[0].place();
  other.plan.blocks[0] = make_block({plan.blocks[1].place() + step * 0.8}, until_s, 0.0, 0);  // clear of the first place
  other.plan.enter_s = {0.0};
  other.plan.end_s = until_s;
  return other;
}

}  // namespace

TEST_CASE("a play under way may be held longer for another: gates that are passed or due stand, and so does its start") {
  const FloorPlan floor = rectangle_hall(20, 10);
  const ProjectedPlay play = under_way();
  CHECK(first_free_gate(play, 12.0) == 1);
  CHECK(first_free_gate(play, 15.0) == 2);
  CHECK(first_free_gate(play, 22.0) == play.plan.blocks.size());
  CHECK(first_free_gate(play, 0.0) == 1);  // its start was told
  Snapshot others;
  others.now_s = 12.0;
  CHECK(retimed(play, 1, others, floor, ConflictRule::blocks, 12.0)->enter_s == play.plan.enter_s);
  others.plays = {stands_in_the_way(20.0)};
  const auto held = retimed(play, 1, others, floor, ConflictRule::blocks, 12.0);
  REQUIRE(held);
  CHECK(held->enter_s[0] == 10.0);
  CHECK(held->enter_s[1] > 20.0 - play.plan.walk_s(1));
  CHECK(held->end_s > play.plan.end_s);
}

TEST_CASE("a play under way is held no longer than its scenes and its film allow") {
  const FloorPlan floor = rectangle_hall(20, 10);
  ProjectedPlay play = under_way();
  Snapshot others;
  others.now_s = 12.0;
  others.plays = {stands_in_the_way(40.0)};
  CHECK_FALSE(retimed(play, 1, others, floor, ConflictRule::blocks, 12.0));  // 10 s in the scene
  others.plays = {stands_in_the_way(23.0)};
  CHECK(retimed(play, 1, others, floor, ConflictRule::blocks, 12.0));
  play.plan.hold_total_max_s = 3.0;
  CHECK_FALSE(retimed(play, 1, others, floor, ConflictRule::blocks, 12.0));
}

TEST_CASE("what of a play stays as it is ends where it may leave at the earliest") {
  const ProjectedPlay play = under_way();
  const ProjectedPlay fixed = fixed_part(play, 1, 12.0);
  CHECK(fixed.plan.blocks.size() == 1);
  CHECK(fixed.plan.end_s == 15.0);
  CHECK(fixed_part(play, 1, 17.0).plan.end_s == 17.0);
}

// The worst case of what runs: nobody who is no slower than was reckoned ends later than the slow projection said.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

namespace {

constexpr double kSlowness = 1.46;
constexpr double kStep_s = 0.25;

struct Bound {
  double latest_s = 0.0;          // how much later than bound anybody ended
  double later_than_nominal_s = 0.0;
  std::size_t ended = 0;
};

// Everybody walks and stays at a pace of his own, block by block, between nominal and `kSlowness` times as long.
Bound walk_slowly(const FloorPlan& floor, std::uint64_t seed) {
  base::Random random(seed);
  const Planner planner(floor);
  Interlocking interlocking(floor);
  REQUIRE_FALSE(plan_crowd(planner, interlocking, 6, random).breach);
  std::map<base::PlayId, double> bound_s, nominal_s;
  for (const ProjectedPlay& play : interlocking.projected(0.0, kSlowness)) bound_s[play.plan.play] = play.plan.end_s;
  for (const ProjectedPlay& play : interlocking.projected(0.0)) nominal_s[play.plan.play] = play.plan.end_s;
  std::map<base::PlayId, double> pace, ready_s;
  double steps_s = 0.0;  // by which stepping makes everybody late at the most: at each gate of each play
  for (const base::PlayId id : interlocking.plays()) steps_s += kStep_s * 3.0 * static_cast<double>(interlocking.plan(id).blocks.size());
  Bound result;
  for (double now_s = 0.0; now_s < 20000.0 && !interlocking.plays().empty(); now_s += kStep_s) {
    for (const base::PlayId id : interlocking.plays()) {
      const PlayPlan& plan = interlocking.plan(id);
      const Progress at = interlocking.progress_of(id);
      if (at.block && at.position_m < plan.blocks[*at.block].length_m) {
        const double took_s = plan.walk_s(*at.block) * pace[id];  // setting off included
        interlocking.progress(id, *at.block, at.position_m + plan.blocks[*at.block].length_m * kStep_s / took_s, now_s);
        ready_s[id] = now_s + plan.blocks[*at.block].stay_s * pace[id];
        continue;
      }
      if (at.block && now_s < ready_s[id]) continue;
      const std::size_t next = at.block ? *at.block + 1 : 0;
      if (next == plan.blocks.size()) {
        result.latest_s = std::max(result.latest_s, now_s - bound_s[id] - steps_s);
        result.later_than_nominal_s = std::max(result.later_than_nominal_s, now_s - nominal_s[id] - steps_s);
        ++result.ended;
        interlocking.remove(id);
        continue;
      }
      if (now_s < plan.enter_s[0] || !interlocking.may_enter(id, next).open) continue;
      pace[id] = random.chance(0.5) ? kSlowness : random.uniform(1.0, kSlowness);
      ready_s[id] = now_s + plan.blocks[next].stay_s * pace[id];
      interlocking.grant(id, next);
      interlocking.progress(id, next, 0.0, now_s);
    }
  }
  CHECK(interlocking.plays().empty());
  return result;
}

}  // namespace

TEST_CASE("nobody no slower than reckoned ends later than the slow projection says") {
  double later_than_nominal_s = 0.0;
  std::size_t ended = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    base::Random random(seed);
    INFO("seed " << seed);
    const Bound bound = walk_slowly(random_hall(random), seed);
    CHECK(bound.latest_s <= 1e-6);
    later_than_nominal_s = std::max(later_than_nominal_s, bound.later_than_nominal_s);
    ended += bound.ended;
  }
  CHECK(ended > 300);
  CHECK(later_than_nominal_s > 10.0);  // the bound is no idle one
}

TEST_CASE("the slow projection of a plan that is not yet taken in is that of one which is") {
  base::Random random(5);
  const FloorPlan floor = random_hall(random);
  const Planner planner(floor);
  Interlocking interlocking(floor);
  const Crowd crowd = plan_crowd(planner, interlocking, 4, random);
  REQUIRE(crowd.plays.size() > 1);
  const PlayPlan last = interlocking.plan(crowd.plays.back().play);
  interlocking.remove(last.play);
  const auto with = interlocking.projected_with(last, {}, 0.0, kSlowness);
  REQUIRE(with);
  CHECK(interlocking.plays().size() + 1 == with->size());
  REQUIRE(interlocking.add(last, 0.0));
  const auto added = interlocking.projected(0.0, kSlowness);
  REQUIRE(added.size() == with->size());
  for (std::size_t i = 0; i < added.size(); ++i) CHECK(added[i].plan.end_s == (*with)[i].plan.end_s);
  CHECK(interlocking.projected_with(last, {}, 0.0, kSlowness).error().code == "plan-duplicate");
}

// The interlocking's promise at any pace: conflicting blocks are never occupied at once and everybody finishes.
#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

namespace {

struct Walker {
  double speed_factor = 1.0;
  double paused_until_s = 0.0;
  double in_place_since_s = -1.0;
  HallPoint at{};
};

// Steps of one second with walkers from half to twice their speed who stop now and then for up to a minute. New
// plays join meanwhile, some of them by holding others otherwise. Returns what went wrong.
class Floorful {
 public:
  Floorful(const FloorPlan& floor, std::uint64_t seed) : random_(seed), floor_(floor), planner_(floor), interlocking_(floor) {
    plan_crowd(planner_, interlocking_, 6, random_);
  }

  std::string run() {
    constexpr int kSteps = 6000;
    for (int step = 0; step < kSteps && !interlocking_.plays().empty(); ++step) {
      now_s_ = step;
      if (step % 40 == 20 && joined_ < 4) join();
      for (const base::PlayId id : interlocking_.plays()) move(id);
      if (const auto violation = interlocking_.violation()) return *violation;
      if (const std::string near = too_near(); !near.empty()) return near;
    }
    return interlocking_.plays().empty() ? "" : "somebody never finished";
  }
  std::size_t held_otherwise() const { return held_otherwise_; }  // plays under way that made room for one who joined

 private:
  void join() {
    PlanRequest request;
    request.play = base::PlayId(100 + static_cast<std::uint64_t>(++joined_));
    request.film = base::FilmId("newcomer");
    request.route = random_route(random_);
    request.earliest_s = now_s_;
    request.wait_max_s = 60.0;
    const PlanAnswer answer = planner_.plan(request, interlocking_.snapshot(now_s_), WorkBudget{40, 6, 2, 0, 60}, random_());
    if (answer.plan && interlocking_.add(*answer.plan, answer.retimed, now_s_)) held_otherwise_ += answer.retimed.size();
  }

  void move(base::PlayId id) {
    Walker& walker = walkers_[id];
    const PlayPlan& plan = interlocking_.plan(id);
    const Progress at = interlocking_.progress_of(id);
    if (random_.chance(0.02)) walker.paused_until_s = now_s_ + random_.uniform(0.0, 60.0);
    if (random_.chance(0.05)) walker.speed_factor = random_.uniform(0.5, 2.0);
    if (now_s_ < walker.paused_until_s) return;
    const bool in_place = !at.block || at.position_m >= plan.blocks[*at.block].length_m;
    if (!in_place) {
      interlocking_.progress(id, *at.block, at.position_m + plan.speed_mps * walker.speed_factor, now_s_);
      return;
    }
    if (at.block && walker.in_place_since_s < 0.0) walker.in_place_since_s = now_s_;
    if (at.block && now_s_ < walker.in_place_since_s + plan.blocks[*at.block].stay_s * walker.speed_factor) return;
    const std::size_t next = at.block ? *at.block + 1 : 0;
    if (next == plan.blocks.size()) {
      interlocking_.remove(id);
      walkers_.erase(id);
      return;
    }
    if (!interlocking_.may_enter(id, next).open) return;
    interlocking_.grant(id, next);
    interlocking_.progress(id, next, 0.0, now_s_);
    walker.in_place_since_s = -1.0;
  }

  std::string too_near() const {
    for (const base::PlayId one : interlocking_.plays()) {
      for (const base::PlayId two : interlocking_.plays()) {
        if (!(one < two)) continue;
        const Progress& a = interlocking_.progress_of(one);
        const Progress& b = interlocking_.progress_of(two);
        if (!a.block || !b.block) continue;
        const HallPoint p = point_along(interlocking_.plan(one).blocks[*a.block].path, a.position_m);
        const HallPoint q = point_along(interlocking_.plan(two).blocks[*b.block].path, b.position_m);
        const double separation = pair_separation_m(floor_, interlocking_.plan(one), interlocking_.plan(two));
        if (tracking::distance(p, q) < separation - 1e-3) return "two walkers too near";
      }
    }
    return "";
  }

  base::Random random_;
  FloorPlan floor_;
  Planner planner_;
  Interlocking interlocking_;
  std::map<base::PlayId, Walker> walkers_;
  double now_s_ = 0.0;
  int joined_ = 0;
  std::size_t held_otherwise_ = 0;
};

}  // namespace

TEST_CASE("nobody meets and everybody finishes at any pace") {
  std::size_t held_otherwise = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    base::Random random(seed);
    const FloorPlan floor = random_hall(random);
    INFO("seed " << seed);
    Floorful floorful(floor, seed);
    CHECK(floorful.run() == "");
    held_otherwise += floorful.held_otherwise();
  }
  CHECK(held_otherwise > 0);  // the promise holds for them, too
}

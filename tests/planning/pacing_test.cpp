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
  using Film = package::Route (*)(base::Random&);
  Floorful(const FloorPlan& floor, std::uint64_t seed, Film film = random_route) : random_(seed), floor_(floor), film_(film), planner_(floor), interlocking_(floor) {
    breach_ = plan_crowd(planner_, interlocking_, 6, random_, std::nullopt, std::nullopt, film).breach.value_or("");
  }

  std::string run() {
    if (!breach_.empty()) return breach_;
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
  int chosen() const { return chosen_; }  // other ways than the first on offer
  std::size_t held_otherwise() const { return held_otherwise_; }  // plays under way that made room for one who joined

 private:
  void join() {
    PlanRequest request;
    request.play = base::PlayId(100 + static_cast<std::uint64_t>(++joined_));
    request.film = base::FilmId("newcomer");
    request.route = film_(random_);
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
    if (at.block && plan.choice_open_at(*at.block)) choose(id, *at.block);
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

  // The hindmost of a play's members is as far as it says; the others may be anywhere before him in the block.
  std::vector<HallPoint> walkers_of(base::PlayId play, const Progress& at) const {
    const PlayPlan& plan = interlocking_.plan(play);
    const double length = plan.blocks[*at.block].length_m;
    const double share = length > 0.0 ? at.position_m / length : 1.0;
    std::vector<HallPoint> points = members_in(plan, *at.block, share);
    for (const double ahead : {(1.0 + share) / 2.0, 1.0}) {
      if (plan.members == 1) break;
      for (const HallPoint p : members_in(plan, *at.block, ahead)) points.push_back(p);
    }
    return points;
  }

  void choose(base::PlayId id, std::size_t block) {
    std::vector<std::uint8_t> options{0};
    for (const Branch& branch : interlocking_.plan(id).branches) {
      if (branch.after == block) options.push_back(branch.option);
    }
    const std::uint8_t option = options[random_.below(options.size())];
    interlocking_.choose(id, option);
    if (option != 0) ++chosen_;
  }

  std::string too_near() const {
    for (const base::PlayId one : interlocking_.plays()) {
      for (const base::PlayId two : interlocking_.plays()) {
        if (!(one < two)) continue;
        const Progress& a = interlocking_.progress_of(one);
        const Progress& b = interlocking_.progress_of(two);
        if (!a.block || !b.block) continue;
        const double separation = pair_separation_m(floor_, interlocking_.plan(one), interlocking_.plan(two));
        for (const HallPoint p : walkers_of(one, a)) {
          for (const HallPoint q : walkers_of(two, b)) {
            if (tracking::distance(p, q) < separation - 1e-3) return "two walkers too near";
          }
        }
      }
    }
    return "";
  }

  base::Random random_;
  FloorPlan floor_;
  Film film_;
  Planner planner_;
  Interlocking interlocking_;
  std::map<base::PlayId, Walker> walkers_;
  double now_s_ = 0.0;
  std::string breach_;
  int joined_ = 0;
  int chosen_ = 0;
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

TEST_CASE("nobody meets and everybody finishes at any pace, whatever they choose") {
  int chosen = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::Random random(seed);
    const FloorPlan floor = random_hall(random);
    INFO("seed " << seed);
    Floorful floorful(floor, seed, random_graph);
    CHECK(floorful.run() == "");
    chosen += floorful.chosen();
  }
  CHECK(chosen > 100);
}

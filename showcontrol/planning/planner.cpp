#include "showcontrol/planning/planner.h"

#include <algorithm>
#include <limits>

#include "showcontrol/planning/placements.h"
#include "showcontrol/planning/search.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::planning {
namespace {

constexpr int kScaleAfter = 2;  // of the placements, one part in so many is tried unscaled first

std::vector<LaidRoute> present_copies(const PlanRequest& request, const Snapshot& snapshot) {
  std::vector<LaidRoute> present;
  for (const ProjectedPlay& other : snapshot.plays) {
    if (other.plan.film != request.film || other.plan.seated) continue;
    const LaidRoute laid{other.plan.placement, other.plan.scale};
    if (std::ranges::find(present, laid) == present.end()) present.push_back(laid);
  }
  return present;
}

void explain(const PlanRequest& request, const Snapshot& snapshot, bool way_missing, PlanAnswer& answer) {
  if (answer.placements_fitting == 0) {
    answer.reasons.push_back(base::formatted("None of {} placements tried keeps the wall margin: the film is too large for the hall.", answer.placements_tried));
    return;
  }
  double first_end = std::numeric_limits<double>::infinity();
  for (const ProjectedPlay& other : snapshot.plays) first_end = std::min(first_end, other.plan.end_s);
  if (!snapshot.plays.empty()) {
    answer.wait_s = std::max(0.0, first_end - std::max(snapshot.now_s, request.earliest_s));
    answer.reasons.push_back(base::formatted("{} plays are under way or planned, and none of {} placements has a way between them within {:.0f} s.",
                                         snapshot.plays.size(), answer.placements_timed, request.wait_max_s));
  }
  if (way_missing) answer.reasons.push_back("Some placements cannot be reached from the entrance or left for the exit.");
  if (!snapshot.bodies.empty()) answer.reasons.push_back(base::formatted("{} bodies stand in the hall.", snapshot.bodies.size()));
}

// The placements that came nearest to being timed.
class AlmostTimed {
 public:
  struct One {
    LaidRoute laid;
    std::size_t reached = 0;
  };
  void remember(const LaidRoute& laid, std::size_t reached) {
    if (kept_.size() < kMost) {
      kept_.push_back({laid, reached});
      return;
    }
    const auto least = std::ranges::min_element(kept_, {}, &One::reached);
    if (reached > least->reached) *least = {laid, reached};
  }
  // Farthest first.
  const std::vector<One>& sorted() {
    std::ranges::stable_sort(kept_, std::ranges::greater{}, &One::reached);
    return kept_;
  }
  One* pick(base::Random& random) { return kept_.empty() ? nullptr : &kept_[random.below(kept_.size())]; }

 private:
  static constexpr std::size_t kMost = 6;
  std::vector<One> kept_;
};

// Moves what nearly went a little, as long as it goes no less far; and, once something goes, the best of it, to be better.
void climb(Search& search, AlmostTimed& near, int climbs, base::Random random, PlanAnswer& answer) {
  for (int i = 0; i < climbs; ++i) {
    const auto best = search.best_laid();
    AlmostTimed::One* from = best ? nullptr : near.pick(random);
    if (!best && from == nullptr) return;
    const LaidRoute laid = nudged(best ? *best : from->laid, random);
    const int timed_before = answer.placements_timed;
    if (search.try_placement(laid, answer) || from == nullptr || answer.placements_timed == timed_before) continue;
    if (search.reached() >= from->reached) *from = {laid, search.reached()};
  }
}

// Copies shifted from each play of the same film that has not begun, and goes as it goes.
int try_formations(Search& search, const Floor& floor, const PlanRequest& request, const Snapshot& snapshot, const WorkBudget& budget, PlanAnswer& answer) {
  int found = 0;
  for (const ProjectedPlay& other : snapshot.plays) {
    if (other.plan.film != request.film || other.plan.seated || other.plan.start_s() < snapshot.now_s) continue;
    for (const LaidRoute& laid : ring_of_copies({other.plan.placement, other.plan.scale}, centre_separation_m(floor.plan(), other.plan, other.plan))) {
      if (answer.placements_timed >= budget.candidates) return found;
      if (search.try_placement(laid, answer)) ++found;
    }
  }
  return found;
}

void try_walking(Search& search, const Floor& floor, const PlanRequest& request, const Snapshot& snapshot, const WorkBudget& budget, std::uint64_t seed, PlanAnswer& answer) {
  const std::vector<LaidRoute> present = present_copies(request, snapshot);
  int found = 0;
  for (const LaidRoute& laid : present) {  // trains: the same floor again, some scenes behind
    if (answer.placements_timed >= budget.candidates) break;
    if (search.try_placement(laid, answer)) ++found;
  }
  if (budget.leaders > 0) found += try_formations(search, floor, request, snapshot, budget, answer);
  AlmostTimed near;
  PlacementSampler sampler(floor, request.route, present, base::Random(seed).fork("placements"));
  base::Random scales = base::Random(seed).fork("scales");
  for (int i = 0; found < budget.choices && i < budget.placements && answer.placements_timed < budget.candidates; ++i) {
    // Smaller only where the film's own size has no place, or none that is free.
    const bool none_fits = answer.placements_fitting == 0 && i >= budget.placements / kScaleAfter;
    const bool none_free = found == 0 && answer.placements_timed >= budget.candidates / kScaleAfter;
    const bool unscaled = !none_fits && !none_free;
    const double scale = unscaled ? 1.0 : scales.uniform(request.route.scale_min, request.route.scale_max);
    const auto laid = sampler.draw(scale);
    if (!laid) {
      ++answer.placements_tried;
      continue;
    }
    const int timed_before = answer.placements_timed;
    if (search.try_placement(*laid, answer)) ++found;
    else if (answer.placements_timed > timed_before) near.remember(*laid, search.reached());
  }
  climb(search, near, budget.climbs, base::Random(seed).fork("climbs"), answer);
  const int allowed = search.found() ? 0 : budget.retimings;
  int timings = allowed;
  for (const AlmostTimed::One& one : near.sorted()) {
    if (timings <= 0) break;
    search.rearrange(one.laid, timings);
  }
  answer.timings_of_others = allowed - timings;
}

}  // namespace

Planner::Planner(FloorPlan floor, ConflictRule rule, Weights weights) : floor_(std::move(floor)), rule_(rule), weights_(weights) {}

PlanAnswer Planner::plan(const PlanRequest& request, const Snapshot& snapshot, const WorkBudget& budget, std::uint64_t seed) const {
  PROMENADE_ASSERT(!request.route.scenes.empty() && request.members >= 1);
  PlanAnswer answer;
  Search search(floor_, rule_, weights_, request, snapshot);
  if (request.seat) search.try_seat(answer);
  else try_walking(search, search.ground(), request, snapshot, budget, seed, answer);
  if (auto best = search.take_best(budget.leaders)) {
    answer.plan = std::move(best->plan);
    answer.retimed = std::move(best->retimed);
    answer.wait_s = answer.plan->start_s() - std::max(request.earliest_s, snapshot.now_s);
  } else {
    explain(request, snapshot, search.way_missing(), answer);
  }
  return answer;
}

}  // namespace promenade::planning

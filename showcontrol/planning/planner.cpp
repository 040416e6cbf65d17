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

// Placements as they are found: those that go by a quick look, cheapest first, and those that nearly do.
class Prospects {
 public:
  struct One {
    LaidRoute laid;
    double arrive_s = 0.0;
    double cost = 0.0;
  };

  // A group's places are told apart only by an exact look.
  Prospects(Search& search, const WorkBudget& budget, bool alone, PlanAnswer& answer) : search_(search), budget_(budget), quick_(budget.scenes > 0 && alone), answer_(answer) {}

  bool quick() const { return quick_; }
  // No more are to be drawn.
  bool enough() const {
    if (quick()) return answer_.scenes_looked_at >= budget_.scenes;
    return found_ >= budget_.choices || timed_all();
  }
  bool timed_all() const { return answer_.placements_timed >= budget_.candidates; }

  // Whether it fits and goes: by the quick look, or else exactly.
  bool add(const LaidRoute& laid) {
    ++answer_.placements_tried;
    fits_ = quick() ? look(laid) : search_.fits(laid);
    if (!fits_) return false;
    ++answer_.placements_fitting;
    return quick() ? goes_ : time(laid, 0.0);
  }
  void draw(const LaidRoute& laid) {
    if (!add(laid) && fits_) near_.remember(laid, reached_);
  }
  // Moves what nearly goes a little, as long as it goes no less far; and, once something goes, the best of it, to be better.
  void climb(base::Random random) {
    const int timed_most = answer_.placements_timed + budget_.candidates;  // where every step is timed: once more as many
    for (int i = 0; i < budget_.climbs && !(quick() ? enough() : answer_.placements_timed >= timed_most); ++i) {
      const auto best = quick() ? best_looking() : search_.best_laid();
      AlmostTimed::One* from = best ? nullptr : near_.pick(random);
      if (!best && from == nullptr) return;
      const LaidRoute laid = nudged(best ? *best : from->laid, random);
      if (!add(laid) && fits_ && from != nullptr && reached_ >= from->reached) *from = {laid, reached_};
    }
  }
  // Of those that go by the quick look, times the cheapest exactly, until there are `choices` to choose between.
  void time_cheapest() {
    std::ranges::stable_sort(going_, {}, &One::cost);
    for (const One& one : going_) {
      if (found_ >= budget_.choices || timed_all()) return;
      if (!time(one.laid, one.arrive_s)) near_.remember(one.laid, reached_);
    }
  }
  bool none_go() const { return quick() ? going_.empty() : found_ == 0; }
  const std::vector<AlmostTimed::One>& near() { return near_.sorted(); }

 private:
  bool look(const LaidRoute& laid) {
    const auto prospect = search_.look(laid);
    if (!prospect) return false;
    answer_.scenes_looked_at += prospect->scenes;
    reached_ = prospect->reached;
    goes_ = prospect->goes;
    if (!goes_) return true;
    going_.push_back({laid, prospect->arrive_s, prospect->cost});
    if (prospect->cost < going_[best_].cost) best_ = going_.size() - 1;
    return true;
  }
  bool time(const LaidRoute& laid, double arrive_s) {
    ++answer_.placements_timed;
    const bool goes = search_.try_placement(laid, arrive_s);
    reached_ = search_.reached();
    if (goes) ++found_;
    return goes;
  }
  std::optional<LaidRoute> best_looking() const { return going_.empty() ? std::nullopt : std::optional(going_[best_].laid); }

  Search& search_;
  const WorkBudget& budget_;
  bool quick_;
  PlanAnswer& answer_;
  std::vector<One> going_;
  std::size_t best_ = 0;
  AlmostTimed near_;
  int found_ = 0;      // timed exactly, and they go
  bool fits_ = false;  // of the last that was added, with how far it goes
  bool goes_ = false;
  std::size_t reached_ = 0;
};

// Copies shifted from each play of the same film that has not begun, and goes as it goes.
void add_formations(Prospects& prospects, const Floor& floor, const PlanRequest& request, const Snapshot& snapshot) {
  for (const ProjectedPlay& other : snapshot.plays) {
    if (other.plan.film != request.film || other.plan.seated || other.plan.start_s() < snapshot.now_s) continue;
    for (const LaidRoute& laid : ring_of_copies({other.plan.placement, other.plan.scale}, centre_separation_m(floor.plan(), other.plan, other.plan))) {
      if (!prospects.timed_all()) prospects.add(laid);
    }
  }
}

void try_walking(Search& search, const Floor& floor, const PlanRequest& request, const Snapshot& snapshot, const WorkBudget& budget, std::uint64_t seed, PlanAnswer& answer) {
  std::vector<LaidRoute> present = present_copies(request, snapshot);
  Prospects prospects(search, budget, request.members == 1, answer);
  if (!budget.trains) present.clear();
  for (const LaidRoute& laid : present) {  // trains: the same floor again, some scenes behind
    if (!prospects.timed_all()) prospects.add(laid);
  }
  if (budget.leaders > 0) add_formations(prospects, floor, request, snapshot);
  PlacementSampler sampler(floor, request.route, present, base::Random(seed).fork("placements"));
  base::Random scales = base::Random(seed).fork("scales");
  for (int i = 0; i < budget.placements && !prospects.enough(); ++i) {
    // Smaller only where the film's own size has no place, or none that is free.
    const bool half_drawn = i >= budget.placements / kScaleAfter, half_timed = answer.placements_timed >= budget.candidates / kScaleAfter;
    const bool none_fits = answer.placements_fitting == 0 && half_drawn;
    const bool none_free = prospects.none_go() && (prospects.quick() ? half_drawn : half_timed);
    const bool unscaled = !none_fits && !none_free;
    const double scale = unscaled ? 1.0 : scales.uniform(request.route.scale_min, request.route.scale_max);
    if (const auto laid = sampler.draw(scale)) prospects.draw(*laid);
    else ++answer.placements_tried;
  }
  prospects.climb(base::Random(seed).fork("climbs"));
  prospects.time_cheapest();
  const int allowed = search.found() ? 0 : budget.retimings;
  int timings = allowed;
  for (const AlmostTimed::One& one : prospects.near()) {
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

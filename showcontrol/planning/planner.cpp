#include "showcontrol/planning/planner.h"

#include <algorithm>
#include <limits>

#include "showcontrol/planning/placements.h"
#include "showcontrol/planning/timing.h"
#include "showcontrol/planning/transit.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::planning {
namespace {

constexpr double kWayWindow_s = 45.0;  // how long a way in or out takes, about: the window of its crossing costs
constexpr std::size_t kWaysIn = 2;     // launching points tried for one placement, nearest first
constexpr double kTogether_s = 3.0;    // a fellow sets out so soon after
constexpr int kScaleAfter = 2;         // of the placements, one part in so many is tried unscaled first

// A way in as it may be taken, before it is pulled straight.
struct StepsIn {
  const TransitField* field = nullptr;
  Path steps;
};

// One answer in the making.
class Search {
 public:
  Search(const Floor& floor, ConflictRule rule, const Weights& weights, const PlanRequest& request, const Snapshot& snapshot)
      : floor_(floor), rule_(rule), weights_(weights), request_(request), snapshot_(snapshot),
        earliest_s_(std::max(request.earliest_s, snapshot.now_s)) {
    if (request.enter_from) {
      const std::vector<double> costs = crossing_costs(floor, snapshot, earliest_s_, earliest_s_ + kWayWindow_s);
      in_.reserve(1 + request.enter_also.size());
      in_.emplace_back(floor, request.enter_by.value_or(*request.enter_from), request.seat, costs);
      for (const HallPoint from : request.enter_also) in_.emplace_back(floor, from, request.seat, costs);
    }
  }

  bool consider(const LaidRoute& laid);  // whether it can be timed
  bool consider_seat();
  // The best of all, or of those with room for a fellow beside them, where one waits.
  std::optional<PlayPlan> take_best(int leaders);
  bool way_missing() const { return way_missing_; }
  std::size_t reached() const { return reached_; }  // blocks of the last placement considered that could be timed
  std::optional<LaidRoute> best_laid() const;

 private:
  bool starts_inside(const TransitField* field) const { return request_.enter_by && field == &in_.front(); }
  bool scenes_may_be_timed(const LaidRoute& laid, const std::vector<StepsIn>& ways);
  PlayPlan make_play(const LaidRoute& laid, const Path& way_in, const Path& way_out) const;
  bool time(const LaidRoute& laid, const Path& way_in, const Path& way_out);
  const TransitField& out();
  void find_taken();
  double newly_taken_m2(const PlayPlan& plan) const;

  const Floor& floor_;
  ConflictRule rule_;
  const Weights& weights_;
  const PlanRequest& request_;
  const Snapshot& snapshot_;
  double earliest_s_;
  std::vector<TransitField> in_;  // one for each point at which the way in may begin
  std::optional<TransitField> out_;  // made when the first placement needs it
  std::vector<char> taken_;          // cells near a place of another play; found when the first placement can be timed
  double scarcity_ = 1.0;    // of floor: in an empty hall it costs nothing to take some
  struct Found {
    double cost = 0.0;
    PlayPlan plan;
  };
  std::optional<double> cost_beside(const PlayPlan& leader) const;  // of the best copy of it that can go at the same time
  double cost_of(const PlayPlan& plan) const;
  std::vector<Found> found_;
  std::size_t best_ = 0;  // of them, the cheapest; the first of equals
  std::size_t reached_ = 0;
  bool way_missing_ = false;
};

const TransitField& Search::out() {
  if (!out_) {
    const double leave_s = earliest_s_ + package::nominal_length_s(request_.route);
    out_.emplace(floor_, *request_.leave_to, request_.seat, crossing_costs(floor_, snapshot_, leave_s, leave_s + kWayWindow_s));
  }
  return *out_;
}

void Search::find_taken() {
  if (!taken_.empty()) return;
  taken_.assign(static_cast<std::size_t>(floor_.columns() * floor_.rows()), 0);
  for (const ProjectedPlay& other : snapshot_.plays) {
    for (const Block& block : other.plan.blocks) {
      if (block.scene == kNoScene) continue;
      for (const int cell : floor_.cells_near({block.place()}, floor_.plan().separation_m)) taken_[static_cast<std::size_t>(cell)] = 1;
    }
  }
  std::size_t taken = 0;
  for (const int cell : floor_.floor_cells()) taken += taken_[static_cast<std::size_t>(cell)] != 0 ? 1 : 0;
  const double share = static_cast<double>(taken) / std::max<double>(1.0, static_cast<double>(floor_.floor_cells().size()));
  scarcity_ = share * share;
}

double Search::newly_taken_m2(const PlayPlan& plan) const {
  std::vector<char> mine(taken_.size(), 0);
  int cells = 0;
  for (const Block& block : plan.blocks) {
    if (block.scene == kNoScene) continue;
    for (const int cell : floor_.cells_near({block.place()}, floor_.plan().separation_m)) {
      const auto i = static_cast<std::size_t>(cell);
      if (!mine[i] && !taken_[i]) ++cells;
      mine[i] = 1;
    }
  }
  return cells * Floor::kCell_m * Floor::kCell_m;
}

bool Search::consider(const LaidRoute& laid) {
  const std::vector<HallPoint> places = lay(request_.route, laid.placement, laid.scale);
  std::vector<const TransitField*> nearest;
  for (const TransitField& field : in_) nearest.push_back(&field);
  std::ranges::stable_sort(nearest, {}, [&](const TransitField* field) { return tracking::distance(field->door(), places.front()); });
  nearest.resize(std::min(nearest.size(), kWaysIn));
  std::vector<StepsIn> ways;
  for (const TransitField* field : nearest) {
    if (auto steps = field->steps_to(places.front())) ways.push_back({field, std::move(*steps)});
    else way_missing_ = true;
  }
  if (!in_.empty() && ways.empty()) return false;
  reached_ = 0;
  if ((!in_.empty() || request_.leave_to) && !scenes_may_be_timed(laid, ways)) return false;
  Path way_out;
  if (request_.leave_to) {
    const auto way = out().way_to(places.back());
    if (!way) {
      way_missing_ = true;
      return false;
    }
    way_out.assign(way->rbegin(), way->rend());
  }
  if (in_.empty()) return time(laid, {}, way_out);
  bool found = false;
  for (const StepsIn& one : ways) {
    auto way = one.field->pulled(one.steps);
    if (way) {
      if (starts_inside(one.field)) way->insert(way->begin(), *request_.enter_from);
      found = time(laid, *way, way_out) || found;
    } else {
      way_missing_ = true;
    }
  }
  return found;
}

// Most placements fail by their scenes, whatever the ways to them: that is cheaper to find out than the ways are.
bool Search::scenes_may_be_timed(const LaidRoute& laid, const std::vector<StepsIn>& ways) {
  double least_m = ways.empty() ? 0.0 : std::numeric_limits<double>::infinity();
  double most_m = 0.0;
  for (const StepsIn& one : ways) {
    const double before_m = starts_inside(one.field) ? tracking::distance(*request_.enter_from, one.field->door()) : 0.0;
    least_m = std::min(least_m, before_m + tracking::distance(one.steps.front(), one.steps.back()));
    most_m = std::max(most_m, before_m + path_length_m(one.steps));
  }
  const PlayPlan scenes = make_play(laid, {}, {});
  const double latest_s = earliest_s_ + request_.wait_max_s + (ways.empty() ? 0.0 : scenes.setting_off_s);
  const Interval arrival{earliest_s_ + least_m / scenes.speed_mps, latest_s + most_m / scenes.speed_mps};
  return may_be_timed(scenes, snapshot_, floor_.plan(), rule_, arrival, request_.route.hold_total_max_s, &reached_);
}

PlayPlan Search::make_play(const LaidRoute& laid, const Path& way_in, const Path& way_out) const {
  PlayPlan plan = make_plan(request_.route, laid.placement, laid.scale, way_in, way_out, floor_.plan());
  plan.play = request_.play;
  plan.film = request_.film;
  plan.members = request_.members;
  plan.seated = request_.seat.has_value();
  return plan;
}

bool Search::time(const LaidRoute& laid, const Path& way_in, const Path& way_out) {
  PlayPlan plan = make_play(laid, way_in, way_out);
  auto times = earliest_times(plan, snapshot_, floor_.plan(), rule_, earliest_s_, earliest_s_ + request_.wait_max_s, request_.route.hold_total_max_s, &reached_);
  if (!times) return false;
  find_taken();
  plan.enter_s = std::move(times->enter_s);
  plan.end_s = times->end_s;
  const double cost = cost_of(plan);
  if (found_.empty() || cost < found_[best_].cost) best_ = found_.size();
  found_.push_back({cost, std::move(plan)});
  return true;
}

double Search::cost_of(const PlayPlan& plan) const {
  const double wait = plan.start_s() - earliest_s_;
  const double hold = plan.leave_s(plan.last_scene_block()) - plan.start_s() - plan.nominal_s();
  return wait * weights_.wait + hold * weights_.hold + newly_taken_m2(plan) * weights_.newly_taken_s_per_m2 * scarcity_;
}

std::optional<double> Search::cost_beside(const PlayPlan& leader) const {
  Snapshot with = snapshot_;
  with.plays.push_back({leader, 0, 0.0, 0.0});
  std::optional<double> best;
  for (const LaidRoute& laid : ring_of_copies({leader.placement, leader.scale}, pair_separation_m(floor_.plan(), leader, leader))) {
    if (!keeps_margins(floor_, request_.route, laid)) continue;
    PlayPlan copy = make_play(laid, {}, {});
    auto times = earliest_times(copy, with, floor_.plan(), rule_, leader.start_s(), leader.start_s() + kTogether_s, request_.route.hold_total_max_s);
    if (!times) continue;
    copy.enter_s = std::move(times->enter_s);
    copy.end_s = times->end_s;
    const double cost = cost_of(copy);
    if (!best || cost < *best) best = cost;
  }
  return best;
}

std::optional<LaidRoute> Search::best_laid() const {
  if (found_.empty()) return std::nullopt;
  return LaidRoute{found_[best_].plan.placement, found_[best_].plan.scale};
}

std::optional<PlayPlan> Search::take_best(int leaders) {
  if (found_.empty()) return std::nullopt;
  std::size_t best = best_;
  if (leaders > 0 && request_.fellows > 0 && request_.members == 1 && !request_.seat) {
    std::ranges::stable_sort(found_, {}, &Found::cost);
    best = 0;
    double best_cost = std::numeric_limits<double>::infinity();
    const std::size_t looked_at = std::min(found_.size(), static_cast<std::size_t>(leaders));
    for (std::size_t i = 0; i < looked_at; ++i) {
      const auto beside = cost_beside(found_[i].plan);
      if (!beside) continue;
      const double cost = found_[i].cost + *beside;
      if (cost < best_cost) {
        best_cost = cost;
        best = i;
      }
    }
  }
  return std::move(found_[best].plan);
}

bool Search::consider_seat() {
  const package::FilmPoint at = request_.route.scenes.front().at;
  LaidRoute laid;
  laid.placement.shift = {request_.seat->x - at.x_m, request_.seat->y - at.y_m};
  return consider(laid);
}

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
  One* pick(base::Random& random) { return kept_.empty() ? nullptr : &kept_[random.below(kept_.size())]; }

 private:
  static constexpr std::size_t kMost = 6;
  std::vector<One> kept_;
};

// Moves what nearly went a little, as long as it goes no less far; and, once something goes, the best of it, to be better.
void climb(const Floor& floor, Search& search, AlmostTimed& near, const PlanRequest& request, int climbs, base::Random random, PlanAnswer& answer) {
  for (int i = 0; i < climbs; ++i) {
    const auto best = search.best_laid();
    AlmostTimed::One* from = best ? nullptr : near.pick(random);
    if (!best && from == nullptr) return;
    const LaidRoute laid = nudged(best ? *best : from->laid, random);
    ++answer.placements_tried;
    if (!keeps_margins(floor, request.route, laid)) continue;
    ++answer.placements_fitting;
    ++answer.placements_timed;
    if (!search.consider(laid) && from != nullptr && search.reached() >= from->reached) *from = {laid, search.reached()};
  }
}

}  // namespace

Planner::Planner(FloorPlan floor, ConflictRule rule, Weights weights) : floor_(std::move(floor)), rule_(rule), weights_(weights) {}

PlanAnswer Planner::plan(const PlanRequest& request, const Snapshot& snapshot, const WorkBudget& budget, std::uint64_t seed) const {
  PROMENADE_ASSERT(!request.route.scenes.empty() && request.members >= 1);
  PlanAnswer answer;
  Search search(floor_, rule_, weights_, request, snapshot);
  if (request.seat) {
    answer.placements_tried = answer.placements_fitting = answer.placements_timed = 1;
    search.consider_seat();
  } else {
    const std::vector<LaidRoute> present = present_copies(request, snapshot);
    int found = 0;
    for (const LaidRoute& laid : present) {  // trains: the same floor again, some scenes behind
      if (answer.placements_timed >= budget.candidates) break;
      ++answer.placements_tried;
      if (!keeps_margins(floor_, request.route, laid)) continue;  // the film was laid with another version of its route
      ++answer.placements_fitting;
      ++answer.placements_timed;
      if (search.consider(laid)) ++found;
    }
    // Formations: beside one of the same film who has not begun, and goes as it goes.
    for (const ProjectedPlay& other : snapshot.plays) {
      if (budget.leaders == 0 || other.plan.film != request.film || other.plan.seated || other.plan.start_s() < snapshot.now_s) continue;
      for (const LaidRoute& laid : ring_of_copies({other.plan.placement, other.plan.scale}, pair_separation_m(floor_.plan(), other.plan, other.plan))) {
        if (answer.placements_timed >= budget.candidates) break;
        ++answer.placements_tried;
        if (!keeps_margins(floor_, request.route, laid)) continue;
        ++answer.placements_fitting;
        ++answer.placements_timed;
        if (search.consider(laid)) ++found;
      }
    }
    AlmostTimed near;
    PlacementSampler sampler(floor_, request.route, present, base::Random(seed).fork("placements"));
    base::Random scales = base::Random(seed).fork("scales");
    for (int i = 0; found < budget.choices && i < budget.placements && answer.placements_timed < budget.candidates; ++i) {
      // Smaller only where the film's own size has no place, or none that is free.
      const bool none_fits = answer.placements_fitting == 0 && i >= budget.placements / kScaleAfter;
      const bool none_free = found == 0 && answer.placements_timed >= budget.candidates / kScaleAfter;
      const bool unscaled = !none_fits && !none_free;
      const double scale = unscaled ? 1.0 : scales.uniform(request.route.scale_min, request.route.scale_max);
      ++answer.placements_tried;
      const auto laid = sampler.draw(scale);
      if (!laid || !keeps_margins(floor_, request.route, *laid)) continue;
      ++answer.placements_fitting;
      ++answer.placements_timed;
      if (search.consider(*laid)) ++found;
      else near.remember(*laid, search.reached());
    }
    climb(floor_, search, near, request, budget.climbs, base::Random(seed).fork("climbs"), answer);
  }
  answer.plan = search.take_best(budget.leaders);
  if (answer.plan) {
    answer.wait_s = answer.plan->start_s() - std::max(request.earliest_s, snapshot.now_s);
  } else {
    explain(request, snapshot, search.way_missing(), answer);
  }
  return answer;
}

}  // namespace promenade::planning

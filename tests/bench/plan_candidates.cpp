#include "tests/bench/plan_candidates.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "showcontrol/planning/placements.h"
#include "showcontrol/planning/timing.h"

namespace promenade::bench {
namespace {

constexpr int kRoundsPerCandidate = 3;  // at most, so that draws end where a film's viewers find no room
constexpr int kPlacementsTried = 40;    // for one viewer in one round: that keep the margins, or twice as many draws
constexpr double kAtOnceShare = 0.5;    // of the draws: an entry from time 0 on
constexpr std::size_t kTakenOut = 2;    // of the largest set known, where a round begins with the rest of it
constexpr double kRoundingSlack_s = 1e-3;

class CandidateRounds {
 public:
  CandidateRounds(const PlanningCase& planning_case, double horizon_s, std::size_t per_viewer, const std::vector<Candidate>& known, std::uint64_t seed)
      : case_(planning_case), floor_(planning_case.floor), horizon_s_(horizon_s), per_viewer_(per_viewer), largest_(known),
        counts_(planning_case.wishes.size(), 0), random_(base::Random(seed).fork("candidates")) {}

  DrawnCandidates draw() {
    for (std::size_t round = 0; round < per_viewer_ * kRoundsPerCandidate && !full(); ++round) {
      std::vector<Candidate> set;
      if (round % 2 == 1) set = thinned();
      fill(std::move(set), random_.fork("round", round));
    }
    return {std::move(drawn_), std::move(largest_)};
  }

 private:
  bool full() const { return std::ranges::all_of(counts_, [&](std::size_t count) { return count >= per_viewer_; }); }

  std::vector<Candidate> thinned() {
    std::vector<Candidate> rest = largest_;
    for (std::size_t i = 0; i < kTakenOut && !rest.empty(); ++i) rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(random_.below(rest.size())));
    return rest;
  }

  // Those who are not in the set and still want candidates, in an order of its own.
  std::vector<std::size_t> order(const std::vector<Candidate>& set, base::Random& random) const {
    std::vector<std::size_t> viewers;
    for (std::size_t v = 0; v < counts_.size(); ++v) {
      if (counts_[v] < per_viewer_ && !std::ranges::contains(set, v, &Candidate::viewer)) viewers.push_back(v);
    }
    for (std::size_t i = viewers.size(); i > 1; --i) std::swap(viewers[i - 1], viewers[random.below(i)]);
    return viewers;
  }

  void fill(std::vector<Candidate> set, base::Random random) {
    planning::Snapshot snapshot;
    for (const Candidate& one : set) snapshot.plays.push_back({one.plan, 0, 0.0, 0.0});
    for (const std::size_t viewer : order(set, random)) {
      auto plan = plan_beside(viewer, snapshot, random);
      if (!plan) continue;
      snapshot.plays.push_back({*plan, 0, 0.0, 0.0});
      ++counts_[viewer];
      drawn_.push_back({viewer, *plan});
      set.push_back({viewer, std::move(*plan)});
    }
    if (set.size() >= largest_.size()) largest_ = std::move(set);  // as large is another place to look from
  }

  std::optional<planning::PlayPlan> plan_beside(std::size_t viewer, const planning::Snapshot& snapshot, base::Random& random) {
    const CaseFilm& film = case_.films[case_.wishes[viewer]];
    std::vector<planning::LaidRoute> present;
    for (const planning::ProjectedPlay& other : snapshot.plays) {
      if (other.plan.film == film.id) present.push_back({other.plan.placement, other.plan.scale});
    }
    planning::PlacementSampler sampler(floor_, film.route, present, base::Random(random()));
    int tried = 0;
    for (int i = 0; tried < kPlacementsTried && i < 2 * kPlacementsTried; ++i) {
      const auto laid = sampler.draw(1.0);
      if (!laid || !planning::keeps_margins(floor_, film.route, *laid)) continue;
      ++tried;
      planning::PlayPlan plan = planning::make_plan(film.route, laid->placement, laid->scale, {}, {}, floor_.plan());
      plan.play = base::PlayId(viewer + 1);
      plan.film = film.id;
      const double from_s = random.chance(kAtOnceShare) ? 0.0 : random.uniform(0.0, horizon_s_);
      auto times = planning::earliest_times(plan, snapshot, floor_.plan(), planning::ConflictRule::points_in_time, from_s, horizon_s_, film.route.hold_total_max_s);
      if (!times) continue;
      plan.enter_s = std::move(times->enter_s);
      plan.end_s = times->end_s;
      return plan;
    }
    return std::nullopt;
  }

  const PlanningCase& case_;
  planning::Floor floor_;
  double horizon_s_;
  std::size_t per_viewer_;
  std::vector<Candidate> largest_;
  std::vector<std::size_t> counts_;
  base::Random random_;
  std::vector<Candidate> drawn_;
};

// The plan with no choice left in it: its stays are as long as planned, holds included, and there are no others.
planning::PlayPlan fixed(planning::PlayPlan plan) {
  for (std::size_t k = 0; k < plan.blocks.size(); ++k) {
    plan.blocks[k].stay_s = std::max(0.0, plan.leave_s(k) - plan.arrive_s(k));
    plan.blocks[k].hold_max_s = 0.0;
  }
  return plan;
}

// Andrew's monotone chain: the corners of the convex hull, anticlockwise.
planning::Polygon convex_hull(tracking::PolygonView points) {
  planning::Polygon sorted(points.begin(), points.end());
  std::ranges::sort(sorted, [](planning::HallPoint a, planning::HallPoint b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  planning::Polygon hull;
  for (int half = 0; half < 2; ++half) {
    const std::size_t begin = hull.size();
    for (const planning::HallPoint p : sorted) {
      while (hull.size() >= begin + 2 && tracking::cross(hull.back() - hull[hull.size() - 2], p - hull.back()) <= 0.0) hull.pop_back();
      hull.push_back(p);
    }
    hull.pop_back();  // where the other half begins
    std::ranges::reverse(sorted);
  }
  return hull;
}

}  // namespace

std::vector<Candidate> served_by(const DemandResult& result) {
  std::vector<Candidate> served;
  for (const Served& one : result.plays) served.push_back({one.viewer, one.plan});
  return served;
}

std::vector<double> waits_of(const std::vector<Candidate>& candidates) {
  std::vector<double> waits;
  for (const Candidate& one : candidates) waits.push_back(one.plan.start_s());
  return waits;
}

DrawnCandidates draw_candidates(const PlanningCase& planning_case, double horizon_s, std::size_t per_viewer, const std::vector<Candidate>& known,
                                std::uint64_t seed) {
  return CandidateRounds(planning_case, horizon_s, per_viewer, known, seed).draw();
}

ConflictGraph conflict_graph(const planning::FloorPlan& floor, const std::vector<Candidate>& candidates) {
  planning::FloorPlan with_slack = floor;
  with_slack.tolerance_s = std::max(0.0, floor.tolerance_s - kRoundingSlack_s);
  std::vector<std::size_t> viewers;
  std::vector<planning::PlayPlan> plans;
  for (const Candidate& one : candidates) {
    viewers.push_back(one.viewer);
    plans.push_back(fixed(one.plan));
  }
  ConflictGraph graph(std::move(viewers));
  planning::Snapshot other;
  other.plays.resize(1);
  for (std::size_t j = 0; j < candidates.size(); ++j) {
    other.plays.front().plan = candidates[j].plan;
    for (std::size_t i = 0; i < j; ++i) {
      if (candidates[i].viewer == candidates[j].viewer) continue;
      const double enter_s = plans[i].enter_s.front();
      if (!planning::may_be_timed(plans[i], other, with_slack, planning::ConflictRule::points_in_time, {enter_s, enter_s}, 0.0)) graph.add_conflict(i, j);
    }
  }
  return graph;
}

double packing_bound(tracking::PolygonView boundary, double distance_m) {
  const planning::Polygon hull = convex_hull(boundary);
  double perimeter_m = 0.0;
  for (std::size_t i = 0; i < hull.size(); ++i) perimeter_m += tracking::distance(hull[i], hull[(i + 1) % hull.size()]);
  const double area_m2 = std::abs(tracking::signed_area_m2(hull));
  return 2.0 / std::numbers::sqrt3 * area_m2 / (distance_m * distance_m) + perimeter_m / (2.0 * distance_m) + 1.0;
}

}  // namespace promenade::bench

#include "showcontrol/planning/fit.h"

#include <algorithm>
#include <limits>

#include "showcontrol/planning/placements.h"
#include "showcontrol/planning/timing.h"
#include "showcontrol/planning/transit.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::planning {
namespace {

constexpr int kPlacements = 4000;       // tried at each scale
constexpr double kScaleStep = 0.05;
constexpr double kScaleLeast = 0.3;     // below it nothing is suggested
constexpr double kFewShare = 0.02;      // of placements fitting: under this the film is hard to lay beside others
constexpr double kRunFor_s = 1800.0;    // of the film alone in the hall, half of it to fill
constexpr double kTryEvery_s = 5.0;
constexpr double kHeadwaySearch_s = 600.0;

struct Placed {
  int fitting = 0;
  int mirrored = 0;
  double clearance_m = -1.0;
  LaidRoute best;
};

double clearance_of(const Floor& floor, const package::Route& route, const LaidRoute& laid) {
  const std::vector<HallPoint> places = lay(route, laid.placement, laid.scale);
  double least = floor.clearance_m(places.front());
  for (std::size_t i = 1; i < places.size(); ++i) least = std::min(least, floor.leg_clearance_m(places[i - 1], places[i]));
  return least;
}

Placed place_at(const Floor& floor, const package::Route& route, double scale, std::uint64_t seed) {
  Placed placed;
  PlacementSampler sampler(floor, route, {}, base::Random(seed));
  for (int i = 0; i < kPlacements; ++i) {
    const auto laid = sampler.draw(scale);
    if (!laid || !keeps_margins(floor, route, *laid)) continue;
    ++placed.fitting;
    if (laid->placement.mirrored) ++placed.mirrored;
    const double clearance = clearance_of(floor, route, *laid);
    if (clearance <= placed.clearance_m) continue;
    placed.clearance_m = clearance;
    placed.best = *laid;
  }
  return placed;
}

std::optional<double> largest_scale(const Floor& floor, const package::Route& route, double from, double least, std::uint64_t seed, Placed& placed) {
  for (int i = 0; from - kScaleStep * i >= least - 1e-9; ++i) {
    const double scale = from - kScaleStep * i;
    placed = place_at(floor, route, scale, seed);
    if (placed.fitting > 0) return scale;
  }
  return std::nullopt;
}

PlayPlan alone(const Floor& floor, const package::Route& route, const LaidRoute& laid, const FitWays& ways) {
  const std::vector<HallPoint> places = lay(route, laid.placement, laid.scale);
  const std::vector<double> costs = crossing_costs(floor, {}, 0.0, 1.0);
  Path in;
  Path out;
  for (const HallPoint from : ways.enter_from) {
    const auto way = TransitField(floor, from, std::nullopt, costs).way_to(places.front());
    if (way && (in.empty() || path_length_m(*way) < path_length_m(in))) in = *way;
  }
  if (ways.leave_to) {
    const auto way = TransitField(floor, *ways.leave_to, std::nullopt, costs).way_to(places.back());
    if (way) out.assign(way->rbegin(), way->rend());
  }
  PlayPlan plan = make_plan(route, laid.placement, laid.scale, in, out, floor.plan());
  const auto times = earliest_times(plan, forbidden_times(plan, {}, floor.plan(), ConflictRule::blocks), 0.0, 0.0, 0.0);
  PROMENADE_ASSERT(times.has_value());  // nobody else is there
  plan.enter_s = times->enter_s;
  plan.end_s = times->end_s;
  return plan;
}

std::optional<double> headway_of(const Floor& floor, const package::Route& route, const LaidRoute& laid) {
  PlayPlan plan = alone(floor, route, laid, {});
  Snapshot snapshot;
  snapshot.plays.push_back({plan, 0, 0.0, 0.0});
  const Forbidden forbidden = forbidden_times(plan, snapshot, floor.plan(), ConflictRule::blocks);
  const auto times = earliest_times(plan, forbidden, 1.0, kHeadwaySearch_s, 0.0);
  if (!times || times->enter_s.front() >= plan.end_s) return std::nullopt;
  return times->enter_s.front();
}

// The film alone, with somebody always waiting.
void run_alone(const Planner& planner, const package::Route& route, const FitWays& ways, std::uint64_t seed, FitReport& report) {
  base::Random random(seed);
  Snapshot snapshot;
  double busy_s = 0.0;
  double started = 0.0;
  std::uint64_t next = 1;
  for (double now = 0.0; now < kRunFor_s; now += kTryEvery_s) {
    snapshot.now_s = now;
    std::erase_if(snapshot.plays, [&](const ProjectedPlay& play) { return play.plan.end_s + planner.floor().plan().tolerance_s < now; });
    PlanRequest request;
    request.play = base::PlayId(next);
    request.route = route;
    request.earliest_s = now;
    if (!ways.enter_from.empty()) {
      request.enter_from = ways.enter_from.front();
      request.enter_also.assign(ways.enter_from.begin() + 1, ways.enter_from.end());
    }
    request.leave_to = ways.leave_to;
    const PlanAnswer answer = planner.plan(request, snapshot, {}, random());
    if (!answer.plan) continue;
    ++next;
    const double from = std::max(kRunFor_s / 2.0, answer.plan->start_s());
    busy_s += std::max(0.0, std::min(kRunFor_s, answer.plan->leave_s(answer.plan->last_scene_block())) - from);
    if (answer.plan->start_s() >= kRunFor_s / 2.0) started += 1.0;
    snapshot.plays.push_back({*answer.plan, 0, 0.0, 0.0});
  }
  report.at_once = busy_s / (kRunFor_s / 2.0);
  report.viewers_per_hour = started * 3600.0 / (kRunFor_s / 2.0);
}

void advise(base::Severity severity, std::string code, std::string key, std::string message, std::string expected, const std::string& file, FitReport& report) {
  report.findings.push_back({severity, std::move(code), file, 0, std::move(key), std::move(message), std::move(expected)});
}

void explain(const Floor& floor, const package::Route& route, const std::string& file, std::uint64_t seed, FitReport& report) {
  using base::Severity;
  if (!report.fits) {
    Placed placed;
    const auto scale = largest_scale(floor, route, route.scale_min - kScaleStep, kScaleLeast, seed, placed);
    advise(Severity::error, "film-too-large", "route.scenes",
           base::formatted("The route takes {:.1f} x {:.1f} m; the hall has no room for it with {:.2f} m to the walls.", report.width_m, report.depth_m, floor.plan().wall_margin_m),
           scale ? base::formatted("Make it {:.0f} % of its size, or allow scale_min {:.2f}.", *scale * 100.0, *scale) : std::string("Draw the scenes together."), file, report);
    return;
  }
  if (report.scale < 1.0) {
    advise(Severity::warning, "film-scaled", "route.scale_min", base::formatted("The film fits only at {:.0f} % of its size.", report.scale * 100.0), "Check that its world still reads at that size.", file, report);
  }
  if (report.placements_fitting < kPlacements * kFewShare) {
    advise(Severity::warning, "film-tight", "route.scenes", base::formatted("Only {} of {} placements fit.", report.placements_fitting, report.placements_tried),
           route.mirrorable ? "Draw the scenes together, so that others have room beside it." : "Draw the scenes together, or allow mirroring.", file, report);
  }
  if (route.scenes.size() > 1 && !report.headway_s) {
    advise(Severity::warning, "film-without-trains", "route.scenes", "Nobody can follow in the same placement before the viewer ahead has finished: the way comes back upon itself.",
           "A way that goes on in one direction takes several viewers in the same room.", file, report);
  }
  if (route.headway_min_s > 0.0 && report.headway_s && *report.headway_s > route.headway_min_s + 1.0) {
    advise(Severity::warning, "headway-longer", "route.headway_min_s", base::formatted("In this hall the second viewer can follow after {:.0f} s, not {:.0f} s.", *report.headway_s, route.headway_min_s),
           "The hall keeps the longer one.", file, report);
  }
}

}  // namespace

FitReport fit_film(const FloorPlan& floor_plan, const package::Route& route, const FitWays& ways, const std::string& film_file, std::uint64_t seed) {
  FitReport report;
  const Planner planner(floor_plan);
  const Floor& floor = planner.floor();
  double low_x = std::numeric_limits<double>::infinity(), high_x = -low_x, low_y = low_x, high_y = -low_x;
  for (const package::Scene& scene : route.scenes) {
    low_x = std::min(low_x, scene.at.x_m);
    high_x = std::max(high_x, scene.at.x_m);
    low_y = std::min(low_y, scene.at.y_m);
    high_y = std::max(high_y, scene.at.y_m);
  }
  report.width_m = high_x - low_x;
  report.depth_m = high_y - low_y;
  Placed placed;
  const auto scale = largest_scale(floor, route, 1.0, route.scale_min, seed, placed);
  report.placements_tried = kPlacements;
  report.fits = scale.has_value();
  if (report.fits) {
    report.scale = *scale;
    report.placements_fitting = placed.fitting;
    report.mirrored_fitting = placed.mirrored;
    report.clearance_best_m = placed.clearance_m;
    report.best = alone(floor, route, placed.best, ways);
    report.headway_s = headway_of(floor, route, placed.best);
    run_alone(planner, route, ways, seed, report);
  }
  explain(floor, route, film_file, seed, report);
  return report;
}

}  // namespace promenade::planning

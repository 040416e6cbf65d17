#include "tests/planning/random_hall.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "tracking/base/formatted.h"

namespace promenade::planning::testing {
namespace {

constexpr double kStep_s = 0.25;
constexpr double kInstant_s = 1e-6;
constexpr double kAllowance = 1e-3;

}  // namespace

FloorPlan rectangle_hall(double width_m, double depth_m) {
  FloorPlan plan;
  plan.boundary = {{0, 0}, {width_m, 0}, {width_m, depth_m}, {0, depth_m}};
  return plan;
}

FloorPlan random_hall(base::Random& random) {
  FloorPlan plan = rectangle_hall(random.uniform(8.0, 20.0), random.uniform(8.0, 20.0));
  plan.separation_m = random.uniform(1.5, 2.2);
  plan.way_in_stop_m = plan.way_out_stop_m = random.chance(0.5) ? 3.0 : 0.0;
  const std::uint64_t columns = random.below(3);
  for (std::uint64_t i = 0; i < columns; ++i) {
    const HallPoint at{random.uniform(3.0, plan.boundary[2].x - 3.0), random.uniform(3.0, plan.boundary[2].y - 3.0)};
    plan.obstacles.push_back({at, at + HallVec{0.5, 0.0}, at + HallVec{0.5, 0.5}, at + HallVec{0.0, 0.5}});
  }
  plan.setting_off_s = random.chance(0.5) ? 2.1 : 0.0;
  return plan;
}

package::Route random_route(base::Random& random) {
  package::Route route;
  route.walk_speed_mps = random.uniform(0.5, 0.8);
  route.hold_total_max_s = random.uniform(0.0, 90.0);
  route.mirrorable = random.chance(0.5);
  const std::uint64_t scenes = 1 + random.below(7);
  for (std::uint64_t i = 0; i < scenes; ++i) {
    route.scenes.push_back({base::formatted("scene-{}", i), {random.uniform(-3.0, 3.0), random.uniform(-3.0, 3.0)}, 0.6,
                            random.uniform(4.0, 15.0), random.uniform(0.0, 25.0)});
    route.scenes.back().group_radius_m = 1.4;
  }
  route.group_max = kGroupMost;
  return route;
}

package::Route random_graph(base::Random& random) {
  package::Route route = random_route(random);
  while (route.scenes.size() < 4) route = random_route(random);
  const auto count = static_cast<std::uint32_t>(route.scenes.size());
  // Every scene follows an earlier one; some have others to follow them besides.
  for (std::uint32_t i = 0; i + 1 < count; ++i) {
    if (random.chance(0.5) || i + 2 >= count) continue;
    const auto last = std::min<std::uint64_t>(count - i - 2, 3);
    auto& next = route.scenes[i].next.emplace(1, package::Next{i + 1});
    next.push_back(package::Next{i + 2 + static_cast<std::uint32_t>(random.below(last))});
    if (random.chance(0.3) && next.back().scene + 1 < count) next.push_back(package::Next{next.back().scene + 1});
    if (random.chance(0.5)) std::swap(next.front(), next.back());
    route.scenes[i].choose_s = 3.0;
  }
  if (random.chance(0.3)) route.scenes[count - 2].next.emplace();
  const bool sound = package::has_choices(route) && !base::has_errors(package::check_route(route, "film", "route"));
  return sound ? route : random_graph(random);
}

std::vector<PlayPlan> every_way(const PlayPlan& plan) {
  const auto choice = next_choice(plan);
  if (!choice) return {plan};
  std::vector<std::uint8_t> options{0};
  for (const Branch& branch : plan.branches) {
    if (branch.after == *choice) options.push_back(branch.option);
  }
  std::vector<PlayPlan> all;
  for (const std::uint8_t option : options) {
    PlayPlan chosen = plan;
    chosen.choose(*choice, option);
    for (PlayPlan& one : every_way(chosen)) all.push_back(std::move(one));
  }
  return all;
}

package::Route straight_route(int scenes, double step_m, double dwell_s, double hold_s) {
  package::Route route;
  route.hold_total_max_s = hold_s * scenes;
  for (int i = 0; i < scenes; ++i) route.scenes.push_back({base::formatted("scene-{}", i), {i * step_m, 0.0}, 0.6, dwell_s, hold_s});
  for (package::Scene& scene : route.scenes) scene.group_radius_m = 1.4;
  return route;
}

Crowd plan_crowd(const Planner& planner, Interlocking& interlocking, int count, base::Random& random,
                                 std::optional<HallPoint> from, std::optional<HallPoint> to, package::Route (*film_of)(base::Random&)) {
  const FloorPlan& floor = planner.floor().plan();
  Crowd crowd;
  const std::vector<package::Route> films{film_of(random), film_of(random), film_of(random)};
  for (int i = 0; i < count; ++i) {
    const std::uint64_t film = random.below(films.size());
    PlanRequest request;
    request.play = base::PlayId(static_cast<std::uint64_t>(i) + 1);
    request.film = base::FilmId(base::formatted("film-{}", film));
    request.route = films[film];
    request.members = random.chance(0.6) ? 1 : 2 + static_cast<int>(random.below(kGroupMost - 1));
    request.enter_from = from;
    request.leave_to = to;
    request.wait_max_s = 60.0;
    const Snapshot snapshot = interlocking.snapshot(0.0);
    const PlanAnswer answer = planner.plan(request, snapshot, WorkBudget{100, 10, 3}, random());
    if (!answer.plan || !interlocking.add(*answer.plan, 0.0)) continue;
    crowd.plays.push_back(*answer.plan);
    for (const PlayPlan& one : every_way(*answer.plan)) {
      if (!crowd.breach) crowd.breach = breach_of(floor, one);
      for (const ProjectedPlay& other : snapshot.plays) {
        for (const PlayPlan& two : every_way(other.plan)) {
          if (!crowd.breach) crowd.breach = meeting(floor, one, two, floor.tolerance_s);
        }
      }
    }
  }
  return crowd;
}

std::optional<std::string> breach_of(const FloorPlan& floor_plan, const PlayPlan& play) {
  const Floor floor(floor_plan);
  for (std::size_t k = 0; k < play.blocks.size(); ++k) {
    const double hold = play.leave_s(k) - play.arrive_s(k) - play.blocks[k].stay_s;
    if (hold < -kAllowance || hold > play.blocks[k].hold_max_s + kAllowance) return base::formatted("hold of {} s in block {}", hold, k);
  }
  for (double t = play.enter_s.front(); t < play.end_s; t += kStep_s) {
    for (const HallPoint at : members_at(play, t)) {
      if (floor.clearance_m(at) < floor_plan.wall_margin_m - kAllowance) return base::formatted("a wall at {} s", t);
    }
  }
  return std::nullopt;
}

std::vector<HallPoint> members_in(const PlayPlan& play, std::size_t block, double share) {
  const Block& here = play.blocks[block];
  std::vector<HallPoint> points;
  if (here.lanes.empty()) {
    const HallPoint at = point_along(here.path, share * here.length_m);
    points.push_back(at);
    for (const HallVec offset : play.offsets) points.push_back(at + offset);
  }
  for (const Path& lane : here.lanes) points.push_back(point_along(lane, share * path_length_m(lane)));
  return points;
}

std::vector<HallPoint> members_at(const PlayPlan& play, double time_s) {
  std::size_t k = play.blocks.size() - 1;
  while (k > 0 && play.enter_s[k] > time_s) --k;
  const double length = play.blocks[k].length_m;
  const double walked = (time_s - play.enter_s[k] - play.walk_s(k, 0.0)) * play.speed_mps;
  return members_in(play, k, length > 0.0 ? std::clamp(walked / length, 0.0, 1.0) : 1.0);
}

std::optional<std::string> meeting(const FloorPlan& floor, const PlayPlan& one, const PlayPlan& two, double tolerance_s) {
  const double separation = pair_separation_m(floor, one, two);
  for (double t = one.enter_s.front(); t < one.end_s; t += kStep_s) {
    for (double late = -tolerance_s; late <= tolerance_s; late += kStep_s) {
      const double u = t + late;
      if (u < two.enter_s.front() + kInstant_s || u > two.end_s - kInstant_s) continue;  // not there, but for rounding
      double apart = std::numeric_limits<double>::infinity();
      for (const HallPoint p : members_at(one, t)) {
        for (const HallPoint q : members_at(two, u)) apart = std::min(apart, tracking::distance(p, q));
      }
      if (apart < separation - kAllowance) return base::formatted("plays {} and {} {} m apart at {} s and {} s", one.play.value(), two.play.value(), apart, t, u);
    }
  }
  return std::nullopt;
}

std::optional<std::string> first_meeting(const FloorPlan& floor, const std::vector<ProjectedPlay>& plays) {
  for (std::size_t one = 0; one < plays.size(); ++one) {
    for (std::size_t two = one + 1; two < plays.size(); ++two) {
      if (auto met = meeting(floor, plays[one].plan, plays[two].plan, 0.0)) return met;
    }
  }
  return std::nullopt;
}

}  // namespace promenade::planning::testing

#include "tests/bench/greedy_planner.h"

#include <algorithm>
#include <numbers>
#include <vector>

#include "showcontrol/planning/group_ground.h"
#include "showcontrol/planning/placements.h"
#include "showcontrol/planning/timing.h"
#include "showcontrol/planning/transit.h"
#include "tracking/base/random.h"

namespace promenade::bench {
namespace {

using planning::HallPoint;

constexpr int kGreedyPlacements = 300;
constexpr double kGreedyHolds_s = 160.0;

std::optional<planning::LaidRoute> draw(const planning::Floor& floor, const package::Route& route, base::Random& random) {
  planning::LaidRoute laid;
  laid.placement.yaw = random.uniform(-std::numbers::pi, std::numbers::pi);
  laid.placement.mirrored = route.mirrorable && random.chance(0.5);
  const auto room = planning::room_of(floor, route, laid);
  if (!room) return std::nullopt;
  laid.placement.shift = {random.uniform(room->from.x, room->to.x), random.uniform(room->from.y, room->to.y)};
  return laid;
}

}  // namespace

std::optional<planning::PlayPlan> greedy_plan(const planning::Floor& floor, const planning::PlanRequest& request, const planning::Snapshot& snapshot,
                                              planning::ConflictRule rule, std::uint64_t seed) {
  base::Random random(seed);
  std::optional<planning::TransitField> in, out;
  const std::vector<double> level(static_cast<std::size_t>(floor.columns() * floor.rows()), 1.0);
  if (request.enter_from) in.emplace(floor, *request.enter_from, request.seat, level);
  if (request.leave_to) out.emplace(floor, *request.leave_to, request.seat, level);
  const double earliest_s = std::max(request.earliest_s, snapshot.now_s);
  for (int i = 0; i < kGreedyPlacements; ++i) {
    const auto laid = draw(floor, request.route, random);
    if (!laid || !planning::keeps_margins(floor, request.route, *laid)) continue;
    const std::vector<planning::HallVec> offsets = planning::laid_offsets(planning::formation(planning::members_of(request), floor.plan().member_apart_m, request.route), laid->placement);
    const bool members_fit = std::ranges::all_of(offsets, [&](planning::HallVec offset) {
      planning::LaidRoute shifted = *laid;
      shifted.placement.shift = shifted.placement.shift + offset;
      return planning::keeps_margins(floor, request.route, shifted);
    });
    if (!members_fit) continue;
    const std::vector<HallPoint> places = planning::lay(request.route, laid->placement, 1.0);
    planning::Path way_in, way_out;
    if (in) {
      const auto way = in->way_to(places.front());
      if (!way) continue;
      way_in = *way;
    }
    if (out) {
      const auto way = out->way_to(places.back());
      if (!way) continue;
      way_out.assign(way->rbegin(), way->rend());
    }
    planning::PlayPlan plan = planning::make_plan(request.route, laid->placement, 1.0, way_in, way_out, floor.plan());
    plan.play = request.play;
    plan.film = request.film;
    plan.members = request.members;
    plan.offsets = offsets;
    auto times = planning::earliest_times(plan, snapshot, floor.plan(), rule, earliest_s, earliest_s + request.wait_max_s,
                                          std::min(kGreedyHolds_s, request.route.hold_total_max_s));
    if (!times) continue;
    plan.enter_s = std::move(times->enter_s);
    plan.end_s = times->end_s;
    return plan;
  }
  return std::nullopt;
}

}  // namespace promenade::bench

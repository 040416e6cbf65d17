#include "showcontrol/planning/group_ground.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace promenade::planning {
namespace {

constexpr std::size_t kLaunches = 4;     // begun from in turn
constexpr std::size_t kCellsLookedAt = 200;  // nearest first: farther ones are no launch
constexpr int kLooks = 16;               // corners of a polygon round the places where members may stand
constexpr double kBeyond_m = 0.2;        // behind the separation from the exit
constexpr double kApartLaunches_m = 1.0;

// Of a lane's points: two more lead from where somebody stands to his place, or one to the exit.
constexpr std::size_t kLanePoints = 3;

FloorPlan widened(FloorPlan plan, double by_m) {
  plan.way_points_most = kWayPointsMost - kLanePoints;
  --plan.way_pieces_most;  // the last, to the exit itself, they go one by one
  plan.way_out_last_m = 0.0;  // that is where they stand before the exit
  plan.wall_margin_m += by_m;
  for (KeepClear& area : plan.keep_clear) area.margin_m += by_m;
  return plan;
}

// Every place round `middle` can be come to from `point`, or left for it, straight.
bool sees(const Floor& floor, HallPoint point, HallPoint middle, double spread_m) {
  const std::vector<double> margins = floor.margins({point});
  // Round the circle and not on it: what stands between two corners' ways is then no nearer to any way between them.
  const auto corner = [&](int i) {
    const double angle = 2.0 * std::numbers::pi * i / kLooks;
    return middle + HallVec{std::cos(angle), std::sin(angle)} * (spread_m / std::cos(std::numbers::pi / kLooks));
  };
  for (int i = 0; i < kLooks; ++i) {
    if (!floor.keeps(point, corner(i), margins) || !floor.keeps(corner(i), corner(i + 1), margins)) return false;
  }
  return true;
}

// The cells in which a formation may stand, those with the least sum of distances from the points first.
std::vector<HallPoint> cells_nearest(const Floor& ground, const std::vector<HallPoint>& points, double least_m) {
  struct Cell {
    double sum_m = 0.0;
    HallPoint at;
  };
  std::vector<Cell> cells;
  const std::vector<char> free = ground.free_cells({});
  for (const int cell : ground.floor_cells()) {
    if (!free[static_cast<std::size_t>(cell)]) continue;
    Cell one{0.0, ground.cell_centre(cell)};
    bool far = true;
    for (const HallPoint p : points) {
      const double distance = tracking::distance(p, one.at);
      one.sum_m += distance;
      far = far && distance >= least_m;
    }
    if (far) cells.push_back(one);
  }
  std::ranges::stable_sort(cells, {}, &Cell::sum_m);
  std::vector<HallPoint> nearest;
  cells.resize(std::min(cells.size(), kCellsLookedAt));
  for (const Cell& one : cells) nearest.push_back(one.at);
  return nearest;
}

}  // namespace

std::vector<GroupMember> members_of(const PlanRequest& request) {
  if (!request.group.empty()) return request.group;
  std::vector<GroupMember> alike(static_cast<std::size_t>(request.members));
  for (GroupMember& member : alike) member.from = request.enter_from, member.by = request.enter_by;
  return alike;
}

GroupGround::GroupGround(const Floor& floor, const PlanRequest& request, ConflictRule rule)
    : members_(members_of(request)),
      offsets_(formation(members_, floor.plan().member_apart_m, request.route)),
      spread_m_(spread_m(offsets_)),
      floor_(widened(floor.plan(), spread_m_)),
      leads_ways_(rule == ConflictRule::blocks) {
  if (!leads_ways_) return;
  if (request.enter_from) {
    std::vector<HallPoint> stands;
    for (const GroupMember& member : members_) stands.push_back(member.by.value_or(member.from.value_or(*request.enter_from)));
    for (const HallPoint cell : cells_nearest(floor_, stands, 0.0)) {
      const bool apart = std::ranges::all_of(launches_, [&](HallPoint other) { return tracking::distance(other, cell) >= kApartLaunches_m; });
      if (!apart) continue;
      std::vector<GroupMember> coming = members_;
      const bool all_come = std::ranges::all_of(coming, [&](GroupMember& member) {
        if (sees(floor, member.by.value_or(member.from.value_or(*request.enter_from)), cell, spread_m_)) return true;
        const auto other = std::ranges::find_if(member.or_by, [&](HallPoint by) { return sees(floor, by, cell, spread_m_); });
        if (other == member.or_by.end()) return false;
        member.by = *other;
        return true;
      });
      if (!all_come) continue;
      launches_.push_back(cell);
      members_to_.push_back(std::move(coming));
      if (launches_.size() == kLaunches) break;
    }
  }
  if (request.leave_to) {
    const double least_m = floor.plan().separation_m + kBeyond_m + spread_m_;
    for (const HallPoint cell : cells_nearest(floor_, {*request.leave_to}, least_m)) {
      if (!sees(floor, *request.leave_to, cell, spread_m_)) continue;
      farewell_ = cell;
      break;
    }
  }
}

const std::vector<GroupMember>& GroupGround::members_to(HallPoint launch) const {
  const auto at = std::ranges::find(launches_, launch);
  return at == launches_.end() ? members_ : members_to_[static_cast<std::size_t>(at - launches_.begin())];
}

}  // namespace promenade::planning

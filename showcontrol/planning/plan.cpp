#include "showcontrol/planning/plan.h"

#include <algorithm>
#include <cmath>

#include "tracking/base/assert.h"

namespace promenade::planning {
namespace {

// Cuts a way into a last piece of `last_m` (0: like the others) and others of about equal length, no longer than `stop_m`
// where the floor's most pieces and points allow it, at points along it. 0: not cut. No corner is lost.
std::vector<Path> cut(const Path& way, double stop_m, double last_m, const FloorPlan& floor) {
  const std::size_t points_most = floor.way_points_most;
  const double length = path_length_m(way);
  PROMENADE_ASSERT(way.size() <= points_most);
  const std::size_t corners = way.size() > 2 ? way.size() - 2 : 0;
  const std::size_t room = std::min(floor.way_pieces_most, points_most - 1 - corners);
  const bool short_end = stop_m > 0.0 && last_m > 0.0 && length > 2.0 * last_m && room > 1;
  const double even = short_end ? length - last_m : length;
  const auto most = static_cast<double>(short_end ? room - 1 : room);
  const auto even_pieces = stop_m > 0.0 ? static_cast<std::size_t>(std::clamp(std::ceil(even / stop_m), 1.0, most)) : std::size_t{1};
  const std::size_t pieces = even_pieces + (short_end ? 1 : 0);
  std::vector<Path> cuts;
  std::size_t corner = 1;
  double corner_at = way.size() > 1 ? tracking::distance(way[0], way[1]) : 0.0;
  Path piece{way.front()};
  for (std::size_t i = 1; i <= pieces; ++i) {
    const double end = i == pieces ? length : even * static_cast<double>(i) / static_cast<double>(even_pieces);
    while (corner + 1 < way.size() && corner_at < end) {
      piece.push_back(way[corner]);
      ++corner;
      corner_at += tracking::distance(way[corner - 1], way[corner]);
    }
    piece.push_back(i == pieces ? way.back() : point_along(way, end));
    cuts.push_back(piece);
    piece = {piece.back()};
  }
  return cuts;
}


Block scene_block_of(const package::Route& route, std::uint32_t scene, Path path) {
  return make_block(std::move(path), route.scenes[scene].dwell_s, route.scenes[scene].hold_max_s, static_cast<int>(scene));
}

void add_way_out(std::vector<Block>& blocks, const Path& way_out, const FloorPlan& floor) {
  if (way_out.empty()) return;
  std::vector<Path> pieces = cut(way_out, floor.way_out_stop_m, floor.way_out_last_m, floor);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool exit = i + 1 == pieces.size();
    blocks.push_back(make_block(std::move(pieces[i]), 0.0, exit ? 0.0 : kWaypointHold_s, kNoScene));
  }
}

}  // namespace

Block make_block(Path path, double stay_s, double hold_max_s, int scene) {
  Block block;
  block.length_m = path_length_m(path);
  block.low = block.high = path.front();
  for (const HallPoint p : path) {
    block.low = {std::min(block.low.x, p.x), std::min(block.low.y, p.y)};
    block.high = {std::max(block.high.x, p.x), std::max(block.high.y, p.y)};
  }
  block.path = std::move(path);
  block.stay_s = stay_s;
  block.hold_max_s = hold_max_s;
  block.scene = scene;
  return block;
}

void fit_to_lanes(Block& block) {
  for (const Path& lane : block.lanes) {
    block.length_m = std::max(block.length_m, path_length_m(lane));
    for (const HallPoint p : lane) {
      block.low = {std::min(block.low.x, p.x), std::min(block.low.y, p.y)};
      block.high = {std::max(block.high.x, p.x), std::max(block.high.y, p.y)};
    }
  }
}

std::size_t PlayPlan::first_scene_block() const { return scene_block(0); }

std::size_t PlayPlan::last_scene_block() const {
  for (std::size_t k = blocks.size(); k-- > 0;) {
    if (blocks[k].scene != kNoScene) return k;
  }
  PROMENADE_ASSERT(!"a plan has scenes");
  return 0;
}

std::size_t PlayPlan::scene_block(int scene) const {
  for (std::size_t k = 0; k < blocks.size(); ++k) {
    if (blocks[k].scene == scene) return k;
  }
  PROMENADE_ASSERT(!"scene is in the plan");
  return 0;
}

double PlayPlan::walk_s(std::size_t number) const { return walk_s(number, block(number).length_m); }
double PlayPlan::walk_s(std::size_t number, double position_m) const {
  if (block(number).length_m <= 0.0) return 0.0;
  // Nobody stops at a waypoint without need; where a branch begins he comes from a scene.
  const bool of_branch = number >= blocks.size();
  const bool stands = number == 0 || block(of_branch ? *before(number) : number - 1).scene != kNoScene;
  return (stands ? setting_off_s : 0.0) + position_m / speed_mps;
}
double PlayPlan::arrive_s(std::size_t number) const { return entered_s(number) + walk_s(number); }
double PlayPlan::start_s() const { return arrive_s(first_scene_block()); }

double PlayPlan::planned_hold_s(std::size_t block) const {
  return std::max(0.0, leave_s(block) - arrive_s(block) - this->block(block).stay_s);
}

double PlayPlan::nominal_s() const {
  const std::size_t first = first_scene_block();
  const std::size_t last = last_scene_block();
  double nominal = 0.0;
  for (std::size_t k = first; k <= last; ++k) nominal += blocks[k].stay_s + (k > first ? walk_s(k) : 0.0);
  return nominal;
}

double PlayPlan::stretch() const { return (leave_s(last_scene_block()) - start_s()) / nominal_s(); }

HallPoint PlayPlan::position_at(double time_s) const {
  std::size_t k = blocks.size() - 1;
  while (k > 0 && enter_s[k] > time_s) --k;
  return point_along(blocks[k].path, (time_s - enter_s[k] - (walk_s(k) - blocks[k].length_m / speed_mps)) * speed_mps);
}

HallPoint PlayPlan::position_at(double time_s, std::size_t member) const {
  std::size_t k = blocks.size() - 1;
  while (k > 0 && enter_s[k] > time_s) --k;
  if (blocks[k].lanes.empty() || blocks[k].length_m <= 0.0) return position_at(time_s);
  const double share = std::clamp((time_s - enter_s[k] - walk_s(k, 0.0)) * speed_mps / blocks[k].length_m, 0.0, 1.0);
  return point_along(blocks[k].lane(member), share * path_length_m(blocks[k].lane(member)));
}

std::vector<TimedPoint> PlayPlan::course(double from_s, double to_s, std::size_t member) const {
  const double from = std::max(from_s, enter_s.front()), to = std::min(to_s, end_s);
  if (from > to) return {};
  std::vector<TimedPoint> points{{position_at(from, member), from}};
  const auto add = [&](HallPoint at, double time_s) {
    if (time_s <= points.back().time_s) return;
    const bool stands = points.size() > 1 && at == points.back().at && at == points[points.size() - 2].at;
    if (stands) points.back().time_s = time_s;
    else points.push_back({at, time_s});
  };
  for (std::size_t k = 0; k < blocks.size(); ++k) {
    const Path& path = blocks[k].lane(member);
    const double lane_m = blocks[k].lanes.empty() ? blocks[k].length_m : path_length_m(path);
    const double pace_mps = blocks[k].length_m > 0.0 && lane_m > 0.0 ? speed_mps * lane_m / blocks[k].length_m : speed_mps;
    double at_s = enter_s[k] + walk_s(k) - blocks[k].length_m / speed_mps;  // he has set off
    if (enter_s[k] > from && enter_s[k] < to) add(path.front(), enter_s[k]);
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (i > 0) at_s += tracking::distance(path[i - 1], path[i]) / pace_mps;
      if (at_s > from && at_s < to) add(path[i], at_s);
    }
  }
  add(position_at(to, member), to);
  return points;
}

std::vector<HallPoint> lay(const package::Route& route, const tracking::Placement& placement, double scale) {
  std::vector<HallPoint> places;
  places.reserve(route.scenes.size());
  const double c = std::cos(placement.yaw), s = std::sin(placement.yaw);  // once, since the planner lays thousands
  for (const package::Scene& scene : route.scenes) {
    const double x = placement.mirrored ? -scene.at.x_m * scale : scene.at.x_m * scale;
    const double y = scene.at.y_m * scale;
    places.push_back({c * x - s * y + placement.shift.x, s * x + c * y + placement.shift.y});
  }
  return places;
}

PlayPlan make_plan(const package::Route& route, const tracking::Placement& placement, double scale, const Path& way_in,
                   const Path& way_out, const FloorPlan& floor) {
  PROMENADE_ASSERT(!route.scenes.empty());
  PlayPlan plan;
  plan.placement = placement;
  plan.scale = scale;
  plan.speed_mps = route.walk_speed_mps;
  plan.hold_total_max_s = route.hold_total_max_s;
  plan.setting_off_s = floor.setting_off_s;
  const std::vector<HallPoint> places = lay(route, placement, scale);
  const std::vector<std::uint32_t> scenes = package::default_scenes(route);
  Path to_first{places.front()};
  if (!way_in.empty()) {
    std::vector<Path> pieces = cut(way_in, floor.way_in_stop_m, 0.0, floor);
    to_first = std::move(pieces.back());
    pieces.pop_back();
    for (Path& piece : pieces) plan.blocks.push_back(make_block(std::move(piece), 0.0, kWaypointHold_s, kNoScene));
  }
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    plan.blocks.push_back(scene_block_of(route, scenes[i], i == 0 ? std::move(to_first) : Path{places[scenes[i - 1]], places[scenes[i]]}));
  }
  add_way_out(plan.blocks, way_out, floor);
  return plan;
}

void add_branch(PlayPlan& plan, std::size_t after, std::uint8_t option, const package::Route& route, const std::vector<std::uint32_t>& scenes,
                const Path& way_out, const FloorPlan& floor) {
  PROMENADE_ASSERT(!scenes.empty() && after < plan.block_count());
  const std::vector<HallPoint> places = lay(route, plan.placement, plan.scale);
  Branch branch{after, option, {}, {}, 0.0};
  HallPoint from = plan.block(after).place();
  for (const std::uint32_t scene : scenes) {
    branch.blocks.push_back(scene_block_of(route, scene, {from, places[scene]}));
    from = places[scene];
  }
  add_way_out(branch.blocks, way_out, floor);
  branch.enter_s.resize(branch.blocks.size());
  plan.branches.push_back(std::move(branch));
}

}  // namespace promenade::planning

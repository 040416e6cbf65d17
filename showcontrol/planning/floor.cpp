#include "showcontrol/planning/floor.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tracking/base/assert.h"

namespace promenade::planning {
namespace {

constexpr double kRounding_m = 1e-9;

constexpr double kDoorSeparations = 1.5;  // from a door, of every film, so that others come and go meanwhile
constexpr double kLaunchStep_m = 0.25;    // between points tried along the kitting area's edge
constexpr double kContactAndTracking_m = 0.9;  // of a separation: 0.7 m of contact with bags, 0.2 m of tracking
constexpr double kStep_m = 0.1;  // extra clearance of cells, for the steps between them

// What a way with these ends must keep from the area.
double margin_of(const KeepClear& area, const Path& excused) {
  double nearest = std::numeric_limits<double>::infinity();
  for (const HallPoint p : excused) nearest = std::min(nearest, polygon_distance_m(area.outline, p));
  if (nearest >= area.margin_m - kRounding_m) return area.margin_m;
  return nearest >= area.solid_m - kRounding_m ? area.solid_m : -std::numeric_limits<double>::infinity();
}


FloorBox box_of(const Polygon& polygon) {
  FloorBox box{polygon.front(), polygon.front()};
  for (const HallPoint p : polygon) {
    box.low = {std::min(box.low.x, p.x), std::min(box.low.y, p.y)};
    box.high = {std::max(box.high.x, p.x), std::max(box.high.y, p.y)};
  }
  return box;
}

// No point of the leg is within the margin of the box: a quick test before a thorough one.
bool far_from(const FloorBox& box, HallPoint a, HallPoint b, double margin_m) {
  return std::max(a.x, b.x) < box.low.x - margin_m || std::min(a.x, b.x) > box.high.x + margin_m ||
         std::max(a.y, b.y) < box.low.y - margin_m || std::min(a.y, b.y) > box.high.y + margin_m;
}

bool is_convex(const Polygon& polygon) {
  bool left = false;
  bool right = false;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const HallVec in = polygon[(i + 1) % polygon.size()] - polygon[i];
    const HallVec out = polygon[(i + 2) % polygon.size()] - polygon[(i + 1) % polygon.size()];
    const double turn = tracking::cross(in, out);
    left = left || turn > 0.0;
    right = right || turn < 0.0;
  }
  return !(left && right);
}

}  // namespace

void keep_door_clear(FloorPlan& plan, const std::string& name, HallPoint at, double separation_m) {
  plan.keep_clear.push_back({name, {at}, separation_m * kDoorSeparations, 0.0});
}

double member_apart_m(const tracking::Venue& venue) {
  return venue.safety.group.pause_m + (venue.separation_m - kContactAndTracking_m);
}

Path launch_points(const tracking::Venue& venue) {
  Path points;
  const Polygon& outline = venue.kitting;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const HallPoint a = outline[i];
    const HallPoint b = outline[(i + 1) % outline.size()];
    const double length = tracking::distance(a, b);
    for (double at = 0.0; at <= length; at += kLaunchStep_m) {
      const HallPoint p = a + (b - a) * (at / length);
      const bool apart = std::ranges::all_of(points, [&](HallPoint q) { return tracking::distance(p, q) >= venue.separation_m; });
      if (apart && venue.clearance_m(p) >= venue.wall_margin_m + kStep_m) points.push_back(p);
    }
  }
  return points;
}

double outline_distance_m(const Polygon& polygon, HallPoint a, HallPoint b) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const HallPoint c = polygon[i];
    const HallPoint d = polygon[(i + 1) % polygon.size()];
    least = std::min(least, a == b ? tracking::distance_to_segment_m(c, d, a) : tracking::segment_distance_m(a, b, c, d));
  }
  return least;
}

double polygon_distance_m(const Polygon& polygon, HallPoint p) {
  const double outline = outline_distance_m(polygon, p, p);
  return tracking::contains(polygon, p) ? -outline : outline;
}

double path_length_m(const Path& path) {
  double length = 0.0;
  for (std::size_t i = 1; i < path.size(); ++i) length += tracking::distance(path[i - 1], path[i]);
  return length;
}

HallPoint point_along(const Path& path, double position_m) {
  PROMENADE_ASSERT(!path.empty());
  for (std::size_t i = 1; i < path.size(); ++i) {
    const double length = tracking::distance(path[i - 1], path[i]);
    if (position_m < length) return path[i - 1] + (path[i] - path[i - 1]) * (std::max(0.0, position_m) / length);
    position_m -= length;
  }
  return path.back();
}

Floor::Floor(FloorPlan plan) : plan_(std::move(plan)) {
  PROMENADE_ASSERT(plan_.boundary.size() >= 3);
  low_ = high_ = plan_.boundary.front();
  for (const HallPoint p : plan_.boundary) {
    low_ = {std::min(low_.x, p.x), std::min(low_.y, p.y)};
    high_ = {std::max(high_.x, p.x), std::max(high_.y, p.y)};
  }
  boundary_convex_ = is_convex(plan_.boundary);
  for (const Polygon& obstacle : plan_.obstacles) obstacle_boxes_.push_back(box_of(obstacle));
  for (const KeepClear& area : plan_.keep_clear) area_boxes_.push_back(box_of(area.outline));
  columns_ = static_cast<int>(std::ceil((high_.x - low_.x) / kCell_m));
  rows_ = static_cast<int>(std::ceil((high_.y - low_.y) / kCell_m));
  const int cells = columns_ * rows_;
  cell_area_distance_m_.resize(plan_.keep_clear.size());
  for (int cell = 0; cell < cells; ++cell) {
    const HallPoint at = cell_centre(cell);
    cell_clearance_m_.push_back(clearance_m(at));
    if (cell_clearance_m_.back() >= plan_.wall_margin_m) floor_cells_.push_back(cell);
    for (std::size_t i = 0; i < plan_.keep_clear.size(); ++i) {
      cell_area_distance_m_[i].push_back(polygon_distance_m(plan_.keep_clear[i].outline, at));
    }
  }
}

HallPoint Floor::cell_centre(int cell) const {
  return {low_.x + (cell % columns_ + 0.5) * kCell_m, low_.y + (cell / columns_ + 0.5) * kCell_m};
}

int Floor::cell_at(HallPoint p) const {
  const int column = std::clamp(static_cast<int>(std::floor((p.x - low_.x) / kCell_m)), 0, columns_ - 1);
  const int row = std::clamp(static_cast<int>(std::floor((p.y - low_.y) / kCell_m)), 0, rows_ - 1);
  return row * columns_ + column;
}

std::vector<int> Floor::cells_near(const Path& path, double radius_m) const {
  HallPoint low = path.front();
  HallPoint high = path.front();
  for (const HallPoint p : path) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  const HallVec reach{radius_m, radius_m};
  const int first = cell_at(low - reach);
  const int last = cell_at(high + reach);
  std::vector<int> cells;
  for (int row = first / columns_; row <= last / columns_; ++row) {
    for (int column = first % columns_; column <= last % columns_; ++column) {
      const int cell = row * columns_ + column;
      const HallPoint at = cell_centre(cell);
      for (std::size_t i = 0; i < path.size(); ++i) {
        if (tracking::distance_to_segment_m(path[i], path[std::min(i + 1, path.size() - 1)], at) > radius_m) continue;
        cells.push_back(cell);
        break;
      }
    }
  }
  return cells;
}

std::vector<char> Floor::free_cells(const Path& excused) const {
  std::vector<char> free(cell_clearance_m_.size(), 1);
  for (std::size_t cell = 0; cell < free.size(); ++cell) {
    if (cell_clearance_m_[cell] < plan_.wall_margin_m + kStep_m) free[cell] = 0;
  }
  for (std::size_t i = 0; i < plan_.keep_clear.size(); ++i) {
    const double margin = margin_of(plan_.keep_clear[i], excused);
    for (std::size_t cell = 0; cell < free.size(); ++cell) {
      if (cell_area_distance_m_[i][cell] < margin + kStep_m) free[cell] = 0;
    }
  }
  return free;
}

double Floor::clearance_m(HallPoint p) const {
  double least = -polygon_distance_m(plan_.boundary, p);
  for (const Polygon& obstacle : plan_.obstacles) least = std::min(least, polygon_distance_m(obstacle, p));
  return least;
}

double Floor::leg_clearance_m(HallPoint a, HallPoint b) const {
  if (!tracking::contains(plan_.boundary, a) || !tracking::contains(plan_.boundary, b)) {
    return std::min(clearance_m(a), clearance_m(b));
  }
  double least = outline_distance_m(plan_.boundary, a, b);
  for (const Polygon& obstacle : plan_.obstacles) {
    if (tracking::contains(obstacle, a) || tracking::contains(obstacle, b)) return std::min(clearance_m(a), clearance_m(b));
    least = std::min(least, outline_distance_m(obstacle, a, b));
  }
  return least;
}

bool Floor::keeps_boundary(HallPoint a, HallPoint b, double margin) const {
  if (!tracking::contains(plan_.boundary, a) || !tracking::contains(plan_.boundary, b)) return false;
  // Inside a convex hall the distance to the walls is least at an end.
  if (boundary_convex_) return outline_distance_m(plan_.boundary, a, a) >= margin && outline_distance_m(plan_.boundary, b, b) >= margin;
  return outline_distance_m(plan_.boundary, a, b) >= margin;
}

bool Floor::keeps_walls(HallPoint a, HallPoint b) const {
  const double margin = plan_.wall_margin_m - kRounding_m;
  // The cells mostly know: a clearance changes by no more than the way, and no cell at the box's edge has so much.
  constexpr double kCellReach_m = 0.7072 * kCell_m;  // from its middle to its corners
  const double by_cells_m = std::min(cell_clearance_m_[static_cast<std::size_t>(cell_at(a))], cell_clearance_m_[static_cast<std::size_t>(cell_at(b))]);
  if (by_cells_m < margin - kCellReach_m) return false;
  const bool far_inside = boundary_convex_ && by_cells_m > margin + kCellReach_m;
  if (!far_inside && !keeps_boundary(a, b, margin)) return false;
  for (std::size_t i = 0; i < plan_.obstacles.size(); ++i) {
    if (far_from(obstacle_boxes_[i], a, b, margin)) continue;
    const Polygon& obstacle = plan_.obstacles[i];
    if (tracking::contains(obstacle, a) || outline_distance_m(obstacle, a, b) < margin) return false;
  }
  return true;
}

bool Floor::free(HallPoint p, const Path& excused) const { return free(p, p, excused); }

bool Floor::free(HallPoint a, HallPoint b, const Path& excused) const { return keeps(a, b, margins(excused)); }

std::vector<double> Floor::margins(const Path& excused) const {
  std::vector<double> margins;
  for (const KeepClear& area : plan_.keep_clear) margins.push_back(margin_of(area, excused));
  return margins;
}

bool Floor::keeps(HallPoint a, HallPoint b, const std::vector<double>& margins) const {
  if (!keeps_walls(a, b)) return false;
  for (std::size_t i = 0; i < plan_.keep_clear.size(); ++i) {
    if (margins[i] < 0.0 || far_from(area_boxes_[i], a, b, margins[i])) continue;
    const Polygon& outline = plan_.keep_clear[i].outline;
    if (tracking::contains(outline, a) || outline_distance_m(outline, a, b) < margins[i] - kRounding_m) return false;
  }
  return true;
}

}  // namespace promenade::planning

#pragma once
// Plane geometry of the hall's floor: polygons, segments and how far a point is from them.
// Frame: Hall floor, metres. Polygons list their corners once, in either sense, closed implicitly.
// Pure functions without allocation; polygons need at least three corners where areas or insides are asked.

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "tracking/frame.h"

namespace promenade::tracking {

using HallPoint = Point<Hall>;
using HallVec = Vec<Hall>;
using Polygon = std::vector<HallPoint>;
using PolygonView = std::span<const HallPoint>;

struct Nearest {  // of a polygon's or hall's edges
  HallPoint point;
  double distance_m = std::numeric_limits<double>::infinity();  // negative on the forbidden side
};

// m²; positive when the corners run counter-clockwise (shoelace formula).
double signed_area_m2(PolygonView polygon);
// Even-odd rule; a point exactly on an edge may count as either.
bool contains(PolygonView polygon, HallPoint p);
// True when no two edges touch except neighbours at their common corner.
bool is_simple(PolygonView polygon);

HallPoint nearest_on_segment(HallPoint a, HallPoint b, HallPoint p);
double distance_to_segment_m(HallPoint a, HallPoint b, HallPoint p);
bool segments_cross(HallPoint a, HallPoint b, HallPoint c, HallPoint d);
double segment_distance_m(HallPoint a, HallPoint b, HallPoint c, HallPoint d);
// Nearest point of the polygon's outline; its distance is never negative here.
Nearest nearest_on_outline(PolygonView polygon, HallPoint p);

// First time at or after 0 (s) at which a point at `offset` moving at `velocity` (m, m/s, both relative to
// the other point) is within `radius_m`; nullopt when never. 0 when it is so already.
std::optional<double> time_to_within_s(HallVec offset, HallVec velocity, double radius_m);
// Smallest distance (m) of the same two points over [0, horizon_s].
double closest_approach_m(HallVec offset, HallVec velocity, double horizon_s);

}  // namespace promenade::tracking

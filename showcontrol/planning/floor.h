#pragma once
// The planner's world: a hall's floor as polygons with the distances that plans keep, and the geometry on it.
// Frame: hall floor, metres. Pure values and functions; a `Floor` is immutable and may be shared by threads.

#include <string>
#include <vector>

#include "tracking/frame.h"

namespace promenade::planning {

using HallPoint = tracking::Point<tracking::Hall>;
using HallVec = tracking::Vec<tracking::Hall>;
using Polygon = std::vector<HallPoint>;  // closed implicitly; at least three corners, either orientation
using Path = std::vector<HallPoint>;     // a polyline; one point where nobody walks

// An area that routes of walking films never enter: seats, the kitting area, doors. A way in or out may cross
// the areas that hold its own first or last point.
struct KeepClear {
  std::string name;
  Polygon outline;
  double margin_m = 0.0;  // also kept around the outline
};

struct FloorPlan {
  Polygon boundary;
  std::vector<Polygon> obstacles;
  std::vector<KeepClear> keep_clear;
  double wall_margin_m = 0.75;      // from boundary and obstacles, of every planned point
  double separation_m = 2.0;        // between planned points of different plays
  double tolerance_s = 1.0;         // the separation holds for times that differ by up to this
  double seat_separation_m = 1.0;   // between two seated plays, whose viewers attendants walk to their chairs
  double member_extra_m = 0.35;     // added to the separation for every member of a group beyond the first
  double transit_stop_m = 0.0;      // ways in and out get a waypoint (a gate) about every so many metres; 0: none
};

double distance_to_segment_m(HallPoint p, HallPoint a, HallPoint b);
double segment_distance_m(HallPoint a0, HallPoint a1, HallPoint b0, HallPoint b1);
bool inside(const Polygon& polygon, HallPoint p);
double polygon_distance_m(const Polygon& polygon, HallPoint p);  // to the outline; negative inside
double area_m2(const Polygon& polygon);
double path_length_m(const Path& path);
HallPoint point_along(const Path& path, double position_m);  // clamped to the path's ends

// A floor plan with what is asked often kept ready.
class Floor {
 public:
  explicit Floor(FloorPlan plan);
  const FloorPlan& plan() const { return plan_; }

  // Distance from the nearest wall or obstacle, negative outside.
  double clearance_m(HallPoint p) const;
  // Whether a planned point, or every point of a straight leg, keeps the wall margin and the keep-clear areas;
  // areas that hold one of `excused` do not count.
  bool free(HallPoint p, const Path& excused = {}) const;
  bool free(HallPoint a, HallPoint b, const Path& excused = {}) const;
  // As `free` without keep-clear areas, less `by_m`: negative results say by how much a leg comes too near.
  double leg_clearance_m(HallPoint a, HallPoint b) const;
  HallPoint low() const { return low_; }    // corners of the boundary's box
  HallPoint high() const { return high_; }

 private:
  FloorPlan plan_;
  HallPoint low_, high_;
};

}  // namespace promenade::planning

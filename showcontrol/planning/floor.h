#pragma once
// The planner's world: a hall's floor as polygons with the distances that plans keep, and the geometry on it.
// Frame: hall floor, metres. Pure values and functions; a `Floor` is immutable and may be shared by threads.

#include <string>
#include <vector>

#include "tracking/geometry.h"
#include "tracking/venue.h"

namespace promenade::planning {

using tracking::HallPoint;
using tracking::HallVec;
using tracking::Polygon;
using Path = std::vector<HallPoint>;  // a polyline; one point where nobody walks

// An area that routes of walking films never enter: a seat, the kitting area, a door. A way in or out that begins or ends
// within the margin is excused from it, and keeps `solid_m` unless it begins or ends within that as well.
struct KeepClear {
  std::string name;
  Polygon outline;        // or a single point
  double margin_m = 0.0;  // kept around the outline
  double solid_m = 0.0;   // of it, what is in the way of everybody
};

struct FloorPlan {
  Polygon boundary;
  std::vector<Polygon> obstacles;
  std::vector<KeepClear> keep_clear;
  double wall_margin_m = 0.75;      // from boundary and obstacles, of every planned point
  double separation_m = 2.0;        // between planned points of different plays
  double tolerance_s = 1.0;         // the separation holds for times that differ by up to this
  double seat_separation_m = 1.0;   // between two seated plays: `separation_m` where their viewers walk to their chairs alone
  double member_apart_m = 1.4;      // between neighbours in a group: what pauses them, and room to wander (`member_apart_m` of a venue)
  std::size_t way_points_most = 16; // of a way in or out, both ends, corners and stops: what an order for a headset can tell
  std::size_t way_pieces_most = 8;  // into which stops cut it, likewise
  double setting_off_s = 0.0;       // of every walk, as the viewers are; 0: they start like machines
  double way_in_stop_m = 0.0;       // ways in get a waypoint (a gate) about every so many metres; 0: none
  double way_out_stop_m = 0.0;      // the same of ways out
  double way_out_last_m = 0.0;      // from the last stop to the exit; 0: as the others
};

// Keeps films so far from a door that others can come and go while they play.
void keep_door_clear(FloorPlan& plan, const std::string& name, HallPoint at, double separation_m);
// How far apart neighbours in a group stand: what pauses members of one group, and what the venue's separation leaves two people
// to wander, which is all of it but 0.7 m of contact and 0.2 m of tracking (docs/decisions/0018-places-in-a-group.md).
double member_apart_m(const tracking::Venue& venue);
// Where viewers step from the kitting area onto the floor: along its open edges, a separation apart, so that one who
// sets out need not wait for the one before. Empty without a kitting area; the entrance then serves.
Path launch_points(const tracking::Venue& venue);

double outline_distance_m(const Polygon& polygon, HallPoint a, HallPoint b);  // of a straight leg, to the edges
double polygon_distance_m(const Polygon& polygon, HallPoint p);               // to the outline; negative inside
double path_length_m(const Path& path);
HallPoint point_along(const Path& path, double position_m);  // clamped to the path's ends

struct FloorBox {  // round a polygon
  HallPoint low, high;
};

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
  // The same for many legs with the same excuses: the margins of the keep-clear areas, negative where one does not count.
  std::vector<double> margins(const Path& excused) const;
  bool keeps(HallPoint a, HallPoint b, const std::vector<double>& margins) const;
  // Least distance of a straight leg from walls and obstacles, negative where an end is outside.
  double leg_clearance_m(HallPoint a, HallPoint b) const;
  HallPoint low() const { return low_; }  // corners of the boundary's box
  HallPoint high() const { return high_; }

  // A grid over the floor for searches and for counting what is taken.
  static constexpr double kCell_m = 0.4;
  int columns() const { return columns_; }
  int rows() const { return rows_; }
  HallPoint cell_centre(int cell) const;
  int cell_at(HallPoint p) const;  // clamped into the grid
  // Cells whose centre is free for a way with these ends, with a little room for the steps between cells.
  std::vector<char> free_cells(const Path& excused) const;
  std::vector<int> cells_near(const Path& path, double radius_m) const;  // whose centre is within the radius
  const std::vector<int>& floor_cells() const { return floor_cells_; }  // those that keep the wall margin

 private:
  bool keeps_boundary(HallPoint a, HallPoint b, double margin) const;
  bool keeps_walls(HallPoint a, HallPoint b) const;

  FloorPlan plan_;
  HallPoint low_, high_;
  bool boundary_convex_ = false;
  std::vector<FloorBox> obstacle_boxes_, area_boxes_;
  int columns_ = 0;
  int rows_ = 0;
  std::vector<double> cell_clearance_m_;
  std::vector<std::vector<double>> cell_area_distance_m_;  // by keep-clear area
  std::vector<int> floor_cells_;
};

}  // namespace promenade::planning

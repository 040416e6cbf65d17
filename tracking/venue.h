#pragma once
// One hall as its venue file describes it: floor, doors, places, separation and safety limits.
// Frame: Hall, metres, seconds. Plain values; read by tracking/venue_file.h, which guarantees that polygons are
// simple and counter-clockwise, places lie inside, and limits agree with each other. Read-only afterwards.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tracking/base/id.h"
#include "tracking/geometry.h"
#include "tracking/safety_limits.h"

namespace promenade::tracking {

enum class Zone : std::uint8_t { floor = 0, kitting, door, chair, outside };
std::string_view to_string(Zone zone);

struct BilingualName {
  std::string zh;
  std::string en;
  friend bool operator==(const BilingualName&, const BilingualName&) = default;
};

struct Obstacle {
  std::string name;
  Polygon outline;
  friend bool operator==(const Obstacle&, const Obstacle&) = default;
};

struct Door {
  HallPoint at;      // where a walk begins or ends
  HallPoint left;    // the doorway's two sides
  HallPoint right;
  friend bool operator==(const Door&, const Door&) = default;
};

struct Seat {  // a swivel chair
  std::string id;
  HallPoint at;
  double radius_m = 0.6;  // floor that the turning chair and the feet on it take
  friend bool operator==(const Seat&, const Seat&) = default;
};

struct AttendantPost {
  std::string id;
  HallPoint at;
  friend bool operator==(const AttendantPost&, const AttendantPost&) = default;
};

struct MarkPair {  // two marks on the floor on which a controller is laid to calibrate
  std::string id;
  HallPoint first;
  HallPoint second;
  friend bool operator==(const MarkPair&, const MarkPair&) = default;
};

struct Capacity {
  int viewers = 24;     // headsets in use at one time
  int attendants = 4;
  friend bool operator==(const Capacity&, const Capacity&) = default;
};

struct Venue {
  base::VenueId venue;
  base::HallId hall;
  BilingualName name;
  Polygon boundary;
  std::vector<Obstacle> obstacles;
  Door entrance;
  Door exit;
  Polygon kitting;
  std::vector<Seat> seats;
  std::vector<AttendantPost> attendant_posts;
  std::vector<MarkPair> marks;
  Capacity capacity;
  double wall_margin_m = 0.75;      // planned points keep this from boundary and obstacles
  double separation_m = 2.0;        // planned points keep this from each other
  std::string separation_reason;
  double time_tolerance_s = 1.0;    // a plan holds when everybody is this early or late
  double door_zone_m = 1.5;         // around a doorway
  double chair_zone_m = 1.0;        // around a seat's centre
  SafetyLimits safety;
  friend bool operator==(const Venue&, const Venue&) = default;

  Zone zone_at(HallPoint p) const;
  // Nearest boundary or obstacle edge; distance negative outside the hall or inside an obstacle.
  Nearest nearest_wall(HallPoint p) const;
  double clearance_m(HallPoint p) const { return nearest_wall(p).distance_m; }
  // Smallest clearance along the segment; negative or zero when it leaves the hall or crosses an obstacle.
  double segment_clearance_m(HallPoint a, HallPoint b) const;
  // A planned point may lie here: clear of walls by the margin, not in the kitting area, and clear of every
  // seat by the separation. The ways in and out are exempt from the last two.
  bool is_walking_floor(HallPoint p) const;
  const Seat* find_seat(std::string_view id) const;        // nullptr when unknown
  const MarkPair* find_marks(std::string_view id) const;   // nullptr when unknown
};

}  // namespace promenade::tracking

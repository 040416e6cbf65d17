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

// Two marks on the floor on which a controller is laid to calibrate. The arrow of either points from the first to the
// second, and the controller lies along it.
struct MarkPair {
  std::string id;
  HallPoint first;
  HallPoint second;
  double arrow_rad() const;  // yaw in the hall
  friend bool operator==(const MarkPair&, const MarkPair&) = default;
};

struct Tag {  // a printed AprilTag whose centre lies or hangs here
  enum class Surface : std::uint8_t { floor, wall };
  int id = 0;               // within the family in use
  HallPoint at;
  double yaw_rad = 0.0;     // floor: to which its upper edge points; wall: to which it faces
  double size_m = 0.12;     // edge of its black square
  Surface surface = Surface::floor;
  double height_m = 0.0;    // of its centre, on a wall
  friend bool operator==(const Tag&, const Tag&) = default;
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
  std::vector<Tag> tags;            // those of the marks' sheets first (mark_tag), then those that the file lists
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
  const Tag* find_tag(int id) const;                       // nullptr when unknown
};

// The tag on the sheet of a mark: pairs count from 0 and their tags from 2 * pair, the first mark's before the second's.
// It lies kTagBehindMark_m behind the mark's cross, seen along the arrow.
inline constexpr double kTagBehindMark_m = 0.135;
inline constexpr double kMarkTagSize_m = 0.12;
inline constexpr int kTagIdMax = 586;             // of tag36h11, the smaller of the families that are printed
Tag mark_tag(const MarkPair& pair, std::size_t pair_index, bool second);

}  // namespace promenade::tracking

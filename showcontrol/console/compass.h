#pragma once
// Places of a hall by the compass, as people on the floor say them: "north corner", "east wall", "middle". North is up on
// the plan (+y). Hall metres. Pure.

#include <cstdint>

#include "tracking/geometry.h"

namespace promenade::console {

enum class Compass : std::uint8_t { north = 0, north_east, east, south_east, south, south_west, west, north_west };
enum class HallPart : std::uint8_t { middle = 0, side, wall, corner };

struct Whereabouts {
  HallPart part = HallPart::middle;
  Compass side = Compass::north;  // of no meaning in the middle
  friend bool operator==(const Whereabouts&, const Whereabouts&) = default;
};

// Where `p` is in a hall with this outline (at least three corners, in either sense; not convex as well). With b the
// shorter side of the box round it: a corner is within 0.3 b of where the outline turns outwards by 30 degrees or more, a
// wall within 0.2 b of the outline, named after the side to which it faces out; the middle is the third of the box round
// its centre in both directions, and what is left is the side of the hall. Corners and sides are named by their direction
// from the box's centre, with the box taken as a square: a rectangle of any length has a north-east corner.
Whereabouts whereabouts_in(tracking::PolygonView outline, tracking::HallPoint p);

}  // namespace promenade::console

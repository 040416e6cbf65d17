#pragma once
// Where a film could be laid: placements drawn from a seed, and whether they keep walls and keep-clear areas.
// Pure; hall floor, metres and radians.

#include <optional>
#include <vector>

#include "showcontrol/planning/planner.h"
#include "tracking/base/random.h"

namespace promenade::planning {

struct LaidRoute {
  tracking::Placement placement;
  double scale = 1.0;
  friend bool operator==(const LaidRoute&, const LaidRoute&) = default;
};

// Where `laid` may be shifted to without a place leaving the walls' box less the margin; nothing when it is too large.
struct Room {
  HallPoint from, to;
};
std::optional<Room> room_of(const Floor& floor, const package::Route& route, const LaidRoute& laid);

class PlacementSampler {
 public:
  // `present` are the plays of the same film that are under way: copies shifted by about the separation never
  // come nearer to them than that if they go at the same time, and fit together well otherwise.
  PlacementSampler(const Floor& floor, const package::Route& route, std::vector<LaidRoute> present, base::Random random);
  // Any yaw, mirrored or not, anywhere within the walls' box, against a wall, or beside a present play; nothing
  // when the drawn yaw leaves no room. `scale` multiplies the route.
  std::optional<LaidRoute> draw(double scale);

 private:
  std::optional<LaidRoute> beside_present(double scale);

  const Floor* floor_;
  const package::Route* route_;
  std::vector<LaidRoute> present_;
  base::Random random_;
};

// A little beside `laid`, and turned a little: where it nearly goes, that may.
LaidRoute nudged(const LaidRoute& laid, base::Random& random);

// Copies of `laid` all round it, at a separation and a little more: who goes at the same time there never meets it, since
// both walk the same legs. Nearest first, each ring from a direction of its own.
std::vector<LaidRoute> ring_of_copies(const LaidRoute& laid, double separation_m);

// Every place and leg of the laid route keeps the wall margin and the keep-clear areas: of a film with choices, those of who
// never chooses.
bool keeps_margins(const Floor& floor, const package::Route& route, const LaidRoute& laid);
// The same of its places, with the floor's margins for nobody in particular (`Floor::margins`), for who asks it of many.
bool keeps_margins(const Floor& floor, const std::vector<HallPoint>& places, const std::vector<double>& margins);

}  // namespace promenade::planning

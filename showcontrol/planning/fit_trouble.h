#pragma once
// Which scene keeps a film out of a hall. Pure, from a seed; hall floor, metres.

#include <vector>

#include "showcontrol/planning/placements.h"

namespace promenade::planning {

struct PartTrouble {
  std::size_t scene = 0;  // of the film, from 0
  bool leg = false;       // not the scene itself but the leg from it to the next one
  // Of the placements in which every other scene and leg keeps the margins, the share that this one alone spoils, 0 to 1.
  // A leg to a scene that breaks a margin does not count besides, for it would go where the scene goes.
  double share = 0.0;
  friend bool operator==(const PartTrouble&, const PartTrouble&) = default;
};

// In the route's order: a scene, its leg, the next scene. Every turn and shift of the route (and its mirror image, where it
// may be mirrored) counts alike; `draws` of them are looked at. Where no placement is good but for one part, all are 0.
std::vector<PartTrouble> find_trouble(const Floor& floor, const package::Route& route, double scale, int draws, base::Random random);

// The parts of a laid route that break a margin, in that order.
std::vector<PartTrouble> broken_parts(const Floor& floor, const package::Route& route, const LaidRoute& laid);

}  // namespace promenade::planning

#pragma once
// Ways in and out: shortest paths round walls, keep-clear areas and, by a price, round floor that others will use.
// Hall floor, metres, seconds. Pure; a field is made once for a request and asked for many candidates.

#include <optional>
#include <vector>

#include "showcontrol/planning/interlock.h"
#include "showcontrol/planning/plan.h"

namespace promenade::planning {

// What each cell of the floor's grid costs to cross, as a factor of its length: dearer the longer others occupy it, or
// bodies in the way stand there, within [from_s, to_s].
std::vector<double> crossing_costs(const Floor& floor, const Snapshot& snapshot, double from_s, double to_s);

class TransitField {
 public:
  // Ways between `door` and anywhere that is free for ways of a play whose seat (if any) is `seat`. No cell costs less than 1.
  TransitField(const Floor& floor, HallPoint door, std::optional<HallPoint> seat, std::vector<double> costs);
  // From the door to `place` (reverse it for a way out); nothing if there is none.
  std::optional<Path> way_to(HallPoint place) const;
  // The same in two: from cell to cell, and pulled straight, which makes it no longer.
  std::optional<Path> steps_to(HallPoint place) const;
  std::optional<Path> pulled(const Path& steps) const;
  HallPoint door() const { return door_; }

 private:
  void reach(int cell, double cost, int before);
  void spread_from(int cell, std::size_t bucket);
  double cost_along(HallPoint a, HallPoint b) const;
  Path pull(const Path& steps) const;

  const Floor* floor_;
  HallPoint door_;
  Path excused_;
  std::vector<double> margins_;  // of the keep-clear areas, for these ways
  std::vector<double> costs_;
  std::vector<char> free_;
  std::vector<double> reached_;  // cost from the door; infinite where there is no way
  std::vector<int> before_;      // previous cell; -1: the door itself
  // Cells by their cost in whole sides of a cell: no step costs less than one, so that none leads back into its own
  // bucket, and each bucket may be worked off in any order (Dial's form of Dijkstra's search).
  std::vector<std::vector<int>> queue_;
};

}  // namespace promenade::planning

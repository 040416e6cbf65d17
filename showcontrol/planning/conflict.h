#pragma once
// Which blocks of two plans may not be occupied at the same time, and where along a block its viewer has
// cleared the other. Pure; metres on the hall floor.

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "showcontrol/planning/plan.h"

namespace promenade::planning {

// Separation that the planned points of two plays' viewers keep: the floor's, less between seated plays.
double pair_separation_m(const FloorPlan& floor, const PlayPlan& a, const PlayPlan& b);
// Whether one of the two leads a latecomer to the other's viewers.
inline bool are_joined(const PlayPlan& a, const PlayPlan& b) { return (!a.joins.is_none() && a.joins == b.play) || (!b.joins.is_none() && b.joins == a.play); }
// What the points of two plans keep, so that all their members keep the separation wherever each is round his point.
double centre_separation_m(const FloorPlan& floor, const PlayPlan& a, const PlayPlan& b);

// Blocks `a` and `b` come within the separation somewhere, by any two lanes where groups walk them. A viewer in `a` has cleared `b` once he is beyond
// `clear_a_m` along a's path; where the conflict reaches a's place, only on passing the next gate (`to_place_a`),
// whose block then conflicts with `b` as well, from its first point.
struct Conflict {
  double clear_a_m = 0.0;
  double clear_b_m = 0.0;
  bool to_place_a = false;
  bool to_place_b = false;
};
std::optional<Conflict> block_conflict(const Block& a, const Block& b, double separation_m);

// Fractions of q0-q1 nearer than `radius_m` to `p`, as an interval; empty when from > to.
std::pair<double, double> fractions_within(HallPoint q0, HallPoint q1, HallPoint p, double radius_m);

// Whether a body that others must pass at `radius_m` touches the block.
bool touches(const Block& block, HallPoint body, double radius_m);
// The same of somebody who is led along `way`.
bool touches(const Block& block, const Path& way, double radius_m);

}  // namespace promenade::planning

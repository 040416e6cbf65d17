#pragma once
// What redirected walking could do for a film that does not fit a hall: how much its real walk would have to differ from
// the film's own, and whether that lies within what people do not notice. A report for authors: no film can allow it yet,
// no headset does it, and it never counts as safety. Pure, from a seed; hall floor in metres, radians.
//
// Thresholds: Steinicke, Bruder, Jerald, Frenz and Lappe, Estimation of detection thresholds for redirected walking
// techniques, IEEE TVCG 16(1), 2010. Twelve people; at a threshold three of four answers are right, and half by chance: so
// some people notice even within them, and more when they watch for it.

#include <optional>
#include <vector>

#include "showcontrol/planning/placements.h"

namespace promenade::planning {

inline constexpr double kGainLeast = 0.86, kGainMost = 1.26;  // metres in the film for each metre walked
inline constexpr double kTurnLeast = 0.80, kTurnMost = 1.49;  // radians turned for each radian in the film
inline constexpr double kRadiusLeast_m = 22.0;                // of the arc walked where the film's way is straight

struct LegBend {
  double gain = 1.0;
  double curve_per_m = 0.0;  // 1 / radius of the arc; positive to the left on the film's plan
};

// A route as it would be walked. Between two legs the viewer turns in the scene by `turns` times the film's angle, the
// shorter way round. The first leg keeps its direction in the film; the placement turns it.
struct BentRoute {
  tracking::Placement placement;
  std::vector<LegBend> legs;
  std::vector<double> turns;  // for each scene; 1 in the first and the last, where nobody turns from leg to leg
};
BentRoute unbent(const package::Route& route, const tracking::Placement& placement);
// The way of each leg, an arc in pieces of at most 0.2 m.
std::vector<Path> walk_of(const package::Route& route, const BentRoute& bent);
// Of the thresholds, the largest part that any leg or turn takes: 0 unbent, 1 at a threshold.
double strength_of(const BentRoute& bent);

struct NearestLaid {
  BentRoute bent;
  double overhang_m = 0.0;  // the most by which a point of it breaks a margin; 0: it fits
};
struct Redirection {
  NearestLaid as_made;                 // the placement found that comes nearest to fitting, not bent
  std::optional<double> strength;  // the least found with which it fits; none: not within the thresholds
  NearestLaid bent;                    // with that strength, or with all of the thresholds; only what must be is bent
};
// A route of two scenes or more. A bounded local search: it may miss what exists, never the other way round.
Redirection redirect(const Floor& floor, const package::Route& route, base::Random random);

}  // namespace promenade::planning

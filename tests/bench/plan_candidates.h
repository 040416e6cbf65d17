#pragma once
// A planning case as an exact question: everybody waits at time 0, and who can enter the hall by a horizon? Candidates are
// whole plans (placement and all gate times), each valid by itself, and their conflict graph is by the rule of the planning
// cases (ConflictRule::points_in_time). Nothing here knows geometry of its own: placements, gate times and conflicts are
// the shipped planner's. Metres and seconds. Pure: the same seed draws the same candidates.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/bench/exact_packing.h"
#include "tests/bench/online_demand.h"
#include "tests/bench/planning_case.h"

namespace promenade::bench {

struct Candidate {
  std::size_t viewer = 0;  // as in PlanningCase::wishes
  planning::PlayPlan plan;
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// Who of those who wait is served by a run of the online demand, as candidates.
std::vector<Candidate> served_by(const DemandResult& result);
// What viewers waited for their first scenes since time 0, one for each.
std::vector<double> waits_of(const std::vector<Candidate>& candidates);

struct DrawnCandidates {
  std::vector<Candidate> candidates;
  std::vector<Candidate> largest;  // set without conflicts that came up, of the candidates and those that were known
};
// `per_viewer` plans for each viewer whose film has a place; fewer where so many are not found in a bounded count of rounds.
// In a round viewers in an order drawn from the seed are planned one behind another, each in the first placement of the
// shipped sampler that can be timed beside those of the round, with an entry from 0 or from a drawn moment on, up to the
// horizon. Every other round begins with the largest set known so far (at first `known`, without conflicts) less two of it:
// what would go in their stead is what an exact answer can be better by.
DrawnCandidates draw_candidates(const PlanningCase& planning_case, double horizon_s, std::size_t per_viewer, const std::vector<Candidate>& known,
                                std::uint64_t seed);

// Which of them cannot both be. Times may differ by 1 ms less than the tolerance, so that what was timed to the edge is not
// refused by rounding: to the exact answer's advantage.
ConflictGraph conflict_graph(const planning::FloorPlan& floor, const std::vector<Candidate>& candidates);

// No more points than this are `distance_m` apart in the hall: 2/sqrt(3) A/d² + P/(2d) + 1 (H. Groemer, "Über die Einlagerung
// von Kreisen in einen konvexen Bereich", Math. Zeitschrift 73, 1960; N. Oler, "An inequality in the geometry of numbers", Acta
// Mathematica 105, 1961), with area A and perimeter P of the boundary's convex hull. It knows no walls' margin, columns,
// routes or times, and is loose.
double packing_bound(tracking::PolygonView boundary, double distance_m);

}  // namespace promenade::bench

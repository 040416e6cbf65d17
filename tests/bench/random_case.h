#pragma once
// Halls and film sets that no planner has been tuned to, drawn from a seed: rectangles and halls with a corner missing, of
// 200 to 1,000 m², with up to four columns; 3 to 12 films of about ten minutes whose routes wander, loop, or run one way;
// separation 1.5 to 2.0 m. Metres and seconds. Pure: the same seed draws the same case.

#include <cstdint>

#include "tests/bench/planning_case.h"

namespace promenade::bench {

PlanningCase random_case(std::uint64_t seed, double hours);

// The same in small: 60 to 150 m², 2 or 3 films, eight viewers who wait from the start, and nobody after them.
PlanningCase small_case(std::uint64_t seed);

}  // namespace promenade::bench

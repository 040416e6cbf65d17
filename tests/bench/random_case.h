#pragma once
// Halls and film sets that no planner has been tuned to, drawn from a seed: rectangles and halls with a corner missing, of
// 200 to 1,000 m², with up to four columns; 3 to 12 films of about ten minutes whose routes wander, loop, or run one way;
// separation 1.5 to 2.0 m. Metres and seconds. Pure: the same seed draws the same case.

#include <cstdint>

#include "tests/bench/planning_case.h"

namespace promenade::bench {

PlanningCase random_case(std::uint64_t seed, double hours);

}  // namespace promenade::bench

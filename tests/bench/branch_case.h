#pragma once
// Planning cases whose films let the viewer choose the way, and the same cases without choices. Pure.

#include <cstdint>

#include "tests/bench/planning_case.h"

namespace promenade::bench {

// About `share` of the films, drawn from the seed, get one to three choices: between two scenes of which either leads on, or
// between a scene and the one after it. Who never chooses sees as much as before, and as long.
PlanningCase with_choices(PlanningCase planning_case, double share, std::uint64_t seed);

// The same films for viewers who are never asked: the scenes of who does not choose.
PlanningCase without_choices(PlanningCase planning_case);

}  // namespace promenade::bench

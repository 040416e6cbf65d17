#pragma once
// What each means of the planner gives on one case: everything, everything but one, and the plain greedy planner, in one run.

#include "tests/bench/bench.h"
#include "tests/bench/online_demand.h"

namespace promenade::bench {

// `demand` is everything. `threads` of its variants go at a time.
Outcome run_ablation(const PlanningCase& planning_case, const DemandOptions& demand, int threads);

}  // namespace promenade::bench

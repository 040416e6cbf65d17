#pragma once
// Gate times of a plan whose viewer may still choose: such that he can go on within the holds whichever way he takes.
// Pure; seconds on the hall's clock.

#include "showcontrol/planning/timing.h"

namespace promenade::planning {

// Gives every block of `plan`, those of its branches, too, the times with the earliest entry in [earliest_s, latest_s] from
// which every way can be gone to its end; from there each gate is passed as early as that allows. Each way by itself keeps the
// blocks' holds and `hold_total_max_s`. False: there are none, and the plan is as it was.
bool open_times(PlayPlan& plan, const Forbidden& forbidden, double earliest_s, double latest_s, double hold_total_max_s);

}  // namespace promenade::planning

#pragma once
// Large-neighbourhood search over plays that are planned and of which nobody has been told: some are taken out of the plan,
// somebody who waits is planned in the room that they leave, and they are planned anew round him, wherever they now fit. One step
// at a time, bounded by counts, so that a planner thread can take it between two requests. Pure; the same seed gives the same
// answer. Hall time in seconds.

#include <optional>
#include <vector>

#include "showcontrol/planning/planner.h"

namespace promenade::planning {

struct Replanned {
  std::vector<PlayPlan> moved;  // of the untold, those that get another plan
  PlayPlan newcomer;
};

// One step: a few of those who have been told nothing yet, drawn by the seed, make room for the first who waits, or now and then
// for one of those after him. Nothing where that brings nobody in. `untold` are the requests of plays of the snapshot, which
// holds all plays.
std::optional<Replanned> replan(const Planner& planner, const Snapshot& snapshot, const std::vector<PlanRequest>& untold,
                                const std::vector<PlanRequest>& waiting, WorkBudget budget, std::uint64_t seed);

}  // namespace promenade::planning

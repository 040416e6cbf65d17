#pragma once
// Large-neighbourhood search over plays that are planned and have not entered: some are taken out of the plan, somebody who
// waits is planned in the room that they leave, and they are planned anew round him, wherever they now fit. One step at a
// time, bounded by counts, so that a planner thread can take it between two requests. Pure; the same seed gives the same
// answer. Hall time in seconds.

#include <optional>
#include <vector>

#include "showcontrol/planning/planner.h"

namespace promenade::planning {

inline constexpr double kToldWithin_s = 20.0;  // a start that was told is kept within this

struct Unentered {
  PlanRequest request;                 // as he was planned; `request.play` is in the snapshot
  std::optional<double> told_start_s;  // when he was first told that he would come to scene 0; none: he has been told nothing yet
};

struct Replanned {
  std::vector<PlayPlan> moved;  // of the unentered, those that get another plan
  PlayPlan newcomer;
};

// One step: a few of the unentered, drawn by the seed, make room for the first who waits, or now and then for one of those after
// him. Nothing where that brings nobody in, or would keep somebody's start from what he was told. `snapshot` holds all plays.
std::optional<Replanned> replan(const Planner& planner, const Snapshot& snapshot, const std::vector<Unentered>& unentered,
                                const std::vector<PlanRequest>& waiting, WorkBudget budget, std::uint64_t seed);

}  // namespace promenade::planning

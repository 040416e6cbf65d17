#pragma once
// The plain greedy planner that every figure of `bench plan` stands beside: 300 placements at random (any yaw, mirrored
// where the film allows it, anywhere within the walls), holds of up to 20 s a scene and 160 s in all, shortest ways in and
// out; the first placement that can be timed is taken. The same floor, gates and rule of separation as the planner. Pure.

#include <cstdint>
#include <optional>

#include "showcontrol/planning/planner.h"

namespace promenade::bench {

std::optional<planning::PlayPlan> greedy_plan(const planning::Floor& floor, const planning::PlanRequest& request, const planning::Snapshot& snapshot,
                                              planning::ConflictRule rule, std::uint64_t seed);

}  // namespace promenade::bench

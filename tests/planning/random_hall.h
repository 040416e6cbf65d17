#pragma once
// Random halls, films and crowds for the planner's tests, and a checker of plans that knows nothing of its workings.

#include <optional>
#include <string>
#include <vector>

#include "showcontrol/planning/planner.h"
#include "tracking/base/random.h"

namespace promenade::planning::testing {

FloorPlan rectangle_hall(double width_m, double depth_m);
FloorPlan random_hall(base::Random& random);                     // 8 to 20 m, up to two columns
package::Route random_route(base::Random& random);               // 1 to 7 scenes within 6 m
package::Route straight_route(int scenes, double step_m, double dwell_s, double hold_s);

// Plans up to `count` plays, one after another, and commits them to `interlocking`.
std::vector<PlayPlan> plan_crowd(const Planner& planner, Interlocking& interlocking, int count, base::Random& random,
                                 std::optional<HallPoint> from = std::nullopt, std::optional<HallPoint> to = std::nullopt);

// Why the plays break the floor's separation within its tolerance, a wall margin or a hold's limit, looking every
// 0.25 s; nothing where they do not.
std::optional<std::string> first_breach(const FloorPlan& floor, const std::vector<PlayPlan>& plays);

}  // namespace promenade::planning::testing

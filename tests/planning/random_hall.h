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
package::Route random_graph(base::Random& random);               // the same with one to four choices of two or three ways
package::Route straight_route(int scenes, double step_m, double dwell_s, double hold_s);

struct Crowd {
  std::vector<PlayPlan> plays;
  std::optional<std::string> breach;  // of a plan by itself, or against the projection that it was made for
};
// Plans up to `count` plays of three films, one after another, and commits them to `interlocking`.
Crowd plan_crowd(const Planner& planner, Interlocking& interlocking, int count, base::Random& random,
                                 std::optional<HallPoint> from = std::nullopt, std::optional<HallPoint> to = std::nullopt,
                                 package::Route (*film)(base::Random&) = random_route);

// The plan as it is for each of those who choose all that is still to be chosen.
std::vector<PlayPlan> every_way(const PlayPlan& plan);

// All looking every 0.25 s. Why the plan breaks a wall margin or a hold's limit; nothing where it does not.
std::optional<std::string> breach_of(const FloorPlan& floor, const PlayPlan& play);
// Where planned points of the two are nearer than their separation at times that differ by at most `tolerance_s`.
std::optional<std::string> meeting(const FloorPlan& floor, const PlayPlan& one, const PlayPlan& two, double tolerance_s);
// Where each of a play's members is who has walked this share of the block; of one viewer, his point.
std::vector<HallPoint> members_in(const PlayPlan& play, std::size_t block, double share);
std::vector<HallPoint> members_at(const PlayPlan& play, double time_s);
// The first meeting of any two of the projected plays, at the same time.
std::optional<std::string> first_meeting(const FloorPlan& floor, const std::vector<ProjectedPlay>& plays);

}  // namespace promenade::planning::testing

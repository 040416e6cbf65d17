#pragma once
// Plans walked by people: the saturated demand of a case, planned online under the rule that a hall runs by, its gates opened
// by the shipped interlocking, its viewers of the walker model with nobody to warn or stop them. What is left of the plans'
// density, what people are held besides, how well told starts are kept, and whether anybody touches. Pure and seeded; hall
// floor in metres, seconds. One thread.
//
// Nobody takes a headset off or loses it: staff, who would come, are not there.

#include <cstdint>
#include <vector>

#include "showcontrol/planning/planner.h"
#include "tests/bench/planning_case.h"

namespace promenade::bench {

struct ExecutionOptions {
  double hours = 1.0;             // after the case's warm-up
  double sigma_m = 0.25;          // how far people wander off their points, per axis
  double ask_every_s = 2.0;       // how often those who wait are asked for
  double wait_max_s = 30.0;       // latest entry that a plan may have
  double patience_s = 60.0;       // as the hall's
  planning::WorkBudget budget;
  std::uint64_t seed = 1;
};

struct ExecutionFigures {
  double viewer_min = 0.0;            // on the floor
  double at_once = 0.0;               // between scene 0 and the last departure
  double at_once_planned = 0.0;       // the same of the plans as they were committed
  double viewers_per_hour = 0.0;      // who came to their first scene
  double stretch_mean = 0.0, stretch_planned_mean = 0.0;
  std::vector<double> start_off_s;    // of each play: first scene reached, less what was told when it was planned
  std::size_t plays_ended = 0;
  std::size_t contacts = 0;           // heads under 0.7 m
  std::size_t contacts_astray = 0;    // of those, one of the two astray, running or down
  std::size_t violations = 0;         // of the interlocking's own rule; none
  double longest_held_s = 0.0;        // at one gate, after the scene has played
};
// Throws std::runtime_error where the case has no ways in and out.
ExecutionFigures execute_plans(const PlanningCase& planning_case, const ExecutionOptions& options);

}  // namespace promenade::bench

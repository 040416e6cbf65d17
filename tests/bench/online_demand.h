#pragma once
// Saturated demand against the online planner: viewers wait in a pool, each is planned as soon as a plan exists,
// and the next joins. Everybody walks exactly to plan. Deterministic for a seed, but for the answers' times.

#include <functional>
#include <vector>

#include "tests/bench/planning_case.h"

namespace promenade::bench {

struct DemandOptions {
  double hours = 0.0;            // of demand; at most the case's list of wishes lasts
  double step_s = 10.0;          // how often those who wait are tried
  double keep_room_after_s = 540.0;
  double wait_max_s = 60.0;      // latest entry that a plan may have, from its commitment
  bool greedy = false;           // by the plain greedy planner, in the order in which viewers came; `budget` and `weights` do not count
  double patience_s = 400.0;     // after so long a viewer's turn no longer depends on his fellows
  double groups_share = 0.0;     // of the requests, those of groups of 2 to 6, as many of each; every film is then taken to have room for them
  bool fellows = true;           // viewers of one film go together where they can
  planning::ConflictRule rule = planning::ConflictRule::blocks;
  planning::WorkBudget budget{6000, 60, 12, 2000, 200, 8};
  int replans = 12;              // steps of large-neighbourhood search after each round of tries, of plays that have not entered
  planning::Weights weights;
  std::uint64_t seed = 1;
  std::function<double()> clock_ms;      // for the answers' times; none: they are not taken
  std::function<double()> cpu_clock_ms;  // the same, of the processor's time that they take
};

struct DemandResult {
  std::vector<Served> plays;          // in order of commitment
  std::vector<double> answer_ms;      // of every question to the planner, answered with a plan or not
  std::vector<double> answer_cpu_ms;
  std::vector<double> replan_cpu_ms;  // of every step of the search between the answers
  double longest_unserved_s = 0.0;
  std::size_t joined = 0;             // viewers who have come: the first so many of the case's wishes
  std::size_t retimed = 0;            // plays under way that were held otherwise to make room
  // Of films with choices: plays whose viewers could go every way, and all; the ways on offer beside the first, and all.
  std::size_t all_open = 0, with_choices = 0, ways_open = 0, ways = 0;
  std::size_t replanned = 0;          // viewers who came in because others, who had not entered, were planned anew
};
DemandResult run_demand(const PlanningCase& planning_case, const DemandOptions& options);

struct DemandFigures {
  double at_once = 0.0;           // plays, between scene 0 and the last departure, after the warm-up
  double on_floor_at_once = 0.0;  // ways in and out included
  double viewers_at_once = 0.0;   // who walk them: each of a group counts
  double groups_at_once = 0.0;    // of the plays, those that a group walks
  double viewers_started_per_hour = 0.0;
  int at_once_max = 0;            // between scene 0 and the last departure, at any moment
  double viewers_per_hour = 0.0;
  double stretch_mean = 0.0;
  double wait_p50_s = 0.0, wait_p95_s = 0.0, wait_longest_s = 0.0;
  double least_share = 1.0;       // of all that were served, the share of a film, over its share of those who came; the least of the films
};
DemandFigures figures_of(const PlanningCase& planning_case, const DemandResult& result, double hours);

}  // namespace promenade::bench

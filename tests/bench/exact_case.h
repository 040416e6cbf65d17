#pragma once
// One small case as a question with an exact answer: of viewers who all wait from time 0, how many can enter the hall within
// two minutes, and how long do they wait in all? Answered by the online planner, and by the largest packing of candidates.
// What the planner, the planner with a hall's budget and the plain greedy one planned are candidates, too, so that nobody
// does better than the packing; there could be better plans than the candidates, which nobody has found. Pure but for
// `clock_s`: the same seed gives the same figures.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "tests/bench/exact_packing.h"
#include "tests/bench/planning_case.h"

namespace promenade::bench {

inline constexpr double kExactHorizon_s = 120.0;  // the latest entry
inline constexpr double kExactAsked_s = 60.0;     // who waits is asked for until then, for an entry within the rest

// Who answers online. All are asked for the same viewers and the same horizon.
enum class Online {
  planner,  // with all its means, as in `bench plan`, every 10 s
  as_hall,  // with the budget of a hall and as often (HallLimits), without fellows
  greedy,   // greedy_planner.h, every 10 s
};
inline constexpr std::array<std::string_view, 3> kOnlineNames{"planner", "as_hall", "greedy"};

struct ExactFigures {
  struct Answer {
    std::size_t served = 0;
    double waits_s = 0.0;  // of those served, together
  };
  std::array<Answer, kOnlineNames.size()> online;
  Packing best;                 // `cost` is the sum of waits in seconds
  std::size_t candidates = 0;
  double conflict_share = 0.0;  // of the pairs of candidates of different viewers
  double drawing_s = 0.0, graph_s = 0.0, packing_s = 0.0;  // by `clock_s`; 0 without one

  const Answer& of(Online who) const { return online[static_cast<std::size_t>(who)]; }
  // Whether anybody can be served at all; else there is nothing to compare.
  bool comparable() const { return best.at_most > 0; }
  // Of the best that can be, in viewers served: of what is proven to be the most, found or not. Only where comparable().
  double ratio(Online who) const;
};

// Throws std::runtime_error when two plans of one answer conflict, with their viewers, and where HiGHS fails.
ExactFigures exact_figures(const PlanningCase& planning_case, std::size_t candidates_per_viewer, const PackingWork& work, std::uint64_t seed,
                           const std::function<double()>& clock_s = {});

}  // namespace promenade::bench

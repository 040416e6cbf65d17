#pragma once
// The online planner: from a snapshot of the hall, the earliest good plan for one request, or the honest wait.
// Pure and bounded by counts, never by a clock, so that a seed replays it; runs on the planner thread. Its answer
// is checked again by `Interlocking::add` before it holds. Hall floor in metres, hall time in seconds.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/planning/interlock.h"
#include "showcontrol/planning/plan.h"

namespace promenade::planning {

// How plans are kept apart. `blocks` is what a hall runs by: conflicting blocks are never occupied at the same
// time. `points_in_time` only keeps planned points apart at planned times, as the planning cases ask.
enum class ConflictRule { blocks, points_in_time };

struct PlanRequest {
  base::PlayId play;
  base::FilmId film;
  package::Route route;
  int members = 1;
  std::optional<HallPoint> seat;       // of a seated film: where its one scene is
  std::optional<HallPoint> enter_from; // where the way in begins; none: the viewer appears at the first scene
  std::optional<HallPoint> leave_to;   // where the way out ends; none: he vanishes from the last scene
  double earliest_s = 0.0;             // first moment at which he may enter
  double wait_max_s = 120.0;           // latest entry after `earliest_s`
};

// Counts that bound the work of one answer.
struct WorkBudget {
  int placements = 400;      // sampled and tested against the walls
  int candidates = 48;       // of those, timed against the other plays
  int choices = 4;           // of those, weighed for what they block
};

struct PlanAnswer {
  std::optional<PlayPlan> plan;
  // The wait until arrival at scene 0 if there is a plan; otherwise the least time after which room may open up:
  // when the next play leaves, or nothing when the film does not fit the hall at all.
  std::optional<double> wait_s;
  std::vector<std::string> reasons;  // why there is none, most important first, for attendants
  int placements_tried = 0;
  int placements_fitting = 0;        // kept the wall margins
  int placements_timed = 0;
};

class Planner {
 public:
  explicit Planner(FloorPlan floor, ConflictRule rule = ConflictRule::blocks);
  const Floor& floor() const { return floor_; }
  PlanAnswer plan(const PlanRequest& request, const Snapshot& snapshot, const WorkBudget& budget,
                  std::uint64_t seed) const;

 private:
  Floor floor_;
  ConflictRule rule_;
};

}  // namespace promenade::planning

#pragma once
// The online planner: from a snapshot of the hall, the earliest good plan for one request, or the honest wait.
// Pure and bounded by counts, never by a clock, so that a seed replays it; runs on the planner thread. Its answer
// is checked again by `Interlocking::add` before it holds. Hall floor in metres, hall time in seconds.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/planning/formation.h"
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
  base::PlayId joins;                  // a latecomer's: the play of his group, to whose place `seat` he is led
  std::size_t joins_block = 0;         // as in PlayPlan
  std::vector<GroupMember> group;      // who they are, where that is known; else all alike, none hand in hand
  std::optional<HallPoint> seat;       // of a seated film: where its one scene is
  std::optional<HallPoint> enter_from; // where the way in begins; none: the viewer appears at the first scene
  // First straight from `enter_from` to here, whatever areas lie between: out of a kitting area without passing others.
  std::optional<HallPoint> enter_by;
  std::vector<HallPoint> enter_also;   // other points at which the way in may begin: the best is taken
  std::optional<HallPoint> leave_to;   // where the way out ends; none: he vanishes from the last scene
  double earliest_s = 0.0;             // first moment at which he may enter
  double wait_max_s = 20.0;            // latest entry after `earliest_s`; more reserves the ways in for too long
  int fellows = 0;                     // others who wait for the same film: a placement that leaves room beside it is better
};

// Counts that bound the work of one answer.
struct WorkBudget {
  int placements = 1600; // drawn, tested against the walls, and looked at by what the other plays leave of the floor
  int candidates = 60;   // of those that go by this look, timed exactly, cheapest first; without it as many again by climbs
  int choices = 12;      // of those, good ones to choose between
  // By default none of these, as the hall's measures were taken without them.
  int climbs = 0;        // looked at besides: placements that nearly go, moved a little, and good ones, moved to be better
  int retimings = 0;     // timings spent on plays under way where nothing goes as they are: their holds are moved, if that makes room
  int leaders = 0;       // of the good ones, looked at for room for a fellow; with none, nobody is laid beside a fellow first
  bool trains = true;    // placements under way are tried again for who comes after, and beside them
  // Scenes looked at by all quick looks together: most placements fail by one of the first, one that goes takes all of them many
  // times. 0: no quick look; placements are timed exactly as they are drawn, until there are enough.
  int scenes = 60'000;
};

// A hall's, and of what foretells a hall; its measures were taken with it. With more of it and quick looks a hall of people who
// walk exactly to plan is fuller, and one of real people emptier (docs/measures.md).
inline constexpr WorkBudget kHallBudget{.placements = 400, .candidates = 60, .choices = 24, .scenes = 0};

// What makes one plan better than another, in seconds of waiting for the first scene.
struct Weights {
  double wait = 1.0;                  // a second of waiting
  double hold = 4.0;                  // a second of holding: others wait behind whoever is held
  double not_offered = 15.0;          // a way of the film that its viewer cannot be offered
  double newly_taken_s_per_m2 = 1.0;  // floor near the film's places that no other play is near, times the square of the share that is taken
};

struct PlanAnswer {
  std::optional<PlayPlan> plan;
  std::vector<Retimed> retimed;      // the plan holds only with these
  // The wait until arrival at scene 0 if there is a plan; otherwise the least time after which room may open up:
  // when the next play leaves the floor; nothing when the film does not fit the hall at all.
  std::optional<double> wait_s;
  std::vector<std::string> reasons;  // why there is none, most important first, for attendants
  int placements_tried = 0;
  int placements_fitting = 0;        // kept the wall margins
  int placements_timed = 0;
  int timings_of_others = 0;         // of WorkBudget::retimings
  int scenes_looked_at = 0;          // of WorkBudget::scenes
};

class Planner {
 public:
  explicit Planner(FloorPlan floor, ConflictRule rule = ConflictRule::blocks, Weights weights = {});
  const Floor& floor() const { return floor_; }
  PlanAnswer plan(const PlanRequest& request, const Snapshot& snapshot, const WorkBudget& budget,
                  std::uint64_t seed) const;

 private:
  Floor floor_;
  ConflictRule rule_;
  Weights weights_;
};

}  // namespace promenade::planning

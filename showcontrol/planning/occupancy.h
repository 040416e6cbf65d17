#pragma once
// What other plays leave of the floor, as bits: for each cell of a grid, each second. By it a laid film is looked at in a few
// words of arithmetic for each step of its viewer, instead of being timed exactly against every other play (timing.h); only
// what goes by this look is worth that. Right to about half a cell and half a second; what it lets go is timed all the same. Not part of the planner's interface. Pure; hall floor in metres, hall time in seconds.

#include <array>
#include <cstdint>
#include <vector>

#include "showcontrol/planning/placements.h"
#include "showcontrol/planning/timing.h"

namespace promenade::planning {

class Occupancy {
 public:
  // Taken for whom `newcomer` is (his members and seat count, not his blocks). From `from_s` on, in steps of `step_s`, so many.
  Occupancy(const Floor& floor, ConflictRule rule, const PlayPlan& newcomer, const Snapshot& snapshot, double from_s, double step_s, std::size_t steps);

  // One more play that is in the way.
  void take(const ProjectedPlay& play);

  double from_s() const { return from_s_; }
  double step_s() const { return step_s_; }
  // The steps in which the cell round `p` is taken, one bit each, lowest first; `kPadding` words more than the steps need.
  const std::uint64_t* taken(HallPoint p) const;
  static constexpr std::size_t kPadding = 2;

 private:
  void take(const BlockingBody& body, double until_s);
  void take_points(const PlayPlan& plan, std::size_t block, double separation_m);
  void take_block(const PlayPlan& plan, std::size_t block, double separation_m);
  void take_place(HallPoint place, double from_s, double to_s, double separation_m);
  void take_leg(HallPoint from, HallPoint to, double from_s, double to_s, double separation_m);
  struct Steps {
    int first = 0, last = -1;
  };
  Steps steps_within(double from_s, double to_s) const;  // those that lie in it whole
  void set(std::size_t cell, Steps steps);
  template <typename Visit>
  void visit_cells(HallPoint a, HallPoint b, double radius_m, Visit visit);

  FloorPlan const* floor_;
  ConflictRule rule_;
  int members_ = 1;
  bool seated_ = false;
  double from_s_;
  double step_s_;
  HallPoint low_;
  int columns_ = 0, rows_ = 0;
  std::size_t words_ = 0;  // of a cell
  std::vector<std::uint64_t> bits_;
};

// A film's way through its scenes, looked at wherever it is laid. Without the ways in and out: its viewer comes to scene 0.
class QuickLook {
 public:
  // He comes to scene 0 at `base_s` at the earliest, and `spread_s` later at the latest.
  QuickLook(const package::Route& route, const FloorPlan& floor, ConflictRule rule, double scale, double base_s, double spread_s);

  double scale() const { return scale_; }
  double step_s() const { return step_s_; }
  std::size_t steps() const { return steps_; }  // of the occupancy that it is to be asked of, from `base_s` on

  struct Prospect {
    bool goes = false;
    std::size_t reached = 0;   // scenes, where it does not
    double arrive_s = 0.0;     // at scene 0
    double hold_s = 0.0;       // of all scenes together
    double cost = 0.0;         // of the wait since `base_s` and of this hold, by the weights
    int scenes = 0;            // that were looked at, each once for every set of entries: what a look costs
  };
  // With an arrival at scene 0 within `arrival`, the one that costs least.
  Prospect look(const LaidRoute& laid, const Occupancy& occupancy, Interval arrival, const Weights& weights) const;

 private:
  static constexpr std::size_t kWords = 8;  // of delays: how much later than at once a viewer is at some gate
  using Delays = std::array<std::uint64_t, kWords>;
  struct Step {
    double x_m, y_m;   // film metres, scaled
    std::size_t at;    // steps since `base_s`, without any delay
    std::size_t since; // of them, since the gate
  };
  struct Stage {
    std::size_t first_step, last_step;  // of the way to the place
    Step place;
    std::size_t stay, hold_most;        // steps
  };
  struct Reached {
    Delays delays;
    std::size_t stages = 0;
  };
  struct Lookups;
  template <std::size_t kCount>
  Reached reach(const Lookups& lookups, const Delays& from, std::size_t latest) const;
  template <std::size_t kCount>
  bool walk(const Lookups& lookups, const Stage& stage, Delays& delays) const;
  template <std::size_t kCount>
  bool stay(const Lookups& lookups, const Stage& stage, Delays& delays) const;

  ConflictRule rule_;
  double scale_, base_s_, step_s_;
  std::size_t words_ = 1, steps_ = 0, hold_total_ = 0;
  std::vector<Step> way_;
  std::vector<Stage> stages_;
};

}  // namespace promenade::planning

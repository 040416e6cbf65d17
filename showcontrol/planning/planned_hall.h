#pragma once
// A hall in which everybody walks exactly to plan, for questions asked before any viewer comes: the planner as the hall
// runs it, without people, staff and network. Pure; hall floor in metres, hall time in seconds.

#include <cstdint>
#include <optional>

#include "showcontrol/planning/planner.h"

namespace promenade::planning {

struct FitWays {  // where viewers come from and go to; empty where the hall has no doors
  Path enter_from;
  std::optional<HallPoint> leave_to;
};

class PlannedHall {
 public:
  // The planner must outlive it. The budget and the longest time from a plan to its entry are the hall's.
  PlannedHall(const Planner& planner, FitWays ways) : planner_(&planner), ways_(std::move(ways)) {}

  void go_on(double now_s);  // never back
  // Plans a play from now on and takes it in; nullptr when there is no room. The plan is good until the next call.
  const PlayPlan* begin(base::PlayId play, const base::FilmId& film, const package::Route& route, const std::optional<HallPoint>& seat, std::uint64_t seed);

 private:
  const Planner* planner_;
  FitWays ways_;
  Snapshot snapshot_;
};

}  // namespace promenade::planning

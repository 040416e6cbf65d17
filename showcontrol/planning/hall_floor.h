#pragma once
// The floor of a venue as a hall plans on it: what films and ways keep clear of, and where ways stop. The hall and
// everything that foretells it (fit, week) use this one. Pure; hall floor, metres.

#include "showcontrol/planning/floor.h"

namespace promenade::planning {

inline constexpr double kKittingClear_m = 1.0;  // films and ways stay so far from the kitting area
inline constexpr double kKittingSolid_m = 0.3;  // even those to a chair beside it: people stand in there

FloorPlan hall_floor(const tracking::Venue& venue);
// Any floor with what a hall runs by: how long people take to set off, and stops on ways in and out.
FloorPlan with_run_ways(FloorPlan floor);

}  // namespace promenade::planning

#pragma once
// Does a film fit a hall, and how many of its viewers at once: what a film's author and a venue want to know before
// any viewer comes. Pure, from a seed; hall floor in metres, seconds.

#include <cstdint>
#include <optional>
#include <string>

#include "showcontrol/planning/planner.h"
#include "tracking/base/finding.h"

namespace promenade::planning {

struct FitReport {
  bool fits = false;                  // at some allowed scale
  double scale = 1.0;                 // the largest allowed scale at which it does
  double width_m = 0.0;               // extents of the route as declared, in film metres
  double depth_m = 0.0;
  int placements_tried = 0;           // at `scale`
  int placements_fitting = 0;
  int mirrored_fitting = 0;
  double clearance_best_m = 0.0;      // the most that a placement leaves to walls and obstacles
  std::optional<PlayPlan> best;       // the placement with that, alone in the hall, with its ways
  std::optional<double> headway_s;    // how soon a second viewer may follow in the same placement
  double at_once = 0.0;               // viewers between first and last scene, mean, nothing else in the hall
  double viewers_per_hour = 0.0;
  base::Findings findings;            // what to change, for the author
};

struct FitWays {  // where viewers come from and go to; empty where the hall has no doors
  Path enter_from;
  std::optional<HallPoint> leave_to;
};

FitReport fit_film(const FloorPlan& floor, const package::Route& route, const FitWays& ways, const std::string& film_file,
                   std::uint64_t seed);
// The hall from above with the best placement: places, legs, ways, and what the route keeps clear of.
std::string fit_svg(const FloorPlan& floor, const FitReport& report, const std::string& title);

}  // namespace promenade::planning

#pragma once
// Does a film fit a hall, which of its scenes is the trouble, what would help, and how many of its viewers at once, alone
// and among other films: what a film's author and a venue want to know before any viewer comes. Pure, from a seed; hall
// floor in metres, seconds.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "showcontrol/planning/demand.h"
#include "showcontrol/planning/fit_trouble.h"
#include "showcontrol/planning/redirect.h"
#include "tracking/base/finding.h"

namespace promenade::planning {

inline constexpr double kTroubleShare = 0.3;  // of placements, spoilt by one scene or leg alone: from here on it is named

struct GainFit {  // every leg walked at one translation gain
  double gain = 1.0;
  int placements_fitting = 0;
};

struct FitAmong {  // with the venue's other films, each wished for as often
  Carried film;
  Carried all;
  Carried without;  // the others by themselves
  int films = 0;    // this one included
};

struct FitRoute {  // one of the routes through a film with choices, as if there were no other
  std::vector<std::uint32_t> scenes;
  bool fits = false;
  double scale = 1.0;                 // the largest allowed scale at which it does
  int placements_fitting = 0;         // at that scale
};

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
  std::optional<std::pair<std::size_t, std::size_t>> comes_back;  // the scene that keeps him longest, and the one whose way or place lies near it
  int group_room = 1;                 // who may share a play: as many as the film allows and its narrowest scene holds
  int group_fitting = 0;              // placements, of as many as for one viewer, at the film's own size, in which so many keep the margins
  std::vector<PartTrouble> trouble;   // every scene and leg, at the film's own size
  std::vector<GainFit> by_gain;       // where it does not fit at its own size or hardly: what walking less would do
  std::optional<Redirection> redirection;  // where it does not fit at its own size
  std::vector<FitRoute> routes;       // of a film with choices every one, the first as reported above
  Carried alone;                      // nothing else in the hall; of a film with choices whose viewers go the first way
  std::optional<FitAmong> among;
  base::Findings findings;            // what to change, for the author
};

struct FitSetting {
  std::uint64_t seed = 1;
  double hours = 2.0;              // of saturated demand
  std::vector<DemandFilm> others;  // the venue's other films; none: only alone
};

// Of a film with choices the scenes of who never chooses, but for `routes`; numbers of scenes are places in their list.
FitReport fit_film(const FloorPlan& floor, const DemandFilm& film, const FitWays& ways, const std::string& film_file, const FitSetting& setting);

}  // namespace promenade::planning

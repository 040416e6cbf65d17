#pragma once
// What a hall's floor carries while viewers never cease to come: the planner on a stream of wishes, everybody walking
// exactly to plan. What is found is an upper end: real people are late, and staff must keep up. Pure, from a seed; the
// work is bounded by the hours and by how often those who wait are tried. Metres, seconds.

#include <cstdint>
#include <vector>

#include "showcontrol/planning/planned_hall.h"

namespace promenade::planning {

struct DemandFilm {  // a walking film
  base::FilmId film;
  package::Route route;
  double wished = 1.0;  // how often, beside the others; not negative
};

struct DemandSetting {
  double hours = 2.0;
  double fill_s = 900.0;       // until figures are taken, at most half of the time: the hall begins empty
  double try_every_s = 20.0;
  int waiting = 8;             // at every moment
  std::uint64_t seed = 1;
};

struct Carried {
  double at_once = 0.0;           // between first and last scene, mean
  double viewers_per_hour = 0.0;  // first scenes begun
  double wait_mean_s = 0.0;       // from joining those who wait until the first scene begins, of those who began
};
struct CarriedByFilm {
  Carried all;
  std::vector<Carried> films;  // in the order given
};
// `films` is not empty. Nobody wishes for a film that has no place in the empty hall: its figures are 0.
CarriedByFilm carried(const Planner& planner, const FitWays& ways, const std::vector<DemandFilm>& films, const DemandSetting& setting);

}  // namespace promenade::planning

#pragma once
// What a hall can carry of an expected demand, hour by hour, and what limits it: staff who fit headsets, the headsets,
// the chairs, or the floor. The planner places every viewer; staff and headsets are counted, not simulated as people, and
// everybody walks exactly to plan. So it is an upper end: a rehearsed day has people. Pure, from a seed; seconds.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "showcontrol/planning/planned_hall.h"

namespace promenade::planning {

struct WeekFilm {
  base::FilmId film;
  package::Route route;  // of a seated film: its one scene
  bool seated = false;
};

struct DayDemand {
  std::string name;
  int times = 1;  // in a week
  int opens_h = 10;
  std::map<base::FilmId, std::vector<double>> viewers_per_hour;  // of each film, for each hour from opening on; all as long
};

struct WeekHouse {
  int headsets = 24;
  int fitters = 2;         // attendants who fit at the same time
  double fit_s = 25.0;     // with one viewer, from his turn until he may go
  double clean_s = 90.0;   // from a viewer's leaving the floor until his headset may be given to another
  Path seats;              // places of the chairs
};

enum class Limit { nothing, fitting, headsets, chairs, floor };
inline constexpr std::size_t kLimits = 5;

struct HourCarried {
  int hour = 0;            // of the day
  int come = 0;
  int begin = 0;           // their film, in this hour
  double wait_mean_s = 0.0, wait_p95_s = 0.0;  // of those who come in this hour and begin at all: until their film does
  int waiting = 0;         // at its end
  std::array<double, kLimits> waited_s{};  // by all together in this hour, for each of the limits
  Limit limit = Limit::nothing;            // where most of it was, if who comes waits for more than a little
};
struct DayCarried {
  std::vector<HourCarried> hours;
  int come = 0;
  int begin = 0;           // those who wait at the end of the last hour have half an hour more
};
// Viewers come one by one, evenly at random within each hour (a Poisson process). Every film wished for is in `films`.
DayCarried carried_day(const Planner& planner, const FitWays& ways, const std::vector<WeekFilm>& films, const WeekHouse& house, const DayDemand& demand, std::uint64_t seed);

inline constexpr double kLittleWait_s = 180.0;  // mean: up to here nothing limits an hour

}  // namespace promenade::planning

#pragma once
// One person's recorded walk as a film, and another person's walk of the same way as its viewer: which place of the film
// the viewer has reached, known at each moment from his walk so far, and where the film has him shortly. Metres, seconds,
// 30 samples a second; plain values in the recordings' own coordinates, one thread, deterministic.

#include <optional>
#include <vector>

#include "tests/bench/safety_replay_walks.h"
#include "tracking/body.h"

namespace promenade::bench {

// The authored path: a walk smoothed as an author's path is (gait sways a head by centimetres), at every step of its length.
struct FilmPath {
  static constexpr double kStep_m = 0.1;
  std::vector<HallPoint> at;
  std::vector<HallVec> heading;   // unit, along the path
  std::vector<double> clock_s;    // when the film is there
  HallPoint at_arc(double arc_m) const;        // between the steps; clamped to the ends
  double clock_at_arc(double arc_m) const;
  double arc_at_clock(double clock_s) const;
};
FilmPath film_of(const Walk& walk);

// How far along the film the viewer is, at each sample of his walk, from the samples up to it and no later one: the most
// likely place of a walker who never goes back, by distance, heading and speed (a forward pass of dynamic programming
// over the path at 10 Hz; 0.1 m).
std::vector<double> arcs_along(const FilmPath& film, const Walk& viewer);

// Where the film has its viewer, at each sample: at his place on it, and 1 s and 2 s later at his own film clock. That
// clock is taken to go on half at the viewer's present speed and half at the film's own pace times the rate at which he
// has kept to it in the last 2 s.
std::vector<tracking::PlanAhead> aheads_along(const FilmPath& film, const Walk& viewer);

// Pairs of walks of one task and way by different people that are the same way indeed: by far most of the viewer's walk
// lies near the other's path. Walks of way points drawn at random for each person are none.
struct Viewing {
  const Walk* film = nullptr;
  const Walk* viewer = nullptr;
  std::vector<tracking::PlanAhead> ahead;  // at each sample of the viewer's walk
};
std::vector<Viewing> viewings_of(const std::vector<Walk>& walks);

}  // namespace promenade::bench

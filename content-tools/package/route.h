#pragma once
// A walking film's route, or a seated film's place, as the film's author declares it.
// Frame: film floor, metres, x right and y forward when standing at the route's origin and looking along yaw 0
// (3D: film x = x, film z = -y, y up as OpenXR). Pure values; `check_route` gives findings.

#include <string>
#include <vector>

#include "tracking/base/finding.h"

namespace promenade::package {

struct FilmPoint {
  double x_m = 0.0;
  double y_m = 0.0;
  friend bool operator==(const FilmPoint&, const FilmPoint&) = default;
};

// A place where part of the story happens; the viewer may wander within `free_radius_m` of `at`.
// The film plays the scene for `dwell_s`; then, for at most `hold_max_s` until the gate opens, it repeats the last
// `loop_s` of them, or rests at the scene's end where that is 0.
struct Scene {
  std::string name;  // node name in the film's world; unique in the film
  FilmPoint at;
  double free_radius_m = 0.6;
  double dwell_s = 0.0;
  double hold_max_s = 0.0;
  double loop_s = 0.0;
  double group_radius_m = 0.0;  // within which a group's members stand, each at his own place; 0: `free_radius_m`
  friend bool operator==(const Scene&, const Scene&) = default;
};

// Scenes in order; between scene i and i + 1 the viewer walks a straight leg at `walk_speed_mps`.
// Gate i is the departure from scene i. A seated film has exactly one scene and no leg.
struct Route {
  std::vector<Scene> scenes;
  double walk_speed_mps = 0.7;
  double hold_total_max_s = 0.0;  // no more than this over the whole route
  bool mirrorable = false;        // may be laid mirrored (x -> -x)
  double scale_min = 1.0;         // may be scaled within these factors when fitted to a hall
  double scale_max = 1.0;
  int group_max = 1;              // viewers who may share one play
  double headway_min_s = 0.0;     // a second viewer may follow in the same placement after this; 0: never
  friend bool operator==(const Route&, const Route&) = default;
};

double group_radius_m(const Scene& scene);
double leg_length_m(const Route& route, std::size_t leg);  // from scene `leg` to `leg + 1`
double nominal_length_s(const Route& route);               // dwells and legs, no holds

// Findings with keys under `key` ("route"): empty, non-finite, negative, speeds outside 0.2..1.5 m/s,
// holds above the total, loops longer than their scene, scales not around 1, duplicate names.
base::Findings check_route(const Route& route, const std::string& file, const std::string& key);

}  // namespace promenade::package

#pragma once
// A walking film's route, or a seated film's place, as the film's author declares it.
// Frame: film floor, metres, x right and y forward when standing at the route's origin and looking along yaw 0
// (3D: film x = x, film z = -y, y up as OpenXR). Pure values; `check_route` gives findings.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tracking/base/finding.h"

namespace promenade::package {

using TextByLanguage = std::map<std::string, std::string>;

inline constexpr std::size_t kNextMost = 3;      // scenes that may follow one scene
inline constexpr std::size_t kChoicesMost = 4;   // choices that one viewer meets
inline constexpr std::size_t kRoutesMost = 16;   // different routes through one film

struct FilmPoint {
  double x_m = 0.0;
  double y_m = 0.0;
  friend bool operator==(const FilmPoint&, const FilmPoint&) = default;
};

// A scene that may follow another, and what the viewer reads of it when there is a choice.
struct Next {
  std::uint32_t scene = 0;  // stands later in the route's list, so that no way leads back
  TextByLanguage text{};    // a few words; empty where there is nothing to choose
  friend bool operator==(const Next&, const Next&) = default;
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
  // The scenes that may follow; none given: the one after it in the list. Empty: the film ends here. With two or more the
  // viewer chooses during the scene's last `choose_s` seconds; who does not choose goes to the first of them.
  std::optional<std::vector<Next>> next{};
  double choose_s = 0.0;
  friend bool operator==(const Scene&, const Scene&) = default;
};

// Scenes in order; from each to the one that follows the viewer walks a straight leg at `walk_speed_mps`. Where scenes name
// what may follow them, the route is a graph without circles, from scene 0 to every scene where it ends.
// A seated film has exactly one scene and no leg.
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
// What may follow `scene`, the default first.
std::vector<std::uint32_t> followers(const Route& route, std::uint32_t scene);
bool has_choices(const Route& route);
// Who never chooses sees these; the same for every route there is, that one first. The route must pass `check_route`.
std::vector<std::uint32_t> default_scenes(const Route& route);
// The scenes of a viewer who takes these ways: one number for each choice that he meets, of the followers; without one, or where
// there is no such follower, the first.
std::vector<std::uint32_t> scenes_by(const Route& route, const std::vector<std::uint8_t>& ways);
std::vector<std::vector<std::uint32_t>> complete_routes(const Route& route);
// The route of a viewer who sees these scenes: a plain list.
Route along(const Route& route, const std::vector<std::uint32_t>& scenes);

double leg_length_m(const Route& route, std::size_t from, std::size_t to);
double leg_length_m(const Route& route, std::size_t scene);  // to the scene that follows by default; there must be one
double leg_after_s(const Route& route, std::size_t scene);   // the longest walk to a scene that may follow; 0 at an end
double nominal_length_s(const Route& route);                 // dwells and legs of who never chooses, no holds

// Findings with keys under `key` ("route"): empty, non-finite, negative, speeds outside 0.2..1.5 m/s,
// holds above the total, loops longer than their scene, scales not around 1, duplicate names; of a graph: a scene that leads
// back or twice to the same, that nobody comes to, and more choices or routes than the limits above.
base::Findings check_route(const Route& route, const std::string& file, const std::string& key);

}  // namespace promenade::package

#include "content-tools/package/route.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::package {
namespace {

constexpr std::size_t kMaxScenes = 1000;
constexpr double kMaxCoordinate_m = 1000.0;
constexpr double kMaxTime_s = 6.0 * 3600.0;
constexpr double kChooseLeast_s = 3.0;  // to read a few words and to point at them

class RouteChecker {
 public:
  RouteChecker(std::string file, std::string key) : file_(std::move(file)), key_(std::move(key)) {}

  void add(std::string code, const std::string& key, std::string message, std::string expected) {
    findings_.push_back({base::Severity::error, std::move(code), file_, 0, key_ + "." + key, std::move(message),
                         std::move(expected)});
  }
  bool range(const std::string& key, double value, double low, double high, std::string_view unit) {
    if (std::isfinite(value) && value >= low && value <= high) return true;
    add("out-of-range", key, base::formatted("The value is {}.", value),
        base::formatted("Give a number from {} to {}{}.", low, high, unit));
    return false;
  }
  bool sound() const { return findings_.empty(); }
  base::Findings take() { return std::move(findings_); }

 private:
  std::string file_;
  std::string key_;
  base::Findings findings_;
};

void check_scene(const Scene& scene, const std::string& key, std::set<std::string>& names, RouteChecker& check) {
  if (scene.name.empty() || scene.name.size() > 100) {
    check.add("name-empty", key + ".name", "The scene has no usable name.", "Give a name of 1 to 100 bytes.");
  } else if (!names.insert(scene.name).second) {
    check.add("name-twice", key + ".name", base::formatted("Another scene is named \"{}\" too.", scene.name),
              "Give every scene a name of its own.");
  }
  check.range(key + ".at_m[0]", scene.at.x_m, -kMaxCoordinate_m, kMaxCoordinate_m, " m");
  check.range(key + ".at_m[1]", scene.at.y_m, -kMaxCoordinate_m, kMaxCoordinate_m, " m");
  check.range(key + ".free_radius_m", scene.free_radius_m, 0.2, 5.0, " m");
  check.range(key + ".dwell_s", scene.dwell_s, 0.0, kMaxTime_s, " s");
  check.range(key + ".hold_max_s", scene.hold_max_s, 0.0, kMaxTime_s, " s");
  check.range(key + ".loop_s", scene.loop_s, 0.0, scene.dwell_s, " s, no longer than the scene");
  if (scene.group_radius_m != 0.0) check.range(key + ".group_radius_m", scene.group_radius_m, scene.free_radius_m, 5.0, " m, no less than the scene's free radius");
}

// What may follow one scene: later scenes only, so that there is no circle and every route ends.
void check_next(const Route& route, std::size_t scene, const std::string& key, RouteChecker& check) {
  const Scene& here = route.scenes[scene];
  const std::size_t ways = here.next ? here.next->size() : 1;
  if (ways > kNextMost) {
    check.add("choice-too-wide", key + ".next", base::formatted("{} scenes may follow.", ways), base::formatted("Name at most {}.", kNextMost));
  }
  if (ways < 2 && here.choose_s != 0.0) {
    check.add("choice-missing", key + ".choose_s", "There is a time to choose, and nothing to choose between.", "Name two scenes that may follow, or remove the time.");
  } else if (ways >= 2) {
    check.range(key + ".choose_s", here.choose_s, kChooseLeast_s, here.dwell_s, " s, no longer than the scene");
  }
  std::set<std::uint32_t> seen;
  for (std::size_t i = 0; here.next && i < here.next->size(); ++i) {
    const std::uint32_t to = (*here.next)[i].scene;
    const std::string at = base::formatted("{}.next[{}].scene", key, i);
    if (to >= route.scenes.size()) {
      check.add("scene-unknown", at, base::formatted("There is no scene {}.", to), base::formatted("The film has scenes 0 to {}.", route.scenes.size() - 1));
    } else if (to <= scene) {
      check.add("route-leads-back", at, base::formatted("From scene \"{}\" the route leads back to \"{}\".", here.name, route.scenes[to].name),
                "Let only scenes follow that stand later in the list.");
    } else if (!seen.insert(to).second) {
      check.add("name-twice", at, base::formatted("Scene \"{}\" follows twice.", route.scenes[to].name), "Name it once.");
    }
  }
}

// Counts from the end: how many routes lead on from each scene, and how many choices the longest of them has.
void check_graph(const Route& route, RouteChecker& check) {
  const std::size_t count = route.scenes.size();
  std::vector<std::size_t> routes(count, 1), choices(count, 0);
  std::vector<bool> reached(count, false);
  reached[0] = true;
  for (std::size_t i = 0; i < count; ++i) {
    if (!reached[i]) {
      check.add("scene-unreached", base::formatted("scenes[{}]", i), base::formatted("No route leads to scene \"{}\".", route.scenes[i].name),
                "Let it follow a scene, or remove it.");
    }
    for (const std::uint32_t next : followers(route, static_cast<std::uint32_t>(i))) reached[next] = true;
  }
  for (std::size_t i = count; i-- > 0;) {
    const std::vector<std::uint32_t> next = followers(route, static_cast<std::uint32_t>(i));
    if (next.empty()) continue;
    routes[i] = 0;
    for (const std::uint32_t to : next) {
      routes[i] = std::min(routes[i] + routes[to], kRoutesMost + 1);
      choices[i] = std::max(choices[i], choices[to] + (next.size() > 1 ? 1 : 0));
    }
  }
  if (choices[0] > kChoicesMost) {
    check.add("route-too-branched", "scenes", base::formatted("A viewer meets {} choices.", choices[0]), base::formatted("Let nobody meet more than {}.", kChoicesMost));
  } else if (routes[0] > kRoutesMost) {
    check.add("route-too-branched", "scenes", base::formatted("More than {} routes lead through the film.", kRoutesMost),
              "Leave out choices, or let fewer scenes follow.");
  }
}

}  // namespace

double group_radius_m(const Scene& scene) { return scene.group_radius_m > 0.0 ? scene.group_radius_m : scene.free_radius_m; }

std::vector<std::uint32_t> followers(const Route& route, std::uint32_t scene) {
  PROMENADE_ASSERT(scene < route.scenes.size());
  std::vector<std::uint32_t> all;
  if (route.scenes[scene].next) {
    for (const Next& next : *route.scenes[scene].next) all.push_back(next.scene);
  } else if (scene + 1 < route.scenes.size()) {
    all.push_back(scene + 1);
  }
  return all;
}

bool has_choices(const Route& route) {
  return std::ranges::any_of(route.scenes, [](const Scene& scene) { return scene.next && scene.next->size() > 1; });
}

std::vector<std::vector<std::uint32_t>> complete_routes(const Route& route) {
  std::vector<std::vector<std::uint32_t>> routes;
  std::vector<std::uint32_t> here{0};
  const auto walk = [&](const auto& self) -> void {
    const std::vector<std::uint32_t> next = followers(route, here.back());
    if (next.empty()) routes.push_back(here);
    for (const std::uint32_t to : next) {
      here.push_back(to);
      self(self);
      here.pop_back();
    }
  };
  walk(walk);
  return routes;
}

std::vector<std::uint32_t> scenes_by(const Route& route, const std::vector<std::uint8_t>& ways) {
  std::vector<std::uint32_t> scenes{0};
  std::size_t choice = 0;
  for (auto next = followers(route, 0); !next.empty(); next = followers(route, scenes.back())) {
    std::size_t way = 0;
    if (next.size() > 1 && choice < ways.size()) way = ways[choice];
    if (next.size() > 1) ++choice;
    scenes.push_back(next[way < next.size() ? way : 0]);
  }
  return scenes;
}

std::vector<std::uint32_t> default_scenes(const Route& route) { return scenes_by(route, {}); }

Route along(const Route& route, const std::vector<std::uint32_t>& scenes) {
  Route list = route;
  list.scenes.clear();
  for (const std::uint32_t scene : scenes) {
    list.scenes.push_back(route.scenes[scene]);
    list.scenes.back().next.reset();
    list.scenes.back().choose_s = 0.0;
  }
  return list;
}

double leg_length_m(const Route& route, std::size_t from, std::size_t to) {
  const FilmPoint& a = route.scenes[from].at;
  const FilmPoint& b = route.scenes[to].at;
  return std::hypot(b.x_m - a.x_m, b.y_m - a.y_m);
}

double leg_length_m(const Route& route, std::size_t scene) {
  const std::vector<std::uint32_t> next = followers(route, static_cast<std::uint32_t>(scene));
  PROMENADE_ASSERT(!next.empty());
  return leg_length_m(route, scene, next.front());
}

double leg_after_s(const Route& route, std::size_t scene) {
  double longest_m = 0.0;
  for (const std::uint32_t to : followers(route, static_cast<std::uint32_t>(scene))) longest_m = std::max(longest_m, leg_length_m(route, scene, to));
  return longest_m / route.walk_speed_mps;
}

double nominal_length_s(const Route& route) {
  const std::vector<std::uint32_t> scenes = default_scenes(route);
  double length_s = 0.0;
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    length_s += route.scenes[scenes[i]].dwell_s;
    if (i + 1 < scenes.size()) length_s += leg_length_m(route, scenes[i]) / route.walk_speed_mps;
  }
  return length_s;
}

base::Findings check_route(const Route& route, const std::string& file, const std::string& key) {
  RouteChecker check(file, key);
  if (route.scenes.empty()) check.add("route-empty", "scenes", "The route has no scene.", "Give at least one scene.");
  if (route.scenes.size() > kMaxScenes) {
    check.add("route-too-long", "scenes", base::formatted("The route has {} scenes.", route.scenes.size()),
              base::formatted("Give at most {}.", kMaxScenes));
    return check.take();
  }
  std::set<std::string> names;
  double hold_most_s = 0.0;
  for (std::size_t i = 0; i < route.scenes.size(); ++i) {
    check_scene(route.scenes[i], base::formatted("scenes[{}]", i), names, check);
    check_next(route, i, base::formatted("scenes[{}]", i), check);
    hold_most_s = std::max(hold_most_s, route.scenes[i].hold_max_s);
  }
  if (check.sound() && !route.scenes.empty()) check_graph(route, check);
  check.range("walk_speed_mps", route.walk_speed_mps, 0.2, 1.5, " m/s");
  if (check.range("hold_total_max_s", route.hold_total_max_s, 0.0, kMaxTime_s, " s") &&
      hold_most_s > route.hold_total_max_s) {
    check.add("hold-above-total", "hold_total_max_s",
              base::formatted("A scene may be held for {} s, the whole route only for {} s.", hold_most_s,
                          route.hold_total_max_s),
              "Raise the total or lower the scene's hold.");
  }
  check.range("scale_min", route.scale_min, 0.5, 1.0, "");
  check.range("scale_max", route.scale_max, 1.0, 2.0, "");
  check.range("group_max", route.group_max, 1, 20, "");
  check.range("headway_min_s", route.headway_min_s, 0.0, kMaxTime_s, " s");
  return check.take();
}

}  // namespace promenade::package

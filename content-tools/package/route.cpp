#include "content-tools/package/route.h"

#include <cmath>
#include <set>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::package {
namespace {

constexpr std::size_t kMaxScenes = 1000;
constexpr double kMaxCoordinate_m = 1000.0;
constexpr double kMaxTime_s = 6.0 * 3600.0;

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

}  // namespace

double group_radius_m(const Scene& scene) { return scene.group_radius_m > 0.0 ? scene.group_radius_m : scene.free_radius_m; }

double leg_length_m(const Route& route, std::size_t leg) {
  PROMENADE_ASSERT(leg + 1 < route.scenes.size());
  const FilmPoint& from = route.scenes[leg].at;
  const FilmPoint& to = route.scenes[leg + 1].at;
  return std::hypot(to.x_m - from.x_m, to.y_m - from.y_m);
}

double nominal_length_s(const Route& route) {
  double length_s = 0.0;
  for (std::size_t i = 0; i < route.scenes.size(); ++i) {
    length_s += route.scenes[i].dwell_s;
    if (i + 1 < route.scenes.size()) length_s += leg_length_m(route, i) / route.walk_speed_mps;
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
    hold_most_s = std::max(hold_most_s, route.scenes[i].hold_max_s);
  }
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

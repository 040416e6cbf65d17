#include <algorithm>
#include <cmath>

#include <glm/geometric.hpp>

#include "content-tools/samples/worlds/props.h"
#include "tracking/base/formatted.h"

namespace promenade::samples::worlds {
namespace {

constexpr int kSteps = 12;  // keys of a wave; linear between them

std::string loop_name(float period_s) { return base::formatted("always:{:.2f}s", period_s); }

float wave(int step, float phase) { return std::sin(2.0f * kPi * (static_cast<float>(step % kSteps) / kSteps + phase)); }
float time_of(int step, float period_s) { return period_s * static_cast<float>(step) / kSteps; }

// Between two keys, in steps that ease at both ends.
template <class Value, class Between>
std::vector<Key> eased(const std::vector<std::pair<float, Value>>& stops, Between between) {
  std::vector<Key> keys;
  for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
    const auto& [t0, a] = stops[i];
    const auto& [t1, b] = stops[i + 1];
    const int steps = a == b ? 1 : 8;
    for (int k = 0; k < steps; ++k) {
      const float t = static_cast<float>(k) / static_cast<float>(steps);
      keys.push_back({t0 + (t1 - t0) * t, between(a, b, t * t * (3 - 2 * t))});
    }
  }
  keys.push_back({stops.back().first, between(stops.back().second, stops.back().second, 0.0f)});
  return keys;
}

std::vector<std::pair<float, vec3>> pairs_of(const std::vector<Stop>& stops) {
  std::vector<std::pair<float, vec3>> out;
  for (const Stop& s : stops) out.emplace_back(s.time_s, s.value);
  return out;
}

vec4 mixed(const vec3& a, const vec3& b, float t) { return vec4(a + (b - a) * t, 0.0f); }

}  // namespace

void sway(World& world, NodeId node, const vec3& axis, float degrees, float period_s, float phase) {
  std::vector<Key> keys;
  for (int i = 0; i <= kSteps; ++i) {
    keys.push_back({time_of(i, period_s), as_value(world.nodes[node].rotation * turned(degrees * wave(i, phase), axis))});
  }
  world.key(loop_name(period_s), node, Path::rotation, std::move(keys));
}

void bob(World& world, NodeId node, const vec3& by, float period_s, float phase) {
  std::vector<Key> keys;
  for (int i = 0; i <= kSteps; ++i) keys.push_back({time_of(i, period_s), vec4(world.nodes[node].translation + by * wave(i, phase), 0)});
  world.key(loop_name(period_s), node, Path::translation, std::move(keys));
}

void breathe(World& world, NodeId node, const vec3& by, float period_s, float phase) {
  std::vector<Key> keys;
  for (int i = 0; i <= kSteps; ++i) keys.push_back({time_of(i, period_s), vec4(world.nodes[node].scale * (vec3(1.0f) + by * wave(i, phase)), 0)});
  world.key(loop_name(period_s), node, Path::scale, std::move(keys));
}

void spin(World& world, NodeId node, const vec3& axis, float period_s, float start_degrees) {
  std::vector<Key> keys;
  for (int i = 0; i <= kSteps; ++i) {
    const float degrees = start_degrees + 360.0f * static_cast<float>(i % kSteps) / kSteps;
    keys.push_back({time_of(i, period_s), as_value(world.nodes[node].rotation * turned(degrees, axis))});
  }
  world.key(loop_name(period_s), node, Path::rotation, std::move(keys));
}

void stream(World& world, NodeId node, const vec3& by, float period_s) {
  const vec3 from = world.nodes[node].translation;
  world.key(loop_name(period_s), node, Path::translation, {{0.0f, vec4(from, 0)}, {period_s, vec4(from + by, 0)}});
}

void roam(World& world, NodeId node, std::vector<vec3> waypoints, float period_s, bool faces, float phase) {
  waypoints.push_back(waypoints.front());
  waypoints.push_back(waypoints[1]);
  waypoints.insert(waypoints.begin(), waypoints[waypoints.size() - 3]);
  std::vector<vec3> path = curve(waypoints, 8);
  path.erase(path.begin(), path.begin() + 8);  // the lead-in and lead-out only gave the tangents
  path.resize(path.size() - 9);
  const auto count = static_cast<int>(path.size());
  world.nodes[node].translation = path.front();
  const int shift = static_cast<int>(phase * static_cast<float>(count));
  std::vector<Key> places, turns;
  for (int i = 0; i <= count; ++i) {
    const float t = period_s * static_cast<float>(i) / static_cast<float>(count);
    const vec3 here = path[static_cast<std::size_t>((i + shift) % count)], next = path[static_cast<std::size_t>((i + shift + 1) % count)];
    places.push_back({t, vec4(here, 0)});
    turns.push_back({t, as_value(turned(std::atan2(next.x - here.x, next.z - here.z) * 180.0f / kPi, {0, 1, 0}))});
  }
  world.key(loop_name(period_s), node, Path::translation, std::move(places));
  if (faces) world.key(loop_name(period_s), node, Path::rotation, std::move(turns));
}

void turn_once(World& world, const std::string& scene, NodeId node, const vec3& axis, std::vector<Turn> turns) {
  std::vector<std::pair<float, float>> stops;
  for (const Turn& t : turns) stops.emplace_back(t.time_s, t.degrees);
  const glm::quat rest = world.nodes[node].rotation;
  world.key(scene, node, Path::rotation,
            eased(stops, [&](float a, float b, float t) { return as_value(rest * turned(a + (b - a) * t, axis)); }));
}

void move_once(World& world, const std::string& scene, NodeId node, std::vector<Stop> stops) {
  world.key(scene, node, Path::translation, eased(pairs_of(stops), mixed));
}

void scale_once(World& world, const std::string& scene, NodeId node, std::vector<Stop> stops) {
  world.key(scene, node, Path::scale, eased(pairs_of(stops), mixed));
}

void blink_once(World& world, const std::string& scene, NodeId node, std::vector<std::pair<float, bool>> states) {
  std::vector<Key> keys;
  for (const auto& [t, seen] : states) keys.push_back({t, vec4(vec3(seen ? 1.0f : 1e-4f), 0)});
  world.key(scene, node, Path::scale, std::move(keys), true);
}

}  // namespace promenade::samples::worlds

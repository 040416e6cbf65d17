// The six worlds: within their budget, whole as GLB, loops that meet, animations for every scene, a free way.
#include <catch2/catch_test_macros.hpp>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <nlohmann/json.hpp>

#include "content-tools/package/source.h"
#include "content-tools/samples/worlds/worlds.h"

using namespace promenade;
using namespace promenade::samples::worlds;

namespace {

// Light is not baked here: it changes vertex colours only, and takes its time.
const std::map<std::string, World>& worlds_unbaked() {
  static const std::map<std::string, World> kWorlds{{"clockmakers-yard", clockmakers_yard()}, {"lantern-street", lantern_street()},
                                                    {"night-train", night_train()},           {"orchard-of-birds", orchard_of_birds()},
                                                    {"snow-line", snow_line()},               {"tide-caves", tide_caves()}};
  return kWorlds;
}

package::Manifest manifest_of(const std::string& name) {
  const std::string path = std::string(PROMENADE_SOURCE_DIR) + "/content-tools/samples/" + name + "/film.toml";
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return package::read_film_toml(text, path).manifest;
}

bool seen(const World& world, NodeId node, std::uint32_t scene) {
  for (;; node = world.nodes[node].parent) {
    const auto& range = world.nodes[node].scenes;
    if (range && (scene < range->first || scene > range->second)) return false;
    if (node == kRoot) return true;
  }
}

bool is_solid(const World& world, NodeId node) {
  for (;; node = world.nodes[node].parent) {
    const Node& n = world.nodes[node];
    if (n.name.starts_with("stream") || n.name == "meadow" || n.billboard) return false;  // flakes, rain, grass, glows
    if (node == kRoot) return true;
  }
}

float away(const vec2& p, const vec2& a, const vec2& b) {
  const vec2 d = b - a;
  const float t = glm::dot(d, d) > 0 ? std::clamp(glm::dot(p - a, d) / glm::dot(d, d), 0.0f, 1.0f) : 0.0f;
  return glm::distance(p, a + d * t);
}

// Whether any point of the triangle is within `clear` of the leg and at a body's height; tested in small steps.
bool stands_on(const vec3& a, const vec3& b, const vec3& c, const vec2& from, const vec2& to, float clear) {
  const vec3 low = glm::min(a, glm::min(b, c)), high = glm::max(a, glm::max(b, c));
  if (high.y < 0.1f || low.y > 1.9f) return false;
  const vec2 leg_low = glm::min(from, to) - clear, leg_high = glm::max(from, to) + clear;
  if (high.x < leg_low.x || low.x > leg_high.x || -low.z < leg_low.y || -high.z > leg_high.y) return false;
  const float longest = std::max({glm::distance(a, b), glm::distance(b, c), glm::distance(c, a)});
  const int steps = std::clamp(static_cast<int>(longest / 0.08f) + 1, 1, 200);
  for (int i = 0; i <= steps; ++i) {
    for (int j = 0; i + j <= steps; ++j) {
      const float u = static_cast<float>(i) / static_cast<float>(steps), v = static_cast<float>(j) / static_cast<float>(steps);
      const vec3 p = a + (b - a) * u + (c - a) * v;
      if (p.y > 0.1f && p.y < 1.9f && away({p.x, -p.z}, from, to) < clear) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("worlds keep to their budget of triangles, draws and bytes") {
  for (const auto& [name, world] : worlds_unbaked()) {
    INFO(name);
    CHECK(world.triangles() > 30'000);
    CHECK(world.triangles() <= 150'000);
    CHECK(world.draws() <= 200);
    CHECK(write_glb(world).size() <= 8u << 20);
  }
}

TEST_CASE("every world's file parses and every index in it is within its list") {
  for (const auto& [name, world] : worlds_unbaked()) {
    INFO(name);
    const auto glb = write_glb(world);
    const std::size_t length = static_cast<std::size_t>(glb[12] | glb[13] << 8 | glb[14] << 16 | glb[15] << 24);
    const auto json = nlohmann::json::parse(glb.begin() + 20, glb.begin() + 20 + static_cast<std::ptrdiff_t>(length));
    const std::size_t buffer = json["buffers"][0]["byteLength"];
    for (const auto& view : json["bufferViews"]) CHECK(view["byteOffset"].get<std::size_t>() + view["byteLength"].get<std::size_t>() <= buffer);
    for (const auto& accessor : json["accessors"]) CHECK(accessor["bufferView"].get<std::size_t>() < json["bufferViews"].size());
    for (const auto& mesh : json["meshes"]) {
      for (const auto& primitive : mesh["primitives"]) {
        CHECK(primitive["material"].get<std::size_t>() < json["materials"].size());
        for (const auto& attribute : primitive["attributes"]) CHECK(attribute.get<std::size_t>() < json["accessors"].size());
      }
    }
    for (const auto& animation : json["animations"]) {
      for (const auto& channel : animation["channels"]) CHECK(channel["target"]["node"].get<std::size_t>() < json["nodes"].size());
    }
  }
}

TEST_CASE("nothing in a world is not a number, and indices are within their meshes") {
  for (const auto& [name, world] : worlds_unbaked()) {
    INFO(name);
    bool sound = true;
    for (const Node& node : world.nodes) {
      for (const Part& part : node.parts) {
        for (const Vertex& v : part.mesh.vertices) {
          for (int k = 0; k < 3; ++k) sound = sound && std::isfinite(v.position[k]) && std::isfinite(v.normal[k]) && std::isfinite(v.color[k]);
          sound = sound && glm::length(v.normal) > 0.5f;
        }
        for (const std::uint32_t i : part.mesh.indices) sound = sound && i < part.mesh.vertices.size();
      }
    }
    CHECK(sound);
  }
}

TEST_CASE("loops end where they begin, unless the mesh itself repeats") {
  for (const auto& [name, world] : worlds_unbaked()) {
    INFO(name);
    std::size_t loops = 0;
    for (const Animation& animation : world.animations) {
      if (!animation.name.starts_with("always")) continue;
      float length = 0.0f;
      for (const Channel& c : animation.channels) length = std::max(length, c.keys.back().time_s);
      for (const Channel& c : animation.channels) {
        INFO(animation.name << " " << world.nodes[c.node].name);
        ++loops;
        CHECK(c.keys.front().time_s == 0.0f);
        CHECK(c.keys.back().time_s == length);
        if (!world.nodes[c.node].name.starts_with("stream")) CHECK(glm::distance(c.keys.front().value, c.keys.back().value) < 1e-5f);
      }
    }
    CHECK(loops >= 10);
  }
}

TEST_CASE("every scene has something that happens, in time, and rests with its scene") {
  for (const auto& [name, world] : worlds_unbaked()) {
    const auto manifest = manifest_of(name);
    REQUIRE(manifest.route);
    const auto names = scene_names(name);
    REQUIRE(names.size() == manifest.route->scenes.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      INFO(name << " " << names[i]);
      CHECK(names[i] == manifest.route->scenes[i].name);
      const auto found = std::ranges::find(world.animations, names[i], &Animation::name);
      REQUIRE(found != world.animations.end());
      for (const Channel& c : found->channels) {
        CHECK(std::ranges::is_sorted(c.keys, {}, &Key::time_s));
        CHECK(c.keys.front().time_s >= 0.0f);
        CHECK(c.keys.back().time_s <= manifest.route->scenes[i].dwell_s + 0.5f);
      }
    }
    for (const Animation& a : world.animations) CHECK((a.name.starts_with("always") || std::ranges::contains(names, a.name)));
  }
}

TEST_CASE("nothing solid stands on the way") {
  for (const auto& [name, world] : worlds_unbaked()) {
    const auto manifest = manifest_of(name);
    REQUIRE(manifest.route);
    const auto& scenes = manifest.route->scenes;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> legs;
    for (std::uint32_t scene = 0; scene < scenes.size(); ++scene) {
      const auto next = package::followers(*manifest.route, scene);
      for (const std::uint32_t to : next) legs.emplace_back(scene, to);
      if (next.empty()) legs.emplace_back(scene, scene);
    }
    for (const auto& [scene, next] : legs) {
      const vec2 from(scenes[scene].at.x_m, scenes[scene].at.y_m);
      const vec2 to(scenes[next].at.x_m, scenes[next].at.y_m);
      for (NodeId n = 0; n < world.nodes.size(); ++n) {
        if (world.nodes[n].parts.empty() || !seen(world, n, scene) || !is_solid(world, n)) continue;
        const mat4 place = world.world_from(n);
        for (const Part& part : world.nodes[n].parts) {
          if (world.materials[part.material].alpha == Alpha::blend) continue;
          bool free = true;
          vec3 where(0.0f);
          for (std::size_t i = 0; i < part.mesh.indices.size() && free; i += 3) {
            const auto p = [&](std::size_t k) { return vec3(place * vec4(part.mesh.vertices[part.mesh.indices[i + k]].position, 1)); };
            free = !stands_on(p(0), p(1), p(2), from, to, 0.4f);
            if (!free) where = p(0);
          }
          INFO(name << " " << scenes[scene].name << ": " << world.nodes[n].name << ", " << world.materials[part.material].name << " at x " << where.x << " y " << -where.z << " h " << where.y);
          CHECK(free);
        }
      }
    }
  }
}

TEST_CASE("a world that nobody made is refused") {
  CHECK(make_world("reed-lake").error().code == "film-has-no-world");
  CHECK(scene_names("reed-lake").empty());
  CHECK(world_names().size() == 6);
}

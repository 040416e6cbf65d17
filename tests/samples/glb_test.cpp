// GLB files: well-formed, with what a world says, and the same bytes each time; light that is baked.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "content-tools/samples/worlds/bake.h"
#include "content-tools/samples/worlds/props.h"

using namespace promenade::samples::worlds;

namespace {

World small_world() {
  World w;
  Material m;
  m.name = "floor", m.bake = Bake::light;
  const MaterialId floor = w.material(m);
  m.name = "picture", m.bake = Bake::none, m.texture = w.texture(glow_texture()), m.alpha = Alpha::blend;
  const MaterialId picture = w.material(m);
  w.node("ground", kRoot, floor, terrain({-4, -4}, {4, 4}, 0.5f, [](float, float) { return 0.0f; }));
  w.node("wall", kRoot, floor, box({-4, 0, -0.1f}, {4, 3, 0.1f}));
  const NodeId lamp = w.node("lamp", kRoot, picture, card(1, 1), {0, 1, 2});
  w.nodes[lamp].light = LightSource{false, {1, 0.5f, 0.2f}, 4.0f, 6.0f};
  w.show(lamp, 1, 2);
  sway(w, lamp, {0, 0, 1}, 5, 4.0f);
  w.lights.push_back({{0, 1.5f, 2}, vec3(1.0f), 0.1f});
  return w;
}

}  // namespace

TEST_CASE("a GLB has a header, JSON and a buffer of the sizes that it says") {
  const auto glb = write_glb(small_world());
  const auto word = [&](std::size_t at) { return glb[at] | glb[at + 1] << 8 | glb[at + 2] << 16 | glb[at + 3] << 24; };
  CHECK(word(0) == 0x46546C67);
  CHECK(word(4) == 2);
  CHECK(static_cast<std::size_t>(word(8)) == glb.size());
  const auto length = static_cast<std::size_t>(word(12));
  CHECK(length % 4 == 0);
  const auto json = nlohmann::json::parse(glb.begin() + 20, glb.begin() + 20 + static_cast<std::ptrdiff_t>(length));
  CHECK(static_cast<std::size_t>(word(20 + length)) == json["buffers"][0]["byteLength"].get<std::size_t>() + (4 - json["buffers"][0]["byteLength"].get<std::size_t>() % 4) % 4);
  CHECK(json["nodes"][3]["extras"]["promenade"]["scenes"] == nlohmann::json({1, 2}));
  CHECK(json["nodes"][3]["extensions"]["KHR_lights_punctual"]["light"] == 0);
  CHECK(json["materials"][0]["extensions"].contains("KHR_materials_unlit"));
  CHECK(json["materials"][1]["alphaMode"] == "BLEND");
  CHECK(json["scenes"][0]["extras"]["promenade"]["sky"].contains("zenith"));
  CHECK(json["animations"][0]["name"] == "always:4.00s");
}

TEST_CASE("the same world gives the same bytes") {
  World one = small_world(), two = small_world();
  bake(one);
  bake(two);
  CHECK(write_glb(one) == write_glb(two));
}

TEST_CASE("baked light falls before the wall and not behind it") {
  World w = small_world();
  w.open_sky = w.open_ground = vec3(0.0f);
  bake(w);
  float before = 0.0f, behind = 0.0f;
  for (const Vertex& v : w.nodes[1].parts[0].mesh.vertices) {
    if (std::abs(v.position.x) > 1.1f) continue;
    if (v.position.z > 0.9f && v.position.z < 3.1f) before = std::max(before, v.color.x);
    if (v.position.z < -0.9f && v.position.z > -3.1f) behind = std::max(behind, v.color.x);
  }
  CHECK(before > 0.3f);
  CHECK(behind < 0.05f * before);
}

TEST_CASE("rays meet the nearest triangle") {
  World w;
  const MaterialId m = w.material({});
  w.node("near", kRoot, m, box({-1, -1, -2.1f}, {1, 1, -2}));
  w.node("far", kRoot, m, box({-1, -1, -5.1f}, {1, 1, -5}));
  const RayCaster caster(occluders(w));
  CHECK(caster.nearest({0, 0, 0}, {0, 0, -1}, 10).distance == Catch::Approx(2.0f));
  CHECK(caster.nearest({0, 0, -3}, {0, 0, -1}, 10).distance == Catch::Approx(2.0f));
  CHECK(caster.nearest({0, 0, 0}, {0, 0, 1}, 10).triangle == kNone);
  CHECK(caster.blocked({0, 0, 0}, {0, 0, -1}, 3));
  CHECK_FALSE(caster.blocked({0, 0, 0}, {0, 0, -1}, 1.5f));
}

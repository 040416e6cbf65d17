// The Clockmaker's Yard: a walled court on a late afternoon, a golden tree in its middle and seven clocks that have
// stopped. Lit by a low sun with shadows; how open each place is has been worked out beforehand.
#include <algorithm>
#include <cmath>

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include "content-tools/samples/worlds/props.h"
#include "content-tools/samples/worlds/worlds.h"

namespace promenade::samples::worlds {
namespace {

struct Clock {
  NodeId node = 0, hour = 0, minute = 0, still_pendulum = 0, swinging = 0;
  mat4 place{1.0f};
};

struct Yard {
  World w;
  MaterialId matte = 0, wood = 0, stone = 0, plaster = 0, paving = 0, brass = 0, leaves = 0, bark = 0, enamel = 0, cloth = 0, glow = 0, halo = 0, hills = 0;
  NodeId still = 0;

  void materials();
  void walls();
  void house();
  void tree();
  void beyond();
  Mesh face(float radius, const vec3& color);
  Clock clock(const vec3& where, const vec3& tint, float width, float height, float stopped_hours);
  void wind(const Clock& c, const std::string& scene, std::uint32_t index, float start, float hours, float swing);
  void sleeper();
  void sparrow();
  void school();
  void rain();
  void wedding();
  void empty_case();
  void evening();
  void light();
};

void Yard::materials() {
  const auto textured = [&](const char* name, Image image, float metres, float roughness) {
    Material m;
    m.name = name, m.texture = w.texture(std::move(image)), m.texture_m = metres, m.roughness = roughness;
    return w.material(m);
  };
  wood = textured("wood", wood_texture(), 0.8f, 0.55f);
  stone = textured("stone", stone_texture(), 1.1f, 0.9f);
  plaster = textured("plaster", plaster_texture(), 2.0f, 0.95f);
  paving = textured("paving", paving_texture(6, 9), 3.0f, 0.85f);
  bark = textured("bark", bark_texture(), 0.7f, 0.95f);
  leaves = textured("leaves", leaves_texture(false), 0, 0.8f);
  w.materials[leaves].alpha = Alpha::mask, w.materials[leaves].double_sided = true;
  Material m;
  m.name = "matte", m.roughness = 0.7f;
  matte = w.material(m);
  m.name = "cloth", m.double_sided = true;
  cloth = w.material(m);
  m.name = "dial", m.double_sided = false, m.bake = Bake::none;  // its middle would lie in the hands' own shade
  enamel = w.material(m);
  m.name = "brass", m.bake = Bake::openness, m.metallic = 0.85f, m.roughness = 0.34f;
  brass = w.material(m);
  Material g;
  g.name = "glow", g.unlit = true, g.bake = Bake::none;
  glow = w.material(g);
  g.name = "hills";
  hills = w.material(g);
  g.name = "halo", g.alpha = Alpha::blend, g.texture = w.texture(glow_texture()), g.texture_m = 0, g.opacity = 0.5f, g.double_sided = true;
  halo = w.material(g);
}

void Yard::walls() {
  Mesh ground = terrain({-4.6f, -6.2f}, {4.6f, 2.0f}, 0.4f, [](float x, float z) { return 0.006f * noise({x * 2, 0, z * 2}, 3); });
  ground.paint([](const Vertex& v) {
    const float moss = std::clamp(1.6f * fbm(v.position * 0.7f, 3, 5), 0.0f, 0.7f);
    return glm::mix(vec3(0.62f, 0.55f, 0.47f), vec3(0.36f, 0.42f, 0.24f), moss);
  });
  w.add(still, paving, ground);
  Mesh wall, cap, foot;
  const auto stretch = [&](const vec3& from, const vec3& to) {
    wall.add(plank(from + vec3(0, 1.2f, 0), to + vec3(0, 1.2f, 0), 0.26f, 2.4f));
    foot.add(plank(from + vec3(0, 0.2f, 0), to + vec3(0, 0.2f, 0), 0.34f, 0.4f));
    const vec3 along = to - from;
    const float length = glm::length(along), turn = std::atan2(-along.z, along.x) * 180 / kPi;
    for (const float side : {0.0f, 180.0f}) cap.add(tiled_roof(length + 0.2f, 0.36f, 0.2f, 0.2f).move({0, 0, 0.36f}), at((from + to) * 0.5f + vec3(0, 2.36f, 0), turn + side));
  };
  stretch(point(-4.3f, -1.8f), point(-4.3f, 5.8f));
  stretch(point(4.3f, 5.8f), point(4.3f, -1.8f));
  // The far wall has a round gate, through which one sees a garden.
  stretch(point(-4.3f, 5.8f), point(-1.15f, 5.8f));
  stretch(point(1.15f, 5.8f), point(4.3f, 5.8f));
  std::vector<vec2> moon;
  for (const vec2& p : {vec2(1.2f, 2.4f), vec2(-1.2f, 2.4f), vec2(-1.2f, 0.0f), vec2(-0.55f, 0.0f)}) moon.push_back(p);
  for (int i = 1; i < 24; ++i) {
    const float a = (-122.0f - 296.0f * static_cast<float>(i) / 24) * kPi / 180;
    moon.push_back({std::cos(a) * 1.0f, 1.12f + std::sin(a) * 1.0f});
  }
  moon.push_back({0.55f, 0.0f});
  moon.push_back({1.2f, 0.0f});
  wall.add(extrude(moon, 0.26f).move({0, 0, -0.13f}), at(point(0, 5.8f)));
  std::vector<vec3> hoop;
  for (int i = 0; i <= 28; ++i) {
    const float a = (-122.0f - 296.0f * static_cast<float>(i) / 28) * kPi / 180;
    hoop.push_back(point(std::cos(a) * 1.0f, 5.8f, 1.12f + std::sin(a) * 1.0f));
  }
  w.add(still, stone, tube(hoop, 0.16f, 8).map_box().paint({0.55f, 0.53f, 0.5f}));
  for (const float side : {0.0f, 180.0f}) cap.add(tiled_roof(2.4f, 0.36f, 0.2f, 0.2f).move({0, 0, 0.36f}), at(point(0, 5.8f, 2.36f), side));
  w.add(still, plaster, wall.refine(0.6f).map_box().paint([](const Vertex& v) {
    const float stain = std::clamp(0.9f - 0.5f * std::exp(-v.position.y * 1.6f) + 0.3f * fbm(v.position * 1.3f, 3, 2), 0.4f, 1.0f);
    return vec3(0.84f, 0.76f, 0.62f) * stain;
  }));
  w.add(still, stone, foot.refine(0.8f).map_box().paint({0.5f, 0.48f, 0.44f}));
  w.add(still, matte, cap.paint({0.2f, 0.2f, 0.21f}));
}

void Yard::house() {
  const float y = -1.75f;
  Mesh front, timber, roof;
  front.add(box(point(-4.4f, y, 0), point(-0.6f, y - 0.3f, 3.5f))).add(box(point(0.6f, y, 0), point(4.4f, y - 0.3f, 3.5f))).add(box(point(-0.6f, y, 2.15f), point(0.6f, y - 0.3f, 3.5f)));
  w.add(still, plaster, front.refine(0.6f).map_box().paint({0.8f, 0.64f, 0.48f}));
  for (const float x : {-0.68f, 0.68f}) timber.add(box(point(x - 0.1f, y + 0.06f, 0), point(x + 0.1f, y - 0.3f, 2.3f), 0.015f));
  timber.add(box(point(-0.95f, y + 0.08f, 2.15f), point(0.95f, y - 0.3f, 2.36f), 0.02f));
  for (const float x : {-0.29f, 0.29f}) {
    timber.add(box(point(x - 0.285f, y - 0.12f, 0.03f), point(x + 0.285f, y - 0.18f, 2.15f), 0.015f).paint({1.0f, 0.75f, 0.6f}));
    for (const float h : {0.25f, 1.2f}) timber.add(box(point(x - 0.2f, y - 0.1f, h), point(x + 0.2f, y - 0.13f, h + 0.75f), 0.02f).paint({0.8f, 0.6f, 0.5f}));
  }
  timber.add(box(point(-0.6f, y - 0.22f, 0), point(0.6f, y - 0.26f, 2.2f)).paint({0.2f, 0.2f, 0.2f}));
  for (const float x : {-2.6f, 2.6f}) {
    timber.add(bars(1.2f, 1.2f, 6, 6, 0.025f).turn_y(180).move(point(x, y + 0.05f, 0.95f)));
    w.add(still, glow, box(point(x - 0.6f, y + 0.02f, 0.95f), point(x + 0.6f, y - 0.01f, 2.15f)).paint({0.2f, 0.13f, 0.07f}));
    timber.add(box(point(x - 0.75f, y + 0.14f, 0.85f), point(x + 0.75f, y, 0.93f), 0.01f));
    timber.add(box(point(x - 0.7f, y + 0.1f, 2.15f), point(x + 0.7f, y, 2.27f), 0.01f));
  }
  timber.add(box(point(-4.4f, y + 0.1f, 3.3f), point(4.4f, y - 0.1f, 3.5f)));
  for (int i = 0; i < 15; ++i) timber.add(box(point(-4.2f + 0.6f * static_cast<float>(i), y + 0.75f, 3.42f), point(-4.12f + 0.6f * static_cast<float>(i), y, 3.52f)));
  roof.add(tiled_roof(9.4f, 3.2f, 1.7f).turn_y(180).move(point(0, y + 0.85f, 3.5f)));
  w.add(still, wood, timber.refine(0.9f).paint({0.42f, 0.23f, 0.12f}));
  w.add(still, matte, roof.refine(2.0f).paint({0.2f, 0.2f, 0.22f}));
  w.add(still, stone, box(point(-1.0f, y + 0.02f, 0), point(1.0f, y + 0.3f, 0.06f), 0.02f).map_box().paint({0.6f, 0.57f, 0.52f}));
  // The seventh clock: a round one over the door, stopped with the others.
  w.add(still, wood, disc(0.34f, 28).turn(90, {1, 0, 0}).turn_y(180).move(point(0, y + 0.07f, 2.82f)).paint({0.4f, 0.2f, 0.1f}));
  w.add(still, enamel, face(0.28f, {0.88f, 0.84f, 0.72f}).turn_y(180), at(point(0, y + 0.1f, 2.82f)));
  // Vines with late leaves, pots along the wall.
  std::vector<vec3> tips;
  for (std::uint32_t i = 0; i < 90; ++i) tips.push_back(point(-3.9f + 2.2f * hash01(i * 3), y + 0.08f, 2.3f + 1.0f * hash01(i * 3 + 1) - 0.9f * hash01(i * 3 + 2)));
  for (std::uint32_t i = 0; i < 80; ++i) tips.push_back(point(4.12f - 0.06f * hash01(i), 2.6f + 2.9f * hash01(i * 5 + 1), 2.5f - 1.2f * hash01(i * 5 + 2) * hash01(i * 5 + 3)));
  for (std::uint32_t i = 0; i < 70; ++i) tips.push_back(point(-4.12f, 3.4f + 2.2f * hash01(i * 7 + 1), 2.5f - 1.4f * hash01(i * 7 + 2) * hash01(i * 7 + 3)));
  w.add(still, leaves, foliage(4, tips, 2, 0.34f, 0.1f).paint({0.45f, 0.6f, 0.2f}));
  for (int i = 0; i < 7; ++i) {
    const auto n = static_cast<std::uint32_t>(i);
    const float x = i < 4 ? -3.8f + 0.52f * static_cast<float>(i) : 3.85f, py = i < 4 ? 5.35f : 4.6f - 0.6f * static_cast<float>(i - 4), r = 0.15f + 0.06f * hash01(n);
    const vec3 where = point(x, py);
    w.add(still, matte, urn(r, 0.34f).paint(i % 2 ? vec3(0.5f, 0.24f, 0.14f) : vec3(0.2f, 0.32f, 0.34f)), at(where));
    w.add(still, leaves, foliage(n + 20, {where + vec3(0, 0.55f, 0), where + vec3(0.06f, 0.7f, 0), where + vec3(-0.08f, 0.62f, 0.06f)}, 6, 0.32f, 0.16f).paint(i % 3 ? vec3(0.5f, 0.7f, 0.25f) : vec3(0.95f, 0.45f, 0.3f)));
  }
}

void Yard::tree() {
  const vec3 middle = point(0, 1.75f);
  Tree t = grow_tree(12, 4.6f, 0.75f, 3, 0.17f);
  w.add(still, bark, t.bark.paint({0.42f, 0.33f, 0.26f}), at(middle));
  w.add(still, leaves, foliage(7, t.tips, 6, 0.52f, 0.42f).paint([](const Vertex& v) { return glm::mix(vec3(1.25f, 0.62f, 0.1f), vec3(1.2f, 0.95f, 0.2f), hash01(static_cast<std::uint32_t>(v.position.x * 7 + v.position.z * 13 + 900))); }), at(middle));
  const vec2 curb[] = {{0.0f, 0.26f}, {0.5f, 0.26f}, {0.52f, 0.36f}, {0.62f, 0.36f}, {0.64f, 0.32f}, {0.64f, 0.0f}};
  std::vector<vec2> profile(std::rbegin(curb), std::rend(curb));
  w.add(still, stone, lathe(profile, 26).map_box().paint({0.56f, 0.52f, 0.47f}), at(middle));
  // Fallen leaves, all flat on the stones.
  Mesh fallen;
  for (std::uint32_t i = 0; i < 260; ++i) {
    const float r = 0.66f + 2.9f * hash01(i * 3 + 400) * hash01(i * 3 + 401), a = 6.2832f * hash01(i * 3 + 402), s = 0.03f + 0.03f * hash01(i);
    fallen.add(triangle({-s, 0, 0}, {s * 0.3f, 0, s}, {s, 0.01f, -s * 0.2f}).paint(glm::mix(vec3(0.75f, 0.35f, 0.06f), vec3(0.85f, 0.62f, 0.12f), hash01(i + 77))), at(middle + vec3(r * std::cos(a), 0.012f + 0.004f * hash01(i), r * std::sin(a)), 360 * hash01(i + 3)));
  }
  w.add(still, matte, fallen);
  for (int i = 0; i < 2; ++i) {
    const NodeId fall = w.node("stream leaves", kRoot, matte, falling(static_cast<std::uint32_t>(30 + i), 16, {4.5f, 3.4f, 4.5f}, 0.07f, false).paint({0.95f, 0.62f, 0.12f}), middle);
    w.nodes[fall].occludes = false;
    stream(w, fall, {0, -3.4f, 0}, i ? 12.0f : 16.0f);
  }
  // Sparrows on the rim and the wall.
  BirdLook sparrow;
  for (const auto& [x, y, h, turn] : {std::tuple{0.45f, 1.35f, 0.36f, 200.0f}, {-0.4f, 2.2f, 0.36f, 40.0f}, {4.28f, 3.1f, 2.62f, -90.0f}, {4.28f, 2.7f, 2.62f, -60.0f}, {-4.28f, 1.2f, 2.62f, 100.0f}}) {
    const Bird b = add_bird(w, kRoot, matte, point(x, y, h), turn, sparrow);
    sway(w, b.head, {0.2f, 1, 0}, 35, 4.0f, x);
    sway(w, b.body, {1, 0, 0}, 7, 2.0f, y);
  }
  BirdLook swallow;
  swallow.back = {0.08f, 0.1f, 0.18f}, swallow.belly = {0.85f, 0.78f, 0.7f}, swallow.head = {0.08f, 0.1f, 0.16f}, swallow.length_m = 0.2f;
  for (int i = 0; i < 4; ++i) {
    const float k = static_cast<float>(i);
    const Bird b = add_bird(w, kRoot, matte, vec3(0), 0, swallow, true);
    roam(w, b.root, {point(-6, 3, 6 + k), point(1, 9 - k, 7), point(7, 4, 6.5f), point(2, -1, 7.5f + 0.5f * k)}, 12.0f, true, 0.24f * k);
    flap(w, b, 1.0f, 28);
  }
}

void Yard::beyond() {
  w.add(still, matte, terrain({-70, -90}, {70, 60}, 6.0f, [](float x, float z) {
    const float r = std::sqrt(x * x + z * z);
    return -0.25f + 0.02f * std::max(0.0f, r - 14) + 0.6f * noise({x * 0.08f, 0, z * 0.08f}, 3) * std::clamp((r - 12) / 12, 0.0f, 1.0f);
  }).paint({0.34f, 0.38f, 0.17f}));
  for (std::uint32_t i = 0; i < 9; ++i) {
    const float a = 0.2f + 0.34f * static_cast<float>(i), r = 9.5f + 5.0f * hash01(i * 9 + 1);
    Tree t = grow_tree(100 + i, 5.5f + 2 * hash01(i), 0.7f, 2, 0.2f);
    const vec3 where = point(r * std::cos(a), 2 + r * std::sin(a) * 0.8f, -0.2f);
    w.add(still, bark, t.bark.paint({0.36f, 0.29f, 0.23f}), at(where));
    w.add(still, leaves, foliage(i + 50, t.tips, 6, 1.15f, 0.8f).paint(glm::mix(vec3(0.4f, 0.55f, 0.18f), vec3(1.0f, 0.55f, 0.15f), hash01(i * 3 + 2))), at(where));
  }
  for (const auto& [far, tall, tint, seed] : {std::tuple{60.0f, 9.0f, vec3(0.52f, 0.5f, 0.5f), 3u}, {95.0f, 19.0f, vec3(0.68f, 0.62f, 0.6f), 5u}}) {
    Mesh ridge;
    for (int i = 0; i < 96; ++i) {
      const auto crest = [&](int k) {
        const float a = 6.2832f * static_cast<float>(k % 96) / 96;
        return vec3(std::cos(a) * far, tall * (0.55f + 0.6f * fbm(vec3(std::cos(a), std::sin(a), 0) * 3.0f, 4, seed)), std::sin(a) * far);
      };
      const vec3 a = crest(i), b = crest(i + 1);
      ridge.add(quad({b.x, -4, b.z}, {a.x, -4, a.z}, a, b)).add(quad({a.x, -4, a.z}, {b.x, -4, b.z}, b, a));
    }
    w.add(still, hills, ridge.paint(tint));
  }
}

Mesh Yard::face(float r, const vec3& color) {
  Mesh m = disc(r, 32).turn(90, {1, 0, 0}).paint(color);
  for (int i = 0; i < 60; ++i) {
    const bool hour = i % 5 == 0;
    const float a = 6.2832f * static_cast<float>(i) / 60, l = hour ? 0.15f * r : 0.05f * r, t = hour ? 0.018f : 0.008f;
    m.add(box({-t * r * 1.4f, r * 0.94f - l, 0.001f}, {t * r * 1.4f, r * 0.94f, 0.004f}).turn(-a * 180 / kPi, {0, 0, 1}).paint({0.06f, 0.05f, 0.05f}));
  }
  return m;
}

// A case clock whose dial is at the eye's height, looking at the yard's middle. Shows `stopped_hours`.
Clock Yard::clock(const vec3& where, const vec3& tint, float width, float height, float stopped_hours) {
  Clock c;
  const vec3 towards = point(0, 1.7f) - where;
  const float turn = std::atan2(towards.x, towards.z) * 180 / kPi, deep = width * 0.55f;
  c.place = at(where, turn);
  c.node = w.node("clock", where);
  w.nodes[c.node].rotation = turned(turn, {0, 1, 0});
  Mesh body;
  body.add(box({-width * 0.62f, 0, -deep * 0.62f}, {width * 0.62f, 0.14f, deep * 0.62f}, 0.02f));
  body.add(box({-width * 0.56f, 0.14f, -deep * 0.56f}, {width * 0.56f, 0.46f, deep * 0.56f}, 0.02f));
  const float waist = height - 0.78f;
  for (const float s : {-1.0f, 1.0f}) body.add(box({s * width * 0.42f - 0.03f, 0.46f, -deep * 0.45f}, {s * width * 0.42f + 0.03f, waist, deep * 0.45f}, 0.01f));
  body.add(box({-width * 0.42f, 0.46f, -deep * 0.45f}, {width * 0.42f, waist, -deep * 0.4f}));
  body.add(box({-width * 0.56f, waist, -deep * 0.56f}, {width * 0.56f, waist + 0.07f, deep * 0.56f}, 0.02f));
  body.add(box({-width * 0.54f, waist + 0.07f, -deep * 0.5f}, {width * 0.54f, height - 0.1f, deep * 0.44f}, 0.015f));
  for (const float s : {-1.0f, 1.0f}) body.add(lathe(std::vector<vec2>{{0.035f, 0}, {0.022f, 0.05f}, {0.022f, 0.5f}, {0.035f, 0.56f}}, 10).move({s * width * 0.5f, waist + 0.08f, deep * 0.46f}));
  body.add(box({-width * 0.62f, height - 0.1f, -deep * 0.6f}, {width * 0.62f, height - 0.03f, deep * 0.6f}, 0.02f));
  const vec2 pediment[] = {{-width * 0.58f, 0}, {width * 0.58f, 0}, {width * 0.3f, 0.12f}, {0.06f, 0.2f}, {-0.06f, 0.2f}, {-width * 0.3f, 0.12f}};
  body.add(extrude(pediment, deep).move({0, height - 0.03f, -deep * 0.5f}));
  w.add(still, wood, body.refine(0.5f).paint(tint), c.place);
  const float dial = width * 0.4f, mid = waist + 0.07f + (height - 0.17f - waist) * 0.5f;
  w.add(still, brass, disc(dial * 1.12f, 32, dial * 0.98f).turn(90, {1, 0, 0}).move({0, mid, deep * 0.452f}).paint({0.9f, 0.68f, 0.3f}), c.place);
  w.add(still, enamel, face(dial, {0.93f, 0.9f, 0.8f}).move({0, mid, deep * 0.447f}), c.place);
  w.add(still, brass, ball(0.05f, 8, 10).stretch({1, 1.3f, 1}).move({0, height + 0.22f, 0}).paint({0.9f, 0.66f, 0.28f}), c.place);
  c.hour = w.node("hour hand", vec3(0, mid, deep * 0.47f), c.node);
  c.minute = w.node("minute hand", vec3(0, mid, deep * 0.48f), c.node);
  const vec2 hand[] = {{-0.012f, -0.03f}, {0.012f, -0.03f}, {0.018f, dial * 0.35f}, {0, dial * 0.58f}, {-0.018f, dial * 0.35f}};
  const vec2 longer[] = {{-0.009f, -0.04f}, {0.009f, -0.04f}, {0.01f, dial * 0.6f}, {0, dial * 0.86f}, {-0.01f, dial * 0.6f}};
  w.add(c.hour, matte, extrude(hand, 0.006f).paint({0.05f, 0.05f, 0.1f}));
  w.add(c.minute, matte, extrude(longer, 0.006f).paint({0.05f, 0.05f, 0.1f}));
  w.nodes[c.hour].rotation = turned(-30.0f * stopped_hours, {0, 0, 1});
  w.nodes[c.minute].rotation = turned(-360.0f * (stopped_hours - std::floor(stopped_hours)), {0, 0, 1});
  const float swing_h = waist - 0.04f, length = waist - 0.72f;
  Mesh pendulum;
  pendulum.add(box({-0.008f, -length, -0.005f}, {0.008f, 0, 0.005f}));
  pendulum.add(lathe(std::vector<vec2>{{0, -0.018f}, {0.06f, -0.012f}, {0.085f, 0}, {0.06f, 0.012f}, {0, 0.018f}}, 20).turn(90, {1, 0, 0}).move({0, -length, 0}));
  for (NodeId* n : {&c.still_pendulum, &c.swinging}) *n = w.node("pendulum", c.node, brass, pendulum.paint({0.95f, 0.7f, 0.3f}), vec3(0, swing_h, 0));
  return c;
}

// The clock goes from `start` in its scene on: hands run to where they belong, the pendulum swings for good.
void Yard::wind(const Clock& c, const std::string& scene, std::uint32_t index, float start, float hours, float swing) {
  w.show(c.still_pendulum, 0, index);
  w.show(c.swinging, index, 15);
  blink_once(w, scene, c.still_pendulum, {{0, true}, {start, false}});
  blink_once(w, scene, c.swinging, {{0, false}, {start, true}});
  sway(w, c.swinging, {0, 0, 1}, swing, 2.0f);
  // In short steps: a turn of more than half a circle between two keys would go the wrong way.
  for (const auto& [hand, degrees] : {std::pair{c.hour, -30.0f * hours}, {c.minute, -360.0f * hours}}) {
    const glm::quat rest = w.nodes[hand].rotation;
    std::vector<Key> keys{{0.0f, as_value(rest)}};
    const int steps = std::max(8, static_cast<int>(std::abs(degrees) / 30));
    for (int k = 0; k <= steps; ++k) {
      const float t = static_cast<float>(k) / static_cast<float>(steps), ease = t * t * (3 - 2 * t);
      keys.push_back({start + 2.0f * t, as_value(rest * turned(degrees * ease, {0, 0, 1}))});
    }
    w.key(scene, hand, Path::rotation, keys);
  }
  // The key in the case, turned by the guest.
  const NodeId key = w.node("key", vec3(0.0f, 0.3f, 0), c.node);
  w.nodes[key].translation = vec3(0, 0.32f, 0.2f);
  Mesh bow;
  bow.add(tube(std::vector<vec3>{{0, 0, 0}, {0, 0, 0.09f}}, 0.012f, 7)).add(ball(0.035f, 6, 8).stretch({1, 0.5f, 0.4f}).move({0.035f, 0, 0.1f})).add(ball(0.035f, 6, 8).stretch({1, 0.5f, 0.4f}).move({-0.035f, 0, 0.1f}));
  w.add(key, brass, bow.paint({0.95f, 0.72f, 0.32f}));
  turn_once(w, scene, key, {0, 0, 1}, {{start - 1.6f, 0}, {start - 1.1f, -85}, {start - 0.9f, -85}, {start - 0.4f, -170}, {start - 0.1f, -170}});
}

void Yard::sleeper() {
  const vec3 where = point(0.98f, -1.0f);
  Mesh chair;
  chair.add(box({-0.3f, 0.4f, -0.26f}, {0.3f, 0.45f, 0.28f}, 0.015f));
  for (const float x : {-0.27f, 0.27f}) {
    for (const float z : {-0.23f, 0.25f}) chair.add(box({x - 0.025f, 0, z - 0.025f}, {x + 0.025f, 0.42f, z + 0.025f}));
    chair.add(plank({x, 0.4f, -0.24f}, {x, 1.2f, -0.36f}, 0.05f, 0.04f)).add(box({x - 0.035f, 0.64f, -0.26f}, {x + 0.035f, 0.68f, 0.26f}, 0.01f)).add(box({x - 0.02f, 0.42f, 0.2f}, {x + 0.02f, 0.66f, 0.24f}));
  }
  for (int i = 0; i < 5; ++i) chair.add(plank({-0.2f + 0.1f * static_cast<float>(i), 0.44f, -0.25f}, {-0.2f + 0.1f * static_cast<float>(i), 1.15f, -0.355f}, 0.03f, 0.02f));
  chair.add(plank({-0.28f, 1.18f, -0.357f}, {0.28f, 1.18f, -0.357f}, 0.05f, 0.09f));
  w.add(still, wood, chair.paint({0.5f, 0.27f, 0.14f}), at(where, 205));
  Look look;
  look.robe = {0.5f, 0.24f, 0.27f}, look.trim = {0.85f, 0.72f, 0.5f}, look.hair = {0.62f, 0.6f, 0.58f}, look.seated = true, look.bun = true, look.closed_eyes = true, look.height_m = 1.55f, look.skin = {0.8f, 0.58f, 0.45f};
  const Figure asleep = add_figure(w, kRoot, matte, where + vec3(0, -0.02f, 0), 205, look, 0.1f);
  look.closed_eyes = false;
  const Figure awake = add_figure(w, kRoot, matte, where + vec3(0, -0.02f, 0), 205, look, 0.1f);
  for (const Figure* f : {&asleep, &awake}) {
    w.nodes[f->head].rotation = turned(17, {1, 0, 0}) * turned(12, {0, 0, 1});
    for (const NodeId arm : {f->left_arm, f->right_arm}) w.nodes[arm].rotation = w.nodes[arm].rotation * turned(-32, {1, 0, 0});
    for (const NodeId fore : {f->left_fore, f->right_fore}) w.nodes[fore].rotation = turned(-58, {1, 0, 0});
  }
  w.nodes[awake.root].occludes = false;
  w.show(awake.root, 6, 6);
  blink_once(w, "evening_clock", awake.root, {{0, false}, {4.95f, true}});
  blink_once(w, "evening_clock", asleep.root, {{0, true}, {4.95f, false}});
  const glm::quat bent = w.nodes[awake.head].rotation;
  std::vector<Key> keys{{0.0f, as_value(bent)}};
  for (int k = 0; k <= 8; ++k) keys.push_back({5.1f + 0.15f * static_cast<float>(k), as_value(glm::slerp(bent, turned(-22, {0, 1, 0}) * turned(-4, {1, 0, 0}), static_cast<float>(k) / 8))});
  w.key("evening_clock", awake.head, Path::rotation, keys);
  // A blanket, a cup on a stool.
  w.add(still, wood, lathe(std::vector<vec2>{{0, 0.46f}, {0.17f, 0.46f}, {0.17f, 0.5f}, {0, 0.5f}}, 16).paint({0.45f, 0.26f, 0.14f}), at(where + vec3(-0.6f, 0, -0.02f)));
  for (int i = 0; i < 3; ++i) w.add(still, wood, plank(where + vec3(-0.6f + 0.12f * std::cos(2.1f * static_cast<float>(i)), 0, 0.12f * std::sin(2.1f * static_cast<float>(i))), where + vec3(-0.6f, 0.47f, -0.02f), 0.03f, 0.03f).paint({0.4f, 0.22f, 0.12f}));
  w.add(still, matte, urn(0.05f, 0.09f).paint({0.8f, 0.85f, 0.85f}), at(where + vec3(-0.6f, 0.5f, -0.02f)));
  turn_once(w, "yard_door", asleep.head, {0, 0, 1}, {{1.0f, 0}, {2.4f, 7}, {4.2f, -3}, {6.0f, 0}});
}

void Yard::sparrow() {
  const Clock c = clock(point(-2.55f, -0.45f), {0.75f, 0.36f, 0.16f}, 0.5f, 2.05f, 7.2f);
  wind(c, "sparrow_clock", 1, 3.4f, 1.8f, 7);
  // A small house over the dial; its door opens and a tin sparrow looks out.
  Mesh loft;
  loft.add(box({-0.15f, 2.0f, -0.13f}, {0.15f, 2.3f, 0.11f}, 0.01f));
  const vec2 gable[] = {{-0.2f, 2.29f}, {0.2f, 2.29f}, {0, 2.47f}};
  loft.add(extrude(gable, 0.34f).move({0, 0, -0.16f}));
  w.add(still, wood, loft.paint({0.7f, 0.3f, 0.14f}), c.place);
  w.add(still, matte, box({-0.075f, 2.04f, 0.108f}, {0.075f, 2.22f, 0.113f}).paint({0.03f, 0.02f, 0.02f}), c.place);
  const NodeId door = w.node("little door", vec3(-0.078f, 2.04f, 0.12f), c.node);
  w.add(door, wood, box({0, 0, 0}, {0.156f, 0.18f, 0.012f}).paint({0.35f, 0.5f, 0.42f}));
  turn_once(w, "sparrow_clock", door, {0, 1, 0}, {{0.6f, 0}, {1.2f, -115}});
  BirdLook tin;
  tin.back = {0.62f, 0.66f, 0.7f}, tin.belly = {0.85f, 0.5f, 0.3f}, tin.head = {0.75f, 0.35f, 0.25f}, tin.tail = {0.5f, 0.55f, 0.6f}, tin.length_m = 0.15f, tin.leg_m = 0.015f;
  const NodeId rail = w.node("rail", vec3(0, 2.05f, -0.02f), c.node);
  const Bird b = add_bird(w, rail, brass, vec3(0), 0, tin);
  move_once(w, "sparrow_clock", rail, {{0.9f, {0, 2.05f, -0.02f}}, {1.8f, {0, 2.05f, 0.19f}}});
  std::vector<Turn> sing{{3.7f, 0}};
  for (int i = 0; i < 4; ++i) sing.push_back({3.95f + 0.45f * static_cast<float>(i), i % 2 ? 0.0f : -26.0f});
  sing.push_back({5.8f, 0});
  turn_once(w, "sparrow_clock", b.body, {1, 0, 0}, sing);
  turn_once(w, "sparrow_clock", b.left_wing, {0, 0, -1}, {{3.7f, 0}, {4.0f, 40}, {4.4f, 5}, {4.8f, 40}, {5.3f, 0}});
  turn_once(w, "sparrow_clock", b.right_wing, {0, 0, 1}, {{3.7f, 0}, {4.0f, 40}, {4.4f, 5}, {4.8f, 40}, {5.3f, 0}});
}

void Yard::school() {
  const Clock c = clock(point(-3.2f, 2.1f), {0.32f, 0.42f, 0.4f}, 0.56f, 2.2f, 8.0f);
  wind(c, "school_clock", 2, 2.6f, 5.0f, 14);
  // Children run round a gallery below the dial.
  const NodeId gallery = w.node("gallery", vec3(0, 0.52f, 0.02f), c.node);
  w.add(gallery, brass, lathe(std::vector<vec2>{{0, 0}, {0.3f, 0}, {0.3f, 0.03f}, {0, 0.03f}}, 24).paint({0.8f, 0.6f, 0.3f}));
  for (int i = 0; i < 7; ++i) {
    const float a = 51.4f * static_cast<float>(i);
    const vec3 tint = i % 3 == 0 ? vec3(0.75f, 0.2f, 0.15f) : (i % 3 == 1 ? vec3(0.2f, 0.35f, 0.6f) : vec3(0.8f, 0.62f, 0.2f));
    Mesh child;
    child.add(tube(std::vector<vec3>{{0, 0.1f, 0.005f}, {0, 0.19f, 0.02f}}, std::vector<float>{0.035f, 0.026f}, 8).paint(tint));
    child.add(ball(0.03f, 6, 8).move({0, 0.235f, 0.025f}).paint({0.78f, 0.55f, 0.42f})).add(ball(0.031f, 5, 8).move({0, 0.245f, 0.018f}).stretch({1, 1, 1}).paint({0.08f, 0.05f, 0.04f}));
    for (const float s : {-1.0f, 1.0f}) {
      child.add(tube(std::vector<vec3>{{s * 0.015f, 0.11f, 0}, {s * 0.017f, 0.03f, s * 0.045f}}, 0.011f, 5).paint({0.15f, 0.12f, 0.12f}));
      child.add(tube(std::vector<vec3>{{s * 0.03f, 0.18f, 0.01f}, {s * 0.042f, 0.12f, -s * 0.045f}}, 0.009f, 5).paint(tint));
    }
    w.add(gallery, matte, child.turn_y(-90), rotation(-a, {0, 1, 0}) * at({0, 0.0f, 0.24f}));
  }
  const glm::quat rest = w.nodes[gallery].rotation;
  std::vector<Key> keys{{0, as_value(rest)}};
  for (int k = 0; k <= 24; ++k) {
    const float t = static_cast<float>(k) / 24;
    keys.push_back({4.2f + 2.8f * t, as_value(rest * turned(720.0f * t * t * (3 - 2 * t), {0, 1, 0}))});
  }
  w.key("school_clock", gallery, Path::rotation, keys);
}

void Yard::rain() {
  const Clock c = clock(point(-1.4f, 4.4f), {0.22f, 0.42f, 0.52f}, 0.52f, 2.1f, 4.5f);
  wind(c, "rain_clock", 3, 3.0f, 1.5f, 5);
  // Beside the case: a bamboo that fills, tips and begins again; two small people on a plate under one umbrella.
  const NodeId post = w.node("bamboo stand", vec3(0.55f, 0, 0.16f), c.node);
  for (const float s : {-0.09f, 0.09f}) w.add(post, wood, tube(std::vector<vec3>{{0, 0, s}, {0, 0.95f, s}}, 0.02f, 7).paint({0.5f, 0.55f, 0.25f}));
  const NodeId arm = w.node("bamboo", vec3(0, 0.88f, 0), post);
  w.add(arm, wood, tube(std::vector<vec3>{{-0.34f, -0.03f, 0}, {0.0f, 0, 0}, {0.4f, 0.05f, 0}}, 0.048f, 10).paint({0.62f, 0.68f, 0.3f}));
  for (const float x : {-0.2f, 0.08f, 0.3f}) w.add(arm, wood, tube(std::vector<vec3>{{x - 0.01f, 0.1f * x, 0}, {x + 0.01f, 0.1f * x, 0}}, 0.053f, 10).paint({0.45f, 0.48f, 0.2f}));
  w.nodes[arm].rotation = turned(14, {0, 0, 1});
  turn_once(w, "rain_clock", arm, {0, 0, 1}, {{2.9f, 0}, {3.85f, -42}, {4.4f, -42}, {4.8f, 3}, {5.1f, 0}});
  w.add(post, matte, urn(0.22f, 0.3f).move({0.42f, 0, 0}).paint({0.24f, 0.34f, 0.38f}));
  w.add(post, glow, disc(0.13f, 16).move({0.42f, 0.27f, 0}).paint({0.3f, 0.42f, 0.5f}));
  for (int i = 0; i < 3; ++i) {
    const NodeId drop = w.node("drop", post, glow, ball(0.012f, 5, 6).stretch({1, 1.6f, 1}).paint({0.75f, 0.85f, 0.95f}));
    const vec4 high(0.38f, 2.0f, 0, 0), low(0.38f, 1.0f, 0, 0);
    const float b = 0.1f + 0.6f * static_cast<float>(i);
    w.key("always:2.00s", drop, Path::translation, {{0, high}, {b, high}, {b + 0.25f, high + (low - high) * 0.3f}, {b + 0.45f, low}, {b + 0.451f, high}, {2.0f, high}});
  }
  w.add(post, brass, tube(curve(std::vector<vec3>{{0.1f, 0.0f, -0.16f}, {0.1f, 1.1f, -0.16f}, {0.1f, 2.0f, -0.16f}, {0.24f, 2.2f, -0.08f}, {0.38f, 2.03f, 0}}, 4), 0.018f, 7).paint({0.8f, 0.6f, 0.3f}));
  const NodeId couple = w.node("couple", vec3(-0.56f, 0, 0.2f), c.node);
  w.add(couple, brass, lathe(std::vector<vec2>{{0, 0}, {0.34f, 0}, {0.34f, 0.03f}, {0, 0.03f}}, 28).paint({0.8f, 0.6f, 0.3f}));
  Look look;
  look.height_m = 0.8f, look.robe = {0.14f, 0.24f, 0.46f}, look.trim = {0.75f, 0.62f, 0.36f}, look.skirt = false;
  const Figure he = add_figure(w, couple, matte, vec3(-0.13f, 0.03f, 0), 14, look, 0.2f);
  look.height_m = 0.75f, look.robe = {0.72f, 0.42f, 0.46f}, look.trim = {0.9f, 0.85f, 0.7f}, look.skirt = true, look.bun = true;
  const Figure she = add_figure(w, couple, matte, vec3(0.12f, 0.03f, 0), -14, look, 0.6f);
  w.nodes[he.right_arm].rotation = turned(-40, {1, 0, 0});
  w.nodes[he.right_fore].rotation = turned(-80, {1, 0, 0});
  w.nodes[she.right_arm].rotation = turned(-18, {1, 0, 0}) * turned(12, {0, 0, 1});
  w.nodes[she.right_fore].rotation = turned(-60, {1, 0, 0});
  turn_once(w, "rain_clock", he.head, {0, 1, 0}, {{1.0f, 0}, {2.2f, 28}, {4.6f, 28}, {5.6f, 0}});
  turn_once(w, "rain_clock", she.head, {0, 1, 0}, {{1.6f, 0}, {2.8f, -28}, {4.6f, -28}, {5.6f, 0}});
  // Held in his hand and leant back, so that whoever looks down on them sees their faces.
  const NodeId umbrella = w.node("umbrella", vec3(-0.01f, 0.66f, 0.18f), couple);
  w.nodes[umbrella].rotation = turned(-28, {1, 0, 0});
  std::vector<vec2> paper;
  for (int i = 0; i <= 8; ++i) paper.push_back({0.42f * (1 - static_cast<float>(i) / 8), 0.36f + 0.2f * std::pow(static_cast<float>(i) / 8, 0.7f)});
  w.add(umbrella, matte, lathe(paper, 20).flat().paint({0.72f, 0.16f, 0.12f}));
  std::vector<vec2> inside(paper.rbegin(), paper.rend());
  for (vec2& q : inside) q.y -= 0.012f;
  w.add(umbrella, matte, lathe(inside, 20).paint({0.62f, 0.42f, 0.25f}));
  w.add(umbrella, wood, tube(std::vector<vec3>{{0, -0.18f, 0}, {0, 0.57f, 0}}, 0.011f, 6).paint({0.4f, 0.25f, 0.12f}));
  sway(w, couple, {0, 1, 0}, 8, 6.0f);
}

void Yard::wedding() {
  const Clock c = clock(point(1.4f, 4.4f), {0.62f, 0.16f, 0.12f}, 0.58f, 2.2f, 2.8333f);
  wind(c, "wedding_clock", 4, 3.0f, 3.0f, 4);
  for (const NodeId n : {c.still_pendulum, c.swinging}) w.nodes[n].translation.z -= 0.07f;
  // Two dancers turn on a plate in the case; ten minutes are left.
  const NodeId plate = w.node("dancers", vec3(0, 0.48f, 0.06f), c.node);
  w.add(plate, brass, lathe(std::vector<vec2>{{0, 0}, {0.2f, 0}, {0.2f, 0.025f}, {0, 0.025f}}, 20).paint({0.85f, 0.62f, 0.3f}));
  for (const float s : {-1.0f, 1.0f}) {
    const vec2 dress[] = {{s < 0 ? 0.12f : 0.06f, 0.02f}, {s < 0 ? 0.09f : 0.055f, 0.14f}, {0.035f, 0.27f}, {0.045f, 0.36f}, {0.015f, 0.41f}};
    w.add(plate, matte, lathe(dress, 14).move({s * 0.07f, 0, 0}).paint(s < 0 ? vec3(0.92f, 0.86f, 0.8f) : vec3(0.1f, 0.12f, 0.2f)));
    w.add(plate, matte, ball(0.042f, 8, 10).move({s * 0.06f, 0.45f, 0}).paint({0.82f, 0.6f, 0.48f}));
    w.add(plate, matte, ball(0.044f, 6, 10).stretch({1, 0.8f, 1}).move({s * 0.066f, 0.465f, 0}).paint({0.07f, 0.04f, 0.03f}));
    w.add(plate, matte, tube(std::vector<vec3>{{s * 0.06f, 0.36f, 0.02f}, {0, 0.33f, 0.09f * s}, {-s * 0.05f, 0.35f, 0.05f}}, 0.013f, 6).paint(s < 0 ? vec3(0.92f, 0.86f, 0.8f) : vec3(0.1f, 0.12f, 0.2f)));
  }
  const glm::quat rest = w.nodes[plate].rotation;
  std::vector<Key> keys{{0, as_value(rest)}};
  for (int k = 0; k <= 30; ++k) keys.push_back({4.0f + 3.0f * static_cast<float>(k) / 30, as_value(rest * turned(720.0f * static_cast<float>(k) / 30, {0, 1, 0}))});
  w.key("wedding_clock", plate, Path::rotation, keys);
  std::vector<vec3> tips;
  for (std::uint32_t i = 0; i < 14; ++i) tips.push_back(vec3(-0.34f + 0.05f * static_cast<float>(i), 2.2f + 0.03f * hash01(i), 0.18f));
  w.add(still, leaves, foliage(90, tips, 2, 0.16f, 0.05f).paint({1.0f, 0.75f, 0.8f}), c.place);
}

void Yard::empty_case() {
  const Clock c = clock(point(3.2f, 2.1f), {0.55f, 0.5f, 0.42f}, 0.56f, 2.15f, 12.0f);
  for (const NodeId n : {c.hour, c.minute, c.still_pendulum, c.swinging}) w.nodes[n].parts.clear();
  // No hands, no pendulum: ribbons in the wind, and leaves that go round.
  for (int i = 0; i < 5; ++i) {
    const NodeId ribbon_top = w.node("ribbon", vec3(-0.16f + 0.08f * static_cast<float>(i), 1.3f, 0.02f), c.node);
    std::vector<vec3> path, across;
    for (int k = 0; k <= 8; ++k) {
      path.push_back({0.012f * std::sin(static_cast<float>(k) * 1.2f), -0.09f * static_cast<float>(k), 0.03f * std::sin(static_cast<float>(k) * 0.9f + static_cast<float>(i))});
      across.push_back({0.02f, 0, 0});
    }
    const vec3 tints[] = {{0.8f, 0.3f, 0.2f}, {0.9f, 0.8f, 0.6f}, {0.3f, 0.5f, 0.6f}, {0.85f, 0.6f, 0.25f}, {0.5f, 0.35f, 0.5f}};
    w.add(ribbon_top, cloth, ribbon(path, across).paint(tints[i]));
    sway(w, ribbon_top, {1, 0, 0.3f}, 7, 4.0f, 0.19f * static_cast<float>(i));
    const NodeId pull = ribbon_top;
    turn_once(w, "empty_case", pull, {1, 0, 0.2f}, {{3.4f, 0}, {3.9f, -58}, {4.6f, -34}, {5.1f, -50}, {6.0f, 0}});
  }
  const NodeId whirl = w.node("whirl", vec3(0, 0.55f, 0.05f), c.node);
  Mesh round;
  for (std::uint32_t i = 0; i < 9; ++i) {
    const float a = 0.7f * static_cast<float>(i), r = 0.08f + 0.06f * hash01(i);
    round.add(triangle({-0.03f, 0, 0}, {0.01f, 0.01f, 0.03f}, {0.03f, 0, -0.008f}).turn(60 * hash01(i + 4), {1, 0, 1}), at({r * std::cos(a), 0.08f * static_cast<float>(i), r * std::sin(a)}));
  }
  w.add(whirl, cloth, round.paint({0.95f, 0.6f, 0.15f}));
  spin(w, whirl, {0, 1, 0}, 4.0f);
}

void Yard::evening() {
  const Clock c = clock(point(2.45f, -0.55f), {0.14f, 0.16f, 0.34f}, 0.6f, 2.25f, 5.9f);
  wind(c, "evening_clock", 6, 3.4f, 0.1f, 8);
  // A moon and stars climb over its dial.
  const NodeId sky = w.node("moon dial", vec3(0, 1.73f, 0.15f), c.node);
  w.nodes[sky].scale = vec3(0.56f);
  Mesh night = disc(0.16f, 28).turn(90, {1, 0, 0}).paint({0.06f, 0.08f, 0.22f});
  night.add(disc(0.045f, 20).turn(90, {1, 0, 0}).move({0.0f, 0.09f, 0.004f}).paint({0.98f, 0.92f, 0.7f}));
  night.add(disc(0.045f, 20).turn(90, {1, 0, 0}).move({0.0f, -0.09f, 0.004f}).paint({0.95f, 0.6f, 0.2f}));
  for (std::uint32_t i = 0; i < 16; ++i) {
    const float a = 6.28f * hash01(i * 3 + 2), r = 0.14f * std::sqrt(hash01(i * 3 + 1));
    night.add(disc(0.005f, 5).turn(90, {1, 0, 0}).move({r * std::cos(a), r * std::sin(a), 0.003f}).paint({0.95f, 0.9f, 0.75f}));
  }
  w.add(sky, enamel, night);
  w.nodes[sky].rotation = turned(180, {0, 0, 1});
  std::vector<Key> keys{{0, as_value(w.nodes[sky].rotation)}};
  for (int k = 0; k <= 12; ++k) keys.push_back({3.4f + 0.3f * static_cast<float>(k), as_value(turned(180 - 180 * static_cast<float>(k) / 12, {0, 0, 1}))});
  w.key("evening_clock", sky, Path::rotation, keys);
  w.add(still, wood, disc(0.105f, 28, 0.086f).turn(90, {1, 0, 0}).move({0, 1.73f, 0.1525f}).paint({0.5f, 0.36f, 0.14f}), c.place);
  const NodeId chime = add_halo(w, c.node, halo, vec3(0, 1.75f, 0.3f), 0.7f, {1.0f, 0.85f, 0.55f});
  w.show(chime, 6, 6);
  scale_once(w, "evening_clock", chime, {{0, vec3(0.01f)}, {4.8f, vec3(0.01f)}, {5.2f, vec3(1)}, {6.4f, vec3(0.6f)}, {7.6f, vec3(0.35f)}});
}

void Yard::light() {
  const NodeId sun = w.node("sun");
  w.nodes[sun].rotation = glm::quat_cast(glm::mat3(glm::inverse(glm::lookAt(vec3(0), -glm::normalize(vec3(-0.72f, 0.95f, 0.5f)), vec3(0, 1, 0)))));
  w.nodes[sun].light = LightSource{true, {1.0f, 0.78f, 0.5f}, 6.0f, 0};
  w.bake_reach_m = 3.0f;
  w.sky.zenith = {0.22f, 0.42f, 0.72f};
  w.sky.horizon = {0.86f, 0.7f, 0.52f};
  w.sky.ground = {0.3f, 0.25f, 0.18f};
  w.sky.horizon_sharpness = 3.0f;
  w.sky.sun_color = {4.0f, 2.6f, 1.4f};
  w.sky.sun_glow = 0.25f;
  w.sky.fog_color = {0.85f, 0.7f, 0.52f};
  w.sky.fog_per_m = 0.004f;
  w.sky.ambient = 0.75f;
  w.sky.exposure = 1.1f;
}

}  // namespace

World clockmakers_yard() {
  Yard y;
  y.materials();
  y.still = y.w.node("yard");
  y.walls();
  y.house();
  y.tree();
  y.beyond();
  y.sleeper();
  y.sparrow();
  y.school();
  y.rain();
  y.wedding();
  y.empty_case();
  y.evening();
  y.light();
  return std::move(y.w);
}

}  // namespace promenade::samples::worlds

// Orchard of Birds: a hillside orchard on a harvest morning, whose trees bear birds. Low sun through leaves, dew and
// mist; feathers come down. Lit with shadows; how open each place is has been worked out beforehand.
#include <algorithm>
#include <cmath>

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include "content-tools/samples/worlds/props.h"
#include "content-tools/samples/worlds/worlds.h"

namespace promenade::samples::worlds {
namespace {

struct Orchard {
  World w;
  MaterialId matte = 0, wood = 0, stone = 0, ground = 0, grass = 0, leaves = 0, blossom = 0, bark = 0, brass = 0, cloth = 0, glow = 0, halo = 0, far = 0, water = 0;
  NodeId still = 0, green = 0;

  void materials();
  void land();
  void rows();
  void tree(std::uint32_t seed, const vec3& where, float height, float thick, const vec3& tint, int fruit, const vec3& plumage);
  void wall();
  void wren();
  void crane();
  void owl();
  void windfall();
  void kingfisher();
  void old_graft();
  void ladder();
  void follower();
  void light();
};

float land_height(float x, float z) {
  const float r = std::sqrt(x * x + (z + 2) * (z + 2));
  const float off = std::max(0.0f, r - 3.2f);
  return 0.012f * noise({x * 1.5f, 0, z * 1.5f}, 3) + 0.25f * std::min(1.0f, off * 0.4f) * fbm({x * 0.35f, 0, z * 0.35f}, 3, 8) + 0.0045f * off * off * (0.2f + 0.8f * std::clamp((-z - 5) / 30.0f, 0.0f, 1.0f));
}

bool on_way(float x, float y, float clear) {
  const vec2 way[] = {{0, 0}, {1.27f, 1.1f}, {-1.02f, 1.44f}, {-1.61f, 2.89f}, {0.17f, 2.21f}, {1.61f, 3.06f}, {0.34f, 3.65f}, {-0.51f, 0.77f}};
  const vec2 p(x, y);
  for (int i = 0; i < 7; ++i) {
    const vec2 d = way[i + 1] - way[i];
    const float t = std::clamp(glm::dot(p - way[i], d) / glm::dot(d, d), 0.0f, 1.0f);
    if (glm::distance(p, way[i] + d * t) < clear) return true;
  }
  return false;
}

void Orchard::materials() {
  const auto textured = [&](const char* name, Image image, float metres, float roughness) {
    Material m;
    m.name = name, m.texture = w.texture(std::move(image)), m.texture_m = metres, m.roughness = roughness;
    return w.material(m);
  };
  wood = textured("wood", wood_texture(), 0.8f, 0.75f);
  stone = textured("stone", stone_texture(), 1.1f, 0.92f);
  ground = textured("ground", ground_texture(), 2.1f, 0.95f);
  bark = textured("bark", bark_texture(), 0.6f, 0.95f);
  leaves = textured("leaves", leaves_texture(false), 0, 0.75f);
  blossom = textured("blossom", leaves_texture(true), 0, 0.85f);
  grass = textured("grass", grass_texture(), 0, 0.9f);
  for (const MaterialId m : {leaves, blossom, grass}) w.materials[m].alpha = Alpha::mask, w.materials[m].double_sided = true;
  w.materials[grass].bake = Bake::none;
  Material m;
  m.name = "matte", m.roughness = 0.7f;
  matte = w.material(m);
  m.name = "cloth", m.double_sided = true;
  cloth = w.material(m);
  m.name = "brass", m.double_sided = false, m.metallic = 0.85f, m.roughness = 0.32f;
  brass = w.material(m);
  Material g;
  g.name = "glow", g.unlit = true, g.bake = Bake::none, g.double_sided = true;
  glow = w.material(g);
  g.name = "far";
  far = w.material(g);
  g.name = "halo", g.alpha = Alpha::blend, g.texture = w.texture(glow_texture()), g.texture_m = 0, g.opacity = 0.5f;
  halo = w.material(g);
  g.name = "water", g.texture = w.texture(water_texture()), g.texture_m = 1.6f, g.opacity = 0.35f;
  water = w.material(g);
}

void Orchard::land() {
  Mesh near = terrain({-9, -11}, {9, 5}, 0.32f, land_height);
  w.add(still, ground, near.paint([](const Vertex& v) {
    const bool worn = on_way(v.position.x, -v.position.z, 0.34f);
    const vec3 green_tint = glm::mix(vec3(0.34f, 0.44f, 0.13f), vec3(0.52f, 0.54f, 0.2f), std::clamp(0.5f + 1.4f * fbm(v.position * 0.5f, 3, 6), 0.0f, 1.0f));
    return glm::mix(green_tint, vec3(0.55f, 0.44f, 0.28f), worn ? 0.6f : 0.0f);
  }));
  Mesh wide = terrain({-90, -110}, {90, 60}, 3.0f, [](float x, float z) {
    const bool inside = std::abs(x) < 7.5f && z > -9.5f && z < 3.5f;
    return land_height(x, z) - (inside ? 0.5f : 0.03f) + 3.0f * noise({x * 0.03f, 0, z * 0.03f}, 4) * std::clamp((std::sqrt(x * x + z * z) - 14) / 30.0f, 0.0f, 1.0f);
  });
  w.add(still, ground, wide.paint([](const Vertex& v) { return glm::mix(vec3(0.38f, 0.46f, 0.16f), vec3(0.56f, 0.55f, 0.24f), std::clamp(0.5f + fbm(v.position * 0.1f, 3, 9), 0.0f, 1.0f)); }));
  std::vector<vec3> places;
  Mesh flowers;
  for (std::uint32_t i = 0; places.size() < 1200 && i < 9000; ++i) {
    const float x = -6.5f + 13 * hash01(i * 3), y = -2.2f + 10.5f * hash01(i * 3 + 1);
    if (on_way(x, y, 0.42f) || y < -1.3f || glm::distance(vec2(x, y), vec2(3.15f, 2.75f)) < 0.98f) continue;
    places.push_back(point(x, y, land_height(x, -y)));
    if (i % 7 == 0) {
      const vec3 tints[] = {{0.95f, 0.85f, 0.3f}, {0.95f, 0.95f, 0.95f}, {0.7f, 0.5f, 0.9f}};
      const vec3 head = places.back() + vec3(0, 0.08f + 0.14f * hash01(i + 9), 0);
      flowers.add(tube(std::vector<vec3>{places.back(), head}, 0.004f, 3).paint({0.3f, 0.42f, 0.15f}));
      flowers.add(ball(0.018f, 3, 6).stretch({1, 0.6f, 1}).move(head).paint(tints[i / 7 % 3]));
    }
  }
  w.add(green, grass, grass_tufts(3, 1100, 0.24f, places).paint({1.0f, 1.0f, 0.48f}));
  w.add(green, matte, flowers);
  for (const auto& [away, tall, tint, seed] : {std::tuple{85.0f, 15.0f, vec3(0.5f, 0.56f, 0.5f), 3u}, {130.0f, 30.0f, vec3(0.66f, 0.68f, 0.68f), 5u}, {190.0f, 55.0f, vec3(0.8f, 0.78f, 0.78f), 8u}}) {
    Mesh ridge;
    const auto crest = [&](int k) {
      const float a = 6.2832f * static_cast<float>(k % 120) / 120;
      return vec3(std::cos(a) * away, tall * (0.5f + 0.6f * fbm(vec3(std::cos(a), std::sin(a), 0) * 3.5f, 4, seed)), std::sin(a) * away);
    };
    for (int i = 0; i < 120; ++i) {
      const vec3 a = crest(i), b = crest(i + 1);
      ridge.add(quad({a.x, -6, a.z}, {b.x, -6, b.z}, b, a));
    }
    w.add(still, far, ridge.paint([&, tall = tall, tint = tint](const Vertex& v) { return glm::mix(vec3(0.92f, 0.84f, 0.72f), tint, std::clamp(v.position.y / (tall * 0.6f) + 0.2f, 0.0f, 1.0f)); }));
  }
  for (int i = 0; i < 7; ++i) {  // mist between the rows
    const float a = 0.5f + 0.36f * static_cast<float>(i);
    const NodeId mist = add_halo(w, kRoot, halo, point(13.0f * std::cos(a), 3 + 12.0f * std::sin(a), 0.6f), 5.0f, {1.0f, 0.93f, 0.82f});
    bob(w, mist, {0.8f, 0.1f, 0.3f}, 24.0f, 0.14f * static_cast<float>(i));
  }
}

// A small bird at rest, its feet at the origin, as one mesh: the trees bear many.
Mesh fruit_bird(const vec3& plumage, float s) {
  Mesh m;
  m.add(ball(0.4f * s, 6, 8).stretch({0.85f, 0.95f, 1.15f}).turn(-24, {1, 0, 0}).move({0, 0.4f * s, 0}).paint([&](const Vertex& v) { return v.position.z > 0.16f * s || v.position.y < 0.25f * s ? glm::mix(plumage, vec3(1.0f, 0.92f, 0.75f), 0.65f) : plumage; }));
  m.add(ball(0.24f * s, 5, 8).move({0, 0.8f * s, 0.22f * s}).paint(plumage * 0.92f));
  m.add(tube(std::vector<vec3>{{0, 0.79f * s, 0.42f * s}, {0, 0.77f * s, 0.56f * s}}, std::vector<float>{0.05f * s, 0.003f}, 5).paint({0.75f, 0.5f, 0.12f}));
  m.add(box({-0.09f * s, 0, -0.015f * s}, {0.09f * s, 0.5f * s, 0.015f * s}).turn(-125, {1, 0, 0}).move({0, 0.28f * s, -0.32f * s}).paint(plumage * 0.6f));
  for (const float side : {-1.0f, 1.0f}) {
    m.add(ball(0.036f * s, 3, 5).move({side * 0.2f * s, 0.85f * s, 0.34f * s}).paint({0.02f, 0.02f, 0.02f}));
    m.add(ball(0.3f * s, 4, 6).stretch({0.25f, 0.6f, 1.2f}).turn(-30, {1, 0, 0}).move({side * 0.33f * s, 0.42f * s, -0.1f * s}).paint(plumage * 0.75f));
  }
  return m;
}

void Orchard::tree(std::uint32_t seed, const vec3& where, float height, float thick, const vec3& tint, int fruit, const vec3& plumage) {
  Tree t = grow_tree(seed, height, 0.85f, 3, thick);
  const vec3 foot(where.x, land_height(where.x, where.z), where.z);
  // Low twigs would hang into the way.
  Mesh kept;
  kept.vertices = t.bark.vertices;
  for (std::size_t i = 0; i < t.bark.indices.size(); i += 3) {
    const vec3 p = foot + t.bark.vertices[t.bark.indices[i]].position;
    if (p.y < 2.15f && on_way(p.x, -p.z, 0.55f)) continue;
    for (std::size_t k = 0; k < 3; ++k) kept.indices.push_back(t.bark.indices[i + k]);
  }
  w.add(still, bark, kept.paint({0.46f, 0.37f, 0.3f}), at(foot));
  std::vector<vec3> tips;
  for (const vec3& tip : t.tips) {
    const vec3 p = foot + tip;
    if (p.y > 2.5f || (p.y > 1.2f && !on_way(p.x, -p.z, 0.95f))) tips.push_back(tip);
  }
  w.add(still, leaves, foliage(seed + 3, tips, 6, 0.46f, 0.36f).paint([&](const Vertex& v) {
    return tint * glm::mix(vec3(0.85f, 0.95f, 0.8f), vec3(1.25f, 1.1f, 0.9f), hash01(static_cast<std::uint32_t>(v.position.x * 9 + 300) * 7u + static_cast<std::uint32_t>(v.position.z * 9 + 300)));
  }), at(foot));
  for (int group = 0; group < 2; ++group) {
    const NodeId birds = w.node("bird fruit", foot + vec3(0, height * 0.55f, 0));
    Mesh all;
    for (int i = 0; i < fruit; ++i) {
      const auto n = seed * 97 + static_cast<std::uint32_t>(i * 2 + group);
      vec3 p = tips[static_cast<std::size_t>(hash01(n) * static_cast<float>(tips.size() - 1))] - vec3(0, height * 0.55f + 0.1f, 0);
      const vec3 tone = plumage * (0.9f + 0.5f * hash01(n + 5));
      all.add(fruit_bird(tone, 0.17f + 0.07f * hash01(n + 6)), at(p, 360 * hash01(n + 7)));
      all.add(tube(std::vector<vec3>{p, p + vec3(0.02f, 0.22f, 0)}, 0.006f, 4).paint({0.3f, 0.22f, 0.14f}));
    }
    w.add(birds, matte, all);
    sway(w, birds, {0.6f, 0.3f, 1}, 1.3f, group ? 4.0f : 6.0f, hash01(seed + static_cast<std::uint32_t>(group)));
  }
}

void Orchard::rows() {
  tree(21, point(2.75f, 0.85f), 3.9f, 0.15f, {0.6f, 0.78f, 0.3f}, 9, {0.55f, 0.32f, 0.16f});      // wrens
  tree(25, point(-2.75f, 1.15f), 4.4f, 0.17f, {0.85f, 0.8f, 0.42f}, 6, {0.92f, 0.92f, 0.9f});     // cranes
  tree(29, point(3.5f, 4.4f), 4.2f, 0.16f, {0.5f, 0.72f, 0.4f}, 8, {0.12f, 0.45f, 0.75f});        // kingfishers
  tree(33, point(0.45f, 5.15f), 4.9f, 0.3f, {1.1f, 0.68f, 0.25f}, 10, {0.85f, 0.6f, 0.2f});       // the oldest
  tree(37, point(-1.95f, -0.5f), 4.0f, 0.15f, {0.75f, 0.75f, 0.32f}, 8, {0.8f, 0.25f, 0.18f});    // the ladder's
  // Rows beyond: simpler trees, some still in bloom.
  for (int row = 0; row < 3; ++row) {
    for (int i = -3; i <= 3; ++i) {
      const auto n = static_cast<std::uint32_t>(row * 20 + i + 60);
      const float x = 3.4f * static_cast<float>(i) + 1.3f * static_cast<float>(row % 2) + hash01(n) - 0.4f, y = 8.2f + 4.0f * static_cast<float>(row) + 0.8f * hash01(n + 3);
      Tree t = grow_tree(n, 3.6f + hash01(n + 4), 0.8f, 2, 0.14f);
      const vec3 foot = point(x, y, land_height(x, -y) - 0.1f);
      w.add(still, bark, t.bark.paint({0.42f, 0.34f, 0.28f}), at(foot));
      const bool bloom = hash01(n + 8) < 0.3f;
      Mesh crown = foliage(n, t.tips, 4, 1.0f, 0.5f);
      w.add(still, bloom ? blossom : leaves, crown.paint(bloom ? vec3(1.0f, 0.9f, 0.92f) : glm::mix(vec3(0.55f, 0.72f, 0.3f), vec3(1.1f, 0.75f, 0.25f), hash01(n + 11))), at(foot));
    }
  }
  for (const auto& [x, y] : {std::pair{-6.2f, 1.0f}, {-6.8f, 5.0f}, {6.5f, 1.2f}, {7.2f, 5.6f}, {-4.6f, -3.4f}, {4.4f, -3.8f}, {0.6f, -5.2f}}) {
    Tree t = grow_tree(static_cast<std::uint32_t>(x * 3 + 90), 4.2f, 0.8f, 2, 0.16f);
    w.add(still, bark, t.bark.paint({0.42f, 0.34f, 0.28f}), at(point(x, y, land_height(x, -y))));
    w.add(still, leaves, foliage(static_cast<std::uint32_t>(y * 5 + 50), t.tips, 6, 0.95f, 0.55f).paint(glm::mix(vec3(0.6f, 0.75f, 0.3f), vec3(1.1f, 0.7f, 0.25f), hash01(static_cast<std::uint32_t>(x * 7 + 99)))), at(point(x, y, land_height(x, -y))));
  }
  for (int i = 0; i < 2; ++i) {
    const NodeId feathers = w.node("stream feathers", kRoot, cloth, falling(static_cast<std::uint32_t>(i + 11), 26, {6.5f, 3.6f, 6.5f}, 0.06f, false).paint(i ? vec3(1.0f, 0.97f, 0.9f) : vec3(0.98f, 0.8f, 0.5f)), point(0, 2.2f));
    w.nodes[feathers].occludes = false;
    stream(w, feathers, {0, -3.6f, 0}, i ? 16.0f : 12.0f);
  }
  BirdLook finch;
  for (int i = 0; i < 6; ++i) {  // the dawn chorus crosses the sky
    const float k = static_cast<float>(i);
    finch.back = i % 2 ? vec3(0.75f, 0.5f, 0.2f) : vec3(0.25f, 0.4f, 0.6f);
    finch.length_m = 0.18f;
    const Bird b = add_bird(w, kRoot, matte, vec3(0), 0, finch, true);
    roam(w, b.root, {point(-5 + 0.4f * k, 1, 4.2f), point(-1, 6.5f - 0.5f * k, 5.4f + 0.3f * k), point(5, 4, 4.5f), point(2.5f, -2.5f + 0.5f * k, 5.0f)}, i % 2 ? 12.0f : 16.0f, true, 0.17f * k);
    flap(w, b, 0.5f, 32);
  }
}

void Orchard::wall() {
  // Dry stones, with an open gate behind the first scene.
  for (int side = 0; side < 2; ++side) {
    for (std::uint32_t i = 0; i < 84; ++i) {
      const float along = 0.85f + 5.2f * static_cast<float>(i / 4) / 21 + 0.1f * hash01(i), layer = static_cast<float>(i % 4);
      const float x = (side ? 1.0f : -1.0f) * along, s = 0.32f + 0.1f * hash01(i + 7);
      w.add(still, stone, rock(i + 200 + static_cast<std::uint32_t>(side) * 100, {s * 1.1f, s * 0.78f, 0.42f}, 1, 0.16f).paint(glm::mix(vec3(0.5f, 0.47f, 0.43f), vec3(0.42f, 0.46f, 0.28f), hash01(i + 3) * (layer > 2 ? 1.0f : 0.4f))), at(point(x, -1.5f + 0.05f * hash01(i + 5), land_height(x, 1.5f) + 0.12f + 0.22f * layer), 20 * hash01(i) - 10));
    }
  }
  Mesh gate;
  for (const float x : {-0.75f, 0.75f}) gate.add(box(point(x - 0.08f, -1.42f, -0.1f), point(x + 0.08f, -1.58f, 1.5f), 0.02f));
  for (int i = 0; i < 5; ++i) gate.add(plank(point(0.72f, -1.62f, 0.25f + 0.2f * static_cast<float>(i)), point(0.5f, -2.7f, 0.25f + 0.2f * static_cast<float>(i)), 0.03f, 0.07f));
  gate.add(plank(point(0.72f, -1.62f, 0.25f), point(0.5f, -2.7f, 1.05f), 0.03f, 0.07f)).add(plank(point(0.5f, -2.7f, 0.1f), point(0.5f, -2.7f, 1.2f), 0.05f, 0.05f));
  w.add(still, wood, gate.paint({0.5f, 0.36f, 0.22f}));
  // Harvest: baskets and a barrow by the wall.
  for (const auto& [x, y, s] : {std::tuple{-1.15f, -0.95f, 1.0f}, {1.35f, -0.85f, 1.15f}, {1.75f, -1.05f, 0.85f}}) {
    Mesh basket = lathe(std::vector<vec2>{{0.0f, 0.02f}, {0.17f * s, 0.0f}, {0.22f * s, 0.14f * s}, {0.25f * s, 0.27f * s}, {0.27f * s, 0.29f * s}, {0.24f * s, 0.29f * s}, {0.2f * s, 0.12f * s}, {0, 0.1f * s}}, 18);
    basket.paint([&, s = s](const Vertex& v) { return vec3(0.6f, 0.42f, 0.22f) * (std::fmod(v.position.y / s * 22.0f, 1.0f) > 0.5f ? 1.0f : 0.72f); });
    const vec3 where = point(x, y, land_height(x, -y));
    w.add(still, matte, basket, at(where));
    for (std::uint32_t i = 0; i < 7; ++i) {
      const float a = 0.9f * static_cast<float>(i), r = i == 0 ? 0.0f : 0.13f * s;
      const vec3 tints[] = {{0.8f, 0.25f, 0.15f}, {0.85f, 0.6f, 0.2f}, {0.3f, 0.5f, 0.65f}};
      w.add(still, matte, fruit_bird(tints[i % 3], 0.13f), at(where + vec3(r * std::cos(a), 0.2f * s, r * std::sin(a)), 70.0f * static_cast<float>(i)));
    }
    w.add(still, matte, tube(curve(std::vector<vec3>{{-0.25f * s, 0.28f * s, 0}, {-0.16f * s, 0.5f * s, 0}, {0.16f * s, 0.5f * s, 0}, {0.25f * s, 0.28f * s, 0}}, 4), 0.014f, 6).paint({0.5f, 0.34f, 0.17f}), at(where, 30));
  }
}

void Orchard::wren() {
  // A low branch at the eye's height, two wrens on it; one flies off to somebody else.
  const std::vector<vec3> branch = curve(std::vector<vec3>{point(2.7f, 0.85f, 1.75f), point(2.35f, 1.15f, 1.55f), point(2.1f, 1.5f, 1.5f), point(1.9f, 1.9f, 1.6f)}, 4);
  std::vector<float> radii;
  for (std::size_t i = 0; i < branch.size(); ++i) radii.push_back(0.05f - 0.0035f * static_cast<float>(i));
  w.add(still, bark, tube(branch, radii, 7).paint({0.46f, 0.37f, 0.3f}));
  w.add(still, leaves, foliage(70, {branch[4] + vec3(0, 0.12f, 0), branch[8] + vec3(0.1f, 0.1f, 0), branch.back(), branch.back() + vec3(0.1f, 0.15f, -0.1f)}, 4, 0.3f, 0.12f).paint({0.62f, 0.8f, 0.3f}));
  BirdLook look;
  look.back = {0.46f, 0.27f, 0.13f}, look.belly = {0.78f, 0.62f, 0.42f}, look.head = {0.46f, 0.28f, 0.14f}, look.tail = {0.36f, 0.2f, 0.1f}, look.tail_up = 100, look.length_m = 0.15f;
  const Bird stays = add_bird(w, kRoot, matte, branch[6] + vec3(0, 0.035f, 0), -110, look);
  sway(w, stays.head, {0.2f, 1, 0}, 30, 4.0f);
  const vec3 perch = branch[9] + vec3(0, 0.03f, 0);
  const Bird goes = add_bird(w, kRoot, matte, perch, -100, look);
  w.show(goes.root, 0, 1);
  turn_once(w, "wren_tree", goes.body, {1, 0, 0}, {{1.6f, 0}, {1.9f, -20}, {2.2f, 0}, {2.5f, -20}, {2.9f, -6}, {3.6f, -20}, {3.85f, 0}});
  move_once(w, "wren_tree", goes.root, {{3.9f, perch}, {4.5f, perch + vec3(0.2f, 0.5f, -0.6f)}, {5.5f, point(3.4f, 6.5f, 4.0f)}});
  turn_once(w, "wren_tree", goes.left_wing, {0, 0, -1}, {{3.8f, 0}, {4.0f, 70}, {4.15f, 10}, {4.3f, 70}, {4.45f, 10}, {4.6f, 70}, {4.8f, 10}, {5.0f, 70}, {5.5f, 40}});
  turn_once(w, "wren_tree", goes.right_wing, {0, 0, 1}, {{3.8f, 0}, {4.0f, 70}, {4.15f, 10}, {4.3f, 70}, {4.45f, 10}, {4.6f, 70}, {4.8f, 10}, {5.0f, 70}, {5.5f, 40}});
}

void Orchard::crane() {
  BirdLook look;
  look.back = {0.93f, 0.93f, 0.92f}, look.belly = {0.95f, 0.95f, 0.95f}, look.head = {0.9f, 0.9f, 0.9f}, look.beak = {0.45f, 0.42f, 0.3f}, look.tail = {0.06f, 0.06f, 0.07f};
  look.length_m = 0.75f, look.leg_m = 0.62f, look.neck_m = 0.5f, look.beak_m = 0.13f, look.tail_up = -10, look.tail_m = 0.2f;
  for (int i = 0; i < 2; ++i) {
    const float x = i ? -3.4f : -2.45f, y = i ? 2.1f : 1.95f;
    const Bird b = add_bird(w, kRoot, matte, point(x, y, land_height(x, -y)), i ? 70.0f : 112.0f, look);
    w.add(b.head, matte, ball(0.05f, 6, 8).stretch({1, 0.5f, 1}).move({0, 0.055f, -0.01f}).paint({0.8f, 0.1f, 0.08f}));
    if (i == 0) {
      turn_once(w, "crane_tree", b.body, {1, 0, 0}, {{2.2f, 0}, {3.3f, 42}, {3.9f, 42}, {4.5f, 0}});
      turn_once(w, "crane_tree", b.left_wing, {0, 0, -1}, {{2.0f, 0}, {3.0f, 55}, {3.8f, 40}, {4.5f, 0}});
      turn_once(w, "crane_tree", b.right_wing, {0, 0, 1}, {{2.0f, 0}, {3.0f, 55}, {3.8f, 40}, {4.5f, 0}});
    }
    sway(w, b.head, {0.5f, 1, 0}, 9, 6.0f, 0.4f * static_cast<float>(i));
  }
}

void Orchard::owl() {
  const vec3 foot = point(-2.75f, 3.35f, 0);
  Mesh stump = lathe(std::vector<vec2>{{0.55f, -0.15f}, {0.44f, 0.1f}, {0.38f, 0.5f}, {0.36f, 1.1f}, {0.4f, 1.35f}, {0.3f, 1.38f}, {0.0f, 1.25f}}, 22).bend([](const vec3& p) {
    const float a = std::atan2(p.x, p.z);
    return vec3(p.x, p.y, p.z) + vec3(p.x, 0, p.z) * (0.14f * std::sin(a * 6) * (p.y < 1.3f ? 1.0f : 0.4f) + 0.1f * noise(p * 4.0f, 4)) + vec3(0, p.y > 1.2f ? 0.09f * noise(p * 6.0f, 9) : 0.0f, 0);
  });
  w.add(still, bark, stump.turn(90, {1, 0, 0}).map_box().turn(-90, {1, 0, 0}).paint([](const Vertex& v) { return v.normal.y > 0.7f ? vec3(0.75f, 0.6f, 0.42f) : glm::mix(vec3(0.4f, 0.42f, 0.22f), vec3(0.46f, 0.36f, 0.28f), std::clamp(v.position.y * 1.5f, 0.0f, 1.0f)); }), at(foot));
  const vec3 guest = point(-1.61f, 2.89f) - foot;
  const float turn = std::atan2(guest.x, guest.z) * 180 / kPi;
  const NodeId hollow = w.node("hollow", foot);
  w.nodes[hollow].rotation = turned(turn, {0, 1, 0});
  w.add(hollow, matte, disc(0.17f, 22).turn(90, {1, 0, 0}).stretch({1, 1.25f, 1}).move({0, 0.95f, 0.405f}).paint({0.03f, 0.02f, 0.015f}));
  std::vector<vec3> rim;
  for (int i = 0; i <= 20; ++i) rim.push_back({0.18f * std::cos(0.31416f * static_cast<float>(i)), 0.95f + 0.225f * std::sin(0.31416f * static_cast<float>(i)), 0.4f});
  w.add(hollow, bark, tube(rim, 0.035f, 6).paint({0.42f, 0.33f, 0.25f}));
  // The owl: a round thing asleep, whose face turns and opens its eyes.
  const NodeId body = w.node("owl", vec3(0, 0.78f, 0.33f), hollow);
  const vec3 brown(0.5f, 0.36f, 0.22f);
  w.add(body, matte, ball(0.14f, 10, 12).stretch({0.95f, 1.2f, 0.75f}).move({0, 0.08f, 0.03f}).paint([&](const Vertex& v) { return std::sin(v.position.y * 120) * std::sin(v.position.x * 90) > 0.2f ? vec3(0.82f, 0.72f, 0.56f) : brown; }));
  const NodeId head = w.node("owl head", vec3(0, 0.24f, 0.06f), body);
  w.add(head, matte, ball(0.115f, 10, 12).stretch({1.1f, 0.9f, 0.85f}).paint(brown));
  for (const float s : {-1.0f, 1.0f}) {
    w.add(head, matte, disc(0.052f, 16).turn(90, {1, 0, 0}).turn_y(s * 16).move({s * 0.05f, 0.005f, 0.097f}).paint({0.88f, 0.78f, 0.6f}));
    w.add(head, matte, tube(std::vector<vec3>{{s * 0.07f, 0.07f, 0.03f}, {s * 0.1f, 0.15f, 0.02f}}, std::vector<float>{0.03f, 0.003f}, 6).paint(brown * 0.7f));
    const NodeId eye = w.node("owl eye", vec3(s * 0.052f, 0.008f, 0.1f), head);
    w.add(eye, glow, disc(0.034f, 16).turn(90, {1, 0, 0}).turn_y(s * 16).paint({1.0f, 0.65f, 0.1f}));
    w.add(eye, glow, disc(0.016f, 12).turn(90, {1, 0, 0}).turn_y(s * 16).move({0, 0, 0.002f}).paint({0.01f, 0.01f, 0.01f}));
    w.nodes[eye].scale = {1, 0.08f, 1};
    scale_once(w, "owl_stump", eye, {{3.2f, {1, 0.08f, 1}}, {3.7f, vec3(1)}, {5.0f, vec3(1)}, {5.5f, {1, 0.35f, 1}}});
  }
  w.add(head, matte, tube(std::vector<vec3>{{0, -0.005f, 0.1f}, {0, -0.04f, 0.115f}}, std::vector<float>{0.016f, 0.002f}, 6).paint({0.2f, 0.16f, 0.1f}));
  turn_once(w, "owl_stump", head, {0, 1, 0}, {{2.6f, -70}, {3.85f, 0}, {4.6f, 0}, {5.3f, 25}});
  sway(w, body, {0, 0, 1}, 1.5f, 4.0f);
  for (std::uint32_t i = 0; i < 6; ++i) {
    const float a = 1.1f * static_cast<float>(i);
    w.add(still, matte, lathe(std::vector<vec2>{{0.015f, 0}, {0.013f, 0.07f}, {0.05f, 0.07f}, {0.035f, 0.1f}, {0, 0.11f}}, 10).paint({0.8f, 0.5f, 0.3f}), at(foot + vec3(0.55f * std::cos(a), land_height(foot.x, foot.z), 0.55f * std::sin(a)), 0, 0.7f + 0.6f * hash01(i)));
  }
}

void Orchard::windfall() {
  // Songs that let go too soon: small lights in the grass; one of them rises and tries.
  for (std::uint32_t i = 0; i < 16; ++i) {
    const float a = 6.2832f * hash01(i * 3 + 31), r = 0.55f + 0.9f * hash01(i * 3 + 32), x = 0.17f + r * std::cos(a), y = 2.21f + r * std::sin(a);
    const vec3 where = point(x, y, land_height(x, -y) + 0.035f);
    const vec3 tints[] = {{1.0f, 0.72f, 0.3f}, {1.0f, 0.45f, 0.35f}, {0.6f, 0.85f, 1.0f}};
    w.add(still, glow, ball(0.034f, 7, 10).stretch({0.9f, 1, 1.1f}).paint([&](const Vertex& v) { return tints[i % 3] * (0.55f + 0.45f * std::clamp(v.normal.y, 0.0f, 1.0f)); }), at(where));
    if (i % 3 == 0) {
      const NodeId shine = add_halo(w, kRoot, halo, where, 0.13f, tints[i % 3]);
      breathe(w, shine, vec3(0.3f), 4.0f, hash01(i));
    }
  }
  const vec3 rest = point(0.75f, 2.72f, 0.05f);
  const NodeId song = w.node("half song", rest);
  w.add(song, glow, ball(0.045f, 8, 10).paint({1.0f, 0.8f, 0.45f}));
  add_halo(w, song, halo, vec3(0), 0.3f, {1.0f, 0.8f, 0.45f});
  move_once(w, "windfall", song, {{1.2f, rest}, {3.0f, rest + vec3(0, 1.15f, 0)}, {3.6f, rest + vec3(0, 1.2f, 0)}, {4.4f, rest}});
}

void Orchard::kingfisher() {
  const vec3 pond = point(3.15f, 2.75f, 0);
  const float level = land_height(pond.x, pond.z) + 0.03f;
  w.add(still, far, disc(0.85f, 30).stretch({1, 1, 0.8f}).paint([](const Vertex& v) { return glm::mix(vec3(0.16f, 0.3f, 0.3f), vec3(0.5f, 0.6f, 0.58f), std::clamp(glm::length(v.position) * 1.2f, 0.0f, 1.0f)); }), at(vec3(pond.x, level, pond.z)));
  for (int i = 0; i < 2; ++i) {
    const NodeId sheen = w.node("pond sheen", kRoot, water, disc(0.85f, 30).stretch({1, 1, 0.8f}), vec3(pond.x, level + 0.012f + 0.01f * static_cast<float>(i), pond.z));
    w.nodes[sheen].occludes = false;
    bob(w, sheen, {0.02f, 0, 0.015f}, 6.0f, 0.3f * static_cast<float>(i));
  }
  for (std::uint32_t i = 0; i < 22; ++i) {
    const float a = 6.2832f * static_cast<float>(i) / 22, s = 0.16f + 0.12f * hash01(i);
    w.add(still, stone, rock(i + 400, {s, s * 0.7f, s}, 1, 0.15f).paint({0.48f, 0.47f, 0.43f}), at(vec3(pond.x + 0.9f * std::cos(a), level + 0.02f, pond.z + 0.72f * std::sin(a)), 50.0f * static_cast<float>(i)));
  }
  const std::vector<vec3> branch = curve(std::vector<vec3>{point(3.5f, 4.4f, 1.9f), point(3.1f, 3.8f, 1.75f), point(2.75f, 3.35f, 1.6f), point(2.55f, 2.95f, 1.55f)}, 4);
  std::vector<float> radii;
  for (std::size_t i = 0; i < branch.size(); ++i) radii.push_back(0.055f - 0.0035f * static_cast<float>(i));
  w.add(still, bark, tube(branch, radii, 7).paint({0.46f, 0.37f, 0.3f}));
  w.add(still, leaves, foliage(71, {branch[3] + vec3(0, 0.15f, 0), branch[6] + vec3(0, 0.14f, 0)}, 4, 0.3f, 0.12f).paint({0.5f, 0.72f, 0.4f}));
  BirdLook look;
  look.back = {0.03f, 0.42f, 0.78f}, look.belly = {0.95f, 0.45f, 0.1f}, look.head = {0.04f, 0.4f, 0.72f}, look.beak = {0.05f, 0.05f, 0.06f}, look.tail = {0.03f, 0.3f, 0.65f}, look.length_m = 0.19f, look.beak_m = 0.06f, look.tail_m = 0.04f;
  const vec3 perch = branch.back() + vec3(0, 0.02f, 0);
  const Bird b = add_bird(w, kRoot, matte, perch, -150, look);
  w.show(b.root, 0, 5);
  sway(w, b.head, {0.2f, 1, 0}, 16, 4.0f);
  const vec3 in = vec3(pond.x, level, pond.z);
  w.key("kingfisher_branch", b.root, Path::translation, {{0, vec4(perch, 0)}, {3.75f, vec4(perch, 0)}, {3.9f, vec4(perch + vec3(0.05f, 0.05f, 0), 0)}, {4.15f, vec4(in, 0)}, {4.2f, vec4(in - vec3(0, 0.5f, 0), 0)}});
  turn_once(w, "kingfisher_branch", b.body, {1, 0, 0}, {{3.6f, 0}, {3.9f, 75}});
  Mesh stroke = ribbon(std::vector<vec3>{perch, glm::mix(perch, in, 0.5f) + vec3(0, 0.08f, 0), in}, std::vector<vec3>{{0.004f, 0, 0.004f}, {0.02f, 0, 0.02f}, {0.005f, 0, 0.005f}});
  const NodeId blue = w.node("blue stroke", kRoot, glow, stroke.paint({0.15f, 0.65f, 1.0f}));
  w.show(blue, 5, 5);
  blink_once(w, "kingfisher_branch", blue, {{0, false}, {3.98f, true}, {4.4f, false}});
  for (int i = 0; i < 3; ++i) {
    const NodeId ring = w.node("ring", kRoot, glow, disc(0.5f, 30, 0.46f).paint({0.85f, 0.95f, 1.0f}), in + vec3(0, 0.03f, 0));
    w.show(ring, 5, 5);
    const float t = 4.15f + 0.25f * static_cast<float>(i);
    scale_once(w, "kingfisher_branch", ring, {{0, vec3(0.001f)}, {t, vec3(0.001f)}, {t + 0.9f, {1.2f, 1, 0.95f}}, {t + 0.95f, vec3(0.001f)}});
  }
}

void Orchard::old_graft() {
  // The oldest tree: a music box has grown into its trunk; its drum turns, and birds go round on top.
  const vec3 where = point(0.4f, 4.72f, 1.05f);
  Mesh housing;
  housing.add(box({-0.3f, -0.22f, -0.1f}, {0.3f, -0.17f, 0.2f}, 0.01f)).add(box({-0.3f, 0.19f, -0.1f}, {0.3f, 0.24f, 0.2f}, 0.01f)).add(box({-0.3f, -0.2f, -0.12f}, {0.3f, 0.22f, -0.08f}));
  for (const float s : {-1.0f, 1.0f}) housing.add(box({s * 0.29f - 0.02f, -0.2f, -0.1f}, {s * 0.29f + 0.02f, 0.22f, 0.18f}, 0.01f));
  w.add(still, wood, housing.paint({0.55f, 0.26f, 0.14f}), at(where));
  const NodeId drum = w.node("drum", where + vec3(0, 0.03f, 0.08f));
  Mesh cylinder = tube(std::vector<vec3>{{-0.24f, 0, 0}, {0.24f, 0, 0}}, 0.085f, 24);
  for (std::uint32_t i = 0; i < 90; ++i) {
    const float a = 6.2832f * hash01(i * 3 + 5), x = -0.22f + 0.44f * std::floor(14 * hash01(i * 3 + 6)) / 14;
    cylinder.add(ball(0.006f, 3, 5).move({x, 0.087f * std::cos(a), 0.087f * std::sin(a)}));
  }
  w.add(drum, brass, cylinder.paint({0.95f, 0.72f, 0.32f}));
  spin(w, drum, {1, 0, 0}, 8.0f);
  for (int i = 0; i < 14; ++i) {
    const float x = -0.22f + 0.0338f * static_cast<float>(i);
    w.add(still, brass, box({x - 0.012f, -0.1f, 0.1f}, {x + 0.012f, -0.092f, 0.19f + 0.004f * static_cast<float>(i)}).turn(12, {1, 0, 0}).paint({0.8f, 0.8f, 0.82f}), at(where));
  }
  const NodeId crank = w.node("crank", where + vec3(0.33f, 0.03f, 0.08f));
  w.add(crank, brass, tube(std::vector<vec3>{{-0.04f, 0, 0}, {0.05f, 0, 0}, {0.05f, 0.1f, 0}, {0.12f, 0.1f, 0}}, 0.011f, 7).paint({0.95f, 0.72f, 0.32f}));
  spin(w, crank, {1, 0, 0}, 8.0f);
  const NodeId round = w.node("carousel", where + vec3(0, 0.25f, 0.04f));
  w.add(round, brass, lathe(std::vector<vec2>{{0, 0}, {0.2f, 0}, {0.2f, 0.015f}, {0.02f, 0.02f}, {0.012f, 0.2f}, {0, 0.22f}}, 20).paint({0.95f, 0.72f, 0.32f}));
  Mesh flock;
  for (int i = 0; i < 5; ++i) {
    const vec3 tints[] = {{0.85f, 0.3f, 0.2f}, {0.25f, 0.5f, 0.75f}, {0.9f, 0.7f, 0.25f}, {0.5f, 0.65f, 0.35f}, {0.75f, 0.5f, 0.65f}};
    const float a = 1.2566f * static_cast<float>(i);
    flock.add(fruit_bird(tints[i], 0.11f).turn_y(90), rotation(-a * 180 / kPi, {0, 1, 0}) * at({0, 0.015f, 0.15f}));
  }
  w.add(round, matte, flock);
  spin(w, round, {0, 1, 0}, 8.0f);
  const NodeId lid = w.node("lid", where + vec3(0, 0.24f, -0.1f));
  w.add(lid, wood, box({-0.3f, 0, 0}, {0.3f, 0.36f, 0.03f}, 0.01f).paint({0.6f, 0.28f, 0.15f}));
  w.nodes[lid].rotation = turned(-18, {1, 0, 0});
  for (int i = 0; i < 5; ++i) {  // notes, as sparks that rise when it plays
    const NodeId note = w.node("note", where + vec3(-0.2f + 0.1f * static_cast<float>(i), 0.4f, 0.1f));
    w.add(note, glow, ball(0.016f, 5, 7).paint({1.0f, 0.85f, 0.5f}));
    w.show(note, 6, 6);
    const vec3 from = w.nodes[note].translation;
    const float t = 2.2f + 0.2f * static_cast<float>(i);
    scale_once(w, "old_graft", note, {{0, vec3(0.01f)}, {t, vec3(0.01f)}, {t + 0.2f, vec3(1)}, {t + 1.3f, vec3(1)}, {t + 1.6f, vec3(0.01f)}});
    move_once(w, "old_graft", note, {{t, from}, {t + 1.6f, from + vec3(0.1f, 1.3f, 0.2f)}});
  }
}

void Orchard::ladder() {
  const vec3 low_l = point(-1.62f, 0.42f, 0), low_r = point(-1.28f, 0.18f, 0), top_l = point(-2.0f, -0.22f, 2.75f), top_r = point(-1.78f, -0.4f, 2.75f);
  Mesh rails;
  rails.add(plank(low_l, top_l, 0.06f, 0.045f, 0.008f)).add(plank(low_r, top_r, 0.06f, 0.045f, 0.008f));
  for (int i = 1; i < 10; ++i) {
    const float t = 0.1f * static_cast<float>(i);
    rails.add(tube(std::vector<vec3>{glm::mix(low_l, top_l, t), glm::mix(low_r, top_r, t)}, 0.018f, 7));
  }
  w.add(still, wood, rails.paint({0.66f, 0.48f, 0.28f}));
  Look look;  // the keeper, picking
  look.robe = {0.35f, 0.42f, 0.26f}, look.trim = {0.8f, 0.6f, 0.3f}, look.straw_hat = true, look.height_m = 1.6f;
  const Figure keeper = add_figure(w, kRoot, matte, point(2.2f, -0.35f, land_height(2.2f, 0.35f)), -30, look, 0.3f);
  w.nodes[keeper.right_arm].rotation = turned(-125, {1, 0, 0}) * turned(10, {0, 0, 1});
  sway(w, keeper.right_fore, {1, 0, 0}, 10, 4.0f);
  turn_once(w, "orchard_wall", keeper.head, {0, 1, 0}, {{0.3f, 0}, {1.2f, -45}, {3.4f, -45}, {4.2f, 0}});
}

// One bird follows from scene to scene, and comes down on the ladder in the last.
void Orchard::follower() {
  BirdLook robin;
  robin.back = {0.42f, 0.33f, 0.22f}, robin.belly = {0.92f, 0.38f, 0.12f}, robin.head = {0.85f, 0.36f, 0.12f}, robin.tail = {0.36f, 0.28f, 0.18f}, robin.length_m = 0.16f;
  const vec3 perches[] = {point(-0.9f, -1.45f, 1.0f), point(2.35f, 1.15f, 1.61f), point(-2.0f, 0.62f, 0.9f), point(-2.72f, 3.3f, 1.38f), point(0.95f, 1.62f, 0.03f), point(2.9f, 3.55f, 1.74f), point(0.62f, 4.75f, 1.32f), point(-1.66f, 0.11f, 1.38f)};
  const vec3 guests[] = {point(0, 0), point(1.27f, 1.1f), point(-1.02f, 1.44f), point(-1.61f, 2.89f), point(0.17f, 2.21f), point(1.61f, 3.06f), point(0.34f, 3.65f), point(-0.51f, 0.77f)};
  const std::vector<std::string> scenes = scene_names("orchard-of-birds");
  for (std::uint32_t i = 0; i < 8; ++i) {
    const vec3 towards = guests[i] - perches[i];
    const vec3 spot = i == 2 ? point(-1.95f, 0.75f, land_height(-1.95f, -0.75f)) : perches[i];
    const Bird b = add_bird(w, kRoot, matte, spot, std::atan2(towards.x, towards.z) * 180 / kPi, robin);
    w.nodes[b.root].occludes = false;
    w.show(b.root, i, i);
    sway(w, b.head, {0.3f, 1, 0}, 26, 4.0f, 0.13f * static_cast<float>(i));
    const bool last = i == 7;
    const float land = last ? 4.4f : 1.6f;
    const vec3 from = last ? point(0.6f, 3.2f, 3.2f) : spot + vec3(0.8f, 1.2f, 0.9f);
    move_once(w, scenes[i], b.root, {{0, from}, {land - 1.5f, from}, {land, spot}});
    std::vector<Turn> beats{{0, 60}};
    for (int k = 0; k < 8; ++k) beats.push_back({land - 1.5f + 0.19f * static_cast<float>(k), k % 2 ? 10.0f : 65.0f});
    beats.push_back({land + 0.1f, 0});
    turn_once(w, scenes[i], b.left_wing, {0, 0, -1}, beats);
    turn_once(w, scenes[i], b.right_wing, {0, 0, 1}, beats);
    if (last) turn_once(w, scenes[i], b.body, {1, 0, 0}, {{4.6f, 0}, {4.9f, -18}, {5.2f, 0}, {5.5f, -18}, {6.0f, 0}});
  }
}

void Orchard::light() {
  const NodeId sun = w.node("sun");
  w.nodes[sun].rotation = glm::quat_cast(glm::mat3(glm::inverse(glm::lookAt(vec3(0), -glm::normalize(vec3(0.7f, 0.6f, -0.55f)), vec3(0, 1, 0)))));
  w.nodes[sun].light = LightSource{true, {1.0f, 0.84f, 0.6f}, 5.4f, 0};
  w.bake_reach_m = 2.5f;
  w.sky.zenith = {0.24f, 0.46f, 0.76f};
  w.sky.horizon = {0.95f, 0.82f, 0.62f};
  w.sky.ground = {0.3f, 0.32f, 0.18f};
  w.sky.horizon_sharpness = 3.0f;
  w.sky.sun_color = {4.2f, 3.0f, 1.8f};
  w.sky.sun_glow = 0.3f;
  w.sky.fog_color = {0.92f, 0.83f, 0.66f};
  w.sky.fog_per_m = 0.005f;
  w.sky.ambient = 0.85f;
  w.sky.exposure = 0.95f;
}

}  // namespace

World orchard_of_birds() {
  Orchard o;
  o.materials();
  o.still = o.w.node("orchard");
  o.green = o.w.node("meadow");
  o.w.nodes[o.green].occludes = false;
  o.land();
  o.rows();
  o.wall();
  o.wren();
  o.crane();
  o.owl();
  o.windfall();
  o.kingfisher();
  o.old_graft();
  o.ladder();
  o.follower();
  o.light();
  return std::move(o.w);
}

}  // namespace promenade::samples::worlds

// Tide Caves: a cave that winds like a shell, at the lowest tide: morning behind the mouth, a shaft of day in the
// middle, and between them what shines by itself. The light on all that stands still is baked.
#include <algorithm>
#include <cmath>

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include "content-tools/samples/worlds/bake.h"
#include "content-tools/samples/worlds/props.h"
#include "content-tools/samples/worlds/worlds.h"

namespace promenade::samples::worlds {
namespace {

constexpr vec3 kTeal{0.12f, 0.85f, 0.8f}, kViolet{0.55f, 0.25f, 1.0f}, kRose{1.0f, 0.28f, 0.5f}, kDay{0.8f, 0.92f, 1.0f};

Mesh rock_painted(std::uint32_t seed, const vec3& size) {
  return rock(seed, size, 2, 0.22f).paint([&](const Vertex& v) {
    return glm::mix(vec3(0.2f, 0.24f, 0.24f), vec3(0.46f, 0.41f, 0.38f), std::clamp(v.position.y / size.y + 0.55f, 0.0f, 1.0f));
  });
}

struct Cave {
  World w;
  MaterialId stone = 0, sand = 0, matte = 0, live = 0, leaf = 0, glow = 0, halo = 0, shaft = 0, film = 0;
  NodeId still = 0;

  void materials();
  void shell();
  void floor();
  void sea();
  void plants();
  void kelp();
  void anemones();
  void bell();
  void pool();
  void bend();
  void heart();
  void light();
  void mushroom_cluster(const vec3& where, std::uint32_t seed, const vec3& color, float size);
};

void Cave::materials() {
  const auto baked = [&](const char* name, std::uint32_t texture, float metres) {
    Material m;
    m.name = name, m.texture = texture, m.texture_m = metres, m.bake = Bake::light;
    return w.material(m);
  };
  stone = baked("rock", w.texture(stone_texture()), 1.6f);
  sand = baked("sand", w.texture(ground_texture()), 2.4f);
  matte = baked("matte", kNone, 1);
  leaf = baked("kelp", kNone, 1);
  w.materials[leaf].double_sided = true;
  Material lit;
  lit.name = "live", lit.roughness = 0.45f;
  live = w.material(lit);
  Material shining;
  shining.name = "glow", shining.unlit = true, shining.bake = Bake::none, shining.double_sided = true;
  glow = w.material(shining);
  shining.name = "halo", shining.alpha = Alpha::blend, shining.texture = w.texture(glow_texture()), shining.texture_m = 0, shining.opacity = 0.55f;
  halo = w.material(shining);
  shining.name = "shaft", shining.texture = w.texture(shaft_texture()), shining.opacity = 0.3f;
  shaft = w.material(shining);
  shining.name = "film", shining.texture = w.texture(water_texture()), shining.texture_m = 1.7f, shining.opacity = 0.4f;
  film = w.material(shining);
}

float floor_height(float x, float z) {
  const float r = std::sqrt(x * x + z * z), angle = std::atan2(-z, x);
  const bool mouth = z > 1.6f && std::abs(x) < 2.4f;
  const float bank = mouth ? 0.0f : std::max(0.0f, r - 2.3f);
  return 0.012f * std::sin(r * 16.0f + angle * 2.0f + 2.0f * noise({x, 0, z}, 3)) + 0.02f * noise({x * 1.4f, 0, z * 1.4f}, 8) + 0.45f * bank * bank -
         0.05f * std::max(0.0f, z - 2.5f);
}

constexpr int kAround = 112, kUp = 34;

// Walls and vault in one: rings from the floor to the hole over the heart, fluted along a spiral as a shell is.
vec3 wall_spot(int i, int j) {
  const float angle = 2 * kPi * static_cast<float>(i % kAround) / kAround, t = static_cast<float>(j) / kUp;
  const float arch = t * kPi * 0.5f;
  float r = 3.35f * std::pow(std::cos(arch * 0.97f), 0.62f) + 0.1f, h = 4.3f * std::sin(arch);
  const float flute = std::sin(7.0f * angle + 9.0f * t + 2.0f * std::sin(angle));
  const vec3 p(std::cos(angle), h * 0.5f, std::sin(angle));
  r += (0.16f * flute + 0.5f * fbm(p * 1.7f, 4, 31)) * (0.35f + 0.65f * std::sin(arch + 0.5f)) * (t > 0.8f ? (1 - t) * 5 : 1.0f);
  h += 0.25f * fbm(p * 2.6f, 3, 77) * t - 0.35f;
  const vec3 middle = point(0.38f, 0.26f);  // the hole is over the heart
  const float lean = t * t;
  return vec3(r * std::cos(angle) + middle.x * lean, h, r * std::sin(angle) + middle.z * lean);
}

// Below 0 inside the mouth.
float mouth_at(const vec3& p) {
  if (p.z < 1.2f) return 1.0f;
  const float off = (p.x - 0.1f) / 1.55f, up = p.y / 2.75f;
  return off * off + up * up - 1.0f - 0.22f * noise(p * 2.2f, 5);
}

// The part of a triangle that is not in the mouth.
void add_cut(Mesh& mesh, const vec3& a, const vec3& b, const vec3& c) {
  const vec3 corner[3] = {a, b, c};
  const float f[3] = {mouth_at(a), mouth_at(b), mouth_at(c)};
  std::vector<vec3> kept;
  for (int k = 0; k < 3; ++k) {
    const int n = (k + 1) % 3;
    if (f[k] >= 0) kept.push_back(corner[k]);
    if ((f[k] >= 0) != (f[n] >= 0)) kept.push_back(corner[k] + (corner[n] - corner[k]) * (f[k] / (f[k] - f[n])));
  }
  for (std::size_t k = 1; k + 1 < kept.size(); ++k) mesh.add(triangle(kept[0], kept[k], kept[k + 1]));
}

void Cave::shell() {
  Mesh wall, outside;
  for (int i = 0; i < kAround; ++i) {
    for (int j = 0; j < kUp; ++j) {
      const vec3 a = wall_spot(i, j), b = wall_spot(i + 1, j), c = wall_spot(i + 1, j + 1), d = wall_spot(i, j + 1);
      // The turn of the angle goes from +x to +z: a, b, c looks inwards.
      if ((i + j) % 2) add_cut(wall, a, b, c), add_cut(wall, a, c, d);
      else add_cut(wall, a, b, d), add_cut(wall, b, c, d);
      if (i % 4 == 0 && j % 2 == 0 && j < kUp - 3) {  // the hill's outside, which keeps its light out
        vec3 q[4] = {a, wall_spot(i + 4, j), wall_spot(i + 4, j + 2), wall_spot(i, j + 2)};
        for (vec3& p : q) p = vec3(p.x * 1.3f, p.y < 0.3f ? -1.0f : p.y * 1.15f + 0.3f, p.z * (p.z > 0 ? 1.12f : 1.3f));
        if (mouth_at((q[0] + q[2]) * 0.5f) > 0.35f) outside.add(triangle(q[0], q[2], q[1])).add(triangle(q[0], q[3], q[2]));
      }
    }
  }
  w.add(still, stone, outside.map_box().paint({0.4f, 0.37f, 0.35f}));
  wall.smooth(85).map_box().paint([](const Vertex& v) {
    const float band = 0.5f + 0.5f * std::sin(v.position.y * 9.0f + 3.0f * fbm(v.position * 1.2f, 3, 12));
    const vec3 dry(0.66f, 0.36f, 0.22f), wet(0.05f, 0.2f, 0.24f), pearl(0.9f, 0.62f, 0.6f), lilac(0.34f, 0.2f, 0.5f);
    vec3 c = glm::mix(wet, dry, std::clamp(v.position.y / 2.4f - 0.1f + 0.5f * fbm(v.position * 1.6f, 3, 4), 0.0f, 1.0f));
    c = glm::mix(c, lilac, std::clamp(0.2f + 1.4f * fbm(v.position * 0.8f, 2, 15), 0.0f, 0.7f));
    c = glm::mix(c, pearl, 0.45f * band * std::clamp(v.position.y - 0.6f, 0.0f, 1.0f));
    return c * (0.42f + 0.85f * std::clamp(0.5f + 1.5f * fbm(v.position * vec3(2.1f, 3.0f, 2.1f), 3, 40), 0.0f, 1.0f));  // hollows are dark
  });
  w.add(still, stone, wall);
  // Boulders at the foot of the wall and round the mouth; columns between the windings.
  struct Stone {
    float x, y;
    vec3 size;
    std::uint32_t seed;
  };
  const Stone stones[] = {{-1.85f, -2.9f, {1.3f, 1.7f, 1.4f}, 3}, {2.0f, -2.95f, {1.4f, 1.5f, 1.2f}, 4}, {-2.7f, -3.5f, {2.2f, 3.0f, 1.8f}, 5}, {2.9f, -3.6f, {2.3f, 3.4f, 1.9f}, 6},
                          {2.75f, 0.1f, {0.9f, 0.8f, 1.0f}, 7}, {2.3f, 2.0f, {1.0f, 1.1f, 0.8f}, 8}, {0.8f, 2.75f, {1.2f, 0.7f, 0.8f}, 9}, {-2.0f, 2.1f, {1.1f, 1.2f, 1.0f}, 10},
                          {-3.05f, -0.1f, {0.7f, 1.0f, 1.0f}, 11}, {-1.2f, 2.75f, {0.9f, 0.6f, 0.7f}, 12}, {-2.5f, -2.0f, {0.9f, 0.9f, 0.9f}, 13}};
  for (const Stone& s : stones) {
    w.add(still, stone, rock_painted(s.seed, s.size), at(point(s.x, s.y, s.size.y * 0.2f), 40.0f * static_cast<float>(s.seed)));
  }
  for (const auto& [x, y, r] : {std::tuple{0.82f, -0.52f, 0.17f}, {-0.33f, 0.47f, 0.1f}}) {
    std::vector<vec2> profile;
    const bool tall = r > 0.15f;
    for (int k = 0; k <= 16; ++k) {
      const float t = static_cast<float>(k) / 16;
      const float waist = tall ? 0.62f + 1.5f * std::pow(std::abs(t - 0.5f) * 2.0f, 3.0f) : 1.25f - 1.2f * t;
      profile.push_back({std::max(0.0f, r * waist), -0.05f + t * (tall ? 4.1f : 0.85f)});
    }
    Mesh column = lathe(profile, 14).bend([=, x = x](const vec3& p) {
      const float k = 1.0f + 0.16f * noise(vec3(p.x * 9, p.y * 3.5f, p.z * 9) + vec3(x, 0, 0), 17);
      return vec3(p.x * k, p.y, p.z * k);
    });
    w.add(still, stone, column.smooth(50).map_box().paint([](const Vertex& v) { return glm::mix(vec3(0.25f, 0.33f, 0.36f), vec3(0.66f, 0.52f, 0.5f), std::clamp(v.position.y / 2.2f + 0.4f * noise(v.position * 3.0f, 2), 0.0f, 1.0f)); }), at(point(x, y)));
  }
}

void Cave::floor() {
  Mesh ground = terrain({-3.9f, -3.9f}, {3.9f, 4.0f}, 0.13f, floor_height);
  ground.paint([](const Vertex& v) {
    const float r = std::sqrt(v.position.x * v.position.x + v.position.z * v.position.z);
    const float wet = std::clamp(0.5f + 0.9f * fbm(v.position * 0.9f, 3, 21), 0.0f, 1.0f);
    return glm::mix(vec3(0.36f, 0.31f, 0.26f), vec3(0.62f, 0.52f, 0.4f), wet) * (r > 2.5f ? 0.8f : 1.0f);
  });
  w.add(still, sand, ground);
  Mesh beach = terrain({-26, 4.0f}, {26, 24.0f}, 0.8f, [](float x, float z) { return floor_height(0, 3.9f) - 0.035f * (z - 4.0f) + 0.03f * noise({x * 0.5f, 0, z * 0.5f}, 6); });
  const NodeId open = w.node("beach");
  w.nodes[open].lit_by = 2;
  w.add(open, sand, beach.paint({0.6f, 0.5f, 0.38f}));
  // Shells and starfish along the way; all lie flat.
  for (std::uint32_t i = 0; i < 46; ++i) {
    const float a = 6.28f * hash01(i * 3 + 9), r = 0.5f + 1.9f * hash01(i * 3 + 10), x = r * std::cos(a), z = r * std::sin(a);
    const vec3 where(x, floor_height(x, z) + 0.005f, z);
    const float s = 0.025f + 0.035f * hash01(i * 3 + 11);
    if (i % 4 == 0) {
      Mesh star;
      for (int k = 0; k < 5; ++k) {
        const float t = 1.2566f * static_cast<float>(k);
        const vec3 tip(std::cos(t) * s * 2, 0.004f, std::sin(t) * s * 2), l(std::cos(t - 0.63f) * s * 0.7f, 0.006f, std::sin(t - 0.63f) * s * 0.7f), q(std::cos(t + 0.63f) * s * 0.7f, 0.006f, std::sin(t + 0.63f) * s * 0.7f);
        star.add(triangle({0, s * 0.5f, 0}, tip, l)).add(triangle({0, s * 0.5f, 0}, q, tip));
      }
      w.add(still, matte, star.paint(i % 8 == 0 ? vec3(0.85f, 0.3f, 0.16f) : vec3(0.62f, 0.28f, 0.5f)), at(where, 90 * hash01(i)));
    } else {
      const vec2 shell[] = {{0, 0}, {s, 0.002f}, {s * 0.8f, s * 0.5f}, {s * 0.35f, s * 0.8f}, {0, s * 0.9f}};
      w.add(still, matte, lathe(shell, 9).stretch({1, 0.7f, 0.72f}).paint(i % 3 ? vec3(0.8f, 0.74f, 0.68f) : vec3(0.75f, 0.55f, 0.5f)), at(where, 360 * hash01(i + 5)));
    }
  }
}

void Cave::sea() {
  Material water;
  water.name = "sea", water.unlit = true, water.bake = Bake::none;
  const MaterialId open = w.material(water);
  Mesh sheet = terrain({-160, 15.0f}, {160, 260}, 6.0f, [](float, float) { return 0.0f; });
  w.add(still, open, sheet.paint([](const Vertex& v) {
    const float far = std::clamp((v.position.z - 15) / 140.0f, 0.0f, 1.0f), ripple = noise(v.position * vec3(0.12f, 0, 0.35f), 9);
    return glm::mix(vec3(0.12f, 0.32f, 0.36f), vec3(0.42f, 0.58f, 0.66f), std::sqrt(far)) * (1.0f + 0.14f * ripple);
  }), at({0, -0.62f, 0}));
  const NodeId ripples = w.node("stream ripples", kRoot, film, terrain({-42.5f, 14.0f}, {42.5f, 60}, 8.5f, [](float, float) { return 0.0f; }), {0, -0.57f, 0});
  stream(w, ripples, {0, 0, -3.4f}, 12.0f);
  // The last wave: a lip of foam that breathes on the beach, and goes out for good at the first scene's cue.
  Mesh foam;
  for (int i = 0; i < 64; ++i) {
    const float x = -12.8f + 0.4f * static_cast<float>(i), lead = 0.35f * noise({x * 0.5f, 0, 0}, 2), lead2 = 0.35f * noise({(x + 0.4f) * 0.5f, 0, 0}, 2);
    const float wide = 0.16f + 0.1f * noise({x, 3, 0}, 5);
    foam.add(quad({x, 0, lead + wide}, {x + 0.4f, 0, lead2 + wide}, {x + 0.4f, 0.0f, lead2}, {x, 0.0f, lead}));
  }
  const NodeId lip = w.node("wave", vec3(0, -0.27f, 9.6f));
  const NodeId breath = w.node("foam", lip, glow, foam.paint({0.75f, 0.82f, 0.82f}));
  bob(w, breath, {0, -0.02f, 0.7f}, 6.0f);
  move_once(w, "cave_mouth", lip, {{0.0f, {0, -0.16f, 6.6f}}, {2.0f, {0, -0.16f, 6.6f}}, {6.0f, {0, -0.27f, 9.6f}}});
  // Stacks in the sea, and gulls.
  for (const auto& [x, z, s] : {std::tuple{-22.0f, 48.0f, 9.0f}, {17.0f, 60.0f, 12.0f}, {30.0f, 42.0f, 6.0f}, {-40.0f, 80.0f, 16.0f}}) {
    Mesh stack = rock(static_cast<std::uint32_t>(x + 90), {s, s * 1.5f, s}, 3, 0.3f);
    w.add(still, glow, stack.paint([](const Vertex& v) { return vec3(0.3f, 0.36f, 0.42f) * (0.75f + 0.35f * std::clamp(v.normal.y + v.normal.x * 0.5f, 0.0f, 1.0f)); }), at({x, s * 0.25f, z}));
  }
  BirdLook gull;
  gull.back = {0.75f, 0.77f, 0.8f}, gull.belly = {0.9f, 0.9f, 0.9f}, gull.head = {0.92f, 0.92f, 0.92f}, gull.beak = {0.9f, 0.6f, 0.1f}, gull.tail = {0.8f, 0.8f, 0.8f}, gull.length_m = 0.55f;
  for (int i = 0; i < 3; ++i) {
    const float k = static_cast<float>(i);
    const Bird bird = add_bird(w, kRoot, live, vec3(0), 0, gull, true);
    roam(w, bird.root, {{-5 + k, 4 + k, 14 + 3 * k}, {2, 5.5f + k, 18 + 3 * k}, {7 - k, 4.5f, 14}, {1, 3.6f + k, 10 + k}}, 12.0f, true, k * 0.31f);
    flap(w, bird, 1.0f, 24);
  }
}

void Cave::mushroom_cluster(const vec3& where, std::uint32_t seed, const vec3& color, float size) {
  Mesh caps, stalks;
  for (std::uint32_t i = 0; i < 6; ++i) {
    const float a = 6.28f * hash01(seed + i * 5), r = size * 0.55f * hash01(seed + i * 5 + 1), h = size * (0.35f + 0.65f * hash01(seed + i * 5 + 2)), c = size * (0.12f + 0.1f * hash01(seed + i * 5 + 3));
    const vec3 foot(r * std::cos(a), 0, r * std::sin(a)), head = foot * 1.35f + vec3(0, h, 0);
    stalks.add(tube(std::vector<vec3>{foot - vec3(0, 0.08f, 0), (foot + head) * 0.5f, head}, std::vector<float>{0.02f * size + 0.006f, 0.014f * size + 0.004f, 0.012f * size + 0.003f}, 6).paint(color * 0.35f + vec3(0.03f)));
    const vec2 cap[] = {{0, 0.0f}, {c, -0.25f * c}, {c * 0.95f, 0.02f}, {c * 0.6f, 0.45f * c}, {0, 0.62f * c}};
    caps.add(lathe(cap, 12).move(head).paint([&](const Vertex& v) { return color * (v.position.y < head.y ? 1.0f : 0.28f + 0.5f * std::clamp((v.position.y - head.y) / (0.6f * c), 0.0f, 1.0f)); }));
  }
  w.add(still, glow, caps, at(where));
  w.add(still, glow, stalks, at(where));
  add_halo(w, kRoot, halo, where + vec3(0, size * 0.6f, 0), size * 1.3f, color * 0.8f);
  w.lights.push_back({where + vec3(0, size * 0.75f, 0), color * (0.95f * size + 0.12f), 0.06f});
}

void Cave::plants() {
  mushroom_cluster(point(0.82f, -0.2f, 0.0f), 1, kTeal, 0.3f);
  mushroom_cluster(point(2.5f, -1.9f, 0.25f), 2, kViolet, 0.5f);
  mushroom_cluster(point(2.65f, 0.62f, 0.35f), 3, kTeal, 0.45f);
  mushroom_cluster(point(0.75f, 2.45f, 0.3f), 4, kTeal, 0.55f);
  mushroom_cluster(point(-2.35f, 1.95f, 0.4f), 5, kViolet, 0.55f);
  mushroom_cluster(point(-2.75f, 1.05f, 0.3f), 6, kTeal, 0.6f);
  mushroom_cluster(point(-2.85f, -0.55f, 0.35f), 7, kViolet, 0.5f);
  mushroom_cluster(point(-1.75f, -1.9f, 0.25f), 8, kTeal, 0.5f);
  mushroom_cluster(point(-0.2f, 0.6f, 0.0f), 9, kTeal, 0.16f);
  // Spores that drift in the dark.
  for (std::uint32_t i = 0; i < 10; ++i) {
    const NodeId spore = w.node("spore", kRoot, glow, ball(0.009f, 4, 6).paint(i % 3 ? kTeal : kViolet));
    const float a = 0.63f * static_cast<float>(i);
    std::vector<vec3> way;
    for (int k = 0; k < 5; ++k) {
      const float t = a + 0.35f * static_cast<float>(k % 3), r = 2.0f + 0.5f * hash01(i * 7 + static_cast<std::uint32_t>(k));
      way.push_back(vec3(r * std::cos(t), 0.9f + 1.5f * hash01(i * 11 + static_cast<std::uint32_t>(k)), r * std::sin(t)));
    }
    roam(w, spore, way, 24.0f, false, 0.1f * static_cast<float>(i));
  }
}

void Cave::kelp() {
  for (int i = 0; i < 9; ++i) {
    const auto n = static_cast<std::uint32_t>(i);
    const float a = -0.98f + 0.14f * static_cast<float>(i), r = 2.42f + 0.3f * static_cast<float>(i % 2);
    const vec3 top = point(r * std::cos(a), r * std::sin(a), 3.15f);
    const NodeId whole = w.node("kelp strand", top);
    const NodeId strand = w.node("kelp", vec3(0), whole);
    w.nodes[strand].occludes = false;
    const float length = 1.9f + 0.7f * hash01(n + 40);
    std::vector<vec3> path, across;
    std::vector<float> radii;
    for (int k = 0; k <= 12; ++k) {
      const float t = static_cast<float>(k) / 12;
      path.push_back({0.06f * std::sin(t * 7 + a * 9), -length * t, 0.05f * std::cos(t * 6 + a * 5)});
      radii.push_back(0.013f * (1 - 0.6f * t));
    }
    w.add(strand, leaf, tube(path, radii, 5).paint({0.3f, 0.26f, 0.08f}));
    for (int k = 1; k <= 12; ++k) {
      for (int side = 0; side < 2; ++side) {
        const float turn = 140.0f * static_cast<float>(k) + 180.0f * static_cast<float>(side) + 20.0f * hash01(n * 17 + static_cast<std::uint32_t>(k)), size = 0.34f - 0.012f * static_cast<float>(k);
        std::vector<vec3> blade, wide;
        for (int q = 0; q <= 4; ++q) {
          const float t = static_cast<float>(q) / 4;
          blade.push_back({0.0f, -size * (0.35f * t + 0.75f * t * t), size * 0.62f * std::sin(t * 1.7f)});
          wide.push_back(vec3(0.042f * std::sin(kPi * (0.12f + 0.86f * t)) + 0.002f, 0.012f * std::sin(t * 9), 0));
        }
        w.add(strand, leaf, ribbon(blade, wide).turn_y(turn).paint([&](const Vertex& v) { return glm::mix(vec3(0.85f, 0.7f, 0.2f), vec3(0.36f, 0.58f, 0.18f), std::clamp(-v.position.y / size, 0.0f, 1.0f)); }), at(path[static_cast<std::size_t>(k)]));
      }
      if (k % 3 == 0) w.add(strand, leaf, ball(0.028f, 5, 7).move(path[static_cast<std::size_t>(k)] + vec3(0.03f, 0, 0)).paint({0.5f, 0.42f, 0.14f}));
    }
    sway(w, strand, {std::cos(a), 0, std::sin(a)}, 2.6f, i % 2 ? 4.0f : 6.0f, hash01(n * 3));
    turn_once(w, "kelp_curtain", whole, {std::sin(a), 0, std::cos(a)}, {{0.2f, 0}, {1.4f, 5.0f * (i % 2 ? 1.0f : -1.0f)}, {2.6f, -3.0f}, {4.0f, 1.5f}, {5.2f, 0}});
    if (i % 2 == 0) {  // each strand drips its own note
      const NodeId drop = w.node("drop", kRoot, glow, ball(0.011f, 5, 6).stretch({1, 1.7f, 1}).paint({0.65f, 0.85f, 0.9f}), top - vec3(0, length, 0));
      const vec4 high(top - vec3(0, length + 0.05f, 0), 0), low(top.x, 0.02f, top.z, 0);
      const float begin = 0.2f + 0.33f * static_cast<float>(i / 2), fall = 0.4f;
      w.key("always:2.00s", drop, Path::translation, {{0, high}, {begin, high}, {begin + fall * 0.5f, high + (low - high) * 0.25f}, {begin + fall, low}, {begin + fall + 0.001f, high}, {2.0f, high}});
    }
  }
}

void Cave::anemones() {
  const RayCaster caster(occluders(w));
  const vec3 guest = point(1.49f, 0.98f, 1.3f);
  // On the wall about the anemone scene: clusters that close as the guest comes, and open again.
  for (int cluster = 0; cluster < 9; ++cluster) {
    const auto n = static_cast<std::uint32_t>(cluster);
    const float a = 0.80f + 0.13f * static_cast<float>(cluster);
    const vec3 way = glm::normalize(point(std::cos(a), std::sin(a), 0.42f * static_cast<float>((cluster * 3) % 4) - 0.5f));
    const vec3 where = guest + way * (caster.nearest(guest, way, 4.0f).distance - 0.03f);
    const NodeId hand = w.node("anemones", where);
    const vec3 out = glm::normalize(guest - where);
    w.nodes[hand].rotation = glm::quat_cast(glm::mat3(glm::inverse(glm::lookAt(vec3(0), -out, vec3(0, 1, 0)))));
    w.nodes[hand].occludes = false;
    const vec3 tints[] = {kRose, {1.0f, 0.5f, 0.25f}, kViolet, {0.35f, 0.9f, 0.6f}};
    Mesh arms, feet;
    for (std::uint32_t k = 0; k < 4; ++k) {
      const vec3 tint = tints[(n + k) % 4];
      const vec3 foot(0.24f * (hash01(n * 31 + k * 3) - 0.5f) + (k % 2 ? 0.11f : -0.11f), 0.24f * (hash01(n * 31 + k * 3 + 1) - 0.5f) + (k / 2 ? 0.11f : -0.11f), 0);
      const float size = 0.085f + 0.05f * hash01(n * 31 + k * 3 + 2);
      const vec2 stalk[] = {{size * 0.62f, -0.3f}, {size * 0.42f, 0.0f}, {size * 0.55f, size * 0.5f}, {0, size * 0.42f}};
      feet.add(lathe(stalk, 10).turn(90, {1, 0, 0}).move(foot).paint(tint * 0.4f + vec3(0.08f, 0.05f, 0.06f)));
      for (int j = 0; j < 16; ++j) {
        const float turn = 6.2832f * static_cast<float>(j) / 16, ring = j % 2 ? 1.0f : 0.62f;
        const vec3 side(std::cos(turn), std::sin(turn), 0);
        const vec3 path[] = {foot + vec3(0, 0, size * 0.4f) + side * size * 0.3f, foot + vec3(0, 0, size * 1.1f) + side * size * 0.85f * ring, foot + vec3(0, 0, size * 1.5f) + side * size * 1.35f * ring, foot + vec3(0, 0, size * 1.45f) + side * size * 1.7f * ring};
        const float radii[] = {size * 0.11f, size * 0.09f, size * 0.06f, size * 0.075f};
        arms.add(tube(path, radii, 4).paint([&](const Vertex& v) { return tint * (0.28f + 0.6f * std::clamp((v.position.z - size * 0.4f) / (size * 1.2f), 0.0f, 1.0f)) ; }));
      }
    }
    w.add(hand, live, feet);
    const NodeId fingers = w.node("fingers", vec3(0), hand);
    w.add(fingers, glow, arms);
    sway(w, hand, {0.3f, 0.2f, 1}, 3.5f, 6.0f, hash01(n * 5));
    const float late = 0.05f * static_cast<float>(cluster);
    scale_once(w, "anemone_wall", fingers, {{0.0f, vec3(1)}, {0.25f + late, vec3(1)}, {0.8f + late, {0.35f, 0.35f, 0.75f}}, {3.6f + late, {0.35f, 0.35f, 0.75f}}, {4.8f + late, vec3(1)}});
    w.lights.push_back({where + out * 0.3f, tints[(n + 1) % 4] * 0.075f, 0.05f});
  }
}

void Cave::bell() {
  const vec3 hang = point(-1.6f, 1.82f, 2.3f);
  // An arch of rock that has grown over the yoke.
  Mesh arch;
  const vec3 bow[] = {point(-1.2f, 2.95f, -0.1f), point(-1.3f, 2.7f, 1.6f), point(-1.62f, 1.84f, 2.5f), point(-2.1f, 1.12f, 1.75f), point(-2.35f, 0.95f, -0.1f)};
  const std::vector<vec3> path = curve(bow, 6);
  std::vector<float> radii;
  for (std::size_t i = 0; i < path.size(); ++i) radii.push_back(0.2f + 0.09f * noise(path[i] * 3.0f, 6) + 0.1f * std::abs(static_cast<float>(i) / 12.0f - 1.0f));
  arch.add(tube(path, radii, 10).bend([](const vec3& p) { return p + 0.07f * vec3(noise(p * 5.0f, 1), noise(p * 5.0f, 2), noise(p * 5.0f, 3)); }));
  w.add(still, stone, arch.smooth(80).map_box().paint([](const Vertex& v) { return glm::mix(vec3(0.16f, 0.26f, 0.28f), vec3(0.5f, 0.38f, 0.36f), std::clamp(v.position.y / 2.2f + 0.4f * noise(v.position * 2.6f, 4), 0.0f, 1.0f)); }));
  const NodeId swing = w.node("bell", hang);
  const vec2 outer[] = {{0.42f, -0.92f}, {0.43f, -0.88f}, {0.36f, -0.72f}, {0.29f, -0.45f}, {0.26f, -0.22f}, {0.2f, -0.12f}, {0.06f, -0.07f}, {0.05f, 0.06f}, {0, 0.08f}};
  const vec2 inner[] = {{0, -0.16f}, {0.2f, -0.2f}, {0.25f, -0.45f}, {0.33f, -0.74f}, {0.42f, -0.92f}};
  const auto bronze = [](const Vertex& v) {
    const float green = std::clamp(0.45f + 1.2f * fbm(v.position * 5.0f, 3, 8), 0.0f, 1.0f);
    const float ring = std::abs(v.position.y + 0.78f) < 0.015f || std::abs(v.position.y + 0.3f) < 0.012f ? 0.6f : 1.0f;
    return glm::mix(vec3(0.42f, 0.26f, 0.1f), vec3(0.16f, 0.42f, 0.36f), green) * ring;
  };
  std::vector<vec2> fine;
  for (std::size_t i = 0; i + 1 < std::size(outer); ++i) {
    for (int k = 0; k < 3; ++k) fine.push_back(outer[i] + (outer[i + 1] - outer[i]) * (static_cast<float>(k) / 3));
  }
  fine.push_back(outer[std::size(outer) - 1]);
  w.add(swing, live, lathe(fine, 28).paint(bronze));
  w.add(swing, live, lathe(inner, 20).paint({0.1f, 0.09f, 0.07f}));
  for (std::uint32_t i = 0; i < 34; ++i) {  // barnacles
    const float a = 6.28f * hash01(i * 3 + 70), y = -0.86f + 0.62f * hash01(i * 3 + 71), r = 0.27f + 0.15f * std::pow((-y - 0.25f) / 0.65f, 2.0f), s = 0.014f + 0.02f * hash01(i * 3 + 72);
    const vec2 cone[] = {{s, 0}, {s * 0.6f, s * 0.8f}, {s * 0.35f, s * 0.8f}, {0, s * 0.4f}};
    w.add(swing, live, lathe(cone, 7).turn(80, {1, 0, 0}).turn_y(90 - a * 180 / kPi).paint({0.7f, 0.68f, 0.62f}), at({r * std::cos(a), y, r * std::sin(a)}));
  }
  const NodeId clapper = w.node("clapper", vec3(0, -0.2f, 0), swing);
  w.add(clapper, live, tube(std::vector<vec3>{{0, 0, 0}, {0, -0.6f, 0}}, 0.018f, 6).paint({0.2f, 0.14f, 0.08f}));
  w.add(clapper, live, ball(0.065f, 8, 10).move({0, -0.66f, 0}).paint({0.3f, 0.22f, 0.12f}));
  turn_once(w, "drowned_bell", swing, {1, 0, 0}, {{4.0f, 0}, {4.95f, 13}, {5.7f, -9}, {6.4f, 5}, {7.0f, -2}, {7.5f, 0}});
  turn_once(w, "drowned_bell", clapper, {1, 0, 0}, {{4.2f, 0}, {4.95f, -22}, {5.7f, 14}, {6.5f, -6}, {7.4f, 0}});
  turn_once(w, "shell_heart", swing, {1, 0, 0}, {{4.2f, 0}, {4.95f, 10}, {5.7f, -7}, {6.4f, 3}, {7.2f, 0}});
  w.lights.push_back({point(-0.9f, 1.75f, 2.3f), vec3(1.0f, 0.8f, 0.5f) * 0.22f, 0.1f});
}

void Cave::pool() {
  const vec3 middle = point(-2.07f, -1.0f, 0.72f);  // a table of rock, so that a guest looks into it without bending
  Mesh table = lathe(std::vector<vec2>{{0.8f, -0.9f}, {0.6f, -0.6f}, {0.5f, -0.35f}, {0.6f, -0.08f}, {0.66f, 0.03f}, {0.0f, 0.035f}}, 22).bend([](const vec3& p) {
    const float k = 1.0f + 0.12f * noise(p * 3.0f, 23);
    return vec3(p.x * k, p.y, p.z * k);
  });
  w.add(still, stone, table.refine(0.25f).smooth(60).map_box().paint([](const Vertex& v) { return glm::mix(vec3(0.1f, 0.22f, 0.25f), vec3(0.46f, 0.36f, 0.38f), std::clamp(v.position.y + 0.8f + 0.3f * noise(v.position * 4.0f, 5), 0.0f, 1.0f)); }), at(middle));
  Mesh rim;
  for (int i = 0; i < 15; ++i) {
    const float a = 6.2832f * static_cast<float>(i) / 15;
    rim.add(rock_painted(static_cast<std::uint32_t>(i + 60), {0.26f, 0.2f + 0.08f * hash01(static_cast<std::uint32_t>(i)), 0.24f}), at(middle + vec3(0.6f * std::cos(a), 0.02f, 0.6f * std::sin(a)), 50.0f * static_cast<float>(i)));
  }
  w.add(still, stone, rim);
  w.add(still, glow, disc(0.62f, 28).paint([](const Vertex& v) { return glm::mix(vec3(0.01f, 0.05f, 0.07f), vec3(0.03f, 0.2f, 0.22f), std::clamp(glm::length(v.position) * 1.3f, 0.0f, 1.0f)); }), at(middle + vec3(0, 0.05f, 0)));
  for (int i = 0; i < 2; ++i) {
    const NodeId sheen = w.node("pool sheen", kRoot, film, disc(0.62f, 28).scale_uv(vec2(1.4f)).paint({0.3f, 0.9f, 0.85f}), middle + vec3(0, 0.07f + 0.012f * static_cast<float>(i), 0));
    spin(w, sheen, {0, i ? 1.0f : -1.0f, 0}, 24.0f, 40.0f * static_cast<float>(i));
  }
  // The swimmer: a small comet that goes round, and the circle that stays where it has been.
  const NodeId swimmer = w.node("swimmer", middle + vec3(0, 0.1f, 0));
  Mesh comet;
  for (int i = 0; i < 9; ++i) {
    const float a = -0.085f * static_cast<float>(i), s = 0.034f * (1.0f - 0.1f * static_cast<float>(i));
    comet.add(ball(s, 5, 7).move({0.4f * std::cos(a), 0, 0.4f * std::sin(a)}).paint(glm::mix(vec3(0.8f, 1.0f, 0.95f), kTeal * 0.5f, static_cast<float>(i) / 8)));
  }
  const NodeId body = w.node("comet", swimmer, glow, comet);
  add_halo(w, body, halo, {0.4f, 0, 0}, 0.26f, kTeal);
  spin(w, swimmer, {0, -1, 0}, 4.0f);
  for (int i = 0; i < 12; ++i) {
    Mesh arc;
    for (int k = 0; k < 4; ++k) {
      const float a = 6.2832f * (static_cast<float>(i) + static_cast<float>(k) / 4) / 12;
      arc.add(ball(0.02f, 4, 6).move({0.4f * std::cos(a), 0, 0.4f * std::sin(a)}));
    }
    const NodeId piece = w.node("circle", kRoot, glow, arc.paint({0.4f, 1.0f, 0.9f}), middle + vec3(0, 0.095f, 0));
    w.show(piece, 4, 6);
    const float start = 2.6f + 0.15f * static_cast<float>(i);
    scale_once(w, "glow_pool", piece, {{0.0f, vec3(1e-4f)}, {start, vec3(1e-4f)}, {start + 0.3f, vec3(1)}});
  }
  w.lights.push_back({middle + vec3(0, 0.35f, 0), kTeal * 0.5f, 0.15f});
}

void Cave::bend() {
  const RayCaster caster(occluders(w));
  const vec3 guest = point(-0.3f, -0.98f, 1.4f);
  // Ears of shell in the wall, that answer one after another.
  const vec2 ears[] = {{-43, 0.3f}, {-39, 0.0f}, {-34, 0.4f}, {-29, 0.12f}, {-23, 0.36f}, {-17, -0.06f}, {-12, 0.24f}, {-6, 0.02f}};  // degrees, rise
  for (int i = 0; i < 8; ++i) {
    const float a = ears[i].x * kPi / 180;
    const vec3 way = glm::normalize(point(std::cos(a), std::sin(a), ears[i].y));
    const vec3 where = guest + way * (caster.nearest(guest, way, 4.0f).distance - 0.05f);
    const vec3 out = -way;
    Mesh ear;
    std::vector<vec3> coil;
    std::vector<float> radii;
    for (int k = 0; k <= 34; ++k) {
      const float t = static_cast<float>(k) / 34, turn = t * 6.2832f * 2.4f, q = 0.19f * std::pow(1 - t, 1.25f);
      coil.push_back({q * std::cos(turn), q * std::sin(turn), -0.02f + 0.16f * t});
      radii.push_back(0.085f * std::pow(1 - t, 1.05f) + 0.003f);
    }
    ear.add(tube(coil, radii, 9).paint([](const Vertex& v) { return glm::mix(vec3(0.72f, 0.55f, 0.5f), vec3(0.85f, 0.8f, 0.72f), 0.5f + 0.5f * std::sin(v.uv.x * 60)); }));
    const mat4 turn = glm::inverse(glm::lookAt(where, where - out, vec3(0, 1, 0)));
    w.add(still, matte, ear, turn);
    const NodeId voice = add_halo(w, kRoot, halo, where + out * 0.12f, 0.42f, i % 2 ? kTeal : vec3(0.9f, 0.75f, 0.55f));
    w.show(voice, 5, 5);
    const float start = 3.6f + 0.17f * static_cast<float>(i);
    scale_once(w, "whispering_bend", voice, {{0, vec3(0.02f)}, {0.3f + 0.1f * static_cast<float>(i), vec3(0.02f)}, {0.7f + 0.1f * static_cast<float>(i), vec3(0.7f)}, {1.4f + 0.1f * static_cast<float>(i), vec3(0.05f)}, {start, vec3(0.05f)}, {start + 0.25f, vec3(1.2f)}, {start + 0.9f, vec3(0.3f)}});
    if (i % 3 == 1) w.lights.push_back({where + out * 0.3f, vec3(0.9f, 0.75f, 0.6f) * 0.07f, 0.06f});
  }
}

void Cave::heart() {
  // Day from above: crossed beams, a pool of light on the sand, the pearl.
  const vec3 middle = point(0.38f, 0.26f);
  Mesh beams;
  for (int i = 0; i < 3; ++i) {
    beams.add(card(1.5f, 4.6f).turn_y(60.0f * static_cast<float>(i) + 15));
  }
  const NodeId beam = w.node("beam", kRoot, shaft, beams.paint(kDay), middle + vec3(0, -0.1f, 0));
  w.nodes[beam].scale = {0.75f, 1, 0.75f};
  w.show(beam, 0, 5);
  const NodeId thin = w.node("thin beam", kRoot, shaft, beams, point(0.78f, 0.62f, -0.1f));
  w.nodes[thin].scale = {0.3f, 1, 0.3f};
  w.show(thin, 6, 6);
  breathe(w, thin, {0.06f, 0, 0.06f}, 6.0f);
  breathe(w, beam, {0.05f, 0, 0.05f}, 6.0f);
  const NodeId dust = w.node("stream dust", kRoot, glow, falling(5, 46, {1.0f, 2.6f, 1.0f}, 0.0045f, true).paint({0.8f, 0.88f, 0.9f}), middle + vec3(0, 0, 0));
  stream(w, dust, {0, -2.6f, 0}, 24.0f);
  const NodeId pearl = w.node("pearl", point(0.78f, 0.62f, 1.5f));
  w.show(pearl, 6, 6);
  w.add(pearl, glow, ball(0.055f, 12, 16).paint([](const Vertex& v) { return glm::mix(vec3(0.1f, 0.07f, 0.2f), vec3(0.4f, 0.36f, 0.34f), std::clamp(v.normal.y * 0.5f + 0.5f + 0.12f * std::sin(7.0f * v.normal.x), 0.0f, 1.0f)); }));
  add_halo(w, pearl, halo, vec3(0), 0.36f, {0.6f, 0.5f, 0.55f});
  const NodeId bulb = w.node("pearl light", vec3(0), pearl);
  w.nodes[bulb].light = LightSource{false, kDay, 6.0f, 5.0f};
  move_once(w, "shell_heart", pearl, {{0.0f, point(0.42f, 0.3f, 4.2f)}, {0.4f, point(0.42f, 0.3f, 4.2f)}, {4.2f, point(0.78f, 0.62f, 1.5f)}});
  // The water has turned: a bright edge comes in over the sand.
  Mesh edge;
  for (int i = 0; i < 40; ++i) {
    const float x = -2.0f + 0.1f * static_cast<float>(i), l0 = 0.12f * noise({x * 2, 0, 0}, 3), l1 = 0.12f * noise({(x + 0.1f) * 2, 0, 0}, 3);
    edge.add(quad({x, 0, l0 + 0.05f}, {x + 0.1f, 0, l1 + 0.05f}, {x + 0.1f, 0, l1}, {x, 0, l0}).paint({0.8f, 0.9f, 0.9f}));
  }
  const NodeId tide = w.node("tide", vec3(0, 0.045f, 0.9f));
  w.show(tide, 6, 6);
  w.add(tide, glow, edge);
  w.add(tide, film, terrain({-2.0f, 0.05f}, {2.0f, 4.0f}, 1.0f, [](float, float) { return -0.004f; }).paint({0.8f, 0.95f, 1.0f}));
  move_once(w, "shell_heart", tide, {{0, {0, 0.0f, 5.2f}}, {4.4f, {0, 0.0f, 5.2f}}, {7.4f, {0, 0.045f, 1.1f}}});
}

void Cave::light() {
  w.open_sky = {0.34f, 0.44f, 0.6f};
  w.open_ground = {0.2f, 0.22f, 0.22f};
  w.lights.push_back({glm::normalize(vec3(0.10f, 1, -0.06f)), vec3(1.0f, 0.97f, 0.88f) * 2.2f, 0.05f, 1, true});
  w.lights.push_back({glm::normalize(vec3(0.35f, 0.42f, 1.0f)), vec3(1.0f, 0.9f, 0.75f) * 0.75f, 0.03f, 2, true});
  w.lights.push_back({point(0.1f, -3.5f, 1.8f), vec3(1.0f, 0.82f, 0.6f) * 0.75f, 0.5f});
  w.lights.push_back({point(0.2f, 0.2f, 1.2f), vec3(0.3f, 0.5f, 1.0f) * 0.06f, 0.5f});
  w.lights.push_back({point(0.38f, 0.26f, 2.6f), kDay * 0.14f, 0.4f});
  const NodeId sun = w.node("sun");
  w.nodes[sun].rotation = glm::quat_cast(glm::mat3(glm::inverse(glm::lookAt(vec3(0), -glm::normalize(vec3(0.35f, 0.42f, 1.0f)), vec3(0, 1, 0)))));
  w.nodes[sun].light = LightSource{true, {1.0f, 0.93f, 0.8f}, 1.2f, 0};
  struct Lamp {
    vec3 place, color;
    float candela;
  };
  const Lamp lamps[] = {{point(-0.75f, 1.5f, 2.2f), {1.0f, 0.84f, 0.6f}, 4.5f}, {point(-1.9f, 2.5f, 0.9f), kViolet, 1.6f}, {point(0.6f, 2.2f, 0.8f), kTeal, 1.2f}, {point(1.5f, 1.7f, 1.7f), {1.0f, 0.5f, 0.5f}, 1.2f}, {point(0.1f, -2.6f, 2.2f), kDay, 2.0f}};
  for (const Lamp& l : lamps) {
    const NodeId n = w.node("lamp", l.place);
    w.nodes[n].light = LightSource{false, l.color, l.candela, 5.0f};
  }
  w.sky.zenith = {0.2f, 0.42f, 0.72f};
  w.sky.horizon = {0.78f, 0.76f, 0.7f};
  w.sky.ground = {0.25f, 0.3f, 0.32f};
  w.sky.sun_color = {2.0f, 1.7f, 1.3f};
  w.sky.sun_glow = 0.35f;
  w.sky.fog_color = {0.5f, 0.6f, 0.66f};
  w.sky.fog_per_m = 0.002f;
  w.sky.ambient = 0.22f;
  w.sky.exposure = 1.25f;
}

}  // namespace

World tide_caves() {
  Cave c;
  c.materials();
  c.still = c.w.node("cave");
  c.shell();
  c.floor();
  c.sea();
  c.plants();
  c.kelp();
  c.anemones();
  c.bell();
  c.pool();
  c.bend();
  c.heart();
  c.light();
  return std::move(c.w);
}

}  // namespace promenade::samples::worlds

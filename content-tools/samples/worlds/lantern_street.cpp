// Lantern Street: an old water town at nightfall. Two rows of shops, a gate behind, a stone bridge before, wet paving
// that keeps a little of every lantern. All light on what stands still is baked; people and lanterns that move are lit.
#include <cmath>

#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include "content-tools/samples/worlds/props.h"
#include "content-tools/samples/worlds/worlds.h"

namespace promenade::samples::worlds {
namespace {

constexpr vec3 kWarm{1.0f, 0.56f, 0.22f}, kRed{1.0f, 0.11f, 0.035f}, kPale{1.0f, 0.82f, 0.58f};
constexpr float kLeft = -2.35f, kRight = 2.95f, kBank = 5.35f, kWater = -0.75f;

struct Street {
  World w;
  MaterialId matte = 0, live = 0, wood = 0, stone = 0, plaster = 0, paving = 0, paper = 0, glow = 0, halo = 0, steam = 0, water = 0;
  NodeId still = 0, mirrored = 0;

  void materials();
  void ground();
  void house(float side, float from, float to, float height, std::uint32_t seed, bool shop);
  void rows();
  void gate();
  void lantern(const vec3& hook, float drop, float r, const vec3& shade, float light, float period, float phase);
  void lamplighter();
  void paper_shop();
  void noodle_stall();
  void bridge();
  void far_bank();
  void mask_seller();
  void well();
};

void Street::materials() {
  const auto baked = [&](const char* name, std::uint32_t texture, float metres) {
    Material m;
    m.name = name, m.texture = texture, m.texture_m = metres, m.bake = Bake::light;
    return w.material(m);
  };
  matte = baked("matte", kNone, 1);
  wood = baked("wood", w.texture(wood_texture()), 0.9f);
  stone = baked("stone", w.texture(stone_texture()), 1.2f);
  plaster = baked("plaster", w.texture(plaster_texture()), 2.2f);
  paving = baked("paving", w.texture(paving_texture(5, 8)), 2.6f);
  w.materials[paving].alpha = Alpha::blend;
  w.materials[paving].opacity = 0.84f;
  paper = baked("paper", w.texture(paper_texture()), 0.8f);
  w.materials[paper].double_sided = true;
  Material lit;
  lit.name = "live", lit.roughness = 0.75f;
  live = w.material(lit);
  Material shining;
  shining.name = "glow", shining.unlit = true, shining.bake = Bake::none, shining.double_sided = true;
  glow = w.material(shining);
  shining.name = "halo", shining.alpha = Alpha::blend, shining.texture = w.texture(glow_texture()), shining.texture_m = 0, shining.opacity = 0.62f;
  halo = w.material(shining);
  shining.name = "steam", shining.opacity = 0.22f;
  steam = w.material(shining);
  shining.name = "water", shining.texture = w.texture(water_texture()), shining.texture_m = 5.0f, shining.opacity = 0.34f;
  water = w.material(shining);
}

// Hangs a lantern, its mirror image under the wet stones, its light and its glow.
void Street::lantern(const vec3& hook, float drop, float r, const vec3& shade, float light, float period, float phase) {
  const vec3 axis(0.35f, 0, 1);
  const float height = r * 1.9f;
  const NodeId real = add_lantern(w, kRoot, glow, live, hook, drop, r, height, shade);
  w.nodes[real].occludes = false;
  const NodeId below = add_lantern(w, mirrored, glow, glow, hook, drop, r, height, shade * 0.8f);
  for (const NodeId n : {real, below}) sway(w, n, axis, 3.2f, period, phase);
  const vec3 middle = hook - vec3(0, drop + height * 0.5f, 0);
  add_halo(w, real, halo, vec3(0, -drop - height * 0.5f, 0), r * 4.2f, shade);
  if (light > 0) w.lights.push_back({middle, shade * light, r * 0.7f});
}

void Street::ground() {
  const auto height = [](float x, float z) { return 0.004f * noise({x * 3, 0, z * 3}, 4) - 0.05f * std::max(0.0f, std::abs(x - 0.3f) - 2.2f); };
  Mesh street = terrain({kLeft - 0.4f, -kBank}, {kRight + 0.4f, 3.4f}, 0.2f, height);
  street.paint([](const Vertex& v) { return vec3(0.42f, 0.44f, 0.47f) * (1.0f + 0.35f * fbm(v.position * 0.8f, 3, 7)); });
  w.add(still, paving, street);
  Mesh far = terrain({kLeft - 0.4f, 3.4f}, {kRight + 0.4f, 11.0f}, 0.4f, [](float, float) { return 0.0f; });
  w.add(still, paving, far.paint({0.4f, 0.42f, 0.45f}));
  // What shows under the wet stones where no lantern is mirrored.
  w.add(still, glow, box({-9, -7.0f, -kBank + 0.2f}, {9, -6.9f, 11}).paint({0.006f, 0.008f, 0.016f}));
}

// A house front: plaster and timber below, lattice windows, an upper floor that leans out under tiled eaves.
void Street::house(float side, float from, float to, float height, std::uint32_t seed, bool shop) {
  Mesh walls, timber, roof, lattice, light, glowing;
  const float width = to - from, middle = (from + to) / 2;
  const float upper = 2.75f;
  const bool near = from > -2.0f;
  const float bevel = near ? 0.015f : 0.0f;
  walls.add(card(width, height).move({0, 0, -0.12f}).refine(near ? 0.32f : 0.6f));
  for (const float s : {-1.0f, 1.0f}) {
    walls.add(card(2.4f, height).refine(0.9f).turn_y(90 * s).move({s * width / 2, 0, -1.32f}));
    const float x = s * (width / 2 - 0.09f);
    timber.add(box({x - 0.09f, 0, -0.14f}, {x + 0.09f, height, 0.04f}, bevel));
  }
  timber.add(box({-width / 2, upper - 0.12f, -0.16f}, {width / 2, upper + 0.08f, 0.12f}, bevel));
  timber.add(box({-width / 2, height - 0.16f, -0.16f}, {width / 2, height, 0.1f}));
  walls.add(box({-width / 2, 0.0f, -0.14f}, {width / 2, 0.28f, 0.02f}).refine(near ? 0.4f : 1.0f));
  roof.add(tiled_roof(width + 0.2f, 0.85f, 0.42f).move({0, upper - 0.03f, 0.62f}));
  roof.add(tiled_roof(width + 0.5f, 2.2f, 1.25f).move({0, height - 0.12f, 0.72f}));
  const auto window = [&](float x, float y, float ww, float wh, bool is_lit) {
    lattice.add(bars(ww, wh, static_cast<int>(ww / 0.13f), static_cast<int>(wh / 0.16f), 0.016f).move({x, y, -0.06f}));
    timber.add(box({x - ww / 2 - 0.07f, y - 0.08f, -0.13f}, {x + ww / 2 + 0.07f, y, 0.03f}));
    timber.add(box({x - ww / 2 - 0.07f, y + wh, -0.13f}, {x + ww / 2 + 0.07f, y + wh + 0.07f, 0.0f}));
    Mesh pane = card(ww, wh).refine(0.4f).move({x, y, -0.105f});
    const float tone = 0.35f + 0.4f * hash01(seed * 77 + static_cast<std::uint32_t>(x * 31 + y * 17 + 400));
    if (is_lit) {
      pane.paint([=](const Vertex& v) {
        const float lamp = std::exp(-2.2f * (std::pow(v.position.x - x, 2.0f) + std::pow(v.position.y - y - wh * 0.45f, 2.0f)));
        return vec3(1.0f, 0.52f, 0.2f) * tone * (0.25f + 0.85f * lamp);
      });
    } else {
      pane.paint({0.012f, 0.016f, 0.03f});
    }
    (is_lit ? glowing : light).add(pane);
  };
  const int count = std::max(1, static_cast<int>(width / 1.25f));
  for (int i = 0; i < count; ++i) {
    const float x = -width / 2 + width * (static_cast<float>(i) + 0.5f) / static_cast<float>(count);
    window(x, upper + 0.75f, 0.78f, height - upper - 1.2f, hash01(seed * 13 + static_cast<std::uint32_t>(i)) > 0.35f);
    if (!shop && i % 2 == 0) window(x, 0.95f, 0.8f, 1.05f, near || hash01(seed * 17 + static_cast<std::uint32_t>(i)) > 0.3f);
    if (!shop && i % 2 == 1) {
      for (const float s : {-0.27f, 0.27f}) timber.add(box({x + s - 0.255f, 0.02f, -0.12f}, {x + s + 0.255f, 2.05f, -0.05f}, 0.02f).paint(vec3(0.8f)));
      timber.add(box({x - 0.6f, 2.05f, -0.13f}, {x + 0.6f, 2.2f, 0.02f}, 0.02f));
    }
  }
  const mat4 place = at({side < 0 ? kLeft : kRight, 0, -middle}, side < 0 ? 90.0f : -90.0f);
  const float shade = 0.8f + 0.3f * hash01(seed);
  w.add(still, plaster, walls.map_box().paint(vec3(0.62f, 0.6f, 0.56f) * shade), place);
  w.add(still, wood, timber.refine(near ? 0.55f : 1.2f).paint({0.2f, 0.11f, 0.065f}), place);
  w.add(still, wood, lattice.paint({0.16f, 0.09f, 0.05f}), place);
  w.add(still, matte, roof.refine(1.1f).paint({0.085f, 0.09f, 0.1f}), place);
  w.add(still, glow, light, place);
  w.add(still, glow, glowing, place);
}

void Street::rows() {
  house(-1, -1.3f, 0.75f, 5.2f, 1, false);
  house(-1, 0.75f, 2.55f, 4.9f, 2, true);
  house(-1, 2.55f, 5.25f, 5.5f, 3, false);
  house(-1, -4.6f, -1.9f, 5.0f, 4, false);
  house(-1, -7.6f, -4.6f, 5.6f, 5, false);
  house(1, -1.3f, 0.45f, 5.0f, 6, false);
  house(1, 0.45f, 2.2f, 5.6f, 7, false);
  house(1, 2.2f, 4.9f, 5.1f, 8, true);
  house(1, -4.6f, -1.9f, 5.4f, 9, false);
  house(1, -7.6f, -4.6f, 4.9f, 10, false);
  // The street's far end behind the gate: a temple door under its own eaves.
  w.add(still, plaster, card(kRight - kLeft + 1.0f, 3.6f).turn_y(180).move({(kLeft + kRight) / 2, 0, 7.7f}).refine(0.4f).map_box().paint({0.5f, 0.42f, 0.38f}));
  Mesh eaves, doors;
  eaves.add(tiled_roof(6.4f, 0.9f, 0.5f).turn_y(180).move({0.3f, 3.4f, 7.0f})).add(tiled_roof(3.4f, 0.7f, 0.4f).turn_y(180).move({0.3f, 2.75f, 7.0f}));
  w.add(still, matte, eaves.refine(1.1f).paint({0.09f, 0.095f, 0.11f}));
  for (const float s : {-1.0f, 1.0f}) {
    doors.add(box({0.3f + s * 0.02f, 0.1f, 7.62f}, {0.3f + s * 0.85f, 2.35f, 7.7f}, 0.02f).paint({1.6f, 0.42f, 0.3f}));
    doors.add(box({0.3f + s * 1.0f - 0.12f, 0, 7.5f}, {0.3f + s * 1.0f + 0.12f, 2.75f, 7.75f}, 0.02f));
    for (int i = 0; i < 16; ++i) doors.add(ball(0.03f, 4, 6).move({0.3f + s * (0.18f + 0.17f * static_cast<float>(i % 4)), 0.5f + 0.45f * static_cast<float>(i / 4), 7.61f}).paint({4.0f, 4.0f, 1.6f}));
  }
  doors.add(box({-0.9f, 2.4f, 7.48f}, {1.5f, 2.62f, 7.75f}, 0.02f));
  w.add(still, wood, doors.refine(0.5f).paint({0.24f, 0.12f, 0.07f}));
  w.add(still, stone, box({-1.2f, 0, 6.9f}, {1.8f, 0.1f, 7.7f}, 0.02f).map_box().paint({0.5f, 0.5f, 0.5f}));
  lantern({-0.95f, 2.7f, 7.25f}, 0.1f, 0.2f, kRed, 0.7f, 6.0f, 0.3f);
  lantern({1.55f, 2.7f, 7.25f}, 0.1f, 0.2f, kRed, 0.7f, 6.0f, 0.7f);
  // Lanterns on lines across the street.
  struct Line {
    float y, left, right;
    int count;
    vec3 shade;
  };
  const Line lines[] = {{-3.4f, 3.4f, 3.3f, 4, kWarm}, {0.9f, 3.55f, 3.45f, 3, kRed}, {2.5f, 3.5f, 3.6f, 4, kWarm}, {4.35f, 3.45f, 3.5f, 3, kRed}};
  int number = 0;
  for (const Line& line : lines) {
    const vec3 a = point(kLeft, line.y, line.left), b = point(kRight, line.y, line.right);
    w.add(still, matte, rope(a, b, 0.28f, 0.008f).paint({0.06f, 0.05f, 0.04f}));
    for (int i = 0; i < line.count; ++i) {
      const float t = (static_cast<float>(i) + 0.65f) / (static_cast<float>(line.count) + 0.3f);
      const vec3 hook = a + (b - a) * t - vec3(0, 0.28f * 4 * t * (1 - t), 0);
      const bool round = (number + i) % 3 == 1;
      lantern(hook, 0.1f, round ? 0.19f : 0.15f, line.shade, 0.42f, 4.0f + static_cast<float>(number % 2) * 2.0f, hash01(static_cast<std::uint32_t>(number * 7 + i)));
    }
    ++number;
  }
}

void Street::gate() {
  Mesh posts, beams, roof;
  for (const float x : {-1.75f, 2.3f}) {
    posts.add(block({0.34f, 3.2f, 0.34f}, 0.03f).move(point(x, -1.6f)));
    posts.add(block({0.56f, 0.5f, 0.56f}, 0.05f).move(point(x, -1.6f)));
  }
  beams.add(box(point(-2.1f, -1.5f, 2.55f), point(2.65f, -1.7f, 2.8f), 0.02f)).add(box(point(-2.2f, -1.48f, 3.1f), point(2.75f, -1.72f, 3.38f), 0.02f));
  for (const float x : {-1.0f, 0.28f, 1.55f}) beams.add(block({0.08f, 0.34f, 0.1f}).move(point(x, -1.6f, 2.78f)));
  roof.add(tiled_roof(5.3f, 0.75f, 0.4f).move(point(0.28f, -2.3f, 3.42f)));
  roof.add(tiled_roof(5.3f, 0.75f, 0.4f).turn_y(180).move(point(0.28f, -0.9f, 3.42f)));
  w.add(still, stone, posts.refine(0.6f).map_box().paint({0.5f, 0.5f, 0.52f}));
  w.add(still, wood, beams.refine(0.7f).paint({0.24f, 0.1f, 0.06f}));
  w.add(still, matte, roof.refine(1.1f).paint({0.09f, 0.095f, 0.11f}));
  lantern(point(-0.75f, -1.6f, 2.55f), 0.12f, 0.2f, kRed, 0.7f, 6.0f, 0.1f);
  lantern(point(1.3f, -1.6f, 2.55f), 0.12f, 0.2f, kRed, 0.7f, 6.0f, 0.5f);
}

void Street::lamplighter() {
  // The fire bowl that the flame is taken from.
  const vec2 bowl[] = {{0, 0}, {0.2f, 0}, {0.2f, 0.06f}, {0.09f, 0.12f}, {0.08f, 0.72f}, {0.2f, 0.82f}, {0.26f, 0.98f}, {0.22f, 0.98f}, {0.1f, 0.9f}, {0, 0.88f}};
  const vec3 fire = point(-1.15f, 0.62f);
  w.add(still, stone, lathe(bowl, 14).paint({0.45f, 0.44f, 0.44f}), at(fire));
  for (int i = 0; i < 5; ++i) {
    const float turn = 72.0f * static_cast<float>(i), tall = 0.17f + 0.07f * static_cast<float>(i % 3);
    const vec2 tongue[] = {{0.005f, 0}, {0.05f, 0.04f}, {0.042f, 0.09f}, {0.018f, tall * 0.8f}, {0.0f, tall}};
    const NodeId flame = w.node("flame", kRoot, glow, lathe(tongue, 8).paint([=](const Vertex& v) {
      const float t = v.position.y / tall;
      return vec3(1.0f, 0.8f - 0.55f * t, 0.32f - 0.3f * t);
    }), fire + vec3(0.07f * std::cos(turn), 0.9f, 0.07f * std::sin(turn)));
    breathe(w, flame, {-0.12f, 0.22f, -0.12f}, 1.0f, static_cast<float>(i) * 0.37f);
    sway(w, flame, {0.4f, 0, 1}, 9.0f, 2.0f, static_cast<float>(i) * 0.23f);
  }
  add_halo(w, kRoot, halo, fire + vec3(0, 1.05f, 0), 0.6f, kWarm);
  w.lights.push_back({fire + vec3(0, 1.15f, 0), kWarm * 0.45f, 0.1f});

  Look look;
  look.robe = {0.11f, 0.16f, 0.24f}, look.trim = {0.5f, 0.32f, 0.12f}, look.straw_hat = true, look.height_m = 1.68f;
  const Figure man = add_figure(w, kRoot, live, point(-1.62f, 0.35f), 62, look, 0.0f);
  w.nodes[man.right_arm].rotation = turned(-38, {1, 0, 0}) * turned(14, {0, 0, 1});
  w.nodes[man.right_fore].rotation = turned(-52, {1, 0, 0});
  // His pole with a hook and a small lamp on it.
  const NodeId pole = w.node("pole", vec3(0, -0.25f, 0.02f), man.right_fore);
  w.nodes[pole].rotation = turned(88, {1, 0, 0});
  w.add(pole, live, tube(std::vector<vec3>{{0, -0.95f, 0}, {0, 1.25f, 0}, {0, 1.36f, 0.05f}, {0, 1.37f, 0.14f}}, 0.014f, 6).paint({0.2f, 0.12f, 0.06f}));
  const NodeId lamp = w.node("pole lamp", vec3(0, 1.36f, 0.15f), pole);
  w.add(lamp, glow, ball(0.035f, 6, 8).stretch({1, 1.5f, 1}).move({0, -0.07f, 0}).paint({1.0f, 0.72f, 0.3f}));
  add_halo(w, lamp, halo, {0, -0.06f, 0}, 0.3f, kWarm);
  turn_once(w, "street_gate", man.left_arm, {1, 0, 0}, {{1.6f, 0}, {3.0f, -62}, {5.6f, -62}, {6.8f, -15}});
  turn_once(w, "street_gate", man.left_fore, {1, 0, 0}, {{1.6f, 0}, {3.0f, -22}, {5.6f, -22}, {6.8f, -10}});
  turn_once(w, "street_gate", man.head, {0, 1, 0}, {{0.2f, -18}, {1.6f, 0}, {5.5f, 0}, {6.8f, 26}});
}

void Street::paper_shop() {
  // The shop stands open: a counter, reams, frames, sheets that dry on lines.
  const float y0 = 0.75f, y1 = 2.55f;
  Mesh counter, shelves, rolls;
  counter.add(box(point(-1.95f, y0 + 0.12f, 0), point(-1.46f, y1 - 0.2f, 0.84f), 0.02f));
  counter.add(box(point(-2.0f, y0 + 0.06f, 0.84f), point(-1.4f, y1 - 0.14f, 0.9f), 0.015f));
  w.add(still, wood, counter.refine(0.22f).paint({0.32f, 0.18f, 0.1f}));
  shelves.add(card(y1 - y0 - 0.2f, 2.7f).refine(0.4f).turn_y(90).move(point(kLeft - 0.06f, (y0 + y1) / 2)));
  for (const float h : {0.75f, 1.15f, 1.55f, 1.95f, 2.35f}) {
    shelves.add(box(point(kLeft - 0.08f, y0 + 0.1f, h), point(kLeft + 0.2f, y1 - 0.1f, h + 0.035f)));
    for (int i = 0; i < 9; ++i) {  // rolls of paper, some standing, some lying
      const auto n = static_cast<std::uint32_t>(h * 100) + static_cast<std::uint32_t>(i);
      if (hash01(n * 3) < 0.2f) continue;
      const float r = 0.035f + 0.035f * hash01(n * 7), y = y0 + 0.22f + 0.17f * static_cast<float>(i);
      const vec3 tints[] = {{0.8f, 0.76f, 0.64f}, {0.7f, 0.22f, 0.15f}, {0.3f, 0.42f, 0.5f}, {0.75f, 0.55f, 0.25f}, {0.45f, 0.55f, 0.4f}};
      const vec3 tint = tints[n % 5];
      const vec3 foot = point(kLeft + 0.08f, y, h + 0.035f);
      if (hash01(n * 11) < 0.5f) rolls.add(tube(std::vector<vec3>{foot, foot + vec3(0, 0.2f + 0.1f * hash01(n), 0)}, r, 9).paint(tint));
      else rolls.add(tube(std::vector<vec3>{foot + vec3(-0.1f, r, 0), foot + vec3(0.13f, r, 0)}, r, 9).paint(tint));
    }
  }
  w.add(still, wood, shelves.refine(0.5f).paint({0.26f, 0.15f, 0.09f}));
  w.add(still, matte, rolls);
  for (int i = 0; i < 6; ++i) {  // reams of paper
    const auto n = static_cast<std::uint32_t>(i);
    const float h = 0.05f + 0.09f * hash01(n + 60);
    const vec3 tint = i % 3 == 0 ? vec3(0.75f, 0.3f, 0.22f) : (i % 3 == 1 ? vec3(0.85f, 0.8f, 0.68f) : vec3(0.4f, 0.5f, 0.55f));
    w.add(still, paper, block({0.24f, h, 0.19f}).paint(tint), at(point(-1.68f, y0 + 0.25f + 0.24f * static_cast<float>(i), 0.9f), 90 + 20 * hash01(n + 3)));
  }
  for (int i = 0; i < 5; ++i) {  // drying sheets
    const float y = y0 + 0.28f + 0.3f * static_cast<float>(i);
    const NodeId sheet = w.node("sheet", point(-1.72f + 0.03f * static_cast<float>(i % 2), y, 2.52f));
    w.nodes[sheet].rotation = turned(90, {0, 1, 0});
    const vec3 tint = i % 2 ? vec3(0.88f, 0.83f, 0.7f) : vec3(0.82f, 0.72f, 0.55f);
    w.add(sheet, paper, card(0.24f, 0.42f).refine(0.2f).move({0, -0.42f, 0}).paint(tint));
    sway(w, sheet, {1, 0, 0}, 5.0f, 4.0f, 0.17f * static_cast<float>(i));
  }
  w.add(still, matte, rope(point(-1.72f, y0 + 0.05f, 2.54f), point(-1.7f, y1 - 0.1f, 2.54f), 0.02f, 0.005f).paint({0.3f, 0.25f, 0.18f}));
  Look look;
  look.robe = {0.42f, 0.16f, 0.14f}, look.trim = {0.75f, 0.65f, 0.45f}, look.bun = true, look.height_m = 1.55f;
  const Figure maker = add_figure(w, kRoot, live, point(-2.12f, 1.62f), 97, look, 0.4f);
  turn_once(w, "paper_shop", maker.right_arm, {1, 0, 0}, {{0.4f, 0}, {1.6f, -95}, {4.0f, -95}, {5.2f, -20}});
  turn_once(w, "paper_shop", maker.right_fore, {1, 0, 0}, {{0.4f, 0}, {1.6f, -45}, {4.0f, -30}, {5.2f, -20}});
  turn_once(w, "paper_shop", maker.head, {0, 1, 0}, {{0.3f, 0}, {1.4f, -20}, {5.4f, -20}, {6.6f, 15}});

  // Her white lantern lights at a breath: dark paper, then the same lantern shining.
  const vec3 hook = point(-1.55f, 2.12f, 2.62f);
  const NodeId dark = add_lantern(w, kRoot, live, live, hook, 0.4f, 0.21f, 0.42f, vec3(0.6f, 0.58f, 0.52f));
  w.show(dark, 0, 1);
  const NodeId lit = w.node("white lantern", hook);
  const NodeId shade = add_lantern(w, lit, glow, live, vec3(0), 0.4f, 0.212f, 0.422f, vec3(1.0f, 0.93f, 0.78f));
  add_halo(w, shade, halo, {0, -0.62f, 0}, 0.85f, kPale);
  const NodeId bulb = w.node("white light", vec3(0.3f, -0.8f, 0), lit);
  w.nodes[bulb].light = LightSource{false, kPale, 1.6f, 4.0f};
  for (const NodeId n : {dark, shade}) sway(w, n, {1, 0, 0.2f}, 2.6f, 4.0f, 0.6f);
  w.show(lit, 1, 6);
  blink_once(w, "paper_shop", lit, {{0.0f, false}, {4.4f, true}, {4.52f, false}, {4.66f, true}});
  w.lights.push_back({point(-1.5f, 1.95f, 2.05f), kPale * 0.42f, 0.16f});
}

void Street::noodle_stall() {
  const float x = -1.53f, y = 3.78f;
  Mesh stall;
  stall.add(box(point(x - 0.45f, y - 0.62f, 0), point(x + 0.3f, y + 0.62f, 0.78f), 0.02f)).add(box(point(x - 0.5f, y - 0.7f, 0.78f), point(x + 0.38f, y + 0.7f, 0.84f), 0.012f));
  for (const float dx : {-0.48f, 0.34f}) {
    for (const float dy : {-0.66f, 0.66f}) if (dx < 0 || dy > 0) stall.add(box(point(x + dx - 0.03f, y + dy - 0.03f, 0.8f), point(x + dx + 0.03f, y + dy + 0.03f, 2.25f)));
  }
  w.add(still, wood, stall.refine(0.2f).paint({0.36f, 0.2f, 0.1f}));
  Mesh awning;  // striped cloth
  for (int i = 0; i < 8; ++i) {
    const float a = y - 0.8f + 0.2f * static_cast<float>(i);
    Mesh strip = quad(point(x + 0.62f, a, 2.12f), point(x + 0.62f, a + 0.2f, 2.12f), point(x - 0.6f, a + 0.2f, 2.42f), point(x - 0.6f, a, 2.42f));
    strip.add(quad(point(x + 0.62f, a + 0.2f, 2.12f), point(x + 0.62f, a, 2.12f), point(x + 0.64f, a, 1.95f), point(x + 0.64f, a + 0.2f, 1.95f)).reverse());
    awning.add(strip.paint(i % 2 ? vec3(0.62f, 0.14f, 0.08f) : vec3(0.7f, 0.6f, 0.42f)));
  }
  w.add(still, paper, awning.refine(0.18f));
  const vec2 pot[] = {{0, 0.84f}, {0.2f, 0.84f}, {0.26f, 0.92f}, {0.27f, 1.02f}, {0.25f, 1.02f}, {0.23f, 0.98f}, {0, 0.98f}};
  w.add(still, matte, lathe(pot, 18).paint({0.16f, 0.12f, 0.1f}), at(point(x + 0.02f, y - 0.28f)));
  for (int i = 0; i < 5; ++i) {  // bowls
    const vec2 bowl[] = {{0, 0}, {0.035f, 0}, {0.04f, 0.015f}, {0.085f, 0.075f}, {0.078f, 0.075f}, {0.03f, 0.03f}, {0, 0.03f}};
    w.add(still, matte, lathe(bowl, 12).paint({0.75f, 0.74f, 0.7f}), at(point(x + 0.1f - 0.1f * static_cast<float>(i % 2), y + 0.12f + 0.13f * static_cast<float>(i / 2 + i % 2), 0.84f + 0.03f * static_cast<float>(i % 2))));
  }
  const vec3 mouth = point(x + 0.02f, y - 0.28f, 1.0f);
  for (int i = 0; i < 4; ++i) {  // steam: puffs that rise, grow and vanish
    const NodeId puff = add_halo(w, kRoot, steam, mouth, 0.34f, {0.85f, 0.78f, 0.7f});
    const float start = static_cast<float>(i) * 0.25f;
    std::vector<Key> places, sizes;
    for (int k = 0; k <= 16; ++k) {
      const float t = std::fmod(static_cast<float>(k % 16) / 16 + start, 1.0f);
      places.push_back({4.0f * static_cast<float>(k) / 16, vec4(mouth + vec3(0.12f * std::sin(t * 5 + start * 9), t * 1.15f, 0.05f * std::cos(t * 4)), 0)});
      sizes.push_back({4.0f * static_cast<float>(k) / 16, vec4(vec3((0.25f + 1.3f * t) * std::min(1.0f, std::min(t * 6, (1 - t) * 3)) + 0.001f), 0)});
    }
    w.key("always:4.00s", puff, Path::translation, places);
    w.key("always:4.00s", puff, Path::scale, sizes);
  }
  Look look;
  look.robe = {0.5f, 0.47f, 0.4f}, look.trim = {0.55f, 0.14f, 0.1f}, look.cap = true, look.height_m = 1.66f, look.skin = {0.68f, 0.45f, 0.3f};
  const Figure cook = add_figure(w, kRoot, live, point(x - 0.66f, y - 0.05f), 100, look, 0.7f);
  w.nodes[cook.right_arm].rotation = turned(-55, {1, 0, 0}) * turned(-20, {0, 0, 1});
  w.nodes[cook.right_fore].rotation = turned(-50, {1, 0, 0});
  sway(w, cook.right_fore, {1, 0, 0.4f}, 14.0f, 1.0f);
  turn_once(w, "noodle_stall", cook.head, {0, 1, 0}, {{0.3f, 0}, {1.5f, 20}, {3.6f, 20}, {4.6f, 50}});

  const vec3 hook = point(x + 0.3f, y - 0.1f, 2.2f);
  const NodeId dark = add_lantern(w, kRoot, live, live, hook, 0.12f, 0.17f, 0.3f, vec3(0.45f, 0.08f, 0.05f));
  w.show(dark, 0, 2);
  const NodeId lit = w.node("red lantern", hook);
  const NodeId shade = add_lantern(w, lit, glow, live, vec3(0), 0.12f, 0.172f, 0.302f, kRed);
  add_halo(w, shade, halo, {0, -0.28f, 0}, 0.7f, {1.0f, 0.3f, 0.12f});
  const NodeId bulb = w.node("red light", vec3(0.1f, -0.35f, 0.25f), lit);
  w.nodes[bulb].light = LightSource{false, {1.0f, 0.42f, 0.18f}, 2.0f, 4.0f};
  for (const NodeId n : {dark, shade}) sway(w, n, {1, 0, 0.3f}, 3.0f, 6.0f, 0.2f);
  w.show(lit, 2, 6);
  blink_once(w, "noodle_stall", lit, {{0.0f, false}, {3.85f, true}, {3.95f, false}, {4.05f, true}});
  w.lights.push_back({point(x + 0.2f, y - 0.1f, 1.75f), vec3(1.0f, 0.4f, 0.16f) * 0.5f, 0.12f});
}

void Street::bridge() {
  const float x0 = -0.75f, x1 = 1.55f, y0 = kBank - 0.15f, y1 = 13.5f, rise = 1.7f;
  const auto crown = [&](float y) {
    const float t = std::clamp((y - y0) / (y1 - y0), 0.0f, 1.0f);
    return rise * std::sin(kPi * t) * 0.98f;
  };
  Mesh deck, rails, side;
  constexpr int kSteps = 18;
  for (int i = 0; i < kSteps; ++i) {
    const float a = y0 + (y1 - y0) * static_cast<float>(i) / kSteps, b = y0 + (y1 - y0) * static_cast<float>(i + 1) / kSteps;
    const float top = std::max(crown(a), crown(b));
    deck.add(box(point(x0, b, std::min(crown(a), crown(b)) - 0.25f), point(x1, a, top), 0.015f));
    for (const float x : {x0 - 0.02f, x1 + 0.02f}) {
      rails.add(plank(point(x, a, crown(a) + 0.42f), point(x, b, crown(b) + 0.42f), 0.16f, 0.7f));
      // The arch below: a wall between deck and opening.
      const auto low = [&](float y) {
        const float t = (y - y0 - 1.6f) / (y1 - y0 - 3.2f);
        return t <= 0 || t >= 1 ? kWater - 0.4f : std::min(crown(y) - 0.5f, kWater + 2.1f * std::sqrt(std::sin(kPi * t)) - 0.05f);
      };
      const vec3 p[] = {point(x, a, low(a)), point(x, b, low(b)), point(x, b, crown(b)), point(x, a, crown(a))};
      side.add(quad(p[0], p[1], p[2], p[3])).add(quad(p[1], p[0], p[3], p[2]));
    }
    if (i % 3 == 0) {
      for (const float x : {x0 - 0.02f, x1 + 0.02f}) {
        rails.add(block({0.24f, 1.02f, 0.24f}, 0.02f).move(point(x, a + 0.05f, crown(a) - 0.05f)));
        rails.add(ball(0.13f, 6, 8).move(point(x, a + 0.05f, crown(a) + 1.06f)));
      }
    }
  }
  w.add(still, stone, deck.refine(0.8f).map_box().paint({0.5f, 0.5f, 0.5f}));
  w.add(still, stone, rails.refine(0.8f).map_box().paint({0.55f, 0.54f, 0.53f}));
  w.add(still, stone, side.refine(0.9f).map_box().paint({0.38f, 0.39f, 0.4f}));
  Mesh quay;
  quay.add(box(point(-14, kBank, -1.4f), point(15, kBank - 0.35f, 0.02f)));
  quay.add(box(point(-14, kBank + 0.02f, 0.02f), point(x0 - 0.2f, kBank - 0.3f, 0.16f), 0.02f)).add(box(point(x1 + 0.2f, kBank + 0.02f, 0.02f), point(15, kBank - 0.3f, 0.16f), 0.02f));
  w.add(still, stone, quay.refine(1.0f).map_box().paint({0.42f, 0.43f, 0.44f}));

  // The lantern that will not take, over the bridge's first steps: above everybody's head, and seen against the sky.
  const vec3 foot = point(x0 - 0.02f, 5.8f, crown(5.8f)), top = foot + vec3(0, 2.7f, 0);
  Mesh post;
  post.add(tube(std::vector<vec3>{foot, top}, 0.045f, 8)).add(plank(top + vec3(-0.05f, -0.15f, 0), top + vec3(0.55f, -0.15f, 0), 0.05f, 0.05f));
  post.add(plank(top + vec3(0.0f, -0.45f, 0), top + vec3(0.3f, -0.15f, 0), 0.04f, 0.04f));
  w.add(still, wood, post.refine(0.3f).paint({0.16f, 0.1f, 0.07f}));
  const vec3 hook = top + vec3(0.47f, -0.17f, 0);
  const NodeId dark = add_lantern(w, kRoot, live, live, hook, 0.16f, 0.2f, 0.4f, vec3(0.2f, 0.21f, 0.26f));
  w.show(dark, 0, 6);
  sway(w, dark, {0.2f, 0, 1}, 4.0f, 4.0f, 0.1f);
  for (int i = 0; i < 2; ++i) {  // drops from the wet wick
    const NodeId drop = w.node("drop", kRoot, live, ball(0.012f, 5, 6).stretch({1, 1.5f, 1}).paint({0.7f, 0.8f, 1.0f}), hook - vec3(0, 0.9f, 0));
    w.show(drop, 0, 5);
    const vec4 high(hook - vec3(0, 0.86f, 0), 0), low(hook.x, crown(5.8f), hook.z, 0);
    const float begin = 0.4f + 1.0f * static_cast<float>(i);
    w.key("always:2.00s", drop, Path::translation, {{0, high}, {begin, high}, {begin + 0.25f, high + (low - high) * 0.25f}, {begin + 0.5f, low}, {begin + 0.501f, high}, {2.0f, high}});
  }
  const NodeId lit = w.node("bridge lantern", hook);
  const NodeId shade = add_lantern(w, lit, glow, live, vec3(0), 0.16f, 0.202f, 0.402f, {1.0f, 0.7f, 0.34f});
  add_halo(w, shade, halo, {0, -0.38f, 0}, 1.1f, kPale);
  sway(w, shade, {0.2f, 0, 1}, 4.0f, 4.0f, 0.1f);
  w.show(lit, 6, 6);
  blink_once(w, "street_gate_again", lit, {{0.0f, false}, {1.0f, true}, {1.1f, false}, {1.35f, true}, {1.45f, false}, {1.6f, true}});
  const NodeId copy = w.node("bridge lantern mirrored", hook, mirrored);
  add_lantern(w, copy, glow, glow, vec3(0), 0.16f, 0.2f, 0.4f, {1.0f, 0.7f, 0.34f});
  w.show(copy, 6, 6);
  blink_once(w, "street_gate_again", copy, {{0.0f, false}, {1.0f, true}, {1.1f, false}, {1.35f, true}});

  // The ferryman's girl, looking out over the water.
  Look girl;
  girl.robe = {0.22f, 0.34f, 0.42f}, girl.trim = {0.7f, 0.66f, 0.55f}, girl.height_m = 1.22f, girl.bun = true;
  const Figure child = add_figure(w, kRoot, live, point(1.12f, 5.0f), 205, girl, 0.2f);
  w.nodes[child.head].rotation = turned(14, {1, 0, 0});
  turn_once(w, "bridge_end", child.head, {0, 1, 0}, {{1.5f, 0}, {3.2f, 70}, {6.0f, 70}, {7.4f, 10}});
}

void Street::far_bank() {
  // The river: a dark bed, a sheet of wet light that drifts, mirrored windows between.
  w.add(still, glow, box({-60, -8, -70}, {60, -7.9f, -kBank}).paint({0.010f, 0.014f, 0.028f}));
  Material deep;
  deep.name = "river", deep.unlit = true, deep.bake = Bake::none, deep.alpha = Alpha::blend, deep.opacity = 0.62f;
  const MaterialId river = w.material(deep);
  Mesh sheet = terrain({-60, -46}, {60, -kBank}, 3.0f, [](float, float) { return 0.0f; });
  sheet.paint([](const Vertex& v) {
    const float far = std::clamp((-v.position.z - 5.0f) / 40.0f, 0.0f, 1.0f);
    return glm::mix(vec3(0.012f, 0.018f, 0.036f), vec3(0.11f, 0.065f, 0.075f), far);
  });
  w.add(still, river, sheet, at({0, kWater, 0}));
  const NodeId ripples = w.node("stream ripples", kRoot, water, terrain({-40, -46}, {40, -kBank - 0.4f}, 8.0f, [](float, float) { return 0.0f; }).paint({0.75f, 0.5f, 0.45f}), {0, kWater + 0.012f, 0});
  stream(w, ripples, {5.0f, 0, 0}, 24.0f);
  // Houses over the water, as one dark mass with windows.
  Mesh mass, lights;
  for (int i = 0; i < 16; ++i) {
    const auto n = static_cast<std::uint32_t>(i);
    const float x = -36.0f + 4.8f * static_cast<float>(i), ww = 4.2f + 1.2f * hash01(n + 70), h = 3.0f + 2.4f * hash01(n + 71), z = -42.0f - 4.0f * hash01(n + 72);
    mass.add(box({x, -1.5f, z - 3}, {x + ww, h, z}));
    const vec2 gable[] = {{-0.35f, 0}, {ww + 0.35f, 0}, {ww * 0.86f, 1.3f}, {ww * 0.14f, 1.3f}};
    mass.add(extrude(gable, 3.6f).move({x, h, z - 3.2f}));
    for (int k = 0; k < 3; ++k) {
      if (hash01(n * 5 + static_cast<std::uint32_t>(k) + 300) < 0.45f) continue;
      lights.add(card(0.5f, 0.7f).move({x + 0.8f + 1.3f * static_cast<float>(k), h - 1.6f, z + 0.02f}).paint(vec3(1.0f, 0.55f, 0.2f) * (0.5f + 0.5f * hash01(n * 9 + 5))));
    }
  }
  w.add(still, glow, mass.paint([](const Vertex& v) { return vec3(0.016f, 0.016f, 0.026f) * (v.position.y > 2.5f ? 1.5f : 1.0f); }));
  w.add(still, glow, lights);
  w.add(mirrored, glow, Mesh(lights).move({0, 1.5f, 0}));
  Mesh hills = terrain({-160, -190}, {160, -90}, 8.0f, [](float x, float z) {
    return 22.0f * std::exp(-std::pow((z + 140) / 34.0f, 2.0f)) * (0.55f + 0.45f * std::sin(x * 0.045f + 1.0f)) + 3.0f * fbm({x * 0.06f, 0, z * 0.06f}, 3, 2) - 3.0f;
  });
  w.add(still, glow, hills.paint({0.028f, 0.026f, 0.045f}));
  // The ferry, and the light that answers.
  const NodeId boat = w.node("ferry", point(-4.5f, 27, kWater + 0.05f));
  const vec3 hull[] = {{-2.2f, 0.5f, 0}, {-1.4f, 0.12f, 0}, {0, 0.02f, 0}, {1.4f, 0.12f, 0}, {2.2f, 0.55f, 0}};
  const float widths[] = {0.06f, 0.4f, 0.5f, 0.4f, 0.06f};
  w.add(boat, glow, tube(hull, widths, 8).paint({0.02f, 0.018f, 0.02f}));
  w.add(boat, glow, tube(std::vector<vec3>{{-0.7f, 0.3f, 0}, {0.7f, 0.3f, 0}}, 0.62f, 12).paint({0.024f, 0.02f, 0.022f}));
  w.add(boat, glow, tube(std::vector<vec3>{{1.2f, 0.2f, 0}, {1.2f, 1.5f, 0}, {1.35f, 1.75f, 0}}, 0.05f, 5).paint({0.02f, 0.018f, 0.02f}));
  bob(w, boat, {0, 0.05f, 0}, 4.0f);
  const NodeId answer = w.node("answer", vec3(1.35f, 1.6f, 0), boat);
  w.add(answer, glow, ball(0.14f, 6, 8).paint({1.0f, 0.8f, 0.45f}));
  w.add(answer, glow, ball(0.12f, 6, 8).stretch({0.7f, 5, 0.7f}).move({0, -3.9f, 0}).paint({0.7f, 0.42f, 0.16f}));
  add_halo(w, answer, halo, vec3(0), 1.6f, kPale);
  w.show(answer, 6, 6);
  blink_once(w, "street_gate_again", answer, {{0.0f, false}, {4.4f, true}, {4.5f, false}, {4.62f, true}});
}

Mesh mask_mesh(int kind) {
  Mesh m = ball(0.13f, 12, 14).stretch({0.85f, 1.15f, 0.5f});
  const vec3 base = kind % 3 == 0 ? vec3(0.75f, 0.1f, 0.07f) : (kind % 3 == 1 ? vec3(0.85f, 0.82f, 0.74f) : vec3(0.12f, 0.32f, 0.3f));
  m.paint([&](const Vertex& v) {
    const float x = std::abs(v.position.x), y = v.position.y;
    if (v.position.z < 0.0f) return vec3(0.16f, 0.1f, 0.07f);
    if (y > 0.07f && x < 0.018f + 0.25f * (y - 0.07f)) return vec3(0.85f, 0.62f, 0.15f);
    return base;
  });
  for (const float s : {-1.0f, 1.0f}) {
    m.add(ball(0.026f, 6, 8).stretch({1.25f, 0.62f, 0.5f}).turn(s * 14, {0, 0, 1}).move({s * 0.045f, 0.03f, 0.062f}).paint({0.02f, 0.015f, 0.015f}));
    m.add(ball(0.034f, 5, 8).stretch({1.2f, 0.2f, 0.4f}).turn(s * 24, {0, 0, 1}).move({s * 0.046f, 0.068f, 0.056f}).paint(kind % 3 == 1 ? vec3(0.65f, 0.1f, 0.08f) : vec3(0.9f, 0.7f, 0.2f)));
    if (kind % 2) m.add(tube(std::vector<vec3>{{s * 0.06f, 0.12f, 0.02f}, {s * 0.1f, 0.19f, 0.03f}, {s * 0.09f, 0.25f, 0.05f}}, std::vector<float>{0.018f, 0.013f, 0.002f}, 6).paint({0.88f, 0.8f, 0.6f}));
  }
  m.add(ball(0.022f, 5, 6).stretch({0.8f, 1.5f, 1.2f}).move({0, -0.01f, 0.068f}).paint(base * 0.85f));
  m.add(ball(0.032f, 5, 8).stretch({1.3f, 0.32f, 0.5f}).move({0, -0.075f, 0.056f}).paint({0.5f, 0.05f, 0.05f}));
  return m;
}

void Street::mask_seller() {
  const float y0 = 2.3f, y1 = 4.1f;
  Mesh rack;
  for (const float y : {y0, y1}) rack.add(box(point(2.4f, y - 0.04f, 0), point(2.48f, y + 0.04f, 2.3f), 0.01f));
  for (const float h : {1.18f, 1.72f, 2.26f}) rack.add(box(point(2.42f, y1 + 0.1f, h), point(2.46f, y0 - 0.1f, h + 0.045f)));
  rack.add(box(point(2.2f, y1, 0), point(2.75f, y0, 0.5f), 0.02f)).add(box(point(2.15f, y1 + 0.05f, 0.5f), point(2.8f, y0 - 0.05f, 0.55f), 0.01f));
  w.add(still, wood, rack.refine(0.22f).paint({0.34f, 0.18f, 0.1f}));
  int kind = 0;
  for (int row = 0; row < 3; ++row) {
    for (int i = 0; i < 4; ++i, ++kind) {
      const vec3 place = point(2.36f, y0 + 0.24f + 0.44f * static_cast<float>(i), 0.98f + 0.54f * static_cast<float>(row));
      const NodeId mask = w.node("mask", kRoot, live, mask_mesh(kind), place);
      // At rest they look up and down the street; the seller speaks and all of them turn to the guest.
      const vec3 towards = point(1.1f, 2.89f, 1.6f) - place;
      const float guest = std::atan2(towards.x, towards.z) * 180 / kPi, away = kind % 2 ? -55.0f : 48.0f;
      w.nodes[mask].rotation = turned(guest, {0, 1, 0}) * turned(-std::asin(towards.y / glm::length(towards)) * 180 / kPi, {1, 0, 0});
      const glm::quat rest = w.nodes[mask].rotation;
      w.nodes[mask].rotation = turned(guest + away, {0, 1, 0});
      const float start = 4.1f + 0.06f * static_cast<float>(kind);
      std::vector<Key> keys;
      for (int k = 0; k <= 8; ++k) {
        const float t = static_cast<float>(k) / 8;
        keys.push_back({start + 0.9f * t, as_value(glm::slerp(w.nodes[mask].rotation, rest, t * t * (3 - 2 * t)))});
      }
      keys.insert(keys.begin(), {0.0f, keys.front().value});
      w.key("mask_seller", mask, Path::rotation, keys);
    }
  }
  Look look;
  look.robe = {0.16f, 0.14f, 0.2f}, look.trim = {0.62f, 0.2f, 0.12f}, look.hair = {0.5f, 0.5f, 0.5f}, look.height_m = 1.6f;
  const Figure seller = add_figure(w, kRoot, live, point(2.45f, 4.5f), -140, look, 0.5f);
  turn_once(w, "mask_seller", seller.right_arm, {1, 0, 0}, {{3.0f, 0}, {4.2f, -80}, {6.0f, -80}, {7.0f, -12}});
  turn_once(w, "mask_seller", seller.head, {0, 1, 0}, {{0.2f, 0}, {1.2f, 22}, {6.2f, 22}, {7.0f, 0}});
  lantern(point(2.2f, 3.2f, 2.62f), 0.06f, 0.13f, kWarm, 0.6f, 4.0f, 0.35f);
  const NodeId bulb = w.node("mask light", point(1.7f, 3.2f, 2.2f));
  w.nodes[bulb].light = LightSource{false, kWarm, 2.4f, 3.5f};
}

void Street::well() {
  const vec3 middle = point(2.1f, 1.15f);
  const vec2 ring[] = {{0, -0.7f}, {0.36f, -0.7f}, {0.36f, 0.62f}, {0.38f, 0.64f}, {0.5f, 0.64f}, {0.52f, 0.6f}, {0.55f, 0.0f}};
  std::vector<vec2> outside(std::begin(ring) + 2, std::end(ring));
  std::vector<vec2> shell(outside.rbegin(), outside.rend());
  w.add(still, stone, lathe(shell, 20).map_box().paint({0.5f, 0.5f, 0.5f}), at(middle));
  const vec2 inner[] = {{0.36f, 0.62f}, {0.36f, 0.1f}};
  w.add(still, stone, lathe(inner, 20).map_box().paint({0.35f, 0.36f, 0.4f}), at(middle));
  w.add(still, stone, box(vec3(-0.75f, 0, -0.7f), vec3(0.75f, 0.09f, 0.7f), 0.02f).refine(0.2f).map_box().paint({0.46f, 0.46f, 0.47f}), at(middle));
  Mesh frame;
  for (const float z : {-0.5f, 0.5f}) frame.add(box({-0.04f, 0.05f, z - 0.04f}, {0.04f, 1.95f, z + 0.04f}, 0.01f));
  frame.add(tube(std::vector<vec3>{{0, 1.75f, -0.56f}, {0, 1.75f, 0.56f}}, 0.05f, 8));
  w.add(still, wood, frame.refine(0.3f).paint({0.3f, 0.17f, 0.1f}), at(middle));
  w.add(still, matte, rope(middle + vec3(0, 1.72f, 0.02f), middle + vec3(0, 0.75f, 0.02f), 0, 0.012f, 2).paint({0.4f, 0.32f, 0.2f}));
  const vec2 pail[] = {{0, 0}, {0.1f, 0}, {0.13f, 0.2f}, {0.12f, 0.2f}, {0.09f, 0.03f}, {0, 0.03f}};
  w.add(still, wood, lathe(pail, 12).paint({0.3f, 0.18f, 0.1f}), at(middle + vec3(0, 0.5f, 0.02f)));

  // Water that keeps a little of every flame: gold flecks that wake.
  w.add(still, glow, disc(0.36f, 20).paint({0.02f, 0.035f, 0.07f}), at(middle + vec3(0, 0.34f, 0)));
  const NodeId gold = w.node("well gold", middle + vec3(0, 0.36f, 0));
  w.show(gold, 5, 6);
  Mesh flecks;
  for (std::uint32_t i = 0; i < 26; ++i) {
    const float r = 0.31f * std::sqrt(hash01(i * 3 + 1)), a = 6.28f * hash01(i * 3 + 2);
    flecks.add(disc(0.012f + 0.022f * hash01(i * 3 + 5), 8).stretch({1.6f, 1, 0.7f}).paint(glm::mix(vec3(1.0f, 0.6f, 0.2f), vec3(1.0f, 0.9f, 0.6f), hash01(i + 8))), at({r * std::cos(a), 0.001f * static_cast<float>(i), r * std::sin(a)}));
  }
  const NodeId turning = w.node("flecks", gold, glow, flecks);
  spin(w, turning, {0, 1, 0}, 12.0f);
  scale_once(w, "well_steps", gold, {{0.0f, vec3(0.02f)}, {2.4f, vec3(0.02f)}, {4.6f, vec3(1.0f)}});
  for (int i = 0; i < 3; ++i) {
    const NodeId rising = add_halo(w, gold, halo, vec3(0, 0.1f + 0.16f * static_cast<float>(i), 0), 0.5f - 0.1f * static_cast<float>(i), {1.0f, 0.75f, 0.35f});
    bob(w, rising, {0, 0.04f, 0}, 4.0f, 0.3f * static_cast<float>(i));
  }
  for (std::uint32_t i = 0; i < 7; ++i) {  // sparks that climb out and go down again
    const NodeId spark = w.node("spark", gold, glow, ball(0.012f, 4, 6).paint({1.0f, 0.82f, 0.45f}));
    const float a = 0.9f * static_cast<float>(i);
    std::vector<vec3> way;
    for (int k = 0; k < 4; ++k) way.push_back(vec3(0.2f * std::cos(a + static_cast<float>(k)), 0.15f + 0.32f * static_cast<float>(k == 2 ? 3 : k) * (0.6f + 0.4f * hash01(i)), 0.2f * std::sin(a + static_cast<float>(k))));
    roam(w, spark, way, 6.0f, false, static_cast<float>(i) / 7);
  }
  const NodeId bulb = w.node("well light", vec3(0, 0.4f, 0), gold);
  w.nodes[bulb].light = LightSource{false, {1.0f, 0.7f, 0.35f}, 1.4f, 3.0f};
  w.lights.push_back({middle + vec3(0, 0.95f, 0), vec3(0.4f, 0.42f, 0.5f) * 0.16f, 0.2f});
}

}  // namespace

World lantern_street() {
  Street s;
  s.materials();
  s.still = s.w.node("street");
  s.mirrored = s.w.node("mirrored");
  s.w.nodes[s.mirrored].scale = {1, -1, 1};
  s.w.nodes[s.mirrored].occludes = false;
  s.ground();
  s.rows();
  s.gate();
  s.lamplighter();
  s.paper_shop();
  s.noodle_stall();
  s.bridge();
  s.far_bank();
  s.mask_seller();
  s.well();
  // Afterglow over the river, and lamps for what moves.
  const NodeId dusk = s.w.node("afterglow");
  s.w.nodes[dusk].rotation = glm::quat_cast(glm::mat3(glm::inverse(glm::lookAt(vec3(0), -vec3(-0.35f, 0.045f, -1), vec3(0, 1, 0)))));
  s.w.nodes[dusk].light = LightSource{true, {1.0f, 0.5f, 0.35f}, 0.35f, 0};
  struct Lamp {
    vec3 place, color;
    float candela;
  };
  const Lamp lamps[] = {{point(-0.95f, 0.7f, 1.6f), kWarm, 1.8f}, {point(0.3f, -1.4f, 2.3f), kRed, 2.0f}, {point(0.2f, 2.4f, 2.9f), kWarm, 3.2f}, {point(0.5f, 4.2f, 2.7f), {1.0f, 0.42f, 0.2f}, 3.4f}};
  for (const Lamp& lamp : lamps) {
    const NodeId n = s.w.node("lamp", lamp.place);
    s.w.nodes[n].light = LightSource{false, lamp.color, lamp.candela, 6.0f};
  }
  s.w.open_sky = {0.022f, 0.028f, 0.055f};
  s.w.open_ground = {0.012f, 0.01f, 0.014f};
  s.w.sky.zenith = {0.007f, 0.012f, 0.036f};
  s.w.sky.horizon = {0.075f, 0.055f, 0.085f};
  s.w.sky.ground = {0.012f, 0.011f, 0.016f};
  s.w.sky.horizon_sharpness = 5.0f;
  s.w.sky.sun_color = {0.9f, 0.36f, 0.16f};
  s.w.sky.sun_radius_rad = 0.001f;
  s.w.sky.sun_glow = 0.55f;
  s.w.sky.stars = 0.7f;
  s.w.sky.fog_color = {0.035f, 0.028f, 0.04f};
  s.w.sky.fog_per_m = 0.006f;
  s.w.sky.exposure = 1.6f;
  s.w.sky.ambient = 1.0f;
  return std::move(s.w);
}

}  // namespace promenade::samples::worlds

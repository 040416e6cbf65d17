// Night Train: five small carriages in a row, each its own light, and the night going by; then the train slows, a
// platform comes alongside, and it becomes morning. Inside, light is baked; the platform and all that moves is lit.
#include <algorithm>
#include <cmath>

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include "content-tools/samples/worlds/props.h"
#include "content-tools/samples/worlds/worlds.h"

namespace promenade::samples::worlds {
namespace {

constexpr float kLeft = -1.1f, kRight = 1.6f, kRear = -1.75f, kFront = 6.7f, kSpeed = 12.0f, kBrake = 6.0f;
constexpr vec3 kWarm{1.0f, 0.62f, 0.3f};

struct Train {
  World w;
  MaterialId matte = 0, wood = 0, cloth = 0, live = 0, paving = 0, brick = 0, brass = 0, glow = 0, halo = 0, steam = 0, dawn = 0;
  NodeId still = 0, station = 0;

  void materials();
  void body();
  void window_wall(float x, float from, float to, bool out_left);
  void sconce(const vec3& where, float turn, const vec3& color, float strength);
  void last_carriage();
  void sleeper();
  void dining();
  void mail();
  void engine();
  void door();
  void passing();
  void platform();
  void people();
  void morning();
  void light();
};

void Train::materials() {
  const auto baked = [&](const char* name, std::uint32_t texture, float metres) {
    Material m;
    m.name = name, m.texture = texture, m.texture_m = metres, m.bake = Bake::light;
    return w.material(m);
  };
  const std::uint32_t grain = w.texture(wood_texture());
  matte = baked("matte", kNone, 1);
  wood = baked("wood", grain, 0.8f);
  cloth = baked("cloth", w.texture(plaster_texture()), 0.6f);
  w.materials[cloth].double_sided = true;
  Material lit;
  lit.name = "live", lit.roughness = 0.7f;
  live = w.material(lit);
  lit.name = "platform", lit.texture = w.texture(paving_texture(6, 6)), lit.texture_m = 2.4f, lit.roughness = 0.32f;
  paving = w.material(lit);
  lit.name = "brick", lit.texture = w.texture(brick_texture()), lit.texture_m = 1.2f, lit.roughness = 0.9f;
  brick = w.material(lit);
  lit.name = "brass", lit.texture = kNone, lit.metallic = 0.8f, lit.roughness = 0.3f;
  brass = w.material(lit);
  Material g;
  g.name = "glow", g.unlit = true, g.bake = Bake::none, g.double_sided = true;
  glow = w.material(g);
  g.name = "dawn", g.alpha = Alpha::blend;
  dawn = w.material(g);
  g.name = "halo", g.texture = w.texture(glow_texture()), g.texture_m = 0, g.opacity = 0.55f;
  halo = w.material(g);
  g.name = "steam", g.opacity = 0.2f;
  steam = w.material(g);
}

void Train::sconce(const vec3& where, float turn, const vec3& color, float strength) {
  w.add(still, matte, lathe(std::vector<vec2>{{0, 0}, {0.035f, 0}, {0.03f, 0.02f}, {0, 0.025f}}, 10).turn(90, {1, 0, 0}).paint({0.7f, 0.5f, 0.2f}), at(where, turn));
  const vec3 out = vec3(rotation(turn, {0, 1, 0}) * vec4(0, 0, 1, 0));
  w.add(still, matte, tube(std::vector<vec3>{where, where + out * 0.07f, where + out * 0.08f + vec3(0, 0.05f, 0)}, 0.009f, 6).paint({0.7f, 0.5f, 0.2f}));
  const vec3 bulb = where + out * 0.08f + vec3(0, 0.1f, 0);
  w.add(still, glow, lathe(std::vector<vec2>{{0.028f, -0.05f}, {0.05f, -0.01f}, {0.055f, 0.03f}, {0.035f, 0.075f}}, 12).paint(color), at(bulb));
  add_halo(w, kRoot, halo, bulb, 0.24f, color);
  w.lights.push_back({bulb + out * 0.06f, color * strength, 0.06f});
}

// A long wall: panels below, windows between posts, panels above. `out_left`: which side is the train's outside.
void Train::window_wall(float x, float from, float to, bool out_left) {
  Mesh inside, outside, posts;
  const float in = out_left ? x : x - 0.0f, outer = out_left ? x - 0.07f : x + 0.07f;
  const int count = std::max(1, static_cast<int>(std::lround((to - from) / 0.7f)));
  const float pane = (to - from) / static_cast<float>(count);
  const auto slab = [&](float y0, float y1, float h0, float h1) {
    inside.add(box(point(in, y0, h0), point((in + outer) / 2, y1, h1)));
    // Painted low and high in green, cream between, a gold line where they meet.
    const vec3 tint = h0 < 0.5f || h0 > 1.5f ? vec3(0.07f, 0.16f, 0.14f) : vec3(0.62f, 0.55f, 0.42f);
    outside.add(box(point((in + outer) / 2, y0, h0), point(outer, y1, h1)).paint(tint));
  };
  slab(from, to, 0.0f, 0.9f);
  slab(from, to, 1.8f, 2.5f);
  for (const float h : {0.87f, 1.8f}) outside.add(box(point(outer, from, h), point(outer + (out_left ? -0.006f : 0.006f), to, h + 0.035f)).paint({0.8f, 0.6f, 0.25f}));
  for (int i = 0; i <= count; ++i) {
    const float y = from + pane * static_cast<float>(i);
    slab(std::max(from, y - 0.06f), std::min(to, y + 0.06f), 0.9f, 1.8f);
    posts.add(box(point(in - (out_left ? -0.015f : 0.015f), std::max(from, y - 0.035f), 0.0f), point(in, std::min(to, y + 0.035f), 2.35f)));
  }
  posts.add(box(point(in + (out_left ? 0.05f : -0.05f), from, 0.86f), point(in, to, 0.92f), 0.01f)).add(box(point(in + (out_left ? 0.03f : -0.03f), from, 1.79f), point(in, to, 1.85f)));
  for (int i = 0; i < count; ++i) {
    const float y = from + pane * (static_cast<float>(i) + 0.5f);
    posts.add(box(point(in, y - pane / 2, 1.5f), point(outer, y + pane / 2, 1.525f)));
    // Panel mouldings below the window.
    posts.add(box(point(in + (out_left ? 0.012f : -0.012f), y - pane / 2 + 0.12f, 0.16f), point(in, y + pane / 2 - 0.12f, 0.74f), 0.006f).paint(vec3(1.25f)));
  }
  w.add(still, wood, inside.refine(0.5f).paint({0.4f, 0.22f, 0.13f}));
  w.add(still, wood, posts.refine(0.8f).paint({0.3f, 0.15f, 0.085f}));
  w.add(still, matte, outside.refine(0.8f));
}

void Train::body() {
  Mesh floor, roof, carpet;
  floor.add(box(point(kLeft - 0.07f, kRear, -0.12f), point(kRight + 0.07f, kFront, 0.0f)));
  w.add(still, wood, floor.refine(0.25f).paint({0.34f, 0.2f, 0.12f}));
  for (const auto& [from, to, tint] : {std::tuple{-1.5f, 0.6f, vec3(0.45f, 0.1f, 0.1f)}, {0.85f, 2.0f, vec3(0.14f, 0.16f, 0.36f)}, {2.25f, 3.38f, vec3(0.42f, 0.12f, 0.16f)}}) {
    carpet.add(box(point(-0.55f, from, 0.002f), point(0.6f, to, 0.012f)).paint(tint));
    carpet.add(box(point(-0.49f, from + 0.06f, 0.012f), point(0.54f, to - 0.06f, 0.014f)).paint(tint * 1.5f + vec3(0.06f, 0.03f, 0.0f)));
  }
  w.add(still, cloth, carpet.refine(0.16f));
  const float middle = (kLeft + kRight) / 2, half = (kRight - kLeft) / 2 + 0.07f;
  for (int i = 0; i < 10; ++i) {  // the ceiling's arch
    const auto rib = [&](int k) {
      const float a = kPi * static_cast<float>(k) / 10;
      return vec3(middle - half * std::cos(a), 2.35f + 0.38f * std::sin(a), 0);
    };
    const vec3 a = rib(i), b = rib(i + 1);
    roof.add(quad(vec3(a.x, a.y, -kRear), vec3(a.x, a.y, -kFront), vec3(b.x, b.y, -kFront), vec3(b.x, b.y, -kRear)));
    roof.add(quad(vec3(a.x, a.y + 0.06f, -kFront), vec3(a.x, a.y + 0.06f, -kRear), vec3(b.x, b.y + 0.06f, -kRear), vec3(b.x, b.y + 0.06f, -kFront)));
  }
  w.add(still, cloth, roof.refine(0.5f).paint({0.62f, 0.55f, 0.44f}));
  Mesh ribs;
  for (int k = 0; k <= 12; ++k) {
    std::vector<vec3> arc;
    const float y = kRear + 0.02f + (kFront - kRear - 0.04f) * static_cast<float>(k) / 12;
    for (int i = 0; i <= 10; ++i) arc.push_back(point(middle - (half - 0.06f) * std::cos(kPi * static_cast<float>(i) / 10), y, 2.33f + 0.38f * std::sin(kPi * static_cast<float>(i) / 10)));
    ribs.add(tube(arc, 0.022f, 5));
  }
  w.add(still, wood, ribs.paint({0.32f, 0.17f, 0.1f}));
  window_wall(kLeft, kRear, 4.5f, true);
  window_wall(kLeft, 5.55f, kFront, true);
  window_wall(kRight, kRear, kFront, false);
  w.add(still, wood, box(point(kLeft, 4.5f, 2.1f), point(kLeft - 0.07f, 5.55f, 2.5f)).refine(0.3f).paint({0.36f, 0.19f, 0.11f}));
  // Partitions with wide arches, so that the whole train is seen through.
  for (const float y : {0.72f, 2.12f, 3.49f, 4.8f}) {
    const bool last = y > 4.5f;
    std::vector<vec2> outline{{kRight, 0}, {kRight, 2.36f}, {middle + 0.6f, 2.66f}, {middle - 0.6f, 2.66f}, {kLeft, 2.36f}, {kLeft, last ? 2.12f : 0.0f}, {-0.54f, last ? 2.1f : 0.0f}};
    if (!last) outline.push_back({-0.54f, 1.72f});
    for (int i = last ? 4 : 0; i <= 8; ++i) {
      const float a = kPi - kPi * static_cast<float>(i) / 8;
      outline.push_back({0.05f + 0.59f * std::cos(a), 1.74f + 0.4f * std::sin(a)});
    }
    outline.push_back({0.64f, 0});
    if (last) outline.erase(outline.begin() + 6, outline.begin() + 7);
    w.add(still, wood, extrude(outline, 0.06f).move({0, 0, -y - 0.03f}).refine(0.38f).map_box().paint({0.42f, 0.22f, 0.12f}));
    std::vector<vec3> trim;
    if (!last) trim.push_back(point(-0.54f, y - 0.04f, 0));
    for (int i = last ? 6 : 0; i <= 12; ++i) {
      const float a = kPi - kPi * static_cast<float>(i) / 12;
      trim.push_back(point(0.05f + 0.59f * std::cos(a), y - 0.04f, 1.74f + 0.4f * std::sin(a)));
    }
    trim.push_back(point(0.64f, y - 0.04f, 0));
    w.add(still, matte, tube(trim, 0.022f, 6).paint({0.75f, 0.55f, 0.24f}));
  }
  // The rear wall with a round window.
  w.add(still, wood, box(point(kLeft, kRear, 0), point(kRight, kRear - 0.07f, 2.7f)).refine(0.3f).paint({0.38f, 0.2f, 0.12f}));
  w.add(still, glow, disc(0.27f, 24).turn(90, {1, 0, 0}).turn_y(180).move(point(0.25f, kRear + 0.01f, 1.5f)).paint({0.015f, 0.022f, 0.05f}));
  std::vector<vec3> ring;
  for (int i = 0; i <= 24; ++i) ring.push_back(point(0.25f + 0.28f * std::cos(0.2618f * static_cast<float>(i)), kRear + 0.015f, 1.5f + 0.28f * std::sin(0.2618f * static_cast<float>(i))));
  w.add(still, matte, tube(ring, 0.026f, 6).paint({0.75f, 0.55f, 0.24f}));
}

Mesh suitcase(bool lid) {
  Mesh m;
  if (lid) m.add(box({-0.26f, 0, 0}, {0.26f, 0.08f, 0.36f}, 0.02f));
  else m.add(box({-0.26f, 0, 0}, {0.26f, 0.15f, 0.36f}, 0.02f));
  m.paint({0.42f, 0.2f, 0.1f});
  for (const float x : {-0.15f, 0.15f}) m.add(box({x - 0.02f, -0.004f, -0.006f}, {x + 0.02f, lid ? 0.086f : 0.15f, 0.367f}).paint({0.25f, 0.12f, 0.06f}));
  if (!lid) m.add(box({-0.05f, 0.05f, 0.362f}, {0.06f, 0.115f, 0.368f}).paint({0.85f, 0.78f, 0.6f})).add(tube(curve(std::vector<vec3>{{-0.07f, 0.14f, 0.36f}, {-0.05f, 0.14f, 0.42f}, {0.05f, 0.14f, 0.42f}, {0.07f, 0.14f, 0.36f}}, 3), 0.012f, 6).paint({0.2f, 0.1f, 0.05f}));
  return m;
}

void Train::last_carriage() {
  Mesh bench, seat;
  for (const float x : {1.2f}) {
    bench.add(box(point(x - 0.36f, -1.4f, 0), point(x + 0.36f, 0.5f, 0.34f), 0.015f));
    for (int i = 0; i < 3; ++i) {
      seat.add(box(point(x - 0.38f, -1.38f + 0.63f * static_cast<float>(i), 0.34f), point(x + 0.34f, -0.79f + 0.63f * static_cast<float>(i), 0.46f), 0.04f));
      seat.add(box(point(x + 0.2f, -1.38f + 0.63f * static_cast<float>(i), 0.46f), point(x + 0.36f, -0.79f + 0.63f * static_cast<float>(i), 0.88f), 0.05f));
    }
  }
  seat.add(box(point(-1.08f, -1.4f, 0.4f), point(-0.9f, 0.5f, 0.47f), 0.02f));
  w.add(still, wood, bench.refine(0.3f).paint({0.3f, 0.16f, 0.09f}));
  w.add(still, cloth, seat.refine(0.2f).paint({0.5f, 0.12f, 0.1f}));
  // Rack with bags.
  Mesh rack, bags;
  for (int i = 0; i < 5; ++i) rack.add(tube(std::vector<vec3>{point(1.22f + 0.08f * static_cast<float>(i), -1.5f, 1.98f), point(1.22f + 0.08f * static_cast<float>(i), 0.6f, 1.98f)}, 0.01f, 5));
  w.add(still, matte, rack.paint({0.7f, 0.52f, 0.24f}));
  for (const auto& [y, wide, tint] : {std::tuple{-1.1f, 0.5f, vec3(0.32f, 0.22f, 0.12f)}, {-0.4f, 0.36f, vec3(0.2f, 0.3f, 0.3f)}, {0.15f, 0.45f, vec3(0.42f, 0.14f, 0.1f)}}) bags.add(box(point(1.2f, y - wide / 2, 1.99f), point(1.55f, y + wide / 2, 2.22f), 0.04f).paint(tint));
  w.add(still, cloth, bags.refine(0.25f));
  const NodeId yours = w.node("suitcase", kRoot, live, suitcase(false).add(suitcase(true), at({0, 0.15f, 0})).turn_y(-90), point(1.22f, -0.12f, 0.46f));
  w.show(yours, 0, 0);
  turn_once(w, "last_carriage", yours, {0, 0, 1}, {{0.5f, 0}, {0.8f, 3}, {1.1f, -2}, {1.4f, 0}});
  // The label on its string: turns to the reader.
  const NodeId label = w.node("label", point(1.0f, -0.14f, 0.72f));
  w.add(label, live, box({-0.055f, -0.08f, -0.002f}, {0.055f, 0, 0.002f}).turn_y(-90).paint({0.95f, 0.88f, 0.7f}));
  w.show(label, 0, 0);
  sway(w, label, {0, 1, 0}, 25, 4.0f);
  sconce(point(kLeft + 0.01f, -0.7f, 1.55f), 90, kWarm, 0.22f);
  sconce(point(kLeft + 0.01f, 0.6f, 1.9f), 90, kWarm, 0.2f);
  sconce(point(kRight - 0.01f, -1.45f, 1.5f), -90, kWarm, 0.2f);
}

void Train::sleeper() {
  Mesh frame, bedding, people;
  for (const float side : {-1.0f, 1.0f}) {
    const float inner = side < 0 ? -0.47f : 1.0f, outer = side < 0 ? kLeft + 0.02f : kRight - 0.02f;
    for (const float h : {0.42f, 1.32f}) {
      frame.add(box(point(inner, 0.78f, h - 0.09f), point(outer, 2.06f, h), 0.01f)).add(box(point(inner, 0.78f, h), point(inner + (side < 0 ? -0.03f : 0.03f), 2.06f, h + 0.12f), 0.01f));
      bedding.add(box(point(inner + (side < 0 ? -0.04f : 0.04f), 0.8f, h), point(outer, 2.04f, h + 0.09f), 0.03f).paint({0.75f, 0.72f, 0.66f}));
      bedding.add(box(point((inner + outer) / 2 - 0.2f, 1.78f, h + 0.09f), point((inner + outer) / 2 + 0.2f, 2.02f, h + 0.17f), 0.04f).paint({0.85f, 0.83f, 0.78f}));
      const vec3 tint = h < 1 ? (side < 0 ? vec3(0.22f, 0.3f, 0.5f) : vec3(0.45f, 0.2f, 0.25f)) : (side < 0 ? vec3(0.36f, 0.24f, 0.42f) : vec3(0.2f, 0.38f, 0.36f));
      // Somebody under a blanket; it rises and falls.
      const NodeId dreamer = w.node("dreamer", point((inner + outer) / 2, 1.3f, h + 0.08f));
      w.add(dreamer, live, ball(0.3f, 9, 14).stretch({0.72f, 0.52f, 1.6f}).bend([](const vec3& p) { return vec3(p.x, std::max(0.0f, p.y) * (1 + 0.2f * std::sin(p.z * 9)), p.z); }).paint(tint));
      w.add(dreamer, live, ball(0.09f, 8, 10).move({0.02f, 0.13f, -0.56f}).paint({0.72f, 0.52f, 0.4f}));
      w.add(dreamer, live, ball(0.094f, 8, 10).stretch({1, 0.9f, 0.9f}).move({0.02f, 0.15f, -0.59f}).paint(h < 1 ? vec3(0.05f, 0.035f, 0.03f) : vec3(0.3f, 0.18f, 0.1f)));
      breathe(w, dreamer, {0, 0.05f, 0}, 4.0f, h + side * 0.2f);
    }
    for (int i = 0; i < 3; ++i) {  // curtains: pairs, some drawn
      const float y = 0.8f + 0.42f * static_cast<float>(i), h = i % 2 ? 1.25f : 2.12f;
      if (side < 0 && i == 1) continue;
      const NodeId curtain = w.node("curtain", point(inner + (side < 0 ? 0.025f : -0.025f), y, h));
      std::vector<vec3> top, drop;
      Mesh fabric;
      for (int k = 0; k <= 12; ++k) {
        top.push_back({0.022f * std::sin(static_cast<float>(k) * 1.9f), -0.375f, -0.035f * static_cast<float>(k)});
        drop.push_back({0, 0.375f, 0});
      }
      fabric = ribbon(top, drop);
      w.add(curtain, live, fabric.paint({0.5f, 0.13f, 0.2f}));
      w.add(curtain, live, Mesh(fabric).reverse().move({side < 0 ? -0.006f : 0.006f, 0, 0}));
      sway(w, curtain, {0, 0, 1}, 1.6f, 4.0f, 0.2f * static_cast<float>(i));
      const NodeId pulled = curtain;
      scale_once(w, "sleeper", pulled, {{2.6f, vec3(1)}, {3.85f, {1.5f, 1, 0.72f}}, {5.2f, {1, 1, 0.94f}}});
    }
    w.add(still, matte, tube(std::vector<vec3>{point(inner, 0.78f, 2.14f), point(inner, 2.06f, 2.14f)}, 0.012f, 6).paint({0.7f, 0.52f, 0.24f}));
    for (int i = 0; i < 6; ++i) frame.add(tube(std::vector<vec3>{point(inner + (side < 0 ? 0.03f : -0.03f), 0.84f, 0.5f + 0.16f * static_cast<float>(i)), point(inner + (side < 0 ? 0.03f : -0.03f), 0.98f, 0.5f + 0.16f * static_cast<float>(i))}, 0.01f, 5));
  }
  w.add(still, wood, frame.refine(0.25f).paint({0.34f, 0.18f, 0.1f}));
  w.add(still, cloth, bedding.refine(0.2f));
  sconce(point(0.7f, 0.78f, 1.6f), 180, {0.55f, 0.5f, 1.0f}, 0.14f);
  sconce(point(kLeft + 0.3f, 2.07f, 1.95f), 0, {0.6f, 0.5f, 1.0f}, 0.12f);
  w.lights.push_back({point(0.2f, 1.4f, 2.3f), vec3(0.4f, 0.42f, 0.9f) * 0.12f, 0.2f});
  // Dreams: small lights that leave the beds.
  for (int i = 0; i < 5; ++i) {
    const float k = static_cast<float>(i);
    const NodeId dream = w.node("dream");
    add_halo(w, dream, halo, vec3(0), 0.09f, i % 2 ? vec3(0.7f, 0.65f, 1.0f) : vec3(1.0f, 0.8f, 0.5f));
    w.add(dream, glow, ball(0.01f, 4, 6).paint({1, 0.95f, 0.85f}));
    const float x = i % 2 ? 1.2f : -0.7f;
    roam(w, dream, {point(x, 1.0f + 0.2f * k, 0.8f), point(x, 1.3f, 1.15f), point(x * 0.8f, 1.7f - 0.1f * k, 1.9f), point(x, 1.2f, 2.2f)}, 12.0f, false, 0.2f * k);
  }
}

void Train::dining() {
  Mesh table, chairs, things;
  table.add(box(point(0.62f, 2.42f, 0.72f), point(1.56f, 3.2f, 0.755f), 0.01f).paint({0.85f, 0.82f, 0.76f}));
  table.add(box(point(0.61f, 2.41f, 0.5f), point(0.625f, 3.21f, 0.74f)).paint({0.85f, 0.82f, 0.76f})).add(box(point(0.62f, 2.405f, 0.5f), point(1.56f, 2.42f, 0.74f)).paint({0.82f, 0.79f, 0.73f})).add(box(point(0.62f, 3.2f, 0.5f), point(1.56f, 3.215f, 0.74f)).paint({0.82f, 0.79f, 0.73f}));
  w.add(still, cloth, table.refine(0.12f));
  w.add(still, wood, tube(std::vector<vec3>{point(0.9f, 2.8f, 0), point(0.9f, 2.8f, 0.7f)}, 0.05f, 8).paint({0.3f, 0.16f, 0.09f}));
  for (const float s : {-1.0f, 1.0f}) {
    const float y = 2.81f + s * 0.56f;
    chairs.add(box(point(0.86f, y - 0.1f, 0.4f), point(1.3f, y + 0.1f, 0.47f), 0.02f)).add(box(point(0.88f, y + s * 0.07f, 0.47f), point(1.28f, y + s * 0.11f, 1.02f), 0.02f));
    for (const float x : {0.9f, 1.26f}) chairs.add(box(point(x - 0.02f, y - 0.02f, 0), point(x + 0.02f, y + 0.02f, 0.42f)));
  }
  w.add(still, wood, chairs.refine(0.25f).paint({0.4f, 0.2f, 0.1f}));
  int index = 0;
  for (const auto& [x, y] : {std::pair{0.86f, 2.62f}, {0.9f, 3.02f}}) {
    things.add(lathe(std::vector<vec2>{{0, 0}, {0.075f, 0.004f}, {0.08f, 0.014f}, {0, 0.008f}}, 16).paint({0.9f, 0.9f, 0.92f}), at(point(x, y, 0.756f)));
    const NodeId cup = w.node("cup", kRoot, live, lathe(std::vector<vec2>{{0, 0}, {0.026f, 0}, {0.03f, 0.01f}, {0.044f, 0.06f}, {0.04f, 0.06f}, {0.026f, 0.014f}, {0, 0.014f}}, 16).paint({0.88f, 0.9f, 0.95f}), point(x, y, 0.766f));
    w.add(cup, live, disc(0.038f, 14).move({0, 0.048f, 0}).paint({0.3f, 0.13f, 0.04f}));
    w.add(cup, live, tube(curve(std::vector<vec3>{{0.04f, 0.05f, 0}, {0.065f, 0.04f, 0}, {0.06f, 0.02f, 0}, {0.036f, 0.018f, 0}}, 3), 0.005f, 5).paint({0.88f, 0.9f, 0.95f}));
    turn_once(w, "dining_car", cup, {0, 0, 1}, {{4.2f, 0}, {4.4f, index ? 5.0f : -5.0f}, {4.6f, index ? -4.0f : 4.0f}, {4.8f, 3}, {5.0f, -2}, {5.2f, 0}});
    for (int i = 0; i < 3; ++i) {
      const vec3 mouth = point(x, y, 0.83f);
      const NodeId puff = add_halo(w, kRoot, steam, mouth, 0.1f, {0.95f, 0.92f, 0.88f});
      std::vector<Key> places, sizes;
      for (int k = 0; k <= 12; ++k) {
        const float t = std::fmod(static_cast<float>(k % 12) / 12 + 0.333f * static_cast<float>(i), 1.0f);
        places.push_back({3.0f * static_cast<float>(k) / 12, vec4(mouth + vec3(0.025f * std::sin(t * 6), 0.3f * t, 0), 0)});
        sizes.push_back({3.0f * static_cast<float>(k) / 12, vec4(vec3((0.4f + 0.9f * t) * std::min(1.0f, std::min(t * 6, (1 - t) * 3)) + 0.001f), 0)});
      }
      w.key("always:3.00s", puff, Path::translation, places);
      w.key("always:3.00s", puff, Path::scale, sizes);
    }
    ++index;
  }
  // Lamp with a shade, a vase, plates on the narrow sideboard.
  things.add(lathe(std::vector<vec2>{{0.06f, 0}, {0.015f, 0.03f}, {0.012f, 0.22f}}, 12).move(point(1.36f, 2.8f, 0.755f)).paint({0.7f, 0.5f, 0.2f}));
  things.add(lathe(std::vector<vec2>{{0.03f, 0}, {0.035f, 0.06f}, {0.018f, 0.1f}, {0.024f, 0.13f}}, 10).move(point(1.12f, 2.9f, 0.755f)).paint({0.3f, 0.45f, 0.6f}));
  for (int i = 0; i < 3; ++i) things.add(tube(std::vector<vec3>{point(1.12f, 2.9f, 0.86f), point(1.1f + 0.03f * static_cast<float>(i), 2.87f + 0.03f * static_cast<float>(i), 1.04f)}, 0.003f, 4).paint({0.2f, 0.35f, 0.12f})).add(ball(0.022f, 5, 7).move(point(1.1f + 0.03f * static_cast<float>(i), 2.87f + 0.03f * static_cast<float>(i), 1.05f)).paint({0.9f, 0.5f, 0.45f}));
  things.add(box(point(kLeft, 2.25f, 0.94f), point(-0.99f, 3.4f, 0.965f)).paint({0.35f, 0.2f, 0.1f}));
  for (int i = 0; i < 6; ++i) things.add(lathe(std::vector<vec2>{{0.035f, 0}, {0.036f, 0.14f}, {0.013f, 0.19f}, {0.014f, 0.26f}, {0, 0.26f}}, 9).move(point(-1.045f, 2.4f + 0.17f * static_cast<float>(i), 0.965f)).paint(i % 2 ? vec3(0.12f, 0.3f, 0.16f) : vec3(0.45f, 0.22f, 0.08f)));
  w.add(still, matte, things);
  w.add(still, glow, lathe(std::vector<vec2>{{0.11f, 0}, {0.06f, 0.12f}}, 16).paint({1.0f, 0.68f, 0.36f}), at(point(1.36f, 2.8f, 0.97f)));
  add_halo(w, kRoot, halo, point(1.36f, 2.8f, 1.02f), 0.34f, kWarm);
  w.lights.push_back({point(1.3f, 2.8f, 1.12f), kWarm * 0.25f, 0.06f});
  // A chandelier that swings a little with the train.
  const NodeId hanging = w.node("chandelier", point(0.25f, 2.8f, 2.68f));
  w.add(hanging, live, tube(std::vector<vec3>{{0, 0, 0}, {0, -0.22f, 0}}, 0.008f, 5).paint({0.7f, 0.5f, 0.2f}));
  for (int i = 0; i < 5; ++i) {
    const float a = 1.2566f * static_cast<float>(i);
    w.add(hanging, live, tube(curve(std::vector<vec3>{{0, -0.2f, 0}, {0.09f * std::cos(a), -0.26f, 0.09f * std::sin(a)}, {0.16f * std::cos(a), -0.2f, 0.16f * std::sin(a)}}, 3), 0.007f, 5).paint({0.7f, 0.5f, 0.2f}));
    w.add(hanging, glow, ball(0.028f, 6, 8).stretch({1, 1.3f, 1}).move({0.16f * std::cos(a), -0.17f, 0.16f * std::sin(a)}).paint({1.0f, 0.8f, 0.5f}));
  }
  add_halo(w, hanging, halo, {0, -0.2f, 0}, 0.42f, kWarm);
  sway(w, hanging, {0.3f, 0, 1}, 3.5f, 2.0f);
  w.lights.push_back({point(0.25f, 2.8f, 2.4f), kWarm * 0.45f, 0.16f});
}

void Train::mail() {
  Mesh shelves, letters;
  for (const bool right : {true, false}) {
    const float in = right ? 1.24f : -0.86f, out = right ? kRight : kLeft, y0 = 3.56f, y1 = right ? 4.74f : 4.4f;
    const int across = right ? 6 : 4;
    for (int i = 0; i <= across; ++i) {
      const float y = y0 + (y1 - y0) * static_cast<float>(i) / static_cast<float>(across);
      shelves.add(box(point(in, y - 0.01f, 0.3f), point(out, y + 0.01f, 2.2f)));
    }
    for (int k = 0; k <= 8; ++k) {
      const float h = 0.3f + 1.9f * static_cast<float>(k) / 8;
      shelves.add(box(point(in, y0, h - 0.01f), point(out, y1, h + 0.01f)));
      if (k == 8) break;
      for (int i = 0; i < across; ++i) {
        const auto n = static_cast<std::uint32_t>(k * 16 + i + (right ? 500 : 900));
        const float y = y0 + (y1 - y0) * (static_cast<float>(i) + 0.5f) / static_cast<float>(across);
        const int count = static_cast<int>(hash01(n) * 4.6f);
        for (int q = 0; q < count; ++q) {
          const float lean = 0.02f * (hash01(n * 7 + static_cast<std::uint32_t>(q)) - 0.5f);
          const vec3 tint = glm::mix(vec3(0.85f, 0.78f, 0.62f), hash01(n + static_cast<std::uint32_t>(q)) > 0.7f ? vec3(0.6f, 0.7f, 0.8f) : vec3(0.9f, 0.85f, 0.75f), 0.6f);
          letters.add(box(point(in + (right ? 0.02f : -0.02f), y - 0.07f + 0.01f * static_cast<float>(q), h + 0.012f + 0.022f * static_cast<float>(q)), point(out - (right ? 0.1f : -0.08f), y + 0.06f + lean, h + 0.03f + 0.022f * static_cast<float>(q))).paint(tint));
        }
      }
    }
    shelves.add(box(point(in, y0, 0), point(out, y1, 0.3f), 0.01f)).add(box(point(right ? out - 0.03f : out, y0, 0.3f), point(right ? out : out + 0.03f, y1, 2.2f)));
  }
  w.add(still, wood, shelves.refine(0.6f).paint({0.42f, 0.27f, 0.14f}));
  w.add(still, matte, letters);
  for (const auto& [x, y, s] : {std::tuple{1.07f, 3.72f, 0.2f}, {1.08f, 4.6f, 0.17f}}) {
    w.add(still, cloth, lathe(std::vector<vec2>{{0, 0}, {s * 0.9f, 0.02f}, {s * 1.05f, s}, {s * 0.8f, s * 2}, {s * 0.35f, s * 2.5f}, {s * 0.5f, s * 2.9f}, {0, s * 2.7f}}, 14).bend([](const vec3& p) { return p * (1 + 0.1f * noise(p * 6.0f, 2)); }).paint({0.5f, 0.42f, 0.26f}), at(point(x, y)));
  }
  // Letters that fly at the cue and come down again; one hangs before the guest.
  for (int i = 0; i < 14; ++i) {
    const auto n = static_cast<std::uint32_t>(i);
    const bool yours = i == 0;
    const vec3 rest = yours ? point(0.68f, 4.66f, 1.5f) : (i % 2 ? point(1.22f, 3.62f + 0.075f * static_cast<float>(i), 0.7f + 1.2f * hash01(n)) : point(-0.84f, 3.6f + 0.05f * static_cast<float>(i), 0.7f + 1.2f * hash01(n)));
    Mesh letter = box({-0.075f, -0.05f, -0.003f}, {0.075f, 0.05f, 0.003f}).paint(yours ? vec3(1.0f, 0.9f, 0.65f) : vec3(0.9f, 0.84f, 0.7f));
    letter.add(box({-0.012f, -0.012f, 0.003f}, {0.012f, 0.012f, 0.005f}).paint({0.7f, 0.1f, 0.08f}));
    const NodeId flying = w.node("letter", kRoot, live, letter, rest);
    w.nodes[flying].rotation = turned(yours ? -35.0f : 360 * hash01(n + 5), {0.1f, 1, 0.1f});
    w.nodes[flying].occludes = false;
    w.show(flying, 3, 3);
    const float t = 2.9f + 0.07f * static_cast<float>(i);
    const vec3 start = yours ? point(1.2f, 4.3f, 0.9f) : rest;
    std::vector<Stop> stops{{0, start}, {t, start}};
    for (int k = 1; k <= 4; ++k) {
      const float a = 1.3f * static_cast<float>(k) + 0.9f * static_cast<float>(i);
      const float side = i % 2 ? 1.0f : -1.0f;
      stops.push_back({t + 0.55f * static_cast<float>(k), point(0.34f + side * (0.62f + 0.12f * std::cos(a)), 4.15f + 0.35f * std::sin(a) - (side < 0 ? 0.1f : 0.0f), 1.2f + 0.4f * std::sin(a * 0.7f + static_cast<float>(i)))});
    }
    stops.push_back({6.2f, rest});
    move_once(w, "mail_van", flying, stops);
    if (!yours) turn_once(w, "mail_van", flying, {0.3f, 1, 0.5f}, {{t, 0}, {t + 0.8f, 150}, {t + 1.6f, 290}, {t + 2.4f, 360}});
    else add_halo(w, flying, halo, vec3(0), 0.22f, {1.0f, 0.85f, 0.5f});
  }
  sconce(point(0.75f, 3.53f, 1.75f), 0, {0.85f, 0.9f, 0.5f}, 0.2f);
  w.lights.push_back({point(0.2f, 4.1f, 2.45f), vec3(1.0f, 0.85f, 0.5f) * 0.35f, 0.14f});
  w.add(still, glow, lathe(std::vector<vec2>{{0.14f, 0}, {0.03f, 0.08f}}, 14).paint({1.0f, 0.85f, 0.5f}), at(point(0.2f, 4.1f, 2.5f)));
  add_halo(w, kRoot, halo, point(0.2f, 4.1f, 2.5f), 0.36f, {1.0f, 0.85f, 0.5f});
}

void Train::engine() {
  Mesh desk, pipes, front;
  desk.add(box(point(-1.0f, 6.3f, 0), point(1.5f, 6.62f, 0.95f), 0.02f)).add(box(point(-1.02f, 6.22f, 0.95f), point(1.52f, 6.64f, 1.0f), 0.015f));
  w.add(still, wood, desk.refine(0.25f).paint({0.26f, 0.15f, 0.09f}));
  // The front: posts between three windows.
  for (const float x : {kLeft, -0.25f, 0.75f, kRight}) front.add(box(point(x - 0.05f, 6.64f, 0.95f), point(x + 0.05f, 6.72f, 2.3f)));
  front.add(box(point(kLeft, 6.64f, 2.0f), point(kRight, 6.72f, 2.75f))).add(box(point(kLeft, 6.64f, 0), point(kRight, 6.72f, 1.1f)));
  w.add(still, matte, front.refine(0.3f).paint({0.16f, 0.13f, 0.11f}));
  for (int i = 0; i < 7; ++i) {  // dials
    const vec3 where = point(-0.75f + 0.33f * static_cast<float>(i), 6.2f, 1.13f + 0.06f * static_cast<float>(i % 2));
    w.add(still, matte, tube(std::vector<vec3>{where - vec3(0, 0.16f, 0.06f), where - vec3(0, 0, 0.02f)}, 0.012f, 5).paint({0.7f, 0.5f, 0.2f}));
    w.add(still, matte, lathe(std::vector<vec2>{{0.085f, -0.03f}, {0.09f, 0.01f}, {0.075f, 0.012f}}, 18).turn(90, {1, 0, 0}).paint({0.75f, 0.55f, 0.22f}), at(where));
    w.add(still, glow, disc(0.076f, 18).turn(90, {1, 0, 0}).move({0, 0, 0.008f}).paint({0.78f, 0.68f, 0.45f}), at(where));
    const NodeId needle = w.node("needle", kRoot, glow, box({-0.004f, -0.01f, 0}, {0.004f, 0.06f, 0.002f}).paint({0.5f, 0.05f, 0.03f}), where + vec3(0, 0, 0.012f));
    w.nodes[needle].rotation = turned(-60, {0, 0, 1});
    turn_once(w, "engine", needle, {0, 0, 1}, {{0, 0}, {4.0f, 8}, {6.4f, 115}});
  }
  for (int i = 0; i < 3; ++i) {  // levers that move by themselves
    const NodeId lever = w.node("lever", point(-0.45f + 0.5f * static_cast<float>(i), 6.24f, 0.98f));
    w.add(lever, brass, tube(std::vector<vec3>{{0, 0, 0}, {0, 0.34f, 0}}, 0.014f, 7).paint({0.8f, 0.75f, 0.68f}));
    w.add(lever, brass, ball(0.034f, 7, 9).move({0, 0.36f, 0}).paint(i == 1 ? vec3(0.7f, 0.1f, 0.06f) : vec3(0.85f, 0.62f, 0.25f)));
    w.nodes[lever].rotation = turned(i == 1 ? -22.0f : 14.0f, {1, 0, 0});
    turn_once(w, "engine", lever, {1, 0, 0}, {{1.2f + 0.7f * static_cast<float>(i), 0}, {2.2f + 0.7f * static_cast<float>(i), i == 1 ? 42.0f : -30.0f}});
    sway(w, lever, {1, 0, 0}, 1.2f, 1.0f, 0.3f * static_cast<float>(i));
  }
  // The fire on the right, behind a barred door; pipes; the seat where nobody sits.
  w.add(still, matte, box(point(1.1f, 4.95f, 0), point(1.58f, 5.95f, 1.35f), 0.06f).refine(0.2f).paint({0.12f, 0.11f, 0.11f}));
  w.add(still, glow, box(point(1.085f, 5.2f, 0.4f), point(1.095f, 5.7f, 0.85f)).paint({1.0f, 0.4f, 0.08f}));
  Mesh grate = bars(0.5f, 0.45f, 6, 2, 0.02f);
  w.add(still, matte, grate.turn_y(-90).paint({0.08f, 0.07f, 0.07f}), at(point(1.07f, 5.45f, 0.4f)));
  for (int i = 0; i < 3; ++i) {
    const NodeId tongue = w.node("fire", kRoot, glow, lathe(std::vector<vec2>{{0.06f, 0}, {0.07f, 0.08f}, {0.03f, 0.2f}, {0, 0.28f}}, 8).stretch({0.12f, 1, 1}).paint([](const Vertex& v) { return vec3(1.0f, 0.8f - 1.8f * v.position.y, 0.25f); }), point(1.078f, 5.3f + 0.15f * static_cast<float>(i), 0.42f));
    breathe(w, tongue, {0, 0.25f, 0.1f}, 1.0f, 0.31f * static_cast<float>(i));
  }
  add_halo(w, kRoot, halo, point(1.0f, 5.45f, 0.62f), 0.6f, {1.0f, 0.45f, 0.12f});
  for (int i = 0; i < 4; ++i) {
    const float y = 5.05f + 0.25f * static_cast<float>(i);
    pipes.add(tube(curve(std::vector<vec3>{point(1.35f, y, 1.3f), point(1.35f, y, 1.8f), point(1.45f, y + 0.1f, 2.15f), point(1.55f, y + 0.2f, 2.3f)}, 4), 0.03f, 8));
  }
  w.add(still, matte, pipes.paint({0.62f, 0.38f, 0.2f}));
  w.add(still, cloth, box(point(0.62f, 5.95f, 0.5f), point(0.98f, 6.2f, 0.57f), 0.03f).refine(0.2f).paint({0.25f, 0.14f, 0.08f}));
  w.add(still, matte, tube(std::vector<vec3>{point(0.8f, 6.08f, 0), point(0.8f, 6.08f, 0.5f)}, 0.035f, 8).paint({0.12f, 0.11f, 0.1f}));
  w.lights.push_back({point(0.95f, 5.45f, 0.7f), vec3(1.0f, 0.42f, 0.12f) * 0.42f, 0.12f});
  w.lights.push_back({point(0.0f, 6.0f, 1.5f), vec3(1.0f, 0.75f, 0.4f) * 0.14f, 0.1f});
}

void Train::door() {
  Mesh leaf;
  leaf.add(box({-0.03f, 0, -0.53f}, {0.03f, 0.92f, 0.53f}, 0.01f)).add(box({-0.03f, 1.75f, -0.53f}, {0.03f, 2.1f, 0.53f}, 0.01f));
  for (const float z : {-0.48f, 0.48f}) leaf.add(box({-0.03f, 0.92f, z - 0.05f}, {0.03f, 1.75f, z + 0.05f}));
  leaf.paint({0.36f, 0.18f, 0.1f}).add(ball(0.03f, 6, 8).move({0.05f, 1.0f, -0.42f}).paint({0.8f, 0.6f, 0.25f}));
  const vec3 open = point(kLeft - 0.12f, 6.05f), closed = point(kLeft - 0.035f, 5.025f);
  const NodeId shut = w.node("door shut", kRoot, live, leaf, closed);
  w.nodes[shut].occludes = false;
  w.show(shut, 0, 3);
  const NodeId slides = w.node("door", kRoot, live, leaf, open);
  w.nodes[slides].occludes = false;
  w.show(slides, 4, 6);
  move_once(w, "engine", slides, {{0, closed}, {5.9f, closed}, {6.2f, closed + vec3(-0.085f, 0, 0)}, {7.0f, open}});
}

// What goes by: ground, ties, trees and lamps, in tiles; the tiles of the last scenes come to rest with the brakes.
void Train::passing() {
  const float tile = 24.0f;
  Mesh ties, country, lights;
  for (int i = -30; i < 90; ++i) ties.add(box({-0.9f, -1.06f, -1.2f * static_cast<float>(i) - 0.15f}, {1.4f, -1.0f, -1.2f * static_cast<float>(i) + 0.15f}).paint({0.05f, 0.04f, 0.035f}));
  for (int repeat = -2; repeat < 4; ++repeat) {
    for (std::uint32_t i = 0; i < 9; ++i) {
      const bool right = i % 3 != 0;
      const float x = (right ? 1.0f : -1.0f) * (6.0f + 22.0f * hash01(i * 3 + 1)), z = -tile * (static_cast<float>(repeat) + hash01(i * 3 + 2)), tall = 2.5f + 4.5f * hash01(i * 3 + 3);
      if (!right && x > -9.0f) continue;
      for (int k = 0; k < 3; ++k) country.add(lathe(std::vector<vec2>{{tall * (0.3f - 0.07f * static_cast<float>(k)), tall * 0.22f * static_cast<float>(k)}, {0, tall * (0.42f + 0.26f * static_cast<float>(k))}}, 6).move({x, -1.1f, z}).paint({0.012f, 0.02f, 0.026f}));
    }
    const float z = -tile * static_cast<float>(repeat);
    for (const float x : {4.2f}) {  // a lamp by the line, a farm far off
      lights.add(tube(std::vector<vec3>{{x, -1.1f, z}, {x, 3.0f, z}}, 0.05f, 5).paint({0.03f, 0.03f, 0.035f}));
      lights.add(ball(0.16f, 6, 8).move({x, 3.05f, z}).paint({1.0f, 0.75f, 0.4f}));
    }
    for (int k = 0; k < 3; ++k) lights.add(box({19.0f + static_cast<float>(k), -0.2f, z - 9.0f - 1.3f * static_cast<float>(k)}, {19.1f + static_cast<float>(k), 0.35f, z - 8.6f - 1.3f * static_cast<float>(k)}).paint({0.95f, 0.6f, 0.25f}));
    lights.add(box({-26.0f, -0.1f, z - 15.0f}, {-25.9f, 0.5f, z - 14.5f}).paint({0.9f, 0.55f, 0.22f}));
  }
  const NodeId rushing = w.node("stream country", kRoot, glow, country);
  w.add(rushing, glow, ties);
  w.add(rushing, glow, lights);
  w.nodes[rushing].occludes = false;
  w.show(rushing, 0, 3);
  stream(w, rushing, {0, 0, tile}, tile / kSpeed);
  const NodeId slowing = w.node("country", kRoot, glow, country);
  w.add(slowing, glow, ties);
  w.add(slowing, glow, lights);
  w.nodes[slowing].occludes = false;
  w.show(slowing, 4, 6);
  station = w.node("station");
  w.show(station, 4, 6);
  for (const NodeId n : {slowing, station}) {
    std::vector<Key> keys;
    for (int k = 0; k <= 24; ++k) {
      const float t = kBrake * static_cast<float>(k) / 24, left = kBrake - t;
      keys.push_back({t, vec4(0, 0, -kSpeed * left * left / (2 * kBrake), 0)});  // steady braking
    }
    w.key("engine", n, Path::translation, keys);
  }
  // What does not seem to move: ground, rails, hills, the moon's haze.
  Mesh base;
  base.add(terrain({-220, -220}, {220, 220}, 20.0f, [](float, float) { return -1.12f; }).paint({0.012f, 0.016f, 0.02f}));
  for (const float x : {-0.45f, 0.95f}) base.add(box({x - 0.04f, -1.0f, -200}, {x + 0.04f, -0.92f, 40}).paint({0.22f, 0.24f, 0.28f}));
  const auto crest = [](int k) {
    const float a = 6.2832f * static_cast<float>(k % 90) / 90;
    return vec3(std::cos(a) * 190, 9.0f + 16.0f * fbm(vec3(std::cos(a), std::sin(a), 0) * 3.5f, 4, 6), std::sin(a) * 190);
  };
  for (int i = 0; i < 90; ++i) {
    const vec3 a = crest(i), b = crest(i + 1);
    base.add(quad({a.x, -3, a.z}, {b.x, -3, b.z}, b, a).paint({0.02f, 0.028f, 0.05f}));
  }
  w.add(still, glow, base);
  add_halo(w, kRoot, halo, point(0.2f, 16, 0.0f), 3.0f, {1.0f, 0.85f, 0.6f});  // the head lamp's light on the line
}

void Train::platform() {
  Mesh deck, edge, wall, posts, roof, bench, lamp_glow, dark;
  deck.add(terrain({-6.2f, -13.0f}, {-1.3f, 16.0f}, 0.5f, [](float, float) { return 0.0f; }).paint({0.5f, 0.5f, 0.53f}));
  w.add(station, paving, deck);
  edge.add(box({-1.34f, -0.02f, 16}, {-1.24f, 0.012f, -13}).paint({0.8f, 0.75f, 0.6f})).add(box({-1.3f, -1.1f, 16}, {-1.24f, -0.02f, -13}).paint({0.3f, 0.3f, 0.31f})).add(box({-1.62f, 0.001f, 16}, {-1.52f, 0.006f, -13}).paint({0.75f, 0.6f, 0.15f}));
  w.add(station, live, edge);
  wall.add(box({-6.5f, 0, 9}, {-6.0f, 3.4f, -9}));
  w.add(station, brick, wall.refine(1.0f).map_box().paint({0.5f, 0.27f, 0.2f}));
  for (int i = 0; i < 6; ++i) {
    const float z = 6.6f - 2.6f * static_cast<float>(i);
    const bool is_door = i == 3;
    posts.add(box({-6.02f, is_door ? 0.0f : 0.95f, z - 0.62f}, {-5.95f, 2.45f, z + 0.62f}, 0.02f).paint({0.2f, 0.12f, 0.08f}));
    lamp_glow.add(box({-5.96f, is_door ? 0.1f : 1.05f, z - 0.52f}, {-5.94f, 2.32f, z + 0.52f}).paint(i % 2 ? vec3(0.75f, 0.48f, 0.22f) : vec3(0.9f, 0.62f, 0.3f)));
    posts.add(bars(1.05f, is_door ? 2.2f : 1.3f, 3, 3, 0.03f).turn_y(90).move({-5.93f, is_door ? 0.1f : 1.05f, z}).paint({0.2f, 0.12f, 0.08f}));
    // Canopy on iron posts.
    const float pz = z + 1.3f;
    posts.add(tube(std::vector<vec3>{{-4.1f, 0, pz}, {-4.1f, 2.8f, pz}}, 0.06f, 8).paint({0.1f, 0.16f, 0.15f}));
    posts.add(tube(curve(std::vector<vec3>{{-4.1f, 2.1f, pz}, {-4.25f, 2.6f, pz}, {-4.8f, 2.85f, pz}}, 4), 0.03f, 6).paint({0.1f, 0.16f, 0.15f}));
  }
  roof.add(tiled_roof(18.0f, 2.6f, 0.6f, 0.3f).turn_y(90).move({-3.7f, 2.8f, 0}));
  w.add(station, live, roof.paint({0.12f, 0.14f, 0.15f}));
  for (int i = 0; i < 14; ++i) w.add(station, live, box({-3.72f, 2.55f, 8.4f - 1.3f * static_cast<float>(i)}, {-3.69f, 2.8f, 7.4f - 1.3f * static_cast<float>(i)}).paint({0.5f, 0.44f, 0.32f}));
  // Lamps along the edge of the canopy.
  for (const float z : {-9.0f, -5.9f, -0.4f, 4.5f}) {
    posts.add(tube(std::vector<vec3>{{-3.0f, 0, z}, {-3.0f, 2.75f, z}}, std::vector<float>{0.06f, 0.035f}, 8).paint({0.1f, 0.14f, 0.14f}));
    posts.add(lathe(std::vector<vec2>{{0.13f, 0}, {0.08f, 0.12f}, {0.06f, 0.3f}}, 10).move({-3.0f, 0, z}).paint({0.1f, 0.14f, 0.14f}));
    posts.add(lathe(std::vector<vec2>{{0.2f, 0}, {0.06f, 0.16f}, {0, 0.18f}}, 12).move({-3.0f, 3.02f, z}).paint({0.1f, 0.14f, 0.14f}));
    lamp_glow.add(lathe(std::vector<vec2>{{0.08f, 0}, {0.14f, 0.24f}}, 10).move({-3.0f, 2.78f, z}).paint({1.0f, 0.8f, 0.48f}));
    add_halo(w, station, halo, {-3.0f, 2.9f, z}, 0.9f, {1.0f, 0.78f, 0.45f});
    const NodeId bulb = w.node("platform light", vec3(-2.9f, 2.8f, z), station);
    w.nodes[bulb].light = LightSource{false, {1.0f, 0.74f, 0.42f}, 9.0f, 9.0f};
  }
  // A bench, a trolley, a clock without hours.
  bench.add(box({-3.9f, 0.42f, -4.4f}, {-3.45f, 0.47f, -2.6f}, 0.01f)).add(plank({-3.92f, 0.75f, -4.4f}, {-3.92f, 0.75f, -2.6f}, 0.03f, 0.3f));
  for (const float z : {-4.2f, -2.8f}) bench.add(box({-3.88f, 0, z - 0.03f}, {-3.5f, 0.42f, z + 0.03f})).add(box({-3.93f, 0.42f, z - 0.03f}, {-3.9f, 0.9f, z + 0.03f}));
  w.add(station, live, bench.paint({0.3f, 0.18f, 0.1f}));
  posts.add(tube(std::vector<vec3>{{-3.7f, 2.55f, -6.8f}, {-3.2f, 2.55f, -6.8f}}, 0.03f, 6).paint({0.1f, 0.14f, 0.14f}));
  for (const float s : {-1.0f, 1.0f}) lamp_glow.add(disc(0.26f, 24).turn(90 * s, {1, 0, 0}).move({-3.2f, 2.5f, -6.8f + 0.06f * s}).paint({0.9f, 0.85f, 0.7f}));
  dark.add(tube(std::vector<vec3>{{-3.2f, 2.5f, -6.86f}, {-3.2f, 2.5f, -6.74f}}, 0.29f, 24).paint({0.06f, 0.08f, 0.08f}));
  for (const float s : {-1.0f, 1.0f}) dark.add(box({-0.012f, -0.02f, 0}, {0.012f, 0.19f, 0.004f}).turn(-25, {0, 0, 1}).add(box({-0.014f, -0.02f, 0}, {0.014f, 0.12f, 0.004f}).turn(-150, {0, 0, 1})).turn_y(s > 0 ? 0.0f : 180.0f).move({-3.2f, 2.5f, -6.8f + 0.066f * s}).paint({0.02f, 0.02f, 0.02f}));
  w.add(station, glow, dark);
  w.add(station, live, posts);
  w.add(station, glow, lamp_glow);
  for (int i = 0; i < 5; ++i) w.add(station, live, box({-3.75f, 0.0f, 2.2f - 0.5f * static_cast<float>(i)}, {-3.35f, 0.3f + 0.12f * static_cast<float>(i % 3), 2.6f - 0.5f * static_cast<float>(i)}, 0.02f).paint(i % 2 ? vec3(0.32f, 0.2f, 0.12f) : vec3(0.2f, 0.24f, 0.22f)));
  // Rain: begins in the scene of the lamp, ends with the night.
  Mesh drops;
  for (std::uint32_t i = 0; i < 220; ++i) {
    const float x = -1.35f - 5.5f * hash01(i * 3), z = 3.0f - 14.0f * hash01(i * 3 + 1), y = 4.0f * hash01(i * 3 + 2);
    if (x < -3.7f) continue;
    for (const float up : {0.0f, 4.0f}) drops.add(box({x - 0.002f, y + up, z - 0.002f}, {x + 0.002f, y + up + 0.16f, z + 0.002f}).paint({0.42f, 0.45f, 0.52f}));
  }
  const NodeId rain = w.node("rain");
  w.nodes[rain].occludes = false;
  w.show(rain, 5, 6);
  const NodeId sheet = w.node("stream rain", rain, glow, drops);
  stream(w, sheet, {0, -4.0f, 0}, 0.5f);
  blink_once(w, "platform_lamp", rain, {{0, false}, {3.85f, true}});
  blink_once(w, "platform_end", rain, {{0, true}, {3.6f, false}});
}

void Train::people() {
  Look look;
  look.robe = {0.55f, 0.2f, 0.16f}, look.trim = {0.85f, 0.7f, 0.4f}, look.bun = true, look.height_m = 1.6f;
  const vec3 where = point(-2.55f, 1.15f);
  const Figure she = add_figure(w, station, live, where, 160, look, 0.2f);
  turn_once(w, "platform_lamp", she.right_arm, {1, 0, 0}, {{3.6f, 0}, {4.6f, -150}, {5.6f, -150}, {6.0f, -135}});
  turn_once(w, "platform_lamp", she.right_fore, {0, 0, 1}, {{4.2f, 0}, {4.6f, 25}, {4.95f, -20}, {5.3f, 25}, {5.7f, -15}, {6.0f, 0}});
  for (const NodeId arm : {she.left_arm, she.right_arm}) turn_once(w, "platform_end", arm, {1, 0, 0}, {{0.8f, arm == she.right_arm ? -135.0f : 0.0f}, {2.2f, -42}, {3.4f, -42}, {4.6f, -75}, {7.0f, -28}});
  turn_once(w, "platform_end", she.head, {1, 0, 0}, {{1.0f, 0}, {2.2f, 22}, {4.4f, 22}, {5.6f, -4}});
  // The case on a trunk before her; it is full of morning.
  w.add(station, live, block({0.7f, 0.5f, 0.5f}, 0.02f).paint({0.22f, 0.26f, 0.24f}), at(point(-2.36f, 1.66f), -18));
  const NodeId box_node = w.node("case", point(-2.36f, 1.66f, 0.5f), station);
  w.nodes[box_node].rotation = turned(-18, {0, 1, 0});
  w.show(box_node, 6, 6);
  w.add(box_node, live, suitcase(false).move({0, 0, -0.18f}));
  const NodeId lid = w.node("lid", vec3(0, 0.15f, 0.18f), box_node);
  w.add(lid, live, suitcase(true).move({0, 0, -0.36f}));
  turn_once(w, "platform_end", lid, {1, 0, 0}, {{3.0f, 0}, {4.6f, 105}});
  const NodeId gold = w.node("morning", vec3(0, 0.16f, 0), box_node);
  w.add(gold, glow, box({-0.23f, -0.02f, -0.16f}, {0.23f, 0.0f, 0.16f}).paint({1.0f, 0.85f, 0.5f}));
  scale_once(w, "platform_end", gold, {{0, vec3(0.01f)}, {3.2f, vec3(0.01f)}, {4.6f, vec3(1)}});
  for (int i = 0; i < 4; ++i) {
    const NodeId shine = add_halo(w, gold, halo, vec3(0, 0.1f + 0.2f * static_cast<float>(i), 0), 0.7f + 0.15f * static_cast<float>(i), {1.0f, 0.8f, 0.45f});
    breathe(w, shine, vec3(0.06f), 4.0f, 0.25f * static_cast<float>(i));
  }
  for (int i = 0; i < 9; ++i) {  // birds of light
    const float k = static_cast<float>(i);
    const NodeId spark = w.node("spark", gold, glow, ball(0.014f, 4, 6).paint({1.0f, 0.88f, 0.55f}));
    roam(w, spark, {vec3(0.1f * std::cos(k), 0.1f, 0.1f * std::sin(k)), vec3(0.3f * std::cos(k + 1), 0.7f, 0.3f * std::sin(k + 1)), vec3(0.5f * std::cos(k + 2), 1.5f, 0.4f * std::sin(k + 2)), vec3(0.2f * std::cos(k + 3), 0.8f, 0.3f * std::sin(k + 3))}, 8.0f, false, k / 9);
  }
  const NodeId bulb = w.node("morning light", vec3(0, 0.5f, 0), box_node);
  w.nodes[bulb].light = LightSource{false, {1.0f, 0.78f, 0.42f}, 2.6f, 7.0f};
  std::vector<Stop> rise{{0, {0, -60, 0}}, {3.2f, {0, -60, 0}}, {3.3f, {0, -4, 0}}, {4.8f, {0, 0.5f, 0}}};
  move_once(w, "platform_end", bulb, rise);
}

// The sky of the morning: a gradient on a cylinder that lies below the ground and comes up.
void Train::morning() {
  Mesh dome;
  constexpr int kAround = 48, kUp = 10;
  const float tall = 150;
  for (int j = 0; j <= kUp; ++j) {
    for (int i = 0; i <= kAround; ++i) {
      const float a = 6.2832f * static_cast<float>(i) / kAround, t = static_cast<float>(j) / kUp;
      const vec3 low(1.0f, 0.58f, 0.3f), mid(0.85f, 0.55f, 0.6f), high(0.35f, 0.5f, 0.75f);
      const vec3 tint = t < 0.35f ? glm::mix(low, mid, t / 0.35f) : glm::mix(mid, high, std::min(1.0f, (t - 0.35f) / 0.4f));
      Vertex v;
      v.position = {std::cos(a) * 205.0f, tall * t, std::sin(a) * 205.0f};
      v.normal = {-std::cos(a), 0, -std::sin(a)};
      v.color = vec4(tint, std::clamp((1 - t) * 2.2f, 0.0f, 1.0f) * 0.92f);
      dome.vertices.push_back(v);
    }
  }
  const auto row = static_cast<std::uint32_t>(kAround + 1);
  for (std::uint32_t j = 0; j < kUp; ++j) {
    for (std::uint32_t i = 0; i < kAround; ++i) {
      const std::uint32_t a = j * row + i;
      dome.indices.insert(dome.indices.end(), {a, a + 1, a + row + 1, a, a + row + 1, a + row});
    }
  }
  const NodeId sky = w.node("daybreak", kRoot, dawn, dome, vec3(0, -20, 0));
  w.show(sky, 6, 6);
  move_once(w, "platform_end", sky, {{0, {0, -160, 0}}, {4.0f, {0, -160, 0}}, {7.0f, {0, -20, 0}}});
}

void Train::light() {
  const NodeId moon = w.node("moon");
  w.nodes[moon].rotation = glm::quat_cast(glm::mat3(glm::inverse(glm::lookAt(vec3(0), -glm::normalize(vec3(0.9f, 0.22f, -0.25f)), vec3(0, 1, 0)))));
  w.nodes[moon].light = LightSource{true, {0.6f, 0.72f, 1.0f}, 0.5f, 0};
  struct Lamp {
    vec3 place, color;
    float candela;
  };
  const Lamp lamps[] = {{point(-0.6f, -0.6f, 1.9f), kWarm, 1.6f}, {point(0.3f, 1.4f, 2.1f), {0.6f, 0.55f, 1.0f}, 1.2f}, {point(0.5f, 2.8f, 2.0f), kWarm, 2.0f}, {point(0.3f, 4.1f, 2.2f), {1.0f, 0.85f, 0.5f}, 1.8f}, {point(0.7f, 5.5f, 1.2f), {1.0f, 0.5f, 0.2f}, 1.8f}};
  for (const Lamp& l : lamps) {
    const NodeId n = w.node("lamp", l.place);
    w.nodes[n].light = LightSource{false, l.color, l.candela, 2.6f};
  }
  w.lights.push_back({vec3(-3.0f, 2.7f, -0.4f), vec3(1.0f, 0.74f, 0.42f) * 0.9f, 0.1f});
  w.lights.push_back({vec3(-3.0f, 2.7f, -5.9f), vec3(1.0f, 0.74f, 0.42f) * 0.9f, 0.1f});
  w.open_sky = {0.02f, 0.026f, 0.05f};
  w.open_ground = {0.006f, 0.007f, 0.01f};
  w.bake_reach_m = 2.5f;
  w.sky.zenith = {0.006f, 0.010f, 0.03f};
  w.sky.horizon = {0.04f, 0.055f, 0.1f};
  w.sky.ground = {0.01f, 0.012f, 0.016f};
  w.sky.horizon_sharpness = 5.0f;
  w.sky.sun_color = {1.6f, 1.65f, 1.7f};
  w.sky.sun_radius_rad = 0.035f;
  w.sky.sun_glow = 0.12f;
  w.sky.stars = 0.8f;
  w.sky.fog_color = {0.03f, 0.04f, 0.06f};
  w.sky.fog_per_m = 0.0f;
  w.sky.exposure = 1.5f;
  w.sky.ambient = 1.0f;
}

}  // namespace

World night_train() {
  Train t;
  t.materials();
  t.still = t.w.node("train");
  t.body();
  t.last_carriage();
  t.sleeper();
  t.dining();
  t.mail();
  t.engine();
  t.door();
  t.passing();
  t.platform();
  t.people();
  t.morning();
  t.light();
  return std::move(t.w);
}

}  // namespace promenade::samples::worlds

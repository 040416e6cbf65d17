#include "content-tools/samples/worlds/props.h"

#include <algorithm>
#include <cmath>

#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>

namespace promenade::samples::worlds {
namespace {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : seed_(seed * 7919u + 1u) {}
  float roll() { return hash01(seed_ = seed_ * 1664525u + 1013904223u); }
  float roll(float low, float high) { return low + (high - low) * roll(); }

 private:
  std::uint32_t seed_;
};

void grow(Tree& tree, Dice& dice, vec3 from, vec3 towards, float length, float radius, int depth, float spread) {
  std::vector<vec3> path{from};
  std::vector<float> radii{radius};
  const int joints = 3;
  for (int i = 1; i <= joints; ++i) {
    towards = glm::normalize(towards + vec3(dice.roll(-1, 1), dice.roll(-0.3f, 0.6f), dice.roll(-1, 1)) * 0.22f);
    path.push_back(path.back() + towards * (length / joints));
    radii.push_back(radius * (1.0f - 0.42f * static_cast<float>(i) / joints));
  }
  tree.bark.add(tube(path, radii, depth > 1 ? 7 : 5));
  if (depth == 0) {
    tree.tips.push_back(path.back());
    tree.tips.push_back(path[2]);
    return;
  }
  const int count = depth >= 2 ? 4 : 3;
  const float start = dice.roll(0, 2 * kPi);
  for (int i = 0; i < count; ++i) {
    const float angle = start + 2 * kPi * static_cast<float>(i) / static_cast<float>(count) + dice.roll(-0.4f, 0.4f);
    const vec3 out(std::cos(angle), 0, std::sin(angle));
    const vec3 way = glm::normalize(towards * dice.roll(0.35f, 0.7f) + out * spread + vec3(0, 0.25f, 0));
    grow(tree, dice, i == 0 ? path.back() : path[i % 2 ? 3 : 2], way, length * dice.roll(0.62f, 0.8f), radii.back() * 0.72f, depth - 1, spread);
  }
}

Mesh face_of(const Look& look, float s) {
  Mesh m;
  m.add(ball(0.012f * s, 4, 6).stretch({0.8f, 1.3f, 1.2f}).move({0, -0.005f * s, 0.102f * s}).paint(look.skin * 0.93f));
  for (const float side : {-1.0f, 1.0f}) {
    const vec3 eye(side * 0.036f * s, 0.018f * s, 0.089f * s);
    if (look.closed_eyes) m.add(ball(0.012f * s, 4, 6).stretch({1.2f, 0.22f, 0.5f}).move(eye).paint({0.12f, 0.06f, 0.04f}));
    else m.add(ball(0.0095f * s, 5, 6).stretch({1, 1.25f, 0.5f}).move(eye).paint({0.015f, 0.012f, 0.01f}));
    m.add(ball(0.016f * s, 4, 6).stretch({1.0f, 0.16f, 0.4f}).turn(side * -8.0f, {0, 0, 1}).move(eye + vec3(0, 0.028f * s, 0.003f)).paint(look.hair + vec3(0.02f)));
    m.add(ball(0.02f * s, 4, 6).stretch({0.5f, 1.1f, 0.8f}).move({side * 0.094f * s, 0.0f, 0}).paint(look.skin));
  }
  m.add(ball(0.016f * s, 4, 6).stretch({1.2f, 0.2f, 0.5f}).move({0, -0.047f * s, 0.088f * s}).paint(look.skin * vec3(0.75f, 0.5f, 0.45f)));
  return m;
}

Mesh head_of(const Look& look, float s) {
  Mesh m;
  m.add(tube(std::vector<vec3>{{0, -0.15f * s, -0.012f}, {0, -0.06f * s, 0}}, 0.042f * s, 8).paint(look.skin * 0.9f));
  m.add(ball(0.1f * s, 10, 14).stretch({0.95f, 1.16f, 1.0f}).paint(look.skin));
  m.add(face_of(look, s));
  // Hair: a cap that is bent back from the face.
  m.add(ball(0.107f * s, 10, 14).stretch({0.98f, 1.15f, 1.03f}).bend([&](const vec3& p) {
    const float front = std::max(0.0f, p.z / (0.1f * s));
    const float low = -0.03f * s + 0.095f * s * front;
    vec3 q = p;
    if (p.z > -0.02f * s && p.y < low) q *= 0.86f;
    return q + vec3(0, 0.004f, -0.012f * s);
  }).paint(look.hair));
  if (look.bun) m.add(ball(0.045f * s, 6, 8).move({0, 0.085f * s, -0.085f * s}).paint(look.hair));
  if (look.straw_hat) {
    const vec2 profile[] = {{0.27f * s, 0}, {0.275f * s, 0.012f * s}, {0.1f * s, 0.095f * s}, {0, 0.16f * s}};
    m.add(lathe(profile, 16).move({0, 0.06f * s, 0}).paint({0.62f, 0.5f, 0.28f}));
    const vec2 inside[] = {{0, 0.15f * s}, {0.1f * s, 0.085f * s}, {0.27f * s, 0}};
    m.add(lathe(inside, 16).move({0, 0.06f * s, 0}).paint({0.3f, 0.23f, 0.12f}));
  }
  if (look.cap) {
    const vec2 profile[] = {{0.112f * s, 0}, {0.116f * s, 0.05f * s}, {0.09f * s, 0.085f * s}, {0, 0.095f * s}};
    m.add(lathe(profile, 14).move({0, 0.045f * s, -0.005f}).paint(look.trim));
    m.add(ball(0.075f * s, 5, 10).stretch({1, 0.12f, 1}).move({0, 0.05f * s, 0.085f * s}).paint(look.trim * 0.6f));
  }
  return m;
}

Mesh folds(Mesh m, int count, float deep) {
  return m.bend([=](const vec3& p) {
    const float r = std::sqrt(p.x * p.x + p.z * p.z), angle = std::atan2(p.x, p.z);
    const float low = std::clamp(1.0f - p.y / 0.8f, 0.0f, 1.0f);
    const float k = 1.0f + deep * low * std::sin(angle * static_cast<float>(count) + 2.0f * std::sin(angle * 2.0f));
    return r > 1e-4f ? vec3(p.x * k, p.y, p.z * k) : p;
  });
}

void add_robe(World& world, const Figure& figure, MaterialId matte, const Look& look, float s) {
  if (look.seated) {
    Mesh lap;
    const vec3 left[] = {{-0.09f * s, 0.5f * s, -0.02f}, {-0.11f * s, 0.5f * s, 0.2f}, {-0.11f * s, 0.48f * s, 0.4f}, {-0.11f * s, 0.25f * s, 0.43f}, {-0.11f * s, 0.05f, 0.42f}};
    const float radii[] = {0.1f * s, 0.1f * s, 0.09f * s, 0.075f * s, 0.085f * s};
    lap.add(tube(curve(left, 3), std::vector<float>(13, 0.095f * s), 9));
    lap.add(Mesh(lap), glm::scale(mat4(1.0f), vec3(-1, 1, 1)));
    lap.add(tube(left, radii, 8).move({0.1f * s, 0.015f, -0.01f}));
    world.add(figure.root, matte, lap.paint(look.robe));
    for (const float x : {-0.11f, 0.11f}) {
      world.add(figure.root, matte, ball(0.05f * s, 6, 8).stretch({0.9f, 0.7f, 2.0f}).move({x * s, 0.035f * s, 0.47f}).paint({0.05f, 0.04f, 0.035f}));
    }
    return;
  }
  if (look.skirt) {
    const vec2 skirt[] = {{0, 0.02f}, {0.2f * s, 0.02f}, {0.215f * s, 0.05f * s}, {0.185f * s, 0.35f * s}, {0.15f * s, 0.65f * s}, {0.125f * s, 0.92f * s}, {0.12f * s, 1.0f * s}};
    world.add(figure.root, matte, folds(lathe(skirt, 28), 9, 0.07f).stretch({1, 1, 0.82f}).paint(look.robe));
  } else {
    for (const float x : {-1.0f, 1.0f}) {
      const vec3 leg[] = {{x * 0.075f * s, 0.9f * s, 0}, {x * 0.085f * s, 0.5f * s, 0.01f}, {x * 0.09f * s, 0.06f * s, -0.01f}};
      const float radii[] = {0.095f * s, 0.078f * s, 0.07f * s};
      world.add(figure.root, matte, tube(leg, radii, 9).paint(look.robe * 0.6f));
    }
  }
  for (const float x : {-0.08f, 0.08f}) {
    world.add(figure.root, matte, ball(0.055f * s, 6, 8).stretch({0.85f, 0.7f, 1.7f}).move({x * s, 0.035f * s, 0.07f * s}).paint({0.06f, 0.045f, 0.04f}));
  }
}

NodeId add_arm(World& world, NodeId torso, MaterialId matte, const Look& look, float s, float side, NodeId& fore) {
  const NodeId arm = world.node(side < 0 ? "left arm" : "right arm", vec3(side * 0.155f * s, 0.47f * s, 0), torso);
  world.nodes[arm].rotation = turned(side * 7.0f, {0, 0, 1});
  const vec3 upper[] = {{-side * 0.03f * s, 0.015f * s, 0}, {0, -0.02f * s, 0}, {side * 0.012f * s, -0.15f * s, 0}, {0, -0.27f * s, 0}};
  const float upper_r[] = {0.055f * s, 0.064f * s, 0.056f * s, 0.05f * s};
  world.add(arm, matte, tube(upper, upper_r, 9).paint(look.robe * 1.04f));
  fore = world.node("forearm", vec3(0, -0.27f * s, 0), arm);
  const vec3 lower[] = {{0, 0.03f * s, 0}, {0, -0.08f * s, 0.005f}, {0, -0.21f * s, 0.01f}};
  const float lower_r[] = {0.049f * s, 0.053f * s, look.skirt ? 0.072f * s : 0.05f * s};
  world.add(fore, matte, tube(lower, lower_r, 9).paint(look.robe * 1.04f));
  world.add(fore, matte, ball(0.04f * s, 6, 8).stretch({0.55f, 1.25f, 0.95f}).move({0, -0.255f * s, 0.012f}).paint(look.skin));
  world.add(fore, matte, ball(0.014f * s, 4, 6).stretch({1, 2.2f, 1}).turn(30, {1, 0, 0}).move({-side * 0.008f, -0.235f * s, 0.045f * s}).paint(look.skin));
  return arm;
}

}  // namespace

Figure add_figure(World& world, NodeId parent, MaterialId matte, const vec3& where, float turn_y, const Look& look, float phase) {
  Figure f;
  const float s = look.height_m / 1.62f;
  f.root = world.node("person", where, parent);
  world.nodes[f.root].rotation = turned(turn_y, {0, 1, 0});
  add_robe(world, f, matte, look, s);
  const float hips = look.seated ? 0.52f : 0.88f;
  f.torso = world.node("torso", vec3(0, hips * s, 0), f.root);
  const vec2 body[] = {{0, 0.0f}, {0.13f * s, 0.0f}, {0.135f * s, 0.08f * s}, {0.125f * s, 0.2f * s}, {0.148f * s, 0.36f * s}, {0.15f * s, 0.45f * s}, {0.1f * s, 0.52f * s}, {0.048f * s, 0.545f * s}, {0, 0.55f * s}};
  world.add(f.torso, matte, lathe(body, 18).stretch({1.1f, 1, 0.74f}).paint(look.robe * 1.06f));
  const vec2 sash[] = {{0.12f * s, 0.08f * s}, {0.139f * s, 0.09f * s}, {0.134f * s, 0.15f * s}, {0.12f * s, 0.16f * s}};
  world.add(f.torso, matte, lathe(sash, 18).stretch({1.1f, 1, 0.76f}).paint(look.trim));
  for (const float side : {-1.0f, 1.0f}) {  // crossed collar
    const vec3 collar[] = {{side * 0.05f * s, 0.545f * s, 0.01f}, {side * 0.055f * s, 0.5f * s, 0.075f * s}, {-side * 0.02f * s, 0.33f * s, 0.112f * s}};
    world.add(f.torso, matte, tube(curve(collar, 3), 0.014f * s, 5).paint(look.trim * 1.1f));
  }
  f.head = world.node("head", vec3(0, 0.69f * s, 0.005f), f.torso);
  world.add(f.head, matte, head_of(look, s));
  f.left_arm = add_arm(world, f.torso, matte, look, s, -1.0f, f.left_fore);
  f.right_arm = add_arm(world, f.torso, matte, look, s, 1.0f, f.right_fore);
  breathe(world, f.torso, {0.006f, 0.009f, 0.014f}, 4.0f, phase);
  sway(world, f.torso, {0.3f, 0.1f, 1.0f}, 0.9f, 6.0f, phase + 0.3f);
  return f;
}

Bird add_bird(World& world, NodeId parent, MaterialId matte, const vec3& where, float turn_y, const BirdLook& look, bool spread) {
  Bird b;
  const float s = look.length_m;
  b.root = world.node("bird", where, parent);
  world.nodes[b.root].rotation = turned(turn_y, {0, 1, 0});
  b.body = world.node("body", vec3(0, look.leg_m + s * 0.24f, 0), b.root);
  Mesh body = ball(s * 0.3f, 8, 12).stretch({0.8f, 0.85f, 1.3f}).paint([&](const Vertex& v) { return v.position.y < -s * 0.04f || v.position.z > s * 0.26f ? look.belly : look.back; });
  if (!spread) body.turn(-22, {1, 0, 0});
  world.add(b.body, matte, body);
  const vec2 tail[] = {{-0.16f * s, 0}, {0.16f * s, 0}, {0.22f * s, look.tail_m}, {-0.22f * s, look.tail_m}};
  world.add(b.body, matte, extrude(tail, 0.012f * s + 0.001f).turn(-90 + look.tail_up, {1, 0, 0}).move({0, spread ? 0 : -0.05f * s, -0.3f * s}).paint(look.tail));
  const vec3 crown = vec3(0, s * 0.22f + look.neck_m, s * 0.26f + look.neck_m * 0.25f);
  if (look.neck_m > 0) {
    const vec3 neck[] = {{0, s * 0.1f, s * 0.26f}, {0, s * 0.12f + look.neck_m * 0.4f, s * 0.36f}, {0, crown.y * 0.8f, crown.z - s * 0.05f}, crown};
    const float radii[] = {s * 0.11f, s * 0.06f, s * 0.05f, s * 0.05f};
    world.add(b.body, matte, tube(neck, radii, 8).paint(look.head));
  }
  b.head = world.node("head", crown, b.body);
  const float h = look.neck_m > 0 ? 0.1f : 0.19f;
  world.add(b.head, matte, ball(s * h, 8, 10).stretch({0.95f, 0.95f, 1.05f}).paint(look.head));
  const vec3 beak[] = {{0, -0.01f * s, s * h * 0.8f}, {0, -0.03f * s, s * h + look.beak_m}};
  const float beak_r[] = {s * h * 0.3f, 0.001f};
  world.add(b.head, matte, tube(beak, beak_r, 6).paint(look.beak));
  for (const float side : {-1.0f, 1.0f}) {
    world.add(b.head, matte, ball(s * h * 0.16f, 4, 6).move(vec3(side * 0.78f, 0.22f, 0.52f) * (s * h)).paint({0.01f, 0.01f, 0.01f}));
    const NodeId wing = world.node("wing", vec3(side * s * 0.2f, s * 0.07f, s * 0.08f), b.body);
    Mesh feather;
    if (spread) {
      const vec3 p[] = {{0, 0, s * 0.18f}, {side * s * 0.5f, 0.02f * s, s * 0.2f}, {side * s * 1.05f, 0, s * 0.02f}, {side * s * 0.62f, 0, -s * 0.2f}, {0, 0, -s * 0.3f}};
      for (int k = 1; k + 1 < 5; ++k) {
        feather.add(side > 0 ? triangle(p[0], p[k], p[k + 1]) : triangle(p[0], p[k + 1], p[k]));
        feather.add(side > 0 ? triangle(p[0], p[k + 1], p[k]) : triangle(p[0], p[k], p[k + 1]));
      }
    } else {
      feather = ball(s * 0.26f, 6, 8).stretch({0.18f, 0.55f, 1.35f}).turn(-24, {1, 0, 0}).move({side * s * 0.035f, -s * 0.03f, -s * 0.17f});
    }
    world.add(wing, matte, feather.paint(look.back * 0.85f));
    (side < 0 ? b.left_wing : b.right_wing) = wing;
    if (look.leg_m > 0 && !spread) {
      const vec3 leg[] = {{side * s * 0.09f, look.leg_m + s * 0.05f, 0}, {side * s * 0.1f, 0, 0}};
      world.add(b.root, matte, tube(leg, std::max(0.0025f, s * 0.018f), 5).paint(look.beak));
    }
  }
  return b;
}

void flap(World& world, const Bird& bird, float period_s, float degrees) {
  sway(world, bird.left_wing, {0, 0, -1}, degrees, period_s);
  sway(world, bird.right_wing, {0, 0, 1}, degrees, period_s);
}

NodeId add_lantern(World& world, NodeId parent, MaterialId glow, MaterialId matte, const vec3& hook, float drop, float radius, float height,
                   const vec3& shade) {
  const NodeId lantern = world.node("lantern", hook, parent);
  std::vector<vec2> profile;
  constexpr int kRibs = 12;
  for (int i = 0; i <= kRibs; ++i) {
    const float t = static_cast<float>(i) / kRibs, bulge = 0.42f + 0.58f * std::sin(kPi * (0.08f + 0.84f * t));
    profile.push_back({radius * bulge * (i % 2 ? 0.965f : 1.0f), -drop - height + height * t});
  }
  world.add(lantern, glow, lathe(profile, 18).paint([&](const Vertex& v) {
    const float t = (v.position.y + drop + height) / height;  // brightest where the flame is
    const float flame = std::exp(-8.0f * (t - 0.42f) * (t - 0.42f));
    return shade * (0.3f + 0.4f * flame) + vec3(0.1f, 0.06f, 0.02f) * flame;
  }));
  for (const float y : {-drop, -drop - height - 0.02f}) {
    const vec2 cap[] = {{0, y - 0.012f}, {radius * 0.62f, y - 0.012f}, {radius * 0.62f, y + 0.028f}, {0, y + 0.028f}};
    world.add(lantern, matte, lathe(cap, 14).paint({0.05f, 0.035f, 0.025f}));
  }
  world.add(lantern, matte, tube(std::vector<vec3>{{0, 0, 0}, {0, -drop, 0}}, 0.005f, 4).paint({0.06f, 0.04f, 0.03f}));
  const vec2 tassel[] = {{0.02f, -drop - height - 0.26f}, {0.016f, -drop - height - 0.1f}, {0.005f, -drop - height - 0.02f}};
  world.add(lantern, matte, lathe(tassel, 7).paint(shade * 0.5f));
  return lantern;
}

NodeId add_halo(World& world, NodeId parent, MaterialId halo, const vec3& where, float radius, const vec3& color) {
  const NodeId node = world.node("halo", where, parent);
  world.nodes[node].billboard = true;
  world.nodes[node].occludes = false;
  world.add(node, halo, card(radius * 2, radius * 2).move({0, -radius, 0}).paint(color));
  return node;
}

Mesh tiled_roof(float width, float run, float rise, float tile) {
  Mesh m;
  const float slope = std::sqrt(run * run + rise * rise), pitch = std::atan2(rise, run) * 180.0f / kPi;
  m.add(box({-width / 2, -0.05f, -slope}, {width / 2, 0.0f, 0.0f}));
  const int rows = std::max(1, static_cast<int>(width / tile));
  const float step = width / static_cast<float>(rows);
  const vec2 barrel[] = {{-0.5f, 0}, {0.5f, 0}, {0.38f, 0.28f}, {0, 0.4f}, {-0.38f, 0.28f}};
  std::vector<vec2> scaled;
  for (const vec2& p : barrel) scaled.push_back(p * step * 0.62f);
  for (int i = 0; i < rows; ++i) {
    const float x = -width / 2 + step * (static_cast<float>(i) + 0.5f);
    const float tone = 0.85f + 0.3f * hash01(static_cast<std::uint32_t>(i) * 37u + static_cast<std::uint32_t>(width * 100));
    m.add(extrude(scaled, slope + 0.04f).move({x, 0, -slope}).paint(vec3(tone)));
  }
  return m.turn(pitch, {1, 0, 0});
}

Mesh bars(float width, float height, int across, int down, float thick) {
  Mesh m;
  for (int i = 0; i <= across; ++i) {
    const float x = -width / 2 + width * static_cast<float>(i) / static_cast<float>(across);
    const float t = i == 0 || i == across ? thick * 2 : thick;
    m.add(box({x - t / 2, 0, -t / 2}, {x + t / 2, height, t / 2}));
  }
  for (int i = 0; i <= down; ++i) {
    const float y = height * static_cast<float>(i) / static_cast<float>(down), t = i == 0 || i == down ? thick * 2 : thick;
    m.add(box({-width / 2, y - t / 2, -t / 2.2f}, {width / 2, y + t / 2, t / 2.2f}));
  }
  return m;
}

Mesh urn(float r, float h) {
  const vec2 profile[] = {{0, 0}, {r * 0.6f, 0}, {r * 0.8f, h * 0.15f}, {r, h * 0.5f}, {r * 0.9f, h * 0.8f}, {r * 0.62f, h * 0.92f}, {r * 0.7f, h}, {r * 0.6f, h}, {r * 0.5f, h * 0.85f}, {0, h * 0.7f}};
  return lathe(profile, 16);
}

Mesh rope(const vec3& from, const vec3& to, float sag, float radius, int steps) {
  std::vector<vec3> path;
  for (int i = 0; i <= steps; ++i) {
    const float t = static_cast<float>(i) / static_cast<float>(steps);
    path.push_back(from + (to - from) * t - vec3(0, sag * 4 * t * (1 - t), 0));
  }
  return tube(path, radius, 4);
}

Tree grow_tree(std::uint32_t seed, float height, float spread, int depth, float thick) {
  Tree tree;
  Dice dice(seed);
  grow(tree, dice, {0, -0.1f, 0}, glm::normalize(vec3(dice.roll(-0.15f, 0.15f), 1, dice.roll(-0.15f, 0.15f))), height * 0.42f, thick, depth, spread);
  return tree;
}

Mesh foliage(std::uint32_t seed, const std::vector<vec3>& tips, int per_tip, float size, float scatter) {
  Mesh m;
  Dice dice(seed);
  vec3 middle(0.0f);
  for (const vec3& t : tips) middle += t / static_cast<float>(tips.size());
  for (const vec3& tip : tips) {
    for (int i = 0; i < per_tip; ++i) {
      const vec3 where = tip + vec3(dice.roll(-1, 1), dice.roll(-0.7f, 0.7f), dice.roll(-1, 1)) * scatter;
      const float s = size * dice.roll(0.75f, 1.25f);
      Mesh leaf = card(s, s).move({0, -s / 2, 0}).turn(dice.roll(-180, 180), {0, 0, 1}).turn(dice.roll(-70, 70), {1, 0, 0}).turn_y(dice.roll(0, 360));
      const vec3 out = glm::normalize(where - middle + vec3(0, 0.25f, 0));
      const float tone = dice.roll(0.78f, 1.12f);
      leaf.move(where).paint(vec3(tone));
      for (Vertex& v : leaf.vertices) v.normal = glm::normalize(out + (v.position - where) * 0.4f / s);
      m.add(leaf);
    }
  }
  return m;
}

Mesh grass_tufts(std::uint32_t seed, int count, float size, const std::vector<vec3>& places) {
  Mesh m;
  Dice dice(seed);
  for (int i = 0; i < count; ++i) {
    const vec3& p = places[static_cast<std::size_t>(dice.roll() * static_cast<float>(places.size()))];
    const float s = size * dice.roll(0.6f, 1.3f), turn = dice.roll(0, 180), tone = dice.roll(0.75f, 1.15f);
    const vec3 where = p + vec3(dice.roll(-0.15f, 0.15f), -0.01f, dice.roll(-0.15f, 0.15f));
    for (const float more : {0.0f, 90.0f}) {
      Mesh blade = card(s * 1.3f, s).turn_y(turn + more).move(where).paint(vec3(tone));
      for (Vertex& v : blade.vertices) v.normal = {0, 1, 0};
      m.add(blade);
    }
  }
  return m;
}

Mesh falling(std::uint32_t seed, int count, const vec3& size, float flake, bool round) {
  Mesh m;
  Dice dice(seed);
  for (int i = 0; i < count; ++i) {
    const vec3 where(dice.roll(-0.5f, 0.5f) * size.x, dice.roll(0, 1) * size.y, dice.roll(-0.5f, 0.5f) * size.z);
    const float s = flake * dice.roll(0.6f, 1.3f);
    Mesh one;
    if (round) {
      one = ball(s * 0.5f, 2, 4);
    } else {
      const vec3 tip(0, s * 0.3f, s * 0.55f), left(-s * 0.32f, s * 0.1f, 0), right(s * 0.32f, s * 0.1f, 0), root(0, 0, -s * 0.5f);
      one.add(triangle(root, right, tip)).add(triangle(root, tip, left));
      one.turn(dice.roll(-60, 60), {1, 0, 0}).turn_y(dice.roll(0, 360));
    }
    one.paint(vec3(dice.roll(0.88f, 1.0f)));
    m.add(one, glm::translate(mat4(1.0f), where));
    m.add(one, glm::translate(mat4(1.0f), where + vec3(0, size.y, 0)));
  }
  return m;
}

}  // namespace promenade::samples::worlds

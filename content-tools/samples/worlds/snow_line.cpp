// Snow Line: a ridge from the last grass of June over the edge of winter to a hut with a lit window. Dawn; a dog goes
// ahead. West is green and warm, east is white and blue, and the line between them is one step wide.
#include <algorithm>
#include <cmath>

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include "content-tools/samples/worlds/props.h"
#include "content-tools/samples/worlds/worlds.h"

namespace promenade::samples::worlds {
namespace {

struct Ridge {
  World w;
  MaterialId matte = 0, wood = 0, stone = 0, snow = 0, ground = 0, grass = 0, ice = 0, glow = 0, halo = 0, far = 0, cloth = 0;
  NodeId still = 0;

  void materials();
  void land();
  void mountains();
  void meadow();
  void cairn();
  void flags();
  void snowfield();
  void blue_ice();
  void white_out();
  void hut();
  void dog();
  void light();
};

// Winter begins where this is over 0; the line runs through the third scene.
float winter(float x, float z) { return x + 0.45f + 0.25f * noise({x * 1.3f, 0, z * 1.3f}, 4) + 0.12f * z; }

float land_height(float x, float z) {
  const float y = -z;
  // The route's ground is level; the ridge falls away to both sides.
  const float across = std::max(0.0f, std::abs(y - 0.15f) - 2.1f), along = std::max(0.0f, std::abs(x) - 3.6f);
  float h = -0.16f * across * across - 0.02f * along * along;
  h = std::max(h, -34.0f);
  const float rough = std::clamp((across + along) * 0.5f, 0.0f, 1.0f);
  h += rough * (1.1f * fbm({x * 0.22f, 0, z * 0.22f}, 4, 11) + 0.25f * fbm({x * 0.9f, 0, z * 0.9f}, 3, 12));
  h += 0.025f * noise({x * 1.7f, 0, z * 1.7f}, 2);
  const float drift = std::clamp(winter(x, z) * 2.0f, 0.0f, 1.0f);
  return h + drift * 0.03f * (1 + noise({x * 0.9f, 3, z * 0.9f}, 5)) + 0.35f * std::clamp(along, 0.0f, 1.0f) * (x > 0 ? 1.0f : 0.0f);
}

void Ridge::materials() {
  const auto textured = [&](const char* name, Image image, float metres, float roughness) {
    Material m;
    m.name = name, m.texture = w.texture(std::move(image)), m.texture_m = metres, m.roughness = roughness;
    return w.material(m);
  };
  wood = textured("wood", wood_texture(), 0.8f, 0.8f);
  stone = textured("stone", stone_texture(), 1.2f, 0.92f);
  snow = textured("snow", snow_texture(), 1.6f, 0.7f);
  ground = textured("ground", ground_texture(), 1.9f, 0.95f);
  grass = textured("grass", grass_texture(), 0, 0.9f);
  w.materials[grass].alpha = Alpha::mask, w.materials[grass].double_sided = true, w.materials[grass].bake = Bake::none;
  Material m;
  m.name = "matte", m.roughness = 0.8f;
  matte = w.material(m);
  m.name = "cloth", m.double_sided = true;
  cloth = w.material(m);
  m.name = "ice", m.double_sided = false, m.roughness = 0.12f;
  ice = w.material(m);
  Material g;
  g.name = "glow", g.unlit = true, g.bake = Bake::none;
  glow = w.material(g);
  g.name = "far";
  far = w.material(g);
  g.name = "halo", g.alpha = Alpha::blend, g.texture = w.texture(glow_texture()), g.texture_m = 0, g.opacity = 0.6f, g.double_sided = true;
  halo = w.material(g);
}

void Ridge::land() {
  // One surface, two materials: each triangle is grass or snow.
  for (const bool near : {true, false}) {
    Mesh all = near ? terrain({-5, -5}, {6, 5}, 0.16f, land_height) : terrain({-45, -45}, {48, 45}, 1.5f, [](float x, float z) {
      const float edge = std::max(std::abs(x) - 4, std::abs(z) - 4);
      return land_height(x, z) - (edge < 0 ? 0.6f : 0.0f);
    });
    Mesh green, white;
    for (std::size_t i = 0; i < all.indices.size(); i += 3) {
      vec3 mid(0.0f);
      for (std::size_t k = 0; k < 3; ++k) mid += all.vertices[all.indices[i + k]].position / 3.0f;
      const bool cold = winter(mid.x, mid.z) > 0;
      Mesh& part = cold ? white : green;
      for (std::size_t k = 0; k < 3; ++k) {
        part.indices.push_back(static_cast<std::uint32_t>(part.vertices.size()));
        part.vertices.push_back(all.vertices[all.indices[i + k]]);
      }
    }
    white.smooth(80);
    green.smooth(80);
    w.add(still, snow, white.paint([](const Vertex& v) { return glm::mix(vec3(0.8f, 0.86f, 0.95f), vec3(0.97f, 0.97f, 0.98f), std::clamp(0.5f + fbm(v.position * 0.6f, 3, 8), 0.0f, 1.0f)); }));
    w.add(still, ground, green.paint([](const Vertex& v) {
      const float edge = std::clamp(-winter(v.position.x, v.position.z) / 1.2f, 0.0f, 1.0f);
      const float patch = std::clamp(0.5f + 1.3f * fbm(v.position * 0.5f, 3, 6), 0.0f, 1.0f);
      return glm::mix(vec3(0.46f, 0.42f, 0.33f), glm::mix(vec3(0.26f, 0.36f, 0.12f), vec3(0.44f, 0.5f, 0.18f), patch), edge);
    }));
  }
}

void Ridge::mountains() {
  struct Chain {
    float far, tall, base;
    std::uint32_t seed;
    vec3 rock, snow;
    float line;
  };
  const Chain chains[] = {{300, 120, -50, 3, {0.45f, 0.46f, 0.58f}, {0.95f, 0.78f, 0.74f}, 0.32f}, {190, 70, -42, 7, {0.27f, 0.3f, 0.4f}, {0.86f, 0.78f, 0.82f}, 0.5f}};
  for (const Chain& c : chains) {
    constexpr int kAround = 280, kUp = 10;
    Mesh m;
    const auto spot = [&](int i, int j) {
      const float a = 2 * kPi * static_cast<float>(i % kAround) / kAround, t = static_cast<float>(j) / kUp;
      const vec3 d(std::cos(a), 0, std::sin(a));
      const float crest = 0.13f * (1.0f - 2.0f * std::abs(noise(d * 9.0f, c.seed + 4))) + 0.05f * (1.0f - 2.0f * std::abs(noise(d * 23.0f, c.seed + 5)));
      const float peak = std::pow(std::clamp(0.5f + 0.7f * fbm(d * 3.4f, 3, c.seed) + crest, 0.1f, 1.3f), 1.3f);
      const float west = 0.5f - 0.5f * d.x;  // the valley in the west is lower
      const float r = c.far - 90.0f * (1 - t) + 16.0f * fbm(vec3(d.x * 9, t * 3, d.z * 9), 3, c.seed + 9);
      return vec3(d.x * r, c.base + (c.tall * peak * (1 - 0.55f * west) - c.base * 0.4f) * t, d.z * r);
    };
    for (int i = 0; i < kAround; ++i) {
      for (int j = 0; j < kUp; ++j) m.add(quad(spot(i, j), spot(i + 1, j), spot(i + 1, j + 1), spot(i, j + 1)));
    }
    // Painted as the sun in the east would light it; unlit, so that distance costs nothing.
    const vec3 sun = glm::normalize(vec3(0.8f, 0.35f, 0.3f));
    w.add(still, far, m.smooth(75).paint([&](const Vertex& v) {
      const float level = (v.position.y - c.base) / (c.tall + 40) + 0.1f * fbm(v.position * 0.06f, 3, 2);
      const vec3 n = v.normal.y < 0 ? -v.normal : v.normal;
      const float light = 0.5f + 0.65f * std::max(0.0f, glm::dot(n, sun));
      const float white = std::clamp((level - c.line - 0.25f * std::max(0.0f, 0.5f - n.y)) * 14.0f, 0.0f, 1.0f);
      const float haze = std::clamp(1.0f - (v.position.y - c.base) / 55.0f, 0.0f, 1.0f);
      return glm::mix(glm::mix(c.rock, c.snow, white) * light, vec3(0.72f, 0.64f, 0.72f), 0.4f * haze);
    }));
  }
  // The valley in the west: green June, a river, a village.
  Mesh valley = terrain({-260, -150}, {-40, 150}, 10.0f, [](float x, float z) { return -36.0f + 5.0f * fbm({x * 0.02f, 0, z * 0.02f}, 3, 5); });
  w.add(still, far, valley.paint([](const Vertex& v) {
    const bool river = std::abs(v.position.z - 25.0f * std::sin(v.position.x * 0.03f)) < 6;
    const vec3 field = glm::mix(vec3(0.3f, 0.42f, 0.16f), vec3(0.52f, 0.56f, 0.22f), hash01(static_cast<std::uint32_t>(v.position.x * 0.11f + 90) * 31u + static_cast<std::uint32_t>(v.position.z * 0.09f + 90)));
    return glm::mix(river ? vec3(0.62f, 0.72f, 0.8f) : field, vec3(0.78f, 0.72f, 0.7f), std::clamp((-v.position.x - 40) / 320.0f, 0.0f, 0.6f));
  }));
  for (std::uint32_t i = 0; i < 16; ++i) {
    const vec3 where(-75 - 60 * hash01(i * 3), -36, -40 + 70 * hash01(i * 3 + 1));
    w.add(still, far, box({-2.5f, 0, -2}, {2.5f, 3, 2}).paint({0.75f, 0.66f, 0.56f}), at(where, 90 * hash01(i)));
    w.add(still, far, extrude(std::vector<vec2>{{-3, 3}, {3, 3}, {0, 5.2f}}, 5).move({0, 0, -2.5f}).paint({0.5f, 0.26f, 0.2f}), at(where, 90 * hash01(i)));
  }
  // Clouds below the ridge, going by.
  for (int i = 0; i < 7; ++i) {
    const float a = 0.9f * static_cast<float>(i) + 0.4f, r = 75.0f + 14.0f * static_cast<float>(i % 3);
    const NodeId cloud = add_halo(w, kRoot, halo, vec3(r * std::cos(a), -12 - 2.0f * static_cast<float>(i % 3), r * std::sin(a)), 17.0f + 4 * static_cast<float>(i % 2), {1.0f, 0.9f, 0.88f});
    bob(w, cloud, {3.0f * std::sin(a), 0.4f, -3.0f * std::cos(a)}, 24.0f, 0.13f * static_cast<float>(i));
  }
}

bool on_way(float x, float y, float clear) {
  const vec2 way[] = {{-2.46f, -0.77f}, {-1.61f, 0.51f}, {-0.42f, -0.42f}, {0.59f, 0.68f}, {1.7f, -0.17f}, {2.63f, 1.02f}};
  const vec2 p(x, y);
  for (int i = 0; i < 5; ++i) {
    const vec2 d = way[i + 1] - way[i];
    const float t = std::clamp(glm::dot(p - way[i], d) / glm::dot(d, d), 0.0f, 1.0f);
    if (glm::distance(p, way[i] + d * t) < clear) return true;
  }
  return false;
}

// A rock that weather has rounded.
Mesh boulder(std::uint32_t seed, const vec3& size) { return rock(seed, size, 3).smooth(80); }

void Ridge::meadow() {
  std::vector<vec3> places;
  Mesh flowers;
  for (std::uint32_t i = 0; places.size() < 900 && i < 6000; ++i) {
    const float x = -7 + 7 * hash01(i * 3), y = -5 + 10 * hash01(i * 3 + 1);
    if (winter(x, -y) > -0.25f - 0.8f * hash01(i) || on_way(x, y, 0.5f)) continue;
    places.push_back(point(x, y, land_height(x, -y)));
    if (i % 5 == 0) {
      const vec3 tints[] = {{0.95f, 0.8f, 0.2f}, {0.9f, 0.9f, 0.95f}, {0.55f, 0.4f, 0.85f}, {0.9f, 0.35f, 0.4f}};
      const vec3 head = places.back() + vec3(0, 0.1f + 0.12f * hash01(i + 9), 0);
      flowers.add(tube(std::vector<vec3>{places.back(), head}, 0.004f, 3).paint({0.25f, 0.4f, 0.12f}));
      flowers.add(ball(0.02f, 3, 6).stretch({1, 0.6f, 1}).move(head).paint(tints[i / 5 % 4]));
    }
  }
  const NodeId green = w.node("meadow");
  w.nodes[green].occludes = false;
  w.add(green, grass, grass_tufts(3, 900, 0.26f, places).paint({1.0f, 1.05f, 0.5f}));
  w.add(green, matte, flowers);
  for (std::uint32_t i = 0; i < 18; ++i) {
    const float x = -6.5f + 7 * hash01(i * 5 + 1), y = -4.5f + 9 * hash01(i * 5 + 2), s = 0.25f + 0.7f * hash01(i * 5 + 3);
    if (on_way(x, y, 0.75f + s * 0.6f)) continue;
    w.add(still, stone, boulder(i + 5, {s, s * 0.7f, s}).paint([&](const Vertex& v) {
      const float moss = std::clamp((v.normal.y - 0.35f + 0.5f * fbm(v.position * (2.5f / s), 3, i)) * 2.0f, 0.0f, 0.8f);
      return glm::mix(vec3(0.5f, 0.48f, 0.46f) * (1.0f + 0.4f * fbm(v.position * (5.0f / s), 2, i + 3)), vec3(0.36f, 0.43f, 0.2f), moss);
    }), at(point(x, y, land_height(x, -y) + s * 0.12f)));
  }
  // Butterflies.
  for (int i = 0; i < 4; ++i) {
    const float k = static_cast<float>(i);
    const NodeId fly = w.node("butterfly");
    for (const float s : {-1.0f, 1.0f}) {
      const NodeId wing = w.node("wing", fly, cloth, triangle({0, 0, 0.025f}, {s * 0.045f, 0, 0.03f}, {s * 0.035f, 0, -0.03f}).add(triangle({0, 0, 0.025f}, {s * 0.035f, 0, -0.03f}, {0, 0, -0.025f})).paint(i % 2 ? vec3(0.95f, 0.75f, 0.2f) : vec3(0.55f, 0.7f, 0.95f)));
      sway(w, wing, {0, 0, s}, 55, 1.0f, 0.25f);
    }
    roam(w, fly, {point(-3.4f + 0.2f * k, 0.4f, 0.5f), point(-3.0f, -0.1f + 0.3f * k, 0.9f), point(-2.8f, 1.2f, 0.6f + 0.1f * k), point(-3.6f, 1.5f - 0.4f * k, 0.8f)}, 12.0f, true, 0.25f * k);
  }
}

void Ridge::cairn() {
  const vec3 foot = point(-0.98f, 1.68f);
  float h = land_height(foot.x, foot.z);
  for (std::uint32_t i = 0; i < 26; ++i) {
    const int layer = static_cast<int>(i) < 9 ? 0 : (i < 16 ? 1 : (i < 21 ? 2 : (i < 24 ? 3 : 4)));
    const float r = 0.36f - 0.085f * static_cast<float>(layer), a = 0.72f * static_cast<float>(i) * (layer ? 1.3f : 1.0f), s = 0.3f - 0.035f * static_cast<float>(layer);
    w.add(still, stone, rock(i + 40, {s * 1.25f, s * 0.75f, s}, 2, 0.18f).paint(vec3(0.42f, 0.41f, 0.43f) * (0.8f + 0.4f * hash01(i))), at(foot + vec3(r * std::cos(a), h + 0.09f + 0.17f * static_cast<float>(layer), r * std::sin(a)), 77.0f * static_cast<float>(i)));
  }
  const NodeId yours = w.node("stone", kRoot, stone, rock(99, {0.2f, 0.13f, 0.16f}, 2, 0.15f).paint({0.62f, 0.6f, 0.62f}), foot + vec3(0, h + 0.95f, 0));
  move_once(w, "cairn", yours, {{0, foot + vec3(0.3f, h + 1.75f, 0.35f)}, {3.4f, foot + vec3(0.3f, h + 1.75f, 0.35f)}, {4.95f, foot + vec3(0, h + 0.95f, 0)}});
  w.show(yours, 1, 5);
}

void Ridge::flags() {
  const vec3 tops[] = {point(-1.75f, 1.62f, 1.0f), point(-3.6f, 2.9f, 2.7f), point(-0.4f, 3.4f, 2.9f), point(1.6f, 3.0f, 2.8f), point(3.6f, 3.5f, 3.2f), point(-3.9f, -2.5f, 2.5f), point(-0.8f, -3.0f, 2.6f)};
  for (const int i : {1, 2, 3, 4, 5, 6}) {
    vec3 foot = tops[i];
    foot.y = land_height(foot.x, foot.z) - 0.2f;
    w.add(still, wood, tube(std::vector<vec3>{foot, tops[i] + vec3(0.02f, 0.08f, 0)}, std::vector<float>{0.045f, 0.03f}, 7).paint({0.4f, 0.3f, 0.22f}));
  }
  const std::pair<int, int> lines[] = {{1, 2}, {2, 3}, {3, 4}, {5, 6}};
  const vec3 tints[] = {{0.15f, 0.3f, 0.65f}, {0.85f, 0.85f, 0.85f}, {0.75f, 0.14f, 0.1f}, {0.16f, 0.5f, 0.26f}, {0.9f, 0.7f, 0.15f}};
  for (const auto& [from, to] : lines) {
    const vec3 a = tops[from], b = tops[to];
    const float length = glm::distance(a, b), sag = 0.1f * length;
    w.add(still, matte, rope(a, b, sag, 0.007f).paint({0.6f, 0.55f, 0.45f}));
    const int count = static_cast<int>(length / 0.32f);
    // Two groups of cloths that flutter against each other.
    const vec3 mid = (a + b) * 0.5f;
    const vec3 along = glm::normalize(b - a);
    for (int group = 0; group < 3; ++group) {
      for (int i = group; i < count; i += 3) {
        const float t = (static_cast<float>(i) + 0.5f) / static_cast<float>(count);
        const vec3 hook = a + (b - a) * t - vec3(0, sag * 4 * t * (1 - t), 0);
        const NodeId flag = w.node("flag", hook);
        const vec3 wide = along * 0.125f;
        std::vector<vec3> path{{0, 0, 0}, {0.02f, -0.11f, 0.02f}, {-0.01f, -0.22f, 0.03f}};
        w.add(flag, cloth, ribbon(path, std::vector<vec3>(3, wide)).paint(tints[i % 5]));
        sway(w, flag, along, 26, group == 0 ? 2.0f : (group == 1 ? 3.0f : 1.5f), 0.23f * static_cast<float>(i) + mid.x);
      }
    }
  }
}

void Ridge::snowfield() {
  for (std::uint32_t i = 0; i < 22; ++i) {
    const float x = 0.2f + 8 * hash01(i * 5 + 71), y = -4.5f + 9.5f * hash01(i * 5 + 72), s = 0.3f + 0.9f * hash01(i * 5 + 73);
    if (on_way(x, y, 0.8f + s * 0.6f) || glm::distance(vec2(x, y), vec2(4.2f, 2.3f)) < 2.4f) continue;
    w.add(still, stone, boulder(i + 120, {s, s * 0.8f, s}).paint([&](const Vertex& v) {
      const float cover = std::clamp((v.normal.y - 0.3f + 0.35f * fbm(v.position * (2.2f / s), 3, i)) * 4.0f, 0.0f, 1.0f);  // snow lies where it is flat
      return glm::mix(vec3(0.3f, 0.31f, 0.36f) * (1.0f + 0.5f * fbm(v.position * (5.0f / s), 2, i + 3)), vec3(0.92f, 0.95f, 1.0f), cover);
    }), at(point(x, y, land_height(x, -y) + s * 0.1f)));
  }
  // Firs on the slopes, white on the winter's side.
  for (std::uint32_t i = 0; i < 26; ++i) {
    const float a = 6.2832f * hash01(i * 7 + 5), r = 5.5f + 9 * hash01(i * 7 + 6), x = r * std::cos(a) * 1.2f, y = r * std::sin(a);
    if (std::abs(y) < 3.6f && x > -9) continue;
    const float tall = 2.2f + 2.6f * hash01(i * 7 + 7), base = land_height(x, -y);
    if (base < -14) continue;
    Mesh fir;
    for (int k = 0; k < 6; ++k) {
      const float t = static_cast<float>(k) / 6, rr = tall * 0.3f * (1 - t) + 0.06f, h = tall * (0.14f + 0.8f * t);
      fir.add(lathe(std::vector<vec2>{{0, h}, {rr, h - 0.1f * rr}, {0, h + tall * 0.26f}}, 9).bend([=](const vec3& p) { return p + vec3(0.05f * noise(p * 5.0f, i), -0.22f * (p.x * p.x + p.z * p.z) / std::max(rr, 0.1f) * 0.3f, 0.05f * noise(p * 5.0f, i + 1)); }));
    }
    const bool cold = winter(x, -y) > 0;
    fir.flat().paint([=](const Vertex& v) { return cold && v.normal.y > 0.25f ? vec3(0.88f, 0.93f, 1.0f) : vec3(0.09f, 0.17f, 0.12f) * (0.9f + 0.3f * hash01(i)); });
    fir.add(tube(std::vector<vec3>{{0, -0.3f, 0}, {0, tall * 0.3f, 0}}, 0.07f, 6).paint({0.25f, 0.17f, 0.12f}));
    w.add(still, matte, fir, at(point(x, y, base)));
  }
  // Footprints of the dog, all along the winter's way: dents are painted, not dug.
  const vec2 way[] = {{-0.42f, -0.42f}, {0.59f, 0.68f}, {1.7f, -0.17f}, {2.63f, 1.02f}, {3.2f, 1.9f}};
  Mesh prints;
  for (int leg = 0; leg < 4; ++leg) {
    const vec2 d = way[leg + 1] - way[leg];
    const int count = static_cast<int>(glm::length(d) / 0.24f);
    for (int i = 0; i < count; ++i) {
      const vec2 side = vec2(-d.y, d.x) / glm::length(d) * (i % 2 ? 0.07f : -0.07f);
      const vec2 p = way[leg] + d * (static_cast<float>(i) / static_cast<float>(count)) + side;
      if (winter(p.x, -p.y) < 0.05f) continue;
      prints.add(disc(0.034f, 9).stretch({0.8f, 1, 1.15f}), at(point(p.x, p.y, land_height(p.x, -p.y) + 0.008f)));
      for (int k = -1; k <= 1; ++k) prints.add(disc(0.012f, 6), at(point(p.x + 0.022f * static_cast<float>(k), p.y + 0.045f, land_height(p.x, -p.y) + 0.008f)));
    }
  }
  w.add(still, matte, prints.paint({0.55f, 0.63f, 0.78f}));
  // Drifting flakes over the winter half; more of them, and faster, in the white-out.
  for (int i = 0; i < 3; ++i) {
    const NodeId fall = w.node("stream snow", kRoot, glow, falling(static_cast<std::uint32_t>(i + 3), 120, {7.0f, 4.0f, 8.0f}, 0.022f, true).paint({0.96f, 0.97f, 1.0f}), point(3.4f, 0.2f, -0.4f));
    w.nodes[fall].occludes = false;
    stream(w, fall, {0, -4.0f, 0}, i == 0 ? 6.0f : (i == 1 ? 8.0f : 12.0f));
    w.show(fall, i == 0 ? 2 : 1, 5);
  }
}

void Ridge::blue_ice() {
  // A wall of old ice beside the fourth scene and a sheet of it underfoot.
  const vec3 middle = point(0.55f, 0.72f);
  const Mesh square = terrain({-1.3f, -1.1f}, {1.3f, 1.1f}, 0.05f, [](float, float) { return 0.0f; });
  Mesh sheet;
  sheet.vertices = square.vertices;
  for (std::size_t i = 0; i < square.indices.size(); i += 3) {
    const vec3& p = square.vertices[square.indices[i]].position;
    if (p.x * p.x / 1.5f + p.z * p.z + 0.25f * noise(p * 1.7f, 3) > 0.9f) continue;
    for (std::size_t k = 0; k < 3; ++k) sheet.indices.push_back(square.indices[i + k]);
  }
  sheet.paint([](const Vertex& v) {
    const float crack = 1.0f - std::min(1.0f, std::abs(fbm(v.position * 1.6f, 3, 5)) * 14.0f), deep = 0.5f + fbm(v.position * 1.1f, 3, 15);
    return glm::mix(glm::mix(vec3(0.06f, 0.25f, 0.5f), vec3(0.2f, 0.5f, 0.7f), deep), vec3(0.75f, 0.9f, 0.98f), crack * crack);
  });
  w.add(still, ice, sheet, at(middle + vec3(0, 0.085f, 0)));
  for (std::uint32_t i = 0; i < 13; ++i) {
    const float t = static_cast<float>(i) / 12, x = -0.55f + 2.2f * t, y = 1.82f + 0.35f * std::sin(t * 3.0f), tall = 0.8f + 1.3f * hash01(i * 3 + 7);
    Mesh shard = lathe(std::vector<vec2>{{0.34f, -0.3f}, {0.3f, tall * 0.45f}, {0.17f, tall * 0.85f}, {0.0f, tall}}, 6).bend([=](const vec3& p) { return p + vec3(0.16f * p.y * (hash01(i) - 0.5f), 0, 0.1f * p.y * (hash01(i + 40) - 0.3f)); });
    w.add(still, ice, shard.flat().paint([=](const Vertex& v) { return glm::mix(vec3(0.05f, 0.25f, 0.55f), vec3(0.66f, 0.86f, 0.96f), std::clamp(v.position.y / tall + 0.3f * noise(v.position * 4.0f, i), 0.0f, 1.0f)); }), at(point(x, y, land_height(x, -y)), 63.0f * static_cast<float>(i)));
  }
  // Snow that fell eight hundred years ago: motes that sink in the ice as it cracks.
  const NodeId crack = w.node("crack", middle + vec3(0, 0.095f, 0));
  Mesh lines;
  for (int i = 0; i < 7; ++i) {
    const float a = 0.9f * static_cast<float>(i);
    vec3 p(0.0f);
    for (int k = 0; k < 5; ++k) {
      const float turn = a + 1.1f * (hash01(static_cast<std::uint32_t>(i * 7 + k)) - 0.5f);
      const vec3 q = p + vec3(std::cos(turn), 0, std::sin(turn)) * 0.18f, side = vec3(-std::sin(turn), 0, std::cos(turn)) * (0.011f - 0.002f * static_cast<float>(k));
      lines.add(quad(p + side, q + side * 0.7f, q - side * 0.7f, p - side));
      p = q;
    }
  }
  w.add(crack, glow, lines.paint({0.85f, 0.95f, 1.0f}));
  w.show(crack, 3, 5);
  scale_once(w, "blue_ice", crack, {{0, vec3(0.01f)}, {4.6f, vec3(0.01f)}, {4.95f, {0.6f, 1, 0.6f}}, {5.2f, {0.6f, 1, 0.6f}}, {5.4f, vec3(1)}});
}

void Ridge::white_out() {
  // Veils of snow round the fifth scene: the far goes, only near things stay.
  for (int i = 0; i < 10; ++i) {
    const float a = 0.63f * static_cast<float>(i), r = 2.3f + 0.5f * static_cast<float>(i % 3);
    const vec3 where = point(1.7f + r * std::cos(a), -0.17f + r * std::sin(a), 1.3f + 0.3f * static_cast<float>(i % 2));
    const NodeId veil = add_halo(w, kRoot, halo, where, 2.6f, {0.9f, 0.93f, 0.97f});
    w.show(veil, 4, 4);
    bob(w, veil, {0.5f * std::sin(a), 0.1f, 0.5f * std::cos(a)}, 6.0f, 0.1f * static_cast<float>(i));
    scale_once(w, "white_out", veil, {{0, vec3(0.05f)}, {1.4f, vec3(1)}, {6.4f, vec3(1)}, {8.4f, vec3(0.05f)}});
  }
  for (int i = 0; i < 2; ++i) {
    const NodeId gust = w.node("stream gust", kRoot, glow, falling(static_cast<std::uint32_t>(i + 60), 150, {7.0f, 3.6f, 7.0f}, 0.026f, true).turn(90, {0, 0, 1}).paint({0.97f, 0.98f, 1.0f}), point(5.4f, -0.2f, 1.5f));
    w.nodes[gust].occludes = false;
    w.show(gust, 4, 4);
    stream(w, gust, {3.6f, 0, 0}, i ? 2.0f : 3.0f);
  }
}

void Ridge::hut() {
  const vec3 where = point(4.25f, 2.5f);
  const float turn = std::atan2(2.63f - 4.25f, -1.02f + 2.5f) * 180 / kPi;  // looks at the last scene
  const float base = land_height(where.x, where.z) - 0.05f;
  const mat4 place = at(where + vec3(0, base, 0), turn);
  Mesh logs, stones, roof;
  for (int i = 0; i < 11; ++i) {
    const float h = 0.35f + 0.2f * static_cast<float>(i);
    logs.add(tube(std::vector<vec3>{{-1.75f, h, 0}, {i < 9 ? -0.98f : 1.75f, h, 0}}, 0.105f, 8));
    if (i < 9) {
      logs.add(tube(std::vector<vec3>{{-0.12f, h, 0}, {i > 3 && i < 8 ? 0.22f : 1.75f, h, 0}}, 0.105f, 8));
      if (i > 3 && i < 8) logs.add(tube(std::vector<vec3>{{1.12f, h, 0}, {1.75f, h, 0}}, 0.105f, 8));
    }
    for (const float x : {-1.6f, 1.6f}) logs.add(tube(std::vector<vec3>{{x, h + 0.1f, 0.16f}, {x, h + 0.1f, -2.6f}}, 0.105f, 8));
  }
  stones.add(box({-1.8f, -0.6f, 0.1f}, {1.8f, 0.28f, -2.7f}));
  for (const float s : {-1.0f, 1.0f}) {
    roof.add(box({0, 0, -2.95f}, {2.3f, 0.14f, 0.75f}, 0.05f).turn(-27, {0, 0, 1}).stretch({s, 1, 1}).move({0, 3.55f, 0}));
  }
  const vec2 gable[] = {{-1.7f, 2.5f}, {1.7f, 2.5f}, {0, 3.42f}};
  logs.add(extrude(gable, 0.12f).move({0, 0, -0.06f}));
  w.add(still, wood, logs.paint({0.42f, 0.26f, 0.15f}), place);
  w.add(still, stone, stones.map_box().paint({0.45f, 0.44f, 0.46f}), place);
  w.add(still, snow, roof.map_box().paint({0.93f, 0.96f, 1.0f}), place);
  w.add(still, stone, box({0.7f, 2.6f, -1.6f}, {1.15f, 4.1f, -1.15f}).map_box().paint({0.42f, 0.4f, 0.4f}), place);
  w.add(still, matte, box({-0.98f, 0.28f, -0.05f}, {-0.12f, 2.12f, -0.09f}).paint({0.05f, 0.035f, 0.03f}), place);
  Mesh frames;
  for (const float x : {-1.0f, -0.1f}) frames.add(box({x - 0.05f, 0.28f, -0.1f}, {x + 0.05f, 2.2f, 0.13f}));
  frames.add(box({-1.05f, 2.12f, -0.1f}, {-0.05f, 2.22f, 0.13f})).add(bars(0.92f, 0.78f, 2, 2, 0.035f).move({0.67f, 1.06f, 0.06f})).add(box({0.15f, 0.98f, -0.1f}, {1.2f, 1.06f, 0.2f}, 0.01f)).add(box({0.15f, 1.84f, -0.1f}, {1.2f, 1.92f, 0.14f}, 0.01f));
  w.add(still, wood, frames.paint({0.3f, 0.18f, 0.1f}), place);
  // The window: a warm room, somebody with a kettle as a shadow on the pane.
  const NodeId inside = w.node("hut", where + vec3(0, base, 0));
  w.nodes[inside].rotation = turned(turn, {0, 1, 0});
  w.add(inside, glow, card(0.92f, 0.8f).refine(0.2f).move({0.67f, 1.05f, 0.0f}).paint([](const Vertex& v) {
    const float lamp = std::exp(-3.0f * glm::dot(vec2(v.position.x - 0.75f, v.position.y - 1.6f), vec2(v.position.x - 0.75f, v.position.y - 1.6f)));
    return vec3(1.0f, 0.6f, 0.24f) * (0.35f + 0.65f * lamp);
  }));
  const NodeId shade = w.node("shade", vec3(0.6f, 1.06f, 0.012f), inside);
  Mesh person;
  person.add(disc(0.09f, 16).turn(90, {1, 0, 0}).move({0, 0.5f, 0})).add(extrude(std::vector<vec2>{{-0.17f, 0}, {0.17f, 0}, {0.15f, 0.3f}, {0.06f, 0.42f}, {-0.06f, 0.42f}, {-0.15f, 0.3f}}, 0.002f));
  person.add(extrude(std::vector<vec2>{{0.1f, 0.26f}, {0.34f, 0.22f}, {0.34f, 0.27f}, {0.12f, 0.36f}}, 0.002f)).add(disc(0.06f, 12).turn(90, {1, 0, 0}).move({0.36f, 0.2f, 0})).add(extrude(std::vector<vec2>{{0.4f, 0.2f}, {0.47f, 0.25f}, {0.46f, 0.26f}, {0.39f, 0.23f}}, 0.002f));
  w.add(shade, glow, person.paint({0.32f, 0.14f, 0.05f}));
  bob(w, shade, {0.06f, 0, 0}, 6.0f);
  add_halo(w, inside, halo, vec3(0.67f, 1.45f, 0.3f), 1.1f, {1.0f, 0.72f, 0.4f});
  // The door opens at its cue and light falls out.
  const NodeId door = w.node("door", vec3(-0.97f, 0.28f, 0.03f), inside);
  w.add(door, wood, box({0, 0, -0.03f}, {0.84f, 1.82f, 0.03f}, 0.01f).paint({0.4f, 0.2f, 0.12f}));
  w.add(door, matte, ball(0.03f, 6, 8).move({0.76f, 0.9f, 0.05f}).paint({0.7f, 0.55f, 0.3f}));
  turn_once(w, "hut_light", door, {0, 1, 0}, {{5.0f, 0}, {6.4f, -78}});
  w.add(inside, glow, card(0.84f, 1.82f).refine(0.3f).move({-0.55f, 0.28f, -0.04f}).paint([](const Vertex& v) { return glm::mix(vec3(1.0f, 0.55f, 0.2f), vec3(1.0f, 0.78f, 0.42f), std::clamp(v.position.y / 2, 0.0f, 1.0f)); }));
  const NodeId bulb = w.node("hut light", vec3(0.1f, 1.5f, 0.9f), inside);
  w.nodes[bulb].light = LightSource{false, {1.0f, 0.62f, 0.28f}, 9.0f, 5.0f};
  // Smoke.
  for (int i = 0; i < 4; ++i) {
    const vec3 from(0.92f, 4.1f, -1.4f);
    const NodeId puff = add_halo(w, inside, halo, from, 0.5f, {0.75f, 0.75f, 0.8f});
    std::vector<Key> places, sizes;
    for (int k = 0; k <= 16; ++k) {
      const float t = std::fmod(static_cast<float>(k % 16) / 16 + 0.25f * static_cast<float>(i), 1.0f);
      places.push_back({6.0f * static_cast<float>(k) / 16, vec4(from + vec3(0.9f * t * t, 2.0f * t, -0.3f * t), 0)});
      sizes.push_back({6.0f * static_cast<float>(k) / 16, vec4(vec3((0.3f + 1.2f * t) * std::min(1.0f, std::min(t * 8, (1 - t) * 3)) + 0.001f), 0)});
    }
    w.key("always:6.00s", puff, Path::translation, places);
    w.key("always:6.00s", puff, Path::scale, sizes);
  }
}

// Barley: a sandy dog with a red collar and a bell. One for each scene, so that she is always a little ahead.
void Ridge::dog() {
  const vec3 fur(0.72f, 0.5f, 0.26f), pale(0.88f, 0.74f, 0.52f), dark(0.3f, 0.19f, 0.1f);
  struct Place {
    const char* scene;
    float x, y, turn;        // where she waits
    float from_x, from_y;    // where she comes from
    bool shakes;
  };
  const Place places[] = {{"last_grass", -1.15f, -1.2f, -60, -2.7f, -1.95f, false}, {"cairn", -0.2f, 1.15f, -100, -1.1f, -0.75f, false}, {"snow_line", 1.2f, -1.75f, -60, -0.3f, 1.0f, false},
                            {"blue_ice", 1.75f, 1.35f, -120, 0.9f, -0.9f, false}, {"white_out", 3.3f, -1.35f, -65, 5.2f, -2.3f, false}, {"hut_light", 3.72f, 0.5f, -75, 2.2f, -0.5f, true}};
  std::uint32_t index = 0;
  for (const Place& p : places) {
    const vec3 here = point(p.x, p.y, land_height(p.x, -p.y)), from = point(p.from_x, p.from_y, land_height(p.from_x, -p.from_y));
    const NodeId root = w.node("dog", here);
    w.show(root, index, index);
    w.nodes[root].rotation = turned(p.turn, {0, 1, 0});
    const NodeId body = w.node("dog body", vec3(0, 0.46f, 0), root);
    const vec3 spine[] = {{0, 0.02f, -0.34f}, {0, 0.05f, -0.24f}, {0, 0.03f, -0.05f}, {0, 0.04f, 0.15f}, {0, 0.07f, 0.28f}, {0, 0.14f, 0.36f}};
    const float girth[] = {0.07f, 0.135f, 0.125f, 0.155f, 0.135f, 0.08f};
    w.add(body, matte, tube(curve(spine, 2), std::vector<float>{girth[0], 0.11f, girth[1], 0.133f, girth[2], 0.14f, girth[3], 0.15f, girth[4], 0.115f, girth[5]}, 12).paint([&](const Vertex& v) { return v.position.y < -0.03f ? pale : fur; }));
    const NodeId head = w.node("dog head", vec3(0, 0.2f, 0.38f), body);
    w.add(head, matte, tube(std::vector<vec3>{{0, -0.12f, -0.1f}, {0, 0.0f, 0.0f}}, std::vector<float>{0.11f, 0.085f}, 10).paint(fur));
    w.add(head, matte, tube(std::vector<vec3>{{0, -0.075f, -0.07f}, {0, -0.06f, -0.045f}}, 0.108f, 12).paint({0.75f, 0.1f, 0.08f}));
    w.add(head, matte, ball(0.1f, 8, 10).stretch({0.9f, 0.85f, 1.0f}).move({0, 0.06f, 0.03f}).paint(fur));
    w.add(head, matte, tube(std::vector<vec3>{{0, 0.035f, 0.07f}, {0, 0.02f, 0.2f}}, std::vector<float>{0.062f, 0.042f}, 9).paint(pale));
    w.add(head, matte, ball(0.024f, 6, 8).move({0, 0.04f, 0.21f}).paint({0.03f, 0.025f, 0.02f}));
    for (const float s : {-1.0f, 1.0f}) {
      w.add(head, matte, ball(0.014f, 5, 7).move({s * 0.048f, 0.085f, 0.108f}).paint({0.02f, 0.015f, 0.01f}));
      w.add(head, matte, ball(0.055f, 6, 8).stretch({0.35f, 1.25f, 0.75f}).turn(s * 18, {0, 0, 1}).move({s * 0.092f, 0.06f, -0.005f}).paint(dark));
    }
    const NodeId bell = w.node("dog bell", vec3(0, -0.16f, 0.05f), head);
    w.add(bell, matte, lathe(std::vector<vec2>{{0.035f, -0.03f}, {0.03f, 0.0f}, {0.018f, 0.025f}, {0, 0.03f}}, 10).paint({0.9f, 0.7f, 0.25f}));
    const NodeId tail = w.node("tail", vec3(0, 0.06f, -0.32f), body);
    w.add(tail, matte, tube(std::vector<vec3>{{0, 0, 0.02f}, {0, 0.1f, -0.12f}, {0, 0.24f, -0.17f}, {0, 0.34f, -0.13f}}, std::vector<float>{0.04f, 0.05f, 0.045f, 0.012f}, 8).paint(pale));
    sway(w, tail, {0, 0, 1}, 22, 1.0f, 0.1f);
    sway(w, head, {0.3f, 1, 0.1f}, 7, 4.0f, 0.2f * static_cast<float>(index));
    breathe(w, body, {0.02f, 0.015f, 0}, 2.0f);
    // She runs in from where she was, then stands and waits.
    const vec3 way = here - from;
    const float heading = std::atan2(way.x, way.z) * 180 / kPi, arrive = 3.0f;
    move_once(w, p.scene, root, {{0.4f, from}, {arrive, here}});
    std::vector<Key> turns;
    for (int k = 0; k <= 10; ++k) {
      const float t = static_cast<float>(k) / 10, e = t * t * (3 - 2 * t);
      turns.push_back({k == 0 ? 0.0f : arrive - 0.2f + 0.9f * t, as_value(glm::slerp(turned(heading, {0, 1, 0}), turned(p.turn, {0, 1, 0}), e))});
    }
    w.key(p.scene, root, Path::rotation, turns);
    for (int leg = 0; leg < 4; ++leg) {
      const float s = leg % 2 ? 1.0f : -1.0f, z = leg < 2 ? 0.2f : -0.22f;
      const NodeId limb = w.node("dog leg", vec3(s * 0.085f, -0.04f, z), body);
      w.add(limb, matte, tube(std::vector<vec3>{{0, 0.04f, 0}, {0, -0.18f, leg < 2 ? 0.01f : -0.04f}, {0, -0.4f, 0.0f}}, std::vector<float>{0.065f, 0.045f, 0.034f}, 8).paint(fur));
      w.add(limb, matte, ball(0.042f, 5, 8).stretch({0.9f, 0.6f, 1.3f}).move({0, -0.4f, 0.02f}).paint(pale));
      std::vector<Turn> steps{{0.4f, 0}};
      for (int k = 1; k < 10; ++k) steps.push_back({0.4f + 0.26f * static_cast<float>(k), (k % 2 ? 30.0f : -30.0f) * ((leg == 0 || leg == 3) ? 1.0f : -1.0f)});
      steps.push_back({arrive, 0});
      turn_once(w, p.scene, limb, {1, 0, 0}, steps);
    }
    if (p.shakes) {
      std::vector<Turn> shake{{6.2f, 0}};
      for (int k = 0; k < 9; ++k) shake.push_back({6.3f + 0.12f * static_cast<float>(k), (k % 2 ? -17.0f : 17.0f)});
      shake.push_back({7.5f, 0});
      turn_once(w, p.scene, body, {0, 0, 1}, shake);
    } else {
      turn_once(w, p.scene, body, {1, 0, 0}, {{4.6f, 0}, {4.95f, -9}, {5.2f, 2}, {5.5f, -8}, {5.9f, 0}});
    }
    ++index;
  }
}

void Ridge::light() {
  const NodeId sun = w.node("sun");
  w.nodes[sun].rotation = glm::quat_cast(glm::mat3(glm::inverse(glm::lookAt(vec3(0), -glm::normalize(vec3(0.62f, 0.42f, -0.75f)), vec3(0, 1, 0)))));
  w.nodes[sun].light = LightSource{true, {1.0f, 0.74f, 0.56f}, 4.2f, 0};
  w.bake_reach_m = 2.5f;
  w.sky.zenith = {0.16f, 0.3f, 0.62f};
  w.sky.horizon = {0.92f, 0.68f, 0.6f};
  w.sky.ground = {0.5f, 0.5f, 0.56f};
  w.sky.horizon_sharpness = 3.2f;
  w.sky.sun_color = {4.5f, 2.9f, 1.9f};
  w.sky.sun_glow = 0.3f;
  w.sky.fog_color = {0.84f, 0.72f, 0.72f};
  w.sky.fog_per_m = 0.0006f;
  w.sky.ambient = 0.8f;
  w.sky.exposure = 0.85f;
}

}  // namespace

World snow_line() {
  Ridge r;
  r.materials();
  r.still = r.w.node("ridge");
  r.land();
  r.mountains();
  r.meadow();
  r.cairn();
  r.flags();
  r.snowfield();
  r.blue_ice();
  r.white_out();
  r.hut();
  r.dog();
  r.light();
  return std::move(r.w);
}

}  // namespace promenade::samples::worlds

#include "runtime/gpu/frame_block.h"

#include <algorithm>
#include <cmath>

#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>

#include "runtime/gpu/renderer.h"

namespace promenade::gpu {

namespace {

constexpr float kShadowRadiusM = 16.0f, kShadowAheadM = 9.0f, kCastersM = 80.0f;
constexpr float kPi = 3.14159265f;

// Without a sky: what lights models in the calm dark room.
film::Sky room_sky() {
  film::Sky sky;
  sky.zenith = {0.30f, 0.33f, 0.40f};
  sky.horizon = {0.20f, 0.21f, 0.24f};
  sky.ground = {0.07f, 0.07f, 0.08f};
  return sky;
}

struct Tangents { float l, r, u, d; };
Tangents tangents(const Eye& eye) { return {std::tan(eye.left_rad), std::tan(eye.right_rad), std::tan(eye.up_rad), std::tan(eye.down_rad)}; }

}  // namespace

glm::mat4 clip_from_eye(const Eye& eye) {
  const Tangents t = tangents(eye);
  glm::mat4 m(0.0f);
  m[0][0] = 2.0f / (t.r - t.l);
  m[2][0] = (t.r + t.l) / (t.r - t.l);
  m[1][1] = -2.0f / (t.u - t.d);
  m[2][1] = -(t.u + t.d) / (t.u - t.d);
  m[3][2] = kNearM;
  m[2][3] = -1.0f;
  return m;
}

EyeRecord eye_record(const Eye& eye) {
  const glm::mat3 turn = glm::mat3_cast(eye.orientation);
  glm::mat4 eye_from_stage(glm::transpose(turn));
  eye_from_stage[3] = glm::vec4(-(glm::transpose(turn) * eye.position), 1.0f);
  const Tangents t = tangents(eye);
  EyeRecord record;
  record.clip_from_stage = clip_from_eye(eye) * eye_from_stage;
  record.position = glm::vec4(eye.position, 1.0f);
  record.ray = glm::vec4(turn * glm::vec3(0.5f * (t.l + t.r), 0.5f * (t.u + t.d), -1.0f), 0.0f);
  record.ray_x = glm::vec4(turn * glm::vec3(0.5f * (t.r - t.l), 0.0f, 0.0f), 0.0f);
  record.ray_y = glm::vec4(turn * glm::vec3(0.0f, 0.5f * (t.d - t.u), 0.0f), 0.0f);
  return record;
}

glm::vec3 head_of(const Frame& frame) { return 0.5f * (frame.eyes[0].position + frame.eyes[1].position); }

ShadowPlace shadow_place(const Frame& frame, const glm::vec3& towards_sun, std::uint32_t map_size) {
  const glm::vec3 down = -towards_sun;
  const glm::vec3 helper = std::abs(down.y) > 0.95f ? glm::vec3(1.0f, 0.0f, 0.0f) : glm::vec3(0.0f, 1.0f, 0.0f);
  const glm::vec3 right = glm::normalize(glm::cross(helper, down)), up = glm::cross(down, right);

  glm::vec3 ahead = frame.eyes[0].orientation * glm::vec3(0.0f, 0.0f, -1.0f);
  ahead.y = 0.0f;
  const float length = glm::length(ahead);
  ahead = length > 0.05f ? ahead / length : glm::vec3(0.0f);
  ShadowPlace place;
  place.radius_m = kShadowRadiusM;
  place.center = head_of(frame) + ahead * kShadowAheadM;
  place.texel_m = 2.0f * kShadowRadiusM / static_cast<float>(map_size);

  const float x = std::round(glm::dot(place.center, right) / place.texel_m) * place.texel_m;
  const float y = std::round(glm::dot(place.center, up) / place.texel_m) * place.texel_m;
  const float near = glm::dot(place.center, down) - kShadowRadiusM - kCastersM, deep = 2.0f * kShadowRadiusM + kCastersM;
  const float scale = 0.5f / kShadowRadiusM;
  const glm::vec4 row_x(right * scale, 0.5f - x * scale), row_y(up * scale, 0.5f - y * scale), row_z(down / deep, -near / deep);
  place.map_from_stage = glm::transpose(glm::mat4(row_x, row_y, row_z, glm::vec4(0.0f, 0.0f, 0.0f, 1.0f)));
  return place;
}

glm::vec3 sky_gradient(const film::Sky& sky, float y) {
  if (y >= 0.0f) return glm::mix(sky.horizon, sky.zenith, 1.0f - std::pow(1.0f - std::min(y, 1.0f), sky.horizon_sharpness));
  return glm::mix(sky.horizon, sky.ground, 1.0f - std::pow(1.0f - std::min(-y, 1.0f), 5.0f * sky.horizon_sharpness));
}

std::array<glm::vec3, 3> irradiance_of(const film::Sky& sky) {
  constexpr int kSteps = 64;
  glm::vec3 c0(0.0f), c1(0.0f), c2(0.0f);
  for (int i = 0; i < kSteps; ++i) {
    const float y = (static_cast<float>(i) + 0.5f) * (2.0f / kSteps) - 1.0f;
    const glm::vec3 light = sky_gradient(sky, y) * (2.0f / kSteps);
    c0 += 0.5f * light;
    c1 += 1.5f * y * light;
    c2 += 2.5f * (1.5f * y * y - 0.5f) * light;
  }
  return {kPi * c0 - (kPi / 8.0f) * c2, (2.0f * kPi / 3.0f) * c1, (3.0f * kPi / 8.0f) * c2};
}

void choose_lamps(std::vector<Lamp>& lamps) {
  std::ranges::sort(lamps, {}, &Lamp::away);
  if (lamps.size() <= kLampsMax) return;
  const float edge = std::max(lamps[kLampsMax].away, 1e-3f);
  lamps.resize(kLampsMax);
  for (Lamp& lamp : lamps) lamp.light *= std::clamp((1.0f - lamp.away / edge) / 0.15f, 0.0f, 1.0f);
}

FrameBlock frame_block(const Frame& frame, const Sun& sun, const std::vector<Lamp>& lamps, const std::optional<ShadowPlace>& shadow) {
  FrameBlock b{};
  const film::Sky sky = frame.sky ? *frame.sky : room_sky();
  for (std::size_t i = 0; i < 2; ++i) b.eyes[i] = eye_record(frame.eyes[i]);
  b.sun_towards = glm::vec4(sun.towards, shadow ? 1.0f : 0.0f);
  b.sun_light = glm::vec4(sun.light, shadow ? shadow->texel_m : 0.0f);
  if (shadow) {
    b.shadow_from_stage = shadow->map_from_stage;
    b.shadow_area = glm::vec4(shadow->center, shadow->radius_m);
  }
  b.sky_zenith = glm::vec4(sky.zenith, std::max(sky.horizon_sharpness, 0.1f));
  b.sky_horizon = glm::vec4(sky.horizon, sky.stars);
  b.sky_ground = glm::vec4(sky.ground, sky.ambient);
  b.sky_sun = glm::vec4(sky.sun_color, std::cos(sky.sun_radius_rad));
  b.sky_more = glm::vec4(sky.sun_glow, frame.sky ? 0.0f : 1.0f, 0.0f, 0.0f);
  b.fog = glm::vec4(sky.fog_color, frame.sky ? sky.fog_per_m : 0.0f);
  const auto irradiance = irradiance_of(sky);
  for (std::size_t i = 0; i < 3; ++i) b.irradiance[i] = glm::vec4(irradiance[i], 0.0f);
  const float left = (1.0f - std::clamp(frame.world_dim, 0.0f, 1.0f)) * (1.0f - std::clamp(frame.fade, 0.0f, 1.0f));
  const std::size_t count = std::min(lamps.size(), kLampsMax);
  b.grade = glm::vec4(sky.exposure, left, frame.time_s, static_cast<float>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const Lamp& lamp = lamps[i];
    b.lamps[i] = {glm::vec4(lamp.place, lamp.range_m > 0.0f ? 1.0f / (lamp.range_m * lamp.range_m) : 0.0f), glm::vec4(lamp.light, 0.0f),
                  glm::vec4(lamp.axis, 0.0f), glm::vec4(lamp.cone_scale, lamp.cone_offset, 0.0f, 0.0f)};
  }
  return b;
}

}  // namespace promenade::gpu

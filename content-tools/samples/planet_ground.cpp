#include "content-tools/samples/planet_ground.h"

#include <algorithm>
#include <cmath>

namespace promenade::samples {

namespace {

constexpr float kDegree = kPi / 180.0f;
constexpr float kNearM = 0.02f, kFarM = 420.0f;

// 1 within the sector [from, to] degrees to the right of forward, with soft sides.
float sector(float degrees, float from, float to, float soft) {
  float d = degrees - 0.5f * (from + to);
  d -= 360.0f * std::floor(d / 360.0f + 0.5f);
  return 1.0f - smooth(0.5f * (to - from) - soft, 0.5f * (to - from) + soft, std::fabs(d));
}

float bed_drop(float degrees, float distance) { return smooth(7.0f, 30.0f, distance) * sector(degrees, 82.0f, 172.0f, 16.0f); }

}  // namespace

float ground_height(float x, float z) {
  const float d = std::sqrt(x * x + z * z);
  const float degrees = std::atan2(x, -z) / kDegree;
  float h = 0.0f;
  if (d > 1.2f) h += 0.30f * smooth(1.2f, 9.0f, d) * fbm(x * 0.22f, 0.0f, z * 0.22f, 3) + 0.035f * smooth(1.2f, 2.5f, d) * fbm(x * 1.7f, 4.0f, z * 1.7f, 2);
  if (d > 1.9f && d < 2.8f) {  // twelve stones, an hour each
    const float hour = std::round(degrees / 30.0f) * 30.0f * kDegree;
    const float sx = x - 2.35f * std::sin(hour), sz = z + 2.35f * std::cos(hour), r = 0.15f + 0.03f * std::sin(7.0f * hour);
    const float left = r * r - sx * sx - sz * sz;
    if (left > 0.0f) h += 0.85f * std::sqrt(left) + 0.02f * noise(x * 9.0f, 1.0f, z * 9.0f);
  }
  const float sea = bed_drop(degrees, d);
  if (d > 12.0f) h += (1.0f - sea) * 2.3f * smooth(12.0f, 45.0f, d) * (ridged(x * 0.035f, 2.0f, z * 0.035f, 3) - 0.35f);
  const float mountains = sector(degrees, -128.0f, -14.0f, 20.0f);
  if (d > 55.0f && mountains > 0.0f) {
    const float mass = smooth(58.0f, 150.0f, d) * (1.0f - smooth(270.0f, 380.0f, d)) * mountains;
    h += mass * (118.0f * std::pow(ridged(x * 0.0105f, 7.0f, z * 0.0105f, 5), 1.25f) + 4.0f * fbm(x * 0.09f, 3.0f, z * 0.09f, 3));
  }
  const float hills = 1.0f - std::max(mountains, sector(degrees, 70.0f, 184.0f, 14.0f));
  if (d > 40.0f && hills > 0.0f) h += hills * smooth(40.0f, 120.0f, d) * 26.0f * (0.42f + fbm(x * 0.013f, 11.0f, z * 0.013f, 4));
  if (sea > 0.0f) h = mix(h, -2.4f - 0.6f * fbm(x * 0.05f, 1.0f, z * 0.05f, 2), sea);
  return h;
}

Color ground_color(float x, float z, float height, float steep) {
  const float d = std::sqrt(x * x + z * z);
  const float grain = fbm(x * 6.0f, 0.3f, z * 6.0f, 3), patch = fbm(x * 0.33f, 8.0f, z * 0.33f, 4);
  Color sand = mix(Color{0.72f, 0.50f, 0.42f}, Color{0.90f, 0.70f, 0.54f}, clamp01(0.5f + 0.9f * fbm(x * 0.09f, 5.0f, z * 0.09f, 3)));
  const Color moss = mix(Color{0.20f, 0.42f, 0.38f}, Color{0.42f, 0.60f, 0.40f}, clamp01(0.5f + grain));
  sand = mix(sand, moss, smooth(0.06f, 0.30f, patch) * (1.0f - smooth(0.25f, 0.55f, steep)) * smooth(1.5f, 4.0f, d));
  const Color rock = mix(Color{0.46f, 0.38f, 0.46f}, Color{0.62f, 0.50f, 0.50f}, clamp01(0.5f + fbm(x * 0.05f, height * 0.12f, z * 0.05f, 4)));
  sand = mix(sand, rock, std::max(smooth(0.45f, 0.9f, steep), smooth(9.0f, 24.0f, height)));
  sand = mix(sand, Color{0.95f, 0.95f, 0.98f}, smooth(34.0f, 46.0f, height + 9.0f * fbm(x * 0.06f, 1.0f, z * 0.06f, 3)) * (1.0f - smooth(1.0f, 1.9f, steep)));
  if (height < 0.1f && d > 8.0f) sand = mix(sand, Color{0.60f, 0.48f, 0.44f}, smooth(-0.2f, -0.6f - 0.001f, height));
  if (d > 1.9f && d < 2.8f && (steep > 0.5f || height > 0.075f)) sand = Color{0.84f, 0.78f, 0.76f};
  if (d < 1.05f) {  // the dial on which the viewer sits
    const float hours = std::atan2(x, -z) / (2.0f * kPi) * 12.0f, from_hour = std::fabs(hours - std::round(hours)) * d;
    const bool mark = (d > 0.72f && d < 0.92f && from_hour < 0.028f) || std::fabs(d - 0.96f) < 0.012f || std::fabs(d - 0.66f) < 0.008f;
    sand = mark ? Color{0.36f, 0.24f, 0.22f} : mix(Color{0.78f, 0.70f, 0.62f}, Color{0.66f, 0.58f, 0.54f}, clamp01(0.5f + fbm(x * 5.0f, 2.0f, z * 5.0f, 4)));
  }
  const float pebbles = d < 7.0f ? (1.0f - smooth(4.0f, 7.0f, d)) * smooth(0.9f, 1.1f, d) * noise(x * 31.0f, 3.0f, z * 31.0f) : 0.0f;
  return sand * (0.93f + 0.30f * grain * (1.0f - smooth(10.0f, 60.0f, d)) + 0.20f * pebbles);
}

float SunHorizon::ring(float distance_m) {
  const float v = std::log(std::max(distance_m, 1.0f)) / std::log(kFarM) * static_cast<float>(kOut - 1);
  return std::min(v, static_cast<float>(kOut - 1));
}

void SunHorizon::build(Pool& pool, float (*sun_azimuth)(float time_s)) {
  std::vector<float> heights(static_cast<std::size_t>(kAround * kOut));
  const auto distance_of = [](float r) { return std::pow(kFarM, r / static_cast<float>(kOut - 1)); };
  const auto drop = [](float d) { return d * d / (2.0f * kPlanetRadius); };
  pool.run(kOut, 2, [&](int first, int last) {
    for (int r = first; r < last; ++r) {
      for (int a = 0; a < kAround; ++a) {
        const float angle = (static_cast<float>(a) / kAround - 0.5f) * 2.0f * kPi, d = distance_of(static_cast<float>(r));
        heights[static_cast<std::size_t>(r * kAround + a)] = std::max(kHighTide, ground_height(d * std::sin(angle), -d * std::cos(angle))) - drop(d);
      }
    }
  });
  const auto height_at = [&](float x, float z) {
    const float r = ring(std::sqrt(x * x + z * z)), a = (std::atan2(x, -z) / (2.0f * kPi) + 0.5f) * kAround;
    const int r0 = std::min(static_cast<int>(r), kOut - 2), a0 = static_cast<int>(a) % kAround, a1 = (a0 + 1) % kAround;
    const float tr = r - static_cast<float>(r0), ta = a - std::floor(a);
    const float* row = heights.data() + r0 * kAround;
    return mix(mix(row[a0], row[a1], ta), mix(row[kAround + a0], row[kAround + a1], ta), tr);
  };
  tangent_.resize(static_cast<std::size_t>(kTimes * kOut * kAround));
  pool.run(kTimes * kOut, 8, [&](int first, int last) {
    for (int k = first; k < last; ++k) {
      const int time = k / kOut, r = k % kOut;
      const float towards = sun_azimuth(kFirstS + kStepS * static_cast<float>(time));
      const float dx = std::sin(towards), dz = -std::cos(towards), d = distance_of(static_cast<float>(r));
      for (int a = 0; a < kAround; ++a) {
        const float angle = (static_cast<float>(a) / kAround - 0.5f) * 2.0f * kPi;
        const float x = d * std::sin(angle), z = -d * std::cos(angle), h = height_at(x, z);
        float steepest = -1.0f;
        for (float s = 6.0f; s < 330.0f; s *= 1.22f) steepest = std::max(steepest, (height_at(x + dx * s, z + dz * s) - h) / s);
        tangent_[static_cast<std::size_t>(k * kAround + a)] = steepest;
      }
    }
  });
}

void SunHorizon::light(float time_s, float sun_elevation, std::vector<float>& out) const {
  const float at = std::clamp((time_s - kFirstS) / kStepS, 0.0f, static_cast<float>(kTimes - 1) - 0.001f);
  const std::size_t cells = static_cast<std::size_t>(kOut * kAround), first = static_cast<std::size_t>(at) * cells;
  const float part = at - std::floor(at), tangent = std::tan(sun_elevation);
  out.resize(cells);
  for (std::size_t i = 0; i < cells; ++i) {
    out[i] = smooth(-0.02f, 0.035f, tangent - mix(tangent_[first + i], tangent_[first + cells + i], part));
  }
}

void GroundView::build(int picture_width, float eye_offset_m, Pool& pool) {
  width = picture_width;
  height = width / 2;
  const std::size_t area = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  skyline.assign(static_cast<std::size_t>(width), static_cast<float>(height));
  for (auto& plane : albedo) plane = std::vector<std::uint8_t>(area);
  for (auto& plane : normal) plane = std::vector<std::int8_t>(area);
  distance.assign(area, kFarM);
  level.assign(area, 0.0f);
  ring = std::vector<std::uint16_t>(area);
  haze = std::vector<std::uint8_t>(area);
  const float coarse = std::max(1.0f, 1024.0f / static_cast<float>(width));  // a step is less than a pixel near by
  pool.run(width, 8, [&](int first, int last) {
    for (int column = first; column < last; ++column) {
      const float azimuth = ((static_cast<float>(column) + 0.5f) / static_cast<float>(width) - 0.5f) * 2.0f * kPi;
      const float sx = std::sin(azimuth), cx = std::cos(azimuth);
      const float ox = eye_offset_m * cx, oz = eye_offset_m * sx;  // to the right of this line of sight
      float highest = static_cast<float>(height);                  // row reached so far
      for (float d = kNearM; d < kFarM; d += std::min(0.0021f * coarse * (d * d + 1.44f), 0.007f * coarse * std::max(d, 0.3f))) {
        const float x = ox + sx * d, z = oz - cx * d;
        const float bed = ground_height(x, z), h = std::max(bed, kHighTide) - d * d / (2.0f * kPlanetRadius);
        const float row = (0.5f - std::atan2(h - kEyeHeight, d) / kPi) * static_cast<float>(height);
        if (row >= highest) continue;
        const int from = std::max(0, static_cast<int>(std::floor(row))), to = std::min(height - 1, static_cast<int>(std::ceil(highest)) - 1);
        if (from < static_cast<int>(std::floor(highest)) || from <= to) {
          const float e = 0.012f * d + 0.01f;
          const float nx = (ground_height(x - e, z) - ground_height(x + e, z)) / (2.0f * e), nz = (ground_height(x, z - e) - ground_height(x, z + e)) / (2.0f * e);
          const float steep = std::sqrt(nx * nx + nz * nz), scale = 127.0f / std::sqrt(1.0f + steep * steep);
          const Color color = ground_color(x, z, bed, steep);
          const auto ring_here = static_cast<std::uint16_t>(512.0f * SunHorizon::ring(d));
          const auto haze_here = static_cast<std::uint8_t>(255.0f * (1.0f - std::exp(-std::max(0.0f, d - 25.0f) / 190.0f)));
          for (int y = from; y <= to; ++y) {
            const std::size_t i = at(y) + static_cast<std::size_t>(column);
            albedo[0][i] = static_cast<std::uint8_t>(255.0f * clamp01(color.r));
            albedo[1][i] = static_cast<std::uint8_t>(255.0f * clamp01(color.g));
            albedo[2][i] = static_cast<std::uint8_t>(255.0f * clamp01(color.b));
            normal[0][i] = static_cast<std::int8_t>(nx * scale);
            normal[1][i] = static_cast<std::int8_t>(scale);
            normal[2][i] = static_cast<std::int8_t>(nz * scale);
            distance[i] = d;
            level[i] = bed;
            ring[i] = ring_here;
            haze[i] = haze_here;
          }
        }
        highest = row;
      }
      skyline[static_cast<std::size_t>(column)] = highest;
    }
  });
  top = std::max(0, static_cast<int>(std::floor(*std::ranges::min_element(skyline))));
  bottom = std::min(height, static_cast<int>(std::ceil(*std::ranges::max_element(skyline))));
}

}  // namespace promenade::samples

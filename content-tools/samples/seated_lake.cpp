// Reed Lake: a boat among reeds from mist to rain, painted like ink on damp paper. The sky is a coarse field, the hills
// are ridge lines with mist at their feet, the reeds three layers that sway, the water a mirror of all that, disturbed by
// two tiles of waves; the boat was seen once. Rain, rings and the heron are drawn in each frame.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "content-tools/samples/lake_painter.h"
#include "content-tools/samples/seated_films.h"

namespace promenade::samples {

using namespace lake;

namespace {

constexpr Mood kMoods[] = {
    {0.0f, {0.44f, 0.50f, 0.58f}, {0.69f, 0.70f, 0.72f}, {0.04f, 0.03f, 0.02f}, {0.28f, 0.35f, 0.41f}, {0.17f, 0.22f, 0.24f}, {0.72f, 0.77f, 0.84f}, 1.0f},
    {14.0f, {0.52f, 0.56f, 0.64f}, {0.86f, 0.75f, 0.68f}, {0.22f, 0.13f, 0.05f}, {0.30f, 0.37f, 0.42f}, {0.18f, 0.23f, 0.24f}, {0.90f, 0.86f, 0.80f}, 0.85f},
    {26.0f, {0.56f, 0.63f, 0.70f}, {0.96f, 0.85f, 0.71f}, {0.32f, 0.20f, 0.07f}, {0.29f, 0.38f, 0.42f}, {0.18f, 0.25f, 0.25f}, {1.08f, 0.99f, 0.84f}, 0.55f},
    {42.0f, {0.50f, 0.65f, 0.74f}, {0.90f, 0.88f, 0.80f}, {0.16f, 0.12f, 0.06f}, {0.26f, 0.36f, 0.40f}, {0.15f, 0.23f, 0.24f}, {1.02f, 0.99f, 0.92f}, 0.25f},
    {55.0f, {0.44f, 0.51f, 0.56f}, {0.72f, 0.73f, 0.72f}, {0.03f, 0.03f, 0.02f}, {0.25f, 0.32f, 0.36f}, {0.14f, 0.19f, 0.21f}, {0.80f, 0.84f, 0.86f}, 0.35f},
    {63.0f, {0.36f, 0.41f, 0.46f}, {0.58f, 0.61f, 0.62f}, {0.0f, 0.0f, 0.0f}, {0.27f, 0.32f, 0.36f}, {0.13f, 0.17f, 0.19f}, {0.68f, 0.73f, 0.77f}, 0.65f},
    {78.0f, {0.47f, 0.50f, 0.55f}, {0.86f, 0.79f, 0.70f}, {0.24f, 0.16f, 0.07f}, {0.28f, 0.33f, 0.37f}, {0.15f, 0.19f, 0.20f}, {0.84f, 0.82f, 0.78f}, 0.75f}};

Mood mood_at(float t) {
  int i = 0;
  while (i + 2 < static_cast<int>(std::size(kMoods)) && t > kMoods[i + 1].time_s) ++i;
  const Mood &a = kMoods[i], &b = kMoods[i + 1];
  const float s = smooth(a.time_s, b.time_s, t);
  return {t, mix(a.zenith, b.zenith, s), mix(a.horizon, b.horizon, s), mix(a.glow, b.glow, s), mix(a.hill, b.hill, s), mix(a.water, b.water, s), mix(a.light, b.light, s), mix(a.mist, b.mist, s)};
}

PROMENADE_WIDE void pack_mirror(Row row, std::uint32_t* out) {
  const auto bits = [](float v) { return static_cast<std::uint32_t>(static_cast<int>(std::min(1023.0f, std::max(0.0f, v * (1.0f / kMirrorUnit) + 0.5f)))); };
  PROMENADE_APART
  for (int x = 0; x < row.width; ++x) out[x] = bits(row.r[x]) | bits(row.g[x]) << 10 | bits(row.b[x]) << 20;
}

float gusts(float t) { return 0.10f + 0.90f * during(41.5f, 54.0f, 3.5f, t) + 0.18f * smooth(56.0f, 60.0f, t); }

}  // namespace

ReedLake::ReedLake(int width, Pool& pool)
    : Painter(width), sky_{Field(64, 48, -2.0f * kDegree, kPi / 2), Field(64, 48, -2.0f * kDegree, kPi / 2), Field(64, 48, -2.0f * kDegree, kPi / 2)} {
  boat_.build(width, pool);
  const float away[3] = {4.6f, 7.0f, 12.5f}, tall[3] = {2.15f, 2.35f, 2.3f};
  pool.run(3, 1, [&](int first, int last) {
    for (int i = first; i < last; ++i) reeds_[i].build(width, i, away[i], tall[i]);
  });
  for (int x = 0; x < width; ++x) {
    const float azimuth = ((static_cast<float>(x) + 0.5f) / static_cast<float>(width) - 0.5f) * 2.0f * kPi, s = std::sin(azimuth), c = std::cos(azimuth);
    around_sin_.push_back(s);
    around_cos_.push_back(c);
    const float height_deg[kRidges] = {10.5f, 6.6f, 3.9f, 1.5f}, rough[kRidges] = {1.6f, 2.3f, 3.4f, 7.0f};
    for (int k = 0; k < kRidges; ++k) {
      const float f = rough[k], z = 13.0f * static_cast<float>(k);
      const float range = 0.55f + 0.75f * fbm(0.8f * s + z, 0.8f * c, 3.0f, 2);
      const float peak = k == 3 ? 0.55f + 0.35f * fbm(f * s, z, f * c, 4) + 0.10f * fbm(40.0f * s, z, 40.0f * c, 2) : ridged(f * s * 0.8f, z, f * c * 0.8f, 5) * 0.95f + 0.06f * fbm(16.0f * s, z, 16.0f * c, 3);
      ridge_[k].push_back(height_deg[k] * kDegree * std::max(0.06f, range) * std::max(0.05f, peak) * (k == 0 ? 1.25f : 1.0f));
    }
  }
  mist_top_ = static_cast<int>(row_of(13.0f * kDegree));
  mist_rows_ = height() / 2 - mist_top_;
  for (int k = 0; k < 2; ++k) {
    mist_[k].resize(static_cast<std::size_t>(std::max(1, mist_rows_)) * static_cast<std::size_t>(width));
    pool.run(mist_rows_, 4, [&](int first, int last) {
      for (int y = first; y < last; ++y) {
        for (int x = 0; x < width_; ++x) {
          const float s = around_sin_[static_cast<std::size_t>(x)], c = around_cos_[static_cast<std::size_t>(x)], e = elevation_of(mist_top_ + y) / kDegree;
          const float f = k == 0 ? 2.2f : 4.3f;
          mist_[k][static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)] = clamp01(0.5f + 0.9f * fbm(f * s, e * 0.34f + 9.0f * static_cast<float>(k), f * c, 4));
        }
      }
    });
  }
  wave_.resize(static_cast<std::size_t>(kTile) * kTile);
  std::vector<float> surface(static_cast<std::size_t>(kTile) * kTile);
  // Sines whose waves fit the tile, many directions and lengths: a surface without seams.
  for (std::uint32_t k = 0; k < 46; ++k) {
    const float turns = std::floor(2.0f + 17.0f * hash01(k, 61) * hash01(k, 61) * 1.6f), way = 2.0f * kPi * hash01(k, 62);
    const float fx = std::round(turns * std::cos(way)), fy = std::round(turns * std::sin(way)), size = 1.0f / (1.0f + fx * fx + fy * fy), phase = 2.0f * kPi * hash01(k, 63);
    std::vector<float> a(kTile * 2), b(kTile * 2);
    for (int i = 0; i < kTile; ++i) {
      const float u = 2.0f * kPi * static_cast<float>(i) / kTile;
      a[static_cast<std::size_t>(i)] = std::sin(fx * u + phase);
      a[static_cast<std::size_t>(kTile + i)] = std::cos(fx * u + phase);
      b[static_cast<std::size_t>(i)] = std::sin(fy * u);
      b[static_cast<std::size_t>(kTile + i)] = std::cos(fy * u);
    }
    for (int y = 0; y < kTile; ++y) {
      for (int x = 0; x < kTile; ++x) {
        surface[static_cast<std::size_t>(y * kTile + x)] += size * (a[static_cast<std::size_t>(x)] * b[static_cast<std::size_t>(kTile + y)] + a[static_cast<std::size_t>(kTile + x)] * b[static_cast<std::size_t>(y)]);
      }
    }
  }
  float steepest = 1e-6f;
  const auto slope = [&](int x, int y, int dx, int dy) {
    return surface[static_cast<std::size_t>(((y + dy) & (kTile - 1)) * kTile + ((x + dx) & (kTile - 1)))] - surface[static_cast<std::size_t>(y * kTile + x)];
  };
  for (int y = 0; y < kTile; ++y) {
    for (int x = 0; x < kTile; ++x) steepest = std::max({steepest, std::fabs(slope(x, y, 1, 0)), std::fabs(slope(x, y, 0, 1))});
  }
  for (int y = 0; y < kTile; ++y) {
    for (int x = 0; x < kTile; ++x) {
      const auto byte = [&](float v) { return static_cast<std::uint8_t>(static_cast<int>(127.0f * v / steepest)); };
      wave_[static_cast<std::size_t>(y * kTile + x)] = static_cast<std::uint16_t>(byte(slope(x, y, 1, 0)) | byte(slope(x, y, 0, 1)) << 8);
    }
  }
  mirror_rows_ = height() / 4;
  mirror_width_ = width / 2;
  mirror_.resize(static_cast<std::size_t>(mirror_rows_) * static_cast<std::size_t>(mirror_width_));
  for (auto& sway : sway_) sway.resize(static_cast<std::size_t>(width));
}

void ReedLake::prepare_sky(Pool& pool) {
  pool.run(sky_[0].height, 8, [&](int first, int last) {
    for (int y = first; y < last; ++y) {
      const float elevation = mix(sky_[0].high_rad, sky_[0].low_rad, (static_cast<float>(y) + 0.5f) / static_cast<float>(sky_[0].height));
      const float up = std::max(0.0f, elevation) / (kPi / 2), rise = 1.0f - std::pow(1.0f - up, 2.6f);
      for (int x = 0; x < sky_[0].width; ++x) {
        const float azimuth = ((static_cast<float>(x) + 0.5f) / static_cast<float>(sky_[0].width) - 0.5f) * 2.0f * kPi;
        const float near = std::cos(azimuth - kSunAzimuth), px = std::sin(azimuth) * std::cos(elevation), pz = std::cos(azimuth) * std::cos(elevation);
        Color color = mix(mood_.horizon, mood_.zenith, rise);
        color = color + mood_.glow * (std::exp(-(1.0f - near) * 2.2f) * std::exp(-up * 4.0f) * 1.3f);
        const float flat = 1.0f / (0.22f + std::sin(std::max(0.0f, elevation)));  // washes of cloud
        const float cloud = fbm(px * flat * 0.7f + 0.012f * time_, 4.0f, pz * flat * 1.1f, 4);
        color = color * (1.0f + (0.05f + 0.11f * wet_ + 0.06f * wind_) * cloud * smooth(0.02f, 0.2f, up));
        sky_[0].row(y)[x] = color.r;
        sky_[1].row(y)[x] = color.g;
        sky_[2].row(y)[x] = color.b;
      }
    }
  });
}

void ReedLake::prepare_rain() {
  rings_.assign(static_cast<std::size_t>(height()), {});
  drops_.clear(height());
  const float per_rad = static_cast<float>(width_) / (2.0f * kPi);
  // It comes walking from the left: each ring lies where the rain has arrived.
  const auto arrived = [&](float azimuth, float distance) {
    const float x = std::sin(azimuth) * distance;
    return smooth(-2.0f, 3.0f, (time_ - 57.5f) * 2.6f - 17.0f - x);
  };
  const float thin = 1.0f - 0.65f * smooth(68.0f, 77.0f, time_);
  if (time_ > 57.0f) {
    for (std::uint32_t i = 0; i < 1500; ++i) {
      const float life = 0.9f, at = (time_ / life) + hash01(i, 71), age = at - std::floor(at);
      const auto turn = static_cast<std::uint32_t>(at);
      const float azimuth = 2.0f * kPi * hash01(i, turn, 72) - kPi, distance = 1.1f + 15.0f * std::pow(hash01(i, turn, 73), 1.7f);
      if (hash01(i, turn, 74) > arrived(azimuth, distance) * thin) continue;
      const float elevation = -std::atan2(kEyeOverWater, distance), size = (0.02f + 0.17f * age) / std::sqrt(distance * distance + kEyeOverWater * kEyeOverWater) * per_rad;
      const Ring ring{column_of(azimuth), row_of(elevation), size / std::cos(elevation), std::max(0.7f, size * std::sin(-elevation)), (1.0f - age) * (1.0f - age) * (distance < 6.0f ? 1.0f : 6.0f / distance)};
      for (int y = std::max(0, static_cast<int>(ring.y - ring.ry - 2.0f)); y <= std::min(height() - 1, static_cast<int>(ring.y + ring.ry + 2.0f)); ++y) {
        rings_[static_cast<std::size_t>(y)].push_back(ring);
      }
    }
    const auto flicker = static_cast<std::uint32_t>(std::floor(time_ * 30.0f + 0.5f));
    for (std::uint32_t i = 0; i < 520; ++i) {  // streaks
      const float azimuth = 2.0f * kPi * hash01(i, flicker, 75) - kPi, elevation = (hash01(i, flicker, 76) * 1.15f - 0.35f);
      const float near = hash01(i, flicker, 77);
      if (hash01(i, flicker, 78) > arrived(azimuth, 3.0f + 6.0f * near) * thin) continue;
      drops_.add({std::fmod(column_of(azimuth), static_cast<float>(width_)), row_of(elevation), 0.9f / std::max(0.3f, std::cos(elevation)), (10.0f + 16.0f * near) * static_cast<float>(width_) / 2048.0f, Color{0.75f, 0.80f, 0.84f} * (0.10f + 0.13f * near)});
    }
  }
  for (int k = 0; k < 4; ++k) {  // rings where the heron struck, and where drops fell from her bill
    const float since = time_ - kHeronStrikesS - 0.05f - (k < 3 ? 0.35f * static_cast<float>(k) : 1.7f);
    if (since < 0.0f || since > 7.0f) continue;
    const float out = 0.06f + 0.42f * since, x = std::sin(kHeronAzimuth) * kHeronAway - 0.66f * std::cos(kHeronAzimuth), z = std::cos(kHeronAzimuth) * kHeronAway + 0.66f * std::sin(kHeronAzimuth), distance = std::sqrt(x * x + z * z);
    const float elevation = -std::atan2(kEyeOverWater, distance), size = out / distance * per_rad;
    const Ring ring{column_of(std::atan2(x, z)), row_of(elevation), size / std::cos(elevation), size * std::sin(-elevation), 2.6f * std::exp(-since / 2.2f)};
    for (int y = std::max(0, static_cast<int>(ring.y - ring.ry - 3.0f)); y <= std::min(height() - 1, static_cast<int>(ring.y + ring.ry + 3.0f)); ++y) rings_[static_cast<std::size_t>(y)].push_back(ring);
  }
}

void ReedLake::prepare_smoke() {
  smoke_.clear(height());
  const float per_rad = static_cast<float>(width_) / (2.0f * kPi);
  for (std::uint32_t i = 0; i < 26; ++i) {
    const float at = time_ / 5.2f + static_cast<float>(i) / 26.0f, age = at - std::floor(at), fade = std::sin(kPi * std::sqrt(age)) * (1.0f - smooth(57.0f, 61.0f, time_));
    const float x = -0.27f + 0.07f * std::sin(5.0f * age + static_cast<float>(i) + 0.6f * time_) * age + (0.10f + 0.9f * wind_) * age * age, y = -0.02f + 0.75f * age * (1.0f - 0.55f * wind_);
    const float size = (0.012f + 0.085f * age) / 2.0f * per_rad;
    smoke_.add({column_of(std::atan2(x, 1.98f)), row_of(std::atan2(y, 2.0f)), size, size * 1.3f, mood_.horizon * (0.11f * fade * (1.0f - age))});
  }
  if (time_ > kHeronStrikesS && time_ < kHeronStrikesS + 1.1f) {  // the splash
    const float age = time_ - kHeronStrikesS;
    for (std::uint32_t i = 0; i < 34; ++i) {
      const float out = (hash01(i, 81) - 0.5f) * 1.5f * age, up = (0.5f + 1.6f * hash01(i, 82)) * age - 3.2f * age * age;
      if (up < -0.02f) continue;
      const float azimuth = kHeronAzimuth + (out - 0.66f) / kHeronAway, elevation = std::atan2(up - kEyeOverWater, kHeronAway);
      smoke_.add({column_of(azimuth), row_of(elevation), 1.7f, 1.9f, mood_.horizon * (0.8f * (1.0f - age / 1.1f))});
    }
  }
}

void ReedLake::prepare(double time_s, Pool& pool) {
  time_ = static_cast<float>(time_s);
  mood_ = mood_at(time_);
  wind_ = gusts(time_);
  wet_ = smooth(57.0f, 64.0f, time_) * (1.0f - 0.5f * smooth(70.0f, 78.0f, time_));
  prepare_sky(pool);
  for (int layer = 0; layer < 3; ++layer) {
    const float size = (0.10f + 0.10f * static_cast<float>(layer == 1)) * (0.25f + 1.5f * wind_) / reeds_[layer].distance * static_cast<float>(width_) / (2.0f * kPi) * 1.6f;
    for (int x = 0; x < width_; ++x) {
      const float a = 2.0f * kPi * static_cast<float>(x) / static_cast<float>(width_), p = 1.7f * static_cast<float>(layer);
      const float front = 0.5f + 0.5f * std::sin(3.0f * a - 1.5f * time_ + p);  // gusts that run round
      sway_[layer][static_cast<std::size_t>(x)] = size * (0.45f * wind_ * (0.4f + front) + 0.5f * std::sin(7.0f * a - 2.3f * time_ + p) * (0.3f + front) + 0.22f * std::sin(23.0f * a - 4.4f * time_ + 2.0f * p) * wind_ + 0.2f * std::sin(61.0f * a + 3.1f * time_) * wind_);
    }
  }
  heron_ = heron(time_);
  const float away = std::max(0.0f, time_ - kHeronLeavesS);
  heron_azimuth_ = kHeronAzimuth + (2.0f * away + 0.95f * away * away) * kDegree;
  heron_lift_ = 0.16f * away * away / (1.0f + 0.10f * away);
  heron_left_ = heron_low_ = 1e3f;
  heron_right_ = heron_high_ = -1e3f;
  for (const Stroke& s : heron_) {
    heron_left_ = std::min({heron_left_, s.ax - s.ar, s.bx - s.br});
    heron_right_ = std::max({heron_right_, s.ax + s.ar, s.bx + s.br});
    heron_low_ = std::min({heron_low_, s.ay - s.ar, s.by - s.br});
    heron_high_ = std::max({heron_high_, s.ay + s.ar, s.by + s.br});
  }
  prepare_rain();
  prepare_smoke();
  pool.run(mirror_rows_, 8, [&](int first, int last) {
    std::vector<float> memory(static_cast<std::size_t>(mirror_width_) * 3);
    const Row row{memory.data(), memory.data() + mirror_width_, memory.data() + 2 * mirror_width_, mirror_width_};
    for (int y = first; y < last; ++y) {
      const float from_horizon = 1.0f - static_cast<float>(y) / static_cast<float>(mirror_rows_ - 1);
      draw_above(from_horizon * from_horizon * (kPi / 2), mirror_width_, 1.0f, row);
      pack_mirror(row, mirror_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(mirror_width_));
    }
  });
}

std::unique_ptr<Painter> paint_reed_lake(int width, Pool& pool) { return std::make_unique<ReedLake>(width, pool); }

}  // namespace promenade::samples

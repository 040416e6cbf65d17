// Reed Lake: a boat among reeds from mist to rain, painted like ink on damp paper. The sky is a coarse field, the hills
// are ridge lines with mist at their feet, the reeds three layers that sway, the water a mirror of all that, disturbed by
// two tiles of waves; the boat was seen once. Rain, rings and the heron are drawn in each frame.
#include <algorithm>
#include <cmath>

#include "content-tools/samples/lake_birds.h"
#include "content-tools/samples/lake_scene.h"
#include "content-tools/samples/seated_films.h"

namespace promenade::samples {

namespace {

constexpr float kDegree = kPi / 180.0f;
constexpr float kHeronAzimuth = 38.0f * kDegree, kHeronAway = 4.3f, kHeronTall = 1.22f;  // her size against life
constexpr float kSunAzimuth = 27.0f * kDegree;
constexpr int kRidges = 4, kTile = 512;

struct Mood {  // of the light at one time of the morning
  float time_s;
  Color zenith, horizon, glow;   // glow: about the sun
  Color hill, water, light;      // nearest hill; depth of the water; light on boat and reeds
  float mist;
};
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

float gusts(float t) { return 0.10f + 0.90f * during(41.5f, 54.0f, 3.5f, t) + 0.18f * smooth(56.0f, 60.0f, t); }

class ReedLake final : public Painter {
 public:
  ReedLake(int width, Pool& pool);
  double length_s() const override { return 78.0; }
  void prepare(double time_s, Pool& pool) override;
  void row(int y, int eye, Row out) const override;

 private:
  struct Ring { float x, y, rx, ry, level; };  // on the water, pixels
  void prepare_sky(Pool& pool);
  void prepare_rain();
  void prepare_smoke();
  void draw_above(float elevation, int count, float mirrored_by, Row out) const;  // sky to mist, `count` columns
  void draw_water(int y, Row out) const;
  void draw_rings(int y, Row out) const;
  void draw_heron(int y, Row out) const;
  void draw_boat(int y, Row out) const;
  void draw_veil(int y, Row out) const;
  float elevation_of(int y) const { return (0.5f - (static_cast<float>(y) + 0.5f) / static_cast<float>(height())) * kPi; }
  float row_of(float elevation) const { return (0.5f - elevation / kPi) * static_cast<float>(height()); }
  float column_of(float azimuth) const { return (azimuth / (2.0f * kPi) + 0.5f) * static_cast<float>(width_); }
  int wrapped(int x) const { return ((x % width_) + width_) % width_; }
  float mirror_row(float elevation) const { return (1.0f - std::sqrt(clamp01(elevation / (kPi / 2)))) * static_cast<float>(mirror_rows_ - 1); }

  BoatView boat_;
  ReedLayer reeds_[3];
  std::vector<float> ridge_[kRidges];
  std::vector<float> mist_[2];
  int mist_top_ = 0, mist_rows_ = 0;
  std::vector<std::int8_t> wave_;  // slopes to the right and away, in pairs
  std::vector<float> around_sin_, around_cos_;
  Field sky_[3];
  int mirror_rows_ = 0, mirror_width_ = 0;
  std::vector<float> mirror_;  // rows from the zenith down to the horizon, four floats a pixel
  // Of the moment:
  float time_ = 0, wind_ = 0, wet_ = 0;
  Mood mood_{};
  std::vector<float> sway_[3];
  std::vector<Stroke> heron_;
  float heron_azimuth_ = 0, heron_lift_ = 0, heron_left_ = 0, heron_right_ = 0, heron_low_ = 0, heron_high_ = 0;
  std::vector<std::vector<Ring>> rings_;
  Glows drops_, smoke_;
};

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
  wave_.resize(static_cast<std::size_t>(kTile) * kTile * 2);
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
      const std::size_t i = static_cast<std::size_t>(y * kTile + x) * 2;
      wave_[i] = static_cast<std::int8_t>(127.0f * slope(x, y, 1, 0) / steepest);
      wave_[i + 1] = static_cast<std::int8_t>(127.0f * slope(x, y, 0, 1) / steepest);
    }
  }
  mirror_rows_ = height() / 4;
  mirror_width_ = width / 2;
  mirror_.resize(static_cast<std::size_t>(mirror_rows_) * static_cast<std::size_t>(mirror_width_) * 4);
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
      float* out = mirror_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(mirror_width_) * 4;
      for (int x = 0; x < mirror_width_; ++x) {
        out[x * 4] = row.r[x];
        out[x * 4 + 1] = row.g[x];
        out[x * 4 + 2] = row.b[x];
      }
    }
  });
}

void ReedLake::draw_above(float elevation, int count, float mirrored_by, Row out) const {
  sky_[0].expand(elevation, 0.0f, count, out.r);
  sky_[1].expand(elevation, 0.0f, count, out.g);
  sky_[2].expand(elevation, 0.0f, count, out.b);
  const int step = width_ / count;
  if (elevation < 22.0f * kDegree) {  // the sun, through the mist
    const float bright = smooth(7.0f, 20.0f, time_) * (1.0f - smooth(50.0f, 58.0f, time_)), el = (3.5f + 0.17f * time_) * kDegree;
    const float centre = (kSunAzimuth / (2.0f * kPi) + 0.5f) * static_cast<float>(count), pixel = 2.0f * kPi / static_cast<float>(count);
    const int reach = static_cast<int>(0.5f / pixel);
    for (int x = std::max(0, static_cast<int>(centre) - reach); bright > 0.0f && x < std::min(count, static_cast<int>(centre) + reach); ++x) {
      const float dx = (static_cast<float>(x) + 0.5f - centre) * pixel, dy = elevation - el, q = std::sqrt(dx * dx + dy * dy);
      const float disc = clamp01((1.9f * kDegree - q) / pixel + 0.5f) * 0.55f + 0.34f * std::exp(-q * 13.0f);
      out.r[x] += bright * disc * (1.0f - 0.3f * out.r[x]);
      out.g[x] += bright * disc * (0.90f - 0.3f * out.g[x]);
      out.b[x] += bright * disc * (0.70f - 0.3f * out.b[x]);
    }
  }
  if (elevation < 15.0f * kDegree) {
    const Color air = mood_.horizon;
    for (int k = 0; k < kRidges; ++k) {
      const float depth = static_cast<float>(k + 1) / kRidges;
      const Color ink = mix(air, mood_.hill, 0.20f + 0.72f * depth * (1.0f - 0.35f * wet_));
      const float* ridge = ridge_[k].data();
      const float edge = 1.0f / (0.9f * kPi / static_cast<float>(height()));
      const float foot = 1.0f / ((5.2f - 1.15f * static_cast<float>(k)) * kDegree);
      for (int x = 0; x < count; ++x) {
        const float under = ridge[x * step] - elevation, cover = std::min(1.0f, std::max(0.0f, under * edge + 0.5f));
        const float sink = std::min(1.0f, std::max(0.0f, under) * foot), dense = cover * (1.0f - 0.82f * sink * (2.0f - sink) * (k == 3 ? 0.35f : 1.0f));
        out.r[x] += dense * (ink.r - out.r[x]);
        out.g[x] += dense * (ink.g - out.g[x]);
        out.b[x] += dense * (ink.b - out.b[x]);
      }
    }
  }
  const int line = static_cast<int>(row_of(elevation)) - mist_top_;
  if (line >= 0 && line < mist_rows_) {
    std::vector<float> a(static_cast<std::size_t>(width_)), b(static_cast<std::size_t>(width_));
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(line) * width_;
    turned(mist_[0].data() + at, width_, time_ * (0.0016f + 0.002f * smooth(38.0f, 50.0f, time_)), a.data());
    turned(mist_[1].data() + at, width_, -time_ * 0.0011f, b.data());
    const float low = 1.0f - smooth(0.5f * kDegree, 12.5f * kDegree, elevation);
    const Color air = mood_.horizon * 1.03f;
    for (int x = 0; x < count; ++x) {
      const float dense = std::min(1.0f, mood_.mist * low * (0.25f + 1.7f * a[static_cast<std::size_t>(x * step)] * b[static_cast<std::size_t>(x * step)]));
      out.r[x] += dense * (air.r - out.r[x]);
      out.g[x] += dense * (air.g - out.g[x]);
      out.b[x] += dense * (air.b - out.b[x]);
    }
  }
  for (int k = 2; k >= 0; --k) {
    const float haze = (k == 2 ? 0.52f : k == 1 ? 0.26f : 0.08f) * (0.35f + 0.65f * mood_.mist);
    reeds_[k].draw(elevation - mirrored_by * 2.0f * kEyeOverWater / reeds_[k].distance, sway_[k].data(), mood_.light, mood_.horizon, haze, out);
  }
}

void ReedLake::draw_water(int y, Row out) const {
  const float down = -elevation_of(y), d = kEyeOverWater / std::tan(down);
  const float strength = (0.10f + 0.62f * wind_ + 0.20f * wet_), far = 1.0f / (1.0f + 0.13f * d);
  const float lift = strength * 0.30f * far / 127.0f, side = strength * 26.0f * far / 127.0f * static_cast<float>(mirror_width_) / 1024.0f;
  const float grazing = std::pow(1.0f - std::sin(down), 3.2f), fresnel = 0.16f + 0.80f * grazing;
  const float small = static_cast<float>(kTile) / 2.6f, large = static_cast<float>(kTile) / 9.5f;
  const float run_a = time_ * small * 0.10f, run_b = time_ * large * 0.16f;
  const Color deep = mood_.water * (0.70f + 0.5f * grazing);
  const std::uint8_t* hull = y >= boat_.top ? boat_.shade.data() + static_cast<std::size_t>(y - boat_.top) * static_cast<std::size_t>(width_) : nullptr;
  const std::uint8_t* boat = y >= boat_.top ? boat_.rgba.data() + static_cast<std::size_t>(y - boat_.top) * static_cast<std::size_t>(width_) * 4 : nullptr;
  const float last = static_cast<float>(mirror_rows_ - 1) - 0.01f;
  const float to_row = static_cast<float>(mirror_rows_ - 1);
  for (int x = 0; x < width_; ++x) {
    if (boat && boat[x * 4 + 3] == 255) continue;  // hidden
    const float px = around_sin_[static_cast<std::size_t>(x)] * d + 600.0f, pz = around_cos_[static_cast<std::size_t>(x)] * d + 600.0f;
    const int ua = static_cast<int>(px * small + run_a) & (kTile - 1), va = static_cast<int>(pz * small) & (kTile - 1);
    const int ub = static_cast<int>(px * large + 0.5f * run_b) & (kTile - 1), vb = static_cast<int>(pz * large + run_b) & (kTile - 1);
    const std::int8_t* a = wave_.data() + (va * kTile + ua) * 2;
    const std::int8_t* b = wave_.data() + (vb * kTile + ub) * 2;
    const float sx = static_cast<float>(a[0]) + 1.3f * static_cast<float>(b[0]), sz = static_cast<float>(a[1]) + 1.3f * static_cast<float>(b[1]);
    const float up = std::max(0.0f, std::min(1.5f, down + lift * sz));
    const float line = std::min(last, std::max(0.0f, to_row * (1.0f - std::sqrt(up * (2.0f / kPi)))));
    const int r0 = static_cast<int>(line);
    const float t = line - static_cast<float>(r0);
    int column = (x >> 1) + static_cast<int>(side * sx);
    column = column < 0 ? column + mirror_width_ : column >= mirror_width_ ? column - mirror_width_ : column;
    const float* p = mirror_.data() + (static_cast<std::size_t>(r0) * static_cast<std::size_t>(mirror_width_) + static_cast<std::size_t>(column)) * 4;
    const float* q = p + static_cast<std::size_t>(mirror_width_) * 4;
    const float shine = fresnel * (1.0f + 0.0016f * sz * strength), dark = hull ? 1.0f - static_cast<float>(hull[x]) / 255.0f : 1.0f;
    out.r[x] = dark * (deep.r * (1.0f - fresnel) + shine * (p[0] + (q[0] - p[0]) * t) * 0.96f);
    out.g[x] = dark * (deep.g * (1.0f - fresnel) + shine * (p[1] + (q[1] - p[1]) * t) * 0.98f);
    out.b[x] = dark * (deep.b * (1.0f - fresnel) + shine * (p[2] + (q[2] - p[2]) * t));
  }
}

void ReedLake::draw_rings(int y, Row out) const {
  for (const Ring& ring : rings_[static_cast<std::size_t>(y)]) {
    const float v = (static_cast<float>(y) + 0.5f - ring.y) / ring.ry, edge = std::max(0.16f, 1.1f / ring.ry);
    const float outer = (1.0f + edge) * (1.0f + edge) - v * v;
    if (outer <= 0.0f) continue;
    const float reach = std::min(ring.rx * std::sqrt(outer), static_cast<float>(width_) * 0.45f);
    for (int x = static_cast<int>(ring.x - reach); x <= static_cast<int>(ring.x + reach); ++x) {
      const float u = (static_cast<float>(x) + 0.5f - ring.x) / ring.rx, off = (std::sqrt(u * u + v * v) - 1.0f) / edge;
      if (off < -1.0f || off > 1.0f) continue;
      const float wave = ring.level * (off > -0.2f ? 0.15f : -0.10f) * (1.0f - off * off);
      const int c = wrapped(x);
      out.r[c] += wave * mood_.horizon.r;
      out.g[c] += wave * mood_.horizon.g;
      out.b[c] += wave * mood_.horizon.b;
    }
  }
}

void ReedLake::draw_heron(int y, Row out) const {
  if (heron_.empty()) return;
  const float pixel = 2.0f * kPi / static_cast<float>(width_), centre = column_of(heron_azimuth_), scale = kHeronTall / kHeronAway;
  const float height_here = (std::tan(elevation_of(y)) * kHeronAway + kEyeOverWater) / kHeronTall, lift = heron_lift_ / kHeronTall;
  for (const bool mirrored : {true, false}) {
    if (mirrored && height_here > 0.0f) continue;
    const float v = mirrored ? -height_here - lift : height_here - lift;
    if (v < heron_low_ - 0.02f || v > heron_high_ + 0.02f || (!mirrored && height_here < -0.02f)) continue;
    const float shiver = mirrored ? 0.02f * (0.3f + wind_) * std::sin(60.0f * v + 3.0f * time_) : 0.0f;
    const int first = static_cast<int>(centre + (heron_left_ - 0.03f) * scale / pixel), last = static_cast<int>(centre + (heron_right_ + 0.03f) * scale / pixel);
    for (int x = first; x <= last; ++x) {
      const float u = (static_cast<float>(x) + 0.5f - centre) * pixel / scale + shiver;
      const Ink ink = ink_at(heron_, u, v, pixel / scale);
      if (ink.cover <= 0.0f) continue;
      const float gone = 1.0f - smooth(kHeronGoneS - 4.0f, kHeronGoneS, time_), cover = ink.cover * gone * (mirrored ? 0.45f : 1.0f);
      const Color color = mix(ink.color * mood_.light, mood_.horizon, 0.08f + 0.22f * mood_.mist);
      const int c = wrapped(x);
      out.r[c] += cover * (color.r - out.r[c]);
      out.g[c] += cover * (color.g - out.g[c]);
      out.b[c] += cover * (color.b - out.b[c]);
    }
  }
}

void ReedLake::draw_boat(int y, Row out) const {
  if (y < boat_.top) return;
  const std::uint8_t* row = boat_.rgba.data() + static_cast<std::size_t>(y - boat_.top) * static_cast<std::size_t>(width_) * 4;
  const float sheen = 1.0f - 0.22f * wet_;
  const Color light = mood_.light * (sheen * 1.12f / 255.0f);
  for (int x = 0; x < width_; ++x) {
    const float cover = static_cast<float>(row[x * 4 + 3]) / 255.0f;
    if (cover <= 0.0f) continue;
    out.r[x] += cover * (static_cast<float>(row[x * 4]) * light.r - out.r[x]);
    out.g[x] += cover * (static_cast<float>(row[x * 4 + 1]) * light.g - out.g[x]);
    out.b[x] += cover * (static_cast<float>(row[x * 4 + 2]) * light.b - out.b[x]);
  }
}

void ReedLake::draw_veil(int y, Row out) const {
  // The rain seen from afar: a grey curtain that comes over the lake from the left.
  const float elevation = elevation_of(y), tall = smooth(-6.0f * kDegree, -1.0f * kDegree, elevation) * (1.0f - smooth(20.0f * kDegree, 55.0f * kDegree, elevation));
  if (time_ < 52.0f || tall <= 0.0f) return;
  const float front = -150.0f * kDegree + (time_ - 52.0f) * 17.0f * kDegree, level = 0.50f * tall * smooth(52.0f, 58.0f, time_) * (1.0f - 0.6f * smooth(69.0f, 77.0f, time_));
  const Color grey = mix(mood_.horizon, mood_.zenith, 0.35f) * 0.98f;
  for (int x = 0; x < width_; ++x) {
    float off = (static_cast<float>(x) / static_cast<float>(width_) - 0.5f) * 2.0f * kPi + 150.0f * kDegree;
    if (off < 0.0f) off += 2.0f * kPi;
    const float side = std::min(off, 2.0f * kPi - off);  // it closes from both sides round the back
    const float cover = level * smooth(0.9f, -0.3f, side - (front + 150.0f * kDegree) * 0.75f + 0.6f);
    out.r[x] += cover * (grey.r - out.r[x]);
    out.g[x] += cover * (grey.g - out.g[x]);
    out.b[x] += cover * (grey.b - out.b[x]);
  }
}

void ReedLake::row(int y, int, Row out) const {
  const float elevation = elevation_of(y);
  if (elevation >= 0.0f) {
    draw_above(elevation, width_, 0.0f, out);
  } else {
    draw_water(y, out);
    draw_rings(y, out);
    for (int k = 2; k >= 0; --k) {
      const float haze = (k == 2 ? 0.52f : k == 1 ? 0.26f : 0.08f) * (0.35f + 0.65f * mood_.mist);
      reeds_[k].draw(elevation, sway_[k].data(), mood_.light, mood_.horizon, haze, out);
    }
  }
  draw_heron(y, out);
  draw_veil(y, out);
  draw_boat(y, out);
  smoke_.draw(y, out);
  drops_.draw(y, out);
  const float dark = smooth(0.0f, 2.0f, time_) * (1.0f - smooth(76.6f, 77.9f, time_));
  if (dark < 1.0f) {
    for (int x = 0; x < width_; ++x) {
      out.r[x] *= dark;
      out.g[x] *= dark;
      out.b[x] *= dark;
    }
  }
}

}  // namespace

std::unique_ptr<Painter> paint_reed_lake(int width, Pool& pool) { return std::make_unique<ReedLake>(width, pool); }

}  // namespace promenade::samples

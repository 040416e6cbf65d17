// Slow Planet, in stereo: the viewer sits on a dial at the pole of a small planet. Everything in the sky goes round the
// vertical axis, so the stars are a shift of columns. The ground is a height field seen once from each eye; its light
// is worked out a few times a second and blended between. What is near is drawn in each frame, moved apart for the eyes.
#include <algorithm>
#include <cmath>

#include "content-tools/samples/planet_painter.h"
#include "content-tools/samples/seated_films.h"

namespace promenade::samples {

using namespace planet;

namespace {

struct Grazer { float azimuth_deg, distance, size, phase; };
constexpr Grazer kHerd[] = {{-24, 20, 1.5f, 0.1f}, {-9, 26, 1.8f, 0.5f}, {4, 16, 1.15f, 0.8f}, {17, 23, 1.7f, 0.3f}, {27, 13.5f, 0.9f, 0.65f},
                            {37, 29, 2.0f, 0.9f}, {51, 18, 1.45f, 0.2f}, {66, 25, 1.8f, 0.75f}};

}  // namespace

SlowPlanet::SlowPlanet(int width, Pool& pool)
    : Painter(width), sky_{Field(64, 64, -8.0f * kDegree, kPi / 2), Field(64, 64, -8.0f * kDegree, kPi / 2), Field(64, 64, -8.0f * kDegree, kPi / 2)} {
  for (int eye = 0; eye < 2; ++eye) views_[eye].build(width, eye == 0 ? -kHalfPupils : kHalfPupils, pool);
  horizon_.build(pool, sun_azimuth);
  for (int x = 0; x < width; ++x) {
    const float azimuth = ((static_cast<float>(x) + 0.5f) / static_cast<float>(width) - 0.5f) * 2.0f * kPi;
    around_sin_.push_back(std::sin(azimuth));
    around_cos_.push_back(std::cos(azimuth));
  }
  cloud_top_ = static_cast<int>(row_of(62.0f * kDegree));
  cloud_rows_ = static_cast<int>(row_of(3.0f * kDegree)) - cloud_top_;
  milk_rows_ = height() / 2 + height() / 16;
  cloud_.resize(static_cast<std::size_t>(std::max(0, cloud_rows_)) * static_cast<std::size_t>(width));
  milk_.resize(static_cast<std::size_t>(milk_rows_) * static_cast<std::size_t>(width));
  pool.run(milk_rows_, 8, [&](int first, int last) {
    for (int y = first; y < last; ++y) {
      const float elevation = elevation_of(y), ce = std::cos(elevation), se = std::sin(elevation);
      for (int x = 0; x < width_; ++x) {
        const float px = around_sin_[static_cast<std::size_t>(x)] * ce, pz = -around_cos_[static_cast<std::size_t>(x)] * ce;
        // Along a great circle that leans by 35 degrees.
        const float off = 0.819f * px * 0.6f + 0.574f * se - 0.6f * pz * 0.7f, mist = 0.5f + fbm(px * 3.0f, se * 3.0f, pz * 3.0f, 4);
        milk_[static_cast<std::size_t>(y * width_ + x)] = std::exp(-off * off * 22.0f) * clamp01(mist) * 0.9f * (1.0f - 0.7f * std::exp(-off * off * 300.0f) * clamp01(0.4f + 2.0f * fbm(px * 6.0f, se * 6.0f, pz * 6.0f, 3)));
        const int line = y - cloud_top_;
        if (line < 0 || line >= cloud_rows_) continue;
        const float flat = 1.0f / (0.16f + std::max(0.0f, se)), cx = px * flat, cz = pz * flat;  // a layer high above
        const float warp = fbm(cx * 0.8f, 2.0f, cz * 0.8f, 3);
        const float cirrus = fbm(cx * 0.55f + 1.3f * warp, 5.0f, cz * 1.7f + 0.7f * warp, 5);
        const float edge = smooth(3.0f * kDegree, 12.0f * kDegree, elevation) * (1.0f - smooth(40.0f * kDegree, 61.0f * kDegree, elevation));
        cloud_[static_cast<std::size_t>(line * width_ + x)] = smooth(0.02f, 0.62f, cirrus) * edge * 0.75f;
      }
    }
  });
  wave_.resize(2 * kTile * kTile);
  for (int y = 0; y < kTile; ++y) {
    for (int x = 0; x < kTile; ++x) {
      // A torus of noise: a tile without edges.
      const float a = 2.0f * kPi * static_cast<float>(x) / kTile, b = 2.0f * kPi * static_cast<float>(y) / kTile;
      const float u = 3.0f * std::cos(a) + 7.0f * std::cos(b), v = 3.0f * std::sin(a) + 7.0f * std::sin(b);
      wave_[static_cast<std::size_t>(y * kTile + x)] = fbm(u, v, 1.0f + 2.0f * std::cos(a + b), 4);
      wave_[static_cast<std::size_t>((kTile + y) * kTile + x)] = fbm(u + 40.0f, v, 1.0f + 2.0f * std::sin(a + b), 4);
    }
  }
  for (std::uint32_t i = 0; i < 40; ++i) {
    const float azimuth = 2.0f * kPi * (static_cast<float>(i) + 0.8f * hash01(i, 31)) / 40.0f;
    stalks_.push_back({azimuth, 1.7f + 3.4f * hash01(i, 32) * hash01(i, 32), 0.32f + 0.55f * hash01(i, 33), hash01(i, 34)});
  }
}

void SlowPlanet::light_row(const GroundView& view, int y, int eye, float t, const std::vector<float>& shadows, Key& key) const {
  const float az = sun_azimuth(t), el = sun_elevation(t);
  const float lx = std::sin(az) * std::cos(el), ly = std::sin(el), lz = -std::cos(az) * std::cos(el);
  const Air air = air_at(el);
  const float height_of_day = smooth(-2.0f * kDegree, 6.0f * kDegree, el);
  const Color sun = mix(Color{1.10f, 0.52f, 0.26f}, Color{1.02f, 0.95f, 0.84f}, smooth(0.0f, 22.0f * kDegree, el)) * (0.88f * height_of_day);
  const Color ambient = mix(air.zenith, air.horizon, 0.45f) * 0.62f + Color{0.075f, 0.095f, 0.150f};
  Color moonlight{};
  float mx = 0, my = 1, mz = 0;
  for (const Moon& moon : kMoons) {
    const float e = moon_elevation(moon, t), a = moon_azimuth(moon, t), up = smooth(-2.0f * kDegree, 9.0f * kDegree, e);
    if (up <= 0.0f) continue;
    moonlight = moonlight + moon.color * Color{0.55f, 0.72f, 1.0f} * (up * 0.34f);
    mx = std::sin(a) * std::cos(0.35f);
    my = std::sin(0.35f);
    mz = -std::cos(a) * std::cos(0.35f);
  }
  const float pole_x = 1.75f * std::sin(13.0f * kDegree), pole_z = -1.75f * std::cos(13.0f * kDegree);
  const float shadow_length = std::min(60.0f, 2.3f / std::max(0.02f, std::tan(el)));
  const float sin_az = std::sin(az), cos_az = std::cos(az), horizontal = std::max(0.2f, std::cos(el));
  const Color hazy = air.horizon + air.glow * 0.8f;
  const std::size_t row = view.at(y);
  for (int x = 0; x < width_; ++x) {
    const std::size_t i = row + static_cast<std::size_t>(x), c = static_cast<std::size_t>(x);
    const float nx = static_cast<float>(view.normal[0][i]) / 127.0f, ny = static_cast<float>(view.normal[1][i]) / 127.0f, nz = static_cast<float>(view.normal[2][i]) / 127.0f;
    const float d = view.distance[i];
    const float r = static_cast<float>(view.ring[i]) / 512.0f, a = static_cast<float>(x) * SunHorizon::kAround / static_cast<float>(width_);
    const int r0 = std::min(static_cast<int>(r), SunHorizon::kOut - 2), a0 = static_cast<int>(a), a1 = (a0 + 1) % SunHorizon::kAround;
    const float ta = a - static_cast<float>(a0), tr = r - static_cast<float>(r0);
    const float* cell = shadows.data() + r0 * SunHorizon::kAround;
    float lit = mix(mix(cell[a0], cell[a1], ta), mix(cell[SunHorizon::kAround + a0], cell[SunHorizon::kAround + a1], ta), tr);
    if (d < 9.0f) {  // the pole tells the hour
      const float px = around_sin_[c] * d - pole_x, pz = -around_cos_[c] * d - pole_z;
      const float along = -(px * lx + pz * lz) / horizontal, across = std::fabs(px * lz - pz * lx) / horizontal;
      const float wide = 0.055f + 0.012f * std::max(0.0f, along);
      lit *= 1.0f - smooth(wide + 0.03f, wide - 0.02f - 0.001f, across) * smooth(-0.05f, 0.05f, along) * (1.0f - smooth(shadow_length - 0.3f, shadow_length + 0.1f, along));
      if (d < 1.6f) lit *= mix(1.0f, 0.62f, smooth(0.42f, 0.2f, d));
    }
    const float direct = std::max(0.0f, nx * lx + ny * ly + nz * lz) * lit, night = std::max(0.0f, nx * mx + ny * my + nz * mz);
    const float open = 0.55f + 0.45f * ny;
    const float far = static_cast<float>(view.haze[i]) / 255.0f;
    const Color fog = mix(air.horizon, hazy, 0.5f + 0.5f * (around_sin_[c] * sin_az + around_cos_[c] * cos_az)) * 0.96f;
    const auto put = [&](int channel, float light, float moon, float sky, float haze) {
      const float albedo = static_cast<float>(view.albedo[channel][i]) / 255.0f;
      const float v = albedo * (light * direct + moon * night + sky * open) * (1.0f - far) + haze * far;
      key.color[eye][channel][i] = static_cast<std::uint8_t>(255.0f * clamp01(v) + 0.5f);
    };
    put(0, sun.r, moonlight.r, ambient.r, fog.r);
    put(1, sun.g, moonlight.g, ambient.g, fog.g);
    put(2, sun.b, moonlight.b, ambient.b, fog.b);
  }
}

void SlowPlanet::light_ground(Key& out, float t, Pool& pool) {
  std::vector<float> shadows;
  horizon_.light(t, sun_elevation(t), shadows);
  for (int eye = 0; eye < 2; ++eye) {
    const GroundView& view = views_[eye];
    for (auto& plane : out.color[eye]) plane.resize(view.albedo[0].size());
    pool.run(height() - view.top, 8, [&](int first, int last) {
      for (int y = view.top + first; y < view.top + last; ++y) light_row(view, y, eye, t, shadows, out);
    });
  }
}

const SlowPlanet::Key& SlowPlanet::key(int number, Pool& pool) {
  Key& slot = keys_[number & 1];
  if (slot.number != number) {
    light_ground(slot, static_cast<float>(number / kKeysPerSecond), pool);
    slot.number = number;
  }
  return slot;
}

void SlowPlanet::prepare_sky(float t, Pool& pool) {
  const Air air = air_at(sun_el_);
  pool.run(sky_[0].height, 8, [&](int first, int last) {
    for (int y = first; y < last; ++y) {
      const float elevation = mix(sky_[0].high_rad, sky_[0].low_rad, (static_cast<float>(y) + 0.5f) / static_cast<float>(sky_[0].height));
      for (int x = 0; x < sky_[0].width; ++x) {
        const float azimuth = ((static_cast<float>(x) + 0.5f) / static_cast<float>(sky_[0].width) - 0.5f) * 2.0f * kPi;
        const Color color = sky_color(air, azimuth, elevation, sun_az_, sun_el_);
        sky_[0].row(y)[x] = color.r;
        sky_[1].row(y)[x] = color.g;
        sky_[2].row(y)[x] = color.b;
      }
    }
  });
  stars_.clear(height());
  const float px = static_cast<float>(width_) / (2.0f * kPi);
  const float turned = sun_azimuth(t) - sun_azimuth(0.0f);
  if (night_ > 0.01f) {
    for (std::uint32_t i = 0; i < 2600; ++i) {
      const float elevation = std::asin(hash01(i, 41) * 1.04f - 0.05f > 1.0f ? 1.0f : hash01(i, 41) * 1.04f - 0.05f);
      const float size = hash01(i, 42), bright = 0.25f + 0.9f * size * size * size;
      const float glint = 0.8f + 0.2f * std::sin(t * (2.0f + 5.0f * hash01(i, 43)) + static_cast<float>(i));
      const float radius = std::max(1.15f, (0.0018f + 0.0026f * size * size * size) * px);
      float x = column_of(2.0f * kPi * hash01(i, 44) + turned);
      x -= std::floor(x / static_cast<float>(width_)) * static_cast<float>(width_);
      const Color tint = mix(Color{1.0f, 0.84f, 0.68f}, Color{0.72f, 0.86f, 1.0f}, hash01(i, 45));
      stars_.add({x, row_of(elevation), radius / std::max(0.04f, std::cos(elevation)), radius, tint * (night_ * bright * glint * smooth(0.0f, 0.16f, elevation))});
    }
  }
  sun_.clear(height());
  if (sun_el_ > -7.0f * kDegree) {
    const float low = 1.0f - smooth(0.0f, 20.0f * kDegree, sun_el_), x = column_of(sun_az_), y = row_of(sun_el_), stretch = 1.0f / std::cos(sun_el_);
    const Color warm = mix(Color{1.0f, 0.95f, 0.82f}, Color{1.0f, 0.55f, 0.22f}, low);
    const auto disc = [&](float radius, float level, Color color) { sun_.add({x, y, radius * px * stretch, radius * px, color * level}); };
    disc(2.6f * kDegree, 7.0f, mix(warm, Color{1.0f, 0.93f, 0.8f}, 0.4f));
    disc(9.0f * kDegree, 0.40f, warm);
    disc(26.0f * kDegree, 0.22f, warm);
  }
  const float day = smooth(-7.0f * kDegree, 4.0f * kDegree, sun_el_);
  const float low = 1.0f - smooth(2.0f * kDegree, 22.0f * kDegree, std::fabs(sun_el_));
  cloud_light_ = mix(mix(Color{0.10f, 0.11f, 0.18f}, Color{0.98f, 0.97f, 0.94f}, day), Color{1.0f, 0.56f, 0.42f}, low * smooth(-9.0f * kDegree, 0.0f, sun_el_) * 0.9f);
  cloud_shade_ = mix(mix(air.zenith, air.horizon, 0.5f), cloud_light_, 0.45f);
  sun_color_ = mix(Color{1.0f, 0.95f, 0.84f}, Color{1.0f, 0.52f, 0.24f}, low) * day;
}

void SlowPlanet::prepare_herd(float t) {
  const float here = smooth(15.0f, 23.0f, t) * (1.0f - smooth(60.0f, 66.0f, t));
  for (auto& eye : herd_) eye.clear();
  if (here <= 0.0f) return;
  for (const Grazer& g : kHerd) {
    const float own = 2.0f * kPi * g.phase;
    const float down = smooth(33.0f + 3.0f * g.phase, 40.0f + 3.0f * g.phase, t) * (1.0f - smooth(50.0f + 3.0f * g.phase, 58.0f + 3.0f * g.phase, t));
    const float azimuth = (g.azimuth_deg + 0.85f * (t - 38.0f) + 1.2f * std::sin(0.4f * t + own)) * kDegree;
    const float distance = g.distance * mix(1.5f, 1.0f, down), size = g.size;
    const float rides = mix(distance * std::tan((9.0f + 13.0f * g.phase) * kDegree) + kEyeHeight, size * 0.86f + 0.12f * std::sin(1.1f * t + own), down);
    for (int eye = 0; eye < 2; ++eye) {
      Body body;
      body.size = std::atan2(size, distance);  // half its length, radians
      body.x = column_of(azimuth + apart(eye, distance));
      body.y = row_of(std::atan2(rides - kEyeHeight - distance * distance / (2.0f * kPlanetRadius), distance));
      body.per_px = 2.0f * kPi / (static_cast<float>(width_) * body.size);
      body.swing = 0.9f * t + own;
      body.dip = std::max(0.0f, std::sin(0.55f * t + 2.0f * own));
      body.down = down;
      body.lean = here;
      herd_[eye].push_back(body);
    }
  }
}

void SlowPlanet::prepare_bulbs(float t) {
  const float px = static_cast<float>(width_) / (2.0f * kPi);
  for (int eye = 0; eye < 2; ++eye) {
    bulbs_[eye].clear(height());
    for (const Stalk& s : stalks_) {
      const float lean = 0.05f * std::sin(0.9f * t + 6.0f * s.phase) + 0.03f * std::sin(2.3f * t + 9.0f * s.phase);
      const float azimuth = s.azimuth + lean / s.distance + apart(eye, s.distance), elevation = std::atan2(s.height - kEyeHeight, s.distance);
      const float size = 0.040f / s.distance * px, wide = 1.0f / std::cos(elevation);
      float x = column_of(azimuth);
      x -= std::floor(x / static_cast<float>(width_)) * static_cast<float>(width_);
      const float pulse = 0.75f + 0.25f * std::sin(1.4f * t + 20.0f * s.phase);
      const Color glow = mix(Color{0.30f, 0.95f, 0.80f}, Color{1.0f, 0.55f, 0.75f}, s.phase) * pulse;
      bulbs_[eye].add({x, row_of(elevation), size * 1.2f * wide, size * 1.2f, glow * (0.25f + 1.1f * night_)});
      if (night_ > 0.02f) bulbs_[eye].add({x, row_of(elevation), size * 6.0f * wide, size * 6.0f, glow * (0.28f * night_)});
      if (night_ > 0.02f) bulbs_[eye].add({x, row_of(std::atan2(-kEyeHeight, s.distance)), size * 9.0f * wide, size * 4.0f, glow * (0.10f * night_)});
    }
  }
}

void SlowPlanet::prepare(double time_s, Pool& pool) {
  time_ = static_cast<float>(time_s);
  sun_az_ = sun_azimuth(time_);
  sun_el_ = sun_elevation(time_);
  night_ = 1.0f - smooth(-13.0f * kDegree, -2.0f * kDegree, sun_el_);
  const double at = time_s * kKeysPerSecond;
  const int number = static_cast<int>(std::floor(at));
  from_ = &key(number, pool);
  to_ = &key(number + 1, pool);
  key_part_ = static_cast<float>(at - number);
  prepare_sky(time_, pool);
  prepare_herd(time_);
  prepare_bulbs(time_);
}

std::unique_ptr<Painter> paint_slow_planet(int width, Pool& pool) { return std::make_unique<SlowPlanet>(width, pool); }

}  // namespace promenade::samples

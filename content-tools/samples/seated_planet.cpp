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
  alone_rows_ = std::min({views_[0].top, views_[1].top, static_cast<int>(row_of(38.0f * kDegree))});  // the pole reaches to 36 degrees
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

GroundLight SlowPlanet::ground_light(float t) const {
  const float az = sun_azimuth(t), el = sun_elevation(t);
  GroundLight light{};
  light.lx = std::sin(az) * std::cos(el);
  light.ly = std::sin(el);
  light.lz = -std::cos(az) * std::cos(el);
  const Air air = air_at(el);
  const float height_of_day = smooth(-2.0f * kDegree, 6.0f * kDegree, el);
  light.sun = mix(Color{1.10f, 0.52f, 0.26f}, Color{1.02f, 0.95f, 0.84f}, smooth(0.0f, 22.0f * kDegree, el)) * (0.88f * height_of_day);
  light.ambient = mix(air.zenith, air.horizon, 0.45f) * 0.62f + Color{0.075f, 0.095f, 0.150f};
  light.my = 1.0f;
  for (const Moon& moon : kMoons) {
    const float e = moon_elevation(moon, t), a = moon_azimuth(moon, t), up = smooth(-2.0f * kDegree, 9.0f * kDegree, e);
    if (up <= 0.0f) continue;
    light.moon = light.moon + moon.color * Color{0.55f, 0.72f, 1.0f} * (up * 0.34f);
    light.mx = std::sin(a) * std::cos(0.35f);
    light.my = std::sin(0.35f);
    light.mz = -std::cos(a) * std::cos(0.35f);
  }
  light.shadow_length = std::min(60.0f, 2.3f / std::max(0.02f, std::tan(el)));
  light.sin_az = std::sin(az);
  light.cos_az = std::cos(az);
  light.horizontal = std::max(0.2f, std::cos(el));
  light.air = air.horizon * 0.96f;
  light.haze = air.horizon * 0.96f + air.glow * (0.8f * 0.96f);
  return light;
}

namespace {

// The pole tells the hour: its shadow, and the viewer's, on ground within 9 m.
PROMENADE_WIDE void shade_by_pole(GroundLight light, const float* distance, const float* around_sin, const float* around_cos, int width, float* lit) {
  const float pole_x = 1.75f * std::sin(13.0f * kDegree), pole_z = -1.75f * std::cos(13.0f * kDegree), lx = light.lx / light.horizontal, lz = light.lz / light.horizontal;
  const auto step = [](float low, float per, float v) {
    const float t = std::min(1.0f, std::max(0.0f, (v - low) * per));
    return t * t * (3.0f - 2.0f * t);
  };
  PROMENADE_APART
  for (int x = 0; x < width; ++x) {
    const float d = distance[x], px = around_sin[x] * d - pole_x, pz = -around_cos[x] * d - pole_z;
    const float along = -(px * lx + pz * lz), across = std::fabs(px * lz - pz * lx), wide = 0.055f + 0.012f * std::max(0.0f, along);
    const float pole = (1.0f - step(wide - 0.021f, 1.0f / 0.051f, across)) * step(-0.05f, 10.0f, along) * (1.0f - step(light.shadow_length - 0.3f, 2.5f, along));
    const float viewer = 0.38f * (1.0f - step(0.2f, 1.0f / 0.22f, d));
    lit[x] *= d < 9.0f ? (1.0f - pole) * (1.0f - viewer) : 1.0f;
  }
}

struct GroundRow {  // of one eye's view
  const std::int8_t *nx, *ny, *nz;
  const std::uint8_t *haze, *albedo[3];
  std::uint8_t* color[3];
};

PROMENADE_WIDE void light_pixels(GroundLight light, GroundRow in, const float* lit, const float* around_sin, const float* around_cos, int width, float* memory) {
  float *const direct = memory, *const night = memory + width, *const open = memory + 2 * width, *const clear = memory + 3 * width;
  PROMENADE_APART
  for (int x = 0; x < width; ++x) {
    const float nx = static_cast<float>(in.nx[x]) * (1.0f / 127.0f), ny = static_cast<float>(in.ny[x]) * (1.0f / 127.0f), nz = static_cast<float>(in.nz[x]) * (1.0f / 127.0f);
    direct[x] = std::max(0.0f, nx * light.lx + ny * light.ly + nz * light.lz) * lit[x];
    night[x] = std::max(0.0f, nx * light.mx + ny * light.my + nz * light.mz);
    open[x] = 0.55f + 0.45f * ny;
    clear[x] = 1.0f - static_cast<float>(in.haze[x]) * (1.0f / 255.0f);
  }
  const auto put = [=, sin_az = light.sin_az, cos_az = light.cos_az](const std::uint8_t* albedo, std::uint8_t* out, float sun, float moon, float sky, float air, float haze) {
    PROMENADE_APART
    for (int x = 0; x < width; ++x) {
      const float fog = air + (haze - air) * (0.5f + 0.5f * (around_sin[x] * sin_az + around_cos[x] * cos_az));
      const float v = static_cast<float>(albedo[x]) * (1.0f / 255.0f) * (sun * direct[x] + moon * night[x] + sky * open[x]) * clear[x] + fog * (1.0f - clear[x]);
      out[x] = static_cast<std::uint8_t>(static_cast<int>(255.0f * std::min(1.0f, std::max(0.0f, v)) + 0.5f));
    }
  };
  put(in.albedo[0], in.color[0], light.sun.r, light.moon.r, light.ambient.r, light.air.r, light.haze.r);
  put(in.albedo[1], in.color[1], light.sun.g, light.moon.g, light.ambient.g, light.air.g, light.haze.g);
  put(in.albedo[2], in.color[2], light.sun.b, light.moon.b, light.ambient.b, light.air.b, light.haze.b);
}

}  // namespace

void SlowPlanet::light_row(const GroundLight& light, int y, int eye, const std::vector<float>& shadows, Key& key) const {
  const GroundView& view = views_[eye];
  const std::size_t row = view.at(y);
  std::vector<float> memory(static_cast<std::size_t>(width_) * 5);
  float* const lit = memory.data();
  if (light.sun.r > 0.0f) {
    for (int x = 0; x < width_; ++x) {
      const float r = static_cast<float>(view.ring[row + static_cast<std::size_t>(x)]) / 512.0f, a = static_cast<float>(x) * SunHorizon::kAround / static_cast<float>(width_);
      const int r0 = std::min(static_cast<int>(r), SunHorizon::kOut - 2), a0 = static_cast<int>(a), a1 = (a0 + 1) % SunHorizon::kAround;
      const float ta = a - static_cast<float>(a0), tr = r - static_cast<float>(r0);
      const float* cell = shadows.data() + r0 * SunHorizon::kAround;
      lit[x] = mix(mix(cell[a0], cell[a1], ta), mix(cell[SunHorizon::kAround + a0], cell[SunHorizon::kAround + a1], ta), tr);
    }
    shade_by_pole(light, view.distance.data() + row, around_sin_.data(), around_cos_.data(), width_, lit);
  }
  GroundRow pixels{view.normal[0].data() + row, view.normal[1].data() + row, view.normal[2].data() + row, view.haze.data() + row, {}, {}};
  for (std::size_t c = 0; c < 3; ++c) {
    pixels.albedo[c] = view.albedo[c].data() + row;
    pixels.color[c] = key.color[eye][c].data() + row;
  }
  light_pixels(light, pixels, lit, around_sin_.data(), around_cos_.data(), width_, lit + width_);
}

void SlowPlanet::light_ground(Key& out, float t, Pool& pool) {
  const GroundLight light = ground_light(t);
  std::vector<float> shadows;
  horizon_.light(t, sun_elevation(t), shadows);
  for (int eye = 0; eye < 2; ++eye) {
    const GroundView& view = views_[eye];
    for (auto& plane : out.color[eye]) plane.resize(view.albedo[0].size());
    pool.run(height() - view.top, 8, [&](int first, int last) {
      for (int y = view.top + first; y < view.top + last; ++y) light_row(light, y, eye, shadows, out);
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

// Slow Planet, in stereo: the viewer sits on a dial at the pole of a small planet. Everything in the sky goes round the
// vertical axis, so the stars are a shift of columns. The ground is a height field seen once from each eye; its light
// is worked out a few times a second and blended between. What is near is drawn in each frame, moved apart for the eyes.
#include <algorithm>
#include <cmath>

#include "content-tools/samples/planet_ground.h"
#include "content-tools/samples/seated_films.h"

namespace promenade::samples {

namespace {

constexpr float kDegree = kPi / 180.0f;
constexpr float kHalfPupils = 0.032f;  // metres
constexpr double kKeysPerSecond = 2.5;
constexpr float kDawnS = 8.0f, kDuskS = 58.0f;

float sun_azimuth(float t) { return (-90.0f + 4.16f * (t - kDawnS)) * kDegree; }
float sun_elevation(float t) {
  const float day = (t - kDawnS) / (kDuskS - kDawnS);
  if (day < 0.0f) return -26.0f * kDegree * std::min(1.0f, -day * 3.0f);
  if (day > 1.0f) return -26.0f * kDegree * std::min(1.0f, (day - 1.0f) * 2.4f);
  return 40.0f * kDegree * std::sin(kPi * day);
}

struct Moon {
  float rises_s, azimuth_deg, radius, climbs_deg;  // climbs: degrees a second
  Color color;
};
constexpr Moon kMoons[2] = {{62.0f, -10.0f, 7.5f * kDegree, 1.35f, {1.0f, 0.93f, 0.80f}}, {73.5f, -6.0f, 4.2f * kDegree, 1.9f, {0.72f, 0.86f, 1.0f}}};

float moon_azimuth(const Moon& moon, float t) { return (moon.azimuth_deg + 4.16f * (t - moon.rises_s)) * kDegree; }
float moon_elevation(const Moon& moon, float t) { return (moon.climbs_deg * (t - moon.rises_s)) * kDegree - moon.radius * 1.1f; }

// The palette of the sky by the sun's height.
struct Air { float degrees; Color zenith, horizon, glow; };
constexpr Air kAir[] = {
    {-26.0f, {0.035f, 0.055f, 0.150f}, {0.100f, 0.145f, 0.260f}, {0.03f, 0.05f, 0.08f}},
    {-12.0f, {0.045f, 0.065f, 0.185f}, {0.170f, 0.150f, 0.280f}, {0.18f, 0.07f, 0.07f}},
    {-5.0f, {0.075f, 0.095f, 0.260f}, {0.400f, 0.260f, 0.360f}, {0.60f, 0.22f, 0.06f}},
    {0.0f, {0.160f, 0.240f, 0.440f}, {0.780f, 0.530f, 0.480f}, {0.75f, 0.32f, 0.04f}},
    {9.0f, {0.240f, 0.440f, 0.620f}, {0.920f, 0.780f, 0.640f}, {0.40f, 0.20f, 0.02f}},
    {40.0f, {0.200f, 0.520f, 0.700f}, {0.800f, 0.880f, 0.840f}, {0.16f, 0.12f, 0.04f}}};

Air air_at(float elevation) {
  const float degrees = std::clamp(elevation / kDegree, -26.0f, 40.0f);
  int i = 0;
  while (degrees > kAir[i + 1].degrees) ++i;
  const float t = (degrees - kAir[i].degrees) / (kAir[i + 1].degrees - kAir[i].degrees);
  return {degrees, mix(kAir[i].zenith, kAir[i + 1].zenith, t), mix(kAir[i].horizon, kAir[i + 1].horizon, t), mix(kAir[i].glow, kAir[i + 1].glow, t)};
}

Color sky_color(const Air& air, float azimuth, float elevation, float sun_az, float sun_el) {
  const float up = std::max(0.0f, elevation) / (kPi / 2);
  const float c = std::cos(azimuth - sun_az);
  Color color = mix(air.horizon, air.zenith, 1.0f - std::pow(1.0f - up, 3.4f));
  const float low = 1.0f - smooth(0.0f, 24.0f * kDegree, std::fabs(sun_el));
  color = mix(color, color * Color{0.80f, 0.80f, 1.05f}, low * (0.5f - 0.5f * c) * (1.0f - smooth(0.05f, 0.45f, up)));
  const float dot = std::sin(elevation) * std::sin(sun_el) + std::cos(elevation) * std::cos(sun_el) * c;
  const float near = std::exp(-(1.0f - dot) * 3.2f), band = std::exp(-up * 7.0f) * std::exp(-(1.0f - c) * 1.6f);
  return color + air.glow * (0.55f * near + 0.75f * band * low);
}

struct Grazer { float azimuth_deg, distance, size, phase; };
constexpr Grazer kHerd[] = {{-24, 20, 1.5f, 0.1f}, {-9, 26, 1.8f, 0.5f}, {4, 16, 1.15f, 0.8f}, {17, 23, 1.7f, 0.3f}, {27, 13.5f, 0.9f, 0.65f},
                            {37, 29, 2.0f, 0.9f}, {51, 18, 1.45f, 0.2f}, {66, 25, 1.8f, 0.75f}};

}  // namespace

namespace {

class SlowPlanet final : public Painter {
 public:
  SlowPlanet(int width, Pool& pool);
  int eyes() const override { return 2; }
  double length_s() const override { return 84.0; }
  void prepare(double time_s, Pool& pool) override;
  void row(int y, int eye, Row out) const override;

 private:
  struct Key {  // the lit ground at one moment
    int number = -1;
    std::vector<std::uint8_t> color[2][3];
  };
  struct Body { float x, y, per_px, size, swing, dip, down, lean; };  // a grazer as one eye sees it
  struct Stalk { float azimuth, distance, height, phase; };
  const Key& key(int number, Pool& pool);
  void light_ground(Key& key, float t, Pool& pool);
  void light_row(const GroundView& view, int y, int eye, float t, const std::vector<float>& shadows, Key& key) const;
  void prepare_sky(float t, Pool& pool);
  void prepare_herd(float t);
  void prepare_bulbs(float t);
  void draw_sky(int y, Row out) const;
  void draw_moon(const Moon& moon, int number, int y, Row out) const;
  void draw_clouds(int y, Row out) const;
  void draw_ground(int y, int eye, Row out) const;
  void draw_sea(int y, int eye, Row out) const;
  void draw_herd(int y, int eye, Row out) const;
  void draw_stalks(int y, int eye, Row out) const;
  void draw_pole(int y, int eye, Row out) const;
  float elevation_of(int y) const { return (0.5f - (static_cast<float>(y) + 0.5f) / static_cast<float>(height())) * kPi; }
  float column_of(float azimuth) const { return (azimuth / (2.0f * kPi) + 0.5f) * static_cast<float>(width_); }
  float row_of(float elevation) const { return (0.5f - elevation / kPi) * static_cast<float>(height()); }
  float apart(int eye, float distance) const { return (eye == 0 ? 1.0f : -1.0f) * std::asin(std::min(0.5f, kHalfPupils / distance)); }
  int wrapped(int x) const { return ((x % width_) + width_) % width_; }

  GroundView views_[2];
  SunHorizon horizon_;
  std::vector<float> around_sin_, around_cos_;
  std::vector<float> cloud_, milk_;
  int cloud_top_ = 0, cloud_rows_ = 0, milk_rows_ = 0;
  std::vector<float> wave_;  // tile of slopes, kTile square, two planes
  static constexpr int kTile = 256;
  std::vector<Stalk> stalks_;
  Field sky_[3];
  Glows stars_, sun_, bulbs_[2];
  Key keys_[2];
  // Of the moment:
  float time_ = 0, sun_az_ = 0, sun_el_ = 0, night_ = 0, key_part_ = 0;
  const Key* from_ = nullptr;
  const Key* to_ = nullptr;
  Color sun_color_, cloud_light_, cloud_shade_;
  std::vector<Body> herd_[2];
};

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

void SlowPlanet::draw_sky(int y, Row out) const {
  const float elevation = elevation_of(y);
  sky_[0].expand(elevation, 0.0f, width_, out.r);
  sky_[1].expand(elevation, 0.0f, width_, out.g);
  sky_[2].expand(elevation, 0.0f, width_, out.b);
  if (night_ > 0.01f && y < milk_rows_) {
    std::vector<float> milk(static_cast<std::size_t>(width_));
    turned(milk_.data() + static_cast<std::ptrdiff_t>(y) * width_, width_, (sun_azimuth(time_) - sun_azimuth(0.0f)) / (2.0f * kPi), milk.data());
    const float night = night_;
    for (int x = 0; x < width_; ++x) {
      const float v = night * milk[static_cast<std::size_t>(x)];
      out.r[x] += 0.17f * v;
      out.g[x] += 0.18f * v;
      out.b[x] += 0.27f * v;
    }
  }
  stars_.draw(y, out);
  sun_.draw(y, out);
  for (int i = 0; i < 2; ++i) draw_moon(kMoons[i], i, y, out);
  draw_clouds(y, out);
}

void SlowPlanet::draw_moon(const Moon& moon, int number, int y, Row out) const {
  const float az = moon_azimuth(moon, time_), el = moon_elevation(moon, time_);
  if (time_ < moon.rises_s - 1.0f) return;
  const float v = (elevation_of(y) - el) / moon.radius, halo = 3.2f;
  if (std::fabs(v) > halo) return;
  const float pixel = 2.0f * kPi / static_cast<float>(width_), ce = std::cos(el), centre = column_of(az);
  const int reach = static_cast<int>(moon.radius * halo / (pixel * ce)) + 1;
  for (int x = static_cast<int>(centre) - reach; x <= static_cast<int>(centre) + reach; ++x) {
    const float u = (static_cast<float>(x) + 0.5f - centre) * pixel * ce / moon.radius, q = u * u + v * v;
    const int c = wrapped(x);
    const float ring = std::max(0.0f, 1.0f - std::sqrt(q) / halo);
    const float haze = 0.16f * ring * ring * ring;
    out.r[c] += haze * moon.color.r;
    out.g[c] += haze * moon.color.g;
    out.b[c] += haze * moon.color.b;
    const float cover = clamp01((1.0f - std::sqrt(q)) * moon.radius / pixel + 0.5f);
    if (cover <= 0.0f) continue;
    const float w = std::sqrt(std::max(0.0f, 1.0f - q)), lit = smooth(-0.15f, 0.55f, 0.80f * u - 0.12f * v + 0.58f * w);
    const float far = static_cast<float>(number) * 7.0f;
    const float sea = smooth(-0.05f, 0.25f, fbm(u * 1.6f + far, v * 1.6f, w * 1.6f, 3)), pits = fbm(u * 6.0f + far, v * 6.0f, w * 6.0f, 3);
    const float shade = (0.10f + 0.92f * lit) * (1.0f - 0.30f * sea + 0.18f * pits);
    out.r[c] = mix(out.r[c], shade * moon.color.r, cover);
    out.g[c] = mix(out.g[c], shade * moon.color.g, cover);
    out.b[c] = mix(out.b[c], shade * moon.color.b, cover);
  }
}

void SlowPlanet::draw_clouds(int y, Row out) const {
  const int line = y - cloud_top_;
  if (line < 0 || line >= cloud_rows_) return;
  std::vector<float> cloud(static_cast<std::size_t>(width_));
  turned(cloud_.data() + static_cast<std::ptrdiff_t>(line) * width_, width_, time_ * 0.0011f, cloud.data());
  const auto lay = [&](float* to, float shade, float light) {
    for (int x = 0; x < width_; ++x) {
      const float cover = cloud[static_cast<std::size_t>(x)] * 0.85f;
      to[x] += cover * (shade + (light - shade) * cover - to[x]);
    }
  };
  lay(out.r, cloud_shade_.r, cloud_light_.r);
  lay(out.g, cloud_shade_.g, cloud_light_.g);
  lay(out.b, cloud_shade_.b, cloud_light_.b);
}

void SlowPlanet::draw_ground(int y, int eye, Row out) const {
  const GroundView& view = views_[eye];
  const std::size_t at = view.at(y);
  float* const channels[3] = {out.r, out.g, out.b};
  const float row = static_cast<float>(y);
  for (int channel = 0; channel < 3; ++channel) {
    const std::uint8_t* a = from_->color[eye][channel].data() + at;
    const std::uint8_t* b = to_->color[eye][channel].data() + at;
    float* const to = channels[channel];
    const float part = key_part_ / 255.0f, rest = (1.0f - key_part_) / 255.0f;
    if (y >= view.bottom) {
      for (int x = 0; x < width_; ++x) to[x] = rest * static_cast<float>(a[x]) + part * static_cast<float>(b[x]);
      continue;
    }
    const float* skyline = view.skyline.data();
    for (int x = 0; x < width_; ++x) {
      const float cover = std::min(1.0f, std::max(0.0f, row + 1.0f - skyline[x]));
      const float color = rest * static_cast<float>(a[x]) + part * static_cast<float>(b[x]);
      to[x] += cover * (color - to[x]);
    }
  }
}

void SlowPlanet::draw_sea(int y, int eye, Row out) const {
  const GroundView& view = views_[eye];
  const float elevation = elevation_of(y);
  if (elevation > 0.0f || elevation < -20.0f * kDegree) return;
  const float tide = mix(-1.75f, kHighTide, smooth(20.0f, 56.0f, time_)) + 0.05f * std::sin(0.8f * time_);
  const std::size_t at = view.at(y);
  const int first = static_cast<int>(column_of(60.0f * kDegree)), last = width_;
  for (int i = first; i < last + width_ / 12; ++i) {
    const int x = i % width_;
    const std::size_t c = static_cast<std::size_t>(x);
    const float bed = view.level[at + c];
    if (bed > tide + 0.25f) continue;
    const float cover = clamp01(static_cast<float>(y) + 1.0f - view.skyline[c]);
    if (cover <= 0.0f) continue;
    const float d = view.distance[at + c], px = around_sin_[c] * d, pz = -around_cos_[c] * d;
    const auto tile = [&](float u, float v, int plane) {
      const int iu = static_cast<int>(std::floor(u * 256.0f)) & (kTile - 1), iv = static_cast<int>(std::floor(v * 256.0f)) & (kTile - 1);
      return wave_[static_cast<std::size_t>((plane * kTile + iv) * kTile + iu)];
    };
    const float a = tile(px * 0.045f + 0.020f * time_, pz * 0.045f, 0), b = tile(px * 0.11f, pz * 0.11f + 0.033f * time_, 1);
    const float calm = 1.0f / (1.0f + d * 0.02f);
    const float tilt = (a + 0.7f * b) * 0.10f * (0.35f + calm), side = (b - 0.6f * a) * 0.16f;
    const float lap = 0.10f * a + 0.05f * std::sin(0.9f * time_ + 0.25f * px + 5.0f * a);
    const float wet = smooth(-0.02f, 0.05f, tide + lap - bed);
    const float mirrored = std::max(0.01f, -elevation * 1.2f + tilt + 0.02f);
    const float fy = std::clamp((sky_[0].high_rad - mirrored) / (sky_[0].high_rad - sky_[0].low_rad) * static_cast<float>(sky_[0].height) - 0.5f, 0.0f, static_cast<float>(sky_[0].height) - 1.01f);
    const int y0 = static_cast<int>(fy);
    const float fx = (static_cast<float>(x) + 0.5f) / static_cast<float>(width_) * static_cast<float>(sky_[0].width) - 0.5f;
    const int x0 = fx < 0.0f ? sky_[0].width - 1 : static_cast<int>(fx), x1 = (x0 + 1) % sky_[0].width;
    const float ty = fy - static_cast<float>(y0), tx = fx - std::floor(fx);
    const auto sky = [&](const Field& f) {
      const float* p = f.values.data() + y0 * f.width;
      return mix(mix(p[x0], p[x1], tx), mix(p[f.width + x0], p[f.width + x1], tx), ty);
    };
    const float fresnel = mix(0.92f, 0.45f, clamp01(-elevation * 6.0f + 0.8f * tilt));
    Color water = mix(mix(Color{0.03f, 0.10f, 0.14f}, Color{0.05f, 0.30f, 0.34f}, clamp01(sun_el_ * 2.5f)), Color{sky(sky_[0]), sky(sky_[1]), sky(sky_[2])}, fresnel) * (0.93f + 0.5f * tilt);
    const auto glitter = [&](float az, float el, Color light, float spread) {
      float da = (static_cast<float>(x) + 0.5f) / static_cast<float>(width_) * 2.0f * kPi - kPi - az;
      da -= 2.0f * kPi * std::floor(da / (2.0f * kPi) + 0.5f);
      const float q = (da + side) / spread, e = (mirrored - el) / 0.30f, sparkle = smooth(-0.15f, 0.55f, a + 0.8f * b);
      water = water + light * (std::exp(-q * q - e * e) * (0.25f + 1.5f * sparkle));
    };
    if (sun_el_ > -4.0f * kDegree) glitter(sun_az_, std::max(0.02f, sun_el_), sun_color_ * 0.8f, 0.16f);
    const float foam = smooth(0.16f, 0.02f, std::fabs(tide + lap * 1.6f - bed - 0.05f)) * smooth(-0.1f, 0.3f, b + 0.2f);
    water = mix(water, (cloud_light_ * 0.9f) + Color{0.02f, 0.03f, 0.05f}, 0.7f * foam);
    const float w = wet * cover;
    out.r[x] += w * (water.r - out.r[x]);
    out.g[x] += w * (water.g - out.g[x]);
    out.b[x] += w * (water.b - out.b[x]);
  }
}

void SlowPlanet::draw_herd(int y, int eye, Row out) const {
  struct Lobe { float x, y, r; };
  constexpr Lobe kLobes[] = {{-0.55f, 0.05f, 0.42f}, {-0.20f, 0.26f, 0.46f}, {0.22f, 0.22f, 0.44f}, {0.55f, 0.08f, 0.40f}, {0.0f, -0.02f, 0.52f}, {0.86f, -0.04f, 0.26f}, {-0.84f, -0.05f, 0.22f}};
  constexpr float kLegs[] = {-0.52f, -0.24f, 0.24f, 0.50f};
  const float haze = 0.18f;
  for (const Body& b : herd_[eye]) {
    const float v = (b.y - (static_cast<float>(y) + 0.5f)) * b.per_px;
    if (v > 0.85f || v < -1.15f) continue;
    const int reach = static_cast<int>(1.35f / b.per_px) + 1;
    for (int i = static_cast<int>(b.x) - reach; i <= static_cast<int>(b.x) + reach; ++i) {
      const float u = (static_cast<float>(i) + 0.5f - b.x) * b.per_px;
      float field = 0.0f, up = 0.0f, weight = 1e-4f;
      for (const Lobe& lobe : kLobes) {
        const float dx = u - lobe.x - 0.02f * std::sin(b.swing + 3.0f * lobe.x), dy = v - lobe.y - 0.02f * std::sin(1.3f * b.swing + 5.0f * lobe.x);
        const float inside = std::max(0.0f, 1.0f - (dx * dx + dy * dy) / (lobe.r * lobe.r * 1.5f));
        field += inside * inside;
        up += inside * inside * (0.75f * dy + 0.35f * dx * (sun_az_ > 0.25f ? 1.0f : -1.0f)) / lobe.r;
        weight += inside * inside;
      }
      float cover = 0.0f, light = 0.5f;
      if (field > 0.08f) {
        const float fluff = fbm(u * 4.0f + 3.0f * b.size, v * 4.0f, 0.25f * b.swing, 3);
        cover = smooth(0.26f, 0.46f, field + 0.28f * fluff);
        light = clamp01(0.52f + 0.75f * up / weight + 0.40f * fluff);
      }
      if (b.down > 0.02f && cover < 1.0f) {  // legs, and a trunk that goes down to the moss
        float limb = 0.0f;
        if (v < 0.0f && v > -0.10f - 0.86f * b.down) {
          for (int leg = 0; leg < 4; ++leg) {
            const float bend = kLegs[leg] + 0.07f * std::sin(b.swing * 1.6f + static_cast<float>(leg) * 1.6f) * -v;
            limb = std::max(limb, clamp01((0.085f + 0.05f * v - std::fabs(u - bend)) / b.per_px + 0.5f));
          }
        }
        const float depth = (0.30f + 0.62f * b.dip) * b.down, along = -(v + 0.02f) / std::max(0.05f, depth);
        if (along > 0.0f && along < 1.0f) {
          const float curve = 0.98f + 0.22f * std::sin(kPi * along) + 0.05f * std::sin(b.swing + 4.0f * along);
          limb = std::max(limb, clamp01((0.075f - 0.030f * along - std::fabs(u - curve)) / b.per_px + 0.5f));
        }
        if (limb > cover) {
          light = mix(0.34f + 0.15f * v, light, cover);
          cover = limb;
        }
      }
      if (cover <= 0.0f) continue;
      const float ex = u - 0.93f, ey = v - 0.03f;
      const float eye_dot = b.down * smooth(0.055f, 0.03f, std::sqrt(ex * ex + ey * ey));
      Color color = mix(cloud_shade_ * 0.66f, cloud_light_ * 1.04f, light);
      color = mix(color, cloud_shade_, haze);
      color = mix(color, Color{0.08f, 0.08f, 0.14f}, eye_dot);
      const float w = cover * b.lean;
      const int c = wrapped(i);
      out.r[c] += w * (color.r - out.r[c]);
      out.g[c] += w * (color.g - out.g[c]);
      out.b[c] += w * (color.b - out.b[c]);
    }
  }
}

void SlowPlanet::draw_stalks(int y, int eye, Row out) const {
  const float elevation = elevation_of(y), slope = std::tan(elevation), pixel = 2.0f * kPi / static_cast<float>(width_);
  if (elevation > 0.0f || elevation < -50.0f * kDegree) return;
  for (const Stalk& s : stalks_) {
    const float h = kEyeHeight + slope * s.distance, up = h / s.height;
    if (up < 0.0f || up > 1.0f) continue;
    const float lean = (0.05f * std::sin(0.9f * time_ + 6.0f * s.phase) + 0.03f * std::sin(2.3f * time_ + 9.0f * s.phase)) * up * up;
    const float centre = column_of(s.azimuth + lean / s.distance + apart(eye, s.distance));
    const float half = std::max(0.6f, (0.012f - 0.006f * up) / s.distance / pixel);
    const Color color = mix(Color{0.16f, 0.34f, 0.30f}, Color{0.42f, 0.62f, 0.44f}, up) * (0.16f + 0.84f * (1.0f - night_));
    for (int x = static_cast<int>(std::floor(centre - half)); x <= static_cast<int>(centre + half) + 1; ++x) {
      const float cover = clamp01(half + 0.5f - std::fabs(static_cast<float>(x) + 0.5f - centre));
      const int c = wrapped(x);
      out.r[c] += cover * (color.r - out.r[c]);
      out.g[c] += cover * (color.g - out.g[c]);
      out.b[c] += cover * (color.b - out.b[c]);
    }
  }
}

void SlowPlanet::draw_pole(int y, int eye, Row out) const {
  constexpr float kAway = 1.75f, kTall = 2.3f, kThick = 0.05f, kPoleAzimuth = 13.0f * kDegree;
  const float h = kEyeHeight + std::tan(elevation_of(y)) * kAway;
  if (h < -0.03f || h > kTall + 0.12f) return;
  const float pixel = 2.0f * kPi / static_cast<float>(width_), centre = column_of(kPoleAzimuth + apart(eye, kAway));
  const float day = 0.14f + 0.86f * (1.0f - night_);
  const auto put = [&](int x, float cover, Color color) {
    const int c = wrapped(x);
    out.r[c] += cover * (color.r - out.r[c]);
    out.g[c] += cover * (color.g - out.g[c]);
    out.b[c] += cover * (color.b - out.b[c]);
  };
  const float turn = sun_az_ - kPoleAzimuth;
  if (h > 1.78f && h < 2.22f) {  // the pennant, in the wind that never hurries
    const float part = (2.22f - h) / 0.44f;
    const float length = 0.85f * (1.0f - std::fabs(part - 0.5f) * 1.2f);
    for (int x = static_cast<int>(centre); x < static_cast<int>(centre + length / kAway / pixel); ++x) {
      const float u = (static_cast<float>(x) - centre) * pixel * kAway;
      const float flap = std::sin(5.0f * u - 2.6f * time_) * 0.5f + 0.3f * std::sin(11.0f * u - 4.1f * time_);
      const float moved = part + 0.16f * u * std::sin(4.0f * u - 2.2f * time_);
      if (std::fabs(moved - 0.5f) * 1.2f > 1.0f - u / 0.85f) continue;
      put(x, 1.0f, mix(Color{0.86f, 0.33f, 0.24f}, Color{0.98f, 0.72f, 0.36f}, 0.5f + 0.4f * flap) * day);
    }
  }
  const float thick = h > kTall ? std::sqrt(std::max(0.0f, 0.006f - (h - kTall - 0.04f) * (h - kTall - 0.04f))) : kThick;
  const float half = thick / kAway / pixel;
  for (int x = static_cast<int>(std::floor(centre - half)) - 1; x <= static_cast<int>(centre + half) + 1; ++x) {
    const float off = static_cast<float>(x) + 0.5f - centre, cover = clamp01(half + 0.5f - std::fabs(off));
    if (cover <= 0.0f) continue;
    const float u = std::clamp(off / std::max(0.5f, half), -1.0f, 1.0f), w = std::sqrt(1.0f - u * u);
    const float light = 0.30f + 0.75f * std::max(0.0f, u * std::sin(turn) - w * std::cos(turn)) + 0.25f * w;
    const float stripe = std::sin(2.0f * kPi * (h * 1.7f + 0.32f * std::asin(u)));
    const Color paint = h > kTall ? Color{0.95f, 0.76f, 0.36f} : mix(Color{0.93f, 0.90f, 0.84f}, Color{0.78f, 0.28f, 0.24f}, smooth(-0.12f, 0.12f, stripe));
    put(x, cover, paint * (std::min(1.1f, light) * day));
  }
}

void SlowPlanet::row(int y, int eye, Row out) const {
  const GroundView& view = views_[eye];
  if (y < view.bottom) draw_sky(y, out);
  if (y >= view.top) {
    draw_ground(y, eye, out);
    draw_sea(y, eye, out);
  }
  draw_herd(y, eye, out);
  draw_stalks(y, eye, out);
  bulbs_[eye].draw(y, out);
  draw_pole(y, eye, out);
  const float dark = smooth(0.0f, 1.6f, time_) * (1.0f - smooth(82.6f, 83.8f, time_));
  if (dark < 1.0f) {
    for (int x = 0; x < width_; ++x) {
      out.r[x] *= dark;
      out.g[x] *= dark;
      out.b[x] *= dark;
    }
  }
}

}  // namespace

std::unique_ptr<Painter> paint_slow_planet(int width, Pool& pool) { return std::make_unique<SlowPlanet>(width, pool); }

}  // namespace promenade::samples

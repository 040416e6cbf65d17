#include <algorithm>
#include <cmath>

#include "content-tools/samples/planet_painter.h"

namespace promenade::samples {

using namespace planet;

namespace {

PROMENADE_WIDE void add_light(const float* level, float by, Color color, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const float v = by * level[x];
    out.r[x] += color.r * v;
    out.g[x] += color.g * v;
    out.b[x] += color.b * v;
  }
}

PROMENADE_WIDE void lay_cloud(const float* cloud, Color shade, Color light, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const float cover = cloud[x] * 0.85f;
    out.r[x] += cover * (shade.r + (light.r - shade.r) * cover - out.r[x]);
    out.g[x] += cover * (shade.g + (light.g - shade.g) * cover - out.g[x]);
    out.b[x] += cover * (shade.b + (light.b - shade.b) * cover - out.b[x]);
  }
}

// Ground between two moments, `part` of the second.
PROMENADE_WIDE void lay_ground(const std::uint8_t* a, const std::uint8_t* b, float part, int width, float* out) {
  const float second = part / 255.0f, first = (1.0f - part) / 255.0f;
  PROMENADE_APART
  for (int x = 0; x < width; ++x) out[x] = first * static_cast<float>(a[x]) + second * static_cast<float>(b[x]);
}

// The same where it covers the row: below the skyline.
PROMENADE_WIDE void lay_skyline(const std::uint8_t* a, const std::uint8_t* b, float part, const float* skyline, float under, int width, float* out) {
  const float second = part / 255.0f, first = (1.0f - part) / 255.0f;
  PROMENADE_APART
  for (int x = 0; x < width; ++x) {
    const float cover = std::min(1.0f, std::max(0.0f, under - skyline[x]));
    out[x] += cover * (first * static_cast<float>(a[x]) + second * static_cast<float>(b[x]) - out[x]);
  }
}

}  // namespace

void SlowPlanet::draw_sky(int y, Row out) const {
  const float elevation = elevation_of(y);
  sky_[0].expand(elevation, 0.0f, width_, out.r);
  sky_[1].expand(elevation, 0.0f, width_, out.g);
  sky_[2].expand(elevation, 0.0f, width_, out.b);
  if (night_ > 0.01f && y < milk_rows_) {
    std::vector<float> milk(static_cast<std::size_t>(width_));
    turned(milk_.data() + static_cast<std::ptrdiff_t>(y) * width_, width_, (sun_azimuth(time_) - sun_azimuth(0.0f)) / (2.0f * kPi), milk.data());
    add_light(milk.data(), night_, {0.17f, 0.18f, 0.27f}, out);
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
  lay_cloud(cloud.data(), cloud_shade_, cloud_light_, out);
}

void SlowPlanet::draw_ground(int y, int eye, Row out) const {
  const GroundView& view = views_[eye];
  const std::size_t at = view.at(y);
  float* const channels[3] = {out.r, out.g, out.b};
  for (int channel = 0; channel < 3; ++channel) {
    const std::uint8_t *a = from_->color[eye][channel].data() + at, *b = to_->color[eye][channel].data() + at;
    if (y >= view.bottom) lay_ground(a, b, key_part_, width_, channels[channel]);
    else lay_skyline(a, b, key_part_, view.skyline.data(), static_cast<float>(y) + 1.0f, width_, channels[channel]);
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

void SlowPlanet::row(int y, std::span<const Row> eyes) const {
  const float dark = smooth(0.0f, 1.6f, time_) * (1.0f - smooth(82.6f, 83.8f, time_));
  if (y < std::max(views_[0].bottom, views_[1].bottom)) {
    draw_sky(y, eyes[0]);
    for (const Row& other : eyes.subspan(1)) {  // the sky is too far away to differ
      std::copy_n(eyes[0].r, width_, other.r);
      std::copy_n(eyes[0].g, width_, other.g);
      std::copy_n(eyes[0].b, width_, other.b);
    }
  }
  for (std::size_t i = 0; i < eyes.size(); ++i) {
    const int eye = static_cast<int>(i);
    if (y >= views_[i].top) {
      draw_ground(y, eye, eyes[i]);
      draw_sea(y, eye, eyes[i]);
    }
    draw_herd(y, eye, eyes[i]);
    draw_stalks(y, eye, eyes[i]);
    bulbs_[i].draw(y, eyes[i]);
    draw_pole(y, eye, eyes[i]);
    if (dark < 1.0f) dim(eyes[i], dark);
  }
}

}  // namespace promenade::samples

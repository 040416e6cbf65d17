#include <algorithm>
#include <cmath>

#include "content-tools/samples/lake_painter.h"

namespace promenade::samples {

using namespace lake;

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

}  // namespace promenade::samples

#include <algorithm>
#include <cmath>

#include "content-tools/samples/lake_painter.h"

namespace promenade::samples {

using namespace lake;

namespace {

struct Ridge { float elevation, edge, foot, fading; Color ink; };
// One line of hills, mist at their feet, `step` columns of `heights` for each of the row.
PROMENADE_WIDE void lay_ridge(Ridge ridge, const float* heights, int step, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const float under = heights[x * step] - ridge.elevation, cover = std::min(1.0f, std::max(0.0f, under * ridge.edge + 0.5f));
    const float sink = std::min(1.0f, std::max(0.0f, under) * ridge.foot), dense = cover * (1.0f - ridge.fading * sink * (2.0f - sink));
    out.r[x] += dense * (ridge.ink.r - out.r[x]);
    out.g[x] += dense * (ridge.ink.g - out.g[x]);
    out.b[x] += dense * (ridge.ink.b - out.b[x]);
  }
}

PROMENADE_WIDE void lay_mist(const float* a, const float* b, int step, float level, Color air, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const float dense = std::min(1.0f, level * (0.25f + 1.7f * a[x * step] * b[x * step]));
    out.r[x] += dense * (air.r - out.r[x]);
    out.g[x] += dense * (air.g - out.g[x]);
    out.b[x] += dense * (air.b - out.b[x]);
  }
}

struct Surface {  // of the water, along a row
  float down, lift, side, last, to_row, fresnel, glint;
  Color deep;
  const std::uint32_t* mirror;
  int mirror_width;
};
float slope_of(std::int32_t wave, int shift) { return static_cast<float>(wave << (24 - shift) >> 24); }

// What the water shows: the mirrored picture where waves turn the eye, and the deep.
PROMENADE_WIDE void lay_water(Surface s, const std::int32_t* near, const std::int32_t* wide, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const float sx = slope_of(near[x], 0) + 1.3f * slope_of(wide[x], 0), sz = slope_of(near[x], 8) + 1.3f * slope_of(wide[x], 8);
    const float up = std::max(0.0f, std::min(1.5f, s.down + s.lift * sz));
    const float line = std::min(s.last, std::max(0.0f, s.to_row * (1.0f - std::sqrt(up * (2.0f / kPi)))));
    const int r0 = static_cast<int>(line);
    const float t = line - static_cast<float>(r0);
    const int moved = (x >> 1) + static_cast<int>(s.side * sx);
    const int column = moved < 0 ? moved + s.mirror_width : moved >= s.mirror_width ? moved - s.mirror_width : moved;
    const std::uint32_t p = s.mirror[r0 * s.mirror_width + column], q = s.mirror[(r0 + 1) * s.mirror_width + column];
    const float shine = s.fresnel * (1.0f + s.glint * sz) * kMirrorUnit;
    const auto shown = [&](int shift) {
      const float above = static_cast<float>(static_cast<int>(p >> shift & 1023u)), below = static_cast<float>(static_cast<int>(q >> shift & 1023u));
      return shine * (above + (below - above) * t);
    };
    out.r[x] = s.deep.r + shown(0) * 0.96f;
    out.g[x] = s.deep.g + shown(10) * 0.98f;
    out.b[x] = s.deep.b + shown(20);
  }
}

PROMENADE_WIDE void shade_water(const std::uint8_t* dark, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const float left = 1.0f - static_cast<float>(dark[x]) * (1.0f / 255.0f);
    out.r[x] *= left;
    out.g[x] *= left;
    out.b[x] *= left;
  }
}

PROMENADE_WIDE void lay_pixels(const std::uint32_t* pixels, Color light, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const std::uint32_t p = pixels[x];
    const float cover = static_cast<float>(static_cast<int>(p >> 24)) * (1.0f / 255.0f);
    out.r[x] += cover * (static_cast<float>(static_cast<int>(p & 255u)) * light.r - out.r[x]);
    out.g[x] += cover * (static_cast<float>(static_cast<int>(p >> 8 & 255u)) * light.g - out.g[x]);
    out.b[x] += cover * (static_cast<float>(static_cast<int>(p >> 16 & 255u)) * light.b - out.b[x]);
  }
}

PROMENADE_WIDE void lay_veil(Color grey, float level, float front, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const float from = (static_cast<float>(x) / static_cast<float>(out.width) - 0.5f) * 2.0f * kPi + 150.0f * kDegree;
    const float off = from < 0.0f ? from + 2.0f * kPi : from;
    const float side = std::min(off, 2.0f * kPi - off);  // it closes from both sides round the back
    const float t = std::min(1.0f, std::max(0.0f, (0.9f - side + front - 0.6f) / 1.2f)), cover = level * t * t * (3.0f - 2.0f * t);
    out.r[x] += cover * (grey.r - out.r[x]);
    out.g[x] += cover * (grey.g - out.g[x]);
    out.b[x] += cover * (grey.b - out.b[x]);
  }
}

}  // namespace

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
      const float edge = 1.0f / (0.9f * kPi / static_cast<float>(height())), foot = 1.0f / ((5.2f - 1.15f * static_cast<float>(k)) * kDegree);
      lay_ridge({elevation, edge, foot, k == 3 ? 0.287f : 0.82f, ink}, ridge_[k].data(), step, out);
    }
  }
  const int line = static_cast<int>(row_of(elevation)) - mist_top_;
  if (line >= 0 && line < mist_rows_) {
    std::vector<float> a(static_cast<std::size_t>(width_)), b(static_cast<std::size_t>(width_));
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(line) * width_;
    turned(mist_[0].data() + at, width_, time_ * (0.0016f + 0.002f * smooth(38.0f, 50.0f, time_)), a.data());
    turned(mist_[1].data() + at, width_, -time_ * 0.0011f, b.data());
    const float low = 1.0f - smooth(0.5f * kDegree, 12.5f * kDegree, elevation);
    lay_mist(a.data(), b.data(), step, mood_.mist * low, mood_.horizon * 1.03f, out);
  }
  for (int k = 2; k >= 0; --k) {
    const float haze = (k == 2 ? 0.52f : k == 1 ? 0.26f : 0.08f) * (0.35f + 0.65f * mood_.mist);
    reeds_[k].draw(elevation - mirrored_by * 2.0f * kEyeOverWater / reeds_[k].distance, sway_[k].data(), mood_.light, mood_.horizon, haze, out);
  }
}

PROMENADE_WIDE void ReedLake::read_waves(float d, std::int32_t* near, std::int32_t* wide) const {
  const float small = static_cast<float>(kTile) / 2.6f, large = static_cast<float>(kTile) / 9.5f;
  const float run_a = time_ * small * 0.10f, run_b = time_ * large * 0.16f;
  const float *around_sin = around_sin_.data(), *around_cos = around_cos_.data();
  const int width = width_;
  PROMENADE_APART
  for (int x = 0; x < width; ++x) {
    const float px = around_sin[x] * d + 600.0f, pz = around_cos[x] * d + 600.0f;
    const int ua = static_cast<int>(px * small + run_a) & (kTile - 1), va = static_cast<int>(pz * small) & (kTile - 1);
    const int ub = static_cast<int>(px * large + 0.5f * run_b) & (kTile - 1), vb = static_cast<int>(pz * large + run_b) & (kTile - 1);
    near[x] = va * kTile + ua;
    wide[x] = vb * kTile + ub;
  }
  const std::uint16_t* wave = wave_.data();
  for (int x = 0; x < width; ++x) {
    near[x] = wave[near[x]];
    wide[x] = wave[wide[x]];
  }
}

void ReedLake::draw_water(int y, Row out) const {
  const float down = -elevation_of(y), d = kEyeOverWater / std::tan(down);
  const float strength = (0.10f + 0.62f * wind_ + 0.20f * wet_), far = 1.0f / (1.0f + 0.13f * d);
  const float lift = strength * 0.30f * far / 127.0f, side = strength * 26.0f * far / 127.0f * static_cast<float>(mirror_width_) / 1024.0f;
  const float grazing = std::pow(1.0f - std::sin(down), 3.2f), fresnel = 0.16f + 0.80f * grazing, to_row = static_cast<float>(mirror_rows_ - 1);
  std::vector<std::int32_t> waves(static_cast<std::size_t>(width_) * 2);
  read_waves(d, waves.data(), waves.data() + width_);
  lay_water({down, lift, side, to_row - 0.01f, to_row, fresnel, 0.0016f * strength, mood_.water * ((0.70f + 0.5f * grazing) * (1.0f - fresnel)), mirror_.data(), mirror_width_},
            waves.data(), waves.data() + width_, out);
  if (y >= boat_.top) shade_water(boat_.shade.data() + static_cast<std::size_t>(y - boat_.top) * static_cast<std::size_t>(width_), out);
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
  const float sheen = 1.0f - 0.22f * wet_;
  lay_pixels(boat_.rgba.data() + static_cast<std::size_t>(y - boat_.top) * static_cast<std::size_t>(width_), mood_.light * (sheen * 1.12f / 255.0f), out);
}

void ReedLake::draw_veil(int y, Row out) const {
  // The rain seen from afar: a grey curtain that comes over the lake from the left.
  const float elevation = elevation_of(y), tall = smooth(-6.0f * kDegree, -1.0f * kDegree, elevation) * (1.0f - smooth(20.0f * kDegree, 55.0f * kDegree, elevation));
  if (time_ < 52.0f || tall <= 0.0f) return;
  const float front = -150.0f * kDegree + (time_ - 52.0f) * 17.0f * kDegree, level = 0.50f * tall * smooth(52.0f, 58.0f, time_) * (1.0f - 0.6f * smooth(69.0f, 77.0f, time_));
  lay_veil(mix(mood_.horizon, mood_.zenith, 0.35f) * 0.98f, level, (front + 150.0f * kDegree) * 0.75f, out);
}

void ReedLake::row(int y, std::span<const Row> eyes) const {
  const Row out = eyes[0];
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
  if (dark < 1.0f) dim(out, dark);
}

}  // namespace promenade::samples

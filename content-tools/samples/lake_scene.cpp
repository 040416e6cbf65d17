#include "content-tools/samples/lake_scene.h"

#include <algorithm>
#include <cmath>

namespace promenade::samples {

namespace {

constexpr float kDegree = kPi / 180.0f;

struct Point { float x, y, z; };
Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
float dot(Point a, Point b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
float length(Point a) { return std::sqrt(dot(a, a)); }

// Distance functions after Quilez, "distance functions".
float capsule(Point p, Point a, Point b, float r) {
  const Point pa = p - a, ba = b - a;
  const float h = clamp01(dot(pa, ba) / dot(ba, ba));
  return length({pa.x - ba.x * h, pa.y - ba.y * h, pa.z - ba.z * h}) - r;
}
float ball(Point p, Point c, float r) { return length(p - c) - r; }
float box(Point p, Point c, Point half, float round) {
  const float x = std::fabs(p.x - c.x) - half.x, y = std::fabs(p.y - c.y) - half.y, z = std::fabs(p.z - c.z) - half.z;
  return length({std::max(x, 0.0f), std::max(y, 0.0f), std::max(z, 0.0f)}) + std::min(0.0f, std::max({x, y, z})) - round;
}
// A cone about the upright axis through c, from radius `low` at height c.y to `high` at c.y + tall.
float cone(Point p, Point c, float low, float high, float tall) {
  const float q = std::sqrt((p.x - c.x) * (p.x - c.x) + (p.z - c.z) * (p.z - c.z)), y = p.y - c.y;
  const float t = clamp01(y / tall), slope = (low - high) / tall;
  return std::max((q - mix(low, high, t)) / std::sqrt(1.0f + slope * slope), std::max(-y, y - tall));
}
float blend(float a, float b, float k) {
  const float h = std::max(k - std::fabs(a - b), 0.0f) / k;
  return std::min(a, b) - h * h * k * 0.25f;
}

enum Part : int { wood, straw, cloth, skin, bamboo, wicker };
struct Hit { float distance; Part part; };

constexpr float kBow = -2.75f, kStern = 1.25f, kSides = -0.56f, kBottom = -0.86f;

float half_width(float z) {
  const float t = (z - 0.5f * (kBow + kStern)) / (0.5f * (kStern - kBow));
  return 0.22f + 0.36f * std::sqrt(std::max(0.0f, 1.0f - t * t * t * t));
}
float sheer(float z) {  // the sides rise towards both ends
  const float t = (z - 0.5f * (kBow + kStern)) / (0.5f * (kStern - kBow));
  return 0.20f * t * t * t * t;
}

Hit scene(Point p) {
  Hit hit{1e3f, wood};
  const auto put = [&](float d, Part part) { if (d < hit.distance) hit = {d, part}; };
  const float rise = sheer(p.z), flare = 0.18f * (p.y - kBottom - rise);
  const float w = half_width(p.z) + flare, ends = std::max(kBow - p.z, p.z - kStern);
  const float tall = std::max(p.y - (kSides + rise), kBottom + rise - 0.05f - p.y);
  put(std::max({std::fabs(std::fabs(p.x) - w) - 0.016f, tall, ends}) * 0.8f, wood);                                    // sides
  put(std::max({std::fabs(p.y - (kBottom + rise)) - 0.014f, std::fabs(p.x) - w, ends}) * 0.8f, wood);                  // bottom
  put(std::max({std::fabs(std::min(p.z - kBow, kStern - p.z)) - 0.018f, std::fabs(p.x) - w, tall}) * 0.8f, wood);      // ends
  put((std::max(std::fabs(std::fabs(p.x) - w) - 0.030f, std::max(std::fabs(p.y - kSides - rise) - 0.016f, ends)) - 0.006f) * 0.8f, wood);  // rail
  for (const float z : {-0.95f, 0.10f}) put(std::max(box(p, {0, -0.66f, z}, {0.62f, 0.014f, 0.12f}, 0.004f), std::fabs(p.x) - w), wood);
  put(std::max(box(p, {0, -0.58f, -2.30f}, {0.6f, 0.014f, 0.26f}, 0.004f), std::fabs(p.x) - w), wood);                 // bow deck
  // The fisherman sits on the bow deck, half turned to the left.
  const Point f{-0.06f, 0.0f, -2.22f};
  if (length(p - Point{f.x, -0.2f, f.z}) < 1.2f) {
    const float streak = 0.012f * std::sin(46.0f * std::atan2(p.x - f.x, p.z - f.z)) * clamp01((0.10f - p.y) * 3.0f);
    float cape = cone(p, {f.x, -0.60f, f.z}, 0.33f + streak, 0.13f, 0.60f) - 0.015f;
    cape = blend(cape, cone(p, {f.x, -0.24f, f.z}, 0.27f + streak, 0.10f, 0.24f) - 0.012f, 0.03f);
    put(cape * 0.8f, straw);
    put(ball(p, {f.x - 0.01f, 0.095f, f.z + 0.01f}, 0.095f), skin);
    put(ball(p, {f.x - 0.055f, 0.035f, f.z + 0.045f}, 0.045f), cloth);  // the beard
    put((cone(p, {f.x, 0.145f, f.z}, 0.30f, 0.02f, 0.150f) - 0.006f) * 0.8f, straw);
    put(capsule(p, {f.x - 0.12f, -0.26f, f.z + 0.16f}, {f.x - 0.26f, -0.40f, f.z + 0.26f}, 0.05f), cloth);  // arm and hand
    put(ball(p, {f.x - 0.29f, -0.42f, f.z + 0.28f}, 0.042f), skin);
    put(capsule(p, {f.x - 0.07f, 0.03f, f.z + 0.10f}, {f.x - 0.20f, -0.03f, f.z + 0.24f}, 0.008f), bamboo);  // the pipe
    put(capsule(p, {f.x - 0.14f, -0.58f, f.z + 0.26f}, {f.x - 0.13f, -0.80f, f.z + 0.30f}, 0.065f), cloth);  // legs
    put(capsule(p, {f.x + 0.12f, -0.58f, f.z + 0.28f}, {f.x + 0.14f, -0.80f, f.z + 0.34f}, 0.065f), cloth);
  }
  put(capsule(p, {0.40f, -0.80f, 0.4f}, {0.66f, -0.34f, -3.6f}, 0.011f), bamboo);                        // the rod, laid by
  put(capsule(p, {-0.44f, -0.78f, 0.9f}, {-0.52f, -0.58f, -1.6f}, 0.018f), wood);                        // the oar
  put(box(p, {-0.53f, -0.57f, -1.8f}, {0.055f, 0.010f, 0.22f}, 0.006f), wood);
  const float basket = cone(p, {0.26f, -0.845f, -1.45f}, 0.15f, 0.11f, 0.22f);
  put(std::max(basket, -cone(p, {0.26f, -0.80f, -1.45f}, 0.135f, 0.095f, 0.25f)), wicker);
  return hit;
}

Color paint_of(Part part, Point p) {
  switch (part) {
    case wood: {
      const float plank = std::fabs(p.x * 6.0f - std::floor(p.x * 6.0f) - 0.5f), grain = fbm(p.x * 22.0f, p.y * 22.0f, p.z * 1.4f, 3);
      const float joint = p.y < -0.78f ? smooth(0.47f, 0.49f, plank) : 0.0f;
      return mix(Color{0.40f, 0.33f, 0.27f}, Color{0.56f, 0.48f, 0.40f}, clamp01(0.5f + 0.8f * grain)) * (1.0f - 0.5f * joint);
    }
    case straw: {
      const float strand = fbm(std::atan2(p.x + 0.06f, p.z + 2.22f) * 26.0f, p.y * 5.0f, 1.0f, 3);
      return mix(Color{0.46f, 0.38f, 0.25f}, Color{0.78f, 0.66f, 0.44f}, clamp01(0.5f + 0.9f * strand));
    }
    case cloth: return {0.30f, 0.34f, 0.40f};
    case skin: return {0.70f, 0.52f, 0.42f};
    case bamboo: return {0.58f, 0.48f, 0.30f};
    case wicker: {
      const float weave = std::sin(90.0f * p.y) * std::sin(30.0f * std::atan2(p.x - 0.26f, p.z + 1.45f));
      return mix(Color{0.40f, 0.31f, 0.20f}, Color{0.66f, 0.54f, 0.36f}, 0.5f + 0.4f * weave);
    }
  }
  return {};
}

}  // namespace

void BoatView::build(int picture_width, Pool& pool) {
  width = picture_width;
  const int height = width / 2;
  top = static_cast<int>((0.5f - 16.0f / 180.0f) * static_cast<float>(height));
  const std::size_t area = static_cast<std::size_t>(width) * static_cast<std::size_t>(height - top);
  rgba = std::vector<std::uint32_t>(area);
  shade = std::vector<std::uint8_t>(area);
  const int samples = width >= 1024 ? 2 : 1;
  pool.run(height - top, 4, [&](int first, int last) {
    for (int line = first; line < last; ++line) {
      for (int x = 0; x < width; ++x) {
        Color sum{};
        float cover = 0.0f;
        for (int s = 0; s < samples * samples; ++s) {
          const float ox = (static_cast<float>(s % samples) + 0.5f) / static_cast<float>(samples), oy = (static_cast<float>(s / samples) + 0.5f) / static_cast<float>(samples);
          const float azimuth = ((static_cast<float>(x) + ox) / static_cast<float>(width) - 0.5f) * 2.0f * kPi;
          const float elevation = (0.5f - (static_cast<float>(top + line) + oy) / static_cast<float>(height)) * kPi;
          const Point ray{std::sin(azimuth) * std::cos(elevation), std::sin(elevation), -std::cos(azimuth) * std::cos(elevation)};
          const float to_water = ray.y < -0.001f ? -kEyeOverWater / ray.y : 5.0f;
          float along = 0.25f;
          Hit hit{1.0f, wood};
          for (int step = 0; step < 90 && along < std::min(to_water, 4.6f); ++step) {
            hit = scene({ray.x * along, ray.y * along, ray.z * along});
            if (hit.distance < 0.0012f) break;
            along += hit.distance;
          }
          if (hit.distance >= 0.004f || along >= std::min(to_water, 4.6f)) continue;
          const Point p{ray.x * along, ray.y * along, ray.z * along};
          const float e = 0.003f, here = scene(p).distance;
          Point n{scene({p.x + e, p.y, p.z}).distance - here, scene({p.x, p.y + e, p.z}).distance - here, scene({p.x, p.y, p.z + e}).distance - here};
          const float scale = 1.0f / std::max(1e-6f, length(n));
          n = {n.x * scale, n.y * scale, n.z * scale};
          float open = 1.0f;
          for (const float reach : {0.05f, 0.14f, 0.30f}) {
            open -= 0.42f * clamp01(1.0f - scene({p.x + n.x * reach, p.y + n.y * reach, p.z + n.z * reach}).distance / reach);
          }
          const float sun = std::max(0.0f, 0.46f * n.x + 0.45f * n.y - 0.76f * n.z);  // low, ahead to the right
          const float light = (0.56f + 0.34f * n.y) * std::max(0.3f, open) + 0.60f * sun * std::max(0.35f, open);
          sum = sum + paint_of(hit.part, p) * light;
          cover += 1.0f;
        }
        const std::size_t i = static_cast<std::size_t>(line) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
        const float count = static_cast<float>(samples * samples), per = cover > 0.0f ? 255.0f / cover : 0.0f;
        const auto byte = [](float v) { return static_cast<std::uint32_t>(std::min(255.0f, v)); };
        rgba[i] = byte(sum.r * per) | byte(sum.g * per) << 8 | byte(sum.b * per) << 16 | byte(255.0f * cover / count) << 24;
        const float elevation = (0.5f - (static_cast<float>(top + line) + 0.5f) / static_cast<float>(height)) * kPi;
        if (elevation < -0.05f) {
          const float azimuth = ((static_cast<float>(x) + 0.5f) / static_cast<float>(width) - 0.5f) * 2.0f * kPi, d = kEyeOverWater / std::tan(-elevation);
          const float px = std::sin(azimuth) * d, pz = -std::cos(azimuth) * d;
          const float off = std::max(std::fabs(px) - half_width(std::clamp(pz, kBow, kStern)), std::max(kBow - pz, pz - kStern));
          shade[i] = static_cast<std::uint8_t>(255.0f * 0.72f * std::exp(-std::max(0.0f, off) / 0.20f));
        }
      }
    }
  });
}

void ReedLayer::build(int picture_width, int number, float distance_m, float tallest_m) {
  width = picture_width;
  distance = distance_m;
  const int height = width / 2;
  const float per_row = kPi / static_cast<float>(height), per_column = 2.0f * kPi / static_cast<float>(width);
  base_rad = std::atan2(-kEyeOverWater, distance);
  top_rad = std::atan2(tallest_m * 1.06f - kEyeOverWater, distance) + 2.0f * per_row;
  rows = static_cast<int>((top_rad - base_rad) / per_row) + 1;
  std::vector<float> layer(static_cast<std::size_t>(rows) * static_cast<std::size_t>(width) * 4);
  const auto dab = [&](int x, int y, float cover, Color color) {
    if (y < 0 || y >= rows || cover <= 0.0f) return;
    float* p = layer.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(((x % width) + width) % width)) * 4;
    const float c = std::min(1.0f, cover);
    p[0] += c * (color.r - p[0]);
    p[1] += c * (color.g - p[1]);
    p[2] += c * (color.b - p[2]);
    p[3] += c * (1.0f - p[3]);
  };
  const auto seed = static_cast<std::uint32_t>(number);
  const int blades = static_cast<int>(1500.0f * (number == 0 ? 0.55f : 1.0f));
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(blades); ++i) {
    const float azimuth = 2.0f * kPi * hash01(i, seed, 1), degrees = azimuth / kDegree > 180.0f ? azimuth / kDegree - 360.0f : azimuth / kDegree;
    // Open water ahead and to the left of it; a thin place where the heron stands.
    const float open = smooth(-78.0f, -58.0f, degrees) * (1.0f - smooth(14.0f, 27.0f, degrees)), thin = during(28.0f, 46.0f, 2.5f, degrees);
    const float clump = 0.5f + 0.9f * noise(3.0f * std::cos(azimuth) * 3.0f, static_cast<float>(number) * 5.0f, 3.0f * std::sin(azimuth) * 3.0f);
    const float keep = clamp01(0.25f + 0.85f * clump) * (1.0f - open * (number == 2 ? 0.93f : 1.0f)) * (1.0f - thin * (number == 2 ? 0.75f : 1.0f));
    if (hash01(i, seed, 2) > keep) continue;
    const float tall = tallest_m * (0.45f + 0.55f * std::sqrt(hash01(i, seed, 3))), lean = (hash01(i, seed, 4) - 0.5f) * 0.55f;
    const float depth = distance * (1.0f + 0.18f * hash01(i, seed, 5)), thick = 0.011f * (0.7f + 0.6f * hash01(i, seed, 6));
    const Color color = mix(mix(Color{0.27f, 0.33f, 0.22f}, Color{0.52f, 0.49f, 0.30f}, hash01(i, seed, 7)), Color{0.62f, 0.53f, 0.36f}, 0.35f * hash01(i, seed, 8));
    const bool plume = hash01(i, seed, 9) < 0.30f;
    for (int y = 0; y < rows; ++y) {
      const float elevation = top_rad - (static_cast<float>(y) + 0.5f) * per_row, h = kEyeOverWater + std::tan(elevation) * depth;
      const float up = h / tall;
      if (up < -0.02f || up > 1.0f) continue;
      const float x = azimuth / per_column + static_cast<float>(width) / 2.0f + lean * up * up * tall / depth / per_column;
      const float half = std::max(0.32f, 0.5f * thick * (1.15f - up) / depth / per_column);
      for (int column = static_cast<int>(std::floor(x - half - 0.5f)); column <= static_cast<int>(x + half + 0.5f); ++column) {
        dab(column, y, clamp01(half + 0.5f - std::fabs(static_cast<float>(column) + 0.5f - x)), color * (0.55f + 0.45f * up));
      }
      if (plume && up > 0.86f) {
        const float in = (up - 0.86f) / 0.14f, wide = (0.045f * std::sin(kPi * std::pow(in, 0.7f)) + 0.006f) / depth / per_column, side = lean > 0.0f ? 0.7f : -0.7f;
        for (int column = static_cast<int>(x - wide * 2.0f) - 1; column <= static_cast<int>(x + wide * 2.0f) + 1; ++column) {
          const float q = (static_cast<float>(column) + 0.5f - x - side * wide * 0.5f) / wide, rough = hash01(static_cast<std::uint32_t>(column + 9), static_cast<std::uint32_t>(y), i);
          dab(column, y, clamp01(1.25f - q * q) * (0.45f + 0.5f * rough), mix(Color{0.60f, 0.50f, 0.42f}, Color{0.84f, 0.76f, 0.66f}, rough));
        }
      }
    }
    for (int leaf = 0; leaf < 3; ++leaf) {  // blades that hang over
      const float from = 0.3f + 0.5f * hash01(i, seed, 10u + static_cast<std::uint32_t>(leaf)), reach = (hash01(i, seed, 20u + static_cast<std::uint32_t>(leaf)) - 0.5f) * 0.75f;
      for (int step = 0; step < 40; ++step) {
        const float s = static_cast<float>(step) / 40.0f, h = tall * from + 0.34f * s * (1.3f - s) * 1.2f;
        const float x = azimuth / per_column + static_cast<float>(width) / 2.0f + (lean * from * from * tall + reach * s) / depth / per_column;
        const float row = (top_rad - std::atan2(h - kEyeOverWater, depth)) / per_row;
        dab(static_cast<int>(x), static_cast<int>(row), 0.75f * (1.0f - s * 0.7f), color * (0.60f + 0.40f * from));
      }
    }
  }
  rgba = std::vector<std::uint32_t>(layer.size() / 4);
  for (std::size_t i = 0; i < layer.size(); ++i) rgba[i / 4] |= static_cast<std::uint32_t>(255.0f * clamp01(layer[i]) + 0.5f) << (i % 4 * 8);
  const int blocks = width / 32;
  used = std::vector<std::uint8_t>(static_cast<std::size_t>(rows) * static_cast<std::size_t>(blocks));
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < width; ++x) {
      if (rgba[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] >> 24 == 0) continue;
      // Swaying carries it into the blocks beside.
      for (const int block : {x / 32 + blocks - 1, x / 32, x / 32 + 1}) used[static_cast<std::size_t>(y * blocks + block % blocks)] = 1;
    }
  }
}

namespace {

struct Swaying {  // a run of columns of a row of reeds
  const std::uint32_t* row;
  const float* sway;
  float bend;
  int width, step, first, last;  // of the layer; its columns for each of the picture; columns of the picture
  Color tint, veil;
};

float channel(std::uint32_t pixel, int shift) { return static_cast<float>(static_cast<int>(pixel >> shift & 255u)); }

PROMENADE_WIDE void lay_reeds(Swaying in, Row out) {
  PROMENADE_APART
  for (int x = in.first; x < in.last; ++x) {
    const float from = static_cast<float>(x * in.step) - in.sway[x] * in.bend + static_cast<float>(in.width);
    const int whole = static_cast<int>(from);
    const float t = from - static_cast<float>(whole), rest = 1.0f - t;
    const int here = whole >= in.width ? whole - in.width : whole, beside = here + 1 >= in.width ? 0 : here + 1;
    const std::uint32_t a = in.row[here], b = in.row[beside];
    const float cover = rest * channel(a, 24) + t * channel(b, 24), clear = 1.0f - cover * (1.0f / 255.0f);
    out.r[x] = out.r[x] * clear + (rest * channel(a, 0) + t * channel(b, 0)) * in.tint.r + cover * in.veil.r;
    out.g[x] = out.g[x] * clear + (rest * channel(a, 8) + t * channel(b, 8)) * in.tint.g + cover * in.veil.g;
    out.b[x] = out.b[x] * clear + (rest * channel(a, 16) + t * channel(b, 16)) * in.tint.b + cover * in.veil.b;
  }
}

}  // namespace

void ReedLayer::draw(float elevation_rad, const float* sway, Color light, Color air, float haze, Row out) const {
  const float line = (top_rad - elevation_rad) / (kPi / static_cast<float>(width / 2)) - 0.5f;
  const int y = static_cast<int>(std::lround(line));
  if (y < 0 || y >= rows) return;
  const float up = 1.0f - static_cast<float>(y) / static_cast<float>(rows), bend = up * std::sqrt(up);
  const int step = width / out.width, blocks = width / 32, columns = 32 / step;
  const std::uint8_t* filled = used.data() + y * blocks;
  std::vector<float> coarse;
  if (step > 1) {
    coarse.resize(static_cast<std::size_t>(out.width));
    for (int x = 0; x < out.width; ++x) coarse[static_cast<std::size_t>(x)] = sway[x * step];
    sway = coarse.data();
  }
  Swaying run{rgba.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width), sway, bend, width, step, 0, 0, light * ((1.0f - haze) / 255.0f), air * (haze / 255.0f)};
  for (int block = 0; block < blocks;) {
    int end = block;
    while (end < blocks && filled[end]) ++end;
    run.first = block * columns;
    run.last = end * columns;
    if (end > block) lay_reeds(run, out);
    block = end + 1;
  }
}

}  // namespace promenade::samples

#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/gpu/renderer.h"

namespace promenade::gpu {

namespace {

struct Lab { float l, a, b; };

// CIE 1976 L*a*b* under D65, of linear sRGB (IEC 61966-2-1 matrix).
Lab lab_of(const std::array<float, 3>& rgb) {
  const auto f = [](float t) { return t > 0.008856f ? std::cbrt(t) : 7.787f * t + 16.0f / 116.0f; };
  const float x = f((0.4124f * rgb[0] + 0.3576f * rgb[1] + 0.1805f * rgb[2]) / 0.9505f);
  const float y = f(0.2126f * rgb[0] + 0.7152f * rgb[1] + 0.0722f * rgb[2]);
  const float z = f((0.0193f * rgb[0] + 0.1192f * rgb[1] + 0.9505f * rgb[2]) / 1.0890f);
  return {116.0f * y - 16.0f, 500.0f * (x - y), 200.0f * (y - z)};
}

std::array<float, 256> linear_table() {
  std::array<float, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) {
    const float c = static_cast<float>(i) / 255.0f;
    table[i] = c <= 0.04045f ? c / 12.92f : std::pow((c + 0.055f) / 1.055f, 2.4f);
  }
  return table;
}

// Averaged over three by three pixels, in light; edges repeat.
std::array<float, 3> blurred(const Picture& p, std::int64_t x, std::int64_t y, const std::array<float, 256>& linear) {
  std::array<float, 3> sum{};
  for (std::int64_t dy = -1; dy <= 1; ++dy) {
    for (std::int64_t dx = -1; dx <= 1; ++dx) {
      const auto sx = static_cast<std::size_t>(std::clamp<std::int64_t>(x + dx, 0, p.width - 1));
      const auto sy = static_cast<std::size_t>(std::clamp<std::int64_t>(y + dy, 0, p.height - 1));
      for (std::size_t c = 0; c < 3; ++c) sum[c] += linear[p.rgba[(sy * p.width + sx) * 4 + c]] / 9.0f;
    }
  }
  return sum;
}

}  // namespace

double difference(const Picture& a, const Picture& b, double delta_e) {
  if (a.width != b.width || a.height != b.height) return 1.0;
  if (a.width == 0 || a.height == 0) return 0.0;
  static const std::array<float, 256> linear = linear_table();
  std::size_t seen = 0;
  for (std::uint32_t y = 0; y < a.height; ++y) {
    for (std::uint32_t x = 0; x < a.width; ++x) {
      const Lab p = lab_of(blurred(a, x, y, linear)), q = lab_of(blurred(b, x, y, linear));
      if (std::hypot(p.l - q.l, p.a - q.a, p.b - q.b) > static_cast<float>(delta_e)) ++seen;
    }
  }
  return static_cast<double>(seen) / (static_cast<double>(a.width) * a.height);
}

}  // namespace promenade::gpu

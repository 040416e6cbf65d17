#include "runtime/film/shrink.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "tracking/base/assert.h"

namespace promenade::film {
namespace {

// IEC 61966-2-1, both ways.
std::array<float, 256> light_of_bytes() {
  std::array<float, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const float c = static_cast<float>(i) / 255.0f;
    table[i] = c <= 0.04045f ? c / 12.92f : std::pow((c + 0.055f) / 1.055f, 2.4f);
  }
  return table;
}
std::uint8_t byte_of(float light) {
  const float c = light <= 0.0031308f ? light * 12.92f : 1.055f * std::pow(light, 1.0f / 2.4f) - 0.055f;
  return static_cast<std::uint8_t>(std::clamp(c, 0.0f, 1.0f) * 255.0f + 0.5f);
}

// The old pixels that lie under new pixel `at` of a side, each with its share of it.
template <class Take>
void under(std::uint32_t at, std::uint32_t size, std::uint32_t new_size, Take take) {
  const double step = static_cast<double>(size) / new_size, from = at * step, to = std::min(from + step, static_cast<double>(size));
  for (auto i = static_cast<std::uint32_t>(from); i < size && i < to; ++i) {
    const double share = std::min(to, i + 1.0) - std::max(from, static_cast<double>(i));
    take(i, static_cast<float>(share / step));
  }
}

}  // namespace

Image shrunk(const Image& image, std::uint32_t short_max, std::uint32_t long_max) {
  PROMENADE_ASSERT(image.width > 0 && image.height > 0 && image.rgba.size() == std::size_t{4} * image.width * image.height);
  PROMENADE_ASSERT(short_max > 0 && long_max > 0);
  static const std::array<float, 256> kLight = light_of_bytes();
  const auto [small, large] = std::minmax({image.width, image.height});
  const double scale = std::min({1.0, static_cast<double>(short_max) / small, static_cast<double>(long_max) / large});
  const auto side = [&](std::uint32_t old) { return std::max(1u, static_cast<std::uint32_t>(std::lround(old * scale))); };
  Image out{image.name, side(image.width), side(image.height), true, {}};
  out.rgba.reserve(std::size_t{4} * out.width * out.height);
  std::vector<float> row(std::size_t{3} * out.width);
  for (std::uint32_t y = 0; y < out.height; ++y) {
    std::ranges::fill(row, 0.0f);
    under(y, image.height, out.height, [&](std::uint32_t old_y, float of_row) {
      const std::uint8_t* line = image.rgba.data() + std::size_t{4} * image.width * old_y;
      for (std::uint32_t x = 0; x < out.width; ++x) {
        float* sum = row.data() + std::size_t{3} * x;
        under(x, image.width, out.width, [&](std::uint32_t old_x, float of_column) {
          const std::uint8_t* pixel = line + std::size_t{4} * old_x;
          const float share = of_row * of_column * static_cast<float>(pixel[3]) / 255.0f;
          for (std::size_t part = 0; part < 3; ++part) sum[part] += share * kLight[pixel[part]];
        });
      }
    });
    for (std::uint32_t x = 0; x < out.width; ++x) {
      for (std::size_t part = 0; part < 3; ++part) out.rgba.push_back(byte_of(row[std::size_t{3} * x + part]));
      out.rgba.push_back(255);
    }
  }
  return out;
}

}  // namespace promenade::film

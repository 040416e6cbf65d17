#include "showcontrol/report/density.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace promenade::report {
namespace {

constexpr double kReach = 4.0;     // spreads; beyond them a near miss adds nothing that could be seen
constexpr double kFadesBelow = 0.06;    // of the scale: below it the colour fades out
constexpr double kOpaque = 0.88;

// From pale to dark: their lightness (CIE L*) falls evenly, 94, 82, 66, 48, 30, 14.
struct Stop {
  double at;
  std::uint32_t rgb;
};
constexpr std::array<Stop, 6> kStops{{{0.0, 0xfff1c9}, {0.2, 0xfcc66b}, {0.4, 0xf08f45}, {0.6, 0xcf4f4a}, {0.8, 0x8b2458}, {1.0, 0x3a0f3d}}};

}  // namespace

Density::Density(Place low, Place high, const std::vector<Place>& places)
    : columns_(std::max(1, static_cast<int>(std::ceil((high.x - low.x) / kCell_m)))), rows_(std::max(1, static_cast<int>(std::ceil((high.y - low.y) / kCell_m)))) {
  values_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_), 0.0);
  const double top = 1.0 / (2.0 * std::numbers::pi * kSpread_m * kSpread_m);
  const double step_x = (high.x - low.x) / columns_, step_y = (high.y - low.y) / rows_;
  const double reach = kReach * kSpread_m;
  for (const Place& place : places) {
    const int from_x = std::max(0, static_cast<int>((place.x - reach - low.x) / step_x)), to_x = std::min(columns_ - 1, static_cast<int>((place.x + reach - low.x) / step_x));
    const int from_y = std::max(0, static_cast<int>((place.y - reach - low.y) / step_y)), to_y = std::min(rows_ - 1, static_cast<int>((place.y + reach - low.y) / step_y));
    for (int row = from_y; row <= to_y; ++row) {
      const double dy = low.y + (row + 0.5) * step_y - place.y;
      for (int column = from_x; column <= to_x; ++column) {
        const double dx = low.x + (column + 0.5) * step_x - place.x;
        values_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column)] +=
            top * std::exp(-(dx * dx + dy * dy) / (2.0 * kSpread_m * kSpread_m));
      }
    }
  }
  peak_ = *std::ranges::max_element(values_);
}

double Density::scale_end() const {
  const double least = 1.0 / (2.0 * std::numbers::pi * kSpread_m * kSpread_m);
  const double wanted = std::max(peak_, least);
  const double power = std::pow(10.0, std::floor(std::log10(wanted)));
  for (const double digit : {1.0, 2.0, 4.0, 5.0}) {
    if (digit * power >= wanted * (1.0 - 1e-9)) return digit * power;
  }
  return 10.0 * power;
}

drawing::Image Density::image() const {
  drawing::Image image{columns_, rows_, {}};
  image.rgba.reserve(values_.size() * 4);
  const double end = scale_end();
  for (int row = rows_ - 1; row >= 0; --row) {
    for (int column = 0; column < columns_; ++column) {
      const double part = std::clamp(at(column, row) / end, 0.0, 1.0);
      const drawing::Colour colour = heat_colour(part);
      const auto byte = [](double value) { return static_cast<std::uint8_t>(std::lround(255.0 * value)); };
      const double alpha = kOpaque * std::clamp(part / kFadesBelow, 0.0, 1.0);
      image.rgba.insert(image.rgba.end(), {byte(colour.red), byte(colour.green), byte(colour.blue), byte(alpha)});
    }
  }
  return image;
}

drawing::Colour heat_colour(double part) {
  part = std::clamp(part, 0.0, 1.0);
  std::size_t upper = 1;
  while (upper + 1 < kStops.size() && part > kStops[upper].at) ++upper;
  const Stop &a = kStops[upper - 1], &b = kStops[upper];
  const double f = (part - a.at) / (b.at - a.at);
  const drawing::Colour from = drawing::colour(a.rgb), to = drawing::colour(b.rgb);
  return {from.red + f * (to.red - from.red), from.green + f * (to.green - from.green), from.blue + f * (to.blue - from.blue), 1.0};
}

}  // namespace promenade::report

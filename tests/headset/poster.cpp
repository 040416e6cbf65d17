#include "tests/headset/poster.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>

#include "runtime/gpu/renderer.h"
#include "tests/package/temporary_folder.h"

namespace promenade::headset::test {

namespace {

using Color = std::array<double, 3>;

Color mixed(const Color& a, const Color& b, double t) {
  t = std::clamp(t, 0.0, 1.0);
  return {a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t};
}

constexpr Color kPaper{244, 234, 212}, kDusk{236, 190, 150}, kRed{196, 44, 34}, kDeep{120, 16, 20}, kGlow{255, 158, 74}, kInk{38, 46, 78}, kBrass{206, 158, 72}, kLamp{255, 214, 120};

// A lantern round (0, 0), 1 high: body, ribs, brass ends, a string above and a tassel below.
bool lantern(double x, double y, Color& color) {
  const double in = (x / 0.60) * (x / 0.60) + (y / 0.50) * (y / 0.50);
  if (std::abs(y) > 0.42 && std::abs(y) < 0.52 && std::abs(x) < 0.24) return color = kBrass, true;
  if (in < 1.0) {
    const double turn = std::asin(std::clamp(x / (0.60 * std::sqrt(1.0 - (y / 0.50) * (y / 0.50))), -1.0, 1.0));
    const double rib = std::abs(std::remainder(turn, 0.3927)) / 0.19635;  // eight to the front
    color = mixed(mixed(kGlow, kRed, std::sqrt(in) * 1.25), kDeep, 0.75 * std::pow(1.0 - rib, 6.0) + 0.5 * std::pow(in, 6.0));
    return true;
  }
  if (std::abs(x) < 0.008 && y < 0.0) return color = kInk, true;
  if (y > 0.52 && y < 0.92 && std::abs(x) < 0.07 && std::abs(std::remainder(x, 0.028)) < 0.008) return color = kRed, true;
  return false;
}

// Houses of uneven height with lit windows, from 0.80 of the way down.
bool houses(double x, double y, Color& color) {
  const int house = static_cast<int>(x * 7.0);
  const double left = house / 7.0, top = 0.80 + 0.022 * ((house * 3) % 4), across = (x - left) * 7.0;
  if (y < top - 0.045 * (1.0 - std::abs(across - 0.5) * 2.0)) return false;
  const double wx = std::fmod(across * 3.0, 1.0), wy = std::fmod((y - top) * 22.0, 1.0);
  const bool lit = y > top + 0.012 && y < 0.955 && wx > 0.3 && wx < 0.7 && wy > 0.3 && wy < 0.75 && (static_cast<int>(across * 3.0) + house) % 3 != 0;
  color = lit ? kLamp : mixed(kInk, kPaper, 0.08 * (house % 3));
  if (y > 0.955) color = kDusk;  // the street
  return true;
}

Color color_at(double x, double y) {  // 0..1
  Color color = mixed(kPaper, kDusk, (y - 0.35) * 1.2);
  if (houses(x, y, color)) return color;
  const double shape = static_cast<double>(kPosterWidth_px) / kPosterHeight_px;
  constexpr std::array<std::array<double, 3>, 3> kLanterns{{{0.50, 0.37, 0.40}, {0.12, 0.18, 0.17}, {0.88, 0.24, 0.20}}};
  for (const auto& [at_x, at_y, size] : kLanterns) {
    if (lantern((x - at_x) * shape / size, (y - at_y) / size, color)) return color;
  }
  return color;
}

}  // namespace

base::Bytes poster() {
  gpu::Picture picture{kPosterWidth_px, kPosterHeight_px, {}};
  for (unsigned y = 0; y < kPosterHeight_px; ++y) {
    for (unsigned x = 0; x < kPosterWidth_px; ++x) {
      for (const double part : color_at((x + 0.5) / kPosterWidth_px, (y + 0.5) / kPosterHeight_px)) picture.rgba.push_back(static_cast<std::uint8_t>(part));
      picture.rgba.push_back(255);
    }
  }
  const package::testing::TemporaryFolder folder;
  REQUIRE(gpu::write_png(picture, folder.file("poster.png")));
  std::ifstream in(folder.file("poster.png"), std::ios::binary);
  return base::Bytes(std::istreambuf_iterator<char>(in), {});
}

}  // namespace promenade::headset::test

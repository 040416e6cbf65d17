// Equirectangular video by value: a clip of known colours per eye and quadrant must come out where it belongs.
#include <algorithm>
#include <cmath>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <glm/gtc/quaternion.hpp>

#include "studio.h"

using namespace promenade;
using namespace promenade::test;

namespace {

using Rgb = std::array<int, 3>;

// Colour of a place: which eye, which of eight parts (left to right four, upper and lower).
Rgb color_of(int eye, int quarter, bool upper) {
  static const Rgb colors[4]{{200, 40, 40}, {40, 190, 60}, {50, 70, 210}, {210, 190, 50}};
  Rgb c = colors[quarter];
  for (int& part : c) part = upper ? part : part / 2;
  if (eye == 1) c = {255 - c[0], 255 - c[1], 255 - c[2]};
  return c;
}

Rgb painted(gpu::StereoLayout layout, double u, double v) {
  int eye = 0;
  if (layout == gpu::StereoLayout::top_bottom) { eye = v < 0.5 ? 0 : 1; v = std::fmod(v * 2.0, 1.0); }
  if (layout == gpu::StereoLayout::side_by_side) { eye = u < 0.5 ? 0 : 1; u = std::fmod(u * 2.0, 1.0); }
  return color_of(eye, std::min(static_cast<int>(u * 4.0), 3), v < 0.5);
}

std::vector<std::uint8_t> clip(gpu::StereoLayout layout, std::uint32_t w, std::uint32_t h) {
  std::vector<std::uint8_t> planes(std::size_t{1} * w * h + 2 * std::size_t{1} * (w / 2) * (h / 2));
  const auto yuv = [&](std::uint32_t x, std::uint32_t y) {
    const Rgb c = painted(layout, (x + 0.5) / w, (y + 0.5) / h);
    const double r = c[0] / 255.0, g = c[1] / 255.0, b = c[2] / 255.0, luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return std::array<double, 3>{16.0 + 219.0 * luma, 128.0 + 224.0 * (b - luma) / 1.8556, 128.0 + 224.0 * (r - luma) / 1.5748};
  };
  for (std::uint32_t y = 0; y < h; ++y) for (std::uint32_t x = 0; x < w; ++x) planes[std::size_t{y} * w + x] = static_cast<std::uint8_t>(std::lround(yuv(x, y)[0]));
  for (std::size_t plane = 0; plane < 2; ++plane) {
    for (std::uint32_t y = 0; y < h / 2; ++y) {
      for (std::uint32_t x = 0; x < w / 2; ++x) {
        planes[std::size_t{w} * h + plane * (std::size_t{w} / 2) * (h / 2) + std::size_t{y} * (w / 2) + x] = static_cast<std::uint8_t>(std::lround(yuv(2 * x, 2 * y)[plane + 1]));
      }
    }
  }
  return planes;
}

// Both eyes at one place, turned to `yaw` (0: ahead, to the right positive) and `pitch`.
std::array<gpu::Eye, 2> turned(double yaw, double pitch, float half_angle) {
  gpu::Eye eye;
  eye.position = {0.0f, 1.5f, 0.0f};
  eye.orientation = glm::angleAxis(static_cast<float>(-yaw), glm::vec3(0, 1, 0)) * glm::angleAxis(static_cast<float>(pitch), glm::vec3(1, 0, 0));
  eye.left_rad = eye.down_rad = -half_angle;
  eye.right_rad = eye.up_rad = half_angle;
  return {eye, eye};
}

bool alike(const std::array<std::uint8_t, 4>& a, const Rgb& b, int by = 4) {
  return std::abs(a[0] - b[0]) <= by && std::abs(a[1] - b[1]) <= by && std::abs(a[2] - b[2]) <= by;
}

constexpr double kTau = 6.283185307179586;

}  // namespace

TEST_CASE("each eye sees its own half of the clip, the right way round") {
  const auto layout = GENERATE(gpu::StereoLayout::mono, gpu::StereoLayout::top_bottom, gpu::StereoLayout::side_by_side);
  const bool multiview = GENERATE(true, false);
  Studio studio(multiview, 1);
  const std::uint32_t w = 256, h = 128;
  const gpu::TextureHandle texture = studio.renderer->make_texture(gpu::TextureKind::yuv420, w, h);
  studio.renderer->update(texture, clip(layout, w, h));
  gpu::Frame frame;
  frame.dome = gpu::Dome{.texture = texture, .layout = layout, .span_rad = static_cast<float>(kTau)};
  for (int quarter = 0; quarter < 4; ++quarter) {
    for (const bool upper : {true, false}) {
      // The picture runs from behind, over the left, ahead (its centre), the right, to behind again.
      const double yaw = ((quarter + 0.5) / 4.0 - 0.5) * kTau;
      frame.eyes = turned(yaw, upper ? 0.6 : -0.6, 0.1f);
      const auto pictures = studio.renderer->draw_to_memory(frame, 32, 32);
      REQUIRE(pictures);
      for (std::size_t eye = 0; eye < 2; ++eye) {
        const int of = layout == gpu::StereoLayout::mono ? 0 : static_cast<int>(eye);
        INFO("layout " << static_cast<int>(layout) << " quarter " << quarter << " upper " << upper << " eye " << eye);
        CHECK(alike(pixel((*pictures)[eye], 0.5, 0.5), color_of(of, quarter, upper)));
      }
    }
  }
  CHECK(studio.device->validation_messages() == 0);
}

TEST_CASE("there is no seam behind the viewer") {
  const auto layout = GENERATE(gpu::StereoLayout::mono, gpu::StereoLayout::top_bottom, gpu::StereoLayout::side_by_side);
  Studio studio(true, 1);
  const std::uint32_t w = 512, h = 256;
  // Grey everywhere, so any other value behind is a seam.
  std::vector<std::uint8_t> grey(std::size_t{1} * w * h * 3 / 2, 128);
  std::fill_n(grey.begin(), w * h, std::uint8_t{126});
  const gpu::TextureHandle texture = studio.renderer->make_texture(gpu::TextureKind::yuv420, w, h);
  studio.renderer->update(texture, grey);
  gpu::Frame frame;
  frame.eyes = turned(kTau / 2.0, 0.0, 0.7f);
  frame.dome = gpu::Dome{.texture = texture, .layout = layout};
  const auto pictures = studio.renderer->draw_to_memory(frame, 200, 200);
  REQUIRE(pictures);
  for (const gpu::Picture& picture : *pictures) {
    int low = 255, high = 0;
    for (std::size_t i = 0; i < picture.rgba.size(); ++i) {
      if (i % 4 == 3) continue;
      low = std::min<int>(low, picture.rgba[i]);
      high = std::max<int>(high, picture.rgba[i]);
    }
    CHECK(low > 100);
    CHECK(high - low <= 1);
  }
}

TEST_CASE("half a sphere ends softly at its rim, and a turned dome turns with it") {
  Studio studio(true, 1);
  const std::uint32_t w = 256, h = 128;
  const gpu::TextureHandle texture = studio.renderer->make_texture(gpu::TextureKind::yuv420, w, h);
  studio.renderer->update(texture, clip(gpu::StereoLayout::mono, w, h));
  gpu::Frame frame;
  frame.dome = gpu::Dome{.texture = texture, .span_rad = static_cast<float>(kTau / 2.0)};
  const auto at = [&](double yaw) {
    frame.eyes = turned(yaw, 0.5, 0.05f);
    const auto pictures = studio.renderer->draw_to_memory(frame, 16, 16);
    REQUIRE(pictures);
    return pixel((*pictures)[0], 0.5, 0.5);
  };
  CHECK(alike(at(-kTau * 3.0 / 16.0), color_of(0, 0, true)));
  CHECK(alike(at(-kTau / 16.0), color_of(0, 1, true)));
  CHECK(alike(at(kTau / 16.0), color_of(0, 2, true)));
  CHECK(alike(at(kTau * 3.0 / 16.0), color_of(0, 3, true)));
  CHECK(alike(at(kTau / 2.0), {0, 0, 0}));

  frame.dome->span_rad = static_cast<float>(kTau);
  frame.dome->orientation = glm::angleAxis(static_cast<float>(-kTau / 4.0), glm::vec3(0, 1, 0));  // its centre to the right
  CHECK(alike(at(kTau / 4.0 - kTau / 8.0), color_of(0, 1, true)));
  CHECK(alike(at(kTau / 4.0 + kTau / 8.0), color_of(0, 2, true)));
}

#include "runtime/film/shrink.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>

using namespace promenade::film;

namespace {

template <class Color>
Image painted(std::uint32_t width, std::uint32_t height, Color color) {
  Image image{"p", width, height, true, {}};
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const std::uint32_t rgba = color(x, y);
      for (int shift = 24; shift >= 0; shift -= 8) image.rgba.push_back(static_cast<std::uint8_t>(rgba >> shift));
    }
  }
  return image;
}

bool near(const Image& image, std::uint32_t x, std::uint32_t y, std::uint32_t rgba) {
  for (std::size_t part = 0; part < 4; ++part) {
    const int wanted = static_cast<int>((rgba >> (24 - 8 * part)) & 255u);
    if (std::abs(image.rgba[4 * (std::size_t{y} * image.width + x) + part] - wanted) > 1) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a picture keeps its shape and never grows") {
  const auto size = [](std::uint32_t w, std::uint32_t h) {
    const Image out = shrunk(painted(w, h, [](auto, auto) { return 0x804020ffu; }), 64, 128);
    CHECK(out.rgba.size() == std::size_t{4} * out.width * out.height);
    CHECK(near(out, 0, 0, 0x804020ff));
    CHECK(near(out, out.width - 1, out.height - 1, 0x804020ff));
    return std::pair(out.width, out.height);
  };
  CHECK(size(40, 50) == std::pair(40u, 50u));
  CHECK(size(200, 300) == std::pair(64u, 96u));
  CHECK(size(300, 200) == std::pair(96u, 64u));
  CHECK(size(101, 67) == std::pair(96u, 64u));
  CHECK(size(20, 900) == std::pair(3u, 128u));
  CHECK(size(1, 900) == std::pair(1u, 128u));
}

TEST_CASE("fine stripes become their mean light, where they are") {
  // Half of the light of white is 188 as sRGB, not 128.
  const Image stripes = shrunk(painted(128, 128, [](auto x, auto y) { return y < 64 ? (x % 2 ? 0xffffffffu : 0x000000ffu) : 0xff0000ffu; }), 64, 64);
  CHECK(near(stripes, 10, 10, 0xbcbcbcff));
  CHECK(near(stripes, 63, 31, 0xbcbcbcff));
  CHECK(near(stripes, 0, 32, 0xff0000ff));
  // Three pixels over two: the middle one is shared.
  const Image shared = shrunk(painted(3, 3, [](auto x, auto) { return x == 1 ? 0xffffffffu : 0x000000ffu; }), 2, 2);
  CHECK(near(shared, 0, 0, 0x9c9c9cff));  // a third of the light
  CHECK(near(shared, 1, 1, 0x9c9c9cff));
}

TEST_CASE("what is see-through becomes black, and the picture opaque") {
  const Image out = shrunk(painted(8, 8, [](auto x, auto) { return x < 4 ? 0xffffff00u : 0xffffff80u; }), 512, 512);
  CHECK(near(out, 0, 0, 0x000000ff));
  CHECK(near(out, 7, 7, 0xbcbcbcff));
}

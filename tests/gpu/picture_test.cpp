// Pictures as files and the measure of their difference.
#include <filesystem>

#include <catch2/catch_test_macros.hpp>

#include "runtime/gpu/renderer.h"

using namespace promenade;

namespace {

gpu::Picture plain(std::uint32_t width, std::uint32_t height, std::uint8_t grey) {
  return {width, height, std::vector<std::uint8_t>(std::size_t{4} * width * height, grey)};
}

}  // namespace

TEST_CASE("a picture comes back from its PNG as it was") {
  gpu::Picture picture = plain(37, 21, 0);
  for (std::size_t i = 0; i < picture.rgba.size(); ++i) picture.rgba[i] = static_cast<std::uint8_t>(i * 7 + i / 5);
  const auto file = (std::filesystem::temp_directory_path() / "promenade-picture-test.png").string();
  REQUIRE(gpu::write_png(picture, file));
  const auto back = gpu::read_png(file);
  REQUIRE(back);
  CHECK(back->width == picture.width);
  CHECK(back->height == picture.height);
  CHECK(back->rgba == picture.rgba);
  std::filesystem::remove(file);
}

TEST_CASE("files that cannot be read or written say so") {
  const auto missing = gpu::read_png("/nonexistent/picture.png");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "picture-not-read");
  CHECK(missing.error().message.contains("/nonexistent/picture.png"));
  const auto nowhere = gpu::write_png(plain(2, 2, 9), "/nonexistent/picture.png");
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().code == "picture-not-written");
}

TEST_CASE("the difference counts pixels that a viewer would see") {
  const gpu::Picture grey = plain(40, 40, 120);
  CHECK(gpu::difference(grey, grey) == 0.0);
  CHECK(gpu::difference(grey, plain(40, 40, 124)) == 0.0);
  CHECK(gpu::difference(grey, plain(40, 40, 180)) == 1.0);
  CHECK(gpu::difference(grey, plain(41, 40, 120)) == 1.0);

  gpu::Picture half = grey;
  for (std::size_t i = half.rgba.size() / 2; i < half.rgba.size(); ++i) half.rgba[i] = 250;
  const double share = gpu::difference(grey, half);
  CHECK(share > 0.48);
  CHECK(share < 0.54);

  gpu::Picture shifted_edge = grey;
  shifted_edge.rgba[(20 * 40 + 20) * 4] = 132;  // one pixel a little off drowns in its neighbours
  CHECK(gpu::difference(grey, shifted_edge) == 0.0);
}

// Textures: PNG files that are whole, and edges that meet.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <png.h>
#include <vector>

#include "content-tools/samples/texture.h"

using namespace promenade::samples::worlds;

TEST_CASE("a texture's PNG unpacks to its pixels") {
  for (const Image& image : {glow_texture(), wood_texture()}) {
    INFO(image.name);
    const auto png = write_png(image);
    png_image head{};
    head.version = PNG_IMAGE_VERSION;
    REQUIRE(png_image_begin_read_from_memory(&head, png.data(), png.size()) != 0);
    CHECK(head.width == image.width);
    CHECK(head.height == image.height);
    CHECK(((head.format & PNG_FORMAT_FLAG_ALPHA) != 0) == image.alpha);
    head.format = PNG_FORMAT_RGBA;
    std::vector<std::uint8_t> rgba(PNG_IMAGE_SIZE(head));
    REQUIRE(png_image_finish_read(&head, nullptr, rgba.data(), 0, nullptr) != 0);
    std::size_t differing = 0;
    for (std::size_t i = 0; i < rgba.size(); ++i) differing += (image.alpha || i % 4 != 3) && rgba[i] != image.rgba[i] ? 1 : 0;
    CHECK(differing == 0);
  }
}

TEST_CASE("textures are small, and their left and right edges meet") {
  for (const Image& image : {wood_texture(), stone_texture(), plaster_texture(), paper_texture(), ground_texture(), snow_texture(), bark_texture(), water_texture()}) {
    INFO(image.name);
    CHECK(image.width <= 512);
    CHECK(image.rgba.size() == static_cast<std::size_t>(image.width) * image.height * 4);
    const auto step = [&](std::size_t from, std::size_t to) {
      double sum = 0;
      for (std::size_t y = 0; y < image.height; ++y) {
        const std::size_t channel = image.alpha ? 3 : 0;
        sum += std::abs(image.rgba[(y * image.width + from) * 4 + channel] - image.rgba[(y * image.width + to) * 4 + channel]);
      }
      return sum / image.height;
    };
    CHECK(step(image.width - 1, 0) < 3.0 + 2.0 * step(image.width / 2, image.width / 2 + 1));
  }
}

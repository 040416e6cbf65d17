// Textures: PNG files that are whole, and edges that meet.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <cstring>
#include <zlib.h>

#include "content-tools/samples/texture.h"

using namespace promenade::samples::worlds;

namespace {

std::uint32_t word_at(const promenade::base::Bytes& bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at]) << 24 | static_cast<std::uint32_t>(bytes[at + 1]) << 16 | static_cast<std::uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

}  // namespace

TEST_CASE("a PNG has its chunks, each with the right checksum, and unpacks to its rows") {
  const Image image = glow_texture();
  const auto png = write_png(image);
  std::size_t at = 8, chunks = 0;
  std::vector<std::uint8_t> raw((image.width * 4 + 1) * image.height);
  while (at + 12 <= png.size()) {
    const std::uint32_t size = word_at(png, at);
    REQUIRE(at + 12 + size <= png.size());
    CHECK(word_at(png, at + 8 + size) == crc32(0, png.data() + at + 4, size + 4));
    if (std::memcmp(png.data() + at + 4, "IDAT", 4) == 0) {
      uLongf length = raw.size();
      CHECK(uncompress(raw.data(), &length, png.data() + at + 8, size) == Z_OK);
      CHECK(length == raw.size());
    }
    at += 12 + size;
    ++chunks;
  }
  CHECK(at == png.size());
  CHECK(chunks == 3);
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

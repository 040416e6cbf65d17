#include "content-tools/samples/texture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <png.h>

#include "content-tools/samples/geometry.h"
#include "tracking/base/assert.h"

namespace promenade::samples::worlds {
namespace {

// Noise that repeats after `period` cells in u and v.
float tiled(float u, float v, int period_u, int period_v, std::uint32_t seed) {
  const auto cell = [&](int x, int y) {
    const auto wx = static_cast<std::uint32_t>(((x % period_u) + period_u) % period_u);
    const auto wy = static_cast<std::uint32_t>(((y % period_v) + period_v) % period_v);
    return hash01(wx * 7919u + wy * 104729u + seed * 2654435761u + 17u) * 2.0f - 1.0f;
  };
  const float x = u * static_cast<float>(period_u), y = v * static_cast<float>(period_v);
  const int ix = static_cast<int>(std::floor(x)), iy = static_cast<int>(std::floor(y));
  float fx = x - static_cast<float>(ix), fy = y - static_cast<float>(iy);
  fx = fx * fx * (3 - 2 * fx), fy = fy * fy * (3 - 2 * fy);
  return glm::mix(glm::mix(cell(ix, iy), cell(ix + 1, iy), fx), glm::mix(cell(ix, iy + 1), cell(ix + 1, iy + 1), fx), fy);
}

float tiled_fbm(float u, float v, int period, int octaves, std::uint32_t seed) {
  float sum = 0.0f, size = 0.5f;
  for (int i = 0; i < octaves; ++i, size *= 0.5f, period *= 2) sum += size * tiled(u, v, period, period, seed + static_cast<std::uint32_t>(i));
  return sum;
}

glm::vec4 grey(float value) { return glm::vec4(glm::vec3(std::clamp(value, 0.0f, 1.0f)), 1.0f); }

// Blocks in courses: the distance to the nearest joint and a number of the block's own.
struct Block {
  float edge = 0.0f;
  std::uint32_t number = 0;
};
Block block_at(float u, float v, int across, int down, std::uint32_t seed) {
  const float y = v * static_cast<float>(down);
  const int row = static_cast<int>(std::floor(y));
  const float shift = row % 2 ? 0.5f : 0.0f;
  const float x = u * static_cast<float>(across) + shift + 0.12f * (hash01(static_cast<std::uint32_t>(row) + seed) - 0.5f);
  const int column = static_cast<int>(std::floor(x));
  const float fx = x - static_cast<float>(column), fy = y - static_cast<float>(row);
  const float size = static_cast<float>(down) / static_cast<float>(across);
  const auto wrapped = static_cast<std::uint32_t>((column % across + across) % across);
  return {std::min(std::min(fx, 1 - fx) * size, std::min(fy, 1 - fy)), wrapped * 31u + static_cast<std::uint32_t>(row) * 977u + seed};
}

float smooth_step(float low, float high, float x) {
  const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
  return t * t * (3 - 2 * t);
}

// One leaf: 1 inside a pointed oval from `root` in direction `angle`, else 0; `vein` is the distance to its middle.
bool in_leaf(float u, float v, glm::vec2 root, float angle, float length, float width, float& vein) {
  const float dx = u - root.x, dy = v - root.y;
  const float along = (dx * std::cos(angle) + dy * std::sin(angle)) / length, across = (-dx * std::sin(angle) + dy * std::cos(angle)) / width;
  if (along < 0.0f || along > 1.0f) return false;
  vein = std::abs(across);
  return vein < std::sin(kPi * std::pow(along, 0.8f)) * 0.5f;
}

}  // namespace

base::Bytes write_png(const Image& image) {
  const std::size_t channels = image.alpha ? 4 : 3, count = static_cast<std::size_t>(image.width) * image.height;
  base::Bytes pixels(count * channels);
  for (std::size_t i = 0; i < count; ++i) std::copy_n(&image.rgba[i * 4], channels, &pixels[i * channels]);
  png_image head{};
  head.version = PNG_IMAGE_VERSION;
  head.width = image.width;
  head.height = image.height;
  head.format = image.alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(head);
  base::Bytes out(size);
  const int written = png_image_write_to_memory(&head, out.data(), &size, 0, pixels.data(), 0, nullptr);
  PROMENADE_ASSERT(written != 0);
  out.resize(size);
  return out;
}

Image paint_image(const std::string& name, std::uint32_t size, bool alpha, const std::function<glm::vec4(float, float)>& color) {
  Image image{name, size, size, alpha, {}};
  image.rgba.reserve(static_cast<std::size_t>(size) * size * 4);
  for (std::uint32_t y = 0; y < size; ++y) {
    for (std::uint32_t x = 0; x < size; ++x) {
      const glm::vec4 c = color((static_cast<float>(x) + 0.5f) / static_cast<float>(size), (static_cast<float>(y) + 0.5f) / static_cast<float>(size));
      for (int k = 0; k < 4; ++k) image.rgba.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(c[k], 0.0f, 1.0f) * 255.0f)));
    }
  }
  return image;
}

Image wood_texture() {
  return paint_image("wood", 256, false, [](float u, float v) {
    const float wave = 0.035f * tiled(u, v, 3, 4, 5);
    const float rings = tiled(u * 1.0f, v + wave, 2, 36, 11) * 0.5f + tiled(u, v + wave, 4, 90, 12) * 0.35f;
    const float pores = std::pow(std::max(0.0f, tiled(u, v, 24, 128, 13)), 3.0f);
    return grey(0.82f + 0.13f * rings - 0.2f * pores + 0.05f * tiled_fbm(u, v, 4, 2, 3));
  });
}

Image stone_texture() {
  return paint_image("stone", 256, false, [](float u, float v) {
    const float cloud = tiled_fbm(u, v, 4, 4, 21), speck = tiled(u, v, 128, 128, 22);
    const float crack = 1.0f - std::min(1.0f, std::abs(tiled_fbm(u + 0.05f * cloud, v, 3, 3, 27)) * 28.0f);
    return grey(0.84f + 0.24f * cloud + 0.06f * speck - 0.06f * crack);
  });
}

Image paving_texture(int across, int down) {
  return paint_image("paving", 512, false, [=](float u, float v) {
    const Block b = block_at(u + 0.004f * tiled(u, v, 24, 24, 40), v + 0.004f * tiled(u, v, 24, 24, 41), across, down, 42);
    const float worn = 0.07f * tiled_fbm(u, v, 8, 4, 43);
    const float joint = smooth_step(0.01f, 0.085f, b.edge + worn * 0.4f);
    const float tone = 0.72f + 0.24f * hash01(b.number) + worn * 1.6f + 0.05f * tiled(u, v, 160, 160, 44);
    const float rim = 1.0f + 0.08f * smooth_step(0.2f, 0.1f, b.edge);
    return grey(glm::mix(0.33f, tone * rim, joint));
  });
}

Image brick_texture() {
  return paint_image("brick", 256, false, [](float u, float v) {
    const Block b = block_at(u, v, 4, 12, 52);
    const float joint = smooth_step(0.06f, 0.14f, b.edge + 0.03f * tiled(u, v, 64, 64, 53));
    const float tone = 0.68f + 0.28f * hash01(b.number) + 0.12f * tiled_fbm(u, v, 16, 3, 54);
    return glm::mix(glm::vec4(0.78f, 0.76f, 0.72f, 1), glm::vec4(tone, tone * 0.98f, tone * 0.96f, 1), joint);
  });
}

Image plaster_texture() {
  return paint_image("plaster", 256, false, [](float u, float v) {
    return grey(0.9f + 0.12f * tiled_fbm(u, v, 3, 5, 61) + 0.03f * tiled(u, v, 100, 100, 62) - 0.1f * std::pow(std::max(0.0f, tiled_fbm(u, v, 4, 3, 66) * 1.8f), 2.0f));
  });
}

Image paper_texture() {
  return paint_image("paper", 256, false, [](float u, float v) {
    const float fibre = tiled(u + 0.02f * tiled(u, v, 8, 8, 3), v, 20, 96, 71) * tiled(u, v, 64, 24, 72);
    return grey(0.93f + 0.06f * fibre + 0.05f * tiled_fbm(u, v, 4, 3, 73));
  });
}

Image ground_texture() {
  return paint_image("ground", 512, false, [](float u, float v) {
    const float cloud = tiled_fbm(u, v, 4, 5, 81), fine = tiled_fbm(u, v, 48, 3, 82);
    const float tuft = std::pow(std::max(0.0f, tiled(u, v, 70, 70, 83)), 2.0f);
    const float t = 0.74f + 0.22f * cloud + 0.22f * fine + 0.2f * tuft;
    return glm::vec4(t, t * (1.0f + 0.05f * cloud), t * (0.95f - 0.1f * fine), 1.0f);
  });
}

Image snow_texture() {
  return paint_image("snow", 256, false, [](float u, float v) {
    const float soft = tiled_fbm(u, v, 3, 3, 91), grain = tiled(u, v, 128, 128, 92);
    const float t = 0.93f + 0.06f * soft + 0.025f * grain;
    return glm::vec4(t * 0.985f, t * 0.995f, std::min(1.0f, t * 1.02f), 1.0f);
  });
}

Image bark_texture() {
  return paint_image("bark", 256, false, [](float u, float v) {  // the trunk runs along u
    const float ridge = std::abs(tiled(u + 0.03f * tiled(u, v, 6, 6, 1), v, 5, 16, 101)) + 0.5f * std::abs(tiled(u, v, 12, 32, 102));
    return grey(0.5f + 0.42f * ridge + 0.12f * tiled_fbm(u, v, 8, 3, 103));
  });
}

Image water_texture() {
  return paint_image("water", 256, true, [](float u, float v) {
    const float a = tiled(u, v, 5, 9, 111) + 0.6f * tiled(u, v, 9, 17, 112), b = tiled(u, v, 7, 12, 113) + 0.5f * tiled(u, v, 15, 26, 114);
    const float line = std::pow(std::max(0.0f, 1.0f - std::abs(a - b) * 1.6f), 3.0f);
    return glm::vec4(1, 1, 1, 0.05f + 0.75f * line * std::clamp(0.5f + tiled(u, v, 3, 3, 115), 0.0f, 1.0f));
  });
}

Image glow_texture() {
  return paint_image("glow", 128, true, [](float u, float v) {
    const float d = std::min(1.0f, 2.0f * glm::length(glm::vec2(u - 0.5f, v - 0.5f)));
    return glm::vec4(1, 1, 1, 0.75f * std::pow(1.0f - d, 2.6f));
  });
}

Image leaves_texture(bool blossom) {
  return paint_image(blossom ? "blossom" : "leaves", 256, true, [=](float u, float v) {
    glm::vec4 color(blossom ? glm::vec3(0.95f, 0.82f, 0.86f) : glm::vec3(0.55f, 0.62f, 0.4f), 0.0f);
    const std::uint32_t count = blossom ? 30 : 26;
    for (std::uint32_t i = 0; i < count; ++i) {
      const float r = 0.36f * std::sqrt(hash01(i * 5 + 201)), a = 6.2832f * hash01(i * 5 + 202);
      const glm::vec2 root(0.5f + r * std::cos(a), 0.5f + r * std::sin(a));
      const float shade = 0.75f + 0.25f * hash01(i * 5 + 204);
      if (blossom) {  // five round petals
        const float d = glm::length(glm::vec2(u, v) - root), turn = std::atan2(v - root.y, u - root.x) + a * 3.0f;
        const float size = 0.075f * (0.8f + 0.2f * std::abs(std::cos(turn * 2.5f))) * (0.75f + 0.5f * hash01(i * 5 + 203));
        if (d < size) {
          const float t = d / size;
          color = glm::vec4(glm::mix(glm::vec3(0.93f, 0.5f, 0.55f), glm::vec3(1.0f, 0.9f, 0.92f), std::sqrt(t)) * (0.85f + 0.15f * shade), 1.0f);
        }
      } else {
        float vein = 0.0f;
        if (in_leaf(u, v, root, a + 1.6f * (hash01(i * 5 + 205) - 0.5f), 0.17f, 0.1f, vein)) {
          color = glm::vec4(glm::vec3(0.95f, 1.0f, 0.85f) * shade * (0.82f + 0.18f * std::min(1.0f, vein * 9.0f)), 1.0f);
        }
      }
    }
    return color;
  });
}

Image shaft_texture() {
  return paint_image("shaft", 128, true, [](float u, float v) {
    const float side = std::sin(kPi * u), dust = 0.85f + 0.15f * tiled(u, v, 12, 3, 121);
    return glm::vec4(1, 1, 1, 0.5f * std::pow(side, 1.6f) * smooth_step(0.0f, 0.12f, v) * std::pow(1.0f - v, 0.8f) * dust);
  });
}

Image grass_texture() {
  return paint_image("grass", 256, true, [](float u, float v) {
    glm::vec4 color(0.5f, 0.6f, 0.3f, 0.0f);
    for (std::uint32_t i = 0; i < 22; ++i) {
      const float root = 0.04f + 0.92f * hash01(i * 7 + 301), lean = 0.22f * (hash01(i * 7 + 302) - 0.5f), tall = 0.5f + 0.48f * hash01(i * 7 + 303);
      const float t = (1.0f - v) / tall;
      if (t > 1.0f) continue;
      const float middle = root + lean * t * t;
      if (std::abs(u - middle) < 0.021f * (1.0f - t)) color = glm::vec4(glm::vec3(0.75f, 0.9f, 0.6f) * (0.5f + 0.5f * t) * (0.75f + 0.25f * hash01(i * 7 + 304)), 1.0f);
    }
    return color;
  });
}

}  // namespace promenade::samples::worlds

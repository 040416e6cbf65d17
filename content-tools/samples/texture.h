#pragma once
// Textures painted by code, each tiling over its edges, and their PNG. Colours are sRGB; most are near white, so
// that a vertex colour tints them. Pure; the same arguments give the same bytes.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>
#include <glm/vec4.hpp>

#include "tracking/base/bytes.h"

namespace promenade::samples::worlds {

struct Image {
  std::string name;
  std::uint32_t width = 0, height = 0;
  bool alpha = false;
  std::vector<std::uint8_t> rgba;  // rows from the top
};

base::Bytes write_png(const Image& image);

Image paint_image(const std::string& name, std::uint32_t size, bool alpha, const std::function<glm::vec4(float u, float v)>& color);
Image wood_texture();                       // grain along u
Image stone_texture();                      // weathered, without joints
Image paving_texture(int across, int down); // blocks with joints, u right
Image brick_texture();
Image plaster_texture();
Image paper_texture();
Image ground_texture();                     // earth and moss
Image snow_texture();
Image bark_texture();
Image water_texture();                      // light ripples, alpha
Image glow_texture();                       // a round glow, alpha
Image leaves_texture(bool blossom);         // a spray of leaves or petals, alpha
Image shaft_texture();                      // a beam of light, fading to all sides, alpha
Image grass_texture();                      // blades from the lower edge, alpha

}  // namespace promenade::samples::worlds

#pragma once
// What stays the same at Reed Lake: the boat with the fisherman, seen once, and the reeds as three layers that sway.
// Metres from the viewer's eye: x right, y up, z behind (forward is -z). Pure.

#include <cstdint>
#include <vector>

#include "content-tools/samples/picture.h"

namespace promenade::samples {

inline constexpr float kEyeOverWater = 0.95f;

// Colour and cover of the boat for each pixel, colour not yet multiplied; rows above `top` are empty.
struct BoatView {
  int width = 0, top = 0;
  std::vector<std::uint32_t> rgba;   // a byte each, red lowest, from row `top` on
  std::vector<std::uint8_t> shade;   // darkness of the water beside the hull, likewise
  void build(int picture_width, Pool& pool);
};

// One belt of reeds round the boat. Colours are multiplied by cover.
struct ReedLayer {
  float distance = 5.0f, base_rad = 0.0f;   // elevation at which it stands in the water
  float top_rad = 0.0f;
  int width = 0, rows = 0;                  // from top_rad down to base_rad
  std::vector<std::uint32_t> rgba;          // a byte each, red lowest
  std::vector<std::uint8_t> used;           // for each row and each 32 columns: whether anything is there
  void build(int picture_width, int number, float distance_m, float tallest_m);
  // Lays one row of it, at this elevation, on `out`: each column moved by sway[x] (pixels at the top, less below),
  // colours turned by light and air.
  void draw(float elevation_rad, const float* sway, Color light, Color air, float haze, Row out) const;
};

}  // namespace promenade::samples

#pragma once
// The ground of Slow Planet: a height field round the viewer on a planet so small that it curves away within sight.
// Metres; x to the right, z behind (forward is -z), heights against the ground under the viewer. Pure.

#include <array>
#include <cstdint>
#include <vector>

#include "content-tools/samples/picture.h"

namespace promenade::samples {

inline constexpr float kEyeHeight = 1.2f;
inline constexpr float kPlanetRadius = 900.0f;
inline constexpr float kHighTide = -0.62f;

float ground_height(float x, float z);  // without the planet's curve
Color ground_color(float x, float z, float height, float steep);

// How high the land stands against the sky towards the sun, as the sun goes round: for shadows of mountains.
class SunHorizon {
 public:
  static constexpr int kAround = 256, kOut = 96, kTimes = 27;
  static constexpr float kFirstS = 7.0f, kStepS = 2.0f;
  void build(Pool& pool, float (*sun_azimuth)(float time_s));
  // Light 0..1 on each cell of the polar grid for a sun at this height.
  void light(float time_s, float sun_elevation, std::vector<float>& out) const;
  static float ring(float distance_m);  // row of the grid, between rows

 private:
  std::vector<float> tangent_;  // [time][ring][around]
};

// What one eye sees of the ground, a value for each pixel. Stereo by tangent circles: each column is seen from a point
// `eye_offset_m` to the right of the axis (Peleg, Ben-Ezra and Pritch 2001).
struct GroundView {
  int width = 0, height = 0, top = 0, bottom = 0;     // rows above `top` hold no ground, from `bottom` on no sky
  std::vector<float> skyline;                         // for each column the row, between pixels, where ground begins
  std::vector<std::uint8_t> albedo[3];
  std::vector<std::int8_t> normal[3];
  std::vector<float> distance, level;                 // metres; height without the curve (of the bed, under water)
  std::vector<std::uint16_t> ring;                    // SunHorizon::ring(distance) * 512
  std::vector<std::uint8_t> haze;                     // share of the air's colour, 255 all
  void build(int picture_width, float eye_offset_m, Pool& pool);
  std::size_t at(int y) const { return static_cast<std::size_t>(y) * static_cast<std::size_t>(width); }
};

}  // namespace promenade::samples

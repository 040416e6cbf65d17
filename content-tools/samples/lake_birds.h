#pragma once
// The heron of Reed Lake as strokes in her own picture plane: metres right of and above her feet. Pure.

#include <vector>

#include "content-tools/samples/picture.h"

namespace promenade::samples {

struct Stroke {  // a tapering line
  float ax, ay, ar, bx, by, br;
  Color color;
  bool flat = false;  // lit evenly
};

// Ink of strokes at a point: how much they cover it and their colour. `soft`: width of their edge.
struct Ink {
  float cover = 0.0f;
  Color color;
};
Ink ink_at(const std::vector<Stroke>& strokes, float x, float y, float soft);

// Standing, striking (about 24 s into the film), swallowing, and from kHeronLeavesS on in the air.
inline constexpr float kHeronStrikesS = 24.0f, kHeronLeavesS = 52.8f, kHeronGoneS = 66.0f;
std::vector<Stroke> heron(float time_s);

}  // namespace promenade::samples

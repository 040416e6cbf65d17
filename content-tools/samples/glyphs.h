#pragma once
// Chinese characters as small pictures, drawn by ffmpeg's drawtext in Noto Serif CJK. Blocking, under a second. Where
// ffmpeg or the font is missing the pictures are empty: a film then lacks its writing and nothing else.

#include <cstdint>
#include <string>
#include <vector>

namespace promenade::samples {

struct Glyphs {
  int columns = 0, rows = 0, cell = 0;  // characters across and down; pixels a character
  std::vector<std::uint8_t> grey;       // columns * cell by rows * cell, ink 255

  // Ink 0..1 at (u, v) in characters from the top left, between pixels; round about in u, nothing beyond the rows.
  float ink(float u, float v) const;
};

// Each line holds as many full-width characters as the first.
Glyphs draw_glyphs(const std::vector<std::string>& lines, int cell);

}  // namespace promenade::samples

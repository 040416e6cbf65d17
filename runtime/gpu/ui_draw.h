#pragma once
// Triangles of a flat user interface, as plain values: what runtime/ui makes and the renderer paints into a texture.
// Pixels from the top left; colours sRGB, straight alpha, red in the low byte.

#include <cstdint>
#include <vector>

#include <glm/ext/vector_float2.hpp>

namespace promenade::gpu {

struct UiVertex {
  glm::vec2 position;
  glm::vec2 uv;
  std::uint32_t color = 0;
};
struct UiCommand {  // indices [first, first + count) with one clip rectangle
  std::uint32_t first = 0, count = 0;
  glm::vec2 clip_low, clip_high;
  std::uint32_t texture = 0;                      // 0: the font atlas; else a TextureHandle (posters)
};
struct UiDraw {
  std::uint32_t surface = 0;                      // each surface has a texture of its own: menu, subtitle, a notice...
  std::uint32_t width_px = 0, height_px = 0;
  std::vector<UiVertex> vertices;
  std::vector<std::uint32_t> indices;
  std::vector<UiCommand> commands;
  std::uint32_t atlas_revision = 0;               // rises when the atlas below has changed; all surfaces share one atlas
  std::uint32_t atlas_width = 0, atlas_height = 0;
  std::vector<std::uint8_t> atlas_alpha;          // one byte a pixel
  std::uint32_t background = 0;                   // cleared to; alpha 0 lets the world be seen
};

}  // namespace promenade::gpu

#pragma once
// Paints flat user interfaces: into the texture of a surface, or straight into an image of one layer. Frame thread.

#include <cstdint>
#include <map>

#include "runtime/gpu/pipelines.h"
#include "runtime/gpu/renderer.h"
#include "runtime/gpu/slots.h"
#include "runtime/gpu/textures.h"
#include "runtime/gpu/ui_draw.h"

namespace promenade::gpu {

class UiPainter {
 public:
  UiPainter(Device& device, const Layouts& layouts, Pipelines& pipelines, Slots& slots, Textures& textures)
      : device_(device), layouts_(layouts), pipelines_(pipelines), slots_(slots), textures_(textures) {}
  TextureHandle paint(const UiDraw& ui);          // 0 where the device was lost or the picture has no size
  bool paint(const UiDraw& ui, const Target& target);  // false: the device was lost

 private:
  void take_atlas(const UiDraw& ui);
  void record(Slot& slot, const UiDraw& ui, VkImageView view, VkFormat format);

  Device& device_;
  const Layouts& layouts_;
  Pipelines& pipelines_;
  Slots& slots_;
  Textures& textures_;
  struct Surface { TextureHandle texture = 0; std::uint32_t width = 0, height = 0; };
  std::map<std::uint32_t, Surface> surfaces_;
  TextureHandle atlas_ = 0;
  std::uint32_t atlas_revision_ = 0, atlas_width_ = 0, atlas_height_ = 0;
};

}  // namespace promenade::gpu

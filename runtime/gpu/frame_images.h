#pragma once
// The images a frame is drawn through, remade when the size changes: many-sampled colour and depth of two layers, the
// shadow map; and the image from which a frame goes to memory. Frame thread.

#include <array>
#include <cstdint>
#include <map>
#include <tuple>

#include "runtime/gpu/memory.h"
#include "runtime/gpu/pipelines.h"
#include "runtime/gpu/renderer.h"

namespace promenade::gpu {

// Views of an image of two layers: both at once, and each alone.
struct LayerViews {
  View both;
  std::array<View, 2> each;
};
LayerViews layer_views(VkDevice device, VkImage image, VkFormat format, VkImageAspectFlags aspect);

struct PassImages {
  std::uint32_t width = 0, height = 0;
  PassKind kind;
  ImageMemory color, depth;                       // colour: none where the target itself has as many samples
  LayerViews color_views, depth_views;
};
PassImages make_pass_images(Device& device, const PassKind& kind, std::uint32_t width, std::uint32_t height);

struct ShadowMap {
  ImageMemory image;
  View view;
  SamplerHandle sampler;                          // compares
  std::uint32_t size = 0;
};
ShadowMap make_shadow_map(Device& device, std::uint32_t size);

struct MemoryTarget {
  std::uint32_t width = 0, height = 0;
  ImageMemory image;
  Buffer bytes;
  bool fresh = true;                              // its layout is still undefined
};
MemoryTarget make_memory_target(Device& device, std::uint32_t width, std::uint32_t height);

}  // namespace promenade::gpu

#pragma once
// The images a frame is drawn through, remade when the size changes: many-sampled colour and depth of a layer for each eye, the
// shadow map; and the image from which a frame goes to memory. Frame thread.

#include <array>
#include <cstdint>
#include <map>
#include <tuple>

#include "runtime/gpu/memory.h"
#include "runtime/gpu/pipelines.h"
#include "runtime/gpu/renderer.h"

namespace promenade::gpu {

// Views of an image of one or two layers: all at once, and each alone.
struct LayerViews {
  View both;
  std::array<View, 2> each;
};
LayerViews layer_views(VkDevice device, VkImage image, VkFormat format, VkImageAspectFlags aspect, std::uint32_t layers);

struct PassImages {
  std::uint32_t width = 0, height = 0, layers = 0;
  PassKind kind;
  ImageMemory color, depth;                       // colour: none where the target itself has as many samples
  LayerViews color_views, depth_views;
};
PassImages make_pass_images(Device& device, const PassKind& kind, std::uint32_t width, std::uint32_t height, std::uint32_t layers);

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

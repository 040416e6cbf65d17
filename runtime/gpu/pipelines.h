#pragma once
// Layouts of what shaders are given, and the pipelines, made when a format and a number of samples is first seen. Cull
// mode, front face and depth tests are dynamic, so that few pipelines do. Frame thread.

#include <array>
#include <cstdint>
#include <map>
#include <memory>

#include "runtime/gpu/memory.h"

namespace promenade::gpu {

struct Layouts {
  explicit Layouts(Device& device);
  SetLayout textures, frame, model;               // sets 0, 1, 2
  PipelineLayout pipeline;
};
inline constexpr std::uint32_t kPushBytes = 128;
inline constexpr VkShaderStageFlags kPushStages = VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT;

struct PassKind {
  VkFormat format = VK_FORMAT_R8G8B8A8_SRGB;
  VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT;
  std::uint32_t views = 0;                        // mask; 0: one view a pass
  auto operator<=>(const PassKind&) const = default;
};

enum class Fill : std::uint8_t { opaque, mask, blend };

struct PassPipelines {
  std::array<std::array<PipelineHandle, 3>, 2> mesh;  // [deforms][Fill]
  PipelineHandle sky, dome, overlay, figure_depth, figure;
};
struct ShadowPipelines {
  std::array<std::array<PipelineHandle, 2>, 2> mesh;  // [deforms][masked]
};

class Pipelines {
 public:
  Pipelines(Device& device, const Layouts& layouts) : device_(device), layouts_(layouts) {}
  const PassPipelines& pass(const PassKind& kind);
  const ShadowPipelines& shadow();
  VkPipeline paint(VkFormat format);

 private:
  Device& device_;
  const Layouts& layouts_;
  std::map<PassKind, PassPipelines> passes_;
  std::map<VkFormat, PipelineHandle> paints_;
  std::unique_ptr<ShadowPipelines> shadow_;
};

bool encodes_itself(VkFormat format);             // an sRGB format: the hardware encodes

// One vertex of what lies over the world.
struct OverlayVertex {
  float position[3];
  float uv[2];
  float color[4];
  float shape[4];
  std::uint32_t kind;
};
struct FigureVertex { float position[3], normal[3], face; };

// Vertex streams of a mesh: positions alone for the shadow's sake, the rest packed.
struct PackedVertex {
  std::int16_t normal[4], tangent[4];
  float uv[2];
  std::uint16_t color[4];                         // half floats
};
struct PackedSkin { std::uint16_t joints[4], weights[4]; };

}  // namespace promenade::gpu

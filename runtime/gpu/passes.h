#pragma once
// Records a frame's two passes: the shadow map, then everything else for both eyes. Frame thread.

#include <cstdint>
#include <optional>

#include "runtime/gpu/frame_images.h"
#include "runtime/gpu/overlays.h"
#include "runtime/gpu/pipelines.h"
#include "runtime/gpu/scene.h"
#include "runtime/gpu/slots.h"
#include "runtime/gpu/textures.h"

namespace promenade::gpu {

struct PassInput {
  const Frame& frame;
  const Scene& scene;
  const Overlays& overlays;
  const Layouts& layouts;
  const PassPipelines& pipelines;
  const ShadowPipelines& shadow_pipelines;
  const Textures& textures;
  const ShadowMap& shadow_map;
  VkBuffer figures = VK_NULL_HANDLE;              // figure_mesh()
  std::uint32_t figure_vertices = 0;
  Piece overlay_vertices;
};

class Recorder {
 public:
  Recorder(Slot& slot, const PassInput& input) : in_(input), commands_(slot.commands), frame_set_(slot.frame_set) {}
  void shadow();
  // `eye`: the one that is drawn where one view is drawn at a time. Within a begun rendering.
  void eyes(std::uint32_t eye);
  std::uint32_t draws() const { return draws_; }

 private:
  void state(VkCullModeFlags cull, bool tests, bool writes, VkCompareOp compare);
  void bind(VkPipeline pipeline);
  void meshes(const std::vector<Draw>& list, bool blended);
  void mesh(const Draw& draw);
  void background();
  void dome(const Dome& dome);
  void overlay(Range range, float strength, float nearer);
  void floor_and_figures();
  void figures(VkPipeline pipeline, float strength);

  const PassInput& in_;
  VkCommandBuffer commands_;
  VkDescriptorSet frame_set_;
  VkPipeline bound_ = VK_NULL_HANDLE;
  const GpuModel* bound_model_ = nullptr;
  std::uint32_t eye_ = 0, draws_ = 0;
};

}  // namespace promenade::gpu

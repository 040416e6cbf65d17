#include "runtime/gpu/passes.h"

#include <algorithm>

#include <glm/gtc/quaternion.hpp>

namespace promenade::gpu {

namespace {

constexpr auto kGraphics = VK_PIPELINE_BIND_POINT_GRAPHICS;
constexpr float kHiddenStrength = 0.28f;          // of safety pictures behind the world
constexpr float kNearer = 1.03f;

struct MeshPush {
  std::uint32_t eye, material, spare[2];
  glm::vec4 tint;
};
struct DomePush {
  std::uint32_t eye, texture, planes, layout;
  glm::vec4 turn_x, turn_y, turn_z;
};
struct OverlayPush {
  std::uint32_t eye;
  float strength, nearer, spare;
  glm::vec4 place, size, color;
};
static_assert(sizeof(DomePush) <= kPushBytes && sizeof(OverlayPush) <= kPushBytes);

}  // namespace

void Recorder::state(VkCullModeFlags cull, bool tests, bool writes, VkCompareOp compare) {
  vkCmdSetCullMode(commands_, cull);
  vkCmdSetFrontFace(commands_, VK_FRONT_FACE_COUNTER_CLOCKWISE);
  vkCmdSetDepthTestEnable(commands_, tests);
  vkCmdSetDepthWriteEnable(commands_, writes);
  vkCmdSetDepthCompareOp(commands_, compare);
}

void Recorder::bind(VkPipeline pipeline) {
  if (bound_ != pipeline) vkCmdBindPipeline(commands_, kGraphics, pipeline);
  bound_ = pipeline;
}

void Recorder::mesh(const Draw& draw) {
  if (bound_model_ != draw.model) {
    const GpuModel& m = *draw.model;
    const VkBuffer buffers[]{m.positions.get(), m.attributes.get(), m.skins.get()};
    const VkDeviceSize offsets[]{0, 0, 0};
    vkCmdBindVertexBuffers(commands_, 0, 3, buffers, offsets);
    vkCmdBindIndexBuffer(commands_, m.indices.get(), 0, VK_INDEX_TYPE_UINT32);
    vkCmdBindDescriptorSets(commands_, kGraphics, in_.layouts.pipeline.get(), 2, 1, &m.set, 0, nullptr);
    bound_model_ = draw.model;
  }
  vkCmdSetCullMode(commands_, draw.double_sided ? VK_CULL_MODE_NONE : VK_CULL_MODE_BACK_BIT);
  vkCmdSetFrontFace(commands_, draw.mirrored ? VK_FRONT_FACE_CLOCKWISE : VK_FRONT_FACE_COUNTER_CLOCKWISE);
  const GpuPrimitive& p = *draw.primitive;
  const MeshPush push{eye_, p.material, {}, draw.tint};
  vkCmdPushConstants(commands_, in_.layouts.pipeline.get(), kPushStages, 0, sizeof push, &push);
  vkCmdDrawIndexed(commands_, p.index_count, draw.instances, p.first_index, static_cast<std::int32_t>(p.first_vertex), draw.first_instance);
  ++draws_;
}

void Recorder::shadow() {
  const VkDescriptorSet sets[]{in_.textures.set(), frame_set_};
  vkCmdBindDescriptorSets(commands_, kGraphics, in_.layouts.pipeline.get(), 0, 2, sets, 0, nullptr);
  state(VK_CULL_MODE_BACK_BIT, true, true, VK_COMPARE_OP_LESS_OR_EQUAL);
  vkCmdSetDepthBias(commands_, 1.0f, 0.0f, 1.6f);
  for (const Draw& draw : in_.scene.casters()) {
    bind(in_.shadow_pipelines.mesh[draw.deforms][draw.fill == Fill::mask].get());
    mesh(draw);
  }
}

void Recorder::meshes(const std::vector<Draw>& list, bool blended) {
  if (list.empty()) return;
  state(VK_CULL_MODE_BACK_BIT, true, !blended, VK_COMPARE_OP_GREATER_OR_EQUAL);
  for (const Draw& draw : list) {
    if (blended) vkCmdSetDepthWriteEnable(commands_, draw.ghost);  // a ghost's own far side stays hidden
    bind(in_.pipelines.mesh[draw.deforms][static_cast<std::size_t>(draw.fill)].get());
    mesh(draw);
  }
}

void Recorder::background() {
  bind(in_.pipelines.sky.get());
  const MeshPush push{eye_, 0, {}, glm::vec4(1.0f)};
  vkCmdPushConstants(commands_, in_.layouts.pipeline.get(), kPushStages, 0, sizeof push, &push);
  state(VK_CULL_MODE_NONE, true, false, VK_COMPARE_OP_GREATER_OR_EQUAL);
  vkCmdDraw(commands_, 3, 1, 0, 0);
  ++draws_;
}

void Recorder::dome(const Dome& d) {
  if (d.opacity <= 0.0f) return;
  const TextureLook look = in_.textures.look(d.texture);
  const glm::mat3 stage_from_picture = glm::mat3_cast(d.orientation);
  const DomePush push{eye_, look.first, look.planes, static_cast<std::uint32_t>(d.layout), glm::vec4(stage_from_picture[0], d.span_rad),
                      glm::vec4(stage_from_picture[1], std::min(d.opacity, 1.0f)), glm::vec4(stage_from_picture[2], 0.0f)};
  bind(in_.pipelines.dome.get());
  state(VK_CULL_MODE_NONE, true, false, VK_COMPARE_OP_GREATER_OR_EQUAL);
  vkCmdPushConstants(commands_, in_.layouts.pipeline.get(), kPushStages, 0, sizeof push, &push);
  vkCmdDraw(commands_, 3, 1, 0, 0);
  ++draws_;
}

void Recorder::overlay(Range range, float strength, float nearer) {
  if (range.count == 0) return;
  bind(in_.pipelines.overlay.get());
  const OverlayPush push{eye_, strength, nearer, 0.0f, {}, {}, {}};
  vkCmdPushConstants(commands_, in_.layouts.pipeline.get(), kPushStages, 0, sizeof push, &push);
  vkCmdBindVertexBuffers(commands_, 0, 1, &in_.overlay_vertices.buffer, &in_.overlay_vertices.offset);
  vkCmdDraw(commands_, range.count, 1, range.first, 0);
  ++draws_;
}

void Recorder::figures(VkPipeline pipeline, float strength) {
  bind(pipeline);
  const VkDeviceSize offset = 0;
  vkCmdBindVertexBuffers(commands_, 0, 1, &in_.figures, &offset);
  for (const Figure& f : in_.frame.figures) {
    const OverlayPush push{eye_, strength, 1.0f, 0.0f, glm::vec4(f.floor, f.yaw_rad), {f.radius_m, f.height_m, 0.0f, 0.0f}, f.color};
    vkCmdPushConstants(commands_, in_.layouts.pipeline.get(), kPushStages, 0, sizeof push, &push);
    vkCmdDraw(commands_, in_.figure_vertices, 1, 0, 0);
    ++draws_;
  }
}

// Each twice: where the world hides it fainter, else whole. Figures first lay down their depth, so that of a translucent
// body only the nearest surface is seen.
void Recorder::floor_and_figures() {
  if (in_.overlays.floor().count > 0) {
    state(VK_CULL_MODE_NONE, true, false, VK_COMPARE_OP_LESS);
    overlay(in_.overlays.floor(), kHiddenStrength, kNearer);
    state(VK_CULL_MODE_NONE, true, false, VK_COMPARE_OP_GREATER_OR_EQUAL);
    overlay(in_.overlays.floor(), 1.0f, kNearer);
  }
  if (in_.frame.figures.empty()) return;
  state(VK_CULL_MODE_BACK_BIT, true, false, VK_COMPARE_OP_LESS);
  figures(in_.pipelines.figure.get(), kHiddenStrength);
  state(VK_CULL_MODE_BACK_BIT, true, true, VK_COMPARE_OP_GREATER_OR_EQUAL);
  figures(in_.pipelines.figure_depth.get(), 1.0f);
  state(VK_CULL_MODE_BACK_BIT, true, false, VK_COMPARE_OP_GREATER_OR_EQUAL);
  figures(in_.pipelines.figure.get(), 1.0f);
}

void Recorder::eyes(std::uint32_t eye) {
  const VkDescriptorSet sets[]{in_.textures.set(), frame_set_};
  vkCmdBindDescriptorSets(commands_, kGraphics, in_.layouts.pipeline.get(), 0, 2, sets, 0, nullptr);
  eye_ = eye;
  bound_ = VK_NULL_HANDLE;
  bound_model_ = nullptr;
  meshes(in_.scene.solid(), false);
  const bool covered = in_.frame.dome && in_.frame.dome->opacity >= 1.0f;
  if (!covered && !in_.frame.see_through) background();
  if (in_.frame.dome) dome(*in_.frame.dome);
  meshes(in_.scene.blended(), true);
  floor_and_figures();
  if (in_.overlays.flat().count > 0) {
    state(VK_CULL_MODE_NONE, true, false, VK_COMPARE_OP_GREATER_OR_EQUAL);
    overlay(in_.overlays.flat(), 1.0f, 1.0f);
  }
  if (in_.overlays.over_all().count > 0) {
    state(VK_CULL_MODE_NONE, false, false, VK_COMPARE_OP_ALWAYS);
    overlay(in_.overlays.over_all(), 1.0f, 1.0f);
  }
}

}  // namespace promenade::gpu

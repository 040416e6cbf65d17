#include "runtime/gpu/ui_painter.h"

#include <algorithm>
#include <cmath>

#include <glm/common.hpp>

namespace promenade::gpu {

namespace {

struct Push { float pixel[2]; std::uint32_t texture, mode; };

// A byte of sRGB as light (IEC 61966-2-1).
float light_of(std::uint32_t byte) {
  const float c = static_cast<float>(byte & 255u) / 255.0f;
  return c <= 0.04045f ? c / 12.92f : std::pow((c + 0.055f) / 1.055f, 2.4f);
}

VkClearColorValue cleared(std::uint32_t color, bool encodes) {
  const float alpha = static_cast<float>(color >> 24) / 255.0f;
  const auto part = [&](std::uint32_t shift) {
    return (encodes ? light_of(color >> shift) : static_cast<float>((color >> shift) & 255u) / 255.0f) * alpha;
  };
  return {{part(0), part(8), part(16), alpha}};
}

}  // namespace

void UiPainter::take_atlas(const UiDraw& ui) {
  const std::size_t size = std::size_t{1} * ui.atlas_width * ui.atlas_height;
  if (size == 0 || ui.atlas_alpha.size() != size) return;
  const bool same_size = atlas_ != 0 && ui.atlas_width == atlas_width_ && ui.atlas_height == atlas_height_;
  if (same_size && ui.atlas_revision == atlas_revision_) return;
  if (!same_size) {
    textures_.release(atlas_);
    atlas_ = textures_.make(TextureKind::alpha, ui.atlas_width, ui.atlas_height);
  }
  textures_.update(atlas_, ui.atlas_alpha);
  atlas_revision_ = ui.atlas_revision;
  atlas_width_ = ui.atlas_width;
  atlas_height_ = ui.atlas_height;
}

TextureHandle UiPainter::paint(const UiDraw& ui) {
  if (ui.width_px == 0 || ui.height_px == 0) return 0;
  Slot* slot = slots_.begin(Work::paint);
  if (!slot) return 0;
  Surface& surface = surfaces_[ui.surface];
  if (surface.texture == 0 || surface.width != ui.width_px || surface.height != ui.height_px) {
    textures_.release(surface.texture);
    surface = {textures_.make(TextureKind::rgba_srgb, ui.width_px, ui.height_px), ui.width_px, ui.height_px};
  }
  take_atlas(ui);
  textures_.flush(*slot);
  if (surface.texture != 0) {
    const auto painted = textures_.paintable(surface.texture);
    barrier(slot->commands, {{painted.image, VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                              VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT | VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT, 0, VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
                              VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT, VK_IMAGE_ASPECT_COLOR_BIT, 0, 1}});
    record(*slot, ui, painted.view, VK_FORMAT_R8G8B8A8_SRGB);
    Textures::finish_painting(slot->commands, painted);
  }
  return slots_.submit(*slot) ? surface.texture : 0;
}

bool UiPainter::paint(const UiDraw& ui, const Target& target) {
  Slot* slot = slots_.begin(Work::paint);
  if (!slot) return false;
  take_atlas(ui);
  textures_.flush(*slot);
  constexpr auto kOutput = VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT;
  constexpr auto kColor = VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT;
  const VkImageLayout kept = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
  barrier(slot->commands, {{target.image, kept, kept, kOutput, VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT, kOutput, kColor}});
  View view = view_of(device_.handle(), target.image, target.format, 0, 1, 1, false);
  record(*slot, ui, view.get(), target.format);
  barrier(slot->commands, {{target.image, kept, kept, kOutput, VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT, VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT,
                            VK_ACCESS_2_MEMORY_READ_BIT | VK_ACCESS_2_MEMORY_WRITE_BIT}});  // as Renderer::draw
  slots_.retire(std::move(view));
  return slots_.submit(*slot);
}

void UiPainter::record(Slot& slot, const UiDraw& ui, VkImageView view, VkFormat format) {
  const VkCommandBuffer commands = slot.commands;
  const bool encodes = encodes_itself(format);
  VkRenderingAttachmentInfo color{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO, nullptr, view, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_RESOLVE_MODE_NONE,
                                  VK_NULL_HANDLE, VK_IMAGE_LAYOUT_UNDEFINED, VK_ATTACHMENT_LOAD_OP_CLEAR, VK_ATTACHMENT_STORE_OP_STORE, {}};
  color.clearValue.color = cleared(ui.background, encodes);
  const VkRenderingInfo rendering{VK_STRUCTURE_TYPE_RENDERING_INFO, nullptr, 0, {{0, 0}, {ui.width_px, ui.height_px}}, 1, 0, 1, &color, nullptr, nullptr};
  vkCmdBeginRendering(commands, &rendering);
  if (!ui.indices.empty() && !ui.vertices.empty()) {
    const Piece vertices = slot.arena.put(ui.vertices.data(), ui.vertices.size());
    const Piece indices = slot.arena.put(ui.indices.data(), ui.indices.size());
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipelines_.paint(format));
    const VkDescriptorSet set = textures_.set();
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, layouts_.pipeline.get(), 0, 1, &set, 0, nullptr);
    const VkViewport viewport{0.0f, 0.0f, static_cast<float>(ui.width_px), static_cast<float>(ui.height_px), 0.0f, 1.0f};
    vkCmdSetViewport(commands, 0, 1, &viewport);
    vkCmdSetCullMode(commands, VK_CULL_MODE_NONE);
    vkCmdSetFrontFace(commands, VK_FRONT_FACE_COUNTER_CLOCKWISE);
    vkCmdSetDepthTestEnable(commands, VK_FALSE);
    vkCmdSetDepthWriteEnable(commands, VK_FALSE);
    vkCmdSetDepthCompareOp(commands, VK_COMPARE_OP_ALWAYS);
    vkCmdBindVertexBuffers(commands, 0, 1, &vertices.buffer, &vertices.offset);
    vkCmdBindIndexBuffer(commands, indices.buffer, indices.offset, VK_INDEX_TYPE_UINT32);
    for (const UiCommand& command : ui.commands) {
      const glm::vec2 size(ui.width_px, ui.height_px);
      const glm::vec2 low = glm::clamp(command.clip_low, glm::vec2(0.0f), size), high = glm::clamp(command.clip_high, low, size);
      if (high.x - low.x < 1.0f || high.y - low.y < 1.0f || command.count == 0) continue;
      const VkRect2D clip{{static_cast<std::int32_t>(low.x), static_cast<std::int32_t>(low.y)},
                          {static_cast<std::uint32_t>(high.x - low.x), static_cast<std::uint32_t>(high.y - low.y)}};
      vkCmdSetScissor(commands, 0, 1, &clip);
      const TextureLook look = textures_.look(command.texture == 0 ? atlas_ : command.texture);
      const std::uint32_t mode = (command.texture == 0 ? 0u : look.premultiplied ? 2u : 1u) + (encodes ? 0u : 4u);
      const Push push{{2.0f / size.x, 2.0f / size.y}, look.first, mode};
      vkCmdPushConstants(commands, layouts_.pipeline.get(), kPushStages, 0, sizeof push, &push);
      vkCmdDrawIndexed(commands, command.count, 1, command.first, 0, 0);
    }
  }
  vkCmdEndRendering(commands);
}

}  // namespace promenade::gpu

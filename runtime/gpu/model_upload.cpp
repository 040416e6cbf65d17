#include <algorithm>
#include <cmath>
#include <cstring>

#include <glm/geometric.hpp>
#include <glm/gtc/packing.hpp>

#include "runtime/gpu/models.h"
#include "runtime/gpu/pipelines.h"

namespace promenade::gpu {

namespace {

std::int16_t snorm(float v) { return static_cast<std::int16_t>(std::lround(std::clamp(v, -1.0f, 1.0f) * 32767.0f)); }
std::uint16_t unorm(float v) { return static_cast<std::uint16_t>(std::lround(std::clamp(v, 0.0f, 1.0f) * 65535.0f)); }

PackedVertex packed(const film::Vertex& v) {
  PackedVertex p{};
  for (int i = 0; i < 3; ++i) {
    p.normal[i] = snorm(v.normal[i]);
    p.tangent[i] = snorm(v.tangent[i]);
  }
  p.tangent[3] = snorm(v.tangent.w < 0.0f ? -1.0f : 1.0f);
  p.uv[0] = v.uv.x;
  p.uv[1] = v.uv.y;
  for (int i = 0; i < 4; ++i) p.color[i] = glm::packHalf1x16(v.color[i]);
  return p;
}

PackedSkin packed_skin(const film::Vertex& v) {
  PackedSkin p{};
  for (std::size_t i = 0; i < 4; ++i) {
    p.joints[i] = v.joints[i];
    p.weights[i] = unorm(v.weights[static_cast<int>(i)]);
  }
  return p;
}

template <class T>
void copy(Slot& slot, const Piece& from, const Buffer& to, std::size_t first, std::size_t count) {
  const VkBufferCopy region{from.offset, first * sizeof(T), count * sizeof(T)};
  if (count > 0) vkCmdCopyBuffer(slot.commands, from.buffer, to.get(), 1, &region);
}

struct Six { float v[6]; };
struct Three { float v[3]; };

}  // namespace

// What one primitive takes on the device, counted against the frame's budget.
std::size_t Models::copy_primitive(Slot& slot, GpuModel& model, std::uint32_t index) {
  const GpuPrimitive& made = model.primitives[index];
  const auto mesh = static_cast<std::size_t>(std::ranges::upper_bound(model.first_primitive, index) - model.first_primitive.begin()) - 1;
  const film::Primitive& p = model.source->meshes[mesh].primitives[index - model.first_primitive[mesh]];
  const std::size_t n = p.vertices.size();

  const auto positions = slot.arena.take(n * sizeof(Three)), attributes = slot.arena.take(n * sizeof(PackedVertex));
  auto* position = reinterpret_cast<Three*>(positions.at);
  auto* attribute = reinterpret_cast<PackedVertex*>(attributes.at);
  for (std::size_t i = 0; i < n; ++i) {
    position[i] = {{p.vertices[i].position.x, p.vertices[i].position.y, p.vertices[i].position.z}};
    attribute[i] = packed(p.vertices[i]);
  }
  copy<Three>(slot, positions, model.positions, made.first_vertex, n);
  copy<PackedVertex>(slot, attributes, model.attributes, made.first_vertex, n);
  if (made.skinned) {
    const auto skins = slot.arena.take(n * sizeof(PackedSkin));
    std::ranges::transform(p.vertices, reinterpret_cast<PackedSkin*>(skins.at), packed_skin);
    copy<PackedSkin>(slot, skins, model.skins, made.first_vertex, n);
  }
  const auto indices = slot.arena.put(p.indices.data(), p.indices.size());
  copy<std::uint32_t>(slot, indices, model.indices, made.first_index, p.indices.size());
  if (!p.targets.empty()) {
    const auto deltas = slot.arena.take(n * p.targets.size() * sizeof(Six));
    auto* delta = reinterpret_cast<Six*>(deltas.at);
    for (const auto& target : p.targets) {
      for (const film::MorphDelta& d : target) *delta++ = {{d.position.x, d.position.y, d.position.z, d.normal.x, d.normal.y, d.normal.z}};
    }
    copy<Six>(slot, deltas, model.deltas, made.first_delta, n * p.targets.size());
  }
  return n * (sizeof(Three) + sizeof(PackedVertex) + p.targets.size() * sizeof(Six)) + p.indices.size() * 4;
}

std::size_t Models::copy_rows(Slot& slot, GpuModel& model, Piece& piece, std::size_t budget) {
  constexpr auto kCopy = VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT;
  const film::Image& image = model.source->images[piece.index];
  const VkImage target = model.images[piece.index].get();
  if (piece.row == 0) {
    barrier(slot.commands, {{target, VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, kCopy, 0, kCopy,
                             VK_ACCESS_2_TRANSFER_WRITE_BIT, VK_IMAGE_ASPECT_COLOR_BIT, 0, 1}});
  }
  const std::size_t stride = std::size_t{4} * image.width;
  const auto rows = static_cast<std::uint32_t>(std::clamp<std::size_t>(budget / stride, 1, image.height - piece.row));
  const auto staged = slot.arena.put(image.rgba.data() + piece.row * stride, rows * stride);
  const VkBufferImageCopy region{staged.offset, 0, 0, {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1}, {0, static_cast<std::int32_t>(piece.row), 0}, {image.width, rows, 1}};
  vkCmdCopyBufferToImage(slot.commands, staged.buffer, target, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
  piece.row += rows;
  if (piece.row == image.height) {
    barrier(slot.commands, {{target, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, kCopy,
                             VK_ACCESS_2_TRANSFER_WRITE_BIT, kCopy, VK_ACCESS_2_TRANSFER_READ_BIT, VK_IMAGE_ASPECT_COLOR_BIT, 0, 1}});
    record_levels(slot.commands, target, image.width, image.height, levels_of(image.width, image.height));
  }
  return rows * stride;
}

bool Models::pump(Slot& slot, std::size_t budget) {
  std::size_t used = 0;
  while (!queue_.empty() && used < budget) {
    Piece& piece = queue_.front();
    GpuModel& model = *models_.at(piece.model);
    bool whole = true;
    if (piece.image) {
      used += copy_rows(slot, model, piece, budget - used);
      whole = piece.row == model.source->images[piece.index].height;
    } else {
      used += copy_primitive(slot, model, piece.index);
    }
    if (!whole) continue;
    --model.pieces_left;
    queue_.pop_front();
  }
  if (used > 0) {
    const VkMemoryBarrier2 arrived{VK_STRUCTURE_TYPE_MEMORY_BARRIER_2, nullptr, VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT, VK_ACCESS_2_TRANSFER_WRITE_BIT,
        VK_PIPELINE_STAGE_2_VERTEX_INPUT_BIT | VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT,
        VK_ACCESS_2_VERTEX_ATTRIBUTE_READ_BIT | VK_ACCESS_2_INDEX_READ_BIT | VK_ACCESS_2_SHADER_STORAGE_READ_BIT};
    const VkDependencyInfo info{VK_STRUCTURE_TYPE_DEPENDENCY_INFO, nullptr, 0, 1, &arrived, 0, nullptr, 0, nullptr};
    vkCmdPipelineBarrier2(slot.commands, &info);
  }
  return !queue_.empty();
}

}  // namespace promenade::gpu

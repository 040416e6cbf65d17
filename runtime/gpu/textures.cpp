#include "runtime/gpu/textures.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace promenade::gpu {

namespace {

constexpr VkPipelineStageFlags2 kReads = VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT;

VkSamplerAddressMode address(film::Wrap wrap) {
  switch (wrap) {
    case film::Wrap::repeat: return VK_SAMPLER_ADDRESS_MODE_REPEAT;
    case film::Wrap::mirror: return VK_SAMPLER_ADDRESS_MODE_MIRRORED_REPEAT;
    case film::Wrap::clamp: return VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE;
  }
  return VK_SAMPLER_ADDRESS_MODE_REPEAT;
}

struct Plane { std::uint32_t width, height; VkFormat format; std::size_t bytes; };
std::vector<Plane> planes_of(TextureKind kind, std::uint32_t w, std::uint32_t h) {
  if (kind == TextureKind::rgba_srgb) return {{w, h, VK_FORMAT_R8G8B8A8_SRGB, std::size_t{4} * w * h}};
  if (kind == TextureKind::alpha) return {{w, h, VK_FORMAT_R8_UNORM, std::size_t{1} * w * h}};
  const std::uint32_t cw = (w + 1) / 2, ch = (h + 1) / 2;
  const std::size_t chroma = std::size_t{1} * cw * ch;
  return {{w, h, VK_FORMAT_R8_UNORM, std::size_t{1} * w * h}, {cw, ch, VK_FORMAT_R8_UNORM, chroma}, {cw, ch, VK_FORMAT_R8_UNORM, chroma}};
}

}  // namespace

std::size_t bytes_of(TextureKind kind, std::uint32_t width, std::uint32_t height) {
  std::size_t sum = 0;
  for (const Plane& plane : planes_of(kind, width, height)) sum += plane.bytes;
  return sum;
}

std::uint32_t levels_of(std::uint32_t width, std::uint32_t height) { return static_cast<std::uint32_t>(std::bit_width(std::max(width, height))); }

void record_levels(VkCommandBuffer commands, VkImage image, std::uint32_t width, std::uint32_t height, std::uint32_t levels) {
  constexpr auto kCopy = VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT;
  for (std::uint32_t level = 1; level < levels; ++level) {
    barrier(commands, {{image, VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, kCopy | kReads, 0, kCopy,
                        VK_ACCESS_2_TRANSFER_WRITE_BIT, VK_IMAGE_ASPECT_COLOR_BIT, level, 1}});
    const auto extent = [&](std::uint32_t l) {
      return VkOffset3D{static_cast<std::int32_t>(std::max(1u, width >> l)), static_cast<std::int32_t>(std::max(1u, height >> l)), 1};
    };
    const VkImageBlit blit{{VK_IMAGE_ASPECT_COLOR_BIT, level - 1, 0, 1}, {{0, 0, 0}, extent(level - 1)},
                           {VK_IMAGE_ASPECT_COLOR_BIT, level, 0, 1}, {{0, 0, 0}, extent(level)}};
    vkCmdBlitImage(commands, image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &blit, VK_FILTER_LINEAR);
    barrier(commands, {{image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, kCopy, VK_ACCESS_2_TRANSFER_WRITE_BIT,
                        kCopy, VK_ACCESS_2_TRANSFER_READ_BIT, VK_IMAGE_ASPECT_COLOR_BIT, level, 1}});
  }
  barrier(commands, {{image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL, kCopy,
                      VK_ACCESS_2_TRANSFER_WRITE_BIT, kReads, VK_ACCESS_2_SHADER_SAMPLED_READ_BIT}});
}

Textures::Textures(Device& device, Slots& slots, VkDescriptorSetLayout layout) : device_(device), slots_(slots) {
  const VkDevice vk = device.handle();
  const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, device.state().can.texture_slots};
  const VkDescriptorPoolCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO, nullptr, VK_DESCRIPTOR_POOL_CREATE_UPDATE_AFTER_BIND_BIT, 1, 1, &size};
  VkDescriptorPool pool = VK_NULL_HANDLE;
  must(vkCreateDescriptorPool(vk, &info, nullptr, &pool));
  pool_ = DescriptorPool(vk, pool);
  const VkDescriptorSetAllocateInfo set{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO, nullptr, pool, 1, &layout};
  must(vkAllocateDescriptorSets(vk, &set, &set_));
  const TextureHandle white = make(TextureKind::rgba_srgb, 1, 1);
  const std::uint8_t bytes[]{255, 255, 255, 255};
  update(white, bytes);
  white_ = textures_.at(white)->first;
  PROMENADE_ASSERT(white_ == 0);
}

std::uint32_t Textures::take(std::uint32_t count) {
  const std::uint64_t done = slots_.finished();
  const auto found = std::ranges::find_if(spare_, [&](const Spare& s) { return s.count == count && s.value <= done; });
  if (found != spare_.end()) {
    const std::uint32_t first = found->first;
    spare_.erase(found);
    return first;
  }
  if (used_ + count > device_.state().can.texture_slots) return white_;
  used_ += count;
  return used_ - count;
}

void Textures::give_back(std::uint32_t first, std::uint32_t count) {
  if (first != white_) spare_.push_back({slots_.submitted() + 1, first, count});
}

VkSampler Textures::sampler(const Sampling& s) {
  SamplerHandle& kept = samplers_[s];
  if (!kept) {
    const bool anisotropy = device_.state().can.anisotropy && !s.nearest;
    const VkFilter filter = s.nearest ? VK_FILTER_NEAREST : VK_FILTER_LINEAR;
    const VkSamplerCreateInfo info{VK_STRUCTURE_TYPE_SAMPLER_CREATE_INFO, nullptr, 0, filter, filter,
                                   s.nearest ? VK_SAMPLER_MIPMAP_MODE_NEAREST : VK_SAMPLER_MIPMAP_MODE_LINEAR, address(s.wrap_u), address(s.wrap_v),
                                   VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE, 0.0f, anisotropy, anisotropy ? 8.0f : 1.0f, VK_FALSE,
                                   VK_COMPARE_OP_NEVER, 0.0f, VK_LOD_CLAMP_NONE, VK_BORDER_COLOR_FLOAT_TRANSPARENT_BLACK, VK_FALSE};
    VkSampler made = VK_NULL_HANDLE;
    must(vkCreateSampler(device_.handle(), &info, nullptr, &made));
    kept = SamplerHandle(device_.handle(), made);
  }
  return kept.get();
}

void Textures::write(std::uint32_t number, VkImageView view, const Sampling& sampling) {
  const VkDescriptorImageInfo image{sampler(sampling), view, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};
  const VkWriteDescriptorSet info{VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET, nullptr, set_, 0, number, 1,
                                  VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, &image, nullptr, nullptr};
  vkUpdateDescriptorSets(device_.handle(), 1, &info, 0, nullptr);
}

TextureHandle Textures::make(TextureKind kind, std::uint32_t width, std::uint32_t height) {
  PROMENADE_ASSERT(width > 0 && height > 0);
  const auto planes = planes_of(kind, width, height);
  const auto count = static_cast<std::uint32_t>(planes.size());
  const std::uint32_t first = take(count);
  if (first == white_ && !textures_.empty()) return 0;
  auto texture = std::make_unique<Texture>();
  texture->kind = kind;
  texture->width = width;
  texture->height = height;
  texture->first = first;
  const bool rgba = kind == TextureKind::rgba_srgb, video = kind == TextureKind::yuv420;
  // A dome's picture meets itself at its left and right ends.
  const Sampling sampling{video ? film::Wrap::repeat : film::Wrap::clamp, film::Wrap::clamp, false};
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t levels = rgba ? levels_of(width, height) : 1;
    texture->images.emplace_back(device_.state(), ImageWish{planes[i].format, planes[i].width, planes[i].height, 1, levels, VK_SAMPLE_COUNT_1_BIT,
        static_cast<VkImageUsageFlags>(VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT |
        (rgba ? VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT : 0))});
    texture->views.push_back(view_of(device_.handle(), texture->images[i].get(), planes[i].format, 0, 1, levels, false));
    write(first + i, texture->views[i].get(), sampling);
  }
  const TextureHandle handle = next_++;
  textures_[handle] = std::move(texture);
  changed_.push_back(handle);
  return handle;
}

void Textures::update(TextureHandle handle, base::ByteView bytes) {
  const auto found = textures_.find(handle);
  if (found == textures_.end()) return;
  Texture& t = *found->second;
  PROMENADE_ASSERT(bytes.size() == bytes_of(t.kind, t.width, t.height));
  if (t.pending < 0) {
    const std::uint64_t done = slots_.finished();
    for (std::size_t i = 0; i < t.staged.size() && t.pending < 0; ++i) {
      if (t.staged[i].value <= done) t.pending = static_cast<int>(i);
    }
    if (t.pending < 0) {
      t.staged.push_back({Buffer(device_.state(), bytes.size(), VK_BUFFER_USAGE_TRANSFER_SRC_BIT, Reach::written_by_host), 0});
      t.pending = static_cast<int>(t.staged.size()) - 1;
    }
    changed_.push_back(handle);
  }
  std::memcpy(t.staged[static_cast<std::size_t>(t.pending)].buffer.mapped(), bytes.data(), bytes.size());
  t.premultiplied = false;
}

void Textures::release(TextureHandle handle) {
  const auto found = textures_.find(handle);
  if (found == textures_.end()) return;
  give_back(found->second->first, static_cast<std::uint32_t>(found->second->images.size()));
  slots_.retire(std::move(found->second));
  textures_.erase(found);
}

TextureLook Textures::look(TextureHandle handle) const {
  const auto found = textures_.find(handle);
  if (found == textures_.end()) return {white_, 1, false};
  const Texture& t = *found->second;
  return {t.first, static_cast<std::uint32_t>(t.images.size()), t.premultiplied};
}

void Textures::flush(Slot& slot) {
  for (const TextureHandle handle : changed_) {
    if (const auto found = textures_.find(handle); found != textures_.end()) record(slot, *found->second);
  }
  changed_.clear();
}

void Textures::record(Slot& slot, Texture& t) {
  if (!t.fresh && t.pending < 0) return;
  constexpr auto kCopy = VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT;
  const auto planes = planes_of(t.kind, t.width, t.height);
  VkDeviceSize offset = 0;
  for (std::size_t i = 0; i < planes.size(); ++i) {
    const VkImage image = t.images[i].get();
    barrier(slot.commands, {{image, VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, kReads | kCopy,
                             VK_ACCESS_2_TRANSFER_WRITE_BIT, kCopy, VK_ACCESS_2_TRANSFER_WRITE_BIT, VK_IMAGE_ASPECT_COLOR_BIT, 0, 1}});
    if (t.pending >= 0) {
      const VkBufferImageCopy copy{offset, 0, 0, {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1}, {0, 0, 0}, {planes[i].width, planes[i].height, 1}};
      vkCmdCopyBufferToImage(slot.commands, t.staged[static_cast<std::size_t>(t.pending)].buffer.get(), image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &copy);
    } else {
      const VkClearColorValue dark{{t.kind == TextureKind::yuv420 && i > 0 ? 0.502f : 0.0f, 0.0f, 0.0f, 0.0f}};
      const VkImageSubresourceRange range{VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
      vkCmdClearColorImage(slot.commands, image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, &dark, 1, &range);
    }
    const bool more = t.images[i].is().levels > 1;
    barrier(slot.commands, {{image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                             more ? VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL : VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL, kCopy,
                             VK_ACCESS_2_TRANSFER_WRITE_BIT, kCopy | kReads, VK_ACCESS_2_TRANSFER_READ_BIT | VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                             VK_IMAGE_ASPECT_COLOR_BIT, 0, 1}});
    if (more) record_levels(slot.commands, image, t.width, t.height, t.images[i].is().levels);
    offset += planes[i].bytes;
  }
  t.fresh = false;
  if (t.pending < 0) return;
  t.staged[static_cast<std::size_t>(t.pending)].value = slots_.submitted() + 1;
  t.pending = -1;
  if (t.kind != TextureKind::yuv420) {  // rarely changed: its staging memory is not kept
    slots_.retire(std::move(t.staged));
    t.staged.clear();
  }
}

Textures::Paintable Textures::paintable(TextureHandle handle) {
  Texture& t = *textures_.at(handle);
  PROMENADE_ASSERT(t.kind == TextureKind::rgba_srgb);
  if (!t.paint_view) t.paint_view = view_of(device_.handle(), t.images[0].get(), VK_FORMAT_R8G8B8A8_SRGB, 0, 1, 1, false);
  t.premultiplied = true;
  return {t.images[0].get(), t.paint_view.get(), t.width, t.height, t.images[0].is().levels};
}

void Textures::finish_painting(VkCommandBuffer commands, const Paintable& p) {
  constexpr auto kCopy = VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT;
  barrier(commands, {{p.image, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                      VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT, VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT, kCopy,
                      VK_ACCESS_2_TRANSFER_READ_BIT, VK_IMAGE_ASPECT_COLOR_BIT, 0, 1}});
  record_levels(commands, p.image, p.width, p.height, p.levels);
}

}  // namespace promenade::gpu

#pragma once
// All sampled images in one table of descriptors (set 0), by number; and the textures that the program makes and
// changes while frames run. Every image in the table is in SHADER_READ_ONLY_OPTIMAL once `flush` has run. Frame thread.

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "runtime/film/model.h"
#include "runtime/gpu/memory.h"
#include "runtime/gpu/renderer.h"
#include "runtime/gpu/slots.h"

namespace promenade::gpu {

struct Sampling {
  film::Wrap wrap_u = film::Wrap::clamp, wrap_v = film::Wrap::clamp;
  bool nearest = false;
  auto operator<=>(const Sampling&) const = default;
};

struct TextureLook {             // how a shader reads a texture of the program
  std::uint32_t first = 0;       // number in the table
  std::uint32_t planes = 1;
  bool premultiplied = false;
};

class Textures {
 public:
  Textures(Device& device, Slots& slots, VkDescriptorSetLayout layout);
  VkDescriptorSet set() const { return set_; }
  std::uint32_t white() const { return white_; }

  // Numbers of the table, in a row; 0 where the table is full (0 is always the white picture).
  std::uint32_t take(std::uint32_t count);
  void give_back(std::uint32_t first, std::uint32_t count);   // once the device has finished what is submitted
  void write(std::uint32_t number, VkImageView view, const Sampling& sampling);

  TextureHandle make(TextureKind kind, std::uint32_t width, std::uint32_t height);
  void update(TextureHandle texture, base::ByteView bytes);
  void release(TextureHandle texture);
  TextureLook look(TextureHandle texture) const;              // the white picture where there is none
  // Records what was made or updated since the last time.
  void flush(Slot& slot);

  struct Paintable { VkImage image; VkImageView view; std::uint32_t width, height, levels; };
  Paintable paintable(TextureHandle texture);                 // an rgba texture, to be painted premultiplied
  // Records the smaller levels from the first, which is in COLOR_ATTACHMENT_OPTIMAL, and makes all of them readable.
  static void finish_painting(VkCommandBuffer commands, const Paintable& painted);

 private:
  struct Staged { Buffer buffer; std::uint64_t value = 0; };
  struct Texture {
    TextureKind kind = TextureKind::rgba_srgb;
    std::uint32_t width = 0, height = 0, first = 0;
    bool fresh = true, premultiplied = false;
    std::vector<ImageMemory> images;
    std::vector<View> views;
    View paint_view;
    std::vector<Staged> staged;
    int pending = -1;
  };
  void record(Slot& slot, Texture& texture);
  VkSampler sampler(const Sampling& sampling);

  Device& device_;
  Slots& slots_;
  DescriptorPool pool_;
  VkDescriptorSet set_ = VK_NULL_HANDLE;
  std::map<Sampling, SamplerHandle> samplers_;
  struct Spare { std::uint64_t value; std::uint32_t first, count; };
  std::vector<Spare> spare_;
  std::uint32_t used_ = 0, white_ = 0;
  std::map<TextureHandle, std::unique_ptr<Texture>> textures_;
  std::vector<TextureHandle> changed_;
  TextureHandle next_ = 1;
};

// Bytes of a picture, whole and by plane.
std::size_t bytes_of(TextureKind kind, std::uint32_t width, std::uint32_t height);
std::uint32_t levels_of(std::uint32_t width, std::uint32_t height);
// Records the smaller levels of an image whose first level is in TRANSFER_SRC_OPTIMAL and whose others are undefined;
// all end in SHADER_READ_ONLY_OPTIMAL.
void record_levels(VkCommandBuffer commands, VkImage image, std::uint32_t width, std::uint32_t height, std::uint32_t levels);

}  // namespace promenade::gpu

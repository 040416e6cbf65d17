#pragma once
// Owners of Vulkan objects and memory: each frees what it holds, none can be copied. The device outlives them all, and
// whoever lets one go has seen to it that the device no longer uses it (Slots::retire).

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/gpu/device_state.h"
#include "tracking/base/assert.h"

typedef struct VmaAllocation_T* VmaAllocation;

namespace promenade::gpu {

// For calls that fail only where memory has run out or the call was wrong: nothing sensible can follow.
inline void must(VkResult result) { PROMENADE_ASSERT(result == VK_SUCCESS); }

template <class T, void (*destroy)(VkDevice, T, const VkAllocationCallbacks*)>
class Owned {
 public:
  Owned() = default;
  Owned(VkDevice device, T handle) : device_(device), handle_(handle) {}
  Owned(Owned&& other) noexcept : device_(other.device_), handle_(std::exchange(other.handle_, T{})) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Owned() { if (handle_) destroy(device_, handle_, nullptr); }
  T get() const { return handle_; }
  explicit operator bool() const { return handle_ != T{}; }

 private:
  VkDevice device_ = VK_NULL_HANDLE;
  T handle_{};
};

using View = Owned<VkImageView, vkDestroyImageView>;
using SamplerHandle = Owned<VkSampler, vkDestroySampler>;
using PipelineHandle = Owned<VkPipeline, vkDestroyPipeline>;
using SetLayout = Owned<VkDescriptorSetLayout, vkDestroyDescriptorSetLayout>;
using PipelineLayout = Owned<VkPipelineLayout, vkDestroyPipelineLayout>;
using DescriptorPool = Owned<VkDescriptorPool, vkDestroyDescriptorPool>;
using CommandPool = Owned<VkCommandPool, vkDestroyCommandPool>;
using Semaphore = Owned<VkSemaphore, vkDestroySemaphore>;
using QueryPool = Owned<VkQueryPool, vkDestroyQueryPool>;

enum class Reach : std::uint8_t { device, written_by_host, read_by_host };

class Buffer {
 public:
  Buffer() = default;
  Buffer(Device::State& device, VkDeviceSize size, VkBufferUsageFlags usage, Reach reach);
  Buffer(Buffer&& other) noexcept { *this = std::move(other); }
  Buffer& operator=(Buffer&& other) noexcept;
  ~Buffer();
  VkBuffer get() const { return buffer_; }
  std::byte* mapped() const { return mapped_; }
  VkDeviceSize size() const { return size_; }
  void seen_by_host() const;                       // before the host reads what the device wrote

 private:
  VmaAllocator allocator_ = nullptr;
  VmaAllocation memory_ = nullptr;
  VkBuffer buffer_ = VK_NULL_HANDLE;
  std::byte* mapped_ = nullptr;
  VkDeviceSize size_ = 0;
};

struct ImageWish {
  VkFormat format = VK_FORMAT_R8G8B8A8_SRGB;
  std::uint32_t width = 1, height = 1, layers = 1, levels = 1;
  VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT;
  VkImageUsageFlags usage = 0;
};

class ImageMemory {
 public:
  ImageMemory() = default;
  ImageMemory(Device::State& device, const ImageWish& wish);
  ImageMemory(ImageMemory&& other) noexcept { *this = std::move(other); }
  ImageMemory& operator=(ImageMemory&& other) noexcept;
  ~ImageMemory();
  VkImage get() const { return image_; }
  const ImageWish& is() const { return is_; }

 private:
  VmaAllocator allocator_ = nullptr;
  VmaAllocation memory_ = nullptr;
  VkImage image_ = VK_NULL_HANDLE;
  ImageWish is_;
};

// Layers [first, first + count) of all levels, or of the first level alone.
View view_of(VkDevice device, VkImage image, VkFormat format, std::uint32_t first_layer, std::uint32_t layers, std::uint32_t levels,
             bool as_array, VkImageAspectFlags aspect = VK_IMAGE_ASPECT_COLOR_BIT);

struct Change {  // of an image's layout, with what must be over before and what waits for it
  VkImage image;
  VkImageLayout from, to;
  VkPipelineStageFlags2 after;
  VkAccessFlags2 wrote;
  VkPipelineStageFlags2 before;
  VkAccessFlags2 will;
  VkImageAspectFlags aspect = VK_IMAGE_ASPECT_COLOR_BIT;
  std::uint32_t level = 0, levels = VK_REMAINING_MIP_LEVELS;
};
void barrier(VkCommandBuffer commands, std::initializer_list<Change> changes);

struct Piece {  // of an arena: valid until the slot is begun again
  VkBuffer buffer = VK_NULL_HANDLE;
  VkDeviceSize offset = 0, size = 0;
  std::byte* at = nullptr;
};

// Memory of one frame that the host writes and the device reads. Blocks are kept from frame to frame, so that from the
// second frame on nothing is allocated.
class Arena {
 public:
  explicit Arena(Device::State& device) : device_(&device) {}
  Piece take(VkDeviceSize size);
  template <class T>
  Piece put(const T* values, std::size_t count);
  void begin();                                    // forgets all pieces; drops blocks that a rare large use left behind

 private:
  Device::State* device_;
  std::vector<Buffer> blocks_;
  std::size_t block_ = 0;
  VkDeviceSize used_ = 0;
};

template <class T>
Piece Arena::put(const T* values, std::size_t count) {
  const Piece piece = take(count * sizeof(T));
  if (count > 0) std::copy_n(reinterpret_cast<const std::byte*>(values), count * sizeof(T), piece.at);
  return piece;
}

}  // namespace promenade::gpu

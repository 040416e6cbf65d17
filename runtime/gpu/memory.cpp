#include "runtime/gpu/memory.h"

#include <vk_mem_alloc.h>

#include <algorithm>
#include <array>

namespace promenade::gpu {

namespace {
constexpr VkDeviceSize kBlockSize = VkDeviceSize{4} << 20;
constexpr std::size_t kBlocksKept = 4;
constexpr VkBufferUsageFlags kArenaUse = VK_BUFFER_USAGE_VERTEX_BUFFER_BIT | VK_BUFFER_USAGE_INDEX_BUFFER_BIT |
                                         VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT | VK_BUFFER_USAGE_STORAGE_BUFFER_BIT |
                                         VK_BUFFER_USAGE_TRANSFER_SRC_BIT;
}  // namespace

Buffer::Buffer(Device::State& device, VkDeviceSize size, VkBufferUsageFlags usage, Reach reach)
    : allocator_(device.allocator), size_(size) {
  const VkBufferCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, nullptr, 0, size, usage, VK_SHARING_MODE_EXCLUSIVE, 0, nullptr};
  VmaAllocationCreateInfo wish{};
  wish.usage = VMA_MEMORY_USAGE_AUTO;
  if (reach == Reach::written_by_host) wish.flags = VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT | VMA_ALLOCATION_CREATE_MAPPED_BIT;
  if (reach == Reach::read_by_host) wish.flags = VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT | VMA_ALLOCATION_CREATE_MAPPED_BIT;
  if (reach != Reach::device) wish.requiredFlags = VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  VmaAllocationInfo made{};
  must(vmaCreateBuffer(allocator_, &info, &wish, &buffer_, &memory_, &made));
  mapped_ = static_cast<std::byte*>(made.pMappedData);
}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(allocator_, other.allocator_);
  std::swap(memory_, other.memory_);
  std::swap(buffer_, other.buffer_);
  std::swap(mapped_, other.mapped_);
  std::swap(size_, other.size_);
  return *this;
}

Buffer::~Buffer() { if (buffer_) vmaDestroyBuffer(allocator_, buffer_, memory_); }

void Buffer::seen_by_host() const { must(vmaInvalidateAllocation(allocator_, memory_, 0, VK_WHOLE_SIZE)); }

ImageMemory::ImageMemory(Device::State& device, const ImageWish& wish) : allocator_(device.allocator), is_(wish) {
  const VkImageCreateInfo info{VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO, nullptr, 0, VK_IMAGE_TYPE_2D, wish.format,
                               {wish.width, wish.height, 1}, wish.levels, wish.layers, wish.samples, VK_IMAGE_TILING_OPTIMAL,
                               wish.usage, VK_SHARING_MODE_EXCLUSIVE, 0, nullptr, VK_IMAGE_LAYOUT_UNDEFINED};
  VmaAllocationCreateInfo memory{};
  memory.usage = VMA_MEMORY_USAGE_AUTO;
  must(vmaCreateImage(allocator_, &info, &memory, &image_, &memory_, nullptr));
}

ImageMemory& ImageMemory::operator=(ImageMemory&& other) noexcept {
  std::swap(allocator_, other.allocator_);
  std::swap(memory_, other.memory_);
  std::swap(image_, other.image_);
  std::swap(is_, other.is_);
  return *this;
}

ImageMemory::~ImageMemory() { if (image_) vmaDestroyImage(allocator_, image_, memory_); }

View view_of(VkDevice device, VkImage image, VkFormat format, std::uint32_t first_layer, std::uint32_t layers, std::uint32_t levels,
             bool as_array, VkImageAspectFlags aspect) {
  const VkImageViewCreateInfo info{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO, nullptr, 0, image,
                                   as_array ? VK_IMAGE_VIEW_TYPE_2D_ARRAY : VK_IMAGE_VIEW_TYPE_2D, format, {},
                                   {aspect, 0, levels, first_layer, layers}};
  VkImageView view = VK_NULL_HANDLE;
  must(vkCreateImageView(device, &info, nullptr, &view));
  return View(device, view);
}

void barrier(VkCommandBuffer commands, std::initializer_list<Change> changes) {
  std::array<VkImageMemoryBarrier2, 8> barriers{};
  PROMENADE_ASSERT(changes.size() <= barriers.size());
  std::uint32_t count = 0;
  for (const Change& c : changes) {
    if (c.image == VK_NULL_HANDLE) continue;
    barriers[count++] = {VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2, nullptr, c.after, c.wrote, c.before, c.will, c.from, c.to,
                         VK_QUEUE_FAMILY_IGNORED, VK_QUEUE_FAMILY_IGNORED, c.image,
                         {c.aspect, c.level, c.levels, 0, VK_REMAINING_ARRAY_LAYERS}};
  }
  if (count == 0) return;
  const VkDependencyInfo info{VK_STRUCTURE_TYPE_DEPENDENCY_INFO, nullptr, 0, 0, nullptr, 0, nullptr, count, barriers.data()};
  vkCmdPipelineBarrier2(commands, &info);
}

Piece Arena::take(VkDeviceSize size) {
  const VkDeviceSize align = device_->can.buffer_alignment;
  size = std::max<VkDeviceSize>(size, 16);
  used_ = (used_ + align - 1) / align * align;
  while (block_ < blocks_.size() && used_ + size > blocks_[block_].size()) {
    ++block_;
    used_ = 0;
  }
  if (block_ == blocks_.size()) {
    blocks_.emplace_back(*device_, std::max(size, kBlockSize), kArenaUse, Reach::written_by_host);
    used_ = 0;
  }
  const Piece piece{blocks_[block_].get(), used_, size, blocks_[block_].mapped() + used_};
  used_ += size;
  return piece;
}

void Arena::begin() {
  if (blocks_.size() > kBlocksKept) blocks_.resize(kBlocksKept);
  block_ = 0;
  used_ = 0;
}

}  // namespace promenade::gpu

#pragma once
// One OpenXR swapchain of Vulkan images and where its current image stands, so that none is ever half acquired.
// Private to runtime/xr; frame thread. Calls are made under the device's queue lock where OpenXR wants that.

#include <memory>
#include <optional>
#include <vector>

#include "runtime/xr/openxr.h"

namespace promenade::xr {

struct SwapchainSize {
  std::uint32_t width = 0, height = 0, layers = 1;
  friend bool operator==(const SwapchainSize&, const SwapchainSize&) = default;
};

class Swapchain {
 public:
  static std::unique_ptr<Swapchain> create(XrSession session, VkFormat format, XrSwapchainUsageFlags usage, const SwapchainSize& size, XrResult& trouble);
  ~Swapchain();
  Swapchain(const Swapchain&) = delete;
  Swapchain& operator=(const Swapchain&) = delete;

  // Acquires, and waits for a tenth of a second at most. XR_TIMEOUT_EXPIRED: the image stays acquired, and the next
  // call waits for it again.
  XrResult take(std::mutex& queue_lock);
  XrResult give_back(std::mutex& queue_lock);   // of an image that was waited for; else nothing
  bool taken() const { return stage_ == Stage::waited; }
  bool filled() const { return filled_; }       // an image has been given back: the compositor has one to show

  VkImage image() const { return images_[index_]; }
  VkFormat format() const { return format_; }
  const SwapchainSize& size() const { return size_; }
  XrSwapchainSubImage sub_image(std::uint32_t layer) const;

 private:
  enum class Stage { free, acquired, waited };
  Swapchain() = default;

  XrSwapchain handle_ = XR_NULL_HANDLE;
  VkFormat format_ = VK_FORMAT_UNDEFINED;
  SwapchainSize size_;
  std::vector<VkImage> images_;
  std::uint32_t index_ = 0;
  Stage stage_ = Stage::free;
  bool filled_ = false;
};

}  // namespace promenade::xr

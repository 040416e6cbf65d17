#include "runtime/xr/swapchain.h"

namespace promenade::xr {
namespace {

constexpr XrDuration kWait = 100'000'000;  // ns

}  // namespace

std::unique_ptr<Swapchain> Swapchain::create(XrSession session, VkFormat format, XrSwapchainUsageFlags usage, const SwapchainSize& size,
                                             XrResult& trouble) {
  std::unique_ptr<Swapchain> made(new Swapchain);
  auto info = typed<XrSwapchainCreateInfo>(XR_TYPE_SWAPCHAIN_CREATE_INFO);
  info.usageFlags = usage;
  info.format = format;
  info.sampleCount = 1;
  info.width = size.width;
  info.height = size.height;
  info.faceCount = 1;
  info.arraySize = size.layers;
  info.mipCount = 1;
  trouble = xrCreateSwapchain(session, &info, &made->handle_);
  if (XR_FAILED(trouble)) return nullptr;
  std::uint32_t count = 0;
  trouble = xrEnumerateSwapchainImages(made->handle_, 0, &count, nullptr);
  if (XR_FAILED(trouble)) return nullptr;
  std::vector<XrSwapchainImageVulkan2KHR> images(count, {XR_TYPE_SWAPCHAIN_IMAGE_VULKAN2_KHR, nullptr, VK_NULL_HANDLE});
  trouble = xrEnumerateSwapchainImages(made->handle_, count, &count, reinterpret_cast<XrSwapchainImageBaseHeader*>(images.data()));
  if (XR_FAILED(trouble)) return nullptr;
  for (const XrSwapchainImageVulkan2KHR& one : images) made->images_.push_back(one.image);
  made->format_ = format;
  made->size_ = size;
  return made;
}

Swapchain::~Swapchain() {
  if (handle_ != XR_NULL_HANDLE) xrDestroySwapchain(handle_);
}

XrResult Swapchain::take(std::mutex& queue_lock) {
  if (stage_ == Stage::free) {
    const XrSwapchainImageAcquireInfo info{XR_TYPE_SWAPCHAIN_IMAGE_ACQUIRE_INFO, nullptr};
    std::lock_guard lock(queue_lock);
    if (const XrResult result = xrAcquireSwapchainImage(handle_, &info, &index_); XR_FAILED(result)) return result;
    stage_ = Stage::acquired;
  }
  if (stage_ == Stage::acquired) {
    const XrSwapchainImageWaitInfo info{XR_TYPE_SWAPCHAIN_IMAGE_WAIT_INFO, nullptr, kWait};
    if (const XrResult result = xrWaitSwapchainImage(handle_, &info); result != XR_SUCCESS) return result;
    stage_ = Stage::waited;
  }
  return XR_SUCCESS;
}

XrResult Swapchain::give_back(std::mutex& queue_lock) {
  if (stage_ != Stage::waited) return XR_SUCCESS;
  const XrSwapchainImageReleaseInfo info{XR_TYPE_SWAPCHAIN_IMAGE_RELEASE_INFO, nullptr};
  std::lock_guard lock(queue_lock);
  const XrResult result = xrReleaseSwapchainImage(handle_, &info);
  if (XR_SUCCEEDED(result)) {
    stage_ = Stage::free;
    filled_ = true;
  }
  return result;
}

XrSwapchainSubImage Swapchain::sub_image(std::uint32_t layer) const {
  XrSwapchainSubImage sub{};
  sub.swapchain = handle_;
  sub.imageRect.extent = {static_cast<std::int32_t>(size_.width), static_cast<std::int32_t>(size_.height)};
  sub.imageArrayIndex = layer;
  return sub;
}

}  // namespace promenade::xr

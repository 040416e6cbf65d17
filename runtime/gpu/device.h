#pragma once
// The Vulkan device of the program: instance, device, one queue, allocator, pipeline cache on disk. Vulkan's home is
// runtime/gpu; runtime/xr hands in Hooks, since an OpenXR runtime picks the device and wraps its making.
// Made and used on the frame thread; `queue_lock` is held round every submission, and by runtime/xr round
// xrBeginFrame, xrEndFrame, xrAcquireSwapchainImage and xrReleaseSwapchainImage.
// Errors: "no-vulkan" (no loader, driver or device), "device-too-old" (names what is missing), "device-lost".

#include <vulkan/vulkan.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "tracking/base/result.h"

namespace promenade::gpu {

struct Hooks {  // empty functions: Vulkan's own
  std::function<VkResult(const VkInstanceCreateInfo&, VkInstance*)> create_instance;
  std::function<VkPhysicalDevice(VkInstance)> physical_device;
  std::function<VkResult(VkPhysicalDevice, const VkDeviceCreateInfo&, VkDevice*)> create_device;
};

struct DeviceSettings {
  bool validation = false;        // core and synchronisation validation; messages are counted and logged
  std::string cache_file;         // pipeline cache; empty: none is kept
  bool multiview = true;          // false: two passes even where one would do (tests)
};

class Device {
 public:
  static base::Result<std::unique_ptr<Device>> create(const DeviceSettings& settings, const Hooks& hooks = {});
  ~Device();                      // waits until the device is idle
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  VkInstance instance() const;
  VkPhysicalDevice physical() const;
  VkDevice handle() const;
  std::uint32_t queue_family() const;
  VkQueue queue() const;
  std::mutex& queue_lock();
  std::string name() const;                      // "llvmpipe (LLVM 19.1.7, 256 bits)"
  bool multiview() const;
  std::uint64_t validation_messages() const;     // warnings and errors so far
  std::string last_validation_message() const;

  struct State;
  State& state() { return *state_; }             // for runtime/gpu alone
 private:
  explicit Device(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace promenade::gpu

#pragma once
// What the device holds, for runtime/gpu alone. Frame thread, but for `messages`, which the driver's threads count.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "runtime/gpu/device.h"

typedef struct VmaAllocator_T* VmaAllocator;

namespace promenade::gpu {

struct Abilities {
  bool software = false;         // a processor draws
  bool anisotropy = false;       // and cheap: never on a device that is a processor
  bool timestamps = false;
  double timestamp_ns = 1.0;
  VkSampleCountFlags samples = VK_SAMPLE_COUNT_1_BIT;
  VkDeviceSize buffer_alignment = 256;
  std::uint32_t texture_slots = 1024;
};

struct Device::State {
  DeviceSettings settings;
  VkInstance instance = VK_NULL_HANDLE;
  VkDebugUtilsMessengerEXT messenger = VK_NULL_HANDLE;
  VkPhysicalDevice physical = VK_NULL_HANDLE;
  VkDevice device = VK_NULL_HANDLE;
  std::uint32_t family = 0;
  VkQueue queue = VK_NULL_HANDLE;
  std::mutex queue_lock;
  VmaAllocator allocator = nullptr;
  VkPipelineCache cache = VK_NULL_HANDLE;
  std::string name;
  Abilities can;

  std::atomic<std::uint64_t> messages{0};
  mutable std::mutex message_lock;
  std::string last_message;

  void keep_cache() const;       // writes the pipeline cache; a cache that cannot be written costs only time
  ~State();
};

}  // namespace promenade::gpu

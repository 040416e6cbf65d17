#pragma once
// Which physical device to take and what is asked of it. Used once, while the device is made.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/gpu/device_state.h"

namespace promenade::gpu {

// The chain of features the renderer needs; not to be copied once linked. Those of Vulkan 1.2 one by one: OpenXR
// runtimes look for timeline semaphores in a structure of their own and add it where it is missing (Monado 25), which
// the structure of the whole version forbids.
struct Features {
  VkPhysicalDeviceVulkan13Features v13{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES, nullptr};
  VkPhysicalDeviceTimelineSemaphoreFeatures timeline{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_TIMELINE_SEMAPHORE_FEATURES, &v13};
  VkPhysicalDeviceHostQueryResetFeatures reset{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_HOST_QUERY_RESET_FEATURES, &timeline};
  VkPhysicalDeviceDescriptorIndexingFeatures indexing{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DESCRIPTOR_INDEXING_FEATURES, &reset};
  VkPhysicalDeviceVulkan11Features v11{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES, &indexing};
  VkPhysicalDeviceFeatures2 all{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, &v11};
  Features() = default;
  Features(const Features&) = delete;
  Features& operator=(const Features&) = delete;
};
void ask(Features& features);                                     // sets what is needed

// What the device lacks, in words; empty: nothing.
std::vector<std::string> lacking(VkPhysicalDevice device);
// The best of the instance's devices: discrete before integrated before the rest. Null: there is none.
VkPhysicalDevice best_device(VkInstance instance);
std::optional<std::uint32_t> graphics_family(VkPhysicalDevice device);
Abilities abilities(VkPhysicalDevice device, std::uint32_t family);
std::string name_of(VkPhysicalDevice device);

}  // namespace promenade::gpu

#include "runtime/gpu/device_choice.h"

#include <algorithm>

namespace promenade::gpu {

namespace {

int rank(VkPhysicalDevice device) {
  VkPhysicalDeviceProperties properties;
  vkGetPhysicalDeviceProperties(device, &properties);
  const int kind = properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU     ? 4
                   : properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU ? 3
                   : properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU    ? 2
                                                                                     : 1;
  return kind + (lacking(device).empty() ? 10 : 0);
}

}  // namespace

void ask(Features& f) {
  f.v11.multiview = VK_TRUE;
  f.timeline.timelineSemaphore = VK_TRUE;
  f.reset.hostQueryReset = VK_TRUE;
  f.indexing.runtimeDescriptorArray = VK_TRUE;
  f.indexing.descriptorBindingPartiallyBound = VK_TRUE;
  f.indexing.descriptorBindingSampledImageUpdateAfterBind = VK_TRUE;
  f.indexing.descriptorBindingUpdateUnusedWhilePending = VK_TRUE;
  f.indexing.shaderSampledImageArrayNonUniformIndexing = VK_TRUE;
  f.v13.dynamicRendering = VK_TRUE;
  f.v13.synchronization2 = VK_TRUE;
}

std::vector<std::string> lacking(VkPhysicalDevice device) {
  VkPhysicalDeviceProperties properties;
  vkGetPhysicalDeviceProperties(device, &properties);
  if (properties.apiVersion < VK_API_VERSION_1_3) {
    return {"Vulkan 1.3 (it offers " + std::to_string(VK_API_VERSION_MAJOR(properties.apiVersion)) + "." +
            std::to_string(VK_API_VERSION_MINOR(properties.apiVersion)) + ")"};
  }
  Features has;
  vkGetPhysicalDeviceFeatures2(device, &has.all);
  std::vector<std::string> missing;
  const auto need = [&](VkBool32 there, const char* what) { if (!there) missing.emplace_back(what); };
  need(has.v11.multiview, "multiview");
  need(has.timeline.timelineSemaphore, "timelineSemaphore");
  need(has.reset.hostQueryReset, "hostQueryReset");
  need(has.indexing.runtimeDescriptorArray, "runtimeDescriptorArray");
  need(has.indexing.descriptorBindingPartiallyBound, "descriptorBindingPartiallyBound");
  need(has.indexing.descriptorBindingSampledImageUpdateAfterBind, "descriptorBindingSampledImageUpdateAfterBind");
  need(has.indexing.descriptorBindingUpdateUnusedWhilePending, "descriptorBindingUpdateUnusedWhilePending");
  need(has.indexing.shaderSampledImageArrayNonUniformIndexing, "shaderSampledImageArrayNonUniformIndexing");
  need(has.v13.dynamicRendering, "dynamicRendering");
  need(has.v13.synchronization2, "synchronization2");
  if (!graphics_family(device)) missing.emplace_back("a graphics queue");
  return missing;
}

VkPhysicalDevice best_device(VkInstance instance) {
  std::uint32_t count = 0;
  if (vkEnumeratePhysicalDevices(instance, &count, nullptr) != VK_SUCCESS || count == 0) return VK_NULL_HANDLE;
  std::vector<VkPhysicalDevice> all(count);
  if (vkEnumeratePhysicalDevices(instance, &count, all.data()) < VK_SUCCESS || count == 0) return VK_NULL_HANDLE;
  all.resize(count);
  return *std::ranges::max_element(all, {}, rank);
}

std::optional<std::uint32_t> graphics_family(VkPhysicalDevice device) {
  std::uint32_t count = 0;
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
  for (std::uint32_t i = 0; i < count; ++i) {
    if (families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT) return i;
  }
  return std::nullopt;
}

Abilities abilities(VkPhysicalDevice device, std::uint32_t family) {
  VkPhysicalDeviceDescriptorIndexingProperties indexing{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DESCRIPTOR_INDEXING_PROPERTIES, nullptr};
  VkPhysicalDeviceProperties2 properties{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, &indexing};
  vkGetPhysicalDeviceProperties2(device, &properties);
  VkPhysicalDeviceFeatures features;
  vkGetPhysicalDeviceFeatures(device, &features);
  std::uint32_t count = 0;
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());

  const VkPhysicalDeviceLimits& limits = properties.properties.limits;
  Abilities can;
  can.software = properties.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
  can.anisotropy = features.samplerAnisotropy && !can.software;
  can.timestamps = families[family].timestampValidBits >= 32 && limits.timestampPeriod > 0.0f;
  can.timestamp_ns = limits.timestampPeriod;
  can.samples = limits.framebufferColorSampleCounts & limits.framebufferDepthSampleCounts;
  can.buffer_alignment = std::max({limits.minUniformBufferOffsetAlignment, limits.minStorageBufferOffsetAlignment, VkDeviceSize{64}});
  can.texture_slots = std::min({4096u, indexing.maxPerStageDescriptorUpdateAfterBindSampledImages - 16,
                                indexing.maxPerStageDescriptorUpdateAfterBindSamplers - 16,
                                indexing.maxDescriptorSetUpdateAfterBindSampledImages - 16});
  return can;
}

std::string name_of(VkPhysicalDevice device) {
  VkPhysicalDeviceProperties properties;
  vkGetPhysicalDeviceProperties(device, &properties);
  return properties.deviceName;
}

}  // namespace promenade::gpu

#include "runtime/gpu/device.h"

#include <vk_mem_alloc.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "runtime/gpu/device_choice.h"
#include "runtime/gpu/device_state.h"
#include "tracking/base/bytes.h"

namespace promenade::gpu {

namespace {

constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";
constexpr const char* kAdvice = "Install the graphics card's Vulkan driver, or mesa-vulkan-drivers to draw without a card.";
constexpr std::uint64_t kMessagesPrinted = 20;

VKAPI_ATTR VkBool32 VKAPI_CALL on_message(VkDebugUtilsMessageSeverityFlagBitsEXT, VkDebugUtilsMessageTypeFlagsEXT,
                                          const VkDebugUtilsMessengerCallbackDataEXT* data, void* user) {
  auto& state = *static_cast<Device::State*>(user);
  const std::lock_guard lock(state.message_lock);
  state.last_message = data->pMessage ? data->pMessage : "";
  if (++state.messages <= kMessagesPrinted) std::fprintf(stderr, "vulkan: %s\n", state.last_message.c_str());
  return VK_FALSE;
}

bool has_layer(const char* name) {
  std::uint32_t count = 0;
  vkEnumerateInstanceLayerProperties(&count, nullptr);
  std::vector<VkLayerProperties> layers(count);
  vkEnumerateInstanceLayerProperties(&count, layers.data());
  return std::ranges::any_of(layers, [&](const auto& layer) { return std::strcmp(layer.layerName, name) == 0; });
}

base::Error no_vulkan(const std::string& why) { return {"no-vulkan", "There is no Vulkan on this computer: " + why + ".", kAdvice}; }

std::string in_words(VkResult result) {
  switch (result) {
    case VK_ERROR_INCOMPATIBLE_DRIVER: return "no driver was found";
    case VK_ERROR_INITIALIZATION_FAILED: return "the driver did not start";
    case VK_ERROR_OUT_OF_HOST_MEMORY:
    case VK_ERROR_OUT_OF_DEVICE_MEMORY: return "memory ran out";
    default: return "the driver answered " + std::to_string(static_cast<int>(result));
  }
}

VkDebugUtilsMessengerCreateInfoEXT messenger_info(Device::State& state) {
  VkDebugUtilsMessengerCreateInfoEXT info{VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT, nullptr, 0, 0, 0, nullptr, nullptr};
  info.messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
  info.messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT;
  info.pfnUserCallback = on_message;
  info.pUserData = &state;
  return info;
}

base::Result<void> make_instance(Device::State& state, const Hooks& hooks) {
  VkApplicationInfo application{VK_STRUCTURE_TYPE_APPLICATION_INFO, nullptr, "Promenade", 1, "Promenade", 1, VK_API_VERSION_1_3};
  VkInstanceCreateInfo info{VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, nullptr, 0, &application, 0, nullptr, 0, nullptr};
  std::vector<const char*> layers, extensions;
  const VkValidationFeatureEnableEXT enabled[]{VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT};
  VkDebugUtilsMessengerCreateInfoEXT messenger = messenger_info(state);
  VkValidationFeaturesEXT features{VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT, &messenger, 1, enabled, 0, nullptr};
  if (state.settings.validation) {
    if (!has_layer(kValidationLayer)) {
      return base::fail("no-validation", "Vulkan validation was asked for and its layer is not installed.",
                        "Install vulkan-validationlayers, or run without validation.");
    }
    layers.push_back(kValidationLayer);
    extensions = {VK_EXT_DEBUG_UTILS_EXTENSION_NAME, VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME};
    info.pNext = &features;
  }
  info.enabledLayerCount = static_cast<std::uint32_t>(layers.size());
  info.ppEnabledLayerNames = layers.data();
  info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  const VkResult made = hooks.create_instance ? hooks.create_instance(info, &state.instance) : vkCreateInstance(&info, nullptr, &state.instance);
  if (made != VK_SUCCESS) return std::unexpected(no_vulkan(in_words(made)));
  if (state.settings.validation) {
    const auto create = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(vkGetInstanceProcAddr(state.instance, "vkCreateDebugUtilsMessengerEXT"));
    if (create) create(state.instance, &messenger, nullptr, &state.messenger);
  }
  return {};
}

base::Result<void> make_device(Device::State& state, const Hooks& hooks) {
  state.physical = hooks.physical_device ? hooks.physical_device(state.instance) : best_device(state.instance);
  if (state.physical == VK_NULL_HANDLE) return std::unexpected(no_vulkan("no device was found"));
  state.name = name_of(state.physical);
  if (const auto missing = lacking(state.physical); !missing.empty()) {
    std::string list;
    for (const std::string& what : missing) list += (list.empty() ? "" : ", ") + what;
    return base::fail("device-too-old", "The graphics device " + state.name + " lacks " + list + ".",
                      "Bring its driver up to date, or use a newer device.");
  }
  state.family = *graphics_family(state.physical);
  state.can = abilities(state.physical, state.family);

  const float priority = 1.0f;
  const VkDeviceQueueCreateInfo queue{VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO, nullptr, 0, state.family, 1, &priority};
  Features features;
  ask(features);
  features.all.features.samplerAnisotropy = state.can.anisotropy;
  const VkDeviceCreateInfo info{VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO, &features.all, 0, 1, &queue, 0, nullptr, 0, nullptr, nullptr};
  const VkResult made = hooks.create_device ? hooks.create_device(state.physical, info, &state.device) : vkCreateDevice(state.physical, &info, nullptr, &state.device);
  if (made != VK_SUCCESS) return std::unexpected(no_vulkan(in_words(made)));
  vkGetDeviceQueue(state.device, state.family, 0, &state.queue);
  return {};
}

base::Result<void> make_allocator(Device::State& state) {
  VmaAllocatorCreateInfo info{};
  info.instance = state.instance;
  info.physicalDevice = state.physical;
  info.device = state.device;
  info.vulkanApiVersion = VK_API_VERSION_1_3;
  const VkResult made = vmaCreateAllocator(&info, &state.allocator);
  if (made != VK_SUCCESS) return std::unexpected(no_vulkan(in_words(made)));
  return {};
}

void read_cache(Device::State& state) {
  base::Bytes kept;
  if (!state.settings.cache_file.empty()) {
    std::ifstream file(state.settings.cache_file, std::ios::binary);
    if (file) kept.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  VkPipelineCacheCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO, nullptr, 0, kept.size(), kept.data()};
  if (vkCreatePipelineCache(state.device, &info, nullptr, &state.cache) == VK_SUCCESS) return;
  info.initialDataSize = 0;     // another driver's, or damaged
  info.pInitialData = nullptr;
  vkCreatePipelineCache(state.device, &info, nullptr, &state.cache);
}

}  // namespace

void Device::State::keep_cache() const {
  if (settings.cache_file.empty() || cache == VK_NULL_HANDLE) return;
  std::size_t size = 0;
  if (vkGetPipelineCacheData(device, cache, &size, nullptr) != VK_SUCCESS || size == 0) return;
  base::Bytes data(size);
  if (vkGetPipelineCacheData(device, cache, &size, data.data()) != VK_SUCCESS) return;
  const std::filesystem::path whole = settings.cache_file, part = settings.cache_file + ".part";
  std::error_code ignored;
  if (whole.has_parent_path()) std::filesystem::create_directories(whole.parent_path(), ignored);
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(size));
  file.close();
  if (file) std::filesystem::rename(part, whole, ignored);
}

Device::State::~State() {
  if (device) {
    vkDeviceWaitIdle(device);
    keep_cache();
    if (cache) vkDestroyPipelineCache(device, cache, nullptr);
    if (allocator) vmaDestroyAllocator(allocator);
    vkDestroyDevice(device, nullptr);
  }
  if (messenger) {
    const auto destroy = reinterpret_cast<PFN_vkDestroyDebugUtilsMessengerEXT>(vkGetInstanceProcAddr(instance, "vkDestroyDebugUtilsMessengerEXT"));
    if (destroy) destroy(instance, messenger, nullptr);
  }
  if (instance) vkDestroyInstance(instance, nullptr);
}

base::Result<std::unique_ptr<Device>> Device::create(const DeviceSettings& settings, const Hooks& hooks) {
  auto state = std::make_unique<State>();
  state->settings = settings;
  for (const auto step : {make_instance, make_device}) {
    if (const auto made = step(*state, hooks); !made) return std::unexpected(made.error());
  }
  if (const auto made = make_allocator(*state); !made) return std::unexpected(made.error());
  read_cache(*state);
  return std::unique_ptr<Device>(new Device(std::move(state)));
}

Device::Device(std::unique_ptr<State> state) : state_(std::move(state)) {}
Device::~Device() = default;

VkInstance Device::instance() const { return state_->instance; }
VkPhysicalDevice Device::physical() const { return state_->physical; }
VkDevice Device::handle() const { return state_->device; }
std::uint32_t Device::queue_family() const { return state_->family; }
VkQueue Device::queue() const { return state_->queue; }
std::mutex& Device::queue_lock() { return state_->queue_lock; }
std::string Device::name() const { return state_->name; }
bool Device::multiview() const { return state_->settings.multiview; }
std::uint64_t Device::validation_messages() const { return state_->messages; }
std::string Device::last_validation_message() const {
  const std::lock_guard lock(state_->message_lock);
  return state_->last_message;
}

}  // namespace promenade::gpu

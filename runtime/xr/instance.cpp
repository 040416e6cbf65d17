#include "runtime/xr/instance.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

#include "tracking/base/formatted.h"

namespace promenade::xr {
namespace {

constexpr const char* kValidationLayer = "XR_APILAYER_LUNARG_core_validation";

XrResult list_extensions(std::vector<std::string>& names) {
  std::uint32_t count = 0;
  if (const XrResult result = xrEnumerateInstanceExtensionProperties(nullptr, 0, &count, nullptr); XR_FAILED(result)) return result;
  std::vector<XrExtensionProperties> all(count, {XR_TYPE_EXTENSION_PROPERTIES, nullptr, {}, 0});
  const XrResult result = xrEnumerateInstanceExtensionProperties(nullptr, count, &count, all.data());
  if (XR_FAILED(result)) return result;
  for (const XrExtensionProperties& one : all) names.emplace_back(one.extensionName);
  return XR_SUCCESS;
}

bool has_layer(const char* wanted) {
  std::uint32_t count = 0;
  if (XR_FAILED(xrEnumerateApiLayerProperties(0, &count, nullptr))) return false;
  std::vector<XrApiLayerProperties> all(count, {XR_TYPE_API_LAYER_PROPERTIES, nullptr, {}, 0, 0, {}});
  if (XR_FAILED(xrEnumerateApiLayerProperties(count, &count, all.data()))) return false;
  return std::ranges::any_of(all, [&](const XrApiLayerProperties& layer) { return std::strcmp(layer.layerName, wanted) == 0; });
}

XrBool32 XRAPI_PTR on_message(XrDebugUtilsMessageSeverityFlagsEXT severity, XrDebugUtilsMessageTypeFlagsEXT,
                              const XrDebugUtilsMessengerCallbackDataEXT* data, void* user) {
  auto& count = *static_cast<ValidationCount*>(user);
  ++count.messages;
  std::lock_guard lock(count.mutex);
  count.last = base::formatted("{}: {}", data->functionName ? data->functionName : "?", data->message ? data->message : "?");
  std::fprintf(stderr, "OpenXR %s: %s\n", severity & XR_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT ? "error" : "warning", count.last.c_str());
  return XR_FALSE;
}

XrDebugUtilsMessengerCreateInfoEXT messenger_info(ValidationCount& count) {
  auto info = typed<XrDebugUtilsMessengerCreateInfoEXT>(XR_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT);
  info.messageSeverities = XR_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | XR_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
  // What the loader says of a runtime that does not answer is of type GENERAL, and is told by results as well.
  info.messageTypes = XR_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | XR_DEBUG_UTILS_MESSAGE_TYPE_CONFORMANCE_BIT_EXT;
  info.userCallback = on_message;
  info.userData = &count;
  return info;
}

// Whether a runtime answers at all, asked without layers: those of validation say hundreds of lines to a failure.
XrResult knock() {
  auto info = typed<XrInstanceCreateInfo>(XR_TYPE_INSTANCE_CREATE_INFO);
  std::snprintf(info.applicationInfo.applicationName, XR_MAX_APPLICATION_NAME_SIZE, "Promenade");
  info.applicationInfo.apiVersion = XR_API_VERSION_1_0;
  XrInstance made = XR_NULL_HANDLE;
  const XrResult result = xrCreateInstance(&info, &made);
  if (XR_SUCCEEDED(result)) xrDestroyInstance(made);
  return result;
}

template <class Function>
struct Wanted {  // a function by its name, and where it goes
  const char* name;
  Function* to;
};

template <class Function>
bool get(XrInstance instance, Wanted<Function> wanted) {
  PFN_xrVoidFunction found = nullptr;
  *wanted.to = XR_SUCCEEDED(xrGetInstanceProcAddr(instance, wanted.name, &found)) ? reinterpret_cast<Function>(found) : nullptr;
  return *wanted.to != nullptr;
}

// The functions of one extension, where it is on. True: all of them are there.
template <class... Function>
bool get_all(XrInstance instance, bool on, Wanted<Function>... wanted) {
  bool all = on;
  if (on) ((all = get(instance, wanted) && all), ...);
  return all;
}

}  // namespace

std::unique_ptr<Instance> Instance::create(bool validation, ValidationCount& count, XrResult& trouble) {
  std::vector<std::string> offered;
  trouble = list_extensions(offered);
  if (XR_FAILED(trouble)) return nullptr;
  const ExtensionChoice choice = extensions(offered, validation);
  if (choice.required_missing) {
    trouble = XR_ERROR_EXTENSION_NOT_PRESENT;
    return nullptr;
  }
  if (validation && !has_layer(kValidationLayer)) {
    trouble = XR_ERROR_API_LAYER_NOT_PRESENT;
    return nullptr;
  }
  if (validation) trouble = knock();
  if (XR_FAILED(trouble)) return nullptr;
  std::unique_ptr<Instance> made(new Instance);
  trouble = made->make(XR_API_VERSION_1_1, choice, validation, count);
  if (trouble == XR_ERROR_API_VERSION_UNSUPPORTED) trouble = made->make(XR_API_VERSION_1_0, choice, validation, count);
  if (XR_FAILED(trouble)) return nullptr;
  made->load();
  return made;
}

XrResult Instance::make(XrVersion version, const ExtensionChoice& choice, bool validation, ValidationCount& count) {
  auto info = typed<XrInstanceCreateInfo>(XR_TYPE_INSTANCE_CREATE_INFO);
  std::snprintf(info.applicationInfo.applicationName, XR_MAX_APPLICATION_NAME_SIZE, "Promenade");
  info.applicationInfo.applicationVersion = 1;
  info.applicationInfo.apiVersion = version;
  info.enabledExtensionCount = static_cast<std::uint32_t>(choice.names.size());
  info.enabledExtensionNames = choice.names.data();
  XrDebugUtilsMessengerCreateInfoEXT messages = messenger_info(count);
  if (validation) {
    info.enabledApiLayerCount = 1;
    info.enabledApiLayerNames = &kValidationLayer;
    if (choice.on.debug_utils) info.next = &messages;
  }
  const XrResult result = xrCreateInstance(&info, &handle_);
  if (XR_FAILED(result)) {
    handle_ = XR_NULL_HANDLE;
    return result;
  }
  version_ = version;
  on_ = choice.on;
  if (validation && on_.debug_utils) {
    PFN_xrCreateDebugUtilsMessengerEXT make_messenger = nullptr;
    if (get(handle_, Wanted{"xrCreateDebugUtilsMessengerEXT", &make_messenger}) && XR_FAILED(make_messenger(handle_, &messages, &messenger_))) messenger_ = XR_NULL_HANDLE;
  }
  return result;
}

void Instance::load() {
  get_all(handle_, true, Wanted{"xrGetVulkanGraphicsRequirements2KHR", &call_.graphics_requirements},
          Wanted{"xrCreateVulkanInstanceKHR", &call_.create_vulkan_instance}, Wanted{"xrGetVulkanGraphicsDevice2KHR", &call_.graphics_device},
          Wanted{"xrCreateVulkanDeviceKHR", &call_.create_vulkan_device});
  get_all(handle_, on_.timespec, Wanted{"xrConvertTimespecTimeToTimeKHR", &call_.time_from_timespec},
          Wanted{"xrConvertTimeToTimespecTimeKHR", &call_.timespec_from_time});
  get_all(handle_, on_.visibility_mask, Wanted{"xrGetVisibilityMaskKHR", &call_.visibility_mask});
  get_all(handle_, on_.refresh_rate, Wanted{"xrEnumerateDisplayRefreshRatesFB", &call_.refresh_rates},
          Wanted{"xrRequestDisplayRefreshRateFB", &call_.request_refresh_rate});
  get_all(handle_, on_.performance, Wanted{"xrPerfSettingsSetPerformanceLevelEXT", &call_.performance_level});
  load_passthrough();
  load_places();
  auto properties = typed<XrInstanceProperties>(XR_TYPE_INSTANCE_PROPERTIES);
  if (XR_SUCCEEDED(xrGetInstanceProperties(handle_, &properties))) {
    const XrVersion v = properties.runtimeVersion;
    runtime_ = base::formatted("{} {}.{}.{}", properties.runtimeName, XR_VERSION_MAJOR(v), XR_VERSION_MINOR(v), XR_VERSION_PATCH(v));
  }
}

void Instance::load_passthrough() {
  complete_.fb_passthrough =
      get_all(handle_, on_.fb_passthrough, Wanted{"xrCreatePassthroughFB", &call_.create_passthrough_fb},
              Wanted{"xrDestroyPassthroughFB", &call_.destroy_passthrough_fb}, Wanted{"xrPassthroughStartFB", &call_.passthrough_start_fb},
              Wanted{"xrPassthroughPauseFB", &call_.passthrough_pause_fb},
              Wanted{"xrCreatePassthroughLayerFB", &call_.create_passthrough_layer_fb},
              Wanted{"xrDestroyPassthroughLayerFB", &call_.destroy_passthrough_layer_fb});
  complete_.htc_passthrough =
      get_all(handle_, on_.htc_passthrough, Wanted{"xrCreatePassthroughHTC", &call_.create_passthrough_htc},
              Wanted{"xrDestroyPassthroughHTC", &call_.destroy_passthrough_htc});
}

void Instance::load_places() {
  complete_.anchors =
      get_all(handle_, on_.anchors, Wanted{"xrCreateSpatialAnchorMSFT", &call_.create_anchor},
              Wanted{"xrCreateSpatialAnchorSpaceMSFT", &call_.create_anchor_space}, Wanted{"xrDestroySpatialAnchorMSFT", &call_.destroy_anchor});
  complete_.markers =
      get_all(handle_, on_.markers, Wanted{"xrCreateMarkerDetectorML", &call_.create_marker_detector},
              Wanted{"xrDestroyMarkerDetectorML", &call_.destroy_marker_detector}, Wanted{"xrSnapshotMarkerDetectorML", &call_.snapshot_markers},
              Wanted{"xrGetMarkerDetectorStateML", &call_.marker_detector_state}, Wanted{"xrGetMarkersML", &call_.markers},
              Wanted{"xrGetMarkerNumberML", &call_.marker_number}, Wanted{"xrCreateMarkerSpaceML", &call_.create_marker_space});
}

Instance::~Instance() {
  if (messenger_ != XR_NULL_HANDLE) {
    PFN_xrDestroyDebugUtilsMessengerEXT destroy = nullptr;
    if (get(handle_, Wanted{"xrDestroyDebugUtilsMessengerEXT", &destroy})) destroy(messenger_);
  }
  if (handle_ != XR_NULL_HANDLE) xrDestroyInstance(handle_);
}

XrResult Instance::find_headset() {
  auto info = typed<XrSystemGetInfo>(XR_TYPE_SYSTEM_GET_INFO);
  info.formFactor = XR_FORM_FACTOR_HEAD_MOUNTED_DISPLAY;
  if (const XrResult result = xrGetSystem(handle_, &info, &system_); XR_FAILED(result)) return result;
  auto presence = typed<XrSystemUserPresencePropertiesEXT>(XR_TYPE_SYSTEM_USER_PRESENCE_PROPERTIES_EXT);
  auto passthrough = typed<XrSystemPassthroughPropertiesFB>(XR_TYPE_SYSTEM_PASSTHROUGH_PROPERTIES_FB);
  auto markers = typed<XrSystemMarkerUnderstandingPropertiesML>(XR_TYPE_SYSTEM_MARKER_UNDERSTANDING_PROPERTIES_ML);
  auto properties = typed<XrSystemProperties>(XR_TYPE_SYSTEM_PROPERTIES);
  const auto ask = [&properties](bool on, auto& more) {
    if (on) more.next = std::exchange(properties.next, &more);
  };
  ask(on_.user_presence, presence);
  ask(on_.fb_passthrough, passthrough);
  ask(on_.markers, markers);
  const XrResult result = xrGetSystemProperties(handle_, system_, &properties);
  if (XR_FAILED(result)) return result;
  headset_ = properties.systemName;
  layers_max_ = properties.graphicsProperties.maxLayerCount;
  tells_presence_ = on_.user_presence && presence.supportsUserPresence == XR_TRUE;
  has_fb_passthrough_ = complete_.fb_passthrough && passthrough.supportsPassthrough == XR_TRUE;
  has_markers_ = complete_.markers && markers.supportsMarkerUnderstanding == XR_TRUE;
  return XR_SUCCESS;
}

XrPath Instance::path(std::string_view text) const {
  XrPath made = XR_NULL_PATH;
  if (XR_FAILED(xrStringToPath(handle_, std::string(text).c_str(), &made))) return XR_NULL_PATH;
  return made;
}

std::string Instance::version() const { return base::formatted("{}.{}", XR_VERSION_MAJOR(version_), XR_VERSION_MINOR(version_)); }

}  // namespace promenade::xr

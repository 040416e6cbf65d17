#include "runtime/xr/instance.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

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
void get(XrInstance instance, const char* name, Function& function) {
  PFN_xrVoidFunction found = nullptr;
  function = XR_SUCCEEDED(xrGetInstanceProcAddr(instance, name, &found)) ? reinterpret_cast<Function>(found) : nullptr;
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
    get(handle_, "xrCreateDebugUtilsMessengerEXT", make_messenger);
    if (make_messenger && XR_FAILED(make_messenger(handle_, &messages, &messenger_))) messenger_ = XR_NULL_HANDLE;
  }
  return result;
}

void Instance::load() {
  get(handle_, "xrGetVulkanGraphicsRequirements2KHR", call_.graphics_requirements);
  get(handle_, "xrCreateVulkanInstanceKHR", call_.create_vulkan_instance);
  get(handle_, "xrGetVulkanGraphicsDevice2KHR", call_.graphics_device);
  get(handle_, "xrCreateVulkanDeviceKHR", call_.create_vulkan_device);
  if (on_.timespec) {
    get(handle_, "xrConvertTimespecTimeToTimeKHR", call_.time_from_timespec);
    get(handle_, "xrConvertTimeToTimespecTimeKHR", call_.timespec_from_time);
  }
  if (on_.visibility_mask) get(handle_, "xrGetVisibilityMaskKHR", call_.visibility_mask);
  if (on_.refresh_rate) {
    get(handle_, "xrEnumerateDisplayRefreshRatesFB", call_.refresh_rates);
    get(handle_, "xrRequestDisplayRefreshRateFB", call_.request_refresh_rate);
  }
  if (on_.performance) get(handle_, "xrPerfSettingsSetPerformanceLevelEXT", call_.performance_level);
  load_passthrough();
  load_places();
  auto properties = typed<XrInstanceProperties>(XR_TYPE_INSTANCE_PROPERTIES);
  if (XR_SUCCEEDED(xrGetInstanceProperties(handle_, &properties))) {
    const XrVersion v = properties.runtimeVersion;
    runtime_ = base::formatted("{} {}.{}.{}", properties.runtimeName, XR_VERSION_MAJOR(v), XR_VERSION_MINOR(v), XR_VERSION_PATCH(v));
  }
}

void Instance::load_passthrough() {
  if (on_.fb_passthrough) {
    get(handle_, "xrCreatePassthroughFB", call_.create_passthrough_fb);
    get(handle_, "xrDestroyPassthroughFB", call_.destroy_passthrough_fb);
    get(handle_, "xrPassthroughStartFB", call_.passthrough_start_fb);
    get(handle_, "xrPassthroughPauseFB", call_.passthrough_pause_fb);
    get(handle_, "xrCreatePassthroughLayerFB", call_.create_passthrough_layer_fb);
    get(handle_, "xrDestroyPassthroughLayerFB", call_.destroy_passthrough_layer_fb);
  }
  if (on_.htc_passthrough) {
    get(handle_, "xrCreatePassthroughHTC", call_.create_passthrough_htc);
    get(handle_, "xrDestroyPassthroughHTC", call_.destroy_passthrough_htc);
  }
}

void Instance::load_places() {
  if (on_.anchors) {
    get(handle_, "xrCreateSpatialAnchorMSFT", call_.create_anchor);
    get(handle_, "xrCreateSpatialAnchorSpaceMSFT", call_.create_anchor_space);
    get(handle_, "xrDestroySpatialAnchorMSFT", call_.destroy_anchor);
  }
  if (on_.markers) {
    get(handle_, "xrCreateMarkerDetectorML", call_.create_marker_detector);
    get(handle_, "xrDestroyMarkerDetectorML", call_.destroy_marker_detector);
    get(handle_, "xrSnapshotMarkerDetectorML", call_.snapshot_markers);
    get(handle_, "xrGetMarkerDetectorStateML", call_.marker_detector_state);
    get(handle_, "xrGetMarkersML", call_.markers);
    get(handle_, "xrGetMarkerNumberML", call_.marker_number);
    get(handle_, "xrCreateMarkerSpaceML", call_.create_marker_space);
  }
}

Instance::~Instance() {
  if (messenger_ != XR_NULL_HANDLE) {
    PFN_xrDestroyDebugUtilsMessengerEXT destroy = nullptr;
    get(handle_, "xrDestroyDebugUtilsMessengerEXT", destroy);
    if (destroy) destroy(messenger_);
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
  if (on_.user_presence) properties.next = &presence;
  if (on_.fb_passthrough) {
    passthrough.next = properties.next;
    properties.next = &passthrough;
  }
  if (on_.markers) {
    markers.next = properties.next;
    properties.next = &markers;
  }
  const XrResult result = xrGetSystemProperties(handle_, system_, &properties);
  if (XR_FAILED(result)) return result;
  headset_ = properties.systemName;
  layers_max_ = properties.graphicsProperties.maxLayerCount;
  tells_presence_ = on_.user_presence && presence.supportsUserPresence == XR_TRUE;
  const bool callable = call_.create_passthrough_fb && call_.destroy_passthrough_fb && call_.passthrough_start_fb && call_.passthrough_pause_fb &&
                        call_.create_passthrough_layer_fb && call_.destroy_passthrough_layer_fb;
  has_markers_ = markers.supportsMarkerUnderstanding == XR_TRUE && call_.create_marker_detector && call_.destroy_marker_detector && call_.snapshot_markers &&
                 call_.marker_detector_state && call_.markers && call_.marker_number && call_.create_marker_space;
  has_fb_passthrough_ = callable && passthrough.supportsPassthrough == XR_TRUE;
  return XR_SUCCESS;
}

XrPath Instance::path(std::string_view text) const {
  XrPath made = XR_NULL_PATH;
  if (XR_FAILED(xrStringToPath(handle_, std::string(text).c_str(), &made))) return XR_NULL_PATH;
  return made;
}

std::string Instance::version() const { return base::formatted("{}.{}", XR_VERSION_MAJOR(version_), XR_VERSION_MINOR(version_)); }

}  // namespace promenade::xr

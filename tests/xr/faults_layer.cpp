// An OpenXR API layer for tests: answers in the runtime's place what no runtime does on demand.

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <mutex>
#include <string_view>
#include <vector>

#include <openxr/openxr.h>
#include <openxr/openxr_loader_negotiation.h>

#include "tests/xr/faults.h"

#define PROMENADE_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

enum Hooked : std::size_t {
  kPollEvent, kWaitFrame, kBeginFrame, kEndFrame, kLocateViews, kLocateSpace, kSyncActions, kAcquire, kWaitImage, kRelease,
  kBeginSession, kEndSession, kCreateSession, kCreateSwapchain, kViews, kGetSystem, kBlendModes, kSystemProperties, kCreatePassthrough,
  kStartPassthrough, kDestroySpace, kCreateInstance, kHooks
};
constexpr std::array<std::string_view, kHooks> kNames{
    "xrPollEvent", "xrWaitFrame", "xrBeginFrame", "xrEndFrame", "xrLocateViews", "xrLocateSpace", "xrSyncActions", "xrAcquireSwapchainImage",
    "xrWaitSwapchainImage", "xrReleaseSwapchainImage", "xrBeginSession", "xrEndSession", "xrCreateSession", "xrCreateSwapchain",
    "xrEnumerateViewConfigurationViews", "xrGetSystem", "xrEnumerateEnvironmentBlendModes", "xrGetSystemProperties", "xrCreatePassthroughFB",
    "xrPassthroughStartFB", "xrDestroySpace", "xrCreateInstance"};

struct Orders {
  std::mutex mutex;
  std::array<XrResult, kHooks> result{};
  std::array<int, kHooks> times{};
  std::array<std::uint64_t, kHooks> calls{};
  std::deque<std::vector<std::uint8_t>> events;
  bool hidden = false;
  std::uint32_t width = 0, height = 0;
  bool alpha_blend = false, fb = false, presence = false;
  FaultsFrame shown;
  double slid_m = 0.0;
  bool anchors_located = true, anchors_set = true;
  std::array<XrPosef, 8> anchors{};    // made so far in this session
  std::size_t anchor_count = 0;
  int tag = -1;
  XrVector3f tag_at{};
  PFN_xrGetInstanceProcAddr next = nullptr;
  XrInstance instance = XR_NULL_HANDLE;
  XrSession session = XR_NULL_HANDLE;
  std::array<PFN_xrVoidFunction, kHooks> function{};
} orders;

bool faulty(std::size_t hook, XrResult& result) {
  std::lock_guard lock(orders.mutex);
  ++orders.calls[hook];
  if (orders.times[hook] == 0) return false;
  --orders.times[hook];
  result = orders.result[hook];
  return true;
}

template <std::size_t I, class Pfn>
struct Hook;
template <std::size_t I, class... A>
struct Hook<I, XrResult (XRAPI_PTR*)(A...)> {
  static XrResult XRAPI_CALL runtime(A... a) { return reinterpret_cast<XrResult (XRAPI_PTR*)(A...)>(orders.function[I])(a...); }
  static XrResult XRAPI_CALL call(A... a) {
    XrResult result = XR_SUCCESS;
    return faulty(I, result) ? result : runtime(a...);
  }
};

XrResult XRAPI_CALL poll_event(XrInstance instance, XrEventDataBuffer* event) {
  XrResult result = XR_SUCCESS;
  if (faulty(kPollEvent, result)) return result;
  {
    std::lock_guard lock(orders.mutex);
    if (!orders.events.empty()) {
      std::memcpy(event, orders.events.front().data(), orders.events.front().size());
      orders.events.pop_front();
      return XR_SUCCESS;
    }
  }
  return Hook<kPollEvent, PFN_xrPollEvent>::runtime(instance, event);
}

XrResult XRAPI_CALL wait_frame(XrSession session, const XrFrameWaitInfo* info, XrFrameState* state) {
  const XrResult result = Hook<kWaitFrame, PFN_xrWaitFrame>::call(session, info, state);
  if (XR_SUCCEEDED(result) && orders.hidden) state->shouldRender = XR_FALSE;
  return result;
}

XrResult XRAPI_CALL views(XrInstance instance, XrSystemId system, XrViewConfigurationType type, std::uint32_t capacity, std::uint32_t* count,
                          XrViewConfigurationView* all) {
  const XrResult result = Hook<kViews, PFN_xrEnumerateViewConfigurationViews>::call(instance, system, type, capacity, count, all);
  for (std::uint32_t i = 0; XR_SUCCEEDED(result) && all && orders.width && i < capacity; ++i) {
    all[i].recommendedImageRectWidth = orders.width;
    all[i].recommendedImageRectHeight = orders.height;
  }
  return result;
}

XrResult XRAPI_CALL create_session(XrInstance instance, const XrSessionCreateInfo* info, XrSession* session) {
  const XrResult result = Hook<kCreateSession, PFN_xrCreateSession>::call(instance, info, session);
  if (XR_SUCCEEDED(result)) orders.session = *session;
  return result;
}

XrResult XRAPI_CALL blend_modes(XrInstance instance, XrSystemId system, XrViewConfigurationType type, std::uint32_t capacity, std::uint32_t* count,
                                XrEnvironmentBlendMode* all) {
  const std::uint32_t more = orders.alpha_blend ? 1 : 0;
  const std::uint32_t own = capacity > more ? capacity - more : 0;
  const XrResult result = Hook<kBlendModes, PFN_xrEnumerateEnvironmentBlendModes>::call(instance, system, type, own, count, own ? all : nullptr);
  if (XR_FAILED(result)) return result;
  if (own && more) all[*count] = XR_ENVIRONMENT_BLEND_MODE_ALPHA_BLEND;
  *count += more;
  return result;
}

// Takes a structure out of a chain: neither the runtime nor the layer that checks hears of what is only offered here.
template <class Properties>
Properties* unlinked(XrSystemProperties* properties, XrStructureType type) {
  for (auto* link = reinterpret_cast<XrBaseOutStructure*>(properties); link->next; link = link->next) {
    if (link->next->type != type) continue;
    auto* found = reinterpret_cast<Properties*>(link->next);
    link->next = link->next->next;
    return found;
  }
  return nullptr;
}

XrResult XRAPI_CALL system_properties(XrInstance instance, XrSystemId system, XrSystemProperties* properties) {
  auto* passthrough = unlinked<XrSystemPassthroughPropertiesFB>(properties, XR_TYPE_SYSTEM_PASSTHROUGH_PROPERTIES_FB);
  auto* presence = unlinked<XrSystemUserPresencePropertiesEXT>(properties, XR_TYPE_SYSTEM_USER_PRESENCE_PROPERTIES_EXT);
  if (passthrough) passthrough->supportsPassthrough = orders.fb ? XR_TRUE : XR_FALSE;
  auto* markers = unlinked<XrSystemMarkerUnderstandingPropertiesML>(properties, XR_TYPE_SYSTEM_MARKER_UNDERSTANDING_PROPERTIES_ML);
  if (markers) markers->supportsMarkerUnderstanding = XR_TRUE;
  if (presence) presence->supportsUserPresence = orders.presence ? XR_TRUE : XR_FALSE;
  return Hook<kSystemProperties, PFN_xrGetSystemProperties>::call(instance, system, properties);
}

XrResult XRAPI_CALL create_passthrough(XrSession, const XrPassthroughCreateInfoFB* info, XrPassthroughFB* made) {
  XrResult result = XR_SUCCESS;
  if (faulty(kCreatePassthrough, result)) return result;
  if (orders.shown.fb_made) return XR_ERROR_FEATURE_ALREADY_CREATED_PASSTHROUGH_FB;
  orders.shown.fb_made = true;
  orders.shown.fb_running = (info->flags & XR_PASSTHROUGH_IS_RUNNING_AT_CREATION_BIT_FB) != 0;
  *made = reinterpret_cast<XrPassthroughFB>(&orders.fb);
  return XR_SUCCESS;
}
XrResult XRAPI_CALL destroy_passthrough(XrPassthroughFB) {
  orders.shown.fb_made = orders.shown.fb_running = false;
  return XR_SUCCESS;
}
XrResult XRAPI_CALL start_passthrough(XrPassthroughFB) {
  XrResult result = XR_SUCCESS;
  if (faulty(kStartPassthrough, result)) return result;
  orders.shown.fb_running = true;
  return XR_SUCCESS;
}
XrResult XRAPI_CALL pause_passthrough(XrPassthroughFB) {
  orders.shown.fb_running = false;
  return XR_SUCCESS;
}
XrResult XRAPI_CALL create_passthrough_layer(XrSession, const XrPassthroughLayerCreateInfoFB*, XrPassthroughLayerFB* made) {
  *made = reinterpret_cast<XrPassthroughLayerFB>(&orders.shown);
  return XR_SUCCESS;
}
XrResult XRAPI_CALL destroy_passthrough_layer(XrPassthroughLayerFB) { return XR_SUCCESS; }

PFN_xrVoidFunction passthrough_function(std::string_view name) {
  if (name == "xrCreatePassthroughFB") return reinterpret_cast<PFN_xrVoidFunction>(create_passthrough);
  if (name == "xrDestroyPassthroughFB") return reinterpret_cast<PFN_xrVoidFunction>(destroy_passthrough);
  if (name == "xrPassthroughStartFB") return reinterpret_cast<PFN_xrVoidFunction>(start_passthrough);
  if (name == "xrPassthroughPauseFB") return reinterpret_cast<PFN_xrVoidFunction>(pause_passthrough);
  if (name == "xrCreatePassthroughLayerFB") return reinterpret_cast<PFN_xrVoidFunction>(create_passthrough_layer);
  if (name == "xrDestroyPassthroughLayerFB") return reinterpret_cast<PFN_xrVoidFunction>(destroy_passthrough_layer);
  return nullptr;
}

// Spaces of anchors and tags are places in this array: neither the runtime nor the layer that checks hears of them.
constexpr std::size_t kTagSpace = 8;
std::array<char, kTagSpace + 1> own_spaces;
XrSpace own_space(std::size_t at) { return reinterpret_cast<XrSpace>(&own_spaces[at]); }
std::size_t own_space_at(XrSpace space) {
  std::size_t at = 0;
  while (at < own_spaces.size() && own_space(at) != space) ++at;
  return at;
}

XrResult XRAPI_CALL create_anchor(XrSession, const XrSpatialAnchorCreateInfoMSFT* info, XrSpatialAnchorMSFT* anchor) {
  if (!orders.anchors_set) return XR_ERROR_CREATE_SPATIAL_ANCHOR_FAILED_MSFT;
  const std::size_t at = orders.anchor_count++ % kTagSpace;
  orders.anchors[at] = info->pose;
  *anchor = reinterpret_cast<XrSpatialAnchorMSFT>(own_space(at));
  return XR_SUCCESS;
}
XrResult XRAPI_CALL create_anchor_space(XrSession, const XrSpatialAnchorSpaceCreateInfoMSFT* info, XrSpace* space) {
  *space = reinterpret_cast<XrSpace>(info->anchor);
  return XR_SUCCESS;
}
XrResult XRAPI_CALL destroy_anchor(XrSpatialAnchorMSFT) { return XR_SUCCESS; }

XrResult XRAPI_CALL create_detector(XrSession, const XrMarkerDetectorCreateInfoML* info, XrMarkerDetectorML* detector) {
  if (info->markerType != XR_MARKER_TYPE_APRIL_TAG_ML) return XR_ERROR_VALIDATION_FAILURE;
  *detector = reinterpret_cast<XrMarkerDetectorML>(&orders.tag);
  return XR_SUCCESS;
}
XrResult XRAPI_CALL destroy_detector(XrMarkerDetectorML) { return XR_SUCCESS; }
XrResult XRAPI_CALL snapshot(XrMarkerDetectorML, XrMarkerDetectorSnapshotInfoML*) { return XR_SUCCESS; }
XrResult XRAPI_CALL detector_state(XrMarkerDetectorML, XrMarkerDetectorStateML* state) {
  state->state = XR_MARKER_DETECTOR_STATUS_READY_ML;
  return XR_SUCCESS;
}
XrResult XRAPI_CALL get_markers(XrMarkerDetectorML, std::uint32_t capacity, std::uint32_t* count, XrMarkerML* all) {
  *count = orders.tag >= 0 ? 1 : 0;
  if (capacity >= 1 && orders.tag >= 0) all[0] = 1;
  return XR_SUCCESS;
}
XrResult XRAPI_CALL marker_number(XrMarkerDetectorML, XrMarkerML, std::uint64_t* number) {
  *number = static_cast<std::uint64_t>(orders.tag);
  return XR_SUCCESS;
}
XrResult XRAPI_CALL marker_space(XrSession, const XrMarkerSpaceCreateInfoML*, XrSpace* space) {
  *space = own_space(kTagSpace);
  return XR_SUCCESS;
}

XrResult XRAPI_CALL locate_space(XrSpace space, XrSpace base, XrTime time, XrSpaceLocation* location) {
  const std::size_t at = own_space_at(space);
  if (at == own_spaces.size()) return Hook<kLocateSpace, PFN_xrLocateSpace>::call(space, base, time, location);
  constexpr XrSpaceLocationFlags kValid = XR_SPACE_LOCATION_ORIENTATION_VALID_BIT | XR_SPACE_LOCATION_POSITION_VALID_BIT;
  constexpr XrSpaceLocationFlags kTracked = XR_SPACE_LOCATION_ORIENTATION_TRACKED_BIT | XR_SPACE_LOCATION_POSITION_TRACKED_BIT;
  location->locationFlags = kValid;
  location->pose = at == kTagSpace ? XrPosef{{0, 0, 0, 1}, orders.tag_at} : orders.anchors[at];
  if (at == kTagSpace || orders.anchors_located) location->locationFlags |= kTracked;
  if (at != kTagSpace) location->pose.position.x += static_cast<float>(orders.slid_m);
  return XR_SUCCESS;
}
XrResult XRAPI_CALL destroy_space(XrSpace space) {
  return own_space_at(space) < own_spaces.size() ? XR_SUCCESS : Hook<kDestroySpace, PFN_xrDestroySpace>::call(space);
}

PFN_xrVoidFunction place_function(std::string_view name) {
  if (name == "xrCreateSpatialAnchorMSFT") return reinterpret_cast<PFN_xrVoidFunction>(create_anchor);
  if (name == "xrCreateSpatialAnchorSpaceMSFT") return reinterpret_cast<PFN_xrVoidFunction>(create_anchor_space);
  if (name == "xrDestroySpatialAnchorMSFT") return reinterpret_cast<PFN_xrVoidFunction>(destroy_anchor);
  if (name == "xrCreateMarkerDetectorML") return reinterpret_cast<PFN_xrVoidFunction>(create_detector);
  if (name == "xrDestroyMarkerDetectorML") return reinterpret_cast<PFN_xrVoidFunction>(destroy_detector);
  if (name == "xrSnapshotMarkerDetectorML") return reinterpret_cast<PFN_xrVoidFunction>(snapshot);
  if (name == "xrGetMarkerDetectorStateML") return reinterpret_cast<PFN_xrVoidFunction>(detector_state);
  if (name == "xrGetMarkersML") return reinterpret_cast<PFN_xrVoidFunction>(get_markers);
  if (name == "xrGetMarkerNumberML") return reinterpret_cast<PFN_xrVoidFunction>(marker_number);
  if (name == "xrCreateMarkerSpaceML") return reinterpret_cast<PFN_xrVoidFunction>(marker_space);
  return nullptr;
}

// Notes what is handed over; hands on what the runtime knows.
XrResult end_runtime_frame(XrSession session, const XrFrameEndInfo* info) {
  XrFrameEndInfo below = *info;
  std::vector<const XrCompositionLayerBaseHeader*> layers;
  FaultsFrame& shown = orders.shown;
  shown.blend_mode = info->environmentBlendMode;
  shown.layers = static_cast<int>(info->layerCount);
  shown.passthrough_at = -1;
  for (std::uint32_t i = 0; i < info->layerCount; ++i) {
    if (info->layers[i]->type == XR_TYPE_COMPOSITION_LAYER_PROJECTION) shown.room_flags = info->layers[i]->layerFlags;
    if (info->layers[i]->type != XR_TYPE_COMPOSITION_LAYER_PASSTHROUGH_FB) {
      layers.push_back(info->layers[i]);
      continue;
    }
    const auto* hall = reinterpret_cast<const XrCompositionLayerPassthroughFB*>(info->layers[i]);
    if (hall->layerHandle != reinterpret_cast<XrPassthroughLayerFB>(&orders.shown) || hall->space != XR_NULL_HANDLE) return XR_ERROR_LAYER_INVALID;
    if (shown.fb_running) shown.passthrough_at = static_cast<int>(i);
  }
  if (orders.alpha_blend && info->environmentBlendMode == XR_ENVIRONMENT_BLEND_MODE_ALPHA_BLEND) below.environmentBlendMode = XR_ENVIRONMENT_BLEND_MODE_OPAQUE;
  below.layerCount = static_cast<std::uint32_t>(layers.size());
  below.layers = layers.data();
  return Hook<kEndFrame, PFN_xrEndFrame>::runtime(session, &below);
}

// The discarded frame is the one answer that comes after the call has been made.
XrResult XRAPI_CALL end_frame(XrSession session, const XrFrameEndInfo* info) {
  XrResult result = XR_SUCCESS;
  const bool told = faulty(kEndFrame, result);
  if (told && XR_FAILED(result)) return result;
  const XrResult answer = end_runtime_frame(session, info);
  return told && XR_SUCCEEDED(answer) ? result : answer;
}

const std::array<PFN_xrVoidFunction, kHooks> kMine{
    reinterpret_cast<PFN_xrVoidFunction>(poll_event),
    reinterpret_cast<PFN_xrVoidFunction>(wait_frame),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kBeginFrame, PFN_xrBeginFrame>::call),
    reinterpret_cast<PFN_xrVoidFunction>(end_frame),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kLocateViews, PFN_xrLocateViews>::call),
    reinterpret_cast<PFN_xrVoidFunction>(locate_space),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kSyncActions, PFN_xrSyncActions>::call),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kAcquire, PFN_xrAcquireSwapchainImage>::call),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kWaitImage, PFN_xrWaitSwapchainImage>::call),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kRelease, PFN_xrReleaseSwapchainImage>::call),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kBeginSession, PFN_xrBeginSession>::call),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kEndSession, PFN_xrEndSession>::call),
    reinterpret_cast<PFN_xrVoidFunction>(create_session),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kCreateSwapchain, PFN_xrCreateSwapchain>::call),
    reinterpret_cast<PFN_xrVoidFunction>(views),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kGetSystem, PFN_xrGetSystem>::call),
    reinterpret_cast<PFN_xrVoidFunction>(blend_modes),
    reinterpret_cast<PFN_xrVoidFunction>(system_properties),
    nullptr,
    nullptr,
    reinterpret_cast<PFN_xrVoidFunction>(destroy_space),
    nullptr};

std::size_t hook_of(std::string_view name) {
  std::size_t hook = 0;
  while (hook < kHooks && kNames[hook] != name) ++hook;
  return hook;
}

XrResult XRAPI_CALL get_proc_addr(XrInstance instance, const char* name, PFN_xrVoidFunction* function) {
  for (const PFN_xrVoidFunction mine : {passthrough_function(name), place_function(name)}) {
    if (!mine) continue;
    *function = mine;
    return XR_SUCCESS;
  }
  const XrResult result = orders.next ? orders.next(instance, name, function) : XR_ERROR_HANDLE_INVALID;
  const std::size_t hook = hook_of(name);
  if (XR_FAILED(result) || hook >= kMine.size() || !kMine[hook]) return result;
  orders.function[hook] = *function;
  *function = kMine[hook];
  return XR_SUCCESS;
}

XrResult XRAPI_CALL create_instance(const XrInstanceCreateInfo* info, const XrApiLayerCreateInfo* layer, XrInstance* instance) {
  XrResult result = XR_SUCCESS;
  if (faulty(kCreateInstance, result)) return result;
  XrApiLayerCreateInfo below = *layer;
  below.nextInfo = layer->nextInfo->next;
  orders.next = layer->nextInfo->nextGetInstanceProcAddr;
  XrInstanceCreateInfo known = *info;
  std::vector<const char*> names;
  for (std::uint32_t i = 0; i < info->enabledExtensionCount; ++i) {
    const std::string_view name = info->enabledExtensionNames[i];
    constexpr std::array<std::string_view, 4> kOwn{XR_FB_PASSTHROUGH_EXTENSION_NAME, XR_EXT_USER_PRESENCE_EXTENSION_NAME, XR_MSFT_SPATIAL_ANCHOR_EXTENSION_NAME,
                                                   XR_ML_MARKER_UNDERSTANDING_EXTENSION_NAME};
    if (!std::ranges::contains(kOwn, name)) names.push_back(info->enabledExtensionNames[i]);
  }
  known.enabledExtensionCount = static_cast<std::uint32_t>(names.size());
  known.enabledExtensionNames = names.data();
  result = layer->nextInfo->nextCreateApiLayerInstance(&known, &below, instance);
  if (XR_SUCCEEDED(result)) orders.instance = *instance;
  return result;
}

}  // namespace

PROMENADE_EXPORT XrResult xrNegotiateLoaderApiLayerInterface(const XrNegotiateLoaderInfo*, const char*, XrNegotiateApiLayerRequest* request) {
  request->layerInterfaceVersion = XR_CURRENT_LOADER_API_LAYER_VERSION;
  request->layerApiVersion = XR_CURRENT_API_VERSION;
  request->getInstanceProcAddr = get_proc_addr;
  request->createApiLayerInstance = create_instance;
  return XR_SUCCESS;
}

PROMENADE_EXPORT void faults_fail(const char* function, int result, int times) {
  std::lock_guard lock(orders.mutex);
  const std::size_t hook = hook_of(function);
  if (hook >= kHooks) return;
  orders.result[hook] = static_cast<XrResult>(result);
  orders.times[hook] = times;
}

PROMENADE_EXPORT void faults_event(const void* event, std::uint32_t bytes) {
  std::lock_guard lock(orders.mutex);
  const auto* from = static_cast<const std::uint8_t*>(event);
  orders.events.emplace_back(from, from + bytes);
}

PROMENADE_EXPORT void faults_hide(bool hidden) { orders.hidden = hidden; }

PROMENADE_EXPORT void faults_size(std::uint32_t width, std::uint32_t height) {
  orders.width = width;
  orders.height = height;
}

PROMENADE_EXPORT void faults_exit() {
  PFN_xrVoidFunction request = nullptr;
  if (XR_SUCCEEDED(orders.next(orders.instance, "xrRequestExitSession", &request))) reinterpret_cast<PFN_xrRequestExitSession>(request)(orders.session);
}

PROMENADE_EXPORT std::uint64_t faults_calls(const char* function) {
  std::lock_guard lock(orders.mutex);
  const std::size_t hook = hook_of(function);
  return hook < kHooks ? orders.calls[hook] : 0;
}

PROMENADE_EXPORT void faults_passthrough(bool alpha_blend, bool fb) {
  orders.alpha_blend = alpha_blend;
  orders.fb = fb;
}

PROMENADE_EXPORT void faults_presence(bool told) { orders.presence = told; }

PROMENADE_EXPORT void faults_anchors(double slid_m, bool located, bool can_set) {
  orders.slid_m = slid_m;
  orders.anchors_located = located;
  orders.anchors_set = can_set;
}

PROMENADE_EXPORT void faults_tag(int id, float x, float y, float z) {
  orders.tag = id;
  orders.tag_at = {x, y, z};
}

PROMENADE_EXPORT FaultsFrame faults_shown() { return orders.shown; }

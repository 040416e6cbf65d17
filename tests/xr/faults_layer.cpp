// An OpenXR API layer for tests: answers in the runtime's place what no runtime does on demand.

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
  kBeginSession, kEndSession, kCreateSession, kCreateSwapchain, kViews, kGetSystem, kCreateInstance, kHooks
};
constexpr std::array<std::string_view, kHooks> kNames{
    "xrPollEvent", "xrWaitFrame", "xrBeginFrame", "xrEndFrame", "xrLocateViews", "xrLocateSpace", "xrSyncActions", "xrAcquireSwapchainImage",
    "xrWaitSwapchainImage", "xrReleaseSwapchainImage", "xrBeginSession", "xrEndSession", "xrCreateSession", "xrCreateSwapchain",
    "xrEnumerateViewConfigurationViews", "xrGetSystem", "xrCreateInstance"};

struct Orders {
  std::mutex mutex;
  std::array<XrResult, kHooks> result{};
  std::array<int, kHooks> times{};
  std::array<std::uint64_t, kHooks> calls{};
  std::deque<std::vector<std::uint8_t>> events;
  bool hidden = false;
  std::uint32_t width = 0, height = 0;
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

// The discarded frame is the one answer that comes after the call has been made.
XrResult XRAPI_CALL end_frame(XrSession session, const XrFrameEndInfo* info) {
  XrResult result = XR_SUCCESS;
  const bool told = faulty(kEndFrame, result);
  if (told && XR_FAILED(result)) return result;
  const XrResult answer = Hook<kEndFrame, PFN_xrEndFrame>::runtime(session, info);
  return told && XR_SUCCEEDED(answer) ? result : answer;
}

const std::array<PFN_xrVoidFunction, kHooks> kMine{
    reinterpret_cast<PFN_xrVoidFunction>(poll_event),
    reinterpret_cast<PFN_xrVoidFunction>(wait_frame),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kBeginFrame, PFN_xrBeginFrame>::call),
    reinterpret_cast<PFN_xrVoidFunction>(end_frame),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kLocateViews, PFN_xrLocateViews>::call),
    reinterpret_cast<PFN_xrVoidFunction>(Hook<kLocateSpace, PFN_xrLocateSpace>::call),
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
    nullptr};

std::size_t hook_of(std::string_view name) {
  std::size_t hook = 0;
  while (hook < kHooks && kNames[hook] != name) ++hook;
  return hook;
}

XrResult XRAPI_CALL get_proc_addr(XrInstance instance, const char* name, PFN_xrVoidFunction* function) {
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
  result = layer->nextInfo->nextCreateApiLayerInstance(info, &below, instance);
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

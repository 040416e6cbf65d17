#pragma once
// An OpenXR instance with its extension functions and, if asked for, the core validation layer. Private to
// runtime/xr; frame thread. Asks for 1.1, then for 1.0. Handles end with the object.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "runtime/xr/choices.h"
#include "runtime/xr/results.h"

namespace promenade::xr {

struct ValidationCount {          // outlives instances; messages may come from any thread
  std::atomic<std::uint64_t> messages{0};
  std::mutex mutex;
  std::string last;
};

struct Functions {                // null where the extension is off
  PFN_xrGetVulkanGraphicsRequirements2KHR graphics_requirements = nullptr;
  PFN_xrCreateVulkanInstanceKHR create_vulkan_instance = nullptr;
  PFN_xrGetVulkanGraphicsDevice2KHR graphics_device = nullptr;
  PFN_xrCreateVulkanDeviceKHR create_vulkan_device = nullptr;
  PFN_xrConvertTimespecTimeToTimeKHR time_from_timespec = nullptr;
  PFN_xrConvertTimeToTimespecTimeKHR timespec_from_time = nullptr;
  PFN_xrGetVisibilityMaskKHR visibility_mask = nullptr;
  PFN_xrEnumerateDisplayRefreshRatesFB refresh_rates = nullptr;
  PFN_xrRequestDisplayRefreshRateFB request_refresh_rate = nullptr;
  PFN_xrPerfSettingsSetPerformanceLevelEXT performance_level = nullptr;
  PFN_xrCreatePassthroughFB create_passthrough_fb = nullptr;
  PFN_xrDestroyPassthroughFB destroy_passthrough_fb = nullptr;
  PFN_xrPassthroughStartFB passthrough_start_fb = nullptr;
  PFN_xrPassthroughPauseFB passthrough_pause_fb = nullptr;
  PFN_xrCreatePassthroughLayerFB create_passthrough_layer_fb = nullptr;
  PFN_xrDestroyPassthroughLayerFB destroy_passthrough_layer_fb = nullptr;
  PFN_xrCreatePassthroughHTC create_passthrough_htc = nullptr;
  PFN_xrDestroyPassthroughHTC destroy_passthrough_htc = nullptr;
  PFN_xrCreateSpatialAnchorMSFT create_anchor = nullptr;
  PFN_xrCreateSpatialAnchorSpaceMSFT create_anchor_space = nullptr;
  PFN_xrDestroySpatialAnchorMSFT destroy_anchor = nullptr;
  PFN_xrCreateMarkerDetectorML create_marker_detector = nullptr;
  PFN_xrDestroyMarkerDetectorML destroy_marker_detector = nullptr;
  PFN_xrSnapshotMarkerDetectorML snapshot_markers = nullptr;
  PFN_xrGetMarkerDetectorStateML marker_detector_state = nullptr;
  PFN_xrGetMarkersML markers = nullptr;
  PFN_xrGetMarkerNumberML marker_number = nullptr;
  PFN_xrCreateMarkerSpaceML create_marker_space = nullptr;
};

class Instance {
 public:
  // `trouble`: why there is none; XR_ERROR_API_LAYER_NOT_PRESENT: the validation layer is not installed.
  static std::unique_ptr<Instance> create(bool validation, ValidationCount& count, XrResult& trouble);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  XrResult find_headset();        // sets system() and what follows
  XrPath path(std::string_view text) const;

  XrInstance handle() const { return handle_; }
  XrSystemId system() const { return system_; }
  const Extensions& on() const { return on_; }
  const Functions& call() const { return call_; }
  bool at_least_1_1() const { return version_ >= XR_API_VERSION_1_1; }
  std::string version() const;                                   // "1.1"
  const std::string& runtime() const { return runtime_; }        // "Monado(XRT) by Collabora et al 25.0.0"
  const std::string& headset() const { return headset_; }
  bool tells_presence() const { return tells_presence_; }
  bool has_fb_passthrough() const { return has_fb_passthrough_; }    // the headset too, not the runtime alone
  bool has_htc_passthrough() const { return complete_.htc_passthrough; }
  bool has_anchors() const { return complete_.anchors; }
  bool has_markers() const { return has_markers_; }                  // the headset too
  std::uint32_t layers_max() const { return layers_max_; }

 private:
  Instance() = default;
  XrResult make(XrVersion version, const ExtensionChoice& choice, bool validation, ValidationCount& count);
  void load();
  void load_passthrough();
  void load_places();

  XrInstance handle_ = XR_NULL_HANDLE;
  XrDebugUtilsMessengerEXT messenger_ = XR_NULL_HANDLE;
  XrSystemId system_ = XR_NULL_SYSTEM_ID;
  XrVersion version_ = XR_API_VERSION_1_0;
  Extensions on_;
  Functions call_;
  std::string runtime_, headset_;
  struct {  // every function of the extension is there
    bool fb_passthrough = false, htc_passthrough = false, anchors = false, markers = false;
  } complete_;
  bool tells_presence_ = false, has_fb_passthrough_ = false, has_markers_ = false;
  std::uint32_t layers_max_ = 16;
};

}  // namespace promenade::xr

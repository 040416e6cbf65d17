#pragma once
// What to take of what a runtime offers: formats, spaces, extensions, refresh rates. Pure. Where nothing fits, the
// answer is empty and the caller does without, or says so.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/xr/openxr.h"
#include "runtime/xr/passthrough.h"

namespace promenade::xr {

// Colours are written linear and stored sRGB. Runtimes list formats by preference.
std::optional<VkFormat> color_format(std::span<const std::int64_t> offered);
std::optional<VkFormat> depth_format(std::span<const std::int64_t> offered);  // D32 alone: reversed Z wants a float

// STAGE, whose floor is the room's; else LOCAL_FLOOR, where `local_floor` says that it may be asked for; else LOCAL.
std::optional<XrReferenceSpaceType> room_space(std::span<const XrReferenceSpaceType> offered, bool local_floor);

// The highest rate up to `most_hz` of which the film's frame rate is a whole part, so that each picture stays equally
// long; without such a rate, or without a film (0), the highest up to `most_hz`.
std::optional<float> refresh_rate(std::span<const float> offered, double film_fps, float most_hz = 90.0f);

// Opaque if the runtime has it: everything but the visitor's film is kept out.
std::optional<XrEnvironmentBlendMode> blend_mode(std::span<const XrEnvironmentBlendMode> offered);

// Every way to show the real hall, the best first. ALPHA_BLEND goes before the layers: it can be had from one frame to
// the next. `fb`, `htc`: the extension is on and the headset supports it.
std::vector<Passthrough> passthrough_ways(std::span<const XrEnvironmentBlendMode> offered, bool fb, bool htc);

struct Extensions {  // those that are switched on
  bool depth = false;              // XR_KHR_composition_layer_depth
  bool visibility_mask = false;    // XR_KHR_visibility_mask
  bool refresh_rate = false;       // XR_FB_display_refresh_rate
  bool user_presence = false;      // XR_EXT_user_presence
  bool performance = false;        // XR_EXT_performance_settings
  bool hand_interaction = false;   // XR_EXT_hand_interaction
  bool pico = false;               // XR_BD_controller_interaction
  bool timespec = false;           // XR_KHR_convert_timespec_time
  bool local_floor = false;        // XR_EXT_local_floor; core in 1.1
  bool debug_utils = false;        // XR_EXT_debug_utils
  bool fb_passthrough = false;     // XR_FB_passthrough
  bool htc_passthrough = false;    // XR_HTC_passthrough
  bool anchors = false;            // XR_MSFT_spatial_anchor
  bool markers = false;            // XR_ML_marker_understanding
};
// Of the names that the runtime lists. `required_missing`: without it nothing can be drawn.
struct ExtensionChoice {
  std::vector<const char*> names;  // to enable; static strings
  Extensions on;
  bool required_missing = false;   // XR_KHR_vulkan_enable2
};
ExtensionChoice extensions(std::span<const std::string> offered, bool debug_utils);

}  // namespace promenade::xr

#include "runtime/xr/choices.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace promenade::xr {
namespace {

template <class T>
std::optional<T> first_offered(std::span<const T> wanted, std::span<const T> offered) {
  for (const T& one : wanted) {
    if (std::ranges::contains(offered, one)) return one;
  }
  return std::nullopt;
}

}  // namespace

std::optional<VkFormat> color_format(std::span<const std::int64_t> offered) {
  for (const std::int64_t format : offered) {
    if (format == VK_FORMAT_R8G8B8A8_SRGB || format == VK_FORMAT_B8G8R8A8_SRGB) return static_cast<VkFormat>(format);
  }
  return std::nullopt;
}

std::optional<VkFormat> depth_format(std::span<const std::int64_t> offered) {
  if (std::ranges::contains(offered, std::int64_t{VK_FORMAT_D32_SFLOAT})) return VK_FORMAT_D32_SFLOAT;
  return std::nullopt;
}

std::optional<XrReferenceSpaceType> room_space(std::span<const XrReferenceSpaceType> offered, bool local_floor) {
  std::vector<XrReferenceSpaceType> wanted{XR_REFERENCE_SPACE_TYPE_STAGE};
  if (local_floor) wanted.push_back(XR_REFERENCE_SPACE_TYPE_LOCAL_FLOOR);
  wanted.push_back(XR_REFERENCE_SPACE_TYPE_LOCAL);
  return first_offered<XrReferenceSpaceType>(wanted, offered);
}

std::optional<float> refresh_rate(std::span<const float> offered, double film_fps, float most_hz) {
  std::optional<float> best, best_whole;
  for (const float rate : offered) {
    if (rate > most_hz + 0.5f) continue;
    if (!best || rate > *best) best = rate;
    if (film_fps <= 0.0) continue;
    const double times = rate / film_fps;
    if (std::round(times) >= 1.0 && std::abs(times - std::round(times)) < 0.01 * times && (!best_whole || rate > *best_whole)) {
      best_whole = rate;
    }
  }
  return best_whole ? best_whole : best;
}

std::optional<XrEnvironmentBlendMode> blend_mode(std::span<const XrEnvironmentBlendMode> offered) {
  if (std::ranges::contains(offered, XR_ENVIRONMENT_BLEND_MODE_OPAQUE)) return XR_ENVIRONMENT_BLEND_MODE_OPAQUE;
  if (!offered.empty()) return offered.front();
  return std::nullopt;
}

std::vector<Passthrough> passthrough_ways(std::span<const XrEnvironmentBlendMode> offered, bool fb, bool htc) {
  std::vector<Passthrough> ways;
  if (std::ranges::contains(offered, XR_ENVIRONMENT_BLEND_MODE_ALPHA_BLEND)) ways.push_back(Passthrough::alpha_blend);
  if (fb) ways.push_back(Passthrough::fb_layer);
  if (htc) ways.push_back(Passthrough::htc_layer);
  if (std::ranges::contains(offered, XR_ENVIRONMENT_BLEND_MODE_ADDITIVE)) ways.push_back(Passthrough::additive);
  return ways;
}

ExtensionChoice extensions(std::span<const std::string> offered, bool debug_utils) {
  ExtensionChoice choice;
  const auto take = [&](const char* name) {
    if (!std::ranges::contains(offered, std::string_view(name))) return false;
    choice.names.push_back(name);
    return true;
  };
  choice.required_missing = !take(XR_KHR_VULKAN_ENABLE2_EXTENSION_NAME);
  choice.on.depth = take(XR_KHR_COMPOSITION_LAYER_DEPTH_EXTENSION_NAME);
  choice.on.visibility_mask = take(XR_KHR_VISIBILITY_MASK_EXTENSION_NAME);
  choice.on.refresh_rate = take(XR_FB_DISPLAY_REFRESH_RATE_EXTENSION_NAME);
  choice.on.user_presence = take(XR_EXT_USER_PRESENCE_EXTENSION_NAME);
  choice.on.performance = take(XR_EXT_PERFORMANCE_SETTINGS_EXTENSION_NAME);
  choice.on.hand_interaction = take(XR_EXT_HAND_INTERACTION_EXTENSION_NAME);
  choice.on.pico = take(XR_BD_CONTROLLER_INTERACTION_EXTENSION_NAME);
  choice.on.timespec = take(XR_KHR_CONVERT_TIMESPEC_TIME_EXTENSION_NAME);
  choice.on.local_floor = take(XR_EXT_LOCAL_FLOOR_EXTENSION_NAME);
  choice.on.fb_passthrough = take(XR_FB_PASSTHROUGH_EXTENSION_NAME);
  choice.on.htc_passthrough = take(XR_HTC_PASSTHROUGH_EXTENSION_NAME);
  choice.on.anchors = take(XR_MSFT_SPATIAL_ANCHOR_EXTENSION_NAME);
  choice.on.markers = take(XR_ML_MARKER_UNDERSTANDING_EXTENSION_NAME);
  choice.on.debug_utils = debug_utils && take(XR_EXT_DEBUG_UTILS_EXTENSION_NAME);
  return choice;
}

}  // namespace promenade::xr

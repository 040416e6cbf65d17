#pragma once
// The ways in which a headset can show the real hall behind what is drawn. Plain values; knows no OpenXR.

#include <cstdint>
#include <string_view>

namespace promenade::xr {

enum class Passthrough : std::uint8_t {
  none,         // the hall is drawn, never seen
  alpha_blend,  // the runtime's blend mode ALPHA_BLEND: from frame to frame, nothing has to be started
  fb_layer,     // a layer of XR_FB_passthrough under ours
  htc_layer,    // a layer of XR_HTC_passthrough under ours
  additive,     // the blend mode ADDITIVE: glasses that one sees through anyway; black is clear
};
std::string_view to_string(Passthrough way);

}  // namespace promenade::xr

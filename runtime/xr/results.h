#pragma once
// What the result of an OpenXR call means for the program, and results as errors for people. Pure.

#include <string>
#include <string_view>

#include "runtime/xr/openxr.h"
#include "tracking/base/result.h"

namespace promenade::xr {

enum class Verdict {
  good,      // go on; a discarded frame and a pending loss (an event follows) are good as well
  not_now,   // a wait that has run out, a session that is not running or not focused: try again with the next frame
  lost,      // runtime, instance, session or device has gone, or a call failed that has no other way out: begin anew
};
Verdict judge(XrResult result);

std::string_view name_of(XrResult result);        // "XR_ERROR_INSTANCE_LOST"; "XR_RESULT_UNKNOWN"
std::string_view name_of(XrSessionState state);   // "FOCUSED"

// Error "runtime-lost", which names the call.
base::Result<void> lost(std::string_view call, XrResult result);

}  // namespace promenade::xr

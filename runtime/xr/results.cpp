#include "runtime/xr/results.h"

#include <openxr/openxr_reflection.h>

#include "tracking/base/formatted.h"

namespace promenade::xr {

Verdict judge(XrResult result) {
  switch (result) {
    case XR_TIMEOUT_EXPIRED:
    case XR_ERROR_SESSION_NOT_RUNNING:
    case XR_ERROR_SESSION_NOT_READY:
    case XR_ERROR_SESSION_NOT_STOPPING:
    case XR_SESSION_NOT_FOCUSED:
      return Verdict::not_now;
    default:
      return XR_FAILED(result) ? Verdict::lost : Verdict::good;
  }
}

std::string_view name_of(XrResult result) {
#define PROMENADE_NAME(name, value) \
  case name:                        \
    return #name;
  switch (result) {
    XR_LIST_ENUM_XrResult(PROMENADE_NAME)
    default:
      return "XR_RESULT_UNKNOWN";
  }
#undef PROMENADE_NAME
}

std::string_view name_of(XrSessionState state) {
  switch (state) {
    case XR_SESSION_STATE_IDLE: return "IDLE";
    case XR_SESSION_STATE_READY: return "READY";
    case XR_SESSION_STATE_SYNCHRONIZED: return "SYNCHRONIZED";
    case XR_SESSION_STATE_VISIBLE: return "VISIBLE";
    case XR_SESSION_STATE_FOCUSED: return "FOCUSED";
    case XR_SESSION_STATE_STOPPING: return "STOPPING";
    case XR_SESSION_STATE_LOSS_PENDING: return "LOSS_PENDING";
    case XR_SESSION_STATE_EXITING: return "EXITING";
    default: return "UNKNOWN";
  }
}

base::Result<void> lost(std::string_view call, XrResult result) {
  return base::fail("runtime-lost", base::formatted("{} answered {}.", call, name_of(result)),
                    "The session is taken down and made again as soon as the runtime answers.");
}

}  // namespace promenade::xr

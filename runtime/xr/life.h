#pragma once
// The life of an OpenXR session as a state machine: which step is due, and what each answer of the runtime changes.
// Pure: it makes no call and reads no clock. Whoever drives it asks `next`, does that, and reports how it went.
//
// There is one way back from everything that goes wrong, wherever it was noticed: take all of it down, wait, begin
// with the instance. Sessions end the same way (LOSS_PENDING, EXITING): a cinema's headset has nothing else to do.

#include <string>

#include "runtime/xr/results.h"
#include "tracking/base/clock.h"

namespace promenade::xr {

using base::HeadsetTime;

inline constexpr base::Duration kRetry = std::chrono::seconds(1);        // between looks for a runtime or a headset
inline constexpr base::Duration kAfterLoss = std::chrono::milliseconds(500);
inline constexpr base::Duration kAfterExit = std::chrono::seconds(3);    // somebody asked the program to leave

enum class Stage { no_runtime, no_headset, connected, session };  // connected: a headset, but no session yet
enum class Deed { none, make_instance, find_headset, make_session, begin_session, end_session, take_down };

class Life {
 public:
  Deed next(HeadsetTime now) const;

  // How the deed that was due went.
  void instance_made(XrResult result, HeadsetTime now);
  void headset_found(XrResult result, HeadsetTime now);  // XR_ERROR_FORM_FACTOR_UNAVAILABLE: none is plugged in
  void session_made(XrResult result, HeadsetTime now);
  void session_begun(XrResult result, HeadsetTime now);
  void session_ended(XrResult result, HeadsetTime now);
  void taken_down();

  // Events, and every other call. `noticed` is true while all is well.
  void state_changed(XrSessionState state, HeadsetTime now);
  void instance_loss_pending(HeadsetTime now);
  bool noticed(XrResult result, HeadsetTime now);
  void lose(HeadsetTime now);                    // for a loss that no OpenXR call told, such as the Vulkan device's

  Stage stage() const { return stage_; }
  XrSessionState state() const { return state_; }
  bool running() const { return running_; }      // frames are to be waited for, begun and ended
  bool focused() const { return running_ && state_ == XR_SESSION_STATE_FOCUSED; }
  bool losing() const { return down_; }          // take_down is due
  XrResult trouble() const { return trouble_; }  // of the newest step that failed; XR_SUCCESS once all is well

 private:
  void fall(base::Duration wait, HeadsetTime now);

  Stage stage_ = Stage::no_runtime;
  XrSessionState state_ = XR_SESSION_STATE_UNKNOWN;
  bool running_ = false, down_ = false;
  HeadsetTime again_{HeadsetTime::min()};
  XrResult trouble_ = XR_SUCCESS;
};

}  // namespace promenade::xr

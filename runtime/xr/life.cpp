#include "runtime/xr/life.h"

namespace promenade::xr {

Deed Life::next(HeadsetTime now) const {
  if (down_) return Deed::take_down;
  switch (stage_) {
    case Stage::no_runtime: return now >= again_ ? Deed::make_instance : Deed::none;
    case Stage::no_headset: return now >= again_ ? Deed::find_headset : Deed::none;
    case Stage::connected: return Deed::make_session;
    case Stage::session: break;
  }
  if (!running_ && state_ == XR_SESSION_STATE_READY) return Deed::begin_session;
  if (running_ && state_ == XR_SESSION_STATE_STOPPING) return Deed::end_session;
  return Deed::none;
}

void Life::fall(base::Duration wait, HeadsetTime now) {
  down_ = true;
  running_ = false;
  again_ = now + wait;
}

void Life::instance_made(XrResult result, HeadsetTime now) {
  if (XR_FAILED(result)) {
    trouble_ = result;
    again_ = now + kRetry;
    return;
  }
  stage_ = Stage::no_headset;
  again_ = now;
}

void Life::headset_found(XrResult result, HeadsetTime now) {
  if (result == XR_ERROR_FORM_FACTOR_UNAVAILABLE) {
    trouble_ = result;
    again_ = now + kRetry;
  } else if (noticed(result, now)) {
    stage_ = Stage::connected;
  }
}

void Life::session_made(XrResult result, HeadsetTime now) {
  if (!noticed(result, now)) return;
  stage_ = Stage::session;
  state_ = XR_SESSION_STATE_UNKNOWN;
}

void Life::session_begun(XrResult result, HeadsetTime now) {
  if (!noticed(result, now) || judge(result) != Verdict::good) return;
  running_ = true;
  trouble_ = XR_SUCCESS;
}

void Life::session_ended(XrResult result, HeadsetTime now) {
  if (noticed(result, now) && judge(result) == Verdict::good) running_ = false;  // IDLE follows, and READY may
}

void Life::taken_down() {
  stage_ = Stage::no_runtime;
  state_ = XR_SESSION_STATE_UNKNOWN;
  down_ = running_ = false;
}

void Life::state_changed(XrSessionState state, HeadsetTime now) {
  if (down_) return;
  state_ = state;
  if (state == XR_SESSION_STATE_LOSS_PENDING) {
    trouble_ = XR_ERROR_SESSION_LOST;
    fall(kAfterLoss, now);
  } else if (state == XR_SESSION_STATE_EXITING) {
    fall(kAfterExit, now);
  }
}

void Life::instance_loss_pending(HeadsetTime now) {
  if (down_) return;
  trouble_ = XR_ERROR_INSTANCE_LOST;
  fall(kAfterLoss, now);
}

bool Life::noticed(XrResult result, HeadsetTime now) {
  if (judge(result) != Verdict::lost) return !down_;
  if (!down_) {
    trouble_ = result;
    fall(kAfterLoss, now);
  }
  return false;
}

void Life::lose(HeadsetTime now) {
  if (!down_) fall(kAfterLoss, now);
}

}  // namespace promenade::xr

#pragma once
// How a simulated headset's tracking errs: rows "tracking error", "tracking dropouts" and "headset dies" of the
// walker model. Pure and seeded; times in seconds of the caller's clock; one thread.

#include "showcontrol/protocol/messages.h"
#include "tracking/base/random.h"
#include "tracking/frame.h"

namespace promenade::rehearsal {

struct TrackingHabits {
  double slow_sigma_m = 0.05, slow_correlation_s = 30.0;   // per axis
  double drift_m = 0.10, drift_after_s = 1200.0;           // random walk, 1 sigma per axis, reset by marks
  double blink_every_s = 60.0, blink_min_s = 0.2, blink_max_s = 0.5;
  double outage_every_s = 7200.0, outage_s = 5.0;
  double freeze_every_s = 36000.0, freeze_s = 5.0;         // the length is assumed
  double death_every_s = 180000.0;                         // once in 50 viewer-hours
  bool faults = true;                                      // false: the errors only
};

struct TrackingReading {
  tracking::Vec<tracking::Hall> error;                     // added to the true place
  protocol::TrackingQuality quality = protocol::TrackingQuality::good;
  bool frozen = false;                                     // the runtime repeats its last pose and calls it good
  bool dead = false;                                       // no poses, no link, for ever
};

class TrackingError {
 public:
  TrackingError(const TrackingHabits& habits, base::Random random);
  TrackingReading step(double now_s);                      // not before the last
  void reset_drift();                                      // marks were touched

 private:
  TrackingHabits habits_;
  base::Random error_random_, fault_random_;
  bool started_ = false;
  double now_s_ = 0.0, lost_until_s_ = -1.0, frozen_until_s_ = -1.0;
  bool dead_ = false;
  tracking::Vec<tracking::Hall> slow_, drift_;
};

}  // namespace promenade::rehearsal

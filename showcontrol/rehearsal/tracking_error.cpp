#include "showcontrol/rehearsal/tracking_error.h"

#include <algorithm>
#include <cmath>

#include "tracking/base/assert.h"

namespace promenade::rehearsal {

TrackingError::TrackingError(const TrackingHabits& habits, base::Random random)
    : habits_(habits), error_random_(random.fork("tracking error")), fault_random_(random.fork("tracking faults")) {
  slow_ = {error_random_.normal(0.0, habits.slow_sigma_m), error_random_.normal(0.0, habits.slow_sigma_m)};
}

TrackingReading TrackingError::step(double now_s) {
  const double dt = started_ ? now_s - now_s_ : 0.0;
  PROMENADE_ASSERT(dt >= 0.0);
  started_ = true;
  now_s_ = now_s;
  if (dt > 0.0) {
    const double keep = std::exp(-dt / habits_.slow_correlation_s);
    const double kick = habits_.slow_sigma_m * std::sqrt(1.0 - keep * keep);
    const double walk = habits_.drift_m * std::sqrt(dt / habits_.drift_after_s);
    slow_ = slow_ * keep + tracking::Vec<tracking::Hall>{error_random_.normal(0.0, kick), error_random_.normal(0.0, kick)};
    drift_ = drift_ + tracking::Vec<tracking::Hall>{error_random_.normal(0.0, walk), error_random_.normal(0.0, walk)};
    const auto begins = [&](double every_s) { return habits_.faults && fault_random_.chance(1.0 - std::exp(-dt / every_s)); };
    if (begins(habits_.blink_every_s)) {
      lost_until_s_ = std::max(lost_until_s_, now_s + fault_random_.uniform(habits_.blink_min_s, habits_.blink_max_s));
    }
    if (begins(habits_.outage_every_s)) lost_until_s_ = std::max(lost_until_s_, now_s + habits_.outage_s);
    if (begins(habits_.freeze_every_s)) frozen_until_s_ = now_s + habits_.freeze_s;
    if (begins(habits_.death_every_s)) dead_ = true;
  }
  TrackingReading reading;
  reading.error = slow_ + drift_;
  reading.quality = now_s < lost_until_s_ ? protocol::TrackingQuality::lost : protocol::TrackingQuality::good;
  reading.frozen = now_s < frozen_until_s_;
  reading.dead = dead_;
  return reading;
}

void TrackingError::reset_drift() { drift_ = {}; }

}  // namespace promenade::rehearsal

#pragma once
// The headset's clock: the steady clock of the system, which OpenXR runtimes use as well. Rim: reads a clock.

#include <chrono>

#include "tracking/base/clock.h"

namespace promenade::headset {

inline base::HeadsetTime headset_time_of(std::chrono::steady_clock::time_point time) {
  return base::HeadsetTime{std::chrono::duration_cast<base::Duration>(time.time_since_epoch())};
}
inline base::HeadsetTime headset_now() { return headset_time_of(std::chrono::steady_clock::now()); }

}  // namespace promenade::headset

#pragma once
// What headset and hall do about poses that nobody can have walked to, which PoseHistory refuses (faster than 6 m/s,
// PoseHistory::kJumpSpeed_mps). Counts of refused poses, metres on the floor. Sources: docs/safety.md, "What the headset does alone".

#include "tracking/base/clock.h"

namespace promenade::tracking {

// At the headset, in a row: tracking has found itself elsewhere, and whether it was wrong before or is now nobody knows. The
// calibration is forgotten.
inline constexpr int kJumpsForgotten = 10;

// At the hall, which does not rely on the headset. So many in a row, and tracking has found itself elsewhere: near by it is believed;
// from kJumpBelieved_m on, or after kJumpsMost within kJumpsWithin, nobody knows where its wearer is, and marks are wanted. The hall hears
// of fewer poses than the headset takes, so it counts fewer.
inline constexpr int kJumpsBelieved = 5, kJumpsMost = 30;
inline constexpr base::Duration kJumpsWithin{10'000'000};
inline constexpr double kJumpBelieved_m = 1.0;
static_assert(kJumpsBelieved <= kJumpsForgotten, "the hall would be later than the headset that it does not rely on");

}  // namespace promenade::tracking

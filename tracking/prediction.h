#pragma once
// Where a body is going in the next two seconds: its present velocity blended with its authored path at that walker's
// own film clock. Frame: Hall; metres, seconds, m/s. Pure.

#include "tracking/body.h"

namespace promenade::tracking {

struct Prediction {  // mean velocities from now on
  HallVec warn;      // over the warning's horizon, 2 s
  HallVec pause;     // over the pause's, about 1 s
};

// Constant velocity is good to about 1 s (recorded walks: it errs by 0.51 m at p95 after 1 s, by 1.30 m after 2 s), so it
// keeps the larger say where a pause is decided, and the plan where a warning is. Nothing is left of the plan's say for
// a walker who is off it.
Prediction predict(const Body& body);

}  // namespace promenade::tracking

#pragma once
// The upright box round a polygon. For the grids of this folder. Frame: Hall, metres. Pure.

#include <algorithm>

#include "tracking/base/assert.h"
#include "tracking/geometry.h"

namespace promenade::tracking {

struct Box {
  HallPoint low;
  HallPoint high;
};

inline Box box_of(PolygonView polygon) {  // of at least one corner
  PROMENADE_ASSERT(!polygon.empty());
  Box box{polygon[0], polygon[0]};
  for (const HallPoint p : polygon) {
    box.low = {std::min(box.low.x, p.x), std::min(box.low.y, p.y)};
    box.high = {std::max(box.high.x, p.x), std::max(box.high.y, p.y)};
  }
  return box;
}

}  // namespace promenade::tracking

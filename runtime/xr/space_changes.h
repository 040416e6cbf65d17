#pragma once
// When the runtime's moves of a reference space take effect. Pure; times are the runtime's own (XrTime).
// A change is announced ahead and acts at its time: poses up to then are of the old space. One re-centre may announce
// itself several times, and without a pose; all that is told here is that the room has moved. The hall never moves:
// what changes is the calibration.

#include <optional>

#include "runtime/xr/openxr.h"

namespace promenade::xr {

class SpaceChanges {
 public:
  void watch(XrReferenceSpaceType ours);               // forgets what was announced before
  void announced(const XrEventDataReferenceSpaceChangePending& event);
  void events_lost();                                  // one of them may have been ours: the next frame is due
  // True once for each moment at which our space has moved, seen from poses of time `display`.
  bool due(XrTime display);

 private:
  std::optional<XrReferenceSpaceType> ours_;
  std::optional<XrTime> earliest_, latest_;            // of those that are not yet due
};

}  // namespace promenade::xr

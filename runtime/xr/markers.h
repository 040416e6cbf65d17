#pragma once
// Printed AprilTags (tag36h11) that the runtime finds in the headset's cameras (XR_ML_marker_understanding). Private to
// runtime/xr; frame thread; metres. A runtime that refuses says nothing; results go to Life only where they tell of a
// loss. Only what is seen now counts: a place that the runtime remembers is no sighting.

#include <vector>

#include "runtime/xr/headset.h"
#include "runtime/xr/instance.h"

namespace promenade::xr {

class Markers {
 public:
  Markers(const Instance& instance, XrSession session) : instance_(instance), session_(session) {}
  ~Markers() { end(); }
  Markers(const Markers&) = delete;
  Markers& operator=(const Markers&) = delete;

  // `size_m`: the edge of all of them; 0: the runtime finds out. A call without change costs nothing.
  XrResult watch(bool wanted, double size_m);
  // One step of looking: asks for a snapshot when `due`, and hands out what it held once it is ready.
  XrResult step(XrSpace room, XrTime time, bool due, std::vector<TagSeen>& seen);

 private:
  void end();
  XrResult read(XrSpace room, XrTime time, std::vector<TagSeen>& seen);
  XrResult locate(XrMarkerML marker, XrSpace room, XrTime time, std::vector<TagSeen>& seen);

  const Instance& instance_;
  XrSession session_;
  XrMarkerDetectorML detector_ = XR_NULL_HANDLE;
  bool wanted_ = false, refused_ = false, looking_ = false;
  double size_m_ = 0.0;
};

}  // namespace promenade::xr

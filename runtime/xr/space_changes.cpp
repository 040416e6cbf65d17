#include "runtime/xr/space_changes.h"

#include <algorithm>

namespace promenade::xr {

void SpaceChanges::watch(XrReferenceSpaceType ours) {
  ours_ = ours;
  earliest_.reset();
  latest_.reset();
}

void SpaceChanges::announced(const XrEventDataReferenceSpaceChangePending& event) {
  if (event.referenceSpaceType != ours_) return;
  earliest_ = earliest_ ? std::min(*earliest_, event.changeTime) : event.changeTime;
  latest_ = latest_ ? std::max(*latest_, event.changeTime) : event.changeTime;
}

void SpaceChanges::events_lost() {
  earliest_ = 0;
  latest_ = std::max(latest_.value_or(0), XrTime{0});
}

bool SpaceChanges::due(XrTime display) {
  if (!earliest_ || display < *earliest_) return false;
  if (display >= *latest_) {
    earliest_.reset();
    latest_.reset();
  } else {
    earliest_ = *latest_;
  }
  return true;
}

}  // namespace promenade::xr

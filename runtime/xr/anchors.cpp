#include "runtime/xr/anchors.h"

#include <algorithm>
#include <cmath>

#include "runtime/xr/poses.h"

namespace promenade::xr {

void Anchors::clear() {
  for (const Anchor& anchor : anchors_) {
    xrDestroySpace(anchor.space);
    instance_.call().destroy_anchor(anchor.handle);
  }
  anchors_.clear();
}

XrResult Anchors::set(XrSpace room, XrTime time, std::span<const glm::vec3> places) {
  clear();
  if (!instance_.has_anchors()) return XR_SUCCESS;
  for (const glm::vec3& place : places) {
    auto info = typed<XrSpatialAnchorCreateInfoMSFT>(XR_TYPE_SPATIAL_ANCHOR_CREATE_INFO_MSFT);
    info.space = room;
    info.pose = pose_of(place, {1.0f, 0.0f, 0.0f, 0.0f});
    info.time = time;
    Anchor anchor{XR_NULL_HANDLE, XR_NULL_HANDLE, place};
    if (const XrResult result = instance_.call().create_anchor(session_, &info, &anchor.handle); XR_FAILED(result)) {
      if (result == XR_ERROR_SESSION_LOST || result == XR_ERROR_INSTANCE_LOST) return result;
      continue;  // such as XR_ERROR_CREATE_SPATIAL_ANCHOR_FAILED_MSFT: too little is known of this place
    }
    auto space_info = typed<XrSpatialAnchorSpaceCreateInfoMSFT>(XR_TYPE_SPATIAL_ANCHOR_SPACE_CREATE_INFO_MSFT);
    space_info.anchor = anchor.handle;
    space_info.poseInAnchorSpace.orientation.w = 1.0f;
    if (const XrResult result = instance_.call().create_anchor_space(session_, &space_info, &anchor.space); XR_FAILED(result)) {
      instance_.call().destroy_anchor(anchor.handle);
      if (result == XR_ERROR_SESSION_LOST || result == XR_ERROR_INSTANCE_LOST) return result;
      continue;
    }
    anchors_.push_back(anchor);
  }
  return XR_SUCCESS;
}

XrResult Anchors::slid(XrSpace room, XrTime time, std::optional<double>& metres) const {
  metres.reset();
  for (const Anchor& anchor : anchors_) {
    auto location = typed<XrSpaceLocation>(XR_TYPE_SPACE_LOCATION);
    if (const XrResult result = xrLocateSpace(anchor.space, room, time, &location); XR_FAILED(result)) return result;
    const Located at = located_of(location);
    if (!at.tracked) continue;  // what is only remembered of it says nothing of now
    const double off_m = std::hypot(at.position.x - anchor.set_at.x, at.position.z - anchor.set_at.z);
    if (std::isfinite(off_m)) metres = std::max(metres.value_or(0.0), off_m);
  }
  return XR_SUCCESS;
}

}  // namespace promenade::xr

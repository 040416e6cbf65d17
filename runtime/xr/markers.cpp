#include "runtime/xr/markers.h"

#include <algorithm>

#include "runtime/xr/poses.h"

namespace promenade::xr {
namespace {

constexpr std::uint32_t kMarkersMax = 32;

bool is_loss(XrResult result) { return result == XR_ERROR_SESSION_LOST || result == XR_ERROR_INSTANCE_LOST; }

}  // namespace

void Markers::end() {
  if (detector_ != XR_NULL_HANDLE) instance_.call().destroy_marker_detector(detector_);
  detector_ = XR_NULL_HANDLE;
  looking_ = false;
}

XrResult Markers::watch(bool wanted, double size_m) {
  if (!instance_.has_markers() || (wanted == wanted_ && size_m == size_m_)) return XR_SUCCESS;
  end();
  wanted_ = wanted;
  size_m_ = size_m;
  refused_ = false;
  if (!wanted) return XR_SUCCESS;
  auto family = typed<XrMarkerDetectorAprilTagInfoML>(XR_TYPE_MARKER_DETECTOR_APRIL_TAG_INFO_ML);
  family.aprilTagDict = XR_MARKER_APRIL_TAG_DICT_36H11_ML;
  auto size = typed<XrMarkerDetectorSizeInfoML>(XR_TYPE_MARKER_DETECTOR_SIZE_INFO_ML);
  size.markerLength = static_cast<float>(size_m);
  if (size_m > 0.0) family.next = &size;
  auto info = typed<XrMarkerDetectorCreateInfoML>(XR_TYPE_MARKER_DETECTOR_CREATE_INFO_ML);
  info.next = &family;
  info.profile = XR_MARKER_DETECTOR_PROFILE_ACCURACY_ML;
  info.markerType = XR_MARKER_TYPE_APRIL_TAG_ML;
  const XrResult result = instance_.call().create_marker_detector(session_, &info, &detector_);
  if (XR_SUCCEEDED(result)) return result;
  detector_ = XR_NULL_HANDLE;
  refused_ = true;  // such as XR_ERROR_MARKER_DETECTOR_PERMISSION_DENIED_ML: it stays so for this session
  return is_loss(result) ? result : XR_SUCCESS;
}

XrResult Markers::step(XrSpace room, XrTime time, bool due, std::vector<TagSeen>& seen) {
  if (detector_ == XR_NULL_HANDLE || refused_) return XR_SUCCESS;
  if (!looking_) {
    if (!due) return XR_SUCCESS;
    auto snapshot = typed<XrMarkerDetectorSnapshotInfoML>(XR_TYPE_MARKER_DETECTOR_SNAPSHOT_INFO_ML);
    const XrResult result = instance_.call().snapshot_markers(detector_, &snapshot);
    looking_ = XR_SUCCEEDED(result);
    return is_loss(result) ? result : XR_SUCCESS;
  }
  auto state = typed<XrMarkerDetectorStateML>(XR_TYPE_MARKER_DETECTOR_STATE_ML);
  const XrResult result = instance_.call().marker_detector_state(detector_, &state);
  if (XR_FAILED(result) || state.state == XR_MARKER_DETECTOR_STATUS_ERROR_ML) {
    looking_ = false;
    return is_loss(result) ? result : XR_SUCCESS;
  }
  if (state.state != XR_MARKER_DETECTOR_STATUS_READY_ML) return XR_SUCCESS;
  looking_ = false;
  return read(room, time, seen);
}

XrResult Markers::read(XrSpace room, XrTime time, std::vector<TagSeen>& seen) {
  std::uint32_t count = 0;
  std::vector<XrMarkerML> all;
  XrResult result = instance_.call().markers(detector_, 0, &count, nullptr);
  if (XR_SUCCEEDED(result) && count > 0) {
    all.resize(count);
    result = instance_.call().markers(detector_, count, &count, all.data());
  }
  if (XR_FAILED(result)) return is_loss(result) ? result : XR_SUCCESS;
  all.resize(std::min({static_cast<std::uint32_t>(all.size()), count, kMarkersMax}));
  for (const XrMarkerML marker : all) {
    if (const XrResult one = locate(marker, room, time, seen); is_loss(one)) return one;
  }
  return XR_SUCCESS;
}

XrResult Markers::locate(XrMarkerML marker, XrSpace room, XrTime time, std::vector<TagSeen>& seen) {
  std::uint64_t number = 0;
  if (const XrResult result = instance_.call().marker_number(detector_, marker, &number); XR_FAILED(result)) return result;
  auto info = typed<XrMarkerSpaceCreateInfoML>(XR_TYPE_MARKER_SPACE_CREATE_INFO_ML);
  info.markerDetector = detector_;
  info.marker = marker;
  info.poseInMarkerSpace.orientation.w = 1.0f;
  XrSpace space = XR_NULL_HANDLE;
  if (const XrResult result = instance_.call().create_marker_space(session_, &info, &space); XR_FAILED(result)) return result;
  auto location = typed<XrSpaceLocation>(XR_TYPE_SPACE_LOCATION);
  const XrResult result = xrLocateSpace(space, room, time, &location);
  xrDestroySpace(space);
  if (XR_FAILED(result)) return result;
  const Located at = located_of(location);
  if (at.tracked && number <= 0xffff) seen.push_back({static_cast<int>(number), at});
  return XR_SUCCESS;
}

}  // namespace promenade::xr

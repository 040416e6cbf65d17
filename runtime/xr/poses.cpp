#include "runtime/xr/poses.h"

#include <cmath>
#include <numbers>

#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>

namespace promenade::xr {
namespace {

glm::vec3 vector_of(const XrVector3f& v) { return {v.x, v.y, v.z}; }
glm::quat turn_of(const XrQuaternionf& q) { return {q.w, q.x, q.y, q.z}; }

}  // namespace

Located located_of(const XrSpaceLocation& location) {
  constexpr XrSpaceLocationFlags kValid = XR_SPACE_LOCATION_ORIENTATION_VALID_BIT | XR_SPACE_LOCATION_POSITION_VALID_BIT;
  constexpr XrSpaceLocationFlags kTracked = XR_SPACE_LOCATION_ORIENTATION_TRACKED_BIT | XR_SPACE_LOCATION_POSITION_TRACKED_BIT;
  Located located;
  located.valid = (location.locationFlags & kValid) == kValid;
  located.tracked = located.valid && (location.locationFlags & kTracked) == kTracked;
  if (located.valid) {
    located.position = vector_of(location.pose.position);
    located.orientation = turn_of(location.pose.orientation);
  }
  return located;
}

gpu::Eye eye_of(const XrPosef& pose, const XrFovf& fov) {
  return {vector_of(pose.position), turn_of(pose.orientation), fov.angleLeft, fov.angleRight, fov.angleUp, fov.angleDown};
}

XrPosef pose_of(const glm::vec3& position, const glm::quat& orientation) {
  return {{orientation.x, orientation.y, orientation.z, orientation.w}, {position.x, position.y, position.z}};
}

XrFovf fov_of(const gpu::Eye& eye) { return {eye.left_rad, eye.right_rad, eye.up_rad, eye.down_rad}; }

bool drawable(const gpu::Eye& eye) {
  constexpr float kHalfTurn = std::numbers::pi_v<float>;
  const float length = glm::dot(eye.orientation, eye.orientation);
  const float sum = eye.position.x + eye.position.y + eye.position.z + length;
  if (!std::isfinite(sum) || std::abs(length - 1.0f) > 0.01f) return false;
  const float wide = eye.right_rad - eye.left_rad, high = eye.up_rad - eye.down_rad;
  return wide > 0.01f && wide < kHalfTurn && high > 0.01f && high < kHalfTurn;
}

}  // namespace promenade::xr

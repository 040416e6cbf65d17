#pragma once
// OpenXR's poses and angles as the program's, with what is known of them. Pure; private to runtime/xr.

#include <span>

#include "runtime/xr/headset.h"
#include "runtime/xr/openxr.h"

namespace promenade::xr {

Located located_of(const XrSpaceLocation& location);
gpu::Eye eye_of(const XrPosef& pose, const XrFovf& fov);
XrPosef pose_of(const glm::vec3& position, const glm::quat& orientation);
XrFovf fov_of(const gpu::Eye& eye);
// An eye that can be drawn for: numbers, a unit orientation, an opening of more than nothing and less than a half
// turn. Runtimes have been seen to hand out zeroes before the first pose.
bool drawable(const gpu::Eye& eye);

}  // namespace promenade::xr

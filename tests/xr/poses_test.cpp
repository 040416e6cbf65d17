#include "runtime/xr/poses.h"

#include <limits>

#include <catch2/catch_test_macros.hpp>

using namespace promenade;
using namespace promenade::xr;

TEST_CASE("A pose counts when both its parts are valid, and as tracked when both are tracked") {
  auto location = typed<XrSpaceLocation>(XR_TYPE_SPACE_LOCATION);
  location.pose = {{0.0f, 0.0f, 0.0f, 1.0f}, {1.0f, 2.0f, 3.0f}};
  location.locationFlags = XR_SPACE_LOCATION_ORIENTATION_VALID_BIT;
  CHECK(!located_of(location).valid);
  location.locationFlags |= XR_SPACE_LOCATION_POSITION_VALID_BIT | XR_SPACE_LOCATION_ORIENTATION_TRACKED_BIT;
  CHECK(located_of(location).valid);
  CHECK(!located_of(location).tracked);
  location.locationFlags |= XR_SPACE_LOCATION_POSITION_TRACKED_BIT;
  CHECK(located_of(location).tracked);
  CHECK(located_of(location).position == glm::vec3(1.0f, 2.0f, 3.0f));
}

TEST_CASE("What is submitted is what was rendered: poses and fields of view survive the way there and back") {
  const XrPosef pose{{0.1f, 0.2f, 0.3f, 0.927362f}, {-1.0f, 1.6f, 0.5f}};
  const XrFovf fov{-0.9f, 0.7f, 0.8f, -0.85f};
  const gpu::Eye eye = eye_of(pose, fov);
  const XrPosef back = pose_of(eye.position, eye.orientation);
  CHECK(back.orientation.x == pose.orientation.x);
  CHECK(back.orientation.y == pose.orientation.y);
  CHECK(back.orientation.z == pose.orientation.z);
  CHECK(back.orientation.w == pose.orientation.w);
  CHECK(back.position.z == pose.position.z);
  CHECK(fov_of(eye).angleLeft == fov.angleLeft);
  CHECK(fov_of(eye).angleDown == fov.angleDown);
}

TEST_CASE("Zeroes and what is no number are not drawn for") {
  gpu::Eye eye;
  CHECK(drawable(eye));
  gpu::Eye flat = eye;
  flat.left_rad = flat.right_rad = 0.0f;
  CHECK(!drawable(flat));
  gpu::Eye unturned = eye;
  unturned.orientation = {0.0f, 0.0f, 0.0f, 0.0f};
  CHECK(!drawable(unturned));
  gpu::Eye nowhere = eye;
  nowhere.position.x = std::numeric_limits<float>::quiet_NaN();
  CHECK(!drawable(nowhere));
  gpu::Eye wide = eye;
  wide.up_rad = 2.0f;
  wide.down_rad = -2.0f;
  CHECK(!drawable(wide));
}

#include "runtime/headset/geometry.h"

#include <cmath>

#include <glm/ext/matrix_transform.hpp>
#include <glm/gtc/quaternion.hpp>

namespace promenade::headset {

glm::vec3 in_stage(const StageFromHall& stage_from_hall, protocol::HallPoint point, double height_m) {
  const tracking::Point<tracking::Stage> at = stage_from_hall * point;
  return {static_cast<float>(at.x), static_cast<float>(height_m), static_cast<float>(-at.y)};
}

double yaw_in_stage(const StageFromHall& stage_from_hall, double hall_yaw_rad) { return tracking::wrap_angle(hall_yaw_rad + stage_from_hall.yaw); }

template <class To, class From>
glm::mat4 matrix_of(const tracking::Transform<To, From>& transform) {
  const glm::vec3 shift{static_cast<float>(transform.shift.x), static_cast<float>(transform.rise), static_cast<float>(-transform.shift.y)};
  glm::mat4 matrix = glm::translate(glm::mat4(1.0f), shift);
  matrix = glm::rotate(matrix, static_cast<float>(transform.yaw), glm::vec3(0.0f, 1.0f, 0.0f));
  return transform.mirrored ? glm::scale(matrix, glm::vec3(-1.0f, 1.0f, 1.0f)) : matrix;
}
template glm::mat4 matrix_of(const tracking::Transform<tracking::Stage, tracking::Hall>&);
template glm::mat4 matrix_of(const tracking::Transform<tracking::Hall, tracking::Film>&);

glm::mat4 stage_from_film(const StageFromHall& stage_from_hall, const protocol::PlayOrder& order) {
  return glm::scale(matrix_of(stage_from_hall) * matrix_of(order.placement), glm::vec3(static_cast<float>(order.scale)));
}

float yaw_of(glm::quat orientation) {
  const tracking::Pose<tracking::Stage> pose{{}, {orientation.w, orientation.x, orientation.y, orientation.z}};
  return static_cast<float>(tracking::yaw_rad(pose));
}

glm::quat turned(float yaw_rad) { return {std::cos(yaw_rad * 0.5f), 0.0f, std::sin(yaw_rad * 0.5f), 0.0f}; }
glm::vec3 ahead_of(float yaw_rad) { return {-std::sin(yaw_rad), 0.0f, -std::cos(yaw_rad)}; }

std::optional<PlaneHit> meet(const Plane& plane, glm::vec2 size_px, glm::vec3 from, glm::vec3 direction) {
  const glm::quat back = glm::conjugate(plane.orientation);
  const glm::vec3 origin = back * (from - plane.center), along = back * direction;
  if (origin.z <= 0.0f || along.z >= -1e-5f) return std::nullopt;
  const float distance = origin.z / -along.z;
  const glm::vec3 at = origin + along * distance;
  const glm::vec2 share{at.x / plane.size_m.x + 0.5f, 0.5f - at.y / plane.size_m.y};
  if (share.x < 0.0f || share.x > 1.0f || share.y < 0.0f || share.y > 1.0f) return std::nullopt;
  return PlaneHit{share * size_px, distance * glm::length(direction)};
}

Plane ray_strip(glm::vec3 from, glm::vec3 direction, float length_m, float width_m, glm::vec3 eye) {
  const glm::vec3 up = glm::normalize(direction);
  const glm::vec3 center = from + up * (length_m * 0.5f);
  glm::vec3 towards = eye - center;
  towards -= up * glm::dot(towards, up);
  const glm::vec3 facing = glm::length(towards) > 1e-4f ? glm::normalize(towards) : glm::normalize(glm::cross(up, glm::vec3(0.0f, 1.0f, 0.017f)));
  return {center, glm::quat_cast(glm::mat3(glm::cross(up, facing), up, facing)), {width_m, length_m}};
}

}  // namespace promenade::headset

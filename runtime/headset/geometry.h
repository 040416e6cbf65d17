#pragma once
// Between the hall's plan, a film's world and the headset's Stage as glm values for the renderer. Pure; metres.

#include <optional>

#include <glm/ext/matrix_float4x4.hpp>
#include <glm/ext/quaternion_float.hpp>
#include <glm/ext/vector_float2.hpp>
#include <glm/ext/vector_float3.hpp>

#include "showcontrol/protocol/messages.h"
#include "tracking/frame.h"

namespace promenade::headset {

using StageFromHall = tracking::Transform<tracking::Stage, tracking::Hall>;

// A point of the plan on the Stage's floor, `height_m` above it.
glm::vec3 in_stage(const StageFromHall& stage_from_hall, protocol::HallPoint point, double height_m = 0.0);
double yaw_in_stage(const StageFromHall& stage_from_hall, double hall_yaw_rad);

// glTF's axes on both sides: a mirrored placement has a negative determinant, and front faces turn.
template <class To, class From>
glm::mat4 matrix_of(const tracking::Transform<To, From>& transform);
// Of a play's world: placement and scale as the hall planned them.
glm::mat4 stage_from_film(const StageFromHall& stage_from_hall, const protocol::PlayOrder& order);

float yaw_of(glm::quat orientation);                     // as tracking::yaw_rad
glm::quat turned(float yaw_rad);                         // faces +z at yaw 0, so towards who looks along -z
glm::vec3 ahead_of(float yaw_rad);                       // unit, level

// Where a ray meets a flat panel, in pixels from its top left; none: behind, from behind, or beside it.
struct Plane {
  glm::vec3 center{0.0f};
  glm::quat orientation{1.0f, 0.0f, 0.0f, 0.0f};         // faces +z
  glm::vec2 size_m{1.0f};
};
struct PlaneHit {
  glm::vec2 pixel{0.0f};
  float distance_m = 0.0f;
};
std::optional<PlaneHit> meet(const Plane& plane, glm::vec2 size_px, glm::vec3 from, glm::vec3 direction);

// A flat strip along a ray that shows its broad side to the eye.
Plane ray_strip(glm::vec3 from, glm::vec3 direction, float length_m, float width_m, glm::vec3 eye);

}  // namespace promenade::headset

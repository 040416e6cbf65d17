#pragma once
// What a frame tells the shaders: eyes, sky, sun, lamps, the shadow map's place. Pure; the layout is that of FrameBlock
// in shaders/frame.glsl (std140). Frame: Stage.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <glm/ext/matrix_float4x4.hpp>
#include <glm/ext/vector_float3.hpp>
#include <glm/ext/vector_float4.hpp>

#include "runtime/gpu/picture.h"

namespace promenade::gpu {

inline constexpr std::size_t kLampsMax = 16;

struct EyeRecord {
  glm::mat4 clip_from_stage;
  glm::vec4 position, ray, ray_x, ray_y;
};
struct LampRecord { glm::vec4 place, color, axis, cone; };
struct FrameBlock {
  EyeRecord eyes[2];
  glm::mat4 shadow_from_stage;
  glm::vec4 shadow_area, sun_towards, sun_light;
  glm::vec4 sky_zenith, sky_horizon, sky_ground, sky_sun, sky_more, fog;
  glm::vec4 irradiance[3];
  glm::vec4 grade;
  LampRecord lamps[kLampsMax];
};

struct Sun { glm::vec3 towards{0.0f, 1.0f, 0.0f}, light{0.0f}; };      // light: colour times lux
struct Lamp {
  glm::vec3 place{0.0f}, axis{0.0f, -1.0f, 0.0f}, light{0.0f};          // light: colour times candela
  float range_m = 0.0f, cone_scale = 0.0f, cone_offset = 1.0f;
  float away = 0.0f;                                                    // from the viewer
};

// Reversed depth, without a far end: near kNearM is 1, infinity 0. y down, as Vulkan's.
glm::mat4 clip_from_eye(const Eye& eye);
EyeRecord eye_record(const Eye& eye);
glm::vec3 head_of(const Frame& frame);                                  // between the eyes

struct ShadowPlace {
  glm::mat4 map_from_stage;                                             // to 0..1 in x, y and depth
  glm::vec3 center;
  float radius_m = 0.0f, texel_m = 0.0f;
};
// Fitted to what is near and ahead of the viewer; moves in whole texels so that edges do not crawl.
ShadowPlace shadow_place(const Frame& frame, const glm::vec3& towards_sun, std::uint32_t map_size);

// Irradiance of the sky's gradient on a surface, as a polynomial in its normal's y. Zonal harmonics to the second order
// hold it to about 1 % (Ramamoorthi and Hanrahan, "An Efficient Representation for Irradiance Environment Maps", 2001).
std::array<glm::vec3, 3> irradiance_of(const film::Sky& sky);
glm::vec3 sky_gradient(const film::Sky& sky, float y);                  // as in frame.glsl, unblurred

// `lamps` is sorted by nearness and cut; those at the edge of being left out are dimmed, so that none switches off.
void choose_lamps(std::vector<Lamp>& lamps);

FrameBlock frame_block(const Frame& frame, const Sun& sun, const std::vector<Lamp>& lamps, const std::optional<ShadowPlace>& shadow);

}  // namespace promenade::gpu

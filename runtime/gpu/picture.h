#pragma once
// One frame to draw, as plain values: what the headset program fills from the client's view and the renderer draws,
// for both eyes at once. Nothing here knows Vulkan or OpenXR.
// Frame: Stage of the headset (metres, right-handed, y up) for everything but models, which bring their own
// stage_from_model. Colours linear, premultiplied where they have alpha. Valid until the frame has been submitted.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <glm/ext/matrix_float4x4.hpp>
#include <glm/ext/quaternion_float.hpp>
#include <glm/ext/vector_float2.hpp>
#include <glm/ext/vector_float3.hpp>
#include <glm/ext/vector_float4.hpp>

#include "runtime/film/pose.h"

namespace promenade::gpu {

using ModelHandle = std::uint32_t;    // an uploaded film::Model; 0: none
using TextureHandle = std::uint32_t;  // an image made by the program: user interface, subtitle, video; 0: none

struct Eye {  // as OpenXR's XrView: pose in Stage, field of view as angles, left and down negative
  glm::vec3 position{0.0f};
  glm::quat orientation{1.0f, 0.0f, 0.0f, 0.0f};
  float left_rad = -0.8f, right_rad = 0.8f, up_rad = 0.8f, down_rad = -0.8f;
};

struct DrawnModel {
  ModelHandle model = 0;
  const film::Pose* pose = nullptr;
  glm::mat4 stage_from_model{1.0f};               // with scale and, for a mirrored placement, a negative x
  glm::vec4 tint{1.0f};                           // multiplies; alpha under 1 blends (ghosts)
  bool casts_shadow = true;
};

struct Quad {  // a flat picture in the world: subtitle, notice, menu, the word stop
  TextureHandle texture = 0;
  glm::vec3 center{0.0f};
  glm::quat orientation{1.0f, 0.0f, 0.0f, 0.0f};  // faces +z
  glm::vec2 size_m{1.0f};
  float opacity = 1.0f;
  bool over_all = false;                          // drawn last, through everything
};

struct Ribbon {  // a path on the floor, in running order, with marks that move along it
  std::span<const glm::vec3> points;
  glm::vec4 color{1.0f};
  float width_m = 0.3f;
  float phase = 0.0f;                             // 0..1, of the marks' movement
};

struct Ring {  // on the floor
  glm::vec3 center{0.0f};
  float radius_m = 0.5f, width_m = 0.06f;
  glm::vec4 color{1.0f};
  float filled = 0.0f;                            // opacity of the disc inside
  float sweep = 1.0f;                             // 0..1 of the circle: countdown
  float beam = 0.0f;                              // opacity of the light that stands over it, seen from afar
};

struct Figure {  // another person: a simple human shape
  glm::vec3 floor{0.0f};
  float yaw_rad = 0.0f;
  float radius_m = 0.3f, height_m = 1.7f;
  glm::vec4 color{1.0f};                          // alpha: opacity
};

struct Grid {  // the boundary, as standing walls of lines that are seen near the viewer
  std::span<const glm::vec3> outline;             // closed; on the floor
  std::span<const std::vector<glm::vec3>> holes;  // columns
  float opacity = 0.0f;
  float height_m = 2.4f;
  glm::vec4 color{1.0f};
};

struct Arrow {  // on the floor before the viewer
  glm::vec3 from{0.0f};
  float yaw_rad = 0.0f;                           // 0: towards -z, counter-clockwise seen from above
  glm::vec4 color{1.0f};
};

enum class StereoLayout : std::uint8_t { mono, top_bottom, side_by_side };
struct Dome {  // equirectangular video round the viewer; top-bottom has the left eye on top, side-by-side on the left
  TextureHandle texture = 0;
  glm::quat orientation{1.0f, 0.0f, 0.0f, 0.0f};
  StereoLayout layout = StereoLayout::mono;
  float span_rad = 6.2831853f;                    // 180 or 360 degrees
  float opacity = 1.0f;
};

struct Frame {
  std::array<Eye, 2> eyes;
  std::optional<film::Sky> sky;                   // none: a calm dark room
  glm::vec3 light_towards{0.3f, 1.0f, 0.2f};      // used where no model brings a directional light
  std::span<const DrawnModel> models;
  std::optional<Dome> dome;
  std::span<const Quad> quads;
  std::span<const Ribbon> ribbons;
  std::span<const Ring> rings;
  std::span<const Figure> figures;
  std::span<const Arrow> arrows;
  std::optional<Grid> grid;
  float world_dim = 0.0f;                         // 0..1: the film darkens, safety pictures do not
  float fade = 0.0f;                              // 0..1: everything to black, safety pictures excepted
  bool see_through = false;                       // nothing behind what is drawn: the picture's alpha, premultiplied, tells
                                                  // how much of the real hall it hides; `sky` and `fade` are left out
  float time_s = 0.0f;                            // for what shimmers
};

}  // namespace promenade::gpu

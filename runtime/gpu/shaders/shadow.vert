#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "mesh_io.glsl"
#include "deform.glsl"

layout(location = 0) in vec3 in_position;
layout(location = 3) in vec2 in_uv;
layout(location = 4) in vec4 in_color;
layout(location = 5) in uvec4 in_joints;
layout(location = 6) in vec4 in_weights;
layout(location = 0) out vec2 out_uv;
layout(location = 1) out float out_alpha;

void main() {
  vec4 at = frame.shadow_from_stage * vec4(place_vertex(in_position, in_joints, in_weights).position, 1.0);
  out_uv = in_uv;
  out_alpha = in_color.a;
  gl_Position = vec4(at.xy * 2.0 - 1.0, at.z, 1.0);
}

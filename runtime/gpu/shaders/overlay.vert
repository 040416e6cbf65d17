#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "overlay_io.glsl"

layout(location = 0) in vec3 in_position;
layout(location = 1) in vec2 in_uv;
layout(location = 2) in vec4 in_color;
layout(location = 3) in vec4 in_shape;
layout(location = 4) in uint in_kind;
layout(location = 0) out vec3 out_position;
layout(location = 1) out vec2 out_uv;
layout(location = 2) out vec4 out_color;
layout(location = 3) flat out vec4 out_shape;
layout(location = 4) flat out uint out_kind;

void main() {
  out_position = in_position;
  out_uv = in_uv;
  out_color = in_color;
  out_shape = in_shape;
  out_kind = in_kind;
  gl_Position = frame.eyes[push.first_eye + uint(gl_ViewIndex)].clip_from_stage * vec4(in_position, 1.0);
  gl_Position.z *= push.nearer;
}

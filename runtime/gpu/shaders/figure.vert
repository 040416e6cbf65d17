#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "overlay_io.glsl"

layout(location = 0) in vec3 in_position;    // radius 1, height 1
layout(location = 1) in vec3 in_normal;      // of a figure 0.3 m by 1.7 m
layout(location = 2) in float in_face;       // 1 in the middle of the visor
layout(location = 0) out vec3 out_position;
layout(location = 1) out vec3 out_normal;
layout(location = 2) out float out_face;
layout(location = 3) out float out_height;

void main() {
  float c = cos(push.place.w), s = sin(push.place.w);
  mat3 turn = mat3(c, 0.0, -s, 0.0, 1.0, 0.0, s, 0.0, c);
  out_position = push.place.xyz + turn * (in_position * vec3(push.size.x, push.size.y, push.size.x));
  out_normal = turn * in_normal;
  out_face = in_face;
  out_height = in_position.y;
  gl_Position = frame.eyes[push.first_eye + uint(gl_ViewIndex)].clip_from_stage * vec4(out_position, 1.0);
}

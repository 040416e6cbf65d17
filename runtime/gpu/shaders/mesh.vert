#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "mesh_io.glsl"
#include "deform.glsl"

layout(location = 0) in vec3 in_position;
layout(location = 1) in vec4 in_normal;
layout(location = 2) in vec4 in_tangent;
layout(location = 3) in vec2 in_uv;
layout(location = 4) in vec4 in_color;
layout(location = 5) in uvec4 in_joints;
layout(location = 6) in vec4 in_weights;

layout(location = 0) out vec3 out_position;
layout(location = 1) out vec3 out_normal;
layout(location = 2) out vec4 out_tangent;
layout(location = 3) out vec2 out_uv;
layout(location = 4) out vec4 out_color;

void main() {
  Placed placed = place_vertex(in_position, in_joints, in_weights);
  mat3 m = placed.turn;
  // The cofactors carry normals through any scale, mirrored ones included (their sign is that of the determinant).
  mat3 cofactor = mat3(cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1]));
  float mirror = dot(m[0], cofactor[0]) < 0.0 ? -1.0 : 1.0;
  out_position = placed.position;
  out_normal = mirror * (cofactor * (in_normal.xyz + placed.normal_delta));
  out_tangent = vec4(m * in_tangent.xyz, in_tangent.w * mirror);
  out_uv = in_uv;
  out_color = in_color;
  gl_Position = frame.eyes[push.first_eye + uint(gl_ViewIndex)].clip_from_stage * vec4(placed.position, 1.0);
}

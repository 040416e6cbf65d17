#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "mesh_io.glsl"

layout(location = 0) out vec3 out_towards;

void main() {  // one triangle over everything, infinitely far
  vec2 ndc = vec2(gl_VertexIndex == 1 ? 3.0 : -1.0, gl_VertexIndex == 2 ? 3.0 : -1.0);
  Eye eye = frame.eyes[push.first_eye + uint(gl_ViewIndex)];
  out_towards = eye.ray.xyz + ndc.x * eye.ray_x.xyz + ndc.y * eye.ray_y.xyz;
  gl_Position = vec4(ndc, 0.0, 1.0);
}

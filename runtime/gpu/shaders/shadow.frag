#version 460
#extension GL_GOOGLE_include_directive : require
#include "mesh_io.glsl"
#include "textures.glsl"

layout(location = 0) in vec2 in_uv;
layout(location = 1) in float in_alpha;

void main() {  // masked materials alone: opaque ones need no fragment shader
  Material m = materials[push.material];
  float alpha = m.base.a * in_alpha;
  if (m.textures[0].texture != 0u) alpha *= texture(textures[m.textures[0].texture], placed(m.textures[0], in_uv)).a;
  if (alpha < m.emissive.w) discard;
}

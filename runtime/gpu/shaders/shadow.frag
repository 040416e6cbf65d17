#version 460
#extension GL_GOOGLE_include_directive : require
#include "mesh_io.glsl"
#include "textures.glsl"

layout(location = 0) in vec2 in_uv;
layout(location = 1) in float in_alpha;
layout(location = 2) flat in uint in_instance;

void main() {  // masked materials alone: opaque ones need no fragment shader
  Material m = materials[instances[in_instance].use.x];
  float alpha = m.base.a * in_alpha;
  if (m.textures[0].texture != 0u) alpha *= texture(textures[nonuniformEXT(m.textures[0].texture)], placed(m.textures[0], in_uv)).a;
  if (alpha < m.emissive.w) discard;
}

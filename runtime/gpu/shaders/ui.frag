#version 460
#extension GL_GOOGLE_include_directive : require
#include "textures.glsl"
layout(push_constant) uniform Push {
  vec2 pixel;
  uint texture, mode;
} push;
layout(location = 0) in vec2 in_uv;
layout(location = 1) in vec4 in_color;
layout(location = 0) out vec4 out_color;

vec3 linear_from_srgb(vec3 c) {
  return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c));
}
vec3 srgb_from_linear(vec3 c) {
  return mix(12.92 * c, 1.055 * pow(max(c, 1e-5), vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}

void main() {
  vec4 t = texture(textures[push.texture], in_uv);
  vec3 tint = linear_from_srgb(in_color.rgb);
  uint mode = push.mode & 3u;
  vec4 c;
  if (mode == 0u) c = vec4(tint, 1.0) * (in_color.a * t.r);
  else c = vec4(t.rgb * tint * (mode == 1u ? t.a : 1.0), t.a) * in_color.a;
  bool encode = (push.mode & 4u) != 0u;
  out_color = encode && c.a > 0.0 ? vec4(srgb_from_linear(clamp(c.rgb / c.a, 0.0, 1.0)) * c.a, c.a) : c;
}

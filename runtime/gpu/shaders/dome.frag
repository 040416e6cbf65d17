#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "textures.glsl"

// Equirectangular video. Sampled at level 0 everywhere, so no derivative jumps where the picture meets itself; each
// eye's half is kept half a texel from the other's.
layout(push_constant) uniform Push {
  uint first_eye;
  uint texture, planes;        // planes: 1 or 3 (Y, U, V in three slots)
  uint layout_of;              // 0 mono, 1 left eye on top, 2 left eye on the left
  vec4 turn_x, turn_y, turn_z; // rows: picture from Stage; w of turn_x: span, of turn_y: opacity
} push;

layout(location = 0) in vec3 in_towards;
layout(location = 0) out vec4 out_color;

vec4 plane(uint index, vec2 uv) {
  vec2 texel = 1.0 / vec2(textureSize(textures[index], 0));
  vec2 low = vec2(-1.0, 0.0), high = vec2(2.0, 1.0);
  float second = push.first_eye + uint(gl_ViewIndex) == 0u ? 0.0 : 0.5;
  if (push.layout_of == 1u) {
    uv.y = 0.5 * uv.y + second;
    low.y = second;
    high.y = second + 0.5;
  } else if (push.layout_of == 2u) {
    uv.x = 0.5 * uv.x + second;
    low.x = second;
    high.x = second + 0.5;
  }
  uv = clamp(uv, low + 0.5 * texel, high - 0.5 * texel);
  return textureLod(textures[index], uv, 0.0);
}

vec3 picture(vec2 uv) {
  if (push.planes == 1u) return plane(push.texture, uv).rgb;
  // ITU-R BT.709, limited range, eight bits.
  float y = (plane(push.texture, uv).r * 255.0 - 16.0) / 219.0;
  float cb = (plane(push.texture + 1u, uv).r * 255.0 - 128.0) / 224.0;
  float cr = (plane(push.texture + 2u, uv).r * 255.0 - 128.0) / 224.0;
  vec3 rgb = vec3(y + 1.5748 * cr, y - 0.187324 * cb - 0.468124 * cr, y + 1.8556 * cb);
  return linear_from_srgb(clamp(rgb, 0.0, 1.0));
}

void main() {
  vec3 d = normalize(in_towards);
  d = vec3(dot(push.turn_x.xyz, d), dot(push.turn_y.xyz, d), dot(push.turn_z.xyz, d));
  float span = push.turn_x.w;
  float yaw = atan(d.x, -d.z);                               // 0 at the picture's centre, to the right positive
  vec2 uv = vec2(0.5 + yaw / span, 0.5 - asin(clamp(d.y, -1.0, 1.0)) / 3.14159265);
  float inside = 1.0;
  if (span < 6.2) inside = 1.0 - smoothstep(0.5 * span - 0.035, 0.5 * span, abs(yaw));
  float opacity = push.turn_y.w;
  out_color = vec4(encoded(picture(uv) * inside * frame.grade.y) * opacity, opacity);
}

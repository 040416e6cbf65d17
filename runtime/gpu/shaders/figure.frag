#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "overlay_io.glsl"

layout(location = 0) in vec3 in_position;
layout(location = 1) in vec3 in_normal;
layout(location = 2) in float in_face;
layout(location = 3) flat in uint in_eye;
layout(location = 4) in float in_height;
layout(location = 0) out vec4 out_color;

void main() {
  vec3 n = normalize(in_normal), v = normalize(frame.eyes[in_eye].position.xyz - in_position);
  float facing = clamp(dot(n, v), 0.0, 1.0);
  float rim = pow(1.0 - facing, 2.2);
  float above = 0.5 + 0.5 * n.y;
  float visor = smoothstep(0.35, 0.5, in_face);
  vec3 color = push.color.rgb * (0.50 + 0.40 * above);
  color = mix(color, push.color.rgb * 0.16, 0.85 * visor * (1.0 - rim));
  color += (0.35 + 0.65 * push.color.rgb) * (0.75 * rim);
  float alpha = push.color.a * clamp(0.62 + 0.38 * rim + 0.25 * visor, 0.0, 1.0);
  alpha *= smoothstep(-0.01, 0.16, in_height);               // the feet fade: nobody asks how it walks
  alpha *= push.strength;
  vec3 shown = encoded(clamp(color, 0.0, 1.0));
  out_color = vec4(shown * alpha, alpha);
}

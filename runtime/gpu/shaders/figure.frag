#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "overlay_io.glsl"

layout(location = 0) in vec3 in_position;
layout(location = 1) in vec3 in_normal;
layout(location = 2) in float in_face;
layout(location = 3) in float in_height;
layout(location = 0) out vec4 out_color;

void main() {
  vec3 n = normalize(in_normal), v = normalize(frame.eyes[push.first_eye + uint(gl_ViewIndex)].position.xyz - in_position);
  float facing = clamp(dot(n, v), 0.0, 1.0);
  float rim = pow(1.0 - facing, 2.6);
  // Lit softly from above and a little from the viewer, so that it is round and calm.
  float above = clamp(0.5 + 0.5 * dot(n, normalize(vec3(0.25, 0.9, 0.35))), 0.0, 1.0);
  float visor = smoothstep(0.30, 0.45, in_face);
  vec3 color = push.color.rgb * (0.22 + 0.78 * above * above + 0.10 * facing);
  color = mix(color, push.color.rgb * 0.05, 0.94 * visor);
  color += visor * 0.55 * pow(clamp(dot(reflect(-v, n), normalize(vec3(0.2, 0.9, 0.3))), 0.0, 1.0), 6.0);
  color += (0.30 + 0.70 * push.color.rgb) * (0.95 * rim);
  float alpha = push.color.a * clamp(0.70 + 0.30 * rim + 0.25 * visor, 0.0, 1.0);
  alpha *= smoothstep(0.03, 0.30, in_height);                // the feet fade: nobody asks how it walks
  alpha *= push.strength;
  vec3 shown = encoded(clamp(color, 0.0, 1.0));
  out_color = vec4(shown * alpha, alpha);
}

#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "mesh_io.glsl"

layout(location = 0) in vec3 in_towards;
layout(location = 0) out vec4 out_color;

// Hash without sine (David Hoskins, MIT licence): the same on every device.
vec3 hashed(vec3 p) {
  p = fract(p * vec3(0.1031, 0.1030, 0.0973));
  p += dot(p, p.yxz + 33.33);
  return fract((p.xxy + p.yxx) * p.zyx);
}

// Stars sit in cells of the direction's cube; each is round and about a pixel and a half across, whatever the picture's
// size.
vec3 stars(vec3 towards) {
  float pixel = max(length(dFdx(towards)), length(dFdy(towards)));
  vec3 a = abs(towards);
  float big = max(a.x, max(a.y, a.z));
  vec3 on_cube = towards / big;
  vec2 face = a.x == big ? on_cube.yz : a.y == big ? on_cube.xz : on_cube.xy;
  float side = a.x == big ? 1.0 : a.y == big ? 2.0 : 3.0;
  side += a.x == big ? 10.0 * step(0.0, towards.x) : a.y == big ? 10.0 * step(0.0, towards.y) : 10.0 * step(0.0, towards.z);
  vec2 cell = floor(face * 42.0);
  vec3 dice = hashed(vec3(cell, side * 17.0));
  if (dice.z > 0.30) return vec3(0.0);
  vec2 at = (cell + 0.25 + 0.5 * dice.xy) / 42.0;
  float bright = pow(hashed(vec3(cell.yx, side * 29.0)).x, 5.0);
  float off = length(face - at) / big;
  float radius = max(pixel, 0.0008) * (0.8 + 0.9 * bright);
  float twinkle = 0.85 + 0.15 * sin(frame.grade.z * (1.5 + 3.0 * dice.x) + 40.0 * dice.y);
  vec3 tone = mix(vec3(1.0, 0.82, 0.62), vec3(0.72, 0.83, 1.0), dice.x * 3.3);
  float dimmer = clamp(0.0016 / pixel, 0.35, 1.0);
  return tone * (0.10 + 1.6 * bright) * twinkle * dimmer * (1.0 - smoothstep(0.4 * radius, radius, off));
}

// No film: a dark room with a soft floor, so that eyes and feet have something to hold on to.
vec3 room(vec3 towards, vec3 eye) {
  vec3 light = mix(vec3(0.010, 0.012, 0.018), vec3(0.022, 0.027, 0.040), smoothstep(-0.2, 0.6, towards.y));
  float drop = max(eye.y - frame.sky_more.z, 0.2);
  if (towards.y < -0.01) {
    vec2 at = eye.xz - towards.xz * (drop / towards.y);
    float away = length(at - frame.eyes[0].position.xz);
    vec2 off = abs(fract(at + 0.5) - 0.5);
    float width = 0.012 + 0.5 * max(length(dFdx(at)), length(dFdy(at)));
    float dot_light = (1.0 - smoothstep(width, 2.2 * width, length(off))) * min(0.02 / width, 1.0);
    light += vec3(0.050, 0.060, 0.085) * exp(-0.10 * away * away);
    light += vec3(0.10, 0.13, 0.18) * dot_light * exp(-0.06 * away * away);
  }
  return light;
}

void main() {
  vec3 towards = normalize(in_towards);
  vec3 light;
  if (frame.sky_more.y > 0.5) {
    light = room(towards, frame.eyes[push.first_eye + uint(gl_ViewIndex)].position.xyz);
  } else {
    light = sky_gradient(towards, 0.0);
    float veil = 0.0;
    if (frame.fog.w > 0.0) veil = 1.0 - exp(-frame.fog.w * 90.0 / (1.0 + 45.0 * max(towards.y, 0.0)));
    if (frame.sky_horizon.w > 0.0 && towards.y > -0.02) {
      light += stars(towards) * frame.sky_horizon.w * smoothstep(-0.02, 0.25, towards.y);
    }
    light = mix(light, frame.fog.rgb, veil);
    float near_sun = dot(towards, frame.sun_towards.xyz);
    float edge = (1.0 - frame.sky_sun.w) * 0.12 + 1e-6;
    float disc = smoothstep(frame.sky_sun.w - edge, frame.sky_sun.w + edge, near_sun);
    float halo = max(near_sun, 0.0);
    float glow = 0.55 * pow(halo, 400.0) + 0.30 * pow(halo, 48.0) + 0.15 * pow(halo, 6.0);
    light += frame.sky_sun.rgb * (disc * (1.0 - 0.7 * veil) + glow * frame.sky_more.x) * smoothstep(-0.06, 0.03, towards.y);
  }
  out_color = vec4(encoded(world_shown(light, gl_FragCoord.xy)), 1.0);
}

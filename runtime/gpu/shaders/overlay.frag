#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "textures.glsl"
#include "overlay_io.glsl"

// Safety pictures and flat pictures. Their light is not the world's: no exposure, no film curve, no dimming, except for
// the flat pictures that belong to the film.
layout(location = 0) in vec3 in_position;
layout(location = 1) in vec2 in_uv;
layout(location = 2) in vec4 in_color;
layout(location = 3) flat in vec4 in_shape;
layout(location = 4) flat in uint in_kind;
layout(location = 0) out vec4 out_color;

float line(float off, float half_width, float pixel) {  // 1 within half_width, softened over one pixel
  return clamp((half_width - abs(off)) / max(pixel, 1e-5) + 0.5, 0.0, 1.0);
}

vec4 ribbon() {                // uv: across -1..1, along in metres; shape: phase, width, length, distance between marks
  float pixel = fwidth(in_uv.x), along = in_uv.y;
  float edge = line(in_uv.x, 1.0 - pixel, pixel);
  float rim = smoothstep(0.72, 0.96, abs(in_uv.x));
  // Marks point where the path runs: across the middle they are ahead, at the rims behind.
  float v = (along + abs(in_uv.x) * in_shape.y * 0.55) / in_shape.w - in_shape.x;
  float w = fwidth(v), at = fract(v);
  float mark = clamp((0.17 - abs(at - 0.5)) / max(w, 1e-4) + 0.5, 0.0, 1.0) * line(in_uv.x, 0.74, pixel);
  mark *= 1.0 - smoothstep(0.45, 0.9, w);
  float ends = smoothstep(0.0, 0.5, along) * smoothstep(0.0, 0.5, in_shape.z - along);
  vec3 color = mix(in_color.rgb, vec3(1.0), 0.75 * mark);
  float alpha = in_color.a * edge * ends * (0.34 + 0.34 * rim + 0.60 * mark);
  return vec4(color * min(alpha, 1.0), min(alpha, 1.0));
}

vec4 ring() {                  // uv: metres from the centre, y away from the viewer; shape: radius, width, filled, sweep
  float radius = in_shape.x, half_width = 0.5 * in_shape.y, sweep = in_shape.w;
  float r = length(in_uv), pixel = fwidth(r);
  float off = abs(r - radius);
  // Of the part that is lit, clockwise from the far side, with round ends.
  float turned = fract(atan(in_uv.x, in_uv.y) / 6.2831853);
  vec2 tip = radius * vec2(sin(6.2831853 * sweep), cos(6.2831853 * sweep));
  float beside = turned <= sweep ? off : min(length(in_uv - vec2(0.0, radius)), length(in_uv - tip));
  float to_lit = sweep >= 1.0 ? off : sweep <= 0.0 ? 1e3 : beside;
  float band = line(off, half_width, pixel), lit = line(to_lit, half_width, pixel);
  float far = max(to_lit - half_width, 0.0) / (6.0 * half_width + 0.12);  // 1 where the quad ends
  float glow = 0.34 * pow(max(1.0 - far, 0.0), 3.0) * (1.0 - max(lit, band));
  float disc = in_shape.z * clamp((radius - r) / pixel + 0.5, 0.0, 1.0) * (0.55 + 0.45 * smoothstep(0.0, radius, r));
  float alpha = clamp(in_color.a * (lit + 0.16 * band * (1.0 - lit) + glow + disc * (1.0 - max(band, lit))), 0.0, 1.0);
  return vec4(mix(in_color.rgb, vec3(1.0), 0.25 * lit) * alpha, alpha);
}

float segment(vec2 p, vec2 a, vec2 b) {
  vec2 pa = p - a, ba = b - a;
  return length(pa - ba * clamp(dot(pa, ba) / dot(ba, ba), 0.0, 1.0));
}

vec4 arrow() {                 // uv: metres, y where it points; shape: length
  float l = in_shape.x;
  float stem = segment(in_uv, vec2(0.0, 0.10 * l), vec2(0.0, 0.86 * l));
  float head = min(segment(in_uv, vec2(0.0, 0.90 * l), vec2(-0.26 * l, 0.62 * l)), segment(in_uv, vec2(0.0, 0.90 * l), vec2(0.26 * l, 0.62 * l)));
  float off = min(stem, head), thick = 0.075 * l, pixel = fwidth(off);
  float body = clamp((thick - off) / pixel + 0.5, 0.0, 1.0);
  float glow = 0.35 * exp(-max(off - thick, 0.0) / (0.07 * l)) * smoothstep(0.30 * l, 0.12 * l, off);
  float flow = 0.82 + 0.18 * sin(6.2831853 * (in_uv.y / l - frame.grade.z));
  float alpha = clamp(in_color.a * (body * flow * (0.45 + 0.55 * smoothstep(0.0, 0.5 * l, in_uv.y)) + glow * (1.0 - body)), 0.0, 1.0);
  return vec4(mix(in_color.rgb, vec3(1.0), 0.12 * body) * alpha, alpha);
}

float ruled(float at, float every, float half_width) {
  float pixel = fwidth(at), off = abs(fract(at / every + 0.5) - 0.5) * every;
  float thin = max(half_width, 0.5 * pixel);                           // thinner than a pixel: fainter, not broken
  return clamp((thin - off) / max(pixel, 1e-5) + 0.5, 0.0, 1.0) * min(half_width / thin, 1.0) * (1.0 - smoothstep(0.2, 0.5, pixel / every));
}

vec4 beam() {                  // uv: across -1..1, metres up; shape: height, radius
  float up = in_uv.y / in_shape.x, across = abs(in_uv.x);
  float column = pow(max(1.0 - across * across, 0.0), 3.0) * pow(1.0 - up, 1.6) * smoothstep(0.0, 0.06, up);
  // A mark that points down to where to stand, and comes down slowly.
  vec2 p = vec2(in_uv.x * in_shape.y, in_uv.y - 1.22 - 0.06 * sin(6.2831853 * 0.5 * frame.grade.z));
  float off = min(segment(p, vec2(0.0, 0.0), vec2(-0.15, 0.15)), segment(p, vec2(0.0, 0.0), vec2(0.15, 0.15)));
  float pixel = max(fwidth(off), 1e-4);
  float mark = clamp((0.042 - off) / pixel + 0.5, 0.0, 1.0), shine = 0.35 * pow(max(1.0 - max(off - 0.042, 0.0) / 0.13, 0.0), 2.5);
  float alpha = clamp(in_color.a * (0.55 * column * (1.0 - mark) + mark + shine * (1.0 - mark)), 0.0, 1.0);
  return vec4(mix(in_color.rgb, vec3(1.0), 0.55 * mark) * alpha, alpha);
}

vec4 wall() {                  // uv: metres along and up; shape: height
  vec3 eye = 0.5 * (frame.eyes[0].position.xyz + frame.eyes[1].position.xyz);
  float away = length(in_position - eye), beside = length(in_position.xz - eye.xz);
  float nearness = exp(-0.55 * max(beside - 0.5, 0.0) - 0.12 * max(away - 0.7, 0.0));
  float lines = max(ruled(in_uv.x, 0.4, 0.008), ruled(in_uv.y, 0.4, 0.008));
  float foot = clamp((0.03 - in_uv.y) / max(fwidth(in_uv.y), 1e-5) + 0.5, 0.0, 1.0);
  float top = 1.0 - smoothstep(0.65 * in_shape.x, in_shape.x, in_uv.y);
  float alpha = in_color.a * nearness * (lines * top * 0.95 + 0.9 * foot + 0.10 * top * exp(-1.2 * in_uv.y) + 0.04 * top);
  alpha = clamp(alpha, 0.0, 1.0);
  return vec4(mix(in_color.rgb, vec3(1.0), 0.45 * lines * nearness) * alpha, alpha);
}

vec4 flat_picture() {          // shape: texture, 1 where premultiplied, share of light left
  vec4 c = texture(textures[nonuniformEXT(uint(in_shape.x))], in_uv);
  if (in_shape.y < 0.5) c.rgb *= c.a;
  return vec4(c.rgb * in_shape.z, c.a) * in_color.a;
}

vec4 blob() {                  // uv: -1..1; a soft shade under a figure
  float alpha = in_color.a * pow(clamp(1.0 - dot(in_uv, in_uv), 0.0, 1.0), 1.5);
  return vec4(in_color.rgb * alpha, alpha);
}

void main() {
  vec4 c = vec4(0.0);
  if (in_kind == 0u) c = ribbon();
  else if (in_kind == 1u) c = ring();
  else if (in_kind == 2u) c = arrow();
  else if (in_kind == 3u) c = wall();
  else if (in_kind == 4u) c = flat_picture();
  else if (in_kind == 5u) c = blob();
  else c = beam();
  c *= push.strength;
  out_color = kEncode && c.a > 0.0 ? vec4(srgb_from_linear(c.rgb / c.a) * c.a, c.a) : c;
}

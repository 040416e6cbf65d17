#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "mesh_io.glsl"
#include "textures.glsl"
#include "light.glsl"

layout(constant_id = 2) const int kAlpha = 0;            // 0 opaque, 1 mask, 2 blend
layout(constant_id = 3) const bool kCoverage = false;    // mask by alpha to coverage

layout(location = 0) in vec3 in_position;
layout(location = 1) in vec3 in_normal;
layout(location = 2) in vec4 in_tangent;
layout(location = 3) in vec2 in_uv;
layout(location = 4) in vec4 in_color;
layout(location = 0) out vec4 out_color;

vec4 sampled(TextureUse use) { return texture(textures[use.texture], placed(use, in_uv)); }

vec3 surface_normal(Material m) {
  vec3 n = normalize(in_normal);
  if (m.textures[2].texture != 0u) {
    vec3 t = in_tangent.xyz - n * dot(n, in_tangent.xyz);
    if (dot(t, t) > 1e-12) {
      t = normalize(t);
      vec3 map = (sampled(m.textures[2]).xyz * 2.0 - 1.0) * vec3(m.surface.z, m.surface.z, 1.0);
      n = normalize(mat3(t, cross(n, t) * in_tangent.w, n) * map);
    }
  }
  return gl_FrontFacing ? n : -n;
}

void main() {
  Material m = materials[push.material];
  vec4 base = m.base * in_color * push.tint;
  if (m.textures[0].texture != 0u) base *= sampled(m.textures[0]);
  float coverage = 1.0;
  if (kAlpha == 1) {
    if (kCoverage) {  // sharpened to about one pixel, so that edges are smooth and stay where they are
      coverage = clamp((base.a - m.emissive.w) / max(fwidth(base.a), 1e-3) + 0.5, 0.0, 1.0);
      if (coverage <= 0.0) discard;
    } else if (base.a < m.emissive.w) {
      discard;
    }
  }
  vec3 light = base.rgb;
  vec3 to_eye = frame.eyes[push.first_eye + uint(gl_ViewIndex)].position.xyz - in_position;
  float metres = length(to_eye);
  vec3 emissive = m.emissive.rgb * push.tint.rgb;
  if (m.textures[4].texture != 0u) emissive *= sampled(m.textures[4]).rgb;
  if ((m.flags.x & 1u) == 0u) {
    Surface s;
    vec2 metal = m.surface.xy;
    if (m.textures[1].texture != 0u) metal *= sampled(m.textures[1]).bg;
    s.occlusion = 1.0;
    if (m.textures[3].texture != 0u) s.occlusion = 1.0 + m.surface.w * (sampled(m.textures[3]).r - 1.0);
    s.position = in_position;
    s.normal = surface_normal(m);
    s.to_eye = to_eye / metres;
    s.roughness = calmed_roughness(clamp(metal.y, 0.045, 1.0), normalize(in_normal));
    s.diffuse = base.rgb * (1.0 - metal.x);
    s.f0 = mix(vec3(0.04), base.rgb, metal.x);
    light = lit(s, normalize(gl_FrontFacing ? in_normal : -in_normal));
  }
  light = fogged(light + emissive, metres);
  vec3 shown = encoded(world_shown(light, gl_FragCoord.xy));
  if (kAlpha == 2) out_color = vec4(shown * base.a, base.a);
  else out_color = vec4(shown, coverage);
}

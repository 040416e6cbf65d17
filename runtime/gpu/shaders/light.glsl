// Metallic-roughness light as glTF 2.0 appendix B has it: GGX, Smith, Schlick.
layout(set = 1, binding = 4) uniform sampler2DShadow shadow_map;

struct Surface {
  vec3 position, normal, to_eye;
  vec3 diffuse, f0;
  float roughness, occlusion;
};

const float kPi = 3.14159265;

// Highlights of normals that turn within one pixel flicker; widen them (Kaplanyan and others, "Filtering Distributions of
// Normals for Shading Antialiasing", HPG 2016).
float calmed_roughness(float roughness, vec3 n) {
  vec3 dx = dFdx(n), dy = dFdy(n);
  float spread = min(0.5 * (dot(dx, dx) + dot(dy, dy)), 0.18);
  float squared = roughness * roughness;
  return sqrt(sqrt(clamp(squared * squared + spread, 0.0, 1.0)));
}

vec3 reflected(Surface s, vec3 towards, vec3 light) {
  float n_l = clamp(dot(s.normal, towards), 0.0, 1.0);
  if (n_l <= 0.0) return vec3(0.0);
  vec3 h = normalize(towards + s.to_eye);
  float n_v = max(dot(s.normal, s.to_eye), 1e-3);
  float n_h = clamp(dot(s.normal, h), 0.0, 1.0), v_h = clamp(dot(s.to_eye, h), 0.0, 1.0);
  float a = s.roughness * s.roughness, a2 = a * a;
  float d = n_h * n_h * (a2 - 1.0) + 1.0;
  float spread = a2 / (kPi * d * d);
  // Hammon's fit of the height-correlated Smith visibility (GDC 2017).
  float seen = 0.5 / max(mix(2.0 * n_l * n_v, n_l + n_v, a), 1e-4);
  float grazing = 1.0 - v_h, g2 = grazing * grazing;
  vec3 fresnel = s.f0 + (1.0 - s.f0) * (g2 * g2 * grazing);
  return ((1.0 - fresnel) * s.diffuse / kPi + fresnel * min(spread * seen, 64.0)) * light * n_l;
}

// Four taps, each two by two texels by the hardware: about a texel and a half of softness.
float sunlit(vec3 position, vec3 normal) {
  if (frame.sun_towards.w == 0.0) return 1.0;
  vec3 raised = position + normal * (frame.sun_light.w * 1.6);
  vec3 at = (frame.shadow_from_stage * vec4(raised, 1.0)).xyz;
  float away = length(position - frame.shadow_area.xyz) / frame.shadow_area.w;
  if (away >= 1.0 || at.z <= 0.0) return 1.0;
  float texel = 0.75 / float(textureSize(shadow_map, 0).x);
  float lit = texture(shadow_map, at + vec3(-texel, -texel, 0.0)) + texture(shadow_map, at + vec3(texel, -texel, 0.0)) +
              texture(shadow_map, at + vec3(-texel, texel, 0.0)) + texture(shadow_map, at + vec3(texel, texel, 0.0));
  return mix(0.25 * lit, 1.0, smoothstep(0.8, 1.0, away));
}

// The sky's light: irradiance for the diffuse part, the blurred gradient for the mirrored one, weighed by Karis's fit of
// the environment term ("Physically Based Shading on Mobile", 2014).
vec3 from_sky(Surface s) {
  float y = s.normal.y;
  vec3 irradiance = max(frame.irradiance[0].rgb + y * frame.irradiance[1].rgb + y * y * frame.irradiance[2].rgb, 0.0);
  vec3 mirrored = reflect(-s.to_eye, s.normal);
  vec4 r = s.roughness * vec4(-1.0, -0.0275, -0.572, 0.022) + vec4(1.0, 0.0425, 1.04, -0.04);
  float n_v = clamp(dot(s.normal, s.to_eye), 0.0, 1.0);
  float a = min(r.x * r.x, exp2(-9.28 * n_v)) * r.x + r.y;
  vec2 share = vec2(-1.04, 1.04) * a + r.zw;
  vec3 sharp = sky_gradient(mirrored, s.roughness);
  vec3 blurred = irradiance / kPi;
  vec3 mirror_light = mix(sharp, blurred, s.roughness * s.roughness);
  // Mirrored light is held back where the diffuse is (Lagarde's occlusion, "Moving Frostbite to PBR", 2014).
  float held = clamp(pow(n_v + s.occlusion, exp2(-16.0 * s.roughness - 1.0)) - 1.0 + s.occlusion, 0.0, 1.0);
  return frame.sky_ground.w * (s.diffuse / kPi * irradiance * s.occlusion + (s.f0 * share.x + share.y) * mirror_light * held);
}

vec3 lit(Surface s, vec3 smooth_normal) {
  vec3 sum = from_sky(s);
  if (dot(s.normal, frame.sun_towards.xyz) > 0.0) {
    sum += reflected(s, frame.sun_towards.xyz, frame.sun_light.rgb) * sunlit(s.position, smooth_normal);
  }
  int lamps = int(frame.grade.w);
  for (int i = 0; i < lamps; ++i) {
    vec3 to = frame.lamps[i].place.xyz - s.position;
    float d2 = max(dot(to, to), 1e-4);
    float within = d2 * frame.lamps[i].place.w;                       // KHR_lights_punctual: range and cone
    float fade = clamp(1.0 - within * within, 0.0, 1.0);
    if (fade <= 0.0) continue;
    vec3 towards = to * inversesqrt(d2);
    float cone = clamp(dot(frame.lamps[i].axis.xyz, -towards) * frame.lamps[i].cone.x + frame.lamps[i].cone.y, 0.0, 1.0);
    if (cone > 0.0) sum += reflected(s, towards, frame.lamps[i].color.rgb * (fade * cone * cone / d2));
  }
  return sum;
}

// What every shader of a frame sees: both eyes, sky, lights, and how light becomes a picture.
// The block's layout is that of FrameBlock in frame_block.h. All of it in Stage: metres, y up.
#extension GL_EXT_multiview : require

struct Eye {
  mat4 clip_from_stage;
  vec4 position;
  vec4 ray, ray_x, ray_y;      // direction through ndc (x, y): ray + x * ray_x + y * ray_y
};

struct Lamp {
  vec4 place;                  // w: 1 / range^2, 0 without end
  vec4 color;                  // candela
  vec4 axis;                   // where a spot shines to
  vec4 cone;                   // scale and offset of the cosine
};

layout(set = 1, binding = 0, std140) uniform FrameBlock {
  Eye eyes[2];
  mat4 shadow_from_stage;
  vec4 shadow_area;            // centre, radius that is covered
  vec4 sun_towards;            // w: 1 where there is a shadow map
  vec4 sun_light;              // lux; w: metres per texel of the shadow map
  vec4 sky_zenith;             // w: sharpness of the horizon
  vec4 sky_horizon;            // w: stars
  vec4 sky_ground;             // w: ambient
  vec4 sky_sun;                // w: cosine of the disc's radius
  vec4 sky_more;               // glow, room (1: no sky but a calm dark room), height of the room's floor
  vec4 fog;                    // w: density per metre
  vec4 irradiance[3];          // of the sky on a surface: a + b * normal.y + c * normal.y^2
  vec4 grade;                  // exposure, share of light that dimming and fading leave, seconds, lamps
  Lamp lamps[16];
} frame;

layout(constant_id = 0) const bool kEncode = false;  // the target stores what it is given: encode sRGB here

vec3 srgb_from_linear(vec3 c) {  // IEC 61966-2-1
  return mix(12.92 * c, 1.055 * pow(max(c, 1e-5), vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}
vec3 linear_from_srgb(vec3 c) {
  return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c));
}

// Fit of the ACES reference and sRGB output transforms by Stephen Hill (MIT licence, "BakingLab", ACES.hlsl); divided
// by 0.6 so that middle grey stays where it was.
vec3 filmic(vec3 c) {
  const mat3 into = mat3(0.59719, 0.07600, 0.02840, 0.35458, 0.90834, 0.13383, 0.04823, 0.01566, 0.83777);
  const mat3 out_of = mat3(1.60475, -0.10208, -0.00327, -0.53108, 1.10813, -0.07276, -0.07367, -0.00605, 1.07602);
  vec3 v = into * (c / 0.6);
  v = (v * (v + 0.0245786) - 0.000090537) / (v * (0.983729 * v + 0.4329510) + 0.238081);
  return clamp(out_of * v, 0.0, 1.0);
}

// Interleaved gradient noise (Jorge Jimenez, "Next Generation Post Processing in Call of Duty", SIGGRAPH 2014): breaks
// the bands that dark skies would show in eight bits.
vec3 dithered(vec3 shown, vec2 pixel) {
  float noise = fract(52.9829189 * fract(dot(pixel, vec2(0.06711056, 0.00583715)))) - 0.5;
  return max(shown + noise / 255.0 * max(2.0 * sqrt(shown), 0.08), 0.0);
}

vec3 encoded(vec3 shown) { return kEncode ? srgb_from_linear(shown) : shown; }

// Light of the world as it is shown: exposed, through the film curve, dimmed.
vec3 world_shown(vec3 light, vec2 pixel) {
  return dithered(filmic(light * frame.grade.x) * frame.grade.y, pixel);
}

// The sky without sun and stars. `soft` 0..1 blurs it, for rough reflections.
vec3 sky_gradient(vec3 towards, float soft) {
  float up = clamp(towards.y, 0.0, 1.0), down = clamp(-towards.y, 0.0, 1.0);
  float sharpness = mix(frame.sky_zenith.w, 1.0, soft);
  vec3 above = mix(frame.sky_horizon.rgb, frame.sky_zenith.rgb, 1.0 - pow(1.0 - up, sharpness));
  vec3 below = mix(frame.sky_horizon.rgb, frame.sky_ground.rgb, 1.0 - pow(1.0 - down, sharpness * mix(5.0, 1.5, soft)));
  return mix(above, below, smoothstep(-0.6 * soft - 0.001, 0.6 * soft + 0.001, -towards.y));
}

vec3 fogged(vec3 light, float metres) {
  return mix(frame.fog.rgb, light, exp(-frame.fog.w * metres));
}

// What is drawn in instances, as the records of scene.h.
struct Instance {
  vec4 row_x, row_y, row_z;    // stage from mesh
  uvec4 deform;                // first joint, first weight, number of targets, first delta of the primitive
  uvec4 range;                 // the primitive's vertices and its first vertex
};
layout(set = 1, binding = 1, std430) readonly buffer Instances { Instance instances[]; };
layout(set = 1, binding = 2, std430) readonly buffer Joints { vec4 joints[]; };     // three rows each
layout(set = 1, binding = 3, std430) readonly buffer Weights { float weights[]; };

struct TextureUse {
  vec4 place;                  // offset, scale
  vec2 turn;                   // cosine, sine
  uint texture;                // 0: none
  uint spare;
};
struct Material {
  vec4 base;
  vec4 emissive;               // w: cutoff
  vec4 surface;                // metallic, roughness, scale of normals, strength of occlusion
  uvec4 flags;                 // x: 1 unlit, 2 mask, 4 blend
  TextureUse textures[5];      // base, metallic and roughness, normal, occlusion, emissive
};
layout(set = 2, binding = 0, std430) readonly buffer Materials { Material materials[]; };
layout(set = 2, binding = 1, std430) readonly buffer Deltas { float deltas[]; };    // position and normal of each

// Copies drawn at once share material and tint: what is the same in a whole draw costs least.
layout(push_constant) uniform Push {
  uint first_eye;
  uint material;
  uint spare_x, spare_y;
  vec4 tint;
} push;

vec2 placed(TextureUse use, vec2 uv) {  // KHR_texture_transform
  uv *= use.place.zw;
  return vec2(use.turn.x * uv.x + use.turn.y * uv.y, use.turn.x * uv.y - use.turn.y * uv.x) + use.place.xy;
}

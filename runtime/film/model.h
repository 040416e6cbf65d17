#pragma once
// A glTF asset as plain values, ready to be uploaded and posed: what runtime/film reads and runtime/gpu draws.
// Frame: the asset's own, metres, right-handed, y up, as glTF; a film's world uses the film frame. Pure; immutable
// once loaded. Every index was checked by the loader, so whoever reads a Model need not check again.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <glm/ext/matrix_float4x4.hpp>
#include <glm/ext/quaternion_float.hpp>
#include <glm/ext/vector_float2.hpp>
#include <glm/ext/vector_float3.hpp>
#include <glm/ext/vector_float4.hpp>

namespace promenade::film {

inline constexpr std::uint32_t kNone = ~0u;

struct Vertex {
  glm::vec3 position{0.0f};
  glm::vec3 normal{0.0f, 1.0f, 0.0f};
  glm::vec4 tangent{1.0f, 0.0f, 0.0f, 1.0f};      // w: handedness
  glm::vec2 uv{0.0f};
  glm::vec4 color{1.0f};                          // linear
  std::array<std::uint16_t, 4> joints{};          // of the node's skin
  glm::vec4 weights{0.0f};                        // sum 1 on skinned meshes, else 0
};

struct MorphDelta {  // of one vertex in one target
  glm::vec3 position{0.0f};
  glm::vec3 normal{0.0f};
};

struct Image {
  std::string name;
  std::uint32_t width = 0, height = 0;
  bool srgb = false;                              // colour textures; data textures are linear
  std::vector<std::uint8_t> rgba;                 // rows from the top, 4 bytes a pixel
};

enum class Wrap : std::uint8_t { repeat, mirror, clamp };
struct TextureUse {
  std::uint32_t image = kNone;
  Wrap wrap_u = Wrap::repeat, wrap_v = Wrap::repeat;
  bool nearest = false;
  glm::vec2 offset{0.0f}, scale{1.0f};            // KHR_texture_transform
  float rotation_rad = 0.0f;
};

enum class AlphaMode : std::uint8_t { opaque, mask, blend };
struct Material {
  std::string name;
  glm::vec4 base_color{1.0f};                     // linear
  TextureUse base_color_texture, metallic_roughness_texture, normal_texture, occlusion_texture, emissive_texture;
  float metallic = 1.0f, roughness = 1.0f, normal_scale = 1.0f, occlusion_strength = 1.0f;
  glm::vec3 emissive{0.0f};                       // linear, with KHR_materials_emissive_strength
  AlphaMode alpha = AlphaMode::opaque;
  float alpha_cutoff = 0.5f;
  bool double_sided = false;
  bool unlit = false;                             // KHR_materials_unlit
};

struct Box {
  glm::vec3 low{0.0f}, high{0.0f};
};

struct Primitive {  // triangles
  std::vector<Vertex> vertices;
  std::vector<std::uint32_t> indices;
  std::vector<std::vector<MorphDelta>> targets;   // each as long as vertices
  std::uint32_t material = 0;
  Box box;                                        // of the positions, morphs included; skins not
};

struct Mesh {
  std::string name;
  std::vector<Primitive> primitives;
  std::vector<float> weights;                     // of the targets, at rest
};

struct Skin {
  std::vector<std::uint32_t> joints;              // nodes
  std::vector<glm::mat4> inverse_bind;            // as many
};

enum class LightKind : std::uint8_t { directional, point, spot };
struct Light {  // KHR_lights_punctual; shines along the node's -z
  LightKind kind = LightKind::point;
  glm::vec3 color{1.0f};
  float intensity = 1.0f;                         // lx or cd
  float range_m = 0.0f;                           // 0: without end
  float inner_cone_rad = 0.0f, outer_cone_rad = 0.785398f;
};

struct Node {
  std::string name;
  std::uint32_t parent = kNone;                   // parents come before their children
  glm::vec3 translation{0.0f};
  glm::quat rotation{1.0f, 0.0f, 0.0f, 0.0f};
  glm::vec3 scale{1.0f};
  std::uint32_t mesh = kNone, skin = kNone, light = kNone;
  std::vector<glm::mat4> instances;               // EXT_mesh_gpu_instancing; empty: one, at the node
  bool visible = true;                            // KHR_node_visibility; hides the children as well
  // Scenes of the route in which the node and its children are drawn: extras.promenade.scenes = [first, last].
  // The leg after a scene belongs to it.
  std::uint32_t first_scene = 0, last_scene = kNone;
  bool faces_viewer = false;                      // extras.promenade.billboard: turned about up towards the eye
};

enum class ChannelPath : std::uint8_t { translation, rotation, scale, weights, visible };
enum class Interpolation : std::uint8_t { linear, step, cubic };
struct Channel {
  std::uint32_t node = 0;
  ChannelPath path = ChannelPath::translation;
  Interpolation interpolation = Interpolation::linear;
  std::vector<float> times_s;                     // rising
  std::vector<float> values;                      // components per key; cubic: in-tangent, value, out-tangent
};
// By name: "always" or "always:NAME" runs by the play's own seconds and begins anew at its end, holds or not;
// a scene's name runs by StoryTime in that scene (so on into the leg after it) and rests at its end.
struct Animation {
  std::string name;
  float length_s = 0.0f;
  std::vector<Channel> channels;
};

// How the world looks round about: the scene's extras.promenade.sky. Linear colours, before tone mapping.
struct Sky {
  glm::vec3 zenith{0.10f, 0.14f, 0.22f}, horizon{0.35f, 0.38f, 0.42f}, ground{0.08f, 0.08f, 0.09f};
  float horizon_sharpness = 4.0f;                 // exponent of the blend towards the zenith
  glm::vec3 sun_color{0.0f};                      // of the disc and its glow; towards the directional light
  float sun_radius_rad = 0.03f, sun_glow = 0.0f;
  float stars = 0.0f;                             // 0..1
  glm::vec3 fog_color{0.5f};
  float fog_per_m = 0.0f;                         // exponential density
  float exposure = 1.0f;                          // before tone mapping
  float ambient = 1.0f;                           // strength of light from the sky
};

struct Model {
  std::string name;
  std::vector<Image> images;
  std::vector<Material> materials;                // never empty: 0 is used where a primitive has none
  std::vector<Mesh> meshes;
  std::vector<Skin> skins;
  std::vector<Light> lights;
  std::vector<Node> nodes;
  std::vector<Animation> animations;
  Sky sky;
};

}  // namespace promenade::film

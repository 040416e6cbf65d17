#pragma once
// A film's world while it is being made, and its GLB: nodes in a tree, each with meshes by material, lights, sky and
// animations, written as glTF 2.0 with KHR_lights_punctual, KHR_materials_unlit and KHR_materials_emissive_strength
// and the promenade extras (content-tools/package/format.md, runtime/film/model.h). Frame: the film's, metres, y up.
// Pure; the same world gives the same bytes. Programmer errors (a node that is not there) assert.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <glm/gtc/quaternion.hpp>
#include <nlohmann/json_fwd.hpp>

#include "content-tools/samples/geometry.h"
#include "content-tools/samples/texture.h"
#include "tracking/base/bytes.h"

namespace promenade::samples::worlds {

using NodeId = std::uint32_t;
using MaterialId = std::uint32_t;
inline constexpr NodeId kRoot = 0;
inline constexpr std::uint32_t kNone = ~0u;

enum class Alpha { opaque, mask, blend };
// What bake() does to the vertex colours: nothing; multiplies them by how open the place is; or replaces light
// altogether (then the material is written unlit and shows colour times baked light).
enum class Bake { none, openness, light };

struct Material {
  std::string name;
  vec3 color{1.0f};
  float opacity = 1.0f, roughness = 0.9f, metallic = 0.0f;
  vec3 emissive{0.0f};                    // over 1 by KHR_materials_emissive_strength
  std::uint32_t texture = kNone;          // colour, by World::texture
  float texture_m = 1.0f;                 // metres that one repeat covers; 0: uv as it is
  Alpha alpha = Alpha::opaque;
  bool double_sided = false;
  bool unlit = false;
  Bake bake = Bake::openness;
  vec3 glow{0.0f};                        // light that it gives to what is baked round it
};

struct LightSource {
  bool directional = false;
  vec3 color{1.0f};
  float intensity = 1.0f;                 // candela or lux
  float range_m = 0.0f;
};

struct Part {
  MaterialId material = 0;
  Mesh mesh;
};

struct Node {
  std::string name;
  NodeId parent = kRoot;
  vec3 translation{0.0f};
  glm::quat rotation{1.0f, 0.0f, 0.0f, 0.0f};
  vec3 scale{1.0f};
  std::vector<Part> parts;                // one per material
  std::optional<LightSource> light;
  std::optional<std::pair<std::uint32_t, std::uint32_t>> scenes;
  bool billboard = false;
  bool occludes = true;                   // takes light from others while baking
  std::uint32_t lit_by = 1;               // mask of the baked lights that reach it
};

struct Sky {  // runtime/film/model.h has the meaning
  vec3 zenith{0.1f, 0.14f, 0.22f}, horizon{0.35f, 0.38f, 0.42f}, ground{0.08f};
  float horizon_sharpness = 4.0f;
  vec3 sun_color{0.0f};
  float sun_radius_rad = 0.03f, sun_glow = 0.0f, stars = 0.0f;
  vec3 fog_color{0.5f};
  float fog_per_m = 0.0f, exposure = 1.0f, ambient = 1.0f;
};

enum class Path { translation, rotation, scale };
struct Key {
  float time_s = 0.0f;
  vec4 value{0.0f};                       // rotation: x, y, z, w
};
struct Channel {
  NodeId node = 0;
  Path path = Path::translation;
  bool step = false;
  std::vector<Key> keys;
};
struct Animation {
  std::string name;
  std::vector<Channel> channels;
};

// A light that only bake() knows; `color` is what a white surface that faces it shows at one metre.
struct BakedLight {
  vec3 position{0.0f};
  vec3 color{1.0f};
  float radius_m = 0.1f;                  // soft shadows
  std::uint32_t mask = 1;
  bool directional = false;               // then position is the direction towards it
};

struct World {
  std::vector<Node> nodes = std::vector<Node>(1);  // the first is the root of all

  std::vector<Material> materials;
  std::vector<Image> images;
  std::vector<Animation> animations;
  std::vector<BakedLight> lights;
  Sky sky;
  vec3 open_sky{0.2f};                    // what bake() sees where a ray leaves the world, upwards ...
  vec3 open_ground{0.02f};                // ... and downwards
  float bake_reach_m = 6.0f;              // openness: things farther off do not darken

  MaterialId material(Material m);
  std::uint32_t texture(Image image);
  NodeId node(std::string name, const vec3& where = vec3(0.0f), NodeId parent = kRoot);
  NodeId node(std::string name, NodeId parent, MaterialId material, const Mesh& mesh, const vec3& where = vec3(0.0f));
  // Joins the mesh to what the node has in that material.
  void add(NodeId to, MaterialId material, const Mesh& mesh, const mat4& place = mat4(1.0f));
  void show(NodeId which, std::uint32_t first_scene, std::uint32_t last_scene) { nodes[which].scenes = {first_scene, last_scene}; }

  Animation& animation(const std::string& name);  // made on first use
  void key(const std::string& animation, NodeId node, Path path, std::vector<Key> keys, bool step = false);

  mat4 world_from(NodeId which) const;    // at rest
  std::size_t triangles() const;
  std::size_t draws() const;              // primitives, at most this many in any scene
};

inline vec4 as_value(const glm::quat& q) { return {q.x, q.y, q.z, q.w}; }
glm::quat turned(float degrees, const vec3& axis);

// KHR materials and lights, one buffer, PNG textures inside.
base::Bytes write_glb(const World& world);

}  // namespace promenade::samples::worlds

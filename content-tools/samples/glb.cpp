#include "content-tools/samples/glb.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <glm/gtc/matrix_transform.hpp>
#include <nlohmann/json.hpp>

#include "tracking/base/assert.h"

namespace promenade::samples::worlds {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFloat = 5126, kShort = 5123, kInt = 5125;

// Six digits: enough, and shorter text.
double rounded(float value) { return std::round(static_cast<double>(value) * 1e6) / 1e6; }
Json numbers(const vec3& v) { return Json::array({rounded(v.x), rounded(v.y), rounded(v.z)}); }

class Writer {
 public:
  explicit Writer(const World& world) : world_(world) {}

  base::Bytes run() {
    out_["asset"] = {{"version", "2.0"}, {"generator", "promenade-samples"}};
    out_["extensionsUsed"] = Json::array({"KHR_lights_punctual", "KHR_materials_unlit", "KHR_materials_emissive_strength"});
    materials();
    nodes();
    for (const Animation& animation : world_.animations) animate(animation);
    images();
    out_["buffers"] = Json::array({Json{{"byteLength", binary_.size()}}});
    out_["accessors"] = std::move(accessors_);
    out_["bufferViews"] = std::move(views_);
    return assemble();
  }

 private:
  std::size_t view(const void* data, std::size_t size, int target = 0) {
    while (binary_.size() % 4 != 0) binary_.push_back(0);
    Json v{{"buffer", 0}, {"byteOffset", binary_.size()}, {"byteLength", size}};
    if (target != 0) v["target"] = target;
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    binary_.insert(binary_.end(), bytes, bytes + size);
    views_.push_back(std::move(v));
    return views_.size() - 1;
  }

  std::size_t accessor(std::size_t view, int type, std::size_t count, const char* shape, bool normalized = false) {
    Json a{{"bufferView", view}, {"componentType", type}, {"count", count}, {"type", shape}};
    if (normalized) a["normalized"] = true;
    accessors_.push_back(std::move(a));
    return accessors_.size() - 1;
  }

  std::size_t floats(const std::vector<float>& values, const char* shape, std::size_t components, bool bounds, int target) {
    const std::size_t made = accessor(view(values.data(), values.size() * sizeof(float), target), kFloat, values.size() / components, shape);
    if (bounds) {
      std::vector<float> low(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(components)), high = low;
      for (std::size_t i = 0; i < values.size(); ++i) {
        low[i % components] = std::min(low[i % components], values[i]);
        high[i % components] = std::max(high[i % components], values[i]);
      }
      accessors_[made]["min"] = low;
      accessors_[made]["max"] = high;
    }
    return made;
  }

  void materials() {
    Json list = Json::array();
    for (const Material& m : world_.materials) {
      Json pbr{{"baseColorFactor", {rounded(m.color.x), rounded(m.color.y), rounded(m.color.z), rounded(m.opacity)}},
               {"metallicFactor", rounded(m.metallic)},
               {"roughnessFactor", rounded(m.roughness)}};
      if (m.texture != kNone) pbr["baseColorTexture"] = {{"index", m.texture}};
      Json j{{"name", m.name}, {"pbrMetallicRoughness", std::move(pbr)}};
      const float peak = std::max({m.emissive.x, m.emissive.y, m.emissive.z});
      if (peak > 0.0f) {
        j["emissiveFactor"] = numbers(m.emissive / std::max(1.0f, peak));
        if (peak > 1.0f) j["extensions"]["KHR_materials_emissive_strength"]["emissiveStrength"] = rounded(peak);
      }
      if (m.unlit || m.bake == Bake::light) j["extensions"]["KHR_materials_unlit"] = Json::object();
      if (m.alpha == Alpha::mask) j["alphaMode"] = "MASK", j["alphaCutoff"] = 0.5;
      if (m.alpha == Alpha::blend) j["alphaMode"] = "BLEND";
      if (m.double_sided) j["doubleSided"] = true;
      list.push_back(std::move(j));
    }
    out_["materials"] = std::move(list);
  }

  Json primitive(const Part& part) {
    const Mesh& mesh = part.mesh;
    const Material& material = world_.materials[part.material];
    const float repeat = material.texture != kNone && material.texture_m > 0.0f ? 1.0f / material.texture_m : 1.0f;
    std::vector<float> positions, normals, uvs;
    std::vector<std::uint16_t> colors;
    for (const Vertex& v : mesh.vertices) {
      positions.insert(positions.end(), {v.position.x, v.position.y, v.position.z});
      const vec3 n = glm::normalize(v.normal);
      normals.insert(normals.end(), {n.x, n.y, n.z});
      uvs.insert(uvs.end(), {v.uv.x * repeat, v.uv.y * repeat});
      for (int k = 0; k < 4; ++k) colors.push_back(static_cast<std::uint16_t>(std::lround(std::clamp(v.color[k], 0.0f, 1.0f) * 65535.0f)));
    }
    Json attributes{{"POSITION", floats(positions, "VEC3", 3, true, 34962)}, {"NORMAL", floats(normals, "VEC3", 3, false, 34962)}};
    if (material.texture != kNone) attributes["TEXCOORD_0"] = floats(uvs, "VEC2", 2, false, 34962);
    attributes["COLOR_0"] = accessor(view(colors.data(), colors.size() * 2, 34962), kShort, mesh.vertices.size(), "VEC4", true);
    std::size_t indices = 0;
    if (mesh.vertices.size() < 65535) {
      const std::vector<std::uint16_t> small(mesh.indices.begin(), mesh.indices.end());
      indices = accessor(view(small.data(), small.size() * 2, 34963), kShort, small.size(), "SCALAR");
    } else {
      indices = accessor(view(mesh.indices.data(), mesh.indices.size() * 4, 34963), kInt, mesh.indices.size(), "SCALAR");
    }
    return {{"attributes", std::move(attributes)}, {"indices", indices}, {"material", part.material}};
  }

  void nodes() {
    Json list = Json::array(), meshes = Json::array(), lights = Json::array();
    std::vector<Json> children(world_.nodes.size(), Json::array());
    for (NodeId i = 1; i < world_.nodes.size(); ++i) children[world_.nodes[i].parent].push_back(i);
    for (NodeId i = 0; i < world_.nodes.size(); ++i) {
      const Node& node = world_.nodes[i];
      Json j{{"name", node.name}};
      if (node.translation != vec3(0.0f)) j["translation"] = numbers(node.translation);
      const vec4 q = as_value(node.rotation);
      if (q != vec4(0, 0, 0, 1)) j["rotation"] = {q.x, q.y, q.z, q.w};
      if (node.scale != vec3(1.0f)) j["scale"] = numbers(node.scale);
      if (!children[i].empty()) j["children"] = std::move(children[i]);
      Json primitives = Json::array();
      for (const Part& part : node.parts) {
        if (!part.mesh.indices.empty()) primitives.push_back(primitive(part));
      }
      if (!primitives.empty()) {
        j["mesh"] = meshes.size();
        meshes.push_back({{"name", node.name}, {"primitives", std::move(primitives)}});
      }
      if (node.light) {
        j["extensions"]["KHR_lights_punctual"]["light"] = lights.size();
        Json light{{"type", node.light->directional ? "directional" : "point"},
                   {"color", numbers(node.light->color)},
                   {"intensity", rounded(node.light->intensity)}};
        if (node.light->range_m > 0.0f) light["range"] = rounded(node.light->range_m);
        lights.push_back(std::move(light));
      }
      if (node.scenes) j["extras"]["promenade"]["scenes"] = {node.scenes->first, node.scenes->second};
      if (node.billboard) j["extras"]["promenade"]["billboard"] = true;
      list.push_back(std::move(j));
    }
    out_["scene"] = 0;
    out_["scenes"] = Json::array({Json{{"nodes", {0}}, {"extras", {{"promenade", {{"sky", sky()}}}}}}});
    out_["nodes"] = std::move(list);
    out_["meshes"] = std::move(meshes);
    if (!lights.empty()) out_["extensions"]["KHR_lights_punctual"]["lights"] = std::move(lights);
  }

  Json sky() const {
    const Sky& s = world_.sky;
    return {{"zenith", numbers(s.zenith)}, {"horizon", numbers(s.horizon)}, {"ground", numbers(s.ground)},
            {"horizon_sharpness", rounded(s.horizon_sharpness)}, {"sun_color", numbers(s.sun_color)},
            {"sun_radius_rad", rounded(s.sun_radius_rad)}, {"sun_glow", rounded(s.sun_glow)}, {"stars", rounded(s.stars)},
            {"fog_color", numbers(s.fog_color)}, {"fog_per_m", rounded(s.fog_per_m)}, {"exposure", rounded(s.exposure)},
            {"ambient", rounded(s.ambient)}};
  }

  void animate(const Animation& animation) {
    Json samplers = Json::array(), channels = Json::array();
    for (const Channel& channel : animation.channels) {
      std::vector<float> times, values;
      const std::size_t components = channel.path == Path::rotation ? 4 : 3;
      for (const Key& key : channel.keys) {
        times.push_back(key.time_s);
        for (std::size_t k = 0; k < components; ++k) values.push_back(key.value[static_cast<int>(k)]);
      }
      const char* path = channel.path == Path::translation ? "translation" : channel.path == Path::rotation ? "rotation" : "scale";
      samplers.push_back({{"input", floats(times, "SCALAR", 1, true, 0)},
                          {"output", floats(values, components == 4 ? "VEC4" : "VEC3", components, false, 0)},
                          {"interpolation", channel.step ? "STEP" : "LINEAR"}});
      channels.push_back({{"sampler", samplers.size() - 1}, {"target", {{"node", channel.node}, {"path", path}}}});
    }
    out_["animations"].push_back({{"name", animation.name}, {"channels", std::move(channels)}, {"samplers", std::move(samplers)}});
  }

  void images() {
    Json list = Json::array(), textures = Json::array();
    for (const Image& image : world_.images) {
      const base::Bytes png = write_png(image);
      textures.push_back({{"source", list.size()}, {"sampler", 0}});
      list.push_back({{"name", image.name}, {"mimeType", "image/png"}, {"bufferView", view(png.data(), png.size())}});
    }
    if (list.empty()) return;
    out_["images"] = std::move(list);
    out_["textures"] = std::move(textures);
    out_["samplers"] = Json::array({Json{{"magFilter", 9729}, {"minFilter", 9987}, {"wrapS", 10497}, {"wrapT", 10497}}});
  }

  base::Bytes assemble() const {
    std::string text = out_.dump();
    text.resize((text.size() + 3) / 4 * 4, ' ');
    base::Bytes binary = binary_;
    binary.resize((binary.size() + 3) / 4 * 4, 0);
    base::Bytes file(12 + 8 + text.size() + 8 + binary.size());
    std::size_t at = 0;
    const auto word = [&](std::size_t value) {
      for (int k = 0; k < 4; ++k) file[at++] = static_cast<std::uint8_t>(value >> (8 * k));
    };
    word(0x46546C67), word(2), word(file.size());
    word(text.size()), word(0x4E4F534A);
    std::memcpy(file.data() + at, text.data(), text.size());
    at += text.size();
    word(binary.size()), word(0x004E4942);
    if (!binary.empty()) std::memcpy(file.data() + at, binary.data(), binary.size());
    return file;
  }

  const World& world_;
  Json out_, accessors_ = Json::array(), views_ = Json::array();
  base::Bytes binary_;
};

}  // namespace

MaterialId World::material(Material m) {
  materials.push_back(std::move(m));
  return static_cast<MaterialId>(materials.size() - 1);
}

std::uint32_t World::texture(Image image) {
  images.push_back(std::move(image));
  return static_cast<std::uint32_t>(images.size() - 1);
}

NodeId World::node(std::string name, const vec3& where, NodeId parent) {
  PROMENADE_ASSERT(parent < nodes.size());
  Node n;
  n.name = std::move(name);
  n.parent = parent;
  n.translation = where;
  n.lit_by = nodes[parent].lit_by;
  n.occludes = nodes[parent].occludes;
  nodes.push_back(std::move(n));
  return static_cast<NodeId>(nodes.size() - 1);
}

NodeId World::node(std::string name, NodeId parent, MaterialId material, const Mesh& mesh, const vec3& where) {
  const NodeId made = node(std::move(name), where, parent);
  add(made, material, mesh);
  return made;
}

void World::add(NodeId to, MaterialId which, const Mesh& mesh, const mat4& place) {
  PROMENADE_ASSERT(to < nodes.size() && which < materials.size());
  for (Part& part : nodes[to].parts) {
    if (part.material != which) continue;
    part.mesh.add(mesh, place);
    return;
  }
  nodes[to].parts.push_back({which, {}});
  nodes[to].parts.back().mesh.add(mesh, place);
}

Animation& World::animation(const std::string& name) {
  const auto found = std::ranges::find(animations, name, &Animation::name);
  if (found != animations.end()) return *found;
  animations.push_back({name, {}});
  return animations.back();
}

void World::key(const std::string& name, NodeId node, Path path, std::vector<Key> keys, bool step) {
  PROMENADE_ASSERT(node < nodes.size() && !keys.empty());
  animation(name).channels.push_back({node, path, step, std::move(keys)});
}

mat4 World::world_from(NodeId which) const {
  const Node& n = nodes[which];
  const mat4 own = glm::translate(mat4(1.0f), n.translation) * glm::mat4_cast(n.rotation) * glm::scale(mat4(1.0f), n.scale);
  return which == kRoot ? own : world_from(n.parent) * own;
}

std::size_t World::triangles() const {
  std::size_t sum = 0;
  for (const Node& n : nodes) {
    for (const Part& p : n.parts) sum += p.mesh.indices.size() / 3;
  }
  return sum;
}

std::size_t World::draws() const {
  std::size_t most = 0;
  for (std::uint32_t scene = 0; scene < 16; ++scene) {
    std::vector<bool> seen(nodes.size(), true);
    std::size_t count = 0;
    for (NodeId i = 0; i < nodes.size(); ++i) {
      const Node& n = nodes[i];
      seen[i] = (i == kRoot || seen[n.parent]) && (!n.scenes || (n.scenes->first <= scene && scene <= n.scenes->second));
      if (seen[i]) count += n.parts.size();
    }
    most = std::max(most, count);
  }
  return most;
}

glm::quat turned(float degrees, const vec3& axis) { return glm::angleAxis(degrees * kPi / 180.0f, glm::normalize(axis)); }

base::Bytes write_glb(const World& world) { return Writer(world).run(); }

}  // namespace promenade::samples::worlds

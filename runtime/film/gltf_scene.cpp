#include <algorithm>
#include <cmath>
#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>
#include <glm/gtc/quaternion.hpp>
#include <glm/gtc/type_ptr.hpp>
#include <set>

#include "runtime/film/gltf_parts.h"
#include "tracking/base/formatted.h"

namespace promenade::film {
namespace {

float value_at(const std::vector<double>& values, std::size_t i, float otherwise) {
  return i < values.size() ? finite(values[i], otherwise) : otherwise;
}

glm::quat unit_quat(float x, float y, float z, float w) {
  const glm::quat q(w, x, y, z);
  const float length = glm::length(q);
  return length > 1e-6f ? q / length : glm::quat(1, 0, 0, 0);
}

// Translation, rotation and scale of a matrix; shear is lost.
void take_apart(const std::vector<double>& m, Node& node) {
  glm::mat3 axes;
  for (int c = 0; c < 3; ++c) {
    for (int r = 0; r < 3; ++r) axes[c][r] = value_at(m, static_cast<std::size_t>(4 * c + r), 0.0f);
  }
  for (int r = 0; r < 3; ++r) node.translation[r] = value_at(m, static_cast<std::size_t>(12 + r), 0.0f);
  for (int c = 0; c < 3; ++c) {
    node.scale[c] = glm::length(axes[c]);
    axes[c] = node.scale[c] > 1e-12f ? axes[c] / node.scale[c] : glm::vec3(c == 0, c == 1, c == 2);
  }
  if (glm::dot(glm::cross(axes[0], axes[1]), axes[2]) < 0.0f) {
    node.scale.x = -node.scale.x;
    axes[0] = -axes[0];
  }
  const glm::quat q = glm::quat_cast(axes);
  node.rotation = unit_quat(q.x, q.y, q.z, q.w);
}

class SceneReader {
 public:
  SceneReader(Source& source, Model& model) : source_(source), doc_(source.document()), model_(model), node_at_(doc_.nodes.size(), kNone) {}

  void read() {
    const std::vector<int> roots = find_roots();
    order(roots);
    if (!source_.ok()) return;
    read_lights();
    read_skins();
    for (std::size_t i = 0; source_.ok() && i < model_.nodes.size(); ++i) read_node(doc_.nodes[from_[i]], model_.nodes[i]);
    check_joints();
    if (source_.ok()) read_animations(source_, node_at_, model_);
  }

 private:
  std::vector<int> find_roots() {
    if (!doc_.scenes.empty()) {
      const int number = doc_.defaultScene >= 0 ? doc_.defaultScene : 0;
      if (!source_.index(number, doc_.scenes.size(), "scene")) return {};
      const tinygltf::Scene& scene = doc_.scenes[static_cast<std::size_t>(number)];
      model_.name = scene.name;
      if (const auto* ours = member(scene.extras, "promenade")) {
        if (const auto* sky = member(*ours, "sky")) model_.sky = read_sky(source_, *sky);
      }
      return scene.nodes;
    }
    std::vector<bool> is_child(doc_.nodes.size(), false);
    for (const tinygltf::Node& node : doc_.nodes) {
      for (const int child : node.children) {
        if (child >= 0 && static_cast<std::size_t>(child) < is_child.size()) is_child[static_cast<std::size_t>(child)] = true;
      }
    }
    std::vector<int> roots;
    for (std::size_t i = 0; i < is_child.size(); ++i) {
      if (!is_child[i]) roots.push_back(static_cast<int>(i));
    }
    return roots;
  }

  // Numbers the scene's nodes so that parents come first. A node may hang in one place only.
  void order(const std::vector<int>& roots) {
    if (!source_.ok() || !source_.take(&LoadLimits::nodes, doc_.nodes.size(), "nodes")) return;
    struct Open { int node; std::uint32_t parent; };
    std::vector<Open> open;
    for (auto it = roots.rbegin(); it != roots.rend(); ++it) open.push_back({*it, kNone});
    while (!open.empty()) {
      const auto [node, parent] = open.back();
      open.pop_back();
      if (!source_.index(node, doc_.nodes.size(), "node")) return;
      const auto from = static_cast<std::size_t>(node);
      if (node_at_[from] != kNone) return source_.malformed(base::formatted("node {} hangs in two places", node));
      const auto number = static_cast<std::uint32_t>(model_.nodes.size());
      node_at_[from] = number;
      from_.push_back(from);
      model_.nodes.emplace_back().parent = parent;
      const auto& children = doc_.nodes[from].children;
      if (children.size() > doc_.nodes.size()) return source_.malformed(base::formatted("node {} has too many children", node));
      for (auto it = children.rbegin(); it != children.rend(); ++it) open.push_back({*it, number});
    }
  }

  void read_node(const tinygltf::Node& from, Node& node) {
    node.name = from.name;
    if (from.matrix.size() == 16) {
      take_apart(from.matrix, node);
    } else {
      for (std::size_t i = 0; i < 3; ++i) {
        const auto c = static_cast<glm::length_t>(i);
        node.translation[c] = value_at(from.translation, i, 0.0f);
        node.scale[c] = value_at(from.scale, i, 1.0f);
      }
      node.rotation = unit_quat(value_at(from.rotation, 0, 0), value_at(from.rotation, 1, 0), value_at(from.rotation, 2, 0),
                                value_at(from.rotation, 3, 1));
    }
    if (from.mesh >= 0 && source_.index(from.mesh, model_.meshes.size(), "mesh")) node.mesh = static_cast<std::uint32_t>(from.mesh);
    if (from.skin >= 0 && node.mesh != kNone && source_.index(from.skin, model_.skins.size(), "skin")) {
      node.skin = static_cast<std::uint32_t>(from.skin);
    }
    if (from.light >= 0 && source_.index(from.light, model_.lights.size(), "light")) node.light = static_cast<std::uint32_t>(from.light);
    if (const auto it = from.extensions.find("KHR_node_visibility"); it != from.extensions.end()) {
      const tinygltf::Value* visible = member(it->second, "visible");
      node.visible = !visible || !visible->IsBool() || visible->Get<bool>();
    }
    if (const auto it = from.extensions.find("EXT_mesh_gpu_instancing"); it != from.extensions.end()) read_instances(it->second, node);
    if (const auto* ours = member(from.extras, "promenade")) read_extras(*ours, node);
  }

  void read_instances(const tinygltf::Value& extension, Node& node) {
    const tinygltf::Value* attributes = member(extension, "attributes");
    if (!attributes || node.mesh == kNone) return;
    const auto values = [&](const char* name, unsigned components) {
      const std::int64_t accessor = whole_of(*attributes, name, -1);
      return accessor < 0 ? std::vector<float>() : source_.floats(static_cast<int>(std::min<std::int64_t>(accessor, 1 << 30)), components, "instances");
    };
    const std::vector<float> t = values("TRANSLATION", 3), r = values("ROTATION", 4), s = values("SCALE", 3);
    const std::size_t count = std::max({t.size() / 3, r.size() / 4, s.size() / 3});
    if (!source_.ok() || !source_.take(&LoadLimits::instances, count, "instances")) return;
    const auto fits = [&](std::size_t have) { return have == 0 || have == count; };
    if (!fits(t.size() / 3) || !fits(r.size() / 4) || !fits(s.size() / 3)) return source_.malformed("instances have different counts");
    for (std::size_t i = 0; i < count; ++i) {
      glm::mat4 m(1.0f);
      if (!t.empty()) m = glm::translate(m, glm::vec3(t[3 * i], t[3 * i + 1], t[3 * i + 2]));
      if (!r.empty()) m *= glm::mat4_cast(unit_quat(r[4 * i], r[4 * i + 1], r[4 * i + 2], r[4 * i + 3]));
      if (!s.empty()) m = glm::scale(m, glm::vec3(s[3 * i], s[3 * i + 1], s[3 * i + 2]));
      node.instances.push_back(m);
    }
  }

  void read_extras(const tinygltf::Value& ours, Node& node) {
    const std::string what = node.name.empty() ? "a node" : node.name;
    if (const auto* scenes = member(ours, "scenes")) {
      const bool pair = scenes->IsArray() && scenes->ArrayLen() == 2 && scenes->Get(0).IsInt() && scenes->Get(1).IsInt() &&
                        scenes->Get(0).Get<int>() >= 0 && scenes->Get(1).Get<int>() >= scenes->Get(0).Get<int>();
      if (pair) {
        node.first_scene = static_cast<std::uint32_t>(scenes->Get(0).Get<int>());
        node.last_scene = static_cast<std::uint32_t>(scenes->Get(1).Get<int>());
      } else {
        source_.warn("extras-unknown", what, "Its scenes are not two numbers, the first and the last one.", "Give [first, last].");
      }
    }
    if (const auto* billboard = member(ours, "billboard"); billboard && billboard->IsBool()) node.faces_viewer = billboard->Get<bool>();
    for (const std::string& key : ours.Keys()) {
      if (key != "scenes" && key != "billboard") {
        source_.warn("extras-unknown", what, base::formatted("extras.promenade.{} is unknown.", key), "Check its spelling.");
      }
    }
  }

  void read_lights() {
    for (const tinygltf::Light& from : doc_.lights) {
      Light light;
      light.kind = from.type == "directional" ? LightKind::directional : from.type == "spot" ? LightKind::spot : LightKind::point;
      for (std::size_t i = 0; i < 3; ++i) light.color[static_cast<glm::length_t>(i)] = std::max(value_at(from.color, i, 1.0f), 0.0f);
      light.intensity = std::max(finite(from.intensity, 1.0f), 0.0f);
      light.range_m = std::max(finite(from.range), 0.0f);
      light.outer_cone_rad = std::clamp(finite(from.spot.outerConeAngle, 0.785398f), 0.001f, 1.570796f);
      light.inner_cone_rad = std::clamp(finite(from.spot.innerConeAngle), 0.0f, light.outer_cone_rad);
      model_.lights.push_back(light);
    }
  }

  void read_skins() {
    for (const tinygltf::Skin& from : doc_.skins) {
      Skin skin;
      if (!source_.take(&LoadLimits::nodes, from.joints.size(), "joints")) return;
      for (const int joint : from.joints) {
        if (!source_.index(joint, node_at_.size(), "node")) return;
        const std::uint32_t node = node_at_[static_cast<std::size_t>(joint)];
        if (node == kNone) return source_.malformed(base::formatted("joint {} stands outside of the scene", joint));
        skin.joints.push_back(node);
      }
      skin.inverse_bind.assign(skin.joints.size(), glm::mat4(1.0f));
      if (from.inverseBindMatrices >= 0) {
        const auto values = source_.floats(from.inverseBindMatrices, 16, "inverse bind matrices");
        if (!source_.ok()) return;
        if (values.size() / 16 < skin.joints.size()) return source_.malformed("a skin has fewer matrices than joints");
        for (std::size_t i = 0; i < skin.joints.size(); ++i) skin.inverse_bind[i] = glm::make_mat4(&values[16 * i]);
      }
      model_.skins.push_back(std::move(skin));
    }
  }

  // A skinned mesh names joints by number: each must be one of the skin's that is put on it.
  void check_joints() {
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (const Node& node : model_.nodes) {
      if (!source_.ok()) return;
      if (node.skin == kNone || !seen.insert({node.mesh, node.skin}).second) continue;
      if (seen.size() > 1000) return source_.fail("gltf-too-large", "it holds too much: skins on meshes", "Make the asset smaller.");
      const std::size_t joints = model_.skins[node.skin].joints.size();
      for (const Primitive& p : model_.meshes[node.mesh].primitives) {
        for (const Vertex& v : p.vertices) {
          if (std::ranges::any_of(v.joints, [&](std::uint16_t joint) { return joint >= joints; })) {
            return source_.malformed(base::formatted("a vertex hangs on a joint that skin {} does not have", node.skin));
          }
        }
      }
    }
  }

  Source& source_;
  const tinygltf::Model& doc_;
  Model& model_;
  std::vector<std::uint32_t> node_at_;  // of the model, by the document's number
  std::vector<std::size_t> from_;       // of the document, by the model's number
};

}  // namespace

Sky read_sky(Source& source, const tinygltf::Value& value) {
  Sky sky;
  const auto color = [&](const std::string& key, glm::vec3& to) {
    const tinygltf::Value& v = value.Get(key);
    if (!v.IsArray() || v.ArrayLen() != 3 || !v.Get(0).IsNumber() || !v.Get(1).IsNumber() || !v.Get(2).IsNumber()) return false;
    for (int i = 0; i < 3; ++i) to[i] = std::clamp(finite(v.Get(static_cast<std::size_t>(i)).GetNumberAsDouble()), 0.0f, 1e5f);
    return true;
  };
  const std::pair<const char*, glm::vec3*> colors[] = {{"zenith", &sky.zenith}, {"horizon", &sky.horizon}, {"ground", &sky.ground},
                                                       {"sun_color", &sky.sun_color}, {"fog_color", &sky.fog_color}};
  const std::pair<const char*, float*> numbers[] = {
      {"horizon_sharpness", &sky.horizon_sharpness}, {"sun_radius_rad", &sky.sun_radius_rad}, {"sun_glow", &sky.sun_glow},
      {"stars", &sky.stars}, {"fog_per_m", &sky.fog_per_m}, {"exposure", &sky.exposure}, {"ambient", &sky.ambient}};
  for (const std::string& key : value.Keys()) {
    bool known = false;
    for (const auto& [name, to] : colors) known = known || (key == name && color(key, *to));
    for (const auto& [name, to] : numbers) {
      if (key != name || !value.Get(key).IsNumber()) continue;
      *to = std::clamp(finite(value.Get(key).GetNumberAsDouble()), 0.0f, 1e5f);
      known = true;
    }
    if (!known) {
      source.warn("extras-unknown", "extras.promenade.sky." + key, "The key is unknown, or its value of another type.",
                  "See film::Sky for the keys; colours are [r, g, b].");
    }
  }
  return sky;
}

void read_scene(Source& source, Model& model) { SceneReader(source, model).read(); }

}  // namespace promenade::film

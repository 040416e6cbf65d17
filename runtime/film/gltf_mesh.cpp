#include <algorithm>
#include <cmath>
#include <glm/geometric.hpp>
#include <numeric>

#include "runtime/film/gltf_parts.h"
#include "tracking/base/formatted.h"

namespace promenade::film {
namespace {

glm::vec3 vec3_at(const std::vector<float>& values, std::size_t i) { return {values[3 * i], values[3 * i + 1], values[3 * i + 2]}; }

glm::vec3 unit(glm::vec3 v, glm::vec3 otherwise) {
  const float length = glm::length(v);
  return length > 1e-12f && std::isfinite(length) ? v / length : otherwise;
}

glm::vec3 across(glm::vec3 normal) {
  return unit(glm::cross(normal, std::abs(normal.y) < 0.9f ? glm::vec3(0, 1, 0) : glm::vec3(1, 0, 0)), {1, 0, 0});
}

int accessor_of(const std::map<std::string, int>& attributes, const std::string& name) {
  const auto it = attributes.find(name);
  return it == attributes.end() ? -1 : it->second;
}

// Turns strips and fans into triangles, and leaves out a last one that is not whole.
std::vector<std::uint32_t> triangles(const std::vector<std::uint32_t>& in, int mode) {
  std::vector<std::uint32_t> out;
  if (mode == TINYGLTF_MODE_TRIANGLES) {
    out = in;
    out.resize(in.size() / 3 * 3);
    return out;
  }
  for (std::size_t i = 2; i < in.size(); ++i) {
    if (mode == TINYGLTF_MODE_TRIANGLE_FAN) out.insert(out.end(), {in[0], in[i - 1], in[i]});
    else if (i % 2 == 0) out.insert(out.end(), {in[i - 2], in[i - 1], in[i]});
    else out.insert(out.end(), {in[i - 1], in[i - 2], in[i]});
  }
  return out;
}

class MeshReader {
 public:
  MeshReader(Source& source, const std::vector<int>& sets) : source_(source), sets_(sets) {}

  void read(const tinygltf::Mesh& from, std::size_t number, Model& model) {
    Mesh mesh;
    mesh.name = from.name.empty() ? base::formatted("mesh {}", number) : from.name;
    for (const double weight : from.weights) mesh.weights.push_back(finite(weight));
    std::size_t targets = 0;
    for (const tinygltf::Primitive& primitive : from.primitives) {
      if (!source_.ok()) return;
      read_primitive(primitive, mesh, model);
    }
    for (const Primitive& p : mesh.primitives) targets = std::max(targets, p.targets.size());
    mesh.weights.resize(targets);
    model.meshes.push_back(std::move(mesh));
  }

 private:
  void left_out(const std::string& name, std::string why) {
    source_.warn("part-left-out", name, std::move(why), "Export it as triangles.");
  }

  void read_primitive(const tinygltf::Primitive& from, Mesh& mesh, Model& model) {
    if (from.mode != TINYGLTF_MODE_TRIANGLES && from.mode != TINYGLTF_MODE_TRIANGLE_STRIP && from.mode != TINYGLTF_MODE_TRIANGLE_FAN) {
      return left_out(mesh.name, "Lines and points are not drawn.");
    }
    const int positions_at = accessor_of(from.attributes, "POSITION");
    if (positions_at < 0) {
      return from.extensions.contains("KHR_draco_mesh_compression")
                 ? source_.fail("gltf-unsupported", "a mesh is there only packed by Draco, which this program does not read",
                                "Pack the world again without Draco: gltfpack -c packs as small, by EXT_meshopt_compression.")
                 : left_out(mesh.name, "A part has no positions.");
    }
    Primitive out;
    if (from.material >= 0) {
      if (!source_.index(from.material, model.materials.size() - 1, "material")) return;
      out.material = static_cast<std::uint32_t>(from.material) + 1;
    }
    const std::vector<float> positions = source_.floats(positions_at, 3, "positions");
    const std::size_t count = positions.size() / 3;
    if (!source_.ok() || !source_.take(&LoadLimits::vertices, count, "vertices")) return;
    out.vertices.resize(count);
    for (std::size_t i = 0; i < count; ++i) out.vertices[i].position = vec3_at(positions, i);
    const int normals_at = accessor_of(from.attributes, "NORMAL");
    const int tangents_at = accessor_of(from.attributes, "TANGENT");
    read_attributes(from, normals_at, tangents_at, out);
    read_skin(from, out);
    read_indices(from, out);
    read_targets(from, out);
    if (!source_.ok() || out.indices.empty()) return;
    if (normals_at < 0) make_flat(out);
    if (!source_.ok()) return;
    if (normals_at < 0 || tangents_at < 0) make_tangents(out, model.materials[out.material].normal_texture.image != kNone);
    out.box = box_of(out);
    mesh.primitives.push_back(std::move(out));
  }

  bool fits(std::size_t have, std::size_t want, std::string_view what) {
    if (!source_.ok()) return false;
    if (have == want) return true;
    source_.malformed(base::formatted("there are {} {} for {} vertices", have, what, want));
    return false;
  }

  void read_attributes(const tinygltf::Primitive& from, int normals_at, int tangents_at, Primitive& out) {
    const std::size_t count = out.vertices.size();
    if (normals_at >= 0) {
      const auto values = source_.floats(normals_at, 3, "normals");
      if (!fits(values.size() / 3, count, "normals")) return;
      for (std::size_t i = 0; i < count; ++i) out.vertices[i].normal = unit(vec3_at(values, i), {0, 1, 0});
    }
    if (tangents_at >= 0 && normals_at >= 0) {
      const auto values = source_.floats(tangents_at, 4, "tangents");
      if (!fits(values.size() / 4, count, "tangents")) return;
      for (std::size_t i = 0; i < count; ++i) {
        const float* t = &values[4 * i];
        out.vertices[i].tangent = glm::vec4(unit({t[0], t[1], t[2]}, across(out.vertices[i].normal)), t[3] < 0.0f ? -1.0f : 1.0f);
      }
    }
    const int set = sets_[out.material];
    const int uv_at = accessor_of(from.attributes, base::formatted("TEXCOORD_{}", set));
    if (uv_at >= 0) {
      const auto values = source_.floats(uv_at, 2, "texture coordinates");
      if (!fits(values.size() / 2, count, "texture coordinates")) return;
      for (std::size_t i = 0; i < count; ++i) out.vertices[i].uv = {values[2 * i], values[2 * i + 1]};
    }
    const int colors_at = accessor_of(from.attributes, "COLOR_0");
    if (colors_at >= 0 && source_.index(colors_at, source_.document().accessors.size(), "accessor")) {
      const auto type = source_.document().accessors[static_cast<std::size_t>(colors_at)].type;
      const std::size_t parts = type == TINYGLTF_TYPE_VEC4 ? 4 : 3;
      const auto values = source_.floats(colors_at, static_cast<unsigned>(parts), "colours");
      if (!fits(values.size() / parts, count, "colours")) return;
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t c = 0; c < parts; ++c) {
          out.vertices[i].color[static_cast<glm::length_t>(c)] = std::clamp(values[parts * i + c], 0.0f, 1.0f);
        }
      }
    }
  }

  void read_skin(const tinygltf::Primitive& from, Primitive& out) {
    const int joints_at = accessor_of(from.attributes, "JOINTS_0");
    const int weights_at = accessor_of(from.attributes, "WEIGHTS_0");
    if (joints_at < 0 || weights_at < 0 || !source_.ok()) return;
    const std::size_t count = out.vertices.size();
    const auto joints = source_.integers(joints_at, 4, "joints");
    const auto weights = source_.floats(weights_at, 4, "weights");
    if (!fits(joints.size() / 4, count, "joints") || !fits(weights.size() / 4, count, "weights")) return;
    for (std::size_t i = 0; i < count; ++i) {
      Vertex& v = out.vertices[i];
      float sum = 0.0f;
      for (std::size_t k = 0; k < 4; ++k) {
        const float weight = std::max(weights[4 * i + k], 0.0f);
        if (joints[4 * i + k] > 0xffff) return source_.malformed("a joint's number is out of range");
        // A joint without weight may be anything: it becomes one that is there.
        v.joints[k] = weight > 0.0f ? static_cast<std::uint16_t>(joints[4 * i + k]) : std::uint16_t{0};
        v.weights[static_cast<glm::length_t>(k)] = weight;
        sum += weight;
      }
      v.weights = sum > 1e-6f && std::isfinite(sum) ? v.weights / sum : glm::vec4(1, 0, 0, 0);
    }
  }

  void read_indices(const tinygltf::Primitive& from, Primitive& out) {
    if (!source_.ok()) return;
    std::vector<std::uint32_t> indices;
    if (from.indices >= 0) {
      indices = source_.integers(from.indices, 1, "indices");
    } else {
      indices.resize(out.vertices.size());
      std::iota(indices.begin(), indices.end(), 0u);
    }
    const std::uint64_t most = from.mode == TINYGLTF_MODE_TRIANGLES ? indices.size() : 3 * indices.size();
    if (!source_.ok() || !source_.take(&LoadLimits::indices, most, "indices")) return;
    for (const std::uint32_t index : indices) {
      if (index >= out.vertices.size()) return source_.malformed(base::formatted("an index names vertex {} of {}", index, out.vertices.size()));
    }
    out.indices = triangles(indices, from.mode);
  }

  void read_targets(const tinygltf::Primitive& from, Primitive& out) {
    const std::size_t count = out.vertices.size();
    for (const auto& attributes : from.targets) {
      if (!source_.ok() || !source_.take(&LoadLimits::morph_deltas, count, "morph targets")) return;
      std::vector<MorphDelta> target(count);
      if (const int at = accessor_of(attributes, "POSITION"); at >= 0) {
        const auto values = source_.floats(at, 3, "morph positions");
        if (!fits(values.size() / 3, count, "morph positions")) return;
        for (std::size_t i = 0; i < count; ++i) target[i].position = vec3_at(values, i);
      }
      if (const int at = accessor_of(attributes, "NORMAL"); at >= 0) {
        const auto values = source_.floats(at, 3, "morph normals");
        if (!fits(values.size() / 3, count, "morph normals")) return;
        for (std::size_t i = 0; i < count; ++i) target[i].normal = vec3_at(values, i);
      }
      out.targets.push_back(std::move(target));
    }
  }

  // Each triangle gets vertices and a normal of its own, as glTF asks where an asset has no normals.
  void make_flat(Primitive& p) {
    const std::size_t corners = p.indices.size();
    if (!source_.take(&LoadLimits::vertices, corners, "vertices") ||
        !source_.take(&LoadLimits::morph_deltas, corners * p.targets.size(), "morph targets")) {
      return;
    }
    std::vector<Vertex> vertices(corners);
    for (std::size_t i = 0; i < corners; ++i) vertices[i] = p.vertices[p.indices[i]];
    for (std::size_t i = 0; i + 2 < corners; i += 3) {
      const glm::vec3 a = vertices[i].position;
      const glm::vec3 normal = unit(glm::cross(vertices[i + 1].position - a, vertices[i + 2].position - a), {0, 1, 0});
      for (std::size_t k = 0; k < 3; ++k) vertices[i + k].normal = normal;
    }
    for (auto& target : p.targets) {
      std::vector<MorphDelta> moved(corners);
      for (std::size_t i = 0; i < corners; ++i) moved[i] = target[p.indices[i]];
      target = std::move(moved);
    }
    p.vertices = std::move(vertices);
    std::iota(p.indices.begin(), p.indices.end(), 0u);
  }

  // Lengyel, "Foundations of Game Engine Development", volume 2: the texture's u direction, averaged over a vertex's
  // triangles. Vertices are not split where a texture is mirrored.
  static void make_tangents(Primitive& p, bool bumpy) {
    std::vector<glm::vec3> along(bumpy ? p.vertices.size() : 0, glm::vec3(0.0f));
    std::vector<glm::vec3> down(along);
    for (std::size_t i = 0; bumpy && i + 2 < p.indices.size(); i += 3) {
      const Vertex& a = p.vertices[p.indices[i]];
      const Vertex& b = p.vertices[p.indices[i + 1]];
      const Vertex& c = p.vertices[p.indices[i + 2]];
      const glm::vec3 e1 = b.position - a.position, e2 = c.position - a.position;
      const glm::vec2 d1 = b.uv - a.uv, d2 = c.uv - a.uv;
      const float det = d1.x * d2.y - d2.x * d1.y;
      if (std::abs(det) < 1e-20f) continue;
      const glm::vec3 t = (e1 * d2.y - e2 * d1.y) / det, s = (e2 * d1.x - e1 * d2.x) / det;
      for (std::size_t k = 0; k < 3; ++k) {
        along[p.indices[i + k]] += t;
        down[p.indices[i + k]] += s;
      }
    }
    for (std::size_t i = 0; i < p.vertices.size(); ++i) {
      Vertex& v = p.vertices[i];
      const glm::vec3 otherwise = across(v.normal);
      const glm::vec3 t = bumpy ? unit(along[i] - v.normal * glm::dot(v.normal, along[i]), otherwise) : otherwise;
      // glTF's bitangent points up the picture, against v.
      const bool mirrored = bumpy && glm::dot(glm::cross(v.normal, t), down[i]) > 0.0f;
      v.tangent = glm::vec4(t, mirrored ? -1.0f : 1.0f);
    }
  }

  static Box box_of(const Primitive& p) {
    Box box{p.vertices.front().position, p.vertices.front().position};
    for (std::size_t i = 0; i < p.vertices.size(); ++i) {
      glm::vec3 low = p.vertices[i].position, high = low;
      for (const auto& target : p.targets) {
        low += glm::min(target[i].position, glm::vec3(0.0f));
        high += glm::max(target[i].position, glm::vec3(0.0f));
      }
      box.low = glm::min(box.low, low);
      box.high = glm::max(box.high, high);
    }
    return box;
  }

  Source& source_;
  const std::vector<int>& sets_;
};

}  // namespace

void read_meshes(Source& source, const std::vector<int>& texture_sets, Model& model) {
  MeshReader reader(source, texture_sets);
  for (std::size_t i = 0; source.ok() && i < source.document().meshes.size(); ++i) reader.read(source.document().meshes[i], i, model);
}

}  // namespace promenade::film

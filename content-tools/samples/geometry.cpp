#include "content-tools/samples/geometry.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <glm/geometric.hpp>
#include <glm/gtc/matrix_inverse.hpp>
#include <glm/gtc/matrix_transform.hpp>

namespace promenade::samples::worlds {
namespace {

vec3 face_normal(const Mesh& mesh, std::size_t first) {
  const vec3& a = mesh.vertices[mesh.indices[first]].position;
  const vec3 n = glm::cross(mesh.vertices[mesh.indices[first + 1]].position - a, mesh.vertices[mesh.indices[first + 2]].position - a);
  const float length = glm::length(n);
  return length > 1e-12f ? n / length : vec3(0, 1, 0);
}

using Spot = std::tuple<int, int, int>;
Spot spot_of(const vec3& p) {
  return {static_cast<int>(std::lround(p.x * 5000.0f)), static_cast<int>(std::lround(p.y * 5000.0f)),
          static_cast<int>(std::lround(p.z * 5000.0f))};
}

Vertex middle(const Vertex& a, const Vertex& b) {
  Vertex m;
  m.position = (a.position + b.position) * 0.5f;
  const vec3 n = a.normal + b.normal;
  m.normal = glm::dot(n, n) > 1e-8f ? glm::normalize(n) : a.normal;
  m.uv = (a.uv + b.uv) * 0.5f;
  m.color = (a.color + b.color) * 0.5f;
  return m;
}

}  // namespace

Mesh& Mesh::add(const Mesh& other, const mat4& where) {
  const auto base = static_cast<std::uint32_t>(vertices.size());
  const glm::mat3 turn = glm::inverseTranspose(glm::mat3(where));
  const bool mirrored = glm::determinant(glm::mat3(where)) < 0.0f;
  vertices.reserve(vertices.size() + other.vertices.size());
  for (Vertex v : other.vertices) {
    v.position = vec3(where * vec4(v.position, 1.0f));
    v.normal = glm::normalize(turn * v.normal);
    vertices.push_back(v);
  }
  for (std::size_t i = 0; i < other.indices.size(); i += 3) {
    indices.push_back(base + other.indices[i]);
    indices.push_back(base + other.indices[i + (mirrored ? 2 : 1)]);
    indices.push_back(base + other.indices[i + (mirrored ? 1 : 2)]);
  }
  return *this;
}

Mesh& Mesh::place(const mat4& matrix) {
  Mesh copy;
  copy.add(*this, matrix);
  return *this = std::move(copy);
}
Mesh& Mesh::move(const vec3& by) {
  for (Vertex& v : vertices) v.position += by;
  return *this;
}
Mesh& Mesh::turn(float degrees, const vec3& axis) { return place(rotation(degrees, axis)); }
Mesh& Mesh::stretch(const vec3& by) { return place(glm::scale(mat4(1.0f), by)); }

Mesh& Mesh::paint(const vec3& color) {
  for (Vertex& v : vertices) v.color *= vec4(color, 1.0f);
  return *this;
}
Mesh& Mesh::paint(const std::function<vec3(const Vertex&)>& color) {
  for (Vertex& v : vertices) v.color *= vec4(color(v), 1.0f);
  return *this;
}

Mesh& Mesh::bend(const std::function<vec3(const vec3&)>& to) {
  constexpr float kStep = 1e-3f;
  for (Vertex& v : vertices) {
    const vec3 side = std::abs(v.normal.y) < 0.9f ? vec3(0, 1, 0) : vec3(1, 0, 0);
    const vec3 t = glm::normalize(glm::cross(side, v.normal)), b = glm::cross(v.normal, t);
    const vec3 p = to(v.position);
    const vec3 n = glm::cross(to(v.position + t * kStep) - p, to(v.position + b * kStep) - p);
    if (glm::dot(n, n) > 1e-16f) v.normal = glm::normalize(n);
    v.position = p;
  }
  return *this;
}

Mesh& Mesh::flat() {
  Mesh out;
  for (std::size_t i = 0; i < indices.size(); i += 3) {
    const vec3 n = face_normal(*this, i);
    for (std::size_t k = 0; k < 3; ++k) {
      Vertex v = vertices[indices[i + k]];
      v.normal = n;
      out.indices.push_back(static_cast<std::uint32_t>(out.vertices.size()));
      out.vertices.push_back(v);
    }
  }
  return *this = std::move(out);
}

Mesh& Mesh::smooth(float crease_degrees) {
  flat();
  std::map<Spot, std::vector<std::uint32_t>> near;
  for (std::uint32_t i = 0; i < vertices.size(); ++i) near[spot_of(vertices[i].position)].push_back(i);
  const float crease = std::cos(crease_degrees * kPi / 180.0f);
  std::vector<float> areas(vertices.size());
  for (std::size_t i = 0; i + 2 < vertices.size(); i += 3) {
    const float area = glm::length(glm::cross(vertices[i + 1].position - vertices[i].position, vertices[i + 2].position - vertices[i].position));
    areas[i] = areas[i + 1] = areas[i + 2] = area + 1e-9f;
  }
  Mesh out;
  for (const auto& [spot, list] : near) {
    for (const std::uint32_t i : list) {
      vec3 sum(0.0f);
      for (const std::uint32_t j : list) {
        if (glm::dot(vertices[i].normal, vertices[j].normal) >= crease) sum += vertices[j].normal * areas[j];
      }
      Vertex v = vertices[i];
      if (glm::dot(sum, sum) > 0.0f) v.normal = glm::normalize(sum);
      out.vertices.push_back(v);
    }
  }
  // The vertices came out grouped by place: those that are alike become one.
  std::vector<std::uint32_t> home(vertices.size());
  Mesh joined;
  std::size_t next = 0;
  for (const auto& [spot, list] : near) {
    const std::size_t first = joined.vertices.size();
    for (const std::uint32_t i : list) {
      const Vertex& v = out.vertices[next++];
      std::size_t k = first;
      while (k < joined.vertices.size() &&
             (glm::dot(joined.vertices[k].normal, v.normal) < 0.9995f || glm::distance(joined.vertices[k].uv, v.uv) > 1e-4f ||
              glm::distance(joined.vertices[k].color, v.color) > 1e-3f)) {
        ++k;
      }
      if (k == joined.vertices.size()) joined.vertices.push_back(v);
      home[i] = static_cast<std::uint32_t>(k);
    }
  }
  for (std::size_t i = 0; i < home.size(); i += 3) {
    if (home[i] == home[i + 1] || home[i + 1] == home[i + 2] || home[i] == home[i + 2]) continue;
    joined.indices.insert(joined.indices.end(), {home[i], home[i + 1], home[i + 2]});
  }
  return *this = std::move(joined);
}

Mesh& Mesh::refine(float longest) {
  for (int round = 0; round < 7; ++round) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> split;
    std::vector<std::uint32_t> out;
    const auto cut = [&](std::uint32_t a, std::uint32_t b) -> std::uint32_t {
      if (glm::distance(vertices[a].position, vertices[b].position) <= longest) return ~0u;
      const auto key = std::minmax(a, b);
      const auto [entry, fresh] = split.try_emplace({key.first, key.second}, static_cast<std::uint32_t>(vertices.size()));
      if (fresh) {
        const Vertex m = middle(vertices[key.first], vertices[key.second]);
        vertices.push_back(m);
      }
      return entry->second;
    };
    for (std::size_t i = 0; i < indices.size(); i += 3) {
      std::uint32_t v[3] = {indices[i], indices[i + 1], indices[i + 2]};
      std::uint32_t m[3] = {cut(v[0], v[1]), cut(v[1], v[2]), cut(v[2], v[0])};
      const int cuts = (m[0] != ~0u) + (m[1] != ~0u) + (m[2] != ~0u);
      if (cuts == 0) out.insert(out.end(), {v[0], v[1], v[2]});
      if (cuts == 3) out.insert(out.end(), {v[0], m[0], m[2], m[0], v[1], m[1], m[2], m[1], v[2], m[0], m[1], m[2]});
      if (cuts == 1) {
        while (m[0] == ~0u) std::rotate(v, v + 1, v + 3), std::rotate(m, m + 1, m + 3);
        out.insert(out.end(), {v[0], m[0], v[2], m[0], v[1], v[2]});
      }
      if (cuts == 2) {
        while (m[2] != ~0u) std::rotate(v, v + 1, v + 3), std::rotate(m, m + 1, m + 3);
        out.insert(out.end(), {m[0], v[1], m[1], v[0], m[0], m[1], v[0], m[1], v[2]});
      }
    }
    indices = std::move(out);
    if (split.empty()) break;
  }
  return *this;
}

Mesh& Mesh::map_box() {
  Mesh out;
  std::map<std::pair<std::uint32_t, int>, std::uint32_t> made;
  for (std::size_t i = 0; i < indices.size(); i += 3) {
    const vec3 n = glm::abs(face_normal(*this, i));
    const int axis = n.y >= n.x && n.y >= n.z ? 1 : (n.x >= n.z ? 0 : 2);
    for (std::size_t k = 0; k < 3; ++k) {
      const std::uint32_t old = indices[i + k];
      const auto [entry, fresh] = made.try_emplace({old, axis}, static_cast<std::uint32_t>(out.vertices.size()));
      if (fresh) {
        Vertex v = vertices[old];
        v.uv = axis == 1 ? vec2(v.position.x, v.position.z) : axis == 0 ? vec2(v.position.z, -v.position.y) : vec2(v.position.x, -v.position.y);
        out.vertices.push_back(v);
      }
      out.indices.push_back(entry->second);
    }
  }
  return *this = std::move(out);
}

Mesh& Mesh::scale_uv(const vec2& by) {
  for (Vertex& v : vertices) v.uv *= by;
  return *this;
}

Mesh& Mesh::reverse() {
  for (Vertex& v : vertices) v.normal = -v.normal;
  for (std::size_t i = 0; i < indices.size(); i += 3) std::swap(indices[i + 1], indices[i + 2]);
  return *this;
}

mat4 at(const vec3& where, float turn_y_degrees, float scale) {
  mat4 m = glm::translate(mat4(1.0f), where);
  m = glm::rotate(m, turn_y_degrees * kPi / 180.0f, vec3(0, 1, 0));
  return glm::scale(m, vec3(scale));
}
mat4 rotation(float degrees, const vec3& axis) { return glm::rotate(mat4(1.0f), degrees * kPi / 180.0f, axis); }

float hash01(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return static_cast<float>(x >> 8) * (1.0f / 16777216.0f);
}

float noise(const vec3& p, std::uint32_t seed) {
  const vec3 cell = glm::floor(p);
  const vec3 f = p - cell, s = f * f * (3.0f - 2.0f * f);
  const auto corner = [&](int dx, int dy, int dz) {
    const auto x = static_cast<std::uint32_t>(static_cast<int>(cell.x) + dx), y = static_cast<std::uint32_t>(static_cast<int>(cell.y) + dy),
               z = static_cast<std::uint32_t>(static_cast<int>(cell.z) + dz);
    return hash01(x * 374761393u + y * 668265263u + z * 2147483647u + seed * 1274126177u) * 2.0f - 1.0f;
  };
  const auto mix = [](float a, float b, float t) { return a + (b - a) * t; };
  return mix(mix(mix(corner(0, 0, 0), corner(1, 0, 0), s.x), mix(corner(0, 1, 0), corner(1, 1, 0), s.x), s.y),
             mix(mix(corner(0, 0, 1), corner(1, 0, 1), s.x), mix(corner(0, 1, 1), corner(1, 1, 1), s.x), s.y), s.z);
}

float fbm(const vec3& p, int octaves, std::uint32_t seed) {
  float sum = 0.0f, size = 0.5f;
  vec3 q = p;
  for (int i = 0; i < octaves; ++i, size *= 0.5f, q *= 2.03f) sum += size * noise(q, seed + static_cast<std::uint32_t>(i));
  return sum;
}

}  // namespace promenade::samples::worlds

#include <algorithm>
#include <cmath>
#include <map>

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include "content-tools/samples/geometry.h"

namespace promenade::samples::worlds {
namespace {

float turned(std::span<const vec2> p, std::size_t a, std::size_t b, std::size_t c) {
  return (p[b].x - p[a].x) * (p[c].y - p[a].y) - (p[b].y - p[a].y) * (p[c].x - p[a].x);
}

// Ear clipping (Meisters 1975); outlines here have few points.
std::vector<std::uint32_t> triangles_of(std::span<const vec2> p) {
  std::vector<std::uint32_t> left(p.size()), out;
  for (std::uint32_t i = 0; i < p.size(); ++i) left[i] = i;
  for (std::size_t tries = 0; left.size() > 2 && tries < p.size() * p.size(); ++tries) {
    const std::size_t i = tries % left.size();
    const std::uint32_t a = left[(i + left.size() - 1) % left.size()], b = left[i], c = left[(i + 1) % left.size()];
    if (turned(p, a, b, c) <= 0.0f) continue;
    const bool free = std::ranges::none_of(left, [&](std::uint32_t k) {
      return k != a && k != b && k != c && turned(p, a, b, k) >= 0.0f && turned(p, b, c, k) >= 0.0f && turned(p, c, a, k) >= 0.0f;
    });
    if (!free) continue;
    out.insert(out.end(), {a, b, c});
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return out;
}

void put_quad(Mesh& mesh, const vec3& a, const vec3& b, const vec3& c, const vec3& d, const vec2& size) {
  const auto base = static_cast<std::uint32_t>(mesh.vertices.size());
  const vec3 n = glm::normalize(glm::cross(c - a, d - b));
  mesh.vertices.push_back({a, n, {0, size.y}, vec4(1)});
  mesh.vertices.push_back({b, n, {size.x, size.y}, vec4(1)});
  mesh.vertices.push_back({c, n, {size.x, 0}, vec4(1)});
  mesh.vertices.push_back({d, n, {0, 0}, vec4(1)});
  mesh.indices.insert(mesh.indices.end(), {base, base + 1, base + 2, base, base + 2, base + 3});
}

// Grain follows the longer side; where a face begins in the texture differs, so that like boards do not look alike.
void map_grain(Mesh& mesh, const vec3& low, const vec3& high) {
  const vec3 size = high - low;
  const int longest = size.x >= size.y && size.x >= size.z ? 0 : (size.y >= size.z ? 1 : 2);
  const float start = hash01(static_cast<std::uint32_t>(std::abs(low.x * 131.0f + low.y * 711.0f + low.z * 1913.0f) * 8.0f));
  for (Vertex& v : mesh.vertices) {
    const vec3 n = glm::abs(v.normal);
    const int axis = n.y >= n.x && n.y >= n.z ? 1 : (n.x >= n.z ? 0 : 2);
    int along = longest, across = 3 - longest - axis;
    if (axis == longest) along = (axis + 1) % 3, across = (axis + 2) % 3;
    v.uv = vec2(v.position[along] + start * 3.0f, v.position[across] + start * 7.0f);
  }
}

}  // namespace

Mesh triangle(const vec3& a, const vec3& b, const vec3& c) {
  Mesh m;
  const vec3 n = glm::normalize(glm::cross(b - a, c - a));
  m.vertices = {{a, n, {0, 1}, vec4(1)}, {b, n, {1, 1}, vec4(1)}, {c, n, {0.5f, 0}, vec4(1)}};
  m.indices = {0, 1, 2};
  return m;
}

Mesh quad(const vec3& a, const vec3& b, const vec3& c, const vec3& d) {
  Mesh m;
  put_quad(m, a, b, c, d, {1, 1});
  return m;
}

Mesh box(const vec3& one, const vec3& other, float bevel) {
  Mesh m;
  const vec3 low = glm::min(one, other), high = glm::max(one, other);
  const float r = std::min({bevel, (high.x - low.x) * 0.45f, (high.y - low.y) * 0.45f, (high.z - low.z) * 0.45f});
  const auto corner = [&](int sx, int sy, int sz, int inset_axis) {  // the corner of the face that looks along inset_axis
    vec3 p(sx ? high.x : low.x, sy ? high.y : low.y, sz ? high.z : low.z);
    const int s[3] = {sx, sy, sz};
    for (int k = 0; k < 3; ++k) {
      if (k != inset_axis) p[k] += s[k] ? -r : r;
    }
    return p;
  };
  for (int axis = 0; axis < 3; ++axis) {
    for (int side = 0; side < 2; ++side) {
      const int u = (axis + 1) % 3, v = (axis + 2) % 3;
      vec3 c[4];
      for (int k = 0; k < 4; ++k) {
        int s[3] = {0, 0, 0};
        s[axis] = side, s[u] = (k == 1 || k == 2), s[v] = (k >= 2);
        c[k] = corner(s[0], s[1], s[2], axis);
      }
      if (side) put_quad(m, c[0], c[1], c[2], c[3], {1, 1});
      else put_quad(m, c[3], c[2], c[1], c[0], {1, 1});
    }
  }
  if (r > 0.0f) {
    for (int axis = 0; axis < 3; ++axis) {  // edges along `axis`
      const int u = (axis + 1) % 3, v = (axis + 2) % 3;
      for (int su = 0; su < 2; ++su) {
        for (int sv = 0; sv < 2; ++sv) {
          int a[3], b[3];
          a[axis] = 0, b[axis] = 1, a[u] = b[u] = su, a[v] = b[v] = sv;
          const vec3 p0 = corner(a[0], a[1], a[2], u), p1 = corner(b[0], b[1], b[2], u);
          const vec3 q0 = corner(a[0], a[1], a[2], v), q1 = corner(b[0], b[1], b[2], v);
          if (su == sv) put_quad(m, p0, q0, q1, p1, {1, 1});
          else put_quad(m, p1, q1, q0, p0, {1, 1});
        }
      }
    }
    for (int k = 0; k < 8; ++k) {
      const int x = k & 1, y = (k >> 1) & 1, z = k >> 2;
      const vec3 a = corner(x, y, z, 0), b = corner(x, y, z, 1), c = corner(x, y, z, 2);
      m.add((x + y + z) % 2 ? triangle(a, b, c) : triangle(a, c, b));
    }
    const vec3 centre = (low + high) * 0.5f;
    for (std::size_t i = 0; i < m.indices.size(); i += 3) {  // bevel faces all look outwards
      Vertex* t[3] = {&m.vertices[m.indices[i]], &m.vertices[m.indices[i + 1]], &m.vertices[m.indices[i + 2]]};
      const vec3 n = glm::cross(t[1]->position - t[0]->position, t[2]->position - t[0]->position);
      const vec3 out = (t[0]->position + t[1]->position + t[2]->position) / 3.0f - centre;
      if (glm::dot(n, out) < 0.0f) std::swap(m.indices[i + 1], m.indices[i + 2]);
      if (glm::dot(t[0]->normal, out) < 0.0f) {
        for (Vertex* v : t) v->normal = glm::dot(v->normal, out) < 0.0f ? -v->normal : v->normal;
      }
    }
  }
  map_grain(m, low, high);
  return m;
}

Mesh block(const vec3& size, float bevel) {
  return box({-size.x / 2, 0, -size.z / 2}, {size.x / 2, size.y, size.z / 2}, bevel);
}

Mesh plank(const vec3& from, const vec3& to, float width, float thickness, float bevel) {
  const vec3 along = to - from;
  const float length = glm::length(along);
  const vec3 x = along / length;
  const vec3 side = std::abs(x.y) < 0.95f ? vec3(0, 1, 0) : vec3(0, 0, 1);
  const vec3 z = glm::normalize(glm::cross(x, side)), y = glm::cross(z, x);
  Mesh m = box({0, -thickness / 2, -width / 2}, {length, thickness / 2, width / 2}, bevel);
  const float start = hash01(static_cast<std::uint32_t>(std::abs(from.x * 31.0f + from.y * 57.0f + from.z * 91.0f) * 64.0f));
  for (Vertex& v : m.vertices) v.uv += vec2(start * 5.0f, start * 11.0f);
  return m.place(mat4(vec4(x, 0), vec4(y, 0), vec4(z, 0), vec4(from, 1)));
}

Mesh extrude(std::span<const vec2> outline, float depth) {
  Mesh m;
  const std::vector<std::uint32_t> cap = triangles_of(outline);
  for (const float z : {depth, 0.0f}) {
    const auto base = static_cast<std::uint32_t>(m.vertices.size());
    for (const vec2& p : outline) m.vertices.push_back({{p.x, p.y, z}, {0, 0, z > 0.0f ? 1.0f : -1.0f}, {p.x, -p.y}, vec4(1)});
    for (std::size_t i = 0; i < cap.size(); i += 3) {
      if (z > 0.0f) m.indices.insert(m.indices.end(), {base + cap[i], base + cap[i + 1], base + cap[i + 2]});
      else m.indices.insert(m.indices.end(), {base + cap[i], base + cap[i + 2], base + cap[i + 1]});
    }
  }
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const vec2 a = outline[i], b = outline[(i + 1) % outline.size()];
    put_quad(m, {a.x, a.y, 0}, {b.x, b.y, 0}, {b.x, b.y, depth}, {a.x, a.y, depth}, {glm::distance(a, b), depth});
  }
  return m;
}

Mesh lathe(std::span<const vec2> profile, int segments) {
  Mesh m;
  for (int s = 0; s <= segments; ++s) {
    const float angle = 2.0f * kPi * static_cast<float>(s) / static_cast<float>(segments);
    const vec3 out(std::sin(angle), 0, std::cos(angle));
    float run = 0.0f;
    for (std::size_t i = 0; i < profile.size(); ++i) {
      const vec2 before = profile[i == 0 ? 0 : i - 1], after = profile[std::min(i + 1, profile.size() - 1)];
      vec2 along = after - before;
      if (glm::dot(along, along) < 1e-12f) along = {0, 1};
      along = glm::normalize(along);
      if (i > 0) run += glm::distance(profile[i], profile[i - 1]);
      m.vertices.push_back({out * profile[i].x + vec3(0, profile[i].y, 0), glm::normalize(out * along.y + vec3(0, -along.x, 0)),
                            {angle / (2.0f * kPi) * std::max(1.0f, std::round(6.2832f * std::max(profile[i].x, 0.05f))), run}, vec4(1)});
    }
  }
  const auto rows = static_cast<std::uint32_t>(profile.size());
  for (std::uint32_t s = 0; s < static_cast<std::uint32_t>(segments); ++s) {
    for (std::uint32_t i = 0; i + 1 < rows; ++i) {
      const std::uint32_t a = s * rows + i, b = a + rows;
      if (profile[i].x > 1e-6f) m.indices.insert(m.indices.end(), {a, b, b + 1});
      if (profile[i + 1].x > 1e-6f) m.indices.insert(m.indices.end(), {a, b + 1, a + 1});
    }
  }
  return m;
}

Mesh tube(std::span<const vec3> path, std::span<const float> radii, int sides) {
  Mesh m;
  const std::size_t count = path.size();
  vec3 normal(0.0f);
  float run = 0.0f;
  for (std::size_t i = 0; i < count; ++i) {
    const vec3 t = glm::normalize(path[std::min(i + 1, count - 1)] - path[i == 0 ? 0 : i - 1]);
    if (i == 0) normal = glm::normalize(glm::cross(std::abs(t.y) < 0.9f ? vec3(0, 1, 0) : vec3(1, 0, 0), t));
    normal = glm::normalize(normal - t * glm::dot(normal, t));
    const vec3 other = glm::cross(t, normal);
    if (i > 0) run += glm::distance(path[i], path[i - 1]);
    for (int s = 0; s <= sides; ++s) {
      const float angle = 2.0f * kPi * static_cast<float>(s) / static_cast<float>(sides);
      const vec3 out = normal * std::cos(angle) + other * std::sin(angle);
      m.vertices.push_back({path[i] + out * radii[i], out, {run, static_cast<float>(s) / static_cast<float>(sides)}, vec4(1)});
    }
  }
  const auto row = static_cast<std::uint32_t>(sides + 1);
  for (std::uint32_t i = 0; i + 1 < count; ++i) {
    for (std::uint32_t s = 0; s + 1 < row; ++s) {
      const std::uint32_t a = i * row + s, b = a + row;
      m.indices.insert(m.indices.end(), {a, a + 1, b + 1, a, b + 1, b});
    }
  }
  for (const bool end : {false, true}) {  // closed where the end is wide enough to be looked into
    const std::size_t i = end ? count - 1 : 0;
    if (radii[i] < 0.004f) continue;
    const vec3 n = glm::normalize(end ? path[i] - path[i - 1] : path[0] - path[1]);
    const auto base = static_cast<std::uint32_t>(m.vertices.size());
    m.vertices.push_back({path[i], n, {0, 0}, vec4(1)});
    for (std::uint32_t s = 0; s < row; ++s) {
      Vertex v = m.vertices[i * row + s];
      v.normal = n;
      m.vertices.push_back(v);
    }
    for (std::uint32_t s = 0; s + 1 < row; ++s) {
      if (end) m.indices.insert(m.indices.end(), {base, base + 1 + s, base + 2 + s});
      else m.indices.insert(m.indices.end(), {base, base + 2 + s, base + 1 + s});
    }
  }
  return m;
}

Mesh tube(std::span<const vec3> path, float radius, int sides) {
  const std::vector<float> radii(path.size(), radius);
  return tube(path, radii, sides);
}

Mesh ball(float radius, int rings, int segments) {
  std::vector<vec2> profile;
  for (int i = 0; i <= rings; ++i) {
    const float angle = kPi * static_cast<float>(i) / static_cast<float>(rings);
    profile.push_back({i == 0 || i == rings ? 0.0f : radius * std::sin(angle), -radius * std::cos(angle)});
  }
  Mesh m = lathe(profile, segments);
  for (Vertex& v : m.vertices) v.normal = glm::normalize(v.position);
  return m;
}

Mesh rock(std::uint32_t seed, const vec3& size, int detail, float rough) {
  const float t = (1.0f + std::sqrt(5.0f)) / 2.0f;
  Mesh m;
  const vec3 corners[12] = {{-1, t, 0}, {1, t, 0}, {-1, -t, 0}, {1, -t, 0}, {0, -1, t}, {0, 1, t},
                            {0, -1, -t}, {0, 1, -t}, {t, 0, -1}, {t, 0, 1}, {-t, 0, -1}, {-t, 0, 1}};
  for (const vec3& c : corners) m.vertices.push_back({glm::normalize(c), glm::normalize(c), {0, 0}, vec4(1)});
  m.indices = {0, 11, 5, 0, 5, 1, 0, 1, 7, 0, 7, 10, 0, 10, 11, 1, 5, 9, 5, 11, 4, 11, 10, 2, 10, 7, 6, 7, 1, 8,
               3, 9, 4, 3, 4, 2, 3, 2, 6, 3, 6, 8, 3, 8, 9, 4, 9, 5, 2, 4, 11, 6, 2, 10, 8, 6, 7, 9, 8, 1};
  float edge = 1.06f;
  for (int i = 0; i < detail; ++i, edge *= 0.55f) {
    m.refine(edge * 0.6f);
    for (Vertex& v : m.vertices) v.position = glm::normalize(v.position);
  }
  for (Vertex& v : m.vertices) {
    const vec3 p = v.position;
    const float swell = 1.0f + rough * (1.2f * noise(p * 1.3f, seed) + fbm(p * 3.1f, 3, seed + 9));
    v.position = p * swell * size * 0.5f;
  }
  return m.flat().map_box();
}

Mesh terrain(const vec2& low, const vec2& high, float step, const std::function<float(float, float)>& height) {
  Mesh m;
  const int nx = std::max(1, static_cast<int>(std::lround((high.x - low.x) / step)));
  const int nz = std::max(1, static_cast<int>(std::lround((high.y - low.y) / step)));
  const vec2 cell((high.x - low.x) / static_cast<float>(nx), (high.y - low.y) / static_cast<float>(nz));
  for (int j = 0; j <= nz; ++j) {
    for (int i = 0; i <= nx; ++i) {
      const float x = low.x + cell.x * static_cast<float>(i), z = low.y + cell.y * static_cast<float>(j);
      const float e = step * 0.5f;
      const vec3 n(height(x - e, z) - height(x + e, z), 2.0f * e, height(x, z - e) - height(x, z + e));
      m.vertices.push_back({{x, height(x, z), z}, glm::normalize(n), {x, z}, vec4(1)});
    }
  }
  const auto row = static_cast<std::uint32_t>(nx + 1);
  for (std::uint32_t j = 0; j < static_cast<std::uint32_t>(nz); ++j) {
    for (std::uint32_t i = 0; i + 1 < row; ++i) {
      const std::uint32_t a = j * row + i, b = a + row;
      if ((i + j) % 2) m.indices.insert(m.indices.end(), {a, b, a + 1, a + 1, b, b + 1});
      else m.indices.insert(m.indices.end(), {a, b, b + 1, a, b + 1, a + 1});
    }
  }
  return m;
}

Mesh card(float width, float height) {
  return quad({-width / 2, 0, 0}, {width / 2, 0, 0}, {width / 2, height, 0}, {-width / 2, height, 0});
}

Mesh disc(float radius, int segments, float hole) {
  Mesh m;
  for (int s = 0; s <= segments; ++s) {
    const float angle = 2.0f * kPi * static_cast<float>(s) / static_cast<float>(segments);
    for (const float r : {hole, radius}) {
      const vec2 p(std::cos(angle) * r, std::sin(angle) * r);
      m.vertices.push_back({{p.x, 0, p.y}, {0, 1, 0}, p / (2.0f * radius) + 0.5f, vec4(1)});
    }
  }
  for (std::uint32_t s = 0; s < static_cast<std::uint32_t>(segments); ++s) {
    const std::uint32_t a = s * 2;
    m.indices.insert(m.indices.end(), {a + 1, a, a + 3});
    if (hole > 0.0f) m.indices.insert(m.indices.end(), {a, a + 2, a + 3});
  }
  return m;
}

Mesh ribbon(std::span<const vec3> path, std::span<const vec3> across) {
  Mesh m;
  float run = 0.0f;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0) run += glm::distance(path[i], path[i - 1]);
    const vec3 along = path[std::min(i + 1, path.size() - 1)] - path[i == 0 ? 0 : i - 1];
    const vec3 n = glm::normalize(glm::cross(across[i], along));
    const float half = glm::length(across[i]);
    m.vertices.push_back({path[i] - across[i], n, {run, 0}, vec4(1)});
    m.vertices.push_back({path[i] + across[i], n, {run, half * 2}, vec4(1)});
  }
  for (std::uint32_t i = 0; i + 1 < path.size(); ++i) {
    const std::uint32_t a = i * 2;
    m.indices.insert(m.indices.end(), {a, a + 1, a + 3, a, a + 3, a + 2});
  }
  return m;
}

std::vector<vec3> curve(std::span<const vec3> p, int steps_each) {
  std::vector<vec3> out;
  for (std::size_t i = 0; i + 1 < p.size(); ++i) {
    const vec3 &b = p[i], &c = p[i + 1];
    const vec3 a = i == 0 ? b * 2.0f - c : p[i - 1], d = i + 2 < p.size() ? p[i + 2] : c * 2.0f - b;
    for (int s = 0; s < steps_each; ++s) {
      const float t = static_cast<float>(s) / static_cast<float>(steps_each);
      out.push_back(0.5f * (2.0f * b + (c - a) * t + (2.0f * a - 5.0f * b + 4.0f * c - d) * t * t + (3.0f * b - a - 3.0f * c + d) * t * t * t));
    }
  }
  out.push_back(p.back());
  return out;
}

}  // namespace promenade::samples::worlds

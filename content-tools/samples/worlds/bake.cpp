#include "content-tools/samples/worlds/bake.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include <glm/geometric.hpp>
#include <glm/gtc/matrix_inverse.hpp>

namespace promenade::samples::worlds {
namespace {

constexpr float kOffset = 0.006f;  // rays begin this far off the surface

struct Sample {  // one vertex that is baked
  vec3 position{0.0f}, normal{0.0f};
  std::uint32_t node = 0, part = 0, vertex = 0;
};

// A direction about `normal`, dense as the cosine, number `i` of `count`, turned by `turn` (Hammersley's points).
vec3 direction(const vec3& normal, int i, int count, float turn) {
  std::uint32_t bits = static_cast<std::uint32_t>(i);
  bits = (bits << 16) | (bits >> 16);
  bits = ((bits & 0x55555555u) << 1) | ((bits & 0xAAAAAAAAu) >> 1);
  bits = ((bits & 0x33333333u) << 2) | ((bits & 0xCCCCCCCCu) >> 2);
  bits = ((bits & 0x0F0F0F0Fu) << 4) | ((bits & 0xF0F0F0F0u) >> 4);
  bits = ((bits & 0x00FF00FFu) << 8) | ((bits & 0xFF00FF00u) >> 8);
  const float v = static_cast<float>(bits) * 2.3283064e-10f;
  const float u = (static_cast<float>(i) + 0.5f) / static_cast<float>(count);
  const float r = std::sqrt(u), angle = 2.0f * kPi * (v + turn);
  const vec3 side = std::abs(normal.y) < 0.9f ? vec3(0, 1, 0) : vec3(1, 0, 0);
  const vec3 t = glm::normalize(glm::cross(side, normal)), b = glm::cross(normal, t);
  return glm::normalize(t * (r * std::cos(angle)) + b * (r * std::sin(angle)) + normal * std::sqrt(std::max(0.0f, 1.0f - u)));
}

class Baker {
 public:
  Baker(World& world, int rays) : world_(world), rays_(rays), caster_(occluders(world)) {
    direct_.resize(world.nodes.size());
    for (std::uint32_t n = 0; n < world.nodes.size(); ++n) {
      const mat4 place = world.world_from(n);
      const glm::mat3 turn = glm::inverseTranspose(glm::mat3(place));
      direct_[n].resize(world.nodes[n].parts.size());
      for (std::uint32_t p = 0; p < world.nodes[n].parts.size(); ++p) {
        const Part& part = world.nodes[n].parts[p];
        direct_[n][p].resize(part.mesh.vertices.size(), vec3(0.0f));
        for (std::uint32_t v = 0; v < part.mesh.vertices.size(); ++v) {
          const Vertex& vertex = part.mesh.vertices[v];
          samples_.push_back({vec3(place * vec4(vertex.position, 1)), glm::normalize(turn * vertex.normal), n, p, v});
        }
      }
    }
  }

  void run() {
    for_all([this](const Sample& s) {
      if (!world_.lights.empty()) direct_[s.node][s.part][s.vertex] = direct(s);
    });
    std::vector<vec3> gathered(samples_.size());
    for_all([&](const Sample& s) { gathered[static_cast<std::size_t>(&s - samples_.data())] = gather(s); });
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      const Sample& s = samples_[i];
      Part& part = world_.nodes[s.node].parts[s.part];
      const Bake how = world_.materials[part.material].bake;
      if (how == Bake::none) continue;
      vec4& color = part.mesh.vertices[s.vertex].color;
      color *= vec4(how == Bake::light ? direct_[s.node][s.part][s.vertex] + gathered[i] : gathered[i], 1.0f);
    }
  }

 private:
  template <class Work>
  void for_all(Work work) {
    const std::size_t workers = std::clamp(std::thread::hardware_concurrency(), 1u, 8u);
    std::vector<std::jthread> threads;
    for (std::size_t w = 0; w < workers; ++w) {
      threads.emplace_back([&, w] {
        for (std::size_t i = w; i < samples_.size(); i += workers) {
          const Part& part = world_.nodes[samples_[i].node].parts[samples_[i].part];
          if (world_.materials[part.material].bake != Bake::none) work(samples_[i]);
        }
      });
    }
  }

  float turn_of(const Sample& s) const {
    const auto q = [](float x) { return static_cast<std::uint32_t>(static_cast<int>(std::lround(x * 500.0f))); };
    return hash01(q(s.position.x) * 73856093u ^ q(s.position.y) * 19349663u ^ q(s.position.z) * 83492791u);
  }

  vec3 direct(const Sample& s) const {
    vec3 sum(0.0f);
    const vec3 from = s.position + s.normal * kOffset;
    const float turn = turn_of(s);
    for (const BakedLight& light : world_.lights) {
      if ((light.mask & world_.nodes[s.node].lit_by) == 0) continue;
      constexpr int kShadowRays = 4;
      for (int i = 0; i < kShadowRays; ++i) {
        const float a = 2.0f * kPi * (turn + static_cast<float>(i) / kShadowRays), up = static_cast<float>(i) / (kShadowRays - 1) * 2.0f - 1.0f;
        const vec3 jitter = vec3(std::cos(a), up, std::sin(a)) * light.radius_m;
        if (light.directional) {
          const vec3 towards = glm::normalize(light.position + jitter);
          const float cosine = glm::dot(s.normal, towards);
          if (cosine > 0.0f && !caster_.blocked(from, towards, 400.0f)) sum += light.color * (cosine / kShadowRays);
          continue;
        }
        const vec3 way = light.position + jitter - from;
        const float d2 = glm::dot(way, way), d = std::sqrt(d2);
        const vec3 towards = way / d;
        const float cosine = glm::dot(s.normal, towards);
        const float strength = cosine / (d2 + 0.05f + light.radius_m * light.radius_m) / kShadowRays;
        if (cosine <= 0.0f || std::max({light.color.x, light.color.y, light.color.z}) * strength < 0.0008f) continue;
        if (!caster_.blocked(from, towards, d - light.radius_m * 1.8f)) sum += light.color * strength;
      }
    }
    return sum;
  }

  vec3 sky(const vec3& towards) const {
    const float up = std::clamp(towards.y * 2.5f + 0.5f, 0.0f, 1.0f);
    return world_.open_ground + (world_.open_sky - world_.open_ground) * up;
  }

  vec3 gather(const Sample& s) const {
    const bool light = world_.materials[world_.nodes[s.node].parts[s.part].material].bake == Bake::light;
    const vec3 from = s.position + s.normal * kOffset;
    const float turn = turn_of(s);
    vec3 sum(0.0f);
    for (int i = 0; i < rays_; ++i) {
      const vec3 towards = direction(s.normal, i, rays_, turn);
      const Hit hit = caster_.nearest(from, towards, light ? 400.0f : world_.bake_reach_m);
      if (hit.triangle == kNone) {
        sum += light ? sky(towards) : vec3(1.0f);
        continue;
      }
      const Triangle& t = caster_.triangle(hit.triangle);
      const Part& part = world_.nodes[t.node].parts[t.part];
      const Material& material = world_.materials[part.material];
      const std::uint32_t* index = &part.mesh.indices[t.first];
      const Vertex& near = part.mesh.vertices[hit.u > 0.5f ? index[1] : (hit.v > 0.5f ? index[2] : index[0])];
      const vec3 albedo = vec3(near.color) * material.color;
      if (light) {
        const auto& d = direct_[t.node][t.part];
        const vec3 shown = d[index[0]] * (1 - hit.u - hit.v) + d[index[1]] * hit.u + d[index[2]] * hit.v;
        const bool front = glm::dot(glm::cross(t.ab, t.ac), towards) < 0.0f;
        sum += material.glow + (front || material.double_sided ? albedo * shown * 0.75f : vec3(0.0f));
      } else {
        const float far = hit.distance / world_.bake_reach_m;
        sum += albedo * 0.35f * (1 - far) + vec3(far * far);
      }
    }
    return sum / static_cast<float>(rays_);
  }

  World& world_;
  int rays_;
  RayCaster caster_;
  std::vector<Sample> samples_;
  std::vector<std::vector<std::vector<vec3>>> direct_;  // by node, part, vertex
};

}  // namespace

namespace {

// Half of a box's surface.
float area(const vec3& low, const vec3& high) {
  const vec3 size = high - low;
  return size.x * size.y + size.y * size.z + size.z * size.x;
}

struct Bounds {
  vec3 low{1e9f}, high{-1e9f};
  void hold(const vec3& p) { low = glm::min(low, p), high = glm::max(high, p); }
  void hold(const Triangle& t) {
    for (const vec3& p : {t.a, t.a + t.ab, t.a + t.ac}) hold(p);
  }
};

vec3 middle(const Triangle& t) { return t.a + (t.ab + t.ac) / 3.0f; }

}  // namespace

RayCaster::RayCaster(std::vector<Triangle> triangles) : triangles_(std::move(triangles)) {
  boxes_.push_back({{}, {}, 0, 0, static_cast<std::uint32_t>(triangles_.size())});
  split(0, 0);
}

std::uint32_t RayCaster::divide(const Box& box) {
  constexpr int kBins = 16;
  Bounds middles;
  for (std::uint32_t i = box.first; i < box.first + box.count; ++i) middles.hold(middle(triangles_[i]));
  float least = 1e30f;
  int best_axis = -1, best_bin = 0;
  const auto bin_of = [&](const Triangle& t, int axis) {
    return std::min(kBins - 1, static_cast<int>((middle(t)[axis] - middles.low[axis]) / (middles.high[axis] - middles.low[axis]) * kBins));
  };
  for (int axis = 0; axis < 3; ++axis) {
    if (middles.high[axis] - middles.low[axis] < 1e-6f) continue;
    Bounds bins[kBins];
    std::uint32_t counts[kBins] = {};
    for (std::uint32_t i = box.first; i < box.first + box.count; ++i) {
      const int bin = bin_of(triangles_[i], axis);
      bins[bin].hold(triangles_[i]);
      ++counts[bin];
    }
    float right_cost[kBins] = {};
    Bounds sum;
    std::uint32_t count = 0;
    for (int bin = kBins - 1; bin > 0; --bin) {
      if (counts[bin] > 0) sum.hold(bins[bin].low), sum.hold(bins[bin].high);
      count += counts[bin];
      right_cost[bin] = count > 0 ? area(sum.low, sum.high) * static_cast<float>(count) : 1e30f;
    }
    sum = {}, count = 0;
    for (int bin = 0; bin + 1 < kBins; ++bin) {
      if (counts[bin] > 0) sum.hold(bins[bin].low), sum.hold(bins[bin].high);
      count += counts[bin];
      const float cost = count > 0 ? area(sum.low, sum.high) * static_cast<float>(count) + right_cost[bin + 1] : 1e30f;
      if (cost < least) least = cost, best_axis = axis, best_bin = bin;
    }
  }
  if (best_axis < 0) return box.count / 2;
  const auto begin = triangles_.begin() + box.first, end = begin + box.count;
  const auto half = std::partition(begin, end, [&](const Triangle& t) { return bin_of(t, best_axis) <= best_bin; });
  return static_cast<std::uint32_t>(half - begin);
}

void RayCaster::split(std::uint32_t index, int depth) {
  Box& box = boxes_[index];
  Bounds bounds;
  for (std::uint32_t i = box.first; i < box.first + box.count; ++i) bounds.hold(triangles_[i]);
  box.low = bounds.low, box.high = bounds.high;
  if (box.count <= 3 || depth > 60) return;
  const std::uint32_t first = box.first, count = box.count, half = divide(box);
  if (half == 0 || half == count) return;
  const std::uint32_t left = static_cast<std::uint32_t>(boxes_.size());
  box.left = left, box.count = 0;
  boxes_.push_back({{}, {}, 0, first, half});
  boxes_.push_back({{}, {}, 0, first + half, count - half});
  split(left, depth + 1);
  split(left + 1, depth + 1);
}

template <bool kAny>
Hit RayCaster::cast(const vec3& from, const vec3& towards, float farthest) const {
  Hit best{farthest, kNone, 0, 0};
  if (triangles_.empty()) return best;
  const vec3 inverse = 1.0f / (towards + vec3(towards.x == 0 ? 1e-9f : 0, towards.y == 0 ? 1e-9f : 0, towards.z == 0 ? 1e-9f : 0));
  const vec3 begun = from * inverse;
  const bool down[3] = {inverse.x < 0.0f, inverse.y < 0.0f, inverse.z < 0.0f};
  const auto enters = [&](const Box& box) {  // the distance, or beyond all where the ray passes it by
    const vec3 &low = box.low, &high = box.high;
    const float x0 = (down[0] ? high.x : low.x) * inverse.x - begun.x, x1 = (down[0] ? low.x : high.x) * inverse.x - begun.x;
    const float y0 = (down[1] ? high.y : low.y) * inverse.y - begun.y, y1 = (down[1] ? low.y : high.y) * inverse.y - begun.y;
    const float z0 = (down[2] ? high.z : low.z) * inverse.z - begun.z, z1 = (down[2] ? low.z : high.z) * inverse.z - begun.z;
    const float enter = std::max(std::max(x0, y0), std::max(z0, 0.0f));
    const float leave = std::min(std::min(x1, y1), std::min(z1, best.distance));
    return enter > leave * 1.00001f ? 1e30f : enter;
  };
  struct Entry {
    std::uint32_t box;
    float enter;
  };
  Entry stack[96];
  int depth = 0;
  stack[depth++] = {0, enters(boxes_[0])};
  while (depth > 0) {
    const Entry entry = stack[--depth];
    if (entry.enter > best.distance) continue;
    const Box& box = boxes_[entry.box];
    if (box.count == 0) {
      Entry near{box.left, enters(boxes_[box.left])}, far{box.left + 1, enters(boxes_[box.left + 1])};
      if (near.enter > far.enter) std::swap(near, far);
      if (far.enter < 1e30f) stack[depth++] = far;
      if (near.enter < 1e30f) stack[depth++] = near;
      continue;
    }
    for (std::uint32_t i = box.first; i < box.first + box.count; ++i) {  // Moeller and Trumbore (1997)
      const Triangle& t = triangles_[i];
      const vec3 p = glm::cross(towards, t.ac);
      const float det = glm::dot(t.ab, p);
      if (std::abs(det) < 1e-12f) continue;
      const float per = 1.0f / det;
      const vec3 s = from - t.a;
      const float u = glm::dot(s, p) * per;
      if (u < 0 || u > 1) continue;
      const vec3 q = glm::cross(s, t.ab);
      const float v = glm::dot(towards, q) * per;
      if (v < 0 || u + v > 1) continue;
      const float d = glm::dot(t.ac, q) * per;
      if (d <= 0 || d >= best.distance) continue;
      best = {d, i, u, v};
      if (kAny) return best;
    }
  }
  return best;
}

Hit RayCaster::nearest(const vec3& from, const vec3& towards, float farthest) const { return cast<false>(from, towards, farthest); }
bool RayCaster::blocked(const vec3& from, const vec3& towards, float farthest) const {
  return cast<true>(from, towards, farthest).triangle != kNone;
}

std::vector<Triangle> occluders(const World& world) {
  std::vector<Triangle> out;
  for (std::uint32_t n = 0; n < world.nodes.size(); ++n) {
    if (!world.nodes[n].occludes) continue;
    const mat4 place = world.world_from(n);
    for (std::uint32_t p = 0; p < world.nodes[n].parts.size(); ++p) {
      const Part& part = world.nodes[n].parts[p];
      if (world.materials[part.material].alpha == Alpha::blend) continue;
      const auto position = [&](std::size_t i) { return vec3(place * vec4(part.mesh.vertices[part.mesh.indices[i]].position, 1)); };
      for (std::size_t i = 0; i < part.mesh.indices.size(); i += 3) {
        const vec3 a = position(i);
        out.push_back({a, position(i + 1) - a, position(i + 2) - a, n, p, static_cast<std::uint32_t>(i)});
      }
    }
  }
  return out;
}

void bake(World& world, int rays) { Baker(world, rays).run(); }

}  // namespace promenade::samples::worlds

#include "runtime/gpu/overlays.h"

#include <algorithm>
#include <cmath>

#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>

#include "runtime/gpu/frame_block.h"

namespace promenade::gpu {

namespace {

enum Kind : std::uint32_t { kRibbon, kRing, kArrow, kWall, kPicture, kShade, kBeam };
constexpr float kLiftM = 0.012f;                  // above the floor
constexpr float kWallSeenM = 9.0f;                // walls farther away than this are not seen
constexpr float kMarksM = 0.80f;                  // between the marks of a ribbon, about
constexpr float kBeamM = 1.9f;                    // height of the light over a ring
constexpr float kArrowM = 0.9f;

glm::vec3 lifted(const glm::vec3& p, float by = kLiftM) { return p + glm::vec3(0.0f, by, 0.0f); }
glm::vec3 level(const glm::vec3& v) { return {v.x, 0.0f, v.z}; }
glm::vec3 direction(const glm::vec3& v, const glm::vec3& otherwise) {
  const float length = glm::length(v);
  return length > 1e-5f ? v / length : otherwise;
}
const glm::vec3 kUp(0.0f, 1.0f, 0.0f), kAhead(0.0f, 0.0f, -1.0f);

}  // namespace

void Overlays::quad(const Corner (&corners)[4], const glm::vec4& color, const glm::vec4& shape, std::uint32_t kind) {
  for (const int i : {0, 1, 2, 0, 2, 3}) {
    const Corner& c = corners[i];
    vertices_.push_back({{c.at.x, c.at.y, c.at.z}, {c.uv.x, c.uv.y}, {color.r, color.g, color.b, color.a}, {shape.x, shape.y, shape.z, shape.w}, kind});
  }
}

void Overlays::ribbon(const Ribbon& r) {
  if (r.points.size() < 2) return;
  lengths_.assign(1, 0.0f);
  for (std::size_t i = 1; i < r.points.size(); ++i) lengths_.push_back(lengths_.back() + glm::distance(r.points[i - 1], r.points[i]));
  if (lengths_.back() < 0.02f) return;
  const glm::vec4 shape(r.phase, r.width_m, lengths_.back(), kMarksM);
  // Where the path bends, both pieces end on the line that halves the angle, no longer than twice the width.
  const auto side = [&](std::size_t i) {
    const glm::vec3 in = direction(level(r.points[i] - r.points[i > 0 ? i - 1 : 0]), direction(level(r.points[1] - r.points[0]), kAhead));
    const glm::vec3 out = i + 1 < r.points.size() ? direction(level(r.points[i + 1] - r.points[i]), in) : in;
    const glm::vec3 across = glm::cross(direction(in + out, in), kUp);
    const float open = std::max(std::abs(glm::dot(across, glm::cross(in, kUp))), 0.5f);
    return across * (0.5f * r.width_m / open);
  };
  for (std::size_t i = 0; i + 1 < r.points.size(); ++i) {
    const glm::vec3 a = lifted(r.points[i]), b = lifted(r.points[i + 1]), sa = side(i), sb = side(i + 1);
    const float la = lengths_[i], lb = lengths_[i + 1];
    // Two strips, so that what is interpolated across stays straight to the middle line.
    quad({{a - sa, {-1.0f, la}}, {a, {0.0f, la}}, {b, {0.0f, lb}}, {b - sb, {-1.0f, lb}}}, r.color, shape, kRibbon);
    quad({{a, {0.0f, la}}, {a + sa, {1.0f, la}}, {b + sb, {1.0f, lb}}, {b, {0.0f, lb}}}, r.color, shape, kRibbon);
  }
}

void Overlays::ring(const Ring& r, const glm::vec3& head) {
  const glm::vec3 away = direction(level(r.center - head), kAhead), right = glm::cross(away, kUp), c = lifted(r.center, kLiftM * 1.5f);
  const float glow = 3.0f * r.width_m + 0.12f;    // as overlay.frag has it: the glow ends within the quad
  const float e = r.radius_m + 0.5f * r.width_m + glow;
  quad({{c - right * e - away * e, {-e, -e}}, {c + right * e - away * e, {e, -e}}, {c + right * e + away * e, {e, e}}, {c - right * e + away * e, {-e, e}}},
       r.color, {r.radius_m, r.width_m, r.filled, r.sweep}, kRing);
}

// A flat light, turned to the viewer about its foot.
void Overlays::beam(const Ring& r, const glm::vec3& head) {
  const glm::vec3 away = direction(level(r.center - head), kAhead), right = glm::cross(away, kUp), c = lifted(r.center);
  const glm::vec3 up(0.0f, kBeamM, 0.0f), side = right * r.radius_m;
  quad({{c - side, {-1.0f, 0.0f}}, {c + side, {1.0f, 0.0f}}, {c + side + up, {1.0f, kBeamM}}, {c - side + up, {-1.0f, kBeamM}}},
       {r.color.r, r.color.g, r.color.b, r.color.a * r.beam}, {kBeamM, r.radius_m, 0.0f, 0.0f}, kBeam);
}

void Overlays::arrow(const Arrow& a) {
  const glm::vec3 ahead(-std::sin(a.yaw_rad), 0.0f, -std::cos(a.yaw_rad)), right = glm::cross(ahead, kUp), c = lifted(a.from, kLiftM * 2.0f);
  const float w = 0.65f * kArrowM, low = -0.25f * kArrowM, high = 1.30f * kArrowM;
  quad({{c - right * w + ahead * low, {-w, low}}, {c + right * w + ahead * low, {w, low}}, {c + right * w + ahead * high, {w, high}},
        {c - right * w + ahead * high, {-w, high}}}, a.color, {kArrowM, 0.0f, 0.0f, 0.0f}, kArrow);
}

void Overlays::figure_floor(const Figure& f, const glm::vec3& head) {
  const float e = 1.5f * f.radius_m;
  const glm::vec3 c = lifted(f.floor, 0.5f * kLiftM);
  quad({{c + glm::vec3(-e, 0.0f, e), {-1.0f, -1.0f}}, {c + glm::vec3(e, 0.0f, e), {1.0f, -1.0f}}, {c + glm::vec3(e, 0.0f, -e), {1.0f, 1.0f}},
        {c + glm::vec3(-e, 0.0f, -e), {-1.0f, 1.0f}}}, {0.0f, 0.0f, 0.0f, 0.45f * f.color.a}, glm::vec4(0.0f), kShade);
  Ring around{.center = f.floor, .radius_m = f.radius_m, .width_m = 0.025f, .color = f.color};
  around.filled = 0.18f;
  around.color.a *= 0.8f;
  ring(around, head);
}

void Overlays::wall(const glm::vec3& a, const glm::vec3& b, const Grid& g, const glm::vec3& head, float& along) {
  const float length = glm::distance(a, b), from = along;
  along += length;
  const glm::vec3 ab = level(b - a), ah = level(head - a);
  const float t = std::clamp(glm::dot(ah, ab) / std::max(glm::dot(ab, ab), 1e-6f), 0.0f, 1.0f);
  if (glm::length(ah - ab * t) > kWallSeenM) return;
  const glm::vec3 up(0.0f, g.height_m, 0.0f);
  quad({{a, {from, 0.0f}}, {b, {along, 0.0f}}, {b + up, {along, g.height_m}}, {a + up, {from, g.height_m}}},
       {g.color.r, g.color.g, g.color.b, g.color.a * g.opacity}, {g.height_m, 0.0f, 0.0f, 0.0f}, kWall);
}

void Overlays::walls(const Grid& g, const glm::vec3& head) {
  if (g.opacity <= 0.0f) return;
  const auto closed = [&](std::span<const glm::vec3> outline) {
    float along = 0.0f;
    for (std::size_t i = 0; i < outline.size(); ++i) wall(outline[i], outline[(i + 1) % outline.size()], g, head, along);
  };
  closed(g.outline);
  for (const auto& hole : g.holes) closed(hole);
}

void Overlays::picture(const Quad& q, const TextureLook& look, float light) {
  const glm::vec3 x = q.orientation * glm::vec3(0.5f * q.size_m.x, 0.0f, 0.0f), y = q.orientation * glm::vec3(0.0f, 0.5f * q.size_m.y, 0.0f);
  quad({{q.center - x - y, {0.0f, 1.0f}}, {q.center + x - y, {1.0f, 1.0f}}, {q.center + x + y, {1.0f, 0.0f}}, {q.center - x + y, {0.0f, 0.0f}}},
       {1.0f, 1.0f, 1.0f, q.opacity}, {static_cast<float>(look.first), look.premultiplied ? 1.0f : 0.0f, light, 0.0f}, kPicture);
}

void Overlays::build(const Frame& frame, const std::function<TextureLook(TextureHandle)>& look) {
  vertices_.clear();
  const glm::vec3 head = head_of(frame);
  const auto end_range = [&](const Range& before) {
    const std::uint32_t first = before.first + before.count;
    return Range{first, static_cast<std::uint32_t>(vertices_.size()) - first};
  };
  for (const Ribbon& r : frame.ribbons) ribbon(r);
  for (const Figure& f : frame.figures) figure_floor(f, head);
  for (const Ring& r : frame.rings) ring(r, head);
  for (const Arrow& a : frame.arrows) arrow(a);
  for (const Ring& r : frame.rings) if (r.beam > 0.0f) beam(r, head);
  if (frame.grid) walls(*frame.grid, head);
  floor_ = end_range({});

  sorted_.clear();
  for (const Quad& q : frame.quads) {
    if (q.opacity > 0.0f && q.texture != 0) sorted_.push_back(&q);
  }
  std::ranges::stable_sort(sorted_, std::greater{}, [&](const Quad* q) { return glm::distance(q->center, head); });
  const float fade = frame.see_through ? 0.0f : std::clamp(frame.fade, 0.0f, 1.0f);
  const float light = (1.0f - std::clamp(frame.world_dim, 0.0f, 1.0f)) * (1.0f - fade);
  for (const Quad* q : sorted_) if (!q->over_all) picture(*q, look(q->texture), light);
  flat_ = end_range(floor_);
  for (const Quad* q : sorted_) if (q->over_all) picture(*q, look(q->texture), 1.0f);
  over_all_ = end_range(flat_);
}

}  // namespace promenade::gpu

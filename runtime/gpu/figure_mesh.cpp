#include <array>
#include <cmath>

#include <glm/geometric.hpp>
#include <glm/ext/vector_float2.hpp>
#include <glm/ext/vector_float3.hpp>

#include "runtime/gpu/overlays.h"

namespace promenade::gpu {

namespace {

constexpr int kSides = 28;
constexpr float kNominalRadiusM = 0.3f, kNominalHeightM = 1.7f;
constexpr float kDepth = 0.66f;                   // of the body, as a share of its breadth

// Breadth (share of the radius) at heights (share of the height), from the feet to the collar.
constexpr std::array<glm::vec2, 13> kBody{{{0.0f, 0.045f}, {0.28f, 0.050f}, {0.46f, 0.085f}, {0.54f, 0.16f}, {0.57f, 0.27f}, {0.60f, 0.40f}, {0.66f, 0.53f},
                                           {0.74f, 0.65f}, {0.77f, 0.73f}, {0.71f, 0.785f}, {0.52f, 0.82f}, {0.27f, 0.838f}, {0.0f, 0.842f}}};

struct Point { glm::vec3 at, normal; float face; };

void turned(std::vector<FigureVertex>& out, const std::vector<std::vector<Point>>& rows) {
  const auto add = [&](const Point& p) { out.push_back({{p.at.x, p.at.y, p.at.z}, {p.normal.x, p.normal.y, p.normal.z}, p.face}); };
  for (std::size_t r = 0; r + 1 < rows.size(); ++r) {
    for (std::size_t s = 0; s < kSides; ++s) {
      const std::size_t t = (s + 1) % kSides;
      for (const Point* p : {&rows[r][s], &rows[r][t], &rows[r + 1][t], &rows[r][s], &rows[r + 1][t], &rows[r + 1][s]}) add(*p);
    }
  }
}

// Counter-clockwise seen from outside: with rows going up, sides go from +z over +x.
glm::vec2 side(std::size_t s) {
  const float a = 6.2831853f * static_cast<float>(s) / kSides;
  return {std::sin(a), std::cos(a)};
}

// The profile through its points, smooth (Catmull and Rom, 1974).
glm::vec2 profile(float t) {
  const auto last = static_cast<int>(kBody.size()) - 1;
  const int i = std::min(static_cast<int>(t), last - 1);
  const auto at = [&](int k) { return kBody[static_cast<std::size_t>(std::clamp(k, 0, last))]; };
  const float f = t - static_cast<float>(i);
  const glm::vec2 a = at(i - 1), b = at(i), c = at(i + 1), d = at(i + 2);
  return 0.5f * (2.0f * b + (c - a) * f + (2.0f * a - 5.0f * b + 4.0f * c - d) * (f * f) + (3.0f * b - a - 3.0f * c + d) * (f * f * f));
}

}  // namespace

std::vector<FigureVertex> figure_mesh() {
  std::vector<FigureVertex> out;
  constexpr int kRows = 36, kHeadRows = 16;
  std::vector<std::vector<Point>> rows;
  for (int r = 0; r <= kRows; ++r) {
    const float t = static_cast<float>(r) / kRows * static_cast<float>(kBody.size() - 1), step = 0.05f;
    const glm::vec2 p = profile(t);
    const glm::vec2 along = profile(std::min(t + step, static_cast<float>(kBody.size() - 1))) - profile(std::max(t - step, 0.0f));
    std::vector<Point>& row = rows.emplace_back();
    for (std::size_t s = 0; s < kSides; ++s) {
      const glm::vec2 d = side(s);
      const float out_by = along.y * kNominalHeightM, up_by = -along.x * kNominalRadiusM;
      row.push_back({{d.x * std::max(p.x, 0.0f), p.y, d.y * std::max(p.x, 0.0f) * kDepth}, glm::normalize(glm::vec3(d.x * out_by, up_by, d.y * out_by / kDepth)), 0.0f});
    }
  }
  turned(out, rows);

  rows.clear();
  const float breadth = 0.42f, height = 0.078f, middle = 0.921f;
  for (int r = 0; r <= kHeadRows; ++r) {
    const float a = 3.14159265f * (static_cast<float>(r) / kHeadRows - 0.5f);
    std::vector<Point>& row = rows.emplace_back();
    for (std::size_t s = 0; s < kSides; ++s) {
      const glm::vec2 d = side(s) * std::cos(a);
      const glm::vec3 n(d.x, std::sin(a), d.y);
      // The visor: a rounded band across the front, a little above the middle.
      const float across = n.x / 0.84f, up = (n.y - 0.12f) / 0.46f;
      const float face = n.z < 0.0f ? std::max(1.0f - (across * across * across * across + up * up * up * up), 0.0f) : 0.0f;
      row.push_back({{n.x * breadth, middle + n.y * height, n.z * breadth * 1.08f}, n, face});
    }
  }
  turned(out, rows);
  return out;
}

}  // namespace promenade::gpu

#include "showcontrol/console/compass.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace promenade::console {

namespace {

using tracking::HallPoint;
using tracking::HallVec;

constexpr double kCorner = 0.3, kWall = 0.2, kMiddle = 1.0 / 3.0;  // of the box
constexpr double kTurn_rad = std::numbers::pi / 6.0;               // less is no corner

Compass direction(double x, double y) {
  const double eighths = std::atan2(x, y) / (std::numbers::pi / 4.0);  // clockwise from north
  return static_cast<Compass>((static_cast<int>(std::lround(eighths)) + 8) % 8);
}

// Outlines may say their first corner again at the end.
tracking::PolygonView once(tracking::PolygonView outline) {
  return outline.size() > 3 && outline.front() == outline.back() ? outline.first(outline.size() - 1) : outline;
}

}  // namespace

Whereabouts whereabouts_in(tracking::PolygonView given, HallPoint p) {
  const tracking::PolygonView outline = once(given);
  HallPoint low = outline.front(), high = outline.front();
  for (const HallPoint& corner : outline) {
    low = {std::min(low.x, corner.x), std::min(low.y, corner.y)};
    high = {std::max(high.x, corner.x), std::max(high.y, corner.y)};
  }
  const HallPoint centre{(low.x + high.x) / 2, (low.y + high.y) / 2};
  const double half_x = std::max(1e-9, (high.x - low.x) / 2), half_y = std::max(1e-9, (high.y - low.y) / 2);
  const double shorter = 2.0 * std::min(half_x, half_y);
  const auto seen = [&](HallPoint at) { return direction((at.x - centre.x) / half_x, (at.y - centre.y) / half_y); };
  const double sense = tracking::signed_area_m2(outline) < 0.0 ? -1.0 : 1.0;
  const std::size_t count = outline.size();
  double nearest_corner = kCorner * shorter, nearest_wall = kWall * shorter;
  Whereabouts corner, wall;
  for (std::size_t i = 0; i < count; ++i) {
    const HallPoint a = outline[(i + count - 1) % count], b = outline[i], c = outline[(i + 1) % count];
    const HallVec in = b - a, out = c - b;
    const double turn = sense * std::atan2(in.x * out.y - in.y * out.x, tracking::dot(in, out));
    if (turn >= kTurn_rad && tracking::distance(b, p) < nearest_corner) {
      nearest_corner = tracking::distance(b, p);
      corner = {HallPart::corner, seen(b)};
    }
    if (const double distance = tracking::distance_to_segment_m(b, c, p); distance < nearest_wall) {
      nearest_wall = distance;
      wall = {HallPart::wall, direction(sense * out.y, -sense * out.x)};
    }
  }
  if (corner.part == HallPart::corner) return corner;
  if (wall.part == HallPart::wall) return wall;
  if (std::abs(p.x - centre.x) <= kMiddle * half_x && std::abs(p.y - centre.y) <= kMiddle * half_y) return {};
  return {HallPart::side, seen(p)};
}

}  // namespace promenade::console

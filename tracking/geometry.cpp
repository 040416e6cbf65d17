#include "tracking/geometry.h"

#include <algorithm>
#include <cmath>

namespace promenade::tracking {
namespace {

double orientation(HallPoint a, HallPoint b, HallPoint c) { return cross(b - a, c - a); }

bool on_box(HallPoint a, HallPoint b, HallPoint p) {
  return std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x) && std::min(a.y, b.y) <= p.y &&
         p.y <= std::max(a.y, b.y);
}

}  // namespace

double signed_area_m2(PolygonView polygon) {
  double twice = 0.0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const HallPoint a = polygon[i];
    const HallPoint b = polygon[(i + 1) % polygon.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return twice / 2.0;
}

bool contains(PolygonView polygon, HallPoint p) {
  bool inside = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const HallPoint a = polygon[i];
    const HallPoint b = polygon[j];
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

bool segments_cross(HallPoint a, HallPoint b, HallPoint c, HallPoint d) {
  const double abc = orientation(a, b, c);
  const double abd = orientation(a, b, d);
  const double cda = orientation(c, d, a);
  const double cdb = orientation(c, d, b);
  if (((abc > 0) != (abd > 0)) && ((cda > 0) != (cdb > 0)) && abc != 0 && abd != 0 && cda != 0 && cdb != 0) {
    return true;
  }
  return (abc == 0 && on_box(a, b, c)) || (abd == 0 && on_box(a, b, d)) || (cda == 0 && on_box(c, d, a)) ||
         (cdb == 0 && on_box(c, d, b));
}

bool is_simple(PolygonView polygon) {
  const std::size_t n = polygon.size();
  if (n < 3) return false;
  for (std::size_t i = 0; i < n; ++i) {
    const HallPoint a = polygon[i];
    const HallPoint b = polygon[(i + 1) % n];
    const HallPoint c = polygon[(i + 2) % n];
    if (a == b) return false;
    // Neighbouring edges share a corner; they fold back only when collinear and opposed.
    if (orientation(a, b, c) == 0 && dot(b - a, c - b) < 0) return false;
    for (std::size_t j = i + 2; j < n; ++j) {
      if (i == 0 && j == n - 1) continue;
      if (segments_cross(a, b, polygon[j], polygon[(j + 1) % n])) return false;
    }
  }
  return true;
}

HallPoint nearest_on_segment(HallPoint a, HallPoint b, HallPoint p) {
  const HallVec ab = b - a;
  const double square = dot(ab, ab);
  if (square <= 0.0) return a;
  return a + ab * std::clamp(dot(p - a, ab) / square, 0.0, 1.0);
}

double distance_to_segment_m(HallPoint a, HallPoint b, HallPoint p) { return distance(nearest_on_segment(a, b, p), p); }

double segment_distance_m(HallPoint a, HallPoint b, HallPoint c, HallPoint d) {
  if (segments_cross(a, b, c, d)) return 0.0;
  return std::min({distance_to_segment_m(a, b, c), distance_to_segment_m(a, b, d), distance_to_segment_m(c, d, a),
                   distance_to_segment_m(c, d, b)});
}

Nearest nearest_on_outline(PolygonView polygon, HallPoint p) {
  Nearest best;
  double best_square = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const HallPoint q = nearest_on_segment(polygon[j], polygon[i], p);
    const double square = dot(p - q, p - q);
    if (square < best_square) {
      best_square = square;
      best.point = q;
    }
  }
  best.distance_m = std::sqrt(best_square);
  return best;
}

std::optional<double> time_to_within_s(HallVec offset, HallVec velocity, double radius_m) {
  const double c = dot(offset, offset) - radius_m * radius_m;
  if (radius_m >= 0.0 && c <= 0.0) return 0.0;
  const double b = dot(offset, velocity);
  if (radius_m < 0.0 || b >= 0.0) return std::nullopt;  // not closing
  const double a = dot(velocity, velocity);
  const double discriminant = b * b - a * c;
  if (discriminant < 0.0) return std::nullopt;
  return c / (-b + std::sqrt(discriminant));  // the smaller root, without cancellation
}

double closest_approach_m(HallVec offset, HallVec velocity, double horizon_s) {
  const double a = dot(velocity, velocity);
  const double t = a > 0.0 ? std::clamp(-dot(offset, velocity) / a, 0.0, horizon_s) : 0.0;
  return length(offset + velocity * t);
}

}  // namespace promenade::tracking

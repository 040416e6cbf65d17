#include "showcontrol/planning/conflict.h"

#include <algorithm>
#include <cmath>

#include "showcontrol/planning/formation.h"

namespace promenade::planning {
namespace {

constexpr double kTouch_m = 1e-6;  // exactly the separation apart is apart

// Square of a point's distance to a segment; written out, since planning spends most of its time here.
inline double square_to_segment(HallPoint a, HallPoint b, HallPoint p) {
  const double along_x = b.x - a.x, along_y = b.y - a.y;
  double x = p.x - a.x, y = p.y - a.y;
  const double square = along_x * along_x + along_y * along_y;
  if (square > 0.0) {
    const double at = std::clamp((x * along_x + y * along_y) / square, 0.0, 1.0);
    x -= along_x * at;
    y -= along_y * at;
  }
  return x * x + y * y;
}

bool legs_apart(HallPoint a0, HallPoint a1, HallPoint b0, HallPoint b1, double by_m) {
  return std::max(a0.x, a1.x) + by_m < std::min(b0.x, b1.x) || std::max(b0.x, b1.x) + by_m < std::min(a0.x, a1.x) ||
         std::max(a0.y, a1.y) + by_m < std::min(b0.y, b1.y) || std::max(b0.y, b1.y) + by_m < std::min(a0.y, a1.y);
}

// The part of a leg, as fractions of it, at which `from + fraction * step` is within [low, high]: narrows `first` and `last`.
void clip(double from, double step, double low, double high, double& first, double& last) {
  if (step == 0.0) {
    if (from < low || from > high) last = -1.0;
    return;
  }
  const double one = (low - from) / step;
  const double two = (high - from) / step;
  first = std::max(first, std::min(one, two));
  last = std::min(last, std::max(one, two));
}

// Last fraction of a0-a1 that is nearer than `within_m` to b0-b1. All points so near make a rectangle with a circle at
// either end, which is convex: the leg leaves it where it leaves the last of the three.
std::optional<double> last_fraction_within(HallPoint a0, HallPoint a1, HallPoint b0, HallPoint b1, double within_m) {
  if (legs_apart(a0, a1, b0, b1, within_m)) return std::nullopt;
  const double limit = within_m * within_m;
  if (square_to_segment(b0, b1, a1) < limit) return 1.0;
  const HallVec a = a1 - a0;
  const double square = tracking::dot(a, a);
  if (square == 0.0) return std::nullopt;
  double best = -1.0;
  for (const HallPoint end : {b0, b1}) {
    const HallVec offset = a0 - end;
    const double half = tracking::dot(offset, a);
    const double root = half * half - square * (tracking::dot(offset, offset) - limit);
    if (root <= 0.0) continue;
    const double reach = std::sqrt(root);
    if (-half - reach < square) best = std::max(best, std::min(1.0, (reach - half) / square));
  }
  const HallVec b = b1 - b0;
  const double width = tracking::dot(b, b);
  if (width > 0.0) {
    double first = 0.0;
    double last = 1.0;
    clip(tracking::dot(a0 - b0, b), tracking::dot(a, b), 0.0, width, first, last);
    const double beside = within_m * std::sqrt(width);
    clip(tracking::cross(b, a0 - b0), tracking::cross(b, a), -beside, beside, first, last);
    if (first < last) best = std::max(best, last);
  }
  if (best < 0.0) return std::nullopt;
  return best;
}

HallPoint segment_start(const Path& path, std::size_t i) { return path[i]; }
HallPoint segment_end(const Path& path, std::size_t i) { return path[std::min(i + 1, path.size() - 1)]; }
std::size_t segments(const Path& path) { return std::max<std::size_t>(1, path.size() - 1); }

// Last position along `a`, which is `length_m` long, nearer than `within_m` to any point of `b`.
std::optional<double> last_position_within(const Path& a, double length_m, const Path& b, double within_m) {
  double start_m = length_m;
  for (std::size_t i = segments(a); i-- > 0;) {
    const HallPoint a0 = segment_start(a, i);
    const HallPoint a1 = segment_end(a, i);
    const double length = tracking::distance(a0, a1);
    start_m -= length;
    std::optional<double> last;
    for (std::size_t j = 0; j < segments(b); ++j) {
      const auto fraction = last_fraction_within(a0, a1, segment_start(b, j), segment_end(b, j), within_m);
      if (fraction && (!last || *fraction > *last)) last = fraction;
    }
    if (last) return std::max(0.0, start_m) + *last * length;
  }
  return std::nullopt;
}

bool near(HallPoint p, const Path& path, double within_m) {
  for (std::size_t j = 0; j < segments(path); ++j) {
    if (square_to_segment(segment_start(path, j), segment_end(path, j), p) < within_m * within_m) return true;
  }
  return false;
}

}  // namespace

double pair_separation_m(const FloorPlan& floor, const PlayPlan& a, const PlayPlan& b) {
  return a.seated && b.seated ? floor.seat_separation_m : floor.separation_m;
}

double centre_separation_m(const FloorPlan& floor, const PlayPlan& a, const PlayPlan& b) {
  return pair_separation_m(floor, a, b) + spread_m(a.offsets) + spread_m(b.offsets);
}

namespace {

std::optional<Conflict> path_conflict(const Path& a, double length_a, const Path& b, double length_b, double within) {
  const auto last_a = last_position_within(a, length_a, b, within);
  if (!last_a) return std::nullopt;
  return Conflict{*last_a, last_position_within(b, length_b, a, within).value_or(length_b), near(a.back(), b, within), near(b.back(), a, within)};
}

// A position on a lane as the share of the block that it is.
double share_m(double position_m, double lane_m, const Block& block) { return lane_m > 0.0 ? position_m / lane_m * block.length_m : block.length_m; }

}  // namespace

std::optional<Conflict> block_conflict(const Block& a, const Block& b, double separation_m) {
  if (boxes_apart(a.low, a.high, b.low, b.high, separation_m)) return std::nullopt;
  const double within = separation_m - kTouch_m;
  if (a.lanes.empty() && b.lanes.empty()) return path_conflict(a.path, a.length_m, b.path, b.length_m, within);
  std::optional<Conflict> whole;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, a.lanes.size()); ++i) {
    const double length_a = path_length_m(a.lane(i));
    for (std::size_t j = 0; j < std::max<std::size_t>(1, b.lanes.size()); ++j) {
      const double length_b = path_length_m(b.lane(j));
      const auto one = path_conflict(a.lane(i), length_a, b.lane(j), length_b, within);
      if (!one) continue;
      if (!whole) whole = Conflict{};
      whole->clear_a_m = std::max(whole->clear_a_m, share_m(one->clear_a_m, length_a, a));
      whole->clear_b_m = std::max(whole->clear_b_m, share_m(one->clear_b_m, length_b, b));
      whole->to_place_a = whole->to_place_a || one->to_place_a;
      whole->to_place_b = whole->to_place_b || one->to_place_b;
    }
  }
  return whole;
}

std::pair<double, double> fractions_within(HallPoint q0, HallPoint q1, HallPoint p, double radius_m) {
  const HallVec along = q1 - q0;
  const HallVec offset = q0 - p;
  const double a = tracking::dot(along, along);
  const double c = tracking::dot(offset, offset) - radius_m * radius_m;
  if (a == 0.0) return c < 0.0 ? std::pair{0.0, 1.0} : std::pair{1.0, 0.0};
  const double b = tracking::dot(along, offset);
  const double root = b * b - a * c;
  if (root <= 0.0) return {1.0, 0.0};
  const double half = std::sqrt(root);
  return {std::max(0.0, (-b - half) / a), std::min(1.0, (-b + half) / a)};
}

bool touches(const Block& block, HallPoint body, double radius_m) {
  if (block.lanes.empty()) return near(body, block.path, radius_m);
  return std::ranges::any_of(block.lanes, [&](const Path& lane) { return near(body, lane, radius_m); });
}

bool touches(const Block& block, const Path& way, double radius_m) {
  const auto comes_near = [&](const Path& lane) { return last_position_within(lane, path_length_m(lane), way, radius_m).has_value(); };
  if (block.lanes.empty()) return comes_near(block.path);
  return std::ranges::any_of(block.lanes, comes_near);
}

}  // namespace promenade::planning

#include "tracking/venue.h"

#include <algorithm>
#include <cmath>

namespace promenade::tracking {

std::string_view to_string(Zone zone) {
  switch (zone) {
    case Zone::floor: return "floor";
    case Zone::kitting: return "kitting";
    case Zone::door: return "door";
    case Zone::chair: return "chair";
    case Zone::outside: return "outside";
  }
  return "floor";
}

Zone Venue::zone_at(HallPoint p) const {
  if (!contains(boundary, p)) return Zone::outside;
  if (contains(kitting, p)) return Zone::kitting;
  for (const Seat& seat : seats) {
    if (distance(seat.at, p) <= chair_zone_m) return Zone::chair;
  }
  for (const Door* door : {&entrance, &exit}) {
    if (distance_to_segment_m(door->left, door->right, p) <= door_zone_m) return Zone::door;
  }
  return Zone::floor;
}

Nearest Venue::nearest_wall(HallPoint p) const {
  Nearest best = nearest_on_outline(boundary, p);
  if (!contains(boundary, p)) best.distance_m = -best.distance_m;
  for (const Obstacle& obstacle : obstacles) {
    Nearest near = nearest_on_outline(obstacle.outline, p);
    if (contains(obstacle.outline, p)) near.distance_m = -near.distance_m;
    if (near.distance_m < best.distance_m) best = near;
  }
  return best;
}

double Venue::segment_clearance_m(HallPoint a, HallPoint b) const {
  double best = std::min(clearance_m(a), clearance_m(b));
  const auto against = [&](PolygonView outline) {
    for (std::size_t i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
      best = std::min(best, segment_distance_m(a, b, outline[j], outline[i]));
    }
  };
  against(boundary);
  for (const Obstacle& obstacle : obstacles) against(obstacle.outline);
  return best;
}

bool Venue::is_walking_floor(HallPoint p) const {
  if (clearance_m(p) < wall_margin_m || contains(kitting, p)) return false;
  return std::ranges::all_of(seats, [&](const Seat& seat) { return distance(seat.at, p) >= separation_m; });
}

const Seat* Venue::find_seat(std::string_view id) const {
  const auto found = std::ranges::find(seats, id, &Seat::id);
  return found == seats.end() ? nullptr : &*found;
}

const MarkPair* Venue::find_marks(std::string_view id) const {
  const auto found = std::ranges::find(marks, id, &MarkPair::id);
  return found == marks.end() ? nullptr : &*found;
}

const Tag* Venue::find_tag(int id) const {
  const auto found = std::ranges::find(tags, id, &Tag::id);
  return found == tags.end() ? nullptr : &*found;
}

// Yaw 0 looks along +y and turns counter-clockwise.
double MarkPair::arrow_rad() const { return std::atan2(-(second.x - first.x), second.y - first.y); }

Tag mark_tag(const MarkPair& pair, std::size_t pair_index, bool second) {
  Tag tag;
  tag.id = static_cast<int>(2 * pair_index) + (second ? 1 : 0);
  tag.yaw_rad = pair.arrow_rad();
  tag.size_m = kMarkTagSize_m;
  const HallVec along{-std::sin(tag.yaw_rad), std::cos(tag.yaw_rad)};
  tag.at = (second ? pair.second : pair.first) - along * kTagBehindMark_m;
  return tag;
}

}  // namespace promenade::tracking

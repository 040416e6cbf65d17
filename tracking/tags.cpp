#include "tracking/tags.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace promenade::tracking {
namespace {

constexpr double kFar_m = 3.0;
constexpr double kSide_rad = 70.0 * std::numbers::pi / 180.0;
constexpr double kErrorNear_m = 0.01, kErrorPerSquare = 0.008;  // 1 m: 2 cm, 2 m: 4 cm
constexpr double kAgree_m = 0.03;         // besides the errors of both
constexpr std::size_t kHeldMax = 32;
constexpr double kStepMost_m = 0.10;      // of one tag between sightings, for a place out of nothing

bool is_finite(const Pose<Stage>& pose) {
  return std::isfinite(pose.position.x) && std::isfinite(pose.position.y) && std::isfinite(pose.position.z);
}

bool agree(const Vec<Hall>& a, double a_error_m, const Vec<Hall>& b, double b_error_m) {
  return length(a - b) <= kAgree_m + 2.0 * std::hypot(a_error_m, b_error_m);
}

}  // namespace

std::optional<double> sighting_error_m(const Tag& tag, const Pose<Stage>& head, const TagSighting& seen) {
  if (!is_finite(head) || !is_finite(seen.tag)) return std::nullopt;
  const double far_m = distance(floor_point(head), floor_point(seen.tag)), high_m = std::abs(height_m(head) - height_m(seen.tag));
  const double away_m = std::hypot(far_m, high_m);
  if (away_m > kFar_m || away_m < 0.05) return std::nullopt;
  // Off a wall the tag is looked at from the front or not at all: how it turns is not known before the place is.
  const double side_rad = tag.surface == Tag::Surface::floor ? std::atan2(far_m, high_m) : 0.0;
  if (side_rad > kSide_rad) return std::nullopt;
  return kErrorNear_m + kErrorPerSquare * away_m * away_m / std::cos(side_rad);
}

std::optional<double> TagWatch::offset(const Venue& venue, const Transform<Hall, Stage>& hall_from_stage, const Pose<Stage>& head,
                                       std::span<const TagSighting> seen, base::HallTime now) {
  std::erase_if(off_, [&](const Off& one) { return now - one.at > kWindow; });
  bool is_new = false;
  for (const TagSighting& each : seen) {
    const Tag* tag = venue.find_tag(each.id);
    if (tag == nullptr) continue;
    const auto error_m = sighting_error_m(*tag, head, each);
    if (!error_m) continue;
    const Pose<Hall> in_hall = hall_from_stage * each.tag;
    if (std::abs(height_m(in_hall) - tag->height_m) > kHeightMost_m) continue;
    if (off_.size() == kHeldMax) off_.erase(off_.begin());
    off_.push_back({each.id, now, floor_point(in_hall) - tag->at, *error_m});
    is_new = true;
  }
  if (!is_new) return std::nullopt;
  // The largest set that agrees with one of them; it must be more than half of all.
  std::vector<const Off*> best;
  for (const Off& one : off_) {
    std::vector<const Off*> with;
    for (const Off& other : off_) {
      if (agree(one.by, one.error_m, other.by, other.error_m)) with.push_back(&other);
    }
    if (with.size() > best.size()) best = std::move(with);
  }
  const bool two = std::ranges::any_of(best, [&](const Off* one) { return one->id != best.front()->id || one->at - best.front()->at >= kApart; });
  if (!two || 2 * best.size() <= off_.size()) return std::nullopt;
  Vec<Hall> sum;
  double weights = 0.0;
  for (const Off* one : best) {
    const double weight = 1.0 / (one->error_m * one->error_m);
    sum = sum + one->by * weight;
    weights += weight;
  }
  return length(sum) / weights;
}

base::Result<std::optional<Calibration>> TagWatch::locate(const Venue& venue, const Pose<Stage>& head, std::span<const TagSighting> seen,
                                                          base::HallTime now) {
  std::erase_if(places_, [&](const Place& one) { return now - one.at > kTogether; });
  for (const TagSighting& each : seen) {
    const Tag* tag = venue.find_tag(each.id);
    if (tag == nullptr || !sighting_error_m(*tag, head, each)) continue;
    const Point<Stage> at = floor_point(each.tag);
    const auto known = std::ranges::find(places_, each.id, &Place::id);
    if (known == places_.end()) {
      if (places_.size() < kHeldMax) places_.push_back({each.id, now, at, 1});
      continue;
    }
    const double count = known->count;
    const Point<Stage> mean{known->sum.x / count, known->sum.y / count};
    if (distance(mean, at) > kStepMost_m) {
      *known = {each.id, now, at, 1};  // one of both was wrong: it begins anew
    } else {
      *known = {each.id, now, {known->sum.x + at.x, known->sum.y + at.y}, known->count + 1};
    }
  }
  std::vector<Point<Hall>> hall;
  std::vector<Point<Stage>> stage;
  double baseline_m = 0.0;
  for (const Place& place : places_) {
    if (place.count < kSeenOften) continue;
    const HallPoint at = venue.find_tag(place.id)->at;
    for (const Point<Hall> other : hall) baseline_m = std::max(baseline_m, distance(other, at));
    hall.push_back(at);
    stage.push_back({place.sum.x / place.count, place.sum.y / place.count});
  }
  if (baseline_m < kBaselineMin_m) return std::optional<Calibration>{};
  auto found = calibrate(hall, stage);
  forget();
  if (!found) return std::unexpected(std::move(found.error()));
  return std::optional(*found);
}

void TagWatch::forget() {
  off_.clear();
  places_.clear();
}

}  // namespace promenade::tracking

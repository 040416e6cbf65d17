#include "showcontrol/planning/placements.h"

#include <algorithm>
#include <limits>
#include <numbers>

namespace promenade::planning {
namespace {

constexpr double kBesideShare = 0.3;  // of the draws, where the film is under way already
constexpr double kWallShare = 0.35;   // of the draws: one or both coordinates against the walls
constexpr double kBesideMin = 1.0;    // separations from the present copy
constexpr double kBesideMax = 2.5;
constexpr double kRings[] = {1.02, 1.25, 1.45};  // separations; from 1.4 on also along the legs, where a second's walk brings the two nearer
constexpr int kCopiesOnRing = 12;
constexpr double kNudge_m = 0.4, kNudge_rad = 0.08;
constexpr double kNudges[] = {0.3, 1.0, 2.5};

}  // namespace

std::optional<Room> room_of(const Floor& floor, const package::Route& route, const LaidRoute& laid) {
  constexpr double kRounding_m = 1e-6;
  tracking::Placement unshifted = laid.placement;
  unshifted.shift = {};
  HallPoint low{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  HallPoint high{-low.x, -low.y};
  for (const HallPoint p : lay(route, unshifted, laid.scale)) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  const double margin = floor.plan().wall_margin_m + kRounding_m;
  const Room room{{floor.low().x + margin - low.x, floor.low().y + margin - low.y}, {floor.high().x - margin - high.x, floor.high().y - margin - high.y}};
  if (room.from.x > room.to.x || room.from.y > room.to.y) return std::nullopt;
  return room;
}

PlacementSampler::PlacementSampler(const Floor& floor, const package::Route& route, std::vector<LaidRoute> present, base::Random random)
    : floor_(&floor), route_(&route), present_(std::move(present)), random_(random) {}

std::optional<LaidRoute> PlacementSampler::beside_present(double scale) {
  LaidRoute laid = present_[random_.below(present_.size())];
  const double direction = random_.uniform(0.0, 2.0 * std::numbers::pi);
  const double distance = floor_->plan().separation_m * random_.uniform(kBesideMin, kBesideMax);
  laid.placement.shift = laid.placement.shift + HallVec{std::cos(direction), std::sin(direction)} * distance;
  laid.scale = scale;
  return laid;
}

std::optional<LaidRoute> PlacementSampler::draw(double scale) {
  if (!present_.empty() && random_.chance(kBesideShare)) return beside_present(scale);
  LaidRoute laid;
  laid.scale = scale;
  laid.placement.yaw = random_.uniform(-std::numbers::pi, std::numbers::pi);
  laid.placement.mirrored = route_->mirrorable && random_.chance(0.5);
  const auto room = room_of(*floor_, *route_, laid);
  if (!room) return std::nullopt;
  double along_x = random_.uniform();
  double along_y = random_.uniform();
  if (random_.chance(kWallShare)) {
    const std::uint64_t corner = random_.below(8);  // x low, x high, y low, y high, and the four corners
    if (corner == 0 || corner >= 6) along_x = 0.0;
    if (corner == 1 || corner == 4 || corner == 5) along_x = 1.0;
    if (corner == 2 || corner == 4 || corner == 6) along_y = 0.0;
    if (corner == 3 || corner == 5 || corner == 7) along_y = 1.0;
  }
  laid.placement.shift = {room->from.x + along_x * (room->to.x - room->from.x), room->from.y + along_y * (room->to.y - room->from.y)};
  return laid;
}

LaidRoute nudged(const LaidRoute& laid, base::Random& random) {
  LaidRoute near = laid;
  const double size = kNudges[random.below(std::size(kNudges))];
  near.placement.shift = laid.placement.shift + HallVec{random.normal(), random.normal()} * (kNudge_m * size);
  near.placement.yaw = laid.placement.yaw + random.normal() * kNudge_rad * size;
  return near;
}

std::vector<LaidRoute> ring_of_copies(const LaidRoute& laid, double separation_m) {
  std::vector<LaidRoute> copies;
  for (std::size_t ring = 0; ring < std::size(kRings); ++ring) {
    for (int i = 0; i < kCopiesOnRing; ++i) {
      const double direction = (i + 0.5 * static_cast<double>(ring)) * 2.0 * std::numbers::pi / kCopiesOnRing;
      LaidRoute copy = laid;
      copy.placement.shift = laid.placement.shift + HallVec{std::cos(direction), std::sin(direction)} * (separation_m * kRings[ring]);
      copies.push_back(copy);
    }
  }
  return copies;
}

bool keeps_margins(const Floor& floor, const package::Route& route, const LaidRoute& laid) {
  std::vector<HallPoint> places;
  const std::vector<HallPoint> all = lay(route, laid.placement, laid.scale);
  for (const std::uint32_t scene : package::default_scenes(route)) places.push_back(all[scene]);
  return keeps_margins(floor, places, floor.margins({}));
}

bool keeps_margins(const Floor& floor, const std::vector<HallPoint>& places, const std::vector<double>& margins) {
  if (places.size() == 1) return floor.keeps(places.front(), places.front(), margins);
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (!floor.keeps(places[i - 1], places[i], margins)) return false;
  }
  return true;
}

}  // namespace promenade::planning

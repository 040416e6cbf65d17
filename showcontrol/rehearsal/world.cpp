#include "showcontrol/rehearsal/world.h"

#include <algorithm>

#include "tracking/base/assert.h"

namespace promenade::rehearsal {
namespace {

constexpr double kRearm = 0.2;        // m above the threshold ends an episode
constexpr double kBodyHalf = 0.2;     // m, how near to a wall a person's head can come
constexpr double kFarthest = 1.0 + kRearm;

std::pair<std::uint32_t, std::uint32_t> ordered(std::uint32_t a, std::uint32_t b) {
  return a < b ? std::pair{a, b} : std::pair{b, a};
}

}  // namespace

World::World(const tracking::Venue& venue) : venue_(venue) {}

void World::observe(Watch& watch, std::vector<Episode>& episodes, double now_s, std::uint32_t a, std::uint32_t b,
                    double distance_m, HallPoint where) {
  const auto key = ordered(a, b);
  const auto open = watch.open.find(key);
  if (open != watch.open.end()) {
    if (distance_m > watch.threshold_m + kRearm) {
      watch.open.erase(open);
    } else {
      episodes[open->second].least_m = std::min(episodes[open->second].least_m, distance_m);
    }
  } else if (distance_m < watch.threshold_m) {
    watch.open.emplace(key, episodes.size());
    episodes.push_back({now_s, a, b, distance_m, where});
  }
}

void World::step(double now_s, const std::vector<Person>& people) {
  const double dt = started_ ? now_s - now_s_ : 0.0;
  PROMENADE_ASSERT(dt >= 0.0);
  started_ = true;
  now_s_ = now_s;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const Person& one = people[i];
    if (one.blind) {
      viewer_seconds_ += dt;
      const double wall = venue_.clearance_m(one.at);
      observe(wall_contact_, wall_contacts_, now_s, one.number, 0, wall, one.at);
      if (!tracking::contains(venue_.kitting, one.at)) observe(near_wall_, near_misses_, now_s, one.number, 0, wall, one.at);
    }
    for (std::size_t j = i + 1; j < people.size(); ++j) {
      const Person& other = people[j];
      if (!one.blind && !other.blind) continue;
      const HallVec apart = other.at - one.at;
      const bool near = std::max(std::abs(apart.x), std::abs(apart.y)) < kFarthest;
      const auto key = ordered(one.number, other.number);
      if (!near && !contact_.open.contains(key) && !near_.open.contains(key)) continue;
      const double distance = tracking::length(apart);
      const HallPoint middle = one.at + apart * 0.5;
      const bool group = one.group != 0 && one.group == other.group;
      const bool hand = one.hand == other.number || other.hand == one.number || (one.pair != 0 && one.pair == other.pair);
      if (!hand) observe(contact_, contacts_, now_s, one.number, other.number, distance, middle);
      // In the kitting area people stand close together, and staff do so by their trade: no near misses there.
      const bool strangers = !group && !hand && !one.staff && !other.staff && !tracking::contains(venue_.kitting, middle);
      if (strangers) observe(near_, near_misses_, now_s, one.number, other.number, distance, middle);
    }
  }
}

HallPoint World::nearest_free(HallPoint point) const {
  // Two rounds settle a corner; a third point would have to lie between walls nearer than a person is wide.
  for (int round = 0; round < 2; ++round) {
    const tracking::Nearest wall = venue_.nearest_wall(point);
    if (wall.distance_m >= kBodyHalf) return point;
    HallVec out = point - wall.point;
    const double size = tracking::length(out);
    if (size < 1e-9) return point;
    if (wall.distance_m < 0.0) out = out * -1.0;  // beyond the wall: back through it
    point = wall.point + out * (kBodyHalf / size);
  }
  return point;
}

}  // namespace promenade::rehearsal

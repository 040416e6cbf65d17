// Two who stand too close, both told to stop, are led apart one at a time: if both stepped away blind, either might step
// into somebody else, and nobody could tell which of them the arrow had moved.

#include <algorithm>
#include <array>

#include "showcontrol/hall/state.h"

namespace promenade::hall {

namespace {
constexpr double kTogether_m = 1.8;            // held so near to each other is one knot
constexpr double kStep_m = 0.8;                // that somebody who is shown an arrow will take
constexpr base::Duration kTurn{6'000'000};     // who has not stepped away by then lets the next one try
constexpr std::size_t kKnotMost = 8;

bool held_by_bodies(const Visit& visit) {
  const tracking::Concern& told = visit.ordered;
  return told.level >= tracking::Level::pause && (told.cause == tracking::Cause::body || told.cause == tracking::Cause::stale);
}
}  // namespace

bool Hall::State::steps_away_first(const Visit& visit) const {
  const tracking::Body* self = bodies.find(visit.body);
  if (self == nullptr || !held_by_bodies(visit)) return true;
  std::array<tracking::Neighbour, kKnotMost> near;
  const std::size_t count = bodies.near(self->position, kTogether_m, visit.body, near);
  struct Member {
    double room_m = 0.0;  // from walls, a step away from the nearest of the others
    BodyId id;
    HallTime since;
  };
  const auto member = [&](const Visit& one, const tracking::Body& body, HallPoint other) {
    const HallVec away = body.position - other;
    const double length = tracking::length(away);
    const HallPoint there = length > 0.0 ? body.position + away * (kStep_m / length) : body.position;
    return Member{config.venue.clearance_m(there), body.id, one.held_since};
  };
  std::array<Member, kKnotMost + 1> knot;
  std::size_t members = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Visit* other = viewer_body(near[i].body->id);
    if (other == nullptr || !under_way(other->phase) || other->lost || !held_by_bodies(*other)) continue;
    if (members == 0) knot[members++] = member(visit, *self, near[i].body->position);
    knot[members++] = member(*other, *near[i].body, self->position);
  }
  if (members < 2) return true;
  const auto end = knot.begin() + static_cast<std::ptrdiff_t>(members);
  // The one with the most room behind him; both reckon the same order, whoever is asked.
  std::sort(knot.begin(), end, [](const Member& a, const Member& b) { return a.room_m != b.room_m ? a.room_m > b.room_m : a.id < b.id; });
  const HallTime since = std::max_element(knot.begin(), end, [](const Member& a, const Member& b) { return a.since < b.since; })->since;
  const auto turn = static_cast<std::size_t>(std::max<std::int64_t>(0, (now - since) / kTurn)) % members;
  return knot[turn].id == visit.body;
}

}  // namespace promenade::hall

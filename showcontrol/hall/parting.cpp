// Two who stand too close, both told to stop, are led apart one at a time: if both stepped away blind, either might step
// into somebody else, and nobody could tell which of them the arrow had moved. Likewise they go on one after the other: two
// who set off towards each other from rest are too near to be stopped again (they react in half a second and slow in more).

#include <algorithm>
#include <array>

#include "showcontrol/hall/state.h"

namespace promenade::hall {

namespace {
constexpr double kTogether_m = 1.8;            // held so near to each other is one knot
constexpr double kStep_m = 0.8;                // that somebody who is shown an arrow will take
constexpr base::Duration kTurn{6'000'000};     // who has not stepped away by then lets the next one try
constexpr std::size_t kKnotMost = 8;
constexpr double kAway_m = 2.0;                // the first one is away: the next one may go on
constexpr base::Duration kStandsFree{4'000'000};  // or he was let go so long ago, and nothing has been measured since

bool held_by_bodies(const Visit& visit) {
  return visit.filter.level_of(tracking::Cause::body) >= tracking::Level::pause || visit.filter.level_of(tracking::Cause::stale) >= tracking::Level::pause;
}

}  // namespace

BodyId Hall::State::steps_away_first(const Visit& visit) const {
  const tracking::Body* self = bodies.find(visit.body);
  if (self == nullptr || !held_by_bodies(visit)) return {};
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
    // Of a pair neither goes before the other: what holds one of them holds both, so that each would wait for the other.
    if (other == nullptr || !under_way(other->phase) || other->lost || !held_by_bodies(*other) || tracking::hold_hands(*self, *near[i].body)) continue;
    if (members == 0) knot[members++] = member(visit, *self, near[i].body->position);
    knot[members++] = member(*other, *near[i].body, self->position);
  }
  if (members < 2) return {};
  const auto end = knot.begin() + static_cast<std::ptrdiff_t>(members);
  // The one with the most room behind him; both reckon the same order, whoever is asked.
  std::sort(knot.begin(), end, [](const Member& a, const Member& b) { return a.room_m != b.room_m ? a.room_m > b.room_m : a.id < b.id; });
  const HallTime since = std::max_element(knot.begin(), end, [](const Member& a, const Member& b) { return a.since < b.since; })->since;
  const auto turn = static_cast<std::size_t>(std::max<std::int64_t>(0, (now - since) / kTurn)) % members;
  return knot[turn].id;
}

bool Hall::State::must_yield(Visit& visit) {
  if (visit.yields_to.is_none()) return false;
  const tracking::Body* self = bodies.find(visit.body);
  const tracking::Body* first = bodies.find(visit.yields_to);
  const Visit* other = viewer_body(visit.yields_to);
  bool over = self == nullptr || first == nullptr || other == nullptr || other->lost || !under_way(other->phase) || tracking::hold_hands(*self, *first) ||
              tracking::distance(self->position, first->position) >= kAway_m;
  const bool let_go = !over && other->ordered.level < tracking::Level::pause;
  if (let_go && !visit.yields_running) visit.yields_since = now;
  visit.yields_running = let_go;
  if (let_go && now - visit.yields_since >= kStandsFree) over = true;
  if (over) visit.yields_to = BodyId{};
  return !over;
}

}  // namespace promenade::hall

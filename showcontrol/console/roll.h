#pragma once
// Who is inside while the hall is evacuated, where each of them is, and what ordered it. Pure functions of a snapshot;
// hall floor in metres.

#include <cstdint>
#include <vector>

#include "showcontrol/console/judge.h"

namespace promenade::console {

struct OnRoll {  // a viewer or a body without a headset: exactly one of the two
  const protocol::HeadsetCard* viewer = nullptr;  // of the snapshot it was made from
  const protocol::BodyCard* body = nullptr;
  bool out = false;
  bool helpless = false;  // down, lost, in panic, or a child alone: he does not come out by himself

  BodyId id() const { return viewer != nullptr ? viewer->body : body->body; }
  bool placed() const { return viewer == nullptr || viewer->placed; }
  HallPoint at() const { return viewer != nullptr ? viewer->position : body->position; }
};

// Whoever is still inside before those who are out; among them the helpless first, then viewers by number, each with
// whoever holds his hand behind him, then attendants and others.
std::vector<OnRoll> roll_of(const Snapshot& snapshot);

enum class EvacuatedBy : std::uint8_t { fire_contact, button, staff, staff_or_button };
// The summary tells a fire contact from people; which of them pressed is known only while the button stays pressed, or
// where there is none.
EvacuatedBy evacuated_by(const protocol::HallSummary& summary);

struct NearestDoor {
  bool exit = true;            // else the entrance
  double distance_m = 0.0;     // straight, whatever stands between
  bool straight = false;       // nothing stands between
};
NearestDoor nearest_door(const tracking::Venue& venue, HallPoint from);

// Viewers whose film an evacuation has interrupted and who are still bound: first those of whom nothing is said.
std::vector<const protocol::HeadsetCard*> interrupted(const Snapshot& snapshot);
bool is_unsettled(const protocol::HeadsetCard& card);
// Where a viewer whose film goes on is to be led. Null: not known.
const HallPoint* place_to_go_on(const protocol::HeadsetCard& card);

}  // namespace promenade::console

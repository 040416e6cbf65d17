#include "showcontrol/console/roll.h"

#include <algorithm>
#include <tuple>

namespace promenade::console {

namespace {

bool is_helpless(const Snapshot& snapshot, const protocol::HeadsetCard& card) {
  return card.lost || card.panic || !card.connected || card.cause == Cause::posture || is_child_alone(snapshot, card);
}

// Viewers before the rest; who holds somebody's hand goes with him.
std::tuple<int, std::uint32_t, int, std::uint32_t> place_in_roll(const OnRoll& one) {
  if (one.viewer != nullptr) return {0, one.viewer->headset.value(), 0, 0};
  if (!one.body->beside.is_none()) return {0, one.body->beside.value(), 1, one.body->body.value()};
  return {one.body->kind == protocol::Relation::staff ? 1 : 2, one.body->number, 0, one.body->body.value()};
}

}  // namespace

std::vector<OnRoll> roll_of(const Snapshot& snapshot) {
  std::vector<OnRoll> list;
  for (const protocol::HeadsetCard& card : snapshot.headsets) {
    if (with_viewer(card)) list.push_back({&card, nullptr, card.counted_out, is_helpless(snapshot, card)});
  }
  for (const protocol::BodyCard& body : snapshot.bodies) {
    const protocol::HeadsetCard* held = snapshot.headset(body.beside);
    list.push_back({nullptr, &body, body.counted_out, held != nullptr && with_viewer(*held) && is_helpless(snapshot, *held)});
  }
  std::ranges::stable_sort(list, {}, [](const OnRoll& one) { return std::tuple(one.out, !one.helpless, place_in_roll(one)); });
  return list;
}

EvacuatedBy evacuated_by(const protocol::HallSummary& summary) {
  if (summary.evacuation_cause == Cause::fire) return EvacuatedBy::fire_contact;
  switch (summary.evacuate_button) {
    case protocol::ContactState::none: return EvacuatedBy::staff;
    case protocol::ContactState::alarm: return EvacuatedBy::button;
    case protocol::ContactState::ready:
    case protocol::ContactState::fault: return EvacuatedBy::staff_or_button;
  }
  return EvacuatedBy::staff_or_button;
}

NearestDoor nearest_door(const tracking::Venue& venue, HallPoint from) {
  const double exit_m = tracking::distance(venue.exit.at, from), entrance_m = tracking::distance(venue.entrance.at, from);
  const bool exit = exit_m <= entrance_m;
  return {exit, exit ? exit_m : entrance_m, venue.segment_clearance_m(from, exit ? venue.exit.at : venue.entrance.at) > 0.0};
}

bool is_unsettled(const protocol::HeadsetCard& card) { return card.settlement == protocol::Settlement::open; }

std::vector<const protocol::HeadsetCard*> interrupted(const Snapshot& snapshot) {
  std::vector<const protocol::HeadsetCard*> list;
  for (const protocol::HeadsetCard& card : snapshot.headsets) {
    if (to_settle(snapshot, card)) list.push_back(&card);
  }
  std::ranges::stable_sort(list, {}, [](const protocol::HeadsetCard* card) { return std::pair(!is_unsettled(*card), card->headset); });
  return list;
}

const HallPoint* place_to_go_on(const protocol::HeadsetCard& card) {
  // On a leg it is the way ahead, anywhere; in a scene it is the scene's place.
  if (card.stage == protocol::BlockStage::walking && !card.path_ahead.empty()) return &card.path_ahead.front();
  return card.route_ahead.empty() ? nullptr : &card.route_ahead.front();
}

}  // namespace promenade::console

#include "showcontrol/console/judge.h"

#include <algorithm>

#include "tracking/calibration.h"

namespace promenade::console {

protocol::ClockGrade clock_of(const protocol::HeadsetCard& card) { return card.connected ? protocol::clock_grade(card.clock_error_us) : protocol::ClockGrade::unknown; }
bool with_viewer(const protocol::HeadsetCard& card) { return card.phase >= Phase::arrived && card.phase <= Phase::guided_out; }
bool on_floor(const protocol::HeadsetCard& card) { return card.phase >= Phase::guided && card.phase <= Phase::guided_out; }

namespace {

using protocol::Settlement;
using tracking::CalibrationState;

bool goes_on(const protocol::HeadsetCard& card) { return card.settlement == Settlement::open || card.settlement == Settlement::resume; }

// After an evacuation: until he has been released or his headset is back.
Judged of_interrupted(const protocol::HeadsetCard& card) {
  if (card.settlement == Settlement::open) return {&card, Weight::act, Reason::unsettled};
  return {&card, Weight::act, card.settlement == Settlement::resume ? Reason::to_place : Reason::hand_back};
}

// What needs a person at the viewer; none where nothing does.
Judged of_viewer(const Snapshot& snapshot, const protocol::HeadsetCard& card) {
  if (snapshot.summary.evacuate && card.counted_out) return {&card, Weight::idle, Reason::none};
  if (card.lost && card.escorted) return {&card, Weight::act, Reason::escorted};
  if (card.lost && !card.swapping) return {&card, Weight::alarm, Reason::lost};
  if (card.panic) return {&card, Weight::alarm, Reason::panic};
  if (snapshot.summary.evacuate) return {&card, Weight::act, Reason::evacuated};
  if (card.interrupted) return of_interrupted(card);
  if (card.level == Level::evacuate && card.cause == Cause::link_lost) return {&card, Weight::alarm, Reason::level};  // by his headset alone
  if (card.stopped || card.level == Level::evacuate) return {&card, Weight::act, Reason::waits_release};
  if (card.level == Level::stop) return {&card, Weight::alarm, Reason::level};
  if (!card.connected) return {&card, Weight::act, Reason::unheard};
  if (card.swapping) return {&card, Weight::look, Reason::swapping};
  if (card.level == Level::pause) {
    if (card.staff_paused) return {&card, Weight::look, Reason::staff_paused};
    if (card.cause == Cause::operator_command) return {&card, Weight::note, Reason::level};
    return {&card, Weight::act, Reason::level};
  }
  if (card.phase >= Phase::calibrated && card.drift == CalibrationState::out_of_trust) return {&card, Weight::act, Reason::out_of_trust};
  if (is_child_alone(snapshot, card) && on_floor(card)) return {&card, Weight::act, Reason::child_alone};
  if (card.level == Level::warn) return {&card, Weight::look, Reason::level};
  return {&card, Weight::fine, Reason::none};
}

Judged of_device(const protocol::HeadsetCard& card) {
  if (card.battery_known && !card.charging && card.battery_percent < kBatteryEmpty && card.connected) return {&card, Weight::act, Reason::battery_empty};
  if (with_viewer(card) && card.phase >= Phase::calibrated && card.drift == CalibrationState::alarm) return {&card, Weight::look, Reason::drift};
  if (card.phase == Phase::waiting && base::to_seconds(card.late) > kLateTold_s) return {&card, Weight::look, Reason::late_start};
  if (card.marks_wanted && !card.swapping && (card.phase == Phase::fitted || on_floor(card))) return {&card, on_floor(card) ? Weight::act : Weight::note, Reason::marks_wanted};
  if (card.loss_percent > kLossHigh) return {&card, Weight::look, Reason::radio};
  if (card.temperature_c >= kHot_c) return {&card, Weight::look, Reason::hot};
  if (card.late_permille > kLatePermilleHigh) return {&card, Weight::note, Reason::pictures};
  if (card.battery_known && !card.charging && card.battery_percent < kBatteryLow && card.connected) return {&card, Weight::note, Reason::battery_low};
  if (card.leading_out) return {&card, Weight::note, Reason::leading_out};
  return {&card, Weight::fine, Reason::none};
}

template <class Wanted>
std::vector<const protocol::HeadsetCard*> those(const Snapshot& snapshot, Wanted wanted) {
  std::vector<const protocol::HeadsetCard*> list;
  for (const protocol::HeadsetCard& card : snapshot.headsets) {
    if (wanted(card)) list.push_back(&card);
  }
  return list;
}

}  // namespace

bool may_be_lifted(Cause cause) {
  const bool measured = cause == Cause::stray || cause == Cause::stale || cause == Cause::posture || cause == Cause::companion;
  return measured && tracking::staff_may_override(cause);
}

bool is_lifted(const protocol::HeadsetCard& card, Cause cause) { return (card.lifted >> static_cast<unsigned>(cause) & 1U) != 0; }

bool to_settle(const Snapshot& snapshot, const protocol::HeadsetCard& card) { return with_viewer(card) && card.interrupted && !snapshot.summary.evacuate; }

tracking::CalibrationState drift_now(const protocol::HeadsetCard& card) {
  return card.connected || card.drift == CalibrationState::none ? card.drift : CalibrationState::unknown;
}

std::vector<const protocol::BodyCard*> beside(const Snapshot& snapshot, HeadsetId headset) {
  std::vector<const protocol::BodyCard*> list;
  for (const protocol::BodyCard& body : snapshot.bodies) {
    if (!headset.is_none() && body.beside == headset) list.push_back(&body);
  }
  return list;
}

bool is_child_alone(const Snapshot& snapshot, const protocol::HeadsetCard& card) {
  if (!card.child || card.phase < Phase::redeemed || !with_viewer(card) || !beside(snapshot, card.headset).empty()) return false;
  return std::ranges::none_of(snapshot.headsets, [&](const protocol::HeadsetCard& other) {
    return card.party != 0 && other.party == card.party && !other.child && with_viewer(other) && other.phase >= Phase::redeemed;
  });
}

Judged judge(const Snapshot& snapshot, const protocol::HeadsetCard& card) {
  if (!with_viewer(card)) {
    const bool away = !card.connected && card.phase == Phase::idle;
    if (away) return {&card, Weight::idle, Reason::unheard};
    const Judged device = of_device(card);
    // On the shelf a low battery is worth a line, and never more.
    return device.weight > Weight::fine ? Judged{&card, Weight::note, device.reason} : Judged{&card, Weight::idle, Reason::none};
  }
  const Judged viewer = of_viewer(snapshot, card);
  if (viewer.weight == Weight::idle) return viewer;
  const Judged device = of_device(card);
  return device.weight > viewer.weight ? device : viewer;
}

std::vector<Judged> worst_first(const Snapshot& snapshot) {
  std::vector<Judged> list;
  for (const protocol::HeadsetCard& card : snapshot.headsets) list.push_back(judge(snapshot, card));
  std::ranges::stable_sort(list, [](const Judged& a, const Judged& b) {
    if (a.weight != b.weight) return a.weight > b.weight;
    if (with_viewer(*a.card) != with_viewer(*b.card)) return with_viewer(*a.card);
    return a.card->headset < b.card->headset;
  });
  return list;
}

std::vector<const protocol::StaffAlarm*> untaken(const Snapshot& snapshot) {
  std::vector<const protocol::StaffAlarm*> list;
  for (auto alarm = snapshot.alarms.rbegin(); alarm != snapshot.alarms.rend(); ++alarm) {
    if (alarm->taken_by.empty()) list.push_back(&*alarm);
  }
  return list;
}

bool waits_release(const protocol::HeadsetCard& card) {
  if (!with_viewer(card) || (card.interrupted && !goes_on(card))) return false;
  const bool alone = card.cause == Cause::link_lost;  // what his headset does by itself ends by itself
  return card.stopped || card.interrupted || (card.level >= Level::stop && !alone);
}

std::vector<const protocol::HeadsetCard*> waiting_release(const Snapshot& snapshot) { return those(snapshot, waits_release); }

std::vector<const protocol::HeadsetCard*> free_headsets(const Snapshot& snapshot) {
  return those(snapshot, [](const protocol::HeadsetCard& card) { return card.phase == Phase::idle && card.connected; });
}

std::vector<const protocol::HeadsetCard*> queue_of(const Snapshot& snapshot) {
  auto list = those(snapshot, [](const protocol::HeadsetCard& card) { return card.phase == Phase::waiting; });
  std::ranges::stable_sort(list, [](const auto* a, const auto* b) { return a->wait != b->wait ? a->wait < b->wait : a->waited > b->waited; });
  return list;
}

std::vector<const protocol::HeadsetCard*> being_fitted(const Snapshot& snapshot) {
  auto list = those(snapshot, [](const protocol::HeadsetCard& card) { return card.phase >= Phase::arrived && card.phase <= Phase::choosing; });
  std::ranges::stable_sort(list, [](const auto* a, const auto* b) { return a->waited > b->waited; });
  return list;
}

}  // namespace promenade::console

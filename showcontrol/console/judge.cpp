#include "showcontrol/console/judge.h"

#include <algorithm>

#include "tracking/calibration.h"

namespace promenade::console {

bool with_viewer(const protocol::HeadsetCard& card) { return card.phase >= Phase::arrived && card.phase <= Phase::guided_out; }
bool on_floor(const protocol::HeadsetCard& card) { return card.phase >= Phase::guided && card.phase <= Phase::guided_out; }

namespace {

// What needs a person at the viewer; none where nothing does.
Judged of_viewer(const protocol::HeadsetCard& card) {
  if (card.lost && !card.swapping) return {&card, Weight::alarm, Reason::lost};
  if (card.panic) return {&card, Weight::alarm, Reason::panic};
  if (card.level == Level::evacuate) return {&card, Weight::act, Reason::leading_out};
  if (card.stopped) return {&card, Weight::act, Reason::waits_release};
  if (card.level == Level::stop) return {&card, Weight::alarm, Reason::level};
  if (!card.connected) return {&card, Weight::act, Reason::unheard};
  if (card.swapping) return {&card, Weight::look, Reason::swapping};
  if (card.level == Level::pause) {
    if (card.staff_paused) return {&card, Weight::look, Reason::staff_paused};
    if (card.cause == Cause::operator_command) return {&card, Weight::note, Reason::level};
    return {&card, Weight::act, Reason::level};
  }
  if (card.phase >= Phase::calibrated && card.error_m >= tracking::kDriftOutOfTrust_m) return {&card, Weight::act, Reason::out_of_trust};
  if (card.level == Level::warn) return {&card, Weight::look, Reason::level};
  return {&card, Weight::fine, Reason::none};
}

Judged of_device(const protocol::HeadsetCard& card) {
  if (card.battery_known && !card.charging && card.battery_percent < kBatteryEmpty && card.connected) return {&card, Weight::act, Reason::battery_empty};
  if (with_viewer(card) && card.phase >= Phase::calibrated && card.error_m >= tracking::kDriftAlarm_m) return {&card, Weight::look, Reason::drift};
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

Judged judge(const protocol::HeadsetCard& card) {
  if (!with_viewer(card)) {
    const bool away = !card.connected && card.phase == Phase::idle;
    if (away) return {&card, Weight::idle, Reason::unheard};
    const Judged device = of_device(card);
    // On the shelf a low battery is worth a line, and never more.
    return device.weight > Weight::fine ? Judged{&card, Weight::note, device.reason} : Judged{&card, Weight::idle, Reason::none};
  }
  const Judged viewer = of_viewer(card);
  const Judged device = of_device(card);
  return device.weight > viewer.weight ? device : viewer;
}

std::vector<Judged> worst_first(const Snapshot& snapshot) {
  std::vector<Judged> list;
  for (const protocol::HeadsetCard& card : snapshot.headsets) list.push_back(judge(card));
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

std::vector<const protocol::HeadsetCard*> waiting_release(const Snapshot& snapshot) {
  return those(snapshot, [](const protocol::HeadsetCard& card) { return with_viewer(card) && card.stopped; });
}

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

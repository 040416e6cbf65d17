// Commands of staff. Each names the state that shall hold, so that saying it twice does no harm.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {
base::Result<void> no_visit() { return base::fail("no-viewer", "No viewer is bound to this headset.", "Check the headset's number."); }
}  // namespace

void Hall::State::command(PeerId peer, const protocol::StaffCommand& command) {
  if (const auto* bind = std::get_if<protocol::BindTicket>(&command.action)) return bind_ticket(peer, command.request, *bind);
  const base::Result<void> done = std::visit(
      [this, peer](const auto& action) -> base::Result<void> {
        if constexpr (std::is_same_v<std::decay_t<decltype(action)>, protocol::BindTicket>) return {};
        else if constexpr (std::is_same_v<std::decay_t<decltype(action)>, protocol::TakeAlarm>) return take_alarm(peer, action.number);
        else if constexpr (std::is_same_v<std::decay_t<decltype(action)>, protocol::SettleEvacuation>) return settle_evacuation(peer, action);
        else return act(action);
      },
      command.action);
  reply(peer, command.request, done);
}

base::Result<void> Hall::State::act(const protocol::SetFitted& action) {
  Visit* visit = visit_in(action.headset);
  if (visit == nullptr) return no_visit();
  if (visit->phase == Phase::arrived) return base::fail("ticket-pending", "The ticket is not accepted yet.", "Wait for the answer.");
  if (action.fitted && visit->phase == Phase::redeemed) {
    set_phase(*visit, Phase::fitted);
    save(*visit);
  } else if (!action.fitted && (visit->phase == Phase::fitted || visit->phase == Phase::calibrated || visit->phase == Phase::choosing)) {
    set_phase(*visit, Phase::redeemed);
    save(*visit);
  }
  return {};
}

base::Result<void> Hall::State::act(const protocol::SetViewerPaused& action) {
  Visit* visit = visit_in(action.headset);
  if (visit == nullptr) return no_visit();
  visit->staff_paused = action.paused;
  evaluate(*visit, headset_of(visit->headset));
  save(*visit);
  return {};
}

base::Result<void> Hall::State::act(const protocol::ReleaseViewer& action) {
  Visit* visit = visit_in(action.headset);
  if (visit == nullptr) return no_visit();
  Headset& headset = headset_of(visit->headset);
  if (auto allowed = may_release(*visit, headset); !allowed) return allowed;
  struct {
    bool panic, stopped, unopened_gate, interrupted;
    tracking::LevelFilter filter;
  } const before{visit->panic, visit->stopped, visit->unopened_gate, visit->interrupted, visit->filter};
  visit->panic = visit->stopped = visit->unopened_gate = visit->interrupted = false;
  evaluate(*visit, headset);
  if (!visit->filter.release()) {  // all or nothing: he stays held until he is asked for again
    const tracking::Cause cause = visit->filter.worst().cause;  // what is left when everything else has been released
    visit->panic = before.panic;
    visit->stopped = before.stopped;
    visit->unopened_gate = before.unopened_gate;
    visit->interrupted = before.interrupted;
    visit->filter = before.filter;
    evaluate(*visit, headset);
    return base::fail("still-in-danger", base::formatted("The cause is still there: {}.", tracking::to_string(cause)), std::string(tracking::what_clears(cause)));
  }
  if (before.interrupted) visit->settlement = protocol::Settlement::resume;  // to let him go on says it
  if (before.interrupted && visit->counted_out) ++visit->came_in_again;
  visit->counted_out = false;
  evaluate(*visit, headset);
  save(*visit);
  note(NoteKind::info, visit->headset, visit->play ? visit->play->id : PlayId{}, "The viewer was released by staff.");
  return {};
}

base::Result<void> Hall::State::act(const protocol::SetHallStopped& action) {
  if (mode.stopped == action.stopped) return {};
  mode.stopped = action.stopped;
  note(NoteKind::alarm, {}, {}, action.stopped ? "The hall was stopped by staff." : "The hall stop has ended.", action.stopped ? "Look at every viewer." : "Release the viewers one by one.");
  unwritten.mode = true;
  for (auto& [id, visit] : visits) {
    if (action.stopped) {
      visit.stopped = true;
      visit.stop_cause = tracking::Cause::operator_command;
      unwritten.visits.insert(id);
    }
    evaluate(visit, headset_of(visit.headset));
  }
  return {};
}

base::Result<void> Hall::State::act(const protocol::SwapHeadset& action) {
  Visit* visit = visit_in(action.from);
  if (visit == nullptr) {
    const auto left_before = shelf.find(action.from);
    const bool done = left_before != shelf.end() && left_before->second.phase == Phase::swapped && visit_in(action.to) != nullptr;
    return done ? base::Result<void>{} : no_visit();
  }
  const auto to = shelf.find(action.to);
  if (to == shelf.end() || !headset_of(action.to).is_connected()) return base::fail("headset-not-connected", "The other headset is not connected.", "Switch it on or take another one.");
  if (!to->second.visit.is_none() || to->second.phase != Phase::idle) return base::fail("headset-in-use", "The other headset is not free and clean.", "Take another one.");
  Headset& taken = headset_of(action.to);
  Shelf& left = shelf.at(action.from);
  left.visit = ViewerId{};
  left.phase = Phase::swapped;
  headset_of(action.from).next_down = now;
  to->second.visit = visit->viewer;
  visit->headset = action.to;
  taken.want_calibration();
  taken.next_down = now;
  if (visit->phase > Phase::redeemed && visit->phase < Phase::waiting) set_phase(*visit, Phase::redeemed);
  // Until the new headset knows its place he is a body without a headset, where he was seen last.
  if (bodies.find(visit->body) != nullptr) {
    visit->swap_until = now + config.limits.swap_within;
    lose(*visit, "the headset is being swapped");
    visit->taken_off = false;  // an attendant is with him, and leads him to the marks
  }
  ++counts.swaps;
  std::vector<OutboxItem> facts;
  if (visit->play && visit->play->started && !visit->play->ended) {
    ++visit->play->swaps;
    ticketing::HeadsetSwap swap;
    swap.head = head(base::formatted("swap-{}-{}", visit->play->code, visit->play->swaps), now);
    swap.play = ticketing::PlayCode(visit->play->code);
    swap.from = action.from;
    swap.to = action.to;
    facts.push_back({swap.head.idempotency_key, std::string(ticketing::HeadsetSwap::kKind), ticketing::to_json(swap).dump()});
  }
  save(*visit, std::move(facts));
  save_shelf(action.from);
  save_shelf(action.to);
  note(NoteKind::info, action.to, visit->play ? visit->play->id : PlayId{}, base::formatted("Headset {} goes on in headset {}.", action.from.value(), action.to.value()));
  return {};
}

base::Result<void> Hall::State::act(const protocol::LeadOut& action) {
  Visit* visit = visit_in(action.headset);
  if (visit == nullptr) return no_visit();
  if (visit->phase == Phase::arrived) return base::fail("ticket-pending", "The ticket is not accepted yet.", "Wait for the answer.");
  if (visit->phase == Phase::guided_out || visit->leading_out) return {};
  visit->leading_out = true;
  save(*visit);
  finish_leading_out();
  return {};
}

base::Result<void> Hall::State::act(const protocol::SetReturned& action) {
  Visit* visit = visit_in(action.headset);
  if (visit == nullptr) {
    const auto place = shelf.find(action.headset);
    if (place == shelf.end()) return base::fail("headset-unknown", "This headset has never connected.", "Check its number.");
    return {};
  }
  end_visit(*visit, "viewer-left", Phase::returned);
  return {};
}

base::Result<void> Hall::State::act(const protocol::SetCleaned& action) {
  const auto place = shelf.find(action.headset);
  if (place == shelf.end()) return base::fail("headset-unknown", "This headset has never connected.", "Check its number.");
  if (!place->second.visit.is_none()) return base::fail("headset-in-use", "A viewer has this headset.", "Take it back first.");
  place->second.phase = Phase::idle;
  headset_of(action.headset).next_down = now;
  save_shelf(action.headset);
  return {};
}

base::Result<void> Hall::State::act(const protocol::SetAdmission& action) {
  if (mode.admission_open == action.open) return {};
  mode.admission_open = action.open;
  save_mode();
  note(NoteKind::info, {}, {}, action.open ? "Admission is open." : "Admission is closed: nothing new starts.");
  return {};
}

base::Result<void> Hall::State::act(const protocol::SetClosing& action) {
  if (mode.closing == action.at) return {};
  mode.closing = action.at;
  for (auto& [id, visit] : visits) visit.too_late = false;
  save_mode();
  note(NoteKind::info, {}, {}, action.at ? "A closing time was set: what might end later is not started." : "There is no closing time any more.");
  return {};
}

base::Result<void> Hall::State::act(const protocol::SetHallPaused& action) {
  if (mode.paused == action.paused) return {};
  mode.paused = action.paused;
  unwritten.mode = true;
  note(NoteKind::info, {}, {}, action.paused ? "The hall was paused by staff." : "The hall goes on.");
  for (auto& [id, visit] : visits) evaluate(visit, headset_of(visit.headset));
  return {};
}

base::Result<void> Hall::State::act(const protocol::LiftCause& action) {
  Visit* visit = visit_in(action.headset);
  if (visit == nullptr) return no_visit();
  const bool measured = action.cause == tracking::Cause::stray || action.cause == tracking::Cause::stale || action.cause == tracking::Cause::posture ||
                        action.cause == tracking::Cause::companion;
  if (!measured || !tracking::staff_may_override(action.cause)) {
    return base::fail("not-lifted", base::formatted("Nobody may lift the cause {}.", tracking::to_string(action.cause)), std::string(tracking::what_clears(action.cause)));
  }
  const auto bit = static_cast<std::uint16_t>(1U << static_cast<unsigned>(action.cause));
  if (!action.lifted) {
    visit->lifted = static_cast<std::uint16_t>(visit->lifted & ~bit);
  } else if ((visit->lifted & bit) == 0) {
    visit->lifted |= bit;
    visit->lifted_seen[static_cast<std::size_t>(action.cause)] = now;
    visit->filter.drop(action.cause);
    note(NoteKind::info, visit->headset, visit->play ? visit->play->id : PlayId{}, base::formatted("Staff have lifted the cause {} until it has gone.", tracking::to_string(action.cause)));
  }
  evaluate(*visit, headset_of(visit->headset));
  headset_of(visit->headset).next_down = now;
  return {};
}

base::Result<void> Hall::State::take_alarm(PeerId peer, std::uint32_t number) {
  const auto found = std::ranges::find_if(alarms, [&](const Alarm& one) { return one.told.number == number; });
  if (found == alarms.end() || !found->told.taken_by.empty()) return {};  // somebody was quicker, or it is long past
  protocol::StaffAlarm& alarm = found->told;
  const auto from = peers.find(peer);
  alarm.taken_by = from == peers.end() || from->second.name.empty() ? "staff" : from->second.name;
  for (const auto& [id, other] : peers) {
    if (other.role == PeerRole::staff) send(id, alarm);
  }
  return {};
}

}  // namespace promenade::hall

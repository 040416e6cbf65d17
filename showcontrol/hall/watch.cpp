// What brings staff to a viewer who needs them without having asked: one held for long, one whose headset's place has
// drifted, is no longer trusted or has jumped. One alarm each time it begins.

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {
constexpr base::Duration kLongHold{20'000'000};
constexpr base::Duration kJumpToldEvery{10'000'000};

// What an attendant at his side can clear. Commands of people have somebody who knows of them already.
bool needs_a_hand(tracking::Cause cause) {
  using tracking::Cause;
  return cause == Cause::wall || cause == Cause::body || cause == Cause::stray || cause == Cause::stale || cause == Cause::tracking_lost || cause == Cause::not_worn;
}
}  // namespace

void Hall::State::watch_long_hold(Visit& visit) {
  const tracking::Concern holds = effective(visit, headset_of(visit.headset));
  const bool held = under_way(visit.phase) && holds.level >= tracking::Level::pause && needs_a_hand(holds.cause);
  if (!held) {
    visit.held = visit.held_told = false;
    return;
  }
  if (!visit.held) visit.held_since = now;
  visit.held = true;
  if (visit.held_told || visit.lost || now - visit.held_since < kLongHold) return;
  visit.held_told = true;
  note(NoteKind::alarm, visit.headset, visit.play ? visit.play->id : PlayId{},
       base::formatted("A viewer has been held for {:.0f} s. {}", base::to_seconds(kLongHold), tracking::what_it_is(holds.cause)),
       std::string(tracking::what_clears(holds.cause)), "held-long");
}

void Hall::State::watch_drift(Visit& visit, const Headset& headset) {
  using tracking::CalibrationState;
  if (visit.phase < Phase::calibrated || visit.lost || visit.awaited) return;
  const CalibrationState state = headset.calibration();
  const protocol::CalibrationState& told = headset.newest().calibration;
  if (state == CalibrationState::alarm && !visit.drift_told) {
    note(NoteKind::alarm, visit.headset, visit.play ? visit.play->id : PlayId{}, base::formatted("A headset's place has drifted by {:.2f} m.", told.offset_m),
         "At the next hold, touch both marks with its controller.", "place-drifted");
  }
  if (state == CalibrationState::out_of_trust && !visit.place_told) {
    note(NoteKind::alarm, visit.headset, visit.play ? visit.play->id : PlayId{},
         base::formatted("A headset's place is no longer trusted: it may be {:.2f} m off. Its viewer is paused.", told.error_m),
         "Go to the viewer; lead him to the marks and touch both.", "place-untrusted");
  }
  visit.drift_told = state == CalibrationState::alarm || state == CalibrationState::out_of_trust;
  visit.place_told = state == CalibrationState::out_of_trust;
}

// He is paused as one whose headset does not know its place, and his body stays where he was believed to be.
void Hall::State::doubt_place(const Headset& headset) {
  ++counts.places_doubted;
  Visit* visit = visit_in(headset.id());
  if (visit == nullptr || visit->phase < Phase::calibrated) return;
  save_shelf(headset.id());
  if (visit->jump_told && now - *visit->jump_told < kJumpToldEvery) return;
  visit->jump_told = now;
  note(NoteKind::alarm, visit->headset, visit->play ? visit->play->id : PlayId{},
       headset.jumped_m() ? base::formatted("A headset says that it has jumped by {:.1f} m: nobody knows its place. Its viewer is paused.", *headset.jumped_m())
                          : "A headset no longer knows its place: its tracking jumped, or its space was set anew. Its viewer is paused.",
       "Go to the viewer; lead him to the marks and touch both. If it jumps again, hand out another headset.", "place-jumped");
}

}  // namespace promenade::hall

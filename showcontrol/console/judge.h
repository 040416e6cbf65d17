#pragma once
// How much each headset needs a person, and why: the order of the cards and the colour of what is shown.
// Pure functions of a snapshot.

#include <cstdint>
#include <vector>

#include "showcontrol/console/snapshot.h"

namespace promenade::console {

enum class Weight : std::uint8_t { idle = 0, fine, note, look, act, alarm };  // alarm: go there now

enum class Reason : std::uint8_t {
  none = 0,
  lost,             // a body without a headset
  panic,
  waits_release,    // stopped until staff release him
  level,            // the card's level and cause say it
  staff_paused,
  unheard,
  out_of_trust,     // its place is 20 cm wrong or more, as measured or estimated
  drift,            // 10 cm or more, as measured
  marks_wanted,
  late_start,
  swapping,
  battery_empty,
  battery_low,
  hot,
  radio,            // loses frames of the hall
  pictures,         // shows too few, or too late
  leading_out,
  evacuated,        // the hall is being evacuated, and he is not counted out
  escorted,         // an attendant leads him out, on a way that is kept free
  unsettled,        // interrupted by an evacuation, and nobody has said what becomes of his film
  to_place,         // his film goes on: he is led to his place and released there
  hand_back,        // it does not: his headset is taken back
  child_alone,      // no adult is with him
};

struct Judged {
  const protocol::HeadsetCard* card = nullptr;  // of the snapshot it was made from
  Weight weight = Weight::idle;
  Reason reason = Reason::none;
};

inline constexpr double kLateTold_s = 30.0;      // a start so much later than told is late
inline constexpr int kBatteryLow = 20;           // percent
inline constexpr int kBatteryEmpty = 10;
inline constexpr int kHot_c = 45;
inline constexpr int kLossHigh = 10;             // percent
inline constexpr int kLatePermilleHigh = 50;     // pictures

protocol::ClockGrade clock_of(const protocol::HeadsetCard& card);  // how well it knows hall time
bool with_viewer(const protocol::HeadsetCard& card);       // bound to somebody
bool on_floor(const protocol::HeadsetCard& card);          // guided .. guided out
Judged judge(const Snapshot& snapshot, const protocol::HeadsetCard& card);
// Every headset, the heaviest first; among equals the lower number.
std::vector<Judged> worst_first(const Snapshot& snapshot);

// Staff who have looked may lift this cause (LiftCause); the others end by their own command, or by being cleared.
bool may_be_lifted(Cause cause);
bool is_lifted(const protocol::HeadsetCard& card, Cause cause);
// Interrupted by an evacuation that has ended, and not yet released or handed back.
bool to_settle(const Snapshot& snapshot, const protocol::HeadsetCard& card);
// What is known now of the drift of its place: of a headset that is not heard, nothing.
tracking::CalibrationState drift_now(const protocol::HeadsetCard& card);
// Bodies without a headset that walk hand in hand with this headset's viewer.
std::vector<const protocol::BodyCard*> beside(const Snapshot& snapshot, HeadsetId headset);
// A child inside with no adult of his party, and nobody at his hand.
bool is_child_alone(const Snapshot& snapshot, const protocol::HeadsetCard& card);

std::vector<const protocol::StaffAlarm*> untaken(const Snapshot& snapshot);  // newest first
// Stopped until staff have looked and release them, one by one; after an evacuation also those whose film goes on.
bool waits_release(const protocol::HeadsetCard& card);
std::vector<const protocol::HeadsetCard*> waiting_release(const Snapshot& snapshot);
std::vector<const protocol::HeadsetCard*> free_headsets(const Snapshot& snapshot);  // idle and connected: may be swapped to
// Those who have chosen and wait, the next to start first.
std::vector<const protocol::HeadsetCard*> queue_of(const Snapshot& snapshot);
// Those from the ticket to the choice, the longest first.
std::vector<const protocol::HeadsetCard*> being_fitted(const Snapshot& snapshot);

}  // namespace promenade::console

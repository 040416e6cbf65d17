#pragma once
// The one message vocabulary of hall, headsets and staff, as a closed variant. Plain values; no I/O.
//
// State, not edges: `HeadsetState` (up) and `HallState` (down) carry the whole truth, are repeated at 30 Hz
// (and out of cadence when a level rises), and any number of them may be lost. Reliable messages are only for
// what has no later truth. Ranges and wire form: codec.h and docs/protocol.md.
//
// Gates and blocks. A play is walked in blocks, and gate g opens block g. A way in with w stops is walked in the blocks
// 0 to w: each of the first w ends at a stop, block w at scene 0. Block w + k (1 <= k < n) is the leg from scene k-1
// and scene k; a seated film has n = 1. A way out with m stops is the blocks w + n to w + n + m, the last to the exit.
// In a film with choices scenes 0 to n - 1 are those that the viewer sees, by HallState.ways: the first way where a choice is
// still open. What follows an open choice may change, the numbers up to its scene never do.
// A headset passes gate g only while authority.last_gate >= g and now < authority.until; in a block that it has
// entered it may always stay. The hall gives nobody else a place that lies in a block under an authority that
// has not expired or has been used.

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "showcontrol/protocol/staff_messages.h"
#include "showcontrol/protocol/vocabulary.h"
#include "tracking/base/assert.h"
#include "tracking/base/clock.h"
#include "tracking/base/crypto.h"
#include "tracking/base/id.h"
#include "tracking/calibration.h"
#include "tracking/frame.h"
#include "tracking/level.h"

namespace promenade::protocol {

// ---------------------------------------------------------------- headset -> hall

struct Hello {  // reliable, first message of a connection
  std::uint8_t protocol_version = kProtocolVersion;
  HeadsetId headset;
  std::string software;   // name and version, at most 64 bytes
  EpochId last_epoch;     // highest epoch ever obeyed; none if never
};

struct PoseSample {
  HallTime time;                 // by the headset's clock map
  HallPose pose;                 // by the headset's calibration; meaningful only when calibration.known
  TrackingQuality quality = TrackingQuality::good;
};

struct CalibrationState {
  bool known = false;
  std::uint8_t revision = 0;     // rises with every calibration of this headset
  double error_m = 0.0;          // present estimate, 0..1.27
  double residual_m = 0.0;       // of the last marks, 0..1.27
  tracking::CalibrationState drift = tracking::CalibrationState::none;
  tracking::DriftMeasure measured_by = tracking::DriftMeasure::none;  // what last measured it
  double offset_m = 0.0;         // that it measured, 0..1.27
  Duration measured_ago{0};      // seconds on the wire
};

struct Progress {  // how far the headset has come in its play
  PlayId play;                   // none: no play
  std::uint8_t block = 0;        // last block entered
  BlockStage stage = BlockStage::before;
  Duration scene_time{0};        // time played in this block's scene, loops included; 10 ms steps, up to 2730 min
  bool ready = false;            // scene has played its length: would pass the next gate
};

struct FrameTiming {
  std::uint16_t frames = 0;      // since the last bundle's counter, modulo 65536
  std::uint16_t late = 0;
  std::uint16_t dropped = 0;
  std::uint8_t photon_ms = 0;    // estimate of motion to photon latency
};

// What is wrong with a headset's surroundings; the first four are of a film.
enum class Trouble : std::uint8_t {
  film_damaged = 0,   // cannot be shown
  film_incomplete,    // shown, but pictures or sounds of it are missing
  film_newer,         // newer than the program
  film_missing,       // of this hall, but not on the headset
  no_sound,
  no_picture,         // no graphics device that can draw
  no_runtime,         // no OpenXR runtime answers
  no_headset,         // the runtime finds no headset
};
struct HeadsetTrouble {
  Trouble what = Trouble::film_damaged;
  FilmId film;                   // none: not of a film, or of a file that does not tell which it is
  friend bool operator==(const HeadsetTrouble&, const HeadsetTrouble&) = default;
};

struct HeadsetState {  // unreliable, 30 Hz, and at once when its own level rises
  HeadsetId headset;
  std::uint32_t sequence = 0;
  EpochId epoch;                         // epoch obeyed
  std::uint32_t last_state_sequence = 0; // newest HallState seen
  std::vector<PoseSample> samples;       // oldest first, 0..kSamplesMax
  CalibrationState calibration;
  Progress progress;
  tracking::Level level = tracking::Level::clear;  // its own evaluation
  tracking::Cause cause = tracking::Cause::none;
  bool worn = false;
  bool panic = false;                    // the viewer's gesture; held until released by staff
  double standing_height_m = 0.0;        // 0: not known
  std::uint8_t battery_percent = 0;      // where battery_known
  bool charging = false;
  std::int8_t temperature_c = 0;         // 0: not known
  std::uint8_t loss_percent = 0;         // of HallStates over the last 3 s
  std::uint16_t round_trip_ms = 0;
  std::uint16_t clock_error_us = 65535;  // half-width; 65535: not synchronised
  FrameTiming timing;
  bool battery_known = true;
  std::vector<HeadsetTrouble> troubles;  // all that there are now, at most kTroublesMax
  // The ways that the viewer has chosen in this play, one for each choice that he has met, in order; where the hall had gone
  // before him, the one that it told. At most kChoicesMax.
  std::vector<std::uint8_t> chosen;
};

struct ClockRequest {  // beside
  std::uint32_t sequence = 0;
  HeadsetTime sent;  // stamped again when it is put on the wire
};

struct ChooseFilm {  // reliable
  std::uint32_t request = 0;
  FilmId film;
  std::string language;  // "zh", "en"
};

struct RateFilm {  // reliable
  PlayId play;
  std::uint8_t stars = 0;  // 1..5
};

// ---------------------------------------------------------------- hall -> headset

struct Welcome {  // reliable, answer to Hello
  std::uint8_t protocol_version = kProtocolVersion;
  EpochId epoch;
  std::string venue_toml;  // the venue file in force, at most 15,000 bytes: the headset guards its walls itself
};

struct Authority {
  std::int8_t last_gate = -1;  // -1: none
  HallTime until;
};

struct PlayOrder {
  PlayId play;
  FilmId film;
  std::string language;
  base::Hash package_hash{};               // manifest hash of the film that was planned
  tracking::Placement placement;           // cm and 0.1 degree steps on the wire; both ends use the rounded value
  double scale = 1.0;
  HallTime start;                          // planned arrival at scene 0; the countdown's end, not before
  std::vector<HallPoint> way_in;           // from the present place to scene 0
  std::vector<std::uint8_t> way_in_stops;  // which of its points are stops: rising, neither the first nor the last
  std::vector<HallPoint> way_out;          // from the last scene to the exit
  std::vector<std::uint8_t> way_out_stops;
  PlayRun run = PlayRun::running;
  std::uint8_t resume_block = 0;           // for a headset that has none: where the play stands
  BlockStage resume_stage = BlockStage::before;
  Duration resume_scene_time{0};
};

// Of a play that is walked by a group or joined by a latecomer, beside its order. The film lies where the order says; the
// viewer's place in every scene is the scene's, shifted by `offset`. His way in leads to scene `enter_scene`, whose
// earlier scenes he does not walk: block w is then that scene, and it begins for him at `enter_scene_time`.
struct OwnPlace {
  tracking::Vec<tracking::Hall> offset;
  std::uint8_t enter_scene = 0;
  Duration enter_scene_time{0};            // of its film, as the group has played it by now
  friend bool operator==(const OwnPlace&, const OwnPlace&) = default;
};

// One choice of the film, as met on the way that the play now takes (package::Next).
struct WayOrder {
  std::uint8_t way = 0;      // number of the follower to which the play goes; of an open choice the first
  std::uint8_t offered = 1;  // bit 1 << number of each that can be chosen. One bit: nothing is to be chosen, or no more
  bool open() const { return (offered & (offered - 1)) != 0; }
  friend bool operator==(const WayOrder&, const WayOrder&) = default;
};

struct SafetyOrder {
  tracking::Level level = tracking::Level::clear;
  tracking::Cause cause = tracking::Cause::none;
  double away_rad = 0.0;                   // hall yaw that leads away from danger
  HallTime expires;                        // after it the headset's own evaluation stands alone
  bool stay = false;                       // no arrow: another is being led away from him first
};

// A neighbour's planned points, in place: every frame to every headset carries dozens.
class PlannedPoints {
 public:
  PlannedPoints() = default;
  PlannedPoints(std::initializer_list<HallPoint> points) { assign(points.begin(), points.end()); }
  template <class Iterator>
  void assign(Iterator first, Iterator last) {
    clear();
    for (; first != last; ++first) push_back(*first);
  }
  void push_back(HallPoint point) {
    PROMENADE_ASSERT(size_ < points_.size());
    points_[size_++] = point;
  }
  void clear() { size_ = 0; }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  HallPoint operator[](std::size_t i) const { return points_[i]; }
  const HallPoint* begin() const { return points_.data(); }
  const HallPoint* end() const { return points_.data() + size_; }

 private:
  std::array<HallPoint, kPlannedPoints> points_{};
  std::size_t size_ = 0;
};

struct Neighbour {
  BodyId body;                             // 1..4095 on the wire
  Relation relation = Relation::stranger;
  HallPoint position;                      // at HallState.time
  tracking::Vec<tracking::Hall> velocity;
  double radius_m = 0.0;                   // uncertainty now: calibration error and age times possible speed
  Duration age{0};                         // since last heard of, up to 3.15 s
  PlannedPoints planned;                   // empty, or kPlannedPoints points
};

struct MenuEntry {
  FilmId film;
  Duration wait{0};                        // no longer than this in nineteen of twenty cases; seconds on the wire
  bool available = false;
};

struct HallState {  // unreliable, 30 Hz, and at once when the level rises; under kDatagramMax
  EpochId epoch;
  std::uint32_t sequence = 0;
  HallTime time;                           // when it was made
  HeadsetId headset;
  std::uint32_t last_headset_sequence = 0; // newest HeadsetState handled
  Phase phase = Phase::idle;
  std::uint8_t calibration_wanted = 0;     // revision below this is not trusted: touch the marks again
  std::optional<PlayOrder> play;
  Authority authority;
  std::optional<HallTime> told_start;      // the start told to the viewer
  std::optional<HallTime> hold_until;      // estimate; present while held
  SafetyOrder safety;
  bool evacuate = false;
  HallPoint way_out_door;                  // shown in evacuate
  DoorName way_out_name = DoorName::exit;
  std::vector<HallPoint> way_out;          // in evacuate: from about where he is to that door; at most kWaypointsMax
  std::uint16_t lifted = 0;                // causes that staff have lifted for this viewer: bit 1 << cause
  std::vector<MenuEntry> menu;             // in phase choosing
  std::vector<Neighbour> neighbours;       // nearest in time first
  std::optional<OwnPlace> own_place;       // with `play`, of a group
  std::vector<WayOrder> ways;              // of `play`: one for each choice on its way, at most kChoicesMax
};

struct ClockReply {  // beside
  std::uint32_t sequence = 0;
  HeadsetTime sent;                        // echoed
  HallTime received;                       // stamped at the socket
  HallTime replied;                        // stamped as it is put on the wire
};

struct Refusal {  // reliable
  std::uint32_t request = 0;
  std::string code;
  std::string text;
};

using Message = std::variant<Hello, HeadsetState, ClockRequest, ChooseFilm, RateFilm,
                             Welcome, HallState, ClockReply, Refusal,
                             StaffHello, StaffWelcome, StaffCommand, StaffReply, TagReport,
                             HallSummary, HeadsetCard, BodyCard, FilmCard, StaffAlarm, PlayForecast>;

enum class Delivery : std::uint8_t {
  unreliable,
  reliable,
  beside,  // in a datagram of kind clock, beside ENet: never behind what ENet holds back, and stamped at the socket
};
Delivery delivery_of(const Message& message);
std::string_view name_of(const Message& message);
std::string_view to_string(Trouble trouble);

}  // namespace promenade::protocol

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

#include "tracking/base/assert.h"
#include "tracking/base/clock.h"
#include "tracking/base/crypto.h"
#include "tracking/base/id.h"
#include "tracking/calibration.h"
#include "tracking/frame.h"
#include "tracking/level.h"

namespace promenade::protocol {

using base::BodyId;
using base::Duration;
using base::EpochId;
using base::FilmId;
using base::HallTime;
using base::HeadsetId;
using base::HeadsetTime;
using base::PlayId;
using HallPoint = tracking::Point<tracking::Hall>;
using HallPose = tracking::Pose<tracking::Hall>;
using StagePose = tracking::Pose<tracking::Stage>;

inline constexpr std::uint8_t kProtocolVersion = 1;
inline constexpr std::size_t kDatagramMax = 1200;   // bytes of an unreliable message; it must never fragment
inline constexpr std::size_t kReliableMax = 16384;  // bytes of a reliable message
inline constexpr std::size_t kSamplesMax = 8;       // pose samples in one bundle
inline constexpr std::size_t kNeighboursMax = 32;
inline constexpr std::size_t kMenuMax = 16;
inline constexpr std::size_t kWaypointsMax = 16;    // points of a way in or out
inline constexpr std::size_t kStopsMax = 7;         // on a way in or out
inline constexpr std::size_t kTroublesMax = 8;      // that one headset tells of at a time
inline constexpr std::size_t kPlannedPoints = 3;    // of a neighbour, at +3, +6, +10 s
inline constexpr unsigned kChildAge_years = 14;     // younger, or smaller, is a child
inline constexpr double kChildHeight_m = 1.35;

// Where a visit stands. The hall owns it; the headset shows what fits it. "Held" and "paused" are seen beside it
// in HallState (hold, safety), "swapped" is a visit that has moved to another headset.
enum class Phase : std::uint8_t {
  idle = 0,     // ready on the shelf, nobody bound
  arrived,      // a person is bound to it, ticket not yet accepted
  redeemed,     // ticket accepted, headset being fitted
  fitted,       // worn, place in the hall not yet known
  calibrated,   // both marks touched and in tolerance
  choosing,     // in the film menu
  waiting,      // chosen; planned start not yet here
  guided,       // gate 0 open: on the way to the first mark
  playing,
  held,         // playing, kept at a gate in a looping scene
  finished,     // last scene done; waits for gate n
  guided_out,   // on the way out
  returned,     // headset handed back
  cleaning,
  swapped,      // out of use; its visit goes on in another headset
  out_of_order,
};

enum class TrackingQuality : std::uint8_t { good = 0, inferred = 1, lost = 2 };
enum class Relation : std::uint8_t { stranger = 0, group = 1, pair = 2, staff = 3, unknown_body = 4 };
enum class PlayRun : std::uint8_t { running = 0, paused = 1, ended = 2 };
enum class DoorName : std::uint8_t { entrance = 0, exit = 1 };
enum class BlockStage : std::uint8_t { before = 0, walking = 1, in_scene = 2, done = 3 };

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
};

struct ClockRequest {  // unreliable
  std::uint32_t sequence = 0;
  HeadsetTime sent;
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
  Duration wait{0};                        // expected, seconds on the wire
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
};

struct ClockReply {  // unreliable
  std::uint32_t sequence = 0;
  HeadsetTime sent;                        // echoed
  HallTime received;                       // stamped at the socket
  HallTime replied;
};

struct Refusal {  // reliable
  std::uint32_t request = 0;
  std::string code;
  std::string text;
};

// ---------------------------------------------------------------- staff <-> hall

struct StaffHello {  // reliable, first message of a console, attendant device or tag reader
  std::uint8_t protocol_version = kProtocolVersion;
  std::string name;   // shown in logs, at most 32 bytes
  std::string key;    // staff key of the venue, at most 64 bytes
};

struct StaffWelcome {
  std::uint8_t protocol_version = kProtocolVersion;
  EpochId epoch;
  std::string venue_toml;
};

// Commands are absolute and idempotent: each names the state that shall hold.
struct BindTicket {
  HeadsetId headset;
  std::string ticket;
  std::uint16_t party = 0;     // 0: alone
  double height_m = 0.0;       // 0: not asked
  bool child = false;          // so is who is under kChildAge_years or kChildHeight_m
  std::uint8_t age_years = 0;  // 0: not asked
};
struct SetFitted { HeadsetId headset; bool fitted = true; };          // worn and comfortable
struct SetViewerPaused { HeadsetId headset; bool paused = true; };
struct ReleaseViewer { HeadsetId headset; };                          // out of stop or panic, after a look at him
struct SetHallStopped { bool stopped = true; };
struct SetEvacuation { bool evacuate = true; };
struct SwapHeadset { HeadsetId from; HeadsetId to; };                 // the visit goes on in `to`
struct PlaceBody {                                                   // a tap: somebody stands here
  std::uint16_t number = 0;
  HallPoint at;
  bool staff = false;
  HeadsetId beside = {};  // not none: walks beside this headset's viewer, holding his hand (a parent without a headset)
};
struct ConfirmBodyGone { BodyId body; };
struct LeadOut { HeadsetId headset; };                                // end this visit's play; he is led out
struct SetReturned { HeadsetId headset; };
struct SetCleaned { HeadsetId headset; };
struct SetAdmission { bool open = true; };                            // closing time: no new starts
struct TakeAlarm { std::uint32_t number = 0; };                       // somebody goes there: every console shows who
struct SetHallPaused { bool paused = true; };                         // all films freeze; all go on together when it ends
// Staff have looked: a cause that they may override (tracking::staff_may_override) counts as a warning at most for this
// viewer, until it has gone or they take it back.
struct LiftCause { HeadsetId headset; tracking::Cause cause = tracking::Cause::none; bool lifted = true; };
struct CountOut { BodyId body; bool out = true; };                    // in an evacuation: this person has left the hall
// What becomes of those whom an evacuation has interrupted. `headset` none: of all with whom nothing is settled yet.
enum class Settlement : std::uint8_t { open = 0, resume = 1, rebook = 2, refund = 3 };
struct SettleEvacuation { HeadsetId headset; Settlement settlement = Settlement::open; };
using StaffAction = std::variant<BindTicket, SetFitted, SetViewerPaused, ReleaseViewer, SetHallStopped, SetEvacuation,
                                 SwapHeadset, PlaceBody, ConfirmBodyGone, LeadOut, SetReturned, SetCleaned, SetAdmission,
                                 TakeAlarm, SetHallPaused, LiftCause, CountOut, SettleEvacuation>;

struct StaffCommand {  // reliable
  std::uint32_t request = 0;
  StaffAction action;
};

struct StaffReply {  // reliable
  std::uint32_t request = 0;
  bool accepted = false;
  std::string code;
  std::string text;
};

struct TagReport {  // unreliable, 10 Hz: an attendant's worn tag
  std::uint16_t tag = 0;
  HallTime time;
  HallPoint at;
  double error_m = 0.3;
};

struct FilmWait {  // one film, as somebody at the door would ask
  FilmId film;
  Duration wait{0};                       // expected, if it were chosen now
  std::uint8_t waiting = 0;               // viewers who have chosen it and wait
  std::uint8_t playing = 0;
};

enum class ContactState : std::uint8_t { none = 0, ready = 1, alarm = 2, fault = 3 };  // none: not connected to this hall

struct HallSummary {  // unreliable, 5 Hz
  EpochId epoch;
  std::uint32_t sequence = 0;
  HallTime time;
  bool stopped = false;
  bool evacuate = false;
  bool admission_open = true;
  bool box_office_reachable = false;
  std::uint16_t headsets = 0;
  std::uint16_t waiting = 0;
  std::uint16_t playing = 0;
  std::uint32_t plays_today = 0;
  std::uint32_t near_misses_today = 0;    // contacts included
  std::uint16_t outbox = 0;
  bool paused = false;                    // by SetHallPaused
  bool records_failing = false;           // nothing new starts
  std::uint16_t viewers = 0;              // bound to headsets now
  std::uint32_t redeemed_today = 0;       // tickets accepted
  std::uint32_t completed_today = 0;      // plays watched to the end
  std::uint32_t ended_early_today = 0;
  std::uint32_t contacts_today = 0;
  std::vector<FilmWait> waits;            // at most kMenuMax
  tracking::Cause evacuation_cause = tracking::Cause::none;  // while evacuating
  std::uint16_t people = 0;               // of the present or last evacuation: whom it found in the hall,
  std::uint16_t counted_out = 0;          // those of them who are known to have left,
  std::uint16_t unsettled = 0;            // and interrupted viewers of whom nobody has said what becomes of them
  ContactState fire_contact = ContactState::none;
  ContactState evacuate_button = ContactState::none;
};

struct HeadsetCard {  // unreliable, 5 Hz each: one headset and its visit, for the console
  std::uint32_t sequence = 0;
  HeadsetId headset;
  BodyId body;
  Phase phase = Phase::idle;
  FilmId film;
  std::uint8_t block = 0;
  std::uint8_t blocks = 0;
  Duration remaining{0};
  HallPoint position;
  double yaw_rad = 0.0;
  double error_m = 0.0;
  tracking::Level level = tracking::Level::clear;
  tracking::Cause cause = tracking::Cause::none;
  TrackingQuality tracking = TrackingQuality::lost;
  bool connected = false;
  bool worn = false;
  std::uint8_t battery_percent = 0;    // where battery_known
  std::uint8_t loss_percent = 0;
  Duration age{0};
  Duration wait{0};
  std::vector<HallPoint> route_ahead;  // places to come, the present block's first; at most kWaypointsMax
  bool placed = false;                 // `position` is known
  double radius_m = 0.0;               // uncertainty of `position` now: it grows while nothing is heard
  std::uint8_t scene = 0;              // from 1; 0: not in the film
  std::uint8_t scenes = 0;
  BlockStage stage = BlockStage::before;
  bool seated = false;
  std::uint16_t party = 0;
  bool child = false;
  bool staff_paused = false;           // until SetViewerPaused off
  bool stopped = false;                // until ReleaseViewer; by a hall stop or a panic, his own or another's
  bool panic = false;
  bool lost = false;                   // a body without a headset, until heard and worn or confirmed gone
  bool leading_out = false;
  bool marks_wanted = false;           // its place is not known until both marks are touched
  double residual_m = 0.0;             // of the last marks
  bool charging = false;
  std::int8_t temperature_c = 0;       // 0: not known
  std::uint16_t round_trip_ms = 0;
  std::uint8_t frame_rate = 0;         // pictures a second; 0: not known
  std::uint16_t late_permille = 0;     // of them late or dropped
  std::uint8_t photon_ms = 0;
  Duration waited{0};                  // since the film was chosen; before that, since the ticket was bound
  Duration late{0};                    // start as expected now less the one first told
  std::uint8_t reserved = 0;           // so many points of `route_ahead` are under authority: nobody else gets them
  std::vector<HallPoint> path_ahead;   // the way through them, from about where he is; at most kWaypointsMax
  std::uint8_t path_reserved = 0;      // so many points of `path_ahead` are under authority
  bool battery_known = true;
  bool swapping = false;               // lost because his headset is being changed, for as long as that may take
  tracking::CalibrationState drift = tracking::CalibrationState::none;  // of its place in the hall,
  tracking::DriftMeasure measured_by = tracking::DriftMeasure::none;    // what last measured it,
  double offset_m = 0.0;               // what that found,
  Duration measured_ago{0};            // and when; seconds on the wire
  std::uint8_t age_years = 0;          // 0: not asked
  std::uint16_t lifted = 0;            // causes that staff have lifted: bit 1 << cause
  bool escorted = false;               // `path_ahead` is the way along which an attendant leads him out; it is kept free
  bool counted_out = false;            // of an evacuation
  bool interrupted = false;            // by an evacuation, and not yet released or handed back
  Settlement settlement = Settlement::open;
};

struct BodyCard {  // unreliable, 5 Hz each: a body without a headset
  std::uint32_t sequence = 0;
  BodyId body;
  Relation kind = Relation::unknown_body;
  HallPoint position;
  double radius_m = 0.0;
  Duration age{0};
  std::uint16_t number = 0;  // as placed by PlaceBody, or the tag's; 0: neither
  bool tagged = false;       // it reports by itself
  HeadsetId beside = {};     // walks hand in hand with this headset's viewer; none: with nobody
  bool counted_out = false;  // of an evacuation
};

struct FilmCard {  // reliable, after StaffWelcome: one film of this hall
  FilmId film;
  std::string title_zh;  // at most 96 bytes each
  std::string title_en;
  bool seated = false;
  std::uint8_t scenes = 0;
  Duration length{0};
};

struct StaffAlarm {  // reliable, when it is raised or taken; recent ones after StaffWelcome
  std::uint32_t number = 0;  // rises; the same number again is the same alarm
  HallTime time;
  HeadsetId headset;         // none: the hall's
  bool placed = false;
  HallPoint at;              // where it was raised, if placed
  std::string code;          // for a text in the reader's language
  std::string text;          // one sentence
  std::string what_to_do;
  std::string taken_by;      // name of the console whose user goes there; empty: nobody yet
};

using Message = std::variant<Hello, HeadsetState, ClockRequest, ChooseFilm, RateFilm,
                             Welcome, HallState, ClockReply, Refusal,
                             StaffHello, StaffWelcome, StaffCommand, StaffReply, TagReport,
                             HallSummary, HeadsetCard, BodyCard, FilmCard, StaffAlarm>;

enum class Delivery : std::uint8_t { unreliable, reliable };
Delivery delivery_of(const Message& message);
std::string_view name_of(const Message& message);
std::string_view to_string(Phase phase);
std::string_view to_string(TrackingQuality quality);
std::string_view to_string(Relation relation);
std::string_view to_string(PlayRun run);
std::string_view to_string(DoorName door);
std::string_view to_string(Settlement settlement);
std::string_view to_string(ContactState state);
std::string_view to_string(BlockStage stage);
std::string_view to_string(Trouble trouble);

}  // namespace promenade::protocol

#pragma once
// The messages between the hall and its staff: consoles, attendants' devices, tag readers. Part of messages.h, where
// delivery and wire form are said.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "showcontrol/protocol/vocabulary.h"
#include "tracking/calibration.h"
#include "tracking/level.h"

namespace promenade::protocol {

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
  std::uint8_t people = 0;     // of the party, those still to come included: a class; 0: not said
  HeadsetId hand = {};         // of the one whose hand he is to hold, bound before him; none: the hall chooses
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
struct SetAdmission { bool open = true; };                            // closed: no new starts
struct TakeAlarm { std::uint32_t number = 0; };                       // somebody goes there: every console shows who
struct SetHallPaused { bool paused = true; };                         // all films freeze; all go on together when it ends
// Staff have looked: a cause that they may override (tracking::staff_may_override) counts as a warning at most for this
// viewer, until it has gone or they take it back.
struct LiftCause { HeadsetId headset; tracking::Cause cause = tracking::Cause::none; bool lifted = true; };
struct CountOut { BodyId body; bool out = true; };                    // in an evacuation: this person has left the hall
// What becomes of those whom an evacuation has interrupted. `headset` none: of all with whom nothing is settled yet.
enum class Settlement : std::uint8_t { open = 0, resume = 1, rebook = 2, refund = 3 };
struct SettleEvacuation { HeadsetId headset; Settlement settlement = Settlement::open; };
// By when everybody is to be out: what might end later, in the worst case, is not started. None: open end.
struct SetClosing { std::optional<HallTime> at = {}; };
using StaffAction = std::variant<BindTicket, SetFitted, SetViewerPaused, ReleaseViewer, SetHallStopped, SetEvacuation,
                                 SwapHeadset, PlaceBody, ConfirmBodyGone, LeadOut, SetReturned, SetCleaned, SetAdmission,
                                 TakeAlarm, SetHallPaused, LiftCause, CountOut, SettleEvacuation, SetClosing>;

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
  Duration wait{0};                       // as viewers are told who choose it now: MenuEntry::wait
  std::uint8_t waiting = 0;               // viewers who have chosen it and wait
  std::uint8_t playing = 0;
  std::optional<HallTime> last_admission = {}; // who chooses it later is not certain to be out at closing time; none: no closing time
};

// A class, or any party of more than one group holds: groups of it start in turn.
struct ClassGroup {
  std::uint8_t people = 0;
  HallTime start;                         // of its film: planned, or, as long as it is not, expected
  bool planned = false;
  bool started = false;
};
struct ClassProgress {
  std::uint16_t party = 0;
  FilmId film;
  std::uint8_t people = 0;
  std::uint8_t done = 0;                  // whose visit is over
  std::vector<ClassGroup> groups;         // in the order of their starts; at most kClassGroupsMax
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
  std::vector<ClassProgress> classes;     // at most kClassesMax
  std::optional<HallTime> closing = {};   // as SetClosing says
  std::optional<HallTime> all_out = {};   // when all who have a start are out, in the worst case; none: nobody has, or no closing time
};

// What the next gate of somebody who stands still waits for, as the interlocking sees it.
enum class WaitsFor : std::uint8_t {
  none = 0,
  scene,      // his own scene still plays
  play,       // another play goes first, or is still there
  body,       // somebody stands in the way
  companion,  // another one of his group, who is behind or not ready
  ready,      // he himself is not ready: paused, headset not worn or not heard, place not known
  start,      // his turn to come in has been planned and is not yet
  plan,       // no start has been found yet
};

// Whose group has started without him.
enum class Latecomer : std::uint8_t {
  none = 0,
  waits,      // until it stands in a scene where he can join it, and he is ready
  led,        // on his way to it: it is held for him
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
  WaitsFor waits_for = WaitsFor::none;
  HeadsetId waits_for_headset;         // of `play` and `companion`, and of `body` where a viewer stands there
  BodyId waits_for_body;               // of `body`
  HallPoint waits_at;                  // where he goes next; of `scene`: where he is; of `body`: where that stands; of `plan`: nothing
  std::optional<HallTime> waits_until; // until then, if everybody walks at his nominal speed; none: that says nothing
  Latecomer latecomer = Latecomer::none;
  std::uint8_t joins_scene = 0;        // of the film, in which he is to join his group, or has joined it; 0: none
  std::uint16_t clock_error_us = 65535;  // half-width of its hall time; 65535: not synchronised
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

struct ForecastPoint {
  HallPoint at;
  Duration after{0};  // since PlayForecast::time; up to 819.1 s
};

// Unreliable, every 2 s each, and at once after StaffWelcome: where a play will be if everybody walks at his nominal speed
// from `time` and nobody stands in the way (planning::Interlocking::projected). A forecast, not a place of anybody. None is
// told while the hall is paused, stopped or being evacuated.
struct PlayForecast {
  PlayId play;                       // of its first member
  HallTime time;                     // when it was made
  FilmId film;
  std::vector<HeadsetId> headsets;   // who walk it; at most kForecastHeadsetsMax
  std::vector<ForecastPoint> points; // in order of time, straight and at even speed from one to the next; before the first one
                                     // he has not come in yet; at most kForecastPointsMax, and none beyond kForecastSpan
  bool ends = false;                 // with the last point he has left the floor; else nothing is known after it
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

std::string_view to_string(Settlement settlement);
std::string_view to_string(ContactState state);
std::string_view to_string(WaitsFor waits_for);
std::string_view to_string(Latecomer latecomer);

}  // namespace promenade::protocol

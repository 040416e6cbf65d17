#pragma once
// What the hall keeps of a viewer, of his play, and of a course: the plan that one viewer or a group walks.
// Plain values with the table of phases that may follow each other. Owned by the hall core.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/hall/config.h"
#include "showcontrol/hall/events.h"
#include "showcontrol/hall/ways_out.h"
#include "showcontrol/planning/plan.h"
#include "tracking/level_filter.h"
#include "tracking/safety.h"

namespace promenade::hall {

using base::BodyId;
using base::HallTime;
using base::HeadsetId;
using base::PlayId;
using base::ViewerId;
using protocol::BlockStage;
using protocol::Phase;
using tracking::HallPoint;
using tracking::HallVec;

// Whether a visit (or a headset on the shelf) may go from one phase to the other. Staying is always allowed.
bool may_follow(Phase from, Phase to);
bool before_start(Phase phase);   // arrived .. waiting
bool under_way(Phase phase);      // guided .. guided_out: on the floor with or after a play
bool film_runs(Phase phase);      // playing, held

// How far a viewer has come in his course, as far as the hall trusts it: never beyond what was granted, never back.
struct Walked {
  std::uint8_t block = 0;
  BlockStage stage = BlockStage::before;
  base::Duration scene_time{0};
  bool ready = false;
  friend bool operator==(const Walked&, const Walked&) = default;
};
bool is_ahead(const Walked& a, const Walked& b);  // a has come further than b

struct Play {  // one viewer's play, as the box office counts it
  PlayId id;
  std::string code;               // HALL-EPOCH-N
  PlayId course;
  Walked walked;                  // in the course's blocks
  std::uint8_t place = 0;         // in the group's formation: which lane of the course is his
  ViewerId hand;                  // with whom he walks hand in hand; none: with nobody
  // Of a latecomer: the film's scene in which he joined his group, and how he came there. `shift` is what the course's
  // block numbers are beyond those of his headset, which knows only its own way in.
  std::uint8_t enter_scene = 0;
  int shift = 0;
  std::vector<HallPoint> joined_way;
  std::vector<std::uint8_t> joined_stops;
  bool granted = false;           // the grant has been recorded
  bool started = false;           // its start has
  bool ended = false;             // its end has
  bool completed = false;
  bool out = false;               // has left the floor, or no longer walks the course
  int interruptions = 0;
  int swaps = 0;
  double shown_s = 0.0;           // film time under way, and the part of it with the headset worn
  double worn_s = 0.0;
  double motion_m = 0.0;          // path of the head, turning included
};

// What a wait hangs on, and so what is learned apart: a film that has room now, the same while others wait for other films, one
// that has to wait for room, a chair.
enum class WaitKind : std::uint8_t { room, contested, no_room, chair };
inline constexpr std::size_t kWaitKinds = 4;

struct Visit {
  ViewerId viewer;
  HeadsetId headset;
  BodyId body;
  Phase phase = Phase::arrived;
  HallTime arrived;
  std::int64_t arrived_utc_ms = 0;  // device time of the redemption; the same whenever it is asked again

  std::string token;                // of the ticket as scanned
  std::string redemption_key;
  base::TicketId ticket;
  std::string redemption;           // as the box office names it
  std::vector<base::FilmId> allowed;
  std::uint16_t party = 0;          // 0: alone
  ViewerId wants_hand;              // of the other one of his pair, as staff said; none: nobody said
  std::uint8_t party_people = 0;    // that belong to it, as staff said; 0: not said
  double height_m = 0.0;
  bool child = false;
  std::uint8_t age_years = 0;       // 0: not asked

  base::FilmId film;
  std::string language = "zh";
  std::optional<HallTime> chosen;   // when the film was chosen: his place in the queue
  std::optional<HallTime> first_told;    // no later than this his start was to be, as he was first told
  std::optional<HallTime> first_likely;  // and when it was thought likely; not recorded, as is the next
  WaitKind told_kind = WaitKind::no_room;
  bool late_learned = false;  // that he waited longer than told; not recorded
  bool unfit = false;                  // his film had no place in this hall when it was last planned: no room is kept for it; not recorded
  bool too_late = false;               // his film would not end before closing time, and staff know it; not recorded
  std::optional<Play> play;

  bool staff_paused = false;
  bool stopped = false;             // by hall stop or somebody's panic, until released
  tracking::Cause stop_cause = tracking::Cause::operator_command;
  bool panic = false;               // his own gesture, until released
  bool leading_out = false;         // staff end this visit's play as soon as no authority is left
  bool unopened_gate = false;       // found in a block that nobody opened for him
  std::optional<HallTime> swap_until;  // his headset is being changed: nobody misses him before
  bool interrupted = false;         // by an evacuation, until released or handed back
  protocol::Settlement settlement = protocol::Settlement::open;  // what becomes of the interrupted film
  bool counted_out = false;         // of the evacuation
  int came_in_again = 0;            // times he was counted out and was then let go on

  // Of this run only, not recorded.
  std::uint64_t durable_at = 0;     // token of his newest record
  RequestId ticket_request, change_request;
  std::uint32_t choose_request = 0;
  base::FilmId wanted_film;         // while a change of film is asked for
  PeerId reply_peer;                // who waits for the answer about the ticket
  std::uint32_t reply_request = 0;
  tracking::LevelFilter filter;
  tracking::Concern ordered;        // as last told
  HallTime warned_since;            // he has been at warn or above since then; of no meaning at clear
  HallTime evaluated;
  bool evaluated_once = false;
  std::array<HallPoint, protocol::kPlannedPoints> planned{};  // of the plan, at +3, +6, +10 s
  bool has_planned = false;
  bool lost = false;                // a body without a headset, until heard and worn again
  bool taken_off = false;           // lost because it was not on his head: worn again elsewhere, another may wear it
  bool awaited = false;             // restored, and not yet heard from with his place
  bool running = false;             // staff have been told
  bool fallen = false;              // likewise
  std::optional<HallPoint> worn_at;  // where the headset was worn last; none: not heard worn in this run
  HallPoint last_head;
  double last_yaw = 0.0;
  bool head_known = false;
  std::uint16_t lifted = 0;         // causes that staff have lifted: bit 1 << cause
  std::array<HallTime, tracking::kCauseCount> lifted_seen{};  // when each was there last
  HallTime held_since{};            // at pause or above because of what is measured; nothing else says how long
  bool held = false;
  bool held_told = false;           // staff have been called to one who is held for long
  bool way_refused = false;         // he asked for a way that is not on offer
  bool drift_told = false;          // likewise of a place that has drifted,
  std::optional<HallTime> jump_told;
  bool place_told = false;          // and of one that is no longer trusted
  bool stay = false;                // somebody else steps away first
  BodyId yields_to;                 // who goes on first of those who were held too close; he waits until that one is away
  HallTime yields_since{};          // when that one was let go
  bool yields_running = false;
  WaysOut::Way way_out;             // in an evacuation
  HallTime way_out_found{};         // when it was looked for last
  planning::Path escort_way;        // along which an attendant leads him out; kept free
  HallTime escort_kept{};           // when the rest of it was last told to the interlocking
  BodyId escort_hand;               // the attendant's tag that has him by the hand
  bool blocks_others = false;       // stands as a body in the interlocking
  HallPoint blocks_at;
  double blocks_radius_m = 0.0;
};

// The plan that one viewer, or a group, walks. Its id is that of its first member's play.
struct Course {
  PlayId id;
  base::FilmId film;
  const Film* shown = nullptr;      // of the films in force; null when the film was taken away since
  planning::PlayPlan plan;
  std::vector<ViewerId> members;
  std::vector<ViewerId> awaited;    // for whom a place is kept in the group: left behind at its start, or still being fitted
  std::size_t seat = kNoSeat;       // index of the venue's seats
  int granted_gate = -1;
  bool closed = false;              // nobody walks it any more: no longer in the interlocking
  HallTime committed;

  std::uint64_t plan_token = 0;     // records that must be durable before plan and gate are told
  std::uint64_t gate_token = 0;
  HallTime authority_until;         // latest end of any authority told
  HallTime next_overtake{};         // not asked for before
  HallTime gate_opened{};           // the last one
  std::optional<std::uint8_t> choice;   // of the first choice that is open in the plan; holds when its record is durable
  std::uint64_t choice_token = 0;
  std::optional<HallTime> unfit_since;  // its gate 0 could open but somebody is not ready

  static constexpr std::size_t kNoSeat = ~std::size_t{0};
  std::size_t blocks() const { return plan.blocks.size(); }
  std::size_t first_scene() const { return plan.first_scene_block(); }  // blocks before it end at stops of the way in
  std::size_t scenes() const { return plan.last_scene_block() + 1; }    // the blocks from here on are the way out
};

// Of a film with choices: which way goes on at each that his plan meets, and what else is on offer there.
std::vector<protocol::WayOrder> ways_told(const Course& course);

}  // namespace promenade::hall

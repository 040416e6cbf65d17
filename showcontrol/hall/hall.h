#pragma once
// The hall core: every decision about viewers, plays, gates and safety in one hall, as a deterministic state
// machine. Events go in, effects come out, in order; the same calls give the same effects. It reads no clock and
// opens no file: `now` is hall time and must not go back. One owner thread. Frame: hall floor; metres, seconds.
//
// The rim's part: send `Send`s, answer every Ask* by its *Answered event, make each `Persist` durable in order and
// report it by `Persisted` (or `PersistFailed`, after which the core asks again), call `tick` at least as often as
// the downlink rate. What is announced (plans, authorities, ends) waits for its Persisted; levels, pauses and
// stops wait for nothing: of the effects of one call what is told to peers comes first. A new Hall from the records of an older one, with a higher epoch, goes on where it was.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "showcontrol/hall/config.h"
#include "showcontrol/hall/events.h"
#include "tracking/body.h"

namespace promenade::hall {

struct BodyView {  // one person
  base::BodyId id;
  tracking::BodyKind kind = tracking::BodyKind::viewer;
  base::HeadsetId headset;        // none: nobody reports
  tracking::HallPoint position;
  tracking::HallVec velocity;
  base::HallTime heard;
  double error_m = 0.0;
  tracking::Level level = tracking::Level::clear;  // as ordered by the hall
  tracking::Cause cause = tracking::Cause::none;
};

struct VisitView {  // one viewer, from the binding of his ticket to the cleaning of his headset
  base::ViewerId viewer;
  base::HeadsetId headset;
  base::BodyId body;
  protocol::Phase phase = protocol::Phase::idle;
  base::TicketId ticket;
  std::string redemption;
  base::FilmId film;              // ticketed until chosen
  base::PlayId play;              // none before the plan is committed
  std::string play_code;          // as the box office knows it
  base::HallTime start;           // told; of the plan
  std::uint8_t block = 0;
  std::uint8_t blocks = 0;
  int granted_gate = -1;
  bool held = false;
  bool staff_paused = false;
  bool stopped = false;           // until released by staff
};

struct Counts {  // since this Hall was made, unless stated
  std::uint64_t bundles = 0;
  std::uint64_t bundles_old = 0;         // late or repeated, dropped
  std::uint64_t refused_messages = 0;
  std::uint64_t impossible_poses = 0;    // that nobody can have walked to
  std::uint64_t places_doubted = 0;      // headsets whose place was given up for that
  std::uint64_t notes_dropped = 0;
  std::uint64_t tickets_accepted = 0;
  std::uint64_t tickets_refused = 0;
  std::uint64_t plans_asked = 0;
  std::uint64_t looks_asked = 0;  // only to tell how soon a film would find room
  std::uint64_t plans_committed = 0;
  std::uint64_t plans_stale = 0;         // answers that no longer held
  std::uint64_t gates_opened = 0;
  std::uint64_t plays_started = 0;
  std::uint64_t plays_completed = 0;
  std::uint64_t plays_ended_early = 0;
  std::uint64_t swaps = 0;
  std::uint64_t near_misses = 0;
  std::uint64_t contacts = 0;
  std::uint64_t wall_near_misses = 0;
  std::uint64_t wall_contacts = 0;
  std::uint64_t commands_without_gate = 0;  // headsets found in a block that nobody opened for them
  std::uint64_t level_entries[5] = {};   // times that a viewer's level rose to it
  double level_seconds[5] = {};          // viewer-seconds of playing at each level
  std::uint64_t persist_failures = 0;
};

class Hall {
 public:
  // `restored`: every state record of earlier runs, in any order; none on the first. Records that cannot be read
  // are programmer errors of an older version: they are dropped and noted in the first tick.
  Hall(HallConfig config, const std::vector<StateRecord>& restored);
  ~Hall();
  Hall(Hall&&) noexcept;
  Hall& operator=(Hall&&) noexcept;

  void handle(const Event& event, base::HallTime now, Effects& out);
  // Gates, planning, expiry, downlinks and cards that are due.
  void tick(base::HallTime now, Effects& out);
  // Records of a stop, pause, panic or evacuation, which handle leaves until everybody has been told: to be asked for
  // when its effects have been carried out. Tick does it, too.
  bool has_unwritten() const;
  void write_down(base::HallTime now, Effects& out);
  // When tick has something to do next, at the latest; for rims that sleep or jump.
  base::HallTime next_tick() const;

  // Views for metrics, cards and tests; they allocate and are not for the hot path.
  std::vector<BodyView> bodies() const;
  std::vector<VisitView> visits() const;
  const Counts& counts() const;
  protocol::HallSummary summary(base::HallTime now) const;
  const planning::Interlocking& interlocking() const;
  base::EpochId epoch() const;
  const ContactsRead& contacts() const;  // as last told

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The planner's view of a venue's floor, and a film's route as it is planned (a seated film is one scene).
planning::FloorPlan floor_plan(const tracking::Venue& venue);
package::Route planned_route(const package::Manifest& manifest);

}  // namespace promenade::hall

#pragma once
// Sectional interlocking: which viewer may pass which gate, so that two conflicting blocks are never occupied at
// the same time at any pace of walking, and everybody who keeps walking finishes (proof in docs/planning.md).
// Pure state without a clock; time, where needed, is an argument in seconds on the hall's clock. Owned by the
// hall's loop; `snapshot` gives the planner a copy. Unknown plays are programmer errors, except where stated.
//
// Use: `check` and `add` a plan; at each gate ask `may_enter` and, when the authority is sent, `grant`; report
// every move by `progress`. A viewer always may stay in a place that he was granted.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/planning/conflict.h"
#include "showcontrol/planning/plan.h"
#include "tracking/base/result.h"

namespace promenade::planning {

// A body in the way: an attendant, a fallen viewer, a stray one. No gate opens into a block that comes within
// `radius_m` of it (so the radius includes the separation that walkers keep from it; in a snapshot kPlannedClearance_m more).
struct BlockingBody {
  base::BodyId id;
  HallPoint at;
  double radius_m = 0.0;
  Path way = {};  // not empty: the way along which he is led, kept free as well
  double stood_s = 0.0;  // in a snapshot: how long he has been there already, or his way been kept
};
bool touches(const Block& block, const BlockingBody& body);

struct GateAnswer {
  bool open = false;
  base::PlayId waits_for;             // the play ordered before, none when open or a body is in the way
  std::size_t waits_for_block = 0;
  base::BodyId body;                  // the body in the way, none otherwise
};

// Where a viewer is on his plan: in `block` (none before the first gate), `position_m` along its path. `granted`
// is the last block that he may enter (the same block, or the next one).
struct Progress {
  std::optional<std::size_t> block;
  double position_m = 0.0;
  std::optional<std::size_t> granted;
  double ready_s = 0.0;  // when he will be ready for the next gate; from his arrival in the place on
  friend bool operator==(const Progress&, const Progress&) = default;
};

// One play as it will go if everybody walks at his nominal speed from now: the gate times that a new plan is made
// against. Times of blocks already entered lie in the past, reckoned back from the present position.
struct ProjectedPlay {
  PlayPlan plan;                // enter_s and end_s hold the projection
  std::size_t first_block = 0;  // blocks before this one are over
  double late_s = 0.0;          // against the plan that was committed; negative: early
  double hold_s = 0.0;          // the longest hold that is yet to come beyond what the scenes allow
  std::size_t let_into = 0;     // so many of its blocks' gates are open or passed: their times are no more to be chosen
  // The gate at which he has waited while others who came later were put before him: no more of them are.
  std::optional<std::size_t> kept_gate = {};
};

struct OrderWait {  // a gate into a block waits until `play` has cleared its block
  base::PlayId play;
  std::size_t block = 0;
  double clear_m = 0.0;
  bool to_place = false;
  friend bool operator==(const OrderWait&, const OrderWait&) = default;
};

// All that is held of one play, for records that a later run restores.
struct SavedPlay {
  PlayPlan plan;
  Progress at;
  std::vector<std::vector<OrderWait>> waits;  // for each block
  int overtaken = 0;                          // by others
  int passed = 0;                             // others who were put before him since he waits at his gate
  double held_until_s = 0.0;                  // he goes on no sooner (expect_held); nothing for records, it is said again and again
  friend bool operator==(const SavedPlay&, const SavedPlay&) = default;
};

struct Retimed {  // a play under way whose viewer is to be held otherwise than projected; gates passed, open or due stand
  base::PlayId play;
  std::vector<double> enter_s;
  double end_s = 0.0;
};

struct Snapshot {
  double now_s = 0.0;
  std::vector<ProjectedPlay> plays;   // in order of play id
  std::vector<BlockingBody> bodies;
};

// The gate at which the viewer stands and from which he could go on, were it open; none: he walks, or his scene plays.
std::optional<std::size_t> due_gate(const SavedPlay& play, double now_s);
// How long a body in the way and a pause are taken to last, where nobody knows: said anew as long as they do.
inline constexpr double kStandsStill_s = 10.0;

// Plans keep farther from a body in the way than the gates ask (which keep the distance at which the hall pauses a walker):
// nobody walks on a line, and one who is led past at just that distance is paused again and again. About the wander of a
// walker round his path, 0.14 to 0.25 m (standard deviation) in the walker model.
inline constexpr double kPlannedClearance_m = 0.3;
inline constexpr int kPassedMost = 4;  // put before one viewer at one gate while he waits there

class Interlocking {
 public:
  explicit Interlocking(FloorPlan floor);

  // Whether the plan can be added at `now_s`: every conflict with what is projected has a clear order, no order
  // closes a circle, no viewer who is already under way would have to yield his place, and nobody who waits at a gate
  // has a few put before him already. Error codes:
  // "plan-conflicts", "plan-deadlock", "plan-late" (its entry is in the past), "plan-duplicate".
  base::Result<void> check(const PlayPlan& plan, double now_s) const;
  // `check`, then takes the plan in with its orders.
  base::Result<void> add(const PlayPlan& plan, double now_s) { return add(plan, {}, now_s); }
  // The same where plays under way are held otherwise to make room: their orders with all others are made anew from the new
  // times, which all orders then follow.
  base::Result<void> add(const PlayPlan& plan, const std::vector<Retimed>& retimed, double now_s);
  // The viewer has left the floor: all his blocks are free. Unknown plays are ignored.
  void remove(base::PlayId play);

  const SavedPlay& saved(base::PlayId play) const;
  // Takes in plays as an earlier run held them, with their orders and places. Nothing is held when they contradict
  // each other ("plans-contradict": a circle of orders, or a record without a gate for each block).
  base::Result<void> restore(std::vector<SavedPlay> plays);

  bool contains(base::PlayId play) const;
  const PlayPlan& plan(base::PlayId play) const;        // as committed
  const Progress& progress_of(base::PlayId play) const;
  std::vector<base::PlayId> plays() const;

  // Whether the gate into `block` may be opened now: whoever is ordered before has cleared it, and nobody has been let
  // into a block that meets it, whatever the orders say. Only the block after the viewer's last granted one is ever
  // open, and only once he is in that last one.
  GateAnswer may_enter(base::PlayId play, std::size_t block) const;
  // The body that stands in the block or on whose way it lies; none: nobody.
  base::BodyId body_in_way(const Block& block) const;
  // Authority sent: the block counts as occupied from here on. Asserts that may_enter is open.
  void grant(base::PlayId play, std::size_t block);
  // Lets `play`, who waits at the gate into `block`, go before the one that he waits for, if that one has not been let
  // into the contested block, no circle arises, and all plays together are projected to end sooner; nobody is overtaken
  // more than a few times. The plays whose orders changed (their records want writing before the gate is told); none
  // when nothing changed.
  std::vector<base::PlayId> overtake(base::PlayId play, std::size_t block, double now_s);
  // The viewer goes `option` at the first choice that is open in his plan (next_choice), which must be on offer and before any
  // gate behind it is open: his plan shrinks to what can still come, and nobody waits any more for what cannot. The plays
  // whose records changed, in which his blocks have other numbers now: all of them are to be written together.
  std::vector<base::PlayId> choose(base::PlayId play, std::uint8_t option);
  // Authority that certainly was not used (expired or never sent) is taken back; asserts that it was not entered.
  void revoke(base::PlayId play, std::size_t block);
  // The viewer is in a granted block, so far along its path. Moves back or of a block not granted are ignored
  // (false): he has strayed, which is the caller's concern. On arrival in the place (within 1 mm of the path's
  // length) he is taken to be ready for the next gate after the nominal stay.
  bool progress(base::PlayId play, std::size_t block, double position_m, double now_s);
  // A better estimate of when a viewer who is in a place will be ready (his film paused, or its scene is over).
  void expect_ready(base::PlayId play, double ready_s);
  // Nothing is told to him before then, wherever he is: he is at pause.
  void expect_held(base::PlayId play, double until_s);

  void block_body(base::BodyId id, HallPoint at, double radius_m, double now_s);  // or moves it
  // The same with the way along which he is being led: no gate opens into a block within `radius_m` of it either.
  void block_way(base::BodyId id, HallPoint at, double radius_m, Path way, double now_s);
  void unblock_body(base::BodyId id);

  // Forward simulation of every play from where it is, at nominal speeds, held only by others, in the orders that
  // were committed, and by bodies in the way of gates that are not open yet, for kStandsStill_s.
  // `slowness` times as long as nominal for every walk and stay that is still before somebody: later durations end nothing
  // sooner, so that this is the worst case of all that are at most so slow. The beginning of a play stands.
  std::vector<ProjectedPlay> projected(double now_s, double slowness = 1.0) const;
  // The same as if `plan` had been taken in by `add`; its errors.
  base::Result<std::vector<ProjectedPlay>> projected_with(const PlayPlan& plan, const std::vector<Retimed>& retimed, double now_s, double slowness) const;
  Snapshot snapshot(double now_s) const;

  // For tests and monitors: two plays that occupy conflicting blocks at this moment, if any.
  std::optional<std::string> violation() const;

 private:
  using Wait = OrderWait;
  using Entry = SavedPlay;
  struct Orders {
    std::vector<std::vector<Wait>> own;                                          // of the new plan's blocks
    std::vector<std::pair<std::pair<base::PlayId, std::size_t>, Wait>> others;   // (play, block) waits for the new plan
  };

  bool cleared(const Wait& wait) const;
  // Who goes first wherever the plan meets a play whose blocks from `first_block` on are as projected.
  base::Result<void> order_pair(const PlayPlan& plan, const ProjectedPlay& other, Orders& orders) const;
  base::Result<void> order_joined(const PlayPlan& plan, const ProjectedPlay& other, Orders& orders) const;
  base::Result<std::map<base::PlayId, Entry>> with(const PlayPlan& plan, const std::vector<Retimed>& retimed, double now_s) const;
  base::Result<void> order_anew(std::map<base::PlayId, Entry>& entries, const ProjectedPlay& one, const ProjectedPlay& other) const;
  base::Result<void> count_passing(std::map<base::PlayId, Entry>& entries, double now_s) const;
  bool turn_orders(std::map<base::PlayId, Entry>& entries, base::PlayId play, std::size_t block, std::size_t last, base::PlayId other) const;
  std::optional<std::vector<ProjectedPlay>> project(const std::map<base::PlayId, Entry>& entries, double now_s, double slowness = 1.0) const;

  FloorPlan floor_;
  std::map<base::PlayId, Entry> entries_;
  struct Standing {
    BlockingBody body;
    HallPoint since_at;  // where he was then
    double since_s = 0.0;
  };
  std::map<base::BodyId, Standing> bodies_;
};

}  // namespace promenade::planning

#pragma once
// One of the two hall programs that stand in for each other: who leads, under which epoch, until when it may give
// authority, and what must be durable before it is told. Pure state machine, one thread: it reads no clock and sends
// nothing; `now` is this program's own steady time and must not go back. Both ends run this class.
//
// What it holds to, whatever is lost, delayed, doubled or cut off, and whenever one of the two is killed (simulated in
// tests/succession; why: docs/decisions/0028-standby.md):
// - Every epoch is taken by one member only (the first takes odd ones, the second even ones), is durable before it is
//   used, and is higher than every epoch that had authority before it.
// - A leader that has armed the other one gives authority only until its lease ends. The lease counts from when a word
//   was sent; the follower's promise not to take over counts from when it was heard, and is longer.
// - What is told as durable is durable at both, unless nobody else can take over (`alone`).
// - A program that has just begun leads nobody before it has heard the other one, unless it is alone.
//
// The rim's part: say `word()` every kWordEvery and whenever `take_urgent()`; make `to_save()` durable and report it by
// `saved`; carry records from leader to follower in order, the first time whole, and report by `records_kept`.

#include <cstdint>
#include <deque>
#include <optional>

#include "tracking/base/clock.h"
#include "tracking/base/id.h"

namespace promenade::succession {

using base::Duration;
using base::EpochId;

struct MemberClock {  // one hall program's steady clock; its zero means nothing to the other one
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<MemberClock, Duration>;
  static constexpr bool is_steady = true;
};
using MemberTime = MemberClock::time_point;

inline constexpr Duration kWordEvery{100'000};
inline constexpr Duration kPromise{2'000'000};       // so long after the leader's last word a follower does not take over
inline constexpr Duration kLeaseMargin{50'000};      // by which a lease ends before the promise: clocks up to 1 % apart are covered

// Where somebody's records end: the epoch of the leader they came from, and how many that leader had made.
struct Position {
  EpochId epoch;
  std::uint64_t index = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

// What survives a crash.
struct Kept {
  EpochId epoch;            // the highest known: taken here, or by the other one
  std::uint64_t run = 0;    // rises with every beginning, also where all else was lost: a new disk begins with the time
  bool alone = false;       // nobody else can take over, until somebody has been armed
  friend bool operator==(const Kept&, const Kept&) = default;
};

// Written in one go. `begins_records`: this end's records count from {kept.epoch, 0} from then on.
struct Save {
  Kept kept;
  bool begins_records = false;
  friend bool operator==(const Save&, const Save&) = default;
};

enum class Role : std::uint8_t {
  waiting = 0,  // has begun, and does not know whether the other one leads: serves nobody
  following,    // keeps the leader's records; takes over when it has been armed and hears nothing
  leading,
  left,         // ended on purpose; never takes over again in this run
};

// All that one member has to say to the other one: state, not edges.
struct Word {
  Role role = Role::waiting;
  EpochId epoch;                // durable here: led under, or the highest known
  EpochId wants;                // waiting: would lead under this one, if the other agrees; none: would not
  std::uint64_t run = 0;        // the sender's
  std::uint64_t number = 0;     // rises within a run
  std::uint64_t heard_run = 0, heard = 0;  // the newest word of the other that binds the sender: the leader's lease hangs on it
  Position records;             // durable here
  bool armed = false;           // leading: the run in heard_run may take over; following: it may
  friend bool operator==(const Word&, const Word&) = default;
};

// For the simulation alone, to show that it finds what each rule is there for. The program uses the defaults.
struct Rules {
  bool lease_ends = true;             // authority only within the lease
  bool records_at_both = true;        // durable means at both
  bool new_run_waits = true;          // who has begun does not lead before it has heard the other
  bool epochs_rise = true;            // a new epoch is higher than all known
};

class Member {
 public:
  enum class Place : std::uint8_t { first, second };  // fixed for good; the first begins alone
  // `records`: as the journal has them.
  Member(Place place, Kept kept, Position records, Rules rules = {});

  // Words that are older than the newest heard are ignored.
  void hear(const Word& word, MemberTime now);
  void step(MemberTime now);
  // Ends on purpose: a follower will not take over any more. The next word says so.
  void leave();

  // To be made durable, in order; none: nothing to do. Stays until `saved` with it, unless something newer replaces it.
  const std::optional<Save>& to_save() const { return to_save_; }
  void saved(const Save& save);
  // Leading: this end's own records up to `index` of this epoch are durable. Following: the leader's are.
  void records_kept(Position records);

  // What to say now; counted as sent. Only once speaks().
  Word word(MemberTime now);
  bool speaks() const { return begun_; }
  bool take_urgent();                 // something has changed that the other one should know at once

  Role role() const { return role_; }
  EpochId epoch() const { return kept_.epoch; }
  bool alone() const { return kept_.alone && !(to_save_ && !to_save_->kept.alone); }
  bool armed() const;                 // following: may take over. Leading: the other one may
  // Leading: authority may be given that ends by then; in the past: none may. MemberTime::max(): without bound.
  MemberTime authority_until() const;
  // Leading: this index of this epoch and all before it may be told as durable.
  std::uint64_t shared_index() const;
  // Following: whose records are wanted (its epoch), whole from the beginning; none: not following.
  std::optional<EpochId> leader_epoch() const;
  const std::optional<Word>& other() const { return other_; }  // newest heard

 private:
  void hear_waiting(const Word& word, MemberTime now);
  void hear_following(const Word& word, MemberTime now);
  void hear_leading(const Word& word, MemberTime now);
  void follow(const Word& leader, MemberTime now);
  void bind(const Word& word, MemberTime now);
  void agree(const Word& word, MemberTime now);
  void take_lead(EpochId epoch, bool alone);
  void note(EpochId epoch, bool alone);
  void become(Role role);
  void arm_when_level();
  bool outranks(const Word& word) const;   // this end's records are what should go on
  EpochId next_own(EpochId after) const;

  Place place_;
  Rules rules_;
  Kept kept_;                              // durable
  std::optional<Save> to_save_;
  Role role_ = Role::waiting;
  Position records_;
  bool begun_ = false;                     // this run's number is durable
  bool urgent_ = false;

  std::optional<Word> other_;
  std::uint64_t bound_run_ = 0, bound_ = 0;  // newest word that a promise was made for
  EpochId wants_;

  // following
  bool may_take_over_ = false;
  MemberTime promised_until_{};

  // leading
  struct Sent {
    std::uint64_t number = 0;
    MemberTime at;
  };
  std::deque<Sent> sent_;                  // of the last kPromise
  std::uint64_t number_ = 0;
  MemberTime lease_until_ = MemberTime::min();
  std::uint64_t arming_run_ = 0;           // of the other, once to_save_ is durable
  std::uint64_t armed_run_ = 0;            // of the other; 0: none
  std::uint64_t other_index_ = 0;          // of this epoch, durable there
};

}  // namespace promenade::succession

#pragma once
// A hall program that another one stands by for, or that stands by: follows until it leads (PairFollower), and carries its
// records to the other one while it leads (PairWorker). What is decided, and why, is succession::Member's; here are its
// line, its clock and its disk. Rim.

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "showcontrol/server/pair_line.h"
#include "showcontrol/server/pair_records.h"
#include "showcontrol/server/workers.h"

namespace promenade::server {

struct PairLead {  // what a member that has come to lead goes on with
  succession::Member member;
  PairLine line;
  ticketing::store::HallJournal journal;
};

class PairFollower {
 public:
  // `alone`: staff have made sure that the other one is off, and stays off until it has followed this one.
  static base::Result<PairFollower> open(ticketing::store::HallJournal journal, PairAddress address, link::HallKeys keys, bool alone);
  // Follows, or waits, until this one leads. Nothing: it was stopped, and has told the other one that it leaves.
  // `tell`: sentences for a person. One thread; blocks.
  std::optional<PairLead> wait(std::stop_token stop, const std::function<void(const std::string&)>& tell);
  std::uint16_t port() const { return line_.port(); }

 private:
  PairFollower(succession::Member member, PairLine line, ticketing::store::HallJournal journal)
      : member_(std::move(member)), line_(std::move(line)), journal_(std::move(journal)) {}
  void take(const succession::Batch& batch);
  void save();
  void ask_for_copy(succession::MemberTime now);
  void tell_state(const std::function<void(const std::string&)>& tell);
  void leave();

  succession::Member member_;
  PairLine line_;
  ticketing::store::HallJournal journal_;
  // A copy is whole for one line and one leader; what follows it must follow without a gap.
  std::optional<std::pair<std::uint64_t, base::EpochId>> copied_;
  std::uint64_t index_ = 0;
  succession::MemberTime next_word_{}, ask_again_{};
  std::optional<std::pair<succession::Role, bool>> told_;
  std::string failing_;  // what the disk said last
  std::optional<std::string> failed_;
};

// The thread named "pair" of a hall that leads.
class PairWorker {
 public:
  struct Parts {  // owned elsewhere, alive while the worker is
    StoreWorker& store;
    PairInbox& inbox;        // what the store has written
    EventQueue& events;      // to the loop: what is durable, and until when authority may be given
    const HallClock& clock;
    LinePrinter& lines;
  };
  // `replaced` is called once, on that thread, when another one leads: the hall ends, and follows.
  PairWorker(PairLead lead, Parts parts, std::function<void()> replaced);
  bool follower_armed() const { return armed_.load(std::memory_order_relaxed); }

 private:
  struct Untold {  // durable here, not yet at both
    std::uint64_t index = 0;
    hall::Event event;
  };
  void run(std::stop_token stop);
  void hear(const succession::Said& said, succession::MemberTime now);
  void take(PairNews news);
  void hold_back(Untold untold);
  void tell_loop(std::stop_token stop);

  succession::Member member_;
  PairLine line_;
  Parts parts_;
  std::function<void()> replaced_;
  std::optional<std::uint64_t> carries_on_;  // the line on which a whole copy has gone out
  std::optional<std::uint64_t> asked_on_;    // the line for which the store makes one
  std::optional<succession::Save> asked_;
  std::deque<Untold> untold_;                // beyond some, one for all records and one for each ticket that waits
  std::optional<succession::MemberTime> told_until_;
  succession::MemberTime next_word_{}, tell_again_{};
  bool was_armed_ = false;
  std::atomic<bool> armed_{false};
  std::jthread thread_;
};

}  // namespace promenade::server

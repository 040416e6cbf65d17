#pragma once
// The hall's rim on one thread and virtual time: the same core with planner, records and box office called inline.
// For rehearsals and tests. Pure but for the box office it is given. One owner; `now` must not go back.
//
// The memory outlives the hall: destroy the InlineHall (a crash) and make another one on the same memory to see it
// come back with the next epoch.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "showcontrol/hall/hall.h"
#include "showcontrol/server/offline_desk.h"
#include "ticketing/core/requests.h"

namespace promenade::server {

// What a hall's journal keeps, in memory: epochs, records by key, and facts in order, each key once.
class HallMemory {
 public:
  base::EpochId take_next_epoch() { return base::EpochId(++epoch_); }
  void append(const hall::Persist& persist);
  std::vector<hall::StateRecord> records() const;
  const std::vector<hall::OutboxItem>& facts() const { return facts_; }  // every one ever, delivered or not
  std::size_t delivered() const { return delivered_; }
  void set_delivered(std::size_t count) { delivered_ = count; }
  std::set<base::TicketId> used_offline;  // survives a crash, as the real list does

 private:
  std::uint64_t epoch_ = 0;
  std::map<std::pair<std::string, std::string>, base::Bytes> records_;
  std::vector<hall::OutboxItem> facts_;
  std::set<std::string> fact_keys_;
  std::size_t delivered_ = 0;
};

// How to reach the box office; both empty: there is none, and tickets are taken offline.
struct BoxOfficeLine {
  std::function<base::Result<ticketing::Answer>(const ticketing::Request&, base::UtcTime)> ask;
  // Many facts in one go, answers in order; empty: `ask` is used for each.
  std::function<std::vector<base::Result<ticketing::Answer>>(const std::vector<ticketing::Request>&, base::UtcTime)> ask_all;
};

struct Delivered {  // a fact that the box office refused for good
  hall::OutboxItem item;
  base::Error error;
};

class InlineHall {
 public:
  // config.epoch is taken from the memory. `offline`: how tickets are taken while the line is down; none: refused.
  InlineHall(hall::HallConfig config, HallMemory& memory, BoxOfficeLine line, std::optional<OfflineDesk> offline = std::nullopt);

  void connected(hall::PeerId peer, base::HallTime now);
  void lost(hall::PeerId peer, base::HallTime now);
  // Clock requests are answered here, as at the socket; everything else goes to the core.
  void receive(hall::PeerId peer, protocol::Message message, base::HallTime now);
  void contacts(const hall::ContactsRead& read, base::HallTime now) { handle(read, now); }
  void lead(const hall::Lead& lead, base::HallTime now) { handle(lead, now); }  // of a paired hall
  void tick(base::HallTime now);

  // Moved out; empty afterwards. In order.
  std::vector<hall::Send> take_sends();
  std::vector<hall::Disconnect> take_disconnects() { return std::exchange(disconnects_, {}); }
  std::vector<hall::Note> take_notes() { return std::exchange(notes_, {}); }
  std::vector<hall::NearMissKept> take_near_misses() { return std::exchange(near_misses_, {}); }
  std::vector<hall::ViewerTime> take_viewer_times() { return std::exchange(viewer_times_, {}); }

  // Faults, for rehearsals and tests.
  void set_box_office_reachable(bool reachable, base::HallTime now);
  void set_disk_full(bool full, base::HallTime now);
  // Called with what is about to be written, in place of a disk that makes others wait.
  void set_before_write(std::function<void(const hall::Persist&)> before_write) { before_write_ = std::move(before_write); }
  // Whose question the planner finds no start for, as on a full floor; none: it is asked as ever.
  void set_finds_nothing(std::function<bool(const hall::AskPlan&)> finds_nothing) { finds_nothing_ = std::move(finds_nothing); }

  const hall::Hall& core() const { return hall_; }
  base::UtcTime utc(base::HallTime now) const;
  std::size_t outbox() const { return memory_.facts().size() - memory_.delivered(); }
  const std::vector<Delivered>& refused_facts() const { return refused_; }
  // Hands every waiting fact to the box office, as each tick does every `kDeliverEvery`.
  void deliver(base::HallTime now);
  static constexpr base::Duration kDeliverEvery{1'000'000};

 private:
  void handle(const hall::Event& event, base::HallTime now);
  void run(hall::Effects& effects, base::HallTime now);
  void answer(const hall::AskTicket& ask, base::HallTime now);
  void persist(const hall::Persist& persist, base::HallTime now);

  HallMemory& memory_;
  BoxOfficeLine line_;
  std::optional<OfflineDesk> offline_;
  base::HallTime start_;
  base::UtcTime utc_at_start_;
  hall::Hall hall_;
  planning::Planner planner_;
  bool reachable_ = true;
  bool told_reachable_ = false;
  bool disk_full_ = false;
  std::function<void(const hall::Persist&)> before_write_;
  std::function<bool(const hall::AskPlan&)> finds_nothing_;
  std::vector<hall::Persist> unwritten_;
  base::HallTime next_delivery_{};
  std::vector<hall::Send> sends_;
  std::vector<hall::Disconnect> disconnects_;
  std::vector<hall::Note> notes_;
  std::vector<hall::NearMissKept> near_misses_;
  std::vector<hall::ViewerTime> viewer_times_;
  std::vector<Delivered> refused_;
  hall::Effects scratch_;
};

}  // namespace promenade::server

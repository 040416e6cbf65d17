#pragma once
// The hall's threads beside its loop: planner, store, box office (questions) and delivery (facts). Each owns its
// resource; they meet the loop and each other only in bounded queues. Rim. A worker ends when it is destroyed.

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "showcontrol/hall/events.h"
#include "showcontrol/server/hall_clock.h"
#include "showcontrol/server/offline_desk.h"
#include "showcontrol/server/pair_records.h"
#include "showcontrol/server/waits.h"
#include "ticketing/store/hall_journal.h"
#include "tracking/base/bounded_queue.h"
#include "tracking/base/http/client.h"

namespace promenade::server {

// Events from the workers to the loop. Full means that the loop has stood still for long: a worker waits.
using EventQueue = base::BoundedQueue<hall::Event>;
void push_event(EventQueue& queue, hall::Event event, std::stop_token stop);

class PlannerWorker {
 public:
  PlannerWorker(planning::FloorPlan floor, EventQueue& events);
  bool ask(hall::AskPlan ask) { return questions_.push(std::move(ask)); }  // the core asks one at a time
  bool works() const { return works_.load(std::memory_order_relaxed); }

 private:
  void run(std::stop_token stop);
  planning::Planner planner_;
  EventQueue& events_;
  std::atomic<bool> works_{false};
  base::BoundedQueue<hall::AskPlan> questions_{4, base::Overflow::refuse_newest};
  std::jthread thread_;
};

// Prints lines to the standard error: a log that does not take them holds up nobody, and the oldest go.
class LinePrinter {
 public:
  LinePrinter() : thread_([this](std::stop_token stop) { run(stop); }) {}
  ~LinePrinter();  // prints what is left
  void print(std::string line) { lines_.push(std::move(line)); }

 private:
  void run(std::stop_token stop);
  base::BoundedQueue<std::string> lines_{1024, base::Overflow::drop_oldest};
  std::jthread thread_;
};

// A hall's lanes as its journal keeps them.
std::string text_of_lanes(const std::set<base::LaneId>& lanes);
std::set<base::LaneId> lanes_of_text(std::string_view text);

// Facts on their way to the box office, between store and delivery.
struct Batch {
  std::vector<ticketing::store::OutboxItem> items;
  std::uint64_t waiting = 0;  // in the outbox, these included
};

// Owns the journal. Writes in the order asked; what cannot be written is tried again and again, and everything after
// it waits. Of a pair: what is durable goes to the pair's thread, which tells the loop once it may be told.
class StoreWorker {
 public:
  struct Append { hall::Persist persist; };
  struct Used { base::TicketId code; base::UtcTime valid_until; std::optional<hall::Event> then; };  // durable before `then`
  struct Fetch {};
  struct Settle {
    std::vector<std::uint64_t> delivered;
    std::vector<std::pair<std::uint64_t, std::string>> refused;
    std::vector<std::string> keys;  // of all of them
  };
  struct Mark { ClockMark clock; };
  struct Lanes { std::set<base::LaneId> own; };  // of this hall, for when the box office cannot be asked
  struct Keep { succession::Save save; };  // of a pair
  struct Copy {};                          // of a pair: all that is durable now, for the other one
  using Job = std::variant<Append, Used, Fetch, Settle, Mark, Lanes, Keep, Copy>;

  struct Pair { PairInbox& inbox; base::EpochId epoch; };  // records count from 0 of this epoch
  StoreWorker(ticketing::store::HallJournal journal, EventQueue& events, base::BoundedQueue<Batch>& batches, std::optional<Pair> pair = std::nullopt);
  ~StoreWorker();  // writes what is still asked, then ends
  // False: too much waits for a disk that cannot be written.
  bool ask(Job job) { return jobs_.push(std::move(job)); }
  bool failing() const { return failing_; }
  std::size_t waiting() const { return jobs_.size(); }

 private:
  static constexpr std::size_t kFetchMax = 64;
  void run(std::stop_token stop);
  base::Result<void> write(const Job& job, std::stop_token stop);
  base::Result<void> write_for_both(const Job& job);
  std::optional<succession::Batch> batch_of(const Job& job) const;  // none: the other one need not have it
  void done(Job job, std::stop_token stop);
  void tell_pair(PairNews news, std::stop_token stop);
  ticketing::store::HallJournal journal_;
  EventQueue& events_;
  base::BoundedQueue<Batch>& batches_;
  std::optional<Pair> pair_;
  std::uint64_t index_ = 0;
  std::optional<succession::Batch> written_;  // of the job that has just been written
  base::BoundedQueue<Job> jobs_{16384, base::Overflow::refuse_newest};
  std::atomic<bool> failing_ = false;
  std::jthread thread_;
};

struct BoxOfficeAddress {
  std::string url;
  std::string key;            // empty: none, as with a certificate
  base::http::ClientTls tls;
};

// One HTTP client's way to ask the box office; errors as its problem documents say.
class BoxOfficeClient {
 public:
  static base::Result<BoxOfficeClient> open(const BoxOfficeAddress& address);
  base::Result<ticketing::Answer> ask(const ticketing::Request& request);
  base::Result<void> tell_waits(std::string body);  // of waits_body
  base::Result<std::set<base::LaneId>> lanes_of(const base::HallId& hall);
  bool alive();

 private:
  explicit BoxOfficeClient(base::http::Client client) : client_(std::move(client)) {}
  base::http::Client client_;
};

// Questions that somebody waits for: tickets and changes. Two seconds, then the ticket is taken by its signature.
class QuestionWorker {
 public:
  using Question = std::variant<hall::AskTicket, hall::AskChange>;
  QuestionWorker(BoxOfficeClient client, OfflineDesk desk, StoreWorker& store, EventQueue& events);
  bool ask(Question question) { return questions_.push(std::move(question)); }
  void know_lanes(std::set<base::LaneId> lanes) { lanes_.store(std::make_shared<const std::set<base::LaneId>>(std::move(lanes))); }  // any thread

 private:
  void run(std::stop_token stop);
  void answer(const hall::AskTicket& ask, std::stop_token stop);
  BoxOfficeClient client_;
  OfflineDesk desk_;
  base::LatestCell<std::shared_ptr<const std::set<base::LaneId>>> lanes_;  // null: nothing new was said
  std::shared_ptr<const std::set<base::LaneId>> known_;                    // of the thread
  StoreWorker& store_;
  EventQueue& events_;
  base::BoundedQueue<Question> questions_{64, base::Overflow::refuse_newest};
  std::jthread thread_;
};

// What else the hall and its box office tell each other, on the delivery's thread.
struct DeliveryTalk {
  base::HallId hall;
  WaitsToTell waits;
  std::function<void(const std::set<base::LaneId>&)> lanes;  // when they are known, and when they have become others
};

// Facts, in order, until the box office has them; and between them, while it can be reached, the hall's waits to it and the
// hall's lanes from it. Tells the loop whether it can be reached.
class DeliveryWorker {
 public:
  DeliveryWorker(BoxOfficeClient client, DeliveryTalk talk, StoreWorker& store, EventQueue& events, base::BoundedQueue<Batch>& batches);

 private:
  void run(std::stop_token stop);
  bool deliver(const Batch& batch);  // false: the box office could not be reached
  void tell(bool reachable, std::uint64_t waiting, std::stop_token stop);
  void tell_waits();
  void ask_lanes();
  BoxOfficeClient client_;
  DeliveryTalk talk_;
  StoreWorker& store_;
  EventQueue& events_;
  base::BoundedQueue<Batch>& batches_;
  std::chrono::steady_clock::time_point next_waits_, next_lanes_;
  std::optional<std::set<base::LaneId>> lanes_;
  std::string waits_refused_;  // the code of the last refusal, which is said once
  std::optional<bool> told_;
  std::uint64_t told_waiting_ = 0;
  std::jthread thread_;
};

}  // namespace promenade::server

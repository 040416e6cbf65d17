#pragma once
// The box office behind a queue: one thread owns it and decides, any thread asks. What has queued up while a group was
// decided goes into the next one together, so many callers share one durable commit. Thread-safe.
// While groups are written by a second thread the next ones are decided, on a state that is ahead of the file by those. Nobody
// sees that: a group is answered when it is durable, and readers wait until all is. Where a write fails, what was decided on
// it is not written but decided anew. A caller who is alone is served without the second thread.
// Overflow policy: the queue is bounded and refuses visibly ("busy"); once stopped, "stopping".

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "ticketing/store/box_office.h"
#include "tracking/base/bounded_queue.h"

namespace promenade::ticketing::api {

using ReadClock = std::function<base::UtcTime()>;

struct DeskFigures {
  std::uint64_t requests = 0, refused_busy = 0, commits = 0, failed_commits = 0;
  std::uint64_t queued = 0;  // waiting now
  ChainHead head;
  std::uint64_t checkpoint_size = 0;  // of the last checkpoint; 0: none
  std::string last_failure;  // code of the last commit's failure; empty once a later commit succeeds
};

class Desk {
 public:
  // CLOCK is read by the deciding thread, once a group. A group takes at most GROUP callers, so that the first of them never
  // waits for an endless one.
  Desk(store::BoxOffice office, ReadClock clock, std::size_t queue_capacity = 1024, std::size_t group = 64);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // Blocks until the answer is durable. What needs no state is done on the caller's thread.
  base::Result<Answer> ask(Request request);
  // Several requests of one caller, together in one commit where that fits; answers in order.
  std::vector<base::Result<Answer>> ask_all(std::vector<Request> requests);

  // Runs READER on the deciding thread while nothing is being written. It must be short.
  base::Result<void> look(std::function<void(const store::BoxOffice&, base::UtcTime now)> reader);

  // Signs a checkpoint where one is due, on the deciding thread; gives the last one there is, none without a log key.
  base::Result<std::optional<Checkpoint>> keep_checkpoint();

  // The head once it is beyond SEQ, or as it is after TIMEOUT or when polls are ended.
  ChainHead wait_beyond(std::uint64_t seq, std::chrono::milliseconds timeout);
  void end_polls();  // for good; wakes all

  DeskFigures figures() const;
  void stop();  // answers what has queued, then ends the thread; idempotent

 private:
  struct Item {
    std::vector<base::Result<CheckedRequest>> requests;
    std::size_t count = 0;  // of them, also once they have gone into a round
    std::function<void(store::BoxOffice&, base::UtcTime)> reader;  // of this desk's own only: it may sign a checkpoint
    std::promise<std::vector<base::Result<Answer>>> done;
  };
  // A group, whose callers it are, and what the deciding thread hears of it.
  struct Round {
    std::vector<std::unique_ptr<Item>> items;
    std::vector<base::Result<CheckedRequest>> requests;  // of all items
    store::DecidedGroup group;
    std::promise<std::unique_ptr<Round>> ended;
    bool afresh = false;     // decided on what the file holds, with nothing before it unwritten
    bool failed = false;     // could not be written
    bool is_void = false;    // was not, because it rests on one that could not
  };
  base::Result<std::vector<base::Result<Answer>>> submit(std::unique_ptr<Item> item);
  void run(const std::stop_token& stop);
  void serve(std::unique_ptr<Item> first, bool waited);
  void commit(std::unique_ptr<Round> round, base::UtcTime now, bool alone);
  // Waits until at most so many rounds are not written. False where one failed: none is left then, the state is the file's
  // again, and what was decided on it has been decided anew and written.
  bool settle(std::size_t most, base::UtcTime now);
  void write(Round& round);  // on either thread; answers the callers
  void publish(const ChainHead& head, const std::optional<Checkpoint>& checkpoint);

  store::BoxOffice office_;
  ReadClock clock_;
  base::BoundedQueue<std::unique_ptr<Item>> queue_;
  const std::size_t group_;
  base::BoundedQueue<std::unique_ptr<Round>> rounds_;  // handed to the writing thread, which gives each one back
  std::deque<std::future<std::unique_ptr<Round>>> writing_;  // of those, in order; the deciding thread's
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;  // figures_, polls_ended_
  std::condition_variable beyond_;
  DeskFigures figures_;
  bool polls_ended_ = false;
  std::jthread writer_, decider_;
};

}  // namespace promenade::ticketing::api

#pragma once
// The box office behind a queue: one writer thread owns it, any thread asks. What has queued up while a commit
// ran goes into the next commit together, so many callers share one durable write. Thread-safe.
// Overflow policy: the queue is bounded and refuses visibly ("busy"); once stopped, "stopping".

#include <atomic>
#include <condition_variable>
#include <cstdint>
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
  // CLOCK is read by the writer thread, once a commit.
  Desk(store::BoxOffice office, ReadClock clock, std::size_t queue_capacity = 1024);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // Blocks until the answer is durable.
  base::Result<Answer> ask(Request request);
  // Several requests of one caller, together in one commit where that fits; answers in order.
  std::vector<base::Result<Answer>> ask_all(std::vector<Request> requests);

  // Runs READER on the writer thread between two commits. It must be short.
  base::Result<void> look(std::function<void(const store::BoxOffice&, base::UtcTime now)> reader);

  // Signs a checkpoint where one is due, on the writer thread; gives the last one there is, none without a log key.
  base::Result<std::optional<Checkpoint>> keep_checkpoint();

  // The head once it is beyond SEQ, or as it is after TIMEOUT or when polls are ended.
  ChainHead wait_beyond(std::uint64_t seq, std::chrono::milliseconds timeout);
  void end_polls();  // for good; wakes all

  DeskFigures figures() const;
  void stop();  // answers what has queued, then ends the thread; idempotent

 private:
  struct Item {
    std::vector<Request> requests;
    std::function<void(store::BoxOffice&, base::UtcTime)> reader;  // of this desk's own only: it may sign a checkpoint
    std::promise<std::vector<base::Result<Answer>>> done;
  };
  base::Result<std::vector<base::Result<Answer>>> submit(std::unique_ptr<Item> item);
  void run(std::stop_token stop);
  void serve(std::vector<std::unique_ptr<Item>> items);
  void commit(std::span<std::unique_ptr<Item>> items, base::UtcTime now);
  void publish();

  store::BoxOffice office_;
  ReadClock clock_;
  base::BoundedQueue<std::unique_ptr<Item>> queue_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;  // figures_, polls_ended_
  std::condition_variable beyond_;
  DeskFigures figures_;
  bool polls_ended_ = false;
  std::jthread thread_;
};

}  // namespace promenade::ticketing::api

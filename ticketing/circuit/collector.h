#pragma once
// Pulls many venues at once into one database. Rim. Threads: PULLERS ask venues and check what they get, each with a connection
// of its own for what the database must tell it; WRITERS write, in transactions over many venues, each on one connection. A
// venue is in one of their hands at most. They meet in a queue that is bounded by bytes: who checks faster than the database
// writes waits. A venue is asked again only after its batch is committed, so that memory is bounded by the queue and one batch
// for each puller and writer.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "ticketing/circuit/pull_schedule.h"
#include "ticketing/circuit/venue_pull.h"

namespace promenade::ticketing::circuit {

struct CollectorOptions {
  std::string database;         // conninfo
  int pullers = 16;
  int writers = 2;  // one server process each: while one waits for the disk the other goes on
  std::size_t queue_bytes = 64U << 20;
  std::size_t commit_bytes = 16U << 20;   // a transaction begins when so much waits, or nothing else comes
  std::size_t commit_venues = 128;
  PullLimits limits;
  ScheduleOptions schedule;
};

struct CollectorFigures {
  std::int64_t events = 0, admissions = 0, batches = 0, transactions = 0, idle = 0, failures = 0, refusals = 0;
  std::size_t most_queued_bytes = 0;
};

class Collector {
 public:
  using Clock = std::function<base::UtcTime()>;
  using Say = std::function<void(const std::string&)>;
  // SAY is called by one thread at a time.
  Collector(CollectorOptions options, Clock clock, Say say);
  ~Collector();

  // Every active venue once, until each has given all it has signed, failed or been refused. Errors: those of the database.
  base::Result<void> collect_once();
  // Goes on until stop(). Errors of the database are told and tried again.
  base::Result<void> start();
  void stop();
  CollectorFigures figures() const;

 private:
  struct Job {
    std::int32_t venue = 0;
    PullOutcome outcome;
    std::size_t bytes = 0;
  };
  base::Result<void> open();  // the first writer's connection, which holds the lock
  void run_threads(bool once);
  void pull_loop(std::stop_token stop);
  void write_loop(std::stop_token stop, bool first);
  void watch_loop(std::stop_token stop);
  std::optional<std::int32_t> next_venue(std::stop_token stop);
  PullOutcome pull(CircuitStore& store, std::int32_t venue);
  void hand_over(std::int32_t venue, PullOutcome outcome);
  std::vector<Job> take_jobs(std::stop_token stop);
  base::Result<void> write(CircuitStore& store, std::vector<Job>& jobs);
  base::Result<void> write_batches(CircuitStore& store, std::vector<VenueBatch>& batches);
  void settle(const std::vector<Job>& jobs, bool written);
  bool finished() const;  // needs the lock
  void wake();            // takes the lock
  void wait(std::unique_lock<std::mutex>& lock, std::stop_token stop, std::chrono::milliseconds longest);
  void say(const std::string& words);
  void trouble(const base::Error& error);

  CollectorOptions options_;
  Clock clock_;
  Say say_;
  std::mutex speaking_;
  VenueTokens tokens_;                 // of all pullers
  std::optional<CircuitStore> store_;  // the first writer's
  std::atomic<bool> locked_{false};    // by that one: the others write only then
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  PullSchedule schedule_;
  std::deque<Job> queue_;
  std::size_t queued_bytes_ = 0, writing_ = 0;  // writing_: jobs that writers have in hand
  std::uint64_t news_ = 0;  // counts what those who wait may be waiting for
  bool once_ = false;
  std::optional<base::Error> failure_;  // of the database, in a single round
  std::string told_;
  CollectorFigures figures_;
  std::vector<std::jthread> threads_;
};

}  // namespace promenade::ticketing::circuit

#include "ticketing/circuit/collector.h"

#include <algorithm>

namespace promenade::ticketing::circuit {
namespace {

constexpr auto kLook = std::chrono::milliseconds(200);    // where nothing wakes a thread: the clock moves by itself
constexpr auto kRefresh = std::chrono::seconds(2);        // new venues and released ones are seen within this
constexpr std::int32_t kNever = -1;

// Each thread's own connection: as it is, or a new one where it is lost.
base::Result<void> keep_open(std::optional<CircuitStore>& store, const std::string& database) {
  if (store && store->connection().is_open()) return {};
  auto opened = CircuitStore::open(database);
  if (!opened) return std::unexpected(opened.error());
  store = std::move(*opened);
  return {};
}

}  // namespace

Collector::Collector(CollectorOptions options, Clock clock, Say say) : options_(std::move(options)), clock_(std::move(clock)), say_(std::move(say)), schedule_(options_.schedule) {}

void Collector::say(const std::string& words) {
  const std::lock_guard lock(speaking_);
  say_(words);
}

Collector::~Collector() { stop(); }

CollectorFigures Collector::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

base::Result<void> Collector::open() {
  if (store_ && store_->connection().is_open()) return {};
  auto store = CircuitStore::open(options_.database);
  if (!store) return std::unexpected(store.error());
  if (auto locked = store->lock_for_collecting(); !locked) return locked;
  store_ = std::move(*store);
  locked_ = true;
  return {};
}

base::Result<void> Collector::collect_once() {
  if (auto done = open(); !done) return done;
  const auto venues = store_->active_venues();
  if (!venues) return std::unexpected(venues.error());
  {
    const std::lock_guard lock(mutex_);
    once_ = true;
    failure_.reset();
    schedule_ = PullSchedule(options_.schedule);
    schedule_.set_venues(*venues, clock_());
  }
  run_threads(true);
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return finished() || failure_; });
  }
  stop();
  if (failure_) {
    locked_ = false;
    store_.reset();
    return std::unexpected(*failure_);
  }
  return {};
}

base::Result<void> Collector::start() {
  if (auto done = open(); !done) return done;
  once_ = false;
  run_threads(false);
  return {};
}

void Collector::run_threads(bool once) {
  for (int i = 0; i < options_.pullers; ++i) threads_.emplace_back([this](std::stop_token stop) { pull_loop(stop); });
  for (int i = 0; i < options_.writers; ++i) threads_.emplace_back([this, first = i == 0](std::stop_token stop) { write_loop(stop, first); });
  if (!once) threads_.emplace_back([this](std::stop_token stop) { watch_loop(stop); });
}

void Collector::stop() {
  for (auto& thread : threads_) thread.request_stop();
  changed_.notify_all();
  threads_.clear();  // joins
  const std::lock_guard lock(mutex_);
  queue_.clear();
  queued_bytes_ = writing_ = 0;
}

void Collector::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++news_;
  }
  changed_.notify_all();
}

void Collector::wait(std::unique_lock<std::mutex>& lock, std::stop_token stop, std::chrono::milliseconds longest) {
  changed_.wait_for(lock, stop, longest, [this, seen = news_] { return news_ != seen; });
}

bool Collector::finished() const { return schedule_.under_way() == 0 && queue_.empty() && !schedule_.next_due(); }

void Collector::trouble(const base::Error& error) {
  bool news = false;
  {
    const std::lock_guard lock(mutex_);
    news = told_ != error.code;
    told_ = error.code;
    if (once_ && !failure_) failure_ = error;
  }
  if (news) say(error.text());
  wake();
}

std::optional<std::int32_t> Collector::next_venue(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    // Above its bound the queue takes no more: nobody begins what could not be handed over.
    if (queued_bytes_ < options_.queue_bytes && !failure_)
      if (const auto venue = schedule_.take(clock_())) return venue;
    wait(lock, stop, kLook);
  }
  return std::nullopt;
}

void Collector::pull_loop(std::stop_token stop) {
  std::optional<CircuitStore> store;
  while (const auto venue = next_venue(stop)) {
    if (auto opened = keep_open(store, options_.database); !opened) {
      trouble(opened.error());
      hand_over(*venue, Failure{opened.error()});
      continue;
    }
    hand_over(*venue, pull(*store, *venue));
  }
}

PullOutcome Collector::pull(CircuitStore& store, std::int32_t venue) {
  const auto record = store.venue(venue);
  if (!record) return Failure{record.error()};
  if (record->state != VenueState::active) return Failure{{"venue-quarantined", "The venue is not pulled any more.", {}}};
  const PullMemory memory{.admissions = [&](const auto& names, const auto& dates) { return store.admissions(venue, names, dates); },
                          .counted = [&](BusinessDate date) { return store.counted(venue, date); }};
  return pull_venue(*record, options_.limits, memory, tokens_, clock_());
}

void Collector::hand_over(std::int32_t venue, PullOutcome outcome) {
  const auto* batch = std::get_if<VenueBatch>(&outcome);
  const std::size_t bytes = batch == nullptr ? 0 : batch->bytes();
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({venue, std::move(outcome), bytes});
    queued_bytes_ += bytes;
    figures_.most_queued_bytes = std::max(figures_.most_queued_bytes, queued_bytes_);
  }
  wake();
}

// What one transaction takes: as much as is there, once enough is, or once nobody is going to bring more soon.
std::vector<Collector::Job> Collector::take_jobs(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return queued_bytes_ >= options_.commit_bytes || queue_.size() >= options_.commit_venues || (!queue_.empty() && schedule_.under_way() == queue_.size() + writing_); };
  if (!changed_.wait_for(lock, stop, kLook, ready) && queue_.empty()) return {};
  std::vector<Job> jobs;
  std::size_t bytes = 0;
  while (!queue_.empty() && bytes < options_.commit_bytes && jobs.size() < options_.commit_venues) {
    bytes += queue_.front().bytes;
    jobs.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_bytes_ -= bytes;
  writing_ += jobs.size();
  return jobs;
}

void Collector::write_loop(std::stop_token stop, bool first) {
  std::optional<CircuitStore> own;
  std::optional<CircuitStore>& store = first ? store_ : own;
  while (!stop.stop_requested()) {
    if (!first && !locked_) {
      std::unique_lock lock(mutex_);
      wait(lock, stop, kLook);
      continue;
    }
    auto jobs = take_jobs(stop);
    if (jobs.empty()) continue;
    auto done = first ? open() : keep_open(store, options_.database);
    if (done) done = write(*store, jobs);
    if (done) {
      const std::lock_guard lock(mutex_);
      told_.clear();
    } else {
      trouble(done.error());
      if (store && !store->connection().is_open()) {
        if (first) locked_ = false;
        store.reset();
      }
    }
    settle(jobs, done.has_value());
    wake();
  }
}

base::Result<void> Collector::write(CircuitStore& store, std::vector<Job>& jobs) {
  const base::UtcTime now = clock_();
  std::vector<VenueBatch> batches;
  std::optional<base::Error> lost;
  for (auto& job : jobs) {
    base::Result<void> done;
    if (auto* batch = std::get_if<VenueBatch>(&job.outcome)) {
      batches.push_back(std::move(*batch));
    } else if (const auto* refusal = std::get_if<Refusal>(&job.outcome)) {
      say("venue " + std::to_string(job.venue) + " is in quarantine: " + refusal->message);
      done = store.quarantine(job.venue, *refusal, now);
    } else if (const auto* failure = std::get_if<Failure>(&job.outcome)) {
      if (failure->error.code.starts_with("database-")) {  // ours, not the venue's
        lost = failure->error;
        continue;
      }
      done = store.note_contact(job.venue, &failure->error, std::nullopt, now);
    } else {
      const auto* idle = std::get_if<Idle>(&job.outcome);
      done = store.note_contact(job.venue, nullptr, idle == nullptr ? std::nullopt : std::optional(idle->is_signed), now);
    }
    if (!done) return done;
  }
  auto written = batches.empty() ? base::Result<void>() : write_batches(store, batches);
  std::size_t next = 0;
  for (auto& job : jobs)
    if (std::holds_alternative<VenueBatch>(job.outcome)) job.outcome = std::move(batches[next++]);
  if (written && lost) return std::unexpected(*lost);
  return written;
}

// All in one transaction. Where the database refuses it, one by one, so that one venue's rows do not hold up everybody's.
base::Result<void> Collector::write_batches(CircuitStore& store, std::vector<VenueBatch>& batches) {
  auto done = store.commit(batches, clock_());
  if (!done && done.error().code != "database-failed" && done.error().code != "database-duplicate" && done.error().code != "cursor-moved") return done;
  std::int64_t transactions = 1;
  if (!done) {
    for (auto& batch : batches) {
      const auto one = store.commit(std::span(&batch, 1), clock_());
      ++transactions;
      if (one) continue;
      if (one.error().code != "cursor-moved") {
        const bool theirs = one.error().code == "database-failed" || one.error().code == "database-duplicate";
        if (!theirs) return one;
        if (auto stopped = store.quarantine(batch.after.id, {"store-refused", one.error().message, {}}, clock_()); !stopped) return stopped;
      }
      batch.after.id = kNever;  // not taken
    }
  }
  const std::lock_guard lock(mutex_);
  figures_.transactions += transactions;
  for (const auto& batch : batches) {
    if (batch.after.id == kNever) continue;
    ++figures_.batches;
    figures_.events += batch.event_count;
    figures_.admissions += batch.added.rows();
  }
  return {};
}

void Collector::settle(const std::vector<Job>& jobs, bool written) {
  const std::lock_guard lock(mutex_);
  writing_ -= jobs.size();
  const base::UtcTime now = clock_();
  for (const Job& job : jobs) {
    const auto* batch = std::get_if<VenueBatch>(&job.outcome);
    const bool refused = std::holds_alternative<Refusal>(job.outcome), failed = std::holds_alternative<Failure>(job.outcome);
    figures_.refusals += refused ? 1 : 0;
    figures_.failures += failed ? 1 : 0;
    figures_.idle += batch == nullptr && !refused && !failed ? 1 : 0;
    if (refused && written) schedule_.drop(job.venue);
    else if (once_ && !(batch != nullptr && batch->more && written && batch->after.id != kNever)) schedule_.drop(job.venue);
    else if (failed || !written) schedule_.failed(job.venue, now);
    else schedule_.done(job.venue, batch != nullptr && batch->more, now);
  }
}

// Takes in venues that were added, released or removed meanwhile.
void Collector::watch_loop(std::stop_token stop) {
  std::optional<CircuitStore> store;
  while (!stop.stop_requested()) {
    const auto opened = keep_open(store, options_.database);
    if (!opened) trouble(opened.error());
    if (store) {
      if (const auto venues = store->active_venues()) {
        const std::lock_guard lock(mutex_);
        schedule_.set_venues(*venues, clock_());
      }
    }
    wake();
    std::unique_lock lock(mutex_);
    for (const auto until = std::chrono::steady_clock::now() + kRefresh; !stop.stop_requested() && std::chrono::steady_clock::now() < until;) wait(lock, stop, kRefresh);
  }
}

}  // namespace promenade::ticketing::circuit

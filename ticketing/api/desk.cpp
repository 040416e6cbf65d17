#include "ticketing/api/desk.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "tracking/base/assert.h"

namespace promenade::ticketing::api {
namespace {

// So many groups may be decided and not yet written: one that is being written, and the next, ready when that is done.
constexpr std::size_t kAhead = 2;

bool is_commit_failure(const std::string& code) { return code == "disk-full" || code == "ledger-write-failed"; }

}  // namespace

Desk::Desk(store::BoxOffice office, ReadClock clock, std::size_t queue_capacity, std::size_t group)
    : office_(std::move(office)), clock_(std::move(clock)), queue_(queue_capacity, base::Overflow::refuse_newest), group_(group), rounds_(kAhead, base::Overflow::refuse_newest) {
  PROMENADE_ASSERT(group > 0);
  publish(office_.head(), office_.last_checkpoint());
  writer_ = std::jthread([this](std::stop_token stop) {
    bool failed = false;  // and the deciding thread may not have heard of it yet: what follows rests on what is not so
    while (auto next = rounds_.pop(stop)) {
      std::unique_ptr<Round> round = std::move(*next);
      if (round->afresh) failed = false;
      round->is_void = failed;
      if (!failed) write(*round);
      failed = failed || round->failed;
      auto ended = std::move(round->ended);
      ended.set_value(std::move(round));
    }
  });
  decider_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Desk::~Desk() { stop(); }

base::Result<std::vector<base::Result<Answer>>> Desk::submit(std::unique_ptr<Item> item) {
  if (stopping_) return base::fail("stopping", "The box office is shutting down.", "Send the request again in a moment.");
  auto done = item->done.get_future();
  if (!queue_.push(std::move(item)))
    return base::fail("busy", "Too many requests are waiting.", "Send the request again in a second, with the same idempotency key.");
  return done.get();
}

base::Result<Answer> Desk::ask(Request request) {
  std::vector<Request> one;
  one.push_back(std::move(request));
  return std::move(ask_all(std::move(one)).front());
}

std::vector<base::Result<Answer>> Desk::ask_all(std::vector<Request> requests) {
  const std::size_t count = requests.size();
  auto item = std::make_unique<Item>();
  for (Request& request : requests) item->requests.push_back(checked(std::move(request)));
  item->count = count;
  auto answers = submit(std::move(item));
  if (answers) return std::move(*answers);
  return std::vector<base::Result<Answer>>(count, std::unexpected(answers.error()));
}

base::Result<void> Desk::look(std::function<void(const store::BoxOffice&, base::UtcTime)> reader) {
  auto item = std::make_unique<Item>();
  item->reader = std::move(reader);
  const auto done = submit(std::move(item));
  if (!done) return std::unexpected(done.error());
  return {};
}

base::Result<std::optional<Checkpoint>> Desk::keep_checkpoint() {
  base::Result<std::optional<Checkpoint>> kept;
  auto item = std::make_unique<Item>();
  item->reader = [&](store::BoxOffice& office, base::UtcTime now) {
    if (office.checkpoint_due(now)) kept = office.checkpoint(now);
    else kept = office.last_checkpoint();
  };
  const auto done = submit(std::move(item));
  if (!done) return std::unexpected(done.error());
  return kept;
}

void Desk::run(const std::stop_token& stop) {
  while (true) {
    auto first = queue_.try_pop();
    const bool waited = first.has_value();
    if (!first) first = queue_.pop(stop);
    if (!first) break;
    serve(std::move(*first), waited);
  }
  while (auto first = queue_.try_pop()) serve(std::move(*first), true);
  settle(0, clock_());
}

void Desk::serve(std::unique_ptr<Item> first, bool waited) {
  std::vector<std::unique_ptr<Item>> items;
  items.push_back(std::move(first));
  while (items.size() < group_) {
    auto next = queue_.try_pop();
    if (!next) break;
    items.push_back(std::move(*next));
  }
  const base::UtcTime now = clock_();
  // Readers first: they see the state before this group, and do not wait for its write.
  const auto readers = std::ranges::stable_partition(items, [](const auto& item) { return item->reader == nullptr; });
  if (!readers.empty()) {
    settle(0, now);
    for (const auto& item : readers) {
      try {
        item->reader(office_, now);
        item->done.set_value({});
      } catch (...) {
        item->done.set_exception(std::current_exception());
      }
    }
    publish(office_.head(), office_.last_checkpoint());
    items.erase(readers.begin(), readers.end());
  }
  if (items.empty()) return;
  auto round = std::make_unique<Round>();
  for (const auto& item : items) std::ranges::move(item->requests, std::back_inserter(round->requests));
  round->items = std::move(items);
  const bool writing = !writing_.empty() && writing_.back().wait_for(std::chrono::seconds(0)) != std::future_status::ready;
  commit(std::move(round), now, !waited && !writing && queue_.size() == 0);
}

void Desk::commit(std::unique_ptr<Round> round, base::UtcTime now, bool alone) {
  round->group = office_.decide_all(round->requests, now);
  // What this one was decided on is not so where one before it could not be written.
  if (!settle(alone ? 0 : kAhead - 1, now)) round->group = office_.decide_all(round->requests, now);
  if (alone) {
    write(*round);
    if (round->failed) office_.not_written();
    return;
  }
  round->afresh = writing_.empty();
  round->ended = {};
  writing_.push_back(round->ended.get_future());
  const bool taken = rounds_.push(std::move(round));
  PROMENADE_ASSERT(taken);
}

bool Desk::settle(std::size_t most, base::UtcTime now) {
  bool failed = false;
  std::vector<std::unique_ptr<Round>> again;
  while (writing_.size() > (failed ? 0 : most)) {
    auto round = writing_.front().get();
    writing_.pop_front();
    failed = failed || round->failed;
    if (round->is_void) again.push_back(std::move(round));
  }
  if (!failed) return true;
  office_.not_written();
  for (auto& round : again) commit(std::move(round), now, true);
  return false;
}

void Desk::write(Round& round) {
  const auto written = office_.write(round.group);
  round.failed = !written;
  const auto head = round.group.head;
  const auto checkpoint = round.group.checkpoint;
  auto answers = std::move(round.group).told(written);
  const auto failed = std::ranges::find_if(answers, [](const auto& a) { return !a && is_commit_failure(a.error().code); });
  {
    std::lock_guard lock(mutex_);
    figures_.requests += answers.size();
    ++figures_.commits;
    if (failed != answers.end()) ++figures_.failed_commits;
    if (failed != answers.end()) figures_.last_failure = failed->error().code;
    else if (std::ranges::any_of(answers, [](const auto& a) { return a.has_value(); })) figures_.last_failure.clear();
  }
  if (written) publish(head, checkpoint);
  auto next = answers.begin();
  for (const auto& item : round.items) {
    const auto end = next + static_cast<std::ptrdiff_t>(item->count);
    item->done.set_value({std::make_move_iterator(next), std::make_move_iterator(end)});
    next = end;
  }
}

void Desk::publish(const ChainHead& head, const std::optional<Checkpoint>& checkpoint) {
  {
    std::lock_guard lock(mutex_);
    figures_.head = head;
    if (checkpoint) figures_.checkpoint_size = checkpoint->size;
  }
  beyond_.notify_all();
}

ChainHead Desk::wait_beyond(std::uint64_t seq, std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  beyond_.wait_for(lock, timeout, [&] { return figures_.head.seq > seq || polls_ended_; });
  return figures_.head;
}

void Desk::end_polls() {
  {
    std::lock_guard lock(mutex_);
    polls_ended_ = true;
  }
  beyond_.notify_all();
}

DeskFigures Desk::figures() const {
  std::lock_guard lock(mutex_);
  DeskFigures figures = figures_;
  figures.queued = queue_.size();
  figures.refused_busy = queue_.overflows();
  return figures;
}

void Desk::stop() {
  stopping_ = true;
  end_polls();
  if (!decider_.joinable()) return;
  decider_.request_stop();
  decider_.join();  // only then is nothing handed over any more
  writer_.request_stop();
  writer_.join();
}

}  // namespace promenade::ticketing::api

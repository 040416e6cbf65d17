#include "ticketing/api/desk.h"

#include <algorithm>
#include <utility>

namespace promenade::ticketing::api {
namespace {

// One commit takes at most this many callers, so that the first of them never waits for an endless group.
constexpr std::size_t kGroup = 64;

bool is_commit_failure(const std::string& code) { return code == "disk-full" || code == "ledger-write-failed"; }

}  // namespace

Desk::Desk(store::BoxOffice office, ReadClock clock, std::size_t queue_capacity)
    : office_(std::move(office)), clock_(std::move(clock)), queue_(queue_capacity, base::Overflow::refuse_newest) {
  publish();
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
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
  item->requests = std::move(requests);
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

void Desk::run(std::stop_token stop) {
  const auto gather = [this](std::unique_ptr<Item> first) {
    std::vector<std::unique_ptr<Item>> items;
    items.push_back(std::move(first));
    while (items.size() < kGroup) {
      auto next = queue_.try_pop();
      if (!next) break;
      items.push_back(std::move(*next));
    }
    serve(std::move(items));
  };
  while (auto first = queue_.pop(stop)) gather(std::move(*first));
  while (auto first = queue_.try_pop()) gather(std::move(*first));
}

void Desk::serve(std::vector<std::unique_ptr<Item>> items) {
  const base::UtcTime now = clock_();
  // Readers first: they see the state before this group, and do not wait for its write.
  const auto writers = std::stable_partition(items.begin(), items.end(), [](const auto& item) { return item->reader != nullptr; });
  for (auto it = items.begin(); it != writers; ++it) {
    try {
      (*it)->reader(office_, now);
      (*it)->done.set_value({});
    } catch (...) {
      (*it)->done.set_exception(std::current_exception());
    }
  }
  publish();
  if (writers != items.end()) commit({writers, items.end()}, now);
}

void Desk::commit(std::span<std::unique_ptr<Item>> items, base::UtcTime now) {
  std::vector<Request> requests;
  for (const auto& item : items) requests.insert(requests.end(), item->requests.begin(), item->requests.end());
  auto answers = office_.ask_all(requests, now);
  const auto failed = std::ranges::find_if(answers, [](const auto& a) { return !a && is_commit_failure(a.error().code); });
  {
    std::lock_guard lock(mutex_);
    figures_.requests += requests.size();
    ++figures_.commits;
    if (failed != answers.end()) ++figures_.failed_commits;
    if (failed != answers.end()) figures_.last_failure = failed->error().code;
    else if (std::ranges::any_of(answers, [](const auto& a) { return a.has_value(); })) figures_.last_failure.clear();
  }
  publish();
  auto next = answers.begin();
  for (const auto& item : items) {
    const auto end = next + static_cast<std::ptrdiff_t>(item->requests.size());
    item->done.set_value({std::make_move_iterator(next), std::make_move_iterator(end)});
    next = end;
  }
}

void Desk::publish() {
  {
    std::lock_guard lock(mutex_);
    figures_.head = office_.head();
    if (office_.last_checkpoint()) figures_.checkpoint_size = office_.last_checkpoint()->size;
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
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

}  // namespace promenade::ticketing::api

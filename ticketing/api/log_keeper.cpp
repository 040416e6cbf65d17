#include "ticketing/api/log_keeper.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace promenade::ticketing::api {

LogKeeper::LogKeeper(Desk& desk, Metrics& metrics, std::unique_ptr<WitnessLink> witness, std::function<void(const std::string&)> say)
    : desk_(desk), metrics_(metrics), witness_(std::move(witness)), say_(std::move(say)) {}

void LogKeeper::start() {
  thread_ = std::jthread([this](std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any ended;
    while (!stop.stop_requested()) {
      const auto done = turn();
      const std::string trouble = done || done.error().code == "stopping" ? std::string() : done.error().code;
      if (trouble != trouble_) say_(trouble.empty() ? "the log is signed and witnessed again" : done.error().text());
      trouble_ = trouble;
      std::unique_lock lock(mutex);
      ended.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
    }
  });
}

void LogKeeper::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

base::Result<void> LogKeeper::turn() {
  const auto last = desk_.keep_checkpoint();
  if (!last) return std::unexpected(last.error());
  if (!*last || witness_ == nullptr || told_ == *last) return {};
  auto done = tell_witness(**last);
  if (done) metrics_.witnessed((*last)->size);
  else metrics_.witness_failed();
  return done;
}

base::Result<void> LogKeeper::tell_witness(const Checkpoint& last) {
  const auto theirs = witness_->last();
  if (!theirs) return std::unexpected(theirs.error());
  std::optional<Submission> submission;
  base::Result<void> known;
  const auto looked = desk_.look([&](const store::BoxOffice& office, base::UtcTime) {
    if (*theirs) known = check_against(**theirs, office);
    if (known) submission = submission_of(office, *theirs ? (*theirs)->size : 0);
  });
  if (!looked) return looked;
  if (!known) return known;
  if (auto done = witness_->offer(*submission); !done) return done;
  told_ = last;
  return {};
}

}  // namespace promenade::ticketing::api

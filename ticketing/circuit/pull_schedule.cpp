#include "ticketing/circuit/pull_schedule.h"

#include <algorithm>

namespace promenade::ticketing::circuit {

using std::chrono::milliseconds;

void PullSchedule::put(std::int32_t venue, base::UtcTime due) {
  under_way_.erase(venue);
  if (leaving_.erase(venue) > 0) return;
  due_.emplace(due, venue);
  waiting_[venue] = due;
}

void PullSchedule::set_venues(const std::vector<std::int32_t>& venues, base::UtcTime now) {
  const std::set<std::int32_t> wanted(venues.begin(), venues.end());
  std::erase_if(waiting_, [&](const auto& entry) {
    if (wanted.contains(entry.first)) return false;
    due_.erase({entry.second, entry.first});
    failures_.erase(entry.first);
    return true;
  });
  leaving_.clear();
  for (const auto venue : under_way_)
    if (!wanted.contains(venue)) leaving_.insert(venue);
  for (const auto venue : wanted)
    if (!waiting_.contains(venue) && !under_way_.contains(venue)) put(venue, now);
}

std::optional<std::int32_t> PullSchedule::take(base::UtcTime now) {
  if (due_.empty() || due_.begin()->first > now) return std::nullopt;
  const std::int32_t venue = due_.begin()->second;
  due_.erase(due_.begin());
  waiting_.erase(venue);
  under_way_.insert(venue);
  return venue;
}

void PullSchedule::done(std::int32_t venue, bool more, base::UtcTime now) {
  failures_.erase(venue);
  // A tenth of the interval either way keeps venues that were added together from being asked together for ever.
  const double spread = random_.uniform(0.9, 1.1);
  put(venue, more ? now : now + milliseconds(static_cast<std::int64_t>(static_cast<double>(options_.interval.count()) * spread)));
}

void PullSchedule::failed(std::int32_t venue, base::UtcTime now) {
  const int count = std::min(++failures_[venue], 30);
  auto wait = options_.first_retry;
  for (int i = 1; i < count && wait < options_.longest_retry; ++i) wait *= 2;
  wait = std::min(wait, options_.longest_retry);
  put(venue, now + milliseconds(static_cast<std::int64_t>(static_cast<double>(wait.count()) * random_.uniform(0.5, 1.5))));
}

void PullSchedule::drop(std::int32_t venue) {
  under_way_.erase(venue);
  leaving_.erase(venue);
  failures_.erase(venue);
}

std::optional<base::UtcTime> PullSchedule::next_due() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

int PullSchedule::failures(std::int32_t venue) const {
  const auto at = failures_.find(venue);
  return at == failures_.end() ? 0 : at->second;
}

}  // namespace promenade::ticketing::circuit

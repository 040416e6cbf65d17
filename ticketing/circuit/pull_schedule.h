#pragma once
// Which venue is asked when. Pure; not thread-safe. A venue is under way at most once. What fails is asked again after a time
// that doubles, spread by chance from a seed, so that five thousand venues behind one broken line do not come back in step.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "tracking/base/clock.h"
#include "tracking/base/random.h"

namespace promenade::ticketing::circuit {

struct ScheduleOptions {
  std::chrono::milliseconds interval{60'000};       // from one pull that found nothing to the next
  std::chrono::milliseconds first_retry{5'000};     // after a failure; doubles
  std::chrono::milliseconds longest_retry{900'000};
  std::uint64_t seed = 1;
};

class PullSchedule {
 public:
  explicit PullSchedule(ScheduleOptions options) : options_(options), random_(options.seed) {}

  // The venues that there are: new ones are due at once, those that are gone leave, the others keep their turn.
  void set_venues(const std::vector<std::int32_t>& venues, base::UtcTime now);
  // A venue that is due, the longest due first; it is under way until one of the three below.
  std::optional<std::int32_t> take(base::UtcTime now);
  void done(std::int32_t venue, bool more, base::UtcTime now);
  void failed(std::int32_t venue, base::UtcTime now);
  void drop(std::int32_t venue);
  std::size_t under_way() const { return under_way_.size(); }
  std::optional<base::UtcTime> next_due() const;
  int failures(std::int32_t venue) const;

 private:
  void put(std::int32_t venue, base::UtcTime due);
  ScheduleOptions options_;
  base::Random random_;
  std::set<std::pair<base::UtcTime, std::int32_t>> due_;
  std::map<std::int32_t, base::UtcTime> waiting_;  // the same, by venue
  std::set<std::int32_t> under_way_, leaving_;
  std::map<std::int32_t, int> failures_;
};

}  // namespace promenade::ticketing::circuit

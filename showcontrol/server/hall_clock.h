#pragma once
// Hall time from the steady clock, going on where an earlier run left off. Rim: reads clocks. Thread-safe, immutable.
//
// A run records pairs of hall time and wall time; the next one starts at the recorded hall time plus the wall time
// that has passed, and never less than the longest time between two records later.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "tracking/base/clock.h"

namespace promenade::server {

inline constexpr base::Duration kClockRecordEvery{5'000'000};

struct ClockMark {
  base::HallTime hall;
  base::UtcTime utc;
  std::string text() const;  // "HALL_US UTC_MS"
  static std::optional<ClockMark> from_text(std::string_view text);
};

// Where hall time starts after `last` (none: the first run ever).
base::HallTime first_hall_time(const std::optional<ClockMark>& last, base::UtcTime now);

class HallClock {
 public:
  explicit HallClock(base::HallTime start) : start_(start), zero_(std::chrono::steady_clock::now()) {}
  base::HallTime at(std::chrono::steady_clock::time_point time) const {
    return start_ + std::chrono::duration_cast<base::Duration>(time - zero_);
  }
  base::HallTime now() const { return at(std::chrono::steady_clock::now()); }
  base::HallTime start() const { return start_; }

 private:
  base::HallTime start_;
  std::chrono::steady_clock::time_point zero_;
};

base::UtcTime system_time();

}  // namespace promenade::server

#pragma once
// Time as types: three clocks that do not mix, and the durations they share.
// Pure: no clock here can be read; time enters the program at its rim and is passed down as an argument.
// Resolution is one microsecond; the range is about 292,000 years.

#include <chrono>
#include <cstdint>

namespace promenade::base {

using Duration = std::chrono::duration<std::int64_t, std::micro>;
using Seconds = std::chrono::duration<double>;

// The hall's own monotonic clock. Its zero is the hall program's choice and never moves within an epoch's
// lifetime; across restarts the hall persists an offset so that hall time never goes back.
struct HallClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<HallClock, Duration>;
  static constexpr bool is_steady = true;
};

// One headset's monotonic clock. Only showcontrol/client's clock map joins it to hall time.
struct HeadsetClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<HeadsetClock, Duration>;
  static constexpr bool is_steady = true;
};

using HallTime = HallClock::time_point;
using HeadsetTime = HeadsetClock::time_point;
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

// Rounds to the nearest microsecond.
constexpr Duration from_seconds(double seconds) {
  const double us = seconds * 1e6;
  return Duration{static_cast<std::int64_t>(us < 0 ? us - 0.5 : us + 0.5)};
}
constexpr double to_seconds(Duration duration) { return static_cast<double>(duration.count()) * 1e-6; }

// Seconds since the clock's zero, for files, wire and geometry in time.
template <class Clock>
constexpr double seconds_since_zero(std::chrono::time_point<Clock, Duration> time) {
  return to_seconds(time.time_since_epoch());
}
constexpr HallTime hall_time(double seconds) { return HallTime{from_seconds(seconds)}; }
constexpr HeadsetTime headset_time(double seconds) { return HeadsetTime{from_seconds(seconds)}; }

}  // namespace promenade::base

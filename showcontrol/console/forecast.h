#pragma once
// Where plays will be, as far as the hall has told (protocol::PlayForecast). Forecasts, never places of people.
// Pure functions of a snapshot; hall metres, seconds.

#include <vector>

#include "showcontrol/console/snapshot.h"

namespace promenade::console {

inline constexpr double kAheadMost_s = 600.0;       // as far as the hall tells
inline constexpr double kForecastKept_s = 7.0;      // older than that is not shown: the hall tells anew every 2 s
inline constexpr double kAheadUntouched_s = 30.0;   // then the plan is live again

struct Forecast {
  const protocol::PlayForecast* play = nullptr;  // of the snapshot it was made from
  HallPoint at;
  bool walks = false;
};

// Why nothing can be said of the time to come.
enum class NoForecast : std::uint8_t { none = 0, not_connected, halted, untold };
NoForecast no_forecast(const Snapshot& snapshot);

// The plays that are forecast to be on the floor `ahead_s` from now. Who has not come in by then, has left, or is not told
// so far ahead is left out; `untold` counts the last.
struct Forecasts {
  std::vector<Forecast> plays;
  int untold = 0;
};
Forecasts forecasts_at(const Snapshot& snapshot, double ahead_s);

}  // namespace promenade::console

#include "showcontrol/console/forecast.h"

#include <algorithm>

namespace promenade::console {

namespace {

constexpr double kWalks_m = 0.05;  // between two points of a forecast: less is standing

bool is_fresh(const Snapshot& snapshot, const protocol::PlayForecast& play) { return snapshot.hall_age_s(play.time) <= kForecastKept_s; }

}  // namespace

NoForecast no_forecast(const Snapshot& snapshot) {
  const protocol::HallSummary& s = snapshot.summary;
  if (!snapshot.connected() || !snapshot.summary_known) return NoForecast::not_connected;
  if (s.evacuate || s.stopped || s.paused) return NoForecast::halted;
  const bool any = std::ranges::any_of(snapshot.forecasts, [&](const auto& play) { return is_fresh(snapshot, play); });
  return any ? NoForecast::none : NoForecast::untold;
}

Forecasts forecasts_at(const Snapshot& snapshot, double ahead_s) {
  Forecasts found;
  if (no_forecast(snapshot) != NoForecast::none) return found;
  for (const protocol::PlayForecast& play : snapshot.forecasts) {
    if (!is_fresh(snapshot, play) || play.points.empty()) continue;
    const double at_s = std::clamp(ahead_s, 0.0, kAheadMost_s) + snapshot.hall_age_s(play.time);
    const auto after_s = [](const protocol::ForecastPoint& point) { return base::to_seconds(point.after); };
    if (at_s < after_s(play.points.front())) continue;  // not in the hall yet
    const auto next = std::ranges::find_if(play.points, [&](const auto& point) { return after_s(point) >= at_s; });
    if (next == play.points.end()) {
      // Told up to the span from `time`, a little less from now on.
      const bool told = play.ends || at_s - after_s(play.points.back()) <= kForecastKept_s;
      if (!told) ++found.untold;
      else if (!play.ends) found.plays.push_back({&play, play.points.back().at, false});
      continue;
    }
    if (next == play.points.begin()) {
      found.plays.push_back({&play, next->at, false});
      continue;
    }
    const protocol::ForecastPoint& before = *std::prev(next);
    const double span_s = after_s(*next) - after_s(before);
    const double share = span_s > 0.0 ? std::clamp((at_s - after_s(before)) / span_s, 0.0, 1.0) : 1.0;
    const auto between = next->at - before.at;
    found.plays.push_back({&play, before.at + between * share, tracking::length(between) > kWalks_m});
  }
  return found;
}

}  // namespace promenade::console

#pragma once
// Safety levels and their causes, shared by hall, headset, wire and console. Pure values.
// The worst cause wins; tightening is immediate, relaxing needs a dwell (tracking/safety.h).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace promenade::tracking {

enum class Level : std::uint8_t { clear = 0, warn = 1, pause = 2, stop = 3, evacuate = 4 };

enum class Cause : std::uint8_t {
  none = 0,
  wall,             // boundary or obstacle near or reached
  body,             // another body near, or its closest approach soon
  stray,            // off the planned path
  tracking_lost,    // pose invalid, frozen or calibration out of trust
  stale,            // no news of a body that could be met
  posture,          // head low or falling
  running,
  not_worn,         // visor lifted, headset taken off
  operator_command, // staff paused or stopped this viewer or the hall
  panic,            // the viewer's own gesture
  companion,        // the other one of a pair has been paused
  link_lost,        // the headset hears nothing from the hall
  fire,             // contact, button or console: evacuate
};

inline constexpr std::size_t kCauseCount = static_cast<std::size_t>(Cause::fire) + 1;

struct Concern {  // one cause at one level, as evaluated now
  Level level = Level::clear;
  Cause cause = Cause::none;
  double distance_m = 0.0;          // to what causes it; 0 where it has none
  double bearing_rad = 0.0;         // hall yaw from the viewer towards what causes it
  friend bool operator==(const Concern&, const Concern&) = default;
};

std::string_view to_string(Level level);
std::string_view to_string(Cause cause);
std::optional<Level> level_from_string(std::string_view text);
std::optional<Cause> cause_from_string(std::string_view text);
// One sentence each, for staff: what this cause is, and what clears it and who may override it.
std::string_view what_it_is(Cause cause);
std::string_view what_clears(Cause cause);
bool staff_may_override(Cause cause);

}  // namespace promenade::tracking

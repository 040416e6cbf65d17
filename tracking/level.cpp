#include "tracking/level.h"

#include <array>
#include <utility>

#include "tracking/base/assert.h"

namespace promenade::tracking {
namespace {

constexpr std::array<std::pair<Level, std::string_view>, 5> kLevels{{
    {Level::clear, "clear"},
    {Level::warn, "warn"},
    {Level::pause, "pause"},
    {Level::stop, "stop"},
    {Level::evacuate, "evacuate"},
}};

struct CauseRow {
  Cause cause;
  std::string_view name;
  std::string_view what;
  std::string_view clears;
  bool staff_override;
};

// Protection against bodies and walls is never overridden, only cleared by distance.
constexpr std::array<CauseRow, kCauseCount> kCauses{{
    {Cause::none, "none", "Nothing is wrong.",
     "Nothing is held.", false},
    {Cause::wall, "wall", "A wall or an obstacle is near or has been reached.",
     "Clears when the viewer has moved away from the wall or obstacle; nobody may override it.", false},
    {Cause::body, "body", "Another person is near, or the two will soon meet.",
     "Clears when the two have moved apart; nobody may override it.", false},
    {Cause::stray, "stray", "The viewer is off his planned path.",
     "Clears when the viewer is back on the plan or planned anew; staff may override it after looking.", true},
    {Cause::tracking_lost, "tracking_lost", "The headset does not know where it is, or its place is no longer trusted.",
     "Clears when the headset tracks again and its place is trusted; a stop also needs staff to check the place.", false},
    {Cause::stale, "stale", "Nothing is heard of somebody whom the viewer could meet.",
     "Clears when the silent body is heard again or staff confirm that nobody is there.", true},
    {Cause::posture, "posture", "The viewer is falling, or his head has been low for long.",
     "Clears when the viewer stands again; staff may override it for a viewer who may sit.", true},
    {Cause::running, "running", "The viewer, or somebody who could reach him, runs.",
     "Clears when the runner walks again; nobody may override it.", false},
    {Cause::not_worn, "not_worn", "The visor is lifted or the headset has been taken off.",
     "Clears when the headset is worn again; after ten seconds staff must confirm where the viewer is.", false},
    {Cause::operator_command, "operator_command", "Staff have paused or stopped this viewer or the hall.",
     "Clears when staff release this viewer.", true},
    {Cause::panic, "panic", "The viewer, or somebody near him, asks for help.",
     "Clears when staff have spoken with the viewer and release him.", true},
    {Cause::companion, "companion", "The other one of a parent and child has been paused.",
     "Clears when the other one of the pair is clear; staff may override it.", true},
    {Cause::link_lost, "link_lost", "Headset and hall do not hear each other.",
     "Clears when the headset hears the hall again.", false},
    {Cause::fire, "fire", "The hall is to be left.",
     "Clears when the fire contact is reset and staff end the evacuation.", true},
}};

const CauseRow& row(Cause cause) {
  const auto index = static_cast<std::size_t>(cause);
  PROMENADE_ASSERT(index < kCauses.size() && kCauses[index].cause == cause);
  return kCauses[index];
}

}  // namespace

std::string_view to_string(Level level) { return kLevels[static_cast<std::size_t>(level)].second; }
std::string_view to_string(Cause cause) { return row(cause).name; }

std::optional<Level> level_from_string(std::string_view text) {
  for (const auto& [level, name] : kLevels) {
    if (name == text) return level;
  }
  return std::nullopt;
}

std::optional<Cause> cause_from_string(std::string_view text) {
  for (const CauseRow& each : kCauses) {
    if (each.name == text) return each.cause;
  }
  return std::nullopt;
}

std::string_view what_it_is(Cause cause) { return row(cause).what; }
std::string_view what_clears(Cause cause) { return row(cause).clears; }
bool staff_may_override(Cause cause) { return row(cause).staff_override; }

}  // namespace promenade::tracking

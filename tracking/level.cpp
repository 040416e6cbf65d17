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
  std::string_view clears;
  bool staff_override;
};

// Protection against bodies and walls is never overridden, only cleared by distance.
constexpr std::array<CauseRow, 14> kCauses{{
    {Cause::none, "none", "Nothing is held.", false},
    {Cause::wall, "wall", "Clears when the viewer has moved away from the wall or obstacle; nobody may override it.", false},
    {Cause::body, "body", "Clears when the two have moved apart; nobody may override it.", false},
    {Cause::stray, "stray", "Clears when the viewer is back on the plan or planned anew; staff may override it after looking.", true},
    {Cause::tracking_lost, "tracking_lost", "Clears when the headset tracks again and its place is trusted; a stop also needs staff to check the place.", false},
    {Cause::stale, "stale", "Clears when the silent body is heard again or staff confirm that nobody is there.", true},
    {Cause::posture, "posture", "Clears when the viewer stands again; staff may override it for a viewer who may sit.", true},
    {Cause::running, "running", "Clears when the runner walks again; nobody may override it.", false},
    {Cause::not_worn, "not_worn", "Clears when the headset is worn again; after ten seconds staff must confirm where the viewer is.", false},
    {Cause::operator_command, "operator_command", "Clears when staff release this viewer.", true},
    {Cause::panic, "panic", "Clears when staff have spoken with the viewer and release him.", true},
    {Cause::companion, "companion", "Clears when the other one of the pair is clear; staff may override it.", true},
    {Cause::link_lost, "link_lost", "Clears when the headset hears the hall again.", false},
    {Cause::fire, "fire", "Clears when the fire contact is reset and staff end the evacuation.", true},
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

std::string_view what_clears(Cause cause) { return row(cause).clears; }
bool staff_may_override(Cause cause) { return row(cause).staff_override; }

}  // namespace promenade::tracking

#pragma once
// A planned hall for the measure of safety: plays by the shipped planner, gates by the shipped interlocking, viewers of
// the walker model, levels by hall and headsets (safety_watch.h), attendants who come to those who are stopped. Counts
// what walkers.md defines. Deterministic from its seed; one thread; hall floor in metres, seconds.
//
// What it leaves out: chairs, and attendants as bodies on the floor (they see the hall and give way). Who is helped is
// led by the hand, and is back at his place or gone when the attendant lets go.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "showcontrol/hall/config.h"
#include "showcontrol/rehearsal/walker.h"
#include "tests/bench/safety_watch.h"

namespace promenade::bench::safety {

struct Setting {  // one row of the measure
  std::string name;
  tracking::Venue venue;
  std::vector<hall::Film> films;         // walking films, and the same for headsets
  client::FilmShelf shelf;
  rehearsal::WalkerHabits walker;
  rehearsal::TrackingHabits tracking;
  LinkHabits link;
};

// Who takes part in a contact, the first that fits.
enum class Part : std::uint8_t { obeying, disobeying, child, runner, tracking_lost, led };
inline constexpr std::size_t kParts = 6;
std::string_view to_string(Part part);

// Why a level was raised: something is near while everybody concerned is tracked and heard; somebody's place is not known
// (tracking lost, link silent); or the viewer's own conduct (astray, down, running, visor up, his child or parent paused).
enum class Ground : std::uint8_t { conflict, unknown_place, conduct };
inline constexpr std::size_t kGrounds = 3;
std::string_view to_string(Ground ground);

struct HallFigures {
  double viewer_s = 0.0, hall_s = 0.0, paused_s = 0.0, stopped_s = 0.0;
  std::array<std::size_t, kParts> contacts{}, wall_contacts{};
  std::size_t near_misses = 0, wall_near_misses = 0;
  // Entries into a level, whole and those of them that were false, by ground and by cause.
  static constexpr std::size_t kCauses = tracking::kCauseCount;
  struct Raised {
    std::array<std::size_t, kGrounds> by_ground{}, false_by_ground{};
    std::array<std::size_t, kCauses> by_cause{}, false_conflict_by_cause{};
    std::size_t false_near_astray = 0;   // in conflict, false, and somebody near strays or runs, or has just done so
    std::size_t all() const { return by_ground[0] + by_ground[1] + by_ground[2]; }
    std::size_t all_false() const { return false_by_ground[0] + false_by_ground[1] + false_by_ground[2]; }
  };
  std::array<Raised, 4> raised{};        // by level; clear: not used
  std::vector<float> leads_s;            // from the first warning to the fork's closest approach, where that is under 1.0 m
  std::size_t warned_too_late = 0;       // of them, pauses or stops with no warning before
  std::size_t plays = 0, helped = 0;
  std::vector<std::string> touches;      // each contact, with people or walls, in words, and the last seconds of those in it

  void add(const HallFigures& other);
  const Raised& of(tracking::Level level) const { return raised[static_cast<std::size_t>(level)]; }
};

// A hall of `hours` after a warm-up that is not counted.
HallFigures run_hall(const Setting& setting, double hours, std::uint64_t seed);

}  // namespace promenade::bench::safety

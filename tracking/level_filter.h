#pragma once
// From what is evaluated each moment to the level that a viewer is shown: tightening is immediate, relaxing waits
// until the cause has been gone for its dwell, and a stop lasts until somebody who checked the place releases it. Who is
// paused again soon after a pause by the same cause stays paused for longer: standing is safer than setting off and being stopped
// every other second.
// Pure; time is an argument and must not go back; one owner (hall for each viewer, headset for itself).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "tracking/base/clock.h"
#include "tracking/level.h"
#include "tracking/safety.h"

namespace promenade::tracking {

struct Relaxation {
  base::Duration warn_dwell{500'000};
  base::Duration pause_dwell{1'500'000};
  std::optional<base::Duration> stop_dwell{};  // nullopt: only `release` ends a stop or an evacuation
  base::Duration pause_again{10'000'000};      // paused again by the same cause within this time
  base::Duration pause_again_dwell{6'000'000};  // of a pause, it waits at least so long
};
Relaxation relaxation_of(const SafetyLimits& limits);

class LevelFilter {
 public:
  explicit LevelFilter(Relaxation relaxation = {}) : relaxation_(relaxation) {}
  // The held concern that is worst after this evaluation; {clear, none} when there is none.
  Concern update(base::HallTime now, const Evaluation& evaluation);
  // Ends held stops (and evacuations, when the cause is no longer raised) whose cause is now below pause;
  // call it after the viewer's place was checked. False when a cause still asks for pause or more.
  bool release();
  Level level() const { return worst().level; }
  Concern worst() const;
  Level level_of(Cause cause) const;
  // Staff have lifted this cause: what is held of it is gone at once; it is held again as it is evaluated.
  void drop(Cause cause) { held_[static_cast<std::size_t>(cause)] = {}; }
  void reset();  // viewer gone: nothing held

 private:
  static constexpr std::size_t kCauses = kCauseCount;
  struct Held {
    Concern concern;                 // held level, newest distance and bearing
    Level raw = Level::clear;        // as last evaluated
    base::HallTime last_needed{};    // last time raw was at least the held level
    base::Duration pause_dwell{};    // of the present pause, or the last; zero: never paused
    base::HallTime relaxed_at{};     // when the last pause ended
  };
  std::optional<base::Duration> dwell(const Held& held) const;
  void begin_pause(Held& held, base::HallTime now) const;

  Relaxation relaxation_;
  std::array<Held, kCauses> held_{};
  std::uint32_t busy_ = 0;  // a bit for each cause that is held or raised; the others are as new and need no look
};

}  // namespace promenade::tracking

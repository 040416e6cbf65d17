#pragma once
// How safe one viewer is now: each cause with its level, the worst first in rank. The hall runs it on all bodies
// when a pose arrives, the headset on walls and on the neighbours that it last heard of. Frame: Hall; metres,
// seconds. Pure, no allocation, well under a microsecond a neighbour. Approaching never lowers a level, nor does
// more uncertainty. Commands of people (operator, panic, companion, fire) are added by their owner with `add`.

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>

#include "tracking/base/clock.h"
#include "tracking/body.h"
#include "tracking/calibration.h"
#include "tracking/level.h"
#include "tracking/venue.h"

namespace promenade::tracking {

class WallGrid;

inline constexpr double kInterestRadius_m = 6.0;  // bodies further away cannot matter within the horizon, unless they run
inline constexpr double kForever_s = std::numeric_limits<double>::infinity();

struct Condition {  // of the viewer who is evaluated, beside his body
  double stray_m = 0.0;             // from the planned point, leg or scene area; 0 without a plan
  double tracking_lost_s = 0.0;     // pose invalid or frozen for so long; 0 while tracked
  CalibrationState calibration = CalibrationState::good;
  double head_low_s = 0.0;          // under low_head_fraction of standing height for so long
  bool falling = false;
  bool low_is_fine = false;         // scene or chair allows sitting
  bool worn = true;
  double server_silence_s = 0.0;    // headset only: since the last state from the hall
};

struct PairView {  // one neighbour as one viewer must see it
  double distance_m = 0.0;          // head to head, less uncertainty beyond the allowance and width
  double contact_s = kForever_s;    // until predicted contact; forever when none within the horizon
  double reach_m = 0.0;             // radius in which the neighbour may be: size of its ghost
  bool ghost = false;               // draw it in full
  Concern concern;                  // body, stale, or running near
};

class Evaluation {
 public:
  static constexpr std::size_t kMax = 12;
  void add(const Concern& concern);  // keeps the worst concerns; one of level clear is nothing
  Level level() const { return worst().level; }
  // Highest level; among equals the nearest, then the order of Cause. {clear, none} when all is well.
  const Concern& worst() const;
  std::span<const Concern> concerns() const { return {concerns_.data(), size_}; }
  Level level_of(Cause cause) const;

 private:
  std::array<Concern, kMax> concerns_{};
  std::size_t size_ = 0;
  std::size_t worst_ = 0;
};

// The rule for two bodies by relation and zone; nullptr for a pair that holds hands, which is one
// body, and for attendants in the kitting area, who have viewers in their hands.
const DistanceRule* rule_between(const Body& a, const Body& b, const SafetyLimits& limits);

// How near somebody must be for `other` to matter to him: whoever runs reaches farther within the horizon.
double interest_m(const Body& other, const SafetyLimits& limits);

PairView view_pair(const Body& self, const Neighbour& neighbour, const Condition& condition, const Venue& venue,
                   base::HallTime now);

// Walls, bodies, stray, tracking, staleness, posture, running, worn, silence of the server. `walls`, of the same venue,
// spares it the look at obstacles far away; the result is the same without.
Evaluation evaluate(const Body& self, const Condition& condition, std::span<const Neighbour> neighbours,
                    const Venue& venue, base::HallTime now, const WallGrid* walls = nullptr);

// Seconds that a head has been low; feeds Condition::head_low_s and falling. Who has fallen and stays low is falling
// until his head is up again.
class PostureWatch {
 public:
  explicit PostureWatch(double standing_height_m = 1.6) : standing_m_(standing_height_m) {}
  void set_standing_height(double height_m) { standing_m_ = height_m; }
  void update(base::HallTime now, double head_height_m, double fall_speed_mps, const SafetyLimits& limits);
  double head_low_s(base::HallTime now) const;
  bool falling() const { return falling_; }

 private:
  double standing_m_;
  std::optional<base::HallTime> low_since_;
  bool falling_ = false;
};

}  // namespace promenade::tracking

#pragma once
// The last seconds of one simulated viewer, kept so that a contact can be understood and played again. A plain value;
// metres, seconds of the hall's clock.

#include <array>
#include <cstddef>
#include <string>

#include "showcontrol/rehearsal/walker.h"
#include "tracking/level.h"

namespace promenade::bench::safety {

struct TrailPoint {
  double at_s = 0.0;
  tracking::HallPoint at, measured;      // truly, and as his headset has it
  double wall_m = 0.0;                   // truly, from the nearest wall
  double off_plan_m = 0.0;               // as his headset reckons it
  bool planned = false;                  // a plan tells where he goes
  bool led = false;                      // by an attendant's hand
  rehearsal::Conduct conduct = rehearsal::Conduct::normal;
  tracking::Level level = tracking::Level::clear;
  tracking::Cause cause = tracking::Cause::none;
};

class Trail {
 public:
  static constexpr double kEvery_s = 0.25;
  bool is_due(double now_s) const;       // kEvery_s after the last
  void add(const TrailPoint& point);
  std::string text() const;              // a line each, oldest first

 private:
  std::array<TrailPoint, 24> points_{};
  std::size_t count_ = 0;
};

}  // namespace promenade::bench::safety

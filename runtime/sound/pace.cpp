#include "runtime/sound/pace.h"

#include <algorithm>
#include <cmath>

namespace promenade::sound {
namespace {

// A controller with proportional and integral part, critically damped (gain² = 4 integral): a clock that is off by r moves the
// sound by at most r / (e sqrt(integral)), 1.8 ms at 100 ppm, and a reading that is off by some milliseconds moves the rate by parts
// per million.
constexpr double kSmooth_s = 2.0;
constexpr double kGain = 0.04;        // 1/s
constexpr double kIntegral = 4e-4;    // 1/s²
constexpr double kStepMost_s = 0.1;

}  // namespace

Pace::Order Pace::step(double off_s, double since_s) {
  since_s = std::clamp(since_s, 0.0, kStepMost_s);
  rest_s_ = std::max(0.0, rest_s_ - since_s);
  beyond_s_ = std::abs(off_s) > kSeekAbove_s ? beyond_s_ + since_s : 0.0;
  if (beyond_s_ >= kSeekAfter_s && rest_s_ <= 0.0) {
    begin();
    rest_s_ = kSeekRest_s;
    return {1.0 + steady_, true};
  }
  off_s_ += (off_s - off_s_) * std::min(1.0, since_s / kSmooth_s);
  steady_ = std::clamp(steady_ + kIntegral * off_s_ * since_s, -kRateMost, kRateMost);
  return {1.0 + std::clamp(kGain * off_s_ + steady_, -kRateMost, kRateMost), false};
}

void Pace::begin() { off_s_ = beyond_s_ = 0.0; }

}  // namespace promenade::sound

// A sound on a device whose clock is wrong, told where it is as the device tells it: late by up to a period.

#include "runtime/sound/pace.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

using promenade::sound::Pace;

namespace {

constexpr double kFrame_s = 1.0 / 72.0;

struct Device {
  double ppm = 0.0;        // fast
  double period_s = 0.02;  // in which it tells how far it is
  double position_s = 0.0, told_s = 0.0, since_told_s = 0.0;
  void run(double seconds, double rate) {
    position_s += seconds * rate * (1.0 + 1e-6 * ppm);
    since_told_s += seconds;
    if (since_told_s < period_s) return;
    since_told_s = std::fmod(since_told_s, period_s);
    told_s = position_s - since_told_s;
  }
};

}  // namespace

TEST_CASE("a device's wrong clock is made good by rate, within 5 ms over two hours and without a seek") {
  for (const double ppm : {-100.0, -50.0, 0.0, 50.0, 100.0}) {
    Device device{ppm};
    Pace pace;
    double worst_s = 0.0, rate = 1.0;
    for (double t = 0.0; t < 7200.0; t += kFrame_s) {
      device.run(kFrame_s, rate);
      // As OpenAL Soft tells it: what was last mixed, less what of it is still to be heard.
      const double heard_s = device.told_s + device.since_told_s;
      const Pace::Order order = pace.step(t + kFrame_s - heard_s, kFrame_s);
      REQUIRE_FALSE(order.seek);
      REQUIRE(std::abs(order.rate - 1.0) <= Pace::kRateMost);
      rate = order.rate;
      worst_s = std::max(worst_s, std::abs(t + kFrame_s - device.position_s));
    }
    INFO(ppm);
    CHECK(worst_s < 0.005);
  }
}

TEST_CASE("what is far off is put right at once, but not for one late reading, nor again and again") {
  Pace pace;
  CHECK_FALSE(pace.step(0.5, kFrame_s).seek);
  for (int i = 0; i < 100; ++i) REQUIRE_FALSE(pace.step(i % 5 == 0 ? 0.5 : 0.01, kFrame_s).seek);
  int seeks = 0;
  double first_s = -1.0;
  for (double t = 0.0; t < 1.9; t += kFrame_s) {
    if (!pace.step(-0.2, kFrame_s).seek) continue;
    ++seeks;
    if (first_s < 0.0) first_s = t;
  }
  CHECK(seeks == 1);
  CHECK(first_s < 0.15);
  // Below the limit rate alone works, up to half of it and beyond.
  Pace slow;
  for (int i = 0; i < 5000; ++i) REQUIRE_FALSE(slow.step(0.079, kFrame_s).seek);
}

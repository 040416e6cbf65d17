// Rows "tracking error", "tracking dropouts" and "headset dies".

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "showcontrol/rehearsal/tracking_error.h"

using namespace promenade;
using namespace promenade::rehearsal;
using Catch::Approx;

TEST_CASE("Slow error: sigma 0.05 m, correlation 30 s (40 headsets, 1 h, drift off)") {
  TrackingHabits habits;
  habits.faults = false;
  habits.drift_m = 0.0;
  double sum = 0.0, lagged = 0.0;
  std::size_t count = 0, pairs = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    TrackingError error(habits, base::Random(1).fork("headset", i));
    std::vector<double> x;
    for (int k = 0; k < 3600; ++k) x.push_back(error.step(k).error.x);
    for (const double v : x) sum += v * v, ++count;
    for (std::size_t k = 30; k < x.size(); ++k, ++pairs) lagged += x[k] * x[k - 30];
  }
  const double variance = sum / static_cast<double>(count);
  CHECK(std::sqrt(variance) == Approx(0.05).margin(0.004));
  CHECK(lagged / static_cast<double>(pairs) / variance == Approx(std::exp(-1.0)).margin(0.08));
}

TEST_CASE("Drift: a random walk to 0.10 m in 20 min, reset by marks (600 headsets)") {
  TrackingHabits habits;
  habits.faults = false;
  habits.slow_sigma_m = 0.0;
  double sum = 0.0;
  for (std::uint64_t i = 0; i < 600; ++i) {
    TrackingError error(habits, base::Random(2).fork("headset", i));
    TrackingReading reading;
    for (int k = 0; k <= 120; ++k) reading = error.step(10.0 * k);
    sum += reading.error.x * reading.error.x + reading.error.y * reading.error.y;
    error.reset_drift();
    CHECK(tracking::length(error.step(1200.0).error) == 0.0);
  }
  CHECK(std::sqrt(sum / 1200.0) == Approx(0.10).margin(0.008));
}

TEST_CASE("Dropouts: 0.2 to 0.5 s once a minute; a long one in 2 h; frozen in 10 h; dead in 50 h (400 headset-hours)") {
  double lost_s = 0.0;
  int blinks = 0, outages = 0, freezes = 0, deaths = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    TrackingError error(TrackingHabits{}, base::Random(3).fork("headset", i));
    double lost_since = -1.0;
    bool frozen = false;
    for (int k = 0; k < 360000; ++k) {
      const double now = 0.1 * k;
      const TrackingReading reading = error.step(now);
      const bool lost = reading.quality == protocol::TrackingQuality::lost;
      if (lost && lost_since < 0.0) lost_since = now;
      if (!lost && lost_since >= 0.0) {
        lost_s += now - lost_since;
        (now - lost_since > 2.0 ? outages : blinks) += 1;
        lost_since = -1.0;
      }
      if (reading.frozen && !frozen) ++freezes;
      frozen = reading.frozen;
      if (reading.dead) {
        ++deaths;
        break;
      }
    }
  }
  CHECK(blinks > 20000);
  CHECK(blinks < 25000);
  CHECK(lost_s / blinks == Approx(0.45).margin(0.15));
  CHECK(outages == Approx(190).margin(45));
  CHECK(freezes == Approx(37).margin(20));
  CHECK(deaths >= 2);
  CHECK(deaths <= 18);
}

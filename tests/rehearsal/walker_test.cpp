// The walker model against its table: each test names its row and says how many samples it takes.

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "showcontrol/rehearsal/walker.h"

using namespace promenade;
using namespace promenade::rehearsal;
using Catch::Approx;

namespace {

class Open final : public Room {
 public:
  HallPoint nearest_free(HallPoint point) const override { return point; }
  double clearance_m(HallPoint) const override { return std::numeric_limits<double>::infinity(); }
};
const Open kOpen;

double mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

double sd(const std::vector<double>& values) {
  const double m = mean(values);
  double sum = 0.0;
  for (const double v : values) sum += (v - m) * (v - m);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

Walker person(std::uint64_t number, double play_s = 600.0, bool child = false) {
  return Walker(WalkerHabits{}, base::Random(17).fork("walker", number), {0.0, 0.0}, play_s, child);
}

Guidance standing() {
  Guidance guidance;
  guidance.free_radius_m = 10.0;  // the bound is a test of its own
  return guidance;
}

}  // namespace

TEST_CASE("Speed between persons: mean 0.70, sd 0.11, clipped to 0.3..1.4 m/s (4,000 persons)") {
  std::vector<double> speeds;
  for (std::uint64_t i = 0; i < 4000; ++i) speeds.push_back(person(i).speed_mps());
  CHECK(mean(speeds) == Approx(0.70).margin(0.01));
  CHECK(sd(speeds) == Approx(0.11).margin(0.01));
  CHECK(std::ranges::min(speeds) >= 0.3);
  CHECK(std::ranges::max(speeds) <= 1.4);
}

TEST_CASE("Wander: sigma 0.25 m per axis and a correlation near 4 s, smoothed by 1 s (200 persons, 300 s)") {
  double sum = 0.0, lagged = 0.0;
  std::size_t count = 0, lag_count = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Walker walker = person(i);
    std::vector<double> x;
    for (int k = 0; k < 3000; ++k) {
      walker.step(0.1 * k, standing(), kOpen);
      x.push_back(walker.position().x);
      sum += walker.position().x * walker.position().x + walker.position().y * walker.position().y;
      count += 2;
    }
    for (std::size_t k = 50; k < x.size(); ++k, ++lag_count) lagged += x[k] * x[k - 50];
  }
  const double sigma = std::sqrt(sum / static_cast<double>(count));
  CHECK(sigma == Approx(0.25).margin(0.012));
  // After 5 s: the filtered process keeps about exp(-5/4) (1 + a little for the smoothing).
  const double correlation = lagged / static_cast<double>(lag_count) / (sigma * sigma);
  CHECK(correlation > 0.25);
  CHECK(correlation < 0.50);
}

TEST_CASE("Wander never goes beyond the scene's free area and 0.2 m (50 persons, 120 s)") {
  Guidance guidance;
  guidance.free_radius_m = 0.3;
  double farthest = 0.0;
  for (std::uint64_t i = 0; i < 50; ++i) {
    Walker walker = person(i);
    for (int k = 0; k < 1200; ++k) {
      walker.step(0.1 * k, guidance, kOpen);
      farthest = std::max(farthest, tracking::distance(walker.position(), HallPoint{}));
    }
  }
  CHECK(farthest <= 0.5 + 1e-9);
  CHECK(farthest > 0.45);
}

TEST_CASE("Start-up, pace and speed: a 12 m leg's time spreads by 14 to 25 % (1,500 walks)") {
  std::vector<double> times, starts;
  for (std::uint64_t i = 0; i < 1500; ++i) {
    WalkerHabits still;
    still.sigma_m = 1e-6;
    Walker walker(still, base::Random(5).fork("leg", i), {0.0, 0.0}, 600.0);
    Guidance guidance;
    walker.step(0.0, guidance, kOpen);
    guidance.path = {{0.0, 0.0}, {12.0, 0.0}};
    guidance.path_id = 1;
    double t = 0.0, started = -1.0;
    do {
      walker.step(t += 0.05, guidance, kOpen);
      if (started < 0.0 && walker.position().x > 0.01) started = t;
    } while (!walker.at_path_end() && t < 200.0);
    times.push_back(t);
    starts.push_back(started);
  }
  CHECK(sd(times) / mean(times) > 0.14);
  CHECK(sd(times) / mean(times) < 0.25);
  CHECK(quantile(starts, 0.5) == Approx(1.6).margin(0.25));   // 1.5 s and the first centimetre
  CHECK(quantile(starts, 0.95) == Approx(6.1).margin(0.9));
}

TEST_CASE("A person starts and stops with at most 1.0 m/s2, and is slow at a corner") {
  WalkerHabits still;
  still.sigma_m = 1e-6;
  for (std::uint64_t i = 0; i < 50; ++i) {
    Walker walker(still, base::Random(8).fork("corner", i), {0.0, 0.0}, 600.0);
    Guidance guidance;
    walker.step(0.0, guidance, kOpen);
    guidance.path = {{0.0, 0.0}, {3.0, 0.0}, {3.0, 3.0}};
    guidance.path_id = 1;
    double before = 0.0;
    for (int k = 1; k < 400; ++k) {
      walker.step(0.1 * k, guidance, kOpen);
      const double speed = tracking::length(walker.velocity());
      const bool at_corner = tracking::distance(walker.position(), HallPoint{3.0, 0.0}) < 0.15;
      if (at_corner) CHECK(speed < 0.7);
      else if (before > 0.0) CHECK(speed - before <= 0.1 + 0.03);
      before = at_corner ? 0.0 : speed;
    }
  }
}

TEST_CASE("A stop: reaction median 0.48 s, p95 1.0 s, then to rest in 0.58 s; 99 % obey at once (3,000 commands)") {
  std::vector<double> rests;
  int disobeyed = 0;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    WalkerHabits still;
    still.sigma_m = 1e-6;
    Walker walker(still, base::Random(3).fork("stop", i), {0.0, 0.0}, 600.0);
    Guidance guidance;
    walker.step(0.0, guidance, kOpen);
    guidance.path = {{0.0, 0.0}, {60.0, 0.0}};
    guidance.path_id = 1;
    double t = 0.0;
    while (t < 20.0) walker.step(t += 0.02, guidance, kOpen);
    guidance.level = tracking::Level::stop;
    const double told = t;
    while (t < told + 2.0 && tracking::length(walker.velocity()) > 0.01) walker.step(t += 0.02, guidance, kOpen);
    if (tracking::length(walker.velocity()) > 0.01) ++disobeyed;
    else rests.push_back(t - told);
  }
  CHECK(disobeyed >= 12);   // 30 expected; a reaction over 2 s counts as well
  CHECK(disobeyed <= 60);
  CHECK(quantile(rests, 0.5) == Approx(0.48 + 0.58).margin(0.08));
  CHECK(quantile(rests, 0.95) == Approx(1.0 + 0.62).margin(0.15));
}

TEST_CASE("A pause is obeyed by 97 %, and by nearly all when it is repeated after 2 s (3,000 commands)") {
  int at_once = 0, in_the_end = 0;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    WalkerHabits still;
    still.sigma_m = 1e-6;
    Walker walker(still, base::Random(4).fork("pause", i), {0.0, 0.0}, 600.0);
    Guidance guidance;
    walker.step(0.0, guidance, kOpen);
    guidance.path = {{0.0, 0.0}, {60.0, 0.0}};
    guidance.path_id = 1;
    double t = 0.0;
    while (t < 20.0) walker.step(t += 0.05, guidance, kOpen);
    guidance.level = tracking::Level::pause;
    while (t < 21.95) walker.step(t += 0.05, guidance, kOpen);
    if (tracking::length(walker.velocity()) < 0.6 * walker.speed_mps()) ++at_once;
    while (t < 26.0) walker.step(t += 0.05, guidance, kOpen);
    if (tracking::length(walker.velocity()) < 0.01) ++in_the_end;
  }
  CHECK(at_once == Approx(0.965 * 3000).margin(35));  // some react later than this looks
  CHECK(in_the_end >= 2985);
}

TEST_CASE("A warning slows 60 % to half within 1 s (2,000 warnings)") {
  int slowed = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    WalkerHabits still;
    still.sigma_m = 1e-6;
    Walker walker(still, base::Random(6).fork("warn", i), {0.0, 0.0}, 600.0);
    Guidance guidance;
    walker.step(0.0, guidance, kOpen);
    guidance.path = {{0.0, 0.0}, {60.0, 0.0}};
    guidance.path_id = 1;
    double t = 0.0;
    while (t < 20.0) walker.step(t += 0.1, guidance, kOpen);
    const double before = tracking::length(walker.velocity());
    guidance.level = tracking::Level::warn;
    while (t < 21.2) walker.step(t += 0.1, guidance, kOpen);
    if (tracking::length(walker.velocity()) < 0.6 * before) ++slowed;
  }
  CHECK(slowed == Approx(1200).margin(70));
}

TEST_CASE("Strays once in 50 plays of 1 to 3 m, runs once in 500, ten times as often for children (1,500 plays of 600 s)") {
  const auto count = [](bool child, int plays, int& strays, int& runs) {
    WalkerHabits habits;
    habits.fall_per_hour = habits.lift_visor_per_hour = habits.take_off_per_hour = 0.0;
    for (int i = 0; i < plays; ++i) {
      Walker walker(habits, base::Random(9).fork(child ? "child" : "adult", static_cast<std::uint64_t>(i)), {0.0, 0.0}, 600.0, child);
      Guidance guidance;
      guidance.in_play = true;
      Conduct before = Conduct::normal;
      for (int k = 0; k < 3000; ++k) {
        walker.step(0.2 * k, guidance, kOpen);
        if (walker.conduct() != before && walker.conduct() == Conduct::straying) ++strays;
        if (walker.conduct() != before && walker.conduct() == Conduct::running) ++runs;
        before = walker.conduct();
      }
    }
  };
  int strays = 0, runs = 0;
  count(false, 1500, strays, runs);
  CHECK(strays == Approx(30).margin(17));
  CHECK(runs <= 10);
  int child_strays = 0, child_runs = 0;
  count(true, 300, child_strays, child_runs);
  CHECK(child_strays == Approx(60).margin(25));
  CHECK(child_runs >= 1);
}

TEST_CASE("Falls, lifted visors and headsets taken off come by the hour (400 viewer-hours)") {
  int falls = 0, lifts = 0, off = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    WalkerHabits habits;
    habits.stray_per_play = habits.run_per_play = 0.0;
    Walker walker(habits, base::Random(11).fork("hour", i), {0.0, 0.0}, 600.0);
    Guidance guidance;
    guidance.in_play = true;
    bool worn = true, down = false;
    for (int k = 0; k < 18000; ++k) {
      walker.step(0.2 * k, guidance, kOpen);
      const bool now_down = walker.conduct() == Conduct::down;
      if (now_down && !down) ++falls;
      if (!walker.worn() && worn) (walker.taken_off() ? off : lifts) += 1;
      worn = walker.worn();
      down = now_down;
      if (walker.taken_off()) walker.put_on();
    }
  }
  CHECK(falls == Approx(4).margin(6));
  CHECK(lifts == Approx(20).margin(14));
  CHECK(off == Approx(8).margin(9));
}

TEST_CASE("Children are 1.1 to 1.4 m tall; who sits or falls has a low head") {
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Walker child = person(i, 600.0, true);
    CHECK(child.standing_height_m() >= 1.1);
    CHECK(child.standing_height_m() <= 1.4);
  }
}

TEST_CASE("Somebody who was led stands where he was let go, without a jump") {
  Walker walker = person(1);
  Guidance guidance = standing();
  walker.step(0.0, guidance, kOpen);
  walker.stand_at({5.0, 5.0}, {5.0, 5.0});
  HallPoint before = walker.position();
  CHECK(tracking::distance(before, HallPoint{5.0, 5.0}) < 1e-9);
  for (int k = 1; k < 100; ++k) {
    walker.step(0.1 * k, guidance, kOpen);
    CHECK(tracking::distance(before, walker.position()) < 0.15);
    before = walker.position();
  }
}

#include "tracking/pose_history.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <limits>

using namespace promenade;
using namespace promenade::tracking;
using base::hall_time;
using Catch::Approx;

namespace {
// Walks along x at 0.8 m/s, sampled at 90 Hz.
PoseHistory walk(int samples) {
  PoseHistory history;
  for (int i = 0; i < samples; ++i) {
    REQUIRE(history.add(hall_time(i / 90.0), pose_at<Hall>({0.8 * i / 90.0, 1.0}, 1.6, 0.1)));
  }
  return history;
}
}  // namespace

TEST_CASE("a pose is exact, interpolated or predicted, and says so") {
  const PoseHistory history = walk(46);
  const auto exact = history.at(hall_time(0.5));
  REQUIRE(exact);
  CHECK(exact->source == PoseSource::exact);
  CHECK(floor_point(exact->pose).x == Approx(0.4));
  const auto between = history.at(hall_time(0.25));
  REQUIRE(between);
  CHECK(between->source == PoseSource::interpolated);
  CHECK(floor_point(between->pose).x == Approx(0.2).margin(1e-5));
  const auto ahead = history.at(hall_time(0.6));
  REQUIRE(ahead);
  CHECK(ahead->source == PoseSource::predicted);
  CHECK(ahead->age == base::from_seconds(0.1));
  CHECK(floor_point(ahead->pose).x == Approx(0.48).margin(1e-4));
  CHECK_FALSE(history.at(hall_time(1.2)));
  CHECK_FALSE(history.at(hall_time(-0.1)));
}

TEST_CASE("velocity is over the last fifth of a second") {
  CHECK(walk(46).velocity().x == Approx(0.8).epsilon(1e-3));
  CHECK(walk(1).velocity() == HallVec{});
  PoseHistory turn = walk(46);
  for (int i = 1; i <= 18; ++i) {
    REQUIRE(turn.add(hall_time(0.5 + i / 90.0), pose_at<Hall>({0.4, 1.0 + 0.5 * i / 90.0}, 1.6 - 0.9 * i / 90.0, 0.1)));
  }
  CHECK(turn.velocity().x == Approx(0.0).margin(0.05));
  CHECK(turn.velocity().y == Approx(0.5).epsilon(0.1));
  CHECK(turn.fall_speed_mps() == Approx(0.9).epsilon(0.1));
}

TEST_CASE("the ring keeps the newest and forgets the oldest") {
  const PoseHistory history = walk(200);
  CHECK(history.size() == PoseHistory::kCapacity);
  CHECK(history.newest_time() == hall_time(199 / 90.0));
  CHECK_FALSE(history.at(hall_time(0.0)));
  CHECK(history.age(hall_time(199 / 90.0 + 0.25)).value() == base::from_seconds(0.25));
}

TEST_CASE("what cannot be is refused with its reason and changes nothing") {
  PoseHistory history = walk(10);
  const auto back = history.add(hall_time(0.01), pose_at<Hall>({0, 1}, 1.6, 0));
  REQUIRE_FALSE(back);
  CHECK(back.error().code == "pose-time-back");
  const auto jump = history.add(hall_time(0.11), pose_at<Hall>({3, 1}, 1.6, 0));
  REQUIRE_FALSE(jump);
  CHECK(jump.error().code == "pose-jump");
  Pose<Hall> none = pose_at<Hall>({0, 1}, 1.6, 0);
  none.position.y = std::numeric_limits<double>::quiet_NaN();
  CHECK(history.add(hall_time(0.11), none).error().code == "pose-not-finite");
  CHECK(history.size() == 10);
  history.clear();
  CHECK(history.empty());
  CHECK_FALSE(history.age(hall_time(1)));
  CHECK(history.add(hall_time(0.0), pose_at<Hall>({3, 1}, 1.6, 0)));
}

TEST_CASE("a pose repeated bit by bit is frozen, a live one is not") {
  PoseHistory history = walk(10);
  const Pose<Hall> last = history.newest();
  CHECK(history.frozen_for() == base::Duration{0});
  for (int i = 1; i <= 45; ++i) REQUIRE(history.add(hall_time(0.1 + i / 90.0), last));
  CHECK(history.frozen_for() == base::from_seconds(0.6 - 0.1));
  REQUIRE(history.add(hall_time(0.7), pose_at<Hall>({0.09, 1.0}, 1.6, 0.1)));
  CHECK(history.frozen_for() == base::Duration{0});
}

#include "tracking/near_miss.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace promenade;
using namespace promenade::tracking;
using base::BodyId;
using base::hall_time;
using Catch::Approx;

namespace {
constexpr BodyId kA{4};
constexpr BodyId kB{2};

const SafetyLimits kLimits;
const double kNear_m = (kLimits.near_miss_m + kLimits.contact_m) / 2.0;  // a near miss and no contact
const double kTouching_m = kLimits.contact_m - 0.2;

// B stands still, A walks past it at 0.8 m/s with the given smallest gap, at 30 Hz.
void pass(NearMissDetector& detector, double gap_m, bool strangers = true, double from_s = 0.0) {
  for (int i = 0; i <= 450; ++i) {
    const base::HallTime now = hall_time(from_s + i / 30.0);
    const HallPoint a{-6.0 + 0.8 * i / 30.0, gap_m};
    detector.track(kA, now, a);
    detector.track(kB, now, {0, 0});
    detector.pair(now, kA, a, kB, {0, 0}, strangers);
  }
}
}  // namespace

TEST_CASE("passing farther apart than the distance of a near miss is nothing") {
  NearMissDetector detector{kLimits};
  pass(detector, kLimits.near_miss_m + 0.05);
  CHECK(detector.take_closed().empty());
  CHECK(detector.open_count() == 0);
}

TEST_CASE("a near miss is one episode with its nearest moment and both tracks") {
  NearMissDetector detector{kLimits};
  pass(detector, kNear_m);
  const auto episodes = detector.take_closed();
  REQUIRE(episodes.size() == 1);
  const Episode& episode = episodes[0];
  CHECK(episode.kind == EpisodeKind::near_miss);
  CHECK(episode.first == kB);
  CHECK(episode.second == kA);
  CHECK(episode.nearest_m == Approx(kNear_m).margin(0.001));
  CHECK(base::seconds_since_zero(episode.nearest_time) == Approx(7.5).margin(0.05));
  CHECK(episode.first_track.size() == episode.second_track.size());
  CHECK(episode.second_track.size() > 50);
  CHECK(episode.second_track.front().time < episode.begin);
  CHECK(episode.end - episode.second_track.front().time <= base::from_seconds(10.1));
}

TEST_CASE("the tracks are those of the approach, however long the two stand there afterwards") {
  NearMissDetector detector{kLimits};
  for (int i = 0; i <= 900; ++i) {  // A comes for five seconds, stands for twenty, goes
    const double t = i / 30.0;
    const HallPoint a{kNear_m + (t < 5.0 ? 5.0 - t : t < 25.0 ? 0.0 : t - 25.0), 0.0};
    detector.track(kA, hall_time(t), a);
    detector.track(kB, hall_time(t), {0, 0});
    detector.pair(hall_time(t), kA, a, kB, {0, 0}, true);
  }
  const auto episodes = detector.take_closed();
  REQUIRE(episodes.size() == 1);
  CHECK(base::seconds_since_zero(episodes[0].end) > 25.0);
  const auto& track = episodes[0].second_track;  // of A
  REQUIRE(!track.empty());
  CHECK(base::seconds_since_zero(track.front().time) < 1.0);
  CHECK(base::seconds_since_zero(track.back().time) == Approx(7.0).margin(0.2));
}

TEST_CASE("a contact is an episode of its own within the near miss; members of a group have contacts only") {
  NearMissDetector detector{kLimits};
  pass(detector, kTouching_m);
  CHECK(detector.begun(EpisodeKind::contact) == 1);
  CHECK(detector.begun(EpisodeKind::near_miss) == 1);
  pass(detector, kNear_m, false, 20.0);
  CHECK(detector.begun(EpisodeKind::near_miss) == 1);
  CHECK(detector.take_closed().size() == 2);
}

TEST_CASE("wavering about the threshold is one episode") {
  NearMissDetector detector{kLimits};
  for (int i = 0; i < 300; ++i) {
    const double gap = kLimits.near_miss_m + 0.75 * kLimits.episode_margin_m * std::sin(i * 0.3);
    detector.pair(hall_time(i / 30.0), kA, {gap, 0}, kB, {0, 0}, true);
  }
  CHECK(detector.begun(EpisodeKind::near_miss) == 1);
}

TEST_CASE("walls, unseen pairs and bodies that leave") {
  NearMissDetector detector{kLimits};
  const auto wall_at = [&](double when_s, double clearance_m) { detector.wall(hall_time(when_s), kA, {clearance_m, 5}, clearance_m); };
  wall_at(0.0, kLimits.wall_near_miss_m - 0.05);
  wall_at(0.1, kLimits.wall_contact_m - 0.05);
  CHECK(detector.begun(EpisodeKind::wall_near_miss) == 1);
  CHECK(detector.begun(EpisodeKind::wall_contact) == 1);
  wall_at(0.2, kLimits.wall_near_miss_m + kLimits.episode_margin_m + 0.05);
  CHECK(detector.take_closed().size() == 2);
  detector.pair(hall_time(1), kA, {kNear_m, 0}, kB, {0, 0}, true);
  detector.advance(hall_time(2));
  CHECK(detector.open_count() == 1);
  detector.advance(hall_time(3.5));
  CHECK(detector.open_count() == 0);
  detector.pair(hall_time(4), kA, {kNear_m, 0}, kB, {0, 0}, true);
  detector.forget(kB);
  CHECK(detector.open_count() == 0);
  const auto episodes = detector.take_closed();
  REQUIRE(episodes.size() == 2);
  CHECK(episodes[1].end == hall_time(4));
}

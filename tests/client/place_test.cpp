#include "showcontrol/client/place.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <limits>

#include "tests/client/rig.h"

using namespace promenade;
using namespace promenade::client;
using namespace promenade::client::test;
using Catch::Matchers::WithinAbs;
using base::hall_time;

namespace {

const tracking::Transform<tracking::Hall, tracking::Stage> kTruth{1.1, {4.0, 9.0}, 0.0, false};

protocol::StagePose on_stage(protocol::HallPoint p, double height = 0.02) { return tracking::inverse(kTruth) * tracking::pose_at(p, height, 0.0); }

Place calibrated() {
  Place place;
  REQUIRE(place.touch(venue(), "M2.first", on_stage({14.6, 1.6}), hall_time(100.0)));
  REQUIRE(place.touch(venue(), "M2.second", on_stage({19.0, 1.6}), hall_time(110.0)));
  REQUIRE(place.calibrated());
  return place;
}

}  // namespace

TEST_CASE("two marks locate the stage in the hall") {
  Place place = calibrated();
  CHECK(place.trusted(hall_time(110.0)));
  CHECK(place.report(hall_time(110.0)).revision == 1);
  place.pose(on_stage({12.0, 3.0}, 1.7), protocol::TrackingQuality::good, hall_time(111.0), venue().safety);
  const auto at = tracking::floor_point(place.history().newest());
  CHECK_THAT(at.x, WithinAbs(12.0, 1e-6));
  CHECK_THAT(at.y, WithinAbs(3.0, 1e-6));
  const auto samples = place.take_samples();
  REQUIRE(samples.size() == 1);
  CHECK(samples[0].time == hall_time(111.0));
  CHECK(place.take_samples().empty());
  CHECK_THAT(place.standing_height_m(), WithinAbs(1.7, 1e-6));
}

TEST_CASE("marks that do not fit are refused, and then nothing is known") {
  Place place = calibrated();
  REQUIRE(place.touch(venue(), "M1.first", on_stage({9.0, 1.6}), hall_time(200.0)));
  const auto second = place.touch(venue(), "M1.second", on_stage({0.6, 13.7}), hall_time(205.0));
  REQUIRE_FALSE(second);
  CHECK_FALSE(place.calibrated());
  CHECK(place.report(hall_time(205.0)).residual_m > 0.1);
  CHECK_FALSE(place.report(hall_time(205.0)).known);
  CHECK(place.touch(venue(), "M9.first", on_stage({0, 0}), hall_time(206.0)).error().code == "mark-unknown");
  CHECK(place.touch(venue(), "M1", on_stage({0, 0}), hall_time(206.0)).error().code == "mark-unknown");
}

TEST_CASE("two touches of the same mark, or more than a minute apart, do not calibrate") {
  Place place;
  REQUIRE(place.touch(venue(), "M1.first", on_stage({9.0, 1.6}), hall_time(1.0)));
  REQUIRE(place.touch(venue(), "M1.first", on_stage({9.0, 1.6}), hall_time(2.0)));
  CHECK_FALSE(place.calibrated());
  REQUIRE(place.touch(venue(), "M1.second", on_stage({13.4, 1.6}), hall_time(70.0)));
  CHECK_FALSE(place.calibrated());
}

TEST_CASE("one mark of a calibrated headset measures its drift; far off, its place is out of trust") {
  Place place = calibrated();
  REQUIRE(place.touch(venue(), "M1.first", on_stage({0.6, 10.05}), hall_time(120.0)));
  CHECK_FALSE(place.trusted(hall_time(120.0)));
  CHECK(place.calibration_state(hall_time(120.0)) == tracking::CalibrationState::out_of_trust);
}

TEST_CASE("the hall may want the marks touched again; the next calibration satisfies it") {
  Place place = calibrated();
  place.raise_wanted(7);
  CHECK_FALSE(place.trusted(hall_time(120.0)));
  REQUIRE(place.touch(venue(), "M1.first", on_stage({9.0, 1.6}), hall_time(120.0)));
  REQUIRE(place.touch(venue(), "M1.second", on_stage({13.4, 1.6}), hall_time(121.0)));
  CHECK(place.report(hall_time(121.0)).revision == 7);
  CHECK(place.trusted(hall_time(121.0)));
  place.forget_calibration();
  CHECK_FALSE(place.report(hall_time(122.0)).known);
}

TEST_CASE("poses that are no number, lost or jump are not believed, until they persist") {
  Place place = calibrated();
  const auto good = protocol::TrackingQuality::good;
  for (int i = 0; i < 10; ++i) {
    place.pose(on_stage({12.0 + 0.001 * (i % 2), 3.0}, 1.7), good, hall_time(111.0 + i * 0.033), venue().safety);
  }
  CHECK(place.tracking_lost_s(hall_time(111.3)) < 0.1);
  protocol::StagePose wrong = on_stage({12.0, 3.0}, 1.7);
  wrong.position.x = std::numeric_limits<double>::quiet_NaN();
  place.pose(wrong, good, hall_time(111.4), venue().safety);
  place.pose(on_stage({12.0, 3.0}, 1.7), protocol::TrackingQuality::lost, hall_time(111.5), venue().safety);
  for (int i = 0; i < 5; ++i) place.pose(on_stage({20.0, 3.0}, 1.7), good, hall_time(111.6 + i * 0.01), venue().safety);
  CHECK(place.tracking_lost_s(hall_time(112.0)) > 0.6);
  CHECK_THAT(tracking::floor_point(place.history().newest()).x, WithinAbs(12.0, 0.01));
  for (int i = 0; i < 12; ++i) place.pose(on_stage({20.0 + 0.001 * (i % 2), 3.0}, 1.7), good, hall_time(111.7 + i * 0.01), venue().safety);
  CHECK_THAT(tracking::floor_point(place.history().newest()).x, WithinAbs(20.0, 0.01));
}

TEST_CASE("a bundle holds the newest samples, within its bound") {
  Place place = calibrated();
  for (int i = 0; i < 30; ++i) {
    place.pose(on_stage({12.0 + 0.001 * i, 3.0}, 1.7), protocol::TrackingQuality::good, hall_time(111.0 + i * 0.011), venue().safety);
  }
  const auto samples = place.take_samples();
  CHECK(samples.size() == protocol::kSamplesMax);
  CHECK(samples.back().time == hall_time(111.0 + 29 * 0.011));
}

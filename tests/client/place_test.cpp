#include "showcontrol/client/place.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <array>
#include <limits>

#include "tests/client/rig.h"

using namespace promenade;
using namespace promenade::client;
using namespace promenade::client::test;
using Catch::Matchers::WithinAbs;
using base::hall_time;

namespace {

const tracking::Transform<tracking::Hall, tracking::Stage> kTruth{1.1, {4.0, 9.0}, 0.0, false};

constexpr double kEast = -1.5707963267948966;  // the arrows of both pairs

protocol::StagePose on_stage(protocol::HallPoint p, double height = 0.02, double yaw = kEast) { return tracking::inverse(kTruth) * tracking::pose_at(p, height, yaw); }

Place calibrated() {
  Place place;
  REQUIRE(place.touch(venue(), "M2.first", on_stage({14.6, 1.6}), hall_time(100.0)));
  REQUIRE(place.touch(venue(), "M2.second", on_stage({19.4, 1.6}), hall_time(110.0)));
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

TEST_CASE("marks touched in the wrong order fit as well, and are found out by the way the controller lay") {
  Place place;
  REQUIRE(place.touch(venue(), "M1.first", on_stage({13.4, 1.6}), hall_time(1.0)));
  const auto swapped = place.touch(venue(), "M1.second", on_stage({9.0, 1.6}), hall_time(5.0));
  REQUIRE_FALSE(swapped);
  CHECK(swapped.error().code == "calibration-swapped");
  CHECK_FALSE(place.calibrated());
  CHECK_FALSE(place.report(hall_time(5.0)).known);

  REQUIRE(place.touch(venue(), "M1.first", on_stage({9.0, 1.6}), hall_time(10.0)));
  const auto against = place.touch(venue(), "M1.second", on_stage({13.4, 1.6}, 0.02, -kEast), hall_time(15.0));
  REQUIRE_FALSE(against);
  CHECK(against.error().code == "calibration-arrow");

  REQUIRE(place.touch(venue(), "M1.first", on_stage({9.0, 1.6}, 0.02, kEast + 0.6), hall_time(20.0)));
  CHECK(place.touch(venue(), "M1.second", on_stage({13.4, 1.6}, 0.02, kEast - 0.6), hall_time(25.0)));  // laid askew
  CHECK(place.trusted(hall_time(25.0)));
}

TEST_CASE("marks of another pair than the one named do not fit, for pairs are of different lengths") {
  Place place;
  REQUIRE(place.touch(venue(), "M1.first", on_stage({14.6, 1.6}), hall_time(1.0)));
  const auto other = place.touch(venue(), "M1.second", on_stage({19.4, 1.6}), hall_time(5.0));
  REQUIRE_FALSE(other);
  CHECK(other.error().code == "calibration-residual");
  CHECK_FALSE(place.calibrated());
}

TEST_CASE("by the marks the head must have been in the hall") {
  Place place;
  const auto touch = [&](const char* mark, double x, double at) {
    // The headset lies 4 m behind the wall, seen from the mark: the runtime has taken two rooms for one.
    place.pose(on_stage({x, -4.0}, 1.2), protocol::TrackingQuality::good, hall_time(at), venue().safety);
    return place.touch(venue(), mark, on_stage({x, 1.6}), hall_time(at));
  };
  REQUIRE(touch("M1.first", 9.0, 1.0));
  CHECK(touch("M1.second", 13.4, 5.0).error().code == "calibration-outside");
  CHECK_FALSE(place.calibrated());
}

TEST_CASE("standing on a mark is a coarse check: it never betters the score, and 25 cm off is out of trust") {
  Place place;
  CHECK(place.stand(venue(), hall_time(1.0)).error().code == "place-unknown");
  place = calibrated();
  const auto head = [&](protocol::HallPoint p, double at) { place.pose(on_stage(p, 1.7), protocol::TrackingQuality::good, hall_time(at), venue().safety); };
  head({9.2, 1.6}, 200.0);
  REQUIRE(place.stand(venue(), hall_time(200.0)));
  CHECK(place.calibration_state(hall_time(200.0)) == tracking::CalibrationState::unknown);
  CHECK(place.report(hall_time(200.0)).measured_by == tracking::DriftMeasure::marks);
  head({12.0, 3.0}, 203.0);
  CHECK(place.stand(venue(), hall_time(203.0)).error().code == "mark-far");
  head({9.0, 1.9}, 206.0);
  REQUIRE(place.stand(venue(), hall_time(206.0)));
  CHECK_FALSE(place.trusted(hall_time(206.0)));
}

TEST_CASE("a tag seen again and again measures the drift; it never moves the hall") {
  Place place = calibrated();
  const auto before = *place.hall_from_stage();
  const tracking::Tag& tag = *venue().find_tag(0);
  const auto see = [&](double slid_m, double from_s) {
    for (int i = 0; i < 5; ++i) {
      const double t = from_s + 0.25 * i;
      place.pose(on_stage({tag.at.x + 0.6, tag.at.y + 0.5}, 1.6), protocol::TrackingQuality::good, hall_time(t), venue().safety);
      const std::array seen{tracking::TagSighting{0, on_stage({tag.at.x + slid_m, tag.at.y}, 0.0)}};
      REQUIRE(place.saw_tags(venue(), seen, hall_time(t)));
    }
  };
  see(0.02, 300.0);
  CHECK(place.calibration_state(hall_time(301.0)) == tracking::CalibrationState::good);
  CHECK(place.report(hall_time(301.0)).measured_by == tracking::DriftMeasure::tag);
  see(0.12, 310.0);
  CHECK(place.calibration_state(hall_time(311.0)) == tracking::CalibrationState::alarm);
  CHECK(place.trusted(hall_time(311.0)));
  CHECK_THAT(place.report(hall_time(311.0)).offset_m, WithinAbs(0.12, 0.01));
  see(0.25, 320.0);
  CHECK_FALSE(place.trusted(hall_time(321.0)));
  CHECK(*place.hall_from_stage() == before);
}

TEST_CASE("two tags far enough apart give a headset its place") {
  Place place;
  const auto see = [&](int id, double at) {
    const tracking::Tag& tag = *venue().find_tag(id);
    place.pose(on_stage({tag.at.x + 0.6, tag.at.y + 0.5}, 1.6), protocol::TrackingQuality::good, hall_time(at), venue().safety);
    const std::array seen{tracking::TagSighting{id, on_stage(tag.at, 0.0)}};
    return place.saw_tags(venue(), seen, hall_time(at));
  };
  for (int i = 0; i < 3; ++i) REQUIRE(see(0, 10.0 + i * 0.1));
  CHECK_FALSE(place.calibrated());
  for (int i = 0; i < 3; ++i) REQUIRE(see(1, 16.0 + i * 0.1));
  REQUIRE(place.trusted(hall_time(17.0)));
  CHECK(place.report(hall_time(17.0)).measured_by == tracking::DriftMeasure::tag);
  CHECK(tracking::distance(*place.hall_from_stage() * tracking::floor_point(on_stage({20.0, 9.0})), {20.0, 9.0}) < 1e-6);
  CHECK(place.calibrations() == 1);
}

TEST_CASE("anchors that slide raise the alarm; anchors that stay better nothing") {
  Place place = calibrated();
  const double before = place.error_m(hall_time(400.0));
  place.saw_anchors(0.01, hall_time(400.0));
  CHECK(place.calibration_state(hall_time(400.0)) == tracking::CalibrationState::good);
  CHECK(place.error_m(hall_time(400.0)) >= before);
  place.saw_anchors(0.12, hall_time(401.0));
  CHECK(place.calibration_state(hall_time(401.0)) == tracking::CalibrationState::alarm);
  CHECK(place.report(hall_time(401.0)).measured_by == tracking::DriftMeasure::anchor);
  place.saw_anchors(0.25, hall_time(402.0));
  CHECK_FALSE(place.trusted(hall_time(402.0)));
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

TEST_CASE("poses that are no number, lost or jump are not believed") {
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
  CHECK(place.report(hall_time(112.0)).known);
}

TEST_CASE("tracking that stays where it jumped to has lost the hall: the marks are to be touched again") {
  Place place = calibrated();
  const auto stand_at = [&](double x, double from_s) {
    for (int i = 0; i < 12; ++i) place.pose(on_stage({x + 0.001 * (i % 2), 3.0}, 1.7), protocol::TrackingQuality::good, hall_time(from_s + i * 0.01), venue().safety);
  };
  stand_at(12.0, 111.0);
  stand_at(20.0, 111.2);
  CHECK_FALSE(place.report(hall_time(111.4)).known);
  CHECK(place.history().empty());
  CHECK_FALSE(place.trusted(hall_time(111.4)));
}

TEST_CASE("a place that the runtime only infers is not believed, and is missed like a lost one") {
  Place place = calibrated();
  for (int i = 0; i < 90; ++i) {  // he walks on, his cameras covered: the runtime turns the head and keeps the place
    const auto quality = i < 10 ? protocol::TrackingQuality::good : protocol::TrackingQuality::inferred;
    place.pose(on_stage({12.0 + 0.0001 * i, 3.0}, 1.7), quality, hall_time(111.0 + i * 0.033), venue().safety);
  }
  CHECK(place.tracking_lost_s(hall_time(114.0)) > 2.5);
  CHECK(place.take_samples().size() <= 10);
}

TEST_CASE("a height is learned on a head, not in a hand that holds the headset up") {
  Place place = calibrated();
  const auto good = protocol::TrackingQuality::good;
  place.worn(false);
  place.pose(on_stage({12.0, 3.0}, 1.75), good, hall_time(111.0), venue().safety);
  place.worn(true);
  place.pose(on_stage({12.0, 3.0}, 1.1), good, hall_time(113.0), venue().safety);
  CHECK_THAT(place.standing_height_m(), WithinAbs(1.1, 0.05));
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

TEST_CASE("a runtime that has begun anew keeps the place only if the head is found where it was left") {
  const auto good = protocol::TrackingQuality::good;
  Place place = calibrated();
  place.pose(on_stage({12.0, 3.0}, 1.7), good, hall_time(200.0), venue().safety);
  place.saw_anchors(0.12, hall_time(200.0));
  place.resume();
  place.pose(on_stage({12.4, 3.3}, 1.7), good, hall_time(203.0), venue().safety);
  CHECK(place.calibrated());
  place.saw_anchors(0.0, hall_time(204.0));  // set anew, they begin from nothing
  CHECK(place.calibration_state(hall_time(204.0)) == tracking::CalibrationState::alarm);
  place.resume();
  place.pose({{0.0, 1.7, 0.0}, {1.0, 0.0, 0.0, 0.0}}, good, hall_time(206.0), venue().safety);  // its own new origin
  CHECK_FALSE(place.calibrated());
  CHECK_FALSE(place.report(hall_time(206.0)).known);
  CHECK(place.take_samples().empty());

  Place never_seen = calibrated();
  never_seen.resume();
  CHECK_FALSE(never_seen.calibrated());
}

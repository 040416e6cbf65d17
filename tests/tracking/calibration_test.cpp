#include "tracking/calibration.h"

#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "tests/tracking/sample_hall.h"

using namespace promenade;
using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using base::hall_time;
using Catch::Approx;

namespace {
std::string code_of(const base::Result<Calibration>& result) { return result ? "" : result.error().code; }
const std::vector<Point<Hall>> kMarks{{0.6, 9.8}, {0.6, 14.2}};
}  // namespace

TEST_CASE("locating through calibration and back") {
  CHECK(holds("two or more marks give back the stage", [] {
    const Transform<Hall, Stage> truth{*within(-3.1, 3.1), {*within(-30, 30), *within(-30, 30)}, 0.0, false};
    std::vector<Point<Hall>> marks = kMarks;
    if (*rc::gen::arbitrary<bool>()) marks.push_back({4.0, 11.0});
    std::vector<Point<Stage>> measured;
    for (const Point<Hall> mark : marks) measured.push_back(inverse(truth) * mark);
    const auto found = calibrate(marks, measured);
    RC_ASSERT(found.has_value());
    RC_ASSERT(found->residual_m < 1e-9);
    const Point<Stage> p{*within(-10, 10), *within(-10, 10)};
    RC_ASSERT(distance(found->hall_from_stage * p, truth * p) < 1e-7);
    RC_ASSERT(distance(inverse(found->hall_from_stage) * (found->hall_from_stage * p), p) < 1e-9);
  }));
}

TEST_CASE("measuring errors of centimetres stay centimetres across the hall") {
  const Transform<Hall, Stage> truth{0.4, {3, 2}, 0.0, false};
  std::array<Point<Stage>, 2> measured{inverse(truth) * kMarks[0], inverse(truth) * kMarks[1]};
  measured[0].x += 0.02;
  measured[1].y += 0.02;
  const auto found = calibrate(kMarks, measured);
  REQUIRE(found);
  CHECK(found->residual_m < 0.02);
  CHECK(found->baseline_m == Approx(4.4));
  const Point<Stage> far = inverse(truth) * Point<Hall>{27, 7};
  CHECK(distance(found->hall_from_stage * far, {27, 7}) < 0.25);
}

TEST_CASE("marks that cannot be trusted are refused") {
  const std::array<Point<Stage>, 2> good{{{0, 0}, {0, 4.4}}};
  CHECK(code_of(calibrate(kMarks, std::span(good).first(1))) == "calibration-marks-few");
  const std::array<Point<Hall>, 2> near{{{1, 1}, {1, 3}}};
  CHECK(code_of(calibrate(near, good)) == "calibration-marks-near");
  const std::array<Point<Stage>, 2> twice{{{0, 0}, {0.02, 0}}};
  CHECK(code_of(calibrate(kMarks, twice)) == "calibration-marks-near");
  const std::array<Point<Stage>, 2> off{{{0, 0}, {0, 4.7}}};
  CHECK(code_of(calibrate(kMarks, off)) == "calibration-residual");
  CHECK(calibrate(kMarks, off, MarkMethod::standing).has_value());
  const std::array<Point<Stage>, 2> far{{{0, 0}, {0, 5.2}}};
  CHECK(code_of(calibrate(kMarks, far, MarkMethod::standing)) == "calibration-residual");
  const std::array<Point<Stage>, 2> none{{{0, 0}, {0, std::nan("")}}};
  CHECK(code_of(calibrate(kMarks, none)) == "calibration-not-finite");
}

TEST_CASE("half a turn is told by the way the controller lay") {
  const Transform<Hall, Stage> truth{0.4, {3, 2}, 0.0, false};
  CHECK(holds("swapped marks are found out", [&] {
    const double arrow = *within(-3.1, 3.1);
    const std::array laid{arrow - truth.yaw + *within(-1.0, 1.0), arrow - truth.yaw + *within(-1.0, 1.0)};
    RC_ASSERT(check_laid(truth, arrow, laid).has_value());
    Transform<Hall, Stage> swapped = truth;
    swapped.yaw += std::numbers::pi;
    RC_ASSERT(check_laid(swapped, arrow, laid).error().code == "calibration-swapped");
  }));
  const std::array laid{0.0, std::numbers::pi};
  CHECK(check_laid({}, 0.0, laid).error().code == "calibration-arrow");
  const std::array both_across{1.57, -1.57};
  CHECK(check_laid({}, 0.0, both_across).error().code == "calibration-arrow");
}

TEST_CASE("drift: an anchor that slides counts at once; one that stays lowers nothing") {
  DriftScore drift;
  drift.calibrated(hall_time(0), 0.01);
  drift.measured(hall_time(100), 0.12, DriftMeasure::touch);
  drift.measured(hall_time(101), 0.0, DriftMeasure::anchor);
  CHECK(drift.state(hall_time(101)) == CalibrationState::alarm);
  CHECK(drift.offset_m() == Approx(0.12));
  CHECK(drift.measured_by() == DriftMeasure::anchor);
  const double before = drift.error_m(hall_time(700));
  drift.measured(hall_time(700), 0.0, DriftMeasure::anchor);
  CHECK(drift.error_m(hall_time(700)) == Approx(before));
  drift.measured(hall_time(701), 0.02, DriftMeasure::tag);
  CHECK(drift.state(hall_time(701)) == CalibrationState::good);
  CHECK(drift.error_m(hall_time(701)) == Approx(0.05));
  drift.measured(hall_time(702), 0.25, DriftMeasure::anchor);
  CHECK(drift.state(hall_time(702)) == CalibrationState::out_of_trust);
  CHECK(drift.measured_ago(hall_time(712)) == base::from_seconds(10.0));
}

TEST_CASE("drift: good when fresh, unknown later, growing to 0.10 m in twenty minutes") {
  DriftScore drift;
  CHECK(drift.state(hall_time(0)) == CalibrationState::none);
  CHECK(std::isinf(drift.error_m(hall_time(0))));
  drift.measured(hall_time(0), 0.01);
  CHECK(drift.state(hall_time(0)) == CalibrationState::none);
  drift.calibrated(hall_time(0), 0.01);
  CHECK(drift.state(hall_time(30)) == CalibrationState::good);
  CHECK(drift.state(hall_time(90)) == CalibrationState::unknown);
  CHECK(drift.error_m(hall_time(0)) == Approx(0.05));
  CHECK(drift.error_m(hall_time(1200)) == Approx(std::hypot(0.05, 0.10)));
  CHECK(drift.error_m(hall_time(100)) < drift.error_m(hall_time(200)));
  CHECK(drift.state(hall_time(5400)) == CalibrationState::out_of_trust);
}

TEST_CASE("drift: measured offsets alarm and take trust away, marks give it back") {
  DriftScore drift;
  drift.calibrated(hall_time(0), 0.01);
  drift.measured(hall_time(100), 0.12);
  CHECK(drift.state(hall_time(100)) == CalibrationState::alarm);
  drift.measured(hall_time(200), 0.22);
  CHECK(drift.state(hall_time(200)) == CalibrationState::out_of_trust);
  CHECK(drift.error_m(hall_time(200)) >= 0.22);
  drift.calibrated(hall_time(300), 0.02);
  CHECK(drift.state(hall_time(300)) == CalibrationState::good);
  drift.reset();
  CHECK(drift.state(hall_time(300)) == CalibrationState::none);
}

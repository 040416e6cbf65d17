#include "tracking/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "tracking/base/formatted.h"

namespace promenade::tracking {
namespace {

constexpr double kWalkPerSecond_m2 = kDriftAlarm_m * kDriftAlarm_m / 1200.0;  // variance: 0.10 m (1 σ) in 20 min

template <class Frame>
Point<Frame> mean_of(std::span<const Point<Frame>> points) {
  Vec<Frame> sum;
  for (const Point<Frame> p : points) sum = sum + Vec<Frame>{p.x, p.y};
  return {sum.x / static_cast<double>(points.size()), sum.y / static_cast<double>(points.size())};
}

template <class Frame>
double baseline_of(std::span<const Point<Frame>> points) {
  double longest = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) longest = std::max(longest, distance(points[i], points[j]));
  }
  return longest;
}

}  // namespace

base::Result<Calibration> calibrate(std::span<const Point<Hall>> marks_hall, std::span<const Point<Stage>> marks_stage,
                                    MarkMethod method) {
  const std::size_t count = std::min(marks_hall.size(), marks_stage.size());
  if (count < 2 || marks_hall.size() != marks_stage.size()) {
    return base::fail("calibration-marks-few",
                      base::formatted("Measured {} of {} floor marks.", marks_stage.size(), marks_hall.size()),
                      "Lay the controller on both marks of one pair.");
  }
  const Point<Hall> centre_hall = mean_of(marks_hall);
  const Point<Stage> centre_stage = mean_of(marks_stage);
  double sine = 0.0;
  double cosine = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const Vec<Hall> h = marks_hall[i] - centre_hall;
    const Vec<Stage> s = marks_stage[i] - centre_stage;
    cosine += s.x * h.x + s.y * h.y;
    sine += s.x * h.y - s.y * h.x;
  }
  Calibration result;
  result.baseline_m = baseline_of(marks_hall);
  if (!std::isfinite(sine) || !std::isfinite(cosine)) {
    return base::fail("calibration-not-finite", "A measured mark is not a number.", "Measure the marks again.");
  }
  // The measured marks are asked as well: two touches of one mark would fit any direction.
  const double measured_m = baseline_of(marks_stage);
  if (result.baseline_m < kBaselineMin_m || measured_m < kBaselineMin_m - 2.0 * kResidualCoarse_m) {
    return base::fail("calibration-marks-near",
                      base::formatted("The marks are {:.2f} m apart and were measured {:.2f} m apart.", result.baseline_m,
                                  measured_m),
                      base::formatted("Use two different marks at least {:.0f} m apart.", kBaselineMin_m));
  }
  Transform<Hall, Stage>& transform = result.hall_from_stage;
  transform.yaw = std::atan2(sine, cosine);
  const Point<Hall> turned = transform * centre_stage;
  transform.shift = centre_hall - turned;
  for (std::size_t i = 0; i < count; ++i) {
    result.residual_m = std::max(result.residual_m, distance(marks_hall[i], transform * marks_stage[i]));
  }
  const double limit_m = method == MarkMethod::controller ? kResidualAlarm_m : kResidualCoarse_m;
  if (!(result.residual_m <= limit_m)) {
    return base::fail("calibration-residual",
                      base::formatted("The marks were measured {:.2f} m off; at most {:.2f} m is allowed.",
                                  result.residual_m, limit_m),
                      "Check that the marks are of this pair and in order, and measure them again.");
  }
  return result;
}

base::Result<void> check_laid(const Transform<Hall, Stage>& hall_from_stage, double arrow_rad, std::span<const double> laid_rad) {
  const auto off_rad = [&](double laid) { return std::abs(wrap_angle(laid + hall_from_stage.yaw - arrow_rad)); };
  if (std::ranges::all_of(laid_rad, [&](double laid) { return off_rad(laid) <= kLaidMost_rad; })) return {};
  if (std::ranges::all_of(laid_rad, [&](double laid) { return off_rad(laid) >= std::numbers::pi - kLaidMost_rad; })) {
    return base::fail("calibration-swapped", "The controller lay against both arrows: the marks were touched in the wrong order.",
                      "Touch the first mark, then the second, each time with the controller along the arrow.");
  }
  return base::fail("calibration-arrow", "The controller did not lie along the arrow of a mark.",
                    "Lay it along the arrow, its tip to the arrow's tip, on both marks.");
}

std::string_view to_string(CalibrationState state) {
  switch (state) {
    case CalibrationState::none: return "none";
    case CalibrationState::unknown: return "unknown";
    case CalibrationState::good: return "good";
    case CalibrationState::alarm: return "alarm";
    case CalibrationState::out_of_trust: return "out_of_trust";
  }
  return "none";
}

std::string_view to_string(DriftMeasure measure) {
  switch (measure) {
    case DriftMeasure::none: return "none";
    case DriftMeasure::marks: return "marks";
    case DriftMeasure::touch: return "touch";
    case DriftMeasure::tag: return "tag";
    case DriftMeasure::anchor: return "anchor";
  }
  return "none";
}

void DriftScore::calibrated(base::HallTime now, double residual_m) {
  measured_ = against_hall_ = now;
  offset_m_ = against_hall_m_ = residual_m;
  by_ = DriftMeasure::marks;
}

void DriftScore::measured(base::HallTime now, double offset_m, DriftMeasure by) {
  if (!measured_) return;  // an offset from an unknown place says nothing
  measured_ = now;
  offset_m_ = offset_m;
  by_ = by;
  if (by == DriftMeasure::anchor) return;
  against_hall_ = now;
  against_hall_m_ = offset_m;
}

std::optional<base::Duration> DriftScore::measured_ago(base::HallTime now) const {
  if (!measured_) return std::nullopt;
  return std::max(base::Duration{0}, now - *measured_);
}

double DriftScore::offset_m() const { return std::max(offset_m_, against_hall_m_); }

void DriftScore::reset() { *this = {}; }

double DriftScore::error_m(base::HallTime now) const {
  if (!measured_) return std::numeric_limits<double>::infinity();
  const double since_s = std::max(0.0, base::to_seconds(now - *against_hall_));
  const double base_m = std::max(offset_m(), kLaboratoryError_m);
  return std::sqrt(base_m * base_m + kWalkPerSecond_m2 * since_s);
}

CalibrationState DriftScore::state(base::HallTime now) const {
  if (!measured_) return CalibrationState::none;
  if (offset_m() >= kDriftOutOfTrust_m || error_m(now) >= kDriftOutOfTrust_m) return CalibrationState::out_of_trust;
  if (offset_m() >= kDriftAlarm_m) return CalibrationState::alarm;
  return now - *measured_ <= kMeasureGood ? CalibrationState::good : CalibrationState::unknown;
}

}  // namespace promenade::tracking

#pragma once
// Where a headset's stage lies in the hall, from floor marks, and how far that may still be trusted.
// Metres, radians; pure; time is an argument. Errors say what the attendant should do.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "tracking/base/clock.h"
#include "tracking/base/result.h"
#include "tracking/geometry.h"

namespace promenade::tracking {

enum class MarkMethod : std::uint8_t {
  controller,  // a controller laid on each mark
  standing,    // the viewer stands on each mark: a coarse check only
};

struct Calibration {
  Transform<Hall, Stage> hall_from_stage;
  double residual_m = 0.0;   // largest distance between a mark and its measured place
  double baseline_m = 0.0;   // largest distance between two marks
};

inline constexpr double kBaselineMin_m = 4.0;
inline constexpr double kResidualAlarm_m = 0.10;       // controller on marks
inline constexpr double kResidualCoarse_m = 0.25;      // standing on marks
inline constexpr double kDriftAlarm_m = 0.10;
inline constexpr double kDriftOutOfTrust_m = 0.20;

// Least squares over yaw and shift (the plane case of Kabsch 1976) for 2 or more marks, in the same order.
// Errors: calibration-marks-few, calibration-marks-near (baseline under 4 m), calibration-residual (over
// 0.10 m, standing 0.25 m), calibration-not-finite.
base::Result<Calibration> calibrate(std::span<const Point<Hall>> marks_hall, std::span<const Point<Stage>> marks_stage,
                                    MarkMethod method = MarkMethod::controller);

// The two marks of a pair look alike, and half a turn fits them as well. What tells is the controller itself: it was
// laid along the arrow of either mark, which lies at `arrow_rad` in the hall. `laid_rad`: yaws of the controller in the
// stage, one for each touch. Errors: calibration-swapped (all of them the other way round: the marks were touched in the
// wrong order), calibration-arrow (one of them more than kLaidMost_rad off).
inline constexpr double kLaidMost_rad = 1.0472;  // 60 degrees: laid askew is no error, laid across is none of both
base::Result<void> check_laid(const Transform<Hall, Stage>& hall_from_stage, double arrow_rad, std::span<const double> laid_rad);

enum class CalibrationState : std::uint8_t {
  none,          // never calibrated: no play
  unknown,       // calibrated, nothing measured for a while; the error estimate grows
  good,          // measured lately and below the alarm
  alarm,         // measured at 0.10 m or more
  out_of_trust,  // 0.20 m or more, measured or estimated: pause and call an attendant
};
std::string_view to_string(CalibrationState state);

// What last said how far the headset's place is off.
enum class DriftMeasure : std::uint8_t {
  none,    // nothing yet
  marks,   // a calibration: its residual
  touch,   // a controller laid on one mark
  tag,     // a printed tag seen by the headset's cameras
  anchor,  // a spatial anchor of the runtime, set when it was calibrated
};
std::string_view to_string(DriftMeasure measure);

// The drift score of one headset. Estimated error is 1 σ: what was last measured, and a random walk that
// reaches 0.10 m in 20 min (assumed; a venue's tags and touches show what its headsets do) since something of the hall
// was measured: a mark or a tag. An anchor is the runtime's own and may slide along with its stage: what it has moved is
// counted, but that it has not moved never lowers the estimate.
class DriftScore {
 public:
  static constexpr base::Duration kMeasureGood{60'000'000};  // a measurement older than this is history
  static constexpr double kLaboratoryError_m = 0.05;         // inside-out tracking without any drift

  void calibrated(base::HallTime now, double residual_m);
  void measured(base::HallTime now, double offset_m, DriftMeasure by = DriftMeasure::touch);
  void reset();                                              // headset changed hands: marks again
  CalibrationState state(base::HallTime now) const;
  double error_m(base::HallTime now) const;                  // 1 σ; infinite when never calibrated
  DriftMeasure measured_by() const { return by_; }
  double offset_m() const;                                   // as last measured, an anchor's no less than the hall's before
  std::optional<base::Duration> measured_ago(base::HallTime now) const;  // nullopt when never

 private:
  std::optional<base::HallTime> measured_;
  std::optional<base::HallTime> against_hall_;      // measured by a mark or a tag
  double against_hall_m_ = 0.0;
  double offset_m_ = 0.0;
  DriftMeasure by_ = DriftMeasure::none;
};

}  // namespace promenade::tracking

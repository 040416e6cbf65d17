#pragma once
// Where the head is in the hall: calibration by floor marks, drift, the last poses, and the bundle for the hall.
// Frames: Stage in, Hall out; metres. Pure. A mark is named after its pair and corner in the venue file:
// "M1.first", "M1.second".

#include <optional>
#include <string>
#include <vector>

#include "showcontrol/protocol/messages.h"
#include "tracking/calibration.h"
#include "tracking/pose_history.h"
#include "tracking/safety.h"
#include "tracking/venue.h"

namespace promenade::client {

class Place {
 public:
  // A controller laid on a mark. Two marks of one pair within a minute calibrate; one mark of a calibrated headset
  // measures its drift. Errors: "mark-unknown", and those of tracking::calibrate, after which nothing is known.
  base::Result<void> touch(const tracking::Venue& venue, const std::string& mark, const protocol::StagePose& controller,
                           base::HallTime now);
  void forget_calibration();           // the runtime moved the stage
  void forget_poses();                 // hall time has jumped
  void raise_wanted(std::uint8_t revision) { wanted_ = revision; }

  // A head pose at hall time `at`; poses that are no number, lost, or jump are not believed.
  void pose(const protocol::StagePose& head, protocol::TrackingQuality quality, base::HallTime at,
            const tracking::SafetyLimits& limits);

  bool calibrated() const { return calibration_.has_value(); }
  std::optional<tracking::Transform<tracking::Hall, tracking::Stage>> hall_from_stage() const {
    return calibration_ ? std::optional(calibration_->hall_from_stage) : std::nullopt;
  }
  bool trusted(base::HallTime now) const;  // calibrated as the hall wants it, and not out of trust
  tracking::CalibrationState calibration_state(base::HallTime now) const;
  protocol::CalibrationState report(base::HallTime now) const;
  const tracking::PoseHistory& history() const { return history_; }
  double error_m(base::HallTime now) const;            // finite
  double tracking_lost_s(base::HallTime now) const;    // no believed pose, or a frozen one, for so long
  double standing_height_m() const { return standing_m_; }
  const tracking::PostureWatch& posture() const { return posture_; }
  void new_viewer() { standing_m_ = 0.0; }

  std::vector<protocol::PoseSample> take_samples();    // since the last call, at most kSamplesMax newest

 private:
  struct Touched { std::string mark; tracking::HallPoint hall; tracking::Point<tracking::Stage> stage; base::HallTime at; };
  base::Result<void> calibrate(const Touched& first, const Touched& second, base::HallTime now);

  std::optional<tracking::Calibration> calibration_;
  std::optional<Touched> touched_;
  tracking::DriftScore drift_;
  std::uint8_t revision_ = 0;
  std::uint8_t wanted_ = 0;
  double residual_m_ = 0.0;
  tracking::PoseHistory history_;
  tracking::PostureWatch posture_;
  double standing_m_ = 0.0;
  int jumps_ = 0;
  std::optional<base::HallTime> believed_;             // time of the last pose that was
  std::vector<protocol::PoseSample> samples_;
};

}  // namespace promenade::client

#pragma once
// Where the head is in the hall: calibration by floor marks or printed tags, drift, the last poses, and the bundle for
// the hall. Frames: Stage in, Hall out; metres. Pure. A mark is named after its pair and corner in the venue file:
// "M1.first", "M1.second". What measures drift never moves the hall: only a new calibration does
// (docs/decisions/0014-trusting-a-calibration.md).

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "showcontrol/protocol/messages.h"
#include "tracking/calibration.h"
#include "tracking/pose_history.h"
#include "tracking/safety.h"
#include "tracking/tags.h"
#include "tracking/venue.h"

namespace promenade::client {

class Place {
 public:
  // A controller laid on a mark, along its arrow: the pose's orientation is that in which it points. Two marks of one
  // pair within a minute calibrate; one mark of a calibrated headset measures its drift. Errors: "mark-unknown";
  // those of tracking::calibrate and check_laid, and "calibration-outside" (the head would have been outside the hall),
  // after which nothing is known.
  base::Result<void> touch(const tracking::Venue& venue, const std::string& mark, const protocol::StagePose& controller,
                           base::HallTime now);
  // Whoever wears the headset stands on a mark, the nearest: a coarse check, which alone calibrates nothing and betters
  // no score. 0.25 m off or more counts as measured. Errors: "place-unknown", "mark-far" (none within 1 m).
  base::Result<void> stand(const tracking::Venue& venue, base::HallTime now);
  // Tags seen at `now`: their drift of a calibrated headset, the place of one that is not. Errors as for touch.
  base::Result<void> saw_tags(const tracking::Venue& venue, std::span<const tracking::TagSighting> seen, base::HallTime now);
  // How far anchors that were set at the calibration are from where they were set, in the stage.
  void saw_anchors(double slid_m, base::HallTime now);
  void forget_calibration();           // the runtime moved the stage
  void forget_poses();                 // hall time has jumped
  // The runtime has begun anew. Its stage is taken to be the same only if the head is found where it was left, to
  // kResume_m; else nothing is known, as after forget_calibration.
  void resume();
  static constexpr double kResume_m = 1.0;
  void raise_wanted(std::uint8_t revision) { wanted_ = revision; }

  // A head pose at hall time `at`; poses that are no number, not tracked (lost, or only inferred), or jump are not believed. Where
  // tracking stays at the place to which it jumped, the calibration is forgotten: the marks are to be touched again.
  void pose(const protocol::StagePose& head, protocol::TrackingQuality quality, base::HallTime at,
            const tracking::SafetyLimits& limits);

  bool calibrated() const { return calibration_.has_value(); }
  std::uint32_t calibrations() const { return calibrations_; }  // so far; another number: anchors are to be set anew
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
  void worn(bool worn) { worn_ = worn; }               // a height is learned only on a head

  std::vector<protocol::PoseSample> take_samples();    // since the last call, at most kSamplesMax newest

 private:
  struct Touched {
    std::string mark;
    double arrow_rad;                // of its pair, in the hall
    tracking::HallPoint hall;
    tracking::Point<tracking::Stage> stage;
    double laid_rad;
    std::optional<tracking::Point<tracking::Stage>> head;
    base::HallTime at;
  };
  base::Result<void> calibrate(const tracking::Venue& venue, const Touched& first, const Touched& second, base::HallTime now);
  base::Result<void> check_heads(const tracking::Venue& venue, const tracking::Calibration& found, const Touched& first, const Touched& second) const;
  void take(const tracking::Calibration& found, base::HallTime now);

  std::optional<tracking::Calibration> calibration_;
  std::optional<Touched> touched_;
  std::optional<protocol::StagePose> head_;            // newest that was tracked
  base::HallTime head_at_{};
  std::optional<protocol::StagePose> left_;            // where the head was when the runtime went, until it is found again
  tracking::TagWatch tags_;
  std::uint32_t calibrations_ = 0;
  double slid_before_m_ = 0.0;                         // along the anchors of a runtime that went
  tracking::DriftScore drift_;
  std::uint8_t revision_ = 0;
  std::uint8_t wanted_ = 0;
  double residual_m_ = 0.0;
  tracking::PoseHistory history_;
  tracking::PostureWatch posture_;
  double standing_m_ = 0.0;
  bool worn_ = true;
  int jumps_ = 0;
  std::optional<base::HallTime> believed_;             // time of the last pose that was
  std::vector<protocol::PoseSample> samples_;
};

}  // namespace promenade::client

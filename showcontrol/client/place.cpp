#include "showcontrol/client/place.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace promenade::client {

namespace {

constexpr base::Duration kMarksWithin{60'000'000};
constexpr base::Duration kSampleSpan{1'000'000};   // older samples than this say nothing to the hall
constexpr int kJumpsBelieved = 10;                 // tracking has found itself elsewhere, and stays there
constexpr double kHeightLow_m = 0.7, kHeightHigh_m = 2.2;
constexpr double kErrorMost_m = 5.0;

bool is_finite(const protocol::StagePose& pose) {
  const auto& q = pose.orientation;
  const double squares = q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z;
  return std::isfinite(pose.position.x) && std::isfinite(pose.position.y) && std::isfinite(pose.position.z) &&
         std::isfinite(squares) && squares > 0.5;
}

std::optional<tracking::HallPoint> mark_at(const tracking::Venue& venue, const std::string& mark) {
  const std::size_t dot = mark.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  const tracking::MarkPair* pair = venue.find_marks(std::string_view(mark).substr(0, dot));
  if (pair == nullptr) return std::nullopt;
  const std::string_view corner = std::string_view(mark).substr(dot + 1);
  if (corner == "first") return pair->first;
  if (corner == "second") return pair->second;
  return std::nullopt;
}

}  // namespace

base::Result<void> Place::touch(const tracking::Venue& venue, const std::string& mark, const protocol::StagePose& controller,
                                base::HallTime now) {
  const auto at = mark_at(venue, mark);
  if (!at) return base::fail("mark-unknown", "The hall has no mark \"" + mark + "\".", "Lay the controller on a mark of this hall.");
  if (!is_finite(controller)) return base::fail("calibration-not-finite", "The controller's place is not known.", "Let it be seen and try again.");
  const Touched touch{mark, *at, tracking::floor_point(controller), now};
  if (calibration_) drift_.measured(now, tracking::distance(calibration_->hall_from_stage * touch.stage, touch.hall));
  const bool second = touched_ && touched_->mark != mark && now - touched_->at <= kMarksWithin;
  if (!second) {
    touched_ = touch;
    return {};
  }
  const Touched first = *touched_;
  touched_.reset();
  return calibrate(first, touch, now);
}

base::Result<void> Place::calibrate(const Touched& first, const Touched& second, base::HallTime now) {
  const std::array hall{first.hall, second.hall};
  const std::array stage{first.stage, second.stage};
  const auto found = tracking::calibrate(hall, stage);
  if (!found) {
    const double difference = std::abs(tracking::distance(hall[0], hall[1]) - tracking::distance(stage[0], stage[1]));
    forget_calibration();
    residual_m_ = std::isfinite(difference) ? difference / 2.0 : kErrorMost_m;
    return std::unexpected(found.error());
  }
  calibration_ = *found;
  residual_m_ = found->residual_m;
  const auto next = static_cast<std::uint8_t>(revision_ + 1);
  revision_ = static_cast<std::int8_t>(next - wanted_) >= 0 ? next : wanted_;
  drift_.calibrated(now, residual_m_);
  forget_poses();
  return {};
}

void Place::forget_calibration() {
  calibration_.reset();
  touched_.reset();
  drift_.reset();
  forget_poses();
}

void Place::forget_poses() {
  history_.clear();
  samples_.clear();
  believed_.reset();
  jumps_ = 0;
}

void Place::pose(const protocol::StagePose& head, protocol::TrackingQuality quality, base::HallTime at,
                 const tracking::SafetyLimits& limits) {
  if (!calibration_) return;
  if (!believed_) believed_ = at;  // from here on it is missed
  if (quality == protocol::TrackingQuality::lost || !is_finite(head)) return;
  const protocol::HallPose pose = calibration_->hall_from_stage * head;
  auto added = history_.add(at, pose);
  if (!added && added.error().code == "pose-jump" && ++jumps_ >= kJumpsBelieved) {
    history_.clear();
    added = history_.add(at, pose);
  }
  if (!added) return;
  jumps_ = 0;
  believed_ = at;
  const double height = tracking::height_m(pose);
  if (height > standing_m_ && height >= kHeightLow_m) {
    standing_m_ = std::min(height, kHeightHigh_m);
    posture_.set_standing_height(standing_m_);
  }
  posture_.update(at, height, history_.fall_speed_mps(), limits);
  if (!samples_.empty() && at <= samples_.back().time) return;
  if (samples_.size() == protocol::kSamplesMax) samples_.erase(samples_.begin());
  samples_.push_back({at, pose, quality});
}

std::vector<protocol::PoseSample> Place::take_samples() {
  if (!samples_.empty()) {
    const base::HallTime newest = samples_.back().time;
    std::erase_if(samples_, [&](const protocol::PoseSample& s) { return newest - s.time > kSampleSpan; });
  }
  return std::exchange(samples_, {});
}

tracking::CalibrationState Place::calibration_state(base::HallTime now) const {
  if (!calibration_ || static_cast<std::int8_t>(revision_ - wanted_) < 0) return tracking::CalibrationState::none;
  return drift_.state(now);
}

bool Place::trusted(base::HallTime now) const {
  const auto state = calibration_state(now);
  return state != tracking::CalibrationState::none && state != tracking::CalibrationState::out_of_trust;
}

protocol::CalibrationState Place::report(base::HallTime now) const {
  protocol::CalibrationState state;
  state.known = calibration_.has_value();
  state.revision = revision_;
  state.error_m = calibration_ ? error_m(now) : 0.0;
  state.residual_m = residual_m_;
  if (!calibration_) return state;
  state.drift = drift_.state(now);
  state.measured_by = drift_.measured_by();
  state.offset_m = std::min(drift_.offset_m(), kErrorMost_m);
  state.measured_ago = drift_.measured_ago(now).value_or(base::Duration{0});
  return state;
}

double Place::error_m(base::HallTime now) const { return std::min(drift_.error_m(now), kErrorMost_m); }

double Place::tracking_lost_s(base::HallTime now) const {
  if (!believed_) return 0.0;
  return std::max({0.0, base::to_seconds(now - *believed_), base::to_seconds(history_.frozen_for())});
}

}  // namespace promenade::client

#include "showcontrol/client/place.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tracking/base/formatted.h"
#include "tracking/jump_limits.h"

namespace promenade::client {

namespace {

constexpr base::Duration kMarksWithin{60'000'000};
constexpr base::Duration kSampleSpan{1'000'000};   // older samples than this say nothing to the hall
constexpr double kHeightLow_m = 0.7, kHeightHigh_m = 2.2;
constexpr double kErrorMost_m = 5.0;
constexpr base::Duration kHeadFresh{500'000};      // a head's pose belongs to a touch, or to tags, within this
constexpr double kOutside_m = 0.5;                 // over the headset's edge and a bent wall, but not in the next room
constexpr double kMarkFar_m = 1.0;                 // who stands on a mark is nearer

bool is_finite(const protocol::StagePose& pose) {
  const auto& q = pose.orientation;
  const double squares = q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z;
  return std::isfinite(pose.position.x) && std::isfinite(pose.position.y) && std::isfinite(pose.position.z) &&
         std::isfinite(squares) && squares > 0.5;
}

struct Mark {
  tracking::HallPoint at;
  double arrow_rad;
};

std::optional<Mark> find_mark(const tracking::Venue& venue, const std::string& mark) {
  const std::size_t dot = mark.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  const tracking::MarkPair* pair = venue.find_marks(std::string_view(mark).substr(0, dot));
  if (pair == nullptr) return std::nullopt;
  const std::string_view corner = std::string_view(mark).substr(dot + 1);
  if (corner == "first") return Mark{pair->first, pair->arrow_rad()};
  if (corner == "second") return Mark{pair->second, pair->arrow_rad()};
  return std::nullopt;
}

}  // namespace

base::Result<void> Place::touch(const tracking::Venue& venue, const std::string& mark, const protocol::StagePose& controller,
                                base::HallTime now) {
  const auto at = find_mark(venue, mark);
  if (!at) return base::fail("mark-unknown", "The hall has no mark \"" + mark + "\".", "Lay the controller on a mark of this hall.");
  if (!is_finite(controller)) return base::fail("calibration-not-finite", "The controller's place is not known.", "Let it be seen and try again.");
  Touched touch{mark, at->arrow_rad, at->at, tracking::floor_point(controller), tracking::yaw_rad(controller), std::nullopt, now};
  if (head_ && now - head_at_ <= kHeadFresh && head_at_ <= now) touch.head = tracking::floor_point(*head_);
  if (calibration_) drift_.measured(now, tracking::distance(calibration_->hall_from_stage * touch.stage, touch.hall));
  const bool second = touched_ && touched_->mark != mark && now - touched_->at <= kMarksWithin;
  if (!second) {
    touched_ = touch;
    return {};
  }
  const Touched first = *touched_;
  touched_.reset();
  return calibrate(venue, first, touch, now);
}

base::Result<void> Place::calibrate(const tracking::Venue& venue, const Touched& first, const Touched& second, base::HallTime now) {
  const std::array hall{first.hall, second.hall};
  const std::array stage{first.stage, second.stage};
  const auto refuse = [&](double residual_m, base::Error error) {
    forget_calibration();
    residual_m_ = residual_m;
    return std::unexpected(std::move(error));
  };
  const auto found = tracking::calibrate(hall, stage);
  if (!found) {
    const double difference = std::abs(tracking::distance(hall[0], hall[1]) - tracking::distance(stage[0], stage[1]));
    return refuse(std::isfinite(difference) ? difference / 2.0 : kErrorMost_m, found.error());
  }
  // Marks of two pairs have two arrows; those of one pair share one.
  const std::array laid{first.laid_rad, second.laid_rad - (second.arrow_rad - first.arrow_rad)};
  if (auto right = tracking::check_laid(found->hall_from_stage, first.arrow_rad, laid); !right) return refuse(kErrorMost_m, std::move(right.error()));
  if (auto inside = check_heads(venue, *found, first, second); !inside) return refuse(kErrorMost_m, std::move(inside.error()));
  take(*found, now);
  return {};
}

base::Result<void> Place::check_heads(const tracking::Venue& venue, const tracking::Calibration& found, const Touched& first, const Touched& second) const {
  for (const Touched* touch : {&first, &second}) {
    if (!touch->head || venue.clearance_m(found.hall_from_stage * *touch->head) >= -kOutside_m) continue;
    return base::fail("calibration-outside", "By these marks the headset would have been outside the hall, or in a column.",
                      "Touch the two marks of the pair that the headset names.");
  }
  return {};
}

void Place::take(const tracking::Calibration& found, base::HallTime now) {
  calibration_ = found;
  residual_m_ = found.residual_m;
  const auto next = static_cast<std::uint8_t>(revision_ + 1);
  revision_ = static_cast<std::int8_t>(next - wanted_) >= 0 ? next : wanted_;
  ++calibrations_;
  slid_before_m_ = 0.0;
  drift_.calibrated(now, residual_m_);
  tags_.forget();
  forget_poses();
}

base::Result<void> Place::stand(const tracking::Venue& venue, base::HallTime now) {
  if (!calibration_ || history_.empty()) {
    return base::fail("place-unknown", "The headset does not know its place: there is nothing to check.", "Touch both marks of a pair.");
  }
  const tracking::HallPoint head = tracking::floor_point(history_.newest());
  double off_m = kMarkFar_m;
  for (const tracking::MarkPair& pair : venue.marks) off_m = std::min({off_m, tracking::distance(head, pair.first), tracking::distance(head, pair.second)});
  if (off_m >= kMarkFar_m) {
    return base::fail("mark-far", base::formatted("By its place the headset is {:.0f} m or more from every mark.", kMarkFar_m),
                      "Stand on a mark; if you do, the place is wrong: touch both marks of a pair.");
  }
  if (off_m >= tracking::kResidualCoarse_m) drift_.measured(now, off_m);
  return {};
}

base::Result<void> Place::saw_tags(const tracking::Venue& venue, std::span<const tracking::TagSighting> seen, base::HallTime now) {
  if (!head_ || head_at_ > now || now - head_at_ > kHeadFresh) return {};
  if (calibration_ && static_cast<std::int8_t>(revision_ - wanted_) >= 0) {
    if (const auto off_m = tags_.offset(venue, calibration_->hall_from_stage, *head_, seen, now)) drift_.measured(now, *off_m, tracking::DriftMeasure::tag);
    return {};
  }
  auto found = tags_.locate(venue, *head_, seen, now);
  if (!found) return std::unexpected(std::move(found.error()));
  if (!*found) return {};
  take(**found, now);
  drift_.measured(now, residual_m_, tracking::DriftMeasure::tag);
  return {};
}

void Place::saw_anchors(double slid_m, base::HallTime now) {
  if (calibration_ && std::isfinite(slid_m)) drift_.measured(now, slid_m + slid_before_m_, tracking::DriftMeasure::anchor);
}

void Place::forget_calibration() {
  calibration_.reset();
  touched_.reset();
  head_.reset();
  left_.reset();
  tags_.forget();
  drift_.reset();
  forget_poses();
}

void Place::resume() {
  if (!calibration_) return;
  if (!head_) return forget_calibration();
  if (!left_) left_ = head_;
  slid_before_m_ = drift_.offset_m();
  touched_.reset();
  tags_.forget();
}

void Place::forget_poses() {
  history_.clear();
  samples_.clear();
  believed_.reset();
  jumps_ = 0;
}

void Place::pose(const protocol::StagePose& head, protocol::TrackingQuality quality, base::HallTime at,
                 const tracking::SafetyLimits& limits) {
  const bool seen = quality == protocol::TrackingQuality::good && is_finite(head);
  if (seen) {
    if (left_ && tracking::distance(tracking::floor_point(*left_), tracking::floor_point(head)) > kResume_m) forget_calibration();
    left_.reset();
    head_ = head;
    head_at_ = at;
  }
  if (!calibration_) return;
  if (!believed_) believed_ = at;  // from here on it is missed
  if (!seen) return;
  const protocol::HallPose pose = calibration_->hall_from_stage * head;
  const auto added = history_.add(at, pose);
  if (!added && added.error().code == "pose-jump" && ++jumps_ >= tracking::kJumpsForgotten) return forget_calibration();
  if (!added) return;
  jumps_ = 0;
  believed_ = at;
  const double height = tracking::height_m(pose);
  if (worn_ && height > standing_m_ && height >= kHeightLow_m) {
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

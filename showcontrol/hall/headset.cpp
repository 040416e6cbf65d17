#include "showcontrol/hall/headset.h"

#include <algorithm>

#include "tracking/jump_limits.h"

namespace promenade::hall {

using tracking::CalibrationState;

void Headset::connected(PeerId peer) {
  peer_ = peer;
  fresh_ = true;
}

bool Headset::take(const protocol::HeadsetState& state, HallTime now, const tracking::SafetyLimits& limits) {
  if (state.headset != id_) return false;
  if (!fresh_ && static_cast<std::int32_t>(state.sequence - newest_.sequence) <= 0) return false;
  take_troubles(state.troubles, now);
  gave_place_up_ = calibrated() && has_pose() && !state.calibration.known;
  panic_begun_ = state.panic && (!newest_.panic || !heard_ever_);
  newest_.headset = state.headset;
  newest_.sequence = state.sequence;
  newest_.epoch = state.epoch;
  newest_.last_state_sequence = state.last_state_sequence;
  newest_.calibration = state.calibration;
  newest_.progress = state.progress;
  newest_.chosen = state.chosen;
  newest_.level = state.level;
  newest_.cause = state.cause;
  newest_.worn = state.worn;
  newest_.panic = state.panic;
  newest_.standing_height_m = state.standing_height_m;
  newest_.battery_percent = state.battery_percent;
  newest_.battery_known = state.battery_known;
  newest_.charging = state.charging;
  newest_.temperature_c = state.temperature_c;
  newest_.loss_percent = state.loss_percent;
  newest_.round_trip_ms = state.round_trip_ms;
  newest_.clock_error_us = state.clock_error_us;
  newest_.timing = state.timing;
  take_timing(state.timing, now);
  fresh_ = false;
  heard_ever_ = true;
  heard_ = now;
  // Whoever has lost his place touches the marks again; his program counts on from where it is, or from 0 again.
  if (!state.calibration.known) wanted_ = static_cast<std::uint8_t>(state.calibration.revision + 1);
  if (state.worn) {
    unworn_since_.reset();
  } else if (!unworn_since_) {
    unworn_since_ = now;
  }
  if (const double height_m = bound_height_m_ > 0.0 ? bound_height_m_ : state.standing_height_m; height_m > 0.0) posture_.set_standing_height(height_m);
  take_samples(state, now, limits);
  return true;
}

// They are state: what is not told now is there in the next bundle.
void Headset::take_troubles(const std::vector<protocol::HeadsetTrouble>& troubles, HallTime now) {
  may_tell_ = std::min(kTroublesTold, may_tell_ + base::to_seconds(now - troubles_at_));
  troubles_at_ = now;
  new_troubles_.clear();
  std::erase_if(told_troubles_, [&](const auto& one) { return !std::ranges::contains(troubles, one); });
  for (const protocol::HeadsetTrouble& one : troubles) {
    if (may_tell_ < 1.0 || std::ranges::contains(told_troubles_, one)) continue;
    may_tell_ -= 1.0;
    told_troubles_.push_back(one);
    new_troubles_.push_back(one);
  }
  newest_.troubles = troubles;
}

void Headset::take_timing(const protocol::FrameTiming& timing, HallTime now) {
  constexpr base::Duration kWindow{1'000'000};
  if (fresh_ || !timing_since_ || now - *timing_since_ > 3 * kWindow) {
    frame_rate_ = 0;
    late_permille_ = 0;
  } else if (now - *timing_since_ < kWindow) {
    return;
  } else {
    const auto since = [](std::uint16_t from, std::uint16_t to) { return static_cast<std::uint16_t>(to - from); };
    const unsigned frames = since(timing_from_.frames, timing.frames);
    const unsigned late = since(timing_from_.late, timing.late) + since(timing_from_.dropped, timing.dropped);
    frame_rate_ = static_cast<std::uint8_t>(std::min(255.0, frames / base::to_seconds(now - *timing_since_) + 0.5));
    late_permille_ = static_cast<std::uint16_t>(frames == 0 ? 0 : std::min(1000U, late * 1000U / frames));
  }
  timing_since_ = now;
  timing_from_ = timing;
}

void Headset::take_samples(const protocol::HeadsetState& state, HallTime now, const tracking::SafetyLimits& limits) {
  impossible_poses_ = 0;
  jumped_m_.reset();
  if (!calibrated()) {
    if (!lost_since_) lost_since_ = now;
    return;
  }
  if (revision_ != state.calibration.revision) {
    forget_poses();
    revision_ = state.calibration.revision;
  }
  bool taken = false;
  for (const protocol::PoseSample& sample : state.samples) {
    if (sample.quality != protocol::TrackingQuality::good) continue;  // what is inferred follows the head's turns and not its steps
    if (sample.time > now + kSampleFuture || sample.time < now - kSamplePast) continue;
    if (!poses_.empty() && sample.time <= poses_.newest_time()) continue;
    const auto added = poses_.add(sample.time, sample.pose);
    if (added) {
      taken = true;
      jumps_ = 0;
    } else if (added.error().code == "pose-jump") {
      taken = take_jump(sample, now) || taken;
      if (jumped_m_) break;
    }
  }
  if (taken && !jumped_m_) {
    lost_since_.reset();
    posture_.update(now, tracking::height_m(poses_.newest()), poses_.fall_speed_mps(), limits);
  } else if (!lost_since_) {
    lost_since_ = now;
  }
}

// True: it is believed.
bool Headset::take_jump(const protocol::PoseSample& sample, HallTime now) {
  ++impossible_poses_;
  if (now - jumps_since_ > tracking::kJumpsWithin) {
    jumps_since_ = now;
    jumps_lately_ = 0;
  }
  const bool elsewhere = ++jumps_ >= tracking::kJumpsBelieved;
  const bool restless = ++jumps_lately_ >= tracking::kJumpsMost;
  if (!elsewhere && !restless) return false;
  jumps_ = 0;
  const double jump_m = tracking::distance(tracking::floor_point(poses_.newest()), tracking::floor_point(sample.pose));
  if (!restless && jump_m < tracking::kJumpBelieved_m) {
    poses_.clear();
    return poses_.add(sample.time, sample.pose).has_value();
  }
  jumps_lately_ = 0;
  jumped_m_ = jump_m;
  wanted_ = static_cast<std::uint8_t>(newest_.calibration.revision + 1);
  return false;
}

void Headset::want_calibration() {
  wanted_ = static_cast<std::uint8_t>(newest_.calibration.revision + 1);
  forget_poses();
}

bool Headset::calibrated() const {
  const auto& calibration = newest_.calibration;
  return heard_ever_ && calibration.known && static_cast<std::int8_t>(calibration.revision - wanted_) >= 0 &&
         calibration.residual_m <= tracking::kResidualCoarse_m;
}

CalibrationState Headset::calibration() const {
  if (!calibrated()) return CalibrationState::none;
  // What the headset says of itself, unless its own numbers say worse.
  const double error_m = newest_.calibration.error_m;
  if (error_m >= tracking::kDriftOutOfTrust_m) return CalibrationState::out_of_trust;
  return std::max(newest_.calibration.drift, CalibrationState::unknown);
}

void Headset::forget_poses() {
  poses_.clear();
  jumps_ = 0;
}

double Headset::tracking_lost_s(HallTime now) const {
  const double lost = lost_since_ ? base::to_seconds(now - *lost_since_) : 0.0;
  const double frozen = base::to_seconds(poses_.frozen_for());
  return std::max(lost, frozen);
}

double Headset::unworn_s(HallTime now) const {
  return unworn_since_ ? std::max(1e-6, base::to_seconds(now - *unworn_since_)) : 0.0;
}

}  // namespace promenade::hall

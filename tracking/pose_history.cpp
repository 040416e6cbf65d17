#include "tracking/pose_history.h"

#include <algorithm>
#include <cmath>

#include <glm/gtc/quaternion.hpp>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::tracking {
namespace {

bool is_finite(const Pose<Hall>& pose) {
  return std::isfinite(pose.position.x) && std::isfinite(pose.position.y) && std::isfinite(pose.position.z) &&
         std::isfinite(pose.orientation.w) && std::isfinite(pose.orientation.x) && std::isfinite(pose.orientation.y) &&
         std::isfinite(pose.orientation.z);
}

}  // namespace

const PoseHistory::Sample& PoseHistory::sample(std::size_t back) const {
  PROMENADE_ASSERT(back < size_);
  return samples_[(next_ + kCapacity - 1 - back) % kCapacity];
}

base::HallTime PoseHistory::newest_time() const { return sample(0).time; }
const Pose<Hall>& PoseHistory::newest() const { return sample(0).pose; }

base::Result<void> PoseHistory::add(base::HallTime time, const Pose<Hall>& pose) {
  if (!is_finite(pose)) return base::fail("pose-not-finite", "A pose holds a number that is not finite.");
  if (size_ > 0) {
    const Sample& last = sample(0);
    if (time <= last.time) {
      return base::fail("pose-time-back", base::formatted("A pose of {:.3f} s came after one of {:.3f} s.",
                                                      base::seconds_since_zero(time),
                                                      base::seconds_since_zero(last.time)));
    }
    const double moved_m = distance(floor_point(last.pose), floor_point(pose));
    if (moved_m > kJumpSlack_m + kJumpSpeed_mps * base::to_seconds(time - last.time)) {
      return base::fail("pose-jump",
                        base::formatted("A pose is {:.2f} m from the one {:.3f} s before it.", moved_m,
                                    base::to_seconds(time - last.time)),
                        "Check the headset's calibration: nobody moves so fast.");
    }
    const bool same = last.pose.position == pose.position && last.pose.orientation == pose.orientation;
    if (!same) unchanged_since_ = time;
  } else {
    unchanged_since_ = time;
  }
  samples_[next_] = {time, pose};
  next_ = (next_ + 1) % kCapacity;
  size_ = std::min(size_ + 1, kCapacity);
  return {};
}

void PoseHistory::clear() {
  next_ = 0;
  size_ = 0;
}

std::optional<KnownPose> PoseHistory::at(base::HallTime time) const {
  if (size_ == 0 || time < sample(size_ - 1).time) return std::nullopt;
  const Sample& last = sample(0);
  if (time > last.time) {
    const base::Duration age = time - last.time;
    if (age > kPredictMax) return std::nullopt;
    const HallVec moved = velocity() * base::to_seconds(age);
    Pose<Hall> pose = last.pose;
    pose.position += glm::dvec3(moved.x, 0.0, -moved.y);
    return KnownPose{pose, PoseSource::predicted, age};
  }
  std::size_t back = 0;
  while (sample(back).time > time) ++back;  // ends: the oldest sample is not after `time`
  const Sample& before = sample(back);
  if (before.time == time) return KnownPose{before.pose, PoseSource::exact, base::Duration{0}};
  const Sample& after = sample(back - 1);
  const double part = base::to_seconds(time - before.time) / base::to_seconds(after.time - before.time);
  return KnownPose{{glm::mix(before.pose.position, after.pose.position, part),
                    glm::slerp(before.pose.orientation, after.pose.orientation, part)},
                   PoseSource::interpolated,
                   base::Duration{0}};
}

const PoseHistory::Sample& PoseHistory::velocity_base() const {
  const base::HallTime from = sample(0).time - kVelocityWindow;
  std::size_t back = 0;
  while (back + 1 < size_ && sample(back).time > from) ++back;
  return sample(back);
}

HallVec PoseHistory::velocity() const {
  if (size_ < 2) return {};
  const Sample& first = velocity_base();
  const Sample& last = sample(0);
  const double seconds = base::to_seconds(last.time - first.time);
  return (floor_point(last.pose) - floor_point(first.pose)) * (1.0 / seconds);
}

double PoseHistory::fall_speed_mps() const {
  if (size_ < 2) return 0.0;
  const Sample& first = velocity_base();
  const Sample& last = sample(0);
  return (first.pose.position.y - last.pose.position.y) / base::to_seconds(last.time - first.time);
}

std::optional<base::Duration> PoseHistory::age(base::HallTime now) const {
  if (size_ == 0) return std::nullopt;
  return now - sample(0).time;
}

base::Duration PoseHistory::frozen_for() const {
  if (size_ == 0) return base::Duration{0};
  const base::Duration still = sample(0).time - unchanged_since_;
  return still > kFrozenStep ? still : base::Duration{0};
}

}  // namespace promenade::tracking

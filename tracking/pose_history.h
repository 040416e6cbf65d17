#pragma once
// The last second or so of one head's poses, answering where it was, is or soon will be, and how that is known.
// Frame: Hall, metres; times are hall times of the samples. Bounded, no allocation, one owner. Samples that go
// back in time or jump further than a person can move are refused with the reason and change nothing.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "tracking/base/clock.h"
#include "tracking/base/result.h"
#include "tracking/geometry.h"

namespace promenade::tracking {

enum class PoseSource : std::uint8_t { exact, interpolated, predicted };

struct KnownPose {
  Pose<Hall> pose;
  PoseSource source = PoseSource::exact;
  base::Duration age{0};  // from the newest sample that it rests on to the time asked for; 0 unless predicted
};

class PoseHistory {
 public:
  static constexpr std::size_t kCapacity = 64;                       // 0.7 s at 90 Hz
  static constexpr base::Duration kVelocityWindow{200'000};
  static constexpr base::Duration kPredictMax{500'000};              // constant velocity is not asked for more
  static constexpr double kJumpSpeed_mps = 6.0;                      // faster than anybody runs in a hall
  static constexpr double kJumpSlack_m = 0.15;                       // tracking noise and small corrections
  static constexpr base::Duration kFrozenStep{100'000};              // equal poses spanning more are no head

  // Errors: pose-not-finite, pose-time-back, pose-jump.
  base::Result<void> add(base::HallTime time, const Pose<Hall>& pose);
  void clear();  // after a calibration or a re-centre: what was known no longer joins on

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  base::HallTime newest_time() const;                    // not empty
  const Pose<Hall>& newest() const;                      // not empty
  // nullopt when empty, before the oldest sample, or more than kPredictMax after the newest.
  std::optional<KnownPose> at(base::HallTime time) const;
  // Mean velocity on the floor over the last 0.2 s of samples (m/s); zero with fewer than two samples.
  HallVec velocity() const;
  double fall_speed_mps() const;                         // downward over the same window, negative when rising
  std::optional<base::Duration> age(base::HallTime now) const;  // of the newest sample; nullopt when empty
  // How long the newest pose has been repeated bit by bit: a live head is never so still. Zero when it is not.
  base::Duration frozen_for() const;

 private:
  struct Sample {
    base::HallTime time;
    Pose<Hall> pose;
  };
  const Sample& sample(std::size_t back) const;  // 0 is the newest
  const Sample& velocity_base() const;

  std::array<Sample, kCapacity> samples_{};
  std::size_t next_ = 0;
  std::size_t size_ = 0;
  base::HallTime unchanged_since_{};
};

}  // namespace promenade::tracking

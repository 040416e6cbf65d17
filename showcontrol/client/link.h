#pragma once
// What the headset has heard from the hall: which epoch it obeys, the newest frame, how old it is, what was lost.
// Pure; headset time in, nothing sent. Frames of an older epoch, and frames that are not newer than the newest of
// the same epoch, are ignored whatever they say; a higher epoch begins a new sequence and voids every authority.

#include <cstdint>
#include <optional>

#include "showcontrol/protocol/messages.h"

namespace promenade::client {

using base::Duration;
using base::EpochId;
using base::HallTime;
using base::HeadsetId;
using base::HeadsetTime;
using protocol::HallState;

class Link {
 public:
  explicit Link(HeadsetId self) : self_(self) {}

  // False: the epoch is over; obey nothing of this message. A higher one than ever seen is obeyed from now on.
  bool obey(EpochId epoch);
  // True when it is the newest truth for this headset and was taken.
  bool take(const HallState& state, HeadsetTime now);

  EpochId epoch() const { return epoch_; }
  const std::optional<HallState>& state() const { return state_; }   // newest of any epoch obeyed so far
  std::uint32_t sequence() const { return state_of_epoch_ ? state_->sequence : 0; }
  // How long the hall has been silent; zero before the first frame.
  Duration silence(HeadsetTime now) const;
  // Hall time as far as the newest frame tells, for a headset that has no clock map.
  HallTime hall_time_by_frame(HeadsetTime now) const;                // state() only
  bool order_expired(HeadsetTime now) const;                         // of state()->safety
  // The last gate that may be passed at `hall_now`, which is right to within `clock_error`; -1: none.
  int open_gate(HallTime hall_now, Duration clock_error) const;
  std::uint8_t loss_percent() const { return loss_percent_; }        // over the last whole 3 s

 private:
  void count_loss(std::uint32_t sequence, HeadsetTime now);

  HeadsetId self_;
  EpochId epoch_;
  std::optional<HallState> state_;
  bool state_of_epoch_ = false;      // state_ was sent in epoch_
  HeadsetTime received_{};
  std::optional<HeadsetTime> window_begin_;
  std::uint32_t window_first_ = 0;
  std::uint32_t window_got_ = 0;
  std::uint8_t loss_percent_ = 0;
};

}  // namespace promenade::client

#include "showcontrol/client/link.h"

#include <algorithm>

namespace promenade::client {

namespace {
constexpr Duration kLossWindow{3'000'000};
}

bool Link::obey(EpochId epoch) {
  if (epoch < epoch_) return false;
  if (epoch > epoch_) {
    epoch_ = epoch;
    state_of_epoch_ = false;
    window_begin_.reset();
  }
  return true;
}

bool Link::take(const HallState& state, HeadsetTime now) {
  if (state.headset != self_ || !obey(state.epoch)) return false;
  if (state_of_epoch_ && state.sequence <= state_->sequence) return false;
  count_loss(state.sequence, now);
  state_ = state;
  state_of_epoch_ = true;
  received_ = now;
  return true;
}

void Link::count_loss(std::uint32_t sequence, HeadsetTime now) {
  if (!window_begin_) {
    window_begin_ = now;
    window_first_ = sequence;
    window_got_ = 0;
    return;
  }
  ++window_got_;
  if (now - *window_begin_ < kLossWindow) return;
  const std::uint32_t sent = sequence - window_first_;
  loss_percent_ = static_cast<std::uint8_t>(100 * (std::uint64_t{sent} - std::min(sent, window_got_)) / std::max(sent, 1u));
  window_begin_ = now;
  window_first_ = sequence;
  window_got_ = 0;
}

Duration Link::silence(HeadsetTime now) const { return state_ ? std::max(Duration{0}, now - received_) : Duration{0}; }

HallTime Link::hall_time_by_frame(HeadsetTime now) const { return state_->time + (now - received_); }

bool Link::order_expired(HeadsetTime now) const {
  return now - received_ >= state_->safety.expires - state_->time;
}

int Link::open_gate(HallTime hall_now, Duration clock_error) const {
  if (!state_of_epoch_ || !state_->play) return -1;
  if (clock_error >= state_->authority.until - hall_now) return -1;
  return state_->authority.last_gate;
}

}  // namespace promenade::client

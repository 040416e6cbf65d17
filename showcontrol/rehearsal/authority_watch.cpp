#include "showcontrol/rehearsal/authority_watch.h"

#include <algorithm>

namespace promenade::rehearsal {

void AuthorityWatch::delivered(const protocol::HallState& state, double now_s) {
  if (state.epoch < epoch_ || (state.epoch == epoch_ && state.sequence <= sequence_)) return;
  const auto revoke_from = [&](std::size_t gate) {
    for (; gate < until_s_.size(); ++gate) until_s_[gate] = std::min(until_s_[gate], now_s);
  };
  if (state.epoch > epoch_) revoke_from(0);
  epoch_ = state.epoch;
  sequence_ = state.sequence;
  if (!state.play) return revoke_from(0);
  if (state.play->play != play_) {
    play_ = state.play->play;
    until_s_.clear();
    passed_ = state.play->resume_stage == protocol::BlockStage::before ? -1 : state.play->resume_block;
  }
  const auto gates = static_cast<std::size_t>(state.authority.last_gate + 1);
  if (until_s_.size() < gates) until_s_.resize(gates, -1.0);
  const double until_s = now_s + base::to_seconds(state.authority.until - state.time);
  for (std::size_t gate = 0; gate < gates; ++gate) until_s_[gate] = std::max(until_s_[gate], until_s);
  revoke_from(gates);
}

void AuthorityWatch::reported(const protocol::Progress& progress, double now_s, double step_s) {
  if (progress.play.is_none() || progress.play != play_ || progress.stage == protocol::BlockStage::before) return;
  for (; passed_ < static_cast<int>(progress.block); ++gates_) {
    const auto gate = static_cast<std::size_t>(++passed_);
    if (gate >= until_s_.size() || until_s_[gate] < now_s - step_s) ++without_;
  }
}

}  // namespace promenade::rehearsal

#include "tests/bench/loss_viewer.h"

#include <algorithm>

#include "showcontrol/rehearsal/network.h"

namespace promenade::bench {

namespace {
constexpr double kStepEvery_s = 1.0 / 45.0;
constexpr double kSway_m = 0.001;  // a live head is never quite still
constexpr double kClockSkewMost = 30e-6, kClockOffsetMost_s = 1e5;
}  // namespace

LossViewer::LossViewer(std::uint16_t number, tracking::HallPoint home, std::shared_ptr<const client::FilmShelf> shelf, base::Random random, PoseTime pose_time)
    : number_(number), home_(home), offset_s_(random.uniform(0.0, kClockOffsetMost_s)), rate_(1.0 + random.uniform(-kClockSkewMost, kClockSkewMost)),
      next_step_s_(random.uniform(0.0, kStepEvery_s)), client_(client::ClientConfig{base::HeadsetId(number), "promenade-bench", std::move(shelf)}), pose_time_(std::move(pose_time)) {
  client::Device device;
  device.worn = true;
  client_.device(device);
}

bool LossViewer::ready() const {
  return touched_ && client_.hall_from_stage().has_value() && frame_ && !frame_->neighbours.empty() && watches() && client_.view().level == tracking::Level::clear;
}

std::optional<base::EpochId> LossViewer::epoch() const { return frame_ ? std::optional(frame_->epoch) : std::nullopt; }

void LossViewer::link_up(double now_s) {
  linked_ = true;
  client_.link_up(own_time(now_s));
}

void LossViewer::link_down(double now_s) {
  if (linked_) ++losses_;
  linked_ = false;
  client_.link_down(own_time(now_s));
}

void LossViewer::receive(const protocol::Message& message, double now_s) {
  client_.receive(message, own_time(now_s));
  const auto* state = std::get_if<protocol::HallState>(&message);
  if (state == nullptr || (frame_ && state->epoch == frame_->epoch && state->sequence <= frame_->sequence)) return;
  if (!joined_s_) joined_s_ = now_s;
  worst_gap_s_ = std::max(worst_gap_s_, now_s - arrived_s_);
  arrived_s_ = now_s;
  frame_ = *state;
  poses_.clear();
  for (const protocol::Neighbour& neighbour : state->neighbours) {
    if (const auto time = pose_time_(neighbour.body, state->time)) poses_.push_back(*time);
  }
}

void LossViewer::calibrate(double now_s) {
  if (touched_ || !client_.clock_known() || client_.venue() == nullptr || client_.phase() != protocol::Phase::playing) return;
  touched_ = true;
  const tracking::MarkPair& marks = client_.venue()->marks.front();  // his STAGE lies as the hall does
  client_.touch_mark(marks.id + ".first", tracking::pose_at<tracking::Stage>({marks.first.x, marks.first.y}, 0.02, marks.arrow_rad()), own_time(now_s));
  client_.touch_mark(marks.id + ".second", tracking::pose_at<tracking::Stage>({marks.second.x, marks.second.y}, 0.02, marks.arrow_rad()), own_time(now_s));
}

void LossViewer::look(double now_s) {
  const tracking::Level level = client_.view().level;
  if (measuring_ && level >= tracking::Level::pause && level_ < tracking::Level::pause) {
    const bool stale = client_.view().cause == tracking::Cause::stale || client_.view().cause == tracking::Cause::link_lost;
    ++(stale ? stale_pauses_ : other_pauses_);
  }
  level_ = level;
  if (!frame_) return;
  const base::HallTime now = rehearsal::hall_time_at(now_s);
  const double age_s = base::to_seconds(now - frame_->time);
  if (!measuring_) return;
  frame_ages_->add(age_s);
  for (const base::HallTime pose : poses_) pose_ages_->add(base::to_seconds(now - pose));
}

void LossViewer::step(double now_s) {
  if (now_s < next_step_s_) return;
  next_step_s_ = std::max(next_step_s_ + kStepEvery_s, now_s);
  calibrate(now_s);
  swing_ = -swing_;
  client_.pose(tracking::pose_at<tracking::Stage>({home_.x, home_.y + swing_ * kSway_m}, 1.65, 0.0), protocol::TrackingQuality::good, own_time(now_s));
  client_.step(own_time(now_s));
  look(now_s);
}

}  // namespace promenade::bench

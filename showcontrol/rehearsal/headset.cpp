#include "showcontrol/rehearsal/headset.h"

#include <numbers>
#include <utility>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::rehearsal {

SimulatedHeadset::SimulatedHeadset(base::HeadsetId id, std::shared_ptr<const client::FilmShelf> films,
                                   const HeadsetHabits& habits, base::Random random)
    : id_(id), habits_(habits), random_(random.fork("headset")), error_(habits.tracking, random) {
  base::Random made = random.fork("made");
  clock_offset_s_ = made.uniform(0.0, habits.clock_offset_max_s);
  clock_rate_ = 1.0 + made.uniform(-habits.clock_skew_max, habits.clock_skew_max);
  stage_from_hall_.yaw = made.uniform(-std::numbers::pi, std::numbers::pi);
  stage_from_hall_.shift = {made.uniform(-5.0, 5.0), made.uniform(-5.0, 5.0)};
  client_ = std::make_unique<client::Client>(client::ClientConfig{id, "promenade-rehearse", std::move(films)});
}

base::HeadsetTime SimulatedHeadset::own_time(double now_s) const {
  return base::headset_time(clock_offset_s_ + now_s * clock_rate_);
}

void SimulatedHeadset::step(double now_s, const HeadPlace& place) {
  PROMENADE_ASSERT(now_s >= now_s_);
  if (dead_) return;
  step_s_ = now_s - now_s_;
  now_s_ = now_s;
  worn_ = place.worn;
  if (worn_) worn_s_ += step_s_;  // tracking errs and headsets die by hours of use
  reading_ = error_.step(worn_s_);
  if (reading_.dead) {
    dead_ = true;
    return;
  }
  if (!reading_.frozen) last_pose_ = stage_from_hall_ * tracking::pose_at(place.at + reading_.error, place.height_m, place.yaw_rad);
  client_->pose(last_pose_, reading_.quality, own_time(now_s));
  client::Device device;
  device.worn = worn_;
  device.battery_percent = 100;
  client_->device(device);
  client_->step(own_time(now_s));
}

void SimulatedHeadset::touch_mark(const std::string& mark, HallPoint at, double along_rad, double now_s) {
  if (dead_) return;
  error_.reset_drift();
  const HallVec off{random_.normal(0.0, habits_.mark_error_m), random_.normal(0.0, habits_.mark_error_m)};
  client_->touch_mark(mark, stage_from_hall_ * tracking::pose_at(at + off, 0.02, along_rad), own_time(now_s));
}

void SimulatedHeadset::choose(const base::FilmId& film, const std::string& language, double now_s) {
  if (!dead_) client_->choose(film, language, own_time(now_s));
}

void SimulatedHeadset::choose_way(std::uint8_t way, double now_s) {
  if (!dead_) client_->choose_way(way, own_time(now_s));
}

void SimulatedHeadset::rate(std::uint8_t stars, double now_s) {
  if (!dead_) client_->rate(stars, own_time(now_s));
}

std::string SimulatedHeadset::name() const { return base::formatted("headset-{}", id_.value()); }

void SimulatedHeadset::link_up(double now_s) {
  linked_ = true;
  if (!dead_) client_->link_up(own_time(now_s));
}

void SimulatedHeadset::link_down(double now_s) {
  linked_ = false;
  if (!dead_) client_->link_down(own_time(now_s));
}

void SimulatedHeadset::receive(const protocol::Message& message, double now_s) {
  if (dead_) return;
  if (const auto* state = std::get_if<protocol::HallState>(&message)) watch_.delivered(*state, now_s);
  client_->receive(message, own_time(now_s));
}

std::vector<protocol::Message> SimulatedHeadset::take_outgoing() {
  if (dead_) return {};
  std::vector<protocol::Message> messages = client_->take_outgoing();
  for (const protocol::Message& message : messages) {
    if (const auto* state = std::get_if<protocol::HeadsetState>(&message)) watch_.reported(state->progress, now_s_, step_s_ + 0.05);
  }
  return messages;
}

}  // namespace promenade::rehearsal

#include "runtime/headset/follow.h"

#include <algorithm>
#include <cmath>

#include "tracking/frame.h"

namespace promenade::headset {
namespace {
constexpr float kSettled_rad = 0.04f;
constexpr float kSettled_m = 0.05f;
constexpr float kClose_s = 0.45f, kOpen_s = 0.8f;  // of the curtain
}  // namespace

void Follower::step(double seconds, glm::vec3 head, float yaw_rad, const FollowRule& rule) {
  if (!placed_) {
    placed_ = true;
    catching_up_ = false;
    yaw_ = yaw_rad;
    head_ = head;
  }
  const float off = static_cast<float>(tracking::wrap_angle(yaw_rad - yaw_));
  const float moved = glm::length(head - head_);
  if (std::abs(off) > rule.loose_rad || (rule.leash_m > 0.0f && moved > rule.leash_m)) catching_up_ = true;
  if (std::abs(off) < kSettled_rad && (rule.leash_m <= 0.0f || moved < kSettled_m)) catching_up_ = false;
  const float share = 1.0f - std::exp(-rule.pace * static_cast<float>(seconds));
  if (catching_up_) yaw_ = static_cast<float>(tracking::wrap_angle(yaw_ + off * share));
  if (rule.leash_m <= 0.0f) {
    head_ = {head.x, head_.y + (head.y - head_.y) * share, head.z};  // heights are smoothed: a step must not shake the text
  } else if (catching_up_) {
    head_ += (head - head_) * share;
  }
  center_ = head_ + ahead_of(yaw_) * rule.distance_m - glm::vec3(0.0f, rule.drop_m, 0.0f);
}

float approach(float value, float goal, double seconds, float pace) {
  const float most = pace * static_cast<float>(seconds);
  return value + std::clamp(goal - value, -most, most);
}

void Curtain::step(double seconds, bool film_wanted) {
  if (film_wanted == film_) {
    fade_ = approach(fade_, 0.0f, seconds, 1.0f / kOpen_s);
    return;
  }
  fade_ = approach(fade_, 1.0f, seconds, 1.0f / kClose_s);
  if (fade_ >= 1.0f) film_ = film_wanted;
}

}  // namespace promenade::headset

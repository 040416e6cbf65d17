#include "tracking/level_filter.h"

#include <algorithm>
#include <bit>

namespace promenade::tracking {

Relaxation relaxation_of(const SafetyLimits& limits) {
  Relaxation relaxation;
  relaxation.warn_dwell = base::from_seconds(limits.warn_dwell_s);
  relaxation.pause_dwell = base::from_seconds(limits.pause_dwell_s);
  return relaxation;
}

void LevelFilter::begin_pause(Held& held, base::HallTime now) const {
  const bool again = held.pause_dwell > base::Duration{0} && now - held.relaxed_at < relaxation_.pause_again;
  held.pause_dwell = again ? std::max(relaxation_.pause_dwell, relaxation_.pause_again_dwell) : relaxation_.pause_dwell;
}

std::optional<base::Duration> LevelFilter::dwell(const Held& held) const {
  switch (held.concern.level) {
    case Level::clear:
    case Level::warn: return relaxation_.warn_dwell;
    case Level::pause: return std::max(held.pause_dwell, relaxation_.pause_dwell);
    case Level::stop:
    case Level::evacuate: return relaxation_.stop_dwell;
  }
  return relaxation_.stop_dwell;
}

Concern LevelFilter::update(base::HallTime now, const Evaluation& evaluation) {
  std::array<const Concern*, kCauses> raised{};
  for (const Concern& concern : evaluation.concerns()) {
    busy_ |= 1U << static_cast<std::size_t>(concern.cause);
    const Concern*& worst = raised[static_cast<std::size_t>(concern.cause)];
    if (worst == nullptr || concern.level > worst->level ||
        (concern.level == worst->level && concern.distance_m < worst->distance_m)) {
      worst = &concern;
    }
  }
  for (std::uint32_t left = busy_; left != 0; left &= left - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(left));
    Held& held = held_[i];
    const Concern* concern = raised[i];
    held.raw = concern != nullptr ? concern->level : Level::clear;
    if (concern != nullptr && held.raw >= held.concern.level) {
      if (held.raw >= Level::pause && held.concern.level < Level::pause) begin_pause(held, now);
      held.concern = *concern;
      held.last_needed = now;
      continue;
    }
    if (held.concern.level == Level::clear) {
      busy_ &= ~(1U << i);
      continue;
    }
    if (concern != nullptr) {  // milder than what is held, but it knows the newest place
      held.concern.distance_m = concern->distance_m;
      held.concern.bearing_rad = concern->bearing_rad;
    }
    const auto wait = dwell(held);
    if (!wait || now - held.last_needed < *wait) continue;
    if (held.concern.level == Level::pause) held.relaxed_at = now;
    // One step at a time: what was a pause a moment ago is still worth a warning.
    held.concern.level = static_cast<Level>(static_cast<std::uint8_t>(held.concern.level) - 1);
    held.last_needed = now;
    if (held.concern.level == Level::clear) held.concern = {};
  }
  return worst();
}

bool LevelFilter::release() {
  bool all = true;
  for (Held& held : held_) {
    if (held.concern.level < Level::stop) continue;
    if (held.raw >= Level::pause) {
      all = false;
      continue;
    }
    held.concern.level = held.raw;
    if (held.raw == Level::clear) held.concern = {};
  }
  return all;
}

Concern LevelFilter::worst() const {
  Concern worst;
  for (std::uint32_t left = busy_; left != 0; left &= left - 1) {
    const Held& held = held_[static_cast<std::size_t>(std::countr_zero(left))];
    if (held.concern.level > worst.level ||
        (held.concern.level == worst.level && held.concern.level != Level::clear &&
         held.concern.distance_m < worst.distance_m)) {
      worst = held.concern;
    }
  }
  return worst;
}

Level LevelFilter::level_of(Cause cause) const { return held_[static_cast<std::size_t>(cause)].concern.level; }

void LevelFilter::reset() {
  held_ = {};
  busy_ = 0;
}

}  // namespace promenade::tracking

#include "runtime/headset/channels.h"

#include <cmath>
#include <span>

namespace promenade::headset {
namespace {

using client::Screen;
using tracking::Cause;
using tracking::Level;

struct Pulse { double at_s, length_s, amplitude; };
struct Pattern {
  std::span<const Pulse> pulses;
  double every_s = kToldAgain_s;
  double frequency_hz = 160.0;
};

// Told apart by the number and the length of their pulses; evacuation is that of ISO 8201, as its tone is.
constexpr std::array kWarn{Pulse{0.0, 0.10, 0.55}, Pulse{0.22, 0.10, 0.55}};
constexpr std::array kPause{Pulse{0.0, 0.40, 1.0}, Pulse{0.60, 0.40, 1.0}};
constexpr std::array kStop{Pulse{0.0, 0.40, 1.0}, Pulse{0.60, 0.40, 1.0}, Pulse{1.20, 0.40, 1.0}};
constexpr std::array kEvacuate{Pulse{0.0, 0.50, 1.0}, Pulse{1.0, 0.50, 1.0}, Pulse{2.0, 0.50, 1.0}};

Pattern pattern_of(Buzz buzz) {
  switch (buzz) {
    case Buzz::warn: return {kWarn, kToldAgain_s, 120.0};
    case Buzz::pause: return {kPause};
    case Buzz::stop: return {kStop};
    case Buzz::evacuate: return {kEvacuate, 4.0};
    case Buzz::none: break;
  }
  return {};
}

// Danger ahead or behind is of both hands.
bool of_hand(std::size_t hand, std::optional<double> danger_rad) {
  if (!danger_rad) return true;
  const double right = std::sin(*danger_rad);
  constexpr double kAside = 0.5;
  if (std::abs(right) < kAside) return true;
  return (right > 0.0) == (hand == kRight);
}

}  // namespace

// The cause chooses the words of the sign, never whether there is one: no cause may be told by fewer channels than others.
Channels channels_of(Level level, Cause) {
  switch (level) {
    case Level::clear: return {};
    case Level::warn: return {.own_ring = true, .sign = true, .tone = sound::Alarm::warn, .buzz = Buzz::warn};
    case Level::pause: return {.own_ring = true, .sign = true, .word_stop = true, .tone = sound::Alarm::stop, .buzz = Buzz::pause};
    case Level::stop: return {.own_ring = true, .sign = true, .word_stop = true, .hall = true, .tone = sound::Alarm::stop, .buzz = Buzz::stop};
    case Level::evacuate: break;
  }
  return {.hall = true, .guidance = true, .tone = sound::Alarm::evacuate, .buzz = Buzz::evacuate};
}

bool wants_hall(const client::View& view) {
  return channels_of(view.level, view.cause).hall || view.screen == Screen::wait_staff || view.screen == Screen::stand_still;
}

std::array<std::optional<Haptic>, 2> Buzzer::step(double seconds, const Told& told) {
  const Buzz buzz = channels_of(told.level, told.cause).buzz;
  const Pattern pattern = pattern_of(buzz);
  const bool changed = told.level != last_.level || told.cause != last_.cause;
  const bool eases = told.level < last_.level;
  last_ = told;
  double before = at_s_;
  if (changed && !eases) {
    before = -1.0;  // the first pulse, which begins at 0, is due now
    at_s_ = 0.0;
  } else {
    at_s_ += seconds;
  }
  if (buzz == Buzz::none) return {};
  std::array<std::optional<Haptic>, 2> begin;
  const auto due = [&](double at) { return before < at && at <= at_s_; };
  for (const Pulse& pulse : pattern.pulses) {
    if (!due(pulse.at_s) && !due(pulse.at_s + pattern.every_s)) continue;
    for (std::size_t hand = 0; hand < begin.size(); ++hand) {
      if (buzz != Buzz::warn || of_hand(hand, told.danger_rad)) begin[hand] = Haptic{pulse.length_s, pulse.amplitude, pattern.frequency_hz};
    }
  }
  if (at_s_ >= pattern.every_s) at_s_ -= pattern.every_s;
  return begin;
}

}  // namespace promenade::headset

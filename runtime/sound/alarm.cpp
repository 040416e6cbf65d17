#include "runtime/sound/alarm.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace promenade::sound {
namespace {

constexpr double kRate = kAlarmRate_hz;

// Adds a tone with harmonics (strengths from the fundamental on), with a short attack and an exponential decay.
void add_tone(std::vector<double>& out, double begin_s, double length_s, double hz, const std::vector<double>& harmonics, double decay_per_s) {
  const auto first = static_cast<std::size_t>(begin_s * kRate);
  const auto count = static_cast<std::size_t>(length_s * kRate);
  for (std::size_t i = 0; i < count && first + i < out.size(); ++i) {
    const double t = static_cast<double>(i) / kRate;
    const double attack = std::min(t / 0.008, 1.0), release = std::min((length_s - t) / 0.008, 1.0);
    double value = 0.0;
    for (std::size_t h = 0; h < harmonics.size(); ++h) {
      value += harmonics[h] * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(h + 1) * t);
    }
    out[first + i] += value * attack * release * std::exp(-decay_per_s * t);
  }
}

std::vector<std::int16_t> rendered(const std::vector<double>& in, double peak) {
  const double most = std::ranges::max(in, {}, [](double v) { return std::abs(v); });
  std::vector<std::int16_t> out;
  out.reserve(in.size());
  for (const double v : in) out.push_back(static_cast<std::int16_t>(std::lround(v / std::abs(most) * peak * 32767.0)));
  return out;
}

}  // namespace

std::vector<std::int16_t> warn_alarm() {
  std::vector<double> out(static_cast<std::size_t>(1.2 * kRate));
  add_tone(out, 0.0, 0.45, 659.26, {1.0, 0.35, 0.12}, 6.0);
  add_tone(out, 0.28, 0.55, 523.25, {1.0, 0.35, 0.12}, 5.0);
  return rendered(out, 0.55);
}

std::vector<std::int16_t> stop_alarm() {
  std::vector<double> out(static_cast<std::size_t>(0.48 * kRate));
  for (int i = 0; i < 4; ++i) add_tone(out, 0.12 * i, 0.115, i % 2 == 0 ? 988.0 : 1318.0, {1.0, 0.0, 0.5, 0.0, 0.35, 0.0, 0.25}, 1.0);
  return rendered(out, 0.85);
}

std::vector<std::int16_t> evacuate_alarm() {
  std::vector<double> out(static_cast<std::size_t>(4.0 * kRate));
  for (int i = 0; i < 3; ++i) add_tone(out, 1.0 * i, 0.5, 523.25, {1.0, 0.0, 0.45, 0.0, 0.25}, 0.0);
  return rendered(out, 0.85);
}

}  // namespace promenade::sound

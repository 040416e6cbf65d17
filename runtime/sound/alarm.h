#pragma once
// The alarms a viewer hears, made by synthesis: 48 kHz, mono, to be repeated without a gap.
// Warn is two soft falling bell tones and a rest; stop is quick, harsh and without rest; evacuate is the three-pulse
// signal of ISO 8201 (0.5 s on and off, three times, then 1.5 s of rest). They differ in pitch, rhythm and tone, so that
// they are told apart by people who hear one of these badly (ISO 7731 asks for two of the three).

#include <cstdint>
#include <vector>

namespace promenade::sound {

inline constexpr std::uint32_t kAlarmRate_hz = 48000;

enum class Alarm : std::uint8_t { none, warn, stop, evacuate };
inline constexpr std::size_t kAlarms = 3;
// What is left of the film's sound under an alarm, so that it masks none: a warning turns it down, all above it silence it.
constexpr float film_left(Alarm alarm) { return alarm == Alarm::none ? 1.0f : alarm == Alarm::warn ? 0.35f : 0.0f; }

std::vector<std::int16_t> warn_alarm();      // 1.2 s
std::vector<std::int16_t> stop_alarm();      // 0.48 s
std::vector<std::int16_t> evacuate_alarm();  // 4 s

}  // namespace promenade::sound

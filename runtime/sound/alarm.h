#pragma once
// The alarms a viewer hears, made by synthesis: 48 kHz, mono, to be repeated without a gap.
// Warn is two soft falling bell tones and a rest; stop is quick, harsh and without rest. They differ in pitch, rhythm
// and tone, so that they are told apart by people who hear one of these badly (ISO 7731 asks for two of the three).

#include <cstdint>
#include <vector>

namespace promenade::sound {

inline constexpr std::uint32_t kAlarmRate_hz = 48000;

std::vector<std::int16_t> warn_alarm();  // 1.2 s
std::vector<std::int16_t> stop_alarm();  // 0.48 s

}  // namespace promenade::sound

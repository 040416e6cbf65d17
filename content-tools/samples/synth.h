#pragma once
// Making sounds: oscillators, noise, filters, envelopes, instruments, weather, rooms and first-order ambisonics.
// Pure and seeded: the same arguments give the same samples. Signals are mono at kRate, about -1..1; times seconds,
// frequencies Hz. A loop is a Signal whose end goes on seamlessly at its beginning: what is mixed into one with
// `mix_round` wraps.

#include <cstdint>
#include <functional>
#include <vector>

namespace promenade::samples {

inline constexpr int kRate = 48'000;
using Signal = std::vector<float>;

Signal silence(double length_s);

}  // namespace promenade::samples

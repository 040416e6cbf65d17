#pragma once
// Making sounds: noise, filters, envelopes, instruments and rooms. Pure and seeded: the same arguments give the same
// samples. Signals are mono at kRate, about -1..1; times in seconds, frequencies in Hz. A loop is a Signal whose end
// goes on seamlessly at its beginning: "round" functions treat time as a circle of the signal's own length.

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "tracking/base/random.h"

namespace promenade::samples {

inline constexpr int kRate = 48'000;
using Signal = std::vector<float>;
using Curve = std::function<double(double time_s)>;

std::size_t samples_of(double seconds);
Signal silence(double length_s);
Signal white(double length_s, base::Random random);

void mix(Signal& into, const Signal& sound, double at_s, double gain = 1.0);        // what reaches beyond the end is cut
void mix_round(Signal& into, const Signal& sound, double at_s, double gain = 1.0);  // it goes on at the beginning
void gain(Signal& signal, const Curve& curve);
void fade(Signal& signal, double in_s, double out_s);

enum class Wrap : bool { no, round };
enum class Pass { low, high, band };
// Second-order filter (Bristow-Johnson, Audio EQ Cookbook); the frequency may move.
void filter(Signal& signal, Pass pass, const Curve& frequency, double q, Wrap wrap = Wrap::no);
void filter(Signal& signal, Pass pass, double frequency, double q = 0.707, Wrap wrap = Wrap::no);

// A room by a feedback delay network of eight lines (Jot and Chaigne 1991): two decorrelated wet channels.
// `t60_s` to -60 dB at low frequencies; `dark` 0..0.9 takes the highs off. Without wrap the output is longer by t60.
std::array<Signal, 2> room(const Signal& dry, double t60_s, double dark, Wrap wrap = Wrap::no);
Signal roomy(const Signal& dry, double t60_s, double dark, double wet, Wrap wrap = Wrap::no);  // mono, with the dry sound

// ITU-R BS.1770-4 loudness without gating, of channels of equal weight.
double loudness_lufs(const std::vector<Signal>& channels);
double peak(const std::vector<Signal>& channels);
// Takes constant offset and rumble below 20 Hz away, sets the loudness, then lowers all if a peak exceeds -3.5 dBFS.
void set_level(std::vector<Signal>& channels, double lufs, Wrap wrap = Wrap::no);

// First-order ambisonics: ACN order (W, Y, Z, X), SN3D. Azimuth to the left, elevation up, radians.
struct Direction {
  double azimuth_rad = 0.0;
  double elevation_rad = 0.0;
};
struct Ambience {
  std::vector<Signal> channels;  // four
  explicit Ambience(double length_s);
  void add(const Signal& sound, double at_s, double gain, Direction from);
  void add(const Signal& sound, double at_s, double gain, const std::function<Direction(double time_s)>& from);
};
// To the right of forward by degrees, as pictures and stories say it.
Direction toward(double right_deg, double up_deg = 0.0);

// Equal temperament: semitones above middle C (261.63 Hz).
double pitch(int semitones);
// Degree of the pentatonic scale gong (C D E G A), any octave: 0 gong, 1 shang, 2 jue, 3 zhi, 4 yu, 5 gong above.
double pentatonic(int degree);

}  // namespace promenade::samples

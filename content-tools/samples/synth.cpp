#include "content-tools/samples/synth.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace promenade::samples {

namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

struct Biquad {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0, z1 = 0, z2 = 0;

  void set(Pass pass, double frequency, double q) {
    const double w = kTurn * std::clamp(frequency, 5.0, 0.45 * kRate) / kRate;
    const double alpha = std::sin(w) / (2.0 * q), c = std::cos(w), a0 = 1.0 + alpha;
    switch (pass) {
      case Pass::low: b0 = b2 = (1.0 - c) / 2.0 / a0; b1 = (1.0 - c) / a0; break;
      case Pass::high: b0 = b2 = (1.0 + c) / 2.0 / a0; b1 = -(1.0 + c) / a0; break;
      case Pass::band: b0 = alpha / a0; b1 = 0.0; b2 = -alpha / a0; break;
    }
    a1 = -2.0 * c / a0;
    a2 = (1.0 - alpha) / a0;
  }
  double step(double x) {
    const double y = b0 * x + z1;
    z1 = b1 * x - a1 * y + z2;
    z2 = b2 * x - a2 * y;
    return y;
  }
};

}  // namespace

std::size_t samples_of(double seconds) { return static_cast<std::size_t>(std::llround(seconds * kRate)); }

Signal silence(double length_s) { return Signal(samples_of(length_s), 0.0f); }

Signal white(double length_s, base::Random random) {
  Signal out(samples_of(length_s));
  for (float& sample : out) sample = static_cast<float>(random.uniform(-1.0, 1.0));
  return out;
}

void mix(Signal& into, const Signal& sound, double at_s, double level) {
  const std::ptrdiff_t at = std::llround(at_s * kRate);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const std::ptrdiff_t where = at + static_cast<std::ptrdiff_t>(i);
    if (where < 0) continue;
    if (where >= static_cast<std::ptrdiff_t>(into.size())) break;
    into[static_cast<std::size_t>(where)] += static_cast<float>(level) * sound[i];
  }
}

void mix_round(Signal& into, const Signal& sound, double at_s, double level) {
  const std::ptrdiff_t length = static_cast<std::ptrdiff_t>(into.size());
  std::ptrdiff_t where = std::llround(at_s * kRate) % length;
  if (where < 0) where += length;
  for (const float sample : sound) {
    into[static_cast<std::size_t>(where)] += static_cast<float>(level) * sample;
    if (++where == length) where = 0;
  }
}

void gain(Signal& signal, const Curve& curve) {
  for (std::size_t i = 0; i < signal.size(); ++i) signal[i] *= static_cast<float>(curve(static_cast<double>(i) / kRate));
}

void fade(Signal& signal, double in_s, double out_s) {
  const double length = static_cast<double>(signal.size()) / kRate;
  gain(signal, [&](double t) {
    const double a = in_s > 0.0 ? std::clamp(t / in_s, 0.0, 1.0) : 1.0;
    const double b = out_s > 0.0 ? std::clamp((length - t) / out_s, 0.0, 1.0) : 1.0;
    return std::sin(a * kTurn / 4.0) * std::sin(b * kTurn / 4.0);
  });
}

void filter(Signal& signal, Pass pass, const Curve& frequency, double q, Wrap wrap) {
  Biquad biquad;
  const auto go = [&](bool keep) {
    for (std::size_t i = 0; i < signal.size(); ++i) {
      if (i % 64 == 0) biquad.set(pass, frequency(static_cast<double>(i) / kRate), q);
      const double y = biquad.step(signal[i]);
      if (keep) signal[i] = static_cast<float>(y);
    }
  };
  if (wrap == Wrap::round) go(false);  // the filter's memory is then what it will be at the end
  go(true);
}

void filter(Signal& signal, Pass pass, double frequency, double q, Wrap wrap) {
  filter(signal, pass, [=](double) { return frequency; }, q, wrap);
}

std::array<Signal, 2> room(const Signal& dry, double t60_s, double dark, Wrap wrap) {
  constexpr std::array<int, 8> kLines{1553, 1811, 2137, 2371, 2789, 3083, 3371, 3709};  // samples, mutually prime
  std::array<std::vector<double>, 8> lines;
  std::array<std::size_t, 8> at{};
  std::array<double, 8> loss{}, low{};
  for (std::size_t i = 0; i < 8; ++i) {
    lines[i].assign(static_cast<std::size_t>(kLines[i]), 0.0);
    loss[i] = std::pow(10.0, -3.0 * kLines[i] / (t60_s * kRate));
  }
  const std::size_t length = wrap == Wrap::round ? dry.size() : dry.size() + samples_of(t60_s);
  std::array<Signal, 2> wet{Signal(length), Signal(length)};
  const int rounds = wrap == Wrap::round ? 1 + static_cast<int>(std::ceil(t60_s * 1.5 * kRate / static_cast<double>(dry.size()))) : 1;
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t n = 0; n < length; ++n) {
      const double x = n < dry.size() ? dry[n] : 0.0;
      std::array<double, 8> out;
      double sum = 0.0;
      for (std::size_t i = 0; i < 8; ++i) {
        low[i] = lines[i][at[i]] * loss[i] * (1.0 - dark) + low[i] * dark;
        out[i] = low[i];
        sum += out[i];
      }
      wet[0][n] = static_cast<float>(0.5 * (out[0] - out[2] + out[4] - out[6]));
      wet[1][n] = static_cast<float>(0.5 * (out[1] - out[3] + out[5] - out[7]));
      for (std::size_t i = 0; i < 8; ++i) {
        lines[i][at[i]] = out[i] - 0.25 * sum + ((i & 1u) ? -x : x);  // Householder matrix keeps the energy
        if (++at[i] == lines[i].size()) at[i] = 0;
      }
    }
  }
  return wet;
}

Signal roomy(const Signal& dry, double t60_s, double dark, double wet, Wrap wrap) {
  auto [out, other] = room(dry, t60_s, dark, wrap);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(wet * out[i]) + (i < dry.size() ? dry[i] : 0.0f);
  return out;
}

double loudness_lufs(const std::vector<Signal>& channels) {
  double power = 0.0;
  for (const Signal& channel : channels) {
    // The two stages of K-weighting at 48 kHz (BS.1770-4, tables 1 and 2).
    Biquad shelf, high;
    shelf.b0 = 1.53512485958697; shelf.b1 = -2.69169618940638; shelf.b2 = 1.19839281085285;
    shelf.a1 = -1.69065929318241; shelf.a2 = 0.73248077421585;
    high.b0 = 1.0; high.b1 = -2.0; high.b2 = 1.0; high.a1 = -1.99004745483398; high.a2 = 0.99007225036621;
    double sum = 0.0;
    for (const float sample : channel) {
      const double y = high.step(shelf.step(sample));
      sum += y * y;
    }
    power += sum / std::max<double>(1.0, static_cast<double>(channel.size()));
  }
  return -0.691 + 10.0 * std::log10(std::max(power, 1e-12));
}

double peak(const std::vector<Signal>& channels) {
  float high = 0.0f;
  for (const Signal& channel : channels) {
    for (const float sample : channel) high = std::max(high, std::fabs(sample));
  }
  return high;
}

void set_level(std::vector<Signal>& channels, double lufs, Wrap wrap) {
  for (Signal& channel : channels) filter(channel, Pass::high, 20.0, 0.707, wrap);
  double factor = std::pow(10.0, (lufs - loudness_lufs(channels)) / 20.0);
  factor = std::min(factor, std::pow(10.0, -3.5 / 20.0) / std::max(1e-9, peak(channels)));
  for (Signal& channel : channels) {
    for (float& sample : channel) sample *= static_cast<float>(factor);
  }
}

Ambience::Ambience(double length_s) : channels(4, silence(length_s)) {}

void Ambience::add(const Signal& sound, double at_s, double level, Direction from) {
  const double c = std::cos(from.elevation_rad);
  mix(channels[0], sound, at_s, level);
  mix(channels[1], sound, at_s, level * std::sin(from.azimuth_rad) * c);
  mix(channels[2], sound, at_s, level * std::sin(from.elevation_rad));
  mix(channels[3], sound, at_s, level * std::cos(from.azimuth_rad) * c);
}

void Ambience::add(const Signal& sound, double at_s, double level, const std::function<Direction(double)>& from) {
  const std::ptrdiff_t at = std::llround(at_s * kRate);
  std::array<double, 4> now{}, step{};
  const auto weights = [&](std::size_t i) {
    const Direction d = from(at_s + static_cast<double>(i) / kRate);
    const double c = std::cos(d.elevation_rad);
    return std::array<double, 4>{level, level * std::sin(d.azimuth_rad) * c, level * std::sin(d.elevation_rad),
                                 level * std::cos(d.azimuth_rad) * c};
  };
  now = weights(0);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    if (i % 64 == 0) {
      const auto next = weights(i + 64);
      for (std::size_t c = 0; c < 4; ++c) step[c] = (next[c] - now[c]) / 64.0;
    }
    const std::ptrdiff_t where = at + static_cast<std::ptrdiff_t>(i);
    for (std::size_t c = 0; c < 4; ++c) {
      if (where >= 0 && where < static_cast<std::ptrdiff_t>(channels[c].size())) {
        channels[c][static_cast<std::size_t>(where)] += static_cast<float>(now[c] * sound[i]);
      }
      now[c] += step[c];
    }
  }
}

Direction toward(double right_deg, double up_deg) {
  return {-right_deg * std::numbers::pi / 180.0, up_deg * std::numbers::pi / 180.0};
}

double pitch(int semitones) { return 261.6256 * std::pow(2.0, semitones / 12.0); }

double pentatonic(int degree) {
  constexpr std::array<int, 5> kSteps{0, 2, 4, 7, 9};
  const int octave = degree >= 0 ? degree / 5 : -((4 - degree) / 5);
  return pitch(octave * 12 + kSteps[static_cast<std::size_t>(degree - octave * 5)]);
}

}  // namespace promenade::samples

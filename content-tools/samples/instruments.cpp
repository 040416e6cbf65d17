#include "content-tools/samples/instruments.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace promenade::samples {

namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

double second(std::size_t i) { return static_cast<double>(i) / kRate; }

void normalise(Signal& signal) {
  float high = 1e-9f;
  for (const float sample : signal) high = std::max(high, std::fabs(sample));
  for (float& sample : signal) sample /= high;
}

void add_partial(Signal& out, double frequency, double level, double decay_s, double phase) {
  if (frequency > 0.42 * kRate) return;
  // A damped rotation: two multiplications a sample instead of a sine.
  const double turn = kTurn * frequency / kRate, shrink = std::exp(-1.0 / (decay_s * kRate));
  const double c = std::cos(turn) * shrink, s = std::sin(turn) * shrink;
  double x = level * std::cos(phase), y = level * std::sin(phase);
  for (float& sample : out) {
    sample += static_cast<float>(y);
    const double next = x * c - y * s;
    y = x * s + y * c;
    x = next;
  }
}

}  // namespace

Signal bronze_bell(double frequency, double decay_s, double bright) {
  // Partials of a tuned bell against its strike tone (Rossing, Science of Percussion Instruments, chapter 11), each a
  // pair a little apart, as a bell is never quite round: their beating is the bell's breath.
  struct Partial { double ratio, level, decay; };
  constexpr std::array<Partial, 10> kPartials{{{0.5, 0.8, 1.0}, {1.0, 1.0, 0.75}, {1.183, 0.7, 0.6}, {1.506, 0.35, 0.4},
      {2.0, 0.8, 0.35}, {2.514, 0.3, 0.2}, {2.662, 0.25, 0.18}, {3.011, 0.3, 0.15}, {4.166, 0.25, 0.09}, {5.433, 0.2, 0.06}}};
  Signal out = silence(decay_s * 4.5);
  for (const Partial& partial : kPartials) {
    const double level = partial.level * (partial.ratio > 1.6 ? bright : 1.0);
    const double apart = 0.35 + 0.12 * partial.ratio;  // Hz
    add_partial(out, frequency * partial.ratio, 0.6 * level, decay_s * partial.decay, 0.0);
    add_partial(out, frequency * partial.ratio + apart, 0.4 * level, decay_s * partial.decay, 0.0);
  }
  fade(out, 0.002, decay_s * 0.5);
  normalise(out);
  return out;
}

Signal chime(double frequency, double decay_s, double index) {
  Signal out = silence(decay_s * 4.0);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = second(i), level = std::exp(-t / decay_s);
    const double modulator = index * level * std::sin(kTurn * frequency * 3.51 * t);
    out[i] = static_cast<float>(level * std::sin(kTurn * frequency * t + modulator));
  }
  fade(out, 0.003, decay_s);
  normalise(out);
  return out;
}

Signal pluck(double frequency, double length_s, double soft, base::Random random) {
  Signal out = silence(length_s);
  const double period = kRate / frequency - 0.5;  // the averaging below delays by half a sample
  const auto whole = static_cast<std::size_t>(period);
  const double fraction = period - static_cast<double>(whole);
  std::vector<double> line(whole + 2);
  double before = 0.0;
  for (double& sample : line) sample = before = before * soft + random.uniform(-1.0, 1.0) * (1.0 - soft);
  const double keep = std::pow(0.001, 1.0 / (frequency * length_s * 0.9));
  double last = 0.0, all_pass = 0.0, all_pass_in = 0.0;
  const double tune = (1.0 - fraction) / (1.0 + fraction);
  std::size_t at = 0;
  for (float& sample : out) {
    const double now = line[at];
    const double mean = 0.5 * (now + last) * keep;
    last = now;
    all_pass = tune * mean + all_pass_in - tune * all_pass;
    all_pass_in = mean;
    line[at] = all_pass;
    if (++at >= whole) at = 0;
    sample = static_cast<float>(now);
  }
  filter(out, Pass::high, frequency * 0.5);
  fade(out, 0.001, length_s * 0.3);
  normalise(out);
  return out;
}

Signal music_box(double frequency) {
  Signal out = silence(2.2);
  add_partial(out, frequency, 1.0, 0.55, 0.0);
  add_partial(out, frequency * 2.01, 0.18, 0.25, 0.0);
  add_partial(out, frequency * 5.4, 0.22, 0.06, 0.0);
  add_partial(out, frequency * 8.9, 0.08, 0.02, 0.0);
  fade(out, 0.001, 0.5);
  normalise(out);
  return out;
}

Signal wood_knock(double frequency, double decay_s, base::Random random) {
  Signal out = silence(decay_s * 6.0);
  add_partial(out, frequency, 1.0, decay_s, 0.0);
  add_partial(out, frequency * 2.71, 0.4, decay_s * 0.4, 0.0);
  add_partial(out, frequency * 4.3, 0.25, decay_s * 0.25, 0.0);
  Signal click = white(0.006, random);
  fade(click, 0.0, 0.006);
  mix(out, click, 0.0, 0.3);
  fade(out, 0.0005, decay_s);
  normalise(out);
  return out;
}

Signal tick(double frequency) {
  Signal out = silence(0.06);
  add_partial(out, frequency, 1.0, 0.006, 0.0);
  add_partial(out, frequency * 1.73, 0.7, 0.003, 0.0);
  add_partial(out, frequency * 0.31, 0.6, 0.01, 0.0);
  fade(out, 0.0003, 0.02);
  normalise(out);
  return out;
}

Signal flute(double frequency, double length_s, base::Random random) {
  Signal out = silence(length_s);
  Signal breath = white(length_s, random);
  filter(breath, Pass::band, frequency * 2.0, 1.5);
  double phase = 0.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = second(i);
    const double vibrato = std::sin(kTurn * 4.6 * t) * std::clamp((t - 0.4) / 0.8, 0.0, 1.0);
    phase += kTurn * frequency * (1.0 + 0.006 * vibrato - 0.02 * std::exp(-t / 0.05)) / kRate;
    const double body = std::sin(phase) + 0.28 * std::sin(2.0 * phase) + 0.12 * std::sin(3.0 * phase) + 0.04 * std::sin(4.0 * phase);
    out[i] = static_cast<float>(body * (1.0 + 0.12 * vibrato)) + 0.5f * breath[i];
  }
  fade(out, std::min(0.12, length_s * 0.3), std::min(0.5, length_s * 0.45));
  normalise(out);
  return out;
}

Signal pad(const std::vector<double>& frequencies, double length_s, double fade_s) {
  Signal out = silence(length_s);
  for (std::size_t k = 0; k < frequencies.size(); ++k) {
    for (int voice = -1; voice <= 1; ++voice) {
      const double f = frequencies[k] * (1.0 + 0.0022 * voice);
      for (int harmonic = 1; harmonic <= 6; ++harmonic) {
        add_partial(out, f * harmonic, std::pow(harmonic, -1.8), 1e4, kTurn * (0.37 * voice + 0.21 * static_cast<double>(k) + 0.13 * harmonic));
      }
    }
  }
  fade(out, fade_s, fade_s);
  normalise(out);
  return out;
}

Signal steam_whistle(double length_s) {
  Signal out = silence(length_s);
  for (const double f : {311.1, 370.0, 466.2, 554.4}) {
    double phase = 0.0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double t = second(i), bend = 1.0 - 0.05 * std::exp(-t / 0.08) - 0.06 * std::clamp((t - length_s + 0.4) / 0.4, 0.0, 1.0);
      phase += kTurn * f * bend / kRate;
      out[i] += static_cast<float>(std::sin(phase) + 0.4 * std::sin(2.0 * phase) + 0.15 * std::sin(3.0 * phase));
    }
  }
  mix(out, hiss(length_s, 2500.0, base::Random(71)), 0.0, 0.4);
  fade(out, 0.1, 0.4);
  normalise(out);
  return out;
}

Signal footstep(Ground ground, base::Random random) {
  Signal out = silence(0.4);
  const auto burst = [&](double at, double length, Pass pass, double frequency, double q, double level) {
    Signal part = white(length, random.fork("burst", static_cast<std::uint64_t>(at * 1e4)));
    filter(part, pass, frequency, q);
    gain(part, [=](double t) { return std::exp(-4.0 * t / length); });
    fade(part, 0.002, length * 0.3);
    mix(out, part, at, level);
  };
  switch (ground) {
    case Ground::stone: burst(0.0, 0.05, Pass::band, 900.0, 1.2, 1.5); burst(0.07, 0.07, Pass::band, 1800.0, 1.0, 0.5); break;
    case Ground::wood: mix(out, wood_knock(140.0 + 30.0 * random.uniform(), 0.05, random), 0.0, 0.9); burst(0.06, 0.06, Pass::band, 700.0, 1.0, 0.6); break;
    case Ground::snow:
      for (int i = 0; i < 24; ++i) burst(0.01 * i + 0.004 * random.uniform(), 0.03, Pass::band, random.uniform(1200.0, 3600.0), 2.5, random.uniform(0.2, 1.0) * std::sin(std::numbers::pi * (i + 1) / 26.0));
      break;
    case Ground::gravel:
      for (int i = 0; i < 14; ++i) burst(0.012 * i * random.uniform(0.5, 1.2), 0.02, Pass::band, random.uniform(1500.0, 5000.0), 3.0, random.uniform(0.3, 1.0) * (1.0 - i / 16.0));
      break;
  }
  fade(out, 0.0, 0.1);
  normalise(out);
  return out;
}

Signal rustle(double length_s, double frequency, base::Random random) {
  Signal out = silence(length_s);
  const int grains = static_cast<int>(length_s * 60.0);
  for (int i = 0; i < grains; ++i) {
    const double at = random.uniform() * (length_s - 0.08);
    Signal grain = white(random.uniform(0.01, 0.07), random.fork("grain", static_cast<std::uint64_t>(i)));
    filter(grain, Pass::band, frequency * random.uniform(0.6, 1.7), 1.4);
    fade(grain, 0.004, 0.02);
    mix(out, grain, at, random.uniform(0.1, 1.0) * std::sin(std::numbers::pi * (at + 0.04) / length_s));
  }
  fade(out, 0.01, 0.05);
  normalise(out);
  return out;
}

Signal creak(double length_s, double frequency, base::Random random) {
  Signal out = silence(length_s);
  double at = 0.0;
  while (at < length_s - 0.05) {  // stick and slip
    Signal slip = silence(0.04);
    const double f = frequency * (1.0 + 0.5 * at / length_s);
    add_partial(slip, f, 1.0, 0.006, 0.0);
    add_partial(slip, f * 2.3, 0.6, 0.004, 0.0);
    add_partial(slip, f * 3.9, 0.3, 0.003, 0.0);
    fade(slip, 0.0005, 0.01);
    mix(out, slip, at, random.uniform(0.5, 1.0));
    at += random.uniform(0.8, 1.2) * (0.011 + 0.02 * std::pow(at / length_s - 0.4, 2.0));
  }
  fade(out, 0.05, 0.1);
  normalise(out);
  return out;
}

Signal whisper(double length_s, base::Random random) {
  Signal out = silence(length_s);
  double at = 0.0;
  int i = 0;
  while (at < length_s - 0.3) {  // syllables of breath through two moving formants
    const double length = random.uniform(0.12, 0.32), first = random.uniform(350.0, 800.0), next = random.uniform(1000.0, 2400.0);
    Signal breath = white(length, random.fork("breath", static_cast<std::uint64_t>(++i)));
    Signal low = breath, high = breath;
    const double bend = random.uniform(0.7, 1.4);
    filter(low, Pass::band, [=](double t) { return first * (1.0 + (bend - 1.0) * t / length); }, 4.0);
    filter(high, Pass::band, [=](double t) { return next * (1.0 + (1.0 / bend - 1.0) * t / length); }, 6.0);
    mix(low, high, 0.0, 1.2);
    fade(low, 0.04, length * 0.6);
    mix(out, low, at, random.uniform(0.5, 1.0));
    at += length * random.uniform(0.8, 1.3) + (random.chance(0.2) ? 0.25 : 0.0);
  }
  fade(out, 0.05, 0.2);
  normalise(out);
  return out;
}

Signal hiss(double length_s, double frequency, base::Random random) {
  Signal out = white(length_s, random);
  filter(out, Pass::band, [=](double t) { return frequency * (1.0 + 0.4 * std::exp(-t / 0.3)); }, 0.7);
  gain(out, [=](double t) { return std::exp(-2.5 * t / length_s); });
  fade(out, 0.02, length_s * 0.4);
  normalise(out);
  return out;
}

}  // namespace promenade::samples

#include <algorithm>
#include <cmath>
#include <numbers>

#include "content-tools/samples/instruments.h"

namespace promenade::samples {

namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

double second(std::size_t i) { return static_cast<double>(i) / kRate; }

void normalise(Signal& signal) {
  float high = 1e-9f;
  for (const float sample : signal) high = std::max(high, std::fabs(sample));
  for (float& sample : signal) sample /= high;
}

}  // namespace

Signal glide(double from, double to, double length_s, double harmonics) {
  Signal out = silence(length_s);
  double phase = 0.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = second(i) / length_s;
    phase += kTurn * from * std::pow(to / from, t * t * (3.0 - 2.0 * t)) / kRate;
    out[i] = static_cast<float>(std::sin(phase) + harmonics * std::sin(2.0 * phase) + harmonics * 0.4 * std::sin(3.0 * phase));
  }
  fade(out, std::min(0.012, length_s * 0.3), length_s * 0.5);
  normalise(out);
  return out;
}

Signal trill(double low, double high, int notes, double note_s, base::Random random) {
  Signal out = silence(notes * note_s + 0.1);
  for (int i = 0; i < notes; ++i) {
    const double bend = random.uniform(0.94, 1.06), rise = (i % 2 == 0) ? 1.0 : 0.86;
    mix(out, glide(low * bend * rise, high * bend * rise, note_s * 0.85), i * note_s, 0.5 + 0.5 * std::sin(std::numbers::pi * (i + 1.0) / (notes + 1.0)));
  }
  normalise(out);
  return out;
}

Signal owl() {
  Signal out = silence(2.6);
  mix(out, glide(395.0, 370.0, 0.35, 0.06), 0.0, 0.8);
  for (int i = 0; i < 3; ++i) mix(out, glide(380.0, 372.0, 0.14, 0.06), 0.95 + 0.17 * i, 0.45 + 0.1 * i);
  mix(out, glide(392.0, 350.0, 0.9, 0.06), 1.5, 1.0);
  return out;
}

Signal crane(base::Random random) {
  Signal out = silence(2.0);
  for (int call = 0; call < 2; ++call) {
    Signal voice = silence(0.75);
    double phase = 0.0;
    for (std::size_t i = 0; i < voice.size(); ++i) {
      const double t = second(i), f = 620.0 + 140.0 * std::sin(std::numbers::pi * t / 0.75) - 60.0 * call;
      phase += kTurn * f * (1.0 + 0.01 * std::sin(kTurn * 28.0 * t)) / kRate;
      double sum = 0.0;
      for (int h = 1; h <= 7; ++h) sum += std::sin(h * phase) / (0.6 + std::fabs(h - 2.0));
      voice[i] = static_cast<float>(sum * (0.75 + 0.25 * std::sin(kTurn * 28.0 * t)));
    }
    fade(voice, 0.04, 0.3);
    mix(out, voice, 0.85 * call + 0.05 * random.uniform());
  }
  normalise(out);
  return roomy(out, 1.4, 0.5, 0.25);
}

Signal wing_beats(int beats, double beat_s, base::Random random) {
  Signal out = silence(beats * beat_s + 0.1);
  for (int i = 0; i < beats; ++i) {
    Signal beat = white(beat_s * 0.9, random.fork("beat", static_cast<std::uint64_t>(i)));
    filter(beat, Pass::band, [=](double t) { return 900.0 - 500.0 * t / beat_s; }, 0.9);
    fade(beat, beat_s * 0.3, beat_s * 0.55);
    mix(out, beat, i * beat_s, random.uniform(0.7, 1.0) * (1.0 - 0.6 * i / beats));
  }
  normalise(out);
  return out;
}

Signal bark(double frequency, base::Random random) {
  Signal voice = silence(0.26), breath = white(0.26, random);
  double phase = 0.0;
  for (std::size_t i = 0; i < voice.size(); ++i) {
    const double t = second(i), f = frequency * (0.75 + 0.5 * std::sin(std::numbers::pi * std::min(1.0, t / 0.2)));
    phase += f / kRate;
    voice[i] = static_cast<float>(2.0 * (phase - std::floor(phase)) - 1.0) + 0.5f * breath[i];
  }
  Signal out = voice, second_formant = voice;
  filter(out, Pass::band, [](double t) { return 600.0 + 350.0 * std::sin(std::numbers::pi * t / 0.26); }, 2.0);
  filter(second_formant, Pass::band, 1500.0, 3.0);
  mix(out, second_formant, 0.0, 0.6);
  gain(out, [](double t) { return std::min(1.0, t / 0.012) * std::exp(-t / 0.09); });
  fade(out, 0.0, 0.05);
  normalise(out);
  return out;
}

Signal low_call(double frequency, double length_s, base::Random random) {
  Signal out = silence(length_s);
  double phase = 0.0;
  const double bend = random.uniform(0.08, 0.2), late = random.uniform(0.3, 0.7);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = second(i) / length_s;
    phase += kTurn * frequency * (1.0 + bend * std::exp(-std::pow((t - late) / 0.2, 2.0))) / kRate;
    out[i] = static_cast<float>(std::sin(phase) + 0.5 * std::sin(2.0 * phase) + 0.3 * std::sin(3.0 * phase) * t + 0.12 * std::sin(4.0 * phase));
  }
  fade(out, length_s * 0.3, length_s * 0.45);
  normalise(out);
  return out;
}

Signal drop(double frequency, base::Random random) {
  // A bubble under the surface: a damped sine that rises as it closes (van den Doel 2005).
  const double decay = 0.02 + 0.03 * random.uniform();
  Signal out = silence(decay * 7.0);
  double phase = 0.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = second(i);
    phase += kTurn * frequency * (1.0 + 0.9 * t / decay * 0.15) / kRate;
    out[i] = static_cast<float>(std::sin(phase) * std::exp(-t / decay));
  }
  fade(out, 0.001, decay);
  return out;
}

Signal splash(double size_s, base::Random random) {
  Signal out = white(size_s, random.fork("spray"));
  filter(out, Pass::band, [=](double t) { return 2600.0 - 1500.0 * t / size_s; }, 0.7);
  gain(out, [=](double t) { return std::exp(-5.0 * t / size_s); });
  fade(out, 0.004, size_s * 0.3);
  for (int i = 0; i < 18; ++i) {
    mix(out, drop(random.uniform(350.0, 1500.0), random.fork("drop", static_cast<std::uint64_t>(i))), random.uniform(0.02, 0.7) * size_s, random.uniform(0.1, 0.5));
  }
  fade(out, 0.0, size_s * 0.3);
  normalise(out);
  return out;
}

Signal wind_loop(double length_s, double low, double high, double gusts, base::Random random) {
  Signal out = silence(length_s);
  for (int voice = 0; voice < 3; ++voice) {
    Signal air = white(length_s, random.fork("air", static_cast<std::uint64_t>(voice)));
    // Gusts: three slow sines that close over the loop.
    std::array<double, 3> phase{random.uniform(), random.uniform(), random.uniform()};
    const auto gust = [=](double t) {
      double sum = 0.0;
      for (int k = 0; k < 3; ++k) sum += std::sin(kTurn * ((k + 1 + voice) * t / length_s + phase[static_cast<std::size_t>(k)])) / (k + 1.4);
      return 0.5 + 0.5 * std::clamp(sum / 1.2, -1.0, 1.0);
    };
    filter(air, Pass::band, [=](double t) { return low * std::pow(high / low, (0.3 + 0.35 * voice) * (0.4 + 0.6 * gust(t))); }, 0.9 + 1.1 * voice, Wrap::round);
    filter(air, Pass::low, high * 1.6, 0.7, Wrap::round);
    gain(air, [=](double t) { return 1.0 - gusts + gusts * gust(t) * gust(t); });
    mix(out, air, 0.0, 1.0 / (1.0 + 0.8 * voice));
  }
  normalise(out);
  return out;
}

Signal surf_loop(double length_s, int waves, base::Random random) {
  Signal out = silence(length_s);
  for (int i = 0; i < waves; ++i) {
    const double wave_s = length_s / waves * 1.7;
    Signal wave = white(wave_s, random.fork("wave", static_cast<std::uint64_t>(i)));
    filter(wave, Pass::low, [=](double t) { const double p = t / wave_s; return 250.0 + 2600.0 * std::pow(std::sin(std::numbers::pi * std::pow(p, 0.7)), 3.0); }, 0.6);
    gain(wave, [=](double t) { const double p = t / wave_s; return std::pow(std::sin(std::numbers::pi * std::pow(p, 0.75)), 2.0); });
    mix_round(out, wave, (i + random.uniform(-0.15, 0.15)) * length_s / waves, random.uniform(0.7, 1.0));
  }
  normalise(out);
  return out;
}

Signal brook_loop(double length_s, double bubbles_per_s, base::Random random) {
  Signal out = white(length_s, random.fork("stream"));
  filter(out, Pass::band, 500.0, 0.6, Wrap::round);
  for (float& sample : out) sample *= 0.12f;
  const int bubbles = static_cast<int>(length_s * bubbles_per_s);
  for (int i = 0; i < bubbles; ++i) {
    mix_round(out, drop(random.lognormal(6.55, 0.4), random.fork("bubble", static_cast<std::uint64_t>(i))), random.uniform() * length_s, std::pow(random.uniform(), 3.0) * 0.6);
  }
  normalise(out);
  return out;
}

Signal rain_loop(double length_s, double drops_per_s, base::Random random) {
  Signal out = white(length_s, random.fork("far"));
  filter(out, Pass::band, 2600.0, 0.5, Wrap::round);
  for (float& sample : out) sample *= 0.1f;
  const int drops = static_cast<int>(length_s * drops_per_s);
  for (int i = 0; i < drops; ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    Signal tap = white(0.012, random.fork("tap", number));
    filter(tap, Pass::band, random.uniform(1500.0, 4500.0), 2.0);
    gain(tap, [](double t) { return std::exp(-t / 0.002); });
    fade(tap, 0.0005, 0.004);
    if (i % 4 == 0) mix(tap, drop(random.uniform(700.0, 2200.0), random.fork("ring", number)), 0.0, 0.25);
    mix_round(out, tap, random.uniform() * length_s, std::pow(random.uniform(), 4.0));
  }
  normalise(out);
  return out;
}

Signal fire_loop(double length_s, base::Random random) {
  Signal out = white(length_s, random.fork("roar"));
  filter(out, Pass::low, 220.0, 0.7, Wrap::round);
  gain(out, [=](double t) { return 0.3 * (0.7 + 0.3 * std::sin(kTurn * std::round(length_s * 1.5) * t / length_s)); });
  const int crackles = static_cast<int>(length_s * 7.0);
  for (int i = 0; i < crackles; ++i) {
    Signal snap = white(0.008, random.fork("snap", static_cast<std::uint64_t>(i)));
    filter(snap, Pass::band, random.uniform(1200.0, 5000.0), 1.5);
    gain(snap, [](double t) { return std::exp(-t / 0.0015); });
    fade(snap, 0.0003, 0.003);
    mix_round(out, snap, random.uniform() * length_s, std::pow(random.uniform(), 3.0) * 0.8);
  }
  normalise(out);
  return out;
}

Signal cricket_loop(double length_s, double frequency, base::Random random) {
  Signal out = silence(length_s);
  const double period = length_s / std::round(length_s / 0.62);
  for (double at = 0.0; at < length_s - 1e-6; at += period) {
    if (random.chance(0.18)) continue;
    for (int pulse = 0; pulse < 3; ++pulse) {
      mix_round(out, glide(frequency * 0.985, frequency, 0.035, 0.05), at + 0.045 * pulse, 0.6 + 0.2 * pulse);
    }
  }
  normalise(out);
  return out;
}

Signal train_loop(double length_s, double joints_per_s, base::Random random) {
  Signal out = white(length_s, random.fork("rumble"));
  filter(out, Pass::low, 130.0, 0.8, Wrap::round);
  Signal air = white(length_s, random.fork("air"));
  filter(air, Pass::band, 420.0, 0.5, Wrap::round);
  mix(out, air, 0.0, 0.12);
  const int joints = static_cast<int>(std::round(length_s * joints_per_s));
  for (int i = 0; i < joints; ++i) {
    for (int axle = 0; axle < 4; ++axle) {  // two bogies of two axles
      Signal knock = wood_knock(axle % 2 == 0 ? 96.0 : 112.0, 0.045, random.fork("joint", static_cast<std::uint64_t>(i * 4 + axle)));
      filter(knock, Pass::low, 1400.0);
      const double at = i * length_s / joints + (axle % 2) * 0.13 + (axle / 2) * 0.42;
      mix_round(out, knock, at, 0.35 - 0.1 * (axle / 2));
    }
  }
  normalise(out);
  return out;
}

}  // namespace promenade::samples

// The seated films: first-order ambisonics over the whole length, sources that go round the viewer.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "content-tools/samples/sound_films.h"

namespace promenade::samples {

namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

// A loop played as often as `length_s` needs, from `start_s` into it, shaped by `level`.
Signal stretched(const Signal& loop, double length_s, double start_s, const Curve& level) {
  Signal out = silence(length_s);
  for (double at = -start_s; at < length_s; at += static_cast<double>(loop.size()) / kRate) mix(out, loop, at);
  gain(out, level);
  return out;
}

double between(double low, double high, double soft, double t) {
  const auto step = [](double v) {
    const double c = std::clamp(v, 0.0, 1.0);
    return c * c * (3.0 - 2.0 * c);
  };
  return step((t - low) / soft + 0.5) * (1.0 - step((t - high) / soft + 0.5));
}

}  // namespace

std::vector<SoundFile> sounds_of_inside_the_bell() {
  const base::Random random(909);
  SoundSet set;
  Ambience ambience(72.0);
  // Before: the courtyard far below, the bronze humming to itself, a rope.
  const Signal air = wind_loop(12.0, 90.0, 380.0, 0.5, random.fork("air"));
  for (int i = 0; i < 3; ++i) {
    ambience.add(stretched(air, 19.0, 4.0 * i, [](double t) { return between(0.0, 17.0, 2.0, t); }), 0.0, 0.05, toward(120.0 * i, -35.0));
  }
  for (int i = 0; i < 5; ++i) {
    ambience.add(roomy(trill(3100.0, 3700.0, 4 + i % 3, 0.09, random.fork("sparrow", static_cast<std::uint64_t>(i))), 1.8, 0.5, 0.6), 1.5 + 2.9 * i, 0.035, toward(70.0 * i + 20.0, -50.0));
  }
  Signal hum = pad({58.0, 87.2}, 17.0, 5.0);
  ambience.add(hum, 0.0, 0.035, toward(0.0, 60.0));
  ambience.add(creak(1.6, 190.0, random.fork("rope")), 16.0, 0.08, toward(40.0, 15.0));
  // The stroke, from ahead to the right; then each partial goes round at the pace of its own beat.
  Signal blow = wood_knock(74.0, 0.16, random.fork("striker"));
  ambience.add(blow, 18.0, 0.5, toward(40.0, -5.0));
  struct Partial { double ratio, level, decay, turns_per_s, up; };
  const Partial partials[] = {{1.0, 0.30, 15.0, 0.021, 0.0}, {2.0, 0.34, 12.0, -0.034, 10.0}, {2.37, 0.26, 10.0, 0.052, 20.0},
      {3.01, 0.14, 8.0, -0.07, -10.0}, {4.0, 0.24, 7.0, 0.09, 30.0}, {5.03, 0.10, 4.5, -0.12, 0.0}, {5.32, 0.09, 4.0, 0.14, 40.0},
      {6.02, 0.10, 3.2, 0.17, -20.0}, {8.33, 0.06, 2.0, -0.2, 20.0}, {10.9, 0.045, 1.2, 0.25, 0.0}};
  for (const Partial& p : partials) {
    Signal tone = silence(52.0);
    for (std::size_t i = 0; i < tone.size(); ++i) {
      const double t = static_cast<double>(i) / kRate;
      const double beat = 0.72 + 0.28 * std::cos(2.0 * std::numbers::pi * std::abs(p.turns_per_s) * 4.0 * t);
      tone[i] = static_cast<float>(std::sin(2.0 * std::numbers::pi * 58.0 * p.ratio * t) * std::exp(-t / p.decay) * beat * std::min(1.0, t / 0.004));
    }
    fade(tone, 0.0, 6.0);
    ambience.add(tone, 18.0, p.level, [p](double t) { return toward(40.0 + 360.0 * p.turns_per_s * (t - 18.0), p.up); });
  }
  // Liquid: slow bubbles of bronze.
  for (int i = 0; i < 26; ++i) {
    base::Random own = random.fork("melt", static_cast<std::uint64_t>(i));
    Signal blob = drop(own.uniform(70.0, 190.0), own);
    ambience.add(blob, 25.5 + 7.5 * own.uniform(), own.uniform(0.03, 0.09), toward(own.uniform(0.0, 360.0), -30.0));
  }
  // Names: whispers going round and round.
  for (int i = 0; i < 4; ++i) {
    Signal voice = whisper(8.0, random.fork("name", static_cast<std::uint64_t>(i)));
    filter(voice, Pass::low, 4500.0);
    fade(voice, 1.5, 2.0);
    const double start = 90.0 * i;
    ambience.add(voice, 34.8, 0.075, [start](double t) { return toward(start + 45.0 * (t - 35.0), -18.0); });
  }
  // Every voice that called the hour, very small.
  for (int i = 0; i < 34; ++i) {
    base::Random own = random.fork("voice", static_cast<std::uint64_t>(i));
    const double at = 44.0 + 10.5 * std::pow(own.uniform(), 1.3);
    const Signal voice = i % 3 == 0 ? flute(pentatonic(5 + static_cast<int>(own.below(6))) * 0.887, 1.6, own) : chime(pentatonic(7 + static_cast<int>(own.below(9))) * 0.887, 0.9, 0.5);
    ambience.add(roomy(voice, 2.5, 0.4, 0.5), at, own.uniform(0.008, 0.03), toward(own.uniform(0.0, 360.0), own.uniform(-30.0, 50.0)));
  }
  // One thread: a single high partial that climbs round the viewer until nobody can say whether it is there.
  Signal thread = silence(17.0);
  for (std::size_t i = 0; i < thread.size(); ++i) {
    const double t = static_cast<double>(i) / kRate;
    thread[i] = static_cast<float>(std::sin(2.0 * std::numbers::pi * 58.0 * 8.0 * t) + 0.3 * std::sin(2.0 * std::numbers::pi * 58.0 * 16.0 * t)) * static_cast<float>(std::exp(-t / 4.5));
  }
  fade(thread, 2.5, 5.0);
  ambience.add(thread, 54.0, 0.11, [](double t) { return toward(40.0 + 48.0 * (t - 54.0), 4.0 * (t - 54.0)); });
  set.round_about("bell", std::move(ambience), -27.0, 14);
  return set.take();
}

std::vector<SoundFile> sounds_of_reed_lake() {
  const base::Random random(808);
  SoundSet set;
  Ambience ambience(78.0);
  Signal lap = brook_loop(13.0, 9.0, random.fork("lap"));
  filter(lap, Pass::low, 2400.0, 0.7, Wrap::round);
  for (int i = 0; i < 4; ++i) {  // the water against the boards
    ambience.add(stretched(lap, 78.0, 3.1 * i, [i](double t) { return 0.5 + 0.5 * std::sin(t * 0.7 + 1.7 * i); }), 0.0, 0.045, toward(90.0 * i + 30.0, -40.0));
  }
  Signal reeds = wind_loop(16.0, 420.0, 1800.0, 0.8, random.fork("reeds"));
  filter(reeds, Pass::low, 3200.0, 0.7, Wrap::round);
  for (int i = 0; i < 3; ++i) {
    const double at = 120.0 * i - 60.0;
    ambience.add(stretched(reeds, 78.0, 5.3 * i, [](double t) { return 0.10 + 0.15 * between(30.0, 60.0, 8.0, t); }), 0.0, 0.09, toward(at, 4.0));
  }
  // The wind comes from behind on the left and goes all the way round, twice.
  ambience.add(stretched(reeds, 22.0, 2.0, [](double t) { return between(2.0, 18.0, 5.0, t) * (0.6 + 0.4 * std::sin(t * 1.1)); }), 37.0, 0.30, [](double t) { return toward(-130.0 + 34.0 * (t - 37.0), 6.0); });
  // Reed warblers, a cuckoo far off, frogs; until the rain.
  for (int i = 0; i < 13; ++i) {
    base::Random own = random.fork("warbler", static_cast<std::uint64_t>(i));
    const double at = 2.0 + 4.1 * i + own.uniform(0.0, 1.5);
    const double where = own.uniform(-170.0, 170.0), low = own.uniform(2100.0, 3400.0);
    ambience.add(roomy(trill(low, low * 1.3, 5 + i % 6, 0.08, own), 1.0, 0.5, 0.3), at, own.uniform(0.02, 0.05), toward(where, 3.0));
  }
  for (const double at : {6.5, 14.2, 33.0}) {
    Signal cuckoo = silence(1.2);
    mix(cuckoo, glide(660.0, 650.0, 0.26, 0.05), 0.0, 1.0);
    mix(cuckoo, glide(525.0, 515.0, 0.4, 0.05), 0.42, 0.9);
    ambience.add(roomy(cuckoo, 2.5, 0.55, 0.6), at, 0.035, toward(-140.0, 5.0));
  }
  // The heron: a stroke, the splash, drops from the bill; later her wings, from the right round behind.
  ambience.add(splash(0.8, random.fork("strike")), 24.0, 0.22, toward(38.0, -6.0));
  for (int i = 0; i < 5; ++i) ambience.add(drop(900.0 - 90.0 * i, random.fork("bill", static_cast<std::uint64_t>(i))), 25.2 + 0.5 * i, 0.05, toward(38.0, -5.0));
  ambience.add(wing_beats(11, 0.42, random.fork("wings")), 53.0, 0.11, [](double t) { return toward(38.0 + 24.0 * (t - 53.0), 8.0 + 3.0 * (t - 53.0)); });
  // A few notes of a zither, as if from the far shore.
  struct Note { double at; int degree; };
  for (const Note& n : {Note{9.0, 2}, {10.2, 3}, {11.0, 5}, {17.2, 4}, {18.4, 3}, {19.2, 2}, {27.0, 5}, {28.1, 7}, {29.3, 8}, {32.0, 5}, {45.0, 3}, {46.2, 5}, {47.0, 4}, {55.0, 2}, {67.0, 5}, {68.4, 4}, {69.8, 2}, {71.6, 3}, {73.6, 0}}) {
    ambience.add(roomy(pluck(pentatonic(n.degree) * 0.75, 3.2, 0.55, random.fork("zither", static_cast<std::uint64_t>(n.at * 10))), 2.2, 0.5, 0.4), n.at, 0.10, toward(-20.0, 4.0));
  }
  // Rain: walks up from the left, then is all about; it thins at the end.
  Signal rain = rain_loop(12.0, 60.0, random.fork("rain"));
  filter(rain, Pass::low, 5200.0, 0.7, Wrap::round);
  ambience.add(stretched(rain, 22.0, 0.0, [](double t) { return between(3.0, 24.0, 6.0, t) * 0.9; }), 56.0, 0.10, [](double t) { return toward(-80.0 + 9.0 * (t - 56.0), 0.0); });
  for (int i = 0; i < 4; ++i) {
    ambience.add(stretched(rain, 17.0, 2.7 * i + 1.0, [](double t) { return between(3.5, 13.0, 5.0, t); }), 61.0, 0.07, toward(90.0 * i + 15.0, i % 2 == 0 ? 30.0 : -25.0));
  }
  set.round_about("lake", std::move(ambience), -27.0, 13);
  return set.take();
}

std::vector<SoundFile> sounds_of_slow_planet() {
  const base::Random random(707);
  SoundSet set;
  Ambience ambience(84.0);
  const auto sun = [](double t) { return -90.0 + 4.16 * (t - 8.0); };  // degrees to the right, as the picture has it
  // The sun is a chord that goes round with it; noon is its brightest.
  const struct { double at, length; std::vector<double> notes; } chords[] = {
      {1.0, 16.0, {pentatonic(-10), pentatonic(-7)}},
      {12.0, 18.0, {pentatonic(-10), pentatonic(-5), pentatonic(-2)}},
      {25.0, 18.0, {pentatonic(-8), pentatonic(-5), pentatonic(0), pentatonic(2)}},
      {38.0, 18.0, {pentatonic(-10), pentatonic(-3), pentatonic(0)}},
      {51.0, 17.0, {pentatonic(-11), pentatonic(-6), pentatonic(-3)}}};
  for (const auto& chord : chords) {
    ambience.add(pad(chord.notes, chord.length, 6.0), chord.at, 0.13, [sun](double t) { return toward(sun(t), 20.0); });
  }
  const Signal wind = [&] {
    Signal out = wind_loop(14.0, 140.0, 700.0, 0.8, random.fork("wind"));
    filter(out, Pass::low, 1800.0, 0.7, Wrap::round);
    return out;
  }();
  for (int i = 0; i < 3; ++i) ambience.add(stretched(wind, 84.0, 4.1 * i, [](double) { return 1.0; }), 0.0, 0.028, toward(120.0 * i, 5.0));
  // The mountains argue with it.
  ambience.add(stretched(wind, 11.0, 6.0, [](double t) { return between(1.5, 9.0, 3.0, t); }), 17.0, 0.16, [](double t) { return toward(-95.0 + 8.0 * (t - 17.0), 12.0); });
  // What is not clouds: low calls from the herd that drifts to the right.
  for (int i = 0; i < 9; ++i) {
    base::Random own = random.fork("graze", static_cast<std::uint64_t>(i));
    const double at = 31.0 + 2.1 * i, where = own.uniform(-25.0, 55.0);
    ambience.add(roomy(low_call(own.uniform(82.0, 150.0), own.uniform(1.6, 2.6), own), 2.0, 0.5, 0.4), at, 0.09, [=](double t) { return toward(where + 2.0 * (t - 31.0), 8.0); });
  }
  // The sea arrives on the right.
  Signal sea = surf_loop(20.0, 4, random.fork("sea"));
  filter(sea, Pass::low, 2200.0, 0.7, Wrap::round);
  for (const double where : {85.0, 135.0}) {
    ambience.add(stretched(sea, 46.0, where * 0.1, [](double t) { return 0.25 + 0.75 * between(8.0, 26.0, 8.0, t); }), 36.0, 0.07, toward(where, -6.0));
  }
  // Night: stars one by one, overhead; then a note for each moon.
  for (int i = 0; i < 26; ++i) {
    base::Random own = random.fork("star", static_cast<std::uint64_t>(i));
    ambience.add(roomy(chime(pentatonic(10 + static_cast<int>(own.below(8))), 1.0, 0.35), 2.5, 0.4, 0.4), 59.0 + 23.0 * own.uniform(), own.uniform(0.012, 0.035), toward(own.uniform(0.0, 360.0), own.uniform(20.0, 80.0)));
  }
  const auto moon = [&](double at, double degree_right, std::vector<double> notes, double length) {
    ambience.add(pad(notes, length, 3.5), at, 0.10, [=](double t) { return toward(degree_right + 4.16 * (t - at), 12.0); });
    ambience.add(roomy(bronze_bell(notes.back(), 2.4, 0.4), 3.0, 0.4, 0.4), at + 0.5, 0.10, toward(degree_right, 5.0));
  };
  moon(66.0, -62.0, {pentatonic(-5), pentatonic(-1), pentatonic(2)}, 17.5);
  moon(76.0, -36.0, {pentatonic(-3), pentatonic(0), pentatonic(4)}, 8.0);
  set.round_about("planet", std::move(ambience), -27.0, 13);
  return set.take();
}

}  // namespace promenade::samples

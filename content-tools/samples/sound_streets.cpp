// Lantern Street, the clockmaker's yard, the night train.
#include <cmath>
#include <numbers>

#include "content-tools/samples/sound_films.h"

namespace promenade::samples {

std::vector<SoundFile> sounds_of_lantern_street() {
  const base::Random random(101);
  SoundSet set;
  // Dusk by the river: crickets left and right, a little water, the air.
  Signal left = cricket_loop(18.0, 3900.0, random.fork("cricket", 1)), right = cricket_loop(18.0, 4300.0, random.fork("cricket", 2));
  for (float& sample : left) sample *= 0.2f;
  for (float& sample : right) sample *= 0.14f;
  mix(left, wind_loop(18.0, 120.0, 500.0, 0.6, random.fork("air", 1)), 0.0, 0.5);
  mix(right, wind_loop(18.0, 120.0, 500.0, 0.6, random.fork("air", 2)), 0.0, 0.5);
  mix(left, brook_loop(18.0, 6.0, random.fork("river", 1)), 0.0, 0.12);
  mix(right, brook_loop(18.0, 6.0, random.fork("river", 2)), 0.0, 0.12);
  set.bed("dusk", std::move(left), std::move(right), -28.0);
  constexpr int r = kRest;
  Signal song = zither({4, r, 5, r, 7, r, 6, 5, 4, r, 2, r, 3, r, r, r, 2, r, 3, r, 4, r, 5, r, 3, 2, 1, r, 2, r, r, r,
                        4, r, 5, 7, 8, r, 7, r, 6, r, 5, r, 4, r, r, r, 3, r, 4, 3, 2, r, 0, r, 1, r, 2, r, 0, r, r, r}, 0.5, 0.84, random.fork("zither"));
  struct Breath { int degree; double at, length; };
  for (const Breath& b : {Breath{7, 16.0, 2.6}, {8, 18.6, 1.2}, {5, 19.9, 2.8}, {4, 24.0, 1.8}, {2, 25.9, 3.6}}) {
    mix_round(song, flute(pentatonic(b.degree) * 0.84, b.length, random.fork("flute", static_cast<std::uint64_t>(b.at * 10))), b.at, 0.16);
  }
  set.music("zither", song, -26.5);
  set.loop("flame", fire_loop(9.0, random.fork("flame")), -34.0);
  Signal lit = chime(pentatonic(12), 0.9, 1.2);
  mix(lit, chime(pentatonic(14), 1.1, 1.0), 0.16, 0.7);
  set.once("lantern_white", roomy(lit, 1.6, 0.3, 0.3), -11.0);
  Signal red = chime(pentatonic(9), 0.9, 1.4);
  mix(red, chime(pentatonic(11), 1.1, 1.0), 0.16, 0.7);
  set.once("lantern_red", roomy(red, 1.6, 0.3, 0.3), -11.0);
  Signal pot = brook_loop(10.0, 30.0, random.fork("pot"));
  Signal steam = white(10.0, random.fork("steam"));
  filter(steam, Pass::band, 3200.0, 0.8, Wrap::round);
  mix(pot, steam, 0.0, 0.08);
  set.loop("pot", std::move(pot), -30.0);
  Signal wick = hiss(0.9, 3800.0, random.fork("wick"));
  mix(wick, chime(pentatonic(5), 0.5, 0.6), 0.05, 0.25);
  set.once("wick", std::move(wick), -13.0);
  Signal lap = surf_loop(12.0, 5, random.fork("lap"));
  mix(lap, brook_loop(12.0, 5.0, random.fork("lapping")), 0.0, 0.7);
  set.loop("river", std::move(lap), -30.0);
  Signal masks = silence(1.6);
  for (int i = 0; i < 7; ++i) mix(masks, wood_knock(760.0 + 70.0 * (i % 3), 0.03, random.fork("mask", static_cast<std::uint64_t>(i))), 0.1 * i + 0.03 * i * i * 0.5, 0.9 - 0.08 * i);
  set.once("masks", roomy(masks, 0.8, 0.5, 0.2), -12.0);
  Signal well = silence(3.5);
  for (int i = 0; i < 6; ++i) mix(well, chime(pentatonic(10 + (i * 3) % 7), 0.9, 0.7), 0.24 * i, 0.5);
  mix(well, drop(620.0, random.fork("well")), 0.0, 0.9);
  set.once("well", roomy(well, 2.6, 0.4, 0.5), -12.0);
  Signal answer = bronze_bell(176.0, 2.2, 0.6);
  mix(answer, bronze_bell(176.0 * 1.5, 1.8, 0.4), 1.3, 0.4);
  set.once("river_answers", roomy(answer, 3.0, 0.6, 0.35), -10.0);
  return set.take();
}

std::vector<SoundFile> sounds_of_clockmakers_yard() {
  const base::Random random(303);
  SoundSet set;
  Signal left = wind_loop(16.0, 150.0, 700.0, 0.7, random.fork("air", 1)), right = wind_loop(16.0, 150.0, 700.0, 0.7, random.fork("air", 2));
  for (int i = 0; i < 5; ++i) {  // swallows over the yard
    Signal bird = trill(4200.0, 5200.0, 5 + i % 3, 0.06, random.fork("bird", static_cast<std::uint64_t>(i)));
    mix_round(i % 2 == 0 ? left : right, roomy(bird, 1.0, 0.4, 0.4), 1.1 + 3.1 * i, 0.05);
    mix_round(i % 2 == 0 ? right : left, roomy(bird, 1.0, 0.4, 0.4), 1.1005 + 3.1 * i, 0.015);
  }
  set.bed("yard", std::move(left), std::move(right), -29.0);
  Signal stopping = silence(6.0);  // one tick after another, slower, then none
  double at = 0.05;
  for (int i = 0; at < 4.4; ++i) {
    mix(stopping, tick(i % 2 == 0 ? 2100.0 : 1700.0), at, 1.0 - 0.12 * at);
    at += 0.42 + 0.016 * i * i * 0.5;
  }
  set.once("stopping", roomy(stopping, 0.7, 0.5, 0.2), -14.0);
  const auto clock = [&](const char* name, double period, double high, double low) {
    Signal beat = silence(period * 8.0);
    for (int i = 0; i < 8; ++i) mix_round(beat, tick(i % 2 == 0 ? high : low), i * period, i % 2 == 0 ? 1.0 : 0.8);
    set.loop(name, roomy(beat, 0.6, 0.5, 0.15, Wrap::round), -33.0);
  };
  clock("tick_morning", 0.5, 3000.0, 2500.0);
  clock("tick_school", 0.25, 2400.0, 2000.0);
  clock("tick_wedding", 0.6, 1900.0, 1500.0);
  clock("tick_evening", 1.0, 1100.0, 850.0);
  Signal sparrow = silence(2.4);  // wound twice, then two notes, twice
  for (int i = 0; i < 6; ++i) mix(sparrow, tick(4200.0), 0.07 * i, 0.3);
  for (int i = 0; i < 2; ++i) {
    mix(sparrow, glide(3400.0, 3550.0, 0.16, 0.3), 0.6 + 0.75 * i, 0.9);
    mix(sparrow, glide(2650.0, 2560.0, 0.22, 0.3), 0.8 + 0.75 * i, 0.8);
  }
  set.once("sparrow", roomy(sparrow, 0.8, 0.3, 0.2), -11.0);
  Signal steps = silence(3.4);
  for (int i = 0; i < 13; ++i) mix(steps, footstep(Ground::wood, random.fork("step", static_cast<std::uint64_t>(i))), 0.19 * i + 0.03 * (i % 3), 0.9 - 0.055 * i);
  set.once("steps", roomy(steps, 1.3, 0.5, 0.4), -11.0);
  set.loop("rain_water", brook_loop(10.0, 14.0, random.fork("rain clock")), -31.0);
  Signal tip = splash(0.9, random.fork("tip"));
  mix(tip, wood_knock(310.0, 0.08, random.fork("wood")), 0.0, 0.9);
  set.once("rain_tips", roomy(tip, 0.8, 0.4, 0.2), -10.0);
  Signal waltz = silence(9.0);  // three beats to the bar, C major pentatonic
  struct Note { int degree; double beat; };
  for (const Note& n : {Note{7, 0}, {9, 1}, {10, 2}, {12, 3}, {10, 5}, {9, 6}, {7, 7}, {9, 8}, {10, 9}, {7, 11}, {6, 12}, {7, 13}, {9, 14}, {5, 15}}) {
    mix(waltz, music_box(pentatonic(n.degree) * 1.06), 0.1 + 0.42 * n.beat, 0.8);
  }
  for (int bar = 0; bar < 6; ++bar) {
    mix(waltz, music_box(pentatonic(bar % 2 == 0 ? 0 : 3) * 1.06), 0.1 + 1.26 * bar, 0.4);
    mix(waltz, music_box(pentatonic(5) * 1.06), 0.52 + 1.26 * bar, 0.2);
    mix(waltz, music_box(pentatonic(5) * 1.06), 0.94 + 1.26 * bar, 0.2);
  }
  set.once("waltz", roomy(waltz, 1.2, 0.4, 0.25), -11.0);
  set.loop("case_wind", wind_loop(12.0, 260.0, 900.0, 0.9, random.fork("case")), -31.0);
  Signal chimes = silence(7.0);
  const double hours[] = {pentatonic(5), pentatonic(7), pentatonic(4), pentatonic(8), pentatonic(2), pentatonic(3), pentatonic(0)};
  for (int i = 0; i < 7; ++i) mix(chimes, bronze_bell(hours[i], 1.4, 0.5), 0.42 * i, 0.6);
  set.once("all_chime", roomy(chimes, 2.0, 0.4, 0.3), -9.0);
  return set.take();
}

std::vector<SoundFile> sounds_of_night_train() {
  const base::Random random(606);
  SoundSet set;
  Signal left = train_loop(13.2, 1.0 / 1.1, random.fork("left")), right = train_loop(13.2, 1.0 / 1.1, random.fork("right"));
  Signal knocks = left;
  mix(left, right, 0.0, 0.35);
  mix(right, knocks, 0.0, 0.35);
  Signal outside[2] = {wind_loop(19.0, 60.0, 320.0, 0.4, random.fork("air", 1)), wind_loop(19.0, 60.0, 320.0, 0.4, random.fork("air", 2))};
  for (Signal& side : outside) mix(side, fire_loop(19.0, random.fork("boiler")), 0.0, 0.12);
  set.bed("night", std::move(outside[0]), std::move(outside[1]), -29.0);
  set.bed("train", std::move(left), std::move(right), -26.0);
  set.once("whistle", roomy(steam_whistle(2.2), 3.0, 0.55, 0.5), -12.0);
  Signal breath = silence(12.0);
  for (int i = 0; i < 6; ++i) {
    Signal air = white(1.5, random.fork("sleeper", static_cast<std::uint64_t>(i)));
    filter(air, Pass::band, i % 2 == 0 ? 520.0 : 380.0, 1.2);
    fade(air, 0.7, 0.7);
    mix_round(breath, air, 2.0 * i, i % 2 == 0 ? 0.8 : 0.6);
  }
  set.loop("sleepers", std::move(breath), -36.0);
  set.once("curtains", rustle(1.4, 1700.0, random.fork("curtain")), -17.0);
  Signal cups = silence(2.6);
  for (int i = 0; i < 9; ++i) mix(cups, chime(i % 2 == 0 ? 2350.0 : 2790.0, 0.35, 0.5), 0.11 * i * (1.0 + 0.05 * i), 0.9 - 0.09 * i);
  set.once("cups", std::move(cups), -14.0);
  Signal letters = rustle(3.0, 2600.0, random.fork("letters"));
  mix(letters, wing_beats(14, 0.13, random.fork("flutter")), 0.3, 0.5);
  set.once("letters", std::move(letters), -12.0);
  Signal engine = silence(8.8);  // strokes of the engine, over a fire
  for (int i = 0; i < 16; ++i) {
    Signal stroke = white(0.4, random.fork("stroke", static_cast<std::uint64_t>(i)));
    filter(stroke, Pass::band, i % 4 == 0 ? 260.0 : 330.0, 0.8);
    gain(stroke, [](double t) { return std::min(1.0, t / 0.02) * std::exp(-t / 0.11); });
    fade(stroke, 0.0, 0.1);
    mix_round(engine, stroke, 0.55 * i, i % 4 == 0 ? 1.0 : 0.75);
  }
  mix(engine, fire_loop(8.8, random.fork("fire")), 0.0, 0.5);
  set.loop("engine", std::move(engine), -28.0);
  Signal brakes = silence(4.5);
  for (const double f : {1870.0, 2810.0, 4230.0}) {
    double phase = 0.0;
    for (std::size_t i = 0; i < brakes.size(); ++i) {
      const double t = static_cast<double>(i) / kRate;
      phase += 2.0 * std::numbers::pi * f * (1.0 - 0.03 * t + 0.004 * std::sin(31.0 * t)) / kRate;
      brakes[i] += static_cast<float>(std::sin(phase) * (1870.0 / f) * (0.7 + 0.3 * std::sin(17.0 * t + f)));
    }
  }
  fade(brakes, 1.2, 2.2);
  mix(brakes, hiss(2.2, 1900.0, random.fork("steam")), 2.2, 2.0);
  filter(brakes, Pass::low, 3600.0, 0.6);
  set.once("brakes", roomy(brakes, 1.8, 0.5, 0.3), -16.0);
  Signal rain_left = rain_loop(14.0, 70.0, random.fork("rain", 1)), rain_right = rain_loop(14.0, 70.0, random.fork("rain", 2));
  set.bed("rain", std::move(rain_left), std::move(rain_right), -28.0);
  Signal lamp = silence(6.0);
  for (int i = 0; i < 2; ++i) mix(lamp, hiss(2.6, 1500.0, random.fork("valve", static_cast<std::uint64_t>(i))), 0.4 + 2.9 * i, 0.6);
  set.once("valves", std::move(lamp), -20.0);
  Signal morning = pad({pentatonic(-5), pentatonic(-2), pentatonic(0), pentatonic(3), pentatonic(5)}, 10.0, 3.0);
  for (int i = 0; i < 4; ++i) mix(morning, trill(3600.0, 4300.0, 4 + i, 0.09, random.fork("bird", static_cast<std::uint64_t>(i))), 2.6 + 1.5 * i, 0.1);
  mix(morning, music_box(pentatonic(12)), 0.4, 0.2);
  mix(morning, music_box(pentatonic(10)), 1.3, 0.2);
  mix(morning, music_box(pentatonic(14)), 2.2, 0.2);
  set.once("daybreak", roomy(morning, 2.4, 0.4, 0.3), -14.0);
  return set.take();
}

}  // namespace promenade::samples

// The tide caves, the snow line, the orchard of birds.
#include <cmath>

#include "content-tools/samples/sound_films.h"

namespace promenade::samples {

namespace {

// The song that the orchard's bird follows with: half of it lies under the windfall tree, all of it in the music box.
constexpr int kSong[] = {5, 7, 8, 7, 5, 4, 5};

Signal cave_drips(double length_s, int drips, base::Random random) {
  Signal out = silence(length_s);
  for (int i = 0; i < drips; ++i) {
    mix_round(out, drop(pentatonic(3 + static_cast<int>(random.below(10))) * 1.5, random.fork("drip", static_cast<std::uint64_t>(i))), random.uniform() * length_s, random.uniform(0.15, 0.6));
  }
  return out;
}

}  // namespace

std::vector<SoundFile> sounds_of_tide_caves() {
  const base::Random random(202);
  SoundSet set;
  auto wet = room(cave_drips(20.0, 22, random), 4.0, 0.35, Wrap::round);
  for (std::size_t side = 0; side < 2; ++side) {
    mix(wet[side], wind_loop(20.0, 60.0, 240.0, 0.5, random.fork("hollow", side)), 0.0, 0.30);
    mix(wet[side], surf_loop(20.0, 3, random.fork("far", side)), 0.0, 0.10);
  }
  set.bed("cave", std::move(wet[0]), std::move(wet[1]), -26.5);
  set.loop("surf", surf_loop(15.0, 3, random.fork("surf")), -27.0);
  Signal kelp = silence(4.2);
  const int notes[] = {10, 8, 12, 9, 7, 11, 10, 13, 8, 5};
  for (int i = 0; i < 10; ++i) {
    const double at = 0.1 + 0.34 * i + 0.06 * (i % 3);
    mix(kelp, chime(pentatonic(notes[i]), 0.7, 0.35), at, 0.6);
    mix(kelp, drop(pentatonic(notes[i]) * 0.5, random.fork("kelp", static_cast<std::uint64_t>(i))), at, 0.5);
  }
  set.once("kelp", roomy(kelp, 3.0, 0.35, 0.5), -11.0);
  Signal closing = silence(2.2);
  for (int i = 0; i < 60; ++i) {
    mix(closing, drop(random.fork("hand", static_cast<std::uint64_t>(i)).uniform(900.0, 2400.0), random.fork("hands", static_cast<std::uint64_t>(i))), 0.02 * i + 0.0004 * i * (i % 7), 0.15 + 0.2 * ((i * 7) % 5) / 5.0);
  }
  mix(closing, rustle(1.6, 900.0, random.fork("wall")), 0.0, 0.6);
  set.once("hands", roomy(closing, 2.4, 0.4, 0.4), -14.0);
  set.once("bell", roomy(bronze_bell(232.0, 3.2, 0.7), 4.5, 0.4, 0.5), -9.0);
  Signal circle = silence(5.0);
  for (int i = 0; i < 16; ++i) mix(circle, chime(pentatonic(8 + (i < 8 ? i : 16 - i)) * 1.5, 0.5, 0.5), 0.16 * i, 0.4);
  set.once("circle", roomy(circle, 3.0, 0.3, 0.5), -13.0);
  Signal words = whisper(4.0, random.fork("sea"));
  set.once("echo", roomy(words, 4.0, 0.45, 0.9), -13.0);
  Signal turn = bronze_bell(232.0, 3.0, 0.6);
  mix(turn, bronze_bell(232.0, 3.0, 0.6), 2.2, 0.7);
  set.once("tide_turns", roomy(turn, 4.5, 0.4, 0.5), -9.0);
  Signal light = pad({pentatonic(0), pentatonic(3), pentatonic(5), pentatonic(7)}, 8.0, 2.6);
  set.once("pearl", roomy(light, 3.0, 0.4, 0.4), -19.0);
  set.loop("rising", surf_loop(9.0, 4, random.fork("rising")), -29.0);
  return set.take();
}

std::vector<SoundFile> sounds_of_snow_line() {
  const base::Random random(404);
  SoundSet set;
  Signal left = wind_loop(16.0, 200.0, 1100.0, 0.6, random.fork("breeze", 1)), right = wind_loop(16.0, 200.0, 1100.0, 0.6, random.fork("breeze", 2));
  mix(left, cricket_loop(16.0, 5100.0, random.fork("grass", 1)), 0.0, 0.08);
  mix(right, cricket_loop(16.0, 5600.0, random.fork("grass", 2)), 0.0, 0.08);
  for (int i = 0; i < 9; ++i) {  // cows below
    Signal bell = bronze_bell(690.0 + 53.0 * (i % 4), 0.16, 0.8);
    filter(bell, Pass::low, 2600.0);
    mix_round(i % 2 == 0 ? left : right, roomy(bell, 1.2, 0.5, 0.5), 0.7 + 1.72 * i + 0.3 * (i % 3), 0.07);
  }
  set.bed("meadow", std::move(left), std::move(right), -28.0);
  set.bed("ridge", wind_loop(23.0, 120.0, 700.0, 0.5, random.fork("ridge", 1)), wind_loop(23.0, 120.0, 700.0, 0.5, random.fork("ridge", 2)), -29.0);
  set.bed("winter", wind_loop(18.0, 220.0, 1300.0, 0.8, random.fork("winter", 1)), wind_loop(18.0, 220.0, 1300.0, 0.8, random.fork("winter", 2)), -26.0);
  set.bed("white", wind_loop(18.0, 90.0, 420.0, 0.35, random.fork("white", 1)), wind_loop(18.0, 90.0, 420.0, 0.35, random.fork("white", 2)), -27.0);
  Signal barks = silence(1.6);
  mix(barks, bark(310.0, random.fork("bark", 1)), 0.0, 1.0);
  mix(barks, bark(330.0, random.fork("bark", 2)), 0.42, 0.85);
  set.once("barks", roomy(barks, 1.8, 0.5, 0.2), -9.0);
  Signal stone = silence(0.9);
  mix(stone, wood_knock(520.0, 0.02, random.fork("stone", 1)), 0.0, 0.9);
  mix(stone, wood_knock(640.0, 0.016, random.fork("stone", 2)), 0.13, 0.5);
  mix(stone, footstep(Ground::gravel, random.fork("stone", 3)), 0.16, 0.35);
  set.once("stone", std::move(stone), -11.0);
  Signal gust = wind_loop(6.0, 250.0, 1800.0, 0.4, random.fork("gust"));
  fade(gust, 2.4, 3.0);
  set.once("gust", std::move(gust), -10.0);
  Signal ice = silence(3.5);
  for (int i = 0; i < 5; ++i) {  // a crack in ice runs down in pitch: bending waves arrive high notes first
    Signal crack = glide(2400.0 - 260.0 * i, 190.0, 0.22, 0.2);
    gain(crack, [](double t) { return std::exp(-t / 0.05); });
    mix(ice, crack, 0.05 + 0.5 * i * (1.0 - 0.07 * i), 0.9 - 0.14 * i);
  }
  set.once("ice", roomy(ice, 3.0, 0.35, 0.5), -9.0);
  Signal bell = silence(2.6);
  for (int i = 0; i < 7; ++i) mix(bell, chime(1980.0 + 24.0 * (i % 2), 0.25, 1.6), 0.27 * i + 0.05 * (i % 2), 0.9);
  set.once("collar", roomy(bell, 1.0, 0.5, 0.15), -12.0);
  Signal steps = silence(6.0);
  for (int i = 0; i < 10; ++i) mix_round(steps, footstep(Ground::snow, random.fork("paw", static_cast<std::uint64_t>(i))), 0.6 * i + 0.05 * (i % 2), 0.6);
  set.loop("paws", std::move(steps), -36.0);
  Signal door = creak(1.2, 340.0, random.fork("door"));
  mix(door, wood_knock(120.0, 0.06, random.fork("latch")), 0.0, 0.6);
  Signal shake = wing_beats(11, 0.075, random.fork("fur"));
  Signal hut = silence(4.0);
  mix(hut, door, 0.0, 0.7);
  mix(hut, shake, 1.9, 0.9);
  for (int i = 0; i < 8; ++i) mix(hut, chime(2000.0, 0.15, 1.6), 1.95 + 0.08 * i, 0.25);
  set.once("door", std::move(hut), -10.0);
  Signal kettle = fire_loop(10.0, random.fork("stove"));
  Signal steam = white(10.0, random.fork("kettle"));
  filter(steam, Pass::band, 2100.0, 6.0, Wrap::round);
  mix(kettle, steam, 0.0, 0.15);
  set.loop("kettle", std::move(kettle), -30.0);
  Signal home = silence(9.0);
  const int tune[] = {0, 3, 5, 4, 3, 1, 0};
  for (int i = 0; i < 7; ++i) mix(home, pluck(pentatonic(tune[i]), 2.8, 0.6, random.fork("home", static_cast<std::uint64_t>(i))), 0.75 * i, 0.8);
  mix(home, pad({pentatonic(-5), pentatonic(-2), pentatonic(0)}, 8.0, 2.5), 0.4, 0.5);
  set.once("home", roomy(home, 1.8, 0.5, 0.3), -15.0);
  return set.take();
}

std::vector<SoundFile> sounds_of_orchard_of_birds() {
  const base::Random random(505);
  SoundSet set;
  Signal left = wind_loop(20.0, 300.0, 1400.0, 0.7, random.fork("leaves", 1)), right = wind_loop(20.0, 300.0, 1400.0, 0.7, random.fork("leaves", 2));
  for (float& sample : left) sample *= 0.45f;
  for (float& sample : right) sample *= 0.45f;
  base::Random draw = random.fork("chorus");
  for (int i = 0; i < 34; ++i) {
    Signal bird;
    switch (i % 4) {
      case 0: bird = trill(2900.0, 3600.0, 4 + i % 5, 0.1, random.fork("a", static_cast<std::uint64_t>(i))); break;
      case 1: bird = glide(2200.0, 3100.0, 0.3, 0.1); break;
      case 2: bird = trill(4300.0, 4900.0, 8, 0.05, random.fork("b", static_cast<std::uint64_t>(i))); break;
      default: bird = glide(1900.0, 1500.0, 0.4, 0.08); break;
    }
    const double side = draw.uniform(), at = draw.uniform() * 20.0, level = draw.uniform(0.04, 0.16);
    const Signal heard = roomy(bird, 1.2, 0.4, 0.4);
    mix_round(left, heard, at, level * std::sqrt(1.0 - side));
    mix_round(right, heard, at + 0.0006 * (side - 0.5), level * std::sqrt(side));
  }
  set.bed("orchard", std::move(left), std::move(right), -27.0);
  Signal dawn = silence(3.4);
  for (int i = 0; i < 6; ++i) mix(dawn, trill(2500.0 + 350.0 * i, 3300.0 + 300.0 * i, 4 + i, 0.09, random.fork("dawn", static_cast<std::uint64_t>(i))), 0.33 * i, 0.5);
  set.once("dawn", roomy(dawn, 1.3, 0.35, 0.35), -12.0);
  Signal wren = silence(2.6);
  mix(wren, trill(4200.0, 5600.0, 9, 0.07, random.fork("wren", 1)), 0.0, 0.9);
  mix(wren, trill(5200.0, 5900.0, 18, 0.045, random.fork("wren", 2)), 0.7, 1.0);
  set.once("wren", roomy(wren, 0.9, 0.3, 0.15), -12.0);
  set.once("crane", crane(random.fork("crane")), -12.0);
  set.once("owl", roomy(owl(), 1.8, 0.45, 0.35), -10.0);
  Signal half = silence(2.6);
  for (int i = 0; i < 4; ++i) mix(half, glide(pentatonic(kSong[i] + 10), pentatonic(kSong[i] + 10) * 1.02, 0.3, 0.1), 0.34 * i, 0.8);
  set.once("half_song", roomy(half, 1.0, 0.35, 0.25), -13.0);
  Signal kingfisher = silence(1.6);
  for (int i = 0; i < 3; ++i) mix(kingfisher, glide(5600.0, 5200.0, 0.09, 0.2), 0.12 * i, 0.8);
  mix(kingfisher, wing_beats(7, 0.06, random.fork("blue")), 0.2, 0.5);
  mix(kingfisher, splash(0.5, random.fork("dive")), 0.75, 0.7);
  set.once("kingfisher", roomy(kingfisher, 0.8, 0.35, 0.15), -12.0);
  Signal box = silence(6.0);
  for (int i = 0; i < 7; ++i) {
    mix(box, music_box(pentatonic(kSong[i] + 5)), 0.05 + 0.36 * i, 0.8);
    if (i % 3 == 0) mix(box, music_box(pentatonic(kSong[i] - 5)), 0.05 + 0.36 * i, 0.4);
  }
  set.once("music_box", roomy(box, 0.9, 0.35, 0.2), -12.0);
  Signal lands = silence(4.5);
  mix(lands, wing_beats(8, 0.07, random.fork("lands")), 0.0, 0.5);
  for (int i = 0; i < 7; ++i) mix(lands, glide(pentatonic(kSong[i] + 10), pentatonic(kSong[i] + 10) * 1.015, 0.3, 0.1), 0.8 + 0.36 * i, 0.8);
  for (int i = 0; i < 7; ++i) mix(lands, music_box(pentatonic(kSong[i] + 5)), 0.8 + 0.36 * i, 0.3);
  set.once("bird_lands", roomy(lands, 1.2, 0.35, 0.25), -11.0);
  return set.take();
}

}  // namespace promenade::samples

// The sample films' sounds: what film.toml names is made, at the right level, and loops do not tick.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "content-tools/package/source.h"
#include "content-tools/samples/instruments.h"
#include "content-tools/samples/sound.h"

using namespace promenade;
using namespace promenade::samples;
using Catch::Approx;

namespace {

package::Manifest manifest_of(const std::string& film) {
  const std::string path = std::string(PROMENADE_SOURCE_DIR) + "/content-tools/samples/" + film + "/film.toml";
  std::ifstream in(path);
  return package::read_film_toml(std::string{std::istreambuf_iterator<char>(in), {}}, path).manifest;
}

double decibels(double v) { return 20.0 * std::log10(std::max(v, 1e-9)); }

// The step from the end to the beginning is no larger than the steps about it.
bool seamless(const Signal& s) {
  float around = 1e-4f;
  for (std::size_t i = 1; i < 960; ++i) around = std::max({around, std::fabs(s[i] - s[i - 1]), std::fabs(s[s.size() - i] - s[s.size() - i - 1])});
  return std::fabs(s.front() - s.back()) <= around;
}

void check_film(const std::string& film) {
  INFO(film);
  const auto files = synthesize_sounds(film);
  REQUIRE(files);
  std::map<std::string, const SoundFile*> made;
  for (const SoundFile& file : *files) CHECK(made.emplace(file.path, &file).second);
  std::set<std::string> named;
  for (const package::Sound& sound : manifest_of(film).sounds) {
    INFO(sound.path);
    named.insert(sound.path);
    REQUIRE(made.contains(sound.path));
    const SoundFile& file = *made.at(sound.path);
    CHECK(sound.loop == file.loops);
    CHECK(sound.ambisonic == (file.channels.size() == 4));
    if (sound.source) CHECK(file.channels.size() == 1);
  }
  CHECK(named.size() == made.size());
  for (const SoundFile& file : *files) {
    INFO(file.path);
    CHECK(decibels(peak(file.channels)) <= -3.0);
    CHECK(decibels(peak(file.channels)) >= -30.0);
    for (const Signal& channel : file.channels) {
      REQUIRE(channel.size() == file.channels[0].size());
      double sum = 0.0;
      for (const float sample : channel) sum += sample;
      CHECK(std::fabs(sum / static_cast<double>(channel.size())) < 1e-3);
      if (file.loops) {
        CHECK(seamless(channel));
      } else {
        CHECK(std::fabs(channel.front()) < 1e-3f);
        CHECK(std::fabs(channel.back()) < 1e-3f);
      }
    }
    if (file.loops && file.channels.size() == 2) CHECK(loudness_lufs(file.channels) == Approx(-27.0).margin(2.2));
    if (file.channels.size() == 4) CHECK(loudness_lufs({file.channels[0]}) == Approx(-27.5).margin(2.0));
  }
}

}  // namespace

TEST_CASE("sounds of the streets and the train are what their films name") {
  for (const char* film : {"lantern-street", "clockmakers-yard", "night-train"}) check_film(film);
}

TEST_CASE("sounds of caves, snow and orchard are what their films name") {
  for (const char* film : {"tide-caves", "snow-line", "orchard-of-birds"}) check_film(film);
}

TEST_CASE("sounds of the seated films are what their films name and last as long") {
  for (const char* film : {"inside-the-bell", "reed-lake", "slow-planet"}) {
    check_film(film);
    const auto files = synthesize_sounds(film);
    CHECK(static_cast<double>((*files)[0].channels[0].size()) / kRate == Approx(manifest_of(film).length_s));
  }
}

TEST_CASE("a film sounds the same each time") {
  const auto a = synthesize_sounds("orchard-of-birds"), b = synthesize_sounds("orchard-of-birds");
  REQUIRE(a->size() == b->size());
  for (std::size_t i = 0; i < a->size(); ++i) CHECK((*a)[i].channels == (*b)[i].channels);
}

TEST_CASE("an unknown film has no sounds") {
  CHECK(synthesize_sounds("none").error().code == "film-unknown");
  CHECK(make_sounds("none", "/tmp").error().code == "film-unknown");
}

TEST_CASE("notes are in tune") {
  CHECK(pitch(9) == Approx(440.0).margin(0.01));
  CHECK(pentatonic(0) == Approx(pitch(0)));
  CHECK(pentatonic(3) == Approx(pitch(7)));
  CHECK(pentatonic(7) == Approx(pitch(16)));
  CHECK(pentatonic(-1) == Approx(pitch(-3)));
  CHECK(pentatonic(-5) == Approx(pitch(-12)));
  // A plucked string returns to itself after one period.
  const double frequency = 220.0;
  const Signal string = pluck(frequency, 1.0, 0.5, base::Random(1));
  const auto match = [&](double period) {
    double sum = 0.0;
    for (std::size_t i = 4800; i < 9600; ++i) sum += string[i] * string[i + static_cast<std::size_t>(std::lround(period))];
    return sum;
  };
  CHECK(match(kRate / frequency) > match(kRate / frequency * 1.02));
  CHECK(match(kRate / frequency) > match(kRate / frequency * 0.98));
}

TEST_CASE("loops of weather are seamless, whatever their seed") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const base::Random random(seed);
    CHECK(seamless(wind_loop(4.0, 200.0, 900.0, 0.7, random)));
    CHECK(seamless(surf_loop(4.0, 2, random)));
    CHECK(seamless(rain_loop(4.0, 40.0, random)));
    CHECK(seamless(train_loop(4.4, 1.0, random)));
    CHECK(seamless(room(brook_loop(4.0, 8.0, random), 2.0, 0.4, Wrap::round)[0]));
  }
}

TEST_CASE("directions in the ambisonic field have the right signs") {
  Ambience front(0.1), right(0.1), above(0.1);
  const Signal tone(samples_of(0.1), 0.5f);
  front.add(tone, 0.0, 1.0, toward(0.0));
  right.add(tone, 0.0, 1.0, toward(90.0));
  above.add(tone, 0.0, 1.0, toward(0.0, 90.0));
  CHECK(front.channels[0][100] == Approx(0.5));
  CHECK(front.channels[3][100] == Approx(0.5));
  CHECK(front.channels[1][100] == Approx(0.0).margin(1e-6));
  CHECK(right.channels[1][100] == Approx(-0.5));  // Y points to the left
  CHECK(right.channels[3][100] == Approx(0.0).margin(1e-6));
  CHECK(above.channels[2][100] == Approx(0.5));
  Ambience moving(0.1);
  moving.add(tone, 0.0, 1.0, [](double t) { return toward(900.0 * t); });
  CHECK(moving.channels[3][10] > 0.45f);
  CHECK(moving.channels[1][4700] < -0.45f);
}

TEST_CASE("levels are set by loudness and kept below full scale") {
  std::vector<Signal> tone{silence(2.0)};
  for (std::size_t i = 0; i < tone[0].size(); ++i) tone[0][i] = static_cast<float>(std::sin(2.0 * 3.14159265 * 997.0 * static_cast<double>(i) / kRate));
  CHECK(loudness_lufs(tone) == Approx(-3.01).margin(0.1));  // BS.1770: a full-scale 997 Hz sine in one channel
  set_level(tone, -26.0);
  CHECK(loudness_lufs(tone) == Approx(-26.0).margin(0.3));
  set_level(tone, 0.0);
  CHECK(decibels(peak(tone)) <= -3.4);
}

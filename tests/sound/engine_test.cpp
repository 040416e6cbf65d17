#include "runtime/sound/engine.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <functional>
#include <glm/gtc/matrix_transform.hpp>
#include <glm/gtc/quaternion.hpp>
#include <numbers>

#include "runtime/sound/alarm.h"
#include "tests/package/films.h"
#include "tests/package/temporary_folder.h"

using namespace promenade;
using namespace promenade::sound;
using Catch::Approx;

namespace {

constexpr double kRate = 48000.0;

// What was heard in a stretch: mean square of each ear.
struct Ears {
  double left = 0.0, right = 0.0;
  double both() const { return left + right; }
};

film::Samples made(double length_s, unsigned channels, const std::function<double(double, unsigned)>& value) {
  film::Samples s;
  s.channels = channels;
  const auto frames = static_cast<std::size_t>(length_s * kRate);
  for (std::size_t i = 0; i < frames; ++i) {
    for (unsigned c = 0; c < channels; ++c) {
      s.interleaved.push_back(static_cast<std::int16_t>(std::lround(value(static_cast<double>(i) / kRate, c) * 16000.0)));
    }
  }
  return s;
}

// Noise-like: many partials, so that both ears hear it whatever its direction.
double rich(double t) {
  double v = 0.0;
  for (int h = 1; h <= 12; ++h) v += std::sin(2.0 * std::numbers::pi * (190.0 * h + 13.0 * h * h) * t) / 8.0;
  return v;
}

std::shared_ptr<FilmSounds> film_of(package::Sound what, film::Samples samples) {
  auto film = std::make_shared<FilmSounds>();
  what.path = "test";
  film->items.push_back({std::move(what), std::move(samples)});
  film->dwell_s = {600.0, 600.0};
  return film;
}

// An engine that is updated 90 times a second and heard in between.
class Room {
 public:
  Room() : engine_(std::move(*Engine::open(Output::loopback))) { heard.playing = true; }
  Engine& engine() { return *engine_; }

  Ears hear(double length_s) {
    samples.clear();
    for (double t = 0.0; t < length_s - 1e-9; t += kFrame_s) {
      engine_->update(heard);
      heard.now_s += kFrame_s;
      if (heard.playing) {
        heard.play_s += kFrame_s;
        heard.moment.time_s += kFrame_s;
      }
      std::vector<float> out(2 * static_cast<std::size_t>(kFrame_s * kRate + 0.5));
      engine_->render(out);
      samples.insert(samples.end(), out.begin(), out.end());
    }
    Ears ears;
    for (std::size_t i = 0; i < samples.size(); i += 2) {
      ears.left += samples[i] * samples[i];
      ears.right += samples[i + 1] * samples[i + 1];
    }
    const double count = static_cast<double>(samples.size()) / 2.0;
    return {ears.left / count, ears.right / count};
  }

  Heard heard;
  std::vector<float> samples;  // of the last stretch
  static constexpr double kFrame_s = 1.0 / 90.0;

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace

TEST_CASE("a machine without a sound device goes on in silence and says so") {
  auto engine = Engine::open(Output::device);
  REQUIRE(engine);
  if (!(*engine)->audible()) CHECK((*engine)->message().find("no sound device") != std::string::npos);
  Heard heard;
  for (int i = 0; i < 10; ++i) {
    heard.now_s += 0.1;
    (*engine)->update(heard);
  }
}

TEST_CASE("a sound on the left is louder in the left ear, and follows the head and the film's place") {
  Room room;
  CHECK(room.engine().hrtf());
  // Two metres to the left: film floor x = -2.
  room.engine().set_film(film_of({.path = "", .loop = true, .source = package::SoundSource{{-2.0, 0.0}, 1.6}}, made(1.0, 1, [](double t, unsigned) { return rich(t); })));
  room.heard.head = {0, 1.6f, 0};
  room.hear(0.5);
  const Ears left = room.hear(0.5);
  CHECK(left.left > 4.0 * left.right);
  room.heard.head_orientation = glm::angleAxis(std::numbers::pi_v<float>, glm::vec3(0, 1, 0));
  room.hear(0.3);
  const Ears behind = room.hear(0.5);
  CHECK(behind.right > 4.0 * behind.left);
  // The film laid turned by half a turn as well.
  room.heard.stage_from_film = glm::rotate(glm::mat4(1.0f), std::numbers::pi_v<float>, glm::vec3(0, 1, 0));
  room.hear(0.3);
  const Ears turned = room.hear(0.5);
  CHECK(turned.left > 4.0 * turned.right);
  // Further off is quieter.
  room.heard.head = {12.0f, 1.6f, 0};
  room.heard.head_orientation = {1, 0, 0, 0};
  room.hear(0.3);
  CHECK(room.hear(0.5).both() < 0.2 * turned.both());
}

TEST_CASE("floor y of the film is ahead, which is -z in Stage") {
  Room room;
  room.engine().set_film(film_of({.path = "", .loop = true, .source = package::SoundSource{{0.0, 3.0}, 1.6}}, made(1.0, 1, [](double t, unsigned) { return rich(t); })));
  room.heard.head = {0, 1.6f, 0};
  room.heard.head_orientation = glm::angleAxis(-std::numbers::pi_v<float> / 2.0f, glm::vec3(0, 1, 0));  // looks to the right
  room.hear(0.5);
  const Ears ears = room.hear(0.5);
  CHECK(ears.left > 4.0 * ears.right);
}

TEST_CASE("a pause fades and is silent, and the sound goes on where it was") {
  Room room;
  // Loud in the first half of each second, silent in the second.
  room.engine().set_film(film_of({.path = ""}, made(10.0, 1, [](double t, unsigned) { return std::fmod(t, 1.0) < 0.5 ? rich(t) : 0.0; })));
  room.hear(2.2);
  const Ears before = room.hear(0.1);
  room.heard.playing = false;
  room.hear(0.2);
  CHECK(room.hear(0.5).both() < 1e-9 * before.both());
  room.heard.playing = true;
  CHECK(room.hear(0.15).both() > 0.0);  // 2.30 to 2.45: still loud
  room.hear(0.15);
  CHECK(room.hear(0.3).both() < 0.01 * before.both());   // 2.6 to 2.9
  CHECK(room.hear(0.4).both() > 0.2 * before.both());    // 2.9 to 3.3
}

TEST_CASE("a seek lands within 20 ms") {
  for (const double click_s : {1.0, 4.25, 7.123}) {
    Room room;
    room.engine().set_film(film_of({.path = ""}, made(9.0, 1, [&](double t, unsigned) { return t >= click_s ? rich(t) : 0.0; })));
    room.heard.play_s = room.heard.moment.time_s = 0.05;
    room.hear(0.5);
    room.heard.play_s = room.heard.moment.time_s = click_s - 0.3;
    room.hear(0.6);
    std::size_t first = 0;
    while (first < room.samples.size() && std::abs(room.samples[first]) < 0.004f) ++first;
    CHECK(static_cast<double>(first / 2) / kRate == Approx(0.3).margin(0.020));
  }
}

TEST_CASE("an ambisonic bed turns against the head, and is mirrored with the film") {
  // First order, ACN: W, Y (left), Z, X. A wave from the left.
  const auto bed = [] { return film_of({.path = "", .loop = true, .whole_film = true, .ambisonic = true}, made(1.0, 4, [](double t, unsigned c) { return c <= 1 ? rich(t) : 0.0; })); };
  Room room;
  room.engine().set_film(bed());
  room.heard.head = {3.0f, 1.6f, 2.0f};
  room.hear(0.5);
  const Ears left = room.hear(0.5);
  CHECK(left.left > 2.0 * left.right);
  room.heard.head_orientation = glm::angleAxis(std::numbers::pi_v<float>, glm::vec3(0, 1, 0));
  room.hear(0.3);
  const Ears behind = room.hear(0.5);
  CHECK(behind.right > 2.0 * behind.left);
  room.engine().set_film(bed(), true);
  room.hear(0.8);
  const Ears mirrored = room.hear(0.5);
  CHECK(mirrored.left > 2.0 * mirrored.right);
}

TEST_CASE("a stereo bed keeps its sides, whatever the head does") {
  Room room;
  room.engine().set_film(film_of({.path = "", .loop = true}, made(1.0, 2, [](double t, unsigned c) { return c == 0 ? rich(t) : 0.0; })));
  room.heard.head_orientation = glm::angleAxis(std::numbers::pi_v<float>, glm::vec3(0, 1, 0));
  room.hear(0.5);
  const Ears ears = room.hear(0.5);
  CHECK(ears.left > 100.0 * ears.right);
}

TEST_CASE("alarms are heard over the film, which is turned down, and without any film") {
  Room room;
  CHECK(room.hear(0.3).both() == 0.0);
  room.heard.alarm = Alarm::warn;
  const double warn = room.hear(1.2).both();
  room.heard.alarm = Alarm::stop;
  const double stop = room.hear(1.2).both();
  CHECK(warn > 0.001);
  CHECK(stop > 3.0 * warn);
  room.heard.alarm = Alarm::none;
  room.hear(0.2);
  CHECK(room.hear(0.3).both() < 1e-9);

  room.engine().set_film(film_of({.path = "", .loop = true}, made(1.0, 1, [](double t, unsigned) { return rich(t); })));
  room.hear(0.6);
  const double film = room.hear(0.5).both();
  room.heard.dim = 1.0f;
  room.hear(0.3);
  CHECK(room.hear(0.5).both() < 0.1 * film);
  room.heard.dim = 0.0f;
  room.heard.alarm = Alarm::stop;
  room.hear(0.3);
  const double stopped = room.hear(0.48).both();
  CHECK(stopped == Approx(stop).epsilon(0.2));
  CHECK(film > 0.001);
}

TEST_CASE("no film masks an alarm: it is turned down at a warning and silent from a pause on") {
  CHECK(film_left(Alarm::none) == 1.0f);
  CHECK(film_left(Alarm::warn) < 0.5f);
  CHECK(film_left(Alarm::stop) == 0.0f);
  CHECK(film_left(Alarm::evacuate) == 0.0f);
  for (const Alarm alarm : {Alarm::stop, Alarm::evacuate}) {
    Room with, without;
    with.engine().set_film(film_of({.path = "", .loop = true}, made(1.0, 1, [](double t, unsigned) { return rich(t); })));
    with.hear(0.6);
    without.hear(0.6);
    with.heard.alarm = without.heard.alarm = alarm;
    with.hear(0.2);
    without.hear(0.2);
    CHECK(with.hear(2.0).both() == Approx(without.hear(2.0).both()).epsilon(0.01));
  }
}

TEST_CASE("a warning is heard from where danger lies, as the head turns, and as loud as one from everywhere") {
  Room room;
  room.heard.alarm = Alarm::warn;
  const double everywhere = room.hear(2.4).both();
  room.heard.alarm_from = room.heard.head + glm::vec3(3.0f, -1.6f, 0.0f);  // to the right
  room.hear(0.2);
  const Ears right = room.hear(2.4);
  CHECK(right.right > 2.0 * right.left);
  CHECK(right.both() > 0.3 * everywhere);
  CHECK(right.both() < 3.0 * everywhere);
  room.heard.head_orientation = glm::angleAxis(-std::numbers::pi_v<float>, glm::vec3(0, 1, 0));
  room.hear(0.2);
  const Ears turned = room.hear(2.4);
  CHECK(turned.left > 2.0 * turned.right);
}

TEST_CASE("the alarms differ in pitch and rhythm and do not clip") {
  const auto crossings = [](const std::vector<std::int16_t>& s) {
    std::size_t n = 0;
    for (std::size_t i = 1; i < s.size(); ++i) n += (s[i - 1] < 0) != (s[i] < 0);
    return static_cast<double>(n) / static_cast<double>(s.size()) * kRate / 2.0;
  };
  const auto warn = warn_alarm(), stop = stop_alarm(), evacuate = evacuate_alarm();
  CHECK(warn.size() == static_cast<std::size_t>(1.2 * kRate));
  CHECK(stop.size() == static_cast<std::size_t>(0.48 * kRate));
  CHECK(crossings(stop) > 1.5 * crossings(warn));
  CHECK(evacuate.size() == static_cast<std::size_t>(4.0 * kRate));
  const auto loud_at = [&](double s) { return std::ranges::max(std::span(evacuate).subspan(static_cast<std::size_t>(s * kRate), 2400)) > 8000; };
  for (const double on : {0.1, 0.4, 1.1, 1.4, 2.1, 2.4}) CHECK(loud_at(on));          // ISO 8201
  for (const double off : {0.6, 0.9, 1.6, 1.9, 2.6, 3.0, 3.9}) CHECK_FALSE(loud_at(off));
  for (const auto& sound : {warn, stop, evacuate}) {
    CHECK(*std::ranges::max_element(sound) < 32767);
    CHECK(std::abs(sound.front()) < 50);
    CHECK(std::abs(sound.back()) < 400);
  }
}

TEST_CASE("a film that is left fades out and is gone") {
  Room room;
  room.engine().set_film(film_of({.path = "", .loop = true}, made(1.0, 1, [](double t, unsigned) { return rich(t); })));
  room.hear(1.0);
  room.engine().set_film(nullptr);
  room.hear(0.4);
  CHECK(room.hear(0.3).both() < 1e-9);
}

TEST_CASE("a film's sounds are read from its package, and what cannot be heard is told") {
  std::ifstream in(std::string(PROMENADE_SOURCE_DIR) + "/tests/film/data/tone.flac", std::ios::binary);
  const base::Bytes tone(std::istreambuf_iterator<char>(in), {});
  package::Manifest m = package::testing::video_film();
  m.sounds = {{.path = "sound/lake.flac", .loop = true}, {.path = "sound/none.flac"}, {.path = "sound/lake.flac", .ambisonic = true}};
  const auto bytes = package::testing::packed(m, {{"video/film.mp4", {1}, {}}, {"sound/lake.flac", tone, {}}, {"sound/none.flac", {1, 2}, {}}});
  REQUIRE(bytes);
  const package::testing::TemporaryFolder folder;
  folder.write("film.prom", base::as_text(*bytes));
  auto film = film::OpenFilm::open(folder.path() + "/film.prom");
  REQUIRE(film);
  const auto sounds = load_sounds(**film);
  REQUIRE(sounds->items.size() == 1);
  CHECK(sounds->items[0].samples.rate_hz == 8000);
  CHECK(sounds->dwell_s.empty());
  REQUIRE(sounds->findings.size() == 2);
  CHECK(sounds->findings[0].code == "sound-malformed");
  CHECK(sounds->findings[1].code == "sound-unsupported");
  Room room;
  room.engine().set_film(sounds);
  room.hear(0.5);
  CHECK(room.hear(0.5).both() > 1e-4);
}

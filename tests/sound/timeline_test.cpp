#include "runtime/sound/timeline.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace promenade;
using namespace promenade::sound;
using Catch::Approx;

namespace {

Timeline::Line line(std::uint32_t scene, double time_s, double length_s, bool loop = false, bool whole_film = false) {
  return {{.path = "s", .at = {scene, time_s}, .loop = loop, .whole_film = whole_film}, length_s};
}

const std::vector<double> kDwells{8.0, 8.0};

}  // namespace

TEST_CASE("a sound begins when the story reaches it and rings out") {
  Timeline t({line(0, 2.0, 3.0)}, kDwells);
  CHECK_FALSE(t.at({0, 1.9}, 1.9)[0].on);
  CHECK(t.at({0, 2.5}, 2.5)[0].on);
  CHECK(t.at({0, 2.5}, 2.5)[0].position_s == Approx(0.5));
  CHECK(t.at({0, 3.4}, 3.4)[0].position_s == Approx(1.4));
  CHECK(t.at({0, 4.3}, 4.3)[0].on);
  CHECK_FALSE(t.at({0, 5.01}, 5.01)[0].on);
}

TEST_CASE("a hold neither repeats nor rewinds a sound, and the leg's sound waits for the gate") {
  Timeline t({line(0, 7.5, 5.0), line(0, 8.5, 2.0)}, kDwells);
  double play_s = 0.0;
  std::uint32_t start = 0;
  for (double s = 0.0; s < 20.0; s += 0.5, play_s += 0.5) {  // held for 12 s
    const auto& voices = t.at({0, s}, play_s);
    CHECK(voices[0].on == (s >= 7.5 && s < 12.5));
    CHECK_FALSE(voices[1].on);
    if (voices[0].on && start == 0) start = voices[0].start;
    if (voices[0].on) CHECK(voices[0].start == start);
  }
  CHECK_FALSE(t.at({0, 0.4, true}, play_s)[1].on);
  CHECK(t.at({0, 0.6, true}, play_s + 0.2)[1].position_s == Approx(0.1));
}

TEST_CASE("a scene's loop ends with the leg, the whole film's goes on through holds") {
  Timeline t({line(0, 0.0, 2.0, true), line(0, 0.0, 3.0, true, true)}, kDwells);
  double play_s = 0.0;
  for (; play_s < 12.0; play_s += 0.25) {
    const auto& voices = t.at({0, play_s}, play_s);
    CHECK(voices[0].on);
    CHECK(voices[0].position_s == Approx(std::fmod(play_s, 2.0)).margin(1e-9));
    CHECK(voices[1].position_s == Approx(std::fmod(play_s, 3.0)).margin(1e-9));
  }
  CHECK(t.at({0, 0.0, true}, play_s)[0].on);
  const auto& voices = t.at({1, 0.0}, play_s + 0.25);
  CHECK_FALSE(voices[0].on);
  CHECK(voices[1].on);
}

TEST_CASE("after a jump each sound is where it would be") {
  Timeline t({line(0, 2.0, 3.0), line(1, 1.0, 4.0), line(0, 0.0, 100.0, false, true)}, kDwells);
  t.at({0, 3.0}, 3.0);
  const auto& voices = t.at({1, 3.0}, 40.0);
  CHECK_FALSE(voices[0].on);
  CHECK(voices[1].position_s == Approx(2.0));
  CHECK(voices[2].position_s == Approx(40.0));
  const std::uint32_t start = voices[1].start;
  CHECK(t.at({1, 2.0}, 39.0)[1].position_s == Approx(1.0));
  CHECK(t.at({1, 2.0}, 39.0)[1].start != start);
  CHECK(t.at({0, 2.5}, 2.5)[0].on);
}

TEST_CASE("a seated film's loop lasts to its end") {
  Timeline t({line(0, 5.0, 2.0, true)}, {});
  CHECK_FALSE(t.at({0, 4.9}, 4.9)[0].on);
  for (double s = 5.0; s < 90.0; s += 0.9) CHECK(t.at({0, s}, s)[0].on);
}

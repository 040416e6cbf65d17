#include "runtime/headset/story.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/package/films.h"

using namespace promenade;
using namespace promenade::headset;

namespace {
client::View playing(client::Screen screen, std::uint8_t block, double time_s) {
  client::View view;
  view.screen = screen;
  view.block = block;
  view.scene_time_s = time_s;
  view.film_running = true;
  view.play.emplace();
  view.play->way_in_stops = {1, 2};
  return view;
}
}  // namespace

TEST_CASE("a view's block becomes the film's scene, stops of the way in counted off") {
  const package::Manifest film = package::testing::walking_film();
  const auto in_scene = moment_of(playing(client::Screen::film, 3, 5.0), film, 0.03);
  REQUIRE(in_scene);
  CHECK(in_scene->scene == 1);
  CHECK_FALSE(in_scene->on_leg);
  CHECK(in_scene->time_s == Catch::Approx(5.03));
  const auto on_leg = moment_of(playing(client::Screen::leg, 3, 0.5), film, 0.0);
  REQUIRE(on_leg);
  CHECK(on_leg->scene == 0);
  CHECK(on_leg->on_leg);
}

TEST_CASE("what is paused does not run ahead of itself") {
  const package::Manifest film = package::testing::walking_film();
  client::View view = playing(client::Screen::film, 2, 5.0);
  view.film_running = false;
  CHECK(moment_of(view, film, 0.03)->time_s == 5.0);
}

TEST_CASE("outside of the film there is no moment, nor where the order does not fit it") {
  const package::Manifest film = package::testing::walking_film();
  CHECK_FALSE(moment_of(playing(client::Screen::guide_in, 1, 0.0), film, 0.0));
  CHECK_FALSE(moment_of(playing(client::Screen::film, 1, 0.0), film, 0.0));
  CHECK_FALSE(moment_of(playing(client::Screen::film, 4, 0.0), film, 0.0));
  client::View none;
  none.screen = client::Screen::film;
  CHECK_FALSE(moment_of(none, film, 0.0));
}

TEST_CASE("a play that is taken up counts on from its plan") {
  const package::Manifest film = package::testing::walking_film();  // 8 s, a leg of 2 s, 8 s
  CHECK(nominal_play_s(film, {0, 3.0, false}) == Catch::Approx(3.0));
  CHECK(nominal_play_s(film, {0, 30.0, false}) == Catch::Approx(8.0));
  CHECK(nominal_play_s(film, {0, 1.0, true}) == Catch::Approx(9.0));
  CHECK(nominal_play_s(film, {1, 3.0, false}) == Catch::Approx(13.0));
  CHECK(nominal_play_s(package::testing::seated_film(), {0, 7.0, false}) == Catch::Approx(7.0));
}

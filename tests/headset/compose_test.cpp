#include "runtime/headset/compose.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace promenade;
using namespace promenade::headset;

namespace {

struct Stage {
  Stage() {
    scene.view = &view;
    scene.venue = &venue;
    scene.stage_from_hall = StageFromHall{};
    scene.eyes[0].position = {-0.032f, 1.6f, 0.0f};
    scene.eyes[1].position = {0.032f, 1.6f, 0.0f};
    scene.head = {0.0f, 1.6f, 0.0f};
    venue.boundary = {{-5.0, -5.0}, {5.0, -5.0}, {5.0, 5.0}, {-5.0, 5.0}};
    venue.obstacles = {{"column", {{1.0, 1.0}, {2.0, 1.0}, {2.0, 2.0}}}};
  }
  const gpu::Frame& compose() { return composer.compose(scene); }
  client::View view;
  tracking::Venue venue;
  Scene scene;
  Composer composer;
  film::Pose pose;
  film::Sky sky;
};

client::Ghost ghost_at(double x, double y, double opacity) {
  client::Ghost ghost;
  ghost.position = {x, y};
  ghost.radius_m = 0.3;
  ghost.ring = 0.3;
  ghost.opacity = opacity;
  return ghost;
}

}  // namespace

TEST_CASE("the film is drawn when the curtain shows it and it is ready, and the calm room otherwise") {
  Stage s;
  s.view.screen = client::Screen::film;
  s.scene.film = {3, &s.pose, &s.sky, glm::mat4(1.0f), std::nullopt};
  CHECK(s.compose().models.empty());
  CHECK_FALSE(s.compose().sky.has_value());
  s.scene.film_open = true;
  const gpu::Frame& frame = s.compose();
  REQUIRE(frame.models.size() == 1);
  CHECK(frame.models[0].model == 3);
  CHECK(frame.sky.has_value());
  CHECK(frame.eyes[1].position.x == 0.032f);
}

TEST_CASE("a pause dims the film, a stop puts the hall's outline in its place") {
  Stage s;
  s.view.screen = client::Screen::film;
  s.view.level = tracking::Level::pause;
  s.scene.film = {3, &s.pose, &s.sky, glm::mat4(1.0f), std::nullopt};
  s.scene.film_open = true;
  s.scene.dim = 0.6f;
  CHECK(s.compose().world_dim == 0.6f);
  CHECK(s.compose().models.size() == 1);
  s.view.level = tracking::Level::stop;
  s.scene.dim = 1.0f;
  s.scene.stop = 1.0f;
  const gpu::Frame& frame = s.compose();
  CHECK(frame.models.empty());
  CHECK_FALSE(frame.sky.has_value());
  REQUIRE(frame.grid.has_value());
  CHECK(frame.grid->opacity == 1.0f);
  CHECK(frame.grid->outline.size() == 4);
  CHECK(frame.grid->holes.size() == 1);
}

TEST_CASE("the way in is a ribbon with a ring at its end that fills as the start comes near") {
  Stage s;
  s.view.screen = client::Screen::guide_in;
  s.view.path = {{0.0, 1.0}, {0.0, 3.0}};
  s.view.target = protocol::HallPoint{0.0, 3.0};
  s.view.target_radius_m = 0.5;
  s.view.countdown_s = 5.0;
  s.scene.countdown = 0.25f;
  const gpu::Frame& frame = s.compose();
  REQUIRE(frame.ribbons.size() == 1);
  CHECK(frame.ribbons[0].points.size() == 2);
  CHECK(frame.ribbons[0].points[1].z == -2.5f);  // up to the ring
  REQUIRE(frame.rings.size() == 1);
  CHECK(frame.rings[0].sweep == 0.25f);
  s.view.level = tracking::Level::stop;
  CHECK(s.compose().ribbons.empty());  // who is stopped is led nowhere
}

TEST_CASE("a way that bends within the ring round its end stops at the ring, and none leads from within it") {
  Stage s;
  s.view.screen = client::Screen::guide_in;
  s.view.path = {{0.0, 1.0}, {0.0, 2.75}, {0.2, 2.9}, {0.0, 3.0}};
  s.view.target = protocol::HallPoint{0.0, 3.0};
  s.view.target_radius_m = 0.5;
  const gpu::Frame& frame = s.compose();
  REQUIRE(frame.ribbons.size() == 1);
  REQUIRE(frame.ribbons[0].points.size() == 2);
  CHECK(std::abs(frame.ribbons[0].points[1].z + 2.5f) < 1e-5f);
  s.view.path = {{0.1, 2.8}, {0.2, 2.9}, {0.0, 3.0}};
  const gpu::Frame& within = s.compose();
  CHECK(within.ribbons.empty());
  CHECK(within.rings.size() == 1);
}

TEST_CASE("in a scene its area is told only at its edge") {
  Stage s;
  s.view.screen = client::Screen::film;
  s.view.target = protocol::HallPoint{0.0, 0.0};
  s.view.target_radius_m = 0.6;
  CHECK(s.compose().rings.empty());
  s.scene.head.x = 0.58f;
  CHECK(s.compose().rings.size() == 1);
}

TEST_CASE("everybody near has a ring, and a figure as far as he is to be seen") {
  Stage s;
  s.view.ghosts = {ghost_at(0.0, 2.0, 0.0), ghost_at(0.0, -2.0, 0.8)};
  const gpu::Frame& frame = s.compose();
  CHECK(frame.rings.size() == 2);
  REQUIRE(frame.figures.size() == 1);
  CHECK(frame.figures[0].floor.z == 2.0f);
  CHECK(frame.figures[0].color.a == 0.8f);
  CHECK(std::abs(frame.figures[0].yaw_rad) < 1e-4f);  // he stands behind and is turned to the viewer
}

TEST_CASE("a warning puts a ring round the viewer, an arrow leads away") {
  Stage s;
  s.view.level = tracking::Level::warn;
  CHECK(s.compose().rings.size() == 1);
  CHECK(s.compose().arrows.empty());
  s.view.level = tracking::Level::pause;
  s.view.arrow_rad = 0.0;
  const gpu::Frame& frame = s.compose();
  REQUIRE(frame.arrows.size() == 1);
  CHECK(frame.arrows[0].from.z < 0.0f);
}

TEST_CASE("without a place nothing of the hall is drawn") {
  Stage s;
  s.scene.stage_from_hall.reset();
  s.view.screen = client::Screen::guide_in;
  s.view.path = {{0.0, 1.0}, {0.0, 3.0}};
  s.view.ghosts = {ghost_at(0.0, 2.0, 1.0)};
  s.view.boundary_grid = 1.0;
  const gpu::Frame& frame = s.compose();
  CHECK(frame.ribbons.empty());
  CHECK(frame.figures.empty());
  CHECK_FALSE(frame.grid.has_value());
}

TEST_CASE("signs without a texture or that cannot be seen are left out") {
  Stage s;
  s.scene.shown = {{0, {}, 1.0f, false}, {5, {}, 0.0f, false}, {6, {}, 0.5f, true}};
  const gpu::Frame& frame = s.compose();
  REQUIRE(frame.quads.size() == 1);
  CHECK(frame.quads[0].texture == 6);
  CHECK(frame.quads[0].over_all);
}

TEST_CASE("in an evacuation the way out lies on the floor up to the ring at its door, seen through or not") {
  for (const bool see_through : {false, true}) {
    Stage s;
    s.scene.see_through = see_through;
    s.view.screen = client::Screen::evacuate;
    s.view.level = tracking::Level::evacuate;
    s.view.way_out = {{0.0, 0.0}, {0.0, 3.0}, {2.0, 3.0}};
    const gpu::Frame& frame = s.compose();
    CHECK(frame.see_through == see_through);
    REQUIRE(frame.ribbons.size() == 1);
    CHECK(frame.ribbons[0].points.size() == 3);
    CHECK(frame.ribbons[0].color.g > frame.ribbons[0].color.r);
    REQUIRE(frame.rings.size() == 1);
    CHECK(frame.rings[0].beam == 1.0f);
    REQUIRE(frame.grid);
    s.view.way_out.clear();
    CHECK(s.compose().ribbons.empty());
  }
}

TEST_CASE("whom one sees in the real hall needs no figure; his ring says where he is taken to be") {
  Stage s;
  s.view.level = tracking::Level::stop;
  s.view.ghosts = {ghost_at(0.0, 2.0, 1.0)};
  s.scene.film = {3, &s.pose, &s.sky, glm::mat4(1.0f), std::nullopt};
  s.scene.film_open = true;
  CHECK(s.compose().figures.size() == 1);
  s.scene.see_through = true;
  CHECK(s.compose().figures.empty());
  CHECK(s.compose().rings.size() == 2);
  CHECK(s.compose().models.empty());  // the film goes at once
}

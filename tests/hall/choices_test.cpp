// Films whose viewer chooses the way: what is told, what holds, and what a new run makes of it.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "showcontrol/hall/records.h"
#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;

namespace {

// From scene 0 to scene 1, where the film ends, or to scenes 2 and 3.
hall::HallConfig with_choices() {
  hall::HallConfig config = sample_config();
  auto films = std::make_shared<std::vector<hall::Film>>(*config.films);
  package::Manifest& film = films->front().manifest;
  film.route->scenes.resize(4);
  const package::FilmPoint at[] = {{0.0, 0.0}, {2.5, 0.0}, {0.0, 2.5}, {2.5, 2.5}};
  for (std::size_t i = 0; i < 4; ++i) film.route->scenes[i].at = at[i];
  film.route->scenes[0].next = std::vector<package::Next>{{1, {{"en", "On"}}}, {2, {{"en", "Up"}}}};
  film.route->scenes[0].choose_s = 4.0;
  film.route->scenes[1].next.emplace();
  film.length_s = package::nominal_length_s(*film.route);
  REQUIRE_FALSE(base::has_errors(package::check_route(*film.route, "film", "route")));
  config.films = films;
  return config;
}

std::vector<int> scenes_of(const Rig& rig, const FakeViewer& viewer) {
  std::vector<int> scenes;
  for (const planning::Block& block : rig.core().interlocking().plan(viewer.told.play->play).blocks) {
    if (block.scene != planning::kNoScene) scenes.push_back(block.scene);
  }
  return scenes;
}

using Ways = std::vector<protocol::WayOrder>;

}  // namespace

TEST_CASE("A viewer is offered the ways that are kept free, and goes the one that he chooses") {
  Rig rig(with_choices());
  rig.takes_back = true;
  FakeViewer& viewer = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 200.0));
  CHECK(viewer.told.ways == Ways{{0, 3}});
  CHECK(scenes_of(rig, viewer) == std::vector<int>{0, 1});
  viewer.picks = {1};
  REQUIRE(rig.until([&] { return viewer.told.ways == Ways{{1, 2}}; }, 5.0));
  CHECK(scenes_of(rig, viewer) == std::vector<int>{0, 2, 3});
  CHECK(viewer.way_out() == viewer.first_scene() + 3);
  viewer.picks = {0};  // too late
  REQUIRE(rig.until([&] { return viewer.in_scene(2); }, 100.0));
  CHECK(viewer.told.ways == Ways{{1, 2}});
  REQUIRE(rig.until([&] { return !rig.has_visit(viewer); }, 200.0));
  CHECK(rig.core().counts().commands_without_gate == 0);
  CHECK(rig.core().counts().plays_completed == 1);
}

TEST_CASE("Who does not choose, or asks for what is not on offer, goes the first way") {
  const bool asks = GENERATE(false, true);
  Rig rig(with_choices());
  rig.takes_back = true;
  FakeViewer& viewer = rig.admit(1, kWalk);
  if (asks) viewer.picks = {2};
  REQUIRE(rig.until([&] { return viewer.in_scene(1); }, 200.0));
  CHECK(viewer.told.ways == Ways{{0, 1}});
  CHECK(std::ranges::count_if(rig.notes, [](const hall::Note& note) { return note.text.contains("not on offer"); }) == (asks ? 1 : 0));
  REQUIRE(rig.until([&] { return !rig.has_visit(viewer); }, 200.0));
  CHECK(rig.core().counts().plays_completed == 1);
}

TEST_CASE("A killed hall keeps what was on offer, and what was chosen") {
  for (const double at_s : {0.2, 3.0, 8.0, 12.0}) {
    Rig rig(with_choices());
    rig.takes_back = true;
    FakeViewer& viewer = rig.admit(1, kWalk);
    FakeViewer& other = rig.admit(2, kWalk);
    other.picks = {1};
    INFO(at_s);
    REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 200.0));
    viewer.picks = {1};
    let(rig, at_s);
    rig.crash_and_restart(1.0);
    REQUIRE(rig.until([&] { return viewer.in_scene(2); }, 100.0));
    CHECK(viewer.told.ways == Ways{{1, 2}});
    REQUIRE(rig.until([&] { return !rig.has_visit(viewer) && !rig.has_visit(other); }, 300.0));
    CHECK(rig.core().counts().commands_without_gate == 0);
    CHECK(rig.most_violations == 0);
  }
}

TEST_CASE("A course with ways to choose from comes back from its record as it was") {
  Rig rig(with_choices());
  FakeViewer& viewer = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return viewer.told.play.has_value(); }, 60.0));
  const planning::SavedPlay& held = rig.core().interlocking().saved(viewer.told.play->play);
  REQUIRE(held.plan.branches.size() == 1);
  hall::Course course;
  course.id = held.plan.play;
  course.plan = held.plan;
  course.choice = std::uint8_t{1};
  const auto back = hall::course_from(hall::to_record(course, &held));
  REQUIRE(back.has_value());
  CHECK(back->course.plan == held.plan);
  CHECK(back->course.choice == 1);
  REQUIRE(back->saved.has_value());
  CHECK(*back->saved == held);
}

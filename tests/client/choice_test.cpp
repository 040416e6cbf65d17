// Choices in a film, as a headset knows them: what it shows, what it tells, how it goes on.

#include <catch2/catch_test_macros.hpp>

#include "showcontrol/client/view_json.h"
#include "showcontrol/client/walk.h"
#include "tests/client/rig.h"

using namespace promenade;
using namespace promenade::client;
using namespace promenade::client::test;
using protocol::BlockStage;

namespace {

using Ways = std::vector<protocol::WayOrder>;

// Scene 0 leads to 1, where the film ends, or to 2 and on to 3. Scenes of 4 s, open to be chosen in the last 3.
std::shared_ptr<const FilmShelf> forked_shelf() {
  auto films = std::make_shared<FilmShelf>(*shelf());
  package::Route& route = *films->front().manifest.route;
  route.scenes.resize(2);
  route.scenes.push_back({"up", {0.0, 3.0}, 0.6, 4.0, 20.0});
  route.scenes.push_back({"top", {0.0, 6.0}, 0.6, 4.0, 20.0});
  route.scenes[0].next = std::vector<package::Next>{{1, {{"zh", "往前"}, {"en", "On"}}}, {2, {{"zh", "往上"}, {"en", "Up"}}}};
  route.scenes[0].choose_s = 3.0;
  route.scenes[1].next.emplace();
  return films;
}

struct Chooser {
  std::shared_ptr<const FilmShelf> films = forked_shelf();
  Walk walk;
  protocol::PlayOrder told = order(0.0);
  protocol::HallPoint head{12.0, 4.0};
  double t = 0.0;

  Chooser() {
    told.resume_block = 0;
    told.resume_stage = BlockStage::in_scene;
  }
  void take(const Ways& ways) { walk.follow(told, ways, *films); }
  void run(double seconds, int open_gate = 0) {
    for (double left = seconds; left > 1e-6; left -= 0.1) {
      t += 0.1;
      walk.step({base::Duration(100'000), base::hall_time(t + kHallAhead_s), head, false, open_gate});
    }
  }
};

}  // namespace

TEST_CASE("A choice is there in the last seconds of its scene, and what was chosen is told") {
  Chooser one;
  one.take({{0, 3}});
  REQUIRE(one.walk.film_known());
  one.run(0.5);
  CHECK_FALSE(one.walk.choice());
  CHECK_FALSE(one.walk.choose(1));
  one.run(1.0);
  const auto choice = one.walk.choice();
  REQUIRE(choice);
  CHECK(choice->number == 0);
  CHECK(choice->ways == std::vector<std::uint8_t>{0, 1});
  CHECK_FALSE(choice->chosen);
  CHECK(choice->left < base::from_seconds(2.7));
  CHECK_FALSE(one.walk.choose(2));
  CHECK(one.walk.choose(1));
  CHECK(one.walk.chosen() == std::vector<std::uint8_t>{1});
  CHECK(one.walk.choice()->chosen == 1);
  // Until the hall says so, the film is as it was.
  one.run(3.5);
  CHECK(one.walk.ready());
  CHECK(one.walk.film_scene() == 0u);
  one.take({{1, 2}});
  CHECK_FALSE(one.walk.choice());
  one.run(0.1, 1);
  CHECK(one.walk.stage() == BlockStage::walking);
  CHECK(one.walk.film_scene() == 2u);
  CHECK(*one.walk.target() == protocol::HallPoint{12.0, 7.0});
}

TEST_CASE("Another way has another way out, and its stops are no reason to stand still") {
  Chooser one;
  one.told.way_out = {{15.0, 4.0}, {20.0, 4.0}};
  one.take({{0, 3}});
  one.run(2.0);
  one.told.way_out = {{12.0, 10.0}, {15.0, 10.0}, {20.0, 10.0}};
  one.told.way_out_stops = {1};
  one.take({{1, 2}});
  REQUIRE(one.walk.film_known());
  one.run(2.5, 1);
  one.head = {12.0, 7.0};
  one.run(0.2, 1);
  CHECK(one.walk.film_scene() == 2u);
  one.run(4.5, 2);
  one.head = {12.0, 10.0};
  one.run(0.2, 2);
  CHECK(one.walk.film_scene() == 3u);
  one.run(4.5, 3);
  CHECK(one.walk.on_way_out());
  // But nobody is sent back to a scene that he has left another way.
  one.take({{0, 1}});
  CHECK_FALSE(one.walk.film_known());
}

TEST_CASE("Where one way is on offer nothing is asked") {
  Chooser one;
  one.take({{0, 1}});
  one.run(2.0);
  CHECK_FALSE(one.walk.choice());
  CHECK(one.walk.chosen().empty());
}

TEST_CASE("A headset that takes the play up goes by the ways that the hall tells") {
  Chooser one;
  one.told.resume_block = 2;
  one.take({{1, 2}});
  CHECK(one.walk.film_scene() == 3u);
}

TEST_CASE("The choice is part of the view, in the play's language, and its JSON") {
  View view;
  view.ways = {{1, 2}, {0, 3}};
  view.choice = Choice{{{0, "On"}, {1, "Up"}}, std::uint8_t{1}, 2.5};
  const auto back = read_view_json(view_json(view));
  REQUIRE(back);
  CHECK(back->ways == view.ways);
  REQUIRE(back->choice);
  CHECK(back->choice->ways.size() == 2);
  CHECK(back->choice->ways[1].number == 1);
  CHECK(back->choice->ways[1].text == "Up");
  CHECK(back->choice->chosen == 1);
  CHECK(back->choice->left_s == 2.5);
}

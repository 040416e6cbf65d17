#include "showcontrol/client/view_json.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade;
using namespace promenade::client;

namespace {

View full() {
  View view;
  view.screen = Screen::leg;
  view.level = tracking::Level::pause;
  view.cause = tracking::Cause::body;
  view.word_stop = view.film_running = view.holding = true;
  view.boundary_grid = 0.25;
  view.dim = 0.5;
  view.arrow_rad = -1.25;
  view.ghosts = {{base::BodyId(7), protocol::Relation::group, {1.5, 2.5}, 0.375, 0.5, 0.75}};
  view.play.emplace();
  view.play->play = base::PlayId(9);
  view.play->film = base::FilmId("001100012026");
  view.play->language = "zh";
  view.play->placement = {1.5, {3.0, 4.0}, 0.0, true};
  view.play->scale = 0.875;
  view.play->start = base::hall_time(12.5);
  view.play->way_in = {{0.0, 1.0}, {2.0, 3.0}, {4.0, 5.0}};
  view.play->way_in_stops = {1};
  view.play->way_out = {{4.0, 5.0}, {6.0, 7.0}};
  view.block = 3;
  view.scene_time_s = 4.5;
  view.countdown_s = 2.5;
  view.told_wait_s = 30.0;
  view.path = {{1.0, 1.0}, {2.0, 2.0}};
  view.target = protocol::HallPoint{2.0, 2.0};
  view.target_radius_m = 0.5;
  view.menu = {{base::FilmId("001200012026"), base::from_seconds(75.0), true}};
  view.refusal = protocol::Refusal{4, "sold-out", "Somebody was quicker."};
  view.way_out_door = {14.0, 15.0};
  view.way_out_name = protocol::DoorName::entrance;
  view.way_out = {{1.0, 1.0}, {14.0, 15.0}};
  view.danger_rad = 0.75;
  return view;
}

}  // namespace

TEST_CASE("A view comes back from JSON as it was") {
  for (const View& view : {full(), View{}}) {
    const auto again = read_view_json(view_json(view));
    REQUIRE(again);
    CHECK(view_json(*again) == view_json(view));
    CHECK(again->play.has_value() == view.play.has_value());
    CHECK(again->path == view.path);
    CHECK(again->arrow_rad == view.arrow_rad);
    CHECK(again->danger_rad == view.danger_rad);
    CHECK(again->way_out == view.way_out);
    CHECK(again->way_out_name == view.way_out_name);
    if (view.play) {
      CHECK(again->play->way_in == view.play->way_in);
      CHECK(again->play->placement == view.play->placement);
      CHECK(again->play->start == view.play->start);
    }
  }
}

TEST_CASE("What is no view is refused with what is wrong") {
  const auto cut = read_view_json(view_json(full()).substr(0, 40));
  REQUIRE_FALSE(cut);
  CHECK(cut.error().code == "view-malformed");
  const auto strange = read_view_json(R"({"screen":"dance","level":"clear","cause":"none"})");
  REQUIRE_FALSE(strange);
  CHECK(strange.error().message.contains("screen"));
  CHECK_FALSE(read_view_json("[]"));
}

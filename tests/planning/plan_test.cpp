#include "showcontrol/planning/plan.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

namespace {

FloorPlan hall_with_stops() {
  FloorPlan floor = rectangle_hall(20.0, 10.0);
  floor.way_in_stop_m = floor.way_out_stop_m = 3.0;
  floor.setting_off_s = 2.0;
  return floor;
}

}  // namespace

TEST_CASE("a route becomes blocks, with waypoints on long ways") {
  FloorPlan floor = rectangle_hall(20.0, 10.0);
  floor.way_in_stop_m = floor.way_out_stop_m = 3.0;
  tracking::Placement placement;
  placement.shift = {8.0, 5.0};
  const PlayPlan plan = make_plan(straight_route(3, 1.4, 5.0, 10.0), placement, 1.0, {{1, 5}, {5, 5}, {8, 5}}, {{10.8, 5}, {15, 5}}, floor);
  REQUIRE(plan.blocks.size() == 3 + 2 + 2);
  CHECK(plan.first_scene_block() == 2);
  CHECK(plan.last_scene_block() == 4);
  CHECK(plan.scene_block(1) == 3);
  CHECK(plan.blocks[0].scene == kNoScene);
  CHECK(plan.blocks[2].place() == HallPoint{8.0, 5.0});
  double length = 0.0;
  for (std::size_t k = 1; k < plan.blocks.size(); ++k) {
    CHECK(plan.blocks[k].path.front() == plan.blocks[k - 1].place());
    length += plan.blocks[k].length_m;
  }
  CHECK(length + plan.blocks[0].length_m == Catch::Approx(7.0 + 2.8 + 4.2));
}

TEST_CASE("times, holds and stretch of a plan") {
  tracking::Placement placement;
  PlayPlan plan = make_plan(straight_route(2, 1.4, 5.0, 10.0), placement, 1.0, {}, {}, rectangle_hall(20, 10));
  plan.enter_s = {10.0, 19.0};
  plan.end_s = 26.0;
  CHECK(plan.start_s() == 10.0);
  CHECK(plan.arrive_s(1) == Catch::Approx(21.0));
  CHECK(plan.planned_hold_s(0) == Catch::Approx(4.0));
  CHECK(plan.planned_hold_s(1) == Catch::Approx(0.0).margin(1e-9));
  CHECK(plan.nominal_s() == Catch::Approx(12.0));
  CHECK(plan.stretch() == Catch::Approx(16.0 / 12.0));
  CHECK(plan.position_at(15.0) == HallPoint{0.0, 0.0});
  CHECK(plan.position_at(20.0).x == Catch::Approx(0.7));
}

TEST_CASE("viewers take a while to set off where they have stood, but not past a waypoint") {
  const FloorPlan floor = hall_with_stops();
  tracking::Placement placement;
  placement.shift = {8.0, 5.0};
  PlayPlan plan = make_plan(straight_route(2, 1.4, 5.0, 10.0), placement, 1.0, {{3.8, 5}, {8, 5}}, {{9.4, 5}, {13.6, 5}}, floor);
  REQUIRE(plan.blocks.size() == 2 + 1 + 2);
  plan.speed_mps = 0.7;
  CHECK(plan.walk_s(0) == Catch::Approx(2.0 + 3.0));       // from where he begins
  CHECK(plan.walk_s(1) == Catch::Approx(3.0));             // on past a stop, into scene 0
  CHECK(plan.walk_s(2) == Catch::Approx(2.0 + 2.0));       // after a scene
  CHECK(plan.walk_s(3) == Catch::Approx(2.0 + 3.0));       // after the last scene
  CHECK(plan.walk_s(4) == Catch::Approx(3.0));
  CHECK(plan.walk_s(2, 0.7) == Catch::Approx(2.0 + 1.0));  // the first part of a way
  CHECK(plan.walk_s(2, 0.0) == Catch::Approx(2.0));
  plan.enter_s = {0.0, 5.0, 13.0, 22.0, 27.0};
  plan.end_s = 30.0;
  CHECK(plan.position_at(1.9) == HallPoint{3.8, 5.0});
  CHECK(plan.position_at(3.0).x == Catch::Approx(4.5));
  CHECK(plan.position_at(5.0).x == Catch::Approx(5.9));
  CHECK(plan.nominal_s() == Catch::Approx(5.0 + 4.0 + 5.0));
  const PlayPlan appears = make_plan(straight_route(1, 0.0, 5.0, 0.0), placement, 1.0, {}, {}, floor);
  CHECK(appears.walk_s(0) == 0.0);  // nobody walks
}

TEST_CASE("a plan's course is its position at every time, by few points") {
  const FloorPlan floor = hall_with_stops();
  tracking::Placement placement;
  placement.shift = {8.0, 5.0};
  PlayPlan plan = make_plan(straight_route(2, 1.4, 5.0, 10.0), placement, 1.0, {{3.8, 3}, {3.8, 5}, {8, 5}}, {{9.4, 5}, {13.6, 5}}, floor);
  plan.speed_mps = 0.7;
  plan.enter_s.assign(plan.blocks.size(), 0.0);
  for (std::size_t k = 0; k < plan.blocks.size(); ++k) plan.enter_s[k] = k == 0 ? 10.0 : plan.arrive_s(k - 1) + plan.blocks[k - 1].stay_s + (k == 3 ? 7.0 : 0.0);
  plan.end_s = plan.arrive_s(plan.blocks.size() - 1);
  for (const auto& [from_s, to_s] : {std::pair{0.0, 100.0}, {10.0, plan.end_s}, {14.3, 31.7}, {20.0, 20.0}, {plan.end_s, 900.0}}) {
    const std::vector<TimedPoint> course = plan.course(from_s, to_s);
    REQUIRE(!course.empty());
    CHECK(course.front().time_s == std::max(from_s, 10.0));
    CHECK(course.back().time_s == std::min(to_s, plan.end_s));
    CHECK(course.size() <= 3 * plan.blocks.size() + 3);
    for (std::size_t i = 1; i < course.size(); ++i) {
      const double span_s = course[i].time_s - course[i - 1].time_s;
      REQUIRE(span_s > 0.0);
      for (double share = 0.0; share < 1.0; share += 0.05) {
        const HallPoint told = course[i - 1].at + (course[i].at - course[i - 1].at) * share;
        CHECK(tracking::distance(told, plan.position_at(course[i - 1].time_s + share * span_s)) < 1e-6);
      }
    }
  }
  CHECK(plan.course(0.0, 9.0).empty());
  CHECK(plan.course(plan.end_s + 1.0, 900.0).empty());
}

TEST_CASE("a long way has at most eight pieces, whatever its stops") {
  FloorPlan floor = rectangle_hall(80.0, 10.0);
  floor.way_in_stop_m = 3.0;
  floor.way_out_stop_m = 2.0;
  tracking::Placement placement;
  placement.shift = {40.0, 5.0};
  const auto route = straight_route(1, 0.0, 5.0, 0.0);
  const PlayPlan plan = make_plan(route, placement, 1.0, {{1, 5}, {40, 5}}, {{40, 5}, {79, 5}}, floor);
  CHECK(plan.first_scene_block() == 7);  // the eighth piece leads into the scene
  CHECK(plan.blocks.size() == 16);
  CHECK(plan.blocks.back().place() == HallPoint{79.0, 5.0});
  floor.way_out_last_m = 2.2;
  const PlayPlan near_exit = make_plan(route, placement, 1.0, {}, {{40, 5}, {79, 5}}, floor);
  CHECK(near_exit.blocks.size() == 1 + 8);
  CHECK(near_exit.blocks.back().length_m == Catch::Approx(2.2));
}

TEST_CASE("stops never cost a way its corners") {
  FloorPlan floor = rectangle_hall(80.0, 40.0);
  floor.way_in_stop_m = floor.way_out_stop_m = 3.0;
  floor.way_out_last_m = 2.2;
  tracking::Placement placement;
  placement.shift = {2.0, 20.0};
  for (std::size_t corners = 0; corners + 2 <= kWayPointsMost; ++corners) {
    CAPTURE(corners);
    Path way{{2, 20}};
    for (std::size_t i = 1; i <= corners; ++i) way.push_back({2.0 + 4.0 * static_cast<double>(i), i % 2 == 0 ? 20.0 : 24.0});
    way.push_back({70, 20});
    Path back(way.rbegin(), way.rend());
    const PlayPlan plan = make_plan(straight_route(1, 0.0, 5.0, 0.0), placement, 1.0, back, way, floor);
    const std::size_t scene = plan.first_scene_block();
    for (const bool in : {true, false}) {
      Path told{in ? back.front() : way.front()};
      for (std::size_t k = in ? 0 : scene + 1; k < (in ? scene + 1 : plan.blocks.size()); ++k) {
        told.insert(told.end(), plan.blocks[k].path.begin() + 1, plan.blocks[k].path.end());
      }
      CHECK(told.size() <= kWayPointsMost);
      for (const HallPoint corner : in ? back : way) CHECK(std::ranges::contains(told, corner));
      CHECK(path_length_m(told) == Catch::Approx(path_length_m(way)));
    }
  }
}

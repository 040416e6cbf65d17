#include "showcontrol/planning/plan.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

TEST_CASE("a route becomes blocks, with waypoints on long ways") {
  FloorPlan floor = rectangle_hall(20.0, 10.0);
  floor.transit_stop_m = 3.0;
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
  CHECK(gate_not_before_s(plan, 0, 16.0) == 19.0);  // a planned hold is kept
  CHECK(gate_not_before_s(plan, 0, 22.0) == 22.0);  // who is late is not held
  CHECK(gate_not_before_s(plan, 1, 24.0) == 24.0);
}

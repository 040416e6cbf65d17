#include "showcontrol/planning/transit.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

TEST_CASE("ways are straight where they can be and go round columns") {
  FloorPlan plan = rectangle_hall(20.0, 10.0);
  const Floor open(plan);
  const auto straight = TransitField(open, {1.0, 5.0}, std::nullopt, crossing_costs(open, {}, 0.0, 60.0)).way_to({15.0, 6.0});
  REQUIRE(straight);
  CHECK(path_length_m(*straight) == Catch::Approx(14.036).margin(0.3));
  plan.obstacles.push_back({{7, 4}, {8, 4}, {8, 7}, {7, 7}});
  const Floor floor(plan);
  const auto round = TransitField(floor, {1.0, 5.0}, std::nullopt, crossing_costs(floor, {}, 0.0, 60.0)).way_to({15.0, 6.0});
  REQUIRE(round);
  CHECK(round->front() == HallPoint{1.0, 5.0});
  CHECK(round->back() == HallPoint{15.0, 6.0});
  for (std::size_t i = 1; i < round->size(); ++i) CHECK(floor.free((*round)[i - 1], (*round)[i]));
}

TEST_CASE("a walled-off place has no way") {
  FloorPlan plan = rectangle_hall(20.0, 10.0);
  plan.obstacles.push_back({{9, -1}, {10, -1}, {10, 11}, {9, 11}});
  const Floor floor(plan);
  const TransitField field(floor, {1.0, 5.0}, std::nullopt, crossing_costs(floor, {}, 0.0, 60.0));
  CHECK_FALSE(field.way_to({15.0, 5.0}));
  CHECK(field.way_to({5.0, 5.0}));
}

TEST_CASE("floor that another holds is gone round") {
  const Floor floor(rectangle_hall(20.0, 10.0));
  ProjectedPlay other;
  other.plan.blocks.push_back(make_block({{8.0, 5.0}}, 60.0, 0.0, 0));
  other.plan.enter_s = {0.0};
  other.plan.end_s = 60.0;
  Snapshot snapshot;
  snapshot.plays.push_back(other);
  const auto way = TransitField(floor, {1.0, 5.0}, std::nullopt, crossing_costs(floor, snapshot, 0.0, 60.0)).way_to({15.0, 5.0});
  REQUIRE(way);
  CHECK_FALSE(block_conflict(make_block(*way, 0, 0, 0), other.plan.blocks[0], floor.plan().separation_m));
}

TEST_CASE("who has stood on the floor for minutes is gone round, and who has just come is not") {
  const Floor floor(rectangle_hall(20.0, 10.0));
  Snapshot snapshot;
  snapshot.now_s = 1000.0;
  snapshot.bodies.push_back({base::BodyId(1), {8.0, 5.0}, 1.2});
  const auto touched = [&](double from_s) {
    const auto way = TransitField(floor, {1.0, 5.0}, std::nullopt, crossing_costs(floor, snapshot, from_s, from_s + 60.0)).way_to({15.0, 5.0});
    REQUIRE(way);
    return touches(make_block(*way, 0, 0, 0), snapshot.bodies.front());
  };
  CHECK(touched(1060.0));
  snapshot.bodies.front().stood_s = 200.0;
  CHECK_FALSE(touched(1060.0));
  CHECK(touched(1300.0));
}

TEST_CASE("a way with more corners than an order can tell is no way") {
  FloorPlan plan = rectangle_hall(60.0, 8.0);
  const auto baffles = [&](int count) {
    plan.obstacles.clear();
    for (int i = 0; i < count; ++i) {
      const double x = 4.0 + 5.0 * i;
      plan.obstacles.push_back(i % 2 == 0 ? Polygon{{x, -1}, {x + 0.4, -1}, {x + 0.4, 5}, {x, 5}} : Polygon{{x, 3}, {x + 0.4, 3}, {x + 0.4, 9}, {x, 9}});
    }
    const Floor floor(plan);
    return TransitField(floor, {1.0, 4.0}, std::nullopt, crossing_costs(floor, {}, 0.0, 60.0)).way_to({58.0, 4.0});
  };
  const auto few = baffles(4);
  REQUIRE(few);
  CHECK(few->size() < kWayPointsMost);
  CHECK_FALSE(baffles(10));
}

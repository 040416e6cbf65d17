#include "showcontrol/planning/floor.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/planning/hall_floor.h"
#include "tests/planning/random_hall.h"
#include "tracking/venue_file.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

TEST_CASE("walls, columns and keep-clear areas bound where a film may lie") {
  FloorPlan plan = rectangle_hall(10.0, 8.0);
  plan.obstacles.push_back({{4, 3}, {5, 3}, {5, 4}, {4, 4}});
  plan.keep_clear.push_back({"seat", {{8.0, 6.0}}, 2.0, 0.6});
  const Floor floor(plan);
  CHECK(floor.clearance_m({2.0, 2.0}) == Catch::Approx(2.0));
  CHECK(floor.clearance_m({4.5, 3.5}) < 0.0);
  CHECK(floor.clearance_m({-1.0, 2.0}) < 0.0);
  CHECK(floor.free({2.0, 2.0}));
  CHECK_FALSE(floor.free({0.5, 2.0}));
  CHECK_FALSE(floor.free({2.0, 3.5}, {7.0, 3.5}));  // through the column
  CHECK_FALSE(floor.free({8.0, 5.0}));
  CHECK(floor.free({8.0, 5.0}, {{8.0, 6.0}}));       // the way to that seat
  CHECK(floor.free({8.0, 4.5}, {8.0, 5.0}, {{8.0, 4.5}}));
  CHECK_FALSE(floor.free({8.0, 4.5}, {8.0, 5.6}, {{8.0, 4.5}}));  // through the chair
}

TEST_CASE("points along a path and cells near it") {
  const Path path{{0, 0}, {3, 0}, {3, 4}};
  CHECK(path_length_m(path) == Catch::Approx(7.0));
  CHECK(point_along(path, 5.0) == HallPoint{3.0, 2.0});
  CHECK(point_along(path, -1.0) == HallPoint{0.0, 0.0});
  CHECK(point_along(path, 99.0) == HallPoint{3.0, 4.0});
  const Floor floor(rectangle_hall(10.0, 8.0));
  for (const int cell : floor.cells_near({{5.0, 4.0}}, 1.0)) CHECK(tracking::distance(floor.cell_centre(cell), {5.0, 4.0}) <= 1.0);
  CHECK(floor.cell_at(floor.cell_centre(17)) == 17);
}

TEST_CASE("the venue's floor has doors, seats and launching points") {
  const auto venue = tracking::load_venue(std::string(PROMENADE_SOURCE_DIR) + "/venue-configs/wuxi-420/venue.toml");
  REQUIRE(venue);
  const FloorPlan plan = hall_floor(*venue);
  CHECK(plan.separation_m == venue->separation_m);
  CHECK(plan.keep_clear.size() == venue->seats.size() + 3);
  const Path points = launch_points(*venue);
  CHECK(points.size() >= 2);
  for (const HallPoint p : points) CHECK(venue->clearance_m(p) >= venue->wall_margin_m);
}

#include "tracking/wall_grid.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/tracking/sample_hall.h"
#include "tracking/safety.h"

using namespace promenade;
using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using base::hall_time;

namespace {

Venue hall_with_columns() {
  Venue venue = sample_hall();
  for (int i = 0; i < 12; ++i) {
    const double x = 1.5 + 2.2 * i;
    const double y = 2.0 + (i * 5) % 11;
    const double half = 0.2 + 0.1 * (i % 3);
    venue.obstacles.push_back({"column", {{x - half, y - half}, {x + half, y - half}, {x + half, y + half}, {x - half, y + half}}});
  }
  return venue;
}

}  // namespace

TEST_CASE("a grid of walls changes no evaluation") {
  const Venue venue = hall_with_columns();
  const WallGrid grid(venue);
  CHECK(holds("anywhere, also outside, in columns, silent, running", [&] {
    Body self = walker(1, {*within(-3, 31), *within(-3, 18)}, {*within(-3, 3), *within(-3, 3)}, hall_time(10));
    self.heard -= base::from_seconds(*within(0, 3));
    self.error_m = *within(0, 0.4);
    const Evaluation with = evaluate(self, {}, {}, venue, hall_time(10), &grid);
    const Evaluation without = evaluate(self, {}, {}, venue, hall_time(10));
    RC_ASSERT(with.worst() == without.worst());
    RC_ASSERT(with.concerns().size() == without.concerns().size());
  }));
}

TEST_CASE("a grid of walls names the columns near, leaves out those far away, and says where it does not know") {
  const Venue venue = hall_with_columns();
  const WallGrid grid(venue);
  const auto near = grid.near({9.5, 7.0}, 2.0);
  REQUIRE(near);
  CHECK(std::ranges::find(*near, 0U) != near->end());       // the west column of the sample hall
  CHECK(near->size() < venue.obstacles.size());
  CHECK(std::ranges::is_sorted(*near));
  CHECK_FALSE(grid.near({9.5, 7.0}, WallGrid::kReach_m + 0.1));
  CHECK_FALSE(grid.near({-0.1, 7.0}, 2.0));
  CHECK_FALSE(grid.near({28.0, 7.0}, 2.0));
}

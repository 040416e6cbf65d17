#include "showcontrol/planning/placements.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

TEST_CASE("drawn placements lie within the walls of a plain hall") {
  const Floor floor(rectangle_hall(12.0, 9.0));
  package::Route route = straight_route(4, 1.5, 5.0, 5.0);
  PlacementSampler sampler(floor, route, {}, base::Random(3));
  bool mirrored = false;
  for (int i = 0; i < 200; ++i) {
    const auto laid = sampler.draw(1.0);
    REQUIRE(laid);
    CHECK(keeps_margins(floor, route, *laid));
    mirrored = mirrored || laid->placement.mirrored;
  }
  CHECK_FALSE(mirrored);  // the film does not allow it
}

TEST_CASE("no yaw leaves room for a film that is too long") {
  const Floor floor(rectangle_hall(5.0, 5.0));
  const package::Route route = straight_route(4, 3.0, 5.0, 5.0);
  PlacementSampler sampler(floor, route, {}, base::Random(3));
  for (int i = 0; i < 50; ++i) CHECK_FALSE(sampler.draw(1.0));
}

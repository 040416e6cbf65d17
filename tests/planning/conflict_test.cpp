#include "showcontrol/planning/conflict.h"

#include <rapidcheck.h>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::planning;

TEST_CASE("crossing legs conflict until the crossing is past") {
  const Block a = make_block({{0, 0}, {10, 0}}, 5.0, 0.0, 1);
  const Block b = make_block({{5, -5}, {5, 5}}, 5.0, 0.0, 1);
  const auto conflict = block_conflict(a, b, 2.0);
  REQUIRE(conflict);
  CHECK(conflict->clear_a_m == Catch::Approx(7.0).margin(1e-3));
  CHECK(conflict->clear_b_m == Catch::Approx(7.0).margin(1e-3));
  CHECK_FALSE(conflict->to_place_a);
  CHECK_FALSE(conflict->to_place_b);
}

TEST_CASE("a place in the way conflicts to the place") {
  const Block a = make_block({{0, 0}, {10, 0}}, 5.0, 0.0, 1);
  const Block b = make_block({{10, 8}, {10, 1}}, 5.0, 0.0, 1);
  const auto conflict = block_conflict(a, b, 2.0);
  REQUIRE(conflict);
  CHECK(conflict->to_place_a);
  CHECK(conflict->to_place_b);
}

TEST_CASE("exactly the separation apart is apart") {
  const Block a = make_block({{0, 0}}, 5.0, 0.0, 0);
  CHECK_FALSE(block_conflict(a, make_block({{2, 0}}, 5.0, 0.0, 0), 2.0));
  CHECK(block_conflict(a, make_block({{1.99, 0}}, 5.0, 0.0, 0), 2.0));
}

TEST_CASE("beyond the clearing position no point is near") {
  const auto holds = rc::check([](std::uint32_t seed) {
    base::Random random(seed);
    auto point = [&] { return HallPoint{random.uniform(0.0, 8.0), random.uniform(0.0, 8.0)}; };
    const Block a = make_block({point(), point(), point()}, 1.0, 0.0, 0);
    const Block b = make_block({point(), point()}, 1.0, 0.0, 0);
    const auto conflict = block_conflict(a, b, 1.5);
    const double from = conflict ? (conflict->to_place_a ? a.length_m + 1.0 : conflict->clear_a_m + 1e-3) : 0.0;
    for (double at = from; at <= a.length_m; at += 0.05) {
      RC_ASSERT(tracking::distance_to_segment_m(b.path[0], b.path[1], point_along(a.path, at)) >= 1.5 - 1e-3);
    }
    const bool near_end = tracking::distance_to_segment_m(b.path[0], b.path[1], a.place()) < 1.5 - 1e-3;
    if (near_end) RC_ASSERT(conflict.has_value() && conflict->to_place_a);
  });
  CHECK(holds);
}

TEST_CASE("points of groups keep more, seated plays less, and bodies touch within their radius") {
  FloorPlan floor;
  PlayPlan alone;
  PlayPlan group;
  group.offsets = {{-0.7, 0.0}, {0.7, 0.0}};
  CHECK(pair_separation_m(floor, alone, group) == Catch::Approx(2.0));
  CHECK(centre_separation_m(floor, alone, group) == Catch::Approx(2.7));
  alone.seated = group.seated = true;
  CHECK(pair_separation_m(floor, alone, group) == Catch::Approx(1.0));
  const Block block = make_block({{0, 0}, {4, 0}}, 1.0, 0.0, 0);
  CHECK(touches(block, HallPoint{2.0, 1.0}, 1.1));
  CHECK_FALSE(touches(block, HallPoint{2.0, 1.0}, 0.9));
}

TEST_CASE("each member of a group keeps off a body, and off the way along which it is led") {
  Block block = make_block({{0, 0}, {4, 0}}, 1.0, 0.0, 0);
  const BlockingBody led{base::BodyId(1), {-9.0, 2.0}, 1.0, {{-9.0, 2.0}, {9.0, 2.0}}};
  CHECK_FALSE(touches(block, led));
  block.lanes = {{{0, -1.3}, {4, -1.3}}, {{0, 1.3}, {4, 1.3}}};
  fit_to_lanes(block);
  CHECK(touches(block, led));
  CHECK_FALSE(touches(block, {led.id, led.at, led.radius_m, {}}));
  CHECK_FALSE(touches(block, {led.id, led.at, led.radius_m, {{-9.0, 2.4}, {9.0, 2.4}}}));
}

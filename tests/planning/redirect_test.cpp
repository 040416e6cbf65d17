#include "showcontrol/planning/redirect.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;
using Catch::Approx;

namespace {

// Free floor of 8.5 x 0.1 m.
FloorPlan corridor() { return rectangle_hall(10.0, 1.6); }

// All that is said of a bent route, from the points of its walk alone.
void check_bent(const FloorPlan& plan, const package::Route& route, const BentRoute& bent) {
  const Floor floor(plan);
  const std::vector<Path> walk = walk_of(route, bent);
  REQUIRE(walk.size() + 1 == route.scenes.size());
  for (std::size_t i = 0; i < walk.size(); ++i) {
    for (const HallPoint p : walk[i]) CHECK(floor.clearance_m(p) >= plan.wall_margin_m);
    if (i > 0) CHECK(walk[i].front() == walk[i - 1].back());
    const double ratio = package::leg_length_m(route, i) / path_length_m(walk[i]);
    CHECK(ratio >= kGainLeast - 1e-6);
    CHECK(ratio <= kGainMost + 1e-6);
    // Along an arc each piece turns by its length over the radius.
    for (std::size_t k = 2; k < walk[i].size(); ++k) {
      const HallVec one = walk[i][k - 1] - walk[i][k - 2], two = walk[i][k] - walk[i][k - 1];
      CHECK(std::abs(std::atan2(tracking::cross(one, two), tracking::dot(one, two))) <= tracking::length(two) / kRadiusLeast_m + 1e-6);
    }
  }
}

}  // namespace

TEST_CASE("a route that is not bent is walked as it is laid") {
  base::Random random(5);
  for (int i = 0; i < 20; ++i) {
    package::Route route = random_route(random);
    if (route.scenes.size() < 2) continue;
    const tracking::Placement placement{random.uniform(-3.0, 3.0), {random.uniform(0.0, 9.0), 2.0}, 0.0, random.chance(0.5)};
    const std::vector<HallPoint> places = lay(route, placement, 1.0);
    const std::vector<Path> walk = walk_of(route, unbent(route, placement));
    for (std::size_t leg = 0; leg < walk.size(); ++leg) {
      CHECK(tracking::distance(walk[leg].front(), places[leg]) < 1e-9);
      CHECK(tracking::distance(walk[leg].back(), places[leg + 1]) < 1e-9);
      CHECK(path_length_m(walk[leg]) == Approx(package::leg_length_m(route, leg)));
    }
    CHECK(strength_of(unbent(route, placement)) == 0.0);
  }
}

TEST_CASE("gains shorten legs, turns widen corners, arcs lead round") {
  package::Route route = straight_route(2, 11.0, 8.0, 5.0);
  route.scenes.push_back({"corner", {11.0, 3.0}, 0.6, 8.0, 5.0});
  BentRoute bent = unbent(route, {});
  bent.legs[1].gain = 1.2;
  bent.turns[1] = 1.2;
  std::vector<Path> walk = walk_of(route, bent);
  CHECK(path_length_m(walk[1]) == Approx(2.5));
  HallVec way = walk[1].back() - walk[1].front();
  CHECK(std::atan2(way.y, way.x) == Approx(1.2 * std::numbers::pi / 2.0));
  CHECK(strength_of(bent) == Approx(0.2 / 0.26));
  bent = unbent(route, {});
  bent.legs[0].curve_per_m = 1.0 / kRadiusLeast_m;
  walk = walk_of(route, bent);
  CHECK(path_length_m(walk[0]) == Approx(11.0));
  // Half a radian of a circle of 22 m: 22 sin 0.5 along, 22 (1 - cos 0.5) to the left.
  CHECK(walk[0].back().x == Approx(22.0 * std::sin(0.5)).epsilon(0.001));
  CHECK(walk[0].back().y == Approx(22.0 * (1.0 - std::cos(0.5))).epsilon(0.001));
  way = walk[1].back() - walk[1].front();
  CHECK(std::atan2(way.y, way.x) == Approx(std::numbers::pi / 2.0 + 0.5));
  CHECK(strength_of(bent) == Approx(1.0));
}

TEST_CASE("a straight film goes into a shorter corridor by the least gain that makes it, and no shorter one") {
  const Floor floor(corridor());
  const package::Route route = straight_route(2, 9.5, 8.0, 5.0);
  const Redirection found = redirect(floor, route, base::Random(1));
  CHECK(found.as_made.overhang_m > 0.4);
  REQUIRE(found.strength);
  CHECK(*found.strength >= (9.5 / 8.5006 - 1.0) / 0.26);
  CHECK(*found.strength <= 0.55);
  CHECK(*found.strength == strength_of(found.bent.bent));
  CHECK(std::abs(found.bent.bent.legs[0].curve_per_m) < 0.5 / kRadiusLeast_m);  // an arc gains nothing here
  check_bent(floor.plan(), route, found.bent.bent);

  const Redirection none = redirect(floor, straight_route(2, 12.0, 8.0, 5.0), base::Random(1));
  CHECK_FALSE(none.strength);
  CHECK(none.bent.overhang_m > 0.4);  // 12 / 1.26 is 9.52
  CHECK(none.bent.overhang_m < none.as_made.overhang_m);
}

TEST_CASE("a film that needs its corners turned wider is bent within the thresholds, and what need not be is not") {
  // A square spiral, a little too large for the hall.
  package::Route route;
  const package::FilmPoint places[] = {{0, 0}, {5.2, 0}, {5.2, 5.2}, {0, 5.2}, {0, 1.7}, {3.5, 1.7}, {3.5, 3.5}};
  for (const package::FilmPoint& at : places) route.scenes.push_back({"scene", at, 0.6, 8.0, 5.0});
  const FloorPlan plan = rectangle_hall(6.5, 6.5);
  const Redirection found = redirect(Floor(plan), route, base::Random(2));
  CHECK(found.as_made.overhang_m > 0.0);
  REQUIRE(found.strength);
  CHECK(*found.strength > 0.0);
  CHECK(*found.strength < 0.6);  // a gain of 5.2 / 4.98 everywhere takes 0.17
  check_bent(plan, route, found.bent.bent);
  const Redirection again = redirect(Floor(plan), route, base::Random(2));
  CHECK(again.strength == found.strength);

  const Redirection easy = redirect(Floor(rectangle_hall(20.0, 20.0)), route, base::Random(2));
  CHECK(easy.strength == 0.0);
  CHECK(easy.as_made.overhang_m == 0.0);
}

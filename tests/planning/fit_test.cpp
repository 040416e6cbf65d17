#include "showcontrol/planning/fit.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

TEST_CASE("a straight film fits, takes trains and is drawn") {
  const FloorPlan floor = rectangle_hall(14.0, 10.0);
  const FitReport report = fit_film(floor, straight_route(4, 2.5, 8.0, 5.0), {}, "film.prom", 1);
  CHECK(report.fits);
  CHECK(report.scale == 1.0);
  CHECK(report.clearance_best_m >= floor.wall_margin_m);
  REQUIRE(report.headway_s);
  CHECK(*report.headway_s < 30.0);
  CHECK(report.at_once > 2.0);
  CHECK_FALSE(base::has_errors(report.findings));
  CHECK(fit_svg(floor, report, "A < B").contains("A &lt; B"));
}

TEST_CASE("a film that is too large is told by how much") {
  package::Route route = straight_route(4, 3.0, 8.0, 5.0);
  const FitReport report = fit_film(rectangle_hall(8.0, 6.0), route, {}, "film.prom", 1);
  CHECK_FALSE(report.fits);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings.front().code == "film-too-large");
  route.scale_min = 0.5;
  const FitReport scaled = fit_film(rectangle_hall(8.0, 6.0), route, {}, "film.prom", 1);
  CHECK(scaled.fits);
  CHECK(scaled.scale < 1.0);
  CHECK(scaled.findings.front().code == "film-scaled");
}

TEST_CASE("a way that comes back upon itself takes no trains, and the author hears of it") {
  package::Route route = straight_route(3, 1.5, 8.0, 5.0);
  route.scenes.push_back({"back", {0.0, 0.0}, 0.6, 8.0, 5.0});
  const FitReport report = fit_film(rectangle_hall(10.0, 8.0), route, {}, "film.prom", 1);
  CHECK_FALSE(report.headway_s);
  REQUIRE_FALSE(report.findings.empty());
  CHECK(report.findings.back().code == "film-without-trains");
}

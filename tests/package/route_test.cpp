#include "content-tools/package/route.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "tests/package/films.h"

using namespace promenade;
using namespace promenade::package;
using namespace promenade::package::testing;

TEST_CASE("legs and length of a route") {
  const Route route = *walking_film().route;
  CHECK(leg_length_m(route, 0) == Catch::Approx(1.4));
  CHECK(nominal_length_s(route) == Catch::Approx(18.0));
  CHECK(check_route(route, "f", "route").empty());
}

TEST_CASE("each mistake in a route has its code and key") {
  const auto findings_of = [](auto change) {
    Route route = *walking_film().route;
    change(route);
    return check_route(route, "f", "route");
  };
  CHECK(has_code(findings_of([](Route& r) { r.scenes.clear(); }), "route-empty", "route.scenes"));
  CHECK(has_code(findings_of([](Route& r) { r.scenes[1].name = "first"; }), "name-twice", "route.scenes[1].name"));
  CHECK(has_code(findings_of([](Route& r) { r.scenes[0].name.clear(); }), "name-empty", "route.scenes[0].name"));
  CHECK(has_code(findings_of([](Route& r) { r.scenes[0].at.x_m = std::numeric_limits<double>::quiet_NaN(); }),
                 "out-of-range", "route.scenes[0].at_m[0]"));
  CHECK(has_code(findings_of([](Route& r) { r.scenes[1].dwell_s = -1; }), "out-of-range", "route.scenes[1].dwell_s"));
  CHECK(has_code(findings_of([](Route& r) { r.walk_speed_mps = 1.6; }), "out-of-range", "route.walk_speed_mps"));
  CHECK(has_code(findings_of([](Route& r) { r.hold_total_max_s = 10; }), "hold-above-total", "route.hold_total_max_s"));
  CHECK(has_code(findings_of([](Route& r) { r.scale_min = 1.1; }), "out-of-range", "route.scale_min"));
  CHECK(has_code(findings_of([](Route& r) { r.scale_max = 0.9; }), "out-of-range", "route.scale_max"));
  CHECK(has_code(findings_of([](Route& r) { r.group_max = 0; }), "out-of-range", "route.group_max"));
  CHECK(has_code(findings_of([](Route& r) { r.headway_min_s = -1; }), "out-of-range", "route.headway_min_s"));
}

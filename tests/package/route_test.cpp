#include "content-tools/package/route.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <string>

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

namespace {

using Followers = std::vector<Next>;

// A fork, its two ways of one and two scenes, and the scene in which both end.
Route forked_route() {
  Route route = *walking_film().route;
  route.scenes = {scene("fork", 0.0, 0.0), scene("mill", 0.0, 1.4), scene("chapel", 2.1, 0.0), scene("tower", 2.1, 1.4), scene("square", 0.0, 2.8)};
  route.scenes[0].next = Followers{{1, {{"zh", "磨坊"}, {"en", "The mill"}}}, {2, {{"zh", "教堂"}, {"en", "The chapel"}}}};
  route.scenes[0].choose_s = 5.0;
  route.scenes[1].next = Followers{Next{4}};
  return route;
}

using Scenes = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("a route that is a graph has the routes that lead through it, the default first") {
  const Route route = forked_route();
  CHECK(check_route(route, "f", "route").empty());
  CHECK(has_choices(route));
  CHECK(default_scenes(route) == Scenes{0, 1, 4});
  CHECK(complete_routes(route) == std::vector<Scenes>{{0, 1, 4}, {0, 2, 3, 4}});
  CHECK(leg_length_m(route, 0) == Catch::Approx(1.4));
  CHECK(leg_length_m(route, 0, 2) == Catch::Approx(2.1));
  CHECK(leg_after_s(route, 0) == Catch::Approx(3.0));
  CHECK(leg_after_s(route, 4) == 0.0);
  CHECK(nominal_length_s(route) == Catch::Approx(3 * 8.0 + 2.8 / 0.7));
  const Route other = along(route, {0, 2, 3, 4});
  CHECK_FALSE(has_choices(other));
  CHECK(nominal_length_s(other) == Catch::Approx(4 * 8.0 + (2.1 + 1.4 + std::hypot(2.1, 1.4)) / 0.7));

  CHECK(scenes_by(route, {}) == Scenes{0, 1, 4});
  CHECK(scenes_by(route, {1}) == Scenes{0, 2, 3, 4});
  CHECK(scenes_by(route, {2, 1}) == Scenes{0, 1, 4});

  const Route list = *walking_film().route;
  CHECK_FALSE(has_choices(list));
  CHECK(complete_routes(list) == std::vector<Scenes>{{0, 1}});
  CHECK(along(list, {0, 1}) == list);
}

TEST_CASE("each mistake in a graph has its code and key") {
  const auto findings_of = [](auto change) {
    Route route = forked_route();
    change(route);
    return check_route(route, "f", "route");
  };
  CHECK(has_code(findings_of([](Route& r) { (*r.scenes[1].next)[0].scene = 0; }), "route-leads-back", "route.scenes[1].next[0].scene"));
  CHECK(has_code(findings_of([](Route& r) { (*r.scenes[1].next)[0].scene = 1; }), "route-leads-back", "route.scenes[1].next[0].scene"));
  CHECK(has_code(findings_of([](Route& r) { (*r.scenes[1].next)[0].scene = 5; }), "scene-unknown", "route.scenes[1].next[0].scene"));
  CHECK(has_code(findings_of([](Route& r) { (*r.scenes[0].next)[1].scene = 1; }), "name-twice", "route.scenes[0].next[1].scene"));
  CHECK(has_code(findings_of([](Route& r) { r.scenes[0].next->pop_back(), r.scenes[0].choose_s = 0.0; }), "scene-unreached", "route.scenes[2]"));
  CHECK(has_code(findings_of([](Route& r) { r.scenes[0].next->pop_back(); }), "choice-missing", "route.scenes[0].choose_s"));
  CHECK(has_code(findings_of([](Route& r) { r.scenes[0].choose_s = 2.0; }), "out-of-range", "route.scenes[0].choose_s"));
  CHECK(has_code(findings_of([](Route& r) { r.scenes[0].choose_s = 8.5; }), "out-of-range", "route.scenes[0].choose_s"));
  CHECK(has_code(findings_of([](Route& r) { r.scenes[0].next = Followers{Next{1}, Next{2}, Next{3}, Next{4}}; }), "choice-too-wide", "route.scenes[0].next"));
  CHECK(findings_of([](Route& r) { r.scenes[1].next.emplace(); }).empty());  // a branch that ends by itself
}

TEST_CASE("choices and routes are limited") {
  Route route = *walking_film().route;
  route.scenes.clear();
  // Each fork leads to either of two scenes, which lead to the next fork.
  const auto forks = [&](std::uint32_t count, std::uint32_t ways) {
    route.scenes.clear();
    for (std::uint32_t fork = 0; fork < count; ++fork) {
      const auto at = static_cast<std::uint32_t>(route.scenes.size());
      route.scenes.push_back(scene("fork" + std::to_string(fork), 0.0, 3.0 * fork));
      route.scenes.back().choose_s = 4.0;
      route.scenes.back().next.emplace();
      for (std::uint32_t way = 0; way < ways; ++way) {
        route.scenes[at].next->push_back(Next{at + 1 + way});
        route.scenes.push_back(scene("way" + std::to_string(fork) + std::to_string(way), 1.0 * way, 3.0 * fork + 1.0));
        route.scenes.back().next = Followers{Next{at + 1 + ways}};
      }
    }
    route.scenes.push_back(scene("end", 0.0, 3.0 * count));
    return check_route(route, "f", "route");
  };
  CHECK(forks(4, 2).empty());
  CHECK(complete_routes(route).size() == kRoutesMost);
  CHECK(has_code(forks(5, 2), "route-too-branched", "route.scenes"));
  CHECK(has_code(forks(3, 3), "route-too-branched", "route.scenes"));
  CHECK(forks(2, 3).empty());
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

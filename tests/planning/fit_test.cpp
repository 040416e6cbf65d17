#include "showcontrol/planning/fit.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numbers>

#include "showcontrol/planning/fit_sheet.h"
#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;
using Catch::Approx;

namespace {

FitReport fitted(const FloorPlan& floor, const package::Route& route, std::vector<DemandFilm> others = {}) {
  return fit_film(floor, {base::FilmId("001199992026"), route, 1.0}, {}, "film.prom", {1, 0.5, std::move(others)});
}

double share_of(const std::vector<PartTrouble>& trouble, std::size_t scene, bool leg = false) {
  const auto found = std::ranges::find_if(trouble, [&](const PartTrouble& part) { return part.scene == scene && part.leg == leg; });
  REQUIRE(found != trouble.end());
  return found->share;
}

bool has_code(const base::Findings& findings, const std::string& code) {
  return std::ranges::any_of(findings, [&](const base::Finding& one) { return one.code == code; });
}

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

}  // namespace

TEST_CASE("a straight film fits, takes trains and is drawn") {
  const FloorPlan floor = rectangle_hall(14.0, 10.0);
  const package::Route route = straight_route(4, 2.5, 8.0, 5.0);
  const FitReport report = fitted(floor, route);
  CHECK(report.fits);
  CHECK(report.scale == 1.0);
  CHECK(report.clearance_best_m >= floor.wall_margin_m);
  REQUIRE(report.headway_s);
  CHECK(*report.headway_s < 30.0);
  CHECK(report.alone.at_once > 2.0);
  CHECK(report.by_gain.empty());
  CHECK_FALSE(report.redirection);
  CHECK_FALSE(base::has_errors(report.findings));
  const auto svg = fit_svg(floor, route, report, {"直路", "A < B", "hall-1"});
  const auto png = fit_png(floor, route, report, {"直路", "A < B", "hall-1"});
  REQUIRE(svg);
  REQUIRE(png);
  CHECK(svg->contains("<svg"));
  REQUIRE(png->starts_with("\x89PNG"));
  CHECK(big_endian(*png, 16) == 2800);
  CHECK(svg == fit_svg(floor, route, fitted(floor, route), {"直路", "A < B", "hall-1"}));
}

TEST_CASE("a film that is too large is told by how much") {
  package::Route route = straight_route(4, 3.0, 8.0, 5.0);
  const FitReport report = fitted(rectangle_hall(8.0, 6.0), route);
  CHECK_FALSE(report.fits);
  REQUIRE_FALSE(report.findings.empty());
  CHECK(report.findings.front().code == "film-too-large");
  REQUIRE(report.redirection);
  // Its 9 m against the free diagonal, 7.9 m: with at least half of the difference over at either end. Walls are met askew.
  CHECK(report.redirection->as_made.overhang_m > 0.1);
  CHECK(report.redirection->as_made.overhang_m < 1.1);
  CHECK(fit_svg(rectangle_hall(8.0, 6.0), route, report, {"", "Long", "hall-1"}));
  route.scale_min = 0.5;
  const FitReport scaled = fitted(rectangle_hall(8.0, 6.0), route);
  CHECK(scaled.fits);
  CHECK(scaled.scale < 1.0);
  CHECK(scaled.findings.front().code == "film-scaled");
  CHECK(scaled.redirection);
}

TEST_CASE("a way that comes back upon itself takes no trains, and the author hears where") {
  package::Route route = straight_route(3, 1.5, 8.0, 5.0);
  route.scenes.push_back({"back", {0.0, 0.0}, 0.6, 8.0, 5.0});
  const FitReport report = fitted(rectangle_hall(10.0, 8.0), route);
  CHECK_FALSE(report.headway_s);
  CHECK(report.comes_back == std::pair<std::size_t, std::size_t>{0, 3});
  REQUIRE_FALSE(report.findings.empty());
  CHECK(report.findings.back().code == "film-without-trains");
  CHECK(report.findings.back().message.contains("scene 4 (back)"));
}

TEST_CASE("a scene too small for the groups that the author allows is named, and so is a hall") {
  package::Route route = straight_route(3, 2.5, 8.0, 5.0);
  route.group_max = 6;
  route.scenes[1].group_radius_m = 0.75;
  const FitReport small = fitted(rectangle_hall(14.0, 10.0), route);
  CHECK(small.group_room == 2);
  CHECK(small.group_fitting > 0);
  const auto found = std::ranges::find(small.findings, "scene-small-for-group", &base::Finding::code);
  REQUIRE(found != small.findings.end());
  CHECK(found->key == "route.scenes[1].group_radius_m");
  CHECK(found->expected.contains("1.40 m"));
  route.scenes[1].group_radius_m = 1.4;
  CHECK_FALSE(has_code(fitted(rectangle_hall(14.0, 10.0), route).findings, "scene-small-for-group"));
  const FitReport narrow = fitted(rectangle_hall(10.0, 3.5), route);
  CHECK(narrow.fits);
  CHECK(narrow.group_room == 6);
  CHECK(has_code(narrow.findings, "hall-small-for-group"));
}

TEST_CASE("the one scene that lies too far off is the trouble, and is named") {
  package::Route route = straight_route(3, 1.0, 8.0, 5.0);
  route.scenes.push_back({"far_off", {14.0, 0.0}, 0.6, 8.0, 5.0});
  const FitReport report = fitted(rectangle_hall(8.0, 8.0), route);
  CHECK_FALSE(report.fits);
  CHECK(share_of(report.trouble, 3) == 1.0);
  for (const PartTrouble& part : report.trouble) {
    if (part.scene != 3) CHECK(part.share == 0.0);
  }
  REQUIRE(has_code(report.findings, "scene-in-the-way"));
  CHECK(report.findings.back().message.contains("Scene 4 (far off)"));
  CHECK(report.findings.back().key == "route.scenes[3]");
}

TEST_CASE("the share that a scene spoils is that of the formula, where there is one") {
  // Two scenes L apart in a free rectangle w x d. Turned by a, both lie in it on (w - L |cos a|)(d - L |sin a|) of shifts,
  // the second alone on w d; the mean over all turns is w d - 2 L (w + d) / pi + L^2 / pi.
  constexpr double w = 6.0, d = 4.0, length = 2.0;
  const FloorPlan plan = rectangle_hall(w + 1.5, d + 1.5);
  const Floor floor(plan);
  const double both = w * d - 2.0 * length * (w + d) / std::numbers::pi + length * length / std::numbers::pi;
  const auto trouble = find_trouble(floor, straight_route(2, length, 8.0, 5.0), 1.0, 100'000, base::Random(3));
  REQUIRE(trouble.size() == 3);
  CHECK(share_of(trouble, 0) == Approx(1.0 - both / (w * d)).margin(0.01));
  CHECK(share_of(trouble, 1) == Approx(1.0 - both / (w * d)).margin(0.01));
  CHECK(share_of(trouble, 0, true) == 0.0);  // between two points that keep the walls of a rectangle everything does
}

TEST_CASE("a leg is the trouble where a column stands between its scenes") {
  FloorPlan plan = rectangle_hall(8.0, 8.0);
  plan.obstacles.push_back({{3.9, 3.9}, {4.1, 3.9}, {4.1, 4.1}, {3.9, 4.1}});
  const package::Route route = straight_route(2, 4.0, 8.0, 5.0);
  const auto trouble = find_trouble(Floor(plan), route, 1.0, 20'000, base::Random(3));
  CHECK(share_of(trouble, 0, true) > 0.2);
  const LaidRoute across{{0.0, {2.0, 4.0}, 0.0, false}, 1.0};
  const auto broken = broken_parts(Floor(plan), route, across);
  REQUIRE(broken.size() == 1);
  CHECK(broken.front() == PartTrouble{0, true, 1.0});
}

TEST_CASE("among other films each is wished for as often, and what has no place is passed over") {
  const FloorPlan floor = rectangle_hall(14.0, 10.0);
  const Planner planner(floor);
  const std::vector<DemandFilm> films{{base::FilmId("one"), straight_route(3, 1.5, 8.0, 5.0), 1.0}, {base::FilmId("two"), straight_route(4, 1.5, 8.0, 5.0), 1.0},
                                      {base::FilmId("large"), straight_route(3, 20.0, 8.0, 5.0), 1.0}};
  DemandSetting setting;
  setting.hours = 1.0;
  const CarriedByFilm found = carried(planner, {}, films, setting);
  REQUIRE(found.films.size() == 3);
  CHECK(found.films[2].viewers_per_hour == 0.0);
  CHECK(found.films[0].viewers_per_hour > 20.0);
  CHECK(found.films[0].viewers_per_hour == Approx(found.films[1].viewers_per_hour).epsilon(0.25));
  CHECK(found.all.viewers_per_hour == Approx(found.films[0].viewers_per_hour + found.films[1].viewers_per_hour));
  CHECK(found.all.at_once == Approx(found.films[0].at_once + found.films[1].at_once));
  // Little's law: how many there are is how many come times how long they stay, holds included.
  const double least_s = package::nominal_length_s(films[0].route), most_s = package::nominal_length_s(films[1].route) + films[1].route.hold_total_max_s;
  CHECK(found.all.at_once >= 0.95 * found.all.viewers_per_hour * least_s / 3600.0);
  CHECK(found.all.at_once <= 1.05 * found.all.viewers_per_hour * most_s / 3600.0);
  CHECK(carried(planner, {}, films, setting).all.at_once == found.all.at_once);

  const FitReport report = fitted(floor, straight_route(3, 1.5, 8.0, 5.0), {films[1]});
  REQUIRE(report.among);
  CHECK(report.among->films == 2);
  CHECK(report.among->film.at_once < report.alone.at_once);
  CHECK(report.among->film.at_once < report.among->all.at_once);
  CHECK(report.among->without.at_once > 0.0);
}

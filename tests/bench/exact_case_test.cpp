// Exact questions of which the answer is known: a hall as narrow as a line.
#include "tests/bench/exact_case.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "tests/bench/plan_candidates.h"
#include "tests/bench/random_case.h"

using namespace promenade;
using namespace promenade::bench;

namespace {

// Planned points have 5 m by 0.1 m. Eight viewers, one film of one scene.
PlanningCase line_hall(double dwell_s) {
  PlanningCase line;
  line.name = "line";
  line.floor.boundary = {{0.0, 0.0}, {6.5, 0.0}, {6.5, 1.6}, {0.0, 1.6}};
  line.floor.wall_margin_m = 0.75;
  line.floor.separation_m = 2.0;
  line.floor.tolerance_s = 1.0;
  CaseFilm film;
  film.id = base::FilmId("stand");
  film.route.walk_speed_mps = 0.6;
  film.route.scenes = {{"stand", {0.0, 0.0}, 0.6, dwell_s, 0.0}};
  line.films = {film};
  line.wishes.assign(8, 0);
  line.pool = 8;
  return line;
}

}  // namespace

TEST_CASE("on five metres three stand two metres apart, and never four") {
  const std::uint64_t seed = GENERATE(1, 2, 3);
  CAPTURE(seed);
  const ExactFigures figures = exact_figures(line_hall(600.0), 60, {}, seed);
  CHECK(figures.best.chosen.size() == 3);
  CHECK(figures.best.at_most == 3);
  CHECK(figures.best.cost == Catch::Approx(0.0).margin(1.0));
  for (const Online who : {Online::planner, Online::as_hall, Online::greedy}) {
    CHECK(figures.of(who).served >= 1);
    CHECK(figures.of(who).served <= 3);
    CHECK(figures.ratio(who) == Catch::Approx(static_cast<double>(figures.of(who).served) / 3.0));
  }
}

TEST_CASE("who plays for half a minute leaves the floor to others, and all eight go") {
  const ExactFigures figures = exact_figures(line_hall(30.0), 60, {}, 1);
  CHECK(figures.best.chosen.size() == 8);
  CHECK(figures.best.largest());
  // Three at once, three after 31 s and two after 62 s.
  CHECK(figures.best.cost >= 3 * 31.0 + 2 * 62.0 - 0.1);
  CHECK(figures.best.cost_at_least <= figures.best.cost);
}

TEST_CASE("nobody does better than the exact answer, and the seed decides") {
  const PlanningCase drawn = small_case(3);
  const ExactFigures once = exact_figures(drawn, 12, {}, 3);
  const ExactFigures again = exact_figures(drawn, 12, {}, 3);
  CHECK(once.best.chosen == again.best.chosen);
  CHECK(once.best.cost == again.best.cost);
  CHECK(once.candidates == again.candidates);
  for (const Online who : {Online::planner, Online::as_hall, Online::greedy}) {
    CHECK(once.of(who).served == again.of(who).served);
    CHECK(once.of(who).served <= once.best.chosen.size());
    if (once.of(who).served == once.best.chosen.size()) CHECK(once.of(who).waits_s >= once.best.cost - 1e-6);
  }
}

TEST_CASE("the packing bound counts what is known") {
  // Exact for a triangle of the triangular lattice: three corners and the middles between them.
  const double d = 2.0;
  const double rise = d * std::sqrt(3.0) / 2.0;
  const planning::Polygon lattice_triangle{{0.0, 0.0}, {2.0 * d, 0.0}, {d, 2.0 * rise}};
  CHECK(packing_bound(lattice_triangle, d) == Catch::Approx(6.0));
  // A corner that is missing does not count: the hull of the L is the square without a triangle.
  const planning::Polygon l_hall{{0.0, 0.0}, {4.0, 0.0}, {4.0, 2.0}, {2.0, 2.0}, {2.0, 4.0}, {0.0, 4.0}};
  const double area_m2 = 14.0, perimeter_m = 12.0 + 2.0 * std::sqrt(2.0);
  CHECK(packing_bound(l_hall, 1.0) == Catch::Approx(2.0 / std::sqrt(3.0) * area_m2 + perimeter_m / 2.0 + 1.0));
}

// Demand in halls and film sets drawn from a seed: what the planner and the plain greedy one make of them is valid.
#include "tests/bench/random_case.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "tests/bench/branch_case.h"
#include "tests/bench/online_demand.h"
#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::bench;
using namespace promenade::planning::testing;

namespace {

std::optional<std::string> breach_in(const PlanningCase& drawn, const DemandResult& result) {
  for (std::size_t i = 0; i < result.plays.size(); ++i) {
    const Served& one = result.plays[i];
    if (one.plan.start_s() < one.planned_s) return "starts before it was planned";
    for (const planning::PlayPlan& way : every_way(one.plan)) {
      if (auto breach = breach_of(drawn.floor, way)) return breach;
      for (std::size_t k = 0; k < i; ++k) {
        for (const planning::PlayPlan& other : every_way(result.plays[k].plan)) {
          if (auto breach = meeting(drawn.floor, way, other, drawn.floor.tolerance_s)) return breach;
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a drawn case is the same for its seed, of the size it says, and every film is a film") {
  const std::uint64_t seed = GENERATE(range(1, 41));
  CAPTURE(seed);
  const PlanningCase drawn = random_case(seed, 1.0);
  const PlanningCase again = random_case(seed, 1.0);
  CHECK(drawn.floor.boundary == again.floor.boundary);
  CHECK(drawn.wishes == again.wishes);
  const double area_m2 = std::abs(tracking::signed_area_m2(drawn.floor.boundary));
  CHECK(area_m2 > 199.9);
  CHECK(area_m2 < 1000.1);
  CHECK(drawn.floor.separation_m >= 1.5);
  CHECK(drawn.floor.separation_m <= 2.0);
  CHECK(drawn.films.size() >= 3);
  CHECK(drawn.films.size() <= 12);
  for (const CaseFilm& film : drawn.films) {
    CHECK_FALSE(base::has_errors(package::check_route(film.route, film.id.value(), "route")));
    CHECK(package::nominal_length_s(film.route) > 400.0);
  }
}

TEST_CASE("plans for drawn cases are valid: of the planner with all its means, and of the plain greedy one") {
  const std::uint64_t seed = GENERATE(range(1, 5));
  const bool greedy = GENERATE(false, true);
  CAPTURE(seed, greedy);
  const PlanningCase drawn = random_case(seed, 0.15);
  DemandOptions options;
  options.hours = drawn.hours;
  options.rule = planning::ConflictRule::points_in_time;
  options.budget = {200, 16, 4, 24, 60, 2};
  options.greedy = greedy;
  const DemandResult result = run_demand(drawn, options);
  CHECK(result.plays.size() >= 3);
  const auto breach = breach_in(drawn, result);
  INFO(breach.value_or(""));
  CHECK_FALSE(breach.has_value());
}

TEST_CASE("films with choices: as long as before, and whatever is chosen the plans are valid") {
  const std::uint64_t seed = GENERATE(range(1, 5));
  CAPTURE(seed);
  const PlanningCase plain = random_case(seed, 0.15);
  const PlanningCase drawn = with_choices(plain, 0.7, seed);
  std::size_t divided = 0;
  for (std::size_t i = 0; i < drawn.films.size(); ++i) {
    const package::Route& route = drawn.films[i].route;
    CHECK_FALSE(base::has_errors(package::check_route(route, "film", "route")));
    CHECK(std::abs(package::nominal_length_s(route) - package::nominal_length_s(plain.films[i].route)) < 0.01);
    divided += package::has_choices(route) ? 1 : 0;
  }
  CHECK(divided > 0);
  CHECK_FALSE(package::has_choices(without_choices(drawn).films.front().route));
  DemandOptions options;
  options.hours = drawn.hours;
  options.rule = planning::ConflictRule::points_in_time;
  options.budget = {200, 16, 4, 24, 60, 2};
  const DemandResult result = run_demand(drawn, options);
  CHECK(result.plays.size() >= 3);
  CHECK(result.ways_open <= result.ways);
  const auto breach = breach_in(drawn, result);
  INFO(breach.value_or(""));
  CHECK_FALSE(breach.has_value());
}

// Candidates for an exact answer and their conflicts, against a checker that knows nothing of the planner's workings.
#include "tests/bench/plan_candidates.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "tests/bench/random_case.h"
#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::bench;
using namespace promenade::planning::testing;

namespace {
constexpr double kHorizon_s = 120.0;
constexpr std::size_t kEach = 6;
}  // namespace

TEST_CASE("a small case is the same for its seed and of the size it says") {
  const std::uint64_t seed = GENERATE(range(1, 41));
  CAPTURE(seed);
  const PlanningCase drawn = small_case(seed);
  CHECK(drawn.floor.boundary == small_case(seed).floor.boundary);
  const double area_m2 = std::abs(tracking::signed_area_m2(drawn.floor.boundary));
  CHECK(area_m2 > 59.9);
  CHECK(area_m2 < 150.1);
  CHECK(drawn.films.size() >= 2);
  CHECK(drawn.films.size() <= 3);
  CHECK(drawn.wishes.size() == 8);
  CHECK(drawn.pool == 8);
  for (const CaseFilm& film : drawn.films) CHECK_FALSE(base::has_errors(package::check_route(film.route, film.id.value(), "route")));
}

TEST_CASE("every candidate is valid by itself and enters by the horizon; nobody has more than were asked for") {
  const std::uint64_t seed = GENERATE(range(1, 9));
  CAPTURE(seed);
  const PlanningCase drawn = small_case(seed);
  const std::vector<Candidate> candidates = draw_candidates(drawn, kHorizon_s, kEach, {}, seed).candidates;
  CHECK(candidates.size() >= 2 * kEach);
  std::vector<std::size_t> counts(drawn.wishes.size(), 0);
  for (const Candidate& one : candidates) {
    ++counts.at(one.viewer);
    CHECK(one.plan.film == drawn.films[drawn.wishes[one.viewer]].id);
    CHECK(one.plan.enter_s.front() >= 0.0);
    CHECK(one.plan.enter_s.front() <= kHorizon_s + 1e-6);
    const auto breach = breach_of(drawn.floor, one.plan);
    INFO(breach.value_or(""));
    CHECK_FALSE(breach.has_value());
  }
  for (const std::size_t count : counts) CHECK(count <= kEach);
}

TEST_CASE("candidates that go together never meet, and those that do not nearly do") {
  const std::uint64_t seed = GENERATE(range(1, 5));
  CAPTURE(seed);
  const PlanningCase drawn = small_case(seed);
  const std::vector<Candidate> candidates = draw_candidates(drawn, kHorizon_s, kEach, {}, seed).candidates;
  const ConflictGraph graph = conflict_graph(drawn.floor, candidates);
  planning::FloorPlan wider = drawn.floor;  // points are looked at every 0.25 s, in which two come 0.3 m nearer
  wider.separation_m += 0.3;
  std::size_t apart = 0, met = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      CHECK(graph.conflict(i, k) == graph.conflict(k, i));
      if (candidates[i].viewer == candidates[k].viewer) {
        CHECK(graph.conflict(i, k));
      } else if (graph.conflict(i, k)) {
        ++met;
        CHECK(meeting(wider, candidates[i].plan, candidates[k].plan, drawn.floor.tolerance_s + 0.25).has_value());
      } else {
        ++apart;
        const auto breach = meeting(drawn.floor, candidates[i].plan, candidates[k].plan, drawn.floor.tolerance_s - 0.001);
        INFO(breach.value_or(""));
        CHECK_FALSE(breach.has_value());
      }
    }
  }
  CHECK(apart > 0);
  CHECK(met > 0);
}

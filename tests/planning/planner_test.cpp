#include "showcontrol/planning/planner.h"

#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

namespace {

PlanRequest request_of(const package::Route& route, std::uint64_t play = 1) {
  PlanRequest request;
  request.play = base::PlayId(play);
  request.film = base::FilmId("film");
  request.route = route;
  return request;
}

}  // namespace

TEST_CASE("plans of random crowds in random halls are valid") {
  const auto holds = rc::check([](std::uint32_t seed) {
    base::Random random(seed);
    const FloorPlan floor = random_hall(random);
    Interlocking interlocking(floor);
    const Crowd crowd = plan_crowd(Planner(floor), interlocking, 6, random);
    if (crowd.breach) RC_LOG(*crowd.breach);
    RC_ASSERT(!crowd.breach.has_value());
    RC_ASSERT(!first_meeting(floor, interlocking.projected(0.0)).has_value());
  });
  CHECK(holds);
}

TEST_CASE("plans with ways in and out are valid") {
  const auto holds = rc::check([](std::uint32_t seed) {
    base::Random random(seed);
    FloorPlan floor = random_hall(random);
    const HallPoint from{1.0, floor.boundary[2].y / 2.0};
    const HallPoint to{floor.boundary[2].x - 1.0, floor.boundary[2].y / 2.0};
    Interlocking interlocking(floor);
    const Crowd crowd = plan_crowd(Planner(floor), interlocking, 5, random, from, to);
    for (const PlayPlan& play : crowd.plays) {
      RC_ASSERT(play.blocks.front().lane(0).front() == from);
      RC_ASSERT(play.blocks.back().place() == to);
    }
    if (crowd.breach) RC_LOG(*crowd.breach);
    RC_ASSERT(!crowd.breach.has_value());
    RC_ASSERT(!first_meeting(floor, interlocking.projected(0.0)).has_value());
  });
  CHECK(holds);
}

TEST_CASE("points in time are kept apart by their own rule") {
  const auto holds = rc::check([](std::uint32_t seed) {
    base::Random random(seed);
    const FloorPlan floor = random_hall(random);
    const Planner planner(floor, ConflictRule::points_in_time);
    Snapshot snapshot;
    std::optional<std::string> breach;
    for (std::uint64_t i = 1; i <= 6; ++i) {
      PlanRequest request = request_of(random_route(random), i);
      request.wait_max_s = 60.0;
      const PlanAnswer answer = planner.plan(request, snapshot, WorkBudget{100, 10, 3}, random());
      if (!answer.plan) continue;
      if (!breach) breach = breach_of(floor, *answer.plan);
      for (const ProjectedPlay& other : snapshot.plays) {
        if (!breach) breach = meeting(floor, *answer.plan, other.plan, floor.tolerance_s);
      }
      snapshot.plays.push_back({*answer.plan, 0, 0.0, 0.0});
    }
    if (breach) RC_LOG(*breach);
    RC_ASSERT(!breach.has_value());
  });
  CHECK(holds);
}

TEST_CASE("the same seed gives the same plan") {
  const FloorPlan floor = rectangle_hall(14.0, 10.0);
  const PlanRequest request = request_of(straight_route(4, 1.5, 8.0, 10.0));
  const PlanAnswer one = Planner(floor).plan(request, {}, {}, 7);
  const PlanAnswer two = Planner(floor).plan(request, {}, {}, 7);
  REQUIRE(one.plan);
  REQUIRE(two.plan);
  CHECK(one.plan->placement == two.plan->placement);
  CHECK(one.plan->enter_s.size() == two.plan->enter_s.size());
  CHECK(std::memcmp(one.plan->enter_s.data(), two.plan->enter_s.data(), one.plan->enter_s.size() * sizeof(double)) == 0);
  CHECK(one.wait_s == 0.0);
}

TEST_CASE("a film that is too large says so") {
  const PlanAnswer answer = Planner(rectangle_hall(5.0, 5.0)).plan(request_of(straight_route(3, 4.0, 8.0, 10.0)), {}, {}, 1);
  CHECK_FALSE(answer.plan);
  CHECK_FALSE(answer.wait_s);
  CHECK(answer.placements_fitting == 0);
  REQUIRE(answer.reasons.size() == 1);
  CHECK(answer.reasons.front().contains("too large"));
}

TEST_CASE("a full hall gives the wait until somebody leaves") {
  const FloorPlan floor = rectangle_hall(2.8, 2.8);
  Interlocking interlocking(floor);
  PlanRequest request = request_of(straight_route(1, 1.0, 100.0, 0.0));
  const PlanAnswer first = Planner(floor).plan(request, interlocking.snapshot(0.0), {}, 1);
  REQUIRE(first.plan);
  REQUIRE(interlocking.add(*first.plan, 0.0));
  request.play = base::PlayId(2);
  const PlanAnswer second = Planner(floor).plan(request, interlocking.snapshot(0.0), {}, 2);
  CHECK_FALSE(second.plan);
  REQUIRE(second.wait_s);
  CHECK(*second.wait_s == 100.0);
  request.wait_max_s = 200.0;
  const PlanAnswer later = Planner(floor).plan(request, interlocking.snapshot(0.0), {}, 2);
  REQUIRE(later.plan);
  CHECK(later.plan->start_s() >= 100.0);
}

TEST_CASE("a seated film is a play at its seat") {
  FloorPlan floor = rectangle_hall(12.0, 8.0);
  floor.keep_clear.push_back({"seat", {{10.0, 2.0}}, 2.0, 0.6});
  PlanRequest request = request_of(straight_route(1, 0.0, 60.0, 0.0));
  request.seat = HallPoint{10.0, 2.0};
  request.enter_from = HallPoint{1.0, 4.0};
  const PlanAnswer answer = Planner(floor).plan(request, {}, {}, 1);
  REQUIRE(answer.plan);
  CHECK(answer.plan->seated);
  CHECK(answer.plan->blocks[answer.plan->first_scene_block()].place() == *request.seat);
}

TEST_CASE("a body in the way is planned round") {
  const FloorPlan floor = rectangle_hall(4.0, 4.0);
  Snapshot snapshot;
  snapshot.bodies.push_back({base::BodyId(1), {2.0, 2.0}, 3.0});
  const PlanAnswer answer = Planner(floor).plan(request_of(straight_route(1, 0.0, 10.0, 0.0)), snapshot, {}, 1);
  CHECK_FALSE(answer.plan);
}

TEST_CASE("floor costs nothing in an empty hall: nobody walks farther to save some") {
  const FloorPlan floor = rectangle_hall(20.0, 14.0);
  PlanRequest request = request_of(straight_route(3, 2.0, 8.0, 10.0));
  request.enter_from = HallPoint{1.0, 7.0};
  Weights free_floor;
  free_floor.newly_taken_s_per_m2 = 0.0;
  const PlanAnswer answer = Planner(floor).plan(request, {}, {}, 3);
  const PlanAnswer nearest = Planner(floor, ConflictRule::blocks, free_floor).plan(request, {}, {}, 3);
  REQUIRE(answer.plan);
  REQUIRE(nearest.plan);
  CHECK(answer.plan->enter_s.front() == 0.0);
  CHECK(answer.plan->placement == nearest.plan->placement);
  for (std::size_t k = 0; k < answer.plan->blocks.size(); ++k) CHECK(answer.plan->planned_hold_s(k) < 1e-6);
}

TEST_CASE("a film is laid smaller where its own size has no free place, and only there") {
  const FloorPlan floor = rectangle_hall(10.0, 4.0);
  PlanRequest request = request_of(straight_route(2, 6.6, 8.0, 0.0));
  request.route.scale_min = 0.4;
  const PlanAnswer alone = Planner(floor).plan(request, {}, {}, 1);
  REQUIRE(alone.plan);
  CHECK(alone.plan->scale == 1.0);
  Snapshot snapshot;
  ProjectedPlay standing;
  standing.plan = make_plan(straight_route(1, 0.0, 1000.0, 0.0), tracking::Placement{0.0, {3.0, 2.0}}, 1.0, {}, {}, floor);
  standing.plan.play = base::PlayId(9);
  standing.plan.film = base::FilmId("other");
  standing.plan.enter_s = {0.0};
  standing.plan.end_s = 1000.0;
  snapshot.plays.push_back(standing);
  const PlanAnswer beside = Planner(floor).plan(request, snapshot, {}, 1);
  REQUIRE(beside.plan);
  CHECK(beside.plan->scale < 1.0);
  CHECK(beside.plan->scale >= 0.4);
  request.route.scale_min = 1.0;
  CHECK_FALSE(Planner(floor).plan(request, snapshot, {}, 1).plan);
}

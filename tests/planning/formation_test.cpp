#include <algorithm>
#include <cmath>
#include <numbers>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "showcontrol/planning/formation.h"
#include "showcontrol/planning/hall_floor.h"
#include "showcontrol/planning/planner.h"
#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;

namespace {

constexpr double kApart_m = 1.4;

// Any group: up to six, some of them hand in hand.
std::vector<GroupMember> drawn_group(base::Random& random) {
  std::vector<GroupMember> group(2 + random.below(kGroupMost - 1));
  for (std::size_t i = 1; i < group.size(); ++i) group[i].hand = !group[i - 1].hand && random.chance(0.3);
  return group;
}

package::Route route_with_room(double radius_m, int group_max) {
  package::Route route = testing::straight_route(3, 3.0, 10.0, 20.0);
  for (package::Scene& scene : route.scenes) scene.group_radius_m = radius_m;
  route.group_max = group_max;
  return route;
}

}  // namespace

TEST_CASE("in a formation neighbours keep their distance, and hands their own") {
  const bool holds = rc::check("places", [](std::uint64_t seed) {
    base::Random random(seed);
    const std::vector<GroupMember> group = drawn_group(random);
    const std::vector<HallVec> offsets = formation(group, kApart_m, testing::random_route(random));
    RC_ASSERT(offsets.size() == group.size());
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      RC_ASSERT(std::abs(tracking::length(offsets[i]) - ring_radius_m(group, kApart_m)) < 1e-6);
      for (std::size_t j = i + 1; j < offsets.size(); ++j) {
        const double apart = tracking::length(offsets[j] - offsets[i]);
        if (j == i + 1 && group[j].hand) RC_ASSERT(std::abs(apart - kHandApart_m) < 1e-6);
        else RC_ASSERT(apart > kApart_m - 1e-6);
      }
    }
  });
  CHECK(holds);
}

TEST_CASE("two walk abreast rather than one behind the other") {
  const std::vector<HallVec> offsets = formation({{}, {}}, kApart_m, testing::straight_route(4, 3.0, 10.0, 0.0));  // along x
  CHECK(std::abs(offsets[0].y - offsets[1].y) == Catch::Approx(kApart_m));
}

TEST_CASE("everybody takes the place for which the ways cross least, and hands stay together") {
  const bool holds = rc::check("assignment", [](std::uint64_t seed) {
    base::Random random(seed);
    std::vector<GroupMember> group = drawn_group(random);
    for (GroupMember& member : group) member.from = HallPoint{random.uniform(-4.0, 4.0), 0.0};
    const std::vector<HallVec> places = formation(group, kApart_m, testing::random_route(random));
    const HallPoint launch{0.0, 3.0};
    const std::vector<HallVec> taken = assigned(group, places, launch);
    for (std::size_t i = 1; i < group.size(); ++i) {
      if (group[i].hand) RC_ASSERT(std::abs(tracking::length(taken[i] - taken[i - 1]) - kHandApart_m) < 1e-6);
    }
    auto sorted = [](std::vector<HallVec> all) {
      std::ranges::sort(all, [](HallVec a, HallVec b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
      return all;
    };
    RC_ASSERT(sorted(taken) == sorted(places));
    // No two who are alone would do better by changing places: their ways do not cross.
    for (std::size_t i = 0; i < group.size(); ++i) {
      for (std::size_t j = i + 1; j < group.size(); ++j) {
        const auto alone = [&](std::size_t k) { return !group[k].hand && (k + 1 == group.size() || !group[k + 1].hand); };
        if (!alone(i) || !alone(j)) continue;
        const auto square = [&](std::size_t who, std::size_t place) {
          const HallVec way = launch + taken[place] - *group[who].from;
          return tracking::dot(way, way);
        };
        RC_ASSERT(square(i, i) + square(j, j) <= square(i, j) + square(j, i) + 1e-9);
      }
    }
  });
  CHECK(holds);
}

TEST_CASE("how many a film takes is what its author allows and its narrowest scene holds") {
  CHECK(group_room(route_with_room(1.4, 6), kApart_m) == 6);
  CHECK(group_room(route_with_room(1.4, 4), kApart_m) == 4);
  CHECK(group_room(route_with_room(1.0, 6), kApart_m) == 4);   // a square of four: 1.4 / (2 sin 45°) = 0.99 m
  CHECK(group_room(route_with_room(0.7, 6), kApart_m) == 2);
  CHECK(group_room(route_with_room(0.6, 6), kApart_m) == 1);
  package::Route route = route_with_room(0.6, 6);
  CHECK(may_share(route, {{}, {.from = {}, .by = {}, .or_by = {}, .hand = true}}, kApart_m));  // hand in hand they need 0.3 m
  CHECK_FALSE(may_share(route, {{}, {}}, kApart_m));
  route.scenes[1].group_radius_m = 0.0;  // then the free radius counts
  route.scenes[1].free_radius_m = 0.2;
  std::size_t narrowest = 0;
  CHECK(scene_room_m(route, &narrowest) == Catch::Approx(0.2));
  CHECK(narrowest == 1);
}

TEST_CASE("a group's plan leads each member on his own lane, clear of walls, from where he stands to the exit") {
  int planned = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    base::Random random(seed);
    FloorPlan floor = testing::random_hall(random);
    const double width = floor.boundary[2].x, depth = floor.boundary[2].y;
    floor.way_in_stop_m = 3.0;
    floor.way_out_stop_m = 1.0;  // as many stops as there may be
    PlanRequest request;
    request.play = base::PlayId(1);
    request.film = base::FilmId("film");
    request.route = testing::random_route(random);
    request.group = drawn_group(random);
    request.members = static_cast<int>(request.group.size());
    for (std::size_t i = 0; i < request.group.size(); ++i) request.group[i].from = HallPoint{1.0 + 1.1 * static_cast<double>(i), 1.0};
    if (seed % 2 == 0) {  // out of a kitting area first, straight
      for (GroupMember& member : request.group) member.by = HallPoint{member.from->x, 1.8};
      request.enter_by = request.group.front().by;
    }
    request.enter_from = request.group.front().from;
    request.leave_to = HallPoint{width - 1.0, depth - 1.0};
    request.wait_max_s = 60.0;
    const PlanAnswer answer = Planner(floor).plan(request, {}, WorkBudget{300, 20, 4}, seed);
    if (!answer.plan) continue;
    ++planned;
    const PlayPlan& plan = *answer.plan;
    REQUIRE(plan.offsets.size() == request.group.size());
    CHECK(testing::breach_of(floor, plan) == std::nullopt);
    for (std::size_t k = 0; k < plan.blocks.size(); ++k) {
      const Block& block = plan.blocks[k];
      REQUIRE(block.lanes.size() == request.group.size());
      for (std::size_t i = 0; i < block.lanes.size(); ++i) {
        if (k > 0) CHECK(tracking::distance(block.lanes[i].front(), plan.blocks[k - 1].lanes[i].back()) < 1e-9);
        if (k == 0) CHECK(tracking::distance(block.lanes[i].front(), *request.group[i].from) < 1e-9);
        if (k + 1 == plan.blocks.size()) CHECK(tracking::distance(block.lanes[i].back(), *request.leave_to) < 1e-9);
        for (std::size_t j = i + 1; j < block.lanes.size() && k + 1 < plan.blocks.size(); ++j) {
          const double apart = tracking::distance(block.lanes[i].back(), block.lanes[j].back());
          CHECK(apart > (j == i + 1 && request.group[j].hand ? kHandApart_m : kApart_m) - 1e-6);
        }
      }
    }
    std::size_t points = 1;
    for (std::size_t k = 0; k <= plan.first_scene_block(); ++k) points += plan.blocks[k].lanes.front().size() - 1;
    CHECK(points <= kWayPointsMost);
    std::size_t pieces_out = 0;
    while (plan.blocks[plan.blocks.size() - 1 - pieces_out].scene == kNoScene) ++pieces_out;
    CHECK(pieces_out <= floor.way_pieces_most);
    const Block& first = plan.blocks.front();
    CHECK(first.path.front() != *request.enter_from);  // each has his own way to where they set out together
    for (std::size_t i = 0; request.enter_by && i < first.lanes.size(); ++i) CHECK(first.lanes[i][1] == *request.group[i].by);
  }
  CHECK(planned > 15);
}

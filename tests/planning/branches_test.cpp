// Plans whose viewers may still choose: what they keep free, and how they shrink.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

namespace {

// Scene 0 leads to 1 on the left or to 2 on the right; 2 leads to 3 on the left or to 4 on the right.
package::Route forked() {
  package::Route route;
  route.walk_speed_mps = 0.7;
  route.hold_total_max_s = 60.0;
  const package::FilmPoint at[] = {{0.0, 0.0}, {-1.5, 2.0}, {1.5, 2.0}, {0.5, 4.0}, {2.5, 4.0}};
  for (const package::FilmPoint& one : at) route.scenes.push_back({"scene-" + std::to_string(route.scenes.size()), one, 0.6, 10.0, 20.0});
  route.scenes[0].next = std::vector<package::Next>{package::Next{1}, package::Next{2}};
  route.scenes[1].next.emplace();
  route.scenes[2].next = std::vector<package::Next>{package::Next{3}, package::Next{4}};
  route.scenes[3].next.emplace();
  route.scenes[0].choose_s = route.scenes[2].choose_s = 5.0;
  return route;
}

PlanRequest request(std::uint64_t play, const package::Route& route) {
  PlanRequest asked;
  asked.play = base::PlayId(play);
  asked.film = base::FilmId("film");
  asked.route = route;
  return asked;
}

PlayPlan planned(const Planner& planner, const Interlocking& interlocking, std::uint64_t play, const package::Route& route, double wait_max_s = 20.0) {
  PlanRequest asked = request(play, route);
  asked.wait_max_s = wait_max_s;
  auto answer = planner.plan(asked, interlocking.snapshot(0.0), WorkBudget{200, 40, 12}, play);
  REQUIRE(answer.plan.has_value());
  return *answer.plan;
}

std::vector<int> scenes_of(const PlayPlan& plan) {
  std::vector<int> scenes;
  for (const Block& block : plan.blocks) scenes.push_back(block.scene);
  return scenes;
}

void walk(Interlocking& interlocking, base::PlayId play, std::size_t block, double now_s) {
  REQUIRE(interlocking.may_enter(play, block).open);
  interlocking.grant(play, block);
  interlocking.progress(play, block, interlocking.plan(play).blocks[block].length_m, now_s);
}

}  // namespace

TEST_CASE("a plan keeps every way of its film free and shrinks to the one chosen") {
  const Planner planner(rectangle_hall(12.0, 12.0));
  const Interlocking empty(planner.floor().plan());
  PlayPlan plan = planned(planner, empty, 1, forked());
  CHECK(scenes_of(plan) == std::vector<int>{0, 1});
  REQUIRE(plan.branches.size() == 2);
  REQUIRE(plan.block_count() == 5);
  CHECK(plan.branches[0].after == 0);
  CHECK(plan.branches[0].option == 1);
  CHECK(plan.branches[1].after == 2);  // the first block of the branch
  CHECK(plan.before(2) == 0u);
  CHECK(plan.before(4) == 2u);
  CHECK(plan.followers(0) == std::vector<std::size_t>{1, 2});
  CHECK(plan.followers(2) == std::vector<std::size_t>{3, 4});
  CHECK(plan.followers(4).empty());
  CHECK(next_choice(plan) == 0u);
  CHECK(every_way(plan).size() == 3);
  const double walk_s = plan.block(2).length_m / plan.speed_mps;
  CHECK(plan.entered_s(3) == Catch::Approx(plan.entered_s(2) + walk_s + 10.0));
  CHECK(plan.leave_s(0) == std::max(plan.entered_s(1), plan.entered_s(2)));

  SECTION("the first way") {
    using Numbers = std::vector<std::optional<std::size_t>>;
    CHECK(plan.choose(0, 0) == Numbers{0, 1, std::nullopt, std::nullopt, std::nullopt});
    CHECK(scenes_of(plan) == std::vector<int>{0, 1});
    CHECK(plan.branches.empty());
  }
  SECTION("the other, and then either") {
    const double end_s = plan.branches[0].end_s;
    using Numbers = std::vector<std::optional<std::size_t>>;
    CHECK(plan.choose(0, 1) == Numbers{0, std::nullopt, 1, 2, 3});
    CHECK(scenes_of(plan) == std::vector<int>{0, 2, 3});
    CHECK(plan.end_s == end_s);
    REQUIRE(plan.branches.size() == 1);
    CHECK(next_choice(plan) == 1u);
    CHECK(plan.choose(1, 1) == Numbers{0, 1, std::nullopt, 2});
    CHECK(scenes_of(plan) == std::vector<int>{0, 2, 4});
    CHECK_FALSE(next_choice(plan).has_value());
  }
}

TEST_CASE("where only some ways fit the hall, those are on offer") {
  package::Route route = forked();
  route.scenes[1].at = {0.0, 2.0};
  route.scenes[2].at = {4.0, 0.0};  // between the walls, but not past the columns
  route.scenes[3].at = {4.0, 0.5};
  route.scenes[4].at = {4.0, 1.0};
  FloorPlan floor = rectangle_hall(7.0, 5.0);
  floor.obstacles.push_back({{3.4, 0.0}, {3.6, 0.0}, {3.6, 5.0}, {3.4, 5.0}});
  const Planner planner(floor);
  const PlayPlan plan = planned(planner, Interlocking(floor), 1, route);
  CHECK(scenes_of(plan) == std::vector<int>{0, 1});
  CHECK(plan.branches.empty());
}

TEST_CASE("no gate behind a choice opens before it is made, and who waits for a way not taken waits no more") {
  const FloorPlan floor = rectangle_hall(12.0, 12.0);
  const Planner planner(floor);
  Interlocking interlocking(floor);
  const PlayPlan first = planned(planner, interlocking, 1, forked());
  REQUIRE(first.branches.size() == 2);
  REQUIRE(interlocking.add(first, 0.0));
  const base::PlayId one(1), two(2);
  walk(interlocking, one, 0, 0.0);
  CHECK_FALSE(interlocking.may_enter(one, 1).open);

  // Another stands where the branch not taken ends, once it is over.
  package::Route stand;
  stand.hold_total_max_s = 20.0;
  stand.scenes.push_back({"stand", {0.0, 0.0}, 0.6, 10.0, 20.0});
  PlayPlan second = make_plan(stand, tracking::Placement{0.0, {first.block(4).place().x, first.block(4).place().y}, 0.0, false}, 1.0, {}, {}, floor);
  second.play = two;
  second.enter_s = {first.branches[1].end_s + 2.0};
  second.end_s = second.enter_s[0] + 10.0;
  REQUIRE(interlocking.add(second, 0.0));
  CHECK(interlocking.may_enter(two, 0).waits_for == one);

  SECTION("the way to the other end") {
    CHECK(interlocking.choose(one, 0) == std::vector<base::PlayId>{one, two});
    CHECK(interlocking.may_enter(two, 0).open);
    CHECK(interlocking.may_enter(one, 1).open);
  }
  SECTION("there") {
    interlocking.choose(one, 1);
    CHECK_FALSE(interlocking.may_enter(two, 0).open);
    walk(interlocking, one, 1, 20.0);
    interlocking.choose(one, 1);
    CHECK_FALSE(interlocking.may_enter(two, 0).open);
    walk(interlocking, one, 2, 40.0);
    CHECK_FALSE(interlocking.may_enter(two, 0).open);
    interlocking.remove(one);
    CHECK(interlocking.may_enter(two, 0).open);
  }
  SECTION("as an earlier run held them") {
    Interlocking again(floor);
    REQUIRE(again.restore({interlocking.saved(one), interlocking.saved(two)}));
    CHECK(again.saved(one) == interlocking.saved(one));
    CHECK(again.choose(one, 0) == std::vector<base::PlayId>{one, two});
    CHECK(again.may_enter(two, 0).open);
  }
  SECTION("records that do not fit together") {
    planning::SavedPlay wrong = interlocking.saved(one);
    wrong.plan.branches[0].after = 7;
    CHECK_FALSE(Interlocking(floor).restore({wrong}));
    wrong = interlocking.saved(one);
    wrong.waits.pop_back();
    CHECK_FALSE(Interlocking(floor).restore({wrong}));
  }
}

TEST_CASE("what others hold narrows a plan, never to less than the first way") {
  const FloorPlan floor = rectangle_hall(12.0, 7.0);
  const Planner planner(floor);
  int open = 0, narrowed = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Interlocking interlocking(floor);
    for (std::uint64_t play = 1; play <= 6; ++play) {
      PlanRequest asked = request(play, forked());
      asked.wait_max_s = 40.0;
      const Snapshot snapshot = interlocking.snapshot(0.0);
      const PlanAnswer answer = planner.plan(asked, snapshot, WorkBudget{100, 20, 6}, seed * 100 + play);
      if (!answer.plan) continue;
      CHECK(scenes_of(*answer.plan) == std::vector<int>{0, 1});
      (answer.plan->branches.size() == 2 ? open : narrowed) += 1;
      for (const PlayPlan& way : every_way(*answer.plan)) CHECK(breach_of(floor, way) == std::nullopt);
      REQUIRE(interlocking.add(*answer.plan, 0.0));
    }
  }
  CHECK(open > 12);
  CHECK(narrowed > 0);
}

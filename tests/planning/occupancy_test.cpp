#include "showcontrol/planning/occupancy.h"

#include <rapidcheck.h>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/planning/taken_floor.h"
#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

namespace {

constexpr double kSpread_s = 60.0;

Occupancy occupancy_for(const QuickLook& quick, const Floor& floor, ConflictRule rule, const Snapshot& snapshot) {
  return {floor, rule, PlayPlan{}, snapshot, 0.0, quick.step_s(), quick.steps()};
}

ProjectedPlay standing_at(HallPoint at, double until_s, const FloorPlan& floor) {
  ProjectedPlay play;
  play.plan = make_plan(straight_route(1, 0.0, until_s, 0.0), tracking::Placement{0.0, {at.x, at.y}}, 1.0, {}, {}, floor);
  play.plan.play = base::PlayId(9);
  play.plan.enter_s = {0.0};
  play.plan.end_s = until_s;
  return play;
}

struct Agreement {  // of the look with exact times
  int both = 0, only_look = 0, only_exact = 0, neither = 0;
};

void compare(ConflictRule rule, std::uint32_t seed, Agreement& agreement) {
  base::Random random(seed);
  FloorPlan plan = random_hall(random);
  plan.tolerance_s = 1.0;
  const Floor floor(plan);
  Interlocking interlocking(plan);
  plan_crowd(Planner(plan), interlocking, 5, random);
  const Snapshot snapshot = interlocking.snapshot(0.0);
  const package::Route route = random_route(random);
  const QuickLook quick(route, plan, rule, 1.0, 0.0, kSpread_s);
  const Occupancy occupancy = occupancy_for(quick, floor, rule, snapshot);
  PlacementSampler sampler(floor, route, {}, base::Random(seed));
  for (int i = 0; i < 40; ++i) {
    const auto laid = sampler.draw(1.0);
    if (!laid || !keeps_margins(floor, route, *laid)) continue;
    const bool looks = quick.look(*laid, occupancy, {0.0, kSpread_s}, {}).goes;
    const PlayPlan newcomer = make_plan(route, laid->placement, 1.0, {}, {}, plan);
    const bool goes = earliest_times(newcomer, snapshot, plan, rule, 0.0, kSpread_s, route.hold_total_max_s).has_value();
    ++(looks ? goes ? agreement.both : agreement.only_look : goes ? agreement.only_exact : agreement.neither);
  }
}

}  // namespace

TEST_CASE("on an empty floor everybody goes at once") {
  for (const ConflictRule rule : {ConflictRule::blocks, ConflictRule::points_in_time}) {
    const Floor floor(rectangle_hall(12.0, 9.0));
    const package::Route route = straight_route(4, 1.5, 5.0, 5.0);
    const QuickLook quick(route, floor.plan(), rule, 1.0, 0.0, kSpread_s);
    const Occupancy occupancy = occupancy_for(quick, floor, rule, {});
    const QuickLook::Prospect prospect = quick.look({tracking::Placement{0.0, {3.0, 4.0}}, 1.0}, occupancy, {7.0, kSpread_s}, {});
    CHECK(prospect.goes);
    CHECK(prospect.arrive_s == 7.0);
    CHECK(prospect.hold_s == 0.0);
    CHECK(prospect.cost == 7.0);
  }
}

TEST_CASE("who stands in a place is waited for, before scene 0 or in a hold") {
  for (const ConflictRule rule : {ConflictRule::blocks, ConflictRule::points_in_time}) {
    const Floor floor(rectangle_hall(20.0, 9.0));
    const package::Route route = straight_route(3, 4.0, 5.0, 30.0);
    const QuickLook quick(route, floor.plan(), rule, 1.0, 0.0, kSpread_s);
    const LaidRoute laid{tracking::Placement{0.0, {3.0, 4.0}}, 1.0};
    Snapshot snapshot;
    snapshot.plays.push_back(standing_at({3.0, 4.0}, 30.0, floor.plan()));
    const QuickLook::Prospect after = quick.look(laid, occupancy_for(quick, floor, rule, snapshot), {0.0, kSpread_s}, {});
    REQUIRE(after.goes);
    CHECK(after.arrive_s == Catch::Approx(30.0 + floor.plan().tolerance_s).margin(1.5));
    CHECK(after.hold_s == 0.0);
    snapshot.plays.back() = standing_at({11.0, 4.0}, 36.0, floor.plan());
    const QuickLook::Prospect held = quick.look(laid, occupancy_for(quick, floor, rule, snapshot), {0.0, 0.0}, {});
    REQUIRE(held.goes);
    CHECK(held.arrive_s == 0.0);
    CHECK(held.hold_s > 5.0);
    snapshot.plays.back() = standing_at({11.0, 4.0}, 1000.0, floor.plan());
    const QuickLook::Prospect never = quick.look(laid, occupancy_for(quick, floor, rule, snapshot), {0.0, kSpread_s}, {});
    CHECK_FALSE(never.goes);
    CHECK(never.reached == 2);
  }
}

TEST_CASE("the quick look says what exact times say, nearly always") {
  for (const ConflictRule rule : {ConflictRule::blocks, ConflictRule::points_in_time}) {
    Agreement agreement;
    for (std::uint32_t seed = 1; seed <= 40; ++seed) compare(rule, seed, agreement);
    CAPTURE(static_cast<int>(rule), agreement.both, agreement.only_look, agreement.only_exact, agreement.neither);
    CHECK(agreement.both > 100);
    CHECK(agreement.neither > 100);
    CHECK(agreement.only_exact * 10 < agreement.both + agreement.only_exact);  // what goes is seldom missed
    CHECK(agreement.only_look * 4 < agreement.both + agreement.only_look);     // and exact times are seldom reckoned in vain
  }
}

TEST_CASE("a play takes the cells of every way that its viewer may still choose") {
  const Floor floor(rectangle_hall(20.0, 9.0));
  const package::Route route = straight_route(1, 0.0, 5.0, 0.0);
  Snapshot snapshot;
  snapshot.plays.push_back(standing_at({5.0, 4.0}, 10.0, floor.plan()));
  PlayPlan& plan = snapshot.plays.front().plan;
  Branch other_way{0, 1, {make_block({{5.0, 4.0}, {14.0, 4.0}}, 300.0, 0.0, 1)}, {10.0}, 0.0};
  plan.branches.push_back(other_way);
  plan.branches.front().end_s = plan.arrive_s(1) + 300.0;
  for (const ConflictRule rule : {ConflictRule::blocks, ConflictRule::points_in_time}) {
    const QuickLook quick(route, floor.plan(), rule, 1.0, 0.0, kSpread_s);
    const Occupancy occupancy = occupancy_for(quick, floor, rule, snapshot);
    CHECK_FALSE(quick.look({tracking::Placement{0.0, {14.0, 4.0}}, 1.0}, occupancy, {30.0, kSpread_s}, {}).goes);
  }
}

TEST_CASE("a body in the way takes its cells for as long as it is planned round") {
  const Floor floor(rectangle_hall(20.0, 9.0));
  const package::Route route = straight_route(1, 0.0, 5.0, 0.0);
  const QuickLook quick(route, floor.plan(), ConflictRule::blocks, 1.0, 0.0, kSpread_s);
  Snapshot snapshot;
  snapshot.bodies.push_back({base::BodyId(1), {5.0, 4.0}, 2.0});
  const Occupancy occupancy = occupancy_for(quick, floor, ConflictRule::blocks, snapshot);
  CHECK(quick.look({tracking::Placement{0.0, {5.0, 4.0}}, 1.0}, occupancy, {0.0, kSpread_s}, {}).arrive_s >= kBodyStays_s - 1.0);
  CHECK(quick.look({tracking::Placement{0.0, {9.0, 4.0}}, 1.0}, occupancy, {0.0, kSpread_s}, {}).arrive_s == 0.0);
}

TEST_CASE("floor that is newly taken is counted cell by cell") {
  const auto holds = rc::check([](std::uint32_t seed) {
    base::Random random(seed);
    const Floor floor(random_hall(random));
    const auto place = [&] { return HallPoint{random.uniform(0.0, floor.high().x), random.uniform(0.0, floor.high().y)}; };
    TakenFloor taken(floor, 1.7);
    std::vector<char> by_cell(static_cast<std::size_t>(floor.columns() * floor.rows()), 0);
    for (int i = 0; i < 4; ++i) {
      const HallPoint at = place();
      taken.take(at);
      for (const int cell : floor.cells_near({at}, 1.7)) by_cell[static_cast<std::size_t>(cell)] = 1;
    }
    const std::vector<HallPoint> mine{place(), place(), place()};
    int cells = 0;
    for (const HallPoint at : mine) {
      for (const int cell : floor.cells_near({at}, 1.7)) cells += by_cell[static_cast<std::size_t>(cell)]++ == 0 ? 1 : 0;
    }
    RC_ASSERT(std::abs(taken.newly_taken_m2(mine) - cells * Floor::kCell_m * Floor::kCell_m) < 1e-9);
  });
  CHECK(holds);
}

#include "showcontrol/planning/interlock.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/planning/timing.h"
#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

namespace {

// Places at x = 2, 6, 10 m, y as given: 5 s in each and 4 m (5.71 s) between.
PlayPlan along(std::uint64_t play, double y, double start_s) {
  tracking::Placement placement;
  placement.shift = {2.0, y};
  PlayPlan plan = make_plan(straight_route(3, 4.0, 5.0, 100.0), placement, 1.0, {}, {}, rectangle_hall(14, 10));
  plan.play = base::PlayId(play);
  const double walk = 4.0 / plan.speed_mps;
  plan.enter_s = {start_s, start_s + 5.0, start_s + 10.0 + walk};
  plan.end_s = start_s + 15.0 + 2.0 * walk;
  return plan;
}

void walk_into(Interlocking& interlocking, base::PlayId id, std::size_t block, double now_s) {
  interlocking.grant(id, block);
  interlocking.progress(id, block, interlocking.plan(id).blocks[block].length_m, now_s);
}

}  // namespace

TEST_CASE("who was ordered second waits for the first, gate by gate") {
  Interlocking interlocking(rectangle_hall(14, 10));
  const base::PlayId first(1);
  const base::PlayId second(2);
  REQUIRE(interlocking.add(along(1, 5.0, 0.0), 0.0));
  REQUIRE(interlocking.add(along(2, 5.0, 20.0), 0.0));
  const GateAnswer early = interlocking.may_enter(second, 0);
  CHECK_FALSE(early.open);
  CHECK(early.waits_for == first);
  CHECK_FALSE(interlocking.may_enter(first, 1).open);  // he is not in block 0 yet
  walk_into(interlocking, first, 0, 0.0);
  CHECK_FALSE(interlocking.may_enter(second, 0).open);
  interlocking.grant(first, 1);
  interlocking.progress(first, 1, 1.9, 6.0);
  CHECK_FALSE(interlocking.may_enter(second, 0).open);
  interlocking.progress(first, 1, 2.1, 6.5);  // past the last point near the first place
  CHECK(interlocking.may_enter(second, 0).open);
  walk_into(interlocking, second, 0, 7.0);
  CHECK_FALSE(interlocking.violation());
  CHECK_FALSE(interlocking.may_enter(second, 1).open);
}

TEST_CASE("plans that meet, come late or come twice are refused") {
  Interlocking interlocking(rectangle_hall(14, 10));
  REQUIRE(interlocking.add(along(1, 5.0, 0.0), 0.0));
  CHECK(interlocking.check(along(2, 5.0, 3.0), 0.0).error().code == "plan-conflicts");
  CHECK(interlocking.check(along(1, 1.0, 3.0), 0.0).error().code == "plan-duplicate");
  CHECK(interlocking.check(along(3, 1.0, 3.0), 20.0).error().code == "plan-late");
  CHECK(interlocking.add(along(4, 2.5, 3.0), 0.0));
}

TEST_CASE("a late viewer moves the projection of those who wait for him") {
  Interlocking interlocking(rectangle_hall(14, 10));
  REQUIRE(interlocking.add(along(1, 5.0, 0.0), 0.0));
  REQUIRE(interlocking.add(along(2, 5.0, 20.0), 0.0));
  CHECK(interlocking.projected(0.0)[1].plan.enter_s[0] == Catch::Approx(20.0));
  walk_into(interlocking, base::PlayId(1), 0, 60.0);
  const auto plays = interlocking.projected(60.0);
  CHECK(plays[0].plan.enter_s[1] == Catch::Approx(65.0));
  CHECK(plays[0].late_s == Catch::Approx(60.0));
  CHECK(plays[1].plan.enter_s[0] > 65.0);
  interlocking.expect_ready(base::PlayId(1), 100.0);
  CHECK(interlocking.projected(60.0)[0].plan.enter_s[1] == Catch::Approx(100.0));
}

TEST_CASE("who leaves frees his blocks, and no gate opens where a body stands") {
  Interlocking interlocking(rectangle_hall(14, 10));
  REQUIRE(interlocking.add(along(1, 5.0, 0.0), 0.0));
  REQUIRE(interlocking.add(along(2, 5.0, 20.0), 0.0));
  walk_into(interlocking, base::PlayId(1), 0, 0.0);
  interlocking.remove(base::PlayId(1));
  interlocking.block_body(base::BodyId(9), {2.0, 5.0}, 2.0, 0.0);
  const GateAnswer answer = interlocking.may_enter(base::PlayId(2), 0);
  CHECK_FALSE(answer.open);
  CHECK(answer.waits_for.is_none());
  CHECK(answer.body == base::BodyId(9));
  CHECK(interlocking.snapshot(0.0).bodies.size() == 1);
  interlocking.unblock_body(base::BodyId(9));
  CHECK(interlocking.may_enter(base::PlayId(2), 0).open);
  interlocking.remove(base::PlayId(2));
  CHECK(interlocking.plays().empty());
}

TEST_CASE("authority that was not used can be taken back, and strays do not count as progress") {
  Interlocking interlocking(rectangle_hall(14, 10));
  const base::PlayId id(1);
  REQUIRE(interlocking.add(along(1, 5.0, 0.0), 0.0));
  CHECK_FALSE(interlocking.progress(id, 0, 0.0, 0.0));
  walk_into(interlocking, id, 0, 0.0);
  interlocking.grant(id, 1);
  interlocking.revoke(id, 1);
  CHECK_FALSE(interlocking.progress(id, 1, 1.0, 5.0));
  interlocking.grant(id, 1);
  CHECK(interlocking.progress(id, 1, 1.0, 5.0));
  CHECK_FALSE(interlocking.progress(id, 1, 0.5, 6.0));
  CHECK_FALSE(interlocking.progress(id, 0, 0.0, 6.0));
}

TEST_CASE("a planned hold ends when what it waited for is gone") {
  Interlocking interlocking(rectangle_hall(14, 10));
  const base::PlayId held(2);
  REQUIRE(interlocking.add(along(1, 5.0, 0.0), 0.0));
  PlayPlan plan = along(2, 5.0, 20.0);
  plan.enter_s[1] += 30.0;  // longer in the first scene than the play ahead asks
  plan.enter_s[2] += 30.0;
  plan.end_s += 30.0;
  REQUIRE(interlocking.add(plan, 0.0));
  const double walk_s = plan.walk_s(1);
  CHECK(interlocking.projected(0.0)[1].plan.enter_s[1] == Catch::Approx(25.0));
  walk_into(interlocking, base::PlayId(1), 0, 0.0);
  interlocking.remove(base::PlayId(1));
  walk_into(interlocking, held, 0, 20.0);
  const ProjectedPlay play = interlocking.projected(20.0).front();
  CHECK(play.plan.enter_s[1] == Catch::Approx(25.0));
  CHECK(play.plan.enter_s[2] == Catch::Approx(30.0 + walk_s));
  CHECK(play.late_s == Catch::Approx(-30.0));
  CHECK(interlocking.may_enter(held, 1).open);
}

TEST_CASE("setting off is part of the projection, also of a viewer who stands at his gate") {
  FloorPlan floor = rectangle_hall(14, 10);
  floor.setting_off_s = 2.0;
  Interlocking interlocking(floor);
  PlayPlan plan = along(1, 5.0, 0.0);
  plan.setting_off_s = 2.0;
  plan.enter_s = {0.0, 5.0, 5.0 + plan.walk_s(1) + 5.0};
  plan.end_s = plan.enter_s[2] + plan.walk_s(2) + 5.0;
  REQUIRE(interlocking.add(plan, 0.0));
  const base::PlayId id(1);
  walk_into(interlocking, id, 0, 0.0);
  CHECK(interlocking.projected(0.0)[0].late_s == Catch::Approx(0.0).margin(1e-6));
  interlocking.grant(id, 1);
  interlocking.progress(id, 1, 0.7, 8.0);  // one second of walking after two of setting off
  CHECK(interlocking.projected(8.0)[0].plan.enter_s[1] == Catch::Approx(5.0));
  CHECK(interlocking.projected(8.0)[0].plan.enter_s[2] == Catch::Approx(plan.enter_s[2]));
}

namespace {

// One place at x = 10 m where `along` has its third.
PlayPlan at_the_third(std::uint64_t play, double start_s, double stay_s = 5.0) {
  tracking::Placement placement;
  placement.shift = {10.0, 5.0};
  PlayPlan plan = make_plan(straight_route(1, 4.0, stay_s, 100.0), placement, 1.0, {}, {}, rectangle_hall(14, 10));
  plan.play = base::PlayId(play);
  plan.enter_s = {start_s};
  plan.end_s = start_s + stay_s;
  return plan;
}

}  // namespace

TEST_CASE("who waits for one who is far may go before him, and he then waits") {
  Interlocking interlocking(rectangle_hall(14, 10));
  const base::PlayId far(1);
  const base::PlayId waiting(2);
  REQUIRE(interlocking.add(along(1, 5.0, 0.0), 0.0));
  REQUIRE(interlocking.add(at_the_third(2, 30.0), 0.0));
  walk_into(interlocking, far, 0, 0.0);
  REQUIRE(interlocking.may_enter(waiting, 0).waits_for == far);
  CHECK(interlocking.overtake(waiting, 0, 31.0) == std::vector{waiting, far});
  REQUIRE(interlocking.may_enter(waiting, 0).open);
  CHECK(interlocking.saved(far).overtaken == 1);
  walk_into(interlocking, waiting, 0, 31.0);
  walk_into(interlocking, far, 1, 33.0);
  CHECK(interlocking.may_enter(far, 2).waits_for == waiting);
  CHECK_FALSE(interlocking.violation());
  interlocking.remove(waiting);
  CHECK(interlocking.may_enter(far, 2).open);
}

TEST_CASE("nobody goes before one who has been let in, for nothing, or again and again") {
  Interlocking interlocking(rectangle_hall(14, 10));
  const base::PlayId far(1);
  REQUIRE(interlocking.add(along(1, 5.0, 0.0), 0.0));
  for (std::uint64_t n = 2; n <= 7; ++n) REQUIRE(interlocking.add(at_the_third(n, 20.0 + 10.0 * static_cast<double>(n)), 0.0));
  walk_into(interlocking, far, 0, 0.0);
  int went = 0;
  for (std::uint64_t n = 2; n <= 7; ++n) {
    const base::PlayId one(n);
    if (interlocking.overtake(one, 0, 120.0).empty()) continue;
    ++went;
    walk_into(interlocking, one, 0, 120.0);
    interlocking.remove(one);
  }
  CHECK(went == 4);
  walk_into(interlocking, far, 1, 120.0);
  walk_into(interlocking, far, 2, 130.0);
  CHECK(interlocking.overtake(base::PlayId(7), 0, 130.0).empty());
  CHECK(interlocking.may_enter(base::PlayId(7), 0).waits_for == far);
}

TEST_CASE("newcomers without end are put before one who waits at his gate a few times only") {
  const FloorPlan floor = rectangle_hall(14, 10);
  Interlocking interlocking(floor);
  const base::PlayId ahead(1), waiting(2);
  REQUIRE(interlocking.add(at_the_third(1, 0.0), 0.0));
  REQUIRE(interlocking.add(along(2, 5.0, 1.0), 0.0));
  walk_into(interlocking, ahead, 0, 0.0);  // and stays, for ever about to go
  walk_into(interlocking, waiting, 0, 1.0);
  walk_into(interlocking, waiting, 1, 7.0);
  REQUIRE(interlocking.may_enter(waiting, 2).waits_for == ahead);
  // Beside the waiting viewer's next block, and away from both; gone before the one ahead is expected to be.
  const auto newcomer = [&](std::uint64_t play, double start_s) {
    tracking::Placement placement;
    placement.shift = {8.0, 6.9};
    PlayPlan plan = make_plan(straight_route(1, 4.0, 5.0, 100.0), placement, 1.0, {}, {}, floor);
    plan.play = base::PlayId(play);
    plan.enter_s = {start_s};
    plan.end_s = start_s + 5.0;
    return plan;
  };
  int passed = 0;
  double now_s = 20.0;
  for (std::uint64_t n = 10; n < 40; ++n, now_s += 10.0) {
    interlocking.expect_ready(ahead, now_s + 60.0);
    if (!interlocking.add(newcomer(n, now_s), now_s)) continue;
    ++passed;
    walk_into(interlocking, base::PlayId(n), 0, now_s);
    interlocking.remove(base::PlayId(n));
  }
  CHECK(passed == kPassedMost);
  CHECK(interlocking.check(newcomer(50, now_s), now_s).error().code == "plan-conflicts");
  // The planner knows, and whoever comes later comes after him.
  const Snapshot snapshot = interlocking.snapshot(now_s);
  const PlayPlan next = newcomer(50, now_s);
  const Forbidden forbidden = forbidden_times(next, snapshot, floor, ConflictRule::blocks);
  const auto times = earliest_times(next, forbidden, now_s, now_s + 300.0, 0.0);
  REQUIRE(times);
  CHECK(times->enter_s.front() > snapshot.plays[1].plan.enter_s[2]);
  CHECK(interlocking.check(newcomer(50, times->enter_s.front()), now_s));
  interlocking.remove(ahead);
  REQUIRE(interlocking.may_enter(waiting, 2).open);
  walk_into(interlocking, waiting, 2, now_s);
  CHECK(interlocking.saved(waiting).passed == 0);
}

TEST_CASE("who waits for one whose way is not clear, or who is at pause, may go first") {
  Interlocking interlocking(rectangle_hall(14, 10));
  const base::PlayId held(1), waiting(2);
  const base::BodyId attendant(9);
  REQUIRE(interlocking.add(along(1, 5.0, 0.0), 0.0));
  REQUIRE(interlocking.add(at_the_third(2, 40.0, 20.0), 0.0));
  walk_into(interlocking, held, 0, 0.0);
  walk_into(interlocking, held, 1, 11.0);
  REQUIRE(interlocking.overtake(waiting, 0, 41.0).empty());  // he is about to go, and sooner through
  SECTION("somebody stands in his way") {
    interlocking.block_body(attendant, {7.5, 5.0}, 1.0, 41.0);
    CHECK(interlocking.may_enter(held, 2).body == attendant);
    CHECK(interlocking.projected(41.0)[0].plan.enter_s[2] == Catch::Approx(41.0 + kStandsStill_s));
  }
  SECTION("he is at pause") {
    interlocking.expect_held(held, 41.0 + kStandsStill_s);
    CHECK(interlocking.projected(41.0)[0].plan.enter_s[2] == Catch::Approx(41.0 + kStandsStill_s));
    CHECK(interlocking.projected(90.0)[0].plan.enter_s[2] == Catch::Approx(90.0));  // of which nothing was said again
  }
  REQUIRE(interlocking.overtake(waiting, 0, 41.0) == std::vector{waiting, held});
  walk_into(interlocking, waiting, 0, 41.0);
  interlocking.unblock_body(attendant);
  CHECK(interlocking.may_enter(held, 2).waits_for == waiting);
  interlocking.remove(waiting);
  CHECK(interlocking.may_enter(held, 2).open);
}

TEST_CASE("who is held otherwise, and is later by now than was planned upon, keeps time to walk and to stay") {
  Interlocking interlocking(rectangle_hall(14, 10));
  const base::PlayId late(1);
  const PlayPlan plan = along(1, 5.0, 0.0);
  REQUIRE(interlocking.add(plan, 0.0));
  walk_into(interlocking, late, 0, 30.0);
  REQUIRE(interlocking.add(along(2, 1.0, 40.0), {{late, plan.enter_s, plan.end_s}}, 30.0));
  const PlayPlan& held = interlocking.plan(late);
  CHECK(held.enter_s[1] == Catch::Approx(35.0));
  CHECK(held.enter_s[2] == Catch::Approx(35.0 + plan.walk_s(1) + 5.0));
  CHECK(held.end_s == Catch::Approx(held.enter_s[2] + plan.walk_s(2) + 5.0));
}

TEST_CASE("a body is planned round for as long again as it has stood there, and for as long again as its way has been kept") {
  const FloorPlan floor = rectangle_hall(14, 10);
  Interlocking interlocking(floor);
  const base::BodyId body(9);
  const HallPoint third{10.0, 5.0};
  const auto enters_third_s = [&](double now_s) {
    const PlayPlan plan = along(1, 5.0, now_s);
    const auto times = earliest_times(plan, forbidden_times(plan, interlocking.snapshot(now_s), floor, ConflictRule::blocks), now_s, now_s + 1000.0, 1000.0);
    return times ? times->enter_s[2] - now_s : -1.0;
  };
  const auto stood_s = [&](double now_s) { return interlocking.snapshot(now_s).bodies.front().stood_s; };
  interlocking.block_body(body, third, 2.0, 100.0);
  CHECK(enters_third_s(100.0) == Catch::Approx(kBodyStays_s));
  interlocking.block_body(body, third + HallVec{0.5, 0.0}, 2.0, 160.0);  // shifts his feet
  CHECK(enters_third_s(400.0) == Catch::Approx(300.0));
  CHECK(stood_s(50.0) == 0.0);
  interlocking.block_body(body, third + HallVec{1.5, 0.0}, 2.0, 400.0);
  CHECK(enters_third_s(410.0) == Catch::Approx(kBodyStays_s));
  // On a kept way he walks, and it stays kept.
  interlocking.block_way(body, third, 2.0, {third, {10.0, 9.0}}, 410.0);
  interlocking.block_way(body, {10.0, 8.0}, 2.0, {{10.0, 8.0}, {10.0, 9.0}}, 450.0);
  CHECK(stood_s(500.0) == Catch::Approx(100.0));
  interlocking.unblock_body(body);
  interlocking.block_body(body, third, 2.0, 600.0);
  CHECK(stood_s(600.0) == 0.0);
}

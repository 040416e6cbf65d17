// What a killed hall wrote is what the next one reads: every field of a plan that the interlocking judges by.

#include <catch2/catch_test_macros.hpp>

#include "showcontrol/hall/records.h"

using namespace promenade;
using namespace promenade::hall;

namespace {

planning::PlayPlan some_plan() {
  planning::FloorPlan floor;
  floor.boundary = {{0.0, 0.0}, {20.0, 0.0}, {20.0, 10.0}, {0.0, 10.0}, {0.0, 0.0}};
  floor.way_in_stop_m = floor.way_out_stop_m = 2.0;
  floor.setting_off_s = 2.1;
  package::Route route;
  for (int i = 0; i < 3; ++i) route.scenes.push_back({"scene", {1.5 * i, 0.4 * i}, 0.6, 6.0 + i, 20.0});
  planning::PlayPlan plan = planning::make_plan(route, tracking::Placement{0.7, {8.0, 4.0}, 0.0, true}, 0.9, {{1.0, 1.0}, {6.0, 3.0}, {8.0, 4.0}}, {{9.0, 5.0}, {18.0, 9.0}}, floor);
  plan.play = PlayId(17);
  plan.film = base::FilmId("001100012026");
  planning::give_lanes(plan, {{HallPoint{1.0, 1.4}, HallPoint{1.5, 2.0}, {}, false}, {HallPoint{0.6, 1.0}, std::nullopt, {}, true}}, {{-0.3, 0.1}, {0.3, -0.1}}, HallPoint{19.0, 9.0});
  plan.joins = PlayId(3);
  plan.joins_block = 4;
  for (std::size_t k = 0; k < plan.blocks.size(); ++k) plan.enter_s.push_back(100.0 + 9.3 * static_cast<double>(k));
  plan.end_s = 300.25;
  return plan;
}

}  // namespace

TEST_CASE("A course and what the interlocking holds of it come back as they were") {
  Course course;
  course.id = PlayId(17);
  course.film = base::FilmId("001100012026");
  course.plan = some_plan();
  course.members = {ViewerId(4), ViewerId(9)};
  course.granted_gate = 3;
  course.committed = HallTime{std::chrono::microseconds(1'234'567)};
  planning::SavedPlay held;
  held.plan = course.plan;
  held.at = {2, 1.25, 3, 140.5};
  held.waits.resize(course.plan.blocks.size());
  held.waits[4] = {{PlayId(16), 5, 0.75, false}, {PlayId(12), 2, 2.0, true}};
  held.overtaken = 3;
  held.passed = 2;
  const auto read = course_from(to_record(course, &held));
  REQUIRE(read);
  CHECK(read->course.id == course.id);
  CHECK(read->course.film == course.film);
  CHECK(read->course.plan == course.plan);
  CHECK(read->course.members == course.members);
  CHECK(read->course.granted_gate == 3);
  CHECK_FALSE(read->course.closed);
  CHECK(read->course.committed == course.committed);
  CHECK(read->course.seat == Course::kNoSeat);
  REQUIRE(read->saved);
  CHECK(*read->saved == held);
}

TEST_CASE("A class comes back as it was") {
  SchoolClass one;
  one.film = base::FilmId("001100012026");
  one.people = 40;
  one.done = 6;
  one.groups = {{PlayId(17), 6, HallTime{std::chrono::microseconds(1'234'567)}, true}, {PlayId(23), 5, HallTime{std::chrono::microseconds(9'000'000)}, false}};
  const auto read = class_from(to_record(one));
  REQUIRE(read);
  CHECK(*read == one);
}

TEST_CASE("Whoever starts after a restart waits for those who were there before it") {
  planning::FloorPlan floor;
  floor.boundary = {{0.0, 0.0}, {20.0, 0.0}, {20.0, 10.0}, {0.0, 10.0}, {0.0, 0.0}};
  planning::Interlocking before(floor);
  const planning::PlayPlan first = some_plan();
  REQUIRE(before.add(first, 90.0));
  before.grant(first.play, 0);
  REQUIRE(before.progress(first.play, 0, 1.0, 101.0));

  Course course;
  course.id = first.play;
  course.film = first.film;
  course.plan = first;
  const auto read = course_from(to_record(course, &before.saved(first.play)));
  REQUIRE(read);
  REQUIRE(read->saved);
  planning::Interlocking after(floor);
  REQUIRE(after.restore({*read->saved}));
  planning::PlayPlan second = first;
  second.play = PlayId(18);
  for (double& time_s : second.enter_s) time_s += 1.0;
  second.end_s += 1.0;
  CHECK_FALSE(after.add(second, 101.0));  // in each other's way
  for (double& time_s : second.enter_s) time_s += 400.0;
  second.end_s += 400.0;
  REQUIRE(after.add(second, 101.0));
  CHECK_FALSE(after.may_enter(second.play, 0).open);
}

TEST_CASE("Text that is no record is nothing") {
  for (const char* text : {"", "{", "[]", "{\"id\":1}", "{\"id\":1,\"film\":\"001100012026\",\"plan\":{\"play\":1,\"blocks\":[{\"path\":[]}]}}"}) {
    const std::string_view view(text);
    const base::Bytes bytes(view.begin(), view.end());
    CHECK_FALSE(course_from(bytes));
    CHECK_FALSE(visit_from(bytes));
    CHECK_FALSE(mode_from(bytes));
  }
}

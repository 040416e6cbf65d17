#include "showcontrol/planning/week.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/planning/week_demand.h"
#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;
using Catch::Approx;

namespace {

const base::FilmId kWalk{"001100012026"}, kSit{"001200012026"};

WeekFilm walking() { return {kWalk, straight_route(3, 1.5, 8.0, 5.0), false}; }
WeekFilm seated(double length_s) {
  package::Route route;
  route.scenes.push_back({"seat", {0.0, 0.0}, 0.6, length_s, 30.0});
  route.hold_total_max_s = 30.0;
  return {kSit, route, true};
}

DayCarried carried_of(const FloorPlan& floor, const std::vector<WeekFilm>& films, const WeekHouse& house, std::map<base::FilmId, std::vector<double>> wished) {
  return carried_day(Planner(floor), {}, films, house, {"day", 1, 10, std::move(wished)}, 4);
}

base::Findings wrong(const std::string& text) {
  const auto read = read_demand(text, "demand.toml");
  REQUIRE_FALSE(read);
  return read.error();
}

}  // namespace

TEST_CASE("a hall that few come to carries all of them, and nothing limits it") {
  const DayCarried day = carried_of(rectangle_hall(14.0, 10.0), {walking()}, {}, {{kWalk, {12.0, 20.0, 0.0}}});
  REQUIRE(day.hours.size() == 3);
  CHECK(day.hours[0].hour == 10);
  CHECK(day.come > 20);
  CHECK(day.come < 44);
  CHECK(day.begin == day.come);
  CHECK(day.hours[2].come == 0);
  int come = 0, begin = 0;
  for (const HourCarried& hour : day.hours) {
    come += hour.come;
    begin += hour.begin;
    CHECK(hour.limit == Limit::nothing);
    if (hour.come > 0) CHECK(hour.wait_mean_s >= 25.0);  // he is fitted first
    CHECK(hour.wait_p95_s >= 0.0);
  }
  CHECK(come == day.come);
  CHECK(begin == day.begin);
}

TEST_CASE("slow fitting limits a day to what the fitters can do") {
  WeekHouse house;
  house.fitters = 2;
  house.fit_s = 600.0;
  const DayCarried day = carried_of(rectangle_hall(14.0, 10.0), {walking()}, house, {{kWalk, {40.0, 40.0, 40.0}}});
  CHECK(day.hours[1].begin == Approx(12).margin(1));
  CHECK(day.hours[2].begin == Approx(12).margin(1));
  CHECK(day.hours[2].limit == Limit::fitting);
  CHECK(day.hours[2].waiting > 50);
  CHECK(day.begin < day.come);
}

TEST_CASE("few headsets limit a day to their turns") {
  WeekHouse house;
  house.headsets = 1;
  house.clean_s = 300.0;
  const DayCarried day = carried_of(rectangle_hall(14.0, 10.0), {walking()}, house, {{kWalk, {40.0, 40.0}}});
  const double turn_s = house.fit_s + package::nominal_length_s(walking().route) + house.clean_s;
  CHECK(day.hours[1].begin <= 3600.0 / turn_s + 1.0);
  CHECK(day.hours[1].begin >= 3600.0 / (turn_s + 30.0) - 1.0);  // steps of the simulation, setting off
  CHECK(day.hours[1].limit == Limit::headsets);
}

TEST_CASE("one chair limits a seated film, and the floor a small hall's walking film") {
  FloorPlan floor = rectangle_hall(9.0, 6.0);
  floor.keep_clear.push_back({"seat A1", {{1.5, 1.5}}, floor.separation_m, 0.6});
  WeekHouse house;
  house.headsets = 200;
  house.fitters = 20;
  house.seats = {{1.5, 1.5}};
  const DayCarried sit = carried_of(floor, {seated(600.0)}, house, {{kSit, {20.0, 20.0}}});
  CHECK(sit.hours[1].begin == Approx(6).margin(1));
  CHECK(sit.hours[1].limit == Limit::chairs);
  const DayCarried walk = carried_of(floor, {walking()}, house, {{kWalk, {1500.0}}});
  CHECK(walk.hours[0].limit == Limit::floor);
  CHECK(walk.hours[0].begin > 50);
  CHECK(walk.begin < walk.come);
  // Who waits for a headset only because others wear them and wait for the floor waits for the floor.
  house.headsets = 40;
  house.clean_s = 0.0;
  CHECK(carried_of(floor, {walking()}, house, {{kWalk, {1500.0}}}).hours[0].limit == Limit::floor);
}

TEST_CASE("a demand file is read, and all that is wrong with one is told") {
  const auto read = read_demand("format = \"promenade-demand/1\"\n[[days]]\nname = \"workday\"\ntimes = 5\nopens_h = 9\n[days.viewers_per_hour]\n\"001100012026\" = [1, 2.5]\n", "demand.toml");
  REQUIRE(read);
  REQUIRE(read->size() == 1);
  CHECK(read->front().times == 5);
  CHECK(read->front().viewers_per_hour.at(kWalk) == std::vector<double>{1.0, 2.5});
  CHECK(load_demand(std::string(PROMENADE_SOURCE_DIR) + "/venue-configs/wuxi-420/demand.toml"));

  const base::Findings many = wrong("format = \"promenade-demand/1\"\n[[days]]\nname = \"\"\ntimes = 9\nopen_h = 9\n[days.viewers_per_hour]\na = [1, -2]\nb = [1]\nc = 3\n");
  std::vector<std::string> codes;
  for (const base::Finding& one : many) codes.push_back(one.code);
  for (const char* code : {"name-missing", "out-of-range", "key-unknown", "hours-differ", "hours-missing"}) CHECK(std::ranges::count(codes, code) >= 1);
  CHECK(std::ranges::find(many, "hours-differ", &base::Finding::code)->line == 8);
  CHECK(wrong("format = 1\n").size() == 2);
  CHECK(wrong("days = \n").front().code == "toml-syntax");
  CHECK(wrong(std::string(2 << 20, '#')).front().code == "file-too-large");
  CHECK(load_demand("/nowhere/demand.toml").error().front().code == "file-unreadable");
}

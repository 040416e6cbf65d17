// Both planning cases on saturated demand, through the outside checker; skipped where its folder is not there.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "showcontrol/planning/timing.h"
#include "tests/bench/online_demand.h"
#include "tracking/base/formatted.h"

using namespace promenade;
using namespace promenade::bench;

namespace {

const std::filesystem::path kCases = std::filesystem::path(PROMENADE_SOURCE_DIR) / ".." / "shared" / "data" / "planning";

std::filesystem::path shortened(const std::string& name, double hours, const std::filesystem::path& folder) {
  std::ifstream in(kCases / (name + ".json"));
  nlohmann::json json = nlohmann::json::parse(in);
  json["demand"]["hours"] = hours;
  json["demand"]["warmup_s"] = hours * 900.0;
  const std::filesystem::path path = folder / (name + ".json");
  std::ofstream(path) << json.dump();
  return path;
}

void plan_and_check(const std::string& name, planning::ConflictRule rule) {
  if (!std::filesystem::exists(kCases / "check_plays.py")) SKIP("the planning cases are not beside this checkout");
  const std::filesystem::path folder = std::filesystem::path(PROMENADE_BINARY_DIR) / "planning-cases" / (name + (rule == planning::ConflictRule::blocks ? "-blocks" : "-points"));
  std::filesystem::create_directories(folder);
  const std::filesystem::path path = shortened(name, 0.2, folder);
  const PlanningCase planning_case = read_case(path.string());
  DemandOptions options;
  options.hours = planning_case.hours;
  options.rule = rule;
  options.budget = {100, 8, 3, 24, 60, 2};
  const DemandResult result = run_demand(planning_case, options);
  CHECK(result.plays.size() >= 5);
  const std::string text = plays_text(planning_case, result.plays);
  CHECK(text == plays_text(planning_case, run_demand(planning_case, options).plays));
  write_text((folder / "plays.json").string(), text);
  const std::string command = base::formatted("python3 '{}' '{}' '{}' > '{}'", (kCases / "check_plays.py").string(), path.string(),
                                          (folder / "plays.json").string(), (folder / "checked.json").string());
  CHECK(std::system(command.c_str()) == 0);
}

}  // namespace

TEST_CASE("six films pass the outside checker, as points in time") { plan_and_check("six-films-420", planning::ConflictRule::points_in_time); }
TEST_CASE("six films pass the outside checker, as blocks") { plan_and_check("six-films-420", planning::ConflictRule::blocks); }
TEST_CASE("columns and ways pass the outside checker, as points in time") { plan_and_check("six-films-420-columns-transit", planning::ConflictRule::points_in_time); }
TEST_CASE("columns and ways pass the outside checker, as blocks") { plan_and_check("six-films-420-columns-transit", planning::ConflictRule::blocks); }

TEST_CASE("plays are written with whole ways, and only what their format can say") {
  PlanningCase planning_case;
  planning_case.floor.boundary = {{0, 0}, {20, 0}, {20, 9}, {0, 9}};
  planning_case.floor.way_in_stop_m = planning_case.floor.way_out_stop_m = 3.0;
  planning_case.entrance = {0.0, 4.0};
  planning_case.exit = {20.0, 4.0};
  package::Route route;
  route.scenes = {{"one", {0.0, 0.0}, 0.6, 10.0, 0.0}, {"two", {2.0, 0.0}, 0.6, 10.0, 0.0}};
  planning_case.films.push_back({base::FilmId("film"), route, std::nullopt});
  planning::PlayPlan plan = planning::make_plan(route, {0.0, {9.0, 4.0}}, 1.0, {*planning_case.entrance, {9.0, 4.0}}, {{11.0, 4.0}, *planning_case.exit}, planning_case.floor);
  REQUIRE(plan.first_scene_block() > 1);
  const auto times = planning::earliest_times(plan, planning::Snapshot{}, planning_case.floor, planning::ConflictRule::points_in_time, 0.0, 10.0, 0.0);
  REQUIRE(times);
  plan.enter_s = times->enter_s;
  plan.end_s = times->end_s;
  const auto written = nlohmann::json::parse(plays_text(planning_case, {{0, 0, 0.0, 0.0, plan}})).at("plays").at(0);
  CHECK(written.at("in_path_m").front() == nlohmann::json{0.0, 4.0});
  CHECK(written.at("in_path_m").back() == nlohmann::json{9.0, 4.0});
  CHECK(written.at("out_path_m").front() == nlohmann::json{11.0, 4.0});
  CHECK(written.at("out_path_m").back() == nlohmann::json{20.0, 4.0});
  planning::PlayPlan stops = plan;
  stops.enter_s[0] -= 5.0;
  CHECK_THROWS_AS(plays_text(planning_case, {{0, 0, 0.0, 0.0, stops}}), std::runtime_error);
  plan.scale = 0.9;
  CHECK_THROWS_AS(plays_text(planning_case, {{0, 0, 0.0, 0.0, plan}}), std::runtime_error);
}

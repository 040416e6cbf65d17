// near_misses.h
#include "tests/report/records.h"

#include <catch2/catch_approx.hpp>
#include <nlohmann/json.hpp>

using namespace promenade;
using namespace promenade::report;
using namespace promenade::report::test;
using Catch::Approx;

namespace {

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// PROMENADE_UPDATE_GOLDEN=1 writes the file anew, to be looked at before it is kept.
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(PROMENADE_SOURCE_DIR) + "/tests/report/golden/" + name;
  if (std::getenv("PROMENADE_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  CHECK(text == content(path));
}

}  // namespace

TEST_CASE("A report says how many, how often, where and which were the worst") {
  const auto calendar = ticketing::BusinessCalendar::make("Asia/Shanghai", std::chrono::hours(6));
  REQUIRE(calendar);
  const auto all = records();
  const Summary summary = summarise(all, times(), {});
  check_golden("near-misses.txt", to_text(summary, titles(), {"Wuxi walking hall", "2026-05-01", ""}, *calendar));
  check_golden("near-misses.csv", to_csv(all, {}));
}

TEST_CASE("A near miss within one part counts once, one between two parts in both") {
  const auto all = records();
  const Summary summary = summarise(all, times(), {});
  CHECK(summary.near_others == 2);
  CHECK(summary.near_walls == 1);
  CHECK(summary.contacts == 1);
  CHECK(summary.hours == Approx(7.6));
  CHECK(summary.cuts(kLantern) == 2);
  std::size_t in_rows = 0;
  for (const Row& row : summary.rows) in_rows += row.near_others;
  CHECK(in_rows == 3);  // one in the bridge, and one that is on a way of each of two films
  const auto bridge = std::ranges::find_if(summary.rows, [](const Row& row) { return row.part == "scene" && row.scene == 1; });
  REQUIRE(bridge != summary.rows.end());
  CHECK(bridge->near_others == 1);
  CHECK(bridge->contacts == 1);
  CHECK(bridge->per_1000_hours() == Approx(400.0));
  CHECK(bridge->nearest_m == Approx(0.55));
}

TEST_CASE("Rows are in the order of the film: way in, scenes and the legs that leave them, way out") {
  std::vector<ViewerTimeRow> time{{"1", "a", "way_out", -1, "", 1.0}, {"1", "a", "leg", 1, "", 1.0}, {"1", "a", "scene", 1, "", 1.0},
                                  {"1", "a", "scene", 0, "", 1.0},    {"1", "a", "leg", 0, "", 1.0}, {"1", "a", "way_in", -1, "", 1.0}};
  const std::vector<NearMissRecord> none;
  std::string order;
  for (const Row& row : summarise(none, time, {}).rows) order += row.part + std::to_string(row.scene) + " ";
  CHECK(order == "way_in-1 scene0 leg0 scene1 leg1 way_out-1 ");
}

TEST_CASE("Among the worst a contact stands for the near miss that it was part of, and gaps to walls weigh double") {
  const auto all = records();
  const Summary summary = summarise(all, times(), {});
  std::vector<std::int64_t> numbers;
  for (const NearMissRecord* one : summary.worst) numbers.push_back(one->number);
  CHECK(numbers == std::vector<std::int64_t>{2, 4, 3});
}

TEST_CASE("A film or a kind can be asked for alone") {
  const auto all = records();
  const Summary snow = summarise(all, times(), {kSnow, {}});
  CHECK(snow.near_others == 1);
  CHECK(snow.hours == Approx(1.0));
  REQUIRE(snow.rows.size() == 1);
  CHECK(snow.rows[0].film == kSnow);
  const Summary walls = summarise(all, times(), {{}, "wall_near_miss"});
  CHECK(walls.near_others == 0);
  CHECK(walls.near_walls == 1);
  CHECK(walls.worst.size() == 1);
}

TEST_CASE("The JSON says the same as the sentences") {
  const auto all = records();
  const auto json = nlohmann::json::parse(to_json(summarise(all, times(), {}), titles(), {"h", "p", ""}));
  CHECK(json["near_misses_viewers"] == 2);
  CHECK(json["contacts"] == 1);
  CHECK(json["parts"].size() == 7);
  CHECK(json["worst"][0]["people"][1]["headset"] == 2);
  CHECK(json["films"][kLantern]["zh"] == "灯街");
}

TEST_CASE("Without near misses and without hours it says so") {
  const auto calendar = ticketing::BusinessCalendar::make("Asia/Shanghai", std::chrono::hours(6));
  const std::vector<NearMissRecord> none;
  const std::string text = to_text(summarise(none, {}, {}), {}, {"", "2026-05-01", ""}, *calendar);
  CHECK(text.contains("How long viewers were on the floor is not known"));
  CHECK(text.contains("Nothing was kept that answers this."));
}

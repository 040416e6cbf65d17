// config.h, config_file.h
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/ticketing_core/fixtures.h"
#include "ticketing/core/config_file.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;

namespace {

const std::string kSample = std::string(PROMENADE_SOURCE_DIR) + "/venue-configs/wuxi-420/boxoffice.toml";

std::string sample_text() {
  std::ifstream file(kSample);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

bool has(const base::Findings& findings, const std::string& code) {
  return std::ranges::any_of(findings, [&](const base::Finding& f) { return f.code == code; });
}

}  // namespace

TEST_CASE("the sample venue's box office reads without a finding") {
  const auto reading = read_config_file(kSample);
  INFO(base::to_string(reading.findings));
  REQUIRE(reading.config.has_value());
  CHECK(reading.findings.empty());
  const Config& c = *reading.config;
  CHECK(c.films.size() == 9);
  CHECK(std::ranges::count(c.films, FilmKind::seated, &FilmEntry::kind) == 3);
  CHECK(c.film(base::FilmId("001100032026"))->title_en == "The Clockmaker's Yard");
  CHECK(c.film(base::FilmId("001200032026"))->price.minor_units == 4800);
  CHECK(c.hall(base::HallId("wuxi-420"))->sensors.front().id == "door-1");
  CHECK(c.lanes.size() == 15);
  CHECK(c.calendar().has_value());
}

TEST_CASE("a configuration goes to JSON and back") {
  const auto reading = read_config_file(kSample);
  REQUIRE(reading.config.has_value());
  CHECK(config_from_json(to_json(*reading.config)) == *reading.config);
  Config small = small_config();
  small.films[0].package_hash = package(9);
  CHECK(config_from_json(to_json(small)) == small);
  auto json = to_json(small);
  json["colour"] = 1;
  CHECK(config_from_json(json).error().code == "config-malformed");
}

TEST_CASE("each fault in the file is a finding with key and line") {
  const std::string text = sample_text();
  const struct { const char *from, *to, *code, *key; } cases[] = {
      {"cut_over = \"06:00\"", "cut_over = \"6\"", "wrong-type", "venue.cut_over"},
      {"time_zone = \"Asia/Shanghai\"", "time_zone = \"Asia/Wuxi\"", "time-zone-unknown", "venue.time_zone"},
      {"cinema_code = \"32020501\"", "cinema_code = \"3202\"", "cinema-code-malformed", "venue.cinema_code"},
      {"capacity = 40", "capacity = 0", "out-of-range", "halls[0].capacity"},
      {"capacity = 40", "capasity = 40", "unknown-key", "halls[0].capasity"},
      {"capacity = 40", "", "missing-key", "halls[0].capacity"},
      {"miss_rate = 0.008", "miss_rate = 0.8", "out-of-range", "halls[0].sensors[0].miss_rate"},
      {"id = \"001100012026\"", "id = \"0011\"", "film-code-malformed", "films[0].id"},
      {"id = \"001100022026\"", "id = \"001100012026\"", "duplicate", "films[1].id"},
      {"permit = \"电审虚字[0000]第001号\"", "permit = \"none\"", "permit-malformed", "films[0].permit"},
      {"price = \"88.00\"", "price = \"88.000\"", "wrong-type", "films[0].price"},
      {"price = \"88.00\"", "price = \"89.00\"", "price-class-mixed", "films[1].price"},
      {"kind = \"walking\"", "kind = \"running\"", "wrong-type", "films[0].kind"},
      {"hall = \"wuxi-420\"", "hall = \"other\"", "unknown-hall", "lanes[0].hall"},
      {"slots = 8", "slots = 41", "out-of-range", "lanes[0].slots"},
      {"currency = \"CNY\"", "currency = \"yuan\"", "wrong-type", "venue.currency"},
      {"[tickets]", "[tickets", "toml-malformed", ""},
  };
  for (const auto& c : cases) {
    const std::string broken = replaced(text, c.from, c.to);
    const auto reading = parse_config(broken, "boxoffice.toml");
    INFO(c.from << " -> " << c.to << "\n" << base::to_string(reading.findings));
    CHECK_FALSE(reading.config.has_value());
    const auto at = std::ranges::find_if(reading.findings, [&](const base::Finding& f) { return f.code == c.code && f.key == c.key; });
    REQUIRE(at != reading.findings.end());
    CHECK(at->line > 0);
    CHECK(at->file == "boxoffice.toml");
  }
  CHECK(has(read_config_file("/nowhere/boxoffice.toml").findings, "file-unreadable"));
}

TEST_CASE("texts that TOML's own parser stumbles over are findings with their line") {
  const struct { const char* text; int line; } cases[] = {{"[a.\n", 1}, {"[venue]\n\n[venue.\nx]\n", 3}, {"[venue]\nid = é\n", 2}, {"[venue", 1}, {"é", 1}};
  for (const auto& c : cases) {
    const auto reading = parse_config(c.text, "boxoffice.toml");
    INFO(c.text << "\n" << base::to_string(reading.findings));
    CHECK_FALSE(reading.config.has_value());
    REQUIRE(reading.findings.size() == 1);
    CHECK(reading.findings.front().code == "toml-malformed");
    CHECK(reading.findings.front().line == c.line);
  }
}

TEST_CASE("an exhibition needs no permits and no cinema code") {
  Config c = small_config();
  c.cinema_code.clear();
  for (auto& film : c.films) film.permit.clear();
  CHECK(base::has_errors(check(c)));
  c.national_reporting = false;
  CHECK_FALSE(base::has_errors(check(c)));
}

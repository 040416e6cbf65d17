// The nine sample films: whole, of the right length, with real routes and words for every scene.
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>

#include "content-tools/package/package_file.h"
#include "tests/film_tool/samples.h"

using namespace promenade;
using namespace promenade::film_tool::testing;

TEST_CASE("the nine packed films verify and are signed by the demo's distributor") {
  const std::string folder = PROMENADE_BINARY_DIR "/films";
  const auto key = package::load_public_key(folder + "/demo-distributor.key.pub");
  REQUIRE(key);
  const auto films = package::load_film_folder(folder, {*key});
  REQUIRE(films);
  INFO(base::to_string(films->findings));
  CHECK(films->findings.empty());
  CHECK(films->films.size() == 9);
  for (const auto& film : films->films) {
    auto reader = package::open_package(film.path, {*key});
    REQUIRE(reader);
    CHECK(reader->verify().empty());
  }
}

TEST_CASE("codes and titles are those that the box office sells") {
  static const std::map<std::string, std::pair<std::string, std::string>> kSold = {
      {"001100012026", {"Lantern Street", "灯街"}},        {"001100022026", {"Tide Caves", "潮洞"}},
      {"001100032026", {"The Clockmaker's Yard", "钟匠的院子"}}, {"001100042026", {"Snow Line", "雪线"}},
      {"001100052026", {"Orchard of Birds", "百鸟园"}},    {"001100062026", {"Night Train", "夜行列车"}},
      {"001200012026", {"Slow Planet", "慢行星"}},         {"001200022026", {"Reed Lake", "芦苇湖"}},
      {"001200032026", {"Inside the Bell", "钟声之内"}}};
  std::set<std::string> seen;
  for (const char* name : kSamples) {
    const package::Manifest m = packed_sample(name);
    REQUIRE(kSold.contains(m.film.value()));
    const auto& [en, zh] = kSold.at(m.film.value());
    CHECK(m.titles.at("en") == en);
    CHECK(m.titles.at("zh") == zh);
    CHECK((m.kind == package::FilmKind::walking) == m.film.value().starts_with("0011"));
    seen.insert(m.film.value());
  }
  CHECK(seen.size() == 9);
}

TEST_CASE("every sample is 60 to 90 seconds and speaks zh and en in every scene") {
  for (const char* name : kSamples) {
    INFO(name);
    const package::Manifest m = packed_sample(name);
    CHECK(m.length_s >= 60.0);
    CHECK(m.length_s <= 90.0);
    CHECK_FALSE(m.cues.empty());
    REQUIRE(m.subtitles.size() == 2);
    for (const package::SubtitleTrack& track : m.subtitles) {
      std::set<std::uint32_t> scenes;
      for (const auto& line : track.lines) scenes.insert(line.scene);
      CHECK(scenes.size() == m.scene_count());
      CHECK((track.language == "zh" || track.language == "en"));
    }
    CHECK(m.subtitles[0].lines.size() == m.subtitles[1].lines.size());
    for (const char* language : {"zh", "en"}) CHECK_FALSE(m.synopses.at(language).empty());
  }
}

TEST_CASE("every walking sample has a route of six scenes or more that fits beside the others") {
  for (const char* name : kSamples) {
    const package::Manifest m = packed_sample(name);
    if (!m.route) continue;
    INFO(name);
    const package::Route& route = *m.route;
    CHECK(route.scenes.size() >= 6);
    CHECK(route.hold_total_max_s == 120.0);
    for (std::size_t i = 0; i < route.scenes.size(); ++i) {
      CHECK(route.scenes[i].dwell_s >= 4.5);
      CHECK(route.scenes[i].dwell_s <= 10.0);
      CHECK(route.scenes[i].hold_max_s >= 20.0);
      CHECK(route.scenes[i].hold_max_s <= 30.0);
      for (std::size_t j = 0; j < route.scenes.size(); ++j) {
        CHECK(std::abs(route.scenes[i].at.x_m - route.scenes[j].at.x_m) <= 7.0);
        CHECK(std::abs(route.scenes[i].at.y_m - route.scenes[j].at.y_m) <= 7.0);
      }
      for (const std::uint32_t next : package::followers(route, static_cast<std::uint32_t>(i))) {
        CHECK(package::leg_length_m(route, i, next) >= 1.3);
        CHECK(package::leg_length_m(route, i, next) <= 3.6);
      }
    }
  }
}

#include "runtime/film/film.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/film/glb.h"
#include "tests/package/films.h"
#include "tests/package/temporary_folder.h"

using namespace promenade;
using namespace promenade::film;
using promenade::film::testing::Glb;
using Catch::Approx;
using package::testing::NamedFile;
using package::testing::TemporaryFolder;

namespace {

std::string packed_as(const TemporaryFolder& folder, package::Manifest manifest, const std::vector<NamedFile>& files) {
  const auto bytes = package::testing::packed(std::move(manifest), files);
  REQUIRE(bytes);
  folder.write("film.prom", base::as_text(*bytes));
  return folder.path() + "/film.prom";
}

std::vector<NamedFile> files(base::Bytes world) {
  return {{"world/world.glb", std::move(world), {}}, {"sound/bell.flac", {1}, {}}, {"sound/wind.flac", {2}, {}}};
}

base::Bytes triangle() {
  Glb glb;
  glb.triangle();
  return glb.file();
}

}  // namespace

TEST_CASE("a scene repeats its last seconds while the viewer is held") {
  package::Manifest m = package::testing::walking_film();  // 8 s, leg of 2 s, 8 s
  m.route->scenes[0].loop_s = 3.0;
  const auto time = [&](double s) { return story_time(m, 0, s).time_s; };
  CHECK(time(-1.0) == 0.0);
  CHECK(time(7.9) == 7.9);
  CHECK(time(8.0) == 5.0);
  CHECK(time(10.5) == 7.5);
  CHECK(time(11.0) == Approx(5.0));
  CHECK(story_time(m, {1, 30.0}) == package::StoryTime{1, 8.0});  // no loop: it rests
  CHECK(story_time(m, {0, 0.5, true}) == package::StoryTime{0, 8.5});
  CHECK(story_time(m, {0, 99.0, true}) == package::StoryTime{0, 10.0});
  CHECK(story_time(m, {7, 1.0}).scene == 1);
  CHECK(unlooped_time(m, {0, 10.5}) == package::StoryTime{0, 8.0});
  const package::Manifest seated = package::testing::seated_film();
  CHECK(story_time(seated, 0, 5.0).time_s == 5.0);
  CHECK(story_time(seated, 0, 99.0).time_s == seated.length_s);
}

TEST_CASE("subtitles come once, in the nearest language") {
  package::Manifest m = package::testing::walking_film();
  m.route->scenes[0].loop_s = 3.0;
  m.subtitles = {{"en", {{0, 1.0, 2.0, "Hello"}, {0, 6.0, 7.5, "Wait"}, {0, 7.5, 9.0, "Come"}, {0, 9.0, 9.9, "Along"}}}};
  const auto line = [&](Moment at, const char* language = "en") {
    const auto* found = subtitle_at(m, at, language);
    return found ? found->text : "";
  };
  CHECK(line({0, 0.5}) == "");
  CHECK(line({0, 1.5}) == "Hello");
  CHECK(line({0, 1.5}, "en-GB") == "Hello");
  CHECK(line({0, 1.5}, "zh") == "");
  CHECK(line({0, 8.5}) == "Come");          // runs out while held
  CHECK(line({0, 9.5}) == "");              // the leg's line waits for the leg
  CHECK(line({0, 11.5}) == "");             // and the scene's are not told again
  CHECK(line({0, 0.5, true}) == "Come");
  CHECK(line({0, 1.5, true}) == "Along");
  CHECK(line({1, 1.5}) == "");
}

TEST_CASE("a film opens with its world and without a poster") {
  const TemporaryFolder folder;
  const std::string path = packed_as(folder, package::testing::sounding_film(), files(triangle()));
  auto film = OpenFilm::open(path);
  REQUIRE(film);
  REQUIRE((*film)->world());
  CHECK((*film)->world()->meshes.size() == 1);
  CHECK((*film)->findings().empty());
  CHECK(*(*film)->read("sound/bell.flac", 10) == base::Bytes{1});
  CHECK((*film)->open_video().error().code == "video-missing");
  base::Findings findings;
  const auto poster = read_poster(path, findings);
  REQUIRE(poster);
  CHECK_FALSE(*poster);
  CHECK(findings.empty());
}

TEST_CASE("a poster is read alone, and one that cannot be shown is told") {
  const TemporaryFolder folder;
  package::Manifest manifest = package::testing::walking_film();  // no world: nobody asks for it
  manifest.tracks = {{"poster", package::TrackKind::poster, "", "png", "poster.png"}};
  base::Findings findings;
  const auto poster = read_poster(packed_as(folder, manifest, {{"poster.png", promenade::film::testing::kPng, {}}}), findings);
  REQUIRE(poster);
  REQUIRE(*poster);
  CHECK((*poster)->width == 2);
  CHECK((*poster)->height == 2);
  CHECK(findings.empty());
  const auto broken = read_poster(packed_as(folder, manifest, {{"poster.png", {1, 2, 3}, {}}}), findings);
  REQUIRE(broken);
  CHECK_FALSE(*broken);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].code == "image-unsupported");
  CHECK(findings[0].severity == base::Severity::warning);
  CHECK(findings[0].file == "poster.png");
  CHECK(read_poster(folder.path() + "/none.prom", findings).error().code == "file-unreadable");
}

TEST_CASE("a film that cannot be shown says why") {
  const TemporaryFolder folder;
  package::Manifest no_world = package::testing::walking_film();
  CHECK(OpenFilm::open(packed_as(folder, no_world, {})).error().code == "world-missing");
  const auto damaged = OpenFilm::open(packed_as(folder, package::testing::sounding_film(), files({1, 2, 3})));
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().code == "world-damaged");
  CHECK(damaged.error().text().find("film.prom") != std::string::npos);
  CHECK(OpenFilm::open(folder.path() + "/none.prom").error().code == "file-unreadable");
  CHECK(OpenFilm::open(packed_as(folder, package::testing::seated_film(), {})).error().code == "video-missing");
  package::Manifest other = package::testing::sounding_film();
  other.tracks[0].codec = "usdz";
  CHECK(OpenFilm::open(packed_as(folder, other, files(triangle()))).error().code == "film-too-new");
}

TEST_CASE("a film newer than the program says so") {
  const TemporaryFolder folder;
  auto bytes = package::testing::packed(package::testing::sounding_film(), files(triangle()));
  REQUIRE(bytes);
  (*bytes)[8] = 2;  // the format's version
  folder.write("new.prom", base::as_text(*bytes));
  const auto film = OpenFilm::open(folder.path() + "/new.prom");
  REQUIRE_FALSE(film);
  CHECK(film.error().code == "film-too-new");
  CHECK(film.error().text().find("newer than this program") != std::string::npos);
}

#include "content-tools/package/source.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "tests/package/films.h"
#include "tests/package/temporary_folder.h"

using namespace promenade;
using namespace promenade::package;
using namespace promenade::package::testing;

namespace {

constexpr std::string_view kFilm = R"(format = 1
film = "001199992026"
permit_number = "P1"
kind = "walking"
length_s = 18.0
comfort = "calm"
ai_content = "none"
languages = ["en"]
distributor = "Tests"
[titles]
en = "Trial"
[synopses]
en = "One sentence."
[route]
hold_total_max_s = 40.0
mirrorable = true
[[route.scenes]]
name = "first"
at_m = [0.0, 0.0]
dwell_s = 8
hold_max_s = 20.0
[[route.scenes]]
name = "second"
at_m = [0.0, 1.4]
dwell_s = 8
hold_max_s = 20.0
[[cues]]
scene = "second"
time_s = 1.5
name = "bang"
[[subtitles]]
language = "en"
path = "en.srt"
[[tracks]]
name = "sound"
kind = "audio"
language = "en"
codec = "opus"
path = "sound.opus"
first_use = { scene = "second", time_s = 2.0 }
)";

std::string changed(std::string_view from, std::string_view to) {
  std::string text(kFilm);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a film's source becomes its manifest") {
  const FilmToml toml = read_film_toml(kFilm, "film.toml");
  INFO(base::to_string(toml.findings));
  REQUIRE(toml.findings.empty());
  CHECK(toml.manifest.route->scenes[1].at == FilmPoint{0.0, 1.4});
  CHECK(toml.manifest.route->mirrorable);
  CHECK(toml.manifest.cues == std::vector<Cue>{{{1, 1.5}, "bang"}});
  REQUIRE(toml.media.size() == 1);
  CHECK(toml.media[0].needed_by == StoryTime{1, 2.0});
  CHECK(toml.subtitles[0].path == "en.srt");
}

TEST_CASE("each mistake in a source has its line and key") {
  const auto finding = [](const std::string& text) {
    const FilmToml toml = read_film_toml(text, "film.toml");
    REQUIRE_FALSE(toml.findings.empty());
    const base::Finding& f = toml.findings.front();
    return f.code + ":" + std::to_string(f.line) + " " + f.key;
  };
  CHECK(finding(changed("kind = \"walking\"", "kind = walking")) == "toml-malformed:4 ");
  CHECK(finding(changed("kind = \"walking\"", "kind = \"flying\"")) == "choice-unknown:4 kind");
  CHECK(finding(changed("length_s = 18.0", "length_s = \"18\"")) == "type-wrong:5 length_s");
  CHECK(finding(changed("length_s = 18.0", "length_s = 30.0")) == "length-mismatch:5 length_s");
  CHECK(finding(changed("mirrorable = true", "mirorable = true")) == "key-unknown:16 route.mirorable");
  CHECK(finding(changed("at_m = [0.0, 1.4]", "at_m = [0.0]")) == "type-wrong:24 route.scenes[1].at_m");
  CHECK(finding(changed("dwell_s = 8", "dwell_s = -8")) == "out-of-range:20 route.scenes[0].dwell_s");
  CHECK(finding(changed("scene = \"second\"", "scene = \"third\"")) == "scene-unknown:28 cues[0].scene");
  CHECK(finding(changed("\"sound.opus\"", "\"../sound.opus\"")) == "path-malformed:39 tracks[0].path");
  CHECK(finding(changed("format = 1", "format = 2")) == "version-unknown:1 format");
  CHECK(finding(changed("distributor = \"Tests\"\n", "")) == "key-missing:1 distributor");
}

TEST_CASE("a source's loops and sounds become the manifest's, and their files are packed by first use") {
  const FilmToml toml = read_film_toml(changed("[[cues]]", R"([[sounds]]
path = "bell.flac"
scene = "second"
time_s = 3.0
gain_db = -6
at_m = [0.5, 1.4]
height_m = 2
[[sounds]]
path = "sound.opus"
scene = "second"
[[sounds]]
path = "wind.flac"
whole_film = true
time_s = 1.0
loop = true
ambisonic = true
[[cues]])"), "film.toml");
  INFO(base::to_string(toml.findings));
  REQUIRE(toml.findings.empty());
  REQUIRE(toml.manifest.sounds.size() == 3);
  CHECK(toml.manifest.sounds[0] == Sound{.path = "bell.flac", .at = {1, 3.0}, .gain_db = -6.0, .source = SoundSource{{0.5, 1.4}, 2.0}});
  CHECK(toml.manifest.sounds[2] == Sound{.path = "wind.flac", .at = {0, 1.0}, .loop = true, .whole_film = true, .ambisonic = true});
  REQUIRE(toml.media.size() == 3);
  CHECK(toml.media[0].needed_by == StoryTime{1, 3.0});
  CHECK(toml.media[1].needed_by == StoryTime{1, 0.0});  // the track's file, used earlier by a sound
  CHECK(toml.media[2].needed_by == StoryTime{});
  const FilmToml loop = read_film_toml(changed("dwell_s = 8", "dwell_s = 8\nloop_s = 3"), "film.toml");
  REQUIRE(loop.findings.empty());
  CHECK(loop.manifest.route->scenes[0].loop_s == 3.0);
}

namespace {

// With a third scene, and `next` as what may follow the first.
std::string forked(const std::string& next) {
  std::string text(kFilm);
  const std::string third = "[[route.scenes]]\nname = \"third\"\nat_m = [1.0, 1.0]\ndwell_s = 8\nhold_max_s = 20.0\n";
  text.insert(text.find("[[cues]]"), third);
  text.insert(text.find("[[route.scenes]]\nname = \"second\""), next);
  return text;
}

constexpr const char* kFork = R"(choose_s = 5
[[route.scenes.next]]
scene = "second"
text = { en = "Left" }
[[route.scenes.next]]
scene = "third"
text = { en = "Right" }
)";

}  // namespace

TEST_CASE("a source names the scenes that may follow") {
  std::string text = forked(kFork);
  text.insert(text.find("[[route.scenes]]\nname = \"third\""), "next = []\n");
  const FilmToml toml = read_film_toml(text, "film.toml");
  INFO(base::to_string(toml.findings));
  REQUIRE(toml.findings.empty());
  const std::vector<Scene>& scenes = toml.manifest.route->scenes;
  REQUIRE(scenes[0].next);
  CHECK(*scenes[0].next == std::vector<Next>{{1, {{"en", "Left"}}}, {2, {{"en", "Right"}}}});
  CHECK(scenes[0].choose_s == 5.0);
  CHECK(scenes[1].next == std::vector<Next>{});
  CHECK_FALSE(scenes[2].next.has_value());

  const auto finding = [](std::string of, std::string_view from, std::string_view to) {
    const std::size_t at = of.find(from);
    REQUIRE(at != std::string::npos);
    const FilmToml read = read_film_toml(of.replace(at, from.size(), to), "film.toml");
    REQUIRE_FALSE(read.findings.empty());
    const base::Finding& f = read.findings.front();
    return f.code + ":" + std::to_string(f.line) + " " + f.key;
  };
  CHECK(finding(text, "scene = \"third\"", "scene = \"fourth\"") == "scene-unknown:27 route.scenes[0].next[1].scene");
  CHECK(finding(text, "scene = \"third\"", "scene = \"first\"") == "route-leads-back:27 route.scenes[0].next[1].scene");
  CHECK(finding(text, "scene = \"third\"", "scene = \"second\"") == "name-twice:27 route.scenes[0].next[1].scene");
  CHECK(finding(text, "text = { en = \"Right\" }", "text = { fr = \"Droite\" }") == "language-missing:28 route.scenes[0].next[1].text");
  CHECK(finding(text, "choose_s = 5\n", "") == "out-of-range:17 route.scenes[0].choose_s");
}

TEST_CASE("each mistake in a source's sounds has its line and key") {
  const auto finding = [](std::string_view sound) {
    const FilmToml toml = read_film_toml(changed("[[cues]]", std::string(sound) + "\n[[cues]]"), "film.toml");
    REQUIRE_FALSE(toml.findings.empty());
    const base::Finding& f = toml.findings.front();
    return f.code + ":" + std::to_string(f.line) + " " + f.key;
  };
  CHECK(finding("[[sounds]]\npath = \"a\"") == "key-missing:27 sounds[0].scene");
  CHECK(finding("[[sounds]]\npath = \"a\"\nscene = \"third\"") == "scene-unknown:29 sounds[0].scene");
  CHECK(finding("[[sounds]]\npath = \"a\"\nscene = \"first\"\nat_m = [0, 1]") == "key-missing:27 sounds[0].height_m");
  CHECK(finding("[[sounds]]\npath = \"a\"\nscene = \"first\"\nheight_m = 1") == "key-missing:27 sounds[0].at_m");
  CHECK(finding("[[sounds]]\npath = \"a\"\nscene = \"first\"\nloops = true") == "key-unknown:30 sounds[0].loops");
  CHECK(finding("[[sounds]]\npath = \"a\"\nscene = \"first\"\ngain_db = 40") == "out-of-range:30 sounds[0].gain_db");
  CHECK(finding("[video]\nlayout = \"mono\"") == "video-unexpected:27 video");
  CHECK(finding("[video]\nlayout = \"flat\"") == "choice-unknown:28 video.layout");
}

TEST_CASE("texts that TOML's own parser stumbles over are findings with their line") {
  const struct { const char* text; int line; } cases[] = {{"[a.\n", 1}, {"format = 1\n\n[titles.\nx]\n", 3}, {"format = 1\nfilm = é\n", 2}, {"[route", 1}, {"é", 1}};
  for (const auto& c : cases) {
    const FilmToml toml = read_film_toml(c.text, "film.toml");
    INFO(c.text << "\n" << base::to_string(toml.findings));
    REQUIRE(toml.findings.size() == 1);
    CHECK(toml.findings.front().code == "toml-malformed");
    CHECK(toml.findings.front().line == c.line);
  }
}

TEST_CASE("a folder is read with its subtitles and media") {
  const TemporaryFolder folder;
  folder.write("film.toml", kFilm);
  folder.write("en.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:11,000 --> 00:00:12,000\nBye\n");
  auto missing = load_film_source(folder.path());
  REQUIRE(missing);
  CHECK(has_code(missing->findings, "file-unreadable"));

  folder.write("sound.opus", "not really sound");
  auto source = load_film_source(folder.path());
  REQUIRE(source);
  INFO(base::to_string(source->findings));
  CHECK(source->findings.empty());
  REQUIRE(source->manifest.subtitles.size() == 1);
  CHECK(source->manifest.subtitles[0].lines[1] == SubtitleLine{1, 1.0, 2.0, "Bye"});
  MemorySink sink;
  REQUIRE(write_package(source->manifest, source->inputs(), key(), sink));
  auto reader = opened(sink.bytes());
  REQUIRE(reader);
  CHECK(base::as_text(*reader->read_file("sound.opus", 100)) == "not really sound");
  CHECK(reader->find("en.srt"));
}

TEST_CASE("a folder without a film") {
  const TemporaryFolder folder;
  CHECK(load_film_source(folder.path()).error().code == "source-unreadable");
  CHECK(load_film_source(folder.path() + "/none").error().code == "source-unreadable");
}

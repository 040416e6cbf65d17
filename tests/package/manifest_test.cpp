#include "content-tools/package/manifest.h"

#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/package/films.h"
#include "tracking/base/formatted.h"

using namespace promenade;
using namespace promenade::package;
using namespace promenade::package::testing;

namespace {

ParsedManifest parsed(std::string text) { return parse_manifest(base::as_bytes(text), "m.json"); }

std::string text_of(const Manifest& m) {
  const base::Bytes bytes = manifest_bytes(m);
  return std::string(base::as_text(bytes));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("canonical bytes and parsing are inverse for both kinds of film") {
  for (Manifest m : {walking_film(), seated_film(), sounding_film(), video_film()}) {
    for (const Track& track : m.tracks) m.files.push_back({.path = track.path});
    for (const Sound& sound : m.sounds) m.files.push_back({.path = sound.path});
    const ParsedManifest back = parse_manifest(manifest_bytes(m), "m.json");
    INFO(base::to_string(back.findings));
    REQUIRE(back.manifest);
    CHECK(*back.manifest == m);
  }
}

TEST_CASE("canonical bytes are inverse on random films") {
  CHECK(rc::check("manifest round trip", [] {
    Manifest m = walking_film();
    m.route->scenes.clear();
    const int scenes = *rc::gen::inRange(1, 12);
    for (int i = 0; i < scenes; ++i) {
      m.route->scenes.push_back({base::formatted("scene {}", i),
                                 {*rc::gen::inRange(-9000, 9000) / 997.0, *rc::gen::inRange(-9000, 9000) / 991.0},
                                 *rc::gen::inRange(20, 200) / 100.0, *rc::gen::inRange(1, 4000) / 37.0, 20.0});
    }
    for (int i = 0; i + 2 < scenes; i += 4) {
      const auto at = static_cast<std::size_t>(i);
      m.route->scenes[at].next = {Next{static_cast<std::uint32_t>(i) + 1, {{"zh", "左"}, {"en", "Left"}}}, Next{static_cast<std::uint32_t>(i) + 2, {{"zh", "右"}, {"en", "Right"}}}};
      m.route->scenes[at].dwell_s += 4.0;
      m.route->scenes[at].choose_s = 4.0;
    }
    m.route->mirrorable = *rc::gen::arbitrary<bool>();
    m.length_s = std::max(1.0, nominal_length_s(*m.route));
    m.subtitles.clear();
    m.cues = {{{static_cast<std::uint32_t>(scenes - 1), m.route->scenes.back().dwell_s}, "end"}};
    m.titles["en"] = "\"\\ / \n" + std::to_string(*rc::gen::arbitrary<int>());
    const ParsedManifest back = parse_manifest(manifest_bytes(m), "m.json");
    RC_ASSERT(back.manifest.has_value());
    RC_ASSERT(*back.manifest == m);
  }));
}

TEST_CASE("a manifest is read strictly, with the key of each mistake") {
  const std::string good = text_of(walking_film());
  REQUIRE(parsed(good).manifest);
  const auto finding = [&](std::string_view from, std::string_view to) {
    const ParsedManifest p = parsed(replaced(good, from, to));
    CHECK_FALSE(p.manifest);
    REQUIRE_FALSE(p.findings.empty());
    return p.findings.front().code + " " + p.findings.front().key;
  };
  CHECK(finding("\"length_s\":18.0", "\"length_s\":\"18\"") == "type-wrong length_s");
  CHECK(finding("\"length_s\":18.0,", "") == "key-missing length_s");
  CHECK(finding("\"length_s\":18.0", "\"length_s\":18.0,\"colour\":1") == "key-unknown colour");
  CHECK(finding("\"kind\":\"walking\"", "\"kind\":\"flying\"") == "choice-unknown kind");
  CHECK(finding("\"dwell_s\":8.0", "\"dwell_s\":-8.0") == "out-of-range route.scenes[0].dwell_s");
  CHECK(finding("\"at_m\":[0.0,0.0]", "\"at_m\":[0.0]") == "type-wrong route.scenes[0].at_m");
  CHECK(finding("001199992026", "00119999202") == "film-code-malformed film");
  CHECK(finding("\"format_version\":1", "\"format_version\":2") == "version-unknown format_version");
  CHECK(finding("\"scene\":1,\"time_s\":4.0", "\"scene\":2,\"time_s\":4.0") == "scene-unknown cues[1].scene");
  CHECK(finding("\"length_s\":18.0", "\"length_s\":18") == "not-canonical ");
  CHECK(finding("{\"accessibility\"", "{ \"accessibility\"") == "not-canonical ");
  CHECK(finding("\"length_s\":18.0", "\"length_s\":28.0") == "length-mismatch length_s");
  CHECK(finding("{\"accessibility\"", "{{") == "json-malformed ");
}

TEST_CASE("hostile manifests are refused with a bounded number of findings") {
  CHECK(has_code(parsed(std::string(kMaxManifestSize + 1, ' ')).findings, "manifest-too-large"));
  CHECK(has_code(parsed(std::string(100'000, '[')).findings, "json-malformed"));
  CHECK_FALSE(parsed(std::string(50'000, '[') + std::string(50'000, ']')).manifest);
  std::string many = "{\"chunks\":[";
  for (int i = 0; i < 20'000; ++i) many += i ? ",{}" : "{}";
  CHECK(parsed(many + "]}").findings.size() <= 100);
  CHECK_FALSE(parsed("").manifest);
  CHECK_FALSE(parsed("[]").manifest);
}

TEST_CASE("what a film says must fit its kind") {
  Manifest m = walking_film();
  m.route.reset();
  CHECK(has_code(check_story(m, "f"), "route-missing", "route"));
  m = seated_film();
  m.place.reset();
  CHECK(has_code(check_story(m, "f"), "place-missing", "place"));
  m.place = Place{};
  m.route = walking_film().route;
  CHECK(has_code(check_story(m, "f"), "route-unexpected", "route"));
}

TEST_CASE("titles and synopses cover every language") {
  Manifest m = walking_film();
  m.languages.push_back("fr");
  CHECK(has_code(check_story(m, "f"), "language-missing", "titles"));
  CHECK(has_code(check_story(m, "f"), "language-missing", "synopses"));
  m = walking_film();
  m.titles["en"] = "\xff";
  CHECK(has_code(check_story(m, "f"), "text-malformed", "titles.en"));
}

TEST_CASE("subtitles stay in their scene and in order") {
  Manifest m = walking_film();
  m.subtitles[0].lines[0].end_s = 10.5;  // scene 0 lasts 10 s with its leg
  CHECK(has_code(check_story(m, "f"), "out-of-range", "subtitles[0].lines[0].end_s"));
  m = walking_film();
  m.subtitles[0].lines.push_back({1, 1.0, 3.0, "too early"});
  CHECK(has_code(check_story(m, "f"), "subtitle-overlap", "subtitles[0].lines[2]"));
}

TEST_CASE("tracks name files of the package") {
  Manifest m = walking_film();
  m.tracks = {{"sound", TrackKind::audio, "en", "opus", "sound/en.opus"}};
  CHECK(check_story(m, "f").empty());
  CHECK(has_code(check_manifest(m, "f"), "file-missing", "tracks[0].path"));
}

TEST_CASE("a film without sounds, loops or a video layout says nothing of them") {
  const std::string text = text_of(walking_film()) + text_of(seated_film());
  for (const char* key : {"sounds", "loop_s", "\"video\""}) CHECK(text.find(key) == std::string::npos);
}

TEST_CASE("sounds, loops and the video layout are checked") {
  const auto finding = [](Manifest m, auto change) {
    change(m);
    const base::Findings findings = check_story(m, "f");
    return findings.size() == 1 ? findings.front().code + " " + findings.front().key : base::to_string(findings);
  };
  CHECK(finding(sounding_film(), [](Manifest&) {}).empty());
  CHECK(finding(video_film(), [](Manifest&) {}).empty());
  CHECK(finding(sounding_film(), [](Manifest& m) { m.route->scenes[0].loop_s = 8.1; }) == "out-of-range route.scenes[0].loop_s");
  CHECK(finding(sounding_film(), [](Manifest& m) { m.route->scenes[0].loop_s = -1.0; }) == "out-of-range route.scenes[0].loop_s");
  CHECK(finding(sounding_film(), [](Manifest& m) { m.sounds[0].path = "../bell"; }) == "path-malformed sounds[0].path");
  CHECK(finding(sounding_film(), [](Manifest& m) { m.sounds[0].at.scene = 2; }) == "scene-unknown sounds[0].scene");
  CHECK(finding(sounding_film(), [](Manifest& m) { m.sounds[0].at.time_s = 9.0; }) == "out-of-range sounds[0].time_s");
  CHECK(finding(sounding_film(), [](Manifest& m) { m.sounds[1].at.time_s = 18.5; }) == "out-of-range sounds[1].time_s");
  CHECK(finding(sounding_film(), [](Manifest& m) { m.sounds[1].at.scene = 1; }) == "scene-unexpected sounds[1].scene");
  CHECK(finding(sounding_film(), [](Manifest& m) { m.sounds[0].gain_db = 13.0; }) == "out-of-range sounds[0].gain_db");
  CHECK(finding(sounding_film(), [](Manifest& m) { m.sounds[0].ambisonic = true; }) == "sound-placed-twice sounds[0].ambisonic");
  CHECK(finding(sounding_film(), [](Manifest& m) { m.video = Video{}; }) == "video-unexpected video");
  CHECK(finding(video_film(), [](Manifest& m) { m.video->span_deg = 270; }) == "out-of-range video.span_deg");
  CHECK(finding(video_film(), [](Manifest& m) { m.tracks.clear(); }) == "video-missing video");
  CHECK(has_code(check_manifest(sounding_film(), "f"), "file-missing", "sounds[1].path"));
}

TEST_CASE("sounds and the video layout are read strictly") {
  const auto finding = [](const Manifest& m, std::string_view from, std::string_view to) {
    const ParsedManifest p = parsed(replaced(text_of(m), from, to));
    CHECK_FALSE(p.manifest);
    return p.findings.empty() ? "" : p.findings.front().code + " " + p.findings.front().key;
  };
  CHECK(finding(sounding_film(), "\"gain_db\":-6.0,", "") == "key-missing sounds[0].gain_db");
  CHECK(finding(sounding_film(), "\"height_m\":2.0,", "") == "key-missing sounds[0].height_m");
  CHECK(finding(sounding_film(), "\"at_m\":[0.5,1.4],", "") == "key-missing sounds[0].at_m");
  CHECK(finding(sounding_film(), "\"loop\":true", "\"loop\":1") == "type-wrong sounds[1].loop");
  CHECK(finding(sounding_film(), "\"loop_s\":4.0", "\"loop_s\":\"4\"") == "type-wrong route.scenes[1].loop_s");
  CHECK(finding(video_film(), "\"top-bottom\"", "\"over-under\"") == "choice-unknown video.layout");
  CHECK(finding(video_film(), "\"span_deg\":180", "\"span_deg\":180,\"tilt\":1") == "key-unknown video.tilt");
}

TEST_CASE("the nearest language is chosen") {
  const Manifest m = walking_film();
  CHECK(m.title("zh") == "试片");
  CHECK(m.title("zh-HK") == "试片");
  CHECK(m.title("fr") == "Trial");
  CHECK(Manifest{}.title("en").empty());
}

TEST_CASE("paths, codes and languages") {
  for (const char* good : {"a", "subtitles/zh.srt", "灯/街.glb", "a.b/..c"}) CHECK(is_package_path(good));
  for (const char* bad : {"", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a\\b", "a\nb", "\xff"}) CHECK_FALSE(is_package_path(bad));
  CHECK_FALSE(is_package_path(std::string(256, 'a')));
  CHECK(is_film_code("001100012026"));
  CHECK_FALSE(is_film_code("00110001202a"));
  for (const char* good : {"zh", "zh-HK", "yue-Hant-HK", "en-029"}) CHECK(is_language_tag(good));
  for (const char* bad : {"", "z", "1a", "zh-", "-zh", "zh--HK", "zh_HK", "toolonglanguage"}) CHECK_FALSE(is_language_tag(bad));
}

#include "content-tools/package/subtitles.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/package/films.h"

using namespace promenade;
using namespace promenade::package;
using namespace promenade::package::testing;

TEST_CASE("SubRip and WebVTT give the same lines") {
  const SubtitleFile srt = parse_subtitles(
      "\xef\xbb\xbf" "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>你好</i>\r\nagain\r\n\r\n2\r\n00:01:00,000 --> 00:01:01,000\r\nBye\r\n", "s.srt");
  const SubtitleFile vtt = parse_subtitles(
      "WEBVTT\n\nNOTE a remark\n\nfirst\n00:01.000 --> 00:02.500 align:start\n你好\nagain\n\n01:00.000 --> 01:01.000\nBye", "s.vtt");
  for (const SubtitleFile& file : {srt, vtt}) {
    INFO(base::to_string(file.findings));
    CHECK(file.findings.empty());
    REQUIRE(file.texts.size() == 2);
    CHECK(file.texts[0].text == "你好\nagain");
    CHECK(file.texts[0].start_s == Catch::Approx(1.0));
    CHECK(file.texts[0].end_s == Catch::Approx(2.5));
    CHECK(file.texts[1].start_s == Catch::Approx(60.0));
  }
}

TEST_CASE("each mistake in a subtitle file has its line") {
  const auto code = [](std::string_view text) {
    const SubtitleFile file = parse_subtitles(text, "s.srt");
    REQUIRE_FALSE(file.findings.empty());
    return file.findings.front().code + ":" + std::to_string(file.findings.front().line);
  };
  CHECK(code("") == "subtitle-none:0");
  CHECK(code("\xff") == "subtitle-encoding:0");
  CHECK(code("1\n00:00:01 --> 00:00:02,000\na\n") == "subtitle-time:2");
  CHECK(code("1\n00:00:03,000 --> 00:00:02,000\na\n") == "subtitle-time:2");
  CHECK(code("1\n00:99:03,000 --> 01:00:02,000\na\n") == "subtitle-time:2");
  CHECK(code("1\n00:00:01,000 --> 00:00:02,000\n\n") == "subtitle-empty:2");
  CHECK(code("1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:01,500 --> 00:00:03,000\nb\n") == "subtitle-order:6");
  CHECK(code("1\n00:00:01,000 --> 00:00:02,000\n" + std::string(500, 'a')) == "subtitle-too-long:2");
}

TEST_CASE("film time becomes the time of scenes") {
  const Manifest m = walking_film();  // scene 0 until 10 s, scene 1 until 18 s
  CHECK(scene_starts_s(m) == std::vector<double>{0.0, 10.0, 18.0});
  SubtitleFile file;
  file.texts = {{1, 1.0, 2.0, "a"}, {2, 9.0, 10.0, "b"}, {3, 10.0, 12.0, "c"}};
  base::Findings findings;
  const SubtitleTrack track = place_subtitles(m, "en", file, "s.srt", findings);
  CHECK(findings.empty());
  REQUIRE(track.lines.size() == 3);
  CHECK(track.lines[1].scene == 0);
  CHECK(track.lines[1].start_s == Catch::Approx(9.0));
  CHECK(track.lines[2].scene == 1);
  CHECK(track.lines[2].start_s == Catch::Approx(0.0));
}

TEST_CASE("lines that cross a gate, outlast the film or leave a scene silent are found") {
  SubtitleFile file;
  file.texts = {{7, 9.0, 11.0, "a"}, {9, 17.0, 19.0, "b"}};
  base::Findings findings;
  place_subtitles(walking_film(), "en", file, "s.srt", findings);
  REQUIRE(findings.size() == 4);
  CHECK(findings[0].code == "subtitle-crosses-scene");
  CHECK(findings[0].line == 7);
  CHECK(findings[1].code == "subtitle-beyond-end");
  CHECK(findings[2].code == "subtitle-scene-silent");
  CHECK(findings[2].severity == base::Severity::warning);
}

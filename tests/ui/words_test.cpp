#include "runtime/ui/words.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade;
using namespace promenade::ui;

TEST_CASE("nobody waits longer than was told") {
  CHECK(wait_text(Language::en, 10.0) == "Starts now");
  CHECK(wait_text(Language::en, 61.0) == "Within 2 min");
  CHECK(wait_text(Language::zh, 61.0) == "2 分钟内开始");
}

TEST_CASE("times, ages and languages are said in the viewer's language") {
  CHECK(clock_text(125) == "2:05");
  CHECK(minutes_text(Language::zh, 61.0) == "1 分钟");
  CHECK(age_text(Language::en, 8) == "age 8 and over");
  CHECK(age_text(Language::zh, 0) == "适合所有人");
  FilmCard card;
  card.languages = {"zh", "en"};
  card.captions = true;
  CHECK(languages_text(Language::zh, card) == "中文、英文，字幕");
  CHECK(languages_text(Language::en, card) == "Chinese, English, captions");
}

TEST_CASE("marks touched the wrong way round are told as that, other refusals in general words") {
  CHECK(marks_refused_text(Language::en, "calibration-swapped") == "The two marks were touched the wrong way round: touch mark 1 first, then mark 2");
  CHECK(marks_refused_text(Language::zh, "calibration-swapped") == "两个标记碰反了：先碰标记 1，再碰标记 2");
  for (const Language language : {Language::zh, Language::en}) {
    CHECK(marks_refused_text(language, "calibration-residual") == words(language).marks_failed);
    CHECK(marks_refused_text(language, "calibration-arrow") == words(language).marks_failed);
    CHECK(words(language).marks_failed != words(language).marks_swapped);
  }
}

TEST_CASE("every cause of a pause has a title and says what to do, in both languages") {
  for (int cause = 0; cause <= static_cast<int>(tracking::Cause::fire); ++cause) {
    for (const Language language : {Language::zh, Language::en}) {
      const auto [title, hint] = pause_text(language, static_cast<tracking::Cause>(cause), false);
      CHECK_FALSE(title.empty());
      CHECK_FALSE(hint.empty());
    }
  }
}

TEST_CASE("every cause of a warning says what it is and where, in both languages") {
  for (int cause = 0; cause <= static_cast<int>(tracking::Cause::fire); ++cause) {
    for (const Language language : {Language::zh, Language::en}) {
      for (int eighth = -1; eighth < 8; ++eighth) {
        const auto [title, hint] = warn_text(language, static_cast<tracking::Cause>(cause), eighth < 0 ? std::nullopt : std::optional(eighth));
        CHECK_FALSE(title.empty());
        CHECK_FALSE(hint.empty());
      }
    }
  }
  CHECK(warn_text(Language::en, tracking::Cause::body, 4).second == "right behind you");
  CHECK(warn_text(Language::en, tracking::Cause::stray, 4).second == "Go back to the path, please");
}

TEST_CASE("language tags") {
  CHECK(language_of("zh-HK") == Language::zh);
  CHECK(language_of("fr") == Language::en);
}

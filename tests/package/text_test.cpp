#include "content-tools/package/text.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade::package;

TEST_CASE("UTF-8 is told from what only looks like it") {
  CHECK(is_utf8("plain"));
  CHECK(is_utf8("灯街 é 🎬"));
  CHECK_FALSE(is_utf8("\xc0\xaf"));          // overlong
  CHECK_FALSE(is_utf8("\xed\xa0\x80"));      // surrogate
  CHECK_FALSE(is_utf8("\xf4\x90\x80\x80"));  // beyond the last code point
  CHECK_FALSE(is_utf8("\xe7\x81"));          // cut short
  CHECK_FALSE(is_utf8("\x80"));
}

TEST_CASE("wide characters count two columns") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("灯街") == 4);
  CHECK(display_width("é") == 1);
}

TEST_CASE("control characters and blanks") {
  CHECK(has_control("a\tb"));
  CHECK_FALSE(has_control("two\nlines"));
  CHECK(trimmed("  a b\r\n") == "a b");
  CHECK(trimmed(" \n").empty());
}

#include "runtime/ui/text.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade::ui;

namespace {
// Every sign one wide, so that widths can be read off the text.
float count(std::string_view piece) { return static_cast<float>(decode_utf8(piece).size()); }
using Lines = std::vector<std::string>;
}  // namespace

TEST_CASE("code points come back as the bytes they were") {
  const std::string text = "Step 停 é …";
  CHECK(encode_utf8(decode_utf8(text)) == text);
}

TEST_CASE("malformed bytes and what the atlas cannot hold become the replacement sign") {
  CHECK(decode_utf8("\xff").front() == 0xFFFD);
  CHECK(decode_utf8("\xe5\x81") == std::u32string{0xFFFD, 0xFFFD});    // cut short
  CHECK(decode_utf8("\xc0\xaf").front() == 0xFFFD);                    // longer than need be
  CHECK(decode_utf8("\xf0\x9f\x99\x82") == std::u32string{0xFFFD});    // beyond the basic plane
}

TEST_CASE("Latin breaks at blanks only") {
  CHECK(break_lines("one two three", 7, count) == Lines{"one two", "three"});
  CHECK(break_lines("one two", 3, count) == Lines{"one", "two"});
}

TEST_CASE("Chinese breaks between signs, closing marks stay behind and opening ones go ahead") {
  CHECK(break_lines("太阳落了拿好", 4, count) == Lines{"太阳落了", "拿好"});
  CHECK(break_lines("太阳落了。拿好", 4, count) == Lines{"太阳落", "了。拿好"});
  CHECK(break_lines("看见“停”站住", 4, count) == Lines{"看见", "“停”站", "住"});
}

TEST_CASE("a line feed always breaks, and a word wider than the line is cut") {
  CHECK(break_lines("a\nb", 9, count) == Lines{"a", "b"});
  CHECK(break_lines("abcdef", 4, count) == Lines{"abcd", "ef"});
}

TEST_CASE("text in the middle breaks into as many lines, as even as they can be, and no word is cut for it") {
  CHECK(break_lines("the bridge lantern catches, all by itself", 36, count) == Lines{"the bridge lantern catches, all by", "itself"});
  CHECK(break_evenly("the bridge lantern catches, all by itself", 36, count) == Lines{"the bridge lantern", "catches, all by itself"});
  CHECK(break_evenly("太阳落了拿好火种", 7, count) == Lines{"太阳落了", "拿好火种"});
  CHECK(break_evenly("a lamplighter", 12, count) == Lines{"a", "lamplighter"});
  CHECK(break_evenly("one", 12, count) == Lines{"one"});
  CHECK(break_evenly("one two three four", 7, count, 1) == break_lines("one two three four", 7, count, 1));
  CHECK(break_evenly("one two\nthree", 9, count) == Lines{"one two", "three"});
}

TEST_CASE("too many lines end in an ellipsis that fits") {
  const Lines latin = break_lines("one two three four", 7, count, 1);
  REQUIRE(latin.size() == 1);
  CHECK(latin.front() == "one...");
  const Lines chinese = break_lines("太阳落了拿好火种", 4, count, 1);
  CHECK(chinese.front() == "太阳落…");
}

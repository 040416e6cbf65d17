#pragma once
// Text as code points, and where a line of Chinese or Latin may be broken. Pure.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace promenade::ui {

// Malformed bytes become U+FFFD, one each; code points beyond the basic plane as well: the font atlas has 16 bits.
std::u32string decode_utf8(std::string_view text);
std::string encode_utf8(std::u32string_view text);

// Ideographs, kana and full-width signs: a line may be broken beside them without a blank.
bool is_wide(char32_t c);

// Width of one piece of a line, in any unit.
using Measure = std::function<float(std::string_view piece)>;

// Lines no wider than `width` wherever the text allows it. Latin breaks at blanks, Chinese between any two signs, but
// never before a closing sign or after an opening one (GB/T 15834, 5.1). '\n' always breaks. A piece that is wider
// than a whole line is cut. More than `lines_max` lines: the last one ends in an ellipsis.
std::vector<std::string> break_lines(std::string_view text, float width, const Measure& measure, std::size_t lines_max = 100);
// As many lines, but as even as they can be, for text that stands in the middle: no last line of one short word.
std::vector<std::string> break_evenly(std::string_view text, float width, const Measure& measure, std::size_t lines_max = 100);

}  // namespace promenade::ui

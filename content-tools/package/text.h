#pragma once
// Small questions about text that several readers of this module ask. Pure.

#include <string>
#include <string_view>

namespace promenade::package {

bool is_utf8(std::string_view text);            // RFC 3629: no surrogates, no overlong forms
bool has_control(std::string_view text);        // a byte below 0x20 other than '\n', or 0x7f
std::string_view trimmed(std::string_view text);  // without leading and trailing blanks, tabs, CR and LF

// Columns that the text takes in a terminal: East Asian wide characters count two (Unicode Annex 11, main ranges).
int display_width(std::string_view utf8);

}  // namespace promenade::package

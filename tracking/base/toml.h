#pragma once
// The one door to toml++ (3.4, header-only, without exceptions of its own): every file that reads TOML includes this
// header and parses by `parse_toml`, so that the whole program agrees on the library's settings. Pure; any bytes are
// accepted; a malformed text is an error with its line, never an assertion.

#include <expected>
#include <string>
#include <string_view>

namespace promenade::base {
// toml++ asserts in its parser where a malformed text should be an error (for one, a line end within a table's
// header), which would end the program. `parse_toml` catches what is thrown here instead.
[[noreturn]] void toml_misread();
}  // namespace promenade::base

#ifdef TOML_ASSERT
#error "include tracking/base/toml.h instead of toml++"
#endif
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ASSERT(expression) ((expression) ? static_cast<void>(0) : ::promenade::base::toml_misread())
#include <toml++/toml.hpp>

namespace promenade::base {

struct TomlError {
  int line = 1;         // 1-based
  std::string message;  // one sentence, printable, one line
};

std::expected<toml::table, TomlError> parse_toml(std::string_view text);

// A text from outside, safe to print on one line: control characters out, cut to `size_max` bytes of whole
// UTF-8 characters.
std::string printable(std::string_view text, std::size_t size_max = 60);

}  // namespace promenade::base

#include "tracking/base/toml.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "tracking/base/formatted.h"

namespace promenade::base {
namespace {

struct Misread {};

std::optional<toml::parse_result> try_parse(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const Misread&) {
    return std::nullopt;
  }
}

// The first line with which the text can no longer be parsed: the parser reads from the front, so lines before it
// never make it give up.
int misread_line(std::string_view text) {
  std::vector<std::size_t> ends;  // of each line
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') ends.push_back(at + 1);
  }
  if (ends.empty() || ends.back() != text.size()) ends.push_back(text.size());
  const auto first = std::ranges::partition_point(
      ends, [text](std::size_t end) { return try_parse(text.substr(0, end)).has_value(); });
  return static_cast<int>(std::min<std::ptrdiff_t>(first - ends.begin() + 1, std::ssize(ends)));
}

}  // namespace

void toml_misread() { throw Misread{}; }

std::expected<toml::table, TomlError> parse_toml(std::string_view text) {
  std::optional<toml::parse_result> result = try_parse(text);
  if (!result) return std::unexpected(TomlError{misread_line(text), "The text is not valid TOML."});
  if (!*result) {
    const toml::parse_error& error = result->error();
    return std::unexpected(TomlError{std::max(1, static_cast<int>(error.source().begin.line)),
                                     base::formatted("The text is not valid TOML: {}.", printable(error.description(), 160))});
  }
  return std::move(*result).table();
}

std::string printable(std::string_view text, std::size_t size_max) {
  std::string out;
  for (const char c : text.substr(0, size_max)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  if (text.size() <= size_max) return out;
  while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();
  if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0) out.pop_back();
  return out + "...";
}

}  // namespace promenade::base

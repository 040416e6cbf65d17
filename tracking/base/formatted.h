#pragma once
// std::format, compiled once. libstdc++ instantiates its formatters of every basic type wherever std::format is called,
// which took 1.4 s of a compile in each of a hundred files (GCC 14, -O2); here only the arguments are packed in place.
//
// Patterns, rules and compile-time checks are those of std::format.

#include <format>
#include <string>
#include <string_view>

namespace promenade::base {

// The text of `pattern` with its arguments. Throws std::format_error where std::vformat does.
std::string vformatted(std::string_view pattern, std::format_args arguments);

// As std::format: the pattern is a literal and checked when compiled.
template <class... Args>
std::string formatted(std::format_string<Args...> pattern, Args&&... args) {
  return vformatted(pattern.get(), std::make_format_args(args...));
}

// For patterns chosen while running, such as a sentence in the reader's language.
template <class... Args>
std::string formatted_by(std::string_view pattern, const Args&... args) {
  return vformatted(pattern, std::make_format_args(args...));
}

}  // namespace promenade::base

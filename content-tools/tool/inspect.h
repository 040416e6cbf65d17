#pragma once
// A manifest as a person reads it in a terminal. Pure; the text ends with a newline and has no colour.

#include <string>

#include "content-tools/package/manifest.h"

namespace promenade::film_tool {

// `stored_size`: bytes of the whole package, 0 when unknown.
std::string inspect_text(const package::Manifest& manifest, std::uint64_t stored_size);

}  // namespace promenade::film_tool

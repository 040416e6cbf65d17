#pragma once
// A film's route, or its place, drawn to scale as SVG: metre grid, scenes with their free areas in the order of
// the walk, legs with their direction, times and holds. Pure.

#include <string>
#include <string_view>

#include "content-tools/package/manifest.h"

namespace promenade::film_tool {

// `language` chooses the title.
std::string route_svg(const package::Manifest& manifest, std::string_view language);

}  // namespace promenade::film_tool

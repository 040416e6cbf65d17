#pragma once
// The scripts and the style of the clerk's pages, as they lie in ticketing/web/pages, built into the program. Pure.

#include <span>
#include <string_view>

namespace promenade::ticketing::web {

struct PageFile {
  std::string_view name, content_type, text;
};
std::span<const PageFile> page_files();

}  // namespace promenade::ticketing::web

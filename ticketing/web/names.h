#pragma once
// How the pages name what the ledger holds by code, in both languages. Pure.

#include <string_view>

#include "ticketing/web/html.h"

namespace promenade::ticketing::web {

// The text in the page's language, or in the other where that is all there is.
std::string_view either(const Wording& say, std::string_view zh, std::string_view en);

std::string_view discrepancy_name(std::string_view code, const Wording& say);  // CODE itself where it has no name

}  // namespace promenade::ticketing::web

#pragma once
// How the pages name what the ledger holds by code, in both languages. Pure.

#include <string>
#include <string_view>

#include "ticketing/web/html.h"
#include "tracking/base/result.h"

namespace promenade::ticketing::web {

// The text in the page's language, or in the other where that is all there is.
std::string_view either(const Wording& say, std::string_view zh, std::string_view en);

// The Chinese of a common refusal by its code; empty where it has none.
std::string_view refusal_zh(std::string_view code);

// What a refusal says to the clerk: in Chinese where the page is Chinese and the refusal a common one, else its own text.
std::string refusal_text(const base::Error& error, const Wording& say);

std::string_view event_name(std::string_view kind, const Wording& say);  // KIND itself where it has no name
std::string_view discrepancy_name(std::string_view code, const Wording& say);  // CODE itself where it has no name
// Why bodies are unknown, by Bodies::reason, which a closed day keeps in English for ever; itself where it is none of those.
std::string bodies_reason(const std::string& reason, const Wording& say);
// What a discrepancy says, with such a reason in it in the page's language as well.
std::string explanation(const std::string& zh, const std::string& en, const Wording& say);

}  // namespace promenade::ticketing::web

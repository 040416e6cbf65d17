#pragma once
// What the circuit's pages share: their frame and style, numbers as people read them, states and their colours. Pure; internal to
// ticketing/web.

#include <string>
#include <string_view>

#include "ticketing/web/circuit_view.h"
#include "ticketing/web/html.h"

namespace promenade::ticketing::web {

struct CircuitFrame {
  std::string title, path, query;  // plain text; query without lang, may be empty
};
std::string circuit_frame(const CircuitFrame& frame, Language language, std::string_view main_html);

std::string grouped(std::int64_t value);                        // 12,345
std::string amount_text(std::int64_t minor, Currency currency); // 12,345.00
std::string money_cells(const CircuitCounts& counts);           // two cells: gross and net, a line for each currency
std::string date_words(BusinessDate date, const Wording& say);  // "Friday, 1 May 2026"
std::string_view state_name(DayState state, const Wording& say);
std::string state_tag(DayState state, const Wording& say);
std::string_view refusal_name(std::string_view code, const Wording& say);  // of a quarantine; CODE itself where it has no name
std::string ago(base::UtcTime then, base::UtcTime now, const Wording& say);
// The day's curve as a picture: tickets sold as an area, redeemed as a line, by quarters of an hour.
std::string curve_svg(const std::vector<CircuitQuarter>& curve, const Wording& say);
// A square for each venue, in the order of their ids, so that each keeps its place from day to day.
std::string venue_squares(const CircuitDay& day, const Wording& say, std::string_view lang);

}  // namespace promenade::ticketing::web

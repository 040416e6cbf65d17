#pragma once
// A circuit's pages: a day over all venues, one venue's day, and its events. Pure; what they say is what circuit_view.h holds, as the
// API and the CSV say it. Chinese and English; no script; everything that came from a venue is escaped.

#include <string>

#include "ticketing/web/circuit_view.h"
#include "ticketing/web/html.h"

namespace promenade::ticketing::web {

inline constexpr int kVenuesAPage = 50;

struct CircuitDayPage {
  CircuitDay day;
  int page = 1;               // of the table of venues
  std::string state;          // only venues of this state, as state_code names it; empty: all
};
std::string circuit_day_page(const CircuitDayPage& page, Language language);
std::string circuit_venue_page(const CircuitVenueDay& day, Language language);
// AFTER: the cursor that the events follow; MORE: there are more after the last of them.
std::string circuit_events_page(const std::string& venue, BusinessDate date, const std::vector<CircuitEvent>& events, bool more, Language language);
std::string circuit_message_page(const base::Error& error, Language language);

}  // namespace promenade::ticketing::web

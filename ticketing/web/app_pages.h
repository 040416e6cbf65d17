#pragma once
// The frames of the clerk's three working pages, which scripts of our own fill: selling, tickets, the door. And tickets on
// paper. Pure. Without scripts they say so and lead to the command line.

#include <string>
#include <vector>

#include "ticketing/web/counter_pages.h"

namespace promenade::ticketing::web {

enum class App { sell, tickets, door };
std::string app_page(App app, const CounterFrame& frame, Language language);

// Tickets to print, each with its QR code and stub, without navigation. Errors as of qr_svg.
base::Result<std::string> print_page(const std::vector<PrintedTicket>& tickets, const CounterFrame& frame, Language language);

}  // namespace promenade::ticketing::web

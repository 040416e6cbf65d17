#pragma once
// What the clerk's pages have without scripts: sign in, one ticket with its QR code and what has happened to it, messages.
// Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ticketing/web/html.h"
#include "tracking/base/result.h"

namespace promenade::ticketing::web {

struct CounterFrame {
  std::string venue_zh, venue_en;
  std::string report_date;
};

struct PrintedTicket {
  std::string code, token;
  std::string title_zh, title_en;
  std::string date, from, until;  // local
  std::string lane, slot;
  std::string gate;   // empty where the venue has one
  std::string price;  // "45.00 CNY"
};

// The face and the stub of one ticket. Errors as of qr_svg.
base::Result<std::string> ticket_card(const PrintedTicket& ticket, Language language);

struct Fact {
  std::string when;  // local; may be empty
  std::string zh, en;
  std::string detail;
};

struct TicketEvent {  // of the ledger
  std::uint64_t seq = 0;
  std::string when;  // local
  std::string kind, device, actor;
};

struct TicketPage {
  CounterFrame frame;
  PrintedTicket ticket;  // token empty: its QR code is not shown any more
  std::string state_zh, state_en, state_css;  // good, warn, bad or plain
  std::vector<Fact> facts;
  std::vector<TicketEvent> events;
};
base::Result<std::string> ticket_page(const TicketPage& page, Language language);

struct SignInPage {
  std::string venue_zh, venue_en;
  std::string next;  // own path to return to
  bool wrong = false;
};
std::string sign_in_page(const SignInPage& page, Language language);

std::string message_page(const CounterFrame& frame, const base::Error& error, Language language);

}  // namespace promenade::ticketing::web

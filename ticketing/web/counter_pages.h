#pragma once
// The clerk's pages: sign in, choose a film and a number of tickets, the sold tickets with their QR codes, and one
// ticket with what has happened to it. Pure; plain forms, no script.

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

struct FilmCard {
  std::string film;  // code
  std::string title_zh, title_en;
  bool seated = false;
  int length_s = 0;
  std::string price;           // decimal; "" where free
  std::string from, until;     // local "19:30"; empty: no screening any more today
  bool running = false;        // the window is open now
  int left = 0;                // slots left in that screening
};

struct SellPage {
  CounterFrame frame;
  std::vector<FilmCard> films;
  std::string currency;
  std::string idempotency_key, device_ts;  // of the sale that this form makes
  std::optional<base::Error> error;        // why the sale before was refused
  int evacuated_open = 0;                  // viewers of today's evacuations who wait for an answer
};
std::string sell_page(const SellPage& page, Language language);

struct PrintedTicket {
  std::string code, token;
  std::string title_zh, title_en;
  std::string date, from, until;  // local
  std::string lane, slot;
  std::string price;  // "45.00 CNY"
};

struct SoldPage {
  CounterFrame frame;
  std::vector<PrintedTicket> tickets;
  std::string total;
};
base::Result<std::string> sold_page(const SoldPage& page, Language language);

struct Fact {
  std::string when;  // local; may be empty
  std::string zh, en;
  std::string detail;
};

struct TicketPage {
  CounterFrame frame;
  PrintedTicket ticket;  // token empty: its QR code is not shown any more
  std::string state_zh, state_en, state_css;  // good, warn, bad or plain
  std::vector<Fact> facts;
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

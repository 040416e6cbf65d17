#pragma once
// What a circuit's pages, its API and its CSV say: one set of values for all three, so that their totals are equal. Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/core/report.h"

namespace promenade::ticketing::web {

struct CircuitMoney {
  Currency currency;
  std::int64_t gross_minor = 0, refunds_minor = 0;
  std::int64_t net_minor() const { return gross_minor - refunds_minor; }
};

// Admissions of a circuit's day or a part of it. Money apart for each currency.
struct CircuitCounts {
  std::int64_t sold = 0, comps = 0, refunded = 0, changed = 0, redeemed = 0, plays_started = 0, played = 0, guests = 0;
  std::vector<CircuitMoney> money;
  std::int64_t admissions() const { return sold + comps; }
  void add(const CircuitCounts& other);
};

// How a venue's day stands.
enum class DayState {
  received,     // closed, and its report checked
  zero,         // closed, signed, with no admission
  open,         // today's, or not over yet by the venue's clock
  unclosed,     // over, events are there, and it was not closed
  missing,      // over, and nothing of it has come
  quarantined,  // the venue is refused, and this day is not closed here
  not_yet       // before the venue was in the circuit
};
inline constexpr std::size_t kDayStates = 7;
std::string_view state_code(DayState state);

struct CircuitFilm {
  std::string film, title_zh, title_en;
  std::int64_t venues = 0;  // where it sold
  CircuitCounts counts;
};

struct CircuitVenue {
  std::string venue, name_zh, name_en;
  DayState state = DayState::missing;
  std::string state_code;   // of a quarantine
  int revision = 0;         // of its closed day
  CircuitCounts counts;
  int alarms = 0, warnings = 0;  // discrepancies of these levels
  std::uint64_t events = 0;      // of its whole ledger, verified
  std::optional<base::UtcTime> signed_at, seen_at;
  int failures = 0;
  std::string error_text;
};

struct CircuitQuarter {
  int quarter = 0;  // of an hour, from local midnight of the business date on: 24 is 06:00, 96 the next midnight
  std::int64_t sold = 0, redeemed = 0;
};

struct CircuitDiscrepancy {
  std::string venue, name_zh, name_en, code, subject;
  int level = 0;  // as DiscrepancyLevel
  std::int64_t count = 0, venues = 1;
  std::string explanation_zh, explanation_en;
};

struct CircuitIncident {
  std::string venue, name_zh, name_en, code, message;
  base::UtcTime at;
  std::uint64_t events = 0;  // good ones before it
  std::optional<base::UtcTime> released_at;
  std::string released_by, release_reason;
};

struct CircuitDay {
  BusinessDate date, today;
  base::UtcTime now;
  CircuitCounts totals;
  std::array<int, kDayStates> states{};      // venues by state
  std::vector<CircuitFilm> films;            // by admissions
  std::vector<CircuitVenue> venues;          // by admissions, then name; all of them
  std::vector<CircuitQuarter> curve;
  std::vector<CircuitDiscrepancy> by_code;   // summed over venues, alarms first
  std::vector<CircuitDiscrepancy> worst;     // single ones, alarms first, a bounded number
  std::vector<CircuitIncident> quarantined;  // open incidents
};

struct CircuitVenueDay {
  CircuitVenue venue;
  BusinessDate date, today;
  base::UtcTime now;
  std::string url, cinema_code;
  std::vector<CircuitFilm> films;
  std::vector<CircuitDiscrepancy> discrepancies;
  std::vector<CircuitIncident> incidents;
  struct Past {
    BusinessDate date;
    DayState state = DayState::missing;
    std::int64_t admissions = 0;
  };
  std::vector<Past> past;  // the last four weeks, oldest first
  struct Key {
    std::uint64_t from = 0;
    std::string key;
  };
  std::vector<Key> keys;
  std::uint64_t checkpoint_size = 0;
  std::string checkpoint_root;
};

struct CircuitEvent {
  std::uint64_t seq = 0;
  base::UtcTime at;
  std::string kind, hash, body;
};

nlohmann::json to_json(const CircuitDay& day);
nlohmann::json to_json(const CircuitVenueDay& day);
// UTF-8 with BOM, CRLF, RFC 4180: the total, each film, each venue. Leading = + - @ escaped.
std::string circuit_csv(const CircuitDay& day);

}  // namespace promenade::ticketing::web

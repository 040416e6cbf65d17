#pragma once
// The day report: what was sold, redeemed, played and seen at the door, by film and screening; and its CSV.
// Pure; the same ledger gives the same bytes. Money in JSON and CSV is decimal strings. Bodies are nullopt where
// unknown, with the reason, never zero in their place.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/core/screenings.h"

namespace promenade::ticketing {

// Counts of admissions are in tickets and exclude staff and test tickets, which have counts of their own.
struct Counts {
  int sold = 0;      // paid, refunded ones included
  int comps = 0;     // admissions that cost nothing
  int refunded = 0;  // of `sold` and `comps`; changed-away tickets are counted in `changed`
  int changed = 0;   // tickets given back in a change of film; never in `sold`, `comps` or `refunded`
  int redeemed = 0;
  int plays_started = 0;  // a play that goes on in another after an evacuation counts once, one that was rebooked not
  int played = 0;    // completed, worn long enough, and moved as a head does
  int no_show = 0;   // neither refunded nor redeemed
  int rebooked_in = 0;  // tickets of other screenings that have a place in this one after an evacuation
  // Visits that an evacuation ended, and what has become of them; the parts add up to the whole.
  int evacuated = 0, evacuated_open = 0, evacuated_resumed = 0, evacuated_rebooked = 0, evacuated_refunded = 0;
  int staff_test_tickets = 0, staff_test_redeemed = 0, staff_test_plays = 0;
  std::int64_t gross_minor = 0, refunds_minor = 0;  // gross of all `sold`; refunds of those given back
  // Of `sold`, refunded ones included, and no part of gross: what discounts and vouchers took off the films' prices.
  int discounted = 0, vouchered = 0;
  std::int64_t discounts_minor = 0, vouchers_minor = 0;
  std::int64_t net_minor() const { return gross_minor - refunds_minor; }
  void add(const Counts& other);
  friend bool operator==(const Counts&, const Counts&) = default;
};

struct Bodies {
  std::optional<int> entered;  // nullopt: unknown
  std::string reason;          // why unknown
  friend bool operator==(const Bodies&, const Bodies&) = default;
};

struct ScreeningRow {
  Screening screening;
  std::string title_zh, title_en;
  Counts counts;
  Bodies bodies;  // the counter stands at the hall's door: known only where the hall's day holds one screening
};

struct FilmRow {
  base::FilmId film;
  std::string title_zh, title_en;
  Counts counts;
};

struct HallRow {
  base::HallId hall;
  std::string name_zh, name_en;
  Counts counts;
  Bodies bodies;
  int capacity = 0;
};

struct NationalDay;  // national_day.h

// By which rules a day is reckoned. An event that settles a day says by which, so that ledgers of every time replay to the
// reports that they were closed with.
//   1  each redemption is an entry, also where the hall redeems whom the door has let in
//   2  a visit is one entry; the day's own rules hold, not those of the day on which it is reckoned; "screening-disagrees"
inline constexpr int kReckoning = 2;

enum class DiscrepancyLevel { note, warning, alarm };
struct Discrepancy {
  std::string code;     // see reconcile.h
  DiscrepancyLevel level = DiscrepancyLevel::note;
  std::string subject;  // screening, hall, play or redemption it is about
  int count = 0;        // how many tickets, plays or bodies
  std::string explanation_en, explanation_zh;
  std::vector<std::string> tickets;  // those concerned, for the drill-down; may be empty
};

struct DayReport {
  base::VenueId venue;
  std::string venue_name_zh, venue_name_en, cinema_code;
  BusinessDate date;
  bool final = false;
  int revision = 0;                // 0 while open
  std::uint64_t data_through = 0;  // last event taken in
  base::Hash data_through_hash{};
  Currency currency;
  std::optional<RevenueRules> revenue_rules;  // where the venue has them, takings are divided, film by film
  Counts totals;
  std::vector<HallRow> halls;            // as configured
  std::vector<FilmRow> films;            // as configured, then films no longer configured
  std::vector<ScreeningRow> screenings;  // by window, then lane
  std::vector<Discrepancy> discrepancies;
};

// What a film's takings come to, and what the day's do, which is their sum; empty where the venue has no rules.
struct DayRevenue {
  std::vector<Revenue> films;  // as report.films
  Revenue total;
};
std::optional<DayRevenue> revenue_of(const DayReport& report);

nlohmann::json to_json(const DayReport& report);
std::string report_json_text(const DayReport& report);  // canonical: sorted keys, no spaces, newline at the end
// UTF-8 with BOM, CRLF, RFC 4180; one row a screening, then films, halls and the total; leading = + - @ escaped. NATIONAL, where
// the venue reports nationally, fills the last columns of screenings and total: as of now, also for a day that is final.
std::string report_csv(const DayReport& report, const NationalDay* national = nullptr);

// One CSV field: text that a spreadsheet would run as a formula gets a leading apostrophe; quoted where needed.
std::string csv_field(std::string_view text);

}  // namespace promenade::ticketing

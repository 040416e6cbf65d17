#pragma once
// What the API says about the state besides the answers to requests: facts of a ticket, films, screenings,
// reconciliation, events. Pure. Codes as text, UTC times, money as decimal strings.

#include <optional>
#include <span>

#include <nlohmann/json.hpp>

#include "ticketing/core/ledger_state.h"
#include "ticketing/core/verdict.h"
#include "ticketing/store/ledger.h"

namespace promenade::ticketing::api {

// Places that can still be sold: of the lane's slots, and of what the hall holds while the screening lasts; those that
// reservations keep at NOW cannot.
int places_left(const LedgerState& state, const Screening& screening, base::UtcTime now);

// The current or next screening of the film's lanes that still has places, else the soonest one; nullopt when the
// business date has none left.
std::optional<Screening> next_screening(const LedgerState& state, const base::FilmId& film, base::UtcTime now);

nlohmann::json venue_json(const LedgerState& state, const base::PublicKey& ticket_key, base::UtcTime now);
nlohmann::json screening_json(const LedgerState& state, const Screening& screening, base::UtcTime now);
nlohmann::json films_json(const LedgerState& state, base::UtcTime now);
nlohmann::json screenings_json(const LedgerState& state, BusinessDate date, base::UtcTime now);
// Sale, redemption, grants, plays, refund and change as separate facts; nullopt when nobody has sold it.
std::optional<nlohmann::json> ticket_json(const LedgerState& state, const base::TicketId& code);
// When a ticket was sold and when it was given back or changed, by the events that concern it, in order.
struct TicketTimes {
  std::optional<base::UtcTime> sold, given_back;
};
TicketTimes ticket_times(std::span<const Event> events, const TicketRecord& ticket);
// Everybody whose visit an evacuation ended on a business date, by evacuation, the latest evacuation first.
nlohmann::json evacuations_json(const LedgerState& state, BusinessDate date);
int open_cases(const LedgerState& state, BusinessDate date);  // of these, not settled
nlohmann::json reconciliation_json(const DayReport& report, const DayVerdict& verdict);
nlohmann::json event_json(const Event& event);
nlohmann::json events_json(const store::Page& page, const base::VenueId& venue, std::uint64_t after);

}  // namespace promenade::ticketing::api

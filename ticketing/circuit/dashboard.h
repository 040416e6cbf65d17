#pragma once
// What a circuit's pages show, read from its database. Rim; each call reads in one transaction, so that what it gives is of one
// moment. Times as arguments; how long a question may take is bounded by the connection.

#include "ticketing/circuit/circuit_store.h"
#include "ticketing/web/circuit_view.h"

namespace promenade::ticketing::circuit {

base::Result<web::CircuitDay> day_view(CircuitStore& store, BusinessDate date, base::UtcTime now);
// Error "venue-unknown".
base::Result<web::CircuitVenueDay> venue_view(CircuitStore& store, const base::VenueId& venue, BusinessDate date, base::UtcTime now);
// The venue's events of a day after SEQ, COUNT at most.
base::Result<std::vector<web::CircuitEvent>> event_view(CircuitStore& store, const base::VenueId& venue, BusinessDate date, std::uint64_t after, int count);
// The last day with an admission; today's where there is none.
base::Result<BusinessDate> last_day(CircuitStore& store, base::UtcTime now);

}  // namespace promenade::ticketing::circuit

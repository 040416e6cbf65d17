#pragma once
// Tickets while the box office cannot be reached: taken by their signature, each code once. Pure; the caller makes
// the list of used codes durable before it lets anybody in. Time is an argument.

#include <map>
#include <optional>
#include <set>
#include <string>

#include "ticketing/core/answers.h"
#include "ticketing/core/business_date.h"
#include "tracking/base/crypto.h"

namespace promenade::server {

class OfflineDesk {
 public:
  OfflineDesk(base::PublicKey ticket_key, base::VenueId venue, ticketing::BusinessCalendar calendar);

  // The hall's own lanes, as the box office last said: a ticket of any other is another hall's.
  void know_lanes(std::set<base::LaneId> lanes) { lanes_ = std::move(lanes); }
  // Codes known to be used, here or at the box office, with the end of their tickets' time.
  void note_used(const base::TicketId& code, base::UtcTime valid_until);
  // Forgets tickets whose time is over; they are refused by it. Gives their codes.
  std::vector<base::TicketId> prune(base::UtcTime now);

  // An answer with seq 0. Errors of verify_ticket, "ticket-other-hall", "ticket-hall-unknown" where nobody has said which lanes
  // are this hall's, and "ticket-already-redeemed". Does not note the code as used.
  base::Result<ticketing::RedemptionAnswer> redeem(const ticketing::RedemptionRequest& request, base::UtcTime now) const;

 private:
  base::PublicKey ticket_key_;
  base::VenueId venue_;
  ticketing::BusinessCalendar calendar_;
  std::optional<std::set<base::LaneId>> lanes_;  // none: the box office has never been reached
  std::map<base::TicketId, base::UtcTime> used_;
};

// Whether an error means that the box office could not be asked, as opposed to its refusal.
bool is_unreachable(const base::Error& error);

}  // namespace promenade::server

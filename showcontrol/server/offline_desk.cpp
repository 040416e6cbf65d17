#include "showcontrol/server/offline_desk.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace promenade::server {

OfflineDesk::OfflineDesk(base::PublicKey ticket_key, base::VenueId venue, ticketing::BusinessCalendar calendar)
    : ticket_key_(ticket_key), venue_(std::move(venue)), calendar_(calendar) {}

void OfflineDesk::note_used(const base::TicketId& code, base::UtcTime valid_until) { used_[code] = valid_until; }

std::vector<base::TicketId> OfflineDesk::prune(base::UtcTime now) {
  std::vector<base::TicketId> gone;
  for (auto it = used_.begin(); it != used_.end();) {
    if (it->second >= now) {
      ++it;
      continue;
    }
    gone.push_back(it->first);
    it = used_.erase(it);
  }
  return gone;
}

base::Result<ticketing::RedemptionAnswer> OfflineDesk::redeem(const ticketing::RedemptionRequest& request, base::UtcTime now) const {
  const auto ticket = ticketing::verify_ticket(request.token, ticket_key_, venue_, calendar_, now);
  if (!ticket) return std::unexpected(ticket.error());
  if (!lanes_) {
    return base::fail("ticket-hall-unknown", "This hall has never reached the box office, and cannot tell its own tickets from another hall's.",
                      "Let viewers in once the box office has been reached for the first time.");
  }
  if (!lanes_->contains(ticket->lane)) {
    return base::fail("ticket-other-hall", "This ticket is for another hall.", "Send the viewer there.");
  }
  if (used_.contains(ticket->code)) {
    return base::fail("ticket-already-redeemed", "This ticket has been used in this hall.", "Do not let a second viewer in with it.");
  }
  ticketing::RedemptionAnswer answer;
  answer.redemption = ticketing::RedemptionId(request.head.idempotency_key);
  answer.ticket = ticket->code;
  answer.film = ticket->film;
  answer.allowed_films = {ticket->film};
  answer.screening = ticket->screening;
  answer.lane = ticket->lane;
  answer.slot = ticket->slot;
  answer.business_date = ticket->business_date;
  answer.ticket_kind = ticket->kind;
  return answer;
}

bool is_unreachable(const base::Error& error) {
  constexpr std::array<std::string_view, 7> kCodes{"http-unreachable", "http-interrupted", "http-error", "stopping", "busy", "ledger-write-failed", "disk-full"};
  return std::ranges::contains(kCodes, error.code);
}

}  // namespace promenade::server

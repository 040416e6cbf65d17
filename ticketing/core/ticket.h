#pragma once
// The signed ticket in a QR code: "PMT1.<payload>.<signature>", both base64url; about 220 characters.
// Ed25519 with the domain "promenade-ticket-1". Pure: the hall checks tickets with it while it is offline.
// A ticket is a right to one play of one film; whether it has been used or refunded only the ledger knows.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "ticketing/core/business_date.h"
#include "tracking/base/crypto.h"
#include "tracking/base/id.h"
#include "tracking/base/result.h"

namespace promenade::ticketing {

enum class TicketKind : std::uint8_t { paid, comp, staff, test };
std::string_view to_text(TicketKind kind);
base::Result<TicketKind> ticket_kind_from_text(std::string_view text);

struct Ticket {
  base::VenueId venue;
  base::TicketId code;
  base::FilmId film;
  base::LaneId lane;
  base::ScreeningId screening;
  int slot = 0;  // 1..slots of the lane
  BusinessDate business_date;
  base::UtcTime valid_from, valid_until;  // whole seconds; taken at the door in [from, until)
  std::string price_class;
  TicketKind kind = TicketKind::paid;
  std::array<std::uint8_t, 12> nonce{};  // secret; never in the ledger
  friend bool operator==(const Ticket&, const Ticket&) = default;
};

inline constexpr std::string_view kTicketDomain = "promenade-ticket-1";
inline constexpr int kMaxGates = 100;
inline constexpr std::size_t kMaxTicketText = 400;

// The nonce of a ticket code under a venue's key: 12 bytes of a signature that only the venue can make, so
// that a sale asked again gives the same token without the ledger holding it.
std::array<std::uint8_t, 12> ticket_nonce(const base::TicketId& code, const base::KeyPair& key);

// Which of a venue's GATES (at least 1), numbered from 1, a ticket is for: the only one that ever lets it in, so that gates
// which are cut off from the box office and from each other cannot both do. Codes are random, so all are equally busy.
int gate_of(const base::TicketId& code, int gates);

std::string issue_ticket(const Ticket& ticket, const base::KeyPair& key);

// Shape only, nothing verified. Error "ticket-malformed".
base::Result<Ticket> parse_ticket(std::string_view text);

// Everything that can be checked without the ledger. Errors, in this order: "ticket-malformed",
// "ticket-forged" or "ticket-other-venue" (by what it says), "ticket-other-day" (a day that is over), "ticket-not-yet-valid",
// "ticket-expired".
base::Result<Ticket> verify_ticket(std::string_view text, const base::PublicKey& key, const base::VenueId& venue,
                                   const BusinessCalendar& calendar, base::UtcTime now);

}  // namespace promenade::ticketing

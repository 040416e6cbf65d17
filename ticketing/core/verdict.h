#pragma once
// Do the four counts of a screening agree, and which one does not (票房核验). Pure. Sold less those who stayed away,
// redeemed, played and bodies are counted by four different means; where three say the same, the fourth is to be looked at.
// Staff and test tickets are people in the room: they are in redeemed, played and bodies here, and never in sold.
//
// What an evacuation ended is explained, not counted against anybody: its visits were let in and not played to the end, and a
// viewer who came in again was counted again at the door. One who was rebooked counts in each screening where he was let in.
//
// Bodies of one screening come from the door counter's intervals: an interval in which only tickets of that screening were
// redeemed is that screening's. Where it cannot be told, the verdict is unknown and says why; never a guess.

#include <optional>
#include <string>
#include <vector>

#include "ticketing/core/report.h"

namespace promenade::ticketing {

class LedgerState;

enum class Agreement { exact, unknown, disagrees };
enum class CountName { redeemed, played, bodies, several };
std::string_view to_text(Agreement agreement);
std::string_view to_text(CountName count);

struct ScreeningVerdict {
  base::ScreeningId screening;
  base::HallId hall;
  base::FilmId film;
  int sold = 0;      // paid and comp tickets that were not refunded
  int no_show = 0;   // of these, not redeemed
  int guests = 0;    // staff and test tickets redeemed
  int redeemed = 0;  // people let in, of all kinds, not refunded before a play; each once, however often he came in
  int played = 0;    // of these, watched to the end on a moving head
  int evacuated = 0; // of these, not: an evacuation ended the visit
  int returned = 0;  // times that one of these was let in again after it
  int may_have_returned = 0;  // likewise without anybody's scanning the ticket: nobody knows whether he went out
  Bodies bodies;
  Agreement agreement = Agreement::unknown;
  std::optional<CountName> differs;  // where they disagree; also named where bodies are unknown and the others differ
  int by = 0;                        // so many more than the others say; negative: fewer; 0 where several differ
  int allowance = 0;                 // by so much the hall's counters may be wrong about those let in
  std::vector<base::TicketId> tickets;  // of those let in
  int extra_bodies = 0;              // bodies less those let in, none where returns explain them; negative: too few
};

struct DayVerdict {
  std::vector<ScreeningVerdict> screenings;  // with tickets, by window, then lane
  int unattributed_bodies = 0;  // counted at the doors while nobody redeemed a ticket
};
DayVerdict judge_day(const LedgerState& state, BusinessDate date);

}  // namespace promenade::ticketing

#pragma once
// Reconciliation (票房核验): compares sold, redeemed, played and bodies, and names each difference by its signature.
// Pure. Codes:
//   unticketed-entry     more bodies than redeemed, beyond what the door counter is known to miss or double
//   door-counter-error   bodies and redeemed differ, within the counter's known error
//   fewer-bodies         fewer bodies than redeemed, beyond that error: tickets redeemed for nobody
//   screening-disagrees  likewise of one screening, by the counter's intervals in which nobody else went in (verdict.h)
//   bodies-unknown       no counter, or it was out for part of the day; says why
//   plays-exceed-redeemed, play-without-grant   must be impossible; somebody played without a ticket
//   film-mismatch        the film or package played is not that of the ticket
//   ghost-screening      sold out and no play
//   play-missing         redeemed and not played: fault, refund candidate
//   play-not-watched     played to the end but not worn or not moving as a head does
//   play-interrupted     started and not completed
//   play-open-at-close   started and not ended when the day was closed
//   refunded-after-play  the admission stays, with zero net
//   double-redemption    a hall used a ticket that was used elsewhere, refunded or out of its time; or a play began
//                        for a ticket refunded meanwhile, and counts for no ticket
//   gate-shared          two devices were one gate of the venue while cut off
//   no-show              sold and not redeemed
//   evacuated            visits that an evacuation ended, with what has become of them; explains started and not completed
//   evacuation-open      of these: neither resumed nor rebooked nor refunded
//   evacuation-unused    of these: resumed or rebooked, and the viewer has not come back; refund candidates
//   evacuation-reentry   more bodies than redeemed, but not more than came in again to go on after an evacuation

#include <string>
#include <string_view>
#include <vector>

#include "ticketing/core/report.h"

namespace promenade::ticketing {

class LedgerState;

// The report of a date from everything the state holds now, data_through being the state's head. Differences that
// only the end of the day settles (no-show, play-missing, ghost-screening) are named only in a final one.
DayReport compose_day_report(const LedgerState& state, BusinessDate date, bool final, int revision, int reckoning = kReckoning);

// By how much a door counter of that miss rate may be wrong about N people: ceil(3 sqrt(n p (1 - p)) + n p) (normal bound).
int counter_allowance(int n, double miss_rate);

// What the comparison of one hall's redeemed tickets with its door counter says; nullopt where they agree.
// RETURNED times a viewer came in again after an evacuation without a new redemption, or may have.
std::optional<Discrepancy> compare_bodies(const std::string& hall, int redeemed_all_kinds, const Bodies& bodies,
                                          double miss_rate, int returned = 0);

}  // namespace promenade::ticketing

#pragma once
// How complete a business date is at the national system, screening by screening, and whether what is missing may still be
// handed in. Pure; of the ledger and a time, never part of a day report's own bytes: receipts go on coming after the close.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ticketing/core/national.h"
#include "ticketing/core/screenings.h"

namespace promenade::ticketing {

class LedgerState;

struct NationalScreening {
  Screening screening;
  Completeness records;
};

struct NationalDay {
  BusinessDate date;
  Completeness records;                       // the sum of the screenings'
  std::vector<NationalScreening> screenings;  // with records, by window, then lane
  EntryClass entry = EntryClass::on_time;     // of a record that would be handed in now
  base::UtcTime free_until;                   // later only with an approval
  std::optional<Approval> approval;           // the last one, though it may be over
  base::UtcTime approval_until;               // where there is one
  std::uint64_t data_through = 0;
};

// nullopt: the venue does not report nationally, and has no records of that date.
std::optional<NationalDay> national_day(const LedgerState& state, BusinessDate date, base::UtcTime now);
nlohmann::json to_json(const NationalDay& day);

// The records of DATE with what became of them, those after number AFTER, at most LIMIT.
nlohmann::json national_records_json(const LedgerState& state, BusinessDate date, int after, std::size_t limit);

// Records of one date that may be handed in now, to be handed in together.
struct NationalBatch {
  std::string cinema_code;
  BusinessDate date;
  EntryClass entry = EntryClass::on_time;
  std::string approval;                 // its reference, where entry is approved
  std::vector<NationalRecord> records;  // 1..kNationalBatch, by number
};
using NationalNumbers = std::map<BusinessDate, std::set<int>>;
// The oldest date first; nullopt: nothing is missing that may be handed in. LEAVE_OUT: refused, and not to be asked again now.
std::optional<NationalBatch> next_national_batch(const LedgerState& state, base::UtcTime now, const NationalNumbers& leave_out);

// Why records of DATE cannot be handed in at SENT: "late-entry-closed", whose advice says what to do.
base::Error late_entry_closed(BusinessDate date, const BusinessCalendar& calendar, const std::optional<Approval>& approval);

}  // namespace promenade::ticketing

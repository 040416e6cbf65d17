#pragma once
// When a venue's records of a day may still be handed in to the national system, and how complete a day is. Pure. As known
// from outside (the governing text, DY/T 10-2025, is not public): a record of the day itself is on time; late entry is free
// for 7 days; after that it needs an approval, which must be used within 48 hours; a venue's day is complete from 98 % of
// its records on.

#include <chrono>
#include <optional>
#include <string>

#include "ticketing/core/business_date.h"

namespace promenade::ticketing {

enum class EntryClass { on_time, late, approved, approval_needed };
std::string_view to_text(EntryClass entry);
std::optional<EntryClass> entry_from_text(std::string_view text);

struct Approval {
  std::string reference;  // as given by the authority
  base::UtcTime granted;
};

inline constexpr int kFreeLateDays = 7;
inline constexpr std::chrono::hours kApprovalLasts{48};

// The class of a record of DATE that is handed in at SENT. Days are business days: the seventh ends at the cut-over after
// it. A record from before its own day, of a clock that was set, is on time.
EntryClass entry_class(BusinessDate date, base::UtcTime sent, const BusinessCalendar& calendar, const std::optional<Approval>& approval = std::nullopt);

struct Completeness {
  int records = 0, on_time = 0, late = 0, approved = 0;  // the three were handed in
  int reported() const { return on_time + late + approved; }
  int missing() const { return records - reported(); }
  // A day without records is complete: it is said with a signed zero day.
  bool complete() const { return std::int64_t{reported()} * 100 >= std::int64_t{records} * 98; }
  void count(std::optional<EntryClass> handed_in);  // one record; nullopt: not yet
  friend bool operator==(const Completeness&, const Completeness&) = default;
};

}  // namespace promenade::ticketing

#include "ticketing/core/late_entry.h"

#include <algorithm>
#include <iterator>

namespace promenade::ticketing {

namespace {
constexpr std::string_view kNames[] = {"on_time", "late", "approved", "approval_needed"};
}

std::string_view to_text(EntryClass entry) { return kNames[static_cast<std::size_t>(entry)]; }

std::optional<EntryClass> entry_from_text(std::string_view text) {
  const auto at = std::ranges::find(kNames, text);
  if (at == std::end(kNames)) return std::nullopt;
  return static_cast<EntryClass>(at - std::begin(kNames));
}

EntryClass entry_class(BusinessDate date, base::UtcTime sent, const BusinessCalendar& calendar, const std::optional<Approval>& approval) {
  if (sent < calendar.ends_at(date)) return EntryClass::on_time;
  if (sent < calendar.ends_at(date.plus_days(kFreeLateDays))) return EntryClass::late;
  const bool holds = approval && !approval->reference.empty() && approval->granted <= sent && sent - approval->granted <= kApprovalLasts;
  return holds ? EntryClass::approved : EntryClass::approval_needed;
}

void Completeness::count(std::optional<EntryClass> handed_in) {
  ++records;
  if (handed_in == EntryClass::on_time) ++on_time;
  else if (handed_in == EntryClass::late) ++late;
  else if (handed_in == EntryClass::approved) ++approved;
}

}  // namespace promenade::ticketing

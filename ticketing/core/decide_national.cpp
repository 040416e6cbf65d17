// What the national system has received, and the authority's approvals of entering late.

#include "ticketing/core/decider.h"
#include "ticketing/core/national_day.h"

namespace promenade::ticketing {
namespace {

std::unexpected<base::Error> not_reported(const Config& config) {
  return base::fail("national-not-reported", "The venue " + config.venue.value() + " does not report to the national system.",
                    "Set national_reporting = true and the cinema code in boxoffice.toml, where it does.");
}

}  // namespace

base::Result<Decision> Decider::decide(const NationalReceipt& request) {
  const auto found = state_.national_.find(request.date);
  if (found == state_.national_.end() && !config_.national_reporting) return not_reported(config_);
  const NationalBook none;
  const NationalBook& of_day = found == state_.national_.end() ? none : found->second;
  for (const int number : request.records) {
    if (static_cast<std::size_t>(number) > of_day.records.size()) {
      return base::fail("record-unknown", "The day " + request.date.text() + " has " + std::to_string(of_day.records.size()) + " records, and none with the number " +
                                              std::to_string(number) + ".", "Look at /v1/national/days/" + request.date.text() + "/records.");
    }
    if (of_day.records[static_cast<std::size_t>(number) - 1].receipt != 0) {
      return base::fail("record-received", "Record " + std::to_string(number) + " of " + request.date.text() + " has been received already.", "Leave it out.");
    }
  }
  if (request.sent > now_) {
    return base::fail("receipt-from-future", "The records were handed in at " + to_text(request.sent) + ", and it is " + to_text(now_) + " by the box office's clock.",
                      "Set the clocks.");
  }
  const EntryClass entry = entry_class(request.date, request.sent, state_.calendar(), of_day.approval);
  if (entry == EntryClass::approval_needed) return std::unexpected(late_entry_closed(request.date, state_.calendar(), of_day.approval));
  NationalAnswer answer;
  answer.date = request.date;
  answer.records = static_cast<int>(request.records.size());
  answer.entry = entry;
  // Of the day on which it is done: it says nothing about the takings of a day that may be closed.
  return book(request, std::move(answer), state_.calendar().date_of(now_));
}

base::Result<Decision> Decider::decide(const LateEntryApproval& request) {
  if (!config_.national_reporting && !state_.national_.contains(request.date)) return not_reported(config_);
  const BusinessCalendar& calendar = state_.calendar();
  const auto minute = [&](base::UtcTime time) { return calendar.local_text(time).substr(0, 16); };
  const base::UtcTime free_until = calendar.ends_at(request.date.plus_days(kFreeLateDays));
  if (now_ < free_until) {
    return base::fail("late-entry-free", "Records of " + request.date.text() + " may be handed in until " + minute(free_until) + " without an approval.",
                      "Hand them in; an approval is for later.");
  }
  if (request.granted > now_) {
    return base::fail("approval-from-future", "The approval " + request.reference + " is of " + minute(request.granted) + ", and it is " + minute(now_) + ".",
                      "Correct the time of its grant.");
  }
  const base::UtcTime until = request.granted + kApprovalLasts;
  if (now_ > until) {
    return base::fail("approval-over", "The approval " + request.reference + " of " + minute(request.granted) + " was good for 48 hours, until " + minute(until) + ".",
                      "Ask the authority for another one.");
  }
  LateEntryAnswer answer;
  answer.date = request.date;
  if (const auto found = state_.national_.find(request.date); found != state_.national_.end()) answer.missing = static_cast<int>(found->second.missing);
  answer.until = until;
  return book(request, std::move(answer), calendar.date_of(now_));
}

}  // namespace promenade::ticketing

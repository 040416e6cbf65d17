#include "ticketing/core/decider.h"
#include "ticketing/core/reconcile.h"

namespace promenade::ticketing {

// The report of DATE as AT has it becomes the day's next revision.
base::Result<Decision> Decider::settle(const Request& request, const LedgerState& at, BusinessDate date) {
  const auto day = state_.days_.find(date);
  DayAnswer answer;
  answer.date = date;
  answer.revision = day == state_.days_.end() ? 1 : day->second.revision + 1;
  answer.reckoning = kReckoning;
  const DayReport report = compose_day_report(at, date, true, answer.revision);
  answer.data_through = report.data_through;
  answer.report_hash = base::blake2b(base::as_bytes(report_json_text(report)));
  return std::visit([&](const auto& r) { return book(r, std::move(answer), date); }, request);
}

base::Result<Decision> Decider::decide(const DayClose& request) {
  if (final(request.date)) {
    return base::fail("day-already-final", "The day " + request.date.text() + " is closed already.", "Make a correction to change it.");
  }
  if (request.date > state_.calendar().date_of(now_)) {
    return base::fail("day-not-begun", "The day " + request.date.text() + " has not begun.", "Close it when it is over.");
  }
  int open = 0;
  for (const PlayCode& code : state_.records_of(request.date).plays) open += state_.plays_.at(code).ended ? 0 : 1;
  if (open > 0 && !request.force) {
    return base::fail("day-has-open-plays", std::to_string(open) + " plays of " + request.date.text() + " have not ended.",
                      "Wait for them, or close with force: they then count as not completed.");
  }
  return settle(request, state_, request.date);
}

base::Result<Decision> Decider::decide(const Correction& request) {
  if (!final(request.date)) {
    return base::fail("day-not-final", "The day " + request.date.text() + " is open.", "Change it directly; corrections are for closed days.");
  }
  if (request.refund.is_none()) return settle(request, state_, request.date);
  const auto found = live_ticket(request.refund);
  if (!found) return std::unexpected(found.error());
  if ((*found)->business_date != request.date) {
    return base::fail("ticket-other-date", "Ticket " + request.refund.value() + " is of " + (*found)->business_date.text() + ".", "Correct that day.");
  }
  const RefundRequest refund{request.head, request.refund, request.reason, request.supervisor};
  auto answer = check_refund(refund, **found);
  if (!answer) return std::unexpected(answer.error());
  answer->seq = next_seq();
  // The refund carries no idempotency key of its own: it comes and is remembered with its correction.
  add_event(RefundRequest::kKind, request.head, request.date, body_text({Request(refund), Answer(*answer), digest_of(Request(refund)), {}}), {});
  LedgerState after = state_;
  if (auto done = after.apply(decision_.events.back()); !done) return std::unexpected(done.error());
  return settle(request, after, request.date);
}

}  // namespace promenade::ticketing

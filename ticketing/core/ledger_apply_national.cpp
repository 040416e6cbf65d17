// Records for the national system, and what it has received.

#include "ticketing/core/applier.h"

namespace promenade::ticketing {

void Applier::add_national(NationalOperation operation, const TicketRecord& ticket) {
  if (!state_.config_->national_reporting || ticket.kind == TicketKind::staff || ticket.kind == TicketKind::test) return;
  NationalBook& book = state_.national_[ticket.business_date];
  NationalRecord record;
  record.number = static_cast<int>(book.records.size()) + 1;
  record.operation = operation;
  record.event = event_.seq;
  record.at = event_.ts;
  record.ticket = ticket.code;
  record.screening = ticket.screening;
  record.lane = ticket.lane;
  record.film = ticket.film;
  record.slot = ticket.slot;
  record.price = ticket.price;
  record.kind = ticket.kind;
  record.channel = ticket.channel;
  book.records.push_back(std::move(record));
  ++book.missing;
  state_.national_missing_.insert(ticket.business_date);
}

base::Result<void> Applier::take(const NationalReceipt& request) {
  const auto* receipt = answer<NationalAnswer>();
  if (receipt == nullptr) return broken("its answer is of another kind");
  NationalBook& book = state_.national_[request.date];
  for (const int number : request.records) {
    const auto at = static_cast<std::size_t>(number) - 1;
    if (at >= book.records.size() || book.records[at].receipt != 0) return broken("it receives a record that is missing or was received before");
    book.records[at].receipt = event_.seq;
    book.records[at].entry = receipt->entry;
    --book.missing;
  }
  while (book.first_missing < book.records.size() && book.records[book.first_missing].receipt != 0) ++book.first_missing;
  if (book.missing == 0) state_.national_missing_.erase(request.date);
  const std::string key = "N" + std::to_string(event_.seq);
  state_.national_receipts_[key] = {event_.seq, request.date, receipt->records, request.sent, receipt->entry, request.reference};
  state_.touch(kNationalTable, key);
  return {};
}

base::Result<void> Applier::take(const LateEntryApproval& request) {
  if (answer<LateEntryAnswer>() == nullptr) return broken("its answer is of another kind");
  state_.national_[request.date].approval = Approval{request.reference, request.granted};
  return {};
}

}  // namespace promenade::ticketing

// Sold, paid back, changed: money, tickets and their places.

#include "ticketing/core/applier.h"

namespace promenade::ticketing {

base::Result<void> Applier::add_ticket(TicketRecord ticket) {
  ticket.place = ticket.screening;
  const auto screening = state_.screenings_.find(ticket.screening);
  if (screening == state_.screenings_.end()) return broken("its screening is not open");
  if (!screening->second.live.emplace(ticket.slot, ticket.code).second) return broken("a slot is sold twice");
  screening->second.tickets.push_back(ticket.code);
  state_.touch(kScreeningTable, ticket.screening.value());
  state_.touch(kTicketTable, ticket.code.value());
  const base::TicketId code = ticket.code;
  if (!state_.tickets_.emplace(code, std::move(ticket)).second) return broken("a ticket code is used twice");
  return {};
}

TicketRecord Applier::record_of(const SoldTicket& sold, std::string sale) const {
  TicketRecord t;
  t.code = sold.code;
  t.sale = std::move(sale);
  t.slot = sold.slot;
  t.business_date = event_.business_date;
  t.valid_from = sold.valid_from;
  t.valid_until = sold.valid_until;
  t.price_class = booked_.price_class;
  t.place_slot = sold.slot;
  return t;
}

void Applier::free_slot(const TicketRecord& ticket) {
  state_.screenings_.at(ticket.place).live.erase(ticket.place_slot);
  state_.touch(kScreeningTable, ticket.place.value());
  state_.touch(kTicketTable, ticket.code.value());
}

base::Result<void> Applier::take(const SaleRequest& request) {
  const auto* sale = answer<SaleAnswer>();
  if (sale == nullptr) return broken("its answer is of another kind");
  for (const auto& sold : sale->tickets) {
    TicketRecord t = record_of(sold, sale->sale);
    t.screening = sale->screening;
    t.lane = sale->lane;
    t.film = sale->film;
    t.kind = request.ticket_kind;
    t.price = sale->price;
    t.channel = request.channel;
    if (auto done = add_ticket(std::move(t)); !done) return done;
  }
  return {};
}

base::Result<void> Applier::take(const RefundRequest& request) {
  const auto* refund = answer<RefundAnswer>();
  if (refund == nullptr) return broken("its answer is of another kind");
  return give_back(*refund, request.reason, request.supervisor);
}

base::Result<void> Applier::give_back(const RefundAnswer& refund, std::string reason, std::string supervisor) {
  const auto ticket = state_.tickets_.find(refund.ticket);
  if (ticket == state_.tickets_.end()) return broken("its ticket is missing");
  ticket->second.refunded = true;
  free_slot(ticket->second);
  if (const auto grant = state_.grants_.find(refund.revoked_grant); grant != state_.grants_.end()) {
    revoke(grant->second);
  }
  if (const auto redemption = state_.redemptions_.find(refund.revoked_redemption); redemption != state_.redemptions_.end()) {
    redemption->second.revoked = true;
    redemption->second.grant = {};
    ticket->second.redemption = {};
    state_.touch(kRedemptionTable, redemption->first.value());
  }
  const std::string id = "R" + std::to_string(event_.seq);
  state_.refunds_[id] = {id, refund.ticket, refund.amount, event_.business_date, std::move(reason), std::move(supervisor), refund.watched};
  state_.touch(kRefundTable, id);
  if (EvacuationCase* settled = last_case(refund.ticket); settled != nullptr && !settled->used()) settle_case(*settled, Settlement::refund);
  return {};
}

base::Result<void> Applier::take(const ChangeRequest& request) {
  const auto* change = answer<ChangeAnswer>();
  const auto old = state_.tickets_.find(request.ticket);
  if (change == nullptr || old == state_.tickets_.end()) return broken("its ticket or answer is missing");
  old->second.changed_away = true;
  old->second.changed_to = change->ticket.code;
  old->second.redemption = {};
  free_slot(old->second);
  TicketRecord t = record_of(change->ticket, "C" + std::to_string(event_.seq));
  t.screening = change->screening;
  t.lane = change->lane;
  t.film = change->film;
  t.kind = old->second.kind;
  t.price = change->price;
  t.channel = old->second.channel;
  t.redemption = change->redemption;
  if (const auto redemption = state_.redemptions_.find(change->redemption); redemption != state_.redemptions_.end()) {
    redemption->second.ticket = t.code;
    state_.touch(kRedemptionTable, redemption->first.value());
  }
  return add_ticket(std::move(t));
}

base::Result<void> Applier::move_place(TicketRecord& ticket, const base::ScreeningId& screening, int slot) {
  const auto to = state_.screenings_.find(screening);
  if (to == state_.screenings_.end()) return broken("its screening is not open");
  free_slot(ticket);
  if (!to->second.live.emplace(slot, ticket.code).second) return broken("a slot is sold twice");
  ticket.place = screening;
  ticket.place_slot = slot;
  state_.touch(kScreeningTable, screening.value());
  return {};
}
}  // namespace promenade::ticketing

// Sold, paid back, changed: money, tickets and their places.

#include "ticketing/core/applier.h"

namespace promenade::ticketing {

base::Result<void> Applier::add_ticket(TicketRecord ticket) {
  ticket.place = ticket.screening;
  const auto screening = state_.screenings_.find(ticket.screening);
  if (screening == state_.screenings_.end()) return broken("its screening is not open");
  if (kept_for_another(ticket.screening, ticket.slot, ticket.reservation)) return broken("it sells a place that is kept for somebody else");
  if (!screening->second.live.emplace(ticket.slot, ticket.code).second) return broken("a slot is sold twice");
  screening->second.tickets.push_back(ticket.code);
  state_.touch(kScreeningTable, ticket.screening.value());
  touch_ticket(ticket);
  concerns(ticket.code);
  if (const std::string& voucher = ticket.concession.voucher_key; !voucher.empty() && !state_.vouchers_.emplace(voucher, ticket.code).second) {
    return broken("a voucher is used twice");
  }
  add_national(NationalOperation::sale, ticket);
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

void Applier::touch_ticket(const TicketRecord& ticket) {
  state_.touch(kTicketTable, ticket.code.value());
  if (!ticket.concession.none()) state_.touch(kConcessionTable, ticket.code.value());
}

void Applier::free_slot(const TicketRecord& ticket) {
  state_.screenings_.at(ticket.place).live.erase(ticket.place_slot);
  state_.touch(kScreeningTable, ticket.place.value());
  touch_ticket(ticket);
}

void Applier::free_voucher(const TicketRecord& ticket) {
  if (!ticket.concession.voucher_key.empty()) state_.vouchers_.erase(ticket.concession.voucher_key);
}

bool Applier::kept_for_another(const base::ScreeningId& screening, int slot, const ReservationId& own) const {
  return state_.kept_slots(screening, event_.ts, own).contains(slot);
}

base::Result<void> Applier::take(const ReservationRequest& request) {
  const auto* kept = answer<ReservationAnswer>();
  if (kept == nullptr) return broken("its answer is of another kind");
  const auto screening = state_.screenings_.find(kept->screening);
  if (screening == state_.screenings_.end()) return broken("its screening is not open");
  for (const int slot : kept->slots) {
    const bool taken = screening->second.live.contains(slot) || kept_for_another(kept->screening, slot, {});
    if (taken) return broken("it keeps a place that is taken");
  }
  const ReservationRecord record{kept->reservation, request.name, kept->film, kept->screening, kept->business_date, request.count, kept->slots,
                                 kept->expires, false};
  if (!state_.reservations_.emplace(record.id, record).second) return broken("the reservation is there twice");
  state_.reservations_by_screening_[kept->screening].push_back(record.id);
  state_.touch(kReservationTable, record.id.value());
  return {};
}

base::Result<void> Applier::take(const ReservationRelease& request) {
  const auto record = state_.reservations_.find(request.reservation);
  if (record == state_.reservations_.end()) return broken("its reservation is missing");
  record->second.released = true;
  state_.touch(kReservationTable, record->first.value());
  return {};
}

// The places that were sold are kept no longer, the others of the reservation are.
base::Result<void> Applier::use_reservation(const ReservationId& id, const base::ScreeningId& screening, const std::vector<SoldTicket>& sold) {
  if (id.is_none()) return {};
  const auto record = state_.reservations_.find(id);
  if (record == state_.reservations_.end() || record->second.screening != screening || !record->second.keeps(event_.ts)) {
    return broken("its reservation does not keep its places");
  }
  for (const SoldTicket& ticket : sold) {
    if (std::erase(record->second.slots, ticket.slot) == 0) return broken("it sells a place that its reservation does not keep");
  }
  state_.touch(kReservationTable, id.value());
  return {};
}

base::Result<void> Applier::take(const SaleRequest& request) {
  const auto* sale = answer<SaleAnswer>();
  if (sale == nullptr) return broken("its answer is of another kind");
  if (auto done = use_reservation(sale->reservation, sale->screening, sale->tickets); !done) return done;
  const bool vouchers = !sale->voucher.empty();
  if (vouchers && request.voucher_codes.size() != sale->tickets.size()) return broken("its vouchers are not one for each ticket");
  for (std::size_t i = 0; i < sale->tickets.size(); ++i) {
    const SoldTicket& sold = sale->tickets[i];
    TicketRecord t = record_of(sold, sale->sale);
    t.reservation = sale->reservation;
    t.concession = {sale->discount, sale->voucher, vouchers ? voucher_key(sale->voucher, request.voucher_codes[i]) : std::string(),
                    sale->off.value_or(Money{0, sale->price.currency})};
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
  if (event_.kind != SettleEvacuation::kKind) concerns(refund.ticket);
  add_national(NationalOperation::refund, ticket->second);
  free_slot(ticket->second);
  free_voucher(ticket->second);
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
  concerns(request.ticket);
  add_national(NationalOperation::refund, old->second);
  old->second.changed_to = change->ticket.code;
  old->second.redemption = {};
  free_slot(old->second);
  free_voucher(old->second);
  TicketRecord t = record_of(change->ticket, "C" + std::to_string(event_.seq));
  t.screening = change->screening;
  t.lane = change->lane;
  t.film = change->film;
  t.kind = old->second.kind;
  t.price = change->price;
  t.channel = old->second.channel;
  t.concession = old->second.concession;
  t.concession.off = change->off.value_or(t.concession.off);
  t.redemption = change->redemption;
  if (const auto redemption = state_.redemptions_.find(change->redemption); redemption != state_.redemptions_.end()) {
    redemption->second.ticket = t.code;
    redemption->second.screening = t.screening;
    state_.touch(kRedemptionTable, redemption->first.value());
  }
  return add_ticket(std::move(t));
}

base::Result<void> Applier::move_place(TicketRecord& ticket, const base::ScreeningId& screening, int slot) {
  const auto to = state_.screenings_.find(screening);
  if (to == state_.screenings_.end()) return broken("its screening is not open");
  if (kept_for_another(screening, slot, {})) return broken("it takes a place that is kept for somebody else");
  free_slot(ticket);
  if (!to->second.live.emplace(slot, ticket.code).second) return broken("a slot is sold twice");
  ticket.place = screening;
  ticket.place_slot = slot;
  state_.touch(kScreeningTable, screening.value());
  return {};
}
}  // namespace promenade::ticketing

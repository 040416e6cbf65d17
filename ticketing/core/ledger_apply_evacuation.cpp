// What an evacuation ended, how it was settled, and the plays that continue.

#include "ticketing/core/applier.h"

namespace promenade::ticketing {

EvacuationCase& Applier::case_for(const std::string& evacuation, const TicketRecord& ticket) {
  EvacuationCase& c = state_.evacuations_[{evacuation, ticket.code}];
  if (c.ticket.is_none()) {
    c.evacuation = evacuation;
    c.ticket = ticket.code;
    c.redemption = ticket.redemption;
    c.business_date = ticket.business_date;
    c.at = event_.device_ts;
    state_.last_evacuation_[ticket.code] = evacuation;
  }
  touch(c);
  return c;
}

void Applier::settle_case(EvacuationCase& c, Settlement settlement) {
  c.settlement = settlement;
  c.settled_at = settlement == Settlement::open ? base::UtcTime{} : event_.ts;
  c.settled_by = settlement == Settlement::open ? std::string() : event_.actor;
  c.screening = {};
  c.slot = 0;
  c.valid_from = c.valid_until = {};
  touch(c);
}

// A hall that names no evacuation has one for each business date.
void Applier::open_case(PlayRecord& p, const PlayEnded& request) {
  const TicketRecord& ticket = state_.tickets_.at(p.ticket);
  const std::string& code = p.code.value();
  const std::string hall = code.substr(0, code.rfind('-', code.rfind('-') - 1));
  p.evacuation = !request.evacuation.empty() ? request.evacuation : (ticket.business_date.text() + "." + hall).substr(0, 80);
  EvacuationCase& c = case_for(p.evacuation, ticket);
  c.redemption = p.redemption;
  c.play = p.code;
  c.at = request.end;
  c.scene = request.scene;
  // The same evacuation a second time, as one whose hall names none has it: what was settled before is over.
  if (c.used()) {
    c.again = {};
    c.followed_by = {};
    settle_case(c, Settlement::open);
  }
  if (ticket.refunded) settle_case(c, Settlement::refund);
}

// The right that a settlement gave is used at the door: this redemption takes the place of the one before.
void Applier::come_again(const RedemptionRecord& redemption) {
  EvacuationCase* c = last_case(redemption.ticket);
  if (c == nullptr || c->used()) return;
  c->again = redemption.id;
  touch(*c);
  RedemptionRecord& before = state_.redemptions_.at(c->redemption);
  before.relieved = true;
  state_.touch(kRedemptionTable, before.id.value());
  if (const auto grant = state_.grants_.find(before.grant); grant != state_.grants_.end() && !grant->second.revoked) revoke(grant->second);
}

// A play that starts on a ticket whose visit an evacuation ended continues the one before, but for a rebooked ticket.
void Applier::follow(PlayRecord& p) {
  EvacuationCase* c = p.ticket.is_none() ? nullptr : last_case(p.ticket);
  const bool its = c != nullptr && c->followed_by.is_none() && p.redemption == (c->again.is_none() ? c->redemption : c->again);
  if (!its) return;
  c->followed_by = p.code;
  if (c->settlement == Settlement::open) settle_case(*c, Settlement::resume);
  if (c->settlement == Settlement::resume) p.continues = c->play;
  touch(*c);
}

base::Result<void> Applier::go_on(PlayRecord& p) {
  EvacuationCase* c = const_cast<EvacuationCase*>(state_.case_of(p));
  if (!p.ended || c == nullptr) return broken("its play is there twice");
  state_.touch(kPlayTable, p.code.value());
  if (c->settlement != Settlement::resume) {
    p.on_refunded = true;
    return {};
  }
  p.ended = false;
  p.reason.clear();
  p.evacuation.clear();
  c->followed_by = p.code;
  touch(*c);
  return {};
}

base::Result<void> Applier::take(const SettleEvacuation& request) {
  const auto* settled = answer<SettlementAnswer>();
  const auto found = state_.tickets_.find(request.ticket);
  if (settled == nullptr || found == state_.tickets_.end()) return broken("its ticket or answer is missing");
  TicketRecord& ticket = found->second;
  concerns(ticket.code);
  EvacuationCase& c = case_for(request.evacuation, ticket);
  settle_case(c, request.settlement);
  if (request.settlement == Settlement::refund) {
    RefundAnswer refund;
    refund.ticket = ticket.code;
    refund.amount = settled->amount;
    refund.revoked_grant = settled->revoked_grant;
    refund.revoked_redemption = settled->revoked_redemption;
    refund.watched = settled->watched;
    return give_back(refund, std::string(kEvacuationRefund), request.supervisor);
  }
  if (request.settlement != Settlement::rebook) return {};
  if (const auto grant = state_.grants_.find(settled->revoked_grant); grant != state_.grants_.end() && !grant->second.revoked) revoke(grant->second);
  c.screening = settled->screening;
  c.slot = settled->slot;
  c.valid_from = settled->valid_from;
  c.valid_until = settled->valid_until;
  return move_place(ticket, settled->screening, settled->slot);
}
}  // namespace promenade::ticketing

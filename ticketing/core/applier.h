#pragma once
// One booked event taken into the state. Internal to ticketing/core; used once, by LedgerState::apply. What follows from
// events about money and places is in ledger_apply_sales.cpp, about the door and plays in ledger_apply_plays.cpp, about
// evacuations in ledger_apply_evacuation.cpp, about the national system in ledger_apply_national.cpp. A lookup that fails means that the ledger does not fit itself:
// "ledger-inconsistent".

#include "ticketing/core/event_body.h"
#include "ticketing/core/ledger_state.h"
#include "ticketing/core/projection_tables.h"

namespace promenade::ticketing {

class Applier {
 public:
  Applier(LedgerState& state, const Event& event) : state_(state), event_(event) {}

  base::Result<void> run();

 private:
  std::unexpected<base::Error> broken(const std::string& what) const;
  base::Result<void> venue_set_up();
  base::Result<void> log_key();
  base::Result<void> screening_opened();
  base::Result<void> booked();
  template <class T>
  const T* answer() const { return std::get_if<T>(&booked_.answer); }

  base::Result<void> take(const SaleRequest& request);
  base::Result<void> take(const ReservationRequest& request);
  base::Result<void> take(const ReservationRelease& request);
  base::Result<void> take(const RefundRequest& request);
  base::Result<void> take(const ChangeRequest& request);
  base::Result<void> take(const RedemptionRequest& request);
  base::Result<void> take(const GrantRequest& request);
  base::Result<void> take(const PlayStarted& request);
  base::Result<void> take(const PlayEnded& request);
  base::Result<void> take(const HeadsetSwap& request);
  base::Result<void> take(const Observation& request);
  base::Result<void> take(const SettleEvacuation& request);
  base::Result<void> take(const NationalReceipt& request);
  base::Result<void> take(const LateEntryApproval& request);
  base::Result<void> take(const DayClose& request) { return settle(request.date); }
  base::Result<void> take(const Correction& request) { return settle(request.date); }
  base::Result<void> settle(BusinessDate date);

  // That the event concerns a ticket, for who looks it up later.
  void concerns(const base::TicketId& ticket) { state_.events_by_ticket_[ticket].push_back(event_.seq); }
  void concerns(const RedemptionId& redemption);

  void add_national(NationalOperation operation, const TicketRecord& ticket);

  // Tickets and their places.
  base::Result<void> add_ticket(TicketRecord ticket);
  TicketRecord record_of(const SoldTicket& sold, std::string sale) const;
  base::Result<void> give_back(const RefundAnswer& refund, std::string reason, std::string supervisor);
  void touch_ticket(const TicketRecord& ticket);
  base::Result<void> use_reservation(const ReservationId& id, const base::ScreeningId& screening, const std::vector<SoldTicket>& sold);
  bool kept_for_another(const base::ScreeningId& screening, int slot, const ReservationId& own) const;
  void free_slot(const TicketRecord& ticket);
  void free_voucher(const TicketRecord& ticket);
  base::Result<void> move_place(TicketRecord& ticket, const base::ScreeningId& screening, int slot);

  void revoke(GrantRecord& grant);
  void take_place(RedemptionRecord& redemption);

  // What an evacuation ended, and what followed.
  EvacuationCase* last_case(const base::TicketId& ticket) { return const_cast<EvacuationCase*>(state_.last_case(ticket)); }
  EvacuationCase& case_for(const std::string& evacuation, const TicketRecord& ticket);
  void touch(const EvacuationCase& c) { state_.touch(kEvacuationTable, c.evacuation + "/" + c.ticket.value()); }
  void settle_case(EvacuationCase& c, Settlement settlement);
  void open_case(PlayRecord& p, const PlayEnded& request);
  void come_again(const RedemptionRecord& redemption);
  void follow(PlayRecord& p);
  base::Result<void> go_on(PlayRecord& p);

  LedgerState& state_;
  const Event& event_;
  BookedRequest booked_;
};

}  // namespace promenade::ticketing

#pragma once
// One request decided against the state: checks the rules and builds the events. Internal to ticketing/core; used
// once, by LedgerState::decide. Rules about money and places are in decide_sales.cpp, about the door and plays in
// decide_plays.cpp, about days in decide_days.cpp, about what follows an evacuation in decide_evacuation.cpp, about
// the national system in decide_national.cpp.

#include "ticketing/core/event_body.h"
#include "ticketing/core/ledger_state.h"

namespace promenade::ticketing {

class Decider {
 public:
  // ASKED is the request that will be decided; it outlives this.
  Decider(const LedgerState& state, base::UtcTime now, const base::KeyPair& key, IdSource& ids, const CheckedRequest& asked);

  base::Result<Decision> decide(const SaleRequest& request);
  base::Result<Decision> decide(const ReservationRequest& request);
  base::Result<Decision> decide(const ReservationRelease& request);
  base::Result<Decision> decide(const RefundRequest& request);
  base::Result<Decision> decide(const ChangeRequest& request);
  base::Result<Decision> decide(const RedemptionRequest& request);
  base::Result<Decision> decide(const GrantRequest& request);
  base::Result<Decision> decide(const PlayStarted& request);
  base::Result<Decision> decide(const PlayEnded& request);
  base::Result<Decision> decide(const HeadsetSwap& request);
  base::Result<Decision> decide(const Observation& request);
  base::Result<Decision> decide(const DayClose& request);
  base::Result<Decision> decide(const Correction& request);
  base::Result<Decision> decide(const SettleEvacuation& request);
  base::Result<Decision> decide(const NationalReceipt& request);
  base::Result<Decision> decide(const LateEntryApproval& request);

  // The answer with the tokens of its tickets, which only the venue's key can make.
  Answer with_tokens(Answer answer) const;

 private:
  struct Place {
    Screening screening;
    std::vector<int> slots;
  };

  std::uint64_t next_seq() const { return state_.head_.seq + decision_.events.size() + 1; }
  bool final(BusinessDate date) const { return state_.days_.contains(date); }
  base::Result<const TicketRecord*> ticket(const base::TicketId& code) const;
  base::Result<Ticket> verified_ticket(const std::string& token, base::UtcTime at) const;  // by any of the venue's ticket keys
  base::Result<const TicketRecord*> live_ticket(const base::TicketId& code) const;  // neither refunded nor changed away
  base::Result<const PlayRecord*> running_play(const PlayCode& code) const;
  bool has_play(const base::TicketId& code, bool only_open) const;

  // A screening of FILM with COUNT free slots: the one asked for or, with none, of now. RELEASED gives its place up.
  base::Result<Place> find_place(const FilmEntry& film, const base::ScreeningId& asked, int count, const base::TicketId& released) const;
  // Of the places that FROM keeps, or of those that nobody has and nobody keeps.
  std::optional<Place> place_in(const Screening& screening, int count, const base::TicketId& released, const ReservationRecord* from = nullptr) const;
  base::Result<Place> kept_place(const SaleRequest& request) const;
  // What discount or vouchers take off the price of each ticket; none: nothing does.
  base::Result<std::optional<Money>> off_price(const SaleRequest& request, const FilmEntry& film) const;
  bool lane_free(const Screening& screening) const;

  void open_screening(const Screening& screening, const RequestHead& head);
  SoldTicket new_ticket(const Screening& screening, int slot);
  std::string token_of(const SoldTicket& sold, const Screening& screening, const std::string& price_class, TicketKind kind) const;
  base::Result<RefundAnswer> check_refund(const RefundRequest& request, const TicketRecord& ticket) const;

  // The case that REQUEST is about: the one in the ledger, or a new one that it opens.
  base::Result<EvacuationCase> evacuation_case(const SettleEvacuation& request, const TicketRecord& ticket) const;
  base::Result<Place> rebooked_place(const SettleEvacuation& request, const TicketRecord& ticket) const;
  // Whether TICKET opens the door of HALL again, after an evacuation.
  base::Result<void> check_return(const EvacuationCase& settled, const TicketRecord& ticket, const base::HallId& hall, base::UtcTime at) const;

  void add_event(std::string_view kind, const RequestHead& head, BusinessDate date, std::string body, const std::string& key);
  // Adds the event of REQUEST with ANSWER (its seq set here) and makes the answer the decision's.
  template <class R, class A>
  Decision book(const R& request, A answer, BusinessDate date, const std::string& price_class = {});
  // Books what has happened to the business date that ANSWER names, late where that day is closed.
  template <class R>
  Decision book_fact(const R& request, RecordedAnswer answer);
  base::Result<Decision> settle(const Request& request, const LedgerState& at, BusinessDate date);

  const LedgerState& state_;
  const Config& config_;
  base::UtcTime now_;
  const base::KeyPair& key_;
  IdSource& ids_;
  const CheckedRequest& asked_;
  Decision decision_;
};

template <class R, class A>
Decision Decider::book(const R& request, A answer, BusinessDate date, const std::string& price_class) {
  answer.seq = next_seq();
  decision_.answer = Answer(std::move(answer));
  add_event(R::kKind, request.head, date, body_text(asked_.booked, decision_.answer, asked_.digest, price_class), request.head.idempotency_key);
  return std::move(decision_);
}

template <class R>
Decision Decider::book_fact(const R& request, RecordedAnswer answer) {
  answer.late = final(answer.business_date);
  const BusinessDate date = answer.business_date;
  return book(request, std::move(answer), date);
}

}  // namespace promenade::ticketing

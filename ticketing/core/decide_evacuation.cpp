#include <algorithm>

#include "ticketing/core/decider.h"

namespace promenade::ticketing {

// One right or the money, never both: a settlement that nobody has used yet may be replaced, a refund never.
base::Result<EvacuationCase> Decider::evacuation_case(const SettleEvacuation& request, const TicketRecord& record) const {
  const auto known = state_.evacuations_.find({request.evacuation, record.code});
  if (known != state_.evacuations_.end()) {
    const EvacuationCase& found = known->second;
    if (!request.play.is_none() && request.play != found.play) {
      return base::fail("evacuation-other-play", "The evacuation " + request.evacuation + " did not end the play " + request.play.value() + " of this ticket.",
                        "Leave the play out.");
    }
    if (state_.last_case(record.code) != &found) {
      return base::fail("evacuation-superseded", "A later evacuation ended the ticket's visit again.", "Settle that one.");
    }
    if (found.used()) {
      return base::fail("evacuation-used", "The viewer of ticket " + record.code.value() + " is inside again.",
                        "Nothing is left to settle; an ordinary refund needs a reason and a supervisor.");
    }
    const bool moved = request.settlement == Settlement::rebook && (now_ >= found.valid_until || !request.screening.is_none());
    if (request.settlement == Settlement::open || (found.settlement == request.settlement && !moved)) {
      return base::fail("evacuation-settled", "Ticket " + record.code.value() + " is settled so already.", "Nothing needs doing.");
    }
    return found;
  }
  const auto redemption = state_.redemptions_.find(record.redemption);
  if (redemption == state_.redemptions_.end()) {
    return base::fail("evacuation-not-inside", "Ticket " + record.code.value() + " was not redeemed: its viewer was not inside.", "The ticket is as it was.");
  }
  const bool told = !request.play.is_none() || has_play(record.code, false);
  const EvacuationCase* earlier = state_.last_case(record.code);
  const bool since = earlier != nullptr && earlier->used() && earlier->followed_by.is_none();  // inside again, no film yet
  if (told && !since) {
    return base::fail("evacuation-not-ended", "The evacuation " + request.evacuation + " is not what ended the film of ticket " + record.code.value() + ".",
                      "Report the play's end first; for a film that ended otherwise make an ordinary refund.");
  }
  if (earlier != nullptr && !since) {
    return base::fail("evacuation-superseded", "Ticket " + record.code.value() + " belongs to the evacuation " + earlier->evacuation + ".", "Settle that one.");
  }
  EvacuationCase opened;
  opened.evacuation = request.evacuation;
  opened.ticket = record.code;
  opened.redemption = record.redemption;
  opened.business_date = record.business_date;
  return opened;
}

// The place it has while its start window lasts; else one of a later screening of the same film.
base::Result<Decider::Place> Decider::rebooked_place(const SettleEvacuation& request, const TicketRecord& record) const {
  const Screening& own = state_.screenings_.at(record.place).screening;
  const bool keeps = (request.screening.is_none() || request.screening == own.id) && now_ < own.window_until;
  if (keeps) return Place{own, {record.place_slot}};
  const FilmEntry* film = config_.film(record.film);
  if (film == nullptr) return base::fail("film-unknown", "This venue does not show the film " + record.film.value() + " any more.", "Refund the ticket.");
  auto place = find_place(*film, request.screening, 1, record.code);
  if (!place) return place;
  if (place->screening.business_date != record.business_date) {
    return base::fail("change-other-day", "The ticket is for " + record.business_date.text() + ", the screening on " + place->screening.business_date.text() + ".",
                      "Refund the ticket.");
  }
  return place;
}

base::Result<Decision> Decider::decide(const SettleEvacuation& request) {
  const auto found = live_ticket(request.ticket);
  if (!found) return std::unexpected(found.error());
  const TicketRecord& record = **found;
  if (final(record.business_date)) {
    return base::fail("day-final", "The day " + record.business_date.text() + " is closed.", "Refund the ticket by a correction of that day.");
  }
  if (has_play(record.code, true)) {
    return base::fail("play-in-progress", "The film of ticket " + record.code.value() + " is playing.", "Report its end first.");
  }
  const auto concerned = evacuation_case(request, record);
  if (!concerned) return std::unexpected(concerned.error());
  SettlementAnswer answer;
  answer.evacuation = request.evacuation;
  answer.ticket = record.code;
  answer.play = concerned->play;
  answer.settlement = request.settlement;
  answer.business_date = record.business_date;
  const RedemptionRecord& redemption = state_.redemptions_.at(concerned->redemption);
  if (request.settlement == Settlement::refund) {
    const auto refund = check_refund({request.head, record.code, std::string(kEvacuationRefund), request.supervisor}, record);
    if (!refund) return std::unexpected(refund.error());
    answer.amount = refund->amount;
    answer.revoked_grant = refund->revoked_grant;
    answer.revoked_redemption = refund->revoked_redemption;
    answer.watched = refund->watched;
  } else if (request.settlement == Settlement::rebook) {
    const auto place = rebooked_place(request, record);
    if (!place) return std::unexpected(place.error());
    open_screening(place->screening, request.head);
    answer.revoked_grant = redemption.grant;
    answer.screening = place->screening.id;
    answer.lane = place->screening.lane;
    answer.hall = place->screening.hall;
    answer.slot = place->slots.front();
    answer.valid_from = std::min(now_, place->screening.window_from - config_.ticket_early);
    answer.valid_until = place->screening.window_until + config_.ticket_grace;
  }
  return book(request, std::move(answer), record.business_date);
}

base::Result<void> Decider::check_return(const EvacuationCase& settled, const TicketRecord& record, const base::HallId& hall, base::UtcTime at) const {
  const Screening& place = state_.screenings_.at(record.place).screening;
  if (place.hall != hall) return base::fail("ticket-other-hall", "The ticket is for the hall " + place.hall.value() + ".", "Send the viewer there.");
  const base::UtcTime until = settled.settlement == Settlement::rebook ? settled.valid_until : state_.calendar().ends_at(record.business_date);
  if (at >= until) {
    return base::fail("ticket-expired", "The ticket was valid again until " + state_.calendar().local_text(until) + ".", "Rebook or refund it at the box office.");
  }
  return {};
}

}  // namespace promenade::ticketing

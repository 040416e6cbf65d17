#include <algorithm>

#include "ticketing/core/decider.h"

namespace promenade::ticketing {
namespace {

bool is_time_error(const std::string& code) {
  return code == "ticket-other-day" || code == "ticket-not-yet-valid" || code == "ticket-expired";
}

// A play that an evacuation ended goes on under its own code once it is resumed and nothing else has come of that.
bool goes_on(const LedgerState& state, const PlayRecord& play) {
  const EvacuationCase* ended_by = state.case_of(play);
  return play.ended && ended_by != nullptr && ended_by->settlement == Settlement::resume && !ended_by->used();
}

bool goes_on_refunded(const LedgerState& state, const PlayRecord& play) {
  const EvacuationCase* ended_by = state.case_of(play);
  return play.ended && ended_by != nullptr && ended_by->settlement == Settlement::refund && !play.on_refunded;
}

// The hall binds whom the door has let in, to the headset that was handed out there; or a door that was cut off tells late
// of one whom the hall has redeemed meanwhile.
bool completes(const RedemptionRecord& earlier, const RedemptionRequest& request) {
  if (request.door) return request.offline && !earlier.door;
  return !earlier.bound && earlier.grant.is_none() && earlier.hall == request.hall && (earlier.headset.is_none() || earlier.headset == request.headset);
}

std::unexpected<base::Error> day_over(BusinessDate date) {
  return base::fail("day-final", "The day " + date.text() + " is closed.", "The ticket cannot be used any more.");
}

}  // namespace

base::Result<Ticket> Decider::verified_ticket(const std::string& token, base::UtcTime at) const {
  base::Result<Ticket> read = base::fail("ticket-forged", "This venue has no ticket key.", "Tell the floor manager.");
  // The key in use first; a ticket sold before it opens the door by the key of its time.
  for (auto key = state_.ticket_keys_.rbegin(); key != state_.ticket_keys_.rend(); ++key) {
    read = verify_ticket(token, *key, state_.venue_, state_.calendar(), at);
    if (read || read.error().code != "ticket-forged") return read;
  }
  return read;
}

base::Result<Decision> Decider::decide(const RedemptionRequest& request) {
  if (config_.hall(request.hall) == nullptr) {
    return base::fail("hall-unknown", "This venue has no hall " + request.hall.value() + ".", "Check the hall's set-up.");
  }
  const auto verified = verified_ticket(request.token, request.offline ? request.head.device_ts : now_);
  // A hall that was cut off has let the viewer in, so only what cannot be booked at all is refused then.
  if (!verified && !is_time_error(verified.error().code)) return std::unexpected(verified.error());
  const auto read = parse_ticket(request.token);
  const auto found = ticket(read->code);
  if (!found) return std::unexpected(found.error());
  const TicketRecord& record = **found;
  const EvacuationCase* settled = state_.last_case(record.code);
  const bool returns = settled != nullptr && !settled->used() && (settled->settlement == Settlement::rebook || settled->settlement == Settlement::resume);
  base::Result<void> allowed;
  const int gate = gate_of(record.code, config_.gates);
  if (request.door && request.gate != gate && (config_.gates > 1 || request.gate != 0)) {
    allowed = base::fail("ticket-other-gate", "The ticket is for gate " + std::to_string(gate) + ".", "Send the viewer there.");
  } else if (!verified && !(returns && is_time_error(verified.error().code))) allowed = std::unexpected(verified.error());
  else if (record.refunded) allowed = base::fail("ticket-refunded", "The ticket was refunded.", "Do not let the viewer in with it.");
  else if (record.changed_away) allowed = std::unexpected(live_ticket(record.code).error());
  else if (returns) {
    allowed = check_return(*settled, record, request.hall, request.offline ? request.head.device_ts : now_);
    if (allowed && final(record.business_date) && !request.offline) allowed = day_over(record.business_date);
  } else if (!record.redemption.is_none()) {
    const RedemptionRecord& earlier = state_.redemptions_.at(record.redemption);
    if (!completes(earlier, request)) allowed = base::fail("ticket-already-redeemed", "The ticket was redeemed at " + state_.calendar().local_text(earlier.at) + ".",
                         "Do not let a second viewer in with it.");
  } else if (state_.screenings_.at(record.screening).screening.hall != request.hall) {
    allowed = base::fail("ticket-other-hall", "The ticket is for the hall " + state_.screenings_.at(record.screening).screening.hall.value() + ".",
                         "Send the viewer there.");
  } else if (final(record.business_date) && !request.offline) {
    allowed = day_over(record.business_date);
  }
  if (!allowed && !request.offline) return std::unexpected(allowed.error());
  const Screening& place = state_.screenings_.at(record.place).screening;
  RedemptionAnswer answer;
  answer.redemption = RedemptionId(request.head.idempotency_key);
  answer.ticket = record.code;
  answer.film = record.film;
  answer.allowed_films.push_back(record.film);
  if (config_.free_choice && allowed && !returns) {
    for (const auto& film : config_.films) {
      if (film.price_class == record.price_class && film.id != record.film) answer.allowed_films.push_back(film.id);
    }
  }
  answer.screening = place.id;
  answer.lane = place.lane;
  answer.slot = record.place_slot;
  answer.business_date = record.business_date;
  answer.ticket_kind = record.kind;
  answer.conflict = !allowed;
  return book(request, std::move(answer), record.business_date);
}

base::Result<Decision> Decider::decide(const GrantRequest& request) {
  const auto at = state_.redemptions_.find(request.redemption);
  if (at == state_.redemptions_.end()) {
    return base::fail("redemption-unknown", "There is no redemption " + request.redemption.value() + ".", "Redeem the ticket first.");
  }
  const bool code_used = state_.plays_.contains(request.play) || state_.grant_by_play_.contains(request.play);
  if (code_used) return base::fail("play-code-used", "The play " + request.play.value() + " has a grant already.", "Number plays anew in each epoch.");
  const RedemptionRecord& redemption = at->second;
  const TicketRecord& record = state_.tickets_.at(redemption.ticket);
  const FilmEntry* film = config_.film(request.film);
  base::Result<void> allowed;
  const EvacuationCase* settled = state_.last_case(record.code);
  if (redemption.revoked || redemption.conflict || redemption.relieved || record.refunded) {
    allowed = base::fail("redemption-revoked", "The redemption is not valid: its ticket was refunded or used elsewhere.", "Do not start the play.");
  } else if (settled != nullptr && settled->redemption == redemption.id && settled->settlement == Settlement::rebook) {
    allowed = base::fail("evacuation-rebooked", "The ticket was rebooked after an evacuation.", "Redeem it at the door again.");
  } else if (!redemption.completed.is_none()) {
    allowed = base::fail("already-watched", "The ticket's film was watched to its end.", "One ticket is for one play.");
  } else if (has_play(record.code, true)) {
    allowed = base::fail("play-in-progress", "The ticket's film is playing.", "Swap the headset instead of starting anew.");
  } else if (request.film != record.film) {
    allowed = base::fail("grant-film-mismatch", "The ticket is for the film " + record.film.value() + ", not " + request.film.value() + ".",
                         "Change the ticket's film first.");
  } else if (film != nullptr && film->package_hash && *film->package_hash != request.package_hash) {
    allowed = base::fail("package-mismatch", "The package is not the one registered for " + film->title_en + ".", "Load the right package.");
  } else if (final(record.business_date) && !request.offline) {
    allowed = day_over(record.business_date);
  }
  if (!allowed && !request.offline) return std::unexpected(allowed.error());
  GrantAnswer answer;
  answer.grant = GrantId(request.head.idempotency_key);
  answer.redemption = redemption.id;
  const Screening& place = state_.screenings_.at(record.place).screening;
  answer.film = record.film;
  answer.lane = place.lane;
  answer.screening = place.id;
  answer.conflict = !allowed;
  return book(request, std::move(answer), record.business_date);
}

base::Result<Decision> Decider::decide(const PlayStarted& request) {
  const auto known = state_.plays_.find(request.play);
  const bool again = known != state_.plays_.end();
  // Also where the hall, cut off, let a play go on whose ticket was refunded meanwhile.
  if (again && !goes_on(state_, known->second) && !goes_on_refunded(state_, known->second)) {
    return base::fail("play-already-recorded", "The play " + request.play.value() + " is in the ledger already.", "Nothing needs doing.");
  }
  RecordedAnswer answer;
  // Told at a date that cannot be: the hall's clock is wrong, and the play counts where it is told.
  const BusinessDate started = state_.calendar().date_of(request.start), today = state_.calendar().date_of(now_);
  answer.business_date = started < kFirstBusinessDate || started > today.plus_days(kDaysAhead) ? today : started;
  const auto grant = state_.grants_.find(request.grant);
  const bool granted = grant != state_.grants_.end() && grant->second.play == request.play;
  const RedemptionRecord* redemption = granted ? &state_.redemptions_.at(grant->second.redemption) : nullptr;
  const TicketRecord* record = granted ? &state_.tickets_.at(redemption->ticket) : nullptr;
  // A grant that a later one replaced is none; one that the ticket's refund revoked tells whose play this was.
  if (!granted || (grant->second.revoked && !record->refunded)) {
    answer.discrepancies.push_back("play-without-grant");
  } else {
    answer.business_date = record->business_date;
    // Money back and the film as well: the play is booked, but it is none of the refunded ticket's.
    if (redemption->conflict || redemption->relieved || record->refunded) answer.discrepancies.push_back("double-redemption");
    if (!redemption->conflict && !redemption->completed.is_none()) answer.discrepancies.push_back("plays-exceed-redeemed");
    const FilmEntry* film = config_.film(record->film);
    const bool other_package = request.package_hash != grant->second.package_hash ||
                               (film != nullptr && film->package_hash && *film->package_hash != request.package_hash);
    if (request.film != record->film || other_package) answer.discrepancies.push_back("film-mismatch");
  }
  return book_fact(request, std::move(answer));
}

base::Result<const PlayRecord*> Decider::running_play(const PlayCode& code) const {
  const auto play = state_.plays_.find(code);
  if (play == state_.plays_.end()) return base::fail("play-unknown", "There is no play " + code.value() + ".", "Report its start first.");
  if (play->second.ended && !goes_on(state_, play->second)) return base::fail("play-already-ended", "The play " + code.value() + " has ended already.", "Nothing needs doing.");
  return &play->second;
}

base::Result<Decision> Decider::decide(const PlayEnded& request) {
  const auto found = running_play(request.play);
  if (!found) return std::unexpected(found.error());
  const PlayRecord& play = **found;
  if (request.end < play.start) {
    return base::fail("play-ends-before-start", "The play " + request.play.value() + " would end before it began.", "Check the hall's clock.");
  }
  RecordedAnswer answer;
  answer.business_date = play.business_date;
  const auto redemption = state_.redemptions_.find(play.redemption);
  if (request.completed && redemption != state_.redemptions_.end() && !redemption->second.completed.is_none()) {
    answer.discrepancies.push_back("plays-exceed-redeemed");
  }
  return book_fact(request, std::move(answer));
}

base::Result<Decision> Decider::decide(const HeadsetSwap& request) {
  const auto found = running_play(request.play);
  if (!found) return std::unexpected(found.error());
  const PlayRecord& play = **found;
  RecordedAnswer answer;
  answer.business_date = play.business_date;
  return book_fact(request, std::move(answer));
}

base::Result<Decision> Decider::decide(const Observation& request) {
  const HallEntry* hall = config_.hall(request.hall);
  if (hall == nullptr) return base::fail("hall-unknown", "This venue has no hall " + request.hall.value() + ".", "Check the sensor's set-up.");
  const bool known = std::ranges::any_of(hall->sensors, [&](const SensorEntry& s) { return s.id == request.sensor; });
  if (!known) {
    return base::fail("sensor-unknown", "The hall " + request.hall.value() + " has no sensor " + request.sensor + ".", "Add it to the box office's set-up.");
  }
  RecordedAnswer answer;
  answer.business_date = state_.calendar().date_of(request.from);
  if (state_.calendar().date_of(request.to - std::chrono::milliseconds(1)) != answer.business_date) {
    return base::fail("observation-spans-days", "The observation reaches over the cut-over.", "Send one for each business date.");
  }
  const bool overlaps = std::ranges::any_of(state_.records_of(answer.business_date).observations, [&](std::size_t each) {
    const Observation& o = state_.observations_[each].observation;
    return o.sensor == request.sensor && o.from < request.to && request.from < o.to;
  });
  if (overlaps) return base::fail("observation-overlaps", "The sensor " + request.sensor + " has reported this time already.", "Send each time once.");
  return book_fact(request, std::move(answer));
}

}  // namespace promenade::ticketing

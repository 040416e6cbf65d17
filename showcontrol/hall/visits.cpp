// A viewer's visit from the binding of his ticket to the choice of a film, and its end.

#include <algorithm>
#include <array>

#include "showcontrol/hall/state.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

Headset& Hall::State::headset_of(HeadsetId id) {
  const auto [found, added] = headsets.try_emplace(id, id);
  if (added) shelf.try_emplace(id);
  return found->second;
}

bool Hall::State::knows_headset(HeadsetId id) const {
  return config.headsets.empty() || std::ranges::contains(config.headsets, id);
}

Visit* Hall::State::visit_in(HeadsetId id) {
  const auto found = shelf.find(id);
  if (found == shelf.end() || found->second.visit.is_none()) return nullptr;
  return &visit_of(found->second.visit);
}

Visit& Hall::State::visit_of(ViewerId id) {
  const auto found = visits.find(id);
  PROMENADE_ASSERT(found != visits.end());
  return found->second;
}

bool Hall::State::set_phase(Visit& visit, Phase to) {
  if (visit.phase == to) return true;
  if (!may_follow(visit.phase, to)) {
    note(NoteKind::info, visit.headset, {}, base::formatted("A viewer cannot go from {} to {}.", protocol::to_string(visit.phase), protocol::to_string(to)));
    return false;
  }
  visit.phase = to;
  headset_of(visit.headset).next_down = now;
  return true;
}

Phase Hall::State::shown_phase(const Visit& visit) const {
  if (visit.phase != Phase::playing || !visit.play) return visit.phase;
  const Course* course = course_of(visit);
  const Walked& walked = visit.play->walked;
  const bool kept = course != nullptr && walked.ready && course->granted_gate <= walked.block;
  return kept ? Phase::held : Phase::playing;
}

// ---------------------------------------------------------------- ticket

void Hall::State::bind_ticket(PeerId peer, std::uint32_t request, const protocol::BindTicket& bind) {
  const auto no = [&](std::string code, std::string text) { reply(peer, request, base::fail(std::move(code), std::move(text))); };
  const auto found = shelf.find(bind.headset);
  if (found == shelf.end()) return no("headset-unknown", "This headset has never connected; switch it on first.");
  if (Visit* visit = visit_in(bind.headset)) {
    if (visit->token != bind.ticket) return no("headset-in-use", "Another viewer has this headset; take a free one.");
    if (visit->phase != Phase::arrived) return reply(peer, request, {});
    visit->reply_peer = peer;
    visit->reply_request = request;
    return;
  }
  if (found->second.phase != Phase::idle) return no("headset-not-ready", "This headset is not cleaned yet; take a free one.");
  if (!headset_of(bind.headset).is_connected()) return no("headset-not-connected", "This headset is not connected; take another one.");
  if (mode.evacuate) return no("hall-evacuating", "The hall is being evacuated.");
  if (!mode.admission_open) return no("admission-closed", "The hall takes no more viewers.");
  if (visits_open() >= static_cast<std::size_t>(config.venue.capacity.viewers)) return no("hall-full", "The hall is full; wait until a viewer has left.");
  if (bind.ticket.empty() || bind.ticket.size() > ticketing::kMaxTicketText) return no("ticket-malformed", "This is not a ticket; scan it again.");
  const bool elsewhere = std::ranges::any_of(visits, [&](const auto& one) { return one.second.token == bind.ticket; });
  if (elsewhere) return no("ticket-in-use", "This ticket is bound to another headset; use swap to change headsets.");

  const ViewerId viewer(mode.next_viewer++);
  Visit visit;
  visit.viewer = viewer;
  visit.headset = bind.headset;
  visit.body = new_body();
  visit.arrived = now;
  visit.arrived_utc_ms = utc().time_since_epoch().count();
  visit.token = bind.ticket;
  const auto digest = base::blake2b(base::as_bytes(bind.ticket));
  visit.redemption_key = base::formatted("redeem-{}-{}-{}-{}", config.venue.hall.value(), base::to_hex({digest.data(), 6}), bind.headset.value(), viewer.value());
  visit.party = bind.party;
  visit.party_people = bind.party == 0 ? std::uint8_t{0} : bind.people;
  visit.height_m = bind.height_m;
  visit.age_years = bind.age_years;
  visit.child = bind.child || (bind.age_years > 0 && bind.age_years < protocol::kChildAge_years) || (bind.height_m > 0.0 && bind.height_m < protocol::kChildHeight_m);
  visit.reply_peer = peer;
  visit.reply_request = request;
  visit.filter = tracking::LevelFilter(tracking::relaxation_of(config.venue.safety));
  Visit* partner = bind.hand.is_none() || !shelf.contains(bind.hand) ? nullptr : visit_in(bind.hand);
  if (partner != nullptr && bind.party != 0 && partner->party == bind.party && partner->wants_hand.is_none()) {
    visit.wants_hand = partner->viewer;
    partner->wants_hand = viewer;
    save(*partner);
  }
  Visit& kept = visits.emplace(viewer, std::move(visit)).first->second;
  found->second.visit = viewer;
  visit_of_body[kept.body.value()] = &kept;
  Headset& headset = headset_of(bind.headset);
  headset.want_calibration();
  headset.next_down = now;
  note_class(kept);
  save_mode();
  save_shelf(bind.headset);
  save(kept);  // the question is asked once this is durable: asked again it must be the same question
}

void Hall::State::ask_ticket(Visit& visit) {
  visit.ticket_request = RequestId(next_request++);
  ticket_requests.emplace(visit.ticket_request, visit.viewer);
  ticketing::RedemptionRequest redemption;
  redemption.head = head(visit.redemption_key, now);
  redemption.head.device_ts = base::UtcTime(std::chrono::milliseconds(visit.arrived_utc_ms));
  redemption.token = visit.token;
  redemption.hall = config.venue.hall;
  redemption.headset = visit.headset;
  out->push_back(AskTicket{visit.ticket_request, std::move(redemption)});
}

void Hall::State::on(const TicketAnswered& event) {
  const auto found = ticket_requests.find(event.request);
  if (found == ticket_requests.end()) return;
  const ViewerId viewer = found->second;
  ticket_requests.erase(found);
  const auto at = visits.find(viewer);
  if (at == visits.end() || at->second.phase != Phase::arrived) return;
  Visit& visit = at->second;
  if (!event.answer) {
    ++counts.tickets_refused;
    note(NoteKind::info, visit.headset, {}, base::formatted("A ticket was refused ({}): {}", event.answer.error().code, event.answer.error().message), event.answer.error().advice);
    reply(visit.reply_peer, visit.reply_request, std::unexpected(event.answer.error()));
    end_visit(visit, "ticket-refused", Phase::idle);
    return;
  }
  const ticketing::RedemptionAnswer& answer = *event.answer;
  ++counts.tickets_accepted;
  ++mode.redeemed_today;
  visit.ticket = answer.ticket;
  visit.redemption = answer.redemption.value();
  visit.film = answer.film;
  visit.allowed = answer.allowed_films;
  if (!std::ranges::contains(visit.allowed, visit.film)) visit.allowed.insert(visit.allowed.begin(), visit.film);
  set_phase(visit, Phase::redeemed);
  std::vector<OutboxItem> facts;
  if (answer.seq == 0) {
    ticketing::RedemptionRequest fact;
    fact.head = head(visit.redemption_key, now);
    fact.head.device_ts = base::UtcTime(std::chrono::milliseconds(visit.arrived_utc_ms));
    fact.token = visit.token;
    fact.hall = config.venue.hall;
    fact.headset = visit.headset;
    fact.offline = true;
    facts.push_back({fact.head.idempotency_key, std::string(ticketing::RedemptionRequest::kKind), ticketing::to_json(fact).dump()});
  }
  save_mode();
  save(visit, std::move(facts));
  reply(visit.reply_peer, visit.reply_request, {});
}

// ---------------------------------------------------------------- fitting and choice

void Hall::State::advance_fitting(Visit& visit) {
  Headset& headset = headset_of(visit.headset);
  const bool placed = headset.calibrated() && headset.calibration() != tracking::CalibrationState::out_of_trust;
  if (visit.phase == Phase::fitted && placed) {
    set_phase(visit, Phase::calibrated);
  } else if (visit.phase == Phase::calibrated && placed) {
    set_phase(visit, Phase::choosing);
    save(visit);
  } else if (!placed && (visit.phase == Phase::calibrated || visit.phase == Phase::choosing)) {
    set_phase(visit, Phase::fitted);
  }
}

void Hall::State::choose_film(Headset& headset, const protocol::ChooseFilm& choice) {
  const auto no = [&](std::string code, std::string text) { refuse_choice(headset, choice.request, {std::move(code), std::move(text), {}}); };
  Visit* visit = visit_in(headset.id());
  if (visit == nullptr) return no("no-ticket", "No ticket is bound to this headset.");
  if (visit->chosen && visit->film == choice.film) return;  // said twice
  if (visit->phase != Phase::choosing) return no("not-choosing", "A film can be chosen only in the menu.");
  const Film* wanted = film(choice.film);
  if (wanted == nullptr) return no("film-unknown", "This film is not shown in this hall.");
  if (wanted->manifest.kind == package::FilmKind::seated && config.venue.seats.empty()) return no("film-unseated", "This hall has no seats for this film.");
  if (!mode.admission_open) return no("admission-closed", "The hall starts no more films.");
  if (past_last_admission(choice.film)) return no("film-too-long", "This film might not end before the hall closes. Choose a shorter one.");
  if (!std::ranges::contains(visit->allowed, choice.film)) return no("film-not-on-ticket", "This ticket is for another film.");
  visit->language = choice.language.substr(0, 8);
  if (choice.film == visit->film) return join_queue(*visit, choice.film);
  if (!box_office_reachable) return no("box-office-away", "Only the film on the ticket can be shown just now.");
  if (!visit->change_request.is_none()) return;  // one change at a time; its answer comes
  visit->change_request = RequestId(next_request++);
  visit->choose_request = choice.request;
  visit->wanted_film = choice.film;
  change_requests.emplace(visit->change_request, visit->viewer);
  ticketing::ChangeRequest change;
  change.head = head(base::formatted("change-{}-{}", visit->ticket.value(), choice.film.value()), now);
  change.head.device_ts = base::UtcTime(std::chrono::milliseconds(visit->arrived_utc_ms));
  change.ticket = visit->ticket;
  change.film = choice.film;
  out->push_back(AskChange{visit->change_request, std::move(change)});
}

void Hall::State::on(const ChangeAnswered& event) {
  const auto found = change_requests.find(event.request);
  if (found == change_requests.end()) return;
  const auto at = visits.find(found->second);
  change_requests.erase(found);
  if (at == visits.end()) return;
  Visit& visit = at->second;
  visit.change_request = RequestId{};
  if (!event.answer) {
    return refuse_choice(headset_of(visit.headset), visit.choose_request, event.answer.error());
  }
  visit.ticket = event.answer->ticket.code;
  visit.film = event.answer->film;
  if (!event.answer->redemption.is_none()) visit.redemption = event.answer->redemption.value();
  if (visit.phase == Phase::choosing) {
    join_queue(visit, visit.film);
  } else {
    save(visit);
  }
}

void Hall::State::join_queue(Visit& visit, const base::FilmId& film_id) {
  visit.film = film_id;
  const ExpectedWait wait = expected_wait(film_id);
  visit.first_told = now + wait.at_most;
  visit.first_likely = now + wait.likely;
  visit.told_kind = wait.kind;
  visit.late_learned = false;
  visit.chosen = now;
  if (set_phase(visit, Phase::waiting)) save(visit);
}

// ---------------------------------------------------------------- end

void Hall::State::end_visit(Visit& visit, std::string_view reason, Phase shelf_phase) {
  std::vector<OutboxItem> facts;
  if (visit.play && visit.play->started && !visit.play->ended) end_play(visit, false, visit.interrupted ? ticketing::kEvacuated : reason, facts);
  const bool unsaid = visit.interrupted && visit.settlement == protocol::Settlement::open && !visit.ticket.is_none();
  if (unsaid && !(visit.play && visit.play->started)) facts.push_back(settlement_fact(visit, protocol::Settlement::open, {}));
  forget_beside(visit.headset);
  leave_course(visit);
  forget_course(visit);
  release_block(visit);
  if (!leave_body_behind(visit) && mode.evacuate) {
    ++mode.evacuation_gone;
    save_mode();
  }
  visit_of_body[visit.body.value()] = nullptr;
  std::erase_if(ticket_requests, [&](const auto& one) { return one.second == visit.viewer; });
  std::erase_if(change_requests, [&](const auto& one) { return one.second == visit.viewer; });
  plan_not_before.erase(visit.viewer);
  Headset& headset = headset_of(visit.headset);
  headset.forget_poses();
  headset.next_down = now;
  Shelf& place = shelf.at(visit.headset);
  place.visit = ViewerId{};
  place.phase = shelf_phase;
  const HeadsetId id = visit.headset;
  const ViewerId viewer = visit.viewer;
  if (visit.phase != Phase::arrived) leave_class(visit);
  visits.erase(viewer);
  persist({StateRecord{"visit", std::to_string(viewer.value()), {}}}, std::move(facts));
  save_shelf(id);
}

}  // namespace promenade::hall

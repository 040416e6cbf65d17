// Evacuation of the hall: by staff, by the fire contact, by the button. It begins at once and only staff end it. Films are
// over for their viewers; what becomes of each play - it goes on, the ticket is valid again, the money goes back - is
// said by staff afterwards (decision 15).

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {
constexpr base::Duration kWayAgain{1'000'000};  // the way out is looked for again as people move

protocol::ContactState told(Contact contact) {
  switch (contact) {
    case Contact::absent: return protocol::ContactState::none;
    case Contact::ready: return protocol::ContactState::ready;
    case Contact::fire: return protocol::ContactState::alarm;
    case Contact::fault: return protocol::ContactState::fault;
  }
  return protocol::ContactState::fault;
}

// In the hall, and his film neither over nor refused: something is to be said about his ticket.
bool has_a_claim(Phase phase) { return phase >= Phase::redeemed && phase < Phase::finished; }
}  // namespace

void Hall::State::begin_evacuation(std::string text, std::string code) {
  if (mode.evacuate) return;
  mode.evacuate = true;
  mode.evacuation_cause = code.empty() || code == "evacuate-button" ? tracking::Cause::operator_command : tracking::Cause::fire;
  mode.evacuation_utc_ms = utc().time_since_epoch().count();
  mode.evacuation_gone = 0;
  note(NoteKind::alarm, {}, {}, std::move(text), "Lead everybody out; count everybody out on the console.", std::move(code));
  for (auto& [id, visit] : visits) {
    visit.counted_out = false;
    visit.interrupted = has_a_claim(visit.phase);
    visit.settlement = protocol::Settlement::open;
    evaluate(visit, headset_of(visit.headset));
    unwritten.visits.insert(id);
  }
  unwritten.mode = true;
  tell_every_headset();
  for (auto& [id, other] : others) other.counted_out = false;
}

void Hall::State::tell_every_headset() {
  for (auto& [id, headset] : headsets) {
    if (headset.is_connected()) send_state(headset);
  }
}

base::Result<void> Hall::State::end_evacuation() {
  if (!mode.evacuate) return {};
  if (contacts.fire_contact == Contact::fire) {
    return base::fail("fire-contact-open", "The fire contact still says fire.", "Reset the fire alarm panel first, or have the contact's line mended.");
  }
  if (contacts.evacuate_button == Contact::fire) return base::fail("evacuate-button-pressed", "The evacuation button is still pressed.", "Release the button first.");
  mode.evacuate = false;
  save_mode();
  const Roll people = roll();
  const std::size_t unseen = people.all - people.out;
  note(NoteKind::alarm, {}, {}, unseen == 0 ? std::string("The evacuation has ended; everybody was counted out.")
                                            : base::formatted("The evacuation has ended; {} of {} people were not counted out.", unseen, people.all),
       "Say what becomes of the interrupted films: resume, rebook or refund.");
  for (auto& [id, visit] : visits) evaluate(visit, headset_of(visit.headset));
  tell_every_headset();
  return {};
}

base::Result<void> Hall::State::act(const protocol::SetEvacuation& action) {
  if (!action.evacuate) return end_evacuation();
  begin_evacuation("The hall is being evacuated.", {});
  return {};
}

void Hall::State::on(const ContactsRead& event) {
  const ContactsRead before = std::exchange(contacts, event);
  if (event.fire_contact == Contact::fire) begin_evacuation("The fire contact says fire: the hall is being evacuated.", "fire-contact");
  if (event.evacuate_button == Contact::fire) begin_evacuation("The evacuation button was pressed: the hall is being evacuated.", "evacuate-button");
  const auto watch = [this](Contact was, Contact is, std::string_view name, std::string_view code) {
    if (is == was) return;
    const std::string called(name);
    if (is == Contact::fault) {
      note(NoteKind::alarm, {}, {}, called + " cannot be read: it would not evacuate the hall.", "Watch for fire by eye and ear; have its line mended at once.", std::string(code));
    } else if (was == Contact::fault) {
      note(NoteKind::info, {}, {}, called + " can be read again.");
    } else if (was == Contact::fire) {
      note(NoteKind::info, {}, {}, called + " is at rest again: staff may end the evacuation.");
    }
  };
  watch(before.fire_contact, event.fire_contact, "The fire contact", "fire-contact-fault");
  watch(before.evacuate_button, event.evacuate_button, "The evacuation button", "evacuate-button-fault");
}

// ---------------------------------------------------------------- who is out

Hall::State::Roll Hall::State::roll() const {
  Roll found{mode.evacuation_gone, mode.evacuation_gone};
  const auto take = [&found](bool gone) {
    ++found.all;
    found.out += gone ? 1 : 0;
  };
  for (const auto& [id, visit] : visits) take(visit.counted_out);
  for (const auto& [id, other] : others) take(other.counted_out);
  return found;
}

void Hall::State::add_evacuation(protocol::HallSummary& summary) const {
  summary.fire_contact = told(contacts.fire_contact);
  summary.evacuate_button = told(contacts.evacuate_button);
  summary.unsettled = static_cast<std::uint16_t>(
      std::ranges::count_if(visits, [](const auto& one) { return one.second.interrupted && one.second.settlement == protocol::Settlement::open; }));
  if (mode.evacuation_utc_ms == 0) return;
  if (mode.evacuate) summary.evacuation_cause = mode.evacuation_cause;
  const Roll people = roll();
  summary.people = static_cast<std::uint16_t>(people.all);
  summary.counted_out = static_cast<std::uint16_t>(people.out);
}

base::Result<void> Hall::State::act(const protocol::CountOut& action) {
  if (!mode.evacuate && action.out) return base::fail("no-evacuation", "The hall is not being evacuated.", "Hand back the headset, or confirm the body gone.");
  if (const auto other = others.find(action.body); other != others.end()) {
    other->second.counted_out = action.out;
    save_other(other->second);
    return {};
  }
  Visit* visit = viewer_body(action.body);
  if (visit == nullptr) return {};  // has left meanwhile
  visit->counted_out = action.out;
  leave_floor_if_out(*visit);
  if (!action.out && visit->lost && visit->head_known && bodies.find(visit->body) == nullptr) {
    tracking::Body body;
    body.id = visit->body;
    body.kind = tracking::BodyKind::lost_viewer;
    body.headset = visit->headset;
    body.position = visit->last_head;
    body.heard = headset_of(visit->headset).heard();
    body.reports = false;
    body.zone = config.venue.zone_at(body.position);
    bodies.put(body);
  }
  save(*visit);
  return {};
}

// ---------------------------------------------------------------- what becomes of the films

static_assert(static_cast<int>(ticketing::Settlement::refund) == static_cast<int>(protocol::Settlement::refund) &&
              static_cast<int>(ticketing::Settlement::rebook) == static_cast<int>(protocol::Settlement::rebook));

base::Result<void> Hall::State::settle_evacuation(PeerId peer, const protocol::SettleEvacuation& action) {
  const auto from = peers.find(peer);
  const std::string supervisor = from == peers.end() ? std::string() : from->second.name;
  if (mode.evacuate) return base::fail("hall-evacuating", "The hall is being evacuated.", "End the evacuation first.");
  if (action.settlement == protocol::Settlement::open) return base::fail("settlement-missing", "Nothing was said.", "Choose resume, rebook or refund.");
  if (!action.headset.is_none()) {
    Visit* visit = visit_in(action.headset);
    if (visit == nullptr) return base::fail("no-viewer", "No viewer is bound to this headset.", "Settle a ticket that was handed back at the box office.");
    if (!visit->interrupted) return base::fail("not-interrupted", "This viewer's film was not interrupted by an evacuation.");
    return settle(*visit, action.settlement, supervisor);
  }
  for (auto& [id, visit] : visits) {
    if (visit.interrupted && visit.settlement == protocol::Settlement::open) static_cast<void>(settle(visit, action.settlement, supervisor));
  }
  return {};
}

base::Result<void> Hall::State::settle(Visit& visit, protocol::Settlement settlement, std::string_view supervisor) {
  using protocol::Settlement;
  if (visit.settlement == settlement) return {};
  if (visit.settlement == Settlement::rebook || visit.settlement == Settlement::refund) {
    return base::fail("settled", base::formatted("This ticket has been settled: {}.", protocol::to_string(visit.settlement)), "Correct it at the box office.");
  }
  visit.settlement = settlement;
  std::vector<OutboxItem> facts;
  if (settlement != Settlement::resume) {
    if (visit.play && visit.play->started) end_play(visit, false, ticketing::kEvacuated, facts);
    visit.leading_out = true;
    facts.push_back(settlement_fact(visit, settlement, supervisor));
  }
  note(NoteKind::info, visit.headset, visit.play ? visit.play->id : PlayId{},
       base::formatted("After the evacuation: {}.", settlement == Settlement::resume ? "the film goes on" : settlement == Settlement::rebook ? "the ticket is valid again" : "the money goes back"),
       settlement == Settlement::resume ? "Lead him to his place and release him there." : "Take his headset back.");
  save(visit, std::move(facts));
  evaluate(visit, headset_of(visit.headset));
  return {};
}

std::string Hall::State::evacuation_id() const { return base::formatted("{}-evacuation-{}", config.venue.hall.value(), mode.evacuation_utc_ms); }

OutboxItem Hall::State::settlement_fact(const Visit& visit, protocol::Settlement settlement, std::string_view supervisor) const {
  ticketing::SettleEvacuation fact;
  fact.head = head(base::formatted("{}-{}-{}", evacuation_id(), visit.ticket.value(), protocol::to_string(settlement)), now);
  fact.evacuation = evacuation_id();
  fact.ticket = visit.ticket;
  if (visit.play && visit.play->started) fact.play = ticketing::PlayCode(visit.play->code);
  fact.settlement = static_cast<ticketing::Settlement>(settlement);
  fact.supervisor = supervisor.empty() ? std::string("staff") : std::string(supervisor);
  return {fact.head.idempotency_key, std::string(ticketing::SettleEvacuation::kKind), ticketing::to_json(fact).dump()};
}

// ---------------------------------------------------------------- the way out

// Not in the moment of the alarm: the levels go first, and the first way is there a tenth of a second later.
void Hall::State::find_ways_out() {
  for (auto& [id, visit] : visits) {
    const bool wanted = mode.evacuate || (visit.interrupted && visit.settlement != protocol::Settlement::resume);
    if (!wanted || !visit.head_known) {
      visit.way_out.path.clear();
      continue;
    }
    if (!visit.way_out.path.empty() && now - visit.way_out_found < kWayAgain) continue;
    visit.way_out = ways().nearest(visit.last_head);
    visit.way_out_found = now;
    headset_of(visit.headset).next_down = now;
  }
}

const WaysOut& Hall::State::ways() {
  if (!ways_out) ways_out = std::make_unique<WaysOut>(config.venue);
  return *ways_out;
}

}  // namespace promenade::hall

#include "ticketing/api/facts.h"

#include <algorithm>

namespace promenade::ticketing::api {
namespace {

using nlohmann::json;

json optional_text(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json grant_json(const GrantRecord& g) {
  return {{"grant", g.id.value()}, {"headset", g.headset.value()}, {"film", g.film.value()}, {"play", g.play.value()},
          {"offline", g.offline}, {"conflict", g.conflict}, {"revoked", g.revoked}};
}

json play_json(const PlayRecord& p) {
  json out{{"play", p.code.value()}, {"film", p.film.value()}, {"headset", p.headset.value()}, {"start", to_text(p.start)},
           {"ended", p.ended}, {"completed", p.completed}, {"film_mismatch", p.film_mismatch}, {"swaps", p.swaps}};
  if (p.ended) out.update({{"end", to_text(p.end)}, {"reason", p.reason}, {"worn_share", p.worn_share}, {"moved", p.moved}});
  return out;
}

json bodies_json(const Bodies& bodies) {
  if (bodies.entered) return {{"known", true}, {"entered", *bodies.entered}};
  return {{"known", false}, {"reason", bodies.reason}};
}

json four_numbers(const Counts& counts, const Bodies& bodies) {
  return {{"sold", counts.sold}, {"comps", counts.comps}, {"refunded", counts.refunded}, {"redeemed", counts.redeemed},
          {"played", counts.played}, {"bodies", bodies_json(bodies)}};
}

std::string_view level_text(DiscrepancyLevel level) {
  return level == DiscrepancyLevel::alarm ? "alarm" : level == DiscrepancyLevel::warning ? "warning" : "note";
}

}  // namespace

int places_left(const LedgerState& state, const Screening& screening, base::UtcTime now) {
  const auto record = state.screenings().find(screening.id);
  const int live = record == state.screenings().end() ? 0 : static_cast<int>(record->second.live.size());
  const HallEntry* hall = state.config()->hall(screening.hall);
  const int in_hall = hall == nullptr ? 0 : hall->capacity - state.live_in_hall(screening.hall, screening.window_from, screening.ends) -
                                               state.kept_in_hall(screening.hall, screening.window_from, screening.ends, now);
  const int kept = static_cast<int>(state.kept_slots(screening.id, now).size());
  return std::max(0, std::min(screening.slots - live - kept, in_hall));
}

json screening_json(const LedgerState& state, const Screening& s, base::UtcTime now) {
  const FilmEntry* film = state.config()->film(s.film);
  return {{"screening", s.id.value()}, {"lane", s.lane.value()}, {"hall", s.hall.value()}, {"film", s.film.value()},
          {"title_zh", film == nullptr ? "" : film->title_zh}, {"title_en", film == nullptr ? "" : film->title_en},
          {"business_date", s.business_date.text()}, {"slots", s.slots}, {"left", places_left(state, s, now)},
          {"window_from", to_text(s.window_from)}, {"window_until", to_text(s.window_until)}, {"ends", to_text(s.ends)}};
}

std::optional<Screening> next_screening(const LedgerState& state, const base::FilmId& film, base::UtcTime now) {
  std::optional<Screening> best;
  bool best_has_places = false;
  for (const LaneEntry& lane : state.config()->lanes) {
    if (lane.film != film) continue;
    auto found = state.current_or_next(now, lane);
    if (found && places_left(state, *found, now) == 0) {  // as a sale does: the window after a full one
      const auto later = state.current_or_next(found->window_until, lane);
      if (later && places_left(state, *later, now) > 0) found = later;
    }
    if (!found) continue;
    const bool has_places = places_left(state, *found, now) > 0;
    const bool better = !best || (has_places && !best_has_places) ||
                        (has_places == best_has_places && found->window_from < best->window_from);
    if (!better) continue;
    best = found;
    best_has_places = has_places;
  }
  return best;
}

json venue_json(const LedgerState& state, const base::PublicKey& ticket_key, base::UtcTime now) {
  const Config& config = *state.config();
  json halls = json::array();
  for (const HallEntry& hall : config.halls) halls.push_back({{"hall", hall.id.value()}, {"name_zh", hall.name_zh}, {"name_en", hall.name_en}});
  json keys = json::array(), lanes = json::array();
  for (const base::PublicKey& key : state.ticket_keys()) keys.push_back(base::to_hex(key));
  for (const LaneEntry& lane : config.lanes) lanes.push_back({{"lane", lane.id.value()}, {"hall", lane.hall.value()}});
  return {{"venue", config.venue.value()}, {"gates", config.gates}, {"ticket_keys", std::move(keys)}, {"lanes", std::move(lanes)}, {"halls", std::move(halls)}, {"name_zh", config.name_zh}, {"name_en", config.name_en},
          {"cinema_code", config.cinema_code}, {"time_zone", config.time_zone}, {"currency", config.currency.code()},
          {"business_date", state.calendar().date_of(now).text()}, {"ticket_key", base::to_hex(ticket_key)},
          {"head_seq", state.head().seq}, {"head_hash", base::to_hex(state.head().hash)}};
}

json films_json(const LedgerState& state, base::UtcTime now) {
  json films = json::array();
  for (const FilmEntry& film : state.config()->films) {
    const auto next = next_screening(state, film.id, now);
    films.push_back({{"film", film.id.value()}, {"title_zh", film.title_zh}, {"title_en", film.title_en}, {"permit", optional_text(film.permit)},
                     {"kind", film.kind == FilmKind::walking ? "walking" : "seated"}, {"length_s", film.length.count()},
                     {"longest_hold_s", film.longest_hold.count()}, {"price", to_decimal(film.price)}, {"currency", film.price.currency.code()},
                     {"price_class", film.price_class}, {"next_screening", next ? screening_json(state, *next, now) : json(nullptr)}});
  }
  return {{"films", films}};
}

json screenings_json(const LedgerState& state, BusinessDate date, base::UtcTime now) {
  json list = json::array();
  for (const Screening& screening : state.screenings_on(date))
    list.push_back(screening_json(state, screening, now));
  return {{"business_date", date.text()}, {"screenings", list}};
}

TicketTimes ticket_times(std::span<const Event> events, const TicketRecord& ticket) {
  TicketTimes out;
  if (!events.empty()) out.sold = events.front().ts;
  for (const Event& event : events) {
    const bool gave_back = ticket.changed_away ? event.kind == ChangeRequest::kKind
                                               : ticket.refunded && (event.kind == RefundRequest::kKind || event.kind == SettleEvacuation::kKind);
    if (gave_back) out.given_back = event.ts;
  }
  return out;
}

std::optional<json> ticket_json(const LedgerState& state, const base::TicketId& code) {
  const auto found = state.tickets().find(code);
  if (found == state.tickets().end()) return std::nullopt;
  const TicketRecord& t = found->second;
  json out{{"ticket", t.code.value()}, {"sale", t.sale}, {"screening", t.screening.value()}, {"lane", t.lane.value()},
           {"film", t.film.value()}, {"slot", t.slot}, {"business_date", t.business_date.text()},
           {"valid_from", to_text(t.valid_from)}, {"valid_until", to_text(t.valid_until)}, {"ticket_kind", to_text(t.kind)},
           {"price", to_decimal(t.price)}, {"currency", t.price.currency.code()}, {"refunded", t.refunded},
           {"changed_to", optional_text(t.changed_to.value())}};
  if (!t.concession.none()) {
    out[t.concession.voucher.empty() ? "discount" : "voucher"] = t.concession.voucher.empty() ? t.concession.discount : t.concession.voucher;
    out["off"] = to_decimal(t.concession.off);
  }
  json redemptions = json::array(), grants = json::array(), plays = json::array();
  for (const RedemptionId& id : state.redemptions_of(code)) {
    const RedemptionRecord& r = state.redemptions().at(id);
    redemptions.push_back({{"redemption", id.value()}, {"hall", r.hall.value()}, {"headset", r.headset.is_none() ? json(nullptr) : json(r.headset.value())},
                           {"at", to_text(r.at)}, {"offline", r.offline}, {"conflict", r.conflict}, {"revoked", r.revoked}});
    for (const GrantId& grant : state.grants_of(id)) grants.push_back(grant_json(state.grants().at(grant)));
  }
  for (const PlayCode& play : state.plays_of(code)) plays.push_back(play_json(state.plays().at(play)));
  out.update({{"redemptions", redemptions}, {"grants", grants}, {"plays", plays}});
  return out;
}

json case_json(const LedgerState& state, const EvacuationCase& c) {
  const TicketRecord& t = state.tickets().at(c.ticket);
  const FilmEntry* film = state.config()->film(t.film);
  json out{{"ticket", c.ticket.value()}, {"film", t.film.value()}, {"title_zh", film == nullptr ? "" : film->title_zh},
           {"title_en", film == nullptr ? "" : film->title_en}, {"ticket_kind", to_text(t.kind)}, {"price", to_decimal(t.price)},
           {"currency", t.price.currency.code()}, {"play", optional_text(c.play.value())}, {"scene", optional_text(c.scene)}, {"at", to_text(c.at)},
           {"settlement", to_text(c.settlement)}, {"settled_by", optional_text(c.settled_by)}, {"used", c.used()}, {"seen_s", nullptr}};
  if (const auto play = state.plays().find(c.play); play != state.plays().end() && c.at > play->second.start)
    out["seen_s"] = std::chrono::duration_cast<std::chrono::seconds>(c.at - play->second.start).count();
  if (c.settlement == Settlement::rebook)
    out.update({{"screening", c.screening.value()}, {"slot", c.slot}, {"valid_from", to_text(c.valid_from)}, {"valid_until", to_text(c.valid_until)}});
  return out;
}

int open_cases(const LedgerState& state, BusinessDate date) {
  return static_cast<int>(std::ranges::count_if(state.evacuations(), [&](const auto& entry) {
    return entry.second.business_date == date && entry.second.settlement == Settlement::open;
  }));
}

json evacuations_json(const LedgerState& state, BusinessDate date) {
  struct Group {
    std::string id;
    base::UtcTime at;
    json cases = json::array();
  };
  std::vector<Group> groups;
  for (const auto& [key, c] : state.evacuations()) {
    if (c.business_date != date) continue;
    if (groups.empty() || groups.back().id != c.evacuation) groups.push_back({c.evacuation, c.at, json::array()});
    groups.back().at = std::min(groups.back().at, c.at);
    groups.back().cases.push_back(case_json(state, c));
  }
  std::ranges::stable_sort(groups, std::ranges::greater{}, &Group::at);
  json list = json::array();
  for (Group& group : groups) list.push_back({{"evacuation", group.id}, {"at", to_text(group.at)}, {"cases", std::move(group.cases)}});
  return {{"business_date", date.text()}, {"evacuations", std::move(list)}};
}

namespace {

json verdict_json(const ScreeningVerdict& v) {
  json out{{"screening", v.screening.value()}, {"film", v.film.value()}, {"hall", v.hall.value()}, {"sold", v.sold}, {"no_show", v.no_show}, {"staff_and_test", v.guests},
           {"redeemed", v.redeemed}, {"played", v.played}, {"bodies", bodies_json(v.bodies)}, {"agreement", to_text(v.agreement)}};
  if (v.evacuated + v.returned > 0) out.update({{"evacuated", v.evacuated}, {"returned", v.returned}});
  if (v.differs) {
    out["differs"] = to_text(*v.differs);
    out["by"] = v.by;
  }
  return out;
}

}  // namespace

json reconciliation_json(const DayReport& report, const DayVerdict& verdict) {
  json verdicts = json::array();
  for (const ScreeningVerdict& one : verdict.screenings) verdicts.push_back(verdict_json(one));
  json screenings = json::array(), halls = json::array(), discrepancies = json::array();
  for (const ScreeningRow& row : report.screenings) {
    if (row.counts == Counts{}) continue;
    json numbers = four_numbers(row.counts, row.bodies);
    numbers.update({{"screening", row.screening.id.value()}, {"film", row.screening.film.value()}, {"lane", row.screening.lane.value()}});
    screenings.push_back(std::move(numbers));
  }
  for (const HallRow& row : report.halls) {
    json numbers = four_numbers(row.counts, row.bodies);
    numbers["hall"] = row.hall.value();
    halls.push_back(std::move(numbers));
  }
  for (const Discrepancy& d : report.discrepancies)
    discrepancies.push_back({{"code", d.code}, {"level", level_text(d.level)}, {"subject", d.subject}, {"count", d.count},
                             {"explanation_zh", d.explanation_zh}, {"explanation_en", d.explanation_en}, {"tickets", d.tickets}});
  return {{"venue", report.venue.value()}, {"business_date", report.date.text()}, {"final", report.final}, {"revision", report.revision},
          {"data_through", report.data_through}, {"screenings", screenings}, {"halls", halls}, {"discrepancies", discrepancies}, {"verdicts", verdicts}, {"unattributed_bodies", verdict.unattributed_bodies}};
}

json event_json(const Event& e) {
  return {{"seq", e.seq}, {"kind", e.kind}, {"ts", to_text(e.ts)}, {"device_ts", to_text(e.device_ts)}, {"device", e.device}, {"actor", e.actor},
          {"business_date", e.business_date.text()}, {"idempotency_key", optional_text(e.idempotency_key)},
          {"body", json::parse(e.body, nullptr, false)}, {"prev_hash", base::to_hex(e.prev_hash)}, {"hash", base::to_hex(e.hash)}};
}

json events_json(const store::Page& page, const base::VenueId& venue, std::uint64_t after) {
  json events = json::array();
  for (const Event& event : page.events) events.push_back(event_json(event));
  return {{"venue", venue.value()}, {"after", after}, {"head_seq", page.head.seq}, {"head_hash", base::to_hex(page.head.hash)}, {"events", events}};
}

}  // namespace promenade::ticketing::api

#include "ticketing/web/circuit_view.h"

#include <algorithm>

namespace promenade::ticketing::web {
namespace {

using nlohmann::json;

constexpr std::string_view kLevels[] = {"note", "warning", "alarm"};

std::string decimal(std::int64_t minor, Currency currency) { return to_decimal(Money{minor, currency}); }

json counts_json(const CircuitCounts& c) {
  json money = json::array();
  for (const auto& one : c.money)
    money.push_back({{"currency", one.currency.code()}, {"gross", decimal(one.gross_minor, one.currency)}, {"refunds", decimal(one.refunds_minor, one.currency)}, {"net", decimal(one.net_minor(), one.currency)}});
  return {{"admissions", c.admissions()}, {"sold", c.sold}, {"comps", c.comps}, {"refunded", c.refunded}, {"changed", c.changed}, {"redeemed", c.redeemed}, {"plays_started", c.plays_started},
          {"played", c.played}, {"staff_test_tickets", c.guests}, {"money", std::move(money)}};
}

json discrepancy_json(const CircuitDiscrepancy& d, bool single) {
  json out{{"code", d.code}, {"level", kLevels[static_cast<std::size_t>(std::clamp(d.level, 0, 2))]}, {"count", d.count}};
  if (single) out.update({{"venue", d.venue}, {"subject", d.subject}, {"explanation_zh", d.explanation_zh}, {"explanation_en", d.explanation_en}});
  else out["venues"] = d.venues;
  return out;
}

json film_json(const CircuitFilm& f) { return {{"film", f.film}, {"title_zh", f.title_zh}, {"title_en", f.title_en}, {"venues", f.venues}, {"counts", counts_json(f.counts)}}; }

json incident_json(const CircuitIncident& n) {
  json out{{"venue", n.venue}, {"code", n.code}, {"message", n.message}, {"at", to_text(n.at)}, {"good_events", n.events}};
  if (n.released_at) out.update({{"released_at", to_text(*n.released_at)}, {"released_by", n.released_by}, {"release_reason", n.release_reason}});
  return out;
}

json venue_json(const CircuitVenue& v) {
  json out{{"venue", v.venue}, {"name_zh", v.name_zh}, {"name_en", v.name_en}, {"state", state_code(v.state)}, {"revision", v.revision}, {"counts", counts_json(v.counts)},
           {"alarms", v.alarms}, {"warnings", v.warnings}, {"events", v.events}, {"failures", v.failures}};
  if (!v.state_code.empty()) out["refused"] = v.state_code;
  if (v.signed_at) out["signed_at"] = to_text(*v.signed_at);
  if (v.seen_at) out["seen_at"] = to_text(*v.seen_at);
  if (v.failures > 0) out["error"] = v.error_text;
  return out;
}

class Csv {
 public:
  explicit Csv(const CircuitDay& day) : day_(day) {}
  std::string run() {
    out_ = "\xEF\xBB\xBFrow,business_date,venue,name_zh,name_en,film_code,state,revision,admissions,sold,comps,refunded,changed,redeemed,plays_started,played,staff_test_tickets,currency,gross,refunds,net,"
           "alarms,warnings,verified_events\r\n";
    row("total", {}, {}, {}, {}, {}, {}, day_.totals, {});
    for (const auto& film : day_.films) row("film", {}, film.title_zh, film.title_en, film.film, {}, {}, film.counts, {});
    for (const auto& v : day_.venues)
      row("venue", v.venue, v.name_zh, v.name_en, {}, std::string(state_code(v.state)), std::to_string(v.revision), v.counts,
          std::to_string(v.alarms) + "," + std::to_string(v.warnings) + "," + std::to_string(v.events));
    return std::move(out_);
  }

 private:
  // One line a currency: admissions are in the first, so that the column adds up.
  void row(std::string_view kind, std::string_view venue, std::string_view zh, std::string_view en, std::string_view film, std::string_view state, std::string_view revision,
           const CircuitCounts& c, const std::string& tail) {
    const std::size_t lines = std::max<std::size_t>(1, c.money.size());
    const CircuitCounts none;
    const std::string date = day_.date.text();
    for (std::size_t i = 0; i < lines; ++i) {
      const CircuitCounts& n = i == 0 ? c : none;
      for (const std::string_view text : {kind, std::string_view(date), venue, zh, en, film, state}) out_ += csv_field(text) + ",";
      out_ += std::string(revision) + ",";
      for (const auto value : {n.admissions(), n.sold, n.comps, n.refunded, n.changed, n.redeemed, n.plays_started, n.played, n.guests}) out_ += std::to_string(value) + ",";
      if (i < c.money.size()) {
        const CircuitMoney& m = c.money[i];
        out_ += m.currency.code() + "," + decimal(m.gross_minor, m.currency) + "," + decimal(m.refunds_minor, m.currency) + "," + decimal(m.net_minor(), m.currency) + ",";
      } else {
        out_ += ",,,,";
      }
      out_ += (i == 0 && !tail.empty() ? tail : ",,") + "\r\n";
    }
  }

  const CircuitDay& day_;
  std::string out_;
};

}  // namespace

std::string_view state_code(DayState state) {
  constexpr std::string_view kNames[] = {"received", "zero", "open", "unclosed", "missing", "quarantined", "not-yet"};
  static_assert(std::size(kNames) == kDayStates);
  return kNames[static_cast<std::size_t>(state)];
}

void CircuitCounts::add(const CircuitCounts& o) {
  sold += o.sold;
  comps += o.comps;
  refunded += o.refunded;
  changed += o.changed;
  redeemed += o.redeemed;
  plays_started += o.plays_started;
  played += o.played;
  guests += o.guests;
  for (const auto& theirs : o.money) {
    auto ours = std::ranges::find(money, theirs.currency, &CircuitMoney::currency);
    if (ours == money.end()) ours = money.insert(std::ranges::find_if(money, [&](const auto& m) { return theirs.currency < m.currency; }), {theirs.currency, 0, 0});
    ours->gross_minor += theirs.gross_minor;
    ours->refunds_minor += theirs.refunds_minor;
  }
}

json to_json(const CircuitDay& day) {
  json films = json::array(), venues = json::array(), curve = json::array(), codes = json::array(), worst = json::array(), states = json::object(), quarantined = json::array();
  for (const auto& film : day.films) films.push_back(film_json(film));
  for (const auto& venue : day.venues) venues.push_back(venue_json(venue));
  for (const auto& one : day.curve) curve.push_back({{"quarter", one.quarter}, {"sold", one.sold}, {"redeemed", one.redeemed}});
  for (const auto& one : day.by_code) codes.push_back(discrepancy_json(one, false));
  for (const auto& one : day.worst) worst.push_back(discrepancy_json(one, true));
  for (const auto& one : day.quarantined) quarantined.push_back(incident_json(one));
  for (std::size_t i = 0; i < kDayStates; ++i) states[std::string(state_code(static_cast<DayState>(i)))] = day.states[i];
  return {{"business_date", day.date.text()}, {"at", to_text(day.now)}, {"totals", counts_json(day.totals)}, {"completeness", states}, {"films", films}, {"venues", venues},
          {"curve", curve}, {"discrepancies", codes}, {"worst_discrepancies", worst}, {"quarantined", quarantined}};
}

json to_json(const CircuitVenueDay& day) {
  json films = json::array(), found = json::array(), past = json::array(), keys = json::array(), incidents = json::array();
  for (const auto& film : day.films) films.push_back(film_json(film));
  for (const auto& one : day.discrepancies) found.push_back(discrepancy_json(one, true));
  for (const auto& one : day.incidents) incidents.push_back(incident_json(one));
  for (const auto& one : day.past) past.push_back({{"business_date", one.date.text()}, {"state", state_code(one.state)}, {"admissions", one.admissions}});
  for (const auto& key : day.keys) keys.push_back({{"from", key.from}, {"key", key.key}});
  return {{"business_date", day.date.text()}, {"at", to_text(day.now)}, {"venue", venue_json(day.venue)}, {"cinema_code", day.cinema_code}, {"films", films}, {"discrepancies", found},
          {"incidents", incidents}, {"days", past}, {"log_keys", keys}, {"checkpoint", {{"size", day.checkpoint_size}, {"root", day.checkpoint_root}}}};
}

std::string circuit_csv(const CircuitDay& day) { return Csv(day).run(); }

}  // namespace promenade::ticketing::web

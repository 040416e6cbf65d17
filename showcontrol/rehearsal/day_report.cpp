#include "showcontrol/rehearsal/day_report.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tracking/base/formatted.h"

namespace promenade::rehearsal {
namespace {

constexpr double kPunctual_s = 20.0;

struct Waits {
  std::vector<double> to_start, in_lobby, visit;
  std::vector<double> told, off;  // the wait first told, and how far (either way) the start was from it
  int punctual = 0;               // started no later than told, kPunctual_s aside
};

Waits waits_of(const DayResult& day) {
  Waits waits;
  for (const VisitTimes& visit : day.visits) {
    if (visit.chosen_s >= 0.0 && visit.started_s >= 0.0) waits.to_start.push_back(visit.started_s - visit.chosen_s);
    if (visit.told_s >= 0.0 && visit.started_s >= 0.0) {
      const double late_s = visit.started_s - visit.chosen_s - visit.told_s;
      waits.told.push_back(visit.told_s);
      waits.off.push_back(std::abs(late_s));
      waits.punctual += late_s <= kPunctual_s ? 1 : 0;
    }
    if (visit.entered_s >= 0.0) waits.in_lobby.push_back(visit.entered_s - visit.arrived_s);
    if (visit.entered_s >= 0.0 && visit.left_s >= 0.0) waits.visit.push_back(visit.left_s - visit.entered_s);
  }
  return waits;
}

// Differences that a rehearsal cannot have by its people's doing. No-shows, faults and refunds have; so have the
// screenings of a single chair whose one viewer did not watch (ghost-screening).
bool has_impossible(const ticketing::DayReport& report) {
  constexpr std::array<std::string_view, 6> kImpossible{"unticketed-entry", "plays-exceed-redeemed", "play-without-grant", "film-mismatch", "double-redemption", "play-open-at-close"};
  return std::ranges::any_of(report.discrepancies, [&](const auto& one) { return std::ranges::contains(kImpossible, one.code); });
}

int bodies_counted(const ticketing::DayReport& report) {
  return report.halls.empty() ? -1 : report.halls.front().bodies.entered.value_or(-1);
}

}  // namespace

double quantile_of(std::vector<double> values, double share) {
  if (values.empty()) return 0.0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(at));
  return values[at];
}

bool day_ok(const DayResult& day) {
  return day.finished && day.closed && day.chain_ok && day.rebuilt_identical && day.tally.gates_passed_without_authority == 0 &&
         day.hall.commands_without_gate == 0 && day.contacts == 0 && day.undecodable == 0 && day.refused_facts == 0 && !has_impossible(day.report);
}

std::string day_text(const DayResult& day, const DayFiles& files, double took_s) {
  const Tally& t = day.tally;
  const ticketing::Counts& c = day.report.totals;
  const Waits waits = waits_of(day);
  std::string text = base::formatted("{:.1f} h in {:.1f} s, {:.0f} times real time ({:.1f} h with people in the hall); scenes {:.2f} times as long as in the packages\n",
                                 day.simulated_s / 3600.0, took_s, day.simulated_s / std::max(took_s, 1e-9), day.stepped_s / 3600.0, files.film_scale);
  text += base::formatted("visitors {}  let in {}  at once {} inside, {} walking in films\n", t.visitors, t.bodies, day.inside_at_once_max, day.walkers_at_once_max);
  text += base::formatted("sold {}  comps {}  refunded {}  redeemed {}  played {}  bodies {} (truly {})  changed {}\n", c.sold, c.comps, c.refunded, c.redeemed, c.played,
                      bodies_counted(day.report), t.bodies, c.changed);
  text += base::formatted("plays started {}  completed {}  ended early {}  swaps {}  led out {}  epochs {}\n", day.hall.plays_started, day.hall.plays_completed,
                      day.hall.plays_ended_early, day.hall.swaps, t.led_out, day.epochs);
  text += base::formatted("contacts {}  wall contacts {}  near misses {}  in {:.1f} viewer-hours (95 % bound on contacts {:.3f} an hour)\n", day.contacts, day.wall_contacts,
                      day.near_misses, day.viewer_hours, day.viewer_hours > 0.0 ? 3.0 / day.viewer_hours : 0.0);
  text += base::formatted("seconds in films at level clear {:.0f}, warn {:.0f}, pause {:.0f}, stop {:.0f}, evacuate {:.0f}; warnings {}\n", t.level_s[0], t.level_s[1], t.level_s[2], t.level_s[3],
                      t.level_s[4], day.hall.level_entries[1]);
  text += base::formatted("gates passed {}, without authority {}\n", t.gates_passed, t.gates_passed_without_authority);
  text += base::formatted("wait from choice to start p50 {:.0f} s, p95 {:.0f} s, longest {:.0f} s; in the lobby p95 {:.0f} s; visit p50 {:.0f} s ({} visits)\n", quantile_of(waits.to_start, 0.5),
                      quantile_of(waits.to_start, 0.95), quantile_of(waits.to_start, 1.0), quantile_of(waits.in_lobby, 0.95), quantile_of(waits.visit, 0.5), waits.visit.size());
  text += base::formatted("wait first told p50 {:.0f} s, p95 {:.0f} s; start off it p50 {:.0f} s, p95 {:.0f} s; {} of {} no more than {:.0f} s later than told\n", quantile_of(waits.told, 0.5),
                          quantile_of(waits.told, 0.95), quantile_of(waits.off, 0.5), quantile_of(waits.off, 0.95), waits.punctual, waits.told.size(), kPunctual_s);
  text += base::formatted("ledger {} events, chain {}, rebuild {}, day {}; export {}\n", day.ledger_events, day.chain_ok ? "ok" : "BROKEN", day.rebuilt_identical ? "identical" : "DIFFERS",
                      day.closed ? "closed" : "NOT CLOSED", day.export_hash);
  if (day.evacuated_s) {
    text += base::formatted("evacuated at {:.0f} s, empty {}, ended {}; fetched {}, counted {}; resumed {} (brought back {}), rebooked {}, paid back {}\n", *day.evacuated_s,
                            day.emptied_s ? base::formatted("after {:.0f} s", *day.emptied_s - *day.evacuated_s) : "never",
                            day.ended_s ? base::formatted("after {:.0f} s", *day.ended_s - *day.evacuated_s) : "never", t.fetched, t.counted_out, t.resumed, t.brought_back,
                            t.rebooked, t.paid_back);
  }
  for (const ticketing::Discrepancy& one : day.report.discrepancies) {
    text += base::formatted("  {} {} {} ({}): {}\n", one.level == ticketing::DiscrepancyLevel::alarm ? "ALARM" : "note", one.code, one.subject, one.count, one.explanation_en);
  }
  for (const Meeting& one : day.meetings) {
    text += base::formatted("  {} at {:.1f} s, {:.2f} m: {}\n", one.kind, one.episode.begin_s, one.episode.least_m, one.what);
  }
  if (!day.problem.empty()) text += "  " + day.problem + "\n";
  if (!day.finished) text += "STILL THERE:\n" + day.left_behind;
  return text;
}

nlohmann::ordered_json day_json(const DayResult& day, const DayFiles& files, double took_s) {
  const Tally& t = day.tally;
  const ticketing::Counts& c = day.report.totals;
  const Waits waits = waits_of(day);
  nlohmann::ordered_json discrepancies = nlohmann::ordered_json::array();
  for (const ticketing::Discrepancy& one : day.report.discrepancies) {
    discrepancies.push_back({{"code", one.code}, {"alarm", one.level == ticketing::DiscrepancyLevel::alarm}, {"subject", one.subject}, {"count", one.count}});
  }
  const int bodies = bodies_counted(day.report);
  return {{"ok", day_ok(day)},
          {"simulated_s", day.simulated_s},
          {"stepped_s", day.stepped_s},
          {"took_s", took_s},
          {"times_real_time", day.simulated_s / std::max(took_s, 1e-9)},
          {"film_scale", files.film_scale},
          {"visits", day.visits.size()},
          {"plays", {{"started", day.hall.plays_started}, {"completed", day.hall.plays_completed}, {"ended_early", day.hall.plays_ended_early}}},
          {"at_once_max", {{"inside", day.inside_at_once_max}, {"walkers", day.walkers_at_once_max}}},
          {"contacts", day.contacts},
          {"wall_contacts", day.wall_contacts},
          {"near_misses", day.near_misses},
          {"viewer_hours", day.viewer_hours},
          {"warnings", day.hall.level_entries[1]},
          {"pauses", day.hall.level_entries[2]},
          {"stops", day.hall.level_entries[3]},
          {"level_s", {{"clear", t.level_s[0]}, {"warn", t.level_s[1]}, {"pause", t.level_s[2]}, {"stop", t.level_s[3]}, {"evacuate", t.level_s[4]}}},
          {"wait_s", {{"p50", quantile_of(waits.to_start, 0.5)}, {"p95", quantile_of(waits.to_start, 0.95)}, {"longest", quantile_of(waits.to_start, 1.0)}}},
          {"told_s", {{"p50", quantile_of(waits.told, 0.5)}, {"p95", quantile_of(waits.told, 0.95)}, {"off_p50", quantile_of(waits.off, 0.5)}, {"off_p95", quantile_of(waits.off, 0.95)}, {"punctual", waits.punctual}, {"of", waits.told.size()}}},
          {"lobby_s", {{"p50", quantile_of(waits.in_lobby, 0.5)}, {"p95", quantile_of(waits.in_lobby, 0.95)}}},
          {"visit_s", {{"p50", quantile_of(waits.visit, 0.5)}}},
          {"counts", {{"sold", c.sold}, {"comps", c.comps}, {"redeemed", c.redeemed}, {"played", c.played}, {"bodies", bodies}, {"bodies_truly", t.bodies}, {"refunded", c.refunded}, {"changed", c.changed}}},
          {"faults", {{"epochs", day.epochs}, {"swaps", day.hall.swaps}, {"deaths", t.deaths}, {"releases", t.releases}, {"helps", t.helps}, {"led_out", t.led_out}, {"turned_away", t.turned_away}}},
          {"gates_passed", t.gates_passed},
          {"gates_passed_without_authority", t.gates_passed_without_authority},
          {"refused_facts", day.refused_facts},
          {"plans", {{"asked", day.hall.plans_asked}, {"looks", day.hall.looks_asked}, {"committed", day.hall.plans_committed}, {"stale", day.hall.plans_stale}}},
          {"discrepancies", discrepancies},
          {"ledger", {{"events", day.ledger_events}, {"chain_ok", day.chain_ok}, {"rebuilt_identical", day.rebuilt_identical}, {"closed", day.closed}, {"export_blake2b", day.export_hash}}}};
}

}  // namespace promenade::rehearsal

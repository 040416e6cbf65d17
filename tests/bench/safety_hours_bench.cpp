// Safety over many viewer-hours: planned halls of the walker model, and sampled encounters.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/bench/bench.h"
#include "tests/bench/safety_encounter.h"
#include "tests/bench/safety_setting.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

using safety::HallFigures;
using safety::MeetingFigures;
using safety::Setting;
using tracking::Level;

struct SafetyOptions {
  std::string venue;
  std::string films;
  double viewer_hours = -1.0;
  std::size_t encounters = 100'000;
  std::vector<double> stranger, off_plan, wall;  // limits to try instead of the venue's: warn, pause, stop; warn, pause by time
  double sensitivity_hours = 0.0;
  std::size_t sensitivity_encounters = 2'000;
  std::uint64_t seed = 1;
  int threads = 2;
  bool contacts = false;
};

constexpr double kHallHours = 1.25;

// Halls by number until their viewer-hours are enough: the first so many, whoever ran them.
HallFigures run_halls(const Setting& setting, double viewer_hours, std::uint64_t seed, int threads) {
  HallFigures sum;
  std::uint64_t done = 0;
  while (sum.viewer_s < viewer_hours * 3600.0) {
    const auto batch = static_cast<std::size_t>(threads);
    std::vector<HallFigures> halls(batch);
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> workers;
    for (int i = 0; i < threads; ++i) {
      workers.emplace_back([&] {
        for (std::size_t k = next++; k < batch; k = next++) halls[k] = safety::run_hall(setting, kHallHours, seed * 1'000'003 + done + k);
      });
    }
    workers.clear();
    for (const HallFigures& hall : halls) {
      if (sum.viewer_s < viewer_hours * 3600.0) sum.add(hall);
    }
    done += batch;
  }
  return sum;
}

double quantile_of(std::vector<float> values, double fraction) {
  if (values.empty()) return 0.0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1))];
}

using Meetings = std::array<MeetingFigures, safety::kMeetings>;

// So many of each of the first `kinds`, in blocks by number, summed in their order.
Meetings run_meetings(const Setting& setting, std::size_t of_each, std::uint64_t seed, int threads, std::size_t kinds) {
  constexpr std::size_t kBlock = 500;
  std::vector<Meetings> blocks((of_each + kBlock - 1) / kBlock);
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      for (std::size_t k = next++; k < blocks.size(); k = next++) {
        for (std::size_t number = k * kBlock; number < std::min(of_each, (k + 1) * kBlock); ++number) {
          for (std::size_t m = 0; m < kinds; ++m) safety::run_meeting(setting, static_cast<safety::Meeting>(m), seed, number, blocks[k][m]);
        }
      }
    });
  }
  workers.clear();
  Meetings sum;
  for (const Meetings& block : blocks) {
    for (std::size_t m = 0; m < safety::kMeetings; ++m) sum[m].add(block[m]);
  }
  return sum;
}

std::string halls_text(const Setting& setting, const HallFigures& f) {
  using base::formatted;
  const double h = f.viewer_s / 3600.0;
  const auto per_hour = [h](std::size_t count) { return static_cast<double>(count) / h; };
  std::string text = formatted("{}: {:.1f} viewer-hours, {:.1f} at once, {} plays; paused {:.2f} %, stopped {:.2f} % of the time, helped {:.2f} times an hour\n", setting.name, h,
                               f.viewer_s / f.hall_s, f.plays, 100.0 * f.paused_s / f.viewer_s, 100.0 * f.stopped_s / f.viewer_s, per_hour(f.helped));
  for (std::size_t i = 0; i < safety::kParts; ++i) {
    text += formatted("  contacts, {}: {} with people, {} with walls\n", safety::to_string(static_cast<safety::Part>(i)), f.contacts[i], f.wall_contacts[i]);
  }
  text += formatted("  near misses an hour: {:.3f} with strangers, {:.3f} with walls\n", per_hour(f.near_misses), per_hour(f.wall_near_misses));
  for (const Level level : {Level::warn, Level::pause, Level::stop}) {
    const HallFigures::Raised& r = f.of(level);
    text += formatted("  {} an hour: {:.3f}, false {:.3f};", tracking::to_string(level), per_hour(r.all()), per_hour(r.all_false()));
    for (std::size_t g = 0; g < safety::kGrounds; ++g) {
      text += formatted(" {} {:.3f} (false {:.3f})", safety::to_string(static_cast<safety::Ground>(g)), per_hour(r.by_ground[g]), per_hour(r.false_by_ground[g]));
    }
    text += formatted("\n      false in conflict with somebody astray near: {:.3f};", per_hour(r.false_near_astray));
    for (std::size_t c = 0; c < HallFigures::kCauses; ++c) {
      if (r.by_cause[c] > 0) text += formatted(" {} {:.3f} (false conflict {:.3f})", tracking::to_string(static_cast<tracking::Cause>(c)), per_hour(r.by_cause[c]), per_hour(r.false_conflict_by_cause[c]));
    }
    text += "\n";
  }
  text += formatted("  lead in halls: p5 {:.2f} s, p50 {:.2f} s of {}\n", quantile_of(f.leads_s, 0.05), quantile_of(f.leads_s, 0.5), f.leads_s.size());
  text += formatted("  0 contacts in {:.0f} hours would mean at most {:.4f} an hour (95 %)\n", h, 3.0 / h);
  return text;
}

std::string text_of(const Setting& setting, const HallFigures& f, const Meetings& meetings) {
  using base::formatted;
  std::string text = f.viewer_s > 0.0 ? halls_text(setting, f) : formatted("{}\n", setting.name);
  for (std::size_t m = 0; m < safety::kMeetings; ++m) {
    const MeetingFigures& one = meetings[m];
    if (one.count == 0) continue;
    text += formatted("  meetings, {}: {} contacts, {} near misses, {} without a warning of {}; lead p5 {:.2f} s, p50 {:.2f} s\n", safety::to_string(static_cast<safety::Meeting>(m)),
                      one.contacts, one.near_misses, one.unwarned, one.count, quantile_of(one.leads_s, 0.05), quantile_of(one.leads_s, 0.5));
  }
  return text;
}

constexpr double kMostWarnings = 6.0;      // the goals of docs/measures.md, an hour of one viewer
constexpr double kMostFalsePauses = 0.2;
constexpr double kLeastLead_s = 0.7;
constexpr double kDefaultHours = 100.0, kFullHours = 10'000.0;  // of both rows together
constexpr double kFullMost_min = 90.0;

double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

nlohmann::ordered_json figures_of(const Setting& setting, const HallFigures& f, const Meetings& meetings) {
  const double h = f.viewer_s / 3600.0;
  const auto per_hour = [h](std::size_t count) { return h > 0.0 ? static_cast<double>(count) / h : 0.0; };
  nlohmann::ordered_json row{{"row", setting.name}, {"viewer_hours", h}, {"at_once", f.hall_s > 0.0 ? f.viewer_s / f.hall_s : 0.0},
                             {"contacts_bound95_per_hour", h > 0.0 ? 3.0 / h : 0.0}, {"near_misses", per_hour(f.near_misses)},
                             {"wall_near_misses", per_hour(f.wall_near_misses)}, {"helped", per_hour(f.helped)},
                             {"lead_halls_p5_s", quantile_of(f.leads_s, 0.05)}, {"lead_halls_p50_s", quantile_of(f.leads_s, 0.5)}, {"leads_in_halls", f.leads_s.size()}};
  for (std::size_t i = 0; i < safety::kParts; ++i) {
    const std::string part(safety::to_string(static_cast<safety::Part>(i)));
    row["contacts"][part] = f.contacts[i];
    row["wall_contacts"][part] = f.wall_contacts[i];
  }
  for (const Level level : {Level::warn, Level::pause, Level::stop}) {
    const HallFigures::Raised& r = f.of(level);
    nlohmann::ordered_json& out = row[std::string(tracking::to_string(level))];
    out = {{"all", per_hour(r.all())}, {"false", per_hour(r.all_false())}};
    out["false_conflict_near_astray"] = per_hour(r.false_near_astray);
    for (std::size_t g = 0; g < safety::kGrounds; ++g) {
      out[std::string(safety::to_string(static_cast<safety::Ground>(g)))] = {{"all", per_hour(r.by_ground[g])}, {"false", per_hour(r.false_by_ground[g])}};
    }
  }
  for (std::size_t m = 0; m < safety::kMeetings; ++m) {
    const MeetingFigures& one = meetings[m];
    row["encounters"][std::string(safety::to_string(static_cast<safety::Meeting>(m)))] = {
        {"count", one.count}, {"contacts", one.contacts}, {"near_misses", one.near_misses}, {"without_warning", one.unwarned},
        {"lead_p5_s", quantile_of(one.leads_s, 0.05)}, {"lead_p50_s", quantile_of(one.leads_s, 0.5)}};
  }
  return row;
}

void check_row(Outcome& outcome, const std::string& row, const HallFigures& f, const Meetings& meetings) {
  constexpr auto kObeying = static_cast<std::size_t>(safety::Part::obeying);
  constexpr auto kConflict = static_cast<std::size_t>(safety::Ground::conflict);
  const MeetingFigures& obeying = meetings[static_cast<std::size_t>(safety::Meeting::obeying)];
  if (f.viewer_s > 0.0) {
    const double h = f.viewer_s / 3600.0;
    outcome.at_most(row + " contacts_obeying", static_cast<double>(f.contacts[kObeying] + f.wall_contacts[kObeying]), 0.0);
    outcome.at_most(row + " warnings_per_hour", static_cast<double>(f.of(Level::warn).all()) / h, kMostWarnings);
    outcome.at_most(row + " false_pauses_per_hour", static_cast<double>(f.of(Level::pause).false_by_ground[kConflict]) / h, kMostFalsePauses);
  }
  if (obeying.count > 0) {
    outcome.at_most(row + " encounter_contacts_obeying", static_cast<double>(obeying.contacts), 0.0);
    outcome.at_least(row + " encounter_lead_p5_s", quantile_of(obeying.leads_s, 0.05), kLeastLead_s);
  }
}

// An assumed value of the walker model, by name, and what a factor does to it.
struct Assumed {
  const char* name;
  void (*scale)(Setting&, double);
};
constexpr std::array kAssumed{
    Assumed{"off the planned point, sigma", [](Setting& s, double k) { s.walker.sigma_m *= k; }},
    Assumed{"reaction to a pause or stop", [](Setting& s, double k) { s.walker.reaction_median_s *= k; s.walker.reaction_p95_s *= k; }},
    Assumed{"share that does not obey", [](Setting& s, double k) { s.walker.obey_pause = 1.0 - k * (1.0 - s.walker.obey_pause); s.walker.obey_stop = 1.0 - k * (1.0 - s.walker.obey_stop); }},
    Assumed{"share that heeds a warning", [](Setting& s, double k) { s.walker.heed_warning = std::min(1.0, k * s.walker.heed_warning); }},
    Assumed{"strays and runs", [](Setting& s, double k) { s.walker.stray_per_play *= k; s.walker.run_per_play *= k; }},
    Assumed{"share of children", [](Setting& s, double k) { s.walker.child_share *= k; }},
    Assumed{"start-up after a gate", [](Setting& s, double k) { s.walker.start_up_median_s *= k; s.walker.start_up_p95_s *= k; }},
    Assumed{"tracking error and drift", [](Setting& s, double k) { s.tracking.slow_sigma_m *= k; s.tracking.drift_m *= k; }},
    Assumed{"tracking dropouts", [](Setting& s, double k) { s.tracking.blink_every_s /= k; s.tracking.outage_every_s /= k; s.tracking.freeze_every_s /= k; }},
    Assumed{"link outages and loss", [](Setting& s, double k) { s.link.outage_every_s /= k; s.link.loss *= k; }},
    Assumed{"sits, lifts or takes off", [](Setting& s, double k) { s.walker.fall_per_hour *= k; s.walker.lift_visor_per_hour *= k; s.walker.take_off_per_hour *= k; }},
};

std::string sensitivity_text(const Setting& setting, const SafetyOptions& options, double hours) {
  std::string text = base::formatted("{}: an hour of one viewer, of {:.0f} hours each; contacts of those who obey in encounters, of {}\n", setting.name, hours, options.sensitivity_encounters);
  const auto row = [&](const std::string& name, const Setting& changed) {
    const HallFigures f = run_halls(changed, hours, options.seed, options.threads);
    const Meetings meetings = run_meetings(changed, options.sensitivity_encounters, options.seed, options.threads, 1);
    const double h = f.viewer_s / 3600.0;
    std::size_t contacts = 0;
    for (const std::size_t count : f.contacts) contacts += count;
    text += base::formatted("| {} | {} | {:.2f} | {:.2f} | {:.2f} | {:.2f} | {} |\n", name, contacts, static_cast<double>(f.near_misses) / h, static_cast<double>(f.of(Level::warn).all()) / h,
                            static_cast<double>(f.of(Level::pause).all()) / h, static_cast<double>(f.of(Level::pause).false_by_ground[0]) / h, meetings[0].contacts);
  };
  text += "| value | contacts in halls | near misses | warnings | pauses | false pauses (conflict) | contacts in encounters |\n|---|---|---|---|---|---|---|\n";
  row("as assumed", setting);
  for (const Assumed& assumed : kAssumed) {
    for (const double factor : {0.5, 2.0}) {
      Setting changed = setting;
      assumed.scale(changed, factor);
      row(base::formatted("{}, times {}", assumed.name, factor), changed);
    }
  }
  return text;
}

// What the separation does not allow is not tried.
Setting setting_of(const SafetyOptions& options, double separation_m, double sigma_m) {
  Setting setting = safety::make_setting(options.venue, options.films, separation_m, sigma_m);
  tracking::SafetyLimits& limits = setting.venue.safety;
  const auto take = [](const std::vector<double>& given, tracking::DistanceRule& rule) {
    if (given.size() == 5) rule = {given[0], given[1], given[2], given[3], given[4]};
  };
  take(options.stranger, limits.stranger);
  take(options.off_plan, limits.off_plan);
  take(options.wall, limits.wall);
  limits = tracking::tied_to(limits, separation_m);
  const base::Findings findings = tracking::check_limits(limits, separation_m, setting.venue.wall_margin_m, options.venue, "safety");
  if (!findings.empty()) throw std::runtime_error(base::to_string(findings));
  return setting;
}

Outcome run_safety_hours(const SafetyOptions& options, bool full) {
  const double hours = options.viewer_hours >= 0.0 ? options.viewer_hours : full ? kFullHours : kDefaultHours;
  Outcome outcome;
  double halls_s = 0.0, ran_hours = 0.0;
  for (const auto& [separation, sigma] : {std::pair{2.0, 0.25}, std::pair{1.5, 0.14}}) {
    const Setting setting = setting_of(options, separation, sigma);
    const auto begun = std::chrono::steady_clock::now();
    const HallFigures f = run_halls(setting, hours / 2.0, options.seed, options.threads);
    halls_s += seconds_since(begun);
    ran_hours += f.viewer_s / 3600.0;
    const Meetings meetings = run_meetings(setting, options.encounters / (2 * safety::kMeetings), options.seed, options.threads, safety::kMeetings);
    outcome.table += text_of(setting, f, meetings);
    if (options.contacts) {
      for (const std::string& touch : f.touches) outcome.table += touch;
    }
    outcome.figures["rows"].push_back(figures_of(setting, f, meetings));
    check_row(outcome, base::formatted("{:.1f} m:", separation), f, meetings);
    if (options.sensitivity_hours > 0.0) outcome.table += sensitivity_text(setting, options, options.sensitivity_hours);
  }
  outcome.samples = {{"viewer_hours", ran_hours}, {"encounters", options.encounters}};
  if (ran_hours > 0.0) {
    const double projected_min = halls_s / ran_hours * kFullHours / 60.0;
    outcome.figures["halls_took_s"] = halls_s;
    outcome.figures["full_projected_min"] = projected_min;
    outcome.table += base::formatted("halls: {:.0f} s; 10,000 viewer-hours would take {:.0f} minutes at this pace (limit {:.0f})\n", halls_s, projected_min, kFullMost_min);
  }
  return outcome;
}

Run add_safety_options(CLI::App& app) {
  auto options = std::make_shared<SafetyOptions>();
  options->venue = beside_program("../../../venue-configs/wuxi-420/venue.toml");
  options->films = beside_program("../../../../shared/data/planning/six-films-420.json");
  if (!std::filesystem::exists(options->films)) options->films = beside_program("../films");
  app.add_option("--venue", options->venue, "Venue file, instead of the sample venue's");
  app.add_option("--films", options->films, "Planning case with walking films, or a folder of film packages")->capture_default_str();
  app.add_option("--viewer-hours", options->viewer_hours, "Of both rows together, at least; otherwise 100, with --full 10,000")->check(CLI::NonNegativeNumber);
  app.add_option("--encounters", options->encounters, "Sampled encounters, of both rows and all kinds together")->capture_default_str();
  app.add_option("--sensitivity", options->sensitivity_hours, "Also halve and double each assumed value of the model, with so many viewer-hours each")->check(CLI::PositiveNumber);
  app.add_option("--stranger", options->stranger, "Limits to try: warn, pause, stop in metres, warn and pause by seconds to contact")->expected(5);
  app.add_option("--off-plan", options->off_plan, "The same where one of the two is off his plan")->expected(5);
  app.add_option("--wall", options->wall, "The same for walls and obstacles")->expected(5);
  app.add_option("--seed", options->seed, "Seed of every draw")->capture_default_str();
  app.add_flag("--contacts", options->contacts, "Tell each contact of the halls, with the last seconds of those in it");
  app.add_option("--threads", options->threads, "Halls simulated at a time; the figures do not depend on it")->check(CLI::Range(1, 64))->capture_default_str();
  return [options](bool full) { return run_safety_hours(*options, full); };
}

}  // namespace

Bench safety_hours_bench() { return {"safety-hours", "Contacts, warnings and pauses of the walker model in planned halls, and in sampled encounters", add_safety_options}; }

}  // namespace promenade::bench

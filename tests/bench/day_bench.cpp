// A whole day in one process under the virtual clock: how many times faster than real time, and whether the same seed
// gives the same ledger.

#include <chrono>
#include <memory>
#include <stdexcept>

#include "showcontrol/rehearsal/day_files.h"
#include "showcontrol/rehearsal/day_report.h"
#include "tests/bench/bench.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

constexpr double kLeastTimesRealTime = 1000.0;       // the goals of docs/measures.md
constexpr double kLeastTimesRealTimeFull = 100.0;
constexpr int kSameSeedVisits = 40;                  // of the shorter day that is run twice
constexpr double kSameSeedHours = 2.0;

struct DayBenchOptions {
  rehearsal::DayFiles files;
  int visits = 500;
  double hours = 12.0;
  std::uint64_t seed = 1;
  bool datagrams = false;
};

rehearsal::DayResult run_one(DayBenchOptions options, double pose_hz, double& took_s) {
  auto day = rehearsal::load_day(options.files);
  if (!day) throw std::runtime_error(day.error().text());
  day->visits = options.visits;
  day->hours = options.hours;
  day->seed = options.seed;
  day->pose_hz = pose_hz;
  day->datagrams = options.datagrams;
  rehearsal::set_faults(*day, rehearsal::Faults::usual);
  const rehearsal::PrivateFolder folder;
  day->ledger_path = folder.path() + "/ledger.sqlite";
  const auto begun = std::chrono::steady_clock::now();
  auto result = rehearsal::run_day(std::move(*day));
  took_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(*result);
}

Outcome run_day_bench(DayBenchOptions options, bool full) {
  const double pose_hz = full ? 90.0 : 10.0;
  options.datagrams = options.datagrams || full;
  double took_s = 0.0;
  const rehearsal::DayResult day = run_one(options, pose_hz, took_s);
  DayBenchOptions shorter = options;
  shorter.visits = std::min(options.visits, kSameSeedVisits);
  shorter.hours = std::min(options.hours, kSameSeedHours);
  double ignored_s = 0.0;
  const bool same = run_one(shorter, 10.0, ignored_s).exported == run_one(shorter, 10.0, ignored_s).exported;

  Outcome outcome;
  outcome.figures = rehearsal::day_json(day, options.files, took_s);
  outcome.figures["pose_hz"] = pose_hz;
  outcome.figures["seed"] = options.seed;
  outcome.figures["links"] = options.datagrams ? "in memory: ENet, the secure link, loss and delay" : "in process: codec, loss and delay; no ENet";
  outcome.figures["same_seed_same_export"] = same;
  outcome.samples = {{"visits", day.visits.size()}, {"viewer_hours", day.viewer_hours}, {"messages", day.messages}};
  outcome.at_least("times_real_time", day.simulated_s / took_s, options.datagrams ? kLeastTimesRealTimeFull : kLeastTimesRealTime);
  outcome.at_least("same_seed_same_export", same ? 1.0 : 0.0, 1.0);
  outcome.at_most("gates_passed_without_authority", static_cast<double>(day.tally.gates_passed_without_authority), 0.0);
  outcome.table = rehearsal::day_text(day, options.files, took_s);
  outcome.table += base::formatted("the same seed {} the same export\n", same ? "gives" : "DOES NOT give");
  return outcome;
}

Run add_day_options(CLI::App& app) {
  auto options = std::make_shared<DayBenchOptions>();
  options->files.venue = beside_program("../../../venue-configs/wuxi-420/venue.toml");
  options->files.box_office = beside_program("../../../venue-configs/wuxi-420/boxoffice.toml");
  options->files.films = beside_program("../films");
  app.add_option("--venue", options->files.venue, "Venue file, instead of the sample venue's");
  app.add_option("--films", options->files.films, "Folder of film packages, instead of the sample films");
  app.add_option("--boxoffice-config", options->files.box_office, "The box office's configuration, instead of the sample venue's");
  app.add_option("--visits", options->visits, "People who come to the counter")->check(CLI::Range(1, 20000))->capture_default_str();
  app.add_option("--hours", options->hours, "Hours from opening to closing")->check(CLI::Range(0.2, 16.0))->capture_default_str();
  app.add_option("--seed", options->seed, "Seed of every draw")->capture_default_str();
  app.add_flag("--datagrams", options->datagrams, "Messages go by ENet and the secure link in memory, as in the long form, which has 90 poses a second besides");
  return [options](bool full) { return run_day_bench(*options, full); };
}

}  // namespace

Bench day_bench() { return {"day", "A whole day under a virtual clock, with the walker model's faults", add_day_options}; }

}  // namespace promenade::bench

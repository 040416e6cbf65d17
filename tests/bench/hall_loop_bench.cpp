// How long the hall's loop takes for a turn while its planner is at work beside it: a hall program of its own with viewers
// under way, real headset clients over the secure link on the loopback, and others who wait for a film that finds no room between
// them, so that the planner goes through all of its work for one of them after the other.

#include <stdexcept>

#include "tests/bench/alert_crowd.h"
#include "tests/bench/alert_hall.h"
#include "tests/bench/bench.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

constexpr double kTurnLimit_ms = 2.0;     // p99, docs/measures.md
constexpr double kAnswerLimit_ms = 50.0;  // likewise
constexpr double kTurnsEnough = 2000.0;   // turns for a p99
constexpr double kAnswersEnough = 100.0;  // for an answer's
constexpr double kShortForm_s = 400.0, kLongForm_s = 1200.0;
constexpr double kStatusMade_s = 0.6;     // the status that metrics are read from is made four times a second

struct LoopOptions {
  int viewers = 40;  // twice what walks on 420 m²
  int waiting = 12;
  double seconds = 0.0;  // 0: by the form
};

void add_times(Outcome& outcome, const std::string& what, const std::string& key, const HallTimes& times) {
  outcome.figures[key + "_mean_ms"] = times.mean_ms;
  outcome.figures[key + "_p99_at_most_ms"] = times.p99_ms;
  outcome.samples[key] = times.samples;
  outcome.table += base::formatted("  {:34} {:9.0f}   mean {:6.2f} ms   p99 at most {:6.2f} ms\n", what, times.samples, times.mean_ms, times.p99_ms);
}

Outcome run_loop_bench(const LoopOptions& options, bool full) {
  if (options.viewers % 2 != 0) throw std::runtime_error(base::formatted("--viewers {}: give an even number; they stand in pairs.", options.viewers));
  const double seconds = options.seconds > 0.0 ? options.seconds : full ? kLongForm_s : kShortForm_s;
  const AlertHall hall(options.viewers, options.waiting);
  Crowd crowd(hall);
  const auto idle = [] { return false; };
  crowd.run(kStatusMade_s, idle);
  const Metrics before = hall.metrics();
  crowd.run(seconds, idle);
  crowd.run(kStatusMade_s, idle);
  const Metrics after = hall.metrics();
  const auto grown = [&](const std::string& name) { return after.at(name) - before.at(name); };

  Outcome outcome;
  outcome.table = base::formatted("{} viewers under way, {} who wait, {:.0f} s, 90 poses a second, 30 bundles, loopback\n", options.viewers, options.waiting, seconds);
  const HallTimes works = hall_times("promenade_hall_loop_turn_seconds", "planner=\"works\"", before, after);
  const HallTimes answers = hall_times("promenade_hall_plan_seconds", "", before, after);
  add_times(outcome, "turns while the planner works", "turn_planning", works);
  add_times(outcome, "turns while it rests", "turn_resting", hall_times("promenade_hall_loop_turn_seconds", "planner=\"rests\"", before, after));
  add_times(outcome, "the planner's answers", "answer", answers);
  const double planned = grown("promenade_hall_plans_committed_total"), busy = grown("promenade_hall_loop_busy_seconds_total") / seconds;
  outcome.figures["loop_core_share"] = busy;
  outcome.figures["plans_committed"] = planned;
  outcome.figures["pose_late_p99_ms"] = crowd.lateness_p99_ms();
  outcome.table += base::formatted("  the loop was busy {:.0f} % of a core; poses were behind their moments by {:.1f} ms at p99 (this machine)\n", 100.0 * busy, crowd.lateness_p99_ms());
  if (works.samples < kTurnsEnough) {
    throw std::runtime_error(base::formatted("{}The planner worked beside {:.0f} turns only: give more --seconds or more --waiting.", outcome.table, works.samples));
  }
  outcome.at_most("turn_planning_p99_at_most_ms", works.p99_ms, kTurnLimit_ms);
  if (answers.samples >= kAnswersEnough) outcome.at_most("answer_p99_at_most_ms", answers.p99_ms, kAnswerLimit_ms);
  return outcome;
}

Run add_loop_options(CLI::App& app) {
  auto options = std::make_shared<LoopOptions>();
  app.add_option("--viewers", options->viewers, "How many are under way, an even number")->check(CLI::Range(2, 200))->capture_default_str();
  app.add_option("--waiting", options->waiting, "How many wait for a film that finds no room")->check(CLI::Range(1, 12))->capture_default_str();
  app.add_option("--seconds", options->seconds, "How long; 400, in the long form 1,200")->check(CLI::Range(1.0, 3600.0));
  return [options](bool full) { return run_loop_bench(*options, full); };
}

}  // namespace

Bench hall_loop_bench() { return {"hall-loop", "What a turn of the hall's loop takes while its planner works, and the planner's answers", add_loop_options}; }

}  // namespace promenade::bench

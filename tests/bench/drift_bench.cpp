// How far two headsets are apart in error, under the tracking error of the walker model, when drift is measured by
// marks at handover only, by tags, by anchors; what the drift score notices of it, and how often it alarms.
// No limit: the goal of 5 cm is printed beside what the model gives.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "showcontrol/rehearsal/tracking_error.h"
#include "tests/bench/bench.h"
#include "tests/bench/quantile.h"
#include "tracking/base/formatted.h"
#include "tracking/calibration.h"

namespace promenade::bench {
namespace {

using tracking::CalibrationState;
using tracking::DriftMeasure;

constexpr double kVisit_s = 720.0;              // the marks are touched at the beginning of each
constexpr double kTagError_m = 0.02, kMarkError_m = 0.005, kAnchorError_m = 0.01;  // of one measurement, 1 sigma per axis
constexpr double kGoal_m = 0.05;

struct Way {
  const char* name;
  double tag_every_s;      // 0: none are seen
  bool anchors;            // once a second
};
constexpr std::array<Way, 6> kWays{{{"marks at handover only", 0.0, false}, {"and tags every 300 s", 300.0, false}, {"and tags every 60 s", 60.0, false},
                                    {"and tags every 10 s", 10.0, false}, {"and anchors", 0.0, true}, {"and anchors, tags every 60 s", 60.0, true}}};

struct Tally {
  std::vector<double> apart_m;
  double seconds = 0.0, unnoticed_s = 0.0, out_of_trust_s = 0.0;
  int alarms = 0;
};

// One second of one headset.
struct Second {
  tracking::Vec<tracking::Hall> error;
  bool trusted = true;
};

class Worn {
 public:
  Worn(const rehearsal::TrackingHabits& habits, bool wander, std::uint64_t seed, const Way& way)
      : error_(settled(habits, wander), base::Random(seed)), way_(way), random_(base::Random(seed).fork("measurements")) {}

  Second step(double now_s, double& out_of_trust_s, int& alarms, double& unnoticed_s) {
    const base::HallTime now = base::hall_time(now_s);
    const auto error = error_.step(now_s).error;
    if (std::fmod(now_s, kVisit_s) < 0.5) {
      error_.reset_drift();  // from the next second on
      score_.calibrated(now, std::hypot(random_.normal(0.0, kMarkError_m), random_.normal(0.0, kMarkError_m)));
      was_ = CalibrationState::good;
    }
    const auto measured = [&](double sigma) {
      return tracking::length(error + tracking::Vec<tracking::Hall>{random_.normal(0.0, sigma), random_.normal(0.0, sigma)});
    };
    if (way_.anchors) score_.measured(now, measured(kAnchorError_m), DriftMeasure::anchor);
    if (way_.tag_every_s > 0.0 && std::fmod(now_s + 0.5, way_.tag_every_s) < 1.0) score_.measured(now, measured(kTagError_m), DriftMeasure::tag);
    const CalibrationState state = score_.state(now);
    const bool off = tracking::length(error) >= tracking::kDriftOutOfTrust_m, trusted = state != CalibrationState::out_of_trust;
    if (state >= CalibrationState::alarm && was_ < CalibrationState::alarm) ++alarms;
    was_ = state;
    out_of_trust_s += !trusted;
    unnoticed_s += off && trusted;
    return {error, trusted};
  }

 private:
  static rehearsal::TrackingHabits settled(rehearsal::TrackingHabits habits, bool wander) {
    habits.faults = false;
    if (!wander) habits.slow_sigma_m = 0.0;
    return habits;
  }
  rehearsal::TrackingError error_;
  Way way_;
  base::Random random_;
  tracking::DriftScore score_;
  CalibrationState was_ = CalibrationState::none;
};

struct Row {
  double apart_p50_m, apart_p95_m, alarms_per_hour, out_of_trust_share, unnoticed_share;
};

// `wander`: with the model's slow error of 5 cm per axis, or drift alone.
Row run_way(const Way& way, bool wander, int pairs, double hours, std::uint64_t seed) {
  Tally tally;
  for (int pair = 0; pair < pairs; ++pair) {
    Worn a({}, wander, seed + 2 * static_cast<std::uint64_t>(pair), way), b({}, wander, seed + 2 * static_cast<std::uint64_t>(pair) + 1, way);
    for (double t = 0.0; t < hours * 3600.0; t += 1.0) {
      const Second one = a.step(t, tally.out_of_trust_s, tally.alarms, tally.unnoticed_s), other = b.step(t, tally.out_of_trust_s, tally.alarms, tally.unnoticed_s);
      tally.seconds += 2.0;
      if (one.trusted && other.trusted) tally.apart_m.push_back(tracking::length(one.error - other.error));
    }
  }
  return {quantile(tally.apart_m, 0.5), quantile(tally.apart_m, 0.95), tally.alarms / (tally.seconds / 3600.0), tally.out_of_trust_s / tally.seconds, tally.unnoticed_s / tally.seconds};
}

Outcome run_drift(std::uint64_t seed, bool full) {
  const int pairs = full ? 50 : 10;
  const double hours = full ? 10.0 : 4.0;
  Outcome outcome;
  outcome.table = base::formatted("Error between two trusted headsets, m; {} pairs, {:.0f} h each, {:.0f} min a visit; the goal is {:.2f} m at p95.\n", pairs, hours, kVisit_s / 60.0, kGoal_m);
  for (const bool wander : {false, true}) {
    outcome.table += wander ? "\nthe model's whole error (slow error of 5 cm per axis, and drift)\n" : "\ndrift alone (a random walk of 0.10 m per axis in 20 min)\n";
    outcome.table += base::formatted("  {:<30} {:>6} {:>6} {:>14} {:>13} {:>22}\n", "", "p50", "p95", "alarms a hour", "out of trust", "0.20 m off unnoticed");
    for (const Way& way : kWays) {
      const Row row = run_way(way, wander, pairs, hours, seed);
      outcome.table += base::formatted("  {:<30} {:>6.3f} {:>6.3f} {:>14.1f} {:>12.2f}% {:>21.3f}%\n", way.name, row.apart_p50_m, row.apart_p95_m, row.alarms_per_hour,
                                       100.0 * row.out_of_trust_share, 100.0 * row.unnoticed_share);
      outcome.figures[wander ? "whole" : "drift"][way.name] = {{"p50_m", row.apart_p50_m}, {"p95_m", row.apart_p95_m}, {"alarms_per_hour", row.alarms_per_hour},
                                                               {"out_of_trust_share", row.out_of_trust_share}, {"unnoticed_share", row.unnoticed_share}};
    }
  }
  outcome.figures["goal_p95_m"] = kGoal_m;
  outcome.samples["pair_seconds"] = static_cast<std::int64_t>(pairs * hours * 3600.0);
  return outcome;
}

}  // namespace

Bench drift_bench() {
  return {"drift", "how far two headsets are apart, by what measures their drift", [](CLI::App& app) -> Run {
            auto seed = std::make_shared<std::uint64_t>(1);
            app.add_option("--seed", *seed, "Seed of the errors")->capture_default_str();
            return [seed](bool full) { return run_drift(*seed, full); };
          }};
}

}  // namespace promenade::bench

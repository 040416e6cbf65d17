#include "tests/bench/plan_ablation.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/quantile.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

struct Variant {
  std::string name;
  DemandOptions options;
  DemandFigures figures;
  double cpu_p50_ms = 0.0, cpu_p99_ms = 0.0;
};

std::vector<Variant> variants_of(const DemandOptions& everything) {
  std::vector<Variant> variants{{"everything", everything, {}}};
  const auto without = [&](std::string name, auto change) {
    variants.push_back({std::move(name), everything, {}});
    change(variants.back().options);
  };
  without("no fellows and formations", [](DemandOptions& o) { o.fellows = false, o.budget.leaders = 0; });
  without("no trains", [](DemandOptions& o) { o.budget.trains = false; });
  without("no climbs", [](DemandOptions& o) { o.budget.climbs = 0; });
  without("no plays held otherwise", [](DemandOptions& o) { o.budget.retimings = 0; });
  without("nobody planned anew (search)", [](DemandOptions& o) { o.replans = 0; });
  without("an eighth of the placements", [](DemandOptions& o) { o.budget.placements /= 8, o.budget.climbs /= 8; });
  without("no holds that cost more", [](DemandOptions& o) { o.weights.hold = o.weights.wait; });
  without("floor costs nothing", [](DemandOptions& o) { o.weights.newly_taken_s_per_m2 = 0.0; });
  without("plain greedy", [](DemandOptions& o) { o.greedy = true; });
  return variants;
}

}  // namespace

Outcome run_ablation(const PlanningCase& planning_case, const DemandOptions& demand, int threads) {
  std::vector<Variant> variants = variants_of(demand);
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      for (std::size_t k = next++; k < variants.size(); k = next++) {
        Variant& one = variants[k];
        const DemandResult result = run_demand(planning_case, one.options);
        one.figures = figures_of(planning_case, result, one.options.hours);
        one.cpu_p50_ms = quantile(result.answer_cpu_ms, 0.5);
        one.cpu_p99_ms = quantile(result.answer_cpu_ms, 0.99);
      }
    });
  }
  workers.clear();
  Outcome outcome;
  outcome.table = base::formatted("{:<30} {:>8} {:>10} {:>8} {:>13} {:>12} {:>22}\n", "", "at once", "viewers/h", "stretch", "wait longest", "least share", "answer p50, p99 (CPU)");
  for (const Variant& one : variants) {
    const DemandFigures& f = one.figures;
    outcome.table += base::formatted("{:<30} {:8.1f} {:10.1f} {:8.3f} {:11.0f} s {:12.2f} {:10.1f}, {:6.1f} ms\n", one.name, f.at_once, f.viewers_per_hour, f.stretch_mean, f.wait_longest_s,
                                     f.least_share, one.cpu_p50_ms, one.cpu_p99_ms);
    outcome.figures["variants"].push_back({{"variant", one.name}, {"at_once", f.at_once}, {"viewers_per_hour", f.viewers_per_hour}, {"stretch_mean", f.stretch_mean},
                                           {"wait_longest_s", f.wait_longest_s}, {"least_share", f.least_share}, {"answer_cpu_p50_ms", one.cpu_p50_ms}, {"answer_cpu_p99_ms", one.cpu_p99_ms}});
  }
  outcome.figures["case"] = planning_case.name;
  outcome.figures["hours"] = demand.hours;
  return outcome;
}

}  // namespace promenade::bench

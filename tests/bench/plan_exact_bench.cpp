// How near to the best the planner comes: small halls in which eight viewers wait at once, beside an exact answer; and what
// bounds the count in a large hall.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/bench/bench.h"
#include "tests/bench/exact_case.h"
#include "tests/bench/plan_candidates.h"
#include "tests/bench/random_case.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

constexpr double kLeastOfBest = 0.9;  // the goal of docs/measures.md, on average
constexpr int kExactCases = 10, kExactCasesFull = 100;
constexpr std::uint64_t kLargeSeed = 1;

struct PlanExactOptions {
  int cases = 0;
  std::uint64_t first = 1;
  std::size_t candidates = 200;
  PackingWork work;
  std::string large_path;
  int threads = 2;
};

struct ExactCase {
  PlanningCase drawn;
  ExactFigures figures;
};

double clock_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::vector<ExactCase> run_cases(const PlanExactOptions& options, int count) {
  std::vector<ExactCase> cases(static_cast<std::size_t>(count));
  std::atomic<std::size_t> next{0};
  std::mutex failing;
  std::exception_ptr failure;
  std::vector<std::jthread> workers;
  for (int i = 0; i < options.threads; ++i) {
    workers.emplace_back([&] {
      for (std::size_t k = next++; k < cases.size(); k = next++) {
        try {
          cases[k].drawn = small_case(options.first + k);
          cases[k].figures = exact_figures(cases[k].drawn, options.candidates, options.work, options.first + k, clock_s);
        } catch (...) {
          const std::scoped_lock lock(failing);
          failure = std::current_exception();
          next = cases.size();
        }
      }
    });
  }
  workers.clear();
  if (failure) std::rethrow_exception(failure);
  return cases;
}

std::string row_of(const ExactCase& one) {
  const ExactFigures& f = one.figures;
  if (!f.comparable()) return base::formatted("{:<10} {:>5.0f} m²: no film that is wanted has a place\n", one.drawn.name, tracking::signed_area_m2(one.drawn.floor.boundary));
  const std::string best = f.best.largest() ? base::formatted("{}", f.best.chosen.size()) : base::formatted("{} to {}", f.best.chosen.size(), f.best.at_most);
  return base::formatted("{:<10} {:>5.0f} m² {:.2f} m {:>5} | {:>7} {:>7} {:>6} | {:>7} {:>5.2f} | {:>5.0f} {:>5.0f} {:>5.0f} | {:>10} {:>4.2f} {:>5.1f} {:>5.1f} {:>5.1f} s\n", one.drawn.name,
                         tracking::signed_area_m2(one.drawn.floor.boundary), one.drawn.floor.separation_m, one.drawn.films.size(), f.of(Online::planner).served,
                         f.of(Online::as_hall).served, f.of(Online::greedy).served, best, f.ratio(Online::planner), f.of(Online::planner).waits_s, f.best.cost,
                         f.best.cost_at_least, f.candidates, f.conflict_share, f.drawing_s, f.graph_s, f.packing_s);
}

struct Shares {  // of the best, over cases in which anybody can be served
  double mean = 0.0;
  double worst = 1.0;
};

Shares shares(const std::vector<ExactCase>& cases, Online who) {
  Shares shares;
  double sum = 0.0, count = 0.0;
  for (const ExactCase& one : cases) {
    if (!one.figures.comparable()) continue;
    const double ratio = one.figures.ratio(who);
    sum += ratio;
    count += 1.0;
    shares.worst = std::min(shares.worst, ratio);
  }
  if (count == 0.0) throw std::runtime_error("in none of the halls has any film a place; take more, or others (--cases, --seed)");
  shares.mean = sum / count;
  return shares;
}

void take_counts(const std::vector<ExactCase>& cases, Outcome& outcome) {
  std::size_t compared = 0, proven = 0, everybody = 0, as_many = 0, candidates = 0;
  double waits_s = 0.0, least_waits_s = 0.0;
  for (const ExactCase& one : cases) {
    const ExactFigures& f = one.figures;
    if (!f.comparable()) continue;
    ++compared;
    proven += f.best.largest() ? 1 : 0;
    everybody += f.best.chosen.size() == one.drawn.wishes.size() ? 1 : 0;
    candidates += f.candidates;
    if (f.of(Online::planner).served != f.best.chosen.size()) continue;
    ++as_many;
    waits_s += f.of(Online::planner).waits_s;
    least_waits_s += f.best.cost_at_least;
  }
  outcome.figures["planner_as_many"] = as_many;
  outcome.figures["waits_where_as_many_s"] = waits_s;
  outcome.figures["least_waits_there_s"] = least_waits_s;
  outcome.samples = {{"cases", cases.size()}, {"compared", compared}, {"proven", proven}, {"everybody_served", everybody}, {"candidates", candidates}};
}

void take_bound(const PlanExactOptions& options, Outcome& outcome) {
  const PlanningCase large = options.large_path.empty() ? random_case(kLargeSeed, 1.0) : read_case(options.large_path);
  const double area_m2 = std::abs(tracking::signed_area_m2(large.floor.boundary));
  const double bound = packing_bound(large.floor.boundary, large.floor.separation_m);
  outcome.figures["large_case"] = large.name;
  outcome.figures["large_at_once_bound"] = bound;
  outcome.table += base::formatted("{}: {:.0f} m², {:.2f} m apart: never more than {:.0f} at once, by 2/sqrt(3) A/d² + P/(2d) + 1, which knows no walls' margin, columns or routes\n",
                                   large.name, area_m2, large.floor.separation_m, bound);
}

Outcome run_plan_exact(const PlanExactOptions& options, bool full) {
  const int count = options.cases > 0 ? options.cases : full ? kExactCasesFull : kExactCases;
  const double before_s = clock_s();
  const std::vector<ExactCase> cases = run_cases(options, count);
  Outcome outcome;
  outcome.figures = {{"horizon_s", kExactHorizon_s}, {"candidates_per_viewer", options.candidates}};
  for (std::size_t who = 0; who < kOnlineNames.size(); ++who) {
    const Shares of_best = shares(cases, static_cast<Online>(who));
    outcome.figures[base::formatted("{}_mean", kOnlineNames[who])] = of_best.mean;
    outcome.figures[base::formatted("{}_worst", kOnlineNames[who])] = of_best.worst;
  }
  take_counts(cases, outcome);
  outcome.at_least("planner_mean", outcome.figures["planner_mean"].get<double>(), kLeastOfBest);
  outcome.table = "case            hall apart films | planner as_hall greedy |    best ratio | waits: planner, best, at least | candidates, conflicts; drawn, graph, packed\n";
  for (const ExactCase& one : cases) outcome.table += row_of(one);
  take_bound(options, outcome);
  outcome.figures["took_s"] = clock_s() - before_s;
  for (const auto& [key, value] : outcome.figures.items()) outcome.table += base::formatted("{:<24} {}\n", key, value.dump());
  for (const auto& [key, value] : outcome.samples.items()) outcome.table += base::formatted("{:<24} {}\n", key, value.dump());
  return outcome;
}

Run add_plan_exact_options(CLI::App& app) {
  auto options = std::make_shared<PlanExactOptions>();
  app.add_option("--cases", options->cases, "Halls that are drawn (default: 10, with --full 100)")->check(CLI::PositiveNumber);
  app.add_option("--seed", options->first, "Number of the first hall")->capture_default_str();
  app.add_option("--candidates", options->candidates, "Plans drawn for each viewer")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--nodes", options->work.nodes, "Nodes of the search tree of one integer program, at most")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--large", options->large_path, "Planning case file whose bound is told, instead of a drawn one");
  app.add_option("--threads", options->threads, "Cases at a time")->check(CLI::PositiveNumber)->capture_default_str();
  return [options](bool full) { return run_plan_exact(*options, full); };
}

}  // namespace

Bench plan_exact_bench() { return {"plan-exact", "The planner in small halls beside an exact optimum (HiGHS)", add_plan_exact_options}; }

}  // namespace promenade::bench

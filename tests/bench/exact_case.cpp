#include "tests/bench/exact_case.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <stdexcept>

#include "showcontrol/hall/config.h"
#include "tests/bench/plan_candidates.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

DemandOptions asked(Online who, std::uint64_t seed) {
  DemandOptions options;
  options.rule = planning::ConflictRule::points_in_time;
  options.seed = seed;
  options.hours = (kExactAsked_s + 0.5) / 3600.0;  // the last time at kExactAsked_s itself
  options.wait_max_s = kExactHorizon_s - kExactAsked_s;
  options.greedy = who == Online::greedy;
  if (who == Online::as_hall) {
    const hall::HallLimits limits;
    options.budget = limits.budget;
    options.fellows = false;
    options.replans = 0;
    options.step_s = std::chrono::duration<double>(limits.plan_again_after).count();
  }
  return options;
}

void require_apart(const PlanningCase& planning_case, const ConflictGraph& graph, const std::vector<std::size_t>& answer, std::string_view who) {
  for (std::size_t i = 0; i < answer.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (!graph.conflict(answer[i], answer[k])) continue;
      throw std::runtime_error(base::formatted("{}: the plans of viewers {} and {} by {} meet: they break the rule of separation that they were made by",
                                               planning_case.name, graph.viewer(answer[k]), graph.viewer(answer[i]), who));
    }
  }
}

double share_of_conflicts(const ConflictGraph& graph) {
  std::size_t pairs = 0, conflicts = 0;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (graph.viewer(i) == graph.viewer(k)) continue;
      ++pairs;
      conflicts += graph.conflict(i, k) ? 1 : 0;
    }
  }
  return pairs > 0 ? static_cast<double>(conflicts) / static_cast<double>(pairs) : 0.0;
}

}  // namespace

double ExactFigures::ratio(Online who) const {
  PROMENADE_ASSERT(comparable());
  return static_cast<double>(of(who).served) / static_cast<double>(best.at_most);
}

ExactFigures exact_figures(const PlanningCase& planning_case, std::size_t candidates_per_viewer, const PackingWork& work, std::uint64_t seed,
                           const std::function<double()>& clock_s) {
  const auto now_s = [&] { return clock_s ? clock_s() : 0.0; };
  ExactFigures figures;
  std::vector<Candidate> candidates, known;
  std::size_t best = 0;  // of the answers: most served, then least waits
  std::array<std::vector<std::size_t>, kOnlineNames.size()> answers;
  for (std::size_t who = 0; who < answers.size(); ++who) {
    const std::vector<Candidate> served = served_by(run_demand(planning_case, asked(static_cast<Online>(who), seed)));
    const std::vector<double> waits = waits_of(served);
    figures.online[who] = {served.size(), std::accumulate(waits.begin(), waits.end(), 0.0)};
    for (std::size_t i = 0; i < served.size(); ++i) answers[who].push_back(candidates.size() + i);
    candidates.insert(candidates.end(), served.begin(), served.end());
    const ExactFigures::Answer& mine = figures.online[who];
    const ExactFigures::Answer& theirs = figures.online[best];
    if (who > 0 && (mine.served < theirs.served || (mine.served == theirs.served && mine.waits_s >= theirs.waits_s))) continue;
    best = who;
    known = served;
  }
  const double begin_s = now_s();
  const DrawnCandidates drawn = draw_candidates(planning_case, kExactHorizon_s, candidates_per_viewer, known, seed);
  candidates.insert(candidates.end(), drawn.candidates.begin(), drawn.candidates.end());
  const double drawn_s = now_s();
  const ConflictGraph graph = conflict_graph(planning_case.floor, candidates);
  const double graph_s = now_s();
  for (std::size_t who = 0; who < answers.size(); ++who) require_apart(planning_case, graph, answers[who], kOnlineNames[who]);
  std::vector<std::size_t> largest = answers[best];
  if (drawn.largest.size() > largest.size()) {
    largest.clear();
    for (const Candidate& one : drawn.largest) largest.push_back(static_cast<std::size_t>(std::ranges::find(candidates, one) - candidates.begin()));
  }
  figures.best = largest_packing(graph, waits_of(candidates), largest, work);
  figures.candidates = candidates.size();
  figures.conflict_share = share_of_conflicts(graph);
  figures.drawing_s = drawn_s - begin_s;
  figures.graph_s = graph_s - drawn_s;
  figures.packing_s = now_s() - graph_s;
  return figures;
}

}  // namespace promenade::bench

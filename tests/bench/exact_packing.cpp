#include "tests/bench/exact_packing.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <highs/Highs.h>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

// Which candidates can still go together, as bits: for each candidate a row, in it for each viewer the same count of words,
// his cheapest candidate first.
class Compatible {
 public:
  Compatible(const ConflictGraph& graph, const std::vector<double>& costs);
  // Takes out what no set of `size` candidates that costs less than `below` can hold: a candidate where those of size - 1
  // other viewers that are compatible with it, the cheapest of each, are missing or too dear, and pairs likewise.
  void reduce(std::size_t size, double below);
  std::vector<std::size_t> left() const;
  bool pair(std::size_t one, std::size_t two) const { return (word(one, two) >> bit(two) & 1) != 0; }

 private:
  using Word = std::uint64_t;
  static constexpr std::size_t kBits = 64;
  std::size_t width() const { return viewers_ * words_; }
  Word word(std::size_t row, std::size_t of) const { return rows_[row * width() + places_[of] / kBits]; }
  Word& word(std::size_t row, std::size_t of) { return rows_[row * width() + places_[of] / kBits]; }
  std::size_t bit(std::size_t of) const { return places_[of] % kBits; }
  void part(std::size_t one, std::size_t two);
  double least_beside(std::size_t one, std::size_t two, std::size_t others) const;
  template <typename Visit>
  void each_partner(std::size_t one, const Visit& visit) const;

  const std::vector<double>& costs_;
  std::size_t viewers_ = 0;
  std::size_t words_ = 0;             // of one viewer in a row
  std::vector<std::size_t> places_;   // of a candidate: its bit in every row
  std::vector<std::size_t> at_;       // the candidate at a bit
  std::vector<Word> rows_;
  std::vector<char> alive_;
};

Compatible::Compatible(const ConflictGraph& graph, const std::vector<double>& costs) : costs_(costs), alive_(graph.size(), 1) {
  std::map<std::size_t, std::vector<std::size_t>> by_viewer;
  for (std::size_t i = 0; i < graph.size(); ++i) by_viewer[graph.viewer(i)].push_back(i);
  std::size_t most = 0;
  for (auto& [viewer, candidates] : by_viewer) {
    std::ranges::stable_sort(candidates, {}, [&](std::size_t i) { return costs[i]; });
    most = std::max(most, candidates.size());
  }
  viewers_ = by_viewer.size();
  words_ = (most + kBits - 1) / kBits;
  places_.resize(graph.size());
  at_.resize(width() * kBits);
  std::size_t first = 0;
  for (const auto& [viewer, candidates] : by_viewer) {
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      places_[candidates[k]] = first + k;
      at_[first + k] = candidates[k];
    }
    first += words_ * kBits;
  }
  rows_.resize(graph.size() * width());
  for (std::size_t i = 0; i < graph.size(); ++i) {
    for (std::size_t j = 0; j < graph.size(); ++j) {
      if (!graph.conflict(i, j)) word(i, j) |= Word{1} << bit(j);
    }
  }
}

template <typename Visit>
void Compatible::each_partner(std::size_t one, const Visit& visit) const {
  for (std::size_t w = 0; w < width(); ++w) {
    for (Word rest = rows_[one * width() + w]; rest != 0; rest &= rest - 1) visit(at_[w * kBits + static_cast<std::size_t>(std::countr_zero(rest))]);
  }
}

void Compatible::part(std::size_t one, std::size_t two) {
  word(one, two) &= ~(Word{1} << bit(two));
  word(two, one) &= ~(Word{1} << bit(one));
}

// The least that candidates of so many other viewers cost who are compatible with both (which may be the same).
double Compatible::least_beside(std::size_t one, std::size_t two, std::size_t others) const {
  std::vector<double> cheapest;
  for (std::size_t v = 0; v < viewers_; ++v) {
    for (std::size_t w = v * words_; w < (v + 1) * words_; ++w) {
      const Word common = rows_[one * width() + w] & rows_[two * width() + w];
      if (common == 0) continue;
      cheapest.push_back(costs_[at_[w * kBits + static_cast<std::size_t>(std::countr_zero(common))]]);
      break;
    }
  }
  if (cheapest.size() < others) return kNoLimit;
  std::ranges::sort(cheapest);
  return std::accumulate(cheapest.begin(), cheapest.begin() + static_cast<std::ptrdiff_t>(others), 0.0);
}

void Compatible::reduce(std::size_t size, double below) {
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < alive_.size(); ++i) {
      if (alive_[i] == 0) continue;
      if (costs_[i] + least_beside(i, i, size - 1) >= below) {
        each_partner(i, [&](std::size_t j) { part(i, j); });
        alive_[i] = 0;
        changed = true;
        continue;
      }
      if (size < 2) continue;
      each_partner(i, [&](std::size_t j) {
        if (j < i || costs_[i] + costs_[j] + least_beside(i, j, size - 2) < below) return;
        part(i, j);
        changed = true;
      });
    }
  }
}

std::vector<std::size_t> Compatible::left() const {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < alive_.size(); ++i) {
    if (alive_[i] != 0) left.push_back(i);
  }
  return left;
}

// Sets of which at most one may be chosen, so that every two that may not go together are in one of them: for each viewer
// his candidates, then for each pair that is in none yet the pair and whatever goes with none of them, first what brings in
// most pairs.
std::vector<std::vector<HighsInt>> cliques(const ConflictGraph& graph, const Compatible& compatible, const std::vector<std::size_t>& left) {
  const std::size_t count = left.size();
  std::vector<std::vector<HighsInt>> rows;
  std::map<std::size_t, std::vector<HighsInt>> by_viewer;
  for (std::size_t i = 0; i < count; ++i) by_viewer[graph.viewer(left[i])].push_back(static_cast<HighsInt>(i));
  for (auto& [viewer, row] : by_viewer) rows.push_back(std::move(row));
  std::vector<char> covered(count * count, 0);
  const auto apart = [&](std::size_t i, std::size_t j) { return !compatible.pair(left[i], left[j]); };
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      if (graph.viewer(left[i]) == graph.viewer(left[j]) || !apart(i, j) || covered[i * count + j] != 0) continue;
      std::vector<std::size_t> row{i, j};
      std::vector<std::size_t> common;
      for (std::size_t k = 0; k < count; ++k) {
        if (k != i && k != j && apart(k, i) && apart(k, j)) common.push_back(k);
      }
      std::vector<std::size_t> gains(count, 0);  // pairs with those of the row that are in none yet
      const auto take_in = [&](std::size_t taken) {
        for (const std::size_t k : common) gains[k] += covered[k * count + taken] == 0 ? 1 : 0;
      };
      take_in(i);
      take_in(j);
      while (!common.empty()) {
        const std::size_t taken = *std::ranges::max_element(common, {}, [&](std::size_t k) { return gains[k]; });
        row.push_back(taken);
        std::erase_if(common, [&](std::size_t k) { return k == taken || !apart(k, taken); });
        take_in(taken);
      }
      std::vector<HighsInt> numbers;
      for (const std::size_t a : row) {
        numbers.push_back(static_cast<HighsInt>(a));
        for (const std::size_t b : row) covered[a * count + b] = 1;
      }
      std::ranges::sort(numbers);
      rows.push_back(std::move(numbers));
    }
  }
  return rows;
}

struct Program {  // which of `left`, `least` to `most` of them
  const ConflictGraph& graph;
  const Compatible& compatible;
  std::vector<std::size_t> left;
  std::size_t least = 0;
  std::size_t most = 0;
};

struct Solved {
  std::optional<std::vector<std::size_t>> chosen;  // nothing: none was found
  bool none = false;                               // there is none: proven
  double bound = 0.0;                              // of the objective
};

HighsLp model_of(const Program& program, const std::vector<double>& worth, ObjSense sense) {
  auto rows = cliques(program.graph, program.compatible, program.left);
  const auto columns = program.left.size();
  HighsLp lp;
  lp.num_col_ = static_cast<HighsInt>(columns);
  lp.num_row_ = static_cast<HighsInt>(rows.size() + 1);
  lp.sense_ = sense;
  lp.col_cost_ = worth;
  lp.col_lower_.assign(columns, 0.0);
  lp.col_upper_.assign(columns, 1.0);
  lp.integrality_.assign(columns, HighsVarType::kInteger);
  lp.row_lower_.assign(rows.size(), -kHighsInf);
  lp.row_upper_.assign(rows.size(), 1.0);
  lp.row_lower_.push_back(static_cast<double>(program.least));
  lp.row_upper_.push_back(static_cast<double>(program.most));
  std::vector<HighsInt> all;
  for (std::size_t i = 0; i < columns; ++i) all.push_back(static_cast<HighsInt>(i));
  rows.push_back(std::move(all));
  lp.a_matrix_.format_ = MatrixFormat::kRowwise;
  lp.a_matrix_.start_ = {0};
  lp.a_matrix_.index_.clear();
  for (const std::vector<HighsInt>& row : rows) {
    lp.a_matrix_.index_.insert(lp.a_matrix_.index_.end(), row.begin(), row.end());
    lp.a_matrix_.start_.push_back(static_cast<HighsInt>(lp.a_matrix_.index_.size()));
  }
  lp.a_matrix_.value_.assign(lp.a_matrix_.index_.size(), 1.0);
  return lp;
}

void must(HighsStatus status, const char* what) {
  if (status == HighsStatus::kError) throw std::runtime_error(base::formatted("HiGHS: {} failed; its log (output_flag) says why", what));
}

// `gap`: of the objective, that is left open. `first_will_do`: any solution ends the search.
Solved solve(const Program& program, const std::vector<double>& worth, ObjSense sense, double gap, int nodes, bool first_will_do) {
  Highs highs;
  must(highs.setOptionValue("output_flag", false), "an option");
  must(highs.setOptionValue("parallel", "off"), "an option");
  must(highs.setOptionValue("random_seed", HighsInt{1}), "an option");
  must(highs.setOptionValue("mip_rel_gap", 0.0), "an option");
  must(highs.setOptionValue("mip_abs_gap", gap), "an option");
  must(highs.setOptionValue("mip_max_nodes", static_cast<HighsInt>(nodes)), "an option");
  if (first_will_do) must(highs.setOptionValue("mip_max_improving_sols", HighsInt{1}), "an option");
  must(highs.passModel(model_of(program, worth, sense)), "the model");
  must(highs.run(), "the search");
  const HighsModelStatus status = highs.getModelStatus();
  Solved solved;
  solved.none = status == HighsModelStatus::kInfeasible || status == HighsModelStatus::kUnboundedOrInfeasible;
  if (solved.none) return solved;
  const bool ended = status == HighsModelStatus::kOptimal || status == HighsModelStatus::kSolutionLimit || status == HighsModelStatus::kIterationLimit;
  if (!ended) throw std::runtime_error(base::formatted("HiGHS: the search ended as \"{}\"", highs.modelStatusToString(status)));
  const double bound = highs.getInfo().mip_dual_bound;
  const double any = sense == ObjSense::kMinimize ? 0.0 : static_cast<double>(program.most);  // where the work ended before a bound
  solved.bound = std::isfinite(bound) ? bound : any;
  if (highs.getInfo().primal_solution_status == kSolutionStatusFeasible) {
    solved.chosen.emplace();
    for (std::size_t i = 0; i < program.left.size(); ++i) {
      if (highs.getSolution().col_value[i] > 0.5) solved.chosen->push_back(program.left[i]);
    }
  }
  return solved;
}

double sum_of(const std::vector<double>& costs, const std::vector<std::size_t>& chosen) {
  double sum = 0.0;
  for (const std::size_t one : chosen) sum += costs[one];
  return sum;
}

void assert_apart(const ConflictGraph& graph, const std::vector<std::size_t>& chosen) {
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) PROMENADE_ASSERT(!graph.conflict(chosen[i], chosen[k]));
  }
}

std::size_t viewers_in(const ConflictGraph& graph, const std::vector<std::size_t>& candidates) {
  std::vector<std::size_t> viewers;
  for (const std::size_t one : candidates) viewers.push_back(graph.viewer(one));
  std::ranges::sort(viewers);
  return static_cast<std::size_t>(std::ranges::distance(viewers.begin(), std::ranges::unique(viewers).begin()));
}

// Asks for a larger set until there is none, or until so much work has not told.
void find_largest(const ConflictGraph& graph, const std::vector<double>& costs, const PackingWork& work, Packing& packing) {
  constexpr double kLessThanOne = 0.99;  // sizes are whole numbers
  constexpr double kRounding = 1e-6;
  Compatible compatible(graph, costs);
  for (;;) {
    const std::size_t larger = packing.chosen.size() + 1;
    compatible.reduce(larger, kNoLimit);
    Program program{graph, compatible, compatible.left(), larger, 0};
    program.most = viewers_in(graph, program.left);
    packing.at_most = std::max(packing.chosen.size(), program.most);
    if (program.most < larger || program.left.size() > work.columns) return;
    const Solved solved = solve(program, std::vector<double>(program.left.size(), 1.0), ObjSense::kMaximize, kLessThanOne, work.nodes, true);
    if (solved.none) packing.at_most = packing.chosen.size();
    else packing.at_most = std::min(packing.at_most, static_cast<std::size_t>(std::max(std::floor(solved.bound + kRounding), static_cast<double>(packing.chosen.size()))));
    if (!solved.chosen) return;
    packing.chosen = *solved.chosen;
  }
}

// Looks for a set as large that costs less: of those below a limit, which is halved until few enough candidates are left
// for a program, and raised again where it shows that there is none.
void find_cheapest(const ConflictGraph& graph, const std::vector<double>& costs, const PackingWork& work, Packing& packing) {
  constexpr int kHalvings = 8;
  const std::size_t size = packing.chosen.size();
  double none_below = 0.0;  // proven
  double limit = std::max(0.0, sum_of(costs, packing.chosen) - work.cost_gap);
  double too_many = limit;
  for (int i = 0; i < kHalvings && none_below < too_many; ++i) {
    Compatible compatible(graph, costs);
    compatible.reduce(size, limit);
    const Program program{graph, compatible, compatible.left(), size, size};
    if (viewers_in(graph, program.left) < size) {
      none_below = limit;
    } else if (program.left.size() > work.columns) {
      too_many = limit;
    } else {
      std::vector<double> worth;
      for (const std::size_t one : program.left) worth.push_back(costs[one]);
      const Solved solved = solve(program, worth, ObjSense::kMinimize, work.cost_gap, work.nodes, false);
      if (solved.chosen && sum_of(costs, *solved.chosen) < sum_of(costs, packing.chosen)) packing.chosen = *solved.chosen;
      none_below = std::max(none_below, solved.none ? limit : std::min(limit, solved.bound));
      if (!solved.none && none_below < limit) break;  // the cheapest was found, or the work was done
      too_many = std::max(none_below, std::min(too_many, sum_of(costs, packing.chosen) - work.cost_gap));
    }
    limit = (none_below + too_many) / 2.0;
  }
  packing.cost_at_least = std::min(none_below, sum_of(costs, packing.chosen));
}

}  // namespace

ConflictGraph::ConflictGraph(std::vector<std::size_t> viewers) : viewers_(std::move(viewers)), conflicts_(viewers_.size() * viewers_.size(), 0) {
  for (std::size_t i = 0; i < viewers_.size(); ++i) {
    for (std::size_t j = 0; j < viewers_.size(); ++j) conflicts_[i * viewers_.size() + j] = viewers_[i] == viewers_[j] ? 1 : 0;
  }
}

void ConflictGraph::add_conflict(std::size_t one, std::size_t two) {
  PROMENADE_ASSERT(one < size() && two < size());
  conflicts_[one * viewers_.size() + two] = conflicts_[two * viewers_.size() + one] = 1;
}

Packing largest_packing(const ConflictGraph& graph, const std::vector<double>& costs, std::vector<std::size_t> known, const PackingWork& work) {
  PROMENADE_ASSERT(costs.size() == graph.size());
  assert_apart(graph, known);
  Packing packing;
  packing.chosen = std::move(known);

  find_largest(graph, costs, work, packing);
  if (!packing.chosen.empty()) find_cheapest(graph, costs, work, packing);
  std::ranges::sort(packing.chosen);
  assert_apart(graph, packing.chosen);
  packing.cost = sum_of(costs, packing.chosen);
  return packing;
}

}  // namespace promenade::bench

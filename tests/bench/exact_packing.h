#pragma once
// The largest set of candidates, at most one of each viewer, no two in conflict, and of the sets so large one that costs
// least: exact, for small cases, by integer programs that HiGHS solves (its one home). Candidates and pairs that no set of
// the size in question can hold are taken out first. Pure: work is bounded by counts of the search's nodes, never by a
// clock. Costs are in the unit of the caller, 0 or more.

#include <cstddef>
#include <vector>

namespace promenade::bench {

// Candidates by number, and which of them conflict. Two of one viewer always do.
class ConflictGraph {
 public:
  // `viewers[i]` is the viewer of candidate i, any number.
  explicit ConflictGraph(std::vector<std::size_t> viewers);
  std::size_t size() const { return viewers_.size(); }
  std::size_t viewer(std::size_t candidate) const { return viewers_[candidate]; }
  void add_conflict(std::size_t one, std::size_t two);
  bool conflict(std::size_t one, std::size_t two) const { return conflicts_[one * viewers_.size() + two] != 0; }

 private:
  std::vector<std::size_t> viewers_;
  std::vector<char> conflicts_;  // square and symmetric, a candidate with itself included
};

struct PackingWork {
  int nodes = 2000;           // of the search tree of one program, at most
  double cost_gap = 0.5;      // a set that costs so little more than the cheapest is cheap enough
  std::size_t columns = 400;  // of one program, at most: where more candidates are left, the answer is not proven
};

struct Packing {
  std::vector<std::size_t> chosen;  // candidates, in rising order
  std::size_t at_most = 0;          // no set is larger: proven
  double cost = 0.0;                // of the chosen
  double cost_at_least = 0.0;       // no set of as many costs less: proven
  bool largest() const { return chosen.size() == at_most; }
};

// `known` is a set without conflicts: what is found is no smaller, and no dearer where it is as large. `costs` has one for
// each candidate. Conflicts in `known` are programmer errors; throws std::runtime_error where HiGHS fails.
Packing largest_packing(const ConflictGraph& graph, const std::vector<double>& costs, std::vector<std::size_t> known = {}, const PackingWork& work = {});

}  // namespace promenade::bench

// The exact packing on graphs made by hand, and against exhaustive search on small ones drawn at random.
#include "tests/bench/exact_packing.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <rapidcheck.h>

#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::bench;

namespace {

using Numbers = std::vector<std::size_t>;

bool goes(const ConflictGraph& graph, const Numbers& chosen) {
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (graph.conflict(chosen[i], chosen[k])) return false;
    }
  }
  return true;
}

struct Exhaustive {
  std::size_t most = 0;
  double cost = 0.0;
};

// Every set there is.
Exhaustive by_exhaustion(const ConflictGraph& graph, const std::vector<double>& costs) {
  Exhaustive best;
  for (std::uint32_t set = 0; set < 1u << graph.size(); ++set) {
    Numbers chosen;
    double cost = 0.0;
    for (std::size_t i = 0; i < graph.size(); ++i) {
      if ((set >> i & 1u) == 0) continue;
      chosen.push_back(i);
      cost += costs[i];
    }
    const bool better = chosen.size() > best.most || (chosen.size() == best.most && cost < best.cost);
    if (better && goes(graph, chosen)) best = {chosen.size(), cost};
  }
  return best;
}

struct Drawn {
  ConflictGraph graph;
  std::vector<double> costs;
};

// Up to 13 candidates of up to 6 viewers, from nearly free to nearly all in conflict.
Drawn draw_graph(base::Random& random) {
  Numbers viewers(1 + random.below(13));
  const std::uint64_t of = 1 + random.below(6);
  for (std::size_t& viewer : viewers) viewer = random.below(of);
  Drawn drawn{ConflictGraph(viewers), {}};
  const double share = random.uniform(0.05, 0.95);
  for (std::size_t i = 0; i < viewers.size(); ++i) {
    drawn.costs.push_back(random.uniform(0.0, 120.0));
    for (std::size_t k = 0; k < i; ++k) {
      if (random.chance(share)) drawn.graph.add_conflict(i, k);
    }
  }
  return drawn;
}

constexpr PackingWork kToTheEnd{100000, 1e-6};

}  // namespace

TEST_CASE("nothing to choose from is an empty packing") {
  const Packing packing = largest_packing(ConflictGraph({}), {});
  CHECK(packing.chosen.empty());
  CHECK(packing.largest());
  CHECK(packing.cost == 0.0);
}

TEST_CASE("of one viewer only one candidate is taken, the cheapest") {
  const Packing packing = largest_packing(ConflictGraph({7, 7, 7}), {3.0, 1.0, 2.0}, {}, kToTheEnd);
  CHECK(packing.chosen == Numbers{1});
  CHECK(packing.largest());
}

TEST_CASE("five in a ring, each in conflict with the next: two go, where half of each would be two and a half") {
  ConflictGraph graph({0, 1, 2, 3, 4});
  for (std::size_t i = 0; i < 5; ++i) graph.add_conflict(i, (i + 1) % 5);
  const Packing packing = largest_packing(graph, {9.0, 1.0, 9.0, 2.0, 9.0}, {}, kToTheEnd);
  CHECK(packing.chosen == Numbers{1, 3});
  CHECK(packing.at_most == 2);
  CHECK(packing.cost == Catch::Approx(3.0));
  CHECK(packing.cost_at_least == Catch::Approx(3.0));
}

TEST_CASE("more viewers count before any cost") {
  ConflictGraph graph({0, 1, 2});
  graph.add_conflict(0, 1);
  graph.add_conflict(0, 2);
  CHECK(largest_packing(graph, {0.0, 500.0, 500.0}, {0}, kToTheEnd).chosen == Numbers{1, 2});
}

TEST_CASE("what is known is kept where nothing is larger or cheaper") {
  ConflictGraph graph({0, 0, 1, 1});
  graph.add_conflict(0, 2);
  graph.add_conflict(0, 3);
  graph.add_conflict(1, 3);
  CHECK(largest_packing(graph, {1.0, 1.0, 1.0, 1.0}, {1, 2}, kToTheEnd).chosen == Numbers{1, 2});
}

TEST_CASE("as large and as cheap as the best by exhaustion, whatever is known before") {
  const auto holds = rc::check([](std::uint32_t seed) {
    base::Random random(seed);
    const Drawn drawn = draw_graph(random);
    Numbers known;
    for (std::size_t i = 0; i < drawn.graph.size(); ++i) {
      known.push_back(i);
      if (!random.chance(0.3) || !goes(drawn.graph, known)) known.pop_back();
    }
    const Exhaustive best = by_exhaustion(drawn.graph, drawn.costs);
    const Packing packing = largest_packing(drawn.graph, drawn.costs, known, kToTheEnd);
    RC_ASSERT(goes(drawn.graph, packing.chosen));
    RC_ASSERT(packing.largest());
    RC_ASSERT(packing.chosen.size() == best.most);
    RC_ASSERT(std::abs(packing.cost - best.cost) < 1e-3);
    RC_ASSERT(std::abs(packing.cost_at_least - best.cost) < 1e-3);
  });
  CHECK(holds);
}

TEST_CASE("with little work what is proven still holds") {
  const auto holds = rc::check([](std::uint32_t seed) {
    base::Random random(seed);
    const Drawn drawn = draw_graph(random);
    const Exhaustive best = by_exhaustion(drawn.graph, drawn.costs);
    const Packing packing = largest_packing(drawn.graph, drawn.costs, {}, {0, 50.0});
    RC_ASSERT(goes(drawn.graph, packing.chosen));
    RC_ASSERT(packing.chosen.size() <= best.most);
    RC_ASSERT(packing.at_most >= best.most);
    if (packing.chosen.size() == best.most) RC_ASSERT(packing.cost_at_least <= best.cost + 1e-3);
  });
  CHECK(holds);
}

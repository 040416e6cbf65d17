#include "showcontrol/planning/replan.h"

#include <algorithm>

#include "tracking/base/random.h"

namespace promenade::planning {
namespace {

constexpr std::size_t kMostMoved = 3;
constexpr double kFirstShare = 0.5;  // of the steps, for who has waited longest

// `count` different ones of so many, in the order drawn.
std::vector<std::size_t> drawn(std::size_t of, std::size_t count, base::Random& random) {
  std::vector<std::size_t> all(of);
  for (std::size_t i = 0; i < of; ++i) all[i] = i;
  for (std::size_t i = 0; i < count; ++i) std::swap(all[i], all[i + random.below(of - i)]);
  all.resize(count);
  return all;
}

}  // namespace

std::optional<Replanned> replan(const Planner& planner, const Snapshot& snapshot, const std::vector<PlanRequest>& untold,
                                const std::vector<PlanRequest>& waiting, WorkBudget budget, std::uint64_t seed) {
  if (untold.empty() || waiting.empty()) return std::nullopt;
  base::Random random(seed);
  budget.retimings = 0;  // one thing at a time
  budget.leaders = 0;
  const PlanRequest& newcomer = waiting[random.chance(kFirstShare) ? 0 : random.below(waiting.size())];
  const std::size_t count = 1 + random.below(std::min(kMostMoved, untold.size()));
  const std::vector<std::size_t> moved = drawn(untold.size(), count, random);
  Snapshot with = snapshot;
  std::erase_if(with.plays, [&](const ProjectedPlay& play) {
    return std::ranges::any_of(moved, [&](std::size_t i) { return untold[i].play == play.plan.play; });
  });
  Replanned answer;
  auto first = planner.plan(newcomer, with, budget, random());
  if (!first.plan) return std::nullopt;
  with.plays.push_back({*first.plan, 0, 0.0, 0.0});
  answer.newcomer = std::move(*first.plan);
  for (const std::size_t i : moved) {
    PlanRequest request = untold[i];
    request.earliest_s = std::max(request.earliest_s, snapshot.now_s);
    request.fellows = 0;
    auto again = planner.plan(request, with, budget, random());
    if (!again.plan) return std::nullopt;
    with.plays.push_back({*again.plan, 0, 0.0, 0.0});
    answer.moved.push_back(std::move(*again.plan));
  }
  return answer;
}

}  // namespace promenade::planning

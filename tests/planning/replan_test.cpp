#include "showcontrol/planning/replan.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/planning/random_hall.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

namespace {

constexpr WorkBudget kSmall{150, 12, 4, 60};

struct Case {
  FloorPlan floor;
  Snapshot snapshot;
  std::vector<PlanRequest> untold;
  std::vector<PlanRequest> waiting;
};

PlanRequest request_of(const package::Route& route, std::uint64_t play) {
  PlanRequest request;
  request.play = base::PlayId(play);
  request.film = base::FilmId("film");
  request.route = route;
  request.wait_max_s = 60.0;
  return request;
}

// A hall into which one after the other is planned, until one cannot be.
Case full_hall(const Planner& planner, base::Random& random) {
  Case full{planner.floor().plan(), {}, {}, {}};
  for (std::uint64_t play = 1; play <= 12 && full.waiting.empty(); ++play) {
    PlanRequest request = request_of(random_route(random), play);
    const PlanAnswer answer = planner.plan(request, full.snapshot, kSmall, random());
    if (!answer.plan) {
      full.waiting.push_back(std::move(request));
      continue;
    }
    full.snapshot.plays.push_back({*answer.plan, 0, 0.0, 0.0});
    full.untold.push_back(std::move(request));
  }
  return full;
}

std::optional<std::string> breach_of(const Case& before, const Replanned& after, const FloorPlan& floor) {
  std::vector<PlayPlan> plans{after.newcomer};
  for (const ProjectedPlay& play : before.snapshot.plays) {
    const auto moved = std::ranges::find(after.moved, play.plan.play, &PlayPlan::play);
    plans.push_back(moved != after.moved.end() ? *moved : play.plan);
  }
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (auto breach = testing::breach_of(floor, plans[i])) return breach;
    for (std::size_t k = 0; k < i; ++k) {
      if (auto breach = meeting(floor, plans[i], plans[k], floor.tolerance_s)) return breach;
    }
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("who has been told nothing yet is planned anew, and validly") {
  int brought_in = 0;
  const auto holds = rc::check([&](std::uint32_t seed) {
    base::Random random(seed);
    FloorPlan plan = random_hall(random);
    const ConflictRule rule = random.chance(0.5) ? ConflictRule::blocks : ConflictRule::points_in_time;
    const Planner planner(plan, rule);
    const Case full = full_hall(planner, random);
    for (std::uint64_t step = 0; step < 4; ++step) {
      const auto answer = replan(planner, full.snapshot, full.untold, full.waiting, kSmall, seed + step);
      if (!answer) continue;
      ++brought_in;
      RC_ASSERT(answer->newcomer.play == full.waiting.front().play);
      RC_ASSERT(!answer->moved.empty());
      for (const PlayPlan& moved : answer->moved) RC_ASSERT(std::ranges::contains(full.untold, moved.play, &PlanRequest::play));
      const auto breach = breach_of(full, *answer, plan);
      if (breach) RC_LOG(*breach);
      RC_ASSERT(!breach.has_value());
      const auto again = replan(planner, full.snapshot, full.untold, full.waiting, kSmall, seed + step);
      RC_ASSERT(again.has_value());
      RC_ASSERT(again->newcomer == answer->newcomer);
      RC_ASSERT(again->moved == answer->moved);
    }
  });
  CHECK(holds);
  CHECK(brought_in > 0);
}

TEST_CASE("nobody is planned anew where nobody waits, or everybody has been told") {
  base::Random random(1);
  const Planner planner(random_hall(random));
  Case full = full_hall(planner, random);
  CHECK_FALSE(replan(planner, full.snapshot, full.untold, {}, kSmall, 1));
  CHECK_FALSE(replan(planner, full.snapshot, {}, full.waiting, kSmall, 1));
}

#include "showcontrol/planning/planned_hall.h"

#include <algorithm>

#include "tracking/base/assert.h"

namespace promenade::planning {
namespace {

constexpr double kHallWaitMost_s = 30.0;

}  // namespace

void PlannedHall::go_on(double now_s) {
  PROMENADE_ASSERT(now_s >= snapshot_.now_s);
  const double tolerance_s = planner_->floor().plan().tolerance_s;
  snapshot_.now_s = now_s;
  std::erase_if(snapshot_.plays, [&](const ProjectedPlay& play) { return play.plan.end_s + tolerance_s < now_s; });
  for (ProjectedPlay& play : snapshot_.plays) {
    // Whoever comes to a choice goes the first way.
    for (auto at = next_choice(play.plan); at && play.plan.arrive_s(*at) + play.plan.block(*at).stay_s <= now_s; at = next_choice(play.plan)) play.plan.choose(*at, 0);
    while (play.first_block + 1 < play.plan.blocks.size() && play.plan.enter_s[play.first_block + 1] + tolerance_s < now_s) ++play.first_block;
  }
}

const PlayPlan* PlannedHall::begin(base::PlayId play, const base::FilmId& film, const package::Route& route, const std::optional<HallPoint>& seat, std::uint64_t seed) {
  PlanRequest request;
  request.play = play;
  request.film = film;
  request.route = route;
  request.seat = seat;
  request.earliest_s = snapshot_.now_s;
  request.wait_max_s = kHallWaitMost_s;
  if (!ways_.enter_from.empty()) {
    request.enter_from = ways_.enter_from.front();
    request.enter_also.assign(ways_.enter_from.begin() + 1, ways_.enter_from.end());
  }
  request.leave_to = ways_.leave_to;
  PlanAnswer answer = planner_->plan(request, snapshot_, kHallBudget, seed);
  if (!answer.plan) return nullptr;
  for (Retimed& moved : answer.retimed) {
    PlayPlan& plan = std::ranges::find(snapshot_.plays, moved.play, [](const ProjectedPlay& one) { return one.plan.play; })->plan;
    plan.enter_s = std::move(moved.enter_s);
    plan.end_s = moved.end_s;
  }
  snapshot_.plays.push_back({std::move(*answer.plan), 0, 0.0, 0.0});
  return &snapshot_.plays.back().plan;
}

}  // namespace promenade::planning

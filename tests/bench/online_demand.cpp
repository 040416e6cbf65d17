#include "tests/bench/online_demand.h"

#include <algorithm>
#include <limits>

#include "showcontrol/planning/admission.h"
#include "showcontrol/planning/replan.h"
#include "tests/bench/greedy_planner.h"
#include "tests/bench/quantile.h"
#include "tracking/base/assert.h"
#include "tracking/base/random.h"

namespace promenade::bench {
namespace {

constexpr double kGroupRoom_m = 1.4;  // of six

class Demand {
 public:
  Demand(const PlanningCase& planning_case, const DemandOptions& options)
      : case_(planning_case), options_(options), planner_(planning_case.floor, options.rule, options.weights), random_(options.seed) {
    while (next_ < std::min(case_.pool, case_.wishes.size())) join(0.0);
  }

  DemandResult run() {
    const double end = options_.hours * 3600.0;
    for (double now = 0.0; now < end; now += options_.step_s) step(now);
    for (const planning::Waiting& one : waiting_) result_.longest_unserved_s = std::max(result_.longest_unserved_s, end - one.joined_s);
    result_.joined = next_;
    return std::move(result_);
  }

 private:
  void join(double now) {
    if (next_ >= case_.wishes.size()) return;
    waiting_.push_back({base::PlayId(next_ + 1), case_.films[case_.wishes[next_]].id, now});
    ++next_;
  }

  void step(double now) {
    std::erase_if(snapshot_.plays, [&](const planning::ProjectedPlay& play) { return play.plan.end_s + case_.floor.tolerance_s < now; });
    snapshot_.now_s = now;
    for (planning::ProjectedPlay& play : snapshot_.plays) choose(play.plan, now + options_.step_s);
    for (planning::ProjectedPlay& play : snapshot_.plays) {
      while (play.first_block + 1 < play.plan.blocks.size() && play.plan.enter_s[play.first_block + 1] + case_.floor.tolerance_s < now) ++play.first_block;
    }
    // A newcomer is tried only at the next step, so that a step has an end.
    const double keep_room_s = options_.greedy ? std::numeric_limits<double>::infinity() : options_.keep_room_after_s;
    const double patience_s = options_.fellows && !options_.greedy ? options_.patience_s : 0.0;
    const planning::Admission admission = planning::admission_order(waiting_, now, {keep_room_s, patience_s});
    for (const base::PlayId id : admission.order) {
      const bool planned = try_one(id, now);
      if (!planned && admission.room_kept_for == id) break;  // nobody else before him
    }
    if (!options_.greedy) replan(now, {keep_room_s, patience_s});
  }

  planning::PlanRequest request_of(base::PlayId id, double now) const {
    const CaseFilm& film = case_.films[case_.wishes[id.value() - 1]];
    planning::PlanRequest request;
    request.play = id;
    request.film = film.id;
    request.route = film.route;
    request.members = members_of(id.value() - 1);
    if (options_.groups_share > 0.0) {
      request.route.group_max = planning::kGroupMost;
      for (package::Scene& scene : request.route.scenes) scene.group_radius_m = std::max(scene.free_radius_m, kGroupRoom_m);
    }
    request.seat = film.seat;
    request.enter_from = case_.entrance;
    request.enter_also = case_.enter_also;
    request.leave_to = case_.exit;
    request.earliest_s = now;
    request.wait_max_s = options_.wait_max_s;
    if (options_.fellows) request.fellows = static_cast<int>(std::ranges::count(waiting_, film.id, &planning::Waiting::film)) - 1;
    return request;
  }

  void replan(double now, const planning::AdmissionRules& rules) {
    for (int i = 0; i < options_.replans; ++i) {
      std::vector<planning::PlanRequest> untold;  // of this round: they are told at its end
      for (const Served& one : result_.plays) {
        if (one.planned_s == now) untold.push_back(request_of(one.plan.play, now));
      }
      std::vector<planning::PlanRequest> waiting;
      const planning::Admission admission = planning::admission_order(waiting_, now, rules);
      for (const base::PlayId id : admission.order) {
        if (admission.room_kept_for.is_none() || admission.room_kept_for == id) waiting.push_back(request_of(id, now));
      }
      if (untold.empty() || waiting.empty()) return;
      const double before = options_.cpu_clock_ms ? options_.cpu_clock_ms() : 0.0;
      auto answer = planning::replan(planner_, snapshot_, untold, waiting, options_.budget, random_());
      if (options_.cpu_clock_ms) result_.replan_cpu_ms.push_back(options_.cpu_clock_ms() - before);
      if (!answer) continue;
      for (const planning::PlayPlan& plan : answer->moved) {
        std::ranges::find(snapshot_.plays, plan.play, [](const planning::ProjectedPlay& one) { return one.plan.play; })->plan = plan;
        std::ranges::find(result_.plays, plan.play, [](const Served& one) { return one.plan.play; })->plan = plan;
      }
      ++result_.replanned;
      commit(std::move(answer->newcomer), now);
    }
  }

  void commit(planning::PlayPlan plan, double now) {
    const std::size_t viewer = plan.play.value() - 1;
    const auto who = std::ranges::find(waiting_, plan.play, &planning::Waiting::play);
    result_.plays.push_back({viewer, case_.wishes[viewer], now, who->joined_s, plan});
    snapshot_.plays.push_back({std::move(plan), 0, 0.0, 0.0});
    waiting_.erase(who);
    join(now);
  }

  bool try_one(base::PlayId id, double now) {
    const planning::PlanRequest request = request_of(id, now);
    const double before = options_.clock_ms ? options_.clock_ms() : 0.0;
    const double cpu_before = options_.cpu_clock_ms ? options_.cpu_clock_ms() : 0.0;
    planning::PlanAnswer answer;
    if (options_.greedy) answer.plan = greedy_plan(planner_.floor(), request, snapshot_, options_.rule, random_());
    else answer = planner_.plan(request, snapshot_, options_.budget, random_());
    if (options_.clock_ms) result_.answer_ms.push_back(options_.clock_ms() - before);
    if (options_.cpu_clock_ms) result_.answer_cpu_ms.push_back(options_.cpu_clock_ms() - cpu_before);
    if (!answer.plan) return false;
    for (const planning::Retimed& moved : answer.retimed) retime(moved, now);
    count_ways(*answer.plan, request.route);
    commit(std::move(*answer.plan), now);
    return true;
  }

  int members_of(std::size_t viewer) const {
    base::Random random = base::Random(options_.seed).fork("group", viewer);
    return random.chance(options_.groups_share) ? 2 + static_cast<int>(random.below(planning::kGroupMost - 1)) : 1;
  }

  // Whoever has to go on before the next step goes any of the ways on offer, each as likely.
  void choose(planning::PlayPlan& plan, double until_s) {
    for (auto at = planning::next_choice(plan); at; at = planning::next_choice(plan)) {
      std::vector<std::uint8_t> offered{0};
      for (const planning::Branch& branch : plan.branches) {
        if (branch.after == *at) offered.push_back(branch.option);
      }
      if (plan.arrive_s(*at) + plan.block(*at).stay_s > until_s) return;
      const std::uint8_t way = offered[choices_.below(offered.size())];
      plan.choose(*at, way);
      std::ranges::find(result_.plays, plan.play, [](const Served& one) { return one.plan.play; })->plan.choose(*at, way);
    }
  }

  void count_ways(const planning::PlayPlan& plan, const package::Route& route) {
    const std::size_t ways = package::complete_routes(route).size() - 1;
    if (ways == 0) return;
    ++result_.with_choices;
    result_.ways += ways;
    result_.ways_open += plan.branches.size();
    if (plan.branches.size() == ways) ++result_.all_open;
  }

  // Nobody is called back from where he is, nor is a start that was told put off.
  void retime(const planning::Retimed& moved, double now) {
    const auto set = [&](planning::PlayPlan& plan) {
      for (std::size_t k = 0; k < plan.blocks.size(); ++k) {
        const bool stands = k <= plan.first_scene_block() || plan.enter_s[k] <= now;
        PROMENADE_ASSERT(moved.enter_s[k] == plan.enter_s[k] || (!stands && moved.enter_s[k] >= now));
      }
      plan.enter_s = moved.enter_s;
      plan.end_s = moved.end_s;
    };
    ++result_.retimed;
    set(std::ranges::find(snapshot_.plays, moved.play, [](const planning::ProjectedPlay& one) { return one.plan.play; })->plan);
    set(std::ranges::find(result_.plays, moved.play, [](const Served& one) { return one.plan.play; })->plan);
  }

  const PlanningCase& case_;
  const DemandOptions& options_;
  planning::Planner planner_;
  base::Random random_;
  base::Random choices_ = base::Random(options_.seed).fork("choices");
  std::size_t next_ = 0;
  std::vector<planning::Waiting> waiting_;
  planning::Snapshot snapshot_;
  DemandResult result_;
};

int most_at_once(const std::vector<Served>& plays) {
  std::vector<std::pair<double, int>> changes;
  for (const Served& one : plays) {
    changes.push_back({one.plan.start_s(), 1});
    changes.push_back({one.plan.leave_s(one.plan.last_scene_block()), -1});
  }
  std::ranges::sort(changes);
  int now = 0;
  int most = 0;
  for (const auto& [time, change] : changes) most = std::max(most, now += change);
  return most;
}

// Of the films, the least that one got of the share that was wanted of it.
double least_share(const PlanningCase& planning_case, const DemandResult& result) {
  std::vector<double> wanted(planning_case.films.size()), served(planning_case.films.size());
  for (std::size_t i = 0; i < result.joined; ++i) wanted[planning_case.wishes[i]] += 1.0;
  for (const Served& one : result.plays) served[one.film] += 1.0;
  double least = 1.0;
  for (std::size_t film = 0; film < wanted.size(); ++film) {
    if (wanted[film] == 0.0 || result.plays.empty()) continue;
    least = std::min(least, served[film] / static_cast<double>(result.plays.size()) / (wanted[film] / static_cast<double>(result.joined)));
  }
  return least;
}

double overlap(double from, double to, double low, double high) { return std::max(0.0, std::min(to, high) - std::max(from, low)); }

}  // namespace

DemandResult run_demand(const PlanningCase& planning_case, const DemandOptions& options) { return Demand(planning_case, options).run(); }

DemandFigures figures_of(const PlanningCase& planning_case, const DemandResult& result, double hours) {
  DemandFigures figures;
  const double from = planning_case.warmup_s;
  const double to = hours * 3600.0;
  figures.least_share = least_share(planning_case, result);
  std::vector<double> waits;
  double started = 0.0;
  for (const Served& one : result.plays) {
    const double start = one.plan.start_s();
    waits.push_back(start - one.joined_s);
    figures.stretch_mean += one.plan.stretch() / static_cast<double>(result.plays.size());
    figures.at_once += overlap(start, one.plan.leave_s(one.plan.last_scene_block()), from, to) / (to - from);
    const double share = overlap(start, one.plan.leave_s(one.plan.last_scene_block()), from, to) / (to - from);
    figures.viewers_at_once += one.plan.members * share;
    if (one.plan.members > 1) figures.groups_at_once += share;
    if (start >= from && start < to) figures.viewers_started_per_hour += one.plan.members / ((to - from) / 3600.0);
    figures.on_floor_at_once += overlap(one.plan.enter_s.front(), one.plan.end_s, from, to) / (to - from);
    if (start >= from && start < to) started += 1.0;
  }
  figures.at_once_max = most_at_once(result.plays);
  figures.viewers_per_hour = started / ((to - from) / 3600.0);
  figures.wait_p50_s = quantile(waits, 0.5);
  figures.wait_p95_s = quantile(waits, 0.95);
  figures.wait_longest_s = std::max(result.longest_unserved_s, quantile(waits, 1.0));
  return figures;
}

}  // namespace promenade::bench

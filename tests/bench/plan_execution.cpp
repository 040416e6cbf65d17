#include "tests/bench/plan_execution.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "showcontrol/hall/course_motion.h"
#include "showcontrol/planning/admission.h"
#include "showcontrol/planning/hall_floor.h"
#include "showcontrol/rehearsal/world.h"
#include "tests/bench/planned_plays.h"
#include "tests/bench/safety_actor.h"
#include "tests/bench/safety_setting.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

using protocol::BlockStage;
using rehearsal::Conduct;
using tracking::HallPoint;

constexpr std::size_t kSlots = 96;
constexpr double kWalkStep_s = 0.1;
constexpr double kPlanLead_s = 5.0;
constexpr double kApart_m = 1.3;       // nobody sets out next to another
constexpr double kRecent_s = 3.0;      // who strayed a moment ago still does
constexpr double kNever_s = -1e9;

tracking::Venue venue_of(const PlanningCase& planning_case) {
  tracking::Venue venue;
  venue.boundary = planning_case.floor.boundary;
  for (const planning::Polygon& outline : planning_case.floor.obstacles) venue.obstacles.push_back({base::formatted("obstacle {}", venue.obstacles.size() + 1), outline});
  venue.wall_margin_m = planning_case.floor.wall_margin_m;
  venue.separation_m = planning_case.floor.separation_m;
  return venue;
}

safety::Setting setting_of(const PlanningCase& planning_case, double sigma_m) {
  std::vector<package::Route> routes;
  for (const CaseFilm& film : planning_case.films) routes.push_back(film.route);
  safety::Setting setting = safety::make_setting(venue_of(planning_case), routes, planning_case.floor.separation_m, sigma_m);
  setting.walker.take_off_per_hour = 0.0;
  return setting;
}

class Execution final : public Walking {
 public:
  Execution(const PlanningCase& planning_case, const ExecutionOptions& options)
      : case_(planning_case),
        options_(options),
        setting_(setting_of(planning_case, options.sigma_m)),
        random_(base::Random(options.seed).fork("execution")),
        plan_random_(random_.fork("plans")),
        floor_(planning::with_run_ways(planning_case.floor)),
        planner_(floor_),
        plays_(floor_, *this),
        world_(setting_.venue) {
    while (next_ < std::min(case_.pool, case_.wishes.size())) join();
  }

  ExecutionFigures run() {
    const auto steps = static_cast<std::int64_t>((case_.warmup_s + options_.hours * 3600.0) / kWalkStep_s);
    const auto ask_every = std::max<std::int64_t>(1, static_cast<std::int64_t>(options_.ask_every_s / kWalkStep_s));
    for (std::int64_t k = 0; k < steps; ++k) {
      now_s_ = static_cast<double>(k) * kWalkStep_s;
      counts_ = now_s_ >= case_.warmup_s;
      if (k % ask_every == 0) ask();
      walk();
      plays_.report(now_s_);
      plays_.open_gates(now_s_);
      if (plays_.interlocking().violation()) ++figures_.violations;
      for (const base::PlayId id : plays_.walked_out()) end(id);
    }
    return finished();
  }

  hall::Walked walked(std::size_t slot) const override { return viewers_[slot].actor->walked(); }
  HallPoint known(std::size_t slot) const override { return viewers_[slot].actor->at(); }
  bool may_go_on(std::size_t slot) const override { return viewers_[slot].actor->walker().worn(); }
  bool crowded(HallPoint at) const override {
    return std::ranges::any_of(viewers_, [&](const Viewer& one) { return one.actor && tracking::distance(one.actor->at(), at) < kApart_m; });
  }
  void set_out(const PlannedPlay& play) override {
    const std::size_t slot = play.slots.front();
    Viewer& viewer = viewers_[slot];
    viewer.number = ++people_;
    viewer.actor.emplace(setting_.walker, random_.fork("viewer", viewer.number), safety::order_of(play.course.plan), setting_.shelf,
                         play.course.plan.nominal_s(), false, std::nullopt, std::nullopt);
  }

 private:
  struct Viewer {
    std::optional<safety::Actor> actor;
    base::PlayId play;
    std::uint32_t number = 0;
    double astray_s = kNever_s;
    std::optional<double> first_scene_s, last_left_s, ready_since_s;
  };

  void join() {
    waiting_.push_back({base::PlayId(next_ + 1), setting_.films[case_.wishes[next_]].manifest.film, now_s_});
    ++next_;
  }

  void ask() {
    planning::AdmissionRules rules;
    rules.patience_s = options_.patience_s;
    const planning::Admission admission = planning::admission_order(waiting_, now_s_, rules);
    for (const base::PlayId id : admission.order) {
      if (!admission.room_kept_for.is_none() && id != admission.room_kept_for) continue;
      const auto slot = std::ranges::find_if(viewers_, [](const Viewer& one) { return one.play.is_none(); });
      if (slot == viewers_.end()) return;
      if (plan(id, static_cast<std::size_t>(slot - viewers_.begin()))) return;  // one at a time, as the hall
    }
  }

  bool plan(base::PlayId id, std::size_t slot) {
    const std::size_t wish = case_.wishes[id.value() - 1];
    const hall::Film& film = setting_.films[wish];
    planning::PlanRequest request;
    request.play = id;
    request.film = film.manifest.film;
    request.route = case_.films[wish].route;
    request.enter_from = case_.entrance;
    request.enter_also = case_.enter_also;
    request.leave_to = case_.exit;
    request.earliest_s = now_s_ + kPlanLead_s;
    request.wait_max_s = options_.wait_max_s;
    request.fellows = static_cast<int>(std::ranges::count(waiting_, request.film, &planning::Waiting::film)) - 1;
    const planning::PlanAnswer answer = planner_.plan(request, plays_.interlocking().snapshot(now_s_), options_.budget, plan_random_());
    if (!answer.plan || !plays_.add(answer, film, {slot}, now_s_)) return false;
    viewers_[slot].play = id;
    told_.push_back({answer.plan->start_s(), answer.plan->leave_s(answer.plan->last_scene_block()), answer.plan->stretch()});
    told_of_.emplace(id, told_.size() - 1);
    std::erase_if(waiting_, [&](const planning::Waiting& one) { return one.play == id; });
    if (next_ < case_.wishes.size()) join();
    return true;
  }

  void walk() {
    people_now_.clear();
    double watching = 0.0;
    for (const auto& [id, one] : plays_.all()) {
      if (!one.under_way) continue;
      Viewer& viewer = viewers_[one.slots.front()];
      viewer.actor->step(now_s_, viewer.actor->at(), {tracking::Level::clear, std::nullopt, one.course.granted_gate}, world_);
      note(viewer, one);
      if (viewer.first_scene_s && !viewer.last_left_s) watching += 1.0;
      const rehearsal::Walker& walker = viewer.actor->walker();
      if (walker.conduct() != Conduct::normal) viewer.astray_s = now_s_;
      rehearsal::Person person;
      person.number = viewer.number;
      person.at = walker.position();
      person.velocity = walker.velocity();
      person.blind = true;
      people_now_.push_back(person);
    }
    world_.step(now_s_, people_now_);
    if (counts_) {
      figures_.viewer_min += kWalkStep_s / 60.0 * static_cast<double>(people_now_.size());
      figures_.at_once += watching * kWalkStep_s / (options_.hours * 3600.0);
    }
    for (; contacts_seen_ < world_.contacts().size(); ++contacts_seen_) {
      const rehearsal::Episode& episode = world_.contacts()[contacts_seen_];
      if (!counts_) continue;
      ++figures_.contacts;
      if (astray(episode.a) || astray(episode.b)) ++figures_.contacts_astray;
    }
  }

  bool astray(std::uint32_t number) const {
    return std::ranges::any_of(viewers_, [&](const Viewer& one) { return one.number == number && now_s_ - one.astray_s < kRecent_s; });
  }

  // When he came to his first scene, left his last, and since when he waits at a gate.
  void note(Viewer& viewer, const PlannedPlay& one) {
    const hall::Walked walked = viewer.actor->walked();
    const hall::Course& course = one.course;
    const bool in_scene = walked.stage == BlockStage::in_scene;
    if (!viewer.first_scene_s && walked.block >= course.first_scene() && in_scene) {
      viewer.first_scene_s = now_s_;
      if (counts_) {
        figures_.start_off_s.push_back(now_s_ - told_[told_of_.at(course.id)].start_s);
        figures_.viewers_per_hour += 1.0 / options_.hours;
      }
    }
    const bool past = walked.block >= course.scenes() || walked.stage == BlockStage::done;
    if (viewer.first_scene_s && !viewer.last_left_s && past) viewer.last_left_s = now_s_;
    const bool ready = in_scene && hall::remaining_stay_s(course, walked) <= 0.0;
    if (!ready) viewer.ready_since_s.reset();
    else if (!viewer.ready_since_s) viewer.ready_since_s = now_s_;
    else if (counts_) figures_.longest_held_s = std::max(figures_.longest_held_s, now_s_ - *viewer.ready_since_s);
  }

  void end(base::PlayId id) {
    const PlannedPlay& one = plays_.at(id);
    Viewer& viewer = viewers_[one.slots.front()];
    if (counts_ && viewer.first_scene_s) {
      ++figures_.plays_ended;
      stretch_sum_ += (viewer.last_left_s.value_or(now_s_) - *viewer.first_scene_s) / one.course.plan.nominal_s();
      stretch_planned_sum_ += told_[told_of_.at(id)].stretch;
    }
    plays_.remove(id);
    viewer = Viewer{};
  }

  ExecutionFigures finished() {
    const double from = case_.warmup_s, to = from + options_.hours * 3600.0;
    for (const Told& one : told_) {
      figures_.at_once_planned += std::max(0.0, std::min(one.left_s, to) - std::max(one.start_s, from)) / (to - from);
    }
    if (figures_.plays_ended > 0) {
      figures_.stretch_mean = stretch_sum_ / static_cast<double>(figures_.plays_ended);
      figures_.stretch_planned_mean = stretch_planned_sum_ / static_cast<double>(figures_.plays_ended);
    }
    return std::move(figures_);
  }

  struct Told {  // when a play was planned
    double start_s = 0.0, left_s = 0.0, stretch = 1.0;
  };

  const PlanningCase& case_;
  const ExecutionOptions& options_;
  safety::Setting setting_;
  base::Random random_, plan_random_;
  planning::FloorPlan floor_;
  planning::Planner planner_;
  PlannedPlays plays_;
  rehearsal::World world_;
  std::array<Viewer, kSlots> viewers_;
  std::vector<planning::Waiting> waiting_;
  std::vector<Told> told_;
  std::map<base::PlayId, std::size_t> told_of_;
  std::vector<rehearsal::Person> people_now_;
  std::size_t next_ = 0, contacts_seen_ = 0;
  std::uint32_t people_ = 0;
  double now_s_ = 0.0, stretch_sum_ = 0.0, stretch_planned_sum_ = 0.0;
  bool counts_ = false;
  ExecutionFigures figures_;
};

}  // namespace

ExecutionFigures execute_plans(const PlanningCase& planning_case, const ExecutionOptions& options) {
  if (!planning_case.entrance || !planning_case.exit) throw std::runtime_error("plans are walked where there are ways in and out: give a case with an entrance and an exit, or a venue");
  return Execution(planning_case, options).run();
}

}  // namespace promenade::bench

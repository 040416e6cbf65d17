#include "tests/bench/safety_hall.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "showcontrol/hall/course_motion.h"
#include "showcontrol/hall/hall.h"
#include "showcontrol/planning/planner.h"
#include "showcontrol/rehearsal/world.h"
#include "tests/bench/planned_plays.h"
#include "tests/bench/safety_actor.h"
#include "tests/bench/safety_trail.h"
#include "tracking/base/formatted.h"

namespace promenade::bench::safety {

using protocol::BlockStage;
using tracking::Cause;
using tracking::Level;

std::string_view to_string(Part part) {
  constexpr std::array<std::string_view, kParts> kNames{"obeying", "disobeying", "child", "runner", "tracking_lost", "led"};
  return kNames[static_cast<std::size_t>(part)];
}

std::string_view to_string(Ground ground) {
  constexpr std::array<std::string_view, kGrounds> kNames{"conflict", "unknown_place", "conduct"};
  return kNames[static_cast<std::size_t>(ground)];
}

void HallFigures::add(const HallFigures& other) {
  viewer_s += other.viewer_s;
  hall_s += other.hall_s;
  paused_s += other.paused_s;
  stopped_s += other.stopped_s;
  for (std::size_t i = 0; i < kParts; ++i) {
    contacts[i] += other.contacts[i];
    wall_contacts[i] += other.wall_contacts[i];
  }
  near_misses += other.near_misses;
  wall_near_misses += other.wall_near_misses;
  for (std::size_t level = 0; level < raised.size(); ++level) {
    raised[level].false_near_astray += other.raised[level].false_near_astray;
    for (std::size_t i = 0; i < kGrounds; ++i) {
      raised[level].by_ground[i] += other.raised[level].by_ground[i];
      raised[level].false_by_ground[i] += other.raised[level].false_by_ground[i];
    }
    for (std::size_t i = 0; i < kCauses; ++i) {
      raised[level].by_cause[i] += other.raised[level].by_cause[i];
      raised[level].false_conflict_by_cause[i] += other.raised[level].false_conflict_by_cause[i];
    }
  }
  leads_s.insert(leads_s.end(), other.leads_s.begin(), other.leads_s.end());
  warned_too_late += other.warned_too_late;
  plays += other.plays;
  helped += other.helped;
  touches.insert(touches.end(), other.touches.begin(), other.touches.end());
}

namespace {

constexpr std::size_t kSlots = 40;
constexpr double kWarmUp_s = 300.0;
constexpr double kPlanEvery_s = 10.0;
constexpr double kPlanLead_s = 5.0, kPlanWait_s = 30.0;  // the hall's
constexpr double kPlacedRadius_m = 1.2, kStrayBody_m = 1.2;
constexpr double kPlayLength_s = 600.0;
constexpr double kFork_s = 5.0, kForkReach_m = 4.0, kFalseGap_m = 1.0, kFalseWall_m = 0.5;
constexpr double kUnknown_s = 0.15;            // longer than a lost packet or two
constexpr double kOnItsWay_s = 0.3;            // what was found a moment ago may still be shown
constexpr double kRecent_s = 3.0;              // who did it a moment ago still takes part
constexpr int kAttendants = 2;
constexpr double kNotice_s = 2.0, kAttendant_mps = 1.2, kLook_s = 3.0, kLead_mps = 0.9;
constexpr double kStrayPatience_s = 8.0, kPausePatience_s = 20.0;
constexpr double kReleaseApart_m = 1.3;
constexpr double kNever_s = -1e9;

struct Viewer {
  std::optional<Actor> actor;
  base::PlayId play;
  bool child = false;
  std::uint32_t number = 0;
  Level shown = Level::clear;
  double since_s = 0.0;          // at this level or more, pause
  double defied_s = kNever_s, ran_s = kNever_s, astray_s = kNever_s, lost_s = kNever_s, unknown_s = kNever_s;
  // help
  double help_s = -1.0;          // an attendant is with him from then on; negative: nobody comes
  int attendant = -1;
  bool led = false;
  double lead_from_s = 0.0;
  bool blocks = false;
  HallPoint blocks_at;
  Trail trail;
};

class HallRun final : public Plans, public Walking {
 public:
  HallRun(const Setting& setting, std::uint64_t seed)
      : setting_(setting),
        seed_(seed),
        random_(base::Random(seed).fork("safety hours")),
        plan_random_(random_.fork("plans")),
        planner_(hall::floor_plan(setting.venue)),
        plays_(hall::floor_plan(setting.venue), *this),
        launch_(planning::launch_points(setting.venue)),
        world_(setting.venue),
        watch_(kSlots, setting.venue, setting.tracking, setting.link, random_.fork("watch")) {}

  HallFigures run(double hours) {
    const auto steps = static_cast<std::int64_t>((kWarmUp_s + hours * 3600.0) / kStep_s);
    for (std::int64_t k = 0; k < steps; ++k) {
      now_s_ = 10.0 + static_cast<double>(k) * kStep_s;
      counts_ = now_s_ >= 10.0 + kWarmUp_s;
      step(k);
    }
    return std::move(figures_);
  }

  // Plans
  Told by_hall(std::size_t slot, HallPoint head, HallVec velocity, bool stands) const override {
    Told told;
    const PlannedPlay* play = plays_.find(viewers_[slot].play);
    if (play == nullptr || !play->under_way) return told;
    const hall::Course& course = play->course;
    const hall::Walked walked = this->walked(slot);
    const planning::Block& block = course.plan.blocks[std::min<std::size_t>(walked.block, course.blocks() - 1)];
    const std::size_t place = play->place_of(slot);
    const double along = walked.stage == BlockStage::walking ? hall::nearest_on_path(block.lane(place), head).along_m : 0.0;
    const auto where = [&](double ahead_s) { return stands ? head : hall::planned_point(course, walked, along, ahead_s, place); };
    told.ahead = tracking::PlanAhead{where(0.0), where(1.0), where(2.0)};
    told.later = {where(3.0), where(6.0), where(10.0)};
    told.stray_m = hall::stray_m(course, walked, head, place);
    told.off_plan_m = hall::off_plan_m(course, walked, head, velocity, place);
    return told;
  }
  Told by_headset(std::size_t slot, HallPoint head, HallVec velocity) const override {
    const client::Walk& walk = viewers_[slot].actor->walk();
    Told told;
    told.stray_m = walk.stray_m(head);
    told.off_plan_m = walk.off_plan_m(head, velocity);
    if (walk.film_shows() || !walk.path().empty()) told.ahead = tracking::PlanAhead{walk.planned(head, 0.0), walk.planned(head, 1.0), walk.planned(head, 2.0)};
    return told;
  }
  std::optional<HallPoint> target(std::size_t slot) const override { return viewers_[slot].actor->walk().target(); }
  double gap_m(std::size_t slot, HallPoint head, const protocol::Neighbour& other, double silence_s) const override {
    return client::planned_gap_m(other, silence_s, viewers_[slot].actor->walk(), head);
  }

 private:
  void step(std::int64_t k) {
    const auto every = [k](double seconds) { return k % static_cast<std::int64_t>(std::lround(seconds / kStep_s)) == 0; };
    if (every(kPlanEvery_s) && !watch_.hall_down(now_s_)) try_plan();
    for (Viewer& viewer : viewers_) {
      if (viewer.actor) move(viewer);
    }
    leave();
    observe();
    std::array<Truth, kSlots> truths;
    for (std::size_t slot = 0; slot < viewers_.size(); ++slot) {
      if (!viewers_[slot].actor) continue;
      const rehearsal::Walker& walker = viewers_[slot].actor->walker();
      truths[slot] = {walker.position(), walker.head_height_m(), walker.standing_height_m(), walker.worn()};
    }
    watch_.headsets(now_s_, *this, truths);
    count_levels();
    if (!watch_.hall_down(now_s_)) {
      plays_.report(now_s_);
      if (every(0.1)) plays_.open_gates(now_s_);
      if (every(1.0)) send_help();
    }
    std::array<int, kSlots> gates;
    gates.fill(-1);
    for (const auto& [id, one] : plays_.all()) {
      for (const std::size_t slot : one.slots) gates[slot] = one.course.granted_gate;
    }
    watch_.hall(now_s_, *this, gates);
  }

  hall::Walked walked(std::size_t slot) const override { return viewers_[slot].actor->walked(); }
  HallPoint known(std::size_t slot) const override { return watch_.known(slot); }
  bool may_go_on(std::size_t slot) const override {
    return watch_.heard_lately(slot, now_s_) && watch_.shown(slot).concern.level < Level::pause && !viewers_[slot].led && viewers_[slot].actor->walker().worn();
  }

  // ------------------------------------------------------------ plays

  void try_plan() {
    for (const auto& [id, one] : plays_.all()) {
      if (!one.under_way) return;  // one at a time sets out
    }
    const hall::Film& film = setting_.films[plan_random_.below(setting_.films.size())];
    // One viewer in 15 a child, always with an adult: of the parties, one in 14 is such a pair.
    const double child_share = setting_.walker.child_share;
    const bool pair = plan_random_.chance(child_share / (1.0 - child_share));
    const std::size_t members = pair ? 2 : 1;
    if (free_slots() < members) return;
    planning::PlanRequest request;
    request.play = base::PlayId(next_play_);
    request.film = film.manifest.film;
    request.route = *film.manifest.route;
    request.members = static_cast<int>(members);
    if (pair) request.group = {{}, {.from = {}, .by = {}, .or_by = {}, .hand = true}};
    request.enter_from = launch_.front();
    request.enter_also.assign(launch_.begin() + 1, launch_.end());
    request.leave_to = setting_.venue.exit.at;
    request.earliest_s = now_s_ + kPlanLead_s;
    request.wait_max_s = kPlanWait_s;
    const planning::PlanAnswer answer = planner_.plan(request, plays_.interlocking().snapshot(now_s_), hall::HallLimits{}.budget, plan_random_());
    if (!answer.plan) return;
    std::vector<std::size_t> slots;
    for (std::size_t slot = 0; slot < viewers_.size() && slots.size() < members; ++slot) {
      if (viewers_[slot].play.is_none()) slots.push_back(slot);
    }
    if (!plays_.add(answer, film, slots, now_s_)) return;
    ++next_play_;
    for (const std::size_t slot : slots) viewers_[slot].play = answer.plan->play;
  }

  std::size_t free_slots() const {
    return static_cast<std::size_t>(std::ranges::count_if(viewers_, [](const Viewer& v) { return v.play.is_none(); }));
  }

  void set_out(const PlannedPlay& one) override {
    if (counts_) ++figures_.plays;
    const base::Random together = random_.fork("pair", one.course.id.value());
    const bool pair = one.slots.size() > 1;
    for (std::size_t i = 0; i < one.slots.size(); ++i) {
      const std::size_t slot = one.slots[i];
      Viewer& viewer = viewers_[slot];
      viewer = Viewer{};
      viewer.play = one.course.id;
      viewer.child = pair && i == 1;
      viewer.number = ++people_;
      viewer.actor.emplace(setting_.walker, random_.fork("viewer", viewer.number), order_of(one.course.plan, i), setting_.shelf, kPlayLength_s, viewer.child,
                           own_place_of(one.course.plan, i), pair ? std::optional(together) : std::nullopt);
      const rehearsal::Walker& walker = viewer.actor->walker();
      const std::uint32_t group = pair ? static_cast<std::uint32_t>(one.course.id.value()) : 0;
      watch_.add(slot, viewer.number, now_s_, {walker.position(), walker.head_height_m(), walker.standing_height_m(), true}, group,
                 pair ? std::optional(one.slots[1 - i]) : std::nullopt);
    }
  }

  void move(Viewer& viewer) {
    Actor& actor = *viewer.actor;
    const std::size_t slot = slot_of(viewer);
    if (viewer.led) {
      const HallVec left = actor.home() - actor.at();
      const double size = tracking::length(left);
      const double way = kLead_mps * kStep_s;
      const HallPoint next = size <= way ? actor.at() + left : actor.at() + left * (way / size);
      actor.walker().stand_at(next, next);
      actor.keep_time(now_s_, world_);
      return;
    }
    const Shown& shown = watch_.shown(slot);
    actor.step(now_s_, watch_.measured(slot), {shown.concern.level, shown.arrow_rad, shown.open_gate}, world_);
  }

  std::size_t slot_of(const Viewer& viewer) const { return static_cast<std::size_t>(&viewer - viewers_.data()); }

  // An attendant sends nobody off next to another who stands there.
  bool crowded(HallPoint at) const override {
    return std::ranges::any_of(viewers_, [&](const Viewer& v) { return v.actor && tracking::distance(v.actor->at(), at) < kReleaseApart_m; });
  }

  void end(base::PlayId id) {
    for (const std::size_t slot : plays_.at(id).slots) {
      if (viewers_[slot].blocks) plays_.interlocking().unblock_body(base::BodyId(static_cast<std::uint32_t>(slot + 1)));
      if (viewers_[slot].attendant >= 0) busy_until_s_[static_cast<std::size_t>(viewers_[slot].attendant)] = now_s_ + kLook_s;
      viewers_[slot] = Viewer{};
      watch_.remove(slot);
    }
    plays_.remove(id);
  }

  void leave() {
    for (const base::PlayId id : plays_.walked_out()) end(id);
  }

  // ------------------------------------------------------------ help

  bool needs_help(const Viewer& viewer) const {
    const std::size_t slot = slot_of(viewer);
    if (watch_.dead(slot) || viewer.actor->walker().taken_off()) return true;
    const tracking::Concern& shown = watch_.shown(slot).concern;
    const Level level = std::max(shown.level, watch_.ordered(slot).level);
    if (level < Level::pause) return false;
    const double since_s = now_s_ - viewer.since_s;
    return level >= Level::stop || since_s > kPausePatience_s || (shown.cause == Cause::stray && since_s > kStrayPatience_s);
  }

  void send_help() {
    for (Viewer& viewer : viewers_) {
      if (!viewer.actor) continue;
      keep_clear_of(viewer);
      if (viewer.help_s < 0.0) {
        if (!needs_help(viewer)) continue;
        const auto free = std::ranges::min_element(busy_until_s_);
        const double set_off_s = std::max(now_s_ + kNotice_s, *free);
        viewer.attendant = static_cast<int>(free - busy_until_s_.begin());
        viewer.help_s = set_off_s + tracking::nearest_on_outline(setting_.venue.kitting, viewer.actor->at()).distance_m / kAttendant_mps + kLook_s;
        *free = viewer.help_s + 60.0;  // until he is known to be free
        continue;
      }
      if (now_s_ < viewer.help_s) continue;
      if (!help(viewer)) return;  // the play ended: others were touched
    }
  }

  bool help(Viewer& viewer) {
    const std::size_t slot = slot_of(viewer);
    if (watch_.dead(slot)) {  // led out along a way that the hall keeps free
      if (counts_) ++figures_.helped;
      end(viewer.play);
      return false;
    }
    if (!viewer.led) {
      if (counts_) ++figures_.helped;
      viewer.led = true;
      viewer.lead_from_s = now_s_;
      viewer.actor->walker().put_on();
      watch_.take_in_hand(slot);
      return true;
    }
    const bool there = tracking::distance(viewer.actor->at(), viewer.actor->home()) < 0.1;
    const bool alone = std::ranges::none_of(viewers_, [&](const Viewer& other) {
      return other.actor && &other != &viewer && other.play != viewer.play && tracking::distance(other.actor->at(), viewer.actor->at()) < kReleaseApart_m;
    });
    if (!there || !alone) return true;
    viewer.actor->stand_at(viewer.actor->at());
    watch_.release(slot);
    viewer.led = false;
    viewer.help_s = -1.0;
    viewer.since_s = now_s_;
    busy_until_s_[static_cast<std::size_t>(viewer.attendant)] =
        now_s_ + tracking::nearest_on_outline(setting_.venue.kitting, viewer.actor->at()).distance_m / kAttendant_mps;
    viewer.attendant = -1;
    return true;
  }

  void keep_clear_of(Viewer& viewer) {
    const std::size_t slot = slot_of(viewer);
    const base::BodyId id(static_cast<std::uint32_t>(slot + 1));
    const HallPoint at = watch_.known(slot);
    const bool astray = setting_.venue.zone_at(at) == tracking::Zone::floor &&
                        hall::stray_m(plays_.at(viewer.play).course, walked(slot), at, plays_.at(viewer.play).place_of(slot)) > kStrayBody_m;
    if (!astray) {
      if (viewer.blocks) plays_.interlocking().unblock_body(id);
      viewer.blocks = false;
      return;
    }
    if (viewer.blocks && tracking::distance(viewer.blocks_at, at) < 0.2) return;
    plays_.interlocking().block_body(id, at, kPlacedRadius_m, now_s_);
    viewer.blocks = true;
    viewer.blocks_at = at;
  }

  // ------------------------------------------------------------ what happened

  void observe() {
    people_now_.clear();
    for (std::size_t slot = 0; slot < viewers_.size(); ++slot) {
      Viewer& viewer = viewers_[slot];
      if (!viewer.actor) continue;
      const rehearsal::Walker& walker = viewer.actor->walker();
      if (walker.defies()) viewer.defied_s = now_s_;
      if (walker.conduct() == rehearsal::Conduct::running) viewer.ran_s = now_s_;
      if (walker.conduct() != rehearsal::Conduct::normal) viewer.astray_s = now_s_;
      if (watch_.lost_place(slot, now_s_) || watch_.dead(slot)) viewer.lost_s = now_s_;
      if (watch_.unknown_s(slot, now_s_) > kUnknown_s) viewer.unknown_s = now_s_;
      follow_trail(viewer);
      const bool pair = plays_.at(viewer.play).slots.size() > 1;
      rehearsal::Person person;
      person.number = viewer.number;
      person.at = walker.position();
      person.velocity = walker.velocity();
      person.blind = true;
      person.group = pair ? static_cast<std::uint32_t>(viewer.play.value()) : 0;
      person.pair = pair;
      people_now_.push_back(person);
    }
    world_.step(now_s_, people_now_);
    if (counts_) {
      figures_.hall_s += kStep_s;
      figures_.viewer_s += kStep_s * static_cast<double>(people_now_.size());
    }
    for (; contacts_seen_ < world_.contacts().size(); ++contacts_seen_) {
      const rehearsal::Episode& episode = world_.contacts()[contacts_seen_];
      if (!counts_) continue;
      const Part part = std::max(part_of(episode.a), part_of(episode.b));
      ++figures_.contacts[static_cast<std::size_t>(part)];
      tell_touch(part, episode);
    }
    for (; walls_seen_ < world_.wall_contacts().size(); ++walls_seen_) {
      if (!counts_) continue;
      const rehearsal::Episode& episode = world_.wall_contacts()[walls_seen_];
      ++figures_.wall_contacts[static_cast<std::size_t>(part_of(episode.a))];
      tell_touch(part_of(episode.a), episode);
    }
    for (; near_seen_ < world_.near_misses().size(); ++near_seen_) {
      if (!counts_) continue;
      const bool wall = world_.near_misses()[near_seen_].b == 0 || world_.near_misses()[near_seen_].a == 0;
      wall ? ++figures_.wall_near_misses : ++figures_.near_misses;
    }
  }

  const Viewer* numbered(std::uint32_t number) const {
    const auto viewer = std::ranges::find_if(viewers_, [&](const Viewer& v) { return v.actor && v.number == number; });
    return number == 0 || viewer == viewers_.end() ? nullptr : &*viewer;
  }

  void follow_trail(Viewer& viewer) {
    if (!viewer.trail.is_due(now_s_)) return;
    const std::size_t slot = slot_of(viewer);
    const rehearsal::Walker& walker = viewer.actor->walker();
    const tracking::Concern& shown = watch_.shown(slot).concern;
    const HallPoint measured = watch_.measured(slot);
    const Told told = by_headset(slot, measured, walker.velocity());
    viewer.trail.add({now_s_, walker.position(), measured, setting_.venue.clearance_m(walker.position()), told.off_plan_m, told.ahead.has_value(), viewer.led,
                      walker.conduct(), shown.level, shown.cause});
  }

  void tell_touch(Part part, const rehearsal::Episode& episode) {
    std::string text = base::formatted("    hall {}, {:.1f} s, {}: {} at {:.2f} {:.2f}\n", seed_, episode.begin_s, to_string(part), episode.b == 0 || episode.a == 0 ? "wall" : "person",
                                       episode.where.x, episode.where.y);
    for (const std::uint32_t number : {episode.a, episode.b}) {
      if (const Viewer* viewer = numbered(number)) text += viewer->trail.text() + "      --\n";
    }
    figures_.touches.push_back(std::move(text));
  }

  Part part_of(std::uint32_t number) const {
    const Viewer* viewer = numbered(number);
    if (viewer == nullptr) return Part::obeying;
    if (viewer->led) return Part::led;
    if (now_s_ - viewer->lost_s < kRecent_s) return Part::tracking_lost;
    if (now_s_ - viewer->ran_s < kRecent_s) return Part::runner;
    if (viewer->child) return Part::child;
    return now_s_ - viewer->defied_s < kRecent_s ? Part::disobeying : Part::obeying;
  }

  void count_levels() {
    for (Viewer& viewer : viewers_) {
      if (!viewer.actor) continue;
      const std::size_t slot = slot_of(viewer);
      if (viewer.led) {
        viewer.shown = Level::clear;
        continue;
      }
      const tracking::Concern& concern = watch_.shown(slot).concern;
      const Level before = viewer.shown;
      viewer.shown = concern.level;
      if (counts_ && concern.level >= Level::pause) (concern.level >= Level::stop ? figures_.stopped_s : figures_.paused_s) += kStep_s;
      if (concern.level < Level::pause) viewer.since_s = now_s_;
      if (concern.level > before && counts_) entered(viewer, before, concern);
    }
  }

  struct Foreseen {
    double gap_m = 1e9, wall_m = 1e9;
    double at_s = 0.0;            // of the closest approach, from now
    std::size_t nearest = 0;
  };

  // The same people with the same draws for five seconds, in which none of them is told anything.
  Foreseen fork(const Viewer& viewer) const {
    Foreseen seen;
    std::vector<std::pair<std::size_t, Actor>> others;
    for (const Viewer& other : viewers_) {
      if (!other.actor || &other == &viewer || other.play == viewer.play || tracking::distance(other.actor->at(), viewer.actor->at()) > kForkReach_m) continue;
      others.emplace_back(slot_of(other), *other.actor);
    }
    Actor self = *viewer.actor;
    const std::size_t slot = slot_of(viewer);
    const HallVec off = watch_.measured(slot) - viewer.actor->at();
    const int gate = watch_.shown(slot).open_gate;
    for (double t = kStep_s; t <= kFork_s + 1e-9; t += kStep_s) {
      self.step(now_s_ + t, self.at() + off, {Level::clear, std::nullopt, gate}, world_);
      seen.wall_m = std::min(seen.wall_m, setting_.venue.clearance_m(self.at()));
      for (auto& [number, other] : others) {
        const Viewer& who = viewers_[number];
        if (!who.led) other.step(now_s_ + t, other.at(), {Level::clear, std::nullopt, watch_.shown(number).open_gate}, world_);
        const double gap = tracking::distance(self.at(), other.at());
        if (gap >= seen.gap_m) continue;
        seen.gap_m = gap;
        seen.at_s = t;
        seen.nearest = number;
      }
    }
    return seen;
  }

  bool unknown_lately(const Viewer& viewer) const { return now_s_ - viewer.unknown_s < kOnItsWay_s; }

  Ground ground_of(const Viewer& viewer, Cause cause) const {
    if (cause == Cause::stale || cause == Cause::tracking_lost || cause == Cause::link_lost) return Ground::unknown_place;
    if (cause != Cause::body && cause != Cause::wall) return Ground::conduct;
    if (unknown_lately(viewer)) return Ground::unknown_place;
    const bool lost = cause == Cause::body && std::ranges::any_of(viewers_, [&](const Viewer& other) {
      return other.actor && other.play != viewer.play && tracking::distance(other.actor->at(), viewer.actor->at()) < kForkReach_m &&
             unknown_lately(other);
    });
    return lost ? Ground::unknown_place : Ground::conflict;
  }

  bool near_astray(const Viewer& viewer) const {
    return std::ranges::any_of(viewers_, [&](const Viewer& other) {
      return other.actor && now_s_ - other.astray_s < kRecent_s && tracking::distance(other.actor->at(), viewer.actor->at()) < kForkReach_m;
    });
  }

  void entered(const Viewer& viewer, Level before, const tracking::Concern& concern) {
    const Foreseen seen = fork(viewer);
    const bool was_false = concern.cause == Cause::wall ? seen.wall_m >= kFalseWall_m : seen.gap_m > kFalseGap_m;
    const auto ground = static_cast<std::size_t>(ground_of(viewer, concern.cause));
    const auto to = std::min(static_cast<std::size_t>(concern.level), figures_.raised.size() - 1);
    for (std::size_t level = static_cast<std::size_t>(before) + 1; level <= to; ++level) {
      HallFigures::Raised& raised = figures_.raised[level];
      ++raised.by_cause[static_cast<std::size_t>(concern.cause)];
      ++raised.by_ground[ground];
      if (was_false) ++raised.false_by_ground[ground];
      if (!was_false || ground != static_cast<std::size_t>(Ground::conflict)) continue;
      ++raised.false_conflict_by_cause[static_cast<std::size_t>(concern.cause)];
      if (near_astray(viewer)) ++raised.false_near_astray;
    }
    // The lead runs from the first warning of either.
    const bool of_bodies = concern.cause == Cause::body || concern.cause == Cause::stale;
    if (!of_bodies || before != Level::clear || seen.gap_m >= kFalseGap_m || viewers_[seen.nearest].shown >= Level::warn) return;
    figures_.leads_s.push_back(static_cast<float>(seen.at_s));
    if (concern.level >= Level::pause) ++figures_.warned_too_late;
  }

  const Setting& setting_;
  std::uint64_t seed_;
  base::Random random_, plan_random_;
  planning::Planner planner_;
  PlannedPlays plays_;
  planning::Path launch_;
  rehearsal::World world_;
  SafetyWatch watch_;
  std::array<Viewer, kSlots> viewers_;
  std::array<double, kAttendants> busy_until_s_{};
  std::vector<rehearsal::Person> people_now_;
  std::uint64_t next_play_ = 1;
  std::uint32_t people_ = 0;
  std::size_t contacts_seen_ = 0, walls_seen_ = 0, near_seen_ = 0;
  double now_s_ = 0.0;
  bool counts_ = false;
  HallFigures figures_;
};

}  // namespace

HallFigures run_hall(const Setting& setting, double hours, std::uint64_t seed) { return std::make_unique<HallRun>(setting, seed)->run(hours); }

}  // namespace promenade::bench::safety

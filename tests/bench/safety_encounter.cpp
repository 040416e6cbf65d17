#include "tests/bench/safety_encounter.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>

#include "showcontrol/rehearsal/walker.h"
#include "tracking/prediction.h"

namespace promenade::bench::safety {

using rehearsal::Guidance;
using rehearsal::Walker;
using tracking::Level;

std::string_view to_string(Meeting meeting) {
  constexpr std::array<std::string_view, kMeetings> kNames{"obeying", "one_ignores", "both_ignore", "runner", "child", "tracking_lost"};
  return kNames[static_cast<std::size_t>(meeting)];
}

void MeetingFigures::add(const MeetingFigures& other) {
  count += other.count;
  contacts += other.contacts;
  near_misses += other.near_misses;
  unwarned += other.unwarned;
  leads_s.insert(leads_s.end(), other.leads_s.begin(), other.leads_s.end());
}

namespace {

constexpr double kContact_m = 0.7, kNear_m = 1.0;
constexpr double kMeet_m = 0.6;            // within this of each other without safety
constexpr double kLeg_m = 12.0;            // longer than anybody walks here
constexpr double kSceneRadius_m = 0.6;
constexpr double kStoodFor_s = 10.0;       // in his scene, before he leaves it
constexpr double kWatched_s = 4.0;         // before they would meet
constexpr double kAfter_s = 2.0;
constexpr double kSoonest_s = 3.0, kLatest_s = 9.0, kRunSoonest_s = 1.0, kRunLatest_s = 2.2;
constexpr double kApart_m = 0.4;           // beyond the separation, when it begins
constexpr double kRest_mps = 0.02, kRest_s = 0.5;
constexpr double kCertain = 1e12;          // a rate at which it happens in the first step
constexpr double kPlanSpeed_mps = 0.7;
constexpr double kOff_s = 10.0;            // when time begins
constexpr double kHall_m = 200.0;
constexpr int kTries = 64;

class OpenFloor final : public rehearsal::Room {
 public:
  HallPoint nearest_free(HallPoint point) const override { return point; }
  double clearance_m(HallPoint) const override { return std::numeric_limits<double>::infinity(); }
};
const OpenFloor kOpen;

enum class Way : std::uint8_t { on_plan, astray, past_gate, wrong_place };

struct Side {  // one of the two, in a floor of his own that lies at `shift` in the hall
  Side(const rehearsal::WalkerHabits& habits, base::Random random, bool child) : walker(habits, random, {0.0, 0.0}, 600.0, child) {}
  Walker walker;
  Guidance guidance;
  Way way = Way::on_plan;
  HallVec planned_side;      // wrong place: the planned leg lies so far beside
  HallVec shift;

  void lead(HallVec towards, Way how) {
    way = how;
    guidance.free_radius_m = how == Way::astray ? kSceneRadius_m : 0.5;
    if (how == Way::astray) return;
    guidance.path = {HallPoint{0.0, 0.0}, HallPoint{0.0, 0.0} + towards * kLeg_m};
    guidance.path_id = 1;
  }
  void step(double now_s, Level level, std::optional<double> arrow) {
    guidance.level = level;
    guidance.has_arrow = arrow.has_value();
    guidance.arrow_rad = arrow.value_or(0.0);
    walker.step(now_s, guidance, kOpen);
    if (walker.conduct() != rehearsal::Conduct::normal) guidance.in_play = false;
  }
  HallPoint at() const { return walker.position() + shift; }
};

class MeetingRun final : public Plans {
 public:
  MeetingRun(const Setting& setting, const tracking::Venue& floor, Meeting meeting, base::Random random)
      : meeting_(meeting), random_(random), watch_(2, floor, setting.tracking, setting.link, random.fork("watch")), separation_m_(floor.separation_m) {
    for (int tries = 0; tries < kTries && sides_.empty(); ++tries) draw(setting, random.fork("try", static_cast<std::uint64_t>(tries)));
  }
  bool drawn() const { return !sides_.empty(); }

  void run(MeetingFigures& figures) {
    ++figures.count;
    double least_m = std::numeric_limits<double>::infinity();
    double warned_s = -1.0, resting_s = 0.0;
    for (double t = begin_s_; t <= meet_s_ + kAfter_s; t += kStep_s) {
      now_s_ = kOff_s + t;
      std::array<Truth, 2> truths;
      for (std::size_t i = 0; i < 2; ++i) {
        const Shown* shown = watch_.present(i) ? &watch_.shown(i) : nullptr;
        sides_[i].step(t, shown != nullptr ? shown->concern.level : Level::clear, shown != nullptr ? shown->arrow_rad : std::nullopt);
        truths[i] = {sides_[i].at(), sides_[i].walker.head_height_m(), sides_[i].walker.standing_height_m(), sides_[i].walker.worn()};
        if (shown == nullptr) watch_.add(i, i + 1, now_s_, truths[i], 0, std::nullopt);
      }
      least_m = std::min(least_m, tracking::distance(sides_[0].at(), sides_[1].at()));
      if (least_m < kContact_m) break;
      if (meeting_ == Meeting::tracking_lost && t >= lost_s_) watch_.lose_tracking(1, now_s_ + 1.0);
      watch_.headsets(now_s_, *this, truths);
      constexpr std::array<int, 2> gates{-1, -1};
      watch_.hall(now_s_, *this, gates);
      const auto level = [&](std::size_t i) { return watch_.shown(i).concern.level; };
      if (warned_s < 0.0 && std::max(level(0), level(1)) >= Level::warn) warned_s = t;
      const auto rests = [&](std::size_t i) { return level(i) >= Level::pause && tracking::length(sides_[i].walker.velocity()) < kRest_mps; };
      resting_s = rests(0) && rests(1) ? resting_s + kStep_s : 0.0;
      if (resting_s > kRest_s) break;
    }
    if (least_m < kContact_m) ++figures.contacts;
    if (least_m < kNear_m) ++figures.near_misses;
    if (warned_s < 0.0) ++figures.unwarned;
    figures.leads_s.push_back(static_cast<float>(warned_s < 0.0 ? 0.0 : std::max(0.0, meet_s_ - warned_s)));
  }

  Told by_hall(std::size_t slot, HallPoint head, HallVec velocity, bool stands) const override {
    const Side& side = sides_[slot];
    Told told;
    if (side.guidance.path.empty() || side.way == Way::past_gate) {  // the plan has him in his scene
      const HallPoint place = HallPoint{0.0, 0.0} + side.shift;
      told.ahead = tracking::PlanAhead{place, place, place};
      told.later = {place, place, place};
      const auto beyond_m = [&](HallPoint at) { return std::max(0.0, tracking::distance(at, place) - kSceneRadius_m); };
      told.stray_m = beyond_m(head);
      told.off_plan_m = tracking::off_plan_m(beyond_m, head, velocity, true, tracking::off_plan_look_s(true, kStoodFor_s, head - place, velocity));
    } else {
      const HallPoint from = side.guidance.path[0] + side.shift + side.planned_side;
      const HallPoint to = side.guidance.path[1] + side.shift + side.planned_side;
      const HallPoint now = tracking::nearest_on_segment(from, to, head);
      const HallVec speed = (to - from) * (kPlanSpeed_mps / kLeg_m);
      told.ahead = tracking::PlanAhead{now, now + speed, now + speed * 2.0};
      told.later = {now + speed * 3.0, now + speed * 6.0, now + speed * 10.0};
      const auto beside_m = [&](HallPoint at) { return tracking::distance(tracking::nearest_on_segment(from, to, at), at); };
      told.stray_m = beside_m(head);
      told.off_plan_m = tracking::off_plan_m(beside_m, head, velocity, false, tracking::off_plan_look_s(false, 0.0, {}, velocity));
    }
    if (stands) {
      told.ahead = tracking::PlanAhead{head, head, head};
      told.later = {head, head, head};
    }
    return told;
  }
  Told by_headset(std::size_t slot, HallPoint head, HallVec velocity) const override { return by_hall(slot, head, velocity, false); }
  std::optional<HallPoint> target(std::size_t slot) const override {
    const Side& side = sides_[slot];
    return (side.guidance.path.empty() ? HallPoint{0.0, 0.0} : side.guidance.path.back()) + side.shift;
  }
  double gap_m(std::size_t slot, HallPoint head, const protocol::Neighbour& other, double silence_s) const override {
    const Told mine = by_headset(slot, head, {});
    const double ahead_s = std::min(silence_s, 2.0);
    return tracking::distance(mine.ahead->in_2s, other.planned[0]) - kPlanSpeed_mps * ahead_s;
  }

 private:
  // Where the plan has him who stands or walks here.
  static HallPoint planned(const Side& side, HallPoint at) {
    if (side.guidance.path.empty() || side.way == Way::past_gate) return HallPoint{0.0, 0.0} + side.shift;  // in his scene
    const HallVec to = side.shift + side.planned_side;
    return tracking::nearest_on_segment(side.guidance.path[0] + to, side.guidance.path[1] + to, at);
  }

  // Both walk for themselves, untold; then the second's floor is laid so that they would meet.
  void draw(const Setting& setting, base::Random random) {
    rehearsal::WalkerHabits habits = setting.walker;
    habits.stray_per_play = habits.run_per_play = habits.fall_per_hour = habits.lift_visor_per_hour = habits.take_off_per_hour = 0.0;
    const bool model_obeys = meeting_ == Meeting::child;
    if (!model_obeys) habits.obey_pause = habits.obey_stop = 1.0;
    rehearsal::WalkerHabits deaf = habits;
    deaf.obey_pause = deaf.obey_stop = 0.0;
    deaf.heed_warning = 0.0;
    const auto way = meeting_ == Meeting::runner || meeting_ == Meeting::child ? Way::astray : static_cast<Way>(1 + random.below(3));
    const auto habits_of = [&](std::size_t i) {
      rehearsal::WalkerHabits own = meeting_ == Meeting::both_ignore || (meeting_ == Meeting::one_ignores && i == ignores_) ? deaf : habits;
      if (i == 1 && way == Way::astray) (meeting_ == Meeting::runner ? own.run_per_play : own.stray_per_play) = kCertain;
      return own;
    };
    ignores_ = random.below(2);
    std::vector<Side> drawn;
    for (std::size_t i = 0; i < 2; ++i) {
      drawn.emplace_back(habits_of(i), random.fork("side", i), meeting_ == Meeting::child && i == 1);
      const double angle = random.uniform(0.0, 2.0 * std::numbers::pi);
      const HallVec towards{std::cos(angle), std::sin(angle)};
      drawn[i].lead(towards, i == 1 ? way : Way::on_plan);
      if (i == 1 && way == Way::wrong_place) drawn[i].planned_side = HallVec{-towards.y, towards.x} * (random.chance(0.5) ? separation_m_ : -separation_m_);
    }
    drawn[1].guidance.in_play = way == Way::astray;
    meet_s_ = meeting_ == Meeting::runner ? random.uniform(kRunSoonest_s, kRunLatest_s) : random.uniform(kSoonest_s, kLatest_s);
    begin_s_ = std::max(0.0, std::floor((meet_s_ - kWatched_s) / kStep_s) * kStep_s);
    lost_s_ = meet_s_ - random.uniform(0.3, 3.0);
    const double off = random.uniform(0.0, 2.0 * std::numbers::pi);
    const HallVec apart = HallVec{std::cos(off), std::sin(off)} * (kMeet_m * std::sqrt(random.uniform()));
    std::vector<Side> ahead = drawn;
    std::vector<std::array<HallPoint, 2>> tracks;
    for (double t = 0.0; t <= meet_s_; t += kStep_s) {
      for (Side& side : ahead) side.step(t, Level::clear, std::nullopt);
      tracks.push_back({ahead[0].at(), ahead[1].at()});
      if (t <= begin_s_ - kStep_s / 2.0) drawn = ahead;
    }
    const HallPoint middle{kHall_m / 2.0, kHall_m / 2.0};
    const HallVec first = middle - tracks.back()[0];
    const HallVec second = middle + apart - tracks.back()[1];
    // They begin apart, as a plan has them, and have not met before.
    const auto gap_at = [&](std::size_t k) { return tracking::distance(tracks[k][0] + first, tracks[k][1] + second); };
    const auto begins = static_cast<std::size_t>(begin_s_ / kStep_s + 0.5);
    if (gap_at(begins) < separation_m_ + kApart_m) return;
    std::size_t nearest = begins;
    for (std::size_t k = begins; k < tracks.size(); ++k) {
      if (gap_at(k) < gap_at(nearest)) nearest = k;
      if (gap_at(k) < kContact_m && k + 30 < tracks.size()) return;
    }
    drawn[0].shift = first;
    drawn[1].shift = second;
    // Plans keep their separation: what brings the two together is that one of them does not keep to his.
    for (std::size_t k = begins; k < tracks.size(); ++k) {
      if (tracking::distance(planned(drawn[0], tracks[k][0] + first), planned(drawn[1], tracks[k][1] + second)) < separation_m_) return;
    }
    meet_s_ = static_cast<double>(nearest) * kStep_s;
    sides_ = std::move(drawn);
  }

  Meeting meeting_;
  base::Random random_;
  SafetyWatch watch_;
  double separation_m_;
  std::vector<Side> sides_;
  double now_s_ = 0.0, meet_s_ = 0.0, begin_s_ = 0.0, lost_s_ = 0.0;
  std::size_t ignores_ = 0;
};

tracking::Venue open_floor(const Setting& setting) {
  tracking::Venue venue = setting.venue;
  venue.boundary = {{0.0, 0.0}, {kHall_m, 0.0}, {kHall_m, kHall_m}, {0.0, kHall_m}};
  venue.obstacles.clear();
  venue.seats.clear();
  venue.kitting = {{0.0, 0.0}, {1.0, 0.0}, {1.0, 1.0}, {0.0, 1.0}};
  venue.entrance = venue.exit = {{2.0, 1.5}, {1.5, 0.0}, {2.5, 0.0}};
  return venue;
}

}  // namespace

void run_meeting(const Setting& setting, Meeting meeting, std::uint64_t seed, std::uint64_t number, MeetingFigures& figures) {
  const tracking::Venue floor = open_floor(setting);
  const base::Random random = base::Random(seed).fork("meeting", number * kMeetings + static_cast<std::uint64_t>(meeting));
  const auto run = std::make_unique<MeetingRun>(setting, floor, meeting, random);
  if (run->drawn()) run->run(figures);
}

}  // namespace promenade::bench::safety

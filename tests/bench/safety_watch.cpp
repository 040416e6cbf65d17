#include "tests/bench/safety_watch.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "tracking/base/assert.h"

namespace promenade::bench::safety {

using tracking::Body;
using tracking::Cause;
using tracking::Concern;
using tracking::Condition;
using tracking::Evaluation;
using tracking::Level;

namespace {

constexpr double kOrderValid_s = 1.0;       // of a level told to a headset
constexpr double kAuthorityValid_s = 3.0;
constexpr double kCalm_s = 1.5;             // a stop that only the headset saw
constexpr double kSilent_s = 1.0;
constexpr double kExtrapolate_s = 0.3;      // the hall carries a neighbour's place on
constexpr int kJumpsBelieved = 6;           // poses in a row: the head is there after all
constexpr double kArrowStep_m = 0.8;
constexpr double kJustLost_s = 0.05;        // more than from a pose to the hall's turn
constexpr double kLostAfter_s = 10.0;
constexpr double kMarkResidual_m = 0.01;

base::BodyId body_id(std::size_t slot) { return base::BodyId(static_cast<std::uint32_t>(slot + 1)); }

}  // namespace

SafetyWatch::SafetyWatch(std::size_t slots, const tracking::Venue& venue, const rehearsal::TrackingHabits& tracking, const LinkHabits& link, base::Random random)
    : venue_(venue), tracking_habits_(tracking), link_(link), random_(random), hall_random_(random.fork("hall")), people_(slots), cells_(slots * kFrames), near_(slots) {
  for (ToldBodies& cache : told_cache_) cache.bodies.resize(slots);
}

void SafetyWatch::add(std::size_t slot, std::uint64_t person_number, double now_s, const Truth& truth, std::uint32_t group,
                      std::optional<std::size_t> partner) {
  Person& person = people_[slot];
  person = Person{};
  person.present = true;
  person.group = group;
  person.partner = partner;
  person.tracking = rehearsal::TrackingError(tracking_habits_, random_.fork("headset", person_number));
  person.link = random_.fork("link", person_number);
  person.added_s = person.believed_s = person.heard_s = person.calm_since_s = now_s;
  person.drift.calibrated(base::hall_time(now_s), kMarkResidual_m);
  person.posture.set_standing_height(truth.standing_m);
  const tracking::Relaxation relaxation = tracking::relaxation_of(venue_.safety);
  person.own_filter = tracking::LevelFilter(relaxation);
  person.filter = tracking::LevelFilter(relaxation);
  person.measured = truth.at;
  person.pose = tracking::pose_at(truth.at, truth.height_m, 0.0);  // a headset that freezes at once froze here
}

void SafetyWatch::remove(std::size_t slot) { people_[slot] = Person{}; }

void SafetyWatch::release(std::size_t slot) {
  Person& person = people_[slot];
  person.in_hand = false;
  person.filter.reset();
  person.own_filter.reset();
  person.ordered = person.own = {};
  for (std::int64_t k = 0; k < kFrames; ++k) cell(k, slot).ordered = {};  // what is still on its way was ordered before
  person.shown.concern = {};
  person.shown.arrow_rad.reset();
}

double SafetyWatch::lost_s(const Person& person, double now_s) const {
  return std::max({0.0, now_s - person.believed_s, base::to_seconds(person.history.frozen_for())});
}

bool SafetyWatch::heard_lately(std::size_t slot, double now_s) const { return now_s - people_[slot].heard_s < kSilent_s; }
double SafetyWatch::unknown_s(std::size_t slot, double now_s) const {
  const Person& person = people_[slot];
  const double told_s = person.received < 0 ? person.added_s : frame_s(person.received);
  return std::max({lost_s(person, now_s), now_s - person.heard_s, now_s - told_s});
}
bool SafetyWatch::lost_place(std::size_t slot, double now_s) const { return lost_s(people_[slot], now_s) >= venue_.safety.tracking_warn_s; }

// ---------------------------------------------------------------- headsets

void SafetyWatch::sense(Person& person, double now_s, const Truth& truth) {
  person.reading = person.tracking.step(now_s - person.added_s);
  person.worn = truth.worn;
  if (person.reading.dead) return;
  if (!person.reading.frozen) person.pose = tracking::pose_at(truth.at + person.reading.error, truth.height_m, 0.0);
  const bool good = person.reading.quality == protocol::TrackingQuality::good && now_s >= person.blind_until_s;
  if (!good) return;
  const base::HallTime now = base::hall_time(now_s);
  if (!person.history.add(now, person.pose)) {
    if (++person.jumps < kJumpsBelieved) return;
    person.history.clear();
    if (!person.history.add(now, person.pose)) return;
  }
  person.jumps = 0;
  person.believed_s = now_s;
  person.measured = tracking::floor_point(person.pose);
  person.velocity = person.history.velocity();
  person.posture.update(now, tracking::height_m(person.pose), person.history.fall_speed_mps(), venue_.safety);
}

void SafetyWatch::receive(Person& person, double now_s) {
  if (person.late >= 0) person.received = std::max(person.received, person.late);
  person.late = -1;
  if (newest_ < 0 || frame_s(newest_) < now_s - 1.5 * kStep_s) return;  // nothing was sent
  if (now_s < person.outage_until_s || person.link.chance(link_.loss)) return;
  const double arrives_s = frame_s(newest_) + person.link.uniform(link_.delay_min_s, link_.delay_max_s);
  (arrives_s <= now_s ? person.received : person.late) = newest_;
}

const std::vector<Body>& SafetyWatch::told(std::int64_t number, double now_s) {
  for (const ToldBodies& known : told_cache_) {
    if (known.frame == number && known.now_s == now_s) return known.bodies;
  }
  ToldBodies& made = told_cache_[told_next_++ % told_cache_.size()];
  made.frame = number;
  made.now_s = now_s;
  const base::HallTime sent = base::hall_time(frame_s(number));
  const base::HallTime now = base::hall_time(now_s);
  for (std::size_t i = 0; i < people_.size(); ++i) {
    const Cell& one = cell(number, i);
    made.bodies[i].id = {};
    if (one.neighbour.body.is_none()) continue;
    made.bodies[i] = client::told_body(one.neighbour, sent, now);
    made.bodies[i].group = base::GroupId(one.group);
    if (one.partner >= 0) made.bodies[i].hand_pair = body_id(static_cast<std::size_t>(one.partner));
  }
  return made.bodies;
}

Condition SafetyWatch::condition_of(const Person& person, double now_s, double lost_s, double stray_m) const {
  const base::HallTime now = base::hall_time(now_s);
  Condition condition;
  condition.stray_m = stray_m;
  condition.tracking_lost_s = lost_s;
  condition.calibration = person.drift.state(now);
  condition.head_low_s = person.posture.head_low_s(now);
  condition.falling = person.posture.falling();
  condition.worn = person.worn;
  return condition;
}

void SafetyWatch::judge(Person& person, std::size_t slot, double now_s, const Plans& plans) {
  const base::HallTime now = base::hall_time(now_s);
  const double told_s = person.received < 0 ? person.added_s : frame_s(person.received);
  const double silence_s = std::max(0.0, now_s - told_s);
  const Plans::Told plan = plans.by_headset(slot, person.measured, person.velocity);
  Body self;
  self.id = body_id(slot);
  self.position = person.measured;
  self.velocity = person.velocity;
  self.heard = base::hall_time(person.believed_s);
  self.error_m = person.drift.error_m(now);
  self.zone = venue_.zone_at(self.position);
  self.group = base::GroupId(person.group);
  self.ahead = plan.ahead;
  self.off_plan_m = plan.off_plan_m;
  Condition condition = condition_of(person, now_s, lost_s(person, now_s), plan.stray_m);
  condition.server_silence_s = silence_s;
  Evaluation evaluation = tracking::evaluate(self, condition, {}, venue_, now);
  if (person.received >= 0) {
    const bool silent = silence_s >= venue_.safety.stale_warn_s;
    const auto& bodies = told(person.received, now_s);
    for (std::size_t i = 0; i < people_.size(); ++i) {
      const Body& body = bodies[i];
      if (i == slot || body.id.is_none()) continue;
      const double far_m = tracking::kInterestRadius_m + tracking::reach_m(body, now);
      const HallVec offset = body.position - self.position;
      if (!silent && tracking::dot(offset, offset) > far_m * far_m) continue;
      const double gap_m = silent ? plans.gap_m(slot, self.position, cell(person.received, i).neighbour, silence_s) : tracking::kForever_s;
      evaluation.add(tracking::view_pair(self, {&body, gap_m}, condition, venue_, now).concern);
    }
  }
  if (evaluation.level() >= Level::pause) person.calm_since_s = now_s;
  person.own = person.own_filter.update(now, evaluation);
  compose(person, slot, now_s, silence_s, plans);
}

// As the client's picture has it.
std::optional<double> SafetyWatch::arrow(const Person& person, std::size_t slot, const Plans& plans) const {
  const Concern& concern = person.shown.concern;
  if (concern.level != Level::pause && concern.level != Level::stop) return std::nullopt;
  double away = 0.0;
  if (concern.cause == Cause::stray) {
    const auto target = plans.target(slot);
    if (!target) return std::nullopt;
    const HallVec back = *target - person.measured;
    away = std::atan2(-back.x, back.y);
  } else if (concern.cause == Cause::wall || concern.cause == Cause::body || concern.cause == Cause::stale) {
    away = tracking::wrap_angle(concern.bearing_rad + std::numbers::pi);
  } else {
    return std::nullopt;
  }
  const HallPoint there = person.measured + HallVec{-std::sin(away), std::cos(away)} * kArrowStep_m;
  const bool into_wall = venue_.segment_clearance_m(person.measured, there) < std::min(venue_.clearance_m(person.measured), venue_.safety.wall.warn_m);
  return into_wall ? std::nullopt : std::optional(away);
}

void SafetyWatch::compose(Person& person, std::size_t slot, double now_s, double silence_s, const Plans& plans) {
  Concern order;
  const Cell* told = person.received < 0 ? nullptr : &cell(person.received, slot);
  if (told != nullptr) {
    order = told->ordered;
    if (order.level < Level::stop && silence_s > kOrderValid_s) order = {};
    if (order.level < Level::stop && person.own.level >= Level::stop && now_s - person.calm_since_s >= kCalm_s) {
      person.own_filter.release();
      person.own = person.own_filter.worst();
    }
  }
  Shown& shown = person.shown;
  shown.concern = order.level > person.own.level ? order : person.own;
  shown.open_gate = told != nullptr && silence_s < kAuthorityValid_s ? told->gate : -1;
  shown.arrow_rad = arrow(person, slot, plans);
}

void SafetyWatch::headsets(double now_s, const Plans& plans, std::span<const Truth> truths) {
  for (std::size_t slot = 0; slot < people_.size(); ++slot) {
    Person& person = people_[slot];
    if (!person.present) continue;
    sense(person, now_s, truths[slot]);
    person.sent = false;
    if (person.reading.dead) continue;
    if (now_s >= person.outage_until_s && person.link.chance(1.0 - std::exp(-kStep_s / link_.outage_every_s))) {
      person.outage_until_s = now_s + person.link.uniform(link_.outage_min_s, link_.outage_max_s);
    }
    receive(person, now_s);
    judge(person, slot, now_s, plans);
    person.sent = now_s >= person.outage_until_s && !person.link.chance(link_.loss);
  }
}

// ---------------------------------------------------------------- hall

void SafetyWatch::take(Person& person, std::size_t slot, double now_s, const Plans& plans) {
  person.heard_s = now_s;
  person.filter.drop(Cause::link_lost);
  person.hall_lost_s = lost_s(person, now_s);
  person.hall_worn = person.worn;
  person.told_level = person.own.level;
  person.unworn_since_s = person.worn ? -1.0 : person.unworn_since_s < 0.0 ? now_s : person.unworn_since_s;
  if (person.history.empty()) return;
  if (person.unworn_since_s >= 0.0 && now_s - person.unworn_since_s >= kLostAfter_s) {
    person.body.kind = tracking::BodyKind::lost_viewer;
    person.body.reports = false;
    person.body.velocity = {};
    return;
  }
  Body& body = person.body;
  body.id = body_id(slot);
  body.kind = tracking::BodyKind::viewer;
  body.reports = true;
  body.position = person.measured;
  body.velocity = person.velocity;
  body.heard = std::min(base::hall_time(person.believed_s), base::hall_time(now_s));
  body.error_m = person.drift.error_m(base::hall_time(now_s));
  body.zone = venue_.zone_at(body.position);
  body.group = base::GroupId(person.group);
  if (person.partner) body.hand_pair = body_id(*person.partner);
  const bool low = person.posture.falling() || person.posture.head_low_s(base::hall_time(now_s)) >= venue_.safety.low_head_s;
  body.widened_m = low && body.zone == tracking::Zone::floor ? venue_.safety.fallen_radius_m - venue_.safety.contact_m / 2.0 : 0.0;
  const bool stands = std::max(person.ordered.level, person.told_level) >= Level::pause;
  person.plan = plans.by_hall(slot, body.position, body.velocity, stands);
  body.ahead = person.plan.ahead;
  body.off_plan_m = person.plan.off_plan_m;
  person.placed = true;
}

void SafetyWatch::order(Person& person, std::size_t slot, double now_s) {
  const base::HallTime now = base::hall_time(now_s);
  std::size_t count = 0;
  for (std::size_t i = 0; i < people_.size(); ++i) {
    if (i == slot || !people_[i].present || !people_[i].placed) continue;
    const HallVec offset = people_[i].body.position - person.body.position;
    if (tracking::dot(offset, offset) > tracking::kInterestRadius_m * tracking::kInterestRadius_m) continue;
    near_[count++] = {&people_[i].body};
  }
  const double lost_s = person.hall_lost_s > kJustLost_s ? person.hall_lost_s + (now_s - person.heard_s) : 0.0;  // silence is no lost tracking
  Condition condition = condition_of(person, now_s, lost_s, person.plan.stray_m);
  condition.worn = person.hall_worn;
  Evaluation evaluation;
  if (person.body.kind == tracking::BodyKind::lost_viewer) {
    evaluation.add({Level::pause, person.hall_worn ? Cause::link_lost : Cause::not_worn, 0.0, 0.0});
  } else {
    evaluation = tracking::evaluate(person.body, condition, std::span<const tracking::Neighbour>(near_).first(count), venue_, now);
  }
  if (now_s - person.heard_s >= kSilent_s) evaluation.add({Level::pause, Cause::link_lost, 0.0, 0.0});
  if (person.partner) {
    const Concern& other = people_[*person.partner].ordered;
    if (people_[*person.partner].present && other.level >= Level::pause && other.cause != Cause::companion) {
      evaluation.add({Level::pause, Cause::companion, 0.0, 0.0});
    }
  }
  person.ordered = person.filter.update(now, evaluation);
}

void SafetyWatch::hall(double step_s, const Plans& plans, std::span<const int> gates) {
  if (hall_random_.chance(1.0 - std::exp(-kStep_s / link_.killed_every_s))) hall_back_s_ = step_s + link_.back_after_s;
  if (step_s < hall_back_s_) return;
  const double now_s = step_s + link_.delay_max_s;
  for (std::size_t slot = 0; slot < people_.size(); ++slot) {
    Person& person = people_[slot];
    if (!person.present) continue;
    if (person.sent) take(person, slot, now_s, plans);
    if (now_s - person.heard_s >= kLostAfter_s && person.placed) {
      person.body.kind = tracking::BodyKind::lost_viewer;
      person.body.reports = false;
    }
  }
  for (std::size_t slot = 0; slot < people_.size(); ++slot) {
    if (people_[slot].present && people_[slot].placed) order(people_[slot], slot, now_s);
  }
  frame_times_s_[static_cast<std::size_t>(++newest_ % kFrames)] = now_s;
  for (std::size_t slot = 0; slot < people_.size(); ++slot) {
    const Person& person = people_[slot];
    Cell& one = cell(newest_, slot);
    one.gate = gates[slot];
    one.neighbour.body = {};
    if (person.present && person.placed) tell(person, now_s, one);
  }
}

void SafetyWatch::tell(const Person& person, double now_s, Cell& one) const {
  const Body& body = person.body;
  const base::HallTime now = base::hall_time(now_s);
  protocol::Neighbour& told = one.neighbour;
  told.body = body.id;
  told.relation = protocol::Relation::stranger;  // whose group he is of stands beside it
  told.age = std::max(base::Duration{0}, now - body.heard);
  told.position = body.position + body.velocity * std::min(base::to_seconds(told.age), kExtrapolate_s);
  told.velocity = body.velocity;
  told.radius_m = body.error_m + body.widened_m + tracking::reach_m(body, now);
  told.planned.clear();
  if (body.ahead) told.planned.assign(person.plan.later.begin(), person.plan.later.end());
  one.ordered = person.ordered;
  one.group = person.group;
  one.partner = person.partner ? static_cast<std::int32_t>(*person.partner) : -1;
}

}  // namespace promenade::bench::safety

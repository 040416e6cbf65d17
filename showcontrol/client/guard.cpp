#include "showcontrol/client/guard.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace promenade::client {

using tracking::Body;
using tracking::BodyKind;
using tracking::Level;

namespace {

constexpr base::Duration kCalmBeforeRelease{1'500'000};
constexpr double kExtrapolateMost_s = 0.5;          // constant velocity, as long as it is nearly right
constexpr std::array kPlannedAt_s{3.0, 6.0, 10.0};  // of a neighbour's planned points
constexpr double kPlanStep_s = 0.5, kPlanHorizon_s = 10.0;
constexpr double kRing = 0.35;                      // faint, but always there
constexpr double kGhostLeast = 0.3;
const base::BodyId kSelf{0xffffffff};               // no body on the wire has this number
const base::GroupId kOwnGroup{1};

// A neighbour's planned place `ahead_s` after the frame in which it was told.
tracking::HallPoint planned_place(const protocol::Neighbour& n, double ahead_s) {
  double from_s = 0.0;
  tracking::HallPoint from = n.position;
  for (std::size_t i = 0; i < kPlannedAt_s.size(); ++i) {
    if (ahead_s <= kPlannedAt_s[i]) return from + (n.planned[i] - from) * ((ahead_s - from_s) / (kPlannedAt_s[i] - from_s));
    from_s = kPlannedAt_s[i];
    from = n.planned[i];
  }
  return from;
}

BodyKind kind_of(protocol::Relation relation) {
  using protocol::Relation;
  switch (relation) {
    case Relation::staff:
    case Relation::placed_staff: return BodyKind::attendant;
    case Relation::unknown_body: return BodyKind::unknown;
    case Relation::lost:
    case Relation::lost_of_group: return BodyKind::lost_viewer;
    default: return BodyKind::viewer;
  }
}

// Whose group is his own, whether or not he is still heard; who holds his hand is told apart (pair).
bool is_of_own_group(protocol::Relation relation) { return relation == protocol::Relation::group || relation == protocol::Relation::lost_of_group; }

// What staff have lifted after looking counts as a warning at most; where they may not, nothing is lifted.
tracking::Evaluation without_lifted(const tracking::Evaluation& all, std::uint16_t lifted) {
  tracking::Evaluation left;
  for (tracking::Concern concern : all.concerns()) {
    const bool eased = (lifted >> static_cast<unsigned>(concern.cause) & 1u) != 0 && tracking::staff_may_override(concern.cause);
    if (eased) concern.level = std::min(concern.level, Level::warn);
    left.add(concern);
  }
  return left;
}

Ghost ghost_of(const Body& body, const protocol::Neighbour& n, const tracking::PairView& pair, const tracking::SafetyLimits& limits) {
  Ghost ghost{n.body, n.relation, body.position, pair.reach_m, 0.0, kRing};
  if (is_of_own_group(n.relation) || n.relation == protocol::Relation::pair) {
    ghost.opacity = 1.0;  // they are in the film together
  } else if (pair.ghost) {
    const double near = (limits.ghost_m - pair.distance_m) / (limits.ghost_m - limits.stranger.warn_m);
    const double soon = 1.0 - pair.contact_s / limits.ghost_s;
    ghost.opacity = std::clamp(std::max(near, soon), kGhostLeast, 1.0);
  }
  if (pair.concern.level >= Level::warn) ghost.opacity = 1.0;
  return ghost;
}

}  // namespace

Body told_body(const protocol::Neighbour& n, base::HallTime told, base::HallTime now) {
  const double since_s = std::max(0.0, base::to_seconds(now - told));
  Body body;
  body.id = n.body;
  body.kind = kind_of(n.relation);
  body.reports = n.relation < protocol::Relation::unknown_body;
  body.velocity = n.velocity;
  body.heard = told - n.age;
  // The radius holds the hall's error and the reach grown so far; the reach is reckoned again from `heard`.
  body.error_m = std::max(0.0, n.radius_m - tracking::reach_m(body, told));
  body.position = n.position + n.velocity * std::min(since_s, kExtrapolateMost_s);
  if (is_of_own_group(n.relation)) body.group = kOwnGroup;
  if (n.relation == protocol::Relation::pair) body.hand_pair = kSelf;
  if (n.planned.size() == protocol::kPlannedPoints) {
    body.ahead = tracking::PlanAhead{planned_place(n, since_s), planned_place(n, since_s + 1.0), planned_place(n, since_s + 2.0)};
  }
  return body;
}

double planned_gap_m(const protocol::Neighbour& n, double silence_s, const Walk& walk, tracking::HallPoint head) {
  if (n.planned.size() != protocol::kPlannedPoints) return tracking::kForever_s;
  double gap = tracking::kForever_s;
  for (double t = 0.0; t <= kPlanHorizon_s; t += kPlanStep_s) {
    gap = std::min(gap, tracking::distance(walk.planned(head, t), planned_place(n, silence_s + t)));
  }
  return gap;
}

Body Guard::own_body(const Moment& moment, const Place& place, const Walk& walk, const tracking::Venue& venue) const {
  const tracking::PoseHistory& history = place.history();
  Body self;
  self.id = kSelf;
  self.position = tracking::floor_point(history.newest());
  self.velocity = history.velocity();
  self.heard = history.newest_time();
  self.error_m = place.error_m(moment.now);
  self.zone = venue.zone_at(self.position);
  self.group = kOwnGroup;
  if (walk.film_shows() || !walk.path().empty()) {
    self.ahead = tracking::PlanAhead{walk.planned(self.position, 0.0), walk.planned(self.position, 1.0), walk.planned(self.position, 2.0)};
    self.off_plan_m = walk.off_plan_m(self.position, self.velocity);
  }
  return self;
}

tracking::Concern Guard::evaluate(const Moment& moment, const Place& place, const Walk& walk, const tracking::Venue& venue,
                                  const protocol::HallState* frame) {
  ghosts_.clear();
  if (place.history().empty()) {
    wall_m_ = tracking::kForever_s;
    const double lost_s = place.tracking_lost_s(moment.now);
    return hold(moment.now, {lost_s >= venue.safety.tracking_stop_s ? Level::stop : Level::pause, tracking::Cause::tracking_lost, 0.0, 0.0});
  }
  const Body self = own_body(moment, place, walk, venue);
  tracking::Condition condition;
  condition.stray_m = walk.stray_m(self.position);
  condition.tracking_lost_s = place.tracking_lost_s(moment.now);
  condition.calibration = place.calibration_state(moment.now);
  condition.head_low_s = place.posture().head_low_s(moment.now);
  condition.falling = place.posture().falling();
  condition.low_is_fine = walk.seated() || self.zone == tracking::Zone::chair;
  condition.worn = moment.worn;
  condition.server_silence_s = moment.silence_s;
  tracking::Evaluation evaluation = tracking::evaluate(self, condition, {}, venue, moment.now);
  wall_m_ = venue.clearance_m(self.position);
  if (frame != nullptr) add_neighbours(moment, self, condition, walk, venue, *frame, evaluation);
  return settle(moment.now, without_lifted(evaluation, moment.lifted));
}

void Guard::add_neighbours(const Moment& moment, const Body& self, const tracking::Condition& condition, const Walk& walk,
                           const tracking::Venue& venue, const protocol::HallState& frame, tracking::Evaluation& out) {
  const bool silent = condition.server_silence_s >= venue.safety.stale_warn_s;
  for (const protocol::Neighbour& n : frame.neighbours) {
    Body body = told_body(n, frame.time, moment.now);
    body.zone = venue.zone_at(body.position);
    const double reach_m = tracking::reach_m(body, moment.now);
    if (!silent && tracking::distance(body.position, self.position) > tracking::interest_m(body, venue.safety) + reach_m) continue;
    const double gap_m = silent ? planned_gap_m(n, condition.server_silence_s, walk, self.position) : tracking::kForever_s;
    const tracking::PairView pair = tracking::view_pair(self, {&body, gap_m}, condition, venue, moment.now);
    const bool sees_me = moment.stands_among_staff && n.planned.empty();
    if (!sees_me) out.add(pair.concern);
    ghosts_.push_back(ghost_of(body, n, pair, venue.safety));
  }
}

tracking::Concern Guard::hold(base::HallTime now, const tracking::Concern& concern) {
  ghosts_.clear();
  wall_m_ = tracking::kForever_s;
  tracking::Evaluation evaluation;
  evaluation.add(concern);
  return settle(now, evaluation);
}

tracking::Concern Guard::settle(base::HallTime now, const tracking::Evaluation& evaluation) {
  if (evaluation.level() >= Level::pause) {
    calm_since_.reset();
  } else if (!calm_since_) {
    calm_since_ = now;
  }
  return filter_.update(now, evaluation);
}

void Guard::reset() {
  filter_.reset();
  calm_since_.reset();
  ghosts_.clear();
  wall_m_ = tracking::kForever_s;
}

void Guard::release(base::HallTime now) {
  if (filter_.level() >= Level::stop && calm_since_ && now - *calm_since_ >= kCalmBeforeRelease) filter_.release();
}

}  // namespace promenade::client

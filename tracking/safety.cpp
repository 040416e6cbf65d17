#include "tracking/safety.h"

#include <algorithm>
#include <cmath>

#include "tracking/prediction.h"
#include "tracking/wall_grid.h"

namespace promenade::tracking {
namespace {

constexpr double kFall_mps = 1.2;         // sitting down is slower
constexpr double kFarther_m = 0.01;       // more than rounding
constexpr double kSits_m = 0.6;           // of a head from the middle of the chair under it
constexpr double kUpright = 0.85;         // of standing height: above it nobody is falling yet

double bearing_rad(HallVec towards) { return std::atan2(-towards.x, towards.y); }

// A stop needs staff to end it: it is not for what somebody could have walked since he was last known, which may be much
// and is seldom so. For that a pause is enough until he is known again.
Level level_by_distance(double distance_m, double last_known_m, const DistanceRule& rule) {
  if (rule.stop_m > 0.0 && last_known_m < rule.stop_m) return Level::stop;
  if (distance_m < rule.pause_m) return Level::pause;
  if (distance_m < rule.warn_m) return Level::warn;
  return Level::clear;
}

Level by_time(double seconds, double warn_s, double pause_s, double stop_s) {
  if (seconds >= stop_s) return Level::stop;
  if (seconds >= pause_s) return Level::pause;
  if (seconds >= warn_s) return Level::warn;
  return Level::clear;
}

bool is_worse(const Concern& a, const Concern& b) {
  if (a.level != b.level) return a.level > b.level;
  if (a.distance_m != b.distance_m) return a.distance_m < b.distance_m;
  return a.cause < b.cause;
}

// Nor does anything keep him apart for whom there is no plan.
bool leaves_plan(const Body& body, const SafetyLimits& limits) { return !body.ahead || body.off_plan_m >= limits.off_plan_m; }

class WallView {
 public:
  WallView(const Body& self, const SafetyLimits& limits, base::HallTime now)
      : at_(self.position), rule_(limits.wall), limits_(limits) {
    // Half of a pair's allowance: here only one tracked body is in play.
    excess_m_ = std::max(0.0, self.error_m + reach_m(self, now) - limits.tracking_allowance_m / 2.0) + self.widened_m;
    known_excess_m_ = std::max(0.0, self.error_m - limits.tracking_allowance_m / 2.0) + self.widened_m;
    const bool keeps = !leaves_plan(self, limits);
    way_ = keeps ? predict(self) : predict_off_plan(self);
    // Who comes to a door walks up to the wall that it is in.
    pause_s_ = keeps || self.zone == Zone::door ? limits.wall_on_plan_s : rule_.pause_contact_s;
    const double walked_m = std::max(length(way_.first), length(way_.second)) * std::max(pause_s_, rule_.warn_contact_s);
    far_m_ = excess_m_ + std::max({rule_.warn_m, rule_.pause_m, rule_.stop_m, limits.wall_contact_m + walked_m}) + kFarther_m;
  }

  void outline(PolygonView polygon, bool inside_is_free) {
    const bool forbidden = contains(polygon, at_) != inside_is_free;
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
      const HallPoint q = nearest_on_segment(polygon[j], polygon[i], at_);
      const HallVec towards = q - at_;
      if (forbidden || dot(towards, towards) < far_m_ * far_m_) edge(towards, forbidden);
    }
  }
  const Concern& worst() const { return worst_; }
  double far_m() const { return far_m_; }

 private:
  void edge(HallVec towards, bool forbidden) {
    const double gap_m = length(towards);
    const double distance_m = forbidden ? 0.0 : std::max(0.0, gap_m - excess_m_);
    Level level = level_by_distance(distance_m, forbidden ? 0.0 : gap_m - known_excess_m_, rule_);
    if (!forbidden && gap_m > 0.0) {
      const double room_m = std::max(0.0, distance_m - limits_.wall_contact_m);
      const auto reached_in = [&](double seconds) {  // at the end, or where the way bends
        const double walked_m = std::max(dot(way_.after(seconds), towards), dot(way_.after(std::min(seconds, 1.0)), towards)) / gap_m;
        return room_m < walked_m;
      };
      if (reached_in(pause_s_)) level = std::max(level, Level::pause);
      if (reached_in(rule_.warn_contact_s)) level = std::max(level, Level::warn);
    }
    if (level == Level::clear) return;
    const Concern concern{level, Cause::wall, distance_m, 0.0};
    if (worst_.level == Level::clear || is_worse(concern, worst_)) {
      worst_ = concern;
      // Out of the hall or in an obstacle the nearest edge is the way back, and danger lies opposite.
      worst_.bearing_rad = bearing_rad(forbidden ? towards * -1.0 : towards);
    }
  }

  HallPoint at_;
  Prediction way_;
  const DistanceRule& rule_;
  const SafetyLimits& limits_;
  double excess_m_ = 0.0;
  double known_excess_m_ = 0.0;  // of it, what does not come of age
  double pause_s_ = 0.0;
  double far_m_ = 0.0;  // an edge as far as this is no concern
  Concern worst_;
};

void add_own_condition(Evaluation& out, const Body& self, const Condition& condition, const SafetyLimits& limits) {
  const auto add = [&out](Level level, Cause cause, double distance_m = 0.0) {
    out.add({level, cause, distance_m, 0.0});
  };
  if (condition.stray_m >= limits.stray_warn_m) {
    add(condition.stray_m >= limits.stray_pause_m ? Level::pause : Level::warn, Cause::stray, condition.stray_m);
  }
  add(by_time(condition.tracking_lost_s, limits.tracking_warn_s, limits.tracking_pause_s, limits.tracking_stop_s),
      Cause::tracking_lost);
  if (condition.calibration == CalibrationState::out_of_trust || condition.calibration == CalibrationState::none) {
    add(Level::pause, Cause::tracking_lost);
  }
  const bool low = condition.falling || condition.head_low_s >= limits.low_head_s;
  if (low && !condition.low_is_fine && self.zone != Zone::chair) add(Level::pause, Cause::posture);
  if (length(self.velocity) > limits.running_mps) add(Level::pause, Cause::running);
  if (!condition.worn) add(Level::pause, Cause::not_worn);
  if (condition.server_silence_s >= limits.silence_lift_off_s) {
    add(Level::evacuate, Cause::link_lost);
  } else if (condition.server_silence_s >= limits.silence_pause_s) {
    add(Level::pause, Cause::link_lost);
  }
}

// What silence about a neighbour asks for: by the neighbour's own age, or, when the hall itself is silent, by
// how near the two plans come and how far either may have left them.
Level level_by_silence(const Neighbour& neighbour, const Condition& condition, const Venue& venue, bool by_plan, double age_s,
                       bool could_be_met) {
  const SafetyLimits& limits = venue.safety;
  if (by_plan) {
    const double silence_s = condition.server_silence_s;
    if (neighbour.planned_gap_m >= venue.separation_m + limits.off_plan_mps * silence_s) return Level::clear;
    return by_time(silence_s, limits.stale_warn_s, limits.stale_pause_s, kForever_s);
  }
  if (!neighbour.body->reports || !could_be_met) return Level::clear;
  return by_time(age_s, limits.stale_warn_s, limits.stale_pause_s, kForever_s);
}

}  // namespace

void Evaluation::add(const Concern& concern) {
  if (concern.level == Level::clear) return;
  if (size_ < kMax) {
    concerns_[size_++] = concern;
  } else {
    const auto mildest = std::ranges::max_element(concerns_, is_worse);  // the one that every other is worse than
    if (!is_worse(concern, *mildest)) return;
    *mildest = concern;
  }
  worst_ = static_cast<std::size_t>(
      std::min_element(concerns_.begin(), concerns_.begin() + static_cast<std::ptrdiff_t>(size_), is_worse) -
      concerns_.begin());
}

const Concern& Evaluation::worst() const { return concerns_[worst_]; }

Level Evaluation::level_of(Cause cause) const {
  Level level = Level::clear;
  for (const Concern& concern : concerns()) {
    if (concern.cause == cause) level = std::max(level, concern.level);
  }
  return level;
}

const DistanceRule* rule_between(const Body& a, const Body& b, const SafetyLimits& limits) {
  if (hold_hands(a, b)) return nullptr;
  const auto either = [&](Zone zone) { return a.zone == zone || b.zone == zone; };
  // In the kitting area attendants have viewers in their hands.
  if (sees_hall(a.kind) || sees_hall(b.kind)) return either(Zone::kitting) ? nullptr : &limits.attendant;
  if (!a.group.is_none() && a.group == b.group) return &limits.group;
  if (either(Zone::kitting)) return &limits.kitting;
  if (either(Zone::chair)) return &limits.chair;
  if (either(Zone::door)) return &limits.door;
  return leaves_plan(a, limits) || leaves_plan(b, limits) ? &limits.off_plan : &limits.stranger;
}

namespace {

// Who sits on a chair cannot walk into the wall behind it; who has got up from it can.
bool sits(const Body& self, const Venue& venue) {
  return self.zone == Zone::chair &&
         std::ranges::any_of(venue.seats, [&](const Seat& seat) { return distance(seat.at, self.position) <= kSits_m; });
}

struct Own {  // of the viewer who is evaluated, the same for every neighbour
  Prediction way;
  double reach_m = 0.0;
};
Own own_of(const Body& self, base::HallTime now) { return {predict(self), reach_m(self, now)}; }

PairView view_from(const Body& self, const Own& own, const Neighbour& neighbour, const Condition& condition, const Venue& venue,
                   base::HallTime now) {
  const SafetyLimits& limits = venue.safety;
  const Body& other = *neighbour.body;
  const bool by_plan = condition.server_silence_s >= limits.stale_warn_s && other.ahead.has_value();
  PairView view;
  const HallPoint place = by_plan ? other.ahead->now : other.position;
  const double other_reach_m = by_plan ? limits.off_plan_mps * condition.server_silence_s : reach_m(other, now);
  const HallVec offset = place - self.position;
  const double gap_m = length(offset);
  const double error_m = std::sqrt(self.error_m * self.error_m + other.error_m * other.error_m);
  const double wider_m = other.widened_m + self.widened_m;
  const double excess_m = std::max(0.0, error_m + own.reach_m + other_reach_m - limits.tracking_allowance_m) + wider_m;
  view.distance_m = std::max(0.0, gap_m - excess_m);
  view.reach_m = limits.contact_m / 2.0 + other_reach_m + other.error_m + other.widened_m;

  const DistanceRule* rule = rule_between(self, other, limits);
  if (rule == nullptr) return view;
  const bool off_plan = rule == &limits.off_plan;
  const auto as_he_goes = [&](const Body& body) {
    return off_plan && leaves_plan(body, limits) ? std::optional(predict_off_plan(body)) : std::nullopt;
  };
  const Prediction mine = as_he_goes(self).value_or(own.way);
  // Who sees the hall gives way: only the viewer's own walk can carry the two together.
  Prediction theirs = sees_hall(other.kind) ? Prediction{} : as_he_goes(other).value_or(predict(other));
  if (by_plan) theirs = {other.ahead->in_1s - place, other.ahead->in_2s - other.ahead->in_1s};
  const double contact_m = (off_plan ? rule->pause_m : limits.contact_m) + excess_m;

  const double last_known_m = gap_m - std::max(0.0, error_m - limits.tracking_allowance_m) - wider_m;
  Level level = level_by_distance(view.distance_m, last_known_m, *rule);
  view.contact_s = time_to_contact_s(offset, mine, theirs, contact_m).value_or(kForever_s);
  if (view.contact_s < rule->pause_contact_s) level = std::max(level, Level::pause);
  if (view.contact_s < rule->warn_contact_s) level = std::max(level, Level::warn);
  if (view.contact_s > limits.horizon_s) view.contact_s = kForever_s;

  const double age_s = std::max(0.0, base::to_seconds(now - other.heard));
  view.ghost = view.distance_m < limits.ghost_m ||
               closest_approach_m(offset, (theirs.after(limits.ghost_s) - mine.after(limits.ghost_s)) * (1.0 / limits.ghost_s), limits.ghost_s) - excess_m < limits.stranger.warn_m ||
               (other.reports && !by_plan && age_s >= limits.stale_ghost_s);

  Cause cause = Cause::body;
  const auto raise = [&](Level to, Cause by) {
    if (to > level) {
      level = to;
      cause = by;
    }
  };
  if (by_plan || age_s >= limits.stale_warn_s) {
    // Within the horizon, each of them off its way as fast as somebody may leave a plan, on top of what the age adds.
    const auto met = time_to_contact_s(offset, mine, theirs, contact_m + limits.off_plan_mps * limits.horizon_s);
    raise(level_by_silence(neighbour, condition, venue, by_plan, age_s, met && *met < limits.horizon_s), Cause::stale);
  }
  const double speed_mps = length(other.velocity);
  if (speed_mps > limits.running_mps && !sees_hall(other.kind) &&
      view.distance_m < limits.contact_m + limits.horizon_s * speed_mps) {
    raise(Level::pause, Cause::running);
  }
  if (level != Level::clear) view.concern = {level, cause, view.distance_m, bearing_rad(offset)};
  return view;
}

}  // namespace

double interest_m(const Body& other, const SafetyLimits& limits) {
  return std::max(kInterestRadius_m, limits.contact_m + limits.horizon_s * length(other.velocity));
}

PairView view_pair(const Body& self, const Neighbour& neighbour, const Condition& condition, const Venue& venue,
                   base::HallTime now) {
  return view_from(self, own_of(self, now), neighbour, condition, venue, now);
}

Evaluation evaluate(const Body& self, const Condition& condition, std::span<const Neighbour> neighbours,
                    const Venue& venue, base::HallTime now, const WallGrid* grid) {
  Evaluation out;
  if (!sits(self, venue)) {
    WallView walls(self, venue.safety, now);
    walls.outline(venue.boundary, true);
    if (const auto near = grid != nullptr ? grid->near(self.position, walls.far_m()) : std::nullopt) {
      for (const std::uint32_t i : *near) walls.outline(venue.obstacles[i].outline, false);
    } else {
      for (const Obstacle& obstacle : venue.obstacles) walls.outline(obstacle.outline, false);
    }
    out.add(walls.worst());
  }
  const Own own = own_of(self, now);
  for (const Neighbour& neighbour : neighbours) out.add(view_from(self, own, neighbour, condition, venue, now).concern);
  add_own_condition(out, self, condition, venue.safety);
  return out;
}

void PostureWatch::update(base::HallTime now, double head_height_m, double fall_speed_mps, const SafetyLimits& limits) {
  if (head_height_m >= limits.low_head_fraction * standing_m_) {
    low_since_.reset();
  } else if (!low_since_) {
    low_since_ = now;
  }
  const bool falls = fall_speed_mps > kFall_mps && head_height_m < kUpright * standing_m_;
  falling_ = falls || (falling_ && low_since_);  // whoever fell lies there until he is up again
}

double PostureWatch::head_low_s(base::HallTime now) const {
  return low_since_ ? std::max(0.0, base::to_seconds(now - *low_since_)) : 0.0;
}

}  // namespace promenade::tracking

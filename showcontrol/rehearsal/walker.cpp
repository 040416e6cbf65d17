#include "showcontrol/rehearsal/walker.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tracking/base/assert.h"

namespace promenade::rehearsal {
namespace {

constexpr double kStepMax = 0.2;        // s
constexpr double kArrived = 0.02;       // m
constexpr double kRunSpeed = 2.5;       // m/s, row "run"
constexpr double kRunSeconds = 2.0;
constexpr double kReturnSpeed = 0.8;    // m/s, row "stray"
// Between heads of people who know and see each other: the farther half of personal distance is 0.76 to 1.2 m (Hall 1966).
constexpr double kBesideFellow = 0.95;
constexpr double kRoomMost = 1.0;      // m, given to one of the party
constexpr double kBoundSpeed = 0.3;    // m/s, how fast somebody takes to a wider or narrower area
constexpr double kSitSeconds = 30.0;    // assumed: gets up or is helped by then

// Stationary variance of a unit Ornstein-Uhlenbeck input behind a critically damped second-order low pass:
// b (a + 2 b) / (2 (a + b)^2), a = 1 / correlation, b = 1 / smoothing (from the integral of its spectrum).
double filtered_variance(double correlation_s, double smoothing_s) {
  const double a = 1.0 / correlation_s;
  const double b = 1.0 / smoothing_s;
  return b * (a + 2.0 * b) / (2.0 * (a + b) * (a + b));
}

// A Poisson event at `rate` per second within dt.
bool happens(base::Random& random, double rate, double dt) { return random.chance(1.0 - std::exp(-rate * dt)); }

}  // namespace

Walker::Walker(const WalkerHabits& habits, base::Random random, HallPoint at, double play_length_s, bool child,
               std::optional<base::Random> together)
    : habits_(habits),
      wander_random_(together.value_or(random).fork("wander")),
      pace_random_(together.value_or(random).fork("pace")),
      reaction_random_(random.fork("reaction")),
      mishap_random_(random.fork("mishap")),
      child_(child),
      play_length_s_(play_length_s),
      anchor_(at),
      wander_scale_(habits.sigma_m / std::sqrt(filtered_variance(habits.wander_correlation_s, habits.wander_smoothing_s))),
      position_(at) {
  PROMENADE_ASSERT(play_length_s > 0.0);
  base::Random person = random.fork("person");
  base::Random gait = together.value_or(random).fork("gait");
  speed_ = std::clamp(gait.lognormal_by_mean(habits.speed_mean_mps, habits.speed_sd_mps), habits.speed_min_mps,
                      habits.speed_max_mps);
  height_ = child ? person.uniform(1.1, 1.4) : std::clamp(person.normal(1.60, 0.08), 1.35, 1.9);
  // The process starts in its stationary state, so that the first minute is like any other.
  for (Axis& axis : axes_) axis.input = axis.value = wander_random_.normal();
}

void Walker::step(double now_s, const Guidance& guidance, const Room& room) {
  if (!started_) {
    started_ = true;
    now_s_ = now_s;
    bound_m_ = guidance.free_radius_m + habits_.wander_beyond_free_m;
    position_ = room.nearest_free(anchor_ + wander_offset(bound_m_) + deviation_);
    return;
  }
  PROMENADE_ASSERT(now_s >= now_s_);
  const HallPoint before = position_;
  const double whole = now_s - now_s_;
  const int parts = std::max(1, static_cast<int>(std::ceil(whole / kStepMax - 1e-9)));
  if (whole > 0.0) {
    for (int i = 0; i < parts; ++i) advance(whole / parts, guidance, room);
    velocity_ = (position_ - before) * (1.0 / whole);
  }
  now_s_ = now_s;
}

void Walker::advance(double dt, const Guidance& guidance, const Room& room) {
  if (guidance.path_id != path_id_) {
    path_id_ = guidance.path_id;
    path_ = guidance.path;
    next_ = 0;
    // The first vertex is about where the person stands; it is not walked back to.
    if (path_.size() > 1 && tracking::distance(path_.front(), anchor_) < 1.0) next_ = 1;
    pace_ = pace_random_.lognormal_by_mean(1.0, habits_.pace_cv);
    start_up_left_s_ = pace_random_.lognormal_by_quantiles(habits_.start_up_median_s, habits_.start_up_p95_s);
    along_mps_ = 0.0;
  } else if (!path_.empty() && guidance.path.size() > path_.size()) {  // it goes on: who has come to its end sets off again
    if (next_ >= path_.size()) start_up_left_s_ = pace_random_.lognormal_by_quantiles(habits_.start_up_median_s, habits_.start_up_p95_s);
    path_ = guidance.path;
  }
  react(dt, guidance);
  misadventures(dt, guidance);
  if (conduct_ != Conduct::down && worn_) {
    const double moving = dt * vigour_;
    follow(moving, guidance);
    wander(moving);
  }
  deviate(dt, guidance);
  const double bound = guidance.free_radius_m + habits_.wander_beyond_free_m;
  bound_m_ = std::clamp(bound, bound_m_ - kBoundSpeed * dt, bound_m_ + kBoundSpeed * dt);
  const HallPoint wanted = beside_fellows(anchor_ + wander_offset(bound_m_) + deviation_, guidance);
  const HallPoint reached = room.nearest_free(wanted);
  // A wall ends a stray: he stays where the wall let him come.
  if (conduct_ != Conduct::normal && tracking::distance(wanted, reached) > 0.05) {
    deviation_ = deviation_ + (reached - wanted);
    deviation_goal_ = deviation_;
  }
  position_ = reached;
  if (next_ < path_.size() && along_mps_ > 0.05) {
    const HallVec ahead = path_[next_] - anchor_;
    const double target = std::atan2(-ahead.x, ahead.y);
    yaw_ += std::remainder(target - yaw_, 2.0 * std::numbers::pi) * std::min(1.0, dt / 0.5);
  } else {
    yaw_ += 0.3 * dt * axes_[0].rate;  // looks about
  }
}

void Walker::start_reaction(bool stop) {
  obeys_ = reaction_random_.chance(stop ? habits_.obey_stop : habits_.obey_pause);
  reaction_left_s_ = reaction_random_.lognormal_by_quantiles(habits_.reaction_median_s, habits_.reaction_p95_s);
  slow_s_ = std::max(0.2, reaction_random_.normal(habits_.slowing_mean_s, habits_.slowing_sd_s));
  repeat_left_s_ = habits_.repeat_s;
}

void Walker::react(double dt, const Guidance& guidance) {
  const bool command = guidance.level >= tracking::Level::pause || guidance.stand_still;
  if (command) {
    const bool stop = guidance.level >= tracking::Level::stop;
    // A worse command is a new command for one who has not obeyed yet.
    if (!commanded_ || (guidance.level > commanded_level_ && !obeys_)) start_reaction(stop);
    commanded_ = true;
    commanded_level_ = guidance.level;
    if (!obeys_) {
      repeat_left_s_ -= dt;
      if (repeat_left_s_ <= 0.0) start_reaction(stop);
    } else if (reaction_left_s_ > 0.0) {
      reaction_left_s_ -= dt;
    } else {
      vigour_ = std::max(0.0, vigour_ - dt / slow_s_);
    }
    still_s_ = vigour_ == 0.0 ? still_s_ + dt : 0.0;
    return;
  }
  if (commanded_) {
    commanded_ = obeys_ = false;
    still_s_ = 0.0;
    start_up_left_s_ = std::max(start_up_left_s_, pace_random_.lognormal_by_quantiles(habits_.start_up_median_s, habits_.start_up_p95_s));
  }
  const bool warned = guidance.level == tracking::Level::warn;
  if (warned && !warned_) heeds_ = reaction_random_.chance(habits_.heed_warning);
  warned_ = warned;
  const double goal = warned && heeds_ ? 0.5 : 1.0;
  vigour_ = vigour_ > goal ? std::max(goal, vigour_ - 0.5 * dt) : std::min(goal, vigour_ + dt / 0.6);
}

void Walker::misadventures(double dt, const Guidance& guidance) {
  if (lifted_left_s_ > 0.0) {
    lifted_left_s_ -= dt;
    if (lifted_left_s_ <= 0.0 && !taken_off_) worn_ = true;
  }
  if (!guidance.in_play || conduct_ != Conduct::normal || !worn_) return;
  const double factor = child_ ? habits_.child_rate_factor : 1.0;
  if (happens(mishap_random_, factor * habits_.stray_per_play / play_length_s_, dt)) {
    const double angle = mishap_random_.uniform(0.0, 2.0 * std::numbers::pi);
    const double reach = mishap_random_.uniform(1.0, 3.0);
    conduct_ = Conduct::straying;
    deviation_goal_ = HallVec{std::cos(angle), std::sin(angle)} * reach;
    deviation_mps_ = kReturnSpeed;
    stay_s_ = mishap_random_.uniform(5.0, 20.0);
  } else if (happens(mishap_random_, factor * habits_.run_per_play / play_length_s_, dt)) {
    const double angle = mishap_random_.uniform(0.0, 2.0 * std::numbers::pi);
    conduct_ = Conduct::running;
    deviation_goal_ = HallVec{std::cos(angle), std::sin(angle)} * (kRunSpeed * kRunSeconds);
    deviation_mps_ = kRunSpeed;
    stay_s_ = 2.0;
  } else if (happens(mishap_random_, habits_.fall_per_hour / 3600.0, dt)) {
    conduct_ = Conduct::down;
    conduct_left_s_ = kSitSeconds;
  } else if (happens(mishap_random_, habits_.lift_visor_per_hour / 3600.0, dt)) {
    worn_ = false;
    lifted_left_s_ = mishap_random_.uniform(2.0, 15.0);
  } else if (happens(mishap_random_, habits_.take_off_per_hour / 3600.0, dt)) {
    worn_ = false;
    taken_off_ = true;
  }
}

double Walker::speed_limit_ahead() const {
  // Slow enough for the next corner: v^2 = v_corner^2 + 2 a d; a corner of 90 degrees or more is a stop.
  double distance = tracking::distance(anchor_, path_[next_]);
  double limit = 10.0;
  for (std::size_t i = next_; i < path_.size() && distance < 2.0; ++i) {
    double corner = 0.0;
    if (i + 1 < path_.size()) {
      const HallPoint from = i == next_ ? anchor_ : path_[i - 1];
      const HallVec in = path_[i] - from;
      const HallVec out = path_[i + 1] - path_[i];
      const double sizes = tracking::length(in) * tracking::length(out);
      corner = sizes > 0.0 ? std::max(0.0, tracking::dot(in, out) / sizes) * speed_ : speed_;
      limit = std::min(limit, std::sqrt(corner * corner + 2.0 * habits_.acceleration_mps2 * distance));
      distance += tracking::length(out);
    } else {
      limit = std::min(limit, std::sqrt(2.0 * habits_.acceleration_mps2 * distance));
    }
  }
  return limit;
}

void Walker::follow(double dt, const Guidance& guidance) {
  if (next_ >= path_.size()) {
    along_mps_ = 0.0;
    return;
  }
  if (start_up_left_s_ > 0.0) {
    start_up_left_s_ -= dt;
    return;
  }
  const double wanted = guidance.give_way ? 0.0 : std::min(speed_ * pace_, std::max(0.1, speed_limit_ahead()));
  const double change = habits_.acceleration_mps2 * dt;
  along_mps_ = std::clamp(wanted, along_mps_ - change, along_mps_ + change);
  double way = along_mps_ * dt;
  while (next_ < path_.size() && way > 0.0) {
    const HallVec ahead = path_[next_] - anchor_;
    const double distance = tracking::length(ahead);
    if (distance <= way + kArrived) {
      anchor_ = path_[next_++];
      way -= distance;
    } else {
      anchor_ = anchor_ + ahead * (way / distance);
      way = 0.0;
    }
  }
}

HallVec Walker::wander_offset(double bound_m) const {
  HallVec offset{axes_[0].value * wander_scale_, axes_[1].value * wander_scale_};
  const double size = tracking::length(offset);
  return size > bound_m ? offset * (bound_m / size) : offset;
}

void Walker::wander(double dt) {
  if (dt <= 0.0) return;
  const double keep = std::exp(-dt / habits_.wander_correlation_s);
  const double kick = std::sqrt(1.0 - keep * keep);
  const double b = 1.0 / habits_.wander_smoothing_s;
  const double decay = std::exp(-b * dt);
  for (Axis& axis : axes_) {
    axis.input = keep * axis.input + kick * wander_random_.normal();
    // Exact step of the critically damped filter towards a constant input.
    const double error = axis.value - axis.input;
    const double slope = axis.rate + b * error;
    axis.value = axis.input + (error + slope * dt) * decay;
    axis.rate = (slope - b * (error + slope * dt)) * decay;
  }
}

void Walker::deviate(double dt, const Guidance& guidance) {
  if (conduct_ == Conduct::down) {
    conduct_left_s_ -= dt;
    if (conduct_left_s_ <= 0.0) conduct_ = Conduct::normal;
    return;
  }
  if (!worn_) return;
  const auto move = [&](HallVec goal, double speed) {
    HallVec left = goal - deviation_;
    const double size = tracking::length(left);
    const double way = speed * dt;
    deviation_ = size <= way ? goal : deviation_ + left * (way / size);
    return size <= way;
  };
  if (conduct_ != Conduct::normal) {
    return_mps_ = kReturnSpeed;
    const double moving = deviation_mps_ * vigour_;
    if (move(deviation_goal_, moving)) {
      stay_s_ -= dt;
      if (stay_s_ <= 0.0) conduct_ = Conduct::normal;
    } else if (vigour_ == 0.0 && still_s_ > 1.0) {
      conduct_ = Conduct::normal;  // halted on his stray: he goes back when let go
    }
    return;
  }
  if (commanded_ && guidance.has_arrow && still_s_ > habits_.step_away_after_s) {
    const HallVec away{-std::sin(guidance.arrow_rad), std::cos(guidance.arrow_rad)};
    const HallVec stepped = deviation_ + away * (habits_.step_away_mps * dt);
    // Away from his path only so far; back to it as far as it takes.
    if (tracking::length(deviation_) == 0.0) return_mps_ = habits_.step_away_mps;
    if (tracking::length(stepped) < std::max(habits_.step_away_most_m, tracking::length(deviation_))) deviation_ = stepped;
    return;
  }
  if (commanded_) return;
  if (guidance.fellow_near) {
    const HallVec room = deviation_ + guidance.from_fellow * (habits_.make_room_mps * vigour_ * dt);
    if (tracking::length(room) < kRoomMost) deviation_ = room;
  } else {
    move(HallVec{}, return_mps_ * vigour_);
  }
}

// Whom he sees he does not come nearer to than people do who walk together, unless he has lost himself or is led.
HallPoint Walker::beside_fellows(HallPoint wanted, const Guidance& guidance) const {
  if (!worn_ || conduct_ != Conduct::normal) return wanted;
  const auto kept = [&](HallPoint fellow) { return std::min(kBesideFellow, tracking::distance(position_, fellow)); };
  for (const HallPoint fellow : guidance.fellows) {
    const HallVec offset = wanted - fellow;
    const double apart = tracking::length(offset);
    if (apart < kept(fellow) && apart > 1e-3) wanted = fellow + offset * (kept(fellow) / apart);
  }
  const bool between_two = std::ranges::any_of(guidance.fellows, [&](HallPoint fellow) { return tracking::distance(wanted, fellow) < kept(fellow) - 1e-6; });
  return between_two ? position_ : wanted;
}

double Walker::head_height_m() const { return conduct_ == Conduct::down ? 0.45 * height_ : height_; }

bool Walker::at_path_end() const { return next_ >= path_.size(); }

void Walker::stand_at(HallPoint at, HallPoint here) {
  anchor_ = at;
  path_.clear();
  next_ = 0;
  along_mps_ = 0.0;
  start_up_left_s_ = 0.0;
  conduct_ = Conduct::normal;
  deviation_ = here - (anchor_ + wander_offset(bound_m_));
  return_mps_ = habits_.step_away_mps;
  position_ = here;
  velocity_ = {};
}

void Walker::put_on() {
  worn_ = true;
  taken_off_ = false;
  lifted_left_s_ = 0.0;
  if (conduct_ == Conduct::down) conduct_ = Conduct::normal;
}

}  // namespace promenade::rehearsal

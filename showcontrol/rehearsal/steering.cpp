#include "showcontrol/rehearsal/steering.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace promenade::rehearsal {
namespace {

constexpr double kArrived_m = 0.02;
constexpr double kFromWall_m = 0.55;
constexpr double kPatience_s = 4.0;
constexpr double kNearer_m = 0.1;
constexpr double kThere_m = 0.05;
constexpr double kAside_m = 0.3;       // who is about there moves sideways only to make room
constexpr double kNewTarget_m = 0.5;
constexpr double kSqueezeBlind_m = 0.95;
constexpr double kSqueezeSighted_m = 0.3;
constexpr double kInTheWay_m = 2.5;    // who stands farther on is not yet walked round
constexpr double kPast_m = 1.0;
constexpr double kBeside_m = 0.15;
constexpr double kStands_mps = 0.15;
constexpr double kTooNear_m = 0.85;    // contact is at 0.7 m
constexpr double kFirst = 0.25;        // of the look ahead
constexpr double kWatch_m = 2.8;  // who stands still looks no farther for somebody blind
constexpr std::array<double, 11> kTurns{0.0, 0.3, -0.3, 0.6, -0.6, 1.0, -1.0, 1.5, -1.5, 2.2, -2.2};  // rad

struct Choice {
  HallVec velocity;
  double cost = 0.0;
};

// How much a step is to be regretted: the least distance to people over the next moment, and the way lost. From `most`
// on it is not reckoned to its end: every part only adds.
double regret(HallPoint at, HallVec velocity, HallPoint target, const Steering& steering, std::span<const Person> people,
              std::uint32_t self, std::uint32_t hand, std::uint32_t group, const Room& room, double most) {
  // He stops at his target: what is passed by in the look ahead is not lost.
  const double pace = tracking::length(velocity);
  const double left = tracking::distance(at, target);
  const bool towards = pace > 0.0 && tracking::dot(velocity, target - at) > 0.95 * pace * left;
  const bool steps_away = !towards && left < kAside_m;
  const double ahead_s = pace <= 0.0 ? 0.0 : steps_away ? steering.look_ahead_s : std::min(steering.look_ahead_s, left / pace);
  double cost = tracking::distance(at + velocity * ahead_s, target);
  if (cost >= most) return cost;
  const double wall_m = std::min(room.clearance_m(at + velocity * (0.5 * ahead_s)), room.clearance_m(at + velocity * ahead_s));
  if (wall_m < kFromWall_m) cost += 40.0 * (kFromWall_m - wall_m);
  for (const Person& other : people) {
    if (cost >= most) return cost;
    if (other.number == self || other.number == hand || (group != 0 && other.group == group)) continue;
    const HallVec offset = other.at - at;
    if (std::abs(offset.x) > 4.0 || std::abs(offset.y) > 4.0) continue;
    const double keep = other.blind ? steering.keep_from_blind_m : steering.keep_from_sighted_m;
    // He walks for as long as it takes to his target and then stands. Where he is too near already, what counts is
    // where the step leads: how near he is now would be the same for every step.
    const HallVec relative = other.velocity - velocity;
    const double from_s = other.blind && tracking::length(offset) < kTooNear_m ? kFirst * ahead_s : 0.0;
    const double walking = tracking::closest_approach_m(offset + relative * from_s, relative, ahead_s - from_s);
    const HallVec then = offset + relative * ahead_s;
    const double gap = std::min(walking, tracking::closest_approach_m(then, other.velocity, steering.look_ahead_s - ahead_s));
    if (gap < keep) cost += (other.blind ? 8.0 : 2.0) * (keep - gap);
    if (other.blind && gap < kTooNear_m) cost += 200.0 * (kTooNear_m - gap);
  }
  return cost;
}

// Where to go first when somebody blind stands in the way to `target`: past him on the side that lies nearer, where
// there is room. Steps are chosen for a second ahead, and none of them alone would lead round him.
HallPoint way_past(HallPoint at, HallPoint target, const Steering& steering, std::span<const Person> people, std::uint32_t self,
                   std::uint32_t hand, const Room& room) {
  const HallVec ahead = target - at;
  const double distance = tracking::length(ahead);
  if (distance < kThere_m) return target;
  const HallVec forward = ahead * (1.0 / distance);
  const HallVec left{-forward.y, forward.x};
  const Person* nearest = nullptr;
  double nearest_m = std::min(distance, kInTheWay_m);
  const double clear_m = std::min(steering.keep_from_blind_m, kPast_m);
  for (const Person& other : people) {
    if (!other.blind || other.number == self || other.number == hand || tracking::length(other.velocity) > kStands_mps) continue;
    const double along = tracking::dot(other.at - at, forward);
    if (along < 0.0 || along > nearest_m || std::abs(tracking::dot(other.at - at, left)) > clear_m) continue;
    nearest = &other;
    nearest_m = along;
  }
  if (nearest == nullptr || tracking::distance(nearest->at, target) < clear_m) return target;
  const double side = tracking::dot(at - nearest->at, left) < 0.0 ? -1.0 : 1.0;
  for (const double one : {side, -side}) {
    const HallPoint past = nearest->at + left * (one * (clear_m + kBeside_m));
    if (room.clearance_m(past) >= kFromWall_m) return past;
  }
  return target;
}

}  // namespace

Steering Patience::apply(Steering steering, HallPoint at, HallPoint target, double now_s) {
  const double distance = tracking::distance(at, target);
  if (tracking::distance(target, target_) > kNewTarget_m || distance < nearest_m_ - kNearer_m || distance < kThere_m) {
    target_ = target;
    nearest_m_ = distance;
    since_s_ = now_s;
  }
  if (spent(now_s, kPatience_s)) {
    steering.keep_from_blind_m = kSqueezeBlind_m;
    steering.keep_from_sighted_m = kSqueezeSighted_m;
  }
  return steering;
}

bool Patience::spent(double now_s, double for_s) const { return now_s - since_s_ > for_s; }

HallPoint steer(HallPoint at, HallPoint goal, double dt_s, const Steering& steering, std::span<const Person> people,
                std::uint32_t self, std::uint32_t hand, const Room& room) {
  const auto me = std::ranges::find(people, self, &Person::number);
  const std::uint32_t group = me == people.end() ? 0 : me->group;
  const HallPoint target = way_past(at, goal, steering, people, self, hand, room);
  const HallVec ahead = target - at;
  const double distance = tracking::length(ahead);
  const double speed = std::min(steering.speed_mps, distance / std::max(dt_s, 1e-6));
  if (distance <= kArrived_m) {
    const bool in_the_way = std::ranges::any_of(people, [&](const Person& other) {
      return other.blind && other.number != self && other.number != hand && tracking::distance(other.at, at) < kWatch_m;
    });
    if (!in_the_way) return at;
  }
  Choice best{HallVec{}, regret(at, HallVec{}, target, steering, people, self, hand, group, room, std::numeric_limits<double>::infinity())};
  const HallVec forward = distance > kArrived_m ? ahead * (1.0 / distance) : HallVec{1.0, 0.0};
  for (const double turn : kTurns) {
    const double pace = std::abs(turn) > 0.1 ? steering.speed_mps : speed;
    if (pace <= 0.0) continue;
    const HallVec velocity{pace * (std::cos(turn) * forward.x - std::sin(turn) * forward.y),
                           pace * (std::sin(turn) * forward.x + std::cos(turn) * forward.y)};
    const double enough = best.cost - 1e-6;
    const double cost = regret(at, velocity, target, steering, people, self, hand, group, room, enough);
    if (cost < enough) best = {velocity, cost};
  }
  return room.nearest_free(at + best.velocity * dt_s);
}

}  // namespace promenade::rehearsal

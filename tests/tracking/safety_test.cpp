#include "tracking/safety.h"

#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "tests/tracking/sample_hall.h"
#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using base::hall_time;
using Catch::Approx;

namespace {

constexpr HallPoint kMiddle{14, 3.5};  // clear of walls and columns by 3.5 m

Evaluation evaluate_pair(const Body& self, const Body& other, const Condition& condition = {}) {
  const std::array<Neighbour, 1> neighbours{Neighbour{&other}};
  return evaluate(self, condition, neighbours, sample_hall(), kNow);
}

Level level_of_pair(const Body& self, const Body& other, const Condition& condition = {}) {
  return evaluate_pair(self, other, condition).level();
}

const SafetyLimits& limits() { return sample_hall().safety; }

Level alone(const Body& self, const Condition& condition = {}) {
  return evaluate(self, condition, {}, sample_hall(), kNow).level();
}

Body arbitrary_body(std::uint32_t id, HallPoint at) {
  Body body = fresh(id, at, {*within(-2.5, 2.5), *within(-2.5, 2.5)});
  body.heard = kNow - base::from_seconds(*within(0, 1.5));
  body.error_m = *within(0, 0.4);
  body.kind = *rc::gen::element(BodyKind::viewer, BodyKind::attendant, BodyKind::lost_viewer);
  body.zone = *rc::gen::element(Zone::floor, Zone::kitting, Zone::door, Zone::chair);
  body.group = base::GroupId{*rc::gen::inRange<std::uint32_t>(0, 3)};
  return body;
}

}  // namespace

TEST_CASE("levels by present distance of two strangers who stand") {
  const Body self = fresh(1, kMiddle);
  const auto at = [&](double gap_m) { return level_of_pair(self, fresh(2, {kMiddle.x + gap_m, kMiddle.y})); };
  const DistanceRule& rule = limits().stranger;
  CHECK(at(sample_hall().separation_m) == Level::clear);
  CHECK(at(rule.warn_m + kLittle) == Level::clear);
  CHECK(at(rule.warn_m - kLittle) == Level::warn);
  CHECK(at(rule.pause_m - kLittle) == Level::pause);
  CHECK(at(rule.stop_m - kLittle) == Level::stop);
  const double between_m = (rule.warn_m + rule.pause_m) / 2.0;
  const Evaluation near = evaluate_pair(self, fresh(2, {kMiddle.x + between_m, kMiddle.y}));
  CHECK(near.worst().cause == Cause::body);
  CHECK(near.worst().distance_m == Approx(between_m));
  CHECK(near.worst().bearing_rad == Approx(-std::numbers::pi / 2));
}

TEST_CASE("levels by time to contact of two strangers who walk towards each other") {
  const auto at = [&](double gap_m, double speed) {
    return level_of_pair(fresh(1, kMiddle, {speed / 2, 0}), fresh(2, {kMiddle.x + gap_m, kMiddle.y}, {-speed / 2, 0}));
  };
  constexpr double kClosing_mps = 1.6;
  const auto touch_in = [&](double seconds) { return at(limits().contact_m + kClosing_mps * seconds, kClosing_mps); };
  const DistanceRule& rule = limits().stranger;
  CHECK(touch_in(rule.warn_contact_s + 0.1) == Level::clear);
  CHECK(touch_in(rule.warn_contact_s - 0.1) == Level::warn);
  CHECK(touch_in(rule.pause_contact_s - 0.1) == Level::pause);
  CHECK(at(2.0 * rule.warn_m, -kClosing_mps) == Level::clear);
}

TEST_CASE("legal passing at the separation disturbs nobody") {
  for (double x = -6.0; x <= 6.0; x += 0.1) {  // abreast, both walking
    const Body other = fresh(2, {14 - x, kMiddle.y + sample_hall().separation_m}, {-0.8, 0});
    CHECK(level_of_pair(fresh(1, {14 + x, kMiddle.y}, {0.8, 0}), other) == Level::clear);
  }
}

TEST_CASE("a walker who will stop at the planned separation warns nobody while he keeps to his plan") {
  const Body self = fresh(1, kMiddle);
  const double separation_m = sample_hall().separation_m;
  for (double gap = 6.0; gap >= separation_m; gap -= 0.05) {
    const double to_go = gap - separation_m;
    // Slows at 1 m/s² before his place.
    const double speed = std::min(0.7, std::sqrt(2.0 * to_go));
    Body other = fresh(2, {kMiddle.x + gap, kMiddle.y}, {-speed, 0});
    const auto after = [&](double s) { return HallPoint{other.position.x - std::min(to_go, 0.6 * s), other.position.y}; };
    other.ahead = PlanAhead{other.position, after(1), after(2)};
    INFO(gap);
    CHECK(level_of_pair(self, other) == Level::clear);
  }
}

TEST_CASE("standing apart by the separation and swaying by 0.25 m is mostly left alone") {
  base::Random random(7);
  int warned = 0;
  int paused = 0;
  constexpr int kDraws = 4000;
  for (int i = 0; i < kDraws; ++i) {
    const auto sway = [&](HallPoint p) { return HallPoint{p.x + random.normal(0, 0.25), p.y + random.normal(0, 0.25)}; };
    const auto drift = [&] { return HallVec{random.normal(0, 0.13), random.normal(0, 0.13)}; };
    const Level level = level_of_pair(fresh(1, sway(kMiddle), drift()), fresh(2, sway({kMiddle.x + sample_hall().separation_m, kMiddle.y}), drift()));
    warned += level >= Level::warn ? 1 : 0;
    paused += level >= Level::pause ? 1 : 0;
  }
  CHECK(warned < kDraws * 10 / 100);
  CHECK(paused < kDraws * 2 / 100);
}

TEST_CASE("walls and columns") {
  const DistanceRule& rule = limits().wall;
  CHECK(alone(fresh(1, {14, sample_hall().wall_margin_m})) == Level::clear);
  CHECK(alone(fresh(1, {14, rule.warn_m + kLittle})) == Level::clear);
  CHECK(alone(fresh(1, {14, rule.warn_m - kLittle})) == Level::warn);
  CHECK(alone(fresh(1, {14, rule.pause_m - kLittle})) == Level::pause);
  CHECK(alone(fresh(1, {14, rule.stop_m - kLittle})) == Level::stop);
  CHECK(alone(fresh(1, {14, -0.50})) == Level::stop);
  CHECK(alone(fresh(1, {9.5, 7.5})) == Level::stop);  // in a column
  CHECK(alone(fresh(1, {9.2 - rule.warn_m + kLittle, 7.5})) == Level::warn);
  CHECK(alone(fresh(1, {14, rule.warn_m + kLittle}, {0.8, 0})) == Level::clear);  // along it
  const Evaluation wall = evaluate(fresh(1, {14, rule.pause_m - kLittle}), {}, {}, sample_hall(), kNow);
  CHECK(wall.worst().cause == Cause::wall);
  CHECK(std::abs(wall.worst().bearing_rad) == Approx(std::numbers::pi));
}

TEST_CASE("a wall that is walked to warns and pauses by the time until it is touched") {
  constexpr double kTowards_mps = 0.8;
  const DistanceRule& rule = limits().wall;
  const auto to_wall = [&](double seconds) { return fresh(1, {14, limits().wall_contact_m + kTowards_mps * seconds}, {0, -kTowards_mps}); };
  const auto touch_in = [&](double seconds) {  // he has left his plan
    Body body = to_wall(seconds);
    body.off_plan_m = limits().off_plan_m;
    return alone(body);
  };
  REQUIRE(limits().wall_contact_m + kTowards_mps * rule.pause_contact_s > rule.warn_m);
  CHECK(touch_in(rule.warn_contact_s + 0.05) == Level::clear);
  CHECK(touch_in(rule.warn_contact_s - 0.05) == Level::warn);
  CHECK(touch_in(rule.pause_contact_s - 0.05) == Level::pause);
  CHECK(alone(to_wall(rule.pause_contact_s - 0.05)) == Level::warn);  // his plan turns in time
  CHECK(alone(to_wall(limits().wall_on_plan_s - 0.05)) == Level::pause);
  CHECK(alone(fresh(1, {14, rule.warn_m + kLittle}, {0, kTowards_mps})) == Level::clear);  // away from it
  Body at_door = to_wall(rule.pause_contact_s - 0.05);  // as everybody comes to the exit, where his plan ends
  at_door.ahead.reset();
  CHECK(alone(at_door) == Level::pause);
  at_door.zone = Zone::door;
  CHECK(alone(at_door) == Level::warn);
}

TEST_CASE("the viewer's own condition") {
  const Body self = fresh(1, kMiddle);
  const SafetyLimits& l = limits();
  CHECK(alone(self, {.stray_m = l.stray_warn_m - kLittle}) == Level::clear);
  CHECK(alone(self, {.stray_m = l.stray_warn_m + kLittle}) == Level::warn);
  CHECK(alone(self, {.stray_m = l.stray_pause_m + kLittle}) == Level::pause);
  CHECK(alone(self, {.tracking_lost_s = l.tracking_warn_s - kLittle}) == Level::clear);
  CHECK(alone(self, {.tracking_lost_s = l.tracking_warn_s + kLittle}) == Level::warn);
  CHECK(alone(self, {.tracking_lost_s = l.tracking_pause_s + kLittle}) == Level::pause);
  CHECK(alone(self, {.tracking_lost_s = l.tracking_stop_s + kLittle}) == Level::stop);
  CHECK(alone(self, {.calibration = CalibrationState::out_of_trust}) == Level::pause);
  CHECK(alone(self, {.calibration = CalibrationState::unknown}) == Level::clear);
  CHECK(alone(self, {.head_low_s = l.low_head_s - kLittle}) == Level::clear);
  CHECK(alone(self, {.head_low_s = l.low_head_s + kLittle}) == Level::pause);
  CHECK(alone(self, {.head_low_s = l.low_head_s + kLittle, .low_is_fine = true}) == Level::clear);
  CHECK(alone(self, {.falling = true}) == Level::pause);
  CHECK(alone(self, {.worn = false}) == Level::pause);
  CHECK(alone(self, {.server_silence_s = l.silence_lift_off_s - 1.0}) == Level::clear);
  CHECK(alone(self, {.server_silence_s = l.silence_lift_off_s}) == Level::evacuate);
  CHECK(alone(fresh(1, kMiddle, {l.running_mps + 0.1, 0})) == Level::pause);
  CHECK(alone(fresh(1, kMiddle, {l.running_mps - 0.1, 0})) == Level::clear);
}

TEST_CASE("who runs pauses everybody whom he could reach within the horizon") {
  constexpr double kRuns_mps = 2.5;
  const double reached_m = limits().contact_m + limits().horizon_s * kRuns_mps;
  const Body runner = fresh(2, {kMiddle.x + reached_m - 0.1, kMiddle.y}, {0, kRuns_mps});
  const Evaluation near = evaluate_pair(fresh(1, kMiddle), runner);
  CHECK(near.level() == Level::pause);
  CHECK(near.worst().cause == Cause::running);
  CHECK(level_of_pair(fresh(1, {kMiddle.x - 0.2, kMiddle.y}), runner) == Level::clear);
}

TEST_CASE("the staleness table while the hall is heard") {
  const auto at = [](double age_s, double gap_m, double closing_mps) {
    const Body silent = walker(2, {kMiddle.x + gap_m, kMiddle.y}, {-closing_mps, 0}, kNow - base::from_seconds(age_s));
    return evaluate_pair(fresh(1, kMiddle), silent);
  };
  CHECK(at(0.25, 3.0, 0.7).level() == Level::clear);
  CHECK(at(0.35, 2.9, 0.7).worst().cause == Cause::stale);
  CHECK(at(0.35, 2.9, 0.7).level() == Level::warn);
  CHECK(at(0.35, 2.9, 0.0).level() == Level::clear);   // stood when last heard: not met within 2 s
  CHECK(at(1.05, 2.2, 0.0).level_of(Cause::stale) == Level::pause);  // by now he may be anywhere within 1.1 m
  CHECK(at(0.35, 4.5, 0.7).level() == Level::clear);
  CHECK(at(1.05, 5.9, 0.7).level() == Level::clear);
  const Body silent = walker(2, {kMiddle.x + 5.0, kMiddle.y}, {}, kNow - base::from_seconds(0.6));
  const PairView view = view_pair(fresh(1, kMiddle), {&silent}, {}, sample_hall(), kNow);
  CHECK(view.ghost);
  CHECK(view.reach_m > 0.7);
}

TEST_CASE("with the server silent, plans decide who could be met") {
  Body other = walker(2, {kMiddle.x + 4.0, kMiddle.y}, {}, kNow - base::from_seconds(3));
  other.ahead = PlanAhead{other.position, other.position, other.position};
  const auto with_gap = [&](double gap_m, double silence_s) {
    const std::array<Neighbour, 1> neighbours{Neighbour{&other, gap_m}};
    return evaluate(fresh(1, kMiddle), {.server_silence_s = silence_s}, neighbours, sample_hall(), kNow).level();
  };
  CHECK(with_gap(4.0, 3.0) == Level::clear);
  CHECK(with_gap(2.8, 3.0) == Level::pause);
  CHECK(with_gap(2.1, 0.5) == Level::warn);
  CHECK(with_gap(2.8, 0.5) == Level::clear);
}

TEST_CASE("only what is known stops a viewer; what silence may have added pauses him") {
  const Body silent = walker(2, {kMiddle.x + 2.0, kMiddle.y}, {}, kNow - base::from_seconds(3));
  CHECK(level_of_pair(fresh(1, kMiddle), silent) == Level::pause);
  const Body near = walker(2, {kMiddle.x + limits().stranger.stop_m - kLittle, kMiddle.y}, {}, kNow - base::from_seconds(3));
  CHECK(level_of_pair(fresh(1, kMiddle), near) == Level::stop);
  constexpr double kWidened_m = 0.65;
  Body fallen = fresh(2, {kMiddle.x + limits().stranger.stop_m + kWidened_m - kLittle, kMiddle.y});
  fallen.widened_m = kWidened_m;
  CHECK(level_of_pair(fresh(1, kMiddle), fallen) == Level::stop);
  Body self = fresh(1, {14, 1.0});
  self.heard = kNow - base::from_seconds(3);
  CHECK(alone(self) == Level::pause);
}

TEST_CASE("who sits on a chair has no walls; who has got up from it has") {
  Venue venue = sample_hall();
  venue.seats = {{"A1", {14.0, 0.6}, 0.6}};
  const auto level_at = [&](HallPoint at, Zone zone) {
    Body self = fresh(1, at);
    self.zone = zone;
    return evaluate(self, {}, {}, venue, kNow).level();
  };
  CHECK(level_at({14.0, 0.6}, Zone::chair) == Level::clear);
  CHECK(level_at({14.0, 0.2}, Zone::chair) == Level::clear);   // leans back
  CHECK(level_at({14.7, 0.2}, Zone::chair) == Level::stop);    // stands beside it, in its zone
  CHECK(level_at({14.7, 0.2}, Zone::floor) == Level::stop);
}

TEST_CASE("a ghost is drawn near, or before the paths meet") {
  const auto ghost = [](const Body& self, const Body& other) { return view_pair(self, {&other}, {}, sample_hall(), kNow).ghost; };
  const auto apart = [](double gap_m, double closing_mps) {
    return std::pair(fresh(1, kMiddle, {closing_mps / 2.0, 0}), fresh(2, {kMiddle.x + gap_m, kMiddle.y}, {-closing_mps / 2.0, 0}));
  };
  const auto drawn = [&](double gap_m, double closing_mps) {
    const auto [self, other] = apart(gap_m, closing_mps);
    return ghost(self, other);
  };
  CHECK(drawn(limits().ghost_m - 0.1, 0.0));
  CHECK_FALSE(drawn(limits().ghost_m + 0.1, 0.0));
  constexpr double kClosing_mps = 1.6;
  const double meets_m = limits().stranger.warn_m + kClosing_mps * limits().ghost_s;
  REQUIRE(meets_m > limits().ghost_m + 0.1);
  CHECK(drawn(meets_m - 0.1, kClosing_mps));
  CHECK_FALSE(drawn(meets_m + 0.1, kClosing_mps));
}

TEST_CASE("approaching never lowers the level") {
  CHECK(holds("approach along the line between two heads", [] {
    const Body self = arbitrary_body(1, kMiddle);
    const double angle = *within(-3.14, 3.14);
    const double gap = *within(0.05, 5.9);
    const double nearer = gap * *within(0, 1);
    Body other = arbitrary_body(2, {kMiddle.x + gap * std::cos(angle), kMiddle.y + gap * std::sin(angle)});
    const Condition condition{.server_silence_s = *rc::gen::element(0.0, 1.0, 4.0)};
    const Level far_level = level_of_pair(self, other, condition);
    other.position = {kMiddle.x + nearer * std::cos(angle), kMiddle.y + nearer * std::sin(angle)};
    RC_ASSERT(level_of_pair(self, other, condition) >= far_level);
  }));
  CHECK(holds("approach to a wall", [] {
    Body self = arbitrary_body(1, {14, *within(0.0, 3.0)});
    const Level far_level = alone(self);
    self.position.y *= *within(0, 1);
    RC_ASSERT(alone(self) >= far_level);
  }));
}

TEST_CASE("more uncertainty never lowers the level") {
  CHECK(holds("error, age and width", [] {
    Body self = arbitrary_body(1, kMiddle);
    Body other = arbitrary_body(2, {kMiddle.x + *within(-4, 4), kMiddle.y + *within(-3, 3)});
    const Level before = level_of_pair(self, other);
    for (Body* body : {&self, &other}) {
      body->error_m += *within(0, 0.5);
      body->widened_m += *within(0, 0.7);
      body->heard -= base::from_seconds(*within(0, 1));
    }
    RC_ASSERT(level_of_pair(self, other) >= before);
  }));
}

TEST_CASE("more neighbours never lower the level, and the worst one is named") {
  CHECK(holds("worst of all", [] {
    const Body self = arbitrary_body(1, kMiddle);
    std::vector<Body> others;
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 20);
    for (std::uint32_t i = 0; i < count; ++i) {
      others.push_back(arbitrary_body(i + 2, {kMiddle.x + *within(-5, 5), kMiddle.y + *within(-3, 5)}));
    }
    std::vector<Neighbour> neighbours;
    Level worst = alone(self);
    for (const Body& other : others) {
      neighbours.push_back({&other});
      worst = std::max(worst, level_of_pair(self, other));
    }
    const Evaluation all = evaluate(self, {}, neighbours, sample_hall(), kNow);
    RC_ASSERT(all.level() == worst);
    RC_ASSERT(all.concerns().size() <= Evaluation::kMax);
    for (const Concern& concern : all.concerns()) RC_ASSERT(concern.level <= all.worst().level);
  }));
}

TEST_CASE("posture: low for two seconds, falling, standing up again") {
  const SafetyLimits limits;
  PostureWatch watch(1.6);
  watch.update(hall_time(0), 1.55, 0.0, limits);
  CHECK(watch.head_low_s(hall_time(0)) == 0.0);
  watch.update(hall_time(1), 0.9, 0.5, limits);
  watch.update(hall_time(2), 0.9, 0.0, limits);
  CHECK(watch.head_low_s(hall_time(3.5)) == Approx(2.5));
  CHECK_FALSE(watch.falling());
  watch.update(hall_time(4), 1.5, 0.0, limits);
  CHECK(watch.head_low_s(hall_time(5)) == 0.0);
  watch.update(hall_time(6), 1.2, 2.0, limits);
  CHECK(watch.falling());
  watch.update(hall_time(6.2), 1.2, 0.0, limits);  // caught himself
  CHECK_FALSE(watch.falling());
}

TEST_CASE("posture: who has fallen lies there until he is up again, without a gap before the two seconds are over") {
  const SafetyLimits limits;
  PostureWatch watch(1.6);
  double height_m = 1.6;
  for (double t = 0.0; t < 0.6; t += 0.1, height_m -= 0.22) watch.update(hall_time(t), height_m, t > 0.0 ? 2.2 : 0.0, limits);
  REQUIRE(height_m < limits.low_head_fraction * 1.6);
  for (double t = 0.6; t < limits.low_head_s + 2.0; t += 0.1) {
    watch.update(hall_time(t), height_m, 0.0, limits);
    CHECK(watch.falling());
  }
  watch.update(hall_time(10), 1.3, 0.0, limits);  // on his feet, and not yet upright
  CHECK_FALSE(watch.falling());
}

// Which distances hold between two people, by what they are to each other and where they stand; and that people who
// keep the planned separation are never warned of each other.

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "tests/tracking/sample_hall.h"
#include "tracking/base/random.h"
#include "tracking/safety.h"

using namespace promenade;
using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using base::hall_time;

namespace {

constexpr HallPoint kOpenFloor{14, 5.5};  // clear of walls and columns

// The sample hall, each relation with distances that no other has.
Venue told_apart() {
  Venue venue = sample_hall();
  SafetyLimits& limits = venue.safety;
  limits.stranger = {1.60, 1.35, 1.10, 2.0, 1.2};
  limits.off_plan = {1.68, 1.55, 1.15, 5.0, 4.0};
  limits.group = {1.05, 0.95, 0.85, 1.0, 0.6};
  limits.attendant = {1.30, 1.10, 0.0, 1.5, 0.8};
  limits.kitting = {1.40, 1.20, 0.90, 1.6, 0.9};
  limits.door = {1.45, 1.25, 0.95, 1.7, 1.0};
  limits.chair = {1.50, 1.30, 1.00, 1.8, 1.1};
  return venue;
}

Concern concern_of(const Venue& venue, const Body& self, const Body& other) { return view_pair(self, {&other}, {}, venue, kNow).concern; }

// Where times count to by this rule.
double near_m(const DistanceRule& rule, const SafetyLimits& limits) { return &rule == &limits.off_plan ? rule.pause_m : limits.contact_m; }

// One walks up to the other, who stands: each level begins where the rule says, by distance and by time.
void check_edges(const Venue& venue, const DistanceRule& rule, Body self, Body other) {
  const auto place = [&](double gap_m, HallVec velocity) {
    other.position = self.position + HallVec{gap_m, 0};
    self.velocity = velocity;
    for (Body* body : {&self, &other}) {
      if (body->ahead) keep_to_plan(*body);
    }
  };
  const auto standing = [&](double gap_m) {
    place(gap_m, {});
    return concern_of(venue, self, other).level;
  };
  CHECK(standing(venue.separation_m) == Level::clear);
  CHECK(standing(rule.warn_m + kLittle) == Level::clear);
  CHECK(standing(rule.warn_m - kLittle) == Level::warn);
  CHECK(standing(rule.pause_m + kLittle) == Level::warn);
  CHECK(standing(rule.pause_m - kLittle) == Level::pause);
  CHECK(standing(rule.stop_m + kLittle) <= Level::pause);
  CHECK(standing(std::max(0.0, rule.stop_m - kLittle)) == (rule.stop_m > 0.0 ? Level::stop : Level::pause));
  constexpr double kCloses_mps = 0.9;
  const auto walking = [&](double touch_s) {
    place(near_m(rule, venue.safety) + kCloses_mps * touch_s, {kCloses_mps, 0});
    return concern_of(venue, self, other).level;
  };
  const auto walked_m = [&](double touch_s) { return near_m(rule, venue.safety) + kCloses_mps * touch_s; };
  if (walked_m(rule.warn_contact_s) > rule.warn_m + 0.1) {
    CHECK(walking(rule.warn_contact_s + 0.05) == Level::clear);
    CHECK(walking(rule.warn_contact_s - 0.05) == Level::warn);
  }
  if (walked_m(rule.pause_contact_s) > rule.pause_m + 0.1) CHECK(walking(rule.pause_contact_s - 0.05) == Level::pause);
}

struct Relation {
  const char* name;
  DistanceRule SafetyLimits::*rule;  // nullptr: none
  void (*make)(Body& a, Body& b);
};

const base::GroupId kGroup{3};

const std::vector<Relation>& relations() {
  static const std::vector<Relation> all{
      {"strangers", &SafetyLimits::stranger, [](Body&, Body&) {}},
      {"of two groups", &SafetyLimits::stranger, [](Body& a, Body& b) { a.group = kGroup; b.group = base::GroupId{4}; }},
      {"a group and one alone", &SafetyLimits::stranger, [](Body& a, Body&) { a.group = kGroup; }},
      {"somebody who leaves his plan", &SafetyLimits::off_plan, [](Body&, Body& b) { b.off_plan_m = 1.0; }},
      {"somebody whose headset is silent", &SafetyLimits::off_plan, [](Body&, Body& b) { b.kind = BodyKind::lost_viewer; b.reports = false; b.ahead.reset(); }},
      {"somebody nobody knows", &SafetyLimits::off_plan, [](Body&, Body& b) { b.kind = BodyKind::unknown; b.reports = false; b.ahead.reset(); }},
      {"the parent of another pair", &SafetyLimits::stranger, [](Body& a, Body& b) { a.hand_pair = base::BodyId{8}; b.hand_pair = base::BodyId{9}; }},
      {"one group", &SafetyLimits::group, [](Body& a, Body& b) { a.group = b.group = kGroup; }},
      {"one group at a door", &SafetyLimits::group, [](Body& a, Body& b) { a.group = b.group = kGroup; a.zone = b.zone = Zone::door; }},
      {"one group, one in the kitting area", &SafetyLimits::group, [](Body& a, Body& b) { a.group = b.group = kGroup; b.zone = Zone::kitting; }},
      {"one group, one on a chair", &SafetyLimits::group, [](Body& a, Body& b) { a.group = b.group = kGroup; b.zone = Zone::chair; }},
      {"an attendant", &SafetyLimits::attendant, [](Body&, Body& b) { b.kind = BodyKind::attendant; }},
      {"an attendant at a door", &SafetyLimits::attendant, [](Body& a, Body& b) { b.kind = BodyKind::attendant; a.zone = b.zone = Zone::door; }},
      {"an attendant beside a chair", &SafetyLimits::attendant, [](Body& a, Body& b) { b.kind = BodyKind::attendant; a.zone = Zone::chair; }},
      {"somebody else's companion", &SafetyLimits::attendant, [](Body&, Body& b) { b.kind = BodyKind::companion; b.hand_pair = base::BodyId{9}; }},
      {"an attendant in the kitting area", nullptr, [](Body& a, Body& b) { b.kind = BodyKind::attendant; b.zone = Zone::kitting; a.zone = Zone::kitting; }},
      {"an attendant at the edge of the kitting area", nullptr, [](Body&, Body& b) { b.kind = BodyKind::attendant; b.zone = Zone::kitting; }},
      {"both in the kitting area", &SafetyLimits::kitting, [](Body& a, Body& b) { a.zone = b.zone = Zone::kitting; }},
      {"one in the kitting area", &SafetyLimits::kitting, [](Body& a, Body&) { a.zone = Zone::kitting; }},
      {"one in the kitting area, one at a door", &SafetyLimits::kitting, [](Body& a, Body& b) { a.zone = Zone::kitting; b.zone = Zone::door; }},
      {"one in the kitting area, one on a chair", &SafetyLimits::kitting, [](Body& a, Body& b) { a.zone = Zone::kitting; b.zone = Zone::chair; }},
      {"both at a door", &SafetyLimits::door, [](Body& a, Body& b) { a.zone = b.zone = Zone::door; }},
      {"one at a door", &SafetyLimits::door, [](Body&, Body& b) { b.zone = Zone::door; }},
      {"one on a chair", &SafetyLimits::chair, [](Body&, Body& b) { b.zone = Zone::chair; }},
      {"one on a chair, one at a door", &SafetyLimits::chair, [](Body& a, Body& b) { a.zone = Zone::door; b.zone = Zone::chair; }},
      {"a stranger beyond the boundary", &SafetyLimits::stranger, [](Body&, Body& b) { b.zone = Zone::outside; }},
      {"a pair that holds hands", nullptr, [](Body& a, Body& b) { a.group = b.group = kGroup; a.hand_pair = b.id; b.hand_pair = a.id; }},
      {"a second child of the same hand", nullptr, [](Body& a, Body& b) { a.group = b.group = kGroup; b.hand_pair = a.id; a.hand_pair = base::BodyId{9}; }},
      {"a companion without a headset and his child", nullptr, [](Body& a, Body& b) { b.kind = BodyKind::companion; b.hand_pair = a.id; }},
  };
  return all;
}

}  // namespace

TEST_CASE("each relation and zone has its own distances, and both see the same") {
  for (const Venue& venue : {sample_hall(), told_apart()}) {
    REQUIRE(check_limits(venue.safety, venue.separation_m, venue.wall_margin_m, "hall.toml", "safety").empty());
    for (const Relation& relation : relations()) {
      INFO(relation.name);
      Body self = fresh(1, kOpenFloor);
      Body other = fresh(2, kOpenFloor);
      relation.make(self, other);
      const DistanceRule* rule = rule_between(self, other, venue.safety);
      CHECK(rule == rule_between(other, self, venue.safety));
      CHECK(rule == (relation.rule == nullptr ? nullptr : &(venue.safety.*relation.rule)));
      if (rule != nullptr) check_edges(venue, *rule, self, other);
    }
  }
}

TEST_CASE("a pair that holds hands is one body: no distance between them, together or torn apart, and each keeps others off") {
  const Venue venue = told_apart();
  Body child = fresh(1, kOpenFloor);
  Body parent = fresh(2, kOpenFloor);
  child.group = parent.group = kGroup;
  child.hand_pair = parent.id;
  parent.hand_pair = child.id;
  for (double gap_m = 0.1; gap_m < 4.0; gap_m += 0.1) {
    INFO(gap_m);
    parent.position = kOpenFloor + HallVec{gap_m, 0};
    for (const double closing_mps : {0.0, 0.7, -0.7}) {
      child.velocity = {closing_mps, 0};
      CHECK(concern_of(venue, child, parent).level == Level::clear);
      CHECK(concern_of(venue, parent, child).level == Level::clear);
    }
  }
  for (Body* one : {&child, &parent}) {
    one->velocity = {};
    const Body stranger = fresh(3, one->position + HallVec{0, venue.safety.stranger.stop_m - kLittle});
    CHECK(concern_of(venue, *one, stranger).level == Level::stop);
    CHECK(concern_of(venue, stranger, *one).level == Level::stop);
  }
}

TEST_CASE("zones begin and end where the venue file says, and one of two in a zone is enough") {
  Venue venue = told_apart();
  const auto body_at = [&](std::uint32_t id, HallPoint p) {
    Body body = fresh(id, p);
    body.zone = venue.zone_at(p);
    return body;
  };
  const auto rule_at = [&](HallPoint a, HallPoint b) { return rule_between(body_at(1, a), body_at(2, b), venue.safety); };
  // From a point inside each zone straight to one outside.
  const HallPoint doorway = venue.exit.left + (venue.exit.right - venue.exit.left) * 0.5;
  const HallPoint seat = venue.seats.back().at;
  struct Edge {
    Zone zone;
    const DistanceRule* rule;
    HallPoint inside, outside;
  };
  const double kitting_top = std::ranges::max(venue.kitting, {}, &HallPoint::y).y;
  const std::array<Edge, 3> edges{{
      {Zone::kitting, &venue.safety.kitting, {14.0, kitting_top - kLittle}, {14.0, kitting_top + kLittle}},
      {Zone::door, &venue.safety.door, doorway - HallVec{0, venue.door_zone_m - kLittle}, doorway - HallVec{0, venue.door_zone_m + kLittle}},
      {Zone::chair, &venue.safety.chair, seat + HallVec{0, venue.chair_zone_m - kLittle}, seat + HallVec{0, venue.chair_zone_m + kLittle}},
  }};
  for (const Edge& edge : edges) {
    INFO(to_string(edge.zone));
    REQUIRE(venue.zone_at(edge.inside) == edge.zone);
    REQUIRE(venue.zone_at(edge.outside) == Zone::floor);
    const HallPoint beside = edge.outside + (edge.outside - edge.inside) * (1.0 / (2.0 * kLittle));  // a metre farther out
    REQUIRE(venue.zone_at(beside) == Zone::floor);
    CHECK(rule_at(edge.inside, beside) == edge.rule);
    CHECK(rule_at(beside, edge.inside) == edge.rule);
    CHECK(rule_at(edge.outside, beside) == &venue.safety.stranger);
  }
}

TEST_CASE("no zone and no relation switches off what keeps strangers apart") {
  CHECK(holds("two who do not see the hall nor each other", [] {
    const Venue venue = told_apart();
    Body self = fresh(1, kOpenFloor);
    Body other = fresh(2, kOpenFloor + HallVec{*within(0.0, 0.79), 0});  // nearer than any stop distance may be
    for (Body* body : {&self, &other}) {
      body->kind = *rc::gen::element(BodyKind::viewer, BodyKind::lost_viewer, BodyKind::unknown);
      body->zone = *rc::gen::element(Zone::floor, Zone::kitting, Zone::door, Zone::chair, Zone::outside);
      body->group = base::GroupId{*rc::gen::inRange<std::uint32_t>(0, 3)};
    }
    RC_ASSERT(concern_of(venue, self, other).level == Level::stop);
  }));
}

TEST_CASE("who sees the hall stops nobody, not even at the side of one who lies on the floor") {
  const Venue& venue = sample_hall();
  Body fallen = fresh(1, kOpenFloor);
  fallen.widened_m = venue.safety.fallen_radius_m - venue.safety.contact_m / 2.0;
  fallen.error_m = 0.19;
  for (const BodyKind kind : {BodyKind::attendant, BodyKind::companion}) {
    for (double gap_m = 0.0; gap_m < 1.5; gap_m += 0.05) {
      Body helper = fresh(2, kOpenFloor + HallVec{gap_m, 0});
      helper.kind = kind;
      helper.error_m = 0.3;
      CHECK(concern_of(venue, fallen, helper).level == Level::pause);
    }
  }
}

// ---------------------------------------------------------------- legal passing

TEST_CASE("legal passing: whatever limits a venue may set, those who are no farther off the plan than it allows are not warned by distance") {
  CHECK(holds("standing or walking abreast", [] {
    Venue venue = sample_hall();
    venue.separation_m = *within(1.5, 3.0);
    for (DistanceRule* rule : {&venue.safety.stranger, &venue.safety.group, &venue.safety.attendant, &venue.safety.kitting, &venue.safety.door, &venue.safety.chair}) {
      rule->warn_m = *within(0.8, venue.separation_m - 0.3);
      rule->pause_m = std::min(*within(0.8, venue.separation_m - 0.6), rule->warn_m);
      rule->stop_m = std::min(*within(0.8, venue.separation_m - 0.7), rule->pause_m);
    }
    venue.safety.off_plan = {venue.safety.stranger.warn_m, venue.safety.stranger.pause_m, venue.safety.stranger.stop_m, 5.0, 4.0};
    RC_ASSERT(check_limits(venue.safety, venue.separation_m, venue.wall_margin_m, "hall.toml", "safety").empty());
    const double angle = *within(-3.14, 3.14);
    const HallVec aside{std::cos(angle), std::sin(angle)};
    const HallVec both{*within(-1.2, 1.2), *within(-1.2, 1.2)};
    Body self = fresh(1, kOpenFloor, both);
    Body other = fresh(2, kOpenFloor + aside * (venue.separation_m - *within(0.0, 0.3) + 1e-9), both);
    self.error_m = other.error_m = *within(0.0, 0.14);  // together within the allowance
    const Relation& relation = relations()[*rc::gen::inRange<std::size_t>(0, relations().size())];
    relation.make(self, other);
    if (relation.rule == &SafetyLimits::attendant) {  // whoever sees is taken to stand: he gives way
      self.velocity = {};
      keep_to_plan(self);
    }
    RC_ASSERT(concern_of(venue, self, other).level == Level::clear);
  }));
}

TEST_CASE("legal passing: straight ways that nowhere come nearer than the separation warn nobody, however early a contact is foreseen") {
  CHECK(holds("passing", [] {
    Venue venue = sample_hall();
    for (DistanceRule* rule : {&venue.safety.stranger, &venue.safety.group, &venue.safety.attendant, &venue.safety.kitting, &venue.safety.door, &venue.safety.chair}) {
      rule->warn_contact_s = *within(1.0, 6.0);
    }
    const auto walk = [] {
      const double angle = *within(-3.14, 3.14);
      return HallVec{std::cos(angle), std::sin(angle)} * *within(0.0, 1.4);
    };
    const HallVec mine = walk();
    const HallVec theirs = walk();
    const HallVec closing = theirs - mine;
    RC_PRE(length(closing) > 0.05);
    // At the nearest moment the other stands square to the way that the two move against each other.
    const HallVec square = HallVec{-closing.y, closing.x} * (1.0 / length(closing));
    const HallVec nearest = square * (venue.separation_m + *within(0.0, 1.0));
    for (double t = -4.0; t <= 4.0; t += 0.1) {
      Body self = fresh(1, kOpenFloor, mine);
      Body other = fresh(2, kOpenFloor + nearest + closing * t, theirs);
      RC_ASSERT(concern_of(venue, self, other).level == Level::clear);
      RC_ASSERT(concern_of(venue, other, self).level == Level::clear);
    }
  }));
}

namespace {

// A route of straight legs with stays in between, as a plan has it; times from 0.
struct Plan {
  std::vector<HallPoint> places;
  std::vector<double> stay_s;
  double speed_mps = 0.7;

  HallPoint at(double t) const {
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
      t -= stay_s[i];
      if (t <= 0.0) return places[i];
      const double leg_s = distance(places[i], places[i + 1]) / speed_mps;
      if (t < leg_s) return places[i] + (places[i + 1] - places[i]) * (t / leg_s);
      t -= leg_s;
    }
    return places.back();
  }
};

Plan draw_plan(base::Random& random) {
  Plan plan;
  for (int i = 0; i < 5; ++i) {
    plan.places.push_back({random.uniform(2.0, 13.0), random.uniform(4.5, 13.0)});
    plan.stay_s.push_back(random.uniform(0.0, 8.0));
  }
  plan.speed_mps = random.uniform(0.5, 0.9);
  return plan;
}

constexpr double kPlanLasts_s = 60.0;

bool keeps_apart(const Plan& a, const Plan& b, double separation_m) {
  for (double t = 0.0; t < kPlanLasts_s; t += 0.05) {
    if (distance(a.at(t), b.at(t)) < separation_m) return false;
  }
  return true;
}

// Off the plan by sigma per axis, changing within some seconds: an Ornstein-Uhlenbeck step through a slow filter.
class Wander {
 public:
  Wander(base::Random random, double sigma_m) : random_(std::move(random)), sigma_m_(sigma_m) {}
  HallVec step(double dt_s) {
    const double keep = std::exp(-dt_s / kCorrelation_s);
    const double kick = std::sqrt(1.0 - keep * keep);
    input_ = input_ * keep + HallVec{random_.normal(0, kick), random_.normal(0, kick)};
    for (HallVec* filtered : {&first_, &second_}) {
      const HallVec from = filtered == &first_ ? input_ : first_;
      *filtered = *filtered + (from - *filtered) * std::min(1.0, dt_s / kSmoothing_s);
    }
    return second_ * (sigma_m_ * kMakesUp);
  }

 private:
  static constexpr double kCorrelation_s = 4.0, kSmoothing_s = 0.5;
  static constexpr double kMakesUp = 1.15;  // for what the filter takes off
  base::Random random_;
  double sigma_m_;
  HallVec input_, first_, second_;
};

struct Passing {
  int plans = 0;
  double seconds = 0.0, warned_s = 0.0, paused_s = 0.0, warned_apart_s = 0.0;  // the last: while they kept the separation
  double near_s = 0.0;                                                         // within the separation and 1 m
};

// Pairs of plans of which no two points of a moment are nearer than the separation, walked with the wander given.
Passing walk_legally(double sigma_m, int plans) {
  constexpr double kStep_s = 0.1;
  const Venue& venue = sample_hall();
  Passing all;
  for (std::uint64_t seed = 1; all.plans < plans; ++seed) {
    base::Random random(seed);
    const std::array<Plan, 2> walked{draw_plan(random), draw_plan(random)};
    if (!keeps_apart(walked[0], walked[1], venue.separation_m)) continue;
    ++all.plans;
    std::array<Wander, 2> wander{Wander(random.fork("wander", 1), sigma_m), Wander(random.fork("wander", 2), sigma_m)};
    std::array<std::optional<HallPoint>, 2> before;
    for (double t = 0.0; t < kPlanLasts_s; t += kStep_s) {
      std::array<Body, 2> bodies;
      for (std::size_t i = 0; i < 2; ++i) {
        const HallPoint at = walked[i].at(t) + wander[i].step(kStep_s);
        const HallVec velocity = before[i] ? (at - *before[i]) * (1.0 / kStep_s) : HallVec{};
        before[i] = at;
        bodies[i] = fresh(static_cast<std::uint32_t>(i + 1), at, velocity);
        bodies[i].ahead = PlanAhead{walked[i].at(t), walked[i].at(t + 1.0), walked[i].at(t + 2.0)};
      }
      const Level level = std::max(concern_of(venue, bodies[0], bodies[1]).level, concern_of(venue, bodies[1], bodies[0]).level);
      const double gap_m = distance(bodies[0].position, bodies[1].position);
      all.seconds += kStep_s;
      if (gap_m < venue.separation_m + 1.0) all.near_s += kStep_s;
      if (level >= Level::warn) all.warned_s += kStep_s;
      if (level >= Level::pause) all.paused_s += kStep_s;
      if (level >= Level::warn && gap_m >= venue.separation_m) all.warned_apart_s += kStep_s;
    }
  }
  return all;
}

}  // namespace

TEST_CASE("legal passing: plans that keep the separation, walked as planned, warn nobody in the whole of their length") {
  const Passing exact = walk_legally(0.0, 150);
  CHECK(exact.near_s > 100.0);  // they do pass each other
  CHECK(exact.warned_s == 0.0);
}

TEST_CASE("legal passing: walked with the wander of the model hardly anybody is warned, and fewer are paused") {
  const Passing loose = walk_legally(0.25, 150);
  const Passing careful = walk_legally(0.14, 150);
  CAPTURE(loose.near_s, loose.warned_s, loose.paused_s, loose.warned_apart_s, careful.warned_s, careful.paused_s);
  CHECK(loose.warned_s < 0.02 * loose.seconds);
  CHECK(loose.paused_s < 0.25 * loose.warned_s + 1.0);
  CHECK(careful.warned_s < 0.5 * loose.warned_s);
  CHECK(careful.paused_s < 1.0);
}

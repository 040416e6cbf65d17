// People as they are, through the hall: who runs, sits down, falls, lifts the visor, is a child or walks slowly.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "tests/hall/rig.h"
#include "tracking/safety.h"

using namespace promenade;
using namespace promenade::hall_test;
using protocol::PlayRun;
using tracking::BodyKind;
using tracking::Cause;
using tracking::Level;

namespace {

const tracking::SafetyLimits& limits(const Rig& rig) { return rig.config.venue.safety; }

hall::BodyView body_of(const Rig& rig, const FakeViewer& viewer) {
  const base::BodyId body = rig.visit(viewer).body;
  for (const hall::BodyView& one : rig.core().bodies()) {
    if (one.id == body) return one;
  }
  FAIL("headset " << viewer.headset.value() << " has no body");
  return {};
}

BodyKind kind_of(const Rig& rig, const FakeViewer& viewer) { return body_of(rig, viewer).kind; }

// In the film's first scene, standing where it is played.
FakeViewer& standing(Rig& rig, std::uint16_t number, const base::FilmId& film) {
  FakeViewer& viewer = playing(rig, number, film);
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 60.0));
  viewer.walks = false;
  let(rig, 0.5);
  REQUIRE(viewer.told.safety.level == Level::clear);
  return viewer;
}

bool finish(Rig& rig, std::initializer_list<FakeViewer*> viewers, double limit_s = 600.0) {
  rig.takes_back = true;
  for (FakeViewer* viewer : viewers) viewer->walks = true;
  return rig.until([&] { return std::ranges::none_of(viewers, [&](const FakeViewer* one) { return rig.has_visit(*one); }); }, limit_s);
}

// Nobody of them is ever held by a level from here until they have left.
bool finish_undisturbed(Rig& rig, std::initializer_list<FakeViewer*> viewers, double limit_s) {
  rig.takes_back = true;
  const auto left = [&] { return std::ranges::none_of(viewers, [&](const FakeViewer* one) { return rig.has_visit(*one); }); };
  for (double t = 0.0; t < limit_s && !left(); t += 0.1) {
    rig.step();
    for (const FakeViewer* one : viewers) {
      INFO(rig.dump());
      if (rig.has_visit(*one)) CHECK(one->told.safety.level < Level::pause);
    }
  }
  return left();
}

struct Pair {
  FakeViewer& adult;
  FakeViewer& child;
};

Pair hand_in_hand(Rig& rig, const protocol::BindTicket& child_as = {{}, {}, 4, 1.2, true}) {
  FakeViewer& adult = rig.admit(1, kWalk, 4);
  FakeViewer& child = rig.admit(2, kWalk, child_as);
  const bool play = rig.until([&] { return adult.in_scene(0) && child.in_scene(0); }, 200.0);
  INFO(rig.dump());
  REQUIRE(play);
  adult.walks = child.walks = false;
  let(rig, 0.5);
  REQUIRE(adult.told.safety.level == Level::clear);
  REQUIRE(child.told.safety.level == Level::clear);
  return {adult, child};
}

}  // namespace

// ---------------------------------------------------------------- running

TEST_CASE("Running: his own film pauses, so do those of everybody whom he could reach within two seconds, and staff come") {
  Rig rig;
  auto [runner, sits] = two_playing(rig);
  constexpr double kRuns_mps = 3.5;
  const double reach_m = limits(rig).contact_m + limits(rig).horizon_s * kRuns_mps;
  const auto run_from = [&, &runs = runner](HallPoint from) {
    runs.put(from);
    let(rig, 3.0);
    REQUIRE(sits.told.safety.level == Level::clear);
    for (int i = 0; i < 5; ++i) {
      runs.at.y -= 0.1 * kRuns_mps;
      rig.step();
    }
  };
  SECTION("within reach, and farther away than who only walks would matter") {
    run_from({sits.at.x - 7.0, sits.at.y - 0.5});
    const double gap_m = tracking::distance(runner.at, sits.at);
    REQUIRE(gap_m > tracking::kInterestRadius_m);
    REQUIRE(gap_m < reach_m);
    CHECK(runner.told.safety.level >= Level::pause);
    CHECK(runner.told.play->run == PlayRun::paused);
    CHECK(sits.told.safety.level == Level::pause);
    CHECK(sits.told.safety.cause == Cause::running);
    CHECK(sits.told.play->run == PlayRun::paused);
    let(rig, 5.0);  // he stands
    CHECK(sits.told.safety.level == Level::clear);
    CHECK(sits.told.play->run == PlayRun::running);
  }
  SECTION("out of reach") {
    run_from({sits.at.x - reach_m - 1.0, sits.at.y - 0.5});
    CHECK(runner.told.safety.level >= Level::pause);
    CHECK(sits.told.safety.level == Level::clear);
  }
  CHECK(alarms(rig, "viewer-running") == 1);
}

// ---------------------------------------------------------------- sitting and falling

TEST_CASE("Sitting down on the floor: after two seconds the film pauses, the body is a metre wide, nobody is sent close by, staff come") {
  Rig rig;
  FakeViewer& sitter = standing(rig, 1, kWalk);
  const double low_m = 1.6 * limits(rig).low_head_fraction;
  for (; sitter.height_m > low_m - 0.1; sitter.height_m -= 0.07) rig.step();  // slower than a fall
  let(rig, limits(rig).low_head_s - 0.6);
  CHECK(sitter.told.safety.level == Level::clear);
  CHECK(alarms(rig, "viewer-fallen") == 0);
  let(rig, 0.8);
  CHECK(sitter.told.safety.level == Level::pause);
  CHECK(sitter.told.safety.cause == Cause::posture);
  CHECK(sitter.told.play->run == PlayRun::paused);
  CHECK(alarms(rig, "viewer-fallen") == 1);
  // No gate opens into a block that comes so near that somebody on it would be warned because of him.
  const auto kept = rig.core().interlocking().snapshot(0.0).bodies;
  REQUIRE(kept.size() == 1);
  CHECK(tracking::distance(kept.front().at, sitter.at) < 0.3);
  const double beside_m = limits(rig).fallen_radius_m + limits(rig).contact_m / 2.0;
  const auto way = planning::make_block({sitter.at + tracking::HallVec{-3.0, beside_m}, sitter.at + tracking::HallVec{3.0, beside_m}}, 0.0, 0.0, 0);
  CHECK(planning::touches(way, kept.front()));
  // Another one plays meanwhile: held at his gates where need be, never paused because of who sits there.
  FakeViewer& other = rig.admit(2, kWalkToo);
  for (int i = 0; i < 900; ++i) {
    rig.step();
    INFO(rig.dump());
    REQUIRE(other.told.safety.level < Level::pause);
  }
  CHECK(sitter.told.safety.level == Level::pause);
  sitter.height_m = 1.6;
  REQUIRE(rig.until([&] { return sitter.told.safety.level == Level::clear; }, 10.0));
  CHECK(sitter.told.play->run == PlayRun::running);
  const base::BodyId body = rig.visit(sitter).body;
  CHECK(std::ranges::none_of(rig.core().interlocking().snapshot(0.0).bodies, [&](const auto& one) { return one.id == body; }));
  const bool done = finish(rig, {&sitter, &other});
  INFO(rig.dump());
  CHECK(done);
}

TEST_CASE("Sitting is what a chair is for: no pause and no alarm") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kSeated);
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 100.0));
  viewer.walks = false;
  viewer.height_m = 1.6 * (limits(rig).low_head_fraction - 0.1);
  let(rig, 2.0 * limits(rig).low_head_s);
  CHECK(viewer.told.safety.level == Level::clear);
  CHECK(alarms(rig, "viewer-fallen") == 0);
}

TEST_CASE("Falling: paused at once and for as long as he lies there, whoever comes to help stops nobody") {
  Rig rig;
  FakeViewer& viewer = standing(rig, 1, kWalk);
  for (int i = 0; i < 4; ++i) {
    viewer.height_m -= 0.32;
    rig.step();
  }
  CHECK(viewer.told.safety.level == Level::pause);
  CHECK(viewer.told.safety.cause == Cause::posture);
  CHECK(alarms(rig, "viewer-fallen") == 1);
  for (int i = 0; i < 60; ++i) {
    rig.step();
    REQUIRE(viewer.told.safety.level == Level::pause);
  }
  for (int i = 0; i < 60; ++i) {  // an attendant kneels beside him
    rig.rim().receive(rig.staff_peer, protocol::TagReport{3, rig.now, viewer.at + tracking::HallVec{0.4, 0.0}, 0.3}, rig.now);
    rig.step();
    REQUIRE(viewer.told.safety.level == Level::pause);
  }
  CHECK(alarms(rig, "viewer-fallen") == 1);
  viewer.height_m = 1.6;  // he is helped up; the attendant steps back
  for (int i = 0; i < 50; ++i) {
    rig.rim().receive(rig.staff_peer, protocol::TagReport{3, rig.now, viewer.at + tracking::HallVec{2.5, 0.0}, 0.3}, rig.now);
    rig.step();
  }
  CHECK(viewer.told.safety.level == Level::clear);
  CHECK(viewer.told.play->run == PlayRun::running);
}

// ---------------------------------------------------------------- the visor

TEST_CASE("Lifting the visor: paused at once, a body without a headset after ten seconds, and on again when it is worn again") {
  Rig rig;
  FakeViewer& viewer = standing(rig, 1, kWalk);
  FakeViewer& other = playing(rig, 2, kWalkToo);
  viewer.worn = false;
  rig.step();
  CHECK(viewer.told.safety.level == Level::pause);
  CHECK(viewer.told.safety.cause == Cause::not_worn);
  CHECK(viewer.told.play->run == PlayRun::paused);
  CHECK(other.told.safety.level < Level::pause);
  let(rig, limits(rig).not_worn_body_s - 1.0);
  CHECK(kind_of(rig, viewer) == BodyKind::viewer);
  let(rig, 2.0);
  CHECK(kind_of(rig, viewer) == BodyKind::lost_viewer);
  CHECK(alarms(rig, "viewer-lost") == 1);
  viewer.worn = true;
  REQUIRE(rig.until([&] { return viewer.told.safety.level < Level::pause; }, 10.0));
  CHECK(kind_of(rig, viewer) == BodyKind::viewer);
  const bool done = finish(rig, {&viewer, &other});
  INFO(rig.dump());
  REQUIRE(done);
  CHECK(std::ranges::count(rig.fact_kinds(), "play_ended") == 2);
}

TEST_CASE("A headset that is carried away from where it came off leaves its viewer's body there, whatever it comes near to") {
  Rig rig;
  FakeViewer& viewer = standing(rig, 1, kWalk);
  FakeViewer& other = playing(rig, 2, kWalkToo);
  const HallPoint came_off = viewer.at;
  viewer.worn = false;
  rig.step();
  other.walks = false;
  const auto carry = [&](HallPoint to) {  // in an attendant's hand
    while (tracking::distance(viewer.at, to) > 0.05) {
      const tracking::HallVec left = to - viewer.at;
      viewer.at = viewer.at + left * std::min(1.0, 0.1 / tracking::length(left));
      rig.step();
    }
  };
  carry(other.at + tracking::HallVec{0.6, 0.0});
  CHECK(kind_of(rig, viewer) == BodyKind::lost_viewer);
  CHECK(tracking::distance(body_of(rig, viewer).position, came_off) < 0.2);
  CHECK(alarms(rig, "viewer-lost") == 1);
  CHECK(rig.core().counts().near_misses == 0);
  CHECK(rig.core().counts().contacts == 0);
  CHECK(other.told.safety.level < Level::stop);
  carry(came_off);
  viewer.worn = true;
  REQUIRE(rig.until([&] { return viewer.told.safety.level < Level::pause; }, 10.0));
  CHECK(kind_of(rig, viewer) == BodyKind::viewer);
  const bool done = finish(rig, {&viewer, &other});
  INFO(rig.dump());
  CHECK(done);
}

TEST_CASE("A headset that is put on far from where it came off leaves a body there until staff say that nobody is there") {
  Rig rig;
  FakeViewer& viewer = standing(rig, 1, kWalk);
  const HallPoint came_off = viewer.at;
  viewer.worn = false;
  rig.step();
  const tracking::HallVec way = HallPoint{14.0, 9.0} - came_off;
  for (int i = 0; i < 60; ++i) {  // in a hand
    viewer.at = viewer.at + way * (5.0 / 60.0 / tracking::length(way));
    rig.step();
  }
  REQUIRE(kind_of(rig, viewer) == BodyKind::lost_viewer);
  viewer.worn = true;
  let(rig, 1.0);
  CHECK(tracking::distance(body_of(rig, viewer).position, viewer.at) < 0.3);
  CHECK(alarms(rig, "body-left") == 1);
  const auto bodies = rig.core().bodies();
  const auto left = std::ranges::find(bodies, BodyKind::unknown, &hall::BodyView::kind);
  REQUIRE(left != bodies.end());
  CHECK(tracking::distance(left->position, came_off) < 0.3);
}

TEST_CASE("A viewer who is led to far marks with another headset leaves nobody behind where he stood") {
  Rig rig;
  FakeViewer& old = standing(rig, 1, kWalk);
  FakeViewer& fresh = rig.viewer(9);
  fresh.walks = false;
  const tracking::HallVec way = HallPoint{14.0, 9.0} - old.at;
  fresh.at = old.at + way * (std::copysign(6.0, tracking::length(way) - 3.0) / tracking::length(way));
  REQUIRE(rig.staff(protocol::SwapHeadset{old.headset, fresh.headset}).accepted);
  REQUIRE(rig.until([&] { return rig.has_visit(fresh) && kind_of(rig, fresh) == BodyKind::viewer; }, 20.0));
  let(rig, 1.0);
  CHECK(alarms(rig, "body-left") == 0);
  CHECK(std::ranges::none_of(rig.core().bodies(), [](const hall::BodyView& one) { return one.kind == BodyKind::unknown; }));
}

TEST_CASE("A headset that gives its place up by itself brings staff") {
  Rig rig;
  FakeViewer& viewer = standing(rig, 1, kWalk);
  viewer.calibrates = false;
  viewer.forget_place();
  let(rig, 3.0);
  CHECK(viewer.told.safety.level >= Level::pause);
  CHECK(alarms(rig, "place-jumped") == 1);
}

TEST_CASE("A viewer who is out of sight has no plan any more: nobody is told that he walks on") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  FakeViewer& other = playing(rig, 2, kWalkToo);
  const auto told = [&] {
    const base::BodyId body = rig.visit(viewer).body;
    const auto found = std::ranges::find(other.told.neighbours, body, &protocol::Neighbour::body);
    REQUIRE(found != other.told.neighbours.end());
    return *found;
  };
  CHECK_FALSE(told().planned.empty());
  viewer.sends = false;
  REQUIRE(rig.until([&] { return kind_of(rig, viewer) == BodyKind::lost_viewer; }, 20.0));
  let(rig, 0.5);
  CHECK(told().planned.empty());
  CHECK(told().relation == protocol::Relation::lost);
}

TEST_CASE("The height that staff gave holds, whatever height the headset was once held at") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kWalk, {{}, {}, 0, 1.36, false});
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 200.0));
  viewer.walks = false;
  for (; viewer.height_m > 0.9; viewer.height_m -= 0.03) rig.step();  // low for 1.6 m, which his headset says; not for 1.36 m
  let(rig, limits(rig).low_head_s + 1.0);
  CHECK(alarms(rig, "viewer-fallen") == 0);
}

// ---------------------------------------------------------------- children

TEST_CASE("A child is who is said to be one, or is known by age or height; he walks as one body with his adult") {
  protocol::BindTicket child{{}, {}, 4, 1.7, false};
  SECTION("said") { child.child = true; }
  SECTION("age") { child.age_years = protocol::kChildAge_years - 1; }
  SECTION("height") { child.height_m = protocol::kChildHeight_m - 0.01; }
  Rig rig;
  auto [adult, small] = hand_in_hand(rig, child);
  CHECK(rig.core().interlocking().plays().size() == 1);
  CHECK(alarms(rig, "child-alone") == 0);
  CHECK(tracking::distance(adult.at, small.at) < limits(rig).contact_m);  // and neither is told of the other as a danger
  // If one of them pauses, both do; and go on together.
  for (auto [one, two] : {std::pair(&adult, &small), std::pair(&small, &adult)}) {
    one->worn = false;
    let(rig, 0.3);
    CHECK(one->told.safety.cause == Cause::not_worn);
    CHECK(two->told.safety.level == Level::pause);
    CHECK(two->told.safety.cause == Cause::companion);
    CHECK(two->told.play->run == PlayRun::paused);
    one->worn = true;
    let(rig, 5.0);
    CHECK(one->told.safety.level == Level::clear);
    CHECK(two->told.safety.level == Level::clear);
  }
  const bool done = finish(rig, {&adult, &small});
  INFO(rig.dump());
  CHECK(done);
}

TEST_CASE("Grown-ups of one party at the edge of what a child is are no pair") {
  Rig rig;
  FakeViewer& one = rig.admit(1, kWalk, 4);
  FakeViewer& two = rig.admit(2, kWalk, protocol::BindTicket{{}, {}, 4, protocol::kChildHeight_m, false, protocol::kChildAge_years});
  REQUIRE(rig.until([&] { return one.told.own_place && two.told.own_place; }, 120.0));
  CHECK(tracking::length(one.told.own_place->offset - two.told.own_place->offset) > 1.3);  // a group of two, not hand in hand
}

TEST_CASE("When the headset of one of a pair falls silent the other is paused, for as long as it is silent") {
  const bool of_child = GENERATE(true, false);
  Rig rig;
  auto [adult, child] = hand_in_hand(rig);
  FakeViewer& silent = of_child ? child : adult;
  FakeViewer& other = of_child ? adult : child;
  silent.sends = false;
  let(rig, 1.5);
  CHECK(other.told.safety.level == Level::pause);
  CHECK(other.told.safety.cause == Cause::companion);
  for (int i = 0; i < 150; ++i) {  // past the time after which he is a body without a headset
    rig.step();
    REQUIRE(other.told.safety.level >= Level::pause);
  }
  CHECK(kind_of(rig, silent) == BodyKind::lost_viewer);
  silent.sends = true;
  let(rig, 5.0);
  CHECK(other.told.safety.level == Level::clear);
}

TEST_CASE("A pair stays paused while one of them has a reason of his own, whatever else had held both before") {
  Rig rig;
  auto [adult, child] = hand_in_hand(rig);
  REQUIRE(rig.staff(protocol::SetViewerPaused{adult.headset, true}).accepted);
  let(rig, 0.5);
  REQUIRE(child.told.safety.cause == Cause::companion);
  child.sends = false;
  let(rig, 2.0);
  REQUIRE(rig.staff(protocol::SetViewerPaused{adult.headset, false}).accepted);
  for (int i = 0; i < 80; ++i) {
    rig.step();
    REQUIRE(adult.told.safety.level >= Level::pause);
  }
  child.sends = true;
  let(rig, 5.0);
  CHECK(adult.told.safety.level == Level::clear);
  CHECK(child.told.safety.level == Level::clear);
}

TEST_CASE("A pair whom somebody has come too near goes on when he has gone: neither of them waits for the other to step away") {
  const double side = GENERATE(0.9, -0.9);
  Rig rig;
  auto [adult, child] = hand_in_hand(rig);
  FakeViewer& third = playing(rig, 3, kSeated);
  const HallPoint chair = third.at;
  const tracking::HallVec hands = (child.at - adult.at) * (1.0 / tracking::distance(adult.at, child.at));
  const HallPoint middle{(adult.at.x + child.at.x) / 2.0, (adult.at.y + child.at.y) / 2.0};
  third.put(middle + tracking::HallVec{-hands.y, hands.x} * side);
  let(rig, 1.0);
  REQUIRE(adult.told.safety.level >= Level::pause);
  REQUIRE(child.told.safety.level >= Level::pause);
  third.put(chair);
  let(rig, 8.0);
  CHECK(adult.told.safety.level < Level::pause);
  CHECK(child.told.safety.level < Level::pause);
}

TEST_CASE("A child who is torn from his adult's hand is no danger to him; who strays pauses both") {
  Rig rig;
  auto [adult, child] = hand_in_hand(rig);
  const HallPoint place = child.at;
  const double there_m = 0.6 + limits(rig).stray_pause_m + 0.3;  // a scene's area reaches 0.6 m
  const double side = place.y < 7.5 ? 1.0 : -1.0;
  const auto walk_to = [&, &moves = child](double off_m) {
    while (std::abs(moves.at.y - (place.y + side * off_m)) > 0.05) {
      moves.at.y += moves.at.y < place.y + side * off_m ? 0.07 : -0.07;
      rig.step();
      CHECK(adult.told.safety.cause != Cause::body);
      CHECK(child.told.safety.cause != Cause::body);
    }
  };
  walk_to(there_m);
  let(rig, 0.5);
  CHECK(child.told.safety.cause == Cause::stray);
  CHECK(child.told.safety.level == Level::pause);
  CHECK(adult.told.safety.cause == Cause::companion);
  walk_to(0.0);
  let(rig, 5.0);
  CHECK(adult.told.safety.level == Level::clear);
  CHECK(child.told.safety.level == Level::clear);
}

TEST_CASE("A child without an adult brings staff as he sets out, however he is known to be one") {
  const auto [said, age_years, height_m] = GENERATE(std::tuple(true, 0U, 1.7), std::tuple(false, 9U, 1.7), std::tuple(false, 0U, 1.2));
  Rig rig;
  FakeViewer& child = rig.admit(1, kWalk, protocol::BindTicket{{}, {}, 7, height_m, said, static_cast<std::uint8_t>(age_years)});
  REQUIRE(rig.until([&] { return child.told.phase == Phase::playing; }, 200.0));
  CHECK(alarms(rig, "child-alone") == 1);
}

// ---------------------------------------------------------------- slow walkers

TEST_CASE("A slow walker: his film waits for him at its gates, the others' holds take it up, nobody is paused, every play counts") {
  const std::uint64_t seed = GENERATE(range(1, 5));
  hall::HallConfig config = sample_config();
  config.seed = seed;
  CAPTURE(seed);
  Rig rig(config);
  FakeViewer& slow = playing(rig, 1, kWalk);
  slow.speed_mps /= 2.0;
  FakeViewer& other = rig.admit(2, kWalkToo);
  FakeViewer& third = rig.admit(3, kWalk);
  const bool done = finish_undisturbed(rig, {&slow, &other, &third}, 900.0);
  INFO(rig.dump());
  REQUIRE(done);
  const auto facts = rig.fact_kinds();
  CHECK(std::ranges::count(facts, "play_started") == 3);
  CHECK(std::ranges::count(facts, "play_ended") == 3);
  CHECK(rig.core().counts().plays_completed == 3);
  CHECK(rig.core().counts().near_misses == 0);
}

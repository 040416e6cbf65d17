// The core's small parts: phases, one headset, the way along a course, records.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>
#include <rapidcheck.h>

#include "showcontrol/hall/course_motion.h"
#include "showcontrol/hall/headset.h"
#include "showcontrol/hall/records.h"
#include "showcontrol/planning/transit.h"
#include "tests/hall/rig.h"
#include "tracking/venue_file.h"

using namespace promenade;
using namespace promenade::hall_test;
using hall::BlockStage;
using hall::Walked;

namespace {

protocol::HeadsetState bundle(std::uint32_t sequence, double t, HallPoint at, std::uint8_t revision = 1) {
  protocol::HeadsetState state;
  state.headset = HeadsetId(3);
  state.sequence = sequence;
  state.samples.push_back({base::hall_time(t), tracking::pose_at<tracking::Hall>(at, 1.6, 0.01 * sequence), protocol::TrackingQuality::good});
  state.calibration = {revision > 0, revision, 0.05, 0.02};
  state.worn = true;
  return state;
}

hall::Course straight_course() {
  hall::Course course;
  course.id = base::PlayId(4);
  course.film = kWalk;
  course.plan.play = course.id;
  course.plan.film = kWalk;
  course.plan.speed_mps = 0.5;
  const auto block = [](planning::Path path, double stay_s, int scene) {
    planning::Block made;
    made.length_m = planning::path_length_m(path);
    made.path = std::move(path);
    made.stay_s = stay_s;
    made.scene = scene;
    return made;
  };
  course.plan.blocks = {block({{0, 0}, {2, 0}}, 10.0, 0), block({{2, 0}, {5, 0}}, 10.0, 1), block({{5, 0}, {9, 0}}, 0.0, planning::kNoScene)};
  course.plan.enter_s = {0.0, 14.0, 30.0};
  course.plan.end_s = 38.0;
  course.members = {base::ViewerId(1)};
  return course;
}

}  // namespace

TEST_CASE("Phases follow each other only as the table says") {
  CHECK(hall::may_follow(Phase::idle, Phase::arrived));
  CHECK(hall::may_follow(Phase::held, Phase::playing));
  CHECK(hall::may_follow(Phase::playing, Phase::playing));
  CHECK_FALSE(hall::may_follow(Phase::arrived, Phase::playing));
  CHECK_FALSE(hall::may_follow(Phase::finished, Phase::playing));
  CHECK_FALSE(hall::may_follow(Phase::returned, Phase::playing));
  CHECK_FALSE(hall::may_follow(Phase::idle, Phase::redeemed));
  for (int from = static_cast<int>(Phase::arrived); from <= static_cast<int>(Phase::guided_out); ++from) {
    CHECK(hall::may_follow(static_cast<Phase>(from), Phase::returned));  // a headset can always be handed back
  }
}

TEST_CASE("A headset's bundles count once and in order, each connection anew") {
  const tracking::SafetyLimits limits;
  hall::Headset headset(HeadsetId(3));
  headset.connected(PeerId(1));
  CHECK(headset.take(bundle(5, 10.0, {1, 1}), base::hall_time(10.0), limits));
  CHECK_FALSE(headset.take(bundle(5, 10.1, {1, 1}), base::hall_time(10.1), limits));
  CHECK_FALSE(headset.take(bundle(4, 10.1, {1, 1}), base::hall_time(10.1), limits));
  CHECK(headset.take(bundle(6, 10.2, {1, 1}), base::hall_time(10.2), limits));
  headset.connected(PeerId(2));
  CHECK(headset.take(bundle(1, 10.3, {1, 1}), base::hall_time(10.3), limits));
  auto other = bundle(9, 10.4, {1, 1});
  other.headset = HeadsetId(4);
  CHECK_FALSE(headset.take(other, base::hall_time(10.4), limits));
}

TEST_CASE("A headset that changed hands is not trusted before its marks are touched again") {
  const tracking::SafetyLimits limits;
  hall::Headset headset(HeadsetId(3));
  headset.connected(PeerId(1));
  headset.take(bundle(1, 10.0, {1, 1}), base::hall_time(10.0), limits);
  CHECK(headset.calibrated());
  CHECK(headset.has_pose());
  headset.want_calibration();
  CHECK_FALSE(headset.calibrated());
  CHECK_FALSE(headset.has_pose());
  headset.take(bundle(2, 10.1, {1, 1}), base::hall_time(10.1), limits);
  CHECK_FALSE(headset.has_pose());
  headset.take(bundle(3, 10.2, {1, 1}, 2), base::hall_time(10.2), limits);
  CHECK(headset.calibrated());
  // A restarted headset program counts from 0; from its next marks on it is trusted again.
  headset.take(bundle(4, 10.3, {1, 1}, 0), base::hall_time(10.3), limits);
  CHECK_FALSE(headset.calibrated());
  headset.take(bundle(5, 10.4, {1, 1}, 1), base::hall_time(10.4), limits);
  CHECK(headset.calibrated());
}

TEST_CASE("Poses from the future, from long ago and impossible jumps say nothing") {
  const tracking::SafetyLimits limits;
  hall::Headset headset(HeadsetId(3));
  headset.connected(PeerId(1));
  headset.take(bundle(1, 60.0, {1, 1}), base::hall_time(10.0), limits);
  CHECK_FALSE(headset.has_pose());
  headset.take(bundle(2, 1.0, {1, 1}), base::hall_time(10.1), limits);
  CHECK_FALSE(headset.has_pose());
  headset.take(bundle(3, 10.2, {1, 1}), base::hall_time(10.2), limits);
  REQUIRE(headset.has_pose());
  for (std::uint32_t i = 0; i < 4; ++i) headset.take(bundle(4 + i, 10.3 + 0.02 * i, {9, 9}), base::hall_time(10.3 + 0.02 * i), limits);
  CHECK(tracking::floor_point(headset.poses().newest()) == HallPoint{1, 1});
  CHECK(headset.tracking_lost_s(base::hall_time(10.4)) > 0.0);
  CHECK(headset.calibrated());
  // It stays there: nobody knows where its wearer is, until marks are touched anew.
  headset.take(bundle(9, 10.5, {9, 9}), base::hall_time(10.5), limits);
  CHECK(headset.jumped_m() > 11.0);
  for (std::uint32_t i = 0; i < 9; ++i) headset.take(bundle(10 + i, 10.6 + 0.02 * i, {9, 9}), base::hall_time(10.6 + 0.02 * i), limits);
  CHECK_FALSE(headset.calibrated());
  CHECK_FALSE(headset.jumped_m());
  CHECK(tracking::floor_point(headset.poses().newest()) == HallPoint{1, 1});
  headset.take(bundle(30, 11.0, {9, 9}, headset.wanted_revision()), base::hall_time(11.0), limits);
  CHECK(headset.calibrated());
  CHECK(tracking::floor_point(headset.poses().newest()) == HallPoint{9, 9});
}

TEST_CASE("A small jump is believed where it persists, and many of them are not") {
  const tracking::SafetyLimits limits;
  hall::Headset headset(HeadsetId(3));
  headset.connected(PeerId(1));
  std::uint32_t sequence = 0;
  double t = 10.0, x = 1.0;
  const auto tell = [&](int times) {
    for (int i = 0; i < times; ++i) {
      t += 0.011;
      headset.take(bundle(++sequence, t, {x + 0.001 * (i % 2), 1}), base::hall_time(t), limits);
    }
  };
  tell(10);
  x += 0.6;
  tell(10);
  CHECK(headset.calibrated());
  CHECK(std::abs(tracking::floor_point(headset.poses().newest()).x - x) < 0.01);
  for (int i = 0; i < 8; ++i) {
    x += 0.6;
    tell(10);
  }
  CHECK_FALSE(headset.calibrated());
  CHECK(tracking::floor_point(headset.poses().newest()).x < x - 0.5);
}

TEST_CASE("The planned point walks, waits for the scene, and passes only an open gate") {
  hall::Course course = straight_course();
  course.granted_gate = 0;
  const Walked walking{0, BlockStage::walking, {}, false};
  CHECK(hall::planned_point(course, walking, 1.0, 1.0) == HallPoint{1.5, 0.0});
  CHECK(hall::planned_point(course, walking, 1.0, 60.0) == HallPoint{2.0, 0.0});
  course.granted_gate = 1;
  const Walked waiting{0, BlockStage::in_scene, std::chrono::seconds(8), false};
  CHECK(hall::planned_point(course, waiting, 0.0, 1.0) == HallPoint{2.0, 0.0});
  CHECK(std::abs(hall::planned_point(course, waiting, 0.0, 4.0).x - 3.0) < 1e-9);
  CHECK(hall::planned_point(course, waiting, 0.0, 1000.0) == HallPoint{5.0, 0.0});
  CHECK(hall::planned_point(course, {}, 0.0, 5.0) == HallPoint{0.0, 0.0});
  CHECK(std::abs(hall::remaining_s(course, waiting, 0.0) - (2.0 + 6.0 + 10.0)) < 1e-9);
}

TEST_CASE("Stray is the distance from the leg or the scene's area") {
  hall::Course course = straight_course();
  course.granted_gate = 0;
  CHECK(hall::stray_m(course, {0, BlockStage::walking, {}, false}, {1.0, 0.4}) == 0.4);
  CHECK(hall::stray_m(course, {0, BlockStage::in_scene, {}, false}, {1.0, 0.0}) == 1.0);
  course.granted_gate = 1;  // he may be on the next leg, one bundle before he says so
  CHECK(hall::stray_m(course, {0, BlockStage::in_scene, {}, false}, {4.0, 0.3}) == 0.3);
}

TEST_CASE("Records come back as they were, and other bytes give nothing") {
  CHECK(rc::check("a visit", [] {
    hall::Visit visit;
    visit.viewer = base::ViewerId(*rc::gen::inRange(1u, 1000u));
    visit.headset = HeadsetId(*rc::gen::inRange<std::uint16_t>(1, 500));
    visit.body = base::BodyId(*rc::gen::inRange(1u, 4095u));
    visit.phase = static_cast<Phase>(*rc::gen::inRange(1, 12));
    visit.token = *rc::gen::string<std::string>() == "" ? "t" : "PMT1.x";
    visit.height_m = *rc::gen::inRange(0, 220) / 100.0;
    visit.chosen = base::hall_time(*rc::gen::inRange(0, 100000));
    hall::Play play;
    play.id = base::PlayId(*rc::gen::arbitrary<std::uint32_t>());
    play.code = "h-1-2";
    play.walked = {*rc::gen::inRange<std::uint8_t>(0, 20), BlockStage::in_scene, base::Duration(*rc::gen::inRange(0, 1'000'000'000)), true};
    play.worn_s = *rc::gen::inRange(0, 1'000'000) / 7.0;
    visit.play = play;
    const auto read = hall::visit_from(hall::to_record(visit));
    RC_ASSERT(read.has_value());
    RC_ASSERT(hall::to_record(*read) == hall::to_record(visit));
    RC_ASSERT(read->play->walked == play.walked);
    RC_ASSERT(read->play->worn_s == play.worn_s);
  }));
  CHECK(rc::check("any bytes", [](const base::Bytes& bytes) {
    RC_ASSERT(!hall::visit_from(bytes));
    RC_ASSERT(!hall::course_from(bytes));
    RC_ASSERT(!hall::mode_from(bytes));
    RC_ASSERT(!hall::shelf_from(bytes));
    RC_ASSERT(!hall::body_from(bytes));
  }));
  hall::Course course = straight_course();
  planning::SavedPlay saved{course.plan, {0, 1.25, 1, 3.5}, {{}, {{base::PlayId(9), 2, 0.75, true}}, {}}};
  const auto read = hall::course_from(hall::to_record(course, &saved));
  REQUIRE(read.has_value());
  REQUIRE(read->saved.has_value());
  CHECK(read->saved->waits == saved.waits);
  CHECK(read->saved->at.granted == saved.at.granted);
  CHECK(hall::to_record(read->course, &*read->saved) == hall::to_record(course, &saved));
}

TEST_CASE("No way passes a chair so near that nobody could sit in it meanwhile") {
  const auto venue = tracking::load_venue(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml");
  REQUIRE(venue);
  const planning::Floor floor(hall::floor_plan(*venue));
  REQUIRE(venue->seats.size() == 3);
  for (const tracking::Seat& own : venue->seats) {
    const planning::Path ends{venue->exit.at, own.at};
    const planning::TransitField field(floor, venue->exit.at, own.at, planning::crossing_costs(floor, {}, 0.0, 60.0));
    CHECK(field.way_to(own.at));
    for (const tracking::Seat& other : venue->seats) {
      if (other.id == own.id) continue;
      CAPTURE(own.id, other.id);
      for (int i = 0; i < 72; ++i) {
        const double angle = std::numbers::pi * i / 36.0;
        const HallPoint near = other.at + tracking::HallVec{std::cos(angle), std::sin(angle)} * (venue->separation_m - 0.01);
        CHECK_FALSE(floor.free(near, ends));
      }
    }
  }
}

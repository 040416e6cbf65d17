// Who is led by somebody, what staff may lift, and what brings staff to a viewer.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;
using tracking::BodyKind;
using tracking::Cause;
using tracking::Level;

namespace {

std::optional<hall::BodyView> body_of(const Rig& rig, base::BodyId id) {
  for (const hall::BodyView& body : rig.core().bodies()) {
    if (body.id == id) return body;
  }
  return std::nullopt;
}

std::optional<protocol::HeadsetCard> card_of(const Rig& rig, base::HeadsetId headset) {
  for (auto message = rig.staff_inbox.rbegin(); message != rig.staff_inbox.rend(); ++message) {
    if (const auto* card = std::get_if<protocol::HeadsetCard>(&*message); card != nullptr && card->headset == headset) return *card;
  }
  return std::nullopt;
}

void report_tag(Rig& rig, HallPoint at) {
  rig.rim().receive(rig.staff_peer, protocol::TagReport{3, rig.now, at, 0.3}, rig.now);
}

}  // namespace

TEST_CASE("The viewer of a dead headset is led out at an attendant's hand along a way that the hall keeps free") {
  Rig rig;
  FakeViewer& dead = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return dead.in_scene(1); }, 100.0));
  const base::BodyId body = rig.visit(dead).body;
  dead.sends = false;
  let(rig, 12.0);
  REQUIRE(body_of(rig, body)->kind == BodyKind::lost_viewer);
  REQUIRE(rig.staff(protocol::LeadOut{dead.headset}).accepted);
  let(rig, 5.0);
  auto card = card_of(rig, dead.headset);
  REQUIRE(card);
  CHECK(card->escorted);
  REQUIRE(card->path_ahead.size() >= 2);
  CHECK(card->path_reserved == card->path_ahead.size());
  CHECK(tracking::distance(card->path_ahead.back(), rig.config.venue.exit.at) < 0.01);
  // No gate opens into a block that the way touches.
  const auto snapshot = rig.core().interlocking().snapshot(0.0);
  REQUIRE(snapshot.bodies.size() == 1);
  const auto& way = snapshot.bodies.front().way;
  const HallPoint middle = planning::point_along(way, planning::path_length_m(way) / 2.0);
  CHECK(planning::touches(planning::make_block({middle + tracking::HallVec{-3.0, 0.0}, middle + tracking::HallVec{3.0, 0.0}}, 0.0, 0.0, 0), snapshot.bodies.front()));
  // An attendant comes, takes him by the hand and walks the way: the body goes with the tag.
  HallPoint at = body_of(rig, body)->position;
  const std::vector<HallPoint> path = card->path_ahead;
  const double length = planning::path_length_m(path);
  for (double along = 0.0; along < length - 0.5; along += 0.1) {
    at = planning::point_along(path, along);
    report_tag(rig, at);
    rig.step();
  }
  CHECK(tracking::distance(body_of(rig, body)->position, at) < 0.8);
  card = card_of(rig, dead.headset);
  CHECK(planning::path_length_m(card->path_ahead) < length / 3.0);
  // He stays a body until staff confirm that he is gone; then nothing is kept free.
  REQUIRE(rig.staff(protocol::ConfirmBodyGone{body}).accepted);
  for (const planning::BlockingBody& kept : rig.core().interlocking().snapshot(0.0).bodies) CHECK(kept.way.empty());
}

TEST_CASE("A viewer whose headset is heard and worn but has lost its place becomes a body without a headset, until it knows it again") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 60.0));
  const base::BodyId body = rig.visit(viewer).body;
  viewer.walks = false;
  viewer.calibrates = false;
  viewer.forget_place();
  let(rig, 5.0);
  CHECK(viewer.told.safety.level >= Level::pause);
  CHECK(body_of(rig, body)->kind == BodyKind::viewer);
  let(rig, 7.0);
  CHECK(body_of(rig, body)->kind == BodyKind::lost_viewer);
  CHECK(viewer.told.safety.cause == Cause::tracking_lost);
  CHECK(alarms(rig, "viewer-lost") == 1);
  viewer.calibrates = true;
  CHECK(rig.until([&] { return body_of(rig, body)->kind == BodyKind::viewer; }, 20.0));
}

TEST_CASE("An attendant who passes by and leaves the way takes nobody with him") {
  Rig rig;
  FakeViewer& dead = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return dead.in_scene(1); }, 100.0));
  const base::BodyId body = rig.visit(dead).body;
  dead.sends = false;
  let(rig, 12.0);
  const HallPoint stands = body_of(rig, body)->position;
  report_tag(rig, stands);
  rig.step();
  CHECK(body_of(rig, body)->position == stands);  // nobody has been asked to lead him
  REQUIRE(rig.staff(protocol::LeadOut{dead.headset}).accepted);
  let(rig, 5.0);
  const auto way = card_of(rig, dead.headset)->path_ahead;
  REQUIRE(way.size() >= 2);
  const tracking::HallVec from_exit = stands - way.back();
  const tracking::HallVec aside = from_exit * (1.0 / tracking::length(from_exit));
  for (int i = 0; i < 60; ++i) {
    report_tag(rig, stands + aside * (0.1 * i));
    rig.step();
  }
  CHECK(tracking::distance(body_of(rig, body)->position, stands) < 2.6);
}

TEST_CASE("A parent beside a child is one body with him to others, goes where he goes and leaves with him") {
  Rig rig;
  rig.takes_back = true;
  CHECK(rig.staff(protocol::PlaceBody{5, {9.0, 5.0}, false, base::HeadsetId{1}}).code == "no-viewer");
  FakeViewer& child = rig.admit(1, kWalk, 4, true);
  REQUIRE(rig.staff(protocol::PlaceBody{5, {9.0, 1.5}, false, child.headset}).accepted);
  CHECK(rig.staff(protocol::PlaceBody{6, {9.0, 1.5}, true, child.headset}).code == "beside-staff");
  REQUIRE(rig.until([&] { return child.told.phase == Phase::playing; }, 200.0));
  CHECK(alarms(rig, "child-alone") == 0);
  const auto parent = [&]() -> std::optional<hall::BodyView> {
    for (const hall::BodyView& body : rig.core().bodies()) {
      if (body.kind == BodyKind::companion) return body;
    }
    return std::nullopt;
  };
  REQUIRE(rig.until([&] { return child.in_scene(1); }, 100.0));
  REQUIRE(parent());
  CHECK(tracking::distance(parent()->position, child.at) < 0.3);
  CHECK(child.told.safety.level == Level::clear);  // the parent is no danger to him, nor is he drawn into his film
  CHECK(child.told.neighbours.empty());
  CHECK(rig.core().interlocking().snapshot(0.0).bodies.empty());  // nor in his way
  REQUIRE(rig.until([&] { return !rig.has_visit(child); }, 300.0));
  CHECK_FALSE(parent());
}

TEST_CASE("A child who sets out with no adult near brings staff; so known by age or height as well") {
  Rig rig;
  FakeViewer& alone = playing(rig, 1, kWalk, 7, true);
  CHECK(alarms(rig, "child-alone") == 1);
  const auto card = card_of(rig, alone.headset);
  REQUIRE(card);
  CHECK(card->child);
}

TEST_CASE("What staff may lift counts as a warning until it has gone; walls and bodies nobody lifts") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 60.0));
  viewer.walks = false;
  viewer.height_m = 0.7;  // sits down on the floor
  REQUIRE(rig.until([&] { return viewer.told.safety.level == Level::pause; }, 10.0));
  REQUIRE(viewer.told.safety.cause == Cause::posture);
  CHECK(rig.staff(protocol::LiftCause{viewer.headset, Cause::wall, true}).code == "not-lifted");
  CHECK(rig.staff(protocol::LiftCause{viewer.headset, Cause::panic, true}).code == "not-lifted");
  REQUIRE(rig.staff(protocol::LiftCause{viewer.headset, Cause::posture, true}).accepted);
  let(rig, 0.3);
  CHECK(viewer.told.safety.level == Level::warn);
  CHECK(viewer.told.lifted == 1U << static_cast<unsigned>(Cause::posture));
  let(rig, 10.0);
  CHECK(viewer.told.safety.level == Level::warn);  // he still sits
  viewer.height_m = 1.6;
  let(rig, 7.0);
  CHECK(viewer.told.lifted == 0);
  viewer.height_m = 0.7;  // sits down again: that is a new thing
  CHECK(rig.until([&] { return viewer.told.safety.level == Level::pause; }, 10.0));
  REQUIRE(rig.staff(protocol::LiftCause{viewer.headset, Cause::posture, true}).accepted);
  let(rig, 4.0);
  CHECK(viewer.told.safety.level == Level::warn);
  REQUIRE(rig.staff(protocol::LiftCause{viewer.headset, Cause::posture, false}).accepted);
  let(rig, 0.3);
  CHECK(viewer.told.safety.level == Level::pause);
}

TEST_CASE("Two who are held too close to each other are led apart one at a time") {
  Rig rig;
  auto [one, two] = two_playing(rig);
  one.put({20.0, 8.0});
  two.put({20.0, 8.0 + rig.config.venue.safety.stranger.pause_m - 0.1});
  let(rig, 1.0);
  REQUIRE(one.told.safety.level >= Level::pause);
  REQUIRE(two.told.safety.level >= Level::pause);
  CHECK(one.told.safety.stay != two.told.safety.stay);
  FakeViewer& first = one.told.safety.stay ? two : one;
  FakeViewer& second = one.told.safety.stay ? one : two;
  let(rig, 3.0);
  CHECK(second.told.safety.stay);
  // The first one does not move: after a while the other may try.
  let(rig, 5.0);
  CHECK(first.told.safety.stay);
  CHECK_FALSE(second.told.safety.stay);
}

TEST_CASE("Of two who were held too close only one goes on at first; the other when that one is away, or stands free") {
  Rig rig;
  auto [one, two] = two_playing(rig);
  const HallPoint place = one.at;
  const HallPoint chair = two.at;
  one.put({place.x + 0.5, place.y});
  two.put({one.at.x + rig.config.venue.safety.stranger.pause_m - 0.1, place.y});
  let(rig, 1.0);
  REQUIRE(one.told.safety.level >= Level::pause);
  REQUIRE(two.told.safety.level >= Level::pause);
  // Far enough apart that nothing measured asks for a pause, and too near to set off both.
  REQUIRE(rig.staff(protocol::LiftCause{two.headset, Cause::stray, true}).accepted);  // he is far from his chair
  one.put(place);
  two.put({place.x + 1.75, place.y});
  for (int i = 0; i < 25; ++i) {
    rig.step();
    CHECK((one.told.safety.level >= Level::pause) + (two.told.safety.level >= Level::pause) >= 1);
  }
  let(rig, 1.0);
  CHECK((one.told.safety.level >= Level::pause) + (two.told.safety.level >= Level::pause) == 1);
  two.put(chair);  // away
  let(rig, 5.0);
  CHECK(one.told.safety.level < Level::pause);
  CHECK(two.told.safety.level < Level::pause);
}

TEST_CASE("Who is held for long by what only his headset knows brings staff as well") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 60.0));
  viewer.walks = false;
  viewer.own = {Level::pause, Cause::body, 0.9, 0.0};
  let(rig, 25.0);
  CHECK(viewer.told.safety.level < Level::pause);
  CHECK(alarms(rig, "held-long") == 1);
}

TEST_CASE("Who is held for long, and whose place has drifted or is not trusted any more, brings staff once") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 60.0));
  viewer.walks = false;
  const HallPoint place = viewer.at;
  viewer.put({place.x + 0.6 + rig.config.venue.safety.stray_pause_m + 0.5, place.y});  // the scene's area reaches 0.6 m
  let(rig, 10.0);
  CHECK(viewer.told.safety.level == Level::pause);
  CHECK(alarms(rig, "held-long") == 0);
  let(rig, 30.0);
  CHECK(alarms(rig, "held-long") == 1);
  viewer.put(place);
  let(rig, 5.0);
  CHECK(alarms(rig, "place-drifted") == 0);
  viewer.drift = tracking::CalibrationState::alarm;
  viewer.error_m = 0.12;
  let(rig, 5.0);
  CHECK(alarms(rig, "place-drifted") == 1);
  CHECK(viewer.told.safety.level < Level::pause);
  viewer.drift = tracking::CalibrationState::out_of_trust;
  viewer.error_m = 0.22;
  let(rig, 5.0);
  CHECK(alarms(rig, "place-untrusted") == 1);
  CHECK(viewer.told.safety.level == Level::pause);
  CHECK(viewer.told.safety.cause == Cause::tracking_lost);
}

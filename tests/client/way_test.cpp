// Ways in and out with stops: where a viewer is held, where he goes on, and what he is shown of the way.

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "showcontrol/client/walk.h"
#include "tests/client/rig.h"

using namespace promenade;
using namespace promenade::client;
using namespace promenade::client::test;
using Catch::Matchers::WithinAbs;
using protocol::BlockStage;
using protocol::HallPoint;
using tracking::Level;

namespace {

const HallPoint kStop0{7.1, 5.4}, kStop1{9.2, 4.8};
const HallPoint kStop5{18.0, 9.8}, kStop6{22.0, 9.0}, kExit{27.2, 7.5};
const HallPoint kAcross{0.2747, 0.9615};  // a metre square to the way in, to its left

HallPoint beside(HallPoint p, double off_m) { return {p.x + kAcross.x * off_m, p.y + kAcross.y * off_m}; }

void stand_at_start(Rig& rig, double start_in_s = 0.0) {
  rig.head = {5.0, 6.0};
  rig.ready(protocol::Phase::guided);
  rig.frame.play = order_with_stops(rig.t + start_in_s);
  rig.run(0.2);
}

void resume(Rig& rig, HallPoint at, std::uint8_t block, BlockStage stage) {
  rig.head = at;
  rig.ready(protocol::Phase::guided_out);
  rig.frame.play = order_with_stops(rig.t - 60.0);
  rig.frame.play->resume_block = block;
  rig.frame.play->resume_stage = stage;
  rig.run(0.2);
}

}  // namespace

TEST_CASE("a viewer is held at a stop of the way in until the next gate opens") {
  Rig rig;
  stand_at_start(rig);
  rig.authorise(0);
  rig.run(0.2);
  CHECK(rig.client.view().path == std::vector<HallPoint>{{5.0, 6.0}, kStop0});
  CHECK_FALSE(rig.client.view().holding);
  rig.walk_to(kStop0);
  rig.run(20.0, 0.1);
  CHECK(rig.up->progress.block == 0);
  CHECK(rig.up->progress.stage == BlockStage::in_scene);
  CHECK(rig.up->progress.ready);
  CHECK(rig.client.view().screen == Screen::guide_in);
  CHECK(rig.client.view().holding);
  CHECK_FALSE(rig.client.view().film_running);
  CHECK(rig.client.view().target == kStop0);
  CHECK(rig.client.view().target_radius_m == kArrivalRadius_m);
  CHECK(rig.client.view().level == Level::clear);
  rig.authorise(1);
  rig.run(0.2);
  CHECK(rig.up->progress.block == 1);
  CHECK(rig.up->progress.stage == BlockStage::walking);
  CHECK_FALSE(rig.client.view().holding);
  CHECK(rig.client.view().path == std::vector<HallPoint>{{5.0, 6.0}, kStop0, kStop1});  // the same path, longer
}

TEST_CASE("with gates open in time nobody stops on a way, in or out") {
  Rig rig;
  stand_at_start(rig);
  rig.authorise(2);
  bool stopped = false;
  const auto walk_on = [&](HallPoint to) {
    while (tracking::distance(rig.head, to) > 1e-6) {
      const double left = tracking::distance(rig.head, to);
      rig.walk_to(left < 0.02 ? to : rig.head + (to - rig.head) * (0.02 / left));
      stopped = stopped || rig.client.view().holding || rig.client.view().stand_still;
    }
  };
  walk_on(kScene0);
  CHECK_FALSE(stopped);
  CHECK(rig.up->progress.block == 2);
  CHECK(rig.up->progress.stage == BlockStage::in_scene);
  CHECK(rig.client.view().screen == Screen::film);
  rig.authorise(7);
  rig.run(4.2);
  rig.walk_to(kScene1);
  rig.run(4.2);
  rig.walk_to(kScene2);
  rig.run(4.2);
  REQUIRE(rig.up->progress.block == 5);
  CHECK(rig.client.view().screen == Screen::guide_out);
  CHECK(rig.client.view().path.size() == 4);
  walk_on(kStop5);
  walk_on(kStop6);
  CHECK(rig.up->progress.block == 7);
  walk_on({26.6, 7.6});
  CHECK_FALSE(stopped);
  CHECK(rig.up->progress.stage == BlockStage::done);
  CHECK(rig.client.view().screen == Screen::rate);
}

TEST_CASE("a stop is passed by who goes by beside it, and not from farther off") {
  Rig rig;
  stand_at_start(rig);
  rig.authorise(1);
  rig.run(0.2);
  SECTION("less than the radius beside it") {
    rig.walk_to(beside({5.0, 6.0}, 0.85));
    rig.walk_to(beside(kStop0, 0.85));
    CHECK(rig.up->progress.block == 1);
    CHECK(rig.client.view().level == Level::clear);
  }
  SECTION("farther beside it, until he is back on the way") {
    rig.walk_to(beside({5.0, 6.0}, 1.3));
    rig.walk_to(beside(kStop0, 1.3));
    rig.run(0.5);
    CHECK(rig.up->progress.block == 0);
    CHECK(rig.up->progress.stage == BlockStage::walking);
    rig.walk_to(beside({8.1, 5.114}, 1.3));
    CHECK(rig.up->progress.block == 0);
    rig.walk_to({8.1, 5.114});  // beyond the stop: he is not sent back to it
    CHECK(rig.up->progress.block == 1);
  }
}

TEST_CASE("the path reaches as far as gates are open, and shrinks when the authority expires") {
  Rig rig;
  stand_at_start(rig);
  CHECK(rig.client.view().path.empty());
  CHECK_FALSE(rig.client.view().target);
  rig.authorise(1);
  rig.run(0.2);
  CHECK(rig.client.view().path.back() == kStop1);
  CHECK(rig.client.view().target == kStop1);
  rig.authorise(2);
  rig.run(0.2);
  CHECK(rig.client.view().path.back() == kScene0);
  CHECK(rig.client.view().target_radius_m == 0.6);  // of the scene
  rig.authorise(7);
  rig.run(0.2);
  CHECK(rig.client.view().path.back() == kScene0);  // never beyond the first scene
  rig.authorise(2, 1.0);
  rig.run(0.2);
  rig.hall_talks = false;
  rig.run(1.5);
  CHECK(rig.client.view().path == std::vector<HallPoint>{{5.0, 6.0}, kStop0});
  CHECK(rig.client.view().target == kStop0);
  rig.hall_talks = true;
  rig.run(0.2);
  CHECK(rig.client.view().path.back() == kScene0);
}

TEST_CASE("the countdown runs on the whole way in and keeps scene 0 waiting") {
  Rig rig;
  stand_at_start(rig, 30.0);
  rig.authorise(0);
  rig.walk_to(kStop0);
  CHECK(rig.client.view().countdown_s.value() > 20.0);
  rig.authorise(2);
  rig.walk_to(kScene0);
  CHECK(rig.client.view().countdown_s.value() > 15.0);
  CHECK(rig.up->progress.block == 2);
  CHECK(rig.up->progress.stage == BlockStage::walking);
  CHECK(rig.client.view().screen == Screen::guide_in);
  REQUIRE(rig.run_until([&] { return rig.up->progress.stage == BlockStage::in_scene; }, 30.0));
  CHECK(rig.hall() >= rig.frame.play->start);
  CHECK_FALSE(rig.client.view().countdown_s);
  CHECK(rig.client.view().film_running);
  CHECK_THAT(rig.client.view().scene_time_s, WithinAbs(0.0, 0.1));
}

TEST_CASE("a fresh headset goes on in the middle of a way out") {
  Rig rig;
  SECTION("walking") {
    resume(rig, {20.0, 9.4}, 6, BlockStage::walking);
    CHECK(rig.client.view().screen == Screen::guide_out);
    CHECK(rig.client.view().path == std::vector<HallPoint>{kScene2, kStop5, kStop6});
    rig.walk_to(kStop6);
    rig.run(5.0);
  }
  SECTION("at a stop") {
    resume(rig, kStop6, 6, BlockStage::in_scene);
    CHECK(rig.client.view().path == std::vector<HallPoint>{kScene2, kStop5, kStop6});
  }
  CHECK(rig.client.view().screen == Screen::guide_out);
  CHECK(rig.client.view().holding);
  CHECK(rig.up->progress.block == 6);
  CHECK(rig.up->progress.stage == BlockStage::in_scene);
  rig.authorise(7);
  rig.run(0.2);
  CHECK(rig.up->progress.block == 7);
  CHECK(rig.client.view().target == kExit);
  CHECK(rig.client.view().target_radius_m == kExitRadius_m);
  rig.walk_to({26.6, 7.6});
  CHECK(rig.up->progress.stage == BlockStage::done);
}

TEST_CASE("off a way is astray, and so is back where the way has been walked") {
  Rig rig;
  stand_at_start(rig);
  rig.authorise(1);
  rig.walk_to(kStop1);
  REQUIRE(rig.up->progress.block == 1);
  REQUIRE(rig.client.view().holding);
  SECTION("beside the stop where he waits") {
    rig.walk_to(beside(kStop1, -1.3));
    CHECK(rig.client.view().level < Level::pause);
    rig.walk_to(beside(kStop1, -2.2));
    rig.run(0.3);
    REQUIRE(rig.client.view().level == Level::pause);
    CHECK(rig.client.view().cause == tracking::Cause::stray);
    const double arrow = rig.client.view().arrow_rad.value();
    CHECK_THAT(-std::sin(arrow), WithinAbs(kAcross.x, 0.01));
    CHECK_THAT(std::cos(arrow), WithinAbs(kAcross.y, 0.01));
    rig.authorise(2);
    rig.run(1.0);
    CHECK(rig.up->progress.block == 1);  // paused
    rig.walk_to(kStop1);
    rig.run(3.0);
    CHECK(rig.client.view().level == Level::clear);
    CHECK(rig.up->progress.block == 2);
  }
  SECTION("back along the way") {
    rig.walk_to({6.0, 5.714});
    rig.run(0.3);
    CHECK(rig.client.view().level == Level::pause);
    CHECK(rig.client.view().cause == tracking::Cause::stray);
    CHECK(rig.up->progress.block == 1);
  }
}

TEST_CASE("a seated film with stops on both ways") {
  Rig rig;
  rig.head = {1.3, 9.0};
  rig.ready(protocol::Phase::guided);
  rig.frame.play = order(rig.t);
  rig.frame.play->film = kSeatedFilm;
  rig.frame.play->package_hash.fill(2);
  rig.frame.play->placement.shift = {0.9, 3.0};
  rig.frame.play->way_in = {{1.3, 9.0}, {1.1, 6.0}, {0.9, 3.0}};
  rig.frame.play->way_in_stops = {1};
  rig.frame.play->way_out = {{0.9, 3.0}, {1.1, 6.0}, {1.3, 9.0}};
  rig.frame.play->way_out_stops = {1};
  rig.authorise(0);
  rig.walk_to({1.1, 6.0});
  CHECK(rig.client.view().holding);
  CHECK(rig.client.view().screen == Screen::guide_in);
  rig.authorise(1);
  rig.walk_to({0.9, 3.0});
  CHECK(rig.client.view().screen == Screen::film);
  CHECK(rig.up->progress.block == 1);
  rig.run(5.2);
  CHECK(rig.up->progress.ready);
  CHECK(rig.up->progress.block == 1);
  rig.authorise(2);
  rig.run(0.2);
  CHECK(rig.client.view().screen == Screen::guide_out);
  rig.walk_to({1.1, 6.0});
  rig.run(1.0);
  CHECK(rig.client.view().holding);
  CHECK(rig.client.view().screen == Screen::guide_out);
  rig.authorise(3);
  rig.walk_to({1.3, 9.0});
  CHECK(rig.up->progress.block == 3);
  CHECK(rig.up->progress.stage == BlockStage::done);
}

TEST_CASE("a play ended on the way in shows the whole way out, whatever gates are open") {
  Rig rig;
  stand_at_start(rig);
  rig.authorise(0);
  rig.walk_to(kStop0);
  rig.frame.play->run = protocol::PlayRun::ended;
  rig.frame.phase = protocol::Phase::guided_out;
  rig.run(0.2);
  CHECK(rig.client.view().screen == Screen::guide_out);
  CHECK(rig.client.view().path == rig.frame.play->way_out);
  CHECK(rig.client.view().target == kExit);
  CHECK(rig.up->progress.block == 0);
}

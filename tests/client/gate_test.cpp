// Gates, authority and the film clock: what a headset may do by itself and what it may never do.

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "tests/client/rig.h"

using namespace promenade;
using namespace promenade::client;
using namespace promenade::client::test;
using Catch::Matchers::WithinAbs;
using protocol::BlockStage;
using tracking::Level;

namespace {


// In scene 0, its length played, the gate to scene 1 shut.
void hold_in_scene_0(Rig& rig) {
  rig.play();
  rig.authorise(0);
  rig.run(0.2);
  rig.walk_to(kScene0);
  rig.run(5.0);
  REQUIRE(rig.up->progress.stage == BlockStage::in_scene);
  REQUIRE(rig.up->progress.ready);
  REQUIRE(rig.up->progress.block == 0);
  REQUIRE(rig.client.view().holding);
}

}  // namespace

TEST_CASE("a play is walked block by block, from the way in to the exit") {
  Rig rig;
  rig.play(20.0);
  CHECK(rig.client.view().screen == Screen::wait_start);
  CHECK(rig.up->progress.stage == BlockStage::before);
  rig.authorise(0);
  rig.run(0.2);
  CHECK(rig.client.view().screen == Screen::guide_in);
  CHECK(rig.client.view().path.size() == 2);
  CHECK(rig.client.view().countdown_s.value() > 18.0);
  rig.walk_to(kScene0);
  CHECK(rig.client.view().screen == Screen::guide_in);  // arrived before the start
  CHECK_FALSE(rig.client.view().film_running);
  REQUIRE(rig.run_until([&] { return rig.up->progress.stage == BlockStage::in_scene; }, 20.0));
  CHECK(rig.hall() >= rig.frame.play->start);
  CHECK(rig.client.view().screen == Screen::film);
  CHECK(rig.client.view().film_running);
  CHECK_FALSE(rig.client.view().countdown_s);
  rig.run(3.5);
  CHECK_FALSE(rig.up->progress.ready);
  rig.run(1.0);
  CHECK(rig.up->progress.ready);
  CHECK(rig.client.view().holding);

  rig.authorise(1);
  rig.run(0.2);
  CHECK(rig.client.view().screen == Screen::leg);
  CHECK(rig.client.view().block == 1);
  CHECK(rig.client.view().film_running);
  CHECK(rig.client.view().target == kScene1);
  rig.walk_to(kScene1);
  CHECK(rig.client.view().screen == Screen::film);
  rig.authorise(3);
  rig.run(3.0);
  CHECK(rig.up->progress.block == 1);  // never before the scene is over
  rig.run(2.0);
  CHECK(rig.up->progress.block == 2);
  rig.walk_to(kScene2);
  rig.run(5.0);
  CHECK(rig.up->progress.block == 3);
  CHECK(rig.client.view().screen == Screen::guide_out);
  CHECK_FALSE(rig.client.view().film_running);
  rig.walk_to({22.0, 9.0});
  rig.walk_to({26.6, 7.6});
  CHECK(rig.up->progress.stage == BlockStage::done);
  CHECK(rig.client.view().screen == Screen::rate);
  rig.client.rate(5, rig.now());
  rig.step();
  CHECK(std::get<protocol::RateFilm>(rig.sent[rig.sent.size() - 2]).play == base::PlayId{42});
}

TEST_CASE("gate 0 stays shut without authority, and the viewer is told to wait") {
  Rig rig;
  rig.play();
  rig.walk_to(kScene0);
  rig.run(5.0);
  CHECK(rig.up->progress.stage == BlockStage::before);
  CHECK(rig.client.view().screen == Screen::wait_start);
}

TEST_CASE("no later gate is passed without authority, however long the scene is held") {
  Rig rig;
  hold_in_scene_0(rig);
  rig.run(30.0, 0.1);
  CHECK(rig.up->progress.block == 0);
  CHECK(rig.client.view().film_running);  // the scene loops
  CHECK(rig.client.view().scene_time_s > 30.0);
}

TEST_CASE("authority that has expired opens nothing") {
  Rig rig;
  hold_in_scene_0(rig);
  rig.authorise(1, 0.0);
  rig.run(5.0);
  CHECK(rig.up->progress.block == 0);
  rig.authorise(1, -2.0);
  rig.run(5.0);
  CHECK(rig.up->progress.block == 0);
  rig.authorise(1, 1.0);
  rig.run(0.2);
  CHECK(rig.up->progress.block == 1);
}

TEST_CASE("a silent hall: the headset goes as far as its authority and holds at the next gate") {
  Rig rig;
  rig.play();
  rig.authorise(1, 30.0);
  rig.run(0.2);
  rig.walk_to(kScene0);
  rig.hall_talks = false;
  rig.client.link_down(rig.now());
  rig.run(5.0);
  REQUIRE(rig.client.view().block == 1);  // gate 1 was authorised
  rig.walk_to(kScene1, 1.2);
  rig.run(0.2);
  CHECK(rig.client.view().screen == Screen::film);
  rig.run(3.9);
  CHECK(rig.client.view().block == 1);  // gate 2 was not
}

TEST_CASE("with the link lost, authority ends by the headset's own clock") {
  Rig rig;
  rig.play();
  rig.authorise(1, 2.0);
  rig.run(0.2);
  rig.walk_to(kScene0);  // the frames renew it all the while
  rig.hall_talks = false;
  rig.run(8.0);          // the scene takes 4 s; by then the authority has gone
  CHECK(rig.client.view().holding);
  CHECK(rig.client.view().block == 0);
}

TEST_CASE("an authority of an older epoch, and of a fenced server, is worth nothing") {
  Rig rig;
  hold_in_scene_0(rig);
  rig.epoch = base::EpochId{5};
  rig.run(2.0);
  rig.hall_talks = false;
  rig.epoch = base::EpochId{1};
  rig.gate = 3;
  protocol::HallState old = rig.make_frame();
  old.sequence += 1'000'000;
  rig.deliver(old);
  rig.run(1.0);
  CHECK(rig.client.epoch() == base::EpochId{5});
  CHECK(rig.client.view().block == 0);
}

TEST_CASE("a higher epoch voids the authority of the one before") {
  Rig rig;
  hold_in_scene_0(rig);
  rig.hall_talks = false;
  rig.client.receive(protocol::Welcome{protocol::kProtocolVersion, base::EpochId{2}, venue_text()}, rig.now());
  rig.gate = 1;
  rig.deliver(rig.make_frame());  // still of epoch 1
  rig.run(0.5);
  CHECK(rig.client.view().block == 0);
  rig.epoch = base::EpochId{2};
  rig.sequence = 0;
  rig.hall_talks = true;
  rig.run(1.0);
  CHECK(rig.client.view().block == 1);
}

TEST_CASE("no gate is passed with an unknown clock, an untrusted place, or while paused") {
  Rig rig;
  hold_in_scene_0(rig);
  SECTION("the hall wants the marks touched again") {
    rig.frame.calibration_wanted = static_cast<std::uint8_t>(rig.up->calibration.revision + 1);
    rig.authorise(1);
    rig.run(3.0);
    CHECK(rig.client.view().block == 0);
    CHECK(rig.client.view().level == Level::pause);
    CHECK(rig.client.view().screen == Screen::stand_still);
  }
  SECTION("the stage has moved") {
    rig.client.recentred(rig.now());
    rig.authorise(1);
    rig.run(3.0);
    CHECK(rig.client.view().block == 0);
    CHECK(rig.client.view().stand_still);
  }
  SECTION("paused by the hall") {
    rig.frame.play->run = protocol::PlayRun::paused;
    rig.authorise(1);
    rig.run(3.0);
    CHECK(rig.client.view().block == 0);
  }
  SECTION("paused by a level") {
    rig.frame.safety = {Level::pause, tracking::Cause::operator_command, 0.0, {}};
    rig.authorise(1);
    rig.run(3.0);
    CHECK(rig.client.view().block == 0);
  }
  SECTION("another hall's clock") {
    rig.clock_answers = false;
    rig.epoch = base::EpochId{9};
    rig.sequence = 0;
    rig.authorise(1);
    rig.run(3.0);
    CHECK(rig.client.view().block == 0);
    rig.clock_answers = true;
    rig.run(5.0);
    CHECK(rig.client.view().block == 1);
  }
}

TEST_CASE("a pause freezes scene time, and the film goes on from the same moment") {
  Rig rig;
  rig.play();
  rig.authorise(0);
  rig.run(0.2);
  rig.walk_to(kScene0);
  rig.run(2.0);
  rig.frame.safety = {Level::pause, tracking::Cause::operator_command, 0.0, {}};
  rig.run(0.1);
  const double paused_at = rig.client.view().scene_time_s;
  CHECK_FALSE(rig.client.view().film_running);
  rig.run(5.0);
  CHECK_THAT(rig.client.view().scene_time_s, WithinAbs(paused_at, 0.001));
  rig.frame.safety = {};
  rig.run(1.0);
  CHECK_THAT(rig.client.view().scene_time_s, WithinAbs(paused_at + 1.0, 0.1));
}

TEST_CASE("a film goes by the hall's time, however wrong the headset's clock is, without a jump") {
  Rig rig;
  rig.hall_ppm = 80.0;
  hold_in_scene_0(rig);
  rig.run(60.0);  // the clock's skew is known by now
  const base::HallTime hall = rig.hall();
  const double film_s = rig.client.view().scene_time_s;
  double last_s = film_s, last_t = rig.t;
  for (int i = 0; i < 18'000; ++i) {
    rig.step();
    const double went = rig.client.view().scene_time_s - last_s, step = rig.t - last_t;
    REQUIRE(std::abs(went - step) < 0.001 * step + 2e-6);
    last_s = rig.client.view().scene_time_s;
    last_t = rig.t;
  }
  // Ten minutes, in which its own clock is 48 ms slow.
  CHECK_THAT(last_s - film_s, WithinAbs(base::to_seconds(rig.hall() - hall), 0.001));
}

TEST_CASE("a fresh headset goes on at the same second, in the same place") {
  Rig rig;
  rig.head = kScene1;
  rig.ready(protocol::Phase::playing);
  rig.frame.play = order(rig.t - 30.0);
  rig.frame.play->resume_block = 1;
  rig.frame.play->resume_stage = BlockStage::in_scene;
  rig.frame.play->resume_scene_time = base::from_seconds(2.5);
  rig.run(0.05);
  CHECK(rig.client.view().screen == Screen::film);
  CHECK(rig.client.view().block == 1);
  CHECK_THAT(rig.client.view().scene_time_s, WithinAbs(2.5, 0.1));
  // The hall's echo of an older moment does not wind the film back.
  rig.run(1.0);
  CHECK_THAT(rig.client.view().scene_time_s, WithinAbs(3.5, 0.15));
  // A gap in which the hall names no play forgets nothing either.
  const auto kept = rig.frame.play;
  rig.frame.play.reset();
  rig.run(0.5);
  CHECK_FALSE(rig.client.view().film_running);
  rig.frame.play = kept;
  rig.run(0.1);
  CHECK(rig.client.view().scene_time_s > 3.4);
  CHECK(rig.client.view().block == 1);
}

TEST_CASE("a film that is not on the shelf, or not as planned, is not walked") {
  Rig rig;
  rig.play();
  rig.frame.play->package_hash.fill(9);
  rig.frame.play->play = base::PlayId{43};
  rig.authorise(0);
  rig.run(3.0);
  CHECK(rig.up->progress.stage == BlockStage::before);
  CHECK(rig.client.view().screen == Screen::stand_still);
}

TEST_CASE("a seated film has one scene and two gates") {
  Rig rig;
  rig.head = {0.9, 3.0};
  rig.ready(protocol::Phase::guided);
  rig.frame.play = order(rig.t);
  rig.frame.play->film = kSeatedFilm;
  rig.frame.play->package_hash.fill(2);
  rig.frame.play->placement.shift = {0.9, 3.0};
  rig.frame.play->way_in = {{1.3, 9.0}, {0.9, 3.0}};
  rig.frame.play->way_out.clear();
  rig.authorise(0);
  rig.run(2.0);
  CHECK(rig.client.view().screen == Screen::film);
  rig.run(5.0);
  CHECK(rig.up->progress.ready);
  rig.authorise(1);
  rig.run(0.5);
  CHECK(rig.up->progress.block == 1);
  CHECK(rig.up->progress.stage == BlockStage::done);
}

TEST_CASE("a play that is ended early shows the way out and nothing else") {
  Rig rig;
  hold_in_scene_0(rig);
  rig.frame.play->run = protocol::PlayRun::ended;
  rig.frame.phase = protocol::Phase::guided_out;
  rig.run(0.2);
  CHECK(rig.client.view().screen == Screen::guide_out);
  CHECK_FALSE(rig.client.view().film_running);
  CHECK(rig.client.view().path.size() == 3);
  CHECK(rig.up->progress.block == 0);
}

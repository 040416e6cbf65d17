// Levels, commands of staff, bodies without headsets.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;
using tracking::Cause;
using tracking::Level;

namespace {

const tracking::SafetyLimits& limits(const Rig& rig) { return rig.config.venue.safety; }

// Both stand where they are and then `who` walks up to `whom`.
void walk_up_to(Rig& rig, FakeViewer& who, const FakeViewer& whom, double stop_m) {
  who.walks = false;
  for (int i = 0; i < 600 && tracking::distance(who.at, whom.at) > stop_m; ++i) {
    const auto way = whom.at - who.at;
    who.at = who.at + way * (0.07 / tracking::length(way));
    rig.step();
  }
}

}  // namespace

TEST_CASE("Two who come near each other are both told, and at once") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& two = playing(rig, 2, kWalkToo);
  two.walks = false;
  walk_up_to(rig, one, two, limits(rig).stranger.pause_m - 0.1);
  CHECK(one.told.safety.level >= Level::pause);
  CHECK(two.told.safety.level >= Level::pause);
  CHECK(one.told.play->run == protocol::PlayRun::paused);
  CHECK(rig.core().counts().level_entries[static_cast<int>(Level::pause)] >= 2);
  walk_up_to(rig, one, two, limits(rig).contact_m - 0.1);
  CHECK(one.told.safety.level == Level::stop);
  CHECK(two.told.safety.level == Level::stop);
  CHECK(rig.core().counts().contacts >= 1);
  // A stop outlasts its cause until somebody who has looked releases it.
  for (int i = 0; i < 10; ++i) rig.step();
  CHECK(rig.staff(protocol::ReleaseViewer{one.headset}).code == "somebody-near");
  one.put({one.at.x > 14.0 ? one.at.x - 3.0 : one.at.x + 3.0, one.at.y});
  for (int i = 0; i < 30; ++i) rig.step();
  CHECK(two.told.safety.level == Level::stop);
  const auto released = rig.staff(protocol::ReleaseViewer{two.headset});
  INFO(released.text);
  CHECK(released.accepted);
  CHECK(rig.until([&] { return two.told.safety.level < Level::pause; }, 5.0));
}

TEST_CASE("A rise is told between two frames that are due") {
  hall::HallConfig config = sample_config();
  config.limits.downlink_every = std::chrono::seconds(5);
  Rig rig(config);
  FakeViewer& viewer = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::playing; }, 200.0));
  for (int i = 0; i < 52; ++i) rig.step();
  const std::size_t before = viewer.states;
  REQUIRE(rig.staff(protocol::SetViewerPaused{viewer.headset, true}).accepted);
  CHECK(viewer.states == before + 1);
  CHECK(viewer.told.safety.level == Level::pause);
}

TEST_CASE("Panic stops the viewer and who could reach him, not who is far away; release is one by one") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& two = playing(rig, 2, kSeated);
  one.panic = true;
  rig.step();
  CHECK(one.told.safety.level == Level::stop);
  CHECK(one.told.safety.cause == Cause::panic);
  CHECK((two.told.safety.level == Level::clear) == (tracking::distance(one.at, two.at) > 4.3));
  one.walks = false;
  for (int i = 0; i < 10; ++i) rig.step();
  CHECK(one.told.safety.level == Level::stop);
  const auto released = rig.staff(protocol::ReleaseViewer{one.headset});
  INFO(released.text);
  CHECK(released.accepted);
  rig.step();
  CHECK(one.told.safety.level == Level::clear);
}

TEST_CASE("A hall stop stops everybody, takes every authority back, and ends one by one") {
  Rig rig;
  rig.takes_back = true;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& two = playing(rig, 2, kSeated);
  REQUIRE(rig.staff(protocol::SetHallStopped{true}).accepted);
  rig.step();
  for (FakeViewer* viewer : {&one, &two}) {
    CHECK(viewer->told.safety.level == Level::stop);
    CHECK(viewer->told.authority.last_gate == -1);
  }
  CHECK(rig.staff(protocol::ReleaseViewer{one.headset}).code == "hall-stopped");
  REQUIRE(rig.staff(protocol::SetHallStopped{false}).accepted);
  for (int i = 0; i < 40; ++i) rig.step();
  CHECK(one.told.safety.level == Level::stop);
  REQUIRE(rig.staff(protocol::ReleaseViewer{one.headset}).accepted);
  rig.step();
  CHECK(one.told.safety.level == Level::clear);
  CHECK(two.told.safety.level == Level::stop);
  REQUIRE(rig.staff(protocol::ReleaseViewer{two.headset}).accepted);
  const bool done = rig.until([&] { return !rig.has_visit(one) && !rig.has_visit(two); }, 400.0);
  INFO(rig.dump());
  REQUIRE(done);
}

TEST_CASE("A swapped headset goes on with the same ticket, second and place") {
  Rig rig;
  FakeViewer& old = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return old.in_scene(1); }, 100.0));
  FakeViewer& fresh = rig.viewer(9);
  const auto play = old.told.play->play;
  old.walks = false;
  REQUIRE(rig.staff(protocol::SwapHeadset{old.headset, fresh.headset}).accepted);
  CHECK(rig.staff(protocol::SwapHeadset{old.headset, fresh.headset}).accepted);  // said twice
  const auto scene_time = old.progress.scene_time;
  fresh.at = old.at;
  rig.step();
  CHECK(old.told.phase == Phase::swapped);
  REQUIRE(rig.until([&] { return fresh.told.play && fresh.progress.play == play; }, 10.0));
  CHECK(fresh.progress.block == fresh.first_scene() + 1);
  CHECK(fresh.progress.scene_time >= scene_time);
  const bool done = rig.until([&] { return fresh.progress.stage == protocol::BlockStage::done; }, 300.0);
  INFO(rig.dump());
  REQUIRE(done);
  rig.step();
  CHECK(rig.fact_kinds() == std::vector<std::string>{"grant", "play_started", "headset_swap", "play_ended"});
}

TEST_CASE("A swap that goes well raises no alarm; one that is not finished in good time does, once") {
  const auto alarms = [](const Rig& rig, std::string_view code) { return std::ranges::count_if(rig.notes, [&](const hall::Note& note) { return note.kind == hall::NoteKind::alarm && note.code == code; }); };
  Rig rig;
  FakeViewer& old = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return old.in_scene(1); }, 100.0));
  FakeViewer& fresh = rig.viewer(9);
  fresh.calibrates = false;
  fresh.at = old.at;
  old.walks = false;
  REQUIRE(rig.staff(protocol::SwapHeadset{old.headset, fresh.headset}).accepted);
  for (int i = 0; i < 600; ++i) rig.step();
  CHECK(alarms(rig, "viewer-lost") == 0);
  CHECK(alarms(rig, "swap-unfinished") == 0);
  CHECK(rig.core().bodies().front().kind == tracking::BodyKind::lost_viewer);  // others are held off all the same
  SECTION("finished") {
    fresh.calibrates = true;
    for (int i = 0; i < 600; ++i) rig.step();
    CHECK(alarms(rig, "viewer-lost") == 0);
    CHECK(alarms(rig, "swap-unfinished") == 0);
  }
  SECTION("not finished, also when the hall was restarted meanwhile") {
    rig.crash_and_restart();
    for (int i = 0; i < 600; ++i) rig.step();
    CHECK(alarms(rig, "swap-unfinished") == 1);
  }
}

TEST_CASE("A silent headset stays a body with its places kept until it is confirmed out") {
  Rig rig;
  FakeViewer& silent = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return silent.in_scene(0); }, 60.0));
  const auto plays = rig.core().interlocking().plays().size();
  silent.sends = false;
  for (int i = 0; i < 120; ++i) rig.step();
  REQUIRE(rig.core().bodies().size() == 1);
  CHECK(rig.core().bodies().front().kind == tracking::BodyKind::lost_viewer);
  CHECK(rig.core().interlocking().plays().size() == plays);
  for (int i = 0; i < 1200; ++i) rig.step();
  CHECK(rig.core().bodies().size() == 1);
  REQUIRE(rig.staff(protocol::ConfirmBodyGone{rig.core().bodies().front().id}).accepted);
  CHECK(rig.core().bodies().empty());
  CHECK(rig.core().interlocking().plays().empty());
  CHECK(rig.fact_kinds().back() == "play_ended");
}

TEST_CASE("A body in the way keeps a gate shut until it is gone") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.progress.stage == protocol::BlockStage::in_scene; }, 60.0));
  const auto& order = *viewer.told.play;
  const HallPoint next = order.placement * tracking::Point<tracking::Film>{3.0, 0.0};
  REQUIRE(rig.staff(protocol::PlaceBody{4, next, false}).accepted);
  REQUIRE(rig.staff(protocol::PlaceBody{4, next, false}).accepted);
  CHECK_FALSE(rig.until([&] { return viewer.progress.block > viewer.first_scene(); }, 40.0));
  CHECK(viewer.told.phase == Phase::held);
  REQUIRE(rig.core().bodies().size() == 2);
  base::BodyId id;
  for (const hall::BodyView& body : rig.core().bodies()) {
    if (body.kind == tracking::BodyKind::unknown) id = body.id;
  }
  REQUIRE(rig.staff(protocol::ConfirmBodyGone{id}).accepted);
  CHECK(rig.until([&] { return viewer.progress.block > viewer.first_scene(); }, 20.0));
}

TEST_CASE("Who walks past a gate that nobody opened is paused, and staff are called") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.progress.stage == protocol::BlockStage::in_scene; }, 60.0));
  const HallPoint next = viewer.told.play->placement * tracking::Point<tracking::Film>{3.0, 0.0};
  REQUIRE(rig.staff(protocol::PlaceBody{4, next, false}).accepted);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::held; }, 40.0));
  viewer.obeys_authority = false;
  rig.step();
  rig.step();
  CHECK(viewer.gates_without_authority > 0);
  CHECK(rig.core().counts().commands_without_gate == 1);
  CHECK(viewer.told.safety.level == Level::pause);
  CHECK(viewer.told.safety.cause == Cause::stray);
}

TEST_CASE("Leading out waits until no authority is left, then frees the floor") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.in_scene(0) && viewer.told.authority.last_gate > viewer.progress.block; }, 60.0));
  viewer.walks = false;
  const auto until = viewer.told.authority.until;
  REQUIRE(rig.staff(protocol::LeadOut{viewer.headset}).accepted);
  CHECK(rig.core().interlocking().plays().size() == 1);
  REQUIRE(rig.until([&] { return rig.core().interlocking().plays().empty(); }, 10.0));
  CHECK(rig.now >= until);
  rig.step();
  CHECK(viewer.told.phase == Phase::guided_out);
  CHECK(viewer.told.play->run == protocol::PlayRun::ended);
  CHECK(rig.fact_kinds().back() == "play_ended");
}

TEST_CASE("What a headset finds by itself is known to the hall: his card shows it, he is taken to stand, no gate opens") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 60.0));
  FakeViewer& other = rig.admit(2, kWalkToo);
  REQUIRE(rig.until([&] { return viewer.progress.stage == protocol::BlockStage::walking; }, 60.0));
  viewer.own = {Level::pause, Cause::wall, 0.0, 0.0};
  viewer.walks = false;
  const std::size_t block = viewer.progress.block;
  for (int i = 0; i < 30; ++i) rig.step();
  CHECK(viewer.told.safety.level < Level::pause);  // the hall finds nothing: its order does not feed on the headset's
  const protocol::HeadsetCard* card = nullptr;
  for (const protocol::Message& message : rig.staff_inbox) {
    const auto* one = std::get_if<protocol::HeadsetCard>(&message);
    if (one != nullptr && one->headset == viewer.headset) card = one;
  }
  REQUIRE(card != nullptr);
  CHECK(card->level == Level::pause);
  CHECK(card->cause == Cause::wall);
  REQUIRE_FALSE(other.told.neighbours.empty());
  const protocol::Neighbour& seen = other.told.neighbours.front();
  REQUIRE(seen.planned.size() == protocol::kPlannedPoints);
  for (const HallPoint& p : seen.planned) CHECK(tracking::distance(p, viewer.at) < 0.1);
  viewer.walks = true;
  CHECK_FALSE(rig.until([&] { return viewer.progress.block > block; }, 30.0));
  viewer.own = {};
  CHECK(rig.until([&] { return viewer.progress.block > block; }, 30.0));
}

TEST_CASE("Staff are called once to a viewer who runs, and once to one who lies on the floor") {
  const auto alarms = [](const Rig& rig, std::string_view word) {
    return std::ranges::count_if(rig.notes, [&](const hall::Note& note) { return note.kind == hall::NoteKind::alarm && note.text.contains(word); });
  };
  Rig rig;
  FakeViewer& runner = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return runner.in_scene(0); }, 60.0));
  runner.walks = false;
  // Wherever his scene was laid, he stays on the floor: where people lie in the kitting area is no alarm.
  const tracking::Venue venue = sample_venue();
  constexpr int kSteps = 12;
  const double step_m = 0.1 * (limits(rig).running_mps + 0.5);
  const std::vector<tracking::HallVec> ways{{step_m, 0.0}, {-step_m, 0.0}, {0.0, step_m}, {0.0, -step_m}};
  const auto way = std::ranges::find_if(ways, [&](tracking::HallVec step) { return venue.zone_at(runner.at + step * kSteps) == tracking::Zone::floor; });
  REQUIRE(way != ways.end());
  for (int i = 0; i < kSteps; ++i) {
    runner.at = runner.at + *way;
    rig.step();
  }
  CHECK(alarms(rig, "running") == 1);
  CHECK(runner.told.safety.level >= Level::pause);
  for (int i = 0; i < 50; ++i) rig.step();
  CHECK(alarms(rig, "running") == 1);
  runner.height_m = 0.5;
  for (int i = 0; i < 60; ++i) rig.step();
  CHECK(alarms(rig, "fallen") == 1);
  runner.height_m = 1.6;
  for (int i = 0; i < 40; ++i) rig.step();
  runner.height_m = 0.5;
  for (int i = 0; i < 60; ++i) rig.step();
  CHECK(alarms(rig, "fallen") == 2);
}

TEST_CASE("A headset that says it jumps about the hall is not believed: its viewer is paused, staff are called, and nobody else is concerned") {
  Rig rig;
  auto [liar, other] = two_playing(rig);
  liar.walks = false;
  liar.calibrates = false;  // touches no marks
  const HallPoint place = liar.at;
  const HallPoint far{place.x < 14.0 ? place.x + 8.0 : place.x - 8.0, place.y};
  const auto believed = [&] {
    const auto bodies = rig.core().bodies();
    const auto found = std::ranges::find(bodies, liar.headset, &hall::BodyView::headset);
    REQUIRE(found != bodies.end());
    return found->position;
  };
  for (int i = 0; i < 100; ++i) {
    liar.at = i % 20 < 10 ? far : place;
    rig.step();
    CHECK(tracking::distance(believed(), place) < 0.5);
    CHECK(other.told.safety.level < Level::stop);
    if (i == 10) {
      CHECK(liar.told.safety.level >= Level::pause);
      CHECK(liar.told.safety.cause == Cause::tracking_lost);
    }
  }
  CHECK(alarms(rig, "place-jumped") == 1);
  CHECK(rig.core().counts().places_doubted == 1);
  CHECK(rig.core().counts().impossible_poses >= 5);
  CHECK(rig.card(liar.headset).marks_wanted);
  // Marks touched anew bring him back; what lasted long enough to stop him is released by staff.
  liar.at = place;
  liar.calibrates = true;
  let(rig, 3.0);
  static_cast<void>(rig.staff(protocol::ReleaseViewer{liar.headset}));
  CHECK(rig.until([&] { return liar.told.safety.level < Level::pause; }, 15.0));
  CHECK(tracking::distance(believed(), place) < 0.5);
}

TEST_CASE("A viewer whose headset says that he has walked out of the hall is stopped by its wall, and staff are called") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 60.0));
  viewer.walks = false;
  const tracking::Venue venue = sample_venue();
  const double stride_m = viewer.at.x < 14.0 ? -0.1 : 0.1;
  for (int i = 0; i < 200 && venue.zone_at(viewer.at) != tracking::Zone::outside; ++i) {
    viewer.at.x += stride_m;
    rig.step();
  }
  REQUIRE(venue.zone_at(viewer.at) == tracking::Zone::outside);
  CHECK(viewer.told.safety.level == Level::stop);
  CHECK(viewer.told.safety.cause == Cause::wall);
  CHECK(alarms(rig, "stop-wall") == 1);
  static_cast<void>(rig.staff(protocol::ReleaseViewer{viewer.headset}));
  let(rig, 3.0);
  CHECK(viewer.told.safety.level == Level::stop);
}

TEST_CASE("An attendant's tag is a body that gives way") {
  Rig rig;
  for (int i = 0; i < 20; ++i) {
    rig.rim().receive(rig.staff_peer, protocol::TagReport{3, rig.now, {14.0 + 0.1 * i, 5.0}, 0.3}, rig.now);
    rig.step();
  }
  REQUIRE(rig.core().bodies().size() == 1);
  CHECK(rig.core().bodies().front().kind == tracking::BodyKind::attendant);
  CHECK(rig.core().bodies().front().velocity.x > 0.3);
}

TEST_CASE("A tag that errs from report to report does not shake the attendant's body") {
  Rig rig;
  base::Random random(7);
  double worst_m = 0.0;
  for (int i = 0; i < 300; ++i) {
    const HallPoint told{14.0 + random.normal(0.0, 0.3), 5.0 + random.normal(0.0, 0.3)};
    rig.rim().receive(rig.staff_peer, protocol::TagReport{3, rig.now, told, 0.3}, rig.now);
    for (int k = 0; k < 3; ++k) rig.step();
    if (i > 20) worst_m = std::max(worst_m, tracking::distance(rig.core().bodies().front().position, HallPoint{14.0, 5.0}));
  }
  CHECK(worst_m < 0.55);  // single reports are off by up to 1 m
}

TEST_CASE("Strangers at the door: wrong keys, numbers and first words are refused") {
  hall::HallConfig config = sample_config();
  config.headsets = {HeadsetId(1)};
  server::HallMemory memory;
  server::InlineHall rim(config, memory, {});
  const HallTime now = config.start;
  const auto refused = [&](const protocol::Message& message) {
    static std::uint32_t next = 1;
    const PeerId peer(next++);
    rim.connected(peer, now);
    rim.receive(peer, message, now);
    const auto gone = rim.take_disconnects();
    return gone.size() == 1 && gone.front().peer == peer;
  };
  CHECK(refused(protocol::StaffHello{protocol::kProtocolVersion, "x", "wrong"}));
  CHECK(refused(protocol::StaffHello{99, "x", "staff-key"}));
  CHECK(refused(protocol::Hello{protocol::kProtocolVersion, HeadsetId(2), "x", {}}));
  CHECK(refused(protocol::Hello{99, HeadsetId(1), "x", {}}));
  CHECK(refused(protocol::StaffCommand{1, protocol::SetHallStopped{true}}));
  CHECK_FALSE(refused(protocol::Hello{protocol::kProtocolVersion, HeadsetId(1), "x", {}}));
  rim.tick(now);
  CHECK_FALSE(rim.core().summary(now).stopped);
}

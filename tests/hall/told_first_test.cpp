// A stop never waits for the disk: whatever raises a level is told to everybody before anything of it is written.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;
using tracking::Level;

namespace {

enum class Deed { stop, pause, evacuation, fire, panic, pause_of_one };

// The deed on its way into the hall; the caller has not yet looked at what came out.
void begin(Rig& rig, FakeViewer& one, Deed deed) {
  const auto command = [&](protocol::StaffAction action) { rig.rim().receive(rig.staff_peer, protocol::StaffCommand{900, std::move(action)}, rig.now); };
  switch (deed) {
    case Deed::stop: return command(protocol::SetHallStopped{true});
    case Deed::pause: return command(protocol::SetHallPaused{true});
    case Deed::evacuation: return command(protocol::SetEvacuation{true});
    case Deed::fire: return rig.rim().contacts({hall::Contact::fire, hall::Contact::absent}, rig.now);
    case Deed::panic: one.panic = true; return rig.rim().receive(one.peer, one.bundle(), rig.now);
    case Deed::pause_of_one: return command(protocol::SetViewerPaused{one.headset, true});
  }
}

Level expected(Deed deed) {
  switch (deed) {
    case Deed::stop:
    case Deed::panic: return Level::stop;
    case Deed::evacuation:
    case Deed::fire: return Level::evacuate;
    case Deed::pause:
    case Deed::pause_of_one: return Level::pause;
  }
  return Level::clear;
}

}  // namespace

TEST_CASE("When the first record of a stop comes to the disk everybody has been told") {
  const Deed deed = GENERATE(Deed::stop, Deed::pause, Deed::evacuation, Deed::fire, Deed::panic, Deed::pause_of_one);
  CAPTURE(static_cast<int>(deed));
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& two = rig.admit(2, kSeated);
  REQUIRE(rig.until([&] { return two.told.phase >= Phase::waiting; }, 60.0));
  FakeViewer& idle = rig.viewer(9);
  one.walks = false;
  let(rig, 1.0);
  const bool all = deed != Deed::panic && deed != Deed::pause_of_one;
  const bool leave = deed == Deed::evacuation || deed == Deed::fire;
  std::size_t writes = 0;
  rig.rim().set_before_write([&](const hall::Persist&) {
    if (writes++ > 0) return;
    rig.drain();  // what is on the wire by now
    CHECK(one.told.safety.level == expected(deed));
    if (all) CHECK(two.told.safety.level == expected(deed));
    CHECK(idle.told.evacuate == leave);
  });
  begin(rig, one, deed);
  CHECK(writes > 0);
}

TEST_CASE("A stop goes out although the disk takes nothing, and is on record when the call that began it ends, or the disk takes it") {
  const Deed deed = GENERATE(Deed::stop, Deed::evacuation, Deed::fire, Deed::panic);
  const bool disk_full = GENERATE(false, true);
  CAPTURE(static_cast<int>(deed), disk_full);
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  one.walks = false;
  if (disk_full) rig.rim().set_disk_full(true, rig.now);
  begin(rig, one, deed);
  one.panic = false;
  if (disk_full) {
    rig.drain();
    CHECK(one.told.safety.level == expected(deed));
    let(rig, 2.0);
    CHECK(one.told.safety.level == expected(deed));
    rig.rim().set_disk_full(false, rig.now);
  }
  rig.crash_and_restart();
  REQUIRE(rig.until([&] { return one.told.epoch.value() == 2; }, 10.0));
  CHECK(one.told.safety.level == expected(deed));
}

TEST_CASE("Whatever one call tells comes before all else that it asks for") {
  hall::HallConfig config = sample_config();
  config.epoch = base::EpochId(1);
  hall::Hall core(config, {});
  const hall::PeerId staff(1), headset(2);
  hall::Effects out;
  const auto hand = [&](const hall::Event& event) { core.handle(event, config.start, out); };
  hand(hall::PeerConnected{staff});
  hand(hall::Received{staff, protocol::StaffHello{protocol::kProtocolVersion, "console", "staff-key"}});
  hand(hall::PeerConnected{headset});
  hand(hall::Received{headset, protocol::Hello{protocol::kProtocolVersion, HeadsetId(1), "test", {}}});
  out.clear();
  hand(hall::Received{staff, protocol::StaffCommand{1, protocol::SetEvacuation{true}}});
  const auto told = [](const hall::Effect& one) { return std::holds_alternative<hall::Send>(one); };
  CHECK(std::ranges::is_partitioned(out, told));
  CHECK(std::ranges::count_if(out, told) == 2);  // headset, reply
  CHECK(std::ranges::none_of(out, [](const hall::Effect& one) { return std::holds_alternative<hall::Persist>(one); }));
  REQUIRE(core.has_unwritten());
  out.clear();
  SECTION("asked for") { core.write_down(config.start, out); }
  SECTION("with the next tick") { core.tick(config.start, out); }
  CHECK(std::ranges::any_of(out, [](const hall::Effect& one) { return std::holds_alternative<hall::Persist>(one); }));
  CHECK(std::ranges::is_partitioned(out, told));
  CHECK_FALSE(core.has_unwritten());
}

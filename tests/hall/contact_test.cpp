// The fire contact and the evacuation button, as the hall hears of them; and that stop, panic and evacuation are told
// in the very call that begins them.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;
using hall::Contact;
using hall::ContactsRead;
using tracking::Cause;
using tracking::Level;

namespace {

void say(Rig& rig, Contact fire_contact, Contact button = Contact::absent) {
  rig.rim().contacts({fire_contact, button}, rig.now);
  rig.drain();
}

}  // namespace

TEST_CASE("A fire contact that says fire evacuates the hall at once, and staff cannot end it while it does") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& idle = rig.viewer(9);
  say(rig, Contact::ready);
  CHECK_FALSE(one.told.evacuate);
  say(rig, Contact::fire);
  CHECK(one.told.evacuate);  // in the same call: no step in between
  CHECK(one.told.safety.level == Level::evacuate);
  CHECK(one.told.safety.cause == Cause::fire);
  CHECK(idle.told.evacuate);
  CHECK(alarms(rig, "fire-contact") == 1);
  CHECK(rig.core().contacts().fire_contact == Contact::fire);
  CHECK(rig.staff(protocol::SetEvacuation{false}).code == "fire-contact-open");
  CHECK(rig.core().summary(rig.now).evacuate);
  say(rig, Contact::fire);
  CHECK(alarms(rig, "fire-contact") == 1);
  // The contact at rest ends nothing by itself.
  say(rig, Contact::ready);
  for (int i = 0; i < 30; ++i) rig.step();
  CHECK(one.told.evacuate);
  REQUIRE(rig.staff(protocol::SetEvacuation{false}).accepted);
  rig.step();
  CHECK_FALSE(one.told.evacuate);
  CHECK(one.told.safety.level == Level::evacuate);  // until he is released or has handed back his headset
}

TEST_CASE("The button evacuates, too, and only staff end it once it is released") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  say(rig, Contact::ready, Contact::fire);
  CHECK(one.told.evacuate);
  CHECK(alarms(rig, "evacuate-button") == 1);
  CHECK(rig.staff(protocol::SetEvacuation{false}).code == "evacuate-button-pressed");
  say(rig, Contact::ready, Contact::ready);
  CHECK(one.told.evacuate);
  CHECK(rig.staff(protocol::SetEvacuation{false}).accepted);
}

TEST_CASE("An input that cannot be read calls staff and evacuates nobody; it clears when it can be read") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  say(rig, Contact::ready);
  say(rig, Contact::fault);
  say(rig, Contact::fault);
  CHECK(alarms(rig, "fire-contact-fault") == 1);
  CHECK_FALSE(one.told.evacuate);
  CHECK(one.told.safety.level == Level::clear);
  say(rig, Contact::ready);
  CHECK(std::ranges::any_of(rig.notes, [](const hall::Note& note) { return note.text == "The fire contact can be read again."; }));
  // A line that breaks down after it has said fire leaves the evacuation as it is, and its end to staff.
  say(rig, Contact::fire);
  say(rig, Contact::fault);
  CHECK(one.told.evacuate);
  CHECK(rig.staff(protocol::SetEvacuation{false}).accepted);
}

TEST_CASE("A contact that says fire when the hall starts evacuates; an evacuation outlasts a restart by itself") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  say(rig, Contact::fire);
  rig.crash_and_restart();
  CHECK(rig.core().summary(rig.now).evacuate);
  CHECK(rig.core().contacts().fire_contact == Contact::absent);  // nothing has been read yet
  say(rig, Contact::fire);
  CHECK(rig.staff(protocol::SetEvacuation{false}).code == "fire-contact-open");
  say(rig, Contact::ready);
  REQUIRE(rig.staff(protocol::SetEvacuation{false}).accepted);
  rig.crash_and_restart();
  CHECK_FALSE(rig.core().summary(rig.now).evacuate);
  say(rig, Contact::fire);
  REQUIRE(rig.until([&] { return one.told.epoch.value() == 3 && one.told.evacuate; }, 5.0));
}

TEST_CASE("A viewer who asks for help again is heard even when nothing between the two came through") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  one.walks = false;
  one.panic = true;
  for (int i = 0; i < 5; ++i) rig.step();
  REQUIRE(one.told.safety.level == Level::stop);
  CHECK(alarms(rig, "viewer-panic") == 1);
  REQUIRE(rig.staff(protocol::ReleaseViewer{one.headset}).accepted);
  rig.rim().receive(one.peer, one.bundle(), rig.now);  // on its way before the release was heard: the old gesture
  rig.drain();
  CHECK(one.told.safety.level == Level::stop);         // the frame is not yet due
  rig.step();
  CHECK(one.told.safety.level < Level::stop);
  CHECK(alarms(rig, "viewer-panic") == 1);
  for (int i = 0; i < 3; ++i) rig.step();              // from here on it is another one
  CHECK(one.told.safety.level == Level::stop);
  CHECK(alarms(rig, "viewer-panic") == 2);
}

TEST_CASE("Hall stop, panic and evacuation are told in the call that begins them, not with the next frame that is due") {
  hall::HallConfig config = sample_config();
  config.limits.downlink_every = std::chrono::seconds(5);
  Rig rig(config);
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& two = playing(rig, 2, kWalkToo);
  for (FakeViewer* viewer : {&one, &two}) viewer->walks = false;
  for (int i = 0; i < 100 && tracking::distance(one.at, two.at) > 3.0; ++i) {  // within reach, and no nearer
    const auto way = two.at - one.at;
    one.at = one.at + way * (0.06 / tracking::length(way));
    rig.step();
  }
  const auto before = [&] { return std::pair(one.states, two.states); };
  SECTION("hall stop") {
    const auto [ones, twos] = before();
    rig.rim().receive(rig.staff_peer, protocol::StaffCommand{900, protocol::SetHallStopped{true}}, rig.now);
    rig.drain();
    CHECK(one.states == ones + 1);
    CHECK(two.states == twos + 1);
    CHECK(one.told.safety.level == Level::stop);
    CHECK(two.told.safety.level == Level::stop);
  }
  SECTION("evacuation") {
    rig.rim().receive(rig.staff_peer, protocol::StaffCommand{900, protocol::SetEvacuation{true}}, rig.now);
    rig.drain();
    CHECK(one.told.evacuate);
    CHECK(two.told.evacuate);
    CHECK(two.told.safety.level == Level::evacuate);
  }
  SECTION("panic") {
    one.panic = true;
    rig.rim().receive(one.peer, one.bundle(), rig.now);
    rig.drain();
    CHECK(one.told.safety.level == Level::stop);
    CHECK(two.told.safety.level == Level::stop);
    CHECK(two.told.safety.cause == Cause::panic);
  }
}

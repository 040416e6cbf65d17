#include "showcontrol/server/door.h"

#include <catch2/catch_test_macros.hpp>

#include "showcontrol/protocol/codec.h"

using namespace promenade;
using namespace promenade::server;
using protocol::LinkId;

namespace {

const link::Subject kHeadset{link::Role::headset, "7", "hall"}, kOther{link::Role::headset, "8", "hall"}, kTablet{link::Role::staff, "tablet", "hall"};

struct Table {
  Door door;
  base::HallTime now = base::hall_time(100.0);
  std::optional<protocol::Message> message;

  Door::Verdict bytes(LinkId link, base::Bytes what, bool beside = false) {
    message.reset();
    const auto verdict = door.judge({link, std::move(what), {}, beside}, now, message);
    if (verdict != Door::Verdict::cut) return verdict;
    CHECK(door.who(link) != nullptr);  // until it is closed
    door.closed(link);
    return verdict;
  }
  Door::Verdict say(LinkId link, const protocol::Message& what) { return bytes(link, protocol::encode(what), protocol::delivery_of(what) == protocol::Delivery::beside); }
  void pass(double seconds) { now += base::from_seconds(seconds); }
};

protocol::HeadsetState state() {
  protocol::HeadsetState made;
  made.headset = base::HeadsetId{7};
  return made;
}

}  // namespace

TEST_CASE("an honest headset is let through, in all that it sends while it joins and plays") {
  Table t;
  REQUIRE(t.door.opened(LinkId{1}, kHeadset, t.now));
  CHECK(t.say(LinkId{1}, protocol::Hello{protocol::kProtocolVersion, base::HeadsetId{7}, "t", {}}) == Door::Verdict::take);
  for (int i = 0; i < 3000; ++i) {
    t.pass(1.0 / 90.0);
    REQUIRE(t.say(LinkId{1}, state()) == Door::Verdict::take);
    REQUIRE(t.message.has_value());
    if (i % 2 == 0) REQUIRE(t.say(LinkId{1}, protocol::ClockRequest{1, {}}) == Door::Verdict::take);
  }
  CHECK(t.door.counts().too_many == 0);
}

TEST_CASE("who was cut off below is kept out for a minute, by his name") {
  Table t;
  t.door.cut_off(kHeadset, t.now);
  CHECK_FALSE(t.door.opened(LinkId{1}, kHeadset, t.now));
  CHECK(t.door.opened(LinkId{2}, kOther, t.now));
  t.pass(61.0);
  CHECK(t.door.opened(LinkId{3}, kHeadset, t.now));
  CHECK(t.door.counts().cut_off == 1);
}

TEST_CASE("who greets as somebody else is cut off at once") {
  Table t;
  REQUIRE(t.door.opened(LinkId{1}, kHeadset, t.now));
  REQUIRE(t.door.opened(LinkId{2}, kTablet, t.now));
  CHECK(t.say(LinkId{1}, protocol::Hello{protocol::kProtocolVersion, base::HeadsetId{8}, "t", {}}) == Door::Verdict::cut);
  CHECK(t.say(LinkId{1}, state()) == Door::Verdict::drop);  // nobody's link any more
  CHECK(t.say(LinkId{2}, protocol::StaffHello{protocol::kProtocolVersion, "tablet", "key"}) == Door::Verdict::take);
  REQUIRE(t.door.opened(LinkId{3}, kHeadset, t.now));
  CHECK(t.say(LinkId{3}, protocol::StaffHello{protocol::kProtocolVersion, "tablet", "key"}) == Door::Verdict::cut);
  CHECK(t.door.counts().impostors == 2);
}

TEST_CASE("what cannot be read is dropped; whoever goes on is cut off and kept out a minute, and nobody else is") {
  Table t;
  REQUIRE(t.door.opened(LinkId{1}, kHeadset, t.now));
  REQUIRE(t.door.opened(LinkId{2}, kOther, t.now));
  for (int i = 1; i < Door::kFaultsMost; ++i) REQUIRE(t.bytes(LinkId{1}, {0xff, 0x00}) == Door::Verdict::drop);
  CHECK(t.bytes(LinkId{1}, {0xff, 0x00}) == Door::Verdict::cut);
  CHECK(t.say(LinkId{2}, state()) == Door::Verdict::take);
  CHECK_FALSE(t.door.opened(LinkId{3}, kHeadset, t.now));
  CHECK(t.door.opened(LinkId{4}, kOther, t.now));
  t.pass(61.0);
  CHECK(t.door.opened(LinkId{5}, kHeadset, t.now));
  CHECK(t.say(LinkId{5}, state()) == Door::Verdict::take);
  CHECK(t.door.counts().unreadable == Door::kFaultsMost);
  CHECK(t.door.counts().cut_off == 1);
  CHECK(t.door.counts().kept_out == 1);
}

TEST_CASE("a message on the way of another sort is none; a fault now and then is forgotten") {
  Table t;
  REQUIRE(t.door.opened(LinkId{1}, kHeadset, t.now));
  CHECK(t.bytes(LinkId{1}, protocol::encode(protocol::ClockRequest{1, {}}), false) == Door::Verdict::drop);
  CHECK(t.bytes(LinkId{1}, protocol::encode(protocol::Message(state())), true) == Door::Verdict::drop);
  for (int i = 0; i < 100; ++i) {
    t.pass(1.0);
    REQUIRE(t.bytes(LinkId{1}, {1}) == Door::Verdict::drop);
  }
}

TEST_CASE("a headset that sends a thousand messages a second costs no more than two hundred of them, and is cut off") {
  Table t;
  REQUIRE(t.door.opened(LinkId{1}, kHeadset, t.now));
  int taken = 0, sent = 0;
  for (; sent < 100'000; ++sent) {
    t.pass(0.001);
    const Door::Verdict verdict = t.say(LinkId{1}, state());
    taken += verdict == Door::Verdict::take;
    if (verdict == Door::Verdict::cut) break;
  }
  CHECK(t.door.counts().cut_off == 1);
  CHECK(sent < 4'000);
  CHECK(taken < 1'200);
}

// The roll of an evacuation, what is to be settled after it, and who may be let go on.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/console/roll.h"
#include "tests/console/scenes.h"

using namespace promenade;
using namespace promenade::console;
using namespace promenade::console_test;

namespace {
Judged judged(const Snapshot& snapshot, std::uint16_t headset) { return judge(snapshot, *snapshot.headset(HeadsetId(headset))); }
}  // namespace

TEST_CASE("The roll has everybody, the missing before those who are out, the helpless first") {
  const ConsoleModel model = heard(evacuating(), 1.0);
  const Snapshot& s = model.snapshot();
  const auto roll = roll_of(s);
  REQUIRE(roll.size() == s.summary.people);
  CHECK(std::ranges::count_if(roll, &OnRoll::out) == s.summary.counted_out);
  CHECK(std::ranges::is_sorted(roll, {}, &OnRoll::out));
  const auto place = [&](auto wanted) { return std::ranges::find_if(roll, wanted) - roll.begin(); };
  const auto of_headset = [&](std::uint16_t number) { return place([&](const OnRoll& one) { return one.viewer != nullptr
      && one.viewer->headset == HeadsetId(number); }); };
  CHECK(of_headset(7) == 0);  // down on the floor
  CHECK(of_headset(9) == 1);  // his headset shows him no way
  CHECK(of_headset(1) == 2);
  const auto companion = place([](const OnRoll& one) { return one.body != nullptr && !one.body->beside.is_none(); });
  CHECK(companion == of_headset(5) + 1);
  CHECK(of_headset(18) < place([](const OnRoll& one) { return one.body != nullptr && one.body->kind == protocol::Relation::staff; }));
  CHECK(roll[static_cast<std::size_t>(of_headset(4))].out);
  for (const OnRoll& one : roll) CHECK_FALSE(one.id().is_none());
}

TEST_CASE("What ordered the evacuation is said no more exactly than it is known") {
  protocol::HallSummary summary;
  summary.evacuation_cause = Cause::fire;
  CHECK(evacuated_by(summary) == EvacuatedBy::fire_contact);
  summary.evacuation_cause = Cause::operator_command;
  CHECK(evacuated_by(summary) == EvacuatedBy::staff);
  summary.evacuate_button = protocol::ContactState::alarm;
  CHECK(evacuated_by(summary) == EvacuatedBy::button);
  summary.evacuate_button = protocol::ContactState::ready;
  CHECK(evacuated_by(summary) == EvacuatedBy::staff_or_button);
}

TEST_CASE("The nearer door, and whether a wall or column stands between") {
  const ConsoleModel model = heard(busy(), 1.0);
  const tracking::Venue& venue = *model.snapshot().venue;
  const NearestDoor near = nearest_door(venue, {14.0, 11.0});
  CHECK(near.exit);
  CHECK(near.distance_m < 3.0);
  CHECK(near.straight);
  const HallPoint column = venue.obstacles.front().outline.front();
  const HallPoint beyond{2.0 * column.x - venue.exit.at.x, 2.0 * column.y - venue.exit.at.y};
  CHECK_FALSE(nearest_door(venue, beyond).straight);
}

TEST_CASE("After an evacuation: nothing said, led to his place, headset back; released only while his film may go on") {
  const ConsoleModel model = heard(after_evacuation(), 1.0);
  const Snapshot& s = model.snapshot();
  const auto list = interrupted(s);
  REQUIRE(list.size() == 17);
  CHECK(std::ranges::count_if(list, [](const auto* card) { return is_unsettled(*card); }) == s.summary.unsettled);
  CHECK(is_unsettled(*list.front()));
  CHECK_FALSE(is_unsettled(*list.back()));
  CHECK(judged(s, 3).reason == Reason::unsettled);
  CHECK(judged(s, 1).reason == Reason::to_place);
  CHECK(judged(s, 5).reason == Reason::hand_back);
  CHECK(waits_release(*s.headset(HeadsetId(1))));
  CHECK(waits_release(*s.headset(HeadsetId(3))));
  CHECK_FALSE(waits_release(*s.headset(HeadsetId(5))));
  CHECK_FALSE(waits_release(*s.headset(HeadsetId(20))));
}

TEST_CASE("Where a film goes on: the scene's place, on a leg the way ahead") {
  protocol::HeadsetCard card = playing_card(1, {5.0, 5.0}, 0);
  card.path_ahead = {{6.0, 5.0}, {7.0, 5.0}};
  card.route_ahead = {{7.0, 5.0}};
  card.stage = protocol::BlockStage::walking;
  CHECK(place_to_go_on(card) == &card.path_ahead.front());
  card.stage = protocol::BlockStage::in_scene;
  CHECK(place_to_go_on(card) == &card.route_ahead.front());
  card.route_ahead.clear();
  CHECK(place_to_go_on(card) == nullptr);
}

TEST_CASE("While the hall is evacuated whoever is inside counts, and who is out needs nobody") {
  const ConsoleModel model = heard(evacuating(), 1.0);
  const Snapshot& s = model.snapshot();
  CHECK(judged(s, 1).reason == Reason::evacuated);
  CHECK(judged(s, 4).weight == Weight::idle);
  CHECK(interrupted(s).empty());  // what becomes of films is said afterwards
}

TEST_CASE("A stop that was measured waits for its release as much as one that was commanded") {
  protocol::HeadsetCard card = playing_card(1, {5.0, 5.0}, 0);
  CHECK_FALSE(waits_release(card));
  card.level = Level::stop;
  card.cause = Cause::body;
  CHECK(waits_release(card));
  card.cause = Cause::link_lost;  // the headset's own, which ends when it hears the hall
  CHECK_FALSE(waits_release(card));
  card.stopped = true;
  CHECK(waits_release(card));
}

TEST_CASE("Only what is measured and may be overridden is lifted") {
  for (std::size_t i = 0; i < tracking::kCauseCount; ++i) {
    const auto cause = static_cast<Cause>(i);
    if (may_be_lifted(cause)) CHECK(tracking::staff_may_override(cause));
  }
  for (const Cause cause : {Cause::stray, Cause::stale, Cause::posture, Cause::companion}) CHECK(may_be_lifted(cause));
  for (const Cause cause : {Cause::none, Cause::wall, Cause::body, Cause::tracking_lost, Cause::running, Cause::not_worn, Cause::operator_command,
      Cause::panic, Cause::link_lost, Cause::fire}) {
    CHECK_FALSE(may_be_lifted(cause));
  }
}

TEST_CASE("A child is alone without an adult of his party and without a hand") {
  const ConsoleModel model = heard(with_children(), 1.0);
  const Snapshot& s = model.snapshot();
  CHECK(is_child_alone(s, *s.headset(HeadsetId(2))));
  CHECK_FALSE(is_child_alone(s, *s.headset(HeadsetId(3))));
  CHECK_FALSE(is_child_alone(s, *s.headset(HeadsetId(5))));
  CHECK_FALSE(is_child_alone(s, *s.headset(HeadsetId(1))));
  CHECK(judged(s, 2).reason == Reason::child_alone);
  REQUIRE(beside(s, HeadsetId(5)).size() == 1);
  CHECK(beside(s, HeadsetId(1)).empty());
  CHECK(beside(s, HeadsetId{}).empty());
}

TEST_CASE("Drift is judged by what was measured, and not known is neither good nor an alarm") {
  const ConsoleModel model = heard(with_drift(), 1.0);
  const Snapshot& s = model.snapshot();
  auto card = *s.headset(HeadsetId(8));
  card.level = Level::clear;
  CHECK(judge(s, card).reason == Reason::drift);
  card.drift = tracking::CalibrationState::out_of_trust;
  CHECK(judge(s, card).reason == Reason::out_of_trust);
  card.drift = tracking::CalibrationState::unknown;  // however large its estimate has grown
  CHECK(judge(s, card).reason == Reason::none);
}

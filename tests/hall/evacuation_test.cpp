// An evacuation from its first frame to what becomes of the films afterwards.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/hall/rig.h"
#include "ticketing/core/requests.h"

using namespace promenade;
using namespace promenade::hall_test;
using protocol::Settlement;
using tracking::Cause;
using tracking::Level;

namespace {

ticketing::SettleEvacuation last_settlement(const Rig& rig) {
  const auto& facts = rig.memory.facts();
  for (auto item = facts.rbegin(); item != facts.rend(); ++item) {
    if (item->kind == ticketing::SettleEvacuation::kKind) {
      return std::get<ticketing::SettleEvacuation>(ticketing::request_from_text(item->body_json, item->kind).value());
    }
  }
  FAIL("no settlement was told");
  return {};
}

}  // namespace

TEST_CASE("An evacuation ends the films for their viewers and shows each the way to the nearer door, round the columns") {
  Rig rig;
  auto [one, seated] = two_playing(rig);
  REQUIRE(rig.staff(protocol::SetEvacuation{true}).accepted);
  let(rig, 0.5);
  for (FakeViewer* viewer : {&one, &seated}) {
    CHECK(viewer->told.evacuate);
    CHECK(viewer->told.safety.level == Level::evacuate);
    CHECK(viewer->told.authority.last_gate == -1);
    const auto& way = viewer->told.way_out;
    REQUIRE(way.size() >= 2);
    CHECK(tracking::distance(way.front(), viewer->at) < 0.5);
    CHECK(tracking::distance(way.back(), viewer->told.way_out_door) < 0.01);
    for (std::size_t i = 1; i < way.size(); ++i) CHECK(rig.config.venue.segment_clearance_m(way[i - 1], way[i]) > 0.3);
    const auto& venue = rig.config.venue;
    const bool by_exit = viewer->told.way_out_name == protocol::DoorName::exit;
    CHECK(viewer->told.way_out_door == (by_exit ? venue.exit.at : venue.entrance.at));
  }
  CHECK(seated.told.way_out_name == protocol::DoorName::exit);  // the chairs stand beside it
}

TEST_CASE("In an evacuation everybody is counted: who was tapped out, who handed his headset back, and who was not seen") {
  Rig rig;
  auto [one, two] = two_playing(rig);
  REQUIRE(rig.staff(protocol::PlaceBody{7, {20.0, 10.0}, false}).accepted);
  const auto one_body = rig.visit(one).body;
  CHECK(rig.staff(protocol::CountOut{one_body, true}).code == "no-evacuation");
  REQUIRE(rig.staff(protocol::SetEvacuation{true}).accepted);
  let(rig, 0.3);
  auto summary = rig.core().summary(rig.now);
  CHECK(summary.people == 3);
  CHECK(summary.counted_out == 0);
  CHECK(summary.unsettled == 2);
  CHECK(summary.evacuation_cause == Cause::operator_command);
  REQUIRE(rig.staff(protocol::CountOut{one_body, true}).accepted);
  REQUIRE(rig.staff(protocol::CountOut{one_body, true}).accepted);  // said twice
  CHECK(rig.core().summary(rig.now).counted_out == 1);
  REQUIRE(rig.staff(protocol::SetReturned{one.headset}).accepted);  // on the floor, but he was seen to leave
  summary = rig.core().summary(rig.now);
  CHECK(summary.people == 3);
  CHECK(summary.counted_out == 1);
  // Handed back where nobody saw him go: a body stays, and so does the question.
  two.walks = false;
  two.put({20.0, 6.0});
  let(rig, 0.5);
  REQUIRE(rig.staff(protocol::SetReturned{two.headset}).accepted);
  summary = rig.core().summary(rig.now);
  CHECK(summary.people == 3);
  CHECK(summary.counted_out == 1);
  for (const hall::BodyView& body : rig.core().bodies()) REQUIRE(rig.staff(protocol::ConfirmBodyGone{body.id}).accepted);
  summary = rig.core().summary(rig.now);
  CHECK(summary.people == 3);
  CHECK(summary.counted_out == 3);
  REQUIRE(rig.staff(protocol::SetEvacuation{false}).accepted);
}

TEST_CASE("After a false alarm the films go on where they were, one viewer after the other, and count once") {
  Rig rig;
  rig.takes_back = true;
  auto [one, two] = two_playing(rig);
  const HallPoint place = one.at;
  const auto play = one.told.play->play;
  REQUIRE(rig.staff(protocol::SetEvacuation{true}).accepted);
  CHECK(rig.staff(protocol::SettleEvacuation{{}, Settlement::resume}).code == "hall-evacuating");
  one.worn = two.worn = false;  // lifted off, as they are asked to
  let(rig, 30.0);
  REQUIRE(rig.staff(protocol::CountOut{rig.visit(one).body, true}).accepted);  // the other one never left
  one.worn = two.worn = true;
  REQUIRE(rig.staff(protocol::SetEvacuation{false}).accepted);
  let(rig, 3.0);
  CHECK(one.told.safety.level == Level::evacuate);  // until he is released
  CHECK(rig.core().summary(rig.now).unsettled == 2);
  REQUIRE(rig.staff(protocol::SettleEvacuation{one.headset, Settlement::resume}).accepted);
  CHECK(rig.core().summary(rig.now).unsettled == 1);
  // Away from his place he stays where he is, held.
  one.put({place.x < 14.0 ? 22.0 : 6.0, place.y});
  let(rig, 2.0);
  CHECK(rig.staff(protocol::ReleaseViewer{one.headset}).code == "not-at-place");
  one.put(place);
  let(rig, 3.0);
  const auto released = rig.staff(protocol::ReleaseViewer{one.headset});
  INFO(released.text);
  REQUIRE(released.accepted);
  let(rig, 3.0);
  CHECK(one.told.safety.level < Level::pause);
  CHECK(two.told.safety.level >= Level::stop);
  CHECK(one.told.play->play == play);
  REQUIRE(rig.staff(protocol::ReleaseViewer{two.headset}).accepted);  // which says that he goes on
  CHECK(rig.core().summary(rig.now).unsettled == 0);
  one.walks = two.walks = true;
  const bool done = rig.until([&] { return !rig.has_visit(one) && !rig.has_visit(two); }, 500.0);
  INFO(rig.dump());
  REQUIRE(done);
  const auto facts = rig.fact_kinds();
  CHECK(std::ranges::count(facts, "play_started") == 2);
  CHECK(std::ranges::count(facts, "play_ended") == 2);
  CHECK(std::ranges::count(facts, std::string(ticketing::SettleEvacuation::kKind)) == 0);
  int came_in_again = 0;
  // The time outside is no part of the film: or a play that was watched to its end would count as not watched.
  for (const hall::OutboxItem& fact : rig.memory.facts()) {
    if (fact.kind != ticketing::PlayEnded::kKind) continue;
    const auto ended = std::get<ticketing::PlayEnded>(ticketing::request_from_text(fact.body_json, fact.kind).value());
    CHECK(ended.completed);
    CHECK(ended.worn_share > 0.95);
    came_in_again += ended.came_in_again;
  }
  CHECK(came_in_again == 1);
}

TEST_CASE("Who was counted out with his headset off stands in nobody's way afterwards, and is a body again when he wears it") {
  Rig rig;
  auto [one, two] = two_playing(rig);
  const auto body_of = [&](const FakeViewer& viewer) {
    const auto bodies = rig.core().bodies();
    const auto found = std::ranges::find(bodies, rig.visit(viewer).body, &hall::BodyView::id);
    return found == bodies.end() ? std::nullopt : std::optional(found->kind);
  };
  REQUIRE(rig.staff(protocol::SetEvacuation{true}).accepted);
  two.put({one.at.x, one.at.y + (one.at.y < 7.5 ? 0.9 : -0.9)});  // he lifts his headset and passes by the other on his way out
  two.worn = false;
  let(rig, rig.config.venue.safety.not_worn_body_s + 2.0);
  REQUIRE(body_of(two) == tracking::BodyKind::lost_viewer);
  REQUIRE(rig.staff(protocol::CountOut{rig.visit(two).body, true}).accepted);
  CHECK_FALSE(body_of(two));
  REQUIRE(rig.staff(protocol::CountOut{rig.visit(two).body, false}).accepted);  // a slip
  CHECK(body_of(two) == tracking::BodyKind::lost_viewer);
  REQUIRE(rig.staff(protocol::CountOut{rig.visit(two).body, true}).accepted);
  REQUIRE(rig.staff(protocol::SetEvacuation{false}).accepted);
  let(rig, 2.0);
  CHECK_FALSE(rig.staff(protocol::ReleaseViewer{two.headset}).accepted);  // he is not there
  const auto released = rig.staff(protocol::ReleaseViewer{one.headset});
  INFO(released.text);
  REQUIRE(released.accepted);
  let(rig, 5.0);
  CHECK(one.told.safety.level == Level::clear);
  two.put({one.at.x > 14.0 ? 4.0 : 24.0, 7.0});
  two.worn = true;
  let(rig, 2.0);
  CHECK(body_of(two) == tracking::BodyKind::viewer);
}

TEST_CASE("After an evacuation all open tickets are rebooked or paid back at once, each once, and the floor is free") {
  const auto settlement = GENERATE(Settlement::rebook, Settlement::refund);
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& waits = rig.admit(2, kWalkToo);
  REQUIRE(rig.until([&] { return waits.told.phase == Phase::choosing || waits.told.phase == Phase::waiting; }, 60.0));
  one.walks = waits.walks = false;
  REQUIRE(rig.staff(protocol::SetEvacuation{true}).accepted);
  let(rig, 5.0);
  REQUIRE(rig.staff(protocol::SetEvacuation{false}).accepted);
  REQUIRE(rig.staff(protocol::SettleEvacuation{{}, settlement}).accepted);
  REQUIRE(rig.staff(protocol::SettleEvacuation{{}, settlement}).accepted);
  const auto facts = rig.fact_kinds();
  CHECK(std::ranges::count(facts, std::string(ticketing::SettleEvacuation::kKind)) == 2);
  CHECK(std::ranges::count(facts, "play_ended") == 1);
  CHECK(last_settlement(rig).settlement == (settlement == Settlement::rebook ? ticketing::Settlement::rebook : ticketing::Settlement::refund));
  CHECK_FALSE(last_settlement(rig).evacuation.empty());
  CHECK(rig.staff(protocol::SettleEvacuation{one.headset, Settlement::resume}).code == "settled");
  CHECK(rig.staff(protocol::ReleaseViewer{one.headset}).code == "settled");
  REQUIRE(rig.until([&] { return rig.core().interlocking().plays().empty(); }, 10.0));
  REQUIRE(rig.staff(protocol::SetReturned{one.headset}).accepted);
  REQUIRE(rig.staff(protocol::SetReturned{waits.headset}).accepted);
  CHECK(std::ranges::count(rig.fact_kinds(), std::string(ticketing::SettleEvacuation::kKind)) == 2);
}

TEST_CASE("A headset handed back before anything is settled leaves its ticket open at the box office") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& waits = rig.admit(2, kWalkToo);
  REQUIRE(rig.until([&] { return waits.told.phase == Phase::choosing || waits.told.phase == Phase::waiting; }, 60.0));
  REQUIRE(rig.staff(protocol::SetEvacuation{true}).accepted);
  let(rig, 1.0);
  REQUIRE(rig.staff(protocol::SetReturned{one.headset}).accepted);
  const auto ended = std::ranges::find_if(rig.memory.facts(), [](const auto& item) { return item.kind == ticketing::PlayEnded::kKind; });
  REQUIRE(ended != rig.memory.facts().end());
  const auto fact = std::get<ticketing::PlayEnded>(ticketing::request_from_text(ended->body_json, ended->kind).value());
  CHECK(fact.reason == ticketing::kEvacuated);
  CHECK_FALSE(fact.completed);
  CHECK_FALSE(fact.evacuation.empty());
  REQUIRE(rig.staff(protocol::SetReturned{waits.headset}).accepted);  // his film had not begun
  CHECK(last_settlement(rig).settlement == ticketing::Settlement::open);
}

TEST_CASE("An evacuation and what was settled outlast a restart of the hall") {
  Rig rig;
  auto [one, two] = two_playing(rig);
  REQUIRE(rig.staff(protocol::SetEvacuation{true}).accepted);
  REQUIRE(rig.staff(protocol::CountOut{rig.visit(two).body, true}).accepted);
  let(rig, 1.0);
  rig.crash_and_restart(1.0);
  let(rig, 3.0);
  CHECK(one.told.safety.level == Level::evacuate);
  CHECK(rig.core().summary(rig.now).counted_out == 1);
  rig.connect_staff();
  REQUIRE(rig.staff(protocol::SetEvacuation{false}).accepted);
  REQUIRE(rig.staff(protocol::SettleEvacuation{two.headset, Settlement::refund}).accepted);
  rig.crash_and_restart(1.0);
  let(rig, 3.0);
  rig.connect_staff();
  CHECK(one.told.safety.level >= Level::stop);
  CHECK(rig.staff(protocol::SettleEvacuation{two.headset, Settlement::rebook}).code == "settled");
  CHECK(rig.core().summary(rig.now).unsettled == 1);
}

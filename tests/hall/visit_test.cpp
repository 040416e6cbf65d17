// A viewer's visit from ticket to cleaning, as box office, staff and viewer see it.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;

TEST_CASE("A visit goes through its phases once, and the box office hears of it once") {
  Rig rig;
  FakeViewer& viewer = rig.viewer(1);
  REQUIRE(viewer.told.phase == Phase::idle);
  const auto bound = rig.staff(protocol::BindTicket{viewer.headset, kWalk.value() + ".ticket-000000001", 0, 1.7, false});
  REQUIRE(bound.accepted);
  CHECK(rig.visit(viewer).phase == Phase::redeemed);
  REQUIRE(rig.staff(protocol::SetFitted{viewer.headset, true}).accepted);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::choosing; }, 5.0));
  REQUIRE(viewer.told.menu.size() == 2);
  CHECK(viewer.told.menu.front().film == kWalk);
  CHECK(viewer.told.menu.front().available);
  viewer.wants = kWalk;
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::waiting && viewer.told.told_start; }, 10.0));
  CHECK(*viewer.told.told_start > rig.now);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::guided; }, 60.0));
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::playing; }, 120.0));
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::guided_out; }, 240.0));
  REQUIRE(rig.until([&] { return viewer.progress.stage == protocol::BlockStage::done; }, 120.0));
  rig.step();
  CHECK(rig.fact_kinds() == std::vector<std::string>{"grant", "play_started", "play_ended"});
  const auto ended = ticketing::request_from_text(rig.memory.facts().back().body_json);
  REQUIRE(ended.has_value());
  const auto& end = std::get<ticketing::PlayEnded>(*ended);
  CHECK(end.completed);
  CHECK(end.worn_share > 0.95);
  CHECK(end.moved);
  CHECK(end.play.value() == "wuxi-420-1-" + std::to_string(rig.visit(viewer).play.value()));
  CHECK(rig.core().interlocking().plays().empty());

  REQUIRE(rig.staff(protocol::SetReturned{viewer.headset}).accepted);
  CHECK_FALSE(rig.has_visit(viewer));
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::cleaning; }, 5.0));
  REQUIRE(rig.staff(protocol::SetCleaned{viewer.headset}).accepted);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::idle; }, 5.0));
  CHECK(rig.core().bodies().empty());
  CHECK(rig.memory.facts().size() == 3);
}

TEST_CASE("A seated film plays on a chair and ends by its length") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kSeated);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::playing; }, 120.0));
  const auto seats = sample_venue().seats;
  CHECK(std::ranges::any_of(seats, [&](const tracking::Seat& seat) { return tracking::distance(seat.at, viewer.at) < 0.05; }));
  REQUIRE(rig.until([&] { return viewer.progress.stage == protocol::BlockStage::done; }, 180.0));
  CHECK(rig.core().counts().plays_completed == 1);
}

TEST_CASE("Four viewers share three chairs one after the other") {
  Rig rig;
  std::vector<FakeViewer*> all;
  for (std::uint16_t n = 1; n <= 4; ++n) all.push_back(&rig.admit(n, kSeated));
  const bool done = rig.until([&] {
    for (FakeViewer* one : all) {
      if (one->progress.stage == protocol::BlockStage::done && rig.has_visit(*one)) rig.staff(protocol::SetReturned{one->headset});
    }
    return rig.core().counts().plays_completed == 4;
  });
  INFO(rig.dump());
  REQUIRE(done);
}

TEST_CASE("A refused ticket leaves the headset free and says why") {
  Rig rig;
  FakeViewer& viewer = rig.viewer(1);
  const std::string token = kWalk.value() + ".ticket-000000009";
  rig.refuse_ticket[token] = {"ticket-already-redeemed", "The ticket was redeemed at 12:00.", "Do not let a second viewer in."};
  const auto reply = rig.staff(protocol::BindTicket{viewer.headset, token, 0, 0.0, false});
  CHECK_FALSE(reply.accepted);
  CHECK(reply.code == "ticket-already-redeemed");
  CHECK_FALSE(rig.has_visit(viewer));
  rig.step(1.0);
  CHECK(viewer.told.phase == Phase::idle);
  CHECK(rig.memory.facts().empty());
}

TEST_CASE("Binding is absolute: the same ticket again is accepted, another headset or ticket is not") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kWalk);
  const std::string token = kWalk.value() + ".ticket-100000001";
  CHECK(rig.staff(protocol::BindTicket{viewer.headset, token, 0, 1.7, false}).accepted);
  CHECK(rig.staff(protocol::BindTicket{viewer.headset, kWalk.value() + ".ticket-x", 0, 1.7, false}).code == "headset-in-use");
  FakeViewer& other = rig.viewer(2);
  CHECK(rig.staff(protocol::BindTicket{other.headset, token, 0, 1.7, false}).code == "ticket-in-use");
  CHECK(rig.staff(protocol::BindTicket{HeadsetId(77), token + "b", 0, 1.7, false}).code == "headset-unknown");
  CHECK(rig.core().counts().tickets_accepted == 1);
}

TEST_CASE("A film that the ticket does not allow is refused; one that it does changes the ticket first") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kWalk);
  viewer.wants.reset();
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::choosing; }, 5.0));
  viewer.choose(kSeated);
  rig.step();
  REQUIRE(viewer.refused.has_value());
  CHECK(viewer.refused->code == "film-not-on-ticket");
  CHECK(viewer.told.phase == Phase::choosing);
  viewer.choose(kWalkToo);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::waiting; }, 2.0));
  const auto view = rig.visit(viewer);
  CHECK(view.film == kWalkToo);
  CHECK(view.ticket.value().front() == '2');
}

TEST_CASE("Without the box office only the film on the ticket can be watched") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kWalk);
  viewer.wants.reset();
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::choosing; }, 5.0));
  rig.rim().set_box_office_reachable(false, rig.now);
  viewer.choose(kWalkToo);
  rig.step();
  REQUIRE(viewer.refused.has_value());
  CHECK(viewer.refused->code == "box-office-away");
  viewer.choose(kWalk);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::waiting; }, 2.0));
}

TEST_CASE("No viewer without two marks") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kWalk);
  viewer.calibrates = false;
  FakeViewer& next = rig.admit(2, kWalk);
  REQUIRE(rig.until([&] { return next.told.phase == Phase::playing; }, 120.0));
  CHECK(viewer.told.phase == Phase::fitted);
}

TEST_CASE("An adult and his child who choose the same film walk it hand in hand") {
  Rig rig;
  FakeViewer& one = rig.admit(1, kWalk, 5);
  FakeViewer& two = rig.admit(2, kWalk, 5, true);
  REQUIRE(rig.until([&] { return one.told.phase == Phase::waiting && one.told.play && two.told.play; }, 60.0));
  CHECK(rig.core().interlocking().plays().size() == 1);
  CHECK(one.told.play->play != two.told.play->play);
  CHECK(one.told.play->placement == two.told.play->placement);
  const bool playing = rig.until([&] { return one.told.phase == Phase::playing && two.told.phase == Phase::playing; }, 120.0);
  INFO(rig.dump());
  REQUIRE(playing);
  bool seen = false;
  for (const auto& neighbour : one.told.neighbours) seen = seen || neighbour.relation == protocol::Relation::pair;
  CHECK(seen);
}

TEST_CASE("A viewer who is not ready at his start keeps his turn and is planned anew") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return viewer.told.play.has_value(); }, 30.0));
  const auto first = viewer.told.play->play;
  viewer.worn = false;
  REQUIRE(rig.until([&] { return !viewer.told.play || viewer.told.play->play != first; }, 200.0));
  CHECK(rig.memory.facts().empty());
  viewer.worn = true;
  const bool playing = rig.until([&] { return viewer.told.phase == Phase::playing; }, 240.0);
  INFO(rig.dump());
  REQUIRE(playing);
}

TEST_CASE("Closed admission binds nobody and starts nothing") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::waiting; }, 10.0));
  REQUIRE(rig.staff(protocol::SetAdmission{false}).accepted);
  FakeViewer& late = rig.viewer(2);
  CHECK(rig.staff(protocol::BindTicket{late.headset, kWalk.value() + ".ticket-l", 0, 0.0, false}).code == "admission-closed");
  CHECK_FALSE(rig.until([&] { return viewer.told.phase == Phase::guided; }, 60.0));
  REQUIRE(rig.staff(protocol::SetAdmission{true}).accepted);
  CHECK(rig.until([&] { return viewer.told.phase == Phase::guided; }, 120.0));
}

TEST_CASE("Ways in and out are walked from stop to stop, and whoever has them to himself waits nowhere") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return viewer.progress.stage == protocol::BlockStage::walking; }, 100.0));
  const protocol::PlayOrder order = *viewer.told.play;
  REQUIRE_FALSE(order.way_in_stops.empty());
  REQUIRE_FALSE(order.way_out_stops.empty());
  bool ahead = false;  // the gate after a stop was open before he reached it
  const bool out = rig.until([&] {
    const bool walking = viewer.progress.stage == protocol::BlockStage::walking;
    if (viewer.progress.block == 0 && walking) CHECK(viewer.told.authority.last_gate <= 1);
    ahead = ahead || (viewer.progress.block == 0 && walking && viewer.told.authority.last_gate == 1);
    return viewer.progress.stage == protocol::BlockStage::done;
  }, 400.0);
  INFO(rig.dump());
  REQUIRE(out);
  CHECK(ahead);
  CHECK(viewer.stops_held_at.empty());
  CHECK(viewer.gates_passed == order.way_in_stops.size() + 4 + 1 + order.way_out_stops.size());
  CHECK(tracking::distance(viewer.at, rig.config.venue.exit.at) < 0.1);
}

TEST_CASE("Who follows another on a way out waits at a stop until the way ahead is free") {
  Rig rig;
  FakeViewer& first = rig.admit(1, kWalk);
  FakeViewer& second = rig.admit(2, kWalkToo);
  const auto on_last_piece = [&](const FakeViewer& one) {
    return one.told.play && one.progress.block == one.way_out() + one.told.play->way_out_stops.size();
  };
  REQUIRE(rig.until([&] { return on_last_piece(first) || on_last_piece(second); }, 400.0));
  FakeViewer& ahead = on_last_piece(first) ? first : second;
  FakeViewer& behind = &ahead == &first ? second : first;
  ahead.walks = false;
  double nearest_m = 100.0;
  const auto until = [&](auto condition, double limit_s) {
    return rig.until([&] {
      nearest_m = std::min(nearest_m, tracking::distance(first.at, second.at));
      return condition();
    }, limit_s);
  };
  CHECK_FALSE(until([&] { return behind.progress.stage == protocol::BlockStage::done; }, 200.0));
  INFO(rig.dump());
  REQUIRE_FALSE(behind.stops_held_at.empty());
  CHECK(*behind.stops_held_at.rbegin() >= behind.way_out());
  CHECK(behind.told.phase == Phase::guided_out);
  ahead.walks = true;
  REQUIRE(rig.until([&] { return ahead.progress.stage == protocol::BlockStage::done; }, 60.0));
  // He stands at the exit, and sees nothing until his headset is taken back.
  CHECK_FALSE(until([&] { return behind.progress.stage == protocol::BlockStage::done; }, 60.0));
  REQUIRE(rig.staff(protocol::SetReturned{ahead.headset}).accepted);
  ahead.disconnect();
  CHECK(rig.until([&] { return behind.progress.stage == protocol::BlockStage::done; }, 100.0));
  CHECK(nearest_m > 1.9);
}

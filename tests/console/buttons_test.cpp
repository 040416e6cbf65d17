// What each button says to the hall, pressed as by a finger on a console drawn in memory.

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/console/finger.h"

using namespace promenade;
using namespace promenade::console;
using namespace promenade::console_test;
using protocol::Settlement;

namespace {

const protocol::HeadsetCard& card(Finger& finger, std::uint16_t headset) { return *finger.app().model().snapshot().headset(HeadsetId(headset)); }

}  // namespace

TEST_CASE("One tap on the roll says that somebody is out, one more takes it back") {
  Finger finger(evacuating());
  CHECK(finger.app().ui().tab == Tab::evacuation);  // the hall's state alone has opened it
  const BodyId fallen = card(finger, 7).body;
  finger.tap("out-" + std::to_string(fallen.value()));
  const auto out = finger.commands<protocol::CountOut>();
  REQUIRE(out.size() == 1);
  CHECK(out.front().body == fallen);
  CHECK(out.front().out);
  CHECK_FALSE(finger.sees("not-out-" + std::to_string(fallen.value())));  // until the hall says so
  protocol::HeadsetCard now = card(finger, 7);
  now.counted_out = true;
  ++now.sequence;
  finger.hear({now});
  finger.tap("roll-" + std::to_string(card(finger, 9).body.value()));  // he is shown on the plan
  CHECK(finger.app().ui().chosen == HeadsetId(9));
  CHECK(finger.app().ui().tab == Tab::evacuation);
  finger.app().ui().choose(HeadsetId(7));
  finger.app().ui().reveal = true;  // as after a tap on the plan
  finger.frame(3);
  finger.tap("not-out-" + std::to_string(fallen.value()));
  const auto back = finger.commands<protocol::CountOut>();
  REQUIRE(back.size() == 1);
  CHECK(back.front().body == fallen);
  CHECK_FALSE(back.front().out);
}

TEST_CASE("What comes and goes moves no button from under a finger") {
  Finger finger(busy());
  finger.app().ui().choose(HeadsetId(2));
  finger.frame(3);
  const auto place = [&](const char* button) {
    finger.frame(2);
    const auto& widgets = finger.app().layout().widgets;
    REQUIRE(widgets.contains(button));
    return std::pair(widgets.at(button).x, widgets.at(button).y);
  };
  const auto calm = place("action-lead-out");
  finger.tap("action-lead-out");  // too short: nothing is asked, and nothing moves
  CHECK(place("action-lead-out") == calm);
  finger.tap("action-pause");
  CHECK(place("action-lead-out") == calm);  // "asked" is on the screen
  const std::uint32_t asked = finger.app().model().snapshot().requests.back().number;
  finger.hear({protocol::StaffReply{asked, false, "somebody-near", "Another person is too near. Lead one of them away first."}});
  CHECK(place("action-lead-out") == calm);
  protocol::HeadsetCard now = card(finger, 2);
  now.level = tracking::Level::pause;
  now.cause = tracking::Cause::wall;
  ++now.sequence;
  finger.hear({now});
  CHECK(place("action-lead-out") == calm);
}

TEST_CASE("A press counts by where the finger came down, whatever moves under it meanwhile") {
  Finger finger(busy());
  const auto place = [&](const char* name) { return finger.app().layout().widgets.at(name).y; };
  const auto demote_all_but = [&](std::uint16_t headset) {
    std::vector<Message> news;
    for (const protocol::HeadsetCard& one : finger.app().model().snapshot().headsets) {
      protocol::HeadsetCard now = one;
      now.level = one.headset == HeadsetId(headset) ? tracking::Level::clear : tracking::Level::stop;
      now.cause = one.headset == HeadsetId(headset) ? tracking::Cause::none : tracking::Cause::wall;
      ++now.sequence;
      news.push_back(now);
    }
    finger.hear(news);
    finger.frame(2);
  };
  const std::string row = "headset-1";
  REQUIRE(finger.sees(row));
  const float before = place(row.c_str());
  finger.down(row);
  demote_all_but(1);
  REQUIRE((!finger.sees(row) || place(row.c_str()) != before));  // its row is elsewhere
  finger.up();
  CHECK(finger.app().ui().chosen == HeadsetId(1));

  // A long press goes on, too: a new alarm's banner pushes the whole panel down.
  finger.frame(2);
  const float button = place("action-lead-out");
  finger.down("action-lead-out");
  protocol::HeadsetCard now = card(finger, 1);
  now.level = tracking::Level::stop;
  now.cause = tracking::Cause::wall;
  now.stopped = true;
  ++now.sequence;
  finger.hear({now});
  finger.frame(3);
  REQUIRE(place("action-lead-out") != button);
  finger.frame(30);
  CHECK(finger.commands<protocol::LeadOut>().size() == 1);
  finger.up();
}

TEST_CASE("Somebody without a headset is counted out as well") {
  Finger finger(evacuating());
  finger.app().ui().choose(BodyId(305));  // the parent at the hand of headset 5
  finger.app().ui().reveal = true;
  finger.frame(3);
  finger.tap("out-305");
  const auto out = finger.commands<protocol::CountOut>();
  REQUIRE(out.size() == 1);
  CHECK(out.front().body == BodyId(305));
}

TEST_CASE("All films go on by one tap; refunding all wants a second answer and a long press") {
  Finger finger(after_evacuation());
  finger.tap("settle");
  finger.tap("settle-all-resume");
  auto said = finger.commands<protocol::SettleEvacuation>();
  REQUIRE(said.size() == 1);
  CHECK(said.front().headset.is_none());
  CHECK(said.front().settlement == Settlement::resume);
  for (const auto& [name, settlement] : {std::pair{"settle-all-refund", Settlement::refund}, {"settle-all-rebook", Settlement::rebook}}) {
    finger.tap(name);
    CHECK(finger.commands<protocol::SettleEvacuation>().empty());
    finger.tap("settle-all-confirm");
    CHECK(finger.commands<protocol::SettleEvacuation>().empty());
    finger.tap("settle-all-cancel");
    CHECK_FALSE(finger.sees("settle-all-confirm"));
    finger.tap(name);
    finger.hold("settle-all-confirm");
    said = finger.commands<protocol::SettleEvacuation>();
    REQUIRE(said.size() == 1);
    CHECK(said.front().headset.is_none());
    CHECK(said.front().settlement == settlement);
    CHECK(finger.sees("settle-all-resume"));
  }
}

TEST_CASE("One film is settled in its viewer's details; money goes back by a long press only") {
  Finger finger(after_evacuation());
  finger.app().ui().tab = Tab::headsets;
  finger.app().ui().choose(HeadsetId(3));
  finger.tap("settle-refund-3");
  CHECK(finger.commands<protocol::SettleEvacuation>().empty());
  finger.hold("settle-refund-3");
  auto said = finger.commands<protocol::SettleEvacuation>();
  REQUIRE(said.size() == 1);
  CHECK(said.front().headset == HeadsetId(3));
  CHECK(said.front().settlement == Settlement::refund);
  finger.app().ui().choose(HeadsetId(1));  // his goes on: he is released at his place
  finger.tap("settle-release-1");
  REQUIRE(finger.commands<protocol::ReleaseViewer>().size() == 1);
  finger.app().ui().choose(HeadsetId(5));  // refunded: nothing is left but his headset
  CHECK_FALSE(finger.sees("settle-refund-5"));
  CHECK_FALSE(finger.sees("action-release"));
  finger.hold("settled-returned-5");
  REQUIRE(finger.commands<protocol::SetReturned>().size() == 1);
}

TEST_CASE("A cause is lifted and taken back; nobody lifts what nobody may override") {
  Finger finger(with_drift());
  finger.app().ui().choose(HeadsetId(8));
  finger.tap("action-lift");
  auto lifted = finger.commands<protocol::LiftCause>();
  REQUIRE(lifted.size() == 1);
  CHECK(lifted.front().headset == HeadsetId(8));
  CHECK(lifted.front().cause == Cause::stray);
  CHECK(lifted.front().lifted);
  finger.app().ui().choose(HeadsetId(4));
  CHECK_FALSE(finger.sees("action-lift"));
  finger.tap("unlift-posture");
  lifted = finger.commands<protocol::LiftCause>();
  REQUIRE(lifted.size() == 1);
  CHECK(lifted.front().cause == Cause::posture);
  CHECK_FALSE(lifted.front().lifted);
  finger.app().ui().choose(HeadsetId(7));  // does not know its place
  CHECK_FALSE(finger.sees("action-lift"));
}

TEST_CASE("A closing time is chosen by the quarter of an hour, set by a long press, and lifted by a tap") {
  Finger finger(busy());
  finger.app().ui().tab = Tab::day;
  finger.frame(2);
  const double ahead_s = *finger.app().model().snapshot().hall_ahead_s;
  finger.tap("closing-more");
  finger.tap("closing-more");
  finger.tap("closing-less");
  CHECK(finger.commands<protocol::SetClosing>().empty());  // nothing is said yet
  const double wanted_s = *finger.app().ui().closing_s;
  finger.hold("closing-set");
  auto said = finger.commands<protocol::SetClosing>();
  REQUIRE(said.size() == 1);
  REQUIRE(said.front().at);
  CHECK(std::abs(base::seconds_since_zero(*said.front().at) - ahead_s - wanted_s) < 0.01);
  const double from_now_s = wanted_s - finger.app().model().snapshot().now_s;
  CHECK(from_now_s > 4500.0 - 1.0);
  CHECK(from_now_s < 5400.0 + 1.0);
  CHECK_FALSE(finger.sees("closing-lift"));
  protocol::HallSummary now = finger.app().model().snapshot().summary;
  now.closing = said.front().at;
  now.all_out = *said.front().at + base::from_seconds(120.0);
  ++now.sequence;
  finger.hear({now});
  finger.tap("closing-lift");
  said = finger.commands<protocol::SetClosing>();
  REQUIRE(said.size() == 1);
  CHECK_FALSE(said.front().at);
}

TEST_CASE("A parent takes a child's hand and lets it go; somebody is still placed on the floor by himself") {
  Finger finger(with_children());
  finger.app().ui().choose(HeadsetId(2));
  finger.tap("place-beside");
  auto placed = finger.commands<protocol::PlaceBody>();
  REQUIRE(placed.size() == 1);
  CHECK(placed.front().beside == HeadsetId(2));
  CHECK_FALSE(placed.front().staff);
  CHECK(placed.front().at == card(finger, 2).position);
  finger.app().ui().choose(HeadsetId(5));
  CHECK_FALSE(finger.sees("place-beside"));
  finger.hold("beside-gone-305");
  const auto gone = finger.commands<protocol::ConfirmBodyGone>();
  REQUIRE(gone.size() == 1);
  CHECK(gone.front().body == BodyId(305));
  finger.tap("place-somebody");
  finger.tap("plan-headset-6");
  placed = finger.commands<protocol::PlaceBody>();
  REQUIRE(placed.size() == 1);
  CHECK(placed.front().beside.is_none());
}

TEST_CASE("A ticket is bound with age and height as they were set; a grown-up's with neither") {
  Finger finger(busy());
  finger.app().ui().choose(HeadsetId(21));
  const auto scan = [&] {
    finger.frame(4);  // the field takes the keys by itself
    ImGui::GetIO().AddInputCharactersUTF8("ticket-of-a-test");
    finger.frame(20);  // ImGui hands out few events a frame
  };
  const auto bound = [&] {
    finger.tap("action-bind");
    const auto list = finger.commands<protocol::BindTicket>();
    REQUIRE(list.size() == 1);
    return list.front();
  };
  CHECK_FALSE(finger.sees("bind-age-more"));
  scan();
  const auto grown = bound();
  CHECK(grown.ticket == "ticket-of-a-test");
  CHECK_FALSE(grown.child);
  CHECK(grown.height_m == 0.0);
  CHECK(grown.age_years == 0);
  finger.tap("bind-child");
  finger.tap("bind-height-more");
  scan();
  const auto child = bound();
  CHECK(child.child);
  CHECK(std::abs(child.height_m - 1.25) < 1e-9);
  CHECK(child.age_years == 0);  // not asked
  finger.tap("bind-age-more");
  finger.tap("bind-age-more");
  scan();
  CHECK(bound().age_years == 9);
  finger.tap("bind-grown");
  finger.tap("bind-height-less");
  scan();
  const auto tall = bound();
  CHECK_FALSE(tall.child);
  CHECK(tall.age_years == 0);
  CHECK(std::abs(tall.height_m - 1.70) < 1e-9);
}

TEST_CASE("The viewer who was led out by hand is said to be out") {
  Finger finger(leading_out());
  finger.app().ui().choose(HeadsetId(10));
  finger.hold("action-gone");
  const auto gone = finger.commands<protocol::ConfirmBodyGone>();
  REQUIRE(gone.size() == 1);
  CHECK(gone.front().body == card(finger, 10).body);
}

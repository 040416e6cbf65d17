// What consoles are told: films, alarms until somebody takes them, day totals, routes and reserved places; and the pause
// of the whole hall.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;
using tracking::Cause;
using tracking::Level;

namespace {

template <class T>
std::vector<T> told(const Rig& rig) {
  std::vector<T> found;
  for (const protocol::Message& message : rig.staff_inbox) {
    if (const auto* one = std::get_if<T>(&message)) found.push_back(*one);
  }
  return found;
}

protocol::HeadsetCard card_of(Rig& rig, HeadsetId headset) {
  rig.staff_inbox.clear();
  for (int i = 0; i < 5; ++i) rig.step();
  const auto cards = told<protocol::HeadsetCard>(rig);
  const auto last = std::ranges::find_last(cards, headset, &protocol::HeadsetCard::headset);
  REQUIRE(!last.empty());
  return last.front();
}

}  // namespace

TEST_CASE("A console is told of every film once it is welcome") {
  Rig rig;
  rig.step();
  const auto films = told<protocol::FilmCard>(rig);
  REQUIRE(films.size() == 3);
  const auto seated = std::ranges::find(films, kSeated, &protocol::FilmCard::film);
  REQUIRE(seated != films.end());
  CHECK(seated->seated);
  CHECK(seated->scenes == 1);
  CHECK(films.front().title_en == rig.config.films->front().manifest.title("en"));
  CHECK(films.front().scenes > 1);
}

TEST_CASE("A hall pause holds everybody, and all go on together without staff going to each") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& two = playing(rig, 2, kSeated);
  REQUIRE(rig.staff(protocol::SetHallPaused{true}).accepted);
  rig.step();
  for (FakeViewer* viewer : {&one, &two}) {
    CHECK(viewer->told.safety.level == Level::pause);
    CHECK(viewer->told.safety.cause == Cause::operator_command);
    CHECK(viewer->told.authority.last_gate == -1);
  }
  CHECK(rig.staff(protocol::ReleaseViewer{one.headset}).code == "hall-paused");
  CHECK(rig.core().summary(rig.now).paused);
  rig.crash_and_restart();
  CHECK(rig.core().summary(rig.now).paused);
  REQUIRE(rig.staff(protocol::SetHallPaused{false}).accepted);
  REQUIRE(rig.until([&] { return one.told.safety.level == Level::clear && two.told.safety.level == Level::clear; }, 10.0));
}

TEST_CASE("An alarm stays until somebody takes it, and everybody hears who") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  viewer.panic = true;
  viewer.walks = false;
  rig.staff_inbox.clear();
  rig.step();
  const auto raised = told<protocol::StaffAlarm>(rig);
  REQUIRE(raised.size() == 1);
  CHECK(raised.front().code == "viewer-panic");
  CHECK(raised.front().headset == viewer.headset);
  CHECK(raised.front().placed);
  CHECK(tracking::distance(raised.front().at, viewer.at) < 0.5);
  CHECK_FALSE(raised.front().what_to_do.empty());
  CHECK(raised.front().taken_by.empty());
  rig.staff_inbox.clear();
  REQUIRE(rig.staff(protocol::TakeAlarm{raised.front().number}).accepted);
  const auto taken = told<protocol::StaffAlarm>(rig);
  REQUIRE(taken.size() == 1);
  CHECK(taken.front().number == raised.front().number);
  CHECK(taken.front().taken_by == "console");
  CHECK(rig.staff(protocol::TakeAlarm{raised.front().number}).accepted);  // said twice
  CHECK(rig.staff(protocol::TakeAlarm{4711}).accepted);                   // long past
}

TEST_CASE("What is wrong with headsets is an alarm: one for each device, one for a film on all of them") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& two = playing(rig, 2, kSeated);
  rig.staff_inbox.clear();
  one.troubles = {{protocol::Trouble::film_newer, kWalkToo}, {protocol::Trouble::no_sound, {}}};
  rig.step();
  rig.step();
  auto raised = told<protocol::StaffAlarm>(rig);
  REQUIRE(raised.size() == 2);
  CHECK(raised[0].code == "film-newer");
  CHECK(raised[0].headset.is_none());
  CHECK(raised[0].text.contains(kWalkToo.value()));
  CHECK(raised[0].text.contains("on headset 1 cannot be shown"));
  CHECK_FALSE(raised[0].what_to_do.empty());
  CHECK(raised[1].code == "headset-no-sound");
  CHECK(raised[1].headset == one.headset);
  rig.staff_inbox.clear();
  two.troubles = {{protocol::Trouble::film_newer, kWalkToo}};
  for (int i = 0; i < 20; ++i) rig.step();
  raised = told<protocol::StaffAlarm>(rig);
  REQUIRE(raised.size() == 1);  // told again with every bundle, raised once; and the same line as before
  CHECK(raised[0].text.contains("on headset 1, 2 cannot be shown"));
  rig.staff_inbox.clear();
  REQUIRE(rig.staff(protocol::TakeAlarm{raised[0].number}).accepted);
  for (int i = 0; i < 20; ++i) rig.step();
  CHECK(told<protocol::StaffAlarm>(rig).size() == 1);  // taken, and not raised again while nothing changes
}

TEST_CASE("Alarms about two films are two, and none that waits makes room for another") {
  Rig rig;
  std::vector<FakeViewer*> shelf;
  for (std::uint16_t number = 1; number <= 10; ++number) shelf.push_back(&rig.viewer(number));
  rig.step();
  using protocol::Trouble;
  shelf[0]->troubles = {{Trouble::film_damaged, kWalk}, {Trouble::film_damaged, kWalkToo}};
  rig.until([&] { return told<protocol::StaffAlarm>(rig).size() == 2; }, 5.0);
  const auto films = told<protocol::StaffAlarm>(rig);
  REQUIRE(films.size() == 2);
  CHECK(films[0].number != films[1].number);
  CHECK(films[0].text.contains(kWalk.value()));
  CHECK(films[1].text.contains(kWalkToo.value()));
  REQUIRE(rig.staff(protocol::TakeAlarm{films[0].number}).accepted);
  for (FakeViewer* headset : shelf) headset->troubles = {{Trouble::no_sound, {}}, {Trouble::no_picture, {}}, {Trouble::no_runtime, {}}, {Trouble::no_headset, {}}};
  for (int i = 0; i < 20; ++i) rig.step();
  // A console that comes now is told of all 41 that wait; the one that was taken has made room.
  rig.staff_inbox.clear();
  rig.connect_staff();
  const auto waiting = told<protocol::StaffAlarm>(rig);
  CHECK(waiting.size() == 41);
  CHECK(std::ranges::all_of(waiting, [](const protocol::StaffAlarm& one) { return one.taken_by.empty(); }));
  CHECK(std::ranges::count(waiting, films[1].number, &protocol::StaffAlarm::number) == 1);
}

TEST_CASE("Films that are none of this hall's are one to its alarms") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& two = rig.viewer(2);
  rig.step();
  rig.staff_inbox.clear();
  one.troubles = {{protocol::Trouble::film_damaged, base::FilmId("999900000001")}, {protocol::Trouble::film_damaged, base::FilmId("999900000002")}};
  two.troubles = {{protocol::Trouble::film_damaged, base::FilmId("999900000003")}};
  for (int i = 0; i < 20; ++i) rig.step();
  const auto raised = told<protocol::StaffAlarm>(rig);
  REQUIRE_FALSE(raised.empty());
  CHECK(std::ranges::all_of(raised, [&](const auto& alarm) { return alarm.number == raised[0].number; }));
  CHECK(raised.back().text.contains("none of this hall's films on headset 1, 2"));
}

TEST_CASE("A headset that says ever new troubles fills neither the consoles nor the wire, and an alarm about a viewer comes through") {
  Rig rig;
  FakeViewer& liar = rig.viewer(1);
  FakeViewer& viewer = playing(rig, 2, kWalk);
  rig.staff_inbox.clear();
  constexpr double kSeconds = 30.0;
  for (int i = 0; i < static_cast<int>(kSeconds / 0.1); ++i) {
    liar.troubles.clear();
    for (int k = 0; k < static_cast<int>(protocol::kTroublesMax); ++k) {
      liar.troubles.push_back({static_cast<protocol::Trouble>(k % 4), base::FilmId("9999" + std::to_string(10'000'000 + i * 8 + k))});
    }
    rig.step();
  }
  CHECK(static_cast<double>(told<protocol::StaffAlarm>(rig).size()) <= kSeconds + protocol::kTroublesMax);
  viewer.panic = true;
  rig.step();
  rig.staff_inbox.clear();
  rig.connect_staff();
  const auto waiting = told<protocol::StaffAlarm>(rig);
  CHECK(waiting.size() == 5);  // one for each kind, and the viewer's
  CHECK(std::ranges::contains(waiting, "viewer-panic", &protocol::StaffAlarm::code));
}

TEST_CASE("Of headsets' troubles so many wait, and a last line says that there are more") {
  Rig rig;
  using protocol::Trouble;
  std::vector<FakeViewer*> shelf;
  for (std::uint16_t number = 1; number <= 20; ++number) shelf.push_back(&rig.viewer(number));
  rig.step();
  for (FakeViewer* headset : shelf) headset->troubles = {{Trouble::no_sound, {}}, {Trouble::no_picture, {}}, {Trouble::no_runtime, {}}, {Trouble::no_headset, {}}};
  for (int i = 0; i < 20; ++i) rig.step();
  rig.staff_inbox.clear();
  rig.connect_staff();
  auto waiting = told<protocol::StaffAlarm>(rig);
  REQUIRE(waiting.size() == 65);
  CHECK(waiting.back().code == "troubles-more");
  // Taking one makes room for the next; an alarm about a viewer needs none.
  REQUIRE(rig.staff(protocol::TakeAlarm{waiting.front().number}).accepted);
  FakeViewer& viewer = playing(rig, 30, kWalk);
  viewer.panic = true;
  viewer.troubles = {{Trouble::film_newer, kWalk}, {Trouble::film_missing, kWalk}};
  rig.staff_inbox.clear();
  for (int i = 0; i < 5; ++i) rig.step();
  const auto raised = told<protocol::StaffAlarm>(rig);
  REQUIRE(raised.size() == 2);
  CHECK(std::ranges::contains(raised, "viewer-panic", &protocol::StaffAlarm::code));
  CHECK(std::ranges::contains(raised, "film-newer", &protocol::StaffAlarm::code));
}

TEST_CASE("A battery that a headset cannot tell is unknown on its card") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  CHECK(card_of(rig, viewer.headset).battery_known);
  viewer.battery_known = false;
  CHECK_FALSE(card_of(rig, viewer.headset).battery_known);
}

TEST_CASE("A card tells the way ahead, what of it is reserved, and the scene") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.in_scene(0); }, 60.0));
  const auto card = card_of(rig, viewer.headset);
  CHECK(card.placed);
  CHECK(tracking::distance(card.position, viewer.at) < 0.6);
  CHECK(card.scene >= 1);
  CHECK(card.scenes == rig.config.films->front().manifest.route->scenes.size());
  REQUIRE(card.reserved >= 1);
  CHECK(card.reserved <= card.route_ahead.size());
  CHECK(card.path_reserved <= card.path_ahead.size());
  CHECK_FALSE(card.path_ahead.empty());
  CHECK_FALSE(card.stopped);
  REQUIRE(rig.staff(protocol::SetViewerPaused{viewer.headset, true}).accepted);
  CHECK(card_of(rig, viewer.headset).staff_paused);
  CHECK(rig.core().visits().front().staff_paused);
}

TEST_CASE("The day's totals outlast a restart") {
  Rig rig;
  rig.takes_back = true;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return !rig.has_visit(viewer); }, 400.0));
  for (int i = 0; i < 5; ++i) rig.step();
  rig.crash_and_restart();
  rig.step();
  const auto summary = rig.core().summary(rig.now);
  CHECK(summary.redeemed_today == 1);
  CHECK(summary.plays_today == 1);
  CHECK(summary.completed_today == 1);
  CHECK(summary.ended_early_today == 0);
  CHECK(summary.viewers == 0);
  CHECK(summary.waits.size() == 3);
}

TEST_CASE("Who starts later than he was told is late by so much") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::waiting; }, 100.0));
  const auto on_time = card_of(rig, viewer.headset);
  CHECK(on_time.late < std::chrono::seconds(30));
  REQUIRE(rig.staff(protocol::SetHallPaused{true}).accepted);
  let(rig, 240.0);
  const auto late = card_of(rig, viewer.headset);
  CHECK(late.phase == Phase::waiting);
  CHECK(late.late > std::chrono::seconds(30));
  CHECK(late.waited > std::chrono::seconds(230));
}

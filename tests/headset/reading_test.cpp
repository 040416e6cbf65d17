#include "runtime/headset/reading.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/package/films.h"

using namespace promenade;
using namespace promenade::headset;

namespace {

const base::FilmId kKnown{"001199992026"}, kUnknown{"001100092026"}, kBroken{"001100082026"};

struct Table {
  Table() {
    package::Manifest broken = package::testing::walking_film();
    broken.film = kBroken;
    shelf = {{package::testing::walking_film(), {}}, {broken, {}}};
    faults = {{kBroken, ui::Why::film_damaged, {"world-damaged", "The world is damaged.", ""}}};
    facts.view = &view;
    facts.linked = true;
    facts.shelf = &shelf;
    facts.faults = &faults;
    facts.visit = &visit;
    facts.language = ui::Language::en;
    facts.film_ready = true;
  }
  template <class Panel>
  Panel panel() {
    const auto made = panel_of(facts);
    REQUIRE(made);
    REQUIRE(std::holds_alternative<Panel>(*made));
    return std::get<Panel>(*made);
  }
  client::View view;
  client::FilmShelf shelf;
  std::vector<FilmFault> faults;
  Visit visit;
  Facts facts;
};

}  // namespace

TEST_CASE("the menu comes after the welcome, with the films as the hall offers them") {
  Table t;
  t.view.screen = client::Screen::menu;
  t.view.menu = {{kKnown, base::from_seconds(90.0), true}, {kUnknown, base::from_seconds(5.0), true}, {kBroken, base::from_seconds(1.0), true}};
  t.panel<ui::Welcome>();
  t.visit.welcomed = true;
  const ui::Menu menu = t.panel<ui::Menu>();
  REQUIRE(menu.films.size() == 3);
  CHECK(menu.films[0].title == "Trial");
  CHECK(menu.films[0].wait_s == 90.0);
  CHECK(menu.films[0].soonest);                 // the only one that can be had here
  CHECK(menu.chosen == kKnown);
  CHECK_FALSE(menu.films[1].fault.empty());     // not on this headset
  CHECK(menu.films[1].title == kUnknown.value());
  CHECK_FALSE(menu.films[2].fault.empty());     // damaged
}

TEST_CASE("a refusal is told in the menu, one of the marks is not") {
  Table t;
  t.view.screen = client::Screen::menu;
  t.view.menu = {{kKnown, base::from_seconds(90.0), true}};
  t.visit.welcomed = t.visit.asked = true;
  CHECK(t.panel<ui::Menu>().asked);
  t.view.refusal = protocol::Refusal{0, "calibration-residual", "The marks do not agree."};
  CHECK(t.panel<ui::Menu>().refusal.empty());
  t.view.refusal = protocol::Refusal{3, "film-full", "No place."};
  CHECK_FALSE(t.panel<ui::Menu>().refusal.empty());
  CHECK_FALSE(t.panel<ui::Menu>().asked);
}

TEST_CASE("nothing is read over a film that runs, and a damaged one gives way to a calm word") {
  Table t;
  t.view.screen = client::Screen::film;
  t.view.play.emplace();
  t.view.play->film = kKnown;
  CHECK_FALSE(panel_of(t.facts));
  t.view.play->film = kBroken;
  CHECK(t.panel<ui::StandStill>().why == ui::Why::film_damaged);
}

TEST_CASE("standing still says why") {
  Table t;
  t.view.screen = client::Screen::stand_still;
  t.facts.phase = protocol::Phase::playing;
  CHECK(t.panel<ui::StandStill>().why == ui::Why::place);
  t.facts.linked = false;
  CHECK(t.panel<ui::StandStill>().why == ui::Why::hall);
  t.facts.linked = true;
  t.view.play.emplace();
  t.view.play->film = kUnknown;
  CHECK(t.panel<ui::StandStill>().why == ui::Why::film_missing);
}

TEST_CASE("the attendant is told why the marks gave no place") {
  Table t;
  t.view.screen = client::Screen::wait_staff;
  t.visit.mark_fault = "calibration-swapped";
  CHECK(t.panel<ui::WaitStaff>().fault == "calibration-swapped");
}

TEST_CASE("the way out is shown from where the viewer looks") {
  Table t;
  t.view.screen = client::Screen::evacuate;
  CHECK_FALSE(t.panel<ui::Evacuate>().door_clockwise_rad);
  t.facts.head = tracking::pose_at(protocol::HallPoint{0.0, 0.0}, 1.6, 0.0);  // looks along +y
  t.view.way_out_door = {6.0, 0.0};                                           // to his right
  const ui::Evacuate panel = t.panel<ui::Evacuate>();
  REQUIRE(panel.door_clockwise_rad);
  CHECK(std::abs(*panel.door_clockwise_rad - 1.57) < 0.05);
  CHECK(panel.door_m == 6);
}

TEST_CASE("help lies over what may be left, not over a stop or the shelf") {
  Table t;
  t.visit.help = true;
  t.view.screen = client::Screen::leg;
  t.panel<ui::Help>();
  t.view.level = tracking::Level::stop;
  CHECK_FALSE(panel_of(t.facts));
  t.view.level = tracking::Level::clear;
  t.view.screen = client::Screen::shelf;
  t.panel<ui::Shelf>();
}

TEST_CASE("notes: a pause with its cause, a hold that lasts, a stop on the way") {
  Table t;
  t.view.screen = client::Screen::film;
  CHECK_FALSE(note_of(t.facts));
  t.facts.hold_s = 2.0;
  CHECK_FALSE(note_of(t.facts));  // the scene goes on by itself
  t.facts.hold_s = 8.0;
  REQUIRE(note_of(t.facts));
  CHECK(note_of(t.facts)->kind == ui::NoteKind::hold);
  t.view.level = tracking::Level::pause;
  t.view.cause = tracking::Cause::wall;
  CHECK(note_of(t.facts)->kind == ui::NoteKind::pause);
  CHECK(note_of(t.facts)->cause == tracking::Cause::wall);
  t.view.level = tracking::Level::clear;
  t.view.screen = client::Screen::guide_in;
  CHECK(note_of(t.facts)->kind == ui::NoteKind::wait_at_stop);
  t.facts.hold_s = 0.0;
  t.view.countdown_s = 3.2;
  CHECK(note_of(t.facts)->seconds == 4);
}

TEST_CASE("a film whose picture is late says so after a moment") {
  Table t;
  t.view.screen = client::Screen::film;
  t.facts.film_ready = false;
  CHECK_FALSE(note_of(t.facts));
  t.facts.screen_s = 2.0;
  CHECK(note_of(t.facts)->kind == ui::NoteKind::loading);
}

TEST_CASE("errors of packages mean something to a viewer") {
  CHECK(why_of({"film-too-new", "", ""}) == ui::Why::film_newer);
  CHECK(why_of({"version-unknown", "", ""}) == ui::Why::film_newer);
  CHECK(why_of({"file-unreadable", "", ""}) == ui::Why::film_missing);
  CHECK(why_of({"chunk-damaged", "", ""}) == ui::Why::film_damaged);
}

TEST_CASE("the way out is told by its door's name, and followed piece by piece") {
  Table t;
  t.view.screen = client::Screen::evacuate;
  t.view.level = tracking::Level::evacuate;
  t.view.way_out_door = {6.0, 8.0};
  t.view.way_out_name = protocol::DoorName::entrance;
  t.view.way_out = {{0.0, 0.0}, {6.0, 0.0}, {6.0, 8.0}};
  t.facts.head = tracking::pose_at(protocol::HallPoint{0.0, 0.0}, 1.6, 0.0);  // looks along +y
  ui::Evacuate panel = t.panel<ui::Evacuate>();
  CHECK(panel.entrance);
  CHECK(panel.door_m == 14);                                  // along the way, not through the wall
  CHECK(std::abs(*panel.door_clockwise_rad - 1.57) < 0.05);   // first to the right
  t.facts.head = tracking::pose_at(protocol::HallPoint{5.5, 0.2}, 1.6, 0.0);
  panel = t.panel<ui::Evacuate>();
  CHECK(std::abs(*panel.door_clockwise_rad) < 0.6);           // round the corner
  t.facts.head = tracking::pose_at(protocol::HallPoint{6.0, 7.5}, 1.6, 0.0);
  panel = t.panel<ui::Evacuate>();
  CHECK(std::abs(*panel.door_clockwise_rad) < 0.05);
  CHECK(panel.door_m == 1);
  CHECK_FALSE(panel.hall_silent);
  t.view.cause = tracking::Cause::link_lost;
  t.facts.see_through = true;
  panel = t.panel<ui::Evacuate>();
  CHECK(panel.hall_silent);
  CHECK(panel.see_through);
}

TEST_CASE("a warning says what is near and where it lies, as the viewer looks") {
  Table t;
  t.view.screen = client::Screen::film;
  t.view.level = tracking::Level::warn;
  t.view.cause = tracking::Cause::body;
  REQUIRE(note_of(t.facts));
  CHECK(note_of(t.facts)->kind == ui::NoteKind::warn);
  CHECK_FALSE(note_of(t.facts)->danger_eighth);
  t.view.danger_rad = 0.0;                                                     // along +y
  CHECK_FALSE(note_of(t.facts)->danger_eighth);                                // his place is not known
  t.facts.head = tracking::pose_at(protocol::HallPoint{0.0, 0.0}, 1.6, 0.0);
  CHECK(note_of(t.facts)->danger_eighth == 0);
  t.facts.head = tracking::pose_at(protocol::HallPoint{0.0, 0.0}, 1.6, 1.57);  // turned to the left
  CHECK(note_of(t.facts)->danger_eighth == 2);
  t.facts.head = tracking::pose_at(protocol::HallPoint{0.0, 0.0}, 1.6, 3.14);
  CHECK(note_of(t.facts)->danger_eighth == 4);
}

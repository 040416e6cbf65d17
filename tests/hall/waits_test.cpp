// Whether what viewers are told of their wait is what comes.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;

namespace {

// One viewer's wait: as his menu told it last, and as it came.
struct Wait {
  FakeViewer* viewer;
  double told_s = -1.0;
  HallTime chosen{};
  double came_s = -1.0;
};

void follow(Rig& rig, Wait& wait) {
  const protocol::HallState& told = wait.viewer->told;
  if (told.phase == Phase::choosing) {
    const auto entry = std::ranges::find(told.menu, *wait.viewer->wants, &protocol::MenuEntry::film);
    if (entry != told.menu.end()) wait.told_s = base::to_seconds(entry->wait);
    wait.chosen = rig.now;
  } else if (wait.came_s < 0.0 && wait.told_s >= 0.0 && told.phase == Phase::playing) {
    wait.came_s = base::to_seconds(rig.now - wait.chosen);
  }
}

double told_for(const Rig& rig, const base::FilmId& film) {
  const auto waits = rig.core().summary(rig.now).waits;
  return base::to_seconds(std::ranges::find(waits, film, &protocol::FilmWait::film)->wait);
}

}  // namespace

TEST_CASE("Starts come no later than the menu told, while the hall fills") {
  Rig rig;
  rig.takes_back = true;
  std::vector<Wait> waits;
  const auto steps = [&](int count) {
    for (int i = 0; i < count; ++i) {
      rig.step();
      for (Wait& wait : waits) follow(rig, wait);
    }
  };
  for (std::uint16_t number = 1; number <= 8; ++number) {
    waits.push_back({&rig.admit(number, number % 4 == 0 ? kSeated : number % 2 == 0 ? kWalkToo : kWalk)});
    steps(40);
  }
  for (int i = 0; i < 300 && std::ranges::any_of(waits, [](const Wait& wait) { return wait.came_s < 0.0; }); ++i) steps(10);
  double told_s = 0.0, came_s = 0.0;
  int punctual = 0;
  for (const Wait& wait : waits) {
    INFO("headset " << wait.viewer->headset.value() << " told " << wait.told_s << " came " << wait.came_s << "\n" << rig.dump());
    REQUIRE(wait.came_s >= 0.0);
    told_s += wait.told_s;
    came_s += wait.came_s;
    punctual += wait.came_s <= wait.told_s + 20.0 ? 1 : 0;
    UNSCOPED_INFO("headset " << wait.viewer->headset.value() << " told " << wait.told_s << " came " << wait.came_s);
  }
  CHECK(punctual >= 7);  // of eight in a small hall that the figures were not taken in
  CHECK(told_s < 7.0 * came_s);
}

TEST_CASE("The more are before him, the longer somebody's wait is thought to be; a chair is waited for until it is free") {
  Rig rig;
  rig.rim().set_finds_nothing([](const hall::AskPlan& ask) { return ask.plan.film == kWalkToo; });
  let(rig, 1.0);
  const double chair_s = told_for(rig, kSeated);
  FakeViewer& first = rig.admit(1, kWalkToo);
  REQUIRE(rig.until([&] { return first.told.phase == Phase::waiting; }, 60.0));
  FakeViewer& second = rig.admit(20, kWalkToo);
  REQUIRE(rig.until([&] { return second.told.phase == Phase::waiting; }, 60.0));
  CHECK(rig.card(second.headset).wait > rig.card(first.headset).wait + std::chrono::seconds(3));
  const std::size_t chairs = rig.config.venue.seats.size();
  for (std::size_t i = 0; i < chairs; ++i) {
    FakeViewer& sits = rig.admit(static_cast<std::uint16_t>(2 + i), kSeated);
    REQUIRE(rig.until([&] { return sits.told.phase >= Phase::waiting; }, 60.0));
  }
  REQUIRE(rig.until([&] { return told_for(rig, kSeated) > chair_s + 10.0; }, 20.0));
}

TEST_CASE("Who chooses is told a short wait for a film that has room now, and a longer one where there is none or somebody waits for it") {
  Rig rig;
  bool too_full = false;  // for the other film, too
  rig.rim().set_finds_nothing([&](const hall::AskPlan& ask) { return ask.plan.film == kWalk || too_full; });
  FakeViewer& chooser = rig.admit(1, kWalk);
  chooser.wants.reset();
  REQUIRE(rig.until([&] { return chooser.told.phase == Phase::choosing; }, 60.0));
  let(rig, 5.0);
  const auto menu_s = [&](const base::FilmId& film) {
    return base::to_seconds(std::ranges::find(chooser.told.menu, film, &protocol::MenuEntry::film)->wait);
  };
  const double room_s = menu_s(kWalkToo);
  CHECK(menu_s(kWalk) > 1.5 * room_s);
  CHECK(rig.core().counts().plans_asked == 0);  // so far only looked
  CHECK(rig.core().counts().looks_asked >= 2);
  CHECK_FALSE(chooser.told.play);
  let(rig, 30.0);
  CHECK(menu_s(kWalkToo) < 1.2 * room_s);  // looked at again and again
  too_full = true;
  FakeViewer& before_him = rig.admit(2, kWalkToo);
  REQUIRE(rig.until([&] { return before_him.told.phase == Phase::waiting; }, 60.0));
  let(rig, 1.0);
  CHECK(menu_s(kWalkToo) > 1.5 * room_s);
}

TEST_CASE("Who has waited five minutes for a place on the floor is not passed over, also while he waits to be asked for again") {
  Rig rig;
  FakeViewer& oldest = rig.admit(1, kWalk);
  std::vector<base::FilmId> asked;
  bool full = true;  // for his film
  rig.rim().set_finds_nothing([&](const hall::AskPlan& ask) {
    asked.push_back(ask.plan.film);
    return full && ask.plan.film == kWalk;
  });
  REQUIRE(rig.until([&] { return !asked.empty(); }, 60.0));
  let(rig, 200.0);
  FakeViewer& second = rig.admit(2, kWalkToo);
  CHECK(rig.until([&] { return second.told.play.has_value(); }, 60.0));  // until then others may start
  let(rig, 60.0);
  asked.clear();
  let(rig, 60.0);
  FakeViewer& third = rig.admit(3, kWalkToo);
  REQUIRE(rig.until([&] { return third.told.phase == Phase::waiting; }, 60.0));
  asked.clear();
  let(rig, 30.0);
  CHECK(asked.size() > 5);
  CHECK(std::ranges::count(asked, kWalk) == static_cast<std::ptrdiff_t>(asked.size()));
  CHECK_FALSE(third.told.play.has_value());
  full = false;
  CHECK(rig.until([&] { return oldest.told.play.has_value() && third.told.play.has_value(); }, 60.0));
}

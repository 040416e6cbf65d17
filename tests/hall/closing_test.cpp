// Closing time: told beforehand, kept, and nobody left waiting for a film that no longer goes.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;

namespace {

const protocol::FilmWait* wait_of(const protocol::HallSummary& summary, const base::FilmId& film) {
  const auto found = std::ranges::find(summary.waits, film, &protocol::FilmWait::film);
  return found == summary.waits.end() ? nullptr : &*found;
}

base::HallTime in(const Rig& rig, double seconds) { return rig.now + base::from_seconds(seconds); }

std::ptrdiff_t turned_away(const Rig& rig) {
  return std::ranges::count_if(rig.notes, [](const hall::Note& note) { return note.kind == hall::NoteKind::alarm && note.code == "closing-soon"; });
}

}  // namespace

TEST_CASE("Without a closing time nothing is said of last admissions") {
  Rig rig;
  let(rig, 1.0);
  const protocol::HallSummary summary = rig.core().summary(rig.now);
  CHECK_FALSE(summary.closing);
  CHECK_FALSE(summary.all_out);
  for (const protocol::FilmWait& film : summary.waits) CHECK_FALSE(film.last_admission);
}

TEST_CASE("Whoever chooses by the last admission that is told is out at closing time, at the slowest pace reckoned with") {
  Rig rig;
  rig.takes_back = true;
  FakeViewer& early = rig.admit(1, kWalk);
  early.speed_mps /= 1.4;
  REQUIRE(rig.until([&] { return early.told.phase == Phase::playing; }, 240.0));
  const base::HallTime closing = in(rig, 900.0);
  REQUIRE(rig.staff(protocol::SetClosing{closing}).accepted);
  const protocol::HallSummary told = rig.core().summary(rig.now);
  REQUIRE(told.closing == closing);
  REQUIRE(told.all_out);
  CHECK(*told.all_out > rig.now);
  REQUIRE(wait_of(told, kWalkToo) != nullptr);
  REQUIRE(wait_of(told, kWalkToo)->last_admission);
  CHECK(*wait_of(told, kWalkToo)->last_admission < closing);
  FakeViewer& last = rig.admit(2, kWalkToo);
  last.speed_mps /= 1.4;
  last.wants.reset();
  REQUIRE(rig.until([&] { return last.told.phase == Phase::choosing; }, 240.0));
  const auto moment = [&] { return *wait_of(rig.core().summary(rig.now), kWalkToo)->last_admission; };
  REQUIRE(rig.until([&] { return rig.now > moment() - base::from_seconds(2.0); }, 900.0));
  last.choose(kWalkToo);
  REQUIRE(rig.until([&] { return last.told.phase == Phase::waiting; }, 5.0));
  const bool left = rig.until([&] { return !rig.has_visit(early) && !rig.has_visit(last); }, 1200.0);
  INFO(rig.dump());
  REQUIRE(left);
  CHECK(rig.now <= closing);
  CHECK(rig.core().counts().plays_completed == 2);
  CHECK(turned_away(rig) == 0);
}

TEST_CASE("After its last admission a film cannot be chosen, and who waits for it is not left waiting") {
  Rig rig;
  FakeViewer& waiting = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return waiting.told.phase == Phase::choosing || waiting.told.phase == Phase::waiting; }, 240.0));
  REQUIRE(rig.staff(protocol::SetClosing{in(rig, 30.0)}).accepted);
  const bool settled = rig.until([&] { return turned_away(rig) == 1 || waiting.told.phase == Phase::choosing; }, 60.0);
  INFO(rig.dump());
  REQUIRE(settled);
  let(rig, 30.0);
  CHECK(turned_away(rig) == 1);  // once
  CHECK(rig.core().interlocking().plays().empty());
  FakeViewer& late = rig.admit(2, kWalkToo);
  late.wants.reset();
  REQUIRE(rig.until([&] { return late.told.phase == Phase::choosing; }, 240.0));
  CHECK(std::ranges::none_of(late.told.menu, &protocol::MenuEntry::available));
  late.choose(kWalkToo);
  REQUIRE(rig.until([&] { return late.refused.has_value(); }, 5.0));
  CHECK(late.refused->code == "film-too-long");
  CHECK(rig.until([&] { return turned_away(rig) == 2; }, 3.0));  // staff know of both
  // Staff give an hour more: both have their films.
  REQUIRE(rig.staff(protocol::SetClosing{in(rig, 3600.0)}).accepted);
  late.choose(kWalkToo);
  if (waiting.told.phase == Phase::choosing) waiting.choose(kWalk);
  CHECK(rig.until([&] { return waiting.told.phase == Phase::playing && late.told.phase == Phase::playing; }, 400.0));
}

TEST_CASE("A closing time outlasts a crash of the hall, and is lifted by staff") {
  Rig rig;
  const base::HallTime closing = in(rig, 5000.0);
  REQUIRE(rig.staff(protocol::SetClosing{closing}).accepted);
  rig.crash_and_restart();
  CHECK(rig.core().summary(rig.now).closing == closing);
  REQUIRE(rig.staff(protocol::SetClosing{}).accepted);
  CHECK_FALSE(rig.core().summary(rig.now).closing);
  rig.crash_and_restart();
  CHECK_FALSE(rig.core().summary(rig.now).closing);
}

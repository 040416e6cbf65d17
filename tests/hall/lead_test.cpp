// A hall that another one stands by for: authority ends with the lease, and nothing is opened without it.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;

namespace {

hall::HallConfig paired() {
  hall::HallConfig config = sample_config();
  config.paired = true;
  return config;
}

bool told_of(const Rig& rig, std::string_view code) {
  return std::ranges::any_of(rig.notes, [&](const hall::Note& note) { return note.code == code; });
}

}  // namespace

TEST_CASE("Without a lease nobody passes a gate; with one, authority ends with it") {
  Rig rig(paired());
  rig.takes_back = true;
  FakeViewer& viewer = rig.admit(1, kWalk);
  rig.until([] { return false; }, 60.0);
  CHECK(viewer.gates_passed == 0);
  CHECK(rig.core().counts().gates_opened == 0);
  CHECK(told_of(rig, "standby-away"));

  const auto lease = [&](base::Duration left) { rig.rim().lead({rig.now + left}, rig.now); };
  bool beyond = false;
  REQUIRE(rig.until([&] {
    lease(std::chrono::milliseconds(1900));
    beyond = beyond || (viewer.told.authority.last_gate >= 0 && viewer.told.authority.until > viewer.told.time + std::chrono::milliseconds(1900));
    return viewer.in_scene(1);
  }, 200.0));
  CHECK_FALSE(beyond);

  // The lease runs out while the scene plays: he stays where he is, and nothing is told but that he may not go on.
  const std::size_t passed = viewer.gates_passed;
  rig.until([] { return false; }, 60.0);
  CHECK(viewer.gates_passed == passed);
  CHECK(viewer.told.authority.last_gate == -1);
  CHECK(viewer.told.safety.level == tracking::Level::clear);

  REQUIRE(rig.until([&] {
    lease(std::chrono::milliseconds(1900));
    return !rig.has_visit(viewer);
  }, 300.0));
  CHECK(viewer.gates_without_authority == 0);
  CHECK(rig.core().counts().commands_without_gate == 0);
}

TEST_CASE("Alone, a hall of a pair gives authority as any other; with a full disk only then") {
  for (const bool alone : {true, false}) {
    Rig rig(paired());
    rig.takes_back = true;
    FakeViewer& viewer = rig.admit(1, kWalk);
    const auto lead = [&] { rig.rim().lead({alone ? HallTime::max() : rig.now + std::chrono::milliseconds(1900)}, rig.now); };
    REQUIRE(rig.until([&] {
      lead();
      return viewer.in_scene(1);
    }, 200.0));
    rig.rim().set_disk_full(true, rig.now);
    const bool goes_on = rig.until([&] {
      lead();
      return viewer.in_scene(2);
    }, 60.0);
    CHECK(goes_on == alone);
    rig.rim().set_disk_full(false, rig.now);
    CHECK(rig.until([&] {
      lead();
      return !rig.has_visit(viewer);
    }, 300.0));
  }
}

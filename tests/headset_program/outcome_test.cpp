#include "runtime/headset/outcome.h"

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <vector>

using namespace promenade;
using namespace promenade::headset;
using protocol::HeadsetTrouble;
using protocol::Trouble;

namespace {
ExitCode ended(std::vector<HeadsetTrouble> troubles, bool hall_heard = true, bool failed = false) { return exit_code({failed, hall_heard, troubles}); }
}  // namespace

TEST_CASE("each thing that can be missing has an exit code of its own") {
  CHECK(ended({}) == kDone);
  std::set<int> codes{kDone, kFailed, kUsage, kSurroundings, kNoHall};
  for (const Trouble what : {Trouble::no_picture, Trouble::no_runtime, Trouble::no_headset, Trouble::no_sound, Trouble::film_newer, Trouble::film_damaged}) {
    CHECK(codes.insert(ended({{what, {}}})).second);
  }
  CHECK(ended({{Trouble::film_incomplete, base::FilmId("001100012026")}}) == kFilmBroken);
  CHECK(ended({{Trouble::film_missing, base::FilmId("001100012026")}}) == kFilmBroken);
  CHECK(ended({}, false) == kNoHall);
  CHECK(ended({}, true, true) == kFailed);
}

TEST_CASE("of several the one without which the least works is told") {
  CHECK(ended({{Trouble::no_sound, {}}, {Trouble::no_runtime, {}}, {Trouble::film_newer, {}}}, false) == kNoRuntime);
  CHECK(ended({{Trouble::no_sound, {}}, {Trouble::film_newer, {}}}, false) == kNoHall);
  CHECK(ended({{Trouble::no_sound, {}}, {Trouble::film_damaged, {}}}) == kFilmBroken);
  CHECK(ended({{Trouble::no_picture, {}}, {Trouble::no_runtime, {}}}) == kNoVulkan);
  CHECK(ended({{Trouble::no_picture, {}}}, true, true) == kFailed);
}

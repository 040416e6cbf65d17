// Many viewers at once, over seeds: no conflicting blocks, everybody finishes, and the same seed does the same.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "tests/hall/rig.h"
#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::hall_test;

namespace {

// Eight visits in four headsets with slow, stopped and silent moments; the sum of what was told, as text.
std::string busy_hour(std::uint64_t seed, double& nearest_m) {
  hall::HallConfig config = sample_config();
  config.seed = seed;
  Rig rig(config);
  base::Random random(seed);
  nearest_m = 100.0;
  int begun = 0;
  int ended = 0;
  const base::FilmId films[] = {kWalk, kWalkToo, kSeated};
  for (double left = 3000.0; left > 0.0 && ended < 8; left -= 0.1) {
    if (begun < 8 && begun - ended < 4 && random.chance(0.02)) {
      ++begun;
      rig.admit(static_cast<std::uint16_t>(begun), films[random.below(3)]);
    }
    for (FakeViewer& one : rig.viewers) {
      if (one.told.phase >= Phase::guided && random.chance(0.002)) one.walks = !one.walks;
      if (!one.walks && random.chance(0.05)) one.walks = true;
      if (one.progress.stage == protocol::BlockStage::done && rig.has_visit(one)) {
        rig.staff(protocol::SetReturned{one.headset});
        one.disconnect();
        ++ended;
      }
    }
    rig.step();
    for (std::size_t a = 0; a < rig.viewers.size(); ++a) {
      for (std::size_t b = a + 1; b < rig.viewers.size(); ++b) {
        const auto walks = [](const FakeViewer& v) { return v.connected && (v.told.phase == Phase::playing || v.told.phase == Phase::held); };
        if (walks(rig.viewers[a]) && walks(rig.viewers[b])) nearest_m = std::min(nearest_m, tracking::distance(rig.viewers[a].at, rig.viewers[b].at));
      }
    }
  }
  INFO("seed " << seed << "\n" << rig.dump());
  CHECK(ended == 8);
  CHECK(rig.core().counts().contacts == 0);
  CHECK(rig.core().counts().commands_without_gate == 0);
  std::string told;
  for (const hall::OutboxItem& fact : rig.memory.facts()) told += fact.body_json + "\n";
  return told;
}

}  // namespace

TEST_CASE("A busy hour over seeds: plans hold, nobody meets, everybody finishes") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    double nearest_m = 0.0;
    busy_hour(seed, nearest_m);
    CHECK(nearest_m > 1.9);
  }
}

TEST_CASE("The same seed gives the same facts, byte for byte") {
  double nearest_m = 0.0;
  CHECK(busy_hour(11, nearest_m) == busy_hour(11, nearest_m));
}

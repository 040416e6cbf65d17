// Somebody who stands on the floor and does not go: those who start later are led round him.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/hall/rig.h"
#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::hall_test;

namespace {

// The seconds for which somebody's next gate is due and shut by a body.
class DueAndShut {
 public:
  explicit DueAndShut(const Rig& rig) : rig_(rig) {}
  void look(double dt_s) {
    const planning::Interlocking& interlocking = rig_.core().interlocking();
    for (const hall::VisitView& view : rig_.core().visits()) {
      if (view.granted_gate < 0 || view.granted_gate + 1 >= view.blocks || !interlocking.contains(view.play)) continue;
      const auto viewer = std::ranges::find(rig_.viewers, view.headset, &FakeViewer::headset);
      const bool is_due = viewer->progress.block == view.granted_gate && viewer->progress.ready;
      if (is_due && !interlocking.may_enter(view.play, static_cast<std::size_t>(view.granted_gate + 1)).body.is_none()) sum_s_ += dt_s;
    }
  }
  double sum_s() const { return sum_s_; }

 private:
  const Rig& rig_;
  double sum_s_ = 0.0;
};

}  // namespace

TEST_CASE("Who starts while somebody has stood on the floor for minutes is led round him, and does not wait at a gate for him") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    INFO("seed " << seed);
    base::Random random(seed);
    hall::HallConfig config = sample_config();
    config.seed = seed;
    Rig rig(config);
    rig.takes_back = true;
    const HallPoint stands{random.uniform(5.0, 23.0), random.uniform(6.0, 10.5)};
    REQUIRE(rig.staff(protocol::PlaceBody{5, stands, false, {}}).accepted);
    let(rig, 240.0);
    for (std::uint16_t number = 1; number <= 3; ++number) rig.admit(number, number == 2 ? kWalkToo : kWalk);
    DueAndShut shut(rig);
    for (double left_s = 150.0; left_s > 0.0; left_s -= 0.1) {
      rig.step();
      shut.look(0.1);
    }
    INFO(rig.dump());
    CHECK(shut.sum_s() == 0.0);
    CHECK(rig.core().counts().plays_started == 3);
  }
}

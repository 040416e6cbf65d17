// A viewer who is led out after an evacuation while his own headset is worn, and shows him the way.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;

TEST_CASE("A settled viewer who has lost his place is led out, and the way that he is shown goes with him") {
  Rig rig;
  FakeViewer& viewer = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return viewer.in_scene(1); }, 100.0));
  viewer.walks = false;
  viewer.calibrates = false;
  REQUIRE(rig.staff(protocol::SetEvacuation{true}).accepted);
  let(rig, 1.0);
  REQUIRE(rig.staff(protocol::SetEvacuation{false}).accepted);
  viewer.forget_place();
  let(rig, 12.0);  // heard and worn, but nobody knows where
  REQUIRE(rig.staff(protocol::SettleEvacuation{viewer.headset, protocol::Settlement::rebook}).accepted);
  let(rig, 3.0);
  REQUIRE(viewer.told.way_out.size() >= 2);
  const auto body_at = [&] {
    const auto bodies = rig.core().bodies();
    const auto found = std::ranges::find(bodies, rig.visit(viewer).body, &hall::BodyView::id);
    REQUIRE(found != bodies.end());
    return found->position;
  };
  // What is kept free for him: of the interlocking's bodies the one with a way.
  const auto kept = [&] {
    for (const planning::BlockingBody& body : rig.core().interlocking().snapshot(0.0).bodies) {
      if (body.way.size() > 1) return body.way;
    }
    return planning::Path{};
  };
  const planning::Path way = kept();
  const double length_m = planning::path_length_m(way);
  REQUIRE(length_m > 4.0);
  // An attendant takes him by the hand.
  HallPoint at = way.front();
  for (double along_m = 0.0; along_m < length_m - 1.5; along_m += 0.08) {
    at = planning::point_along(way, along_m);
    rig.rim().receive(rig.staff_peer, protocol::TagReport{3, rig.now, at, 0.3}, rig.now);
    rig.step();
    // What he is shown begins where he was a second ago at the most.
    REQUIRE(tracking::distance(viewer.told.way_out.front(), body_at()) < 1.5);
  }
  REQUIRE(tracking::distance(body_at(), at) < 0.8);
  REQUIRE(planning::path_length_m(kept()) < length_m / 2.0);
}

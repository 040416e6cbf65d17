// Keys of the hall's facts, as the box office takes them: 1 to 80 of A-Z a-z 0-9 . _ : -

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/hall/rig.h"
#include "ticketing/core/requests.h"

using namespace promenade;
using namespace promenade::hall_test;

TEST_CASE("The keys of a hall with the longest code fit the box office, also after an evacuation") {
  const auto settlement = GENERATE(protocol::Settlement::rebook, protocol::Settlement::refund);
  hall::HallConfig config = sample_config();
  config.venue.hall = base::HallId(std::string(30, 'h'));
  Rig rig(config);
  FakeViewer& viewer = playing(rig, 1, kWalk);
  rig.viewer(9);
  REQUIRE(rig.staff(protocol::SwapHeadset{viewer.headset, HeadsetId(9)}).accepted);
  REQUIRE(rig.staff(protocol::SetEvacuation{true}).accepted);
  let(rig, 1.0);
  REQUIRE(rig.staff(protocol::SetEvacuation{false}).accepted);
  REQUIRE(rig.staff(protocol::SettleEvacuation{HeadsetId(9), settlement}).accepted);
  let(rig, 1.0);
  const auto kinds = rig.fact_kinds();
  REQUIRE(std::ranges::count(kinds, std::string(ticketing::SettleEvacuation::kKind)) == 1);
  for (const hall::OutboxItem& fact : rig.memory.facts()) {
    INFO(fact.idempotency_key);
    // The reader of the box office's own interface refuses a key that is too long or of other letters.
    CHECK(ticketing::request_from_text(fact.body_json, fact.kind).has_value());
  }
}

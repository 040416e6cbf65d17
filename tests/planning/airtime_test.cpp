#include "showcontrol/planning/airtime.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/protocol/codec.h"
#include "tests/protocol/examples.h"

using namespace promenade;
using namespace promenade::planning;

namespace {

std::size_t bytes_with(std::size_t neighbours) {
  protocol::HallState state = protocol::examples::hall_state(0);
  for (std::size_t i = 0; i < neighbours; ++i) {
    protocol::Neighbour one;
    one.body = protocol::BodyId{static_cast<std::uint32_t>(1 + i)};
    one.planned = {one.position, one.position, one.position};
    state.neighbours.push_back(one);
  }
  return protocol::encode(state).size();
}

}  // namespace

TEST_CASE("25 headsets at 30 Hz and small packets take about a third of a channel, at 90 Hz all of it") {
  AirtimeInput input;
  input.packets_per_s = 30.0;
  input.up_bytes = 56.0;
  input.down_bytes = 188.0;
  CHECK(airtime(input).share == Catch::Approx(0.33).margin(0.02));
  CHECK(airtime(input).access_points_needed == 1);
  input.packets_per_s = 90.0;
  input.up_bytes = 40.0;
  input.down_bytes = 40.0;
  CHECK(airtime(input).share == Catch::Approx(0.94).margin(0.03));
  CHECK(airtime(input).access_points_needed == 3);
  input.access_points = 3;
  CHECK(airtime(input).share < kAirtimeLimit);
}

TEST_CASE("a frame down has all others of the hall as neighbours, up to as many as one frame can have") {
  AirtimeInput input;
  input.headsets = 1;
  CHECK(airtime(input).down_bytes == kState_bytes);
  input.headsets = 2;
  CHECK(airtime(input).down_bytes == kState_bytes + kNeighbour_bytes);
  input.headsets = 33;
  const double fullest = airtime(input).down_bytes;
  input.headsets = 500;
  CHECK(airtime(input).down_bytes == fullest);
  // The codec's own: so many neighbours, and what one more is.
  CHECK(protocol::kNeighboursMax == kNeighboursMost);
  CHECK(static_cast<double>(bytes_with(32) - bytes_with(0)) == Catch::Approx(32 * kNeighbour_bytes).margin(1.0));
}

TEST_CASE("as many access points as are said to be needed are enough, and one less is not") {
  AirtimeInput input;
  for (input.headsets = 1; input.headsets <= 1000; input.headsets += 7) {
    input.access_points = 1;
    const int needed = airtime(input).access_points_needed;
    REQUIRE(needed >= 1);
    // No access point has part of a headset: the fullest one decides.
    const int fullest = (input.headsets + needed - 1) / needed;
    AirtimeInput one;
    one.headsets = fullest;
    one.down_bytes = airtime(input).down_bytes;  // neighbours are on other access points, too
    CHECK(airtime(one).share <= kAirtimeLimit);
    if (needed == 1) continue;
    one.headsets = (input.headsets + needed - 2) / (needed - 1);
    CHECK(airtime(one).share > kAirtimeLimit);
  }
  input = {};
  input.headsets = 1;
  input.packets_per_s = 200.0;
  input.up_bytes = 1200.0;
  input.down_bytes = 1200.0;
  input.rate_mbps = 6.0;
  CHECK(airtime(input).headsets_each == 0);
  CHECK(airtime(input).access_points_needed == 0);
}

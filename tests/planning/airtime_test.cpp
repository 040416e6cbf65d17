#include "showcontrol/planning/airtime.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace promenade::planning;

TEST_CASE("25 headsets at 30 Hz take about a third of a channel, at 90 Hz all of it") {
  AirtimeInput input;
  CHECK(airtime(input).share == Catch::Approx(0.33).margin(0.02));
  CHECK(airtime(input).access_points_needed == 1);
  input.packets_per_s = 90.0;
  input.up_bytes = input.down_bytes = 40.0;
  CHECK(airtime(input).share == Catch::Approx(0.94).margin(0.03));
  CHECK(airtime(input).access_points_needed == 3);
  input.access_points = 3;
  CHECK(airtime(input).share < kAirtimeLimit);
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
    CHECK(airtime(one).share <= kAirtimeLimit);
    if (needed == 1) continue;
    one.headsets = (input.headsets + needed - 2) / (needed - 1);
    CHECK(airtime(one).share > kAirtimeLimit);
  }
  input = {};
  input.headsets = 1;
  input.packets_per_s = 200.0;
  input.up_bytes = input.down_bytes = 1200.0;
  input.rate_mbps = 6.0;
  CHECK(airtime(input).headsets_each == 0);
  CHECK(airtime(input).access_points_needed == 0);
}

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

// The long forms of power_cut_test.cpp.
#include <catch2/catch_test_macros.hpp>

#include "tests/ticketing_store/fault_runs.h"

using namespace promenade::ticketing::store;
using namespace promenade::ticketing::store::test;

TEST_CASE("invariant 5, long: 10,000 power cuts lose nothing that was acknowledged") {
  for (std::uint64_t seed = 1; seed <= 10'000; ++seed) {
    const std::string wrong = cut_power_once(seed, Synchronous::full);
    INFO("seed " << seed);
    REQUIRE(wrong == "");
  }
}

TEST_CASE("1,000 programs killed at some point leave all that they had acknowledged") {
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    const std::string wrong = kill_once(seed);
    INFO("seed " << seed);
    REQUIRE(wrong == "");
  }
}

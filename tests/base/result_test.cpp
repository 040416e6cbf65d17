#include "tracking/base/result.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade::base;

namespace {
Result<int> half_of_even(int value) {
  if (value % 2 != 0) return fail("odd-number", "The number is odd.", "Give an even one.");
  return value / 2;
}
}  // namespace

TEST_CASE("a result holds a value or a coded error with advice") {
  CHECK(half_of_even(4) == 2);
  const auto failed = half_of_even(3);
  REQUIRE_FALSE(failed);
  CHECK(failed.error() == Error{"odd-number", "The number is odd.", "Give an even one."});
  CHECK(failed.error().text() == "The number is odd. Give an even one.");
}

TEST_CASE("an error without advice prints its message alone") {
  const Result<void> failed = fail("full", "The disk is full; free some room.");
  CHECK(failed.error().text() == "The disk is full; free some room.");
  CHECK(failed.error().advice.empty());
}

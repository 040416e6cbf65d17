#include "tracking/base/clock.h"

#include <catch2/catch_test_macros.hpp>
#include <concepts>
#include <type_traits>

using namespace promenade::base;

template <class A, class B>
concept subtractable = requires(A a, B b) { a - b; };
template <class A, class B>
concept comparable = requires(A a, B b) { a < b; };

TEST_CASE("the three clocks do not mix") {
  STATIC_CHECK(subtractable<HallTime, HallTime>);
  STATIC_CHECK_FALSE(subtractable<HallTime, HeadsetTime>);
  STATIC_CHECK_FALSE(subtractable<HeadsetTime, UtcTime>);
  STATIC_CHECK_FALSE(comparable<HallTime, HeadsetTime>);
  STATIC_CHECK_FALSE(std::convertible_to<HallTime, HeadsetTime>);
  STATIC_CHECK_FALSE(std::constructible_from<HallTime, HeadsetTime>);
  STATIC_CHECK_FALSE(std::convertible_to<double, HallTime>);
  STATIC_CHECK_FALSE(std::convertible_to<std::int64_t, Duration>);
}

TEST_CASE("seconds round to the nearest microsecond, on both sides of zero") {
  CHECK(from_seconds(1.5).count() == 1'500'000);
  CHECK(from_seconds(0.0000014).count() == 1);
  CHECK(from_seconds(0.0000016).count() == 2);
  CHECK(from_seconds(-0.0000016).count() == -2);
  CHECK(from_seconds(0.0).count() == 0);
  CHECK(to_seconds(Duration{2'500'000}) == 2.5);
}

TEST_CASE("times keep their seconds over a year") {
  for (const double seconds : {0.0, 0.033333, 86'400.5, 31'536'000.25}) {
    CHECK(seconds_since_zero(hall_time(seconds)) == to_seconds(from_seconds(seconds)));
    CHECK(seconds_since_zero(headset_time(seconds)) == seconds_since_zero(hall_time(seconds)));
  }
  CHECK(hall_time(2.0) - hall_time(0.5) == from_seconds(1.5));
}

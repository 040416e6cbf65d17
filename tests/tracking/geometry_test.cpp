#include "tracking/geometry.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/tracking/sample_hall.h"

using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using Catch::Approx;

namespace {
const Polygon kSquare{{0, 0}, {4, 0}, {4, 4}, {0, 4}};
const Polygon kCorner{{0, 0}, {6, 0}, {6, 2}, {2, 2}, {2, 6}, {0, 6}};  // an L
}  // namespace

TEST_CASE("areas are signed by the sense of the corners") {
  CHECK(signed_area_m2(kSquare) == Approx(16.0));
  CHECK(signed_area_m2(Polygon(kSquare.rbegin(), kSquare.rend())) == Approx(-16.0));
  CHECK(signed_area_m2(kCorner) == Approx(20.0));
}

TEST_CASE("inside is inside, also in a hall with an inner corner") {
  CHECK(contains(kSquare, {1, 1}));
  CHECK_FALSE(contains(kSquare, {5, 1}));
  CHECK(contains(kCorner, {1, 5}));
  CHECK_FALSE(contains(kCorner, {3, 3}));
}

TEST_CASE("simple polygons and those that cross or fold back") {
  CHECK(is_simple(kSquare));
  CHECK(is_simple(kCorner));
  CHECK_FALSE(is_simple(Polygon{{0, 0}, {4, 4}, {4, 0}, {0, 4}}));
  CHECK_FALSE(is_simple(Polygon{{0, 0}, {4, 0}, {2, 0}, {2, 3}}));
  CHECK_FALSE(is_simple(Polygon{{0, 0}, {4, 0}}));
  CHECK_FALSE(is_simple(Polygon{{0, 0}, {4, 0}, {4, 0}, {0, 4}}));
}

TEST_CASE("distances of points and segments") {
  CHECK(distance_to_segment_m({0, 0}, {4, 0}, {2, 3}) == Approx(3.0));
  CHECK(distance_to_segment_m({0, 0}, {4, 0}, {7, 4}) == Approx(5.0));
  CHECK(distance_to_segment_m({1, 1}, {1, 1}, {1, 3}) == Approx(2.0));
  CHECK(segment_distance_m({0, 0}, {4, 0}, {0, 2}, {4, 3}) == Approx(2.0));
  CHECK(segment_distance_m({0, 0}, {4, 4}, {0, 4}, {4, 0}) == 0.0);
  CHECK(segments_cross({0, 0}, {4, 0}, {2, 0}, {2, 5}));
  CHECK_FALSE(segments_cross({0, 0}, {4, 0}, {5, 0}, {6, 0}));
}

TEST_CASE("nearest point of an outline agrees with a fine walk along it") {
  CHECK(holds("outline distance", [] {
    const HallPoint p{*within(-3, 9), *within(-3, 9)};
    const Nearest near = nearest_on_outline(kCorner, p);
    double walked = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < kCorner.size(); ++i) {
      const HallVec edge = kCorner[(i + 1) % kCorner.size()] - kCorner[i];
      for (int step = 0; step <= 600; ++step) walked = std::min(walked, distance(p, kCorner[i] + edge * (step / 600.0)));
    }
    RC_ASSERT(near.distance_m <= walked + 1e-12);
    RC_ASSERT(walked - near.distance_m < 0.02);
    RC_ASSERT(std::abs(distance(near.point, p) - near.distance_m) < 1e-12);
  }));
}

TEST_CASE("time to come within a radius, and the closest approach") {
  CHECK(time_to_within_s({4, 0}, {-1, 0}, 1.0).value() == Approx(3.0));
  CHECK(time_to_within_s({0.5, 0}, {1, 0}, 1.0).value() == 0.0);
  CHECK_FALSE(time_to_within_s({4, 0}, {1, 0}, 1.0));
  CHECK_FALSE(time_to_within_s({4, 2}, {-1, 0}, 1.0));
  CHECK_FALSE(time_to_within_s({4, 0}, {0, 0}, 1.0));
  CHECK(closest_approach_m({4, 2}, {-1, 0}, 10.0) == Approx(2.0));
  CHECK(closest_approach_m({4, 0}, {-1, 0}, 1.0) == Approx(3.0));
  CHECK(closest_approach_m({4, 0}, {1, 0}, 5.0) == Approx(4.0));
}

#include "tracking/frame.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>
#include <type_traits>

#include "tests/tracking/sample_hall.h"

using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using Catch::Approx;

template <class A, class B>
concept Subtractable = requires(A a, B b) { a - b; };

TEST_CASE("points of different frames do not mix") {
  STATIC_REQUIRE(Subtractable<Point<Hall>, Point<Hall>>);
  STATIC_REQUIRE_FALSE(Subtractable<Point<Hall>, Point<Stage>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Point<Stage>, Point<Hall>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Transform<Hall, Stage>, Transform<Stage, Hall>>);
}

TEST_CASE("the floor is seen from above: y is away from the viewer at yaw 0, yaw turns counter-clockwise") {
  const Pose<Hall> pose = pose_at<Hall>({1.0, 2.0}, 1.6, 0.5);
  CHECK(pose.position.z == Approx(-2.0));
  CHECK(floor_point(pose).y == Approx(2.0));
  CHECK(height_m(pose) == Approx(1.6));
  CHECK(yaw_rad(pose) == Approx(0.5));
  const glm::dvec3 ahead = pose.orientation * glm::dvec3(0, 0, -1);
  CHECK(ahead.x == Approx(-std::sin(0.5)));
  CHECK(-ahead.z == Approx(std::cos(0.5)));
}

TEST_CASE("yaw of a head that looks straight down or up is where its crown or chin points") {
  const double half = std::numbers::pi / 4.0;
  Pose<Hall> down;
  down.orientation = {std::cos(half), -std::sin(half), 0, 0};
  CHECK(yaw_rad(down) == Approx(0.0).margin(1e-9));
  Pose<Hall> up;
  up.orientation = {std::cos(half), std::sin(half), 0, 0};
  CHECK(yaw_rad(up) == Approx(0.0).margin(1e-9));
}

TEST_CASE("wrap_angle keeps angles within half a turn") {
  CHECK(wrap_angle(3.5 * std::numbers::pi) == Approx(-0.5 * std::numbers::pi));
  CHECK(wrap_angle(-0.25) == Approx(-0.25));
}

TEST_CASE("transforms: inverse undoes, composition is one after the other, lengths stay") {
  CHECK(holds("inverse and composition", [] {
    const auto angle = within(-3.1, 3.1);
    const Transform<Hall, Film> a{*angle, {*within(-30, 30), *within(-30, 30)}, *within(-1, 1),
                                  *rc::gen::arbitrary<bool>()};
    const Transform<Film, Stage> b{*angle, {*within(-30, 30), *within(-30, 30)}, *within(-1, 1),
                                   *rc::gen::arbitrary<bool>()};
    const Point<Stage> p{*within(-20, 20), *within(-20, 20)};
    const Point<Stage> q{*within(-20, 20), *within(-20, 20)};
    RC_ASSERT(distance((a * b) * p, a * (b * p)) < 1e-9);
    RC_ASSERT(distance(inverse(b) * (b * p), p) < 1e-9);
    RC_ASSERT(distance(inverse(a * b) * (a * (b * p)), p) < 1e-9);
    RC_ASSERT(std::abs(distance(b * p, b * q) - distance(p, q)) < 1e-9);
    RC_ASSERT(std::abs((a * b).rise - a.rise - b.rise) < 1e-12);
  }));
}

TEST_CASE("a pose goes with its point and turns with the transform") {
  const Transform<Hall, Stage> t{0.7, {3.0, -2.0}, 0.1, false};
  const Pose<Stage> pose = pose_at<Stage>({1.0, 4.0}, 1.5, 0.4);
  const Pose<Hall> moved = t * pose;
  CHECK(distance(floor_point(moved), t * floor_point(pose)) < 1e-12);
  CHECK(yaw_rad(moved) == Approx(1.1));
  CHECK(height_m(moved) == Approx(1.6));
}

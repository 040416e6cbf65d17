#include "tracking/prediction.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/tracking/sample_hall.h"

using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using Catch::Approx;

TEST_CASE("without a plan a body keeps its velocity") {
  Body body = walker(1, {3, 4}, {0.6, -0.2});
  body.ahead.reset();
  const Prediction way = predict(body);
  CHECK(way.after(0.5) == HallVec{0.3, -0.1});
  CHECK(way.after(2.0).x == Approx(1.2));
  CHECK(way.after(2.0).y == Approx(-0.4));
}

TEST_CASE("a walker turns to his plan, more in the second second than in the first, and less the further he is off it") {
  Body body = walker(1, {0, 0}, {1, 0});
  body.ahead = PlanAhead{{0, 0}, {0, 1}, {0, 2}};
  const Prediction on_it = predict(body);
  CHECK(on_it.after(1.0).x == Approx(0.5));
  CHECK(on_it.after(1.0).y == Approx(0.5));
  CHECK(on_it.after(2.0).x == Approx(0.7));
  CHECK(on_it.after(2.0).y == Approx(1.3));
  body.ahead = PlanAhead{{0.7, 0}, {0.7, 1}, {0.7, 2}};
  CHECK(predict(body).after(1.0).y == Approx(0.25));
  body.ahead = PlanAhead{{1.0, 0}, {1.0, 1}, {1.0, 2}};
  CHECK(predict(body).after(2.0) == HallVec{2.0, 0.0});
}

TEST_CASE("contact is found where the ways bend, and not where only a straight one would lead") {
  const Prediction standing;
  const Prediction bends{{1.0, 0.0}, {0.0, 1.0}};
  const auto met = time_to_contact_s(HallVec{1.0, 1.7}, bends, standing, 0.7);  // straight on it passes at 1.7 m
  REQUIRE(met);
  CHECK(*met == Approx(2.0));
  CHECK_FALSE(time_to_contact_s(HallVec{2.5, 0.0}, bends, standing, 0.7));      // straight on it would be there at 1.8 s
  CHECK(time_to_contact_s(HallVec{0.6, 0.0}, standing, standing, 0.7) == 0.0);
  CHECK_FALSE(time_to_contact_s(HallVec{0.8, 0.0}, standing, standing, 0.7));
}

TEST_CASE("nearer is never later for bodies without a plan") {
  CHECK(holds("along the line between them", [] {
    const HallVec offset{*within(-6, 6), *within(-6, 6)};
    const HallVec own{*within(-2, 2), *within(-2, 2)};
    const HallVec aimed = own - offset * *within(0.2, 1) + HallVec{*within(-0.3, 0.3), *within(-0.3, 0.3)};  // so that many meet
    const Prediction mine{own, own};
    const Prediction theirs{aimed, aimed};
    const double radius = *within(0.1, 2);
    const auto far = time_to_contact_s(offset, mine, theirs, radius);
    RC_PRE(far.has_value());
    constexpr double kRounding_s = 1e-9;
    constexpr double kRounding_m = 1e-6;  // where one would just touch the other's circle
    const auto near = time_to_contact_s(offset * *within(0, 1), mine, theirs, radius + kRounding_m);
    RC_ASSERT(near.has_value());
    RC_ASSERT(*near <= *far + kRounding_s);
    RC_ASSERT(time_to_contact_s(offset, mine, theirs, radius + kRounding_m + *within(0, 1)).value_or(1e9) <= *far + kRounding_s);
  }));
}

TEST_CASE("who goes away from the place where he has stood is looked at for where he goes; who has just come, or comes nearer, is not") {
  const HallVec beside{0.4, 0};
  CHECK(off_plan_look_s(true, 10.0, beside, {0.7, 0}) > 1.0);
  CHECK(off_plan_look_s(true, 10.0, beside, {-0.7, 0}) == 0.0);
  CHECK(off_plan_look_s(true, 10.0, beside, {}) == 0.0);
  CHECK(off_plan_look_s(true, 10.0, {0.1, 0.2}, {-0.7, 0}) > 1.0);  // past it
  CHECK(off_plan_look_s(true, 0.5, beside, {0.7, 0}) == 0.0);
  CHECK(off_plan_look_s(false, 10.0, beside, {0.7, 0}) > 0.0);  // on his leg: a little, since it turns
  CHECK(off_plan_look_s(false, 10.0, beside, {0.7, 0}) < off_plan_look_s(true, 10.0, beside, {0.7, 0}));
}

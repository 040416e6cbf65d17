#include "tracking/body.h"

#include <algorithm>
#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <vector>

#include "tests/tracking/sample_hall.h"

using namespace promenade;
using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using base::hall_time;
using Catch::Approx;

TEST_CASE("a body may be further away the longer it was not heard, up to a bound") {
  Body body = walker(1, {5, 5});
  CHECK(reach_m(body, hall_time(0)) == 0.0);
  CHECK(reach_m(body, hall_time(0.1)) == Approx(0.01));             // 2 m/s² from standing
  CHECK(reach_m(body, hall_time(0.9)) == Approx(0.81));
  CHECK(reach_m(body, hall_time(1.0)) == Approx(0.81 + 0.18));       // and on at 1.8 m/s
  CHECK(reach_m(body, hall_time(100)) == kReachMax_m);
  body.velocity = {2.5, 0};
  CHECK(reach_m(body, hall_time(1.0)) == Approx(2.5));
  body.kind = BodyKind::lost_viewer;
  CHECK(reach_m(body, hall_time(1.0)) == Approx(0.7));
  CHECK(reach_m(body, hall_time(60)) == kLostReachMax_m);
  Body placed = walker(2, {5, 5});
  placed.kind = BodyKind::attendant;
  placed.reports = false;
  CHECK(reach_m(placed, hall_time(60)) == 0.0);
}

TEST_CASE("reach never falls with age or speed") {
  CHECK(holds("reach", [] {
    Body slow = walker(1, {5, 5}, {*within(0, 3), 0});
    Body fast = slow;
    fast.velocity.x += *within(0, 1);
    const double age = *within(0, 5);
    const double later = age + *within(0, 5);
    RC_ASSERT(reach_m(slow, hall_time(age)) <= reach_m(slow, hall_time(later)));
    RC_ASSERT(reach_m(slow, hall_time(age)) <= reach_m(fast, hall_time(age)));
  }));
}

TEST_CASE("the table is bounded, ordered by id, and keeps bodies until they are removed") {
  BodyTable table(3, sample_hall());
  CHECK(table.put(walker(7, {1, 1})));
  CHECK(table.put(walker(3, {2, 2})));
  CHECK(table.put(walker(5, {27, 14})));
  CHECK_FALSE(table.put(walker(9, {4, 4})));
  CHECK(table.put(walker(3, {20, 12})));
  CHECK(table.size() == 3);
  std::vector<std::uint32_t> ids;
  table.for_each([&](const Body& body) { ids.push_back(body.id.value()); });
  CHECK(ids == std::vector<std::uint32_t>{3, 5, 7});
  REQUIRE(table.find(base::BodyId{3}) != nullptr);
  CHECK(table.find(base::BodyId{3})->position.x == 20);
  CHECK(table.remove(base::BodyId{5}));
  CHECK_FALSE(table.remove(base::BodyId{5}));
  CHECK(table.find(base::BodyId{5}) == nullptr);
  CHECK(table.put(walker(9, {4, 4})));
}

TEST_CASE("neighbours agree with brute force, whatever was put, moved and removed before") {
  CHECK(holds("neighbours", [] {
    BodyTable table(40, sample_hall());
    std::map<std::uint32_t, HallPoint> plain;
    const int steps = *rc::gen::inRange(1, 120);
    for (int i = 0; i < steps; ++i) {
      const auto id = *rc::gen::inRange<std::uint32_t>(1, 30);
      if (*rc::gen::inRange(0, 5) == 0) {
        RC_ASSERT(table.remove(base::BodyId{id}) == (plain.erase(id) == 1));
      } else {
        const HallPoint at{*within(-2, 30), *within(-2, 17)};
        RC_ASSERT(table.put(walker(id, at)));
        plain[id] = at;
      }
    }
    const HallPoint p{*within(-1, 29), *within(-1, 16)};
    const double radius = *within(0.1, 9);
    std::vector<std::pair<double, std::uint32_t>> expected;
    for (const auto& [id, at] : plain) {
      if (id != 1 && dot(at - p, at - p) <= radius * radius) expected.emplace_back(dot(at - p, at - p), id);
    }
    std::ranges::sort(expected);
    std::array<Neighbour, 6> out;
    const std::size_t count = table.near(p, radius, base::BodyId{1}, out);
    RC_ASSERT(count == std::min(out.size(), expected.size()));
    for (std::size_t i = 0; i < count; ++i) RC_ASSERT(out[i].body->id.value() == expected[i].second);
  }));
}

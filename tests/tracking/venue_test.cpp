#include "tracking/venue.h"

#include <algorithm>
#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/tracking/sample_hall.h"

using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using Catch::Approx;

TEST_CASE("zones of the reference hall") {
  const Venue& hall = sample_hall();
  CHECK(hall.zone_at({14, 4}) == Zone::floor);
  CHECK(hall.zone_at({12.0, 1.2}) == Zone::kitting);
  CHECK(hall.zone_at({14.0, 14.2}) == Zone::door);
  CHECK(hall.zone_at({13.5, 14.0}) == Zone::door);
  CHECK(hall.zone_at({3.4, 1.3}) == Zone::chair);
  CHECK(hall.zone_at({-1, 3}) == Zone::outside);
}

TEST_CASE("clearance is the distance to the nearest edge, negative where nobody can be") {
  const Venue& hall = sample_hall();
  CHECK(hall.clearance_m({14, 1.0}) == Approx(1.0));
  CHECK(hall.clearance_m({8.2, 7.5}) == Approx(1.0));
  CHECK(hall.clearance_m({9.4, 7.5}) == Approx(-0.2));
  CHECK(hall.clearance_m({-0.5, 7.5}) == Approx(-0.5));
  CHECK(hall.nearest_wall({8.2, 7.5}).point.x == Approx(9.2));
}

TEST_CASE("clearance agrees with a brute-force walk over all edges") {
  CHECK(holds("clearance", [] {
    const Venue& hall = sample_hall();
    const HallPoint p{*within(0.1, 27.9), *within(0.1, 14.9)};
    double nearest = std::min({p.x, 28.0 - p.x, p.y, 15.0 - p.y});
    bool in_column = false;
    for (const double x : {9.2, 18.2}) {  // columns are squares of 0.6 m from (x, 7.2)
      const double dx = std::max({x - p.x, 0.0, p.x - x - 0.6});
      const double dy = std::max({7.2 - p.y, 0.0, p.y - 7.8});
      in_column |= dx == 0.0 && dy == 0.0;
      nearest = std::min(nearest, std::hypot(dx, dy));
    }
    const double clearance = hall.clearance_m(p);
    if (in_column) {
      RC_ASSERT(clearance <= 1e-12);
    } else {
      RC_ASSERT(std::abs(clearance - nearest) < 1e-9);
    }
  }));
}

TEST_CASE("a segment is as clear as its worst point") {
  const Venue& hall = sample_hall();
  CHECK(hall.segment_clearance_m({8, 5}, {11, 5}) == Approx(2.2));
  CHECK(hall.segment_clearance_m({8, 7.5}, {11, 7.5}) <= 0.0);
  CHECK(hall.segment_clearance_m({1, 1}, {-1, 1}) <= 0.0);
}

TEST_CASE("the reference hall leaves a walking floor for nine walkers two metres apart") {
  const Venue& hall = sample_hall();
  CHECK(hall.seats.size() == 3);
  CHECK(hall.marks.size() == 2);
  CHECK_FALSE(hall.is_walking_floor({10.0, 1.5}));
  CHECK_FALSE(hall.is_walking_floor({3.3, 2.5}));
  CHECK_FALSE(hall.is_walking_floor({14.0, 0.5}));
  int places = 0;
  for (double x = 3.5; x <= 27.0; x += 2.0) {
    for (double y = 1.0; y <= 14.0; y += 2.0) places += hall.is_walking_floor({x, y}) ? 1 : 0;
  }
  CHECK(places >= 60);  // on a plain square grid of the separation
}

TEST_CASE("every chair can be reached without coming near an occupied one") {
  const Venue& hall = sample_hall();
  for (const Seat& seat : hall.seats) {
    // From the kitting area's end, along the chairs, then straight to the one.
    const std::array<HallPoint, 3> way{HallPoint{7.5, 3.6}, {seat.at.x, 3.6}, seat.at};
    for (std::size_t i = 0; i + 1 < way.size(); ++i) {
      CHECK(hall.segment_clearance_m(way[i], way[i + 1]) >= hall.wall_margin_m - 1e-9);
      for (const Seat& other : hall.seats) {
        if (other.id != seat.id) CHECK(distance_to_segment_m(way[i], way[i + 1], other.at) >= hall.separation_m);
      }
    }
  }
}

TEST_CASE("places are found by name") {
  const Venue& hall = sample_hall();
  CHECK(hall.find_seat("A2") == &hall.seats[1]);
  CHECK(hall.find_seat("Z9") == nullptr);
  CHECK(hall.find_marks("M1") == &hall.marks[0]);
}

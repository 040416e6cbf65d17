// Episodes of the truth: begun below a threshold, ended 0.2 m above it.

#include <catch2/catch_test_macros.hpp>

#include "showcontrol/rehearsal/world.h"
#include "tracking/venue_file.h"

using namespace promenade;
using namespace promenade::rehearsal;

namespace {

const tracking::Venue& venue() {
  static const tracking::Venue loaded = *tracking::load_venue(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml");
  return loaded;
}

Person at(std::uint32_t number, double x, double y, bool blind = true) {
  Person person;
  person.number = number;
  person.at = {x, y};
  person.blind = blind;
  return person;
}

}  // namespace

TEST_CASE("A contact is one episode until the two are 0.9 m apart") {
  World world(venue());
  double t = 0.0;
  const auto gap = [&](double metres) { world.step(t += 0.1, {at(1, 14.0, 6.0), at(2, 14.0 + metres, 6.0)}); };
  for (const double metres : {2.0, 0.9, 0.69, 0.5, 0.75, 0.65, 0.95, 0.6, 2.0}) gap(metres);
  REQUIRE(world.contacts().size() == 2);
  CHECK(world.contacts()[0].least_m < 0.51);
  CHECK(world.near_misses().size() == 1);
}

TEST_CASE("Who sees, who holds hands and who helps is in no contact") {
  World world(venue());
  world.step(0.0, {at(1, 14.0, 6.0, false), at(2, 14.3, 6.0, false)});
  CHECK(world.contacts().empty());
  Person child = at(3, 14.0, 6.0), adult = at(4, 14.4, 6.0);
  child.group = adult.group = 7;
  child.pair = adult.pair = 1;
  world.step(0.1, {child, adult});
  CHECK(world.contacts().empty());
  Person attendant = at(5, 14.4, 6.0, false);
  attendant.hand = 6;
  world.step(0.2, {at(6, 14.0, 6.0), attendant});
  CHECK(world.contacts().empty());
  attendant.hand = 0;
  world.step(0.3, {at(6, 14.0, 6.0), attendant});
  CHECK(world.contacts().size() == 1);
}

TEST_CASE("Walls: contact under 0.35 m, near miss under 0.5 m; nobody gets through") {
  World world(venue());
  world.step(0.0, {at(1, 24.0, 0.45)});
  CHECK(world.near_misses().size() == 1);
  CHECK(world.wall_contacts().empty());
  world.step(0.1, {at(1, 24.0, 0.30)});
  CHECK(world.wall_contacts().size() == 1);
  const HallPoint stopped = world.nearest_free({24.0, -1.0});
  CHECK(venue().clearance_m(stopped) >= 0.2 - 1e-6);
  const HallPoint column = world.nearest_free({9.5, 7.5});
  CHECK(venue().clearance_m(column) >= 0.2 - 1e-6);
}

TEST_CASE("Only blind people's time counts") {
  World world(venue());
  world.step(0.0, {at(1, 5.0, 5.0), at(2, 9.0, 5.0, false)});
  world.step(10.0, {at(1, 5.0, 5.0), at(2, 9.0, 5.0, false)});
  CHECK(world.viewer_seconds() == 10.0);
}

#include <catch2/catch_test_macros.hpp>

#include "showcontrol/rehearsal/steering.h"
#include "tests/rehearsal/sample_world.h"

using namespace promenade;
using namespace promenade::rehearsal;
using promenade::rehearsal::test::world;

namespace {

Person blind(std::uint32_t number, HallPoint at) {
  Person person;
  person.number = number;
  person.at = at;
  person.blind = true;
  return person;
}

}  // namespace

TEST_CASE("Somebody who sees walks straight on and arrives") {
  HallPoint at{4.0, 6.0};
  for (int k = 0; k < 60; ++k) at = steer(at, {8.0, 6.0}, 0.1, {}, {}, 1, 0, world());
  CHECK(tracking::distance(at, HallPoint{8.0, 6.0}) < 0.05);
}

TEST_CASE("He goes round somebody blind, and never touches him") {
  const std::vector<Person> people{blind(2, {6.0, 6.0})};
  HallPoint at{4.0, 6.0};
  double nearest = 10.0;
  Patience patience;
  for (int k = 0; k < 300; ++k) {
    at = steer(at, {8.0, 6.0}, 0.1, patience.apply({}, at, {8.0, 6.0}, 0.1 * k), people, 1, 0, world());
    nearest = std::min(nearest, tracking::distance(at, people[0].at));
  }
  CHECK(nearest > 0.75);
  CHECK(tracking::distance(at, HallPoint{8.0, 6.0}) < 0.1);
}

TEST_CASE("He steps out of the way of somebody blind who comes towards him") {
  std::vector<Person> people{blind(2, {3.0, 6.0})};
  people[0].velocity = {0.7, 0.0};
  HallPoint at{6.0, 6.0};
  double nearest = 10.0;
  for (int k = 0; k < 80; ++k) {
    people[0].at.x += 0.07;
    at = steer(at, {6.0, 6.0}, 0.1, {}, people, 1, 0, world());
    nearest = std::min(nearest, tracking::distance(at, people[0].at));
  }
  CHECK(nearest > 0.75);
}

TEST_CASE("He finds his way past somebody blind straight ahead without waiting until he is impatient") {
  const std::vector<Person> people{blind(2, {6.0, 6.0})};
  HallPoint at{5.05, 6.0};
  for (int k = 0; k < 60; ++k) at = steer(at, {8.0, 6.0}, 0.1, {.keep_from_blind_m = 0.95}, people, 1, 0, world());
  CHECK(tracking::distance(at, HallPoint{8.0, 6.0}) < 0.2);
}

TEST_CASE("Whoever stands too near to somebody blind steps away, though his way leads past") {
  const std::vector<Person> people{blind(2, {6.5, 6.2})};
  HallPoint at{6.0, 6.0};
  for (int k = 0; k < 10; ++k) at = steer(at, {6.0, 9.0}, 0.1, {}, people, 1, 0, world());
  CHECK(tracking::distance(at, people[0].at) > 0.85);
}

TEST_CASE("Whom he leads he does not avoid") {
  const std::vector<Person> people{blind(2, {6.0, 6.0})};
  HallPoint at{5.0, 6.0};
  for (int k = 0; k < 20; ++k) at = steer(at, {6.0, 6.0}, 0.1, {}, people, 1, 2, world());
  CHECK(tracking::distance(at, HallPoint{6.0, 6.0}) < 0.05);
}

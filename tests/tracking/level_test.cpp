#include "tracking/level.h"

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>

using namespace promenade::tracking;

TEST_CASE("levels are ordered and named both ways") {
  CHECK(Level::clear < Level::warn);
  CHECK(Level::stop < Level::evacuate);
  for (int i = 0; i <= static_cast<int>(Level::evacuate); ++i) {
    const auto level = static_cast<Level>(i);
    CHECK(level_from_string(to_string(level)) == level);
  }
  CHECK_FALSE(level_from_string("halt"));
}

TEST_CASE("every cause has its own name and says what clears it") {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(Cause::fire); ++i) {
    const auto cause = static_cast<Cause>(i);
    CHECK(cause_from_string(to_string(cause)) == cause);
    names.emplace(to_string(cause));
    CHECK(what_clears(cause).ends_with('.'));
  }
  CHECK(names.size() == static_cast<std::size_t>(Cause::fire) + 1);
  CHECK_FALSE(cause_from_string("weather"));
}

TEST_CASE("nobody overrides protection against bodies and walls") {
  CHECK_FALSE(staff_may_override(Cause::body));
  CHECK_FALSE(staff_may_override(Cause::wall));
  CHECK(staff_may_override(Cause::operator_command));
}

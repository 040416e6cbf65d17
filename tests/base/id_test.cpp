#include "tracking/base/id.h"

#include <catch2/catch_test_macros.hpp>
#include <concepts>
#include <unordered_set>

using namespace promenade::base;

TEST_CASE("ids of different kinds do not compare, convert or mix") {
  STATIC_CHECK(std::equality_comparable<PlayId>);
  STATIC_CHECK_FALSE(std::equality_comparable_with<PlayId, EpochId>);
  STATIC_CHECK_FALSE(std::equality_comparable_with<FilmId, TicketId>);
  STATIC_CHECK_FALSE(std::convertible_to<PlayId, EpochId>);
  STATIC_CHECK_FALSE(std::convertible_to<std::uint64_t, PlayId>);
  STATIC_CHECK_FALSE(std::convertible_to<PlayId, std::uint64_t>);
}

TEST_CASE("the default id is none, for numbers and for text") {
  CHECK(HeadsetId{}.is_none());
  CHECK_FALSE(HeadsetId{1}.is_none());
  CHECK(FilmId{}.is_none());
  CHECK_FALSE(FilmId{"lantern"}.is_none());
}

TEST_CASE("ids order by their value and serve as keys") {
  CHECK(BodyId{1} < BodyId{2});
  CHECK(LaneId{"A1"} < LaneId{"A2"});
  std::unordered_set<TicketId> tickets{TicketId{"1"}, TicketId{"2"}, TicketId{"1"}};
  CHECK(tickets.size() == 2);
  CHECK(tickets.contains(TicketId{"2"}));
}

#include "showcontrol/planning/admission.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade;
using namespace promenade::planning;

TEST_CASE("longest wait first, and room is kept after the limit") {
  const std::vector<Waiting> waiting{{base::PlayId(1), base::FilmId("a"), 50.0}, {base::PlayId(2), base::FilmId("b"), 10.0}, {base::PlayId(3), base::FilmId("a"), 50.0}};
  const Admission early = admission_order(waiting, 60.0, {100.0});
  CHECK(early.order == std::vector{base::PlayId(2), base::PlayId(1), base::PlayId(3)});
  CHECK(early.room_kept_for.is_none());
  CHECK(admission_order(waiting, 110.0, {100.0}).room_kept_for == base::PlayId(2));
  CHECK(admission_order({}, 110.0, {100.0}).order.empty());
}

TEST_CASE("a newcomer may not delay the one whom room is kept for") {
  CHECK(may_commit(20.0, 20.0));
  CHECK_FALSE(may_commit(20.0, 30.0));
  CHECK_FALSE(may_commit(20.0, std::nullopt));
  CHECK_FALSE(may_commit(std::nullopt, std::nullopt));
}

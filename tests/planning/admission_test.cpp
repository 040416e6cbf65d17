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

TEST_CASE("while nobody has waited long, films of which most wait go first, each with all of its own") {
  const base::FilmId a("a"), b("b"), c("c");
  const std::vector<Waiting> waiting{{base::PlayId(1), a, 0.0}, {base::PlayId(2), b, 10.0}, {base::PlayId(3), c, 20.0}, {base::PlayId(4), b, 30.0}, {base::PlayId(5), a, 40.0}, {base::PlayId(6), b, 50.0}};
  AdmissionRules rules;
  rules.patience_s = 100.0;
  const auto numbers = [&](double now_s) {
    std::vector<std::uint64_t> found;
    for (const base::PlayId id : admission_order(waiting, now_s, rules).order) found.push_back(id.value());
    return found;
  };
  CHECK(numbers(60.0) == std::vector<std::uint64_t>{2, 4, 6, 1, 5, 3});
  CHECK(numbers(105.0) == std::vector<std::uint64_t>{1, 2, 4, 6, 5, 3});  // the first has waited long
  CHECK(numbers(200.0) == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
  rules.patience_s = 0.0;
  CHECK(numbers(60.0) == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
}

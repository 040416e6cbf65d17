#include "runtime/xr/pacing.h"

#include <catch2/catch_test_macros.hpp>

using promenade::xr::Pacing;

namespace {
constexpr std::int64_t kPeriod = 11'111'111;
}

TEST_CASE("Frames in time are not late, a missed period is, and a run of them is counted") {
  Pacing pacing;
  std::int64_t shown = 1'000'000'000;
  const auto frame = [&](int periods) {
    shown += periods * kPeriod + (periods % 2 ? 400'000 : -300'000);  // predictions waver
    pacing.waited(shown, kPeriod, true);
    pacing.ended(true, false);
  };
  for (int i = 0; i < 10; ++i) frame(1);
  CHECK(pacing.counts().frames == 10);
  CHECK(pacing.counts().late == 0);
  frame(3);
  frame(2);
  frame(1);
  CHECK(pacing.counts().late == 2);
  CHECK(pacing.counts().missed == 3);
  CHECK(pacing.counts().late_run_max == 2);
}

TEST_CASE("Time without a session, and frames that nobody sees, make no frame late") {
  Pacing pacing;
  pacing.waited(kPeriod, kPeriod, true);
  pacing.ended(true, false);
  pacing.pause();
  pacing.waited(100 * kPeriod, kPeriod, true);
  pacing.ended(true, false);
  pacing.waited(101 * kPeriod, kPeriod, false);
  pacing.ended(false, false);
  pacing.waited(110 * kPeriod, kPeriod, true);
  pacing.ended(true, false);
  CHECK(pacing.counts().late == 0);
  CHECK(pacing.counts().dropped == 0);
  CHECK(pacing.counts().frames == 3);
}

TEST_CASE("Discarded frames, and frames that could not be drawn, are dropped ones") {
  Pacing pacing;
  pacing.waited(kPeriod, kPeriod, true);
  pacing.ended(true, true);
  pacing.waited(2 * kPeriod, kPeriod, true);
  pacing.ended(false, false);
  CHECK(pacing.counts().dropped == 2);
}

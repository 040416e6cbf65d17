#include "showcontrol/protocol/impairment.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace promenade;
using namespace promenade::protocol;
using base::Duration;

namespace {
constexpr Duration kStep{11'000};
}

TEST_CASE("without settings everything passes at once") {
  Impairment none({}, base::Random(1));
  CHECK_FALSE(none.settings().any());
  for (int i = 0; i < 100; ++i) {
    const auto arrivals = none.pass(100, kStep * i);
    REQUIRE(arrivals.count == 1);
    REQUIRE(arrivals.at[0] == kStep * i);
  }
}

TEST_CASE("loss, duplication and delay keep to their figures, the same for the same seed") {
  ImpairmentSettings settings;
  settings.loss = 0.1;
  settings.duplication = 0.05;
  settings.delay_min = Duration{2'000};
  settings.delay_max = Duration{20'000};
  Impairment a(settings, base::Random(7)), b(settings, base::Random(7));
  int lost = 0, twice = 0;
  constexpr int kCount = 20000;
  for (int i = 0; i < kCount; ++i) {
    const auto first = a.pass(100, kStep * i), second = b.pass(100, kStep * i);
    REQUIRE(first.count == second.count);
    lost += first.count == 0;
    twice += first.count == 2;
    for (std::size_t k = 0; k < first.count; ++k) {
      REQUIRE(first.at[k] == second.at[k]);
      REQUIRE(first.at[k] - kStep * i >= settings.delay_min);
      REQUIRE(first.at[k] - kStep * i <= settings.delay_max);
    }
  }
  CHECK(std::abs(lost / double{kCount} - 0.1) < 0.01);
  CHECK(std::abs(twice / double{kCount} - 0.045) < 0.01);
}

TEST_CASE("an outage lets nothing through, and only while it lasts") {
  ImpairmentSettings settings;
  settings.outages = {{Duration{100}, Duration{200}}, {Duration{500}, Duration{600}}};
  Impairment impairment(settings, base::Random(1));
  CHECK(impairment.pass(1, Duration{99}).count == 1);
  CHECK(impairment.pass(1, Duration{100}).count == 0);
  CHECK(impairment.pass(1, Duration{199}).count == 0);
  CHECK(impairment.pass(1, Duration{200}).count == 1);
  CHECK(impairment.pass(1, Duration{550}).count == 0);
}

TEST_CASE("a rate makes a queue, and a full queue loses") {
  ImpairmentSettings settings;
  settings.rate_bytes_per_s = 100'000;  // 10 ms for 1,000 bytes
  settings.queue_max = Duration{50'000};
  Impairment impairment(settings, base::Random(1));
  CHECK(impairment.pass(1000, Duration{0}).at[0] == Duration{10'000});
  CHECK(impairment.pass(1000, Duration{0}).at[0] == Duration{20'000});
  int passed = 2;
  for (int i = 0; i < 10; ++i) passed += static_cast<int>(impairment.pass(1000, Duration{0}).count);
  CHECK(passed == 6);
  CHECK(impairment.pass(1000, Duration{1'000'000}).at[0] == Duration{1'010'000});
}

TEST_CASE("jitter reorders unless order is kept; reordering holds some back") {
  ImpairmentSettings settings;
  settings.delay_max = Duration{40'000};
  const auto overtakes = [&] {
    Impairment impairment(settings, base::Random(3));
    Duration last{0};
    int count = 0;
    for (int i = 0; i < 1000; ++i) {
      const auto at = impairment.pass(100, kStep * i).at[0];
      count += at < last;
      last = std::max(last, at);
    }
    return count;
  };
  CHECK(overtakes() > 100);
  settings.keep_order = true;
  CHECK(overtakes() == 0);
  settings.delay_max = Duration{0};
  settings.reordering = 0.5;
  settings.reorder_by = Duration{30'000};
  CHECK(overtakes() > 100);
}

#include "showcontrol/protocol/impairment.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>

#include "showcontrol/protocol/impairment_text.h"

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

TEST_CASE("a bad network in words is read, for both directions alike") {
  const auto none = read_impairment("");
  REQUIRE(none.has_value());
  CHECK_FALSE(none->outgoing.any());
  CHECK(none->seed == LinkImpairment{}.seed);
  const auto usual = read_impairment("loss=10,delay=20,jitter=10,seed=7");
  REQUIRE(usual.has_value());
  for (const ImpairmentSettings& way : {usual->outgoing, usual->incoming}) {
    CHECK(way.any());
    CHECK(std::abs(way.loss - 0.1) < 1e-9);
    CHECK(way.delay_min == Duration{20'000});
    CHECK(way.delay_max == Duration{30'000});
  }
  CHECK(usual->seed == 7);
  const auto all = read_impairment("outage=5-8,rate=800,reorder=2.5,duplicate=1,jitter=0.5,outage=20-20.5,seed=18446744073709551615,loss=100");
  REQUIRE(all.has_value());
  CHECK(all->outgoing.loss == 1.0);
  CHECK(std::abs(all->outgoing.duplication - 0.01) < 1e-9);
  CHECK(std::abs(all->outgoing.reordering - 0.025) < 1e-9);
  CHECK(all->outgoing.delay_max == Duration{500});
  CHECK(all->outgoing.rate_bytes_per_s == 100'000.0);
  REQUIRE(all->incoming.outages.size() == 2);
  CHECK(all->incoming.outages[1].until == Duration{20'500'000});
  CHECK(all->seed == ~std::uint64_t{0});
}

TEST_CASE("a socket that is opened later has its outages so much earlier, and those that are over never") {
  const auto given = read_impairment("outage=5-8,outage=20-30");
  REQUIRE(given.has_value());
  const LinkImpairment later = opened_after(*given, Duration{22'000'000});
  REQUIRE(later.incoming.outages.size() == 1);
  CHECK(later.outgoing.outages[0].from == Duration{-2'000'000});
  CHECK(later.outgoing.outages[0].until == Duration{8'000'000});
  Impairment impairment(later.outgoing, base::Random(1));
  CHECK(impairment.pass(1, Duration{0}).count == 0);
  CHECK(impairment.pass(1, Duration{8'000'000}).count == 1);
}

TEST_CASE("words that are no impairment are refused, with the word and what to write") {
  for (const char* bad : {"loss", "loss=", "loss=-1", "loss=101", "loss=nan", "loss=inf", "loss=10%", "los=10", ",", "loss=1,", "loss=1,,delay=2", " loss=1", "delay=10001", "jitter=-1",
                          "rate=0", "outage=5", "outage=8-5", "outage=5-8,outage=7-9", "outage=1e9-2e9", "seed=-1", "seed=1.5", "loss=1,loss=2", "loss=1 delay=2"}) {
    INFO(bad);
    const auto read = read_impairment(bad);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == "impairment-invalid");
    CHECK(read.error().advice.contains("loss=10,delay=20"));
  }
  CHECK(read_impairment("delay=5,loss=200").error().message == "\"loss=200\" is no impairment of a network: this is a percentage, from 0 to 100.");
}

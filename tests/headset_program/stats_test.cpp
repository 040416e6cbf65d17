#include "runtime/headset/stats.h"

#include <cmath>

#include <catch2/catch_test_macros.hpp>

using promenade::headset::Histogram;

TEST_CASE("Quantiles of a histogram are within a step of the true ones") {
  Histogram histogram;
  CHECK(histogram.quantile(0.5) == 0.0);
  CHECK(histogram.mean() == 0.0);
  for (int i = 1; i <= 1000; ++i) histogram.add(i * 0.05);  // 0.05 to 50 ms
  CHECK(std::abs(histogram.quantile(0.5) - 25.0) <= 0.11);
  CHECK(std::abs(histogram.quantile(0.99) - 49.5) <= 0.11);
  CHECK(std::abs(histogram.mean() - 25.025) < 1e-9);
  histogram.add(5000.0);
  CHECK(histogram.worst() == 5000.0);
  CHECK(histogram.quantile(1.0) <= 100.2);                  // beyond the last step
}

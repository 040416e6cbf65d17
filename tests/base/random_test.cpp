#include "tracking/base/random.h"

#include <algorithm>
#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

using namespace promenade::base;
using Catch::Approx;

namespace {

struct Moments {
  double mean = 0.0;
  double sd = 0.0;
};

constexpr int kDraws = 200'000;  // standard error of a mean: 0.0022 standard deviations

Moments moments_of(const std::function<double()>& draw) {
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = draw();
    sum += value;
    squares += value * value;
  }
  const double mean = sum / kDraws;
  return {mean, std::sqrt(squares / kDraws - mean * mean)};
}

double quantile_of(const std::function<double()>& draw, double q) {
  std::vector<double> values(kDraws);
  std::ranges::generate(values, draw);
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(q * kDraws)];
}

}  // namespace

TEST_CASE("the generator is the published one, for good") {  // golden: a change would unmake every stored seed
  STATIC_CHECK(std::uniform_random_bit_generator<Random>);
  Random random(42);
  CHECK(random() == 0xd0764d4f4476689fu);
  CHECK(random() == 0x519e4174576f3791u);
  CHECK(random() == 0xfbe07cfb0c24ed8cu);
}

TEST_CASE("a seed replays; another seed differs") {
  Random first(5);
  Random same(5);
  Random other(6);
  for (int i = 0; i < 100; ++i) {
    const auto value = first();
    CHECK(value == same());
    CHECK(value != other());
  }
}

TEST_CASE("a fork depends on seed, purpose and number, never on what was drawn") {
  Random drawn(5);
  const Random fresh(5);
  for (int i = 0; i < 10; ++i) drawn();
  CHECK(drawn.fork("walkers", 3)() == fresh.fork("walkers", 3)());
  CHECK(fresh.fork("walkers", 3)() != fresh.fork("walkers", 4)());
  CHECK(fresh.fork("walkers")() != fresh.fork("network")());
  CHECK(fresh.fork("walkers")() != Random(6).fork("walkers")());
}

TEST_CASE("uniform numbers fill their range") {
  Random random(1);
  const Moments unit = moments_of([&] {
    const double value = random.uniform();
    if (value < 0.0 || value >= 1.0) FAIL("outside [0, 1)");
    return value;
  });
  CHECK(unit.mean == Approx(0.5).margin(0.003));
  CHECK(unit.sd == Approx(1.0 / std::sqrt(12.0)).margin(0.003));
  const Moments range = moments_of([&] { return random.uniform(-2.0, 4.0); });
  CHECK(range.mean == Approx(1.0).margin(0.02));
}

TEST_CASE("below is even over its range, also where the range does not divide") {
  Random random(2);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts[random.below(7)];
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 400);
  CHECK(random.below(1) == 0);
  CHECK(random.below(Random::max()) < Random::max());
}

TEST_CASE("chances come as often as they say") {
  Random random(3);
  int hits = 0;
  for (int i = 0; i < kDraws; ++i) hits += random.chance(0.03) ? 1 : 0;
  CHECK(hits == Approx(0.03 * kDraws).margin(400));
  CHECK_FALSE(random.chance(0.0));
  CHECK(random.chance(1.0));
}

TEST_CASE("the distributions have the moments and quantiles they are asked for") {
  Random random(4);
  const Moments normal = moments_of([&] { return random.normal(3.0, 2.0); });
  CHECK(normal.mean == Approx(3.0).margin(0.02));
  CHECK(normal.sd == Approx(2.0).margin(0.02));
  const Moments lognormal = moments_of([&] { return random.lognormal_by_mean(1.2, 0.3); });
  CHECK(lognormal.mean == Approx(1.2).margin(0.005));
  CHECK(lognormal.sd == Approx(0.3).margin(0.005));
  const Moments exponential = moments_of([&] { return random.exponential(40.0); });
  CHECK(exponential.mean == Approx(40.0).margin(0.5));
  CHECK(exponential.sd == Approx(40.0).margin(0.7));
  const auto waiting = [&] { return random.lognormal_by_quantiles(10.0, 25.0); };
  CHECK(quantile_of(waiting, 0.5) == Approx(10.0).epsilon(0.02));
  CHECK(quantile_of(waiting, 0.95) == Approx(25.0).epsilon(0.03));
  CHECK(quantile_of([&] { return random.lognormal(1.0, 0.5); }, 0.5) == Approx(std::exp(1.0)).epsilon(0.02));
}

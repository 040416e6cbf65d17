#pragma once
// Seeded random numbers that are the same on every platform: xoshiro256++ (Blackman and Vigna 2019, public
// domain algorithm) seeded by splitmix64, with the distributions the walker model needs. Satisfies
// UniformRandomBitGenerator. `fork` gives an independent stream so that one part's draws never shift another's.

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace promenade::base {

class Random {
 public:
  using result_type = std::uint64_t;
  explicit Random(std::uint64_t seed);
  Random fork(std::string_view purpose, std::uint64_t number = 0) const;  // depends on the seed only, not on draws

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
  result_type operator()();

  double uniform();                          // [0, 1)
  double uniform(double low, double high);   // [low, high)
  std::uint64_t below(std::uint64_t count);  // 0..count-1, count > 0, unbiased
  bool chance(double probability);
  double normal(double mean = 0.0, double sd = 1.0);
  double lognormal(double mu, double sigma);                    // parameters of the logarithm
  double lognormal_by_mean(double mean, double sd);             // mean and sd of the value itself
  double lognormal_by_quantiles(double median, double p95);     // median and 95th percentile of the value
  double exponential(double mean);

 private:
  std::uint64_t seed_;
  std::array<std::uint64_t, 4> state_;
};

}  // namespace promenade::base

#include "tracking/base/random.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "tracking/base/assert.h"

namespace promenade::base {
namespace {

std::uint64_t splitmix64(std::uint64_t& x) {
  x += 0x9e3779b97f4a7c15u;
  std::uint64_t z = x;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed) : seed_(seed) {
  for (std::uint64_t& word : state_) word = splitmix64(seed);
}

Random Random::fork(std::string_view purpose, std::uint64_t number) const {
  std::uint64_t hash = 0xcbf29ce484222325u ^ seed_;  // FNV-1a over the purpose, then mixed with the number
  for (const char c : purpose) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3u;
  std::uint64_t mixed = hash ^ (number * 0x9e3779b97f4a7c15u);
  return Random(splitmix64(mixed));
}

Random::result_type Random::operator()() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::uniform() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }
double Random::uniform(double low, double high) { return low + (high - low) * uniform(); }

std::uint64_t Random::below(std::uint64_t count) {
  PROMENADE_ASSERT(count > 0);
  const std::uint64_t limit = max() - max() % count;
  for (;;) {  // ends: each draw is accepted with a chance above one half
    const std::uint64_t draw = (*this)();
    if (draw < limit) return draw % count;
  }
}

bool Random::chance(double probability) { return uniform() < probability; }

double Random::normal(double mean, double sd) {  // Box-Muller; the second value is dropped so that draws never hide
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return mean + sd * radius * std::cos(2.0 * std::numbers::pi * uniform());
}

double Random::lognormal(double mu, double sigma) { return std::exp(normal(mu, sigma)); }

double Random::lognormal_by_mean(double mean, double sd) {
  const double variance = std::log(1.0 + (sd * sd) / (mean * mean));
  return lognormal(std::log(mean) - variance / 2.0, std::sqrt(variance));
}

double Random::lognormal_by_quantiles(double median, double p95) {
  constexpr double kZ95 = 1.6448536269514722;  // 95 % quantile of the standard normal
  return lognormal(std::log(median), std::log(p95 / median) / kZ95);
}

double Random::exponential(double mean) { return -mean * std::log(1.0 - uniform()); }

}  // namespace promenade::base

#include "tests/bench/ages.h"

#include <algorithm>

namespace promenade::bench {

void Ages::add(double age_s) {
  const double bin = std::clamp(age_s / kBin_s, 0.0, static_cast<double>(bins_.size() - 1));
  ++bins_[static_cast<std::size_t>(bin)];
  ++count_;
}

void Ages::add(const Ages& other) {
  for (std::size_t i = 0; i < bins_.size(); ++i) bins_[i] += other.bins_[i];
  count_ += other.count_;
}

double Ages::quantile_ms(double fraction) const {
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    below += bins_[i];
    if (below > 0 && static_cast<double>(below) >= fraction * static_cast<double>(count_)) return 1e3 * kBin_s * static_cast<double>(i + 1);
  }
  return 0.0;
}

}  // namespace promenade::bench

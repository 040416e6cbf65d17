#pragma once
// One meaning of a quantile for every bench. Pure.

#include <algorithm>
#include <cstddef>
#include <vector>

namespace promenade::bench {

// The value that a share `fraction` (0..1) of the values lies below, by nearest rank and never interpolated; 0 of nothing.
inline double quantile(std::vector<double> values, double fraction) {
  if (values.empty()) return 0.0;
  const std::size_t rank = std::min(values.size() - 1, static_cast<std::size_t>(fraction * static_cast<double>(values.size())));
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(rank));
  return values[rank];
}

}  // namespace promenade::bench

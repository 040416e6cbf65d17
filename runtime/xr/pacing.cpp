#include "runtime/xr/pacing.h"

#include <algorithm>

namespace promenade::xr {

void Pacing::waited(std::int64_t display_ns, std::int64_t period_ns, bool should_render) {
  const std::int64_t step = display_ns - last_ns_;
  const std::int64_t periods = period_ns > 0 ? (step + period_ns / 2) / period_ns : 1;
  if (last_ns_ != 0 && wanted_ && should_render && periods > 1) {
    ++counts_.late;
    counts_.missed += static_cast<std::uint64_t>(periods - 1);
    counts_.late_run_max = std::max(counts_.late_run_max, ++run_);
  } else {
    run_ = 0;
  }
  last_ns_ = display_ns;
  wanted_ = should_render;
}

void Pacing::ended(bool with_layers, bool discarded) {
  if (with_layers) ++counts_.frames;
  if (discarded || (wanted_ && !with_layers)) ++counts_.dropped;
}

void Pacing::pause() {
  last_ns_ = 0;
  run_ = 0;
  wanted_ = false;
}

}  // namespace promenade::xr

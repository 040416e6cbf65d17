#pragma once
// Counts frames, and those that missed their turn, from what the runtime tells. Pure.

#include <cstdint>

#include "tracking/base/clock.h"

namespace promenade::xr {

struct FrameCounts {
  std::uint64_t frames = 0;       // ended with layers
  std::uint64_t late = 0;         // shown after at least one period had passed without a new frame of ours
  std::uint64_t missed = 0;       // those periods
  std::uint64_t dropped = 0;      // discarded by the runtime, or without layers although they were to be rendered
  std::uint64_t late_run_max = 0; // late frames one after another
};

class Pacing {
 public:
  // A wait has ended: the next frame is shown at `display_ns`, periods are `period_ns` long.
  void waited(std::int64_t display_ns, std::int64_t period_ns, bool should_render);
  void ended(bool with_layers, bool discarded);
  void pause();                   // the session is not running: the gap that follows is nobody's lateness
  const FrameCounts& counts() const { return counts_; }

 private:
  FrameCounts counts_;
  std::int64_t last_ns_ = 0;      // 0: none before
  std::uint64_t run_ = 0;
  bool wanted_ = false;
};

}  // namespace promenade::xr

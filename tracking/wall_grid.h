#pragma once
// Which obstacles of a hall can be near a point, without looking at all of them: a uniform grid made once from the venue.
// Frame: Hall, metres. Pure; immutable afterwards, so any thread may read it. It holds places in the venue's list of
// obstacles and answers for that venue as it was when the grid was made.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tracking/venue.h"

namespace promenade::tracking {

class WallGrid {
 public:
  static constexpr double kCell_m = 2.0;
  static constexpr double kReach_m = 5.0;  // further than a walker's wall matters, unless he runs or has not been heard

  explicit WallGrid(const Venue& venue);
  // The obstacles that p is in or within radius_m of, and perhaps others, in the venue's order. nullopt where the grid
  // does not know: beyond the boundary's bounds, or a radius over kReach_m; then every obstacle may be meant.
  std::optional<std::span<const std::uint32_t>> near(HallPoint p, double radius_m) const;

 private:
  HallPoint low_;
  HallPoint high_;
  std::size_t columns_ = 1;
  std::vector<std::uint32_t> begin_;      // of each cell's obstacles, and the end of the last
  std::vector<std::uint32_t> obstacles_;
};

}  // namespace promenade::tracking

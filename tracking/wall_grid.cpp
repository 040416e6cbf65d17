#include "tracking/wall_grid.h"

#include <algorithm>
#include <cmath>

#include "tracking/box.h"

namespace promenade::tracking {
namespace {

// How far two intervals are apart; 0 when they meet.
double gap(double low, double high, double other_low, double other_high) {
  return std::max({0.0, other_low - high, low - other_high});
}

std::size_t cells_over(double low, double high) {
  return static_cast<std::size_t>(std::max(1.0, std::ceil((high - low) / WallGrid::kCell_m)));
}

}  // namespace

WallGrid::WallGrid(const Venue& venue) {
  const Box hall = box_of(venue.boundary);
  low_ = hall.low;
  high_ = hall.high;
  columns_ = cells_over(low_.x, high_.x);
  std::vector<Box> boxes;
  for (const Obstacle& obstacle : venue.obstacles) boxes.push_back(box_of(obstacle.outline));
  for (std::size_t row = 0; row < cells_over(low_.y, high_.y); ++row) {
    for (std::size_t column = 0; column < columns_; ++column) {
      begin_.push_back(static_cast<std::uint32_t>(obstacles_.size()));
      const double x = low_.x + kCell_m * static_cast<double>(column);
      const double y = low_.y + kCell_m * static_cast<double>(row);
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        const double across = gap(x, x + kCell_m, boxes[i].low.x, boxes[i].high.x);
        const double up = gap(y, y + kCell_m, boxes[i].low.y, boxes[i].high.y);
        if (across * across + up * up <= kReach_m * kReach_m) obstacles_.push_back(static_cast<std::uint32_t>(i));
      }
    }
  }
  begin_.push_back(static_cast<std::uint32_t>(obstacles_.size()));
}

std::optional<std::span<const std::uint32_t>> WallGrid::near(HallPoint p, double radius_m) const {
  // Written so that a place that is no number is not known either.
  const bool known = radius_m <= kReach_m && p.x >= low_.x && p.y >= low_.y && p.x < high_.x && p.y < high_.y;
  if (!known) return std::nullopt;
  const auto column = static_cast<std::size_t>((p.x - low_.x) / kCell_m);
  const auto row = static_cast<std::size_t>((p.y - low_.y) / kCell_m);
  const std::size_t cell = row * columns_ + std::min(column, columns_ - 1);
  if (cell + 1 >= begin_.size()) return std::nullopt;
  return std::span(obstacles_).subspan(begin_[cell], begin_[cell + 1] - begin_[cell]);
}

}  // namespace promenade::tracking

#include "showcontrol/planning/taken_floor.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace promenade::planning {

TakenFloor::TakenFloor(const Floor& floor, double radius_m)
    : floor_(&floor), radius_m_(radius_m), words_((static_cast<std::size_t>(floor.columns()) + 63) / 64), taken_(words_ * static_cast<std::size_t>(floor.rows()), 0) {}

void TakenFloor::mark(HallPoint place, Rows& rows) const {
  const double x = (place.x - floor_->low().x) / Floor::kCell_m - 0.5, y = (place.y - floor_->low().y) / Floor::kCell_m - 0.5;  // in cells' middles
  const double radius = radius_m_ / Floor::kCell_m;
  const int last_row = std::min(floor_->rows() - 1, static_cast<int>(std::floor(y + radius)));
  for (int row = std::max(0, static_cast<int>(std::ceil(y - radius))); row <= last_row; ++row) {
    const double half = std::sqrt(std::max(0.0, radius * radius - (row - y) * (row - y)));
    const int last = std::min(floor_->columns() - 1, static_cast<int>(std::floor(x + half)));
    for (int column = std::max(0, static_cast<int>(std::ceil(x - half))); column <= last; ++column) {
      rows[static_cast<std::size_t>(row) * words_ + static_cast<std::size_t>(column) / 64] |= std::uint64_t{1} << (column % 64);
    }
  }
}

void TakenFloor::take(HallPoint place) { mark(place, taken_); }

double TakenFloor::newly_taken_m2(const std::vector<HallPoint>& places) const {
  Rows mine(taken_.size(), 0);
  for (const HallPoint place : places) mark(place, mine);
  int cells = 0;
  for (std::size_t i = 0; i < mine.size(); ++i) cells += std::popcount(mine[i] & ~taken_[i]);
  return cells * Floor::kCell_m * Floor::kCell_m;
}

double TakenFloor::share() const {
  std::size_t taken = 0;
  for (const int cell : floor_->floor_cells()) {
    const auto row = static_cast<std::size_t>(cell / floor_->columns()), column = static_cast<std::size_t>(cell % floor_->columns());
    taken += taken_[row * words_ + column / 64] >> (column % 64) & 1;
  }
  return static_cast<double>(taken) / std::max<double>(1.0, static_cast<double>(floor_->floor_cells().size()));
}

}  // namespace promenade::planning

#include "showcontrol/planning/transit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "showcontrol/planning/timing.h"

namespace promenade::planning {
namespace {

constexpr double kUnreached = std::numeric_limits<double>::infinity();
constexpr double kOccupiedPrice = 8.0;  // factor added for floor that another holds during the whole window
constexpr double kBeside_m = 0.1;       // beyond the separation, for ways along cells' centres
constexpr double kBesideBody_m = 0.4;   // likewise for a body in the way, whose place is known less well: nearer a viewer might be paused
constexpr double kReach_m = 1.0;        // a door or place is joined to cells within this
constexpr double kShortcut = 1.01;      // a straight leg is taken if it costs no more than this times the steps
constexpr double kDiagonal_m = Floor::kCell_m * std::numbers::sqrt2;
constexpr std::size_t kPullAhead = 48;  // steps that one leg may replace

}  // namespace

std::vector<double> crossing_costs(const Floor& floor, const Snapshot& snapshot, double from_s, double to_s) {
  std::vector<double> costs(static_cast<std::size_t>(floor.columns() * floor.rows()), 1.0);
  for (const ProjectedPlay& other : snapshot.plays) {
    for (std::size_t k = other.first_block; k < other.plan.block_count(); ++k) {
      const double overlap = std::min(to_s, other.plan.leave_s(k)) - std::max(from_s, other.plan.entered_s(k));
      if (overlap <= 0.0 || to_s <= from_s) continue;
      const double price = kOccupiedPrice * overlap / (to_s - from_s);
      for (const int cell : floor.cells_near(other.plan.block(k).path, floor.plan().separation_m + kBeside_m)) {
        costs[static_cast<std::size_t>(cell)] += price;
      }
    }
  }
  for (const BlockingBody& body : snapshot.bodies) {
    const double overlap = std::min(to_s, stays_until_s(body, snapshot.now_s)) - from_s;
    if (overlap <= 0.0 || to_s <= from_s) continue;
    Path taken = body.way;
    taken.insert(taken.begin(), body.at);
    for (const int cell : floor.cells_near(taken, body.radius_m + kBesideBody_m)) costs[static_cast<std::size_t>(cell)] += kOccupiedPrice * overlap / (to_s - from_s);
  }
  return costs;
}

TransitField::TransitField(const Floor& floor, HallPoint door, std::optional<HallPoint> seat, std::vector<double> costs)
    : floor_(&floor), door_(door), excused_{door}, costs_(std::move(costs)) {
  if (seat) excused_.push_back(*seat);
  margins_ = floor.margins(excused_);
  free_ = floor.free_cells(excused_);
  reached_.assign(free_.size(), kUnreached);
  before_.assign(free_.size(), -1);
  for (const int cell : floor.floor_cells()) {
    const auto i = static_cast<std::size_t>(cell);
    const HallPoint at = floor.cell_centre(cell);
    const double length = tracking::distance(door, at);
    if (!free_[i] || length > kReach_m || !floor.keeps(door, at, margins_)) continue;
    reach(cell, length * costs_[i], -1);
  }
  for (std::size_t bucket = 0; bucket < queue_.size(); ++bucket) {
    for (std::size_t k = 0; k < queue_[bucket].size(); ++k) spread_from(queue_[bucket][k], bucket);
  }
  queue_.clear();
}

void TransitField::reach(int cell, double cost, int before) {
  const auto i = static_cast<std::size_t>(cell);
  reached_[i] = cost;
  before_[i] = before;
  const auto bucket = static_cast<std::size_t>(cost / Floor::kCell_m);
  if (bucket >= queue_.size()) queue_.resize(bucket + 1);
  queue_[bucket].push_back(cell);
}

void TransitField::spread_from(int cell, std::size_t bucket) {
  const double cost = reached_[static_cast<std::size_t>(cell)];
  if (static_cast<std::size_t>(cost / Floor::kCell_m) < bucket) return;  // spread from there already
  const int columns = floor_->columns();
  const int column = cell % columns;
  const int row = cell / columns;
  const double half_here = costs_[static_cast<std::size_t>(cell)] / 2.0;
  for (int y = std::max(0, row - 1); y <= std::min(floor_->rows() - 1, row + 1); ++y) {
    for (int x = std::max(0, column - 1); x <= std::min(columns - 1, column + 1); ++x) {
      const int next = y * columns + x;
      const auto i = static_cast<std::size_t>(next);
      if (!free_[i]) continue;
      const double reached = cost + (x != column && y != row ? kDiagonal_m : Floor::kCell_m) * (half_here + costs_[i] / 2.0);
      if (reached < reached_[i]) reach(next, reached, cell);
    }
  }
}

double TransitField::cost_along(HallPoint a, HallPoint b) const {
  const double length = tracking::distance(a, b);
  const int samples = std::max(1, static_cast<int>(std::ceil(length / Floor::kCell_m)));
  double sum = 0.0;
  for (int i = 0; i < samples; ++i) {
    sum += costs_[static_cast<std::size_t>(floor_->cell_at(a + (b - a) * ((i + 0.5) / samples)))];
  }
  return sum * length / samples;
}

Path TransitField::pull(const Path& steps) const {
  Path path{steps.front()};
  std::size_t here = 0;
  while (here + 1 < steps.size()) {
    std::size_t best = here + 1;
    double cost = cost_along(steps[here], steps[here + 1]);
    for (std::size_t ahead = here + 2; ahead < std::min(steps.size(), here + kPullAhead); ++ahead) {
      cost += cost_along(steps[ahead - 1], steps[ahead]);
      if (cost_along(steps[here], steps[ahead]) > cost * kShortcut) continue;
      if (floor_->keeps(steps[here], steps[ahead], margins_)) best = ahead;
    }
    here = best;
    path.push_back(steps[here]);
  }
  return path;
}

std::optional<Path> TransitField::way_to(HallPoint place) const {
  const auto steps = steps_to(place);
  return steps ? pulled(*steps) : std::nullopt;
}

std::optional<Path> TransitField::steps_to(HallPoint place) const {
  int best = -1;
  double least = kUnreached;
  const int reach = static_cast<int>(std::ceil(kReach_m / Floor::kCell_m));
  const int centre = floor_->cell_at(place);
  for (int dy = -reach; dy <= reach; ++dy) {
    for (int dx = -reach; dx <= reach; ++dx) {
      const int x = centre % floor_->columns() + dx;
      const int y = centre / floor_->columns() + dy;
      if (x < 0 || y < 0 || x >= floor_->columns() || y >= floor_->rows()) continue;
      const int cell = y * floor_->columns() + x;
      const auto i = static_cast<std::size_t>(cell);
      const HallPoint at = floor_->cell_centre(cell);
      const double length = tracking::distance(at, place);
      const double cost = reached_[i] + length * costs_[i];
      if (cost >= least || length > kReach_m || !floor_->keeps(at, place, margins_)) continue;
      least = cost;
      best = cell;
    }
  }
  if (best < 0) return std::nullopt;
  Path steps{place};
  for (int cell = best; cell >= 0; cell = before_[static_cast<std::size_t>(cell)]) steps.push_back(floor_->cell_centre(cell));
  steps.push_back(door_);
  std::ranges::reverse(steps);
  return steps;
}

std::optional<Path> TransitField::pulled(const Path& steps) const {
  Path path = pull(steps);
  if (path.size() >= floor_->plan().way_points_most) return std::nullopt;  // one is left for where a way begins inside the kitting area
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (!floor_->keeps(path[i - 1], path[i], margins_)) return std::nullopt;
  }
  return path;
}

}  // namespace promenade::planning

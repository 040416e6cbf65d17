#include "showcontrol/hall/ways_out.h"

#include <algorithm>

namespace promenade::hall {
namespace {

constexpr double kShoulder_m = 0.40;   // from walls and chairs: one who leaves may come nearer to them than a film leads
constexpr double kBeside_m = 1.6;      // whoever stands where no way begins is led from the nearest place so far away

// Doors lie in the wall: their own places are asked with less room than that.
planning::FloorPlan bare_floor(const tracking::Venue& venue) {
  planning::FloorPlan plan;
  plan.boundary = venue.boundary;
  for (const tracking::Obstacle& obstacle : venue.obstacles) plan.obstacles.push_back(obstacle.outline);
  plan.wall_margin_m = std::min({kShoulder_m, venue.clearance_m(venue.exit.at), venue.clearance_m(venue.entrance.at)});
  for (const tracking::Seat& seat : venue.seats) plan.keep_clear.push_back({"seat " + seat.id, {seat.at}, seat.radius_m, 0.0});
  return plan;
}

planning::TransitField field(const planning::Floor& floor, tracking::HallPoint door) {
  return {floor, door, std::nullopt, std::vector<double>(static_cast<std::size_t>(floor.columns() * floor.rows()), 1.0)};
}

}  // namespace

std::vector<tracking::HallPoint> as_told(const planning::Path& way) {
  return {way.begin(), way.begin() + static_cast<std::ptrdiff_t>(std::min(way.size(), protocol::kWaypointsMax))};
}

WaysOut::WaysOut(const tracking::Venue& venue)
    : floor_(bare_floor(venue)), exit_(field(floor_, venue.exit.at)), entrance_(field(floor_, venue.entrance.at)) {}

WaysOut::Way WaysOut::to(const planning::TransitField& doorway, protocol::DoorName name, tracking::HallPoint from) const {
  Way way{name, doorway.door(), {}, tracking::distance(from, doorway.door())};
  auto path = doorway.way_to(from);
  if (!path) {  // beside a wall or on a chair: one step to where a way begins
    double nearest_m = kBeside_m;
    for (const int cell : floor_.floor_cells()) {
      const tracking::HallPoint at = floor_.cell_centre(cell);
      const double distance_m = tracking::distance(at, from);
      if (distance_m >= nearest_m) continue;
      if (auto beside = doorway.way_to(at)) {
        nearest_m = distance_m;
        path = std::move(beside);
      }
    }
    if (!path) return way;
    path->push_back(from);
  }
  std::ranges::reverse(*path);
  way.length_m = planning::path_length_m(*path);
  way.path = std::move(*path);
  return way;
}

WaysOut::Way WaysOut::to_exit(tracking::HallPoint from) const { return to(exit_, protocol::DoorName::exit, from); }

WaysOut::Way WaysOut::nearest(tracking::HallPoint from) const {
  Way by_exit = to_exit(from);
  Way by_entrance = to(entrance_, protocol::DoorName::entrance, from);
  // A door with a known way goes before one without.
  if (by_exit.path.empty() != by_entrance.path.empty()) return by_exit.path.empty() ? by_entrance : by_exit;
  return by_entrance.length_m < by_exit.length_m ? by_entrance : by_exit;
}

}  // namespace promenade::hall

#include "showcontrol/planning/hall_floor.h"

namespace promenade::planning {
namespace {

// Mean of the walker model's row "start-up after a gate opens" (lognormal, median 1.5 s, p95 6 s).
constexpr double kSettingOff_s = 2.1;
constexpr double kBesideSeat_m = 0.05;
// Between the stops of ways. All ways out meet at the exit: without stops nobody could set out while another is on his
// way there. At least the separation and the step of one who follows.
constexpr double kWayStop_m = 3.0;
// The last stop is as near to the exit as the next viewer may stand: one by one they leave through it.
constexpr double kBeyondSeparation_m = 0.2;

}  // namespace

FloorPlan with_run_ways(FloorPlan floor) {
  floor.setting_off_s = kSettingOff_s;
  floor.way_in_stop_m = floor.way_out_stop_m = kWayStop_m;
  floor.way_out_last_m = floor.separation_m + kBeyondSeparation_m;
  return floor;
}

FloorPlan hall_floor(const tracking::Venue& venue) {
  FloorPlan plan;
  plan.boundary = venue.boundary;
  for (const tracking::Obstacle& obstacle : venue.obstacles) plan.obstacles.push_back(obstacle.outline);
  plan.wall_margin_m = venue.wall_margin_m;
  plan.separation_m = plan.seat_separation_m = venue.separation_m;  // viewers walk to their chairs blind
  plan.member_apart_m = member_apart_m(venue);
  plan.tolerance_s = venue.time_tolerance_s;
  plan = with_run_ways(std::move(plan));
  if (!venue.kitting.empty()) plan.keep_clear.push_back({"kitting", venue.kitting, kKittingClear_m, kKittingSolid_m});
  for (const tracking::Seat& seat : venue.seats) {
    // A way any nearer would close the chair to others for as long as it is planned.
    plan.keep_clear.push_back({"seat " + seat.id, {seat.at}, venue.separation_m + kBesideSeat_m, seat.radius_m});
  }
  keep_door_clear(plan, "entrance", venue.entrance.at, venue.separation_m);  // people come in beside those who watch
  plan.keep_clear.push_back({"exit", {venue.exit.at}, venue.door_zone_m, 0.0});
  return plan;
}

}  // namespace promenade::planning

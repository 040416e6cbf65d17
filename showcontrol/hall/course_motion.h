#pragma once
// Where a viewer is on his course, where it will have him shortly at his own film clock, and how far he is off it.
// Pure functions on a plan; hall floor in metres, seconds.

#include "showcontrol/hall/visit.h"
#include "tracking/body.h"

namespace promenade::hall {

struct OnPath {
  double along_m = 0.0;     // of the nearest point of the path
  double distance_m = 0.0;  // from it
};
OnPath nearest_on_path(const planning::Path& path, HallPoint p);

// Film time of the block's scene that is still to play; 0 when it has played, and on the ways.
// `place`: of the viewer in his group's formation; his lanes are those of the course for it.
double remaining_stay_s(const Course& course, const Walked& walked);
// Where the plan has him `ahead_s` from now: he walks at the plan's speed and stands in his scene until it has
// played; a gate that is not open counts as closed. `along_m`: on his own lane.
HallPoint planned_point(const Course& course, const Walked& walked, double along_m, double ahead_s, std::size_t place = 0);
// Distance from the path of his block and from the free areas at its ends; 0 on or in them.
double stray_m(const Course& course, const Walked& walked, HallPoint p, std::size_t place = 0);
// The same now, or shortly as he goes, whichever is more (tracking::off_plan_look_s).
double off_plan_m(const Course& course, const Walked& walked, HallPoint p, tracking::HallVec velocity, std::size_t place = 0);
// How far he is along his block, in metres of it: the share of his own lane.
double along_block_m(const planning::Block& block, const Walked& walked, HallPoint p, std::size_t place = 0);
// The way through blocks `first` to `last` with its stops, as a headset is told it, every corner of it: a corner left out may
// lead through a column.
void add_way(const planning::PlayPlan& plan, std::size_t first, std::size_t last, std::size_t place, std::vector<HallPoint>& way, std::vector<std::uint8_t>& stops);
// Film time from now to the end of the last scene if no gate holds him.
double remaining_s(const Course& course, const Walked& walked, double along_m);

}  // namespace promenade::hall

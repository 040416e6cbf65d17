#pragma once
// A play plan: where a film lies in the hall and when each of its gates opens, as a chain of blocks.
// Frame: hall floor, metres. Time: seconds on the hall's clock (base::seconds_since_zero). Pure values.
//
// A viewer can be held only at gates, so the floor is given away in blocks, as on a railway. Block k is the way
// from the place of block k - 1 (a straight leg, or a way in or out round obstacles) and the stay in the place
// at its end. Gate k lets a viewer into block k. The way in leads to scene 0 and the way out ends at the exit;
// either may be divided at waypoints, which are places with no film (scene == kNoScene).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "content-tools/package/route.h"
#include "showcontrol/planning/floor.h"
#include "tracking/base/id.h"

namespace promenade::planning {

inline constexpr int kNoScene = -1;
inline constexpr double kWaypointHold_s = 30.0;    // longest planned stop on a way in or out
inline constexpr std::size_t kWayPointsMost = 16;  // of a way in or out, both ends, corners and stops: what an order for a headset can tell

struct Block {
  Path path;                // from the previous place to this one; one point when the viewer appears at the place
  double length_m = 0.0;    // of the path
  double stay_s = 0.0;      // nominal time in the place after arrival; 0 at waypoints and at the exit
  double hold_max_s = 0.0;  // longest hold planned at the next gate
  int scene = kNoScene;     // the film's scene in the place; kNoScene on the way in and out
  HallPoint low, high;      // corners of the box round the path and all lanes
  // Of a group: each member's own path, from his own place to his own; empty where one viewer walks `path`. Somebody's
  // share of his lane that is walked counts as that share of `length_m`.
  std::vector<Path> lanes;

  HallPoint place() const { return path.back(); }
  const Path& lane(std::size_t member) const { return lanes.empty() ? path : lanes[member]; }
  friend bool operator==(const Block&, const Block&) = default;
};

Block make_block(Path path, double stay_s, double hold_max_s, int scene);
void fit_to_lanes(Block& block);  // box and length, which is the longest lane's
// Whether the paths' boxes are farther apart than `by_m`: a quick test before a thorough one.
inline bool boxes_apart(HallPoint a_low, HallPoint a_high, HallPoint b_low, HallPoint b_high, double by_m) {
  return a_low.x > b_high.x + by_m || b_low.x > a_high.x + by_m || a_low.y > b_high.y + by_m || b_low.y > a_high.y + by_m;
}

struct TimedPoint {
  HallPoint at;
  double time_s = 0.0;
};

// Another way that the viewer may choose (package::Next): where the film's route is a graph, a plan keeps it free until he has
// chosen, with gate times of its own. From a choice on the plan is so a tree, and its viewer will walk one branch of it.
struct Branch {
  std::size_t after = 0;     // number of the block in whose place the choice is made
  std::uint8_t option = 0;   // which of that scene's followers it leads to
  std::vector<Block> blocks; // to the end of that way: at least one
  std::vector<double> enter_s;
  double end_s = 0.0;
  friend bool operator==(const Branch&, const Branch&) = default;
};

struct PlayPlan {
  base::PlayId play;
  base::FilmId film;
  tracking::Placement placement;  // hall_from_film, after the route was scaled
  double scale = 1.0;             // of the route's film metres
  int members = 1;                // viewers who share the plan
  std::vector<HallVec> offsets;   // of a group: each member's place from the point of the plan, hall floor; empty: one viewer
  // Of a way on which a latecomer is led to his group: the group's play, and the block of it at whose place he joins it. The
  // group does not leave that place before he is there; otherwise the two are no strangers, and nothing is kept between them.
  base::PlayId joins;
  std::size_t joins_block = 0;
  bool seated = false;
  double speed_mps = 0.7;
  double hold_total_max_s = 0.0;  // of the film: all its holds together
  double setting_off_s = 0.0;     // from a gate's opening until the viewer walks at that speed
  std::vector<Block> blocks;      // at least one; of who goes the first way at every choice that is still open
  std::vector<double> enter_s;    // planned time of passing gate k, one for each block; enter_s[0] is the entry
  double end_s = 0.0;             // arrival at the exit, or departure from the last scene where there is no way out
  std::vector<Branch> branches;   // of choices that are still open; a later one may go off from an earlier one

  // Blocks have numbers: `blocks` first, then those of each branch. Times below are of any of them.
  std::size_t block_count() const { return branches.empty() ? blocks.size() : blocks.size() + branch_blocks(); }
  const Block& block(std::size_t number) const { return number < blocks.size() ? blocks[number] : branch_block(number); }
  double entered_s(std::size_t number) const { return number < blocks.size() ? enter_s[number] : branch_entered_s(number); }
  std::optional<std::size_t> before(std::size_t number) const;       // none: the play begins with it
  std::vector<std::size_t> followers(std::size_t number) const;      // several at a choice; none where the play ends
  bool choice_open_at(std::size_t number) const;
  // Goes `option` at the choice in the place of `after`, which must be on the expected way: that one is expected from here on,
  // and the others at this choice are gone. What number each block has now; none: it is gone.
  std::vector<std::optional<std::size_t>> choose(std::size_t after, std::uint8_t option);

  std::size_t first_scene_block() const;             // the block whose place is scene 0
  std::size_t last_scene_block() const;
  std::size_t scene_block(int scene) const;          // the block whose place is that scene
  double walk_s(std::size_t block) const;            // nominal time of the block's way, setting off included
  double walk_s(std::size_t block, double position_m) const;  // of its first part
  double arrive_s(std::size_t block) const;          // planned arrival at its place
  double leave_s(std::size_t block) const;           // planned departure from its place: enter of the next, or end; at a choice the latest
  double start_s() const;                            // arrival at scene 0
  double planned_hold_s(std::size_t block) const;    // planned time in the place beyond its nominal stay
  double nominal_s() const;                          // scene 0 to the last departure without holds
  double stretch() const;                            // (last departure - start) / nominal
  HallPoint position_at(double time_s) const;        // planned point; the first or last outside the play
  // The same of a member of a group, who is at its share of his own lane.
  HallPoint position_at(double time_s, std::size_t member) const;
  // `position_at` from one time to another as the points at which it turns, stops or sets off, straight and at even speed
  // from each to the next. It begins with the entry where that is later, and ends with the play's end where that is
  // earlier; empty when the play is over before `from_s` or enters after `to_s`.
  std::vector<TimedPoint> course(double from_s, double to_s, std::size_t member = 0) const;
  friend bool operator==(const PlayPlan&, const PlayPlan&) = default;

 private:
  std::size_t branch_blocks() const;
  const Block& branch_block(std::size_t number) const;
  double branch_entered_s(std::size_t number) const;
};

// The block in whose place the first choice is made that is still open; none: nothing is to be chosen.
std::optional<std::size_t> next_choice(const PlayPlan& plan);

// A route laid into the hall: scenes' places as hall points (film metres * scale, then the placement).
std::vector<HallPoint> lay(const package::Route& route, const tracking::Placement& placement, double scale);

// Blocks of a laid route with its ways (empty paths: none), and no times yet. Waypoints as `floor` says. Of a route with choices
// those of the scenes that follow by default.
PlayPlan make_plan(const package::Route& route, const tracking::Placement& placement, double scale, const Path& way_in,
                   const Path& way_out, const FloorPlan& floor);
// Adds the branch that goes from the place of block `after` through `scenes` of the route, and by `way_out` to the exit; no times yet.
void add_branch(PlayPlan& plan, std::size_t after, std::uint8_t option, const package::Route& route, const std::vector<std::uint32_t>& scenes,
                const Path& way_out, const FloorPlan& floor);

}  // namespace promenade::planning

#pragma once
// The floor as a group sees it: wherever its point is free, so is every member's place round it. And the two points where
// its formation begins and ends: outside the kitting area, and before the exit, through which they leave one by one.
// Pure; metres on the hall floor.

#include <optional>
#include <vector>

#include "showcontrol/planning/formation.h"
#include "showcontrol/planning/planner.h"

namespace promenade::planning {

class GroupGround {
 public:
  // `offsets`: in the orientation of the film. With ConflictRule::points_in_time only the floor is made: ways are then led
  // as for one viewer, in file.
  GroupGround(const Floor& floor, const PlanRequest& request, ConflictRule rule);

  const Floor& floor() const { return floor_; }
  const std::vector<HallVec>& offsets() const { return offsets_; }
  const std::vector<GroupMember>& members() const { return members_; }
  const std::vector<GroupMember>& members_to(HallPoint launch) const;  // each by the point from which he comes straight to it
  bool leads_ways() const { return leads_ways_; }
  // Where the group's way may begin, nearest to where they stand first; empty: nowhere.
  const std::vector<HallPoint>& launches() const { return launches_; }
  // Where its way out ends in formation; none: nowhere, or it does not leave.
  const std::optional<HallPoint>& farewell() const { return farewell_; }

 private:
  std::vector<GroupMember> members_;
  std::vector<HallVec> offsets_;
  double spread_m_ = 0.0;
  Floor floor_;
  bool leads_ways_ = false;
  std::vector<HallPoint> launches_;
  std::vector<std::vector<GroupMember>> members_to_;  // for each of them
  std::optional<HallPoint> farewell_;
};

// Who of a request share its plan, those hand in hand one after the other; one for `members` where it names nobody.
std::vector<GroupMember> members_of(const PlanRequest& request);

}  // namespace promenade::planning

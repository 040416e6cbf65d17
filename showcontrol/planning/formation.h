#pragma once
// The places that the members of a group keep round the point that their plan leads: on a ring, each as far from the next
// as a group's members stand apart, who holds hands beside his companion. All members walk the same route shifted by
// their own offset, so that their legs are parallel and their places never cross. Pure; metres. Offsets are in the
// orientation of what they are laid with: of the film where they are made, of the hall floor in a plan.

#include <cstddef>
#include <optional>
#include <vector>

#include "content-tools/package/route.h"
#include "showcontrol/planning/plan.h"

namespace promenade::planning {

inline constexpr int kGroupMost = 6;          // members of one group
inline constexpr double kHandApart_m = 0.6;   // between two who hold hands: one body, side by side

struct GroupMember {
  std::optional<HallPoint> from;  // where he stands; none: where the group's way begins
  std::optional<HallPoint> by;    // first straight from there to here, whatever lies between
  std::vector<HallPoint> or_by;   // or to one of these, the nearest first: where from `by` the group's way cannot be reached straight
  bool hand = false;              // holds the hand of the one before him in the list, who holds nobody else's
  friend bool operator==(const GroupMember&, const GroupMember&) = default;
};

// One offset for each member: neighbours on the ring `apart_m` from each other, two hand in hand kHandApart_m, nobody else
// nearer than `apart_m`. Turned so that on the route's legs as few as possible walk one behind another. Empty for one.
std::vector<HallVec> formation(const std::vector<GroupMember>& group, double apart_m, const package::Route& route);
// From the point of the plan to the farthest member; 0 without offsets.
double spread_m(const std::vector<HallVec>& offsets);
// From the middle of their ring to each of them: the room that they need in a scene.
double ring_radius_m(const std::vector<GroupMember>& group, double apart_m);
// The least group radius of the route's scenes, and the first scene that has it.
double scene_room_m(const package::Route& route, std::size_t* scene = nullptr);
// Whether these may walk the route together: no more than the film allows, and each at his place within every scene.
bool may_share(const package::Route& route, const std::vector<GroupMember>& group, double apart_m);
// The most who may, nobody of them hand in hand; at least 1.
int group_room(const package::Route& route, double apart_m);

// The offsets as `placement` turns and mirrors them, which is not scaled: people do not shrink.
std::vector<HallVec> laid_offsets(const std::vector<HallVec>& offsets, const tracking::Placement& placement);
// Which place each member takes, so that their ways from where they stand to `launch` cross least: the least sum of
// squared distances (Turpin, Michael, Kumar 2014, IJRR 33(1): of such ways none come near each other where all walk
// alike). Who holds hands stays beside his companion. Offsets in the order of the group.
std::vector<HallVec> assigned(const std::vector<GroupMember>& group, const std::vector<HallVec>& offsets, HallPoint launch);

// Gives every block of a plan its members' lanes: its path shifted by each offset. On the first block each comes from
// where he stands; with an exit a last block is added on which they leave one after the other, from their places to it.
void give_lanes(PlayPlan& plan, const std::vector<GroupMember>& group, std::vector<HallVec> offsets, std::optional<HallPoint> exit);

}  // namespace promenade::planning

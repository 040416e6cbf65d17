#pragma once
// One answer of the planner in the making: placements of one request are considered one after the other, each is timed
// against the snapshot, and the best of those that go is taken. Not part of the planner's interface. Pure; hall floor in
// metres, hall time in seconds; what it is made from must outlive it.

#include <optional>
#include <vector>

#include "showcontrol/planning/group_ground.h"
#include "showcontrol/planning/opening.h"
#include "showcontrol/planning/occupancy.h"
#include "showcontrol/planning/placements.h"
#include "showcontrol/planning/planner.h"
#include "showcontrol/planning/taken_floor.h"
#include "showcontrol/planning/transit.h"

namespace promenade::planning {

class Search {
 public:
  Search(const Floor& floor, ConflictRule rule, const Weights& weights, const PlanRequest& request, const Snapshot& snapshot);

  bool fits(const LaidRoute& laid) const;
  // How a placement looks by the others' occupancy, its cost with the floor that it takes; nothing where it breaks a margin.
  std::optional<QuickLook::Prospect> look(const LaidRoute& laid);
  // Tries a placement that fits, exactly: whether it can be timed. Its viewer comes to scene 0 no earlier than `arrive_s`.
  bool try_placement(const LaidRoute& laid, double arrive_s);
  bool try_seat(PlanAnswer& answer);
  // Where `laid` nearly goes: whether it goes once plays in its way are held otherwise. `timings` is what it may still try.
  bool rearrange(const LaidRoute& laid, int& timings);
  struct Planned {
    PlayPlan plan;
    std::vector<Retimed> retimed;
  };
  // The best of all, or of the `leaders` best the one with most room for a fellow beside it, where one waits.
  std::optional<Planned> take_best(int leaders);
  std::optional<LaidRoute> best_laid() const;
  const Floor& ground() const { return group_ ? group_->floor() : floor_; }  // on which the route is laid
  bool way_missing() const { return way_missing_; }  // some place could not be reached, or left
  bool found() const { return !found_.empty(); }
  // How far the last placement that kept the margins could be timed: its scenes, and then all of its blocks.
  std::size_t reached() const { return reached_; }

 private:
  struct StepsIn {  // a way in as it may be taken, before it is pulled straight
    const TransitField* field = nullptr;
    Path steps;
  };
  struct Found {
    double cost = 0.0;
    Planned planned;
  };

  bool consider(const LaidRoute& laid);
  Interval arrivals_at(HallPoint place) const;
  QuickLook look_at_scale(double scale) const;
  Occupancy& occupancy();
  // A group's ways begin where it is launched: each member has his own way there, as a part of his lane.
  bool starts_inside(const TransitField* field) const { return request_.enter_by && !(group_ && group_->leads_ways()) && field == &in_.front(); }
  bool scenes_may_be_timed(const LaidRoute& laid, const std::vector<StepsIn>& ways);
  PlayPlan make_play(const LaidRoute& laid, const Path& way_in, const Path& way_out) const;
  std::optional<PlayPlan> timed(PlayPlan plan, const Snapshot& snapshot, double earliest_s, double latest_s, std::size_t* reached = nullptr) const;
  std::optional<PlayPlan> with_ways(const LaidRoute& laid);  // by the nearest way in
  struct Displaced {
    std::size_t play = 0;  // in the snapshot
    std::size_t gate = 0;  // its first that may be moved
  };
  std::optional<std::vector<Retimed>> retime(const std::vector<Displaced>& displaced, Snapshot& with, int& timings) const;
  void remember(double cost, Planned planned);
  bool keep(const LaidRoute& laid, const Path& way_in, const Path& way_out);
  const TransitField& out();
  void find_taken();
  double cost_of(const PlayPlan& plan) const;
  double narrowed(PlayPlan& plan);   // keeps as many of the film's ways free as go; what it costs that others are not
  std::optional<double> cost_beside(const PlayPlan& leader);  // of the best copy of it that can go at the same time

  bool no_way_for_group() const;

  const Floor& floor_;
  ConflictRule rule_;
  const Weights& weights_;
  const PlanRequest& request_;
  const Snapshot& snapshot_;
  double earliest_s_;
  std::optional<GroupGround> group_; // of more than one
  Ways ways_;                        // that the film's viewer may choose beside the expected one
  package::Route expected_;          // the film's for who never chooses
  std::vector<double> margins_;      // of the floor's areas to keep clear
  std::vector<TransitField> in_;     // one for each point at which the way in may begin
  std::optional<TransitField> out_;  // made when the first placement needs it
  std::optional<QuickLook> unscaled_;
  std::optional<Occupancy> occupancy_;   // found when the first placement is looked at
  std::optional<TakenFloor> taken_;      // by the other plays' places; found when the first placement goes
  double arrive_from_s_ = 0.0;           // of the placement that is tried
  double scarcity_ = 1.0;            // of floor: in an empty hall it costs nothing to take some
  std::vector<Found> found_;
  std::size_t best_ = 0;             // of them, the cheapest; the first of equals
  std::size_t reached_ = 0;
  bool way_missing_ = false;
};

}  // namespace promenade::planning

#pragma once
// Which ways of a film with choices a plan keeps free: all that go, and at least that of who never chooses.
// Pure; hall floor in metres, hall time in seconds.

#include <functional>
#include <optional>
#include <vector>

#include "showcontrol/planning/open_times.h"

namespace promenade::planning {

// The routes through a film beside that of who never chooses, each as the branch that leads to it.
class Ways {
 public:
  explicit Ways(const package::Route& route);
  std::size_t count() const { return ways_.size(); }  // beside the expected one
  std::uint32_t expected_end() const { return expected_.back(); }  // its last scene

  // The way out from a scene's place to the exit; none: there is none. Empty where nobody walks out.
  using WayOut = std::function<std::optional<Path>(HallPoint)>;
  // `plan` is of the film's expected route, with times. Adds as many branches as have room on the floor and in the time: all if
  // they go together, otherwise one after the other in the film's order, as far as they go. Its times are then chosen anew, and
  // the entry may be later. How many ways are not on offer.
  std::size_t open(PlayPlan& plan, const Floor& floor, const Snapshot& snapshot, ConflictRule rule, double earliest_s, double latest_s, const WayOut& way_out) const;

 private:
  struct Way {
    std::vector<std::uint32_t> scenes;  // the whole route
    std::size_t fork = 0;               // index in `scenes` of the scene where the choice is made
    std::uint8_t option = 0;
    std::optional<std::size_t> from;    // the way that it branches off; none: the expected one
  };
  struct Laid {
    bool fits = false;
    Path way_out;
  };
  std::size_t number_of(const PlayPlan& plan, const std::vector<std::optional<std::size_t>>& first_block, std::optional<std::size_t> way, std::size_t index) const;
  std::optional<PlayPlan> with(const PlayPlan& plan, const std::vector<bool>& kept, const std::vector<Laid>& laid, const Floor& floor) const;

  const package::Route& route_;
  std::vector<std::uint32_t> expected_;
  std::vector<Way> ways_;
};

}  // namespace promenade::planning

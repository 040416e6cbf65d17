#pragma once
// The headset's own safety: what it knows of walls and bodies, evaluated with the hall's own code, and the ghosts to
// draw. Pure; frame hall, metres, hall time. Bodies are those of the newest frame, grown with age and moved on along
// what was told of them; walls come from the venue file and need nobody.

#include <optional>
#include <span>
#include <vector>

#include "showcontrol/client/place.h"
#include "showcontrol/client/view.h"
#include "showcontrol/client/walk.h"
#include "tracking/level_filter.h"
#include "tracking/safety.h"

namespace promenade::client {

// A neighbour, told in the frame of time `told`, as he is taken to be at `now`: moved on by what was told, grown with age.
// `hand_pair` and `group` are those of the headset's own party.
tracking::Body told_body(const protocol::Neighbour& neighbour, base::HallTime told, base::HallTime now);
// How near (m) the neighbour's told plan comes to the viewer's own in the next 10 s, `silence_s` after the frame; infinite
// without a plan.
double planned_gap_m(const protocol::Neighbour& neighbour, double silence_s, const Walk& walk, tracking::HallPoint head);

class Guard {
 public:
  void set_venue(const tracking::SafetyLimits& limits) { filter_ = tracking::LevelFilter(tracking::relaxation_of(limits)); }

  struct Moment {
    base::HallTime now;
    bool worn = false;
    double silence_s = 0.0;         // since the last frame
    bool stands_among_staff = false;  // before the start, in the kitting area: only those who walk blind count
    std::uint16_t lifted = 0;       // causes that staff have lifted for this viewer, as HallState::lifted
  };
  // The held concern that is worst now. `frame`: the newest from the hall; none: walls only.
  tracking::Concern evaluate(const Moment& moment, const Place& place, const Walk& walk, const tracking::Venue& venue,
                             const protocol::HallState* frame);
  // Nothing is judged: the headset is on the shelf, or its place is not known; `concern` is all that is wrong.
  tracking::Concern hold(base::HallTime now, const tracking::Concern& concern);
  void reset();  // the visit is over: nothing held
  // The hall orders less than stop, knowing of ours: ends a held stop whose cause has been gone for a while.
  void release(base::HallTime now);

  const std::vector<Ghost>& ghosts() const { return ghosts_; }
  double wall_m() const { return wall_m_; }  // infinite when not known

 private:
  tracking::Body own_body(const Moment& moment, const Place& place, const Walk& walk, const tracking::Venue& venue) const;
  void add_neighbours(const Moment& moment, const tracking::Body& self, const tracking::Condition& condition, const Walk& walk,
                      const tracking::Venue& venue, const protocol::HallState& frame, tracking::Evaluation& out);
  tracking::Concern settle(base::HallTime now, const tracking::Evaluation& evaluation);

  tracking::LevelFilter filter_;
  std::optional<base::HallTime> calm_since_;  // raw level below pause
  std::vector<Ghost> ghosts_;
  double wall_m_ = tracking::kForever_s;
};

}  // namespace promenade::client

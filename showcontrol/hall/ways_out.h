#pragma once
// The shortest ways round walls and chairs from anywhere in the hall to its doors, for evacuations and for viewers who
// are led out. Frame: hall floor, metres. Pure; made once from a venue; costs about a millisecond for each door, and
// tens of microseconds a question.

#include <memory>
#include <optional>
#include <vector>

#include "showcontrol/planning/transit.h"
#include "showcontrol/protocol/messages.h"
#include "tracking/venue.h"

namespace promenade::hall {

// As many points as the wire takes: of a longer way the beginning, which is told again as it is walked.
std::vector<tracking::HallPoint> as_told(const planning::Path& way);

class WaysOut {
 public:
  struct Way {
    protocol::DoorName name = protocol::DoorName::exit;
    tracking::HallPoint door;
    std::vector<tracking::HallPoint> path;  // from the place to the door; empty: none is known, only where the door is
    double length_m = 0.0;                  // of the path, or straight to the door
  };

  explicit WaysOut(const tracking::Venue& venue);
  Way nearest(tracking::HallPoint from) const;  // by length of way; at equal length the exit
  Way to_exit(tracking::HallPoint from) const;

 private:
  Way to(const planning::TransitField& field, protocol::DoorName name, tracking::HallPoint from) const;

  planning::Floor floor_;
  planning::TransitField exit_, entrance_;
};

}  // namespace promenade::hall

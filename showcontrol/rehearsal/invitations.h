#pragma once
// Who is asked to come while a rehearsal keeps its hall busy: always somebody for the film that was wanted least so
// far, so that every film plays. Shared by `live` and by the same run under a virtual clock. One thread; rehearsal
// seconds.

#include <utility>
#include <vector>

#include "showcontrol/rehearsal/house.h"

namespace promenade::rehearsal {

struct BusyRun {
  double seconds = 150.0;  // nobody is let in after this; the last ones finish
  int viewers = 0;         // at most so many; 0: as many as come in time
  double pace_s = 4.0;     // that fitting a headset takes
};

// The habits of a house whose staff are as many and as quick as a busy run needs.
void hurry(HouseHabits& habits, const tracking::Venue& venue, const BusyRun& run);

class Invitations {
 public:
  Invitations(const client::FilmShelf& films, const BusyRun& run);
  void step(House& house, double now_s);

 private:
  std::size_t wanted_most(const House& house) const;

  BusyRun run_;
  std::vector<std::pair<base::FilmId, bool>> films_;  // and whether one sits in it
  std::vector<int> invited_to_;
  int invited_ = 0;
  double next_s_ = 0.0;
};

}  // namespace promenade::rehearsal

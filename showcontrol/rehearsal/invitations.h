#pragma once
// Who is asked to come while a rehearsal keeps its hall busy: always somebody for the film that fewest are in or wait
// for, so that every film plays; for a seated one while a chair is free, and then first. Shared by `live` and by the same run
// under a virtual clock. One thread; rehearsal seconds.

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "showcontrol/rehearsal/house.h"

namespace promenade::rehearsal {

struct BusyRun {
  double seconds = 150.0;  // nobody is let in after this; the last ones finish
  int viewers = 0;         // at most so many; 0: as many as come in time
  int present = 0;         // at most so many at one moment whose film is not over; 0: as many as come
  double pace_s = 4.0;     // that fitting a headset takes
  double full_s = 0.0;     // nor once the hall has been full for so long in all; 0: the clock alone decides
};

// The habits of a house whose staff are as many and as quick as a busy run needs.
void hurry(HouseHabits& habits, const tracking::Venue& venue, const BusyRun& run);

class Invitations {
 public:
  Invitations(const client::FilmShelf& films, std::size_t chairs, const BusyRun& run);
  void step(House& house, double full_s, double now_s);  // full_s: as Record counts it
  bool over() const { return over_; }                    // nobody is asked any more

 private:
  struct Wanted {
    std::size_t film = 0;
    bool missing = false;  // a chair is empty, or nobody has this film before him
  };
  std::optional<Wanted> wanted_most(const House& house) const;

  BusyRun run_;
  std::size_t chairs_ = 0;
  std::vector<std::pair<base::FilmId, bool>> films_;  // and whether one sits in it
  std::vector<int> invited_to_;
  int invited_ = 0;
  double next_s_ = 0.0;
  bool over_ = false;
};

}  // namespace promenade::rehearsal

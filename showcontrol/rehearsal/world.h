#pragma once
// The truth of a rehearsal: where everybody really is, and what really happened between them. Nothing of it is
// ever told to the hall. Contacts, wall contacts and near misses are episodes as the walker model defines them:
// begun below a threshold between head centres, ended 0.2 m above it. Pure; hall floor in metres, times in
// seconds of the rehearsal's clock; one thread.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "showcontrol/rehearsal/walker.h"
#include "tracking/venue.h"

namespace promenade::rehearsal {

struct Person {                  // as they are at this moment
  std::uint32_t number = 0;      // unique in the rehearsal
  HallPoint at;
  HallVec velocity;
  bool blind = false;            // wears a headset that shows a film or a path
  std::uint32_t group = 0;       // 0: alone; members of one group are no strangers
  std::uint32_t pair = 0;        // 0: nobody; two of the same pair hold hands: no contact within it
  bool staff = false;
  std::uint32_t hand = 0;        // whom he leads or helps, or who leads or helps him: touching is meant
};

struct Episode {
  double begin_s = 0.0;
  std::uint32_t a = 0, b = 0;    // b = 0: a wall or obstacle
  double least_m = 0.0;
  HallPoint where;
};

class World : public Room {
 public:
  explicit World(const tracking::Venue& venue);

  // The people in the hall at `now_s`, whole state; times must not go back.
  void step(double now_s, const std::vector<Person>& people);

  const std::vector<Episode>& contacts() const { return contacts_; }          // under 0.7 m, one of them blind
  const std::vector<Episode>& wall_contacts() const { return wall_contacts_; } // head under 0.35 m from a wall
  const std::vector<Episode>& near_misses() const { return near_misses_; }    // viewers under 1.0 m, walls under 0.5 m; on the floor
  double viewer_seconds() const { return viewer_seconds_; }                   // of blind people

  double clearance_m(HallPoint point) const override { return venue_.clearance_m(point); }
  HallPoint nearest_free(HallPoint point) const override;                      // 0.2 m from walls and obstacles

 private:
  struct Watch {                 // one kind of episode
    double threshold_m = 0.0;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> open;
  };
  void observe(Watch& watch, std::vector<Episode>& episodes, double now_s, std::uint32_t a, std::uint32_t b,
               double distance_m, HallPoint where);

  const tracking::Venue& venue_;
  double now_s_ = 0.0;
  bool started_ = false;
  double viewer_seconds_ = 0.0;
  Watch contact_{0.7, {}}, wall_contact_{0.35, {}}, near_{1.0, {}}, near_wall_{0.5, {}};
  std::vector<Episode> contacts_, wall_contacts_, near_misses_;
};

}  // namespace promenade::rehearsal

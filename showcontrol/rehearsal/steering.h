#pragma once
// How people who see the hall walk through it: straight on, round others, and out of the way of those who are blind.
// Pure; hall floor, metres, seconds.

#include <span>

#include "showcontrol/rehearsal/walker.h"
#include "showcontrol/rehearsal/world.h"

namespace promenade::rehearsal {

struct Steering {
  double speed_mps = 1.2;
  double keep_from_blind_m = 1.3;    // gives way to somebody blind
  double keep_from_sighted_m = 0.6;
  double look_ahead_s = 1.0;
};

// Where somebody at `at` who wants to be at `target` stands after `dt_s`. `self` and `hand` (whom he leads or helps;
// 0: nobody) are numbers of people that he does not avoid. Never nearer to a wall than people can be.
// How long somebody has come no nearer to where he wants to be. Who is kept waiting squeezes by, short of touching.
class Patience {
 public:
  Steering apply(Steering steering, HallPoint at, HallPoint target, double now_s);
  bool spent(double now_s, double for_s) const;  // no nearer for so long

 private:
  HallPoint target_;
  double nearest_m_ = 0.0, since_s_ = 0.0;
};

HallPoint steer(HallPoint at, HallPoint target, double dt_s, const Steering& steering, std::span<const Person> people,
                std::uint32_t self, std::uint32_t hand, const Room& room);

}  // namespace promenade::rehearsal

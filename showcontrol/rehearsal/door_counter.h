#pragma once
// A people counter at the doors: independent of headsets and tickets, with its own errors (row "door counter":
// misses 0.5 %, counts twice 0.3 %). It sees people, counts them, and hands over one interval at a time.
// Pure and seeded; UTC in, since its reports go to the box office.

#include <cstdint>

#include "tracking/base/clock.h"
#include "tracking/base/random.h"

namespace promenade::rehearsal {

struct DoorCount {  // of one interval
  base::UtcTime from, to;
  std::uint32_t entered = 0;
  std::uint32_t left = 0;
};

class DoorCounter {
 public:
  DoorCounter(base::Random random, base::UtcTime from, double miss = 0.005, double twice = 0.003);
  void passes_in();
  void passes_out();
  DoorCount take(base::UtcTime now);   // the interval since the last, which begins anew
  std::uint32_t truly_entered() const { return truly_entered_; }

 private:
  std::uint32_t seen();
  base::Random random_;
  base::UtcTime from_;
  double miss_, twice_;
  std::uint32_t entered_ = 0, left_ = 0, truly_entered_ = 0;
};

}  // namespace promenade::rehearsal

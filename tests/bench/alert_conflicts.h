#pragma once
// Pairs of viewers who come too near again and again: one walks up to the other, who stands, until both have been told to
// stop, goes back, and staff release both. Rim; one thread.

#include <vector>

#include "tests/bench/alert_crowd.h"
#include "tracking/base/random.h"

namespace promenade::bench {

class Conflicts {
 public:
  Conflicts(Crowd& crowd, const AlertHall& hall);
  // Until so many samples are had (two for each conflict) and everybody is back in his place, or the time is over.
  void run(std::size_t samples, double limit_s);

  // From the first sample at which the two are nearer than the stop distance to the arrival of the frame that says stop;
  // negative: told before. Milliseconds.
  const std::vector<double>& told_ms() const { return told_ms_; }
  // The same to the picture that says stop, by the headset's own evaluation or by the frame.
  const std::vector<double>& shown_ms() const { return shown_ms_; }
  std::size_t missed() const { return missed_; }  // not told within a second
  double took_s() const { return took_s_; }

 private:
  enum class Stage { resting, approaching, near, leaving, back };
  struct Pair {
    Stage stage = Stage::resting;
    double apart_m = 0.0;
    Steady::time_point since, moved;
    std::optional<Steady::time_point> too_near;
  };
  void moved(std::size_t index, Steady::time_point at);
  void turn(std::size_t pair);
  void take(std::size_t pair);

  Crowd& crowd_;
  const AlertHall& hall_;
  double stop_m_;
  base::Random random_{1};
  std::vector<Pair> pairs_;
  bool ending_ = false;
  std::vector<double> told_ms_, shown_ms_;
  std::size_t missed_ = 0;
  double took_s_ = 0.0;
};

}  // namespace promenade::bench

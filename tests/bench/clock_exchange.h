#pragma once
// A headset's clock that is wrong in a known way, and its exchanges of stamps with the hall over a model of Wi-Fi. Pure; true
// time is the hall's, in seconds since the run began.

#include <functional>
#include <vector>

#include "showcontrol/protocol/messages.h"
#include "tests/bench/wifi_model.h"

namespace promenade::bench {

inline base::HallTime true_hall_time(double now_s) { return base::hall_time(50'000.0 + now_s); }

// Any zero, fast by `ppm`, and warming up and cooling down by 1 ppm within a quarter of an hour.
struct WrongClock {
  double zero_s = 0.0, ppm = 0.0;
  double seconds(double now_s) const;
  base::HeadsetTime time(double now_s) const { return base::headset_time(seconds(now_s)); }
};

class ClockExchange {
 public:
  ClockExchange(Wifi wifi, WrongClock clock, base::Random random) : clock_(clock), random_(random.fork("exchange")), wifi_(wifi, random) {}
  // A frame of the headset's has asked: its link thread sends within 3 ms, the hall's loop answers within 2.
  void ask(protocol::ClockRequest request, double now_s);
  // Hands over the replies that have come by `now_s`, with the stamps of the headset's socket.
  void deliver(double now_s, const std::function<void(const protocol::ClockReply&, base::HeadsetTime)>& take);
  const WrongClock& clock() const { return clock_; }

 private:
  struct Coming {
    double at_s = 0.0;
    protocol::ClockReply reply;
  };
  WrongClock clock_;
  base::Random random_;
  WifiModel wifi_;
  std::vector<Coming> coming_;
};

}  // namespace promenade::bench

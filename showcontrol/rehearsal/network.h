#pragma once
// How the messages of a rehearsal under virtual time come from devices to the hall's program and back. One thread; times in
// seconds of the rehearsal's clock; the hall's clock is ahead of it by a constant.

#include <cstdint>

#include "showcontrol/server/inline_hall.h"

namespace promenade::rehearsal {

struct NetworkHabits {                     // row "link" of the walker model
  double loss = 0.01;                      // of each way
  double delay_min_s = 0.002, delay_max_s = 0.020;
  double duplication = 0.0, reordering = 0.0;
  double outage_every_s = 3600.0, outage_min_s = 0.5, outage_max_s = 3.0;  // of each headset's link; 0: never
  double silent_after_s = 3.0;             // a link to an end that has gone is given up
  double connect_s = 0.5;                  // and made anew after this
};

base::HallTime hall_time_at(double now_s);  // of the rehearsal's second

struct NetworkTotals {
  std::uint64_t messages = 0, bytes = 0, undecodable = 0;
};

class Network {
 public:
  virtual ~Network() = default;
  // The hall's program begins, or is gone (nullptr): its links fall silent and are given up by their devices.
  virtual void set_hall(server::InlineHall* hall, double now_s) = 0;
  // Delivers everything that arrives up to `now_s`, in order of arrival, at its own time.
  virtual void run(double now_s) = 0;
  virtual void collect_from_endpoints(double now_s) = 0;
  virtual void collect_from_hall(double now_s) = 0;
  virtual NetworkTotals totals() const = 0;
};

}  // namespace promenade::rehearsal

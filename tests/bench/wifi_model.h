#pragma once
// One-way delays of single datagrams between a headset and the hall over Wi-Fi, as seeded models. Pure; seconds of true time,
// which must not go back by more than what a datagram is on its way.
//
// Nothing here was measured in a hall. What the models assume, and from where:
// - every way: 0.8 ms of radio, access point, wire and host, and 0 to 0.2 ms more, drawn once for each headset and direction. What
//   the two directions differ by no exchange of stamps can see, so it is part of every error.
// - quiet: and an exponential part of 0.3 ms on average: contention of some headsets (a frame of 400 bytes is on the air for about
//   0.25 ms: IEEE 802.11-2020, table 19-8 and section 10.3, DIFS, half of CWmin, preamble, payload at 150 Mbit/s, SIFS, ACK).
// - busy: the exponential part is 4 ms (retries, and queues of a channel in full use), 5 % are lost, and one tenth of the time, in
//   spells of 200 ms on average, 10 to 80 ms are added: somebody scans, or the access point serves others.
// - power save: quiet, and a headset that dozes (IEEE 802.11-2020, section 11.2.3): what comes for it waits at the access point
//   until the next beacon, every 102.4 ms. It dozes for 200 ms and is awake for 50 ms, on average, as other traffic has it; its own
//   requests do not keep it awake. That is the worst of power save: half of all replies are late by more than 38 ms.

#include <optional>

#include "tracking/base/random.h"

namespace promenade::bench {

enum class Wifi { quiet, busy, power_save };

class WifiModel {
 public:
  WifiModel(Wifi kind, base::Random random);
  // Seconds that a datagram takes which is sent at `now_s`; nothing: it is lost.
  std::optional<double> up(double now_s);    // from the headset
  std::optional<double> down(double now_s);  // to it

 private:
  struct Spells {  // of two states that take turns
    double on_s, off_s;
    bool on = false;
    double until_s = 0.0;
  };
  bool in(Spells& spells, double now_s);
  std::optional<double> way(double fixed_s, double now_s);

  Wifi kind_;
  base::Random random_;
  double up_s_, down_s_, beacon_s_;
  Spells crowded_{0.2, 1.8}, awake_{0.05, 0.2};
};

}  // namespace promenade::bench

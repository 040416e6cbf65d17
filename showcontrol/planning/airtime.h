#pragma once
// How much of a Wi-Fi channel a hall's headsets take: the sum that decides how many access points a hall needs.
// Pure arithmetic after IEEE 802.11's distributed channel access; collisions and retries come on top.

#include <optional>

namespace promenade::planning {

// Measured by `promenade bench link`, payload of UDP without DTLS: bundles, acknowledgements and the clock together.
inline constexpr double kPackets_per_s = 36.0;   // each way and headset
inline constexpr double kUp_bytes = 109.0;       // a bundle of three pose samples and the headset's state, 87, with ENet's and the clock's
inline constexpr double kState_bytes = 121.0;    // a frame of the hall to one headset, but for its neighbours
inline constexpr double kNeighbour_bytes = 15.75;  // 126 bits each (docs/protocol.md), its plan with it
inline constexpr int kNeighboursMost = 32;

struct AirtimeInput {
  int headsets = 25;
  int access_points = 1;
  double packets_per_s = kPackets_per_s;
  double up_bytes = kUp_bytes;
  std::optional<double> down_bytes;  // none: each headset hears of all the others, up to kNeighboursMost
  double rate_mbps = 54.0;       // physical rate at the hall's far end, cautiously
};

struct Airtime {
  double down_bytes = 0.0;       // of one packet, as given or as reckoned
  double fixed_us = 0.0;         // of every packet: waiting, preamble, acknowledgement
  double up_us = 0.0;            // of one packet, all together
  double down_us = 0.0;
  double share = 0.0;            // of one channel's time, 0..1
  int headsets_each = 0;         // that one access point carries under `kAirtimeLimit`; 0: not even one
  int access_points_needed = 0;  // so many are enough; 0 where no number is
};

inline constexpr double kAirtimeLimit = 0.40;   // beyond it delays at the 99th percentile grow quickly
inline constexpr double kPacketOverhead_bytes = 108.0;  // 802.11 38, LLC 8, IP and UDP 28, DTLS with connection id 34

// All of the input above zero.
Airtime airtime(const AirtimeInput& input);

}  // namespace promenade::planning

#pragma once
// How much of a Wi-Fi channel a hall's headsets take: the sum that decides how many access points a hall needs.
// Pure arithmetic after IEEE 802.11's distributed channel access; collisions and retries come on top.

namespace promenade::planning {

struct AirtimeInput {
  int headsets = 25;
  int access_points = 1;
  double packets_per_s = 30.0;   // each way and headset
  double up_bytes = 56.0;        // a bundle of three pose samples and the headset's state
  double down_bytes = 188.0;     // state and eight neighbours
  double rate_mbps = 54.0;       // physical rate at the hall's far end, cautiously
};

struct Airtime {
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

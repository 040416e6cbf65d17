#include "showcontrol/planning/airtime.h"

#include <algorithm>
#include <cmath>

namespace promenade::planning {
namespace {

// IEEE 802.11 OFDM at 5 GHz: DIFS 34, mean backoff 7.5 slots of 9, preamble 40 (HT mixed), SIFS 16, ACK at 24 Mbit/s.
constexpr double kDifs_us = 34.0;
constexpr double kBackoff_us = 7.5 * 9.0;
constexpr double kPreamble_us = 40.0;
constexpr double kSifs_us = 16.0;
constexpr double kAck_us = 28.0;

}  // namespace

Airtime airtime(const AirtimeInput& input) {
  Airtime result;
  result.down_bytes = input.down_bytes.value_or(kState_bytes + kNeighbour_bytes * std::clamp(input.headsets - 1, 0, kNeighboursMost));
  result.fixed_us = kDifs_us + kBackoff_us + kPreamble_us + kSifs_us + kAck_us;
  result.up_us = result.fixed_us + (input.up_bytes + kPacketOverhead_bytes) * 8.0 / input.rate_mbps;
  result.down_us = result.fixed_us + (result.down_bytes + kPacketOverhead_bytes) * 8.0 / input.rate_mbps;
  const double each = input.packets_per_s * (result.up_us + result.down_us) * 1e-6;
  result.share = input.headsets * each / input.access_points;
  result.headsets_each = static_cast<int>(std::floor(kAirtimeLimit / each));
  if (result.headsets_each > 0) result.access_points_needed = (input.headsets + result.headsets_each - 1) / result.headsets_each;
  return result;
}

}  // namespace promenade::planning

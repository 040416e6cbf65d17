#pragma once
// What a hall and its headsets say to each other 30 times a second, taken from a real one: the shipped hall and clients, under way
// on virtual time (loss_hall.h). Benches of the link send it for as many headsets as they like. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "showcontrol/protocol/messages.h"

namespace promenade::bench {

inline constexpr base::Duration kBundleEvery{33'333};

struct LinkTraffic {
  std::vector<protocol::HeadsetState> bundles;  // of each viewer of the hall that they were taken from
  std::vector<protocol::HallState> frames;
  std::string venue_toml;
  // Processor time of that hall's core for one bundle: the walker and his neighbours evaluated, and his share of the frames made.
  // Nobody waits for a plan meanwhile.
  double evaluation_us = 0.0;
  double evaluation_share = 0.0;                // the same of all its viewers: of one core

  // Of headset `index` (from 0) of any number: three samples, the newest of them `now`.
  protocol::HeadsetState bundle(std::size_t index, std::uint32_t sequence, base::HallTime now) const;
  protocol::HallState frame(std::size_t index) const;  // time and sequences are left to whoever sends it
};

// Throws std::runtime_error where the viewers do not come to be under way.
LinkTraffic real_traffic(int viewers, std::uint64_t seed);

// Mean sizes in bytes, as the codec makes them for so many headsets.
struct LinkSizes {
  double bundle = 0.0, frame = 0.0, clock_request = 0.0, clock_reply = 0.0;
};
LinkSizes sizes_of(const LinkTraffic& traffic, std::size_t headsets);

// The clock's exchange: a burst of eight every four seconds, here one with each of eight bundles of 120.
constexpr bool asks_the_clock(std::size_t index, std::uint64_t turn) { return (turn + 7 * index) % 120 < 8; }

}  // namespace promenade::bench

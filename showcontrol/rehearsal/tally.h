#pragma once
// What truly happened in a rehearsal, as its people and not its programs count it. Plain values.

#include <cstdint>

namespace promenade::rehearsal {

struct Tally {
  std::uint32_t parties = 0, visitors = 0;         // who came to the counter
  std::uint32_t sold = 0, comps = 0;               // tickets
  std::uint32_t refunded = 0, no_shows = 0, turned_away = 0;
  std::uint32_t bodies = 0;                        // visitors who truly came in
  std::uint32_t bound = 0, started = 0, completed = 0, left = 0;
  std::uint32_t ticket_refusals = 0, changed = 0;  // at the scan; films changed in the menu
  std::uint32_t swaps = 0, releases = 0, helps = 0, led_out = 0, confirmed = 0, deaths = 0;
  std::uint32_t attended = 0, marked_again = 0;    // held for long; a place that has drifted
  std::uint32_t counted_out = 0, fetched = 0;      // of an evacuation: on the tablets; by the hand
  std::uint32_t resumed = 0, rebooked = 0, paid_back = 0, brought_back = 0;  // after it
  std::uint64_t gates_passed = 0, gates_passed_without_authority = 0;
  double level_s[5] = {};                          // viewer-seconds in a film at each level that the headset showed
};

}  // namespace promenade::rehearsal

#pragma once
// A live rehearsal: visitors and staff of a house against running servers, in real time, each simulated headset and
// staff device with a connection of its own. Rim: sockets, threads, the steady clock. Returns the exit status: 0 all
// went home, 1 somebody is still inside, 2 unusable input, 3 results could not be written, 130 interrupted.

#include <cstdint>
#include <string>

namespace promenade::rehearsal {

struct LiveOptions {
  std::string hall = "127.0.0.1:9560", box_office = "http://127.0.0.1:8420", key_file, staff_key_file, venue, films, out = ".", real_headset, link;
  std::string impair;      // as impairment_text.h says; of every simulated device's network
  int viewers = 0, present = 0;
  double seconds = 180.0, pace = 4.0, until_full = 0.0;
  std::uint64_t seed = 1;
  bool settles = true;  // attendants say after an evacuation what becomes of each film
};

int run_live(const LiveOptions& options);

}  // namespace promenade::rehearsal

#pragma once
// What the program was asked to do, as read from its command line: plain values, read-only once the program runs, so
// that any thread may look at them. Times in seconds.

#include <cstdint>
#include <string>

namespace promenade::headset {

struct Options {
  std::string hall;                // HOST:PORT, or two of them
  std::uint16_t headset = 0;
  std::string link;                // folder that this headset was enrolled into
  std::string films;
  std::string language = "zh";
  std::string screenshot_dir;      // empty: none
  std::string stats;               // empty: none
  std::string sound = "default";
  bool validate = false;
  double seconds = 0.0;            // 0: until it is stopped
  int status_fd = -1;
};

// Exit codes, as --help lists them. Of several the first of `kWeight` (outcome.cpp) counts.
enum ExitCode : int {
  kDone = 0,
  kFailed = 1,        // validation messages with --validate; a file that could not be written
  kUsage = 2,
  kSurroundings = 3,  // films, fonts or a folder missing
  kNoVulkan = 4,
  kNoRuntime = 5,     // no OpenXR runtime ever answered
  kNoHall = 6,        // no hall ever answered
  kNoHeadset = 7,     // the runtime never found a headset
  kNoSound = 8,
  kFilmNewer = 9,     // a film is newer than the program
  kFilmBroken = 10,   // a film is damaged, not here, or has parts missing
};

}  // namespace promenade::headset

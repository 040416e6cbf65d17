#pragma once
// What the program was asked to do.

#include <cstdint>
#include <string>

namespace promenade::headset {

struct Options {
  std::string hall;                // HOST:PORT
  std::uint16_t headset = 0;
  std::string films;
  std::string language = "zh";
  std::string screenshot_dir;      // empty: none
  std::string stats;               // empty: none
  std::string sound = "default";
  bool validate = false;
  double seconds = 0.0;            // 0: until it is stopped
  int status_fd = -1;
};

// Exit codes, as --help lists them.
enum ExitCode : int {
  kDone = 0,
  kFailed = 1,        // validation messages with --validate; a file that could not be written
  kUsage = 2,
  kSurroundings = 3,  // films, fonts or a folder missing
  kNoVulkan = 4,
  kNoHeadset = 5,     // no OpenXR runtime or no headset until --seconds had run out
  kNoHall = 6,        // no hall answered until --seconds had run out
};

}  // namespace promenade::headset

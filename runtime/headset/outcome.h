#pragma once
// What a run of the program came to, as its exit code. Pure.

#include <span>

#include "runtime/headset/options.h"
#include "showcontrol/protocol/messages.h"

namespace promenade::headset {

struct Outcome {
  bool failed = false;                                  // validation messages, or a file that could not be written
  bool hall_heard = false;                              // ever
  std::span<const protocol::HeadsetTrouble> troubles;   // at the end
};

// kDone where nothing is wrong; of several things the one without which the least would have worked.
ExitCode exit_code(const Outcome& outcome);

}  // namespace promenade::headset

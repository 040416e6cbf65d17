#pragma once
// The program `ffmpeg`, fed through its standard input. One owner; any thread. Ends its program when it goes.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tracking/base/result.h"

namespace promenade::samples {

class Ffmpeg {
 public:
  // Arguments without the program's name. Errors: "ffmpeg-missing".
  static base::Result<Ffmpeg> start(std::vector<std::string> arguments);
  ~Ffmpeg();
  Ffmpeg(Ffmpeg&& other) noexcept;
  Ffmpeg& operator=(Ffmpeg&&) = delete;

  bool write(std::span<const std::uint8_t> bytes);  // false: it takes no more; `finish` says why
  // Closes its input and waits for its end. Errors: "ffmpeg-failed" with the exit status.
  base::Result<void> finish();

 private:
  Ffmpeg(pid_t program, int input) : program_(program), input_(input) {}
  pid_t program_ = -1;
  int input_ = -1;
};

}  // namespace promenade::samples

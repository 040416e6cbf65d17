#pragma once
// Mbed TLS asks libc what time it is, for the first four bytes of a handshake's random numbers; so two runs of one seed
// would differ wherever a second of the real clock ends between them. It asks through the dynamic linker, so this
// program's own time() answers (as with ENet's functions): within a LibraryTime the time that it was given, else the system's.

#include "tracking/base/clock.h"

namespace promenade::link {

class LibraryTime {  // on this thread, as long as it lives; one at a time
 public:
  explicit LibraryTime(base::UtcTime now);
  ~LibraryTime();
  LibraryTime(const LibraryTime&) = delete;
  LibraryTime& operator=(const LibraryTime&) = delete;
};

}  // namespace promenade::link

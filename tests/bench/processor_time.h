#pragma once
// What the calling thread has had of the processor, in the system's calls as well; others' turns on it do not count. Rim.

#include <ctime>

namespace promenade::bench {

inline double thread_processor_s() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + 1e-9 * static_cast<double>(spent.tv_nsec);
}

}  // namespace promenade::bench

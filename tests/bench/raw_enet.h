#pragma once
// promenade-bench-enet as a program beside this one (raw_enet_main.cpp): this one's ENet cannot be bare, because its own socket
// functions take the place of ENet's. Rim; one thread.

#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "tests/bench/link_traffic.h"

namespace promenade::bench {

class RawEnet {
 public:
  // Starts it with so many clients and packets of these mean sizes, and waits until all are connected. Throws std::runtime_error.
  RawEnet(std::size_t clients, const LinkSizes& sizes);
  ~RawEnet();  // ends it
  RawEnet(const RawEnet&) = delete;
  RawEnet& operator=(const RawEnet&) = delete;

  struct Part {
    double processor_s = 0.0;        // of the server's thread
    std::uint64_t packets = 0;       // it got and sent
    std::int64_t lost_up = 0, lost_down = 0;  // since it began
  };
  Part run(double seconds);

 private:
  int pid_ = -1;
  std::FILE* says_ = nullptr;        // what it says
  std::FILE* asks_ = nullptr;        // what it is told
};

}  // namespace promenade::bench

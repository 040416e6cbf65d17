#pragma once
// Which of many sockets have something to read, for one thread that drives hundreds of devices. Rim; Linux.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace promenade::bench {

// The address on the loopback of device `index`, up to 64,000 of them: each has its own, as in a hall's network. Host byte order.
constexpr std::uint32_t loopback_host(std::size_t index) { return 0x7f010001u + (static_cast<std::uint32_t>(index / 250) << 8) + static_cast<std::uint32_t>(index % 250); }

class Readiness {
 public:
  Readiness();  // throws std::runtime_error where the system gives no descriptor
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  // Until it is closed. `index` is what `ready` is told.
  void add(int descriptor, std::size_t index);
  // Sleeps for kNap, then tells of at most 1,024 of them. Nobody is woken: that costs whoever sends several times what the sending
  // does, and headsets are not on their hall's machine.
  static constexpr std::chrono::microseconds kNap{150};
  void nap(const std::function<void(std::size_t index)>& ready);

 private:
  int descriptor_;
};

}  // namespace promenade::bench

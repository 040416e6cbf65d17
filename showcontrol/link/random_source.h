#pragma once
// Where the link's random numbers come from: the system's source at the rim, a seed in simulation and tests. A source that
// is used by a handshake worker and a loop at once must be safe for both: SystemRandom is, SeededRandom is not.

#include <cstdint>
#include <span>

#include "tracking/base/random.h"

namespace promenade::link {

class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

class SystemRandom final : public RandomSource {  // rim only
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

class SeededRandom final : public RandomSource {  // never for keys that are used
 public:
  explicit SeededRandom(base::Random random) : random_(random) {}
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  base::Random random_;
};

}  // namespace promenade::link

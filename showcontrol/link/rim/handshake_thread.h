#pragma once
// The hall's thread named "handshake": runs one handshake after the other beside the loop. Rim. give, take and the rest are
// for the thread that owns the HallEnd; the random source of its settings must be safe for both (SystemRandom is).

#include <thread>

#include "showcontrol/link/handshake_runner.h"
#include "tracking/base/bounded_queue.h"

namespace promenade::link {

class HandshakeThread final : public HandshakeRunner {
 public:
  HandshakeThread();
  bool has_room() const override { return under_way_ < kMost; }
  void give(HandshakeWork work) override;
  std::optional<HandshakeWork> take() override;
  bool busy() const override { return under_way_ > 0; }

 private:
  // Those that wait stay with the HallEnd, which drops what is stale; a few in the queue keep the thread at work.
  static constexpr std::size_t kMost = 8;
  base::BoundedQueue<HandshakeWork> asked_{kMost, base::Overflow::refuse_newest};
  base::BoundedQueue<HandshakeWork> done_{kMost, base::Overflow::refuse_newest};
  std::size_t under_way_ = 0;
  std::jthread thread_;
};

}  // namespace promenade::link

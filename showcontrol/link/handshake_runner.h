#pragma once
// Where the hall's handshakes are worked on. Inline: on the same thread, for simulation and tests; rim/handshake_thread.h has
// the thread that a hall uses, because each handshake takes milliseconds that the hall's loop does not have.

#include <deque>
#include <optional>

#include "showcontrol/link/hall_end.h"

namespace promenade::link {

class HandshakeRunner {
 public:
  virtual ~HandshakeRunner() = default;
  virtual bool has_room() const = 0;
  virtual void give(HandshakeWork work) = 0;          // only with room
  virtual std::optional<HandshakeWork> take() = 0;    // one that is done
  virtual bool busy() const = 0;                      // some are not taken yet
};

class InlineRunner final : public HandshakeRunner {
 public:
  bool has_room() const override { return true; }
  void give(HandshakeWork work) override {
    work.run();
    done_.push_back(std::move(work));
  }
  std::optional<HandshakeWork> take() override {
    if (done_.empty()) return std::nullopt;
    std::optional<HandshakeWork> work(std::move(done_.front()));
    done_.pop_front();
    return work;
  }
  bool busy() const override { return !done_.empty(); }

 private:
  std::deque<HandshakeWork> done_;
};

}  // namespace promenade::link

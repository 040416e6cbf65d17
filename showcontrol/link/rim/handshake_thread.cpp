#include "showcontrol/link/rim/handshake_thread.h"

#include <pthread.h>

#include <utility>

namespace promenade::link {

HandshakeThread::HandshakeThread()
    : thread_([this](std::stop_token stop) {
        while (auto work = asked_.pop(stop)) {
          work->run();
          PROMENADE_ASSERT(done_.push(std::move(*work)));
        }
      }) {
  pthread_setname_np(thread_.native_handle(), "handshake");
}

void HandshakeThread::give(HandshakeWork work) {
  PROMENADE_ASSERT(has_room());
  ++under_way_;
  PROMENADE_ASSERT(asked_.push(std::move(work)));
}

std::optional<HandshakeWork> HandshakeThread::take() {
  if (under_way_ == 0) return std::nullopt;  // which spares the loop the queue's lock
  auto work = done_.try_pop();
  if (work) --under_way_;
  return work;
}

}  // namespace promenade::link

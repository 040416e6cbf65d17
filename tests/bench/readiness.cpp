#include "tests/bench/readiness.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <thread>

namespace promenade::bench {

Readiness::Readiness() : descriptor_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (descriptor_ < 0) throw std::runtime_error("no epoll descriptor: raise the limit of open files");
}

Readiness::~Readiness() { ::close(descriptor_); }

void Readiness::add(int descriptor, std::size_t index) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  if (::epoll_ctl(descriptor_, EPOLL_CTL_ADD, descriptor, &event) != 0) throw std::runtime_error("a socket cannot be waited for");
}

void Readiness::nap(const std::function<void(std::size_t)>& ready) {
  std::this_thread::sleep_for(kNap);
  std::array<epoll_event, 1024> events;
  const int count = ::epoll_wait(descriptor_, events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) ready(static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64));
}

}  // namespace promenade::bench

#include "tests/bench/readiness.h"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

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

void Readiness::wait(std::chrono::microseconds at_most, const std::function<void(std::size_t)>& ready) {
  // epoll_wait itself knows milliseconds only, and one of them is sixteen bundles of 500 headsets.
  const auto limit_us = std::max<std::int64_t>(0, at_most.count());
  const timespec limit{static_cast<time_t>(limit_us / 1'000'000), static_cast<long>(limit_us % 1'000'000 * 1'000)};
  pollfd watched{descriptor_, POLLIN, 0};
  if (::ppoll(&watched, 1, &limit, nullptr) <= 0) return;
  std::array<epoll_event, 256> events;
  const int count = ::epoll_wait(descriptor_, events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) ready(static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64));
}

}  // namespace promenade::bench

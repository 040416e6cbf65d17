#include "tracking/base/http/connection_pool.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace promenade::base::http {
namespace {

std::string peer_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  char text[NI_MAXHOST] = "";
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  if (::getnameinfo(reinterpret_cast<sockaddr*>(&address), size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) return {};
  return text;
}

}  // namespace

ConnectionPool::ConnectionPool(const PoolLimits& limits, Serve serve) : limits_(limits), serve_(std::move(serve)), queue_(limits.waiting, Overflow::refuse_newest) {
  for (std::size_t i = 0; i < limits_.workers; ++i) {
    threads_.emplace_back([this](std::stop_token stop) {
      ++idle_;
      while (auto connection = queue_.pop(stop)) {
        --waiting_;
        --idle_;
        serve_(**connection);
        ++idle_;
      }
    });
  }
}

ConnectionPool::~ConnectionPool() { shutdown(); }

std::shared_ptr<void> ConnectionPool::place_of(const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (held_[address] >= limits_.per_address) return nullptr;
  ++held_[address];
  return {this, [address](ConnectionPool* pool) {
            const std::lock_guard held_lock(pool->mutex_);
            if (--pool->held_[address] == 0) pool->held_.erase(address);
          }};
}

void ConnectionPool::take(int socket) {
  const std::string address = peer_of(socket);
  auto place = place_of(address);
  if (!place) {
    ++refused_;
    ::close(socket);
    return;
  }
  ++waiting_;
  if (queue_.push(std::make_unique<Connection>(socket, address, limits_.connection, [this] { return others_wait(); }, std::move(place)))) return;
  --waiting_;
  ++refused_;
}

void ConnectionPool::shutdown() {
  stopping_ = true;
  for (auto& thread : threads_) thread.request_stop();
  threads_.clear();  // joins
  while (queue_.try_pop()) --waiting_;
}

}  // namespace promenade::base::http

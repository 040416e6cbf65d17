#pragma once
// The workers of a server and the connections that wait for one. No address holds more connections than it may, so that one
// visitor cannot take every place. Thread-safe. Internal to tracking/base/http.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tracking/base/bounded_queue.h"
#include "tracking/base/http/connection.h"

namespace promenade::base::http {

struct PoolLimits {
  std::size_t workers = 16, waiting = 128, per_address = 100;
  ConnectionLimits connection;
};

class ConnectionPool {
 public:
  using Serve = std::function<void(Connection&)>;  // until the connection is done; then it is closed
  ConnectionPool(const PoolLimits& limits, Serve serve);
  ~ConnectionPool();

  void take(int socket);  // accepted; closed at once where there is no room for it
  void shutdown();        // idle connections end at once, requests within the hurried time
  std::uint64_t refused() const { return refused_; }

 private:
  bool others_wait() const { return stopping_ || waiting_ > idle_; }  // one whom a worker takes at once does not wait
  std::shared_ptr<void> place_of(const std::string& address);  // null: it has as many as it may

  const PoolLimits limits_;
  const Serve serve_;
  std::mutex mutex_;
  std::map<std::string, std::size_t> held_;  // connections by address
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<int> waiting_{0}, idle_{0};  // connections; workers
  std::atomic<bool> stopping_{false};
  BoundedQueue<std::unique_ptr<Connection>> queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace promenade::base::http

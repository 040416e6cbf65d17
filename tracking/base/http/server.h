#pragma once
// An HTTP/1.1 listener with bounded connections, bodies, times and workers. Runs its own threads: one accepts,
// `workers` call the handlers, which must therefore be thread-safe. A connection holds a worker while it is
// open and nobody waits for one; who idles then, or is slow with a request, is closed. A handler that waits keeps
// its worker, so a listener for long polls is a second Server. With client.h, the one home of cpp-httplib.
// Start fails with code "port-in-use", "address-unavailable", "port-forbidden", "listen-failed" or "tls-unusable".

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tracking/base/http/router.h"
#include "tracking/base/http/tls.h"
#include "tracking/base/result.h"

namespace promenade::base::http {

struct ServerOptions {
  std::string bind_address = "127.0.0.1";
  std::uint16_t port = 0;                  // 0: the system picks one
  std::size_t workers = 16;
  std::size_t waiting_connections = 128;   // accepted and not yet with a worker; beyond it they are closed
  std::size_t max_body_bytes = 1U << 20;   // larger: 413
  std::size_t connections_per_address = 100;        // beyond it new ones are closed
  std::chrono::milliseconds request_timeout{10'000};  // a whole request, head and body; a TLS handshake
  std::chrono::milliseconds hurried_timeout{1'000};   // the same while a connection waits for a worker
  std::chrono::milliseconds answer_timeout{60'000};   // a whole answer
  std::chrono::milliseconds idle_timeout{5'000};      // keep-alive without a request
  std::optional<ServerTls> tls = {};       // none: plain HTTP
};

class Server {
 public:
  explicit Server(ServerOptions options);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // All routes and the error writer are set before start.
  void route(std::string method, std::string pattern, Handler handler);
  // Writes the body of errors that no handler made: 400 (malformed), 404, 405, 413, 500 (a handler threw).
  void set_error_writer(std::function<Response(const Request&, int status, const std::string& detail)> writer);
  const std::vector<Route>& routes() const;

  Result<void> start();  // returns once connections are accepted
  // Refuses new connections, lets running handlers finish, joins. Handlers that wait must be woken first.
  void stop();
  std::uint16_t port() const;       // the bound port, after start
  std::string base_url() const;     // "http://ADDRESS:PORT", or "https://" with TLS
  std::uint64_t refused_connections() const;
 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace promenade::base::http

#pragma once
// The circuit's pages, API and CSV over HTTP, read-only. Rim; runs the server's threads, each request with a database connection
// of its own from a small pool. With a key, nothing but /healthz is shown without it: programs send it as a bearer, browsers ask
// for it (HTTP Basic, any user name).

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "ticketing/circuit/collector.h"
#include "tracking/base/http/server.h"

namespace promenade::ticketing::circuit {

struct CircuitServerOptions {
  std::string database, key;
  base::http::ServerOptions http;
};

class CircuitServer {
 public:
  using Clock = std::function<base::UtcTime()>;
  CircuitServer(CircuitServerOptions options, Clock clock);
  ~CircuitServer();
  // COLLECTOR, where there is one, gives /metrics what it has done; it outlives the server.
  void watch(const Collector* collector) { collector_ = collector; }
  base::Result<void> start();
  void stop();
  std::string url() const { return server_.base_url(); }

 private:
  using Answer = base::Result<base::http::Response> (CircuitServer::*)(CircuitStore&, const base::http::Request&);
  void route(const std::string& path, Answer answer, bool page);
  base::http::Response with_store(const base::http::Request& request, Answer answer, bool page);
  bool allowed(const base::http::Request& request) const;
  base::Result<base::http::Response> home(CircuitStore& store, const base::http::Request& request);
  base::Result<base::http::Response> day_page(CircuitStore& store, const base::http::Request& request);
  base::Result<base::http::Response> venue_page(CircuitStore& store, const base::http::Request& request);
  base::Result<base::http::Response> events_page(CircuitStore& store, const base::http::Request& request);
  base::Result<base::http::Response> day_json(CircuitStore& store, const base::http::Request& request);
  base::Result<base::http::Response> day_csv(CircuitStore& store, const base::http::Request& request);
  base::Result<base::http::Response> venue_json(CircuitStore& store, const base::http::Request& request);
  base::Result<base::http::Response> venues_json(CircuitStore& store, const base::http::Request& request);
  base::Result<base::http::Response> metrics(CircuitStore& store, const base::http::Request& request);

  CircuitServerOptions options_;
  Clock clock_;
  const Collector* collector_ = nullptr;
  std::mutex mutex_;
  std::vector<CircuitStore> idle_;
  base::http::Server server_;
};

}  // namespace promenade::ticketing::circuit

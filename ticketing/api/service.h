#pragma once
// The box office's HTTP face: the API and the clerk's pages on one listener, waiting pulls on another with workers of
// its own, so that circuits never hold up the counter; and, where asked for, one by mutual TLS for devices. Runs its own threads; owns neither desk nor files.

#include <memory>
#include <optional>

#include "ticketing/api/endpoints.h"
#include "ticketing/api/rate_limit.h"

namespace promenade::ticketing::api {

// A listener for devices that are known by their certificates and by nothing else; the API without the pages.
struct DeviceListener {
  base::http::ServerTls tls;
  std::string bind_address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: the system picks
  std::size_t workers = 32;
};

struct ServiceOptions {
  std::string bind_address = "127.0.0.1";
  std::uint16_t port = 0;       // 0: the system picks
  std::uint16_t poll_port = 0;  // likewise
  std::size_t workers = 24;
  std::size_t poll_workers = 64;  // the most pulls that wait at once
  std::string ledger_path, keys_path;
  std::string gates_path = {};  // which device is which gate; empty: forgotten at the end
  std::optional<base::http::ServerTls> tls = {};  // of API, pages and waiting pulls; none: plain HTTP
  std::optional<DeviceListener> devices = {};  // none: no such listener
  RateLimit rate = {};                    // of each key
  RateLimit page_rate = {20, 200};        // of each key, for pages: people ask for them
  RateLimit stranger_rate = {20, 100};    // of each address, for what needs no key or shows none that counts
};

class Service {
 public:
  // NEW_KEY makes idempotency keys for the clerk's forms. DESK and TICKET_KEY outlive the service.
  Service(ServiceOptions options, Desk& desk, base::VenueId venue, const base::KeyPair& ticket_key, std::function<std::string()> new_key);
  ~Service();
  base::Result<void> start();  // errors as of Server::start
  void stop();                 // lets running requests finish; waiting pulls are answered at once
  std::uint16_t port() const;
  std::uint16_t poll_port() const;
  std::string url() const;
  std::string poll_url() const;
  std::string device_url() const;  // empty: there is no listener for devices
  Metrics& metrics();
  const std::vector<base::http::Route>& routes() const;  // of the main listener

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace promenade::ticketing::api

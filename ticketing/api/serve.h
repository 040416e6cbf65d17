#pragma once
// `promenade-boxoffice serve`: opens everything, says when it is ready, ends on SIGINT or SIGTERM. Rim.

#include <cstdint>
#include <optional>
#include <string>

#include "ticketing/core/config.h"
#include "tracking/base/http/tls.h"

namespace promenade::ticketing::api {

struct ServeOptions {
  Config config;
  std::string data_dir, bind_address;
  std::uint16_t port = 0, poll_port = 0;
  std::string witness, witness_key;  // a file or an address, see open_witness; empty: none
  std::string report_to, report_key;  // a folder or an address, see open_national; empty: nobody hands records in
  std::optional<base::http::ServerTls> tls;  // of API, pages and waiting pulls; none: plain HTTP
  std::optional<std::uint16_t> device_port;  // none: no listener for devices by certificate
  base::http::ServerTls device_tls;
};

base::UtcTime system_time();

// Blocks; gives the exit code. Must be called before the program has other threads, so that signals reach only it.
int serve(const ServeOptions& options);

}  // namespace promenade::ticketing::api

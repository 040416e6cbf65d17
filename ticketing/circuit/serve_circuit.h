#pragma once
// `promenade-circuit serve`: collects all the time and shows the pages, until SIGINT or SIGTERM. Rim.

#include <cstdint>
#include <string>

#include "tracking/base/result.h"

namespace promenade::ticketing::circuit {

struct ServeCircuitOptions {
  std::string database;           // empty with private_database
  bool private_database = false;  // a PostgreSQL of this program's own, gone when it ends: for trials and the demo
  bool pages_only = false;        // no collecting: on a read replica, or beside a collector of its own
  std::string venues_file;        // see take_listed; empty: none
  std::string bind = "127.0.0.1", key;
  std::uint16_t port = 8440;
  int interval_s = 60, pullers = 16;
  std::uint64_t seed = 1;
};

// Must be called before the program has other threads, so that signals reach only it.
base::Result<void> serve_circuit(const ServeCircuitOptions& options);

}  // namespace promenade::ticketing::circuit

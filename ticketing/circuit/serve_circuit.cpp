#include "ticketing/circuit/serve_circuit.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <print>

#include "ticketing/circuit/circuit_server.h"
#include "ticketing/circuit/venue_list.h"
#include "ticketing/postgres/private_server.h"

namespace promenade::ticketing::circuit {
namespace {

using nlohmann::json;

base::UtcTime system_time() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

base::Result<void> add_listed(CircuitStore& store, const std::string& file) {
  std::ifstream in(file);
  const json list = json::parse(in, nullptr, false);
  if (!list.is_array()) return base::fail("usage", file + " is not a JSON array of venues.", "Write [{\"venue\":\"wuxi\",\"url\":\"http://HOST:PORT\",\"key\":\"..\"}].");
  return take_listed(store, list, system_time());
}

}  // namespace

base::Result<void> serve_circuit(const ServeCircuitOptions& options) {
  sigset_t signals;  // taken by waiting for them, never by a handler
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::unique_ptr<postgres::PrivateServer> own;
  std::string database = options.database;
  if (options.private_database) {
    auto started = postgres::PrivateServer::start();
    if (!started) return std::unexpected(started.error());
    own = std::move(*started);
    database = own->conninfo();
    std::println("promenade-circuit has a database of its own: --database \"{}\"", database);
  }
  auto store = options.pages_only ? CircuitStore::open_to_read(database) : CircuitStore::open(database);
  if (!store) return std::unexpected(store.error());
  if (!options.venues_file.empty())
    if (auto done = add_listed(*store, options.venues_file); !done) return done;
  CollectorOptions collecting;
  collecting.database = database;
  collecting.pullers = options.pullers;
  collecting.schedule.interval = std::chrono::seconds(options.interval_s);
  collecting.schedule.seed = options.seed;
  Collector collector(collecting, system_time, [](const std::string& words) {
    std::println(stderr, "promenade-circuit: {}", words);
    std::fflush(stderr);
  });
  CircuitServer server({.database = database, .key = options.key, .http = {.bind_address = options.bind, .port = options.port, .workers = 8, .max_body_bytes = 1U << 16}}, system_time);
  if (!options.pages_only) {
    server.watch(&collector);
    if (auto started = collector.start(); !started) return started;
  }
  if (auto started = server.start(); !started) return started;
  std::println("promenade-circuit ready on {}", server.url());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server.stop();
  collector.stop();
  return {};
}

}  // namespace promenade::ticketing::circuit

#include "ticketing/api/serve.h"

#include <csignal>
#include <cstdio>
#include <iostream>
#include <print>

#include "ticketing/api/commands.h"
#include "ticketing/api/data_dir.h"
#include "ticketing/api/exit_code.h"
#include "ticketing/api/service.h"

namespace promenade::ticketing::api {
namespace {

// Signals are taken by waiting for them, never by a handler.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

}  // namespace

base::UtcTime system_time() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

int serve(const ServeOptions& options) {
  const sigset_t signals = block_signals();
  const DataDir dir{options.data_dir};
  auto open = open_office(dir, options.config, system_time());
  if (!open) return fail_with(open.error());
  const auto made = make_initial_keys(dir);
  if (!made) return fail_with(made.error());
  if (*made) std::println("promenade-boxoffice made its first API keys; they are in {}", dir.initial_keys());
  Desk desk(std::move(open->office), system_time);
  Service service({.bind_address = options.bind_address, .port = options.port, .poll_port = options.poll_port, .ledger_path = dir.ledger(), .keys_path = dir.api_keys()},
                  desk, options.config.venue, open->key, [] { return new_idempotency_key("page-"); });
  if (const auto started = service.start(); !started) return fail_with(started.error());
  std::println("promenade-boxoffice takes waiting pulls on {}", service.poll_url());
  std::println("promenade-boxoffice ready on {}", service.url());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  service.stop();
  desk.stop();
  std::println("promenade-boxoffice stopped at event {}", desk.figures().head.seq);
  return kExitDone;
}

}  // namespace promenade::ticketing::api

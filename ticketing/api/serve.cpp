#include "ticketing/api/serve.h"

#include <csignal>
#include <cstdio>
#include <iostream>
#include <print>

#include "ticketing/api/commands.h"
#include "ticketing/api/data_dir.h"
#include "ticketing/api/exit_code.h"
#include "ticketing/api/log_keeper.h"
#include "ticketing/api/national_reporter.h"
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

// A ledger that the witness knows to be longer or another is not opened for selling: each sale would be one more that
// no circuit takes. A witness that cannot be reached is no reason to stay closed.
base::Result<std::unique_ptr<WitnessLink>> begin_with_witness(const ServeOptions& options, const store::BoxOffice& office) {
  if (options.witness.empty()) return nullptr;
  auto witness = open_witness(options.witness, options.witness_key, options.config.venue);
  if (!witness) return witness;
  const auto last = (*witness)->last();
  if (!last) {
    std::println(stderr, "promenade-boxoffice: the witness {} cannot be asked: {}", options.witness, last.error().text());
    return witness;
  }
  if (*last) {
    if (auto known = check_against(**last, office); !known) return std::unexpected(known.error());
  }
  return witness;
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
  auto witness = begin_with_witness(options, open->office);
  if (!witness) return fail_with(witness.error());
  std::unique_ptr<NationalLink> national;
  if (!options.report_to.empty()) {
    if (!options.config.national_reporting)
      return fail_with({"usage", "--report-to is for venues that report nationally, and this one does not.", "Set national_reporting = true in the configuration, or leave --report-to out."});
    auto link = open_national(options.report_to, options.report_key);
    if (!link) return fail_with(link.error());
    national = std::move(*link);
  }
  Desk desk(std::move(open->office), system_time);
  std::optional<DeviceListener> devices;
  if (options.device_port) devices = DeviceListener{.tls = options.device_tls, .bind_address = options.bind_address, .port = *options.device_port};
  Service service({.bind_address = options.bind_address, .port = options.port, .poll_port = options.poll_port, .ledger_path = dir.ledger(), .keys_path = dir.api_keys(), .gates_path = dir.gates(), .tls = options.tls, .devices = devices},
                  desk, options.config.venue, open->key, [] { return new_idempotency_key("page-"); });
  if (const auto started = service.start(); !started) return fail_with(started.error());
  const auto say = [](const std::string& words) {
    std::println(stderr, "promenade-boxoffice: {}", words);
    std::fflush(stderr);
  };
  LogKeeper keeper(desk, service.metrics(), std::move(*witness), say);
  keeper.start();
  std::optional<NationalReporter> reporter;
  if (national) {
    reporter.emplace(desk, service.metrics(), std::move(national), say);
    reporter->start();
  }
  std::println("promenade-boxoffice takes waiting pulls on {}", service.poll_url());
  if (devices) std::println("promenade-boxoffice takes devices by their certificates on {}", service.device_url());
  std::println("promenade-boxoffice ready on {}", service.url());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  service.stop();
  if (reporter) reporter->stop();
  keeper.stop();
  desk.stop();
  std::println("promenade-boxoffice stopped at event {}", desk.figures().head.seq);
  return kExitDone;
}

}  // namespace promenade::ticketing::api

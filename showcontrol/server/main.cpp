// promenade-hall: one hall's server. Wiring of the command line and the signals only.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <print>
#include <thread>

#include "showcontrol/server/server.h"

namespace {

using namespace promenade::server;

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

void add_options(CLI::App& app, ServerOptions& options) {
  app.set_config("--config", "", "File with these options as KEY = VALUE, for keys that should not stand on a command line");
  app.add_option("--venue", options.venue_file, "The hall's venue.toml")->required();
  app.add_option("--films", options.films_dir, "Folder of film packages (*.prom)")->required();
  app.add_option("--data", options.data_dir, "Folder of the hall's journal")->required();
  app.add_option("--bind", options.bind, "IPv4 address for headsets and staff")->capture_default_str();
  app.add_option("--port", options.port, "UDP port for headsets and staff; 0: the system picks")->capture_default_str();
  app.add_option("--http-bind", options.http_bind, "Address for health and metrics")->capture_default_str();
  app.add_option("--http-port", options.http_port, "TCP port for health and metrics; 0: the system picks")->capture_default_str();
  app.add_option("--boxoffice", options.box_office_url, "The venue's box office, e.g. http://127.0.0.1:8420")->required();
  app.add_option("--boxoffice-key", options.box_office_key, "API key with scopes redeem and play")->envname("PROMENADE_BOXOFFICE_KEY");
  app.add_option("--boxoffice-certificate", options.box_office_tls.certificate_file, "With https://: this hall's certificate (PEM), in the key's place");
  app.add_option("--boxoffice-certificate-key", options.box_office_tls.key_file, "Its key (PEM)");
  app.add_option("--boxoffice-ca", options.box_office_tls.ca_file, "Certificate of the CA that the box office's own comes from (PEM); the system's where left out");
  app.add_option("--ticket-key", options.ticket_key, "Public key that tickets are signed with: 64 hex digits or a file")->envname("PROMENADE_TICKET_KEY")->required();
  app.add_option("--staff-key", options.staff_keys, "Key of consoles and attendants' devices; may be given again")->envname("PROMENADE_STAFF_KEYS")->delimiter(',')->required();
  app.add_option("--link", options.link_dir, "Folder of the link's keys, which promenade enrol works on; DATA/link where left out");
  app.add_option("--film-signer", options.film_signers, "Public key whose films are shown; may be given again; any where left out")->delimiter(',');
  app.add_option("--time-zone", options.time_zone, "The venue's time zone")->capture_default_str();
  app.add_option("--cut-over", options.cut_over_min, "Minutes after local midnight at which the business day changes")->check(CLI::Range(0, 1440))->capture_default_str();
  app.add_option("--fire-contact", options.fire_contact, "Contact of the fire alarm panel: gpio:CHIP:LINE or file:PATH, with :normally-open behind it where it closes in a fire");
  app.add_option("--evacuate-button", options.evacuate_button, "Button that evacuates the hall, in the same words");
  app.add_option("--standby-port", options.standby_port, "UDP port at which a second hall program, the standby, follows this one; 0: the system picks");
  app.add_option("--standby-of", options.standby_of, "HOST:PORT: follow the hall program whose --standby-port that is, and take over when it is gone");
  app.add_flag("--alone", options.alone, "Of a pair: the other program is switched off, and follows this one before it leads again");
  app.add_option("--rate", options.downlink_hz, "States to each headset a second")->check(CLI::Range(1.0, 90.0))->capture_default_str();
  app.add_option("--impair", options.impair, "For rehearsals, never with viewers: the network to headsets and staff is bad on purpose, both ways: loss=10,delay=20,jitter=10,seed=7. Words: loss, duplicate, reorder (percent); delay, jitter (ms); rate (kbit/s, of all together); outage=FROM-UNTIL (s since the program leads); seed");
}

int fail(const StartFailure& failure) {
  std::print(stderr, "promenade-hall: {}{}", failure.text, failure.text.ends_with('\n') ? "" : "\n");
  return failure.exit_code;
}

void say_ready(const Server& server) {
  std::println("promenade-hall ready on udp {}, http {}, epoch {}", server.udp_port(), server.http_port(), server.epoch().value());
  std::fflush(stdout);
}

// One of two programs for one hall: follows until it leads, and again when it has been replaced.
int run_in_pair(ServerOptions options, std::stop_token stop) {
  while (!stop.stop_requested()) {
    auto start = HallStart::prepare(options);
    if (!start) return fail(start.error());
    if (options.standby_port) {
      options.standby_port = start->pair_port();  // the same one next time
      std::println("promenade-hall standby port {}", *options.standby_port);
      std::fflush(stdout);
    }
    if (!start->wait_to_lead(stop, [](const std::string& text) { std::println(stderr, "promenade-hall: {}", text); })) break;
    auto server = Server::open(std::move(*start));
    if (!server) return fail(server.error());
    say_ready(*server);
    if (!server->run(stop)) break;
    options.alone = false;
  }
  return kExitDone;
}

int serve_in_pair(const ServerOptions& options, const sigset_t& signals) {
  int code = kExitDone;
  std::jthread work([&](std::stop_token stop) {
    try {
      code = run_in_pair(options, stop);
    } catch (const std::exception& error) {
      code = fail({kExitEnvironment, error.what()});
    }
    ::kill(::getpid(), SIGTERM);  // ends the waiting below
  });
  int signal = 0;
  sigwait(&signals, &signal);
  work.request_stop();
  work.join();
  std::println("promenade-hall has ended");
  return code;
}

int serve(const ServerOptions& options, const sigset_t& signals) {
  if (options.paired()) return serve_in_pair(options, signals);
  auto server = Server::open(options);
  if (!server) return fail(server.error());
  say_ready(*server);
  std::jthread loop([&server](std::stop_token stop) { server->run(stop); });
  int signal = 0;
  sigwait(&signals, &signal);
  loop.request_stop();
  loop.join();
  std::println("promenade-hall has ended");
  return kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
  const sigset_t signals = block_signals();
  CLI::App app("Promenade's hall: plans plays, opens gates, keeps viewers apart.", "promenade-hall");
  app.footer("Exit codes: 0 done, 1 refused, 2 wrong usage or input, 3 surroundings (port, disk, journal in use).");
  ServerOptions options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitDone : kExitInput;
  }
  try {
    return serve(options, signals);
  } catch (const std::exception& error) {
    std::println(stderr, "promenade-hall: {}", error.what());
    return kExitEnvironment;
  }
}

// promenade-circuit: a circuit's collector. Wiring of the command line only.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <print>

#include "ticketing/circuit/check_log.h"
#include "ticketing/circuit/circuit_commands.h"
#include "ticketing/circuit/log_key_text.h"
#include "ticketing/circuit/pull.h"
#include "ticketing/circuit/witness_sink.h"

namespace {

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;

constexpr int kDone = 0, kRefused = 1, kUsage = 2, kEnvironment = 3;

int exit_code_of(const std::string& code) {
  for (const char* refused : {"venue-rolled-back", "venue-altered", "report-differs", "chain-gap", "chain-broken", "event-malformed", "ledger-inconsistent",
                              "key-wrong", "key-missing", "scope-missing", "store-other-venue",
                              "checkpoint-rolled-back", "checkpoint-forked", "checkpoint-differs", "checkpoint-missing", "checkpoint-forged", "log-key-other", "log-key-unknown",
                              "log-key-unendorsed", "log-key-malformed", "log-keys-differ", "witness-other-venue", "venue-known", "venue-unknown", "venue-not-quarantined"})
    if (code == refused) return kRefused;
  return code == "http-bad-url" || code == "usage" || code == "venue-malformed" ? kUsage : kEnvironment;
}

int fail_with(const base::Error& error) {
  std::println(stderr, "promenade-circuit: {}", error.text());
  return exit_code_of(error.code);
}

struct Line {
  std::string url, key, store, log_key, file, folder, bind = "127.0.0.1";
  int port = 8430;
  bool json = false;
};

int pull(const Line& line) {
  if (line.key.empty()) return fail_with({"usage", "A pull needs an API key with the scope read.", "Give --key KEY or set PROMENADE_CIRCUIT_KEY."});
  const auto pinned = log_key_from_text(line.log_key);
  if (!pinned) return fail_with(pinned.error());
  auto client = base::http::Client::open({.base_url = line.url, .headers = {{"Authorization", "Bearer " + line.key}}});
  if (!client) return fail_with(client.error());
  const auto venue = ask_venue(*client);
  if (!venue) return fail_with(venue.error());
  const std::string store = line.store.empty() ? venue->id.value() + ".events" : line.store;
  auto file = EventFile::open(store, venue->id);
  if (!file) return fail_with(file.error());
  if (file->bytes_taken_away() > 0)
    std::println(stderr, "promenade-circuit: took away {} bytes of a record that an earlier pull left unfinished", file->bytes_taken_away());
  const auto pulled = pull_events(*client, *file);
  if (!pulled) return fail_with(pulled.error());
  auto witness = store::WitnessFile::open(store + ".checkpoints", venue->id, *pinned);
  if (!witness) return fail_with(witness.error());
  const auto signed_log = check_log(*client, *file, *witness);
  if (!signed_log) return fail_with(signed_log.error());
  const auto reports = check_reports(*client, *file, pulled->touched);
  if (!reports) return fail_with(reports.error());
  if (line.json) {
    std::println("{}", nlohmann::json{{"venue", venue->id.value()}, {"events", file->head().seq}, {"new", file->head().seq - pulled->events_before}, {"chain_ok", true},
                                      {"reports_equal", *reports}, {"checkpoint_events", signed_log->size}, {"head_hash", base::to_hex(file->head().hash)}}.dump());
  } else {
    std::println("{}: {} events, {} new, chain whole, {}, {} day reports equal to the events", venue->id.value(), file->head().seq,
                 file->head().seq - pulled->events_before, signed_log->size == 0 ? "not signed" : "signed up to event " + std::to_string(signed_log->size), *reports);
  }
  return kDone;
}

int status(const Line& line) {
  const auto file = EventFile::open_to_read(line.store);
  if (!file) return fail_with(file.error());
  if (line.json) {
    std::println("{}", nlohmann::json{{"venue", file->venue().value()}, {"events", file->head().seq}, {"head_hash", base::to_hex(file->head().hash)},
                                      {"unfinished_bytes", file->bytes_taken_away()}}.dump());
  } else {
    std::println("{}: {} events, head {}", file->venue().value(), file->head().seq, base::to_hex(file->head().hash));
  }
  return kDone;
}

int verify(const Line& line) {
  const auto file = EventFile::open_to_read(line.store);
  if (!file) return fail_with(file.error());
  const auto summary = summarise(*file);
  if (!summary) return fail_with(summary.error());
  nlohmann::json days = nlohmann::json::array();
  for (const DayReport& day : summary->days) {
    const Counts& t = day.totals;
    days.push_back({{"date", day.date.text()}, {"final", day.final}, {"revision", day.revision}, {"sold", t.sold}, {"refunded", t.refunded}, {"redeemed", t.redeemed},
                    {"played", t.played}, {"net", to_decimal(Money{t.net_minor(), day.currency})}});
    if (!line.json)
      std::println("{}  {}  sold {}  refunded {}  redeemed {}  played {}  net {} {}", day.date.text(), day.final ? "final" : "open ", t.sold, t.refunded, t.redeemed, t.played,
                   to_decimal(Money{t.net_minor(), day.currency}), day.currency.code());
  }
  if (line.json) std::println("{}", nlohmann::json{{"venue", file->venue().value()}, {"events", summary->head.seq}, {"chain_ok", true}, {"days", days}}.dump());
  else std::println("{}: {} events, chain whole", file->venue().value(), summary->head.seq);
  return kDone;
}

int export_events(const Line& line) {
  const auto file = EventFile::open_to_read(line.store);
  if (!file) return fail_with(file.error());
  std::ofstream out(line.file, std::ios::binary | std::ios::trunc);
  const auto done = file->export_to([&](base::ByteView bytes) { out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())); });
  if (!done) return fail_with(done.error());
  out.close();
  if (!out) return fail_with({"environment", "Cannot write " + line.file + ".", "Free space or choose another place."});
  std::println("{}: {} events of {}", line.file, file->head().seq, file->venue().value());
  return kDone;
}

int witness(const Line& line) {
  sigset_t signals;  // taken by waiting for them, never by a handler
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::error_code error;
  std::filesystem::create_directories(line.folder, error);
  if (error) return fail_with({"environment", "Cannot make the folder " + line.folder + ": " + error.message() + ".", "Choose another."});
  WitnessSink sink(line.folder, line.key, {.bind_address = line.bind, .port = static_cast<std::uint16_t>(line.port), .workers = 4, .max_body_bytes = 1U << 18});
  if (const auto started = sink.start(); !started) return fail_with(started.error());
  std::println("promenade-circuit witness ready on {}", sink.url());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  sink.stop();
  return kDone;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A circuit's collector: pulls its venues' ledgers, checks that nothing is missing or altered, and keeps them.", "promenade-circuit");
  app.require_subcommand(1);
  app.footer("Exit codes: 0 done, 1 the venue's ledger or report is refused, 2 wrong usage, 3 surroundings (network, disk, file in use).");
  Line line;
  auto& pulling = *app.add_subcommand("pull", "Pull new events and check the day reports they touch");
  pulling.add_option("url", line.url, "The venue's box office, e.g. http://127.0.0.1:8420")->required();
  pulling.add_option("--key", line.key, "API key with the scope read")->envname("PROMENADE_CIRCUIT_KEY");
  pulling.add_option("--store", line.store, "File that keeps this venue's events; made where missing (default: the venue's id and .events, in this folder)");
  pulling.add_option("--log-key", line.log_key, "The venue's log key, as its log-key.pub has it: no other is believed. Without it the first one seen is");
  auto& exporting = *app.add_subcommand("export", "Write a store's events as a venue can take them back: boxoffice restore --events");
  exporting.add_option("store", line.store, "The store")->required();
  exporting.add_option("file", line.file, "File to write")->required();
  auto& witnessing = *app.add_subcommand("witness", "Keep venues' checkpoints and refuse a rolled-back or forked one, until SIGINT or SIGTERM");
  witnessing.add_option("--dir", line.folder, "Folder of the checkpoints, a file for each venue")->required();
  witnessing.add_option("--bind", line.bind, "Address to listen on")->capture_default_str();
  witnessing.add_option("--port", line.port, "Port; 0: the system picks")->check(CLI::Range(0, 65535))->capture_default_str();
  witnessing.add_option("--key", line.key, "What box offices must send as their key; nobody is asked for one where left out")->envname("PROMENADE_WITNESS_KEY");
  auto& showing = *app.add_subcommand("status", "What a store holds, without checking all of it");
  auto& verifying = *app.add_subcommand("verify", "Check a store's whole chain and rules, and show its days");
  for (auto* command : {&showing, &verifying}) command->add_option("file", line.store, "The store")->required();
  for (auto* command : {&pulling, &showing, &verifying}) command->add_flag("--json", line.json, "Print JSON on one line");
  const auto commands = add_circuit_commands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  try {
    const auto ours = std::ranges::find_if(commands, [](const auto& one) { return one.command->parsed(); });
    if (ours != commands.end()) {
      const auto done = ours->run();
      return done ? kDone : fail_with(done.error());
    }
    const int code = pulling.parsed() ? pull(line) : exporting.parsed() ? export_events(line) : witnessing.parsed() ? witness(line) : showing.parsed() ? status(line) : verify(line);
    if (std::fflush(stdout) == 0) return code;
    return fail_with({"environment", "The output could not be written in full.", "Free space where it goes."});
  } catch (const std::exception& error) {
    std::println(stderr, "promenade-circuit: {}", error.what());
    return kEnvironment;
  }
}

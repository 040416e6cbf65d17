// promenade-circuit: a circuit's collector. Wiring of the command line only.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <print>

#include "ticketing/circuit/pull.h"

namespace {

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;

constexpr int kDone = 0, kRefused = 1, kUsage = 2, kEnvironment = 3;

int exit_code_of(const std::string& code) {
  for (const char* refused : {"venue-rolled-back", "venue-altered", "report-differs", "chain-gap", "chain-broken", "event-malformed", "ledger-inconsistent",
                              "key-wrong", "key-missing", "scope-missing", "store-other-venue"})
    if (code == refused) return kRefused;
  return code == "http-bad-url" || code == "usage" ? kUsage : kEnvironment;
}

int fail_with(const base::Error& error) {
  std::println(stderr, "promenade-circuit: {}", error.text());
  return exit_code_of(error.code);
}

struct Line {
  std::string url, key, store;
  bool json = false;
};

int pull(const Line& line) {
  if (line.key.empty()) return fail_with({"usage", "A pull needs an API key with the scope read.", "Give --key KEY or set PROMENADE_CIRCUIT_KEY."});
  auto client = base::http::Client::open({.base_url = line.url, .headers = {{"Authorization", "Bearer " + line.key}}});
  if (!client) return fail_with(client.error());
  const auto venue = ask_venue(*client);
  if (!venue) return fail_with(venue.error());
  auto file = EventFile::open(line.store.empty() ? venue->id.value() + ".events" : line.store, venue->id);
  if (!file) return fail_with(file.error());
  if (file->bytes_taken_away() > 0)
    std::println(stderr, "promenade-circuit: took away {} bytes of a record that an earlier pull left unfinished", file->bytes_taken_away());
  const auto pulled = pull_events(*client, *file);
  if (!pulled) return fail_with(pulled.error());
  const auto reports = check_reports(*client, *file, pulled->touched);
  if (!reports) return fail_with(reports.error());
  if (line.json) {
    std::println("{}", nlohmann::json{{"venue", venue->id.value()}, {"events", file->head().seq}, {"new", file->head().seq - pulled->events_before}, {"chain_ok", true},
                                      {"reports_equal", *reports}, {"head_hash", base::to_hex(file->head().hash)}}.dump());
  } else {
    std::println("{}: {} events, {} new, chain whole, {} day reports equal to the events", venue->id.value(), file->head().seq,
                 file->head().seq - pulled->events_before, *reports);
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

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A circuit's collector: pulls a venue's ledger, checks that nothing is missing or altered, and keeps it.", "promenade-circuit");
  app.require_subcommand(1);
  app.footer("Exit codes: 0 done, 1 the venue's ledger or report is refused, 2 wrong usage, 3 surroundings (network, disk, file in use).");
  Line line;
  auto& pulling = *app.add_subcommand("pull", "Pull new events and check the day reports they touch");
  pulling.add_option("url", line.url, "The venue's box office, e.g. http://127.0.0.1:8420")->required();
  pulling.add_option("--key", line.key, "API key with the scope read")->envname("PROMENADE_CIRCUIT_KEY");
  pulling.add_option("--store", line.store, "File that keeps this venue's events; made where missing (default: the venue's id and .events, in this folder)");
  auto& showing = *app.add_subcommand("status", "What a store holds, without checking all of it");
  auto& verifying = *app.add_subcommand("verify", "Check a store's whole chain and rules, and show its days");
  for (auto* command : {&showing, &verifying}) command->add_option("file", line.store, "The store")->required();
  for (auto* command : {&pulling, &showing, &verifying}) command->add_flag("--json", line.json, "Print JSON on one line");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  try {
    const int code = pulling.parsed() ? pull(line) : showing.parsed() ? status(line) : verify(line);
    if (std::fflush(stdout) == 0) return code;
    return fail_with({"environment", "The output could not be written in full.", "Free space where it goes."});
  } catch (const std::exception& error) {
    std::println(stderr, "promenade-circuit: {}", error.what());
    return kEnvironment;
  }
}

#include "ticketing/circuit/circuit_commands.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <print>
#include <vector>

#include "ticketing/circuit/collector.h"
#include "ticketing/circuit/log_key_text.h"
#include "ticketing/circuit/serve_circuit.h"
#include "ticketing/circuit/venue_access.h"
#include "ticketing/circuit/venue_list.h"

namespace promenade::ticketing::circuit {
namespace {

using nlohmann::json;

struct CommandLine {
  std::string database, venue, url, key, key_file, log_key, by, reason, file;
  VenueAccess access;
  int pullers = 16;
  std::uint64_t seed = 1;
  bool as_json = false;
};

base::UtcTime system_time() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

base::Result<std::string> given_key(const CommandLine& line) { return line.key_file.empty() ? base::Result<std::string>(line.key) : read_key_file(line.key_file); }

base::Result<void> add(const CommandLine& line) {
  NewVenue venue{base::VenueId(line.venue), line.url, {}, std::nullopt, line.access};
  auto key = given_key(line);
  if (!key) return std::unexpected(key.error());
  venue.api_key = std::move(*key);
  if (auto whole = check_access(venue.api_key, venue.access); !whole) return whole;
  const auto pinned = log_key_from_text(line.log_key);
  if (!pinned) return std::unexpected(pinned.error());
  venue.pinned = *pinned;
  if (auto address = venue_address(venue.url); !address) return std::unexpected(address.error());
  auto store = CircuitStore::open(line.database);
  if (!store) return std::unexpected(store.error());
  if (auto done = store->add_venue(venue, system_time()); !done) return done;
  std::println("{}: pulled from {} from now on", line.venue, line.url);
  return {};
}

base::Result<void> change(const CommandLine& line) {
  VenueChange change;
  auto key = given_key(line);
  if (!key) return std::unexpected(key.error());
  if (!key->empty()) change.api_key = std::move(*key);
  if (!line.url.empty()) change.url = line.url;
  if (!line.log_key.empty()) {
    const auto pinned = log_key_from_text(line.log_key);
    if (!pinned) return std::unexpected(pinned.error());
    change.pinned = *pinned;
  }
  if (line.access != VenueAccess{}) change.access = line.access;
  if (!change.url && !change.api_key && !change.pinned && !change.access) return base::fail("usage", "Nothing was given that could change.", "Give --url, --key-file, --log-key, or another access.");
  if (change.url)
    if (auto address = venue_address(*change.url); !address) return std::unexpected(address.error());
  auto store = CircuitStore::open(line.database);
  if (!store) return std::unexpected(store.error());
  if (auto done = store->change_venue(base::VenueId(line.venue), change); !done) return done;
  std::println("{}: changed; the next pull goes on from what it has sent", line.venue);
  return {};
}

base::Result<void> remove(const CommandLine& line) {
  auto store = CircuitStore::open(line.database);
  if (!store) return std::unexpected(store.error());
  if (auto done = store->remove_venue(base::VenueId(line.venue), system_time()); !done) return done;
  std::println("{}: pulled no more; what it sent stays", line.venue);
  return {};
}

base::Result<void> release(const CommandLine& line) {
  auto store = CircuitStore::open(line.database);
  if (!store) return std::unexpected(store.error());
  if (auto done = store->release(base::VenueId(line.venue), line.by, line.reason, system_time()); !done) return done;
  std::println("{}: pulled again from its last good event, released by {}", line.venue, line.by);
  return {};
}

base::Result<void> list(const CommandLine& line) {
  auto store = CircuitStore::open(line.database);
  if (!store) return std::unexpected(store.error());
  const auto venues = list_venues(*store);
  if (!venues) return std::unexpected(venues.error());
  if (line.as_json) {
    std::println("{}", to_json(*venues).dump(-1, ' ', false, json::error_handler_t::replace));
    return {};
  }
  for (const auto& v : *venues) {
    const std::string trouble = v.state == "active" ? (v.failures > 0 ? ", failed " + std::to_string(v.failures) + " times: " + v.error_text : "") : ", " + v.state_code + ": " + v.state_text;
    std::println("{}  {}  {} events, signed {}{}", v.venue, v.state, v.events, v.signed_at ? to_text(*v.signed_at) : "never", trouble);
  }
  std::println("{} venues", venues->size());
  return {};
}

base::Result<void> collect(const CommandLine& line) {
  CollectorOptions options;
  options.database = line.database;
  options.pullers = line.pullers;
  options.schedule.seed = line.seed;
  Collector collector(options, system_time, [](const std::string& words) { std::println(stderr, "promenade-circuit: {}", words); });
  if (auto done = collector.collect_once(); !done) return done;
  const auto figures = collector.figures();
  if (line.as_json) {
    std::println("{}", json{{"events", figures.events}, {"admissions", figures.admissions}, {"batches", figures.batches}, {"idle", figures.idle}, {"failures", figures.failures},
                            {"refusals", figures.refusals}}.dump());
  } else {
    std::println("{} events and {} admissions taken; {} venues had nothing new, {} could not be asked, {} went to quarantine", figures.events, figures.admissions, figures.idle, figures.failures,
                 figures.refusals);
  }
  return {};
}

base::Result<void> export_venue(const CommandLine& line) {
  auto store = CircuitStore::open(line.database);
  if (!store) return std::unexpected(store.error());
  const auto record = store->venue(base::VenueId(line.venue));
  if (!record) return std::unexpected(record.error());
  std::ofstream out(line.file, std::ios::binary | std::ios::trunc);
  out << encode_export_header({record->venue, 1, record->cursor.seq, record->cursor.hash});
  const auto done = store->for_each_stored(record->id, [&](base::ByteView stored) -> base::Result<void> {
    base::Bytes bytes;
    append_export_event(bytes, stored);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return {};
  });
  if (!done) return done;
  out.close();
  if (!out) return base::fail("environment", "Cannot write " + line.file + ".", "Free space or choose another place.");
  std::println("{}: {} events of {}", line.file, record->cursor.seq, line.venue);
  return {};
}

void add_serve(CLI::App& app, std::vector<CircuitCommand>& out) {
  const auto options = std::make_shared<ServeCircuitOptions>();
  auto* serving = app.add_subcommand("serve", "Pull all venues all the time and show the circuit's pages, until SIGINT or SIGTERM");
  serving->add_option("--database", options->database, "PostgreSQL, as libpq takes it")->envname("PROMENADE_CIRCUIT_DATABASE");
  serving->add_flag("--private-database", options->private_database, "Start a PostgreSQL of its own that is gone when this ends: for a trial; it goes before --database");
  serving->add_flag("--pages-only", options->pages_only, "Show pages and collect nothing: on a read replica, or beside a collector");
  serving->add_option("--venues", options->venues_file, "JSON file with venues, url and key of each, that are added where they are missing, and else get this address and key");
  serving->add_option("--bind", options->bind, "Address to listen on")->capture_default_str();
  serving->add_option("--port", options->port, "Port of the pages; 0: the system picks")->capture_default_str();
  serving->add_option("--key", options->key, "What readers must give as their key; nobody is asked for one where left out")->envname("PROMENADE_CIRCUIT_PAGES_KEY");
  serving->add_option("--interval", options->interval_s, "Seconds from one pull of a venue to the next")->check(CLI::Range(1, 86400))->capture_default_str();
  serving->add_option("--pullers", options->pullers, "Venues asked at one time")->check(CLI::Range(1, 256))->capture_default_str();
  serving->add_option("--seed", options->seed, "Seed of the waits after failures")->capture_default_str();
  out.push_back({serving, [options]() -> base::Result<void> {
                   if (options->database.empty() && !options->private_database) return base::fail("usage", "serve needs a database.", "Give --database, or --private-database for a trial.");
                   return serve_circuit(*options);
                 }});
}

}  // namespace

std::vector<CircuitCommand> add_circuit_commands(CLI::App& app) {
  const auto line = std::make_shared<CommandLine>();
  std::vector<CircuitCommand> out;
  const auto command = [&](const char* name, const char* what, base::Result<void> (*deed)(const CommandLine&)) {
    CLI::App* one = app.add_subcommand(name, what);
    one->add_option("--database", line->database, "PostgreSQL, as libpq takes it: \"host=/run/postgresql dbname=circuit\"")->envname("PROMENADE_CIRCUIT_DATABASE")->required();
    out.push_back({one, [line, deed] { return deed(*line); }});
    return one;
  };
  auto* adding = command("venue-add", "Take a venue into the circuit", add);
  adding->add_option("venue", line->venue, "The venue's id, as in its boxoffice.toml")->required();
  adding->add_option("url", line->url, "Its box office: http://HOST:PORT, with a path where it has one")->required();
  auto* changing = command("venue-change", "Give a venue another address, key or log key; what it sent stays", change);
  changing->add_option("venue", line->venue, "The venue's id")->required();
  changing->add_option("--url", line->url, "Its box office from now on");  // what is given of an access stands for all of it
  for (auto* one : {adding, changing}) {
    one->add_option("--key-file", line->key_file, "File with its API key, scope read");
    one->add_option("--key", line->key, "The API key itself")->envname("PROMENADE_CIRCUIT_KEY");
    one->add_option("--client-id", line->access.client_id, "Name of that key at the venue: the circuit then works with access tokens (OAuth2 client credentials)");
    one->add_option("--certificate", line->access.certificate_file, "The circuit's certificate for this venue, PEM (mutual TLS: the venue's --device-port, or its --client-ca)");
    one->add_option("--certificate-key", line->access.key_file, "Its key, PEM");
    one->add_option("--ca", line->access.ca_file, "CA that the venue's certificate is of, PEM; the system's where left out");
    one->add_option("--log-key", line->log_key, "The venue's log key, as its log-key.pub has it: no other is believed. Without it the first one seen is");
  }
  command("venue-remove", "Pull a venue no more; what it sent stays", remove)->add_option("venue", line->venue, "The venue's id")->required();
  auto* releasing = command("release", "Lift a venue's quarantine: it is pulled again from its last good event", release);
  releasing->add_option("venue", line->venue, "The venue's id")->required();
  releasing->add_option("--by", line->by, "Who decided it")->required();
  releasing->add_option("--reason", line->reason, "Why; kept with the incident")->required();
  auto* listing = command("venues", "How each venue stands", list);
  auto* collecting = command("collect", "Pull every venue once, until it has nothing more", collect);
  collecting->add_option("--pullers", line->pullers, "Venues asked at one time")->check(CLI::Range(1, 256))->capture_default_str();
  collecting->add_option("--seed", line->seed, "Seed of the waits after failures")->capture_default_str();
  for (auto* one : {listing, collecting}) one->add_flag("--json", line->as_json, "Print JSON on one line");
  auto* exporting = command("venue-export", "Write a venue's events as it can take them back: boxoffice restore --events", export_venue);
  exporting->add_option("venue", line->venue, "The venue's id")->required();
  exporting->add_option("file", line->file, "File to write")->required();
  add_serve(app, out);
  return out;
}

}  // namespace promenade::ticketing::circuit

// promenade-venues: box offices of many venues that never were, behind one address, for bench circuit and the demo. Their ledgers
// are made from a seed by the box office's own rules. Prints one line when it is ready and runs until SIGINT or SIGTERM.

#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <print>
#include <thread>

#include "tests/circuit/venue_names.h"
#include "tests/circuit/venue_server.h"
#include "ticketing/core/config_file.h"
#include "tracking/base/finding.h"

namespace {

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;

struct Options {
  std::string config, folder, list, first = "2026-05-01";
  int venues = 20, admissions = 200, days = 1, templates = 25, threads = 2, port = 0;
  std::uint64_t seed = 1;
  bool open_last = false, trouble = false;
};

Config config_of(const std::string& file) {
  auto reading = read_config_file(file);
  if (!reading.config) throw std::runtime_error(base::to_string(reading.findings));
  return std::move(*reading.config);
}

struct Made {
  std::atomic<std::int64_t> events{0}, sold{0}, comps{0}, net_minor{0};
};

// From four tenths to sixteen tenths of the average, so that venues differ as they do.
std::vector<MadeDays> make_templates(const Options& options, const Config& config) {
  const int count = std::min(options.templates, options.venues);
  std::vector<MadeDays> out(static_cast<std::size_t>(count));
  std::atomic<int> next{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < options.threads; ++i) {
    threads.emplace_back([&] {
      for (int t = next++; t < count; t = next++) {
        const double share = count == 1 ? 1.0 : 0.4 + 1.2 * t / (count - 1);
        out[static_cast<std::size_t>(t)] = make_days({.config = config, .first = BusinessDate::from_text(options.first).value(), .days = options.days,
                                                       .admissions = static_cast<int>(options.admissions * share), .close_last = !options.open_last, .seed = options.seed * 1000 + static_cast<std::uint64_t>(t)});
      }
    });
  }
  threads.clear();  // joins
  return out;
}

base::VenueId id_of(int number) { return base::VenueId("venue-" + std::to_string(number + 1)); }

// What a circuit has to cope with, for people to look at: a venue that cannot be reached, one that has not closed its last day,
// one without a viewer, and one that has altered an event once it had been pulled.
class Trouble {
 public:
  Trouble(VenueServer& server, const Options& options, const MadeDays& days) : server_(server), requests_(static_cast<std::uint64_t>(options.venues) * 3) {
    server.change(id_of(2), [](ServedVenue& v) { v.status = 503; });
    server.change(id_of(4), [](ServedVenue& v) {
      while (v.checkpoints.size() > 1 && (v.checkpoints.back().closes || v.checkpoints.back().size == v.head())) v.checkpoints.pop_back();
    });
    const auto closed_before = std::ranges::find_if(days.reports, [&](const auto& one) { return one.second.date.plus_days(1) == days.reports.rbegin()->second.date; });
    if (closed_before == days.reports.end()) return;
    whole_ = ledger_of(days, id_of(6), venue_name(6).zh, venue_name(6).en);
    MadeLedger part = whole_;
    part.stored.resize(closed_before->first);
    part.hashes.resize(closed_before->first);
    std::erase_if(part.checkpoints, [&](const Checkpoint& c) { return c.size > closed_before->first; });
    server.put(served(part));
    whole_.stored[closed_before->first + 20].back() ^= 1;
  }
  // The lie, once every venue has been asked.
  void look() {
    if (whole_.stored.empty() || server_.requests() < requests_) return;
    server_.put(served(whole_));
    whole_ = {};
  }

 private:
  VenueServer& server_;
  std::uint64_t requests_;
  MadeLedger whole_;
};

void make_venues(VenueServer& server, const Options& options, const std::vector<MadeDays>& templates, Made& made) {
  std::atomic<int> next{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < options.threads; ++i) {
    threads.emplace_back([&] {
      for (int n = next++; n < options.venues; n = next++) {
        const MadeDays& days = templates[static_cast<std::size_t>(n * 7) % templates.size()];
        const VenueName name = venue_name(n);
        server.put(served(ledger_of(days, id_of(n), name.zh, name.en)), !options.folder.empty());
        made.events += static_cast<std::int64_t>(days.events.size());
        for (const auto& [seq, report] : days.reports) {
          made.sold += report.totals.sold;
          made.comps += report.totals.comps;
          made.net_minor += report.totals.net_minor();
        }
      }
    });
  }
}

int run(const Options& options) {
  sigset_t signals;  // taken by waiting for them, never by a handler
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  VenueServer server({.port = static_cast<std::uint16_t>(options.port), .workers = 32, .waiting_connections = 512, .connections_per_address = 512});
  if (!options.folder.empty()) server.keep_in((std::filesystem::path(options.folder) / "venues.events").string());
  Made made;
  std::optional<Trouble> trouble;
  {
    const Config config = config_of(options.config);
    const auto templates = make_templates(options, config);
    make_venues(server, options, templates, made);
    if (options.trouble && options.venues >= 10) {
      trouble.emplace(server, options, templates.front());
      Options quiet = options;
      quiet.admissions = 0;
      quiet.templates = 1;
      server.put(served(ledger_of(make_templates(quiet, config).front(), id_of(8), venue_name(8).zh, venue_name(8).en)));
    }
  }
  if (!server.start()) throw std::runtime_error("no port can be had");
  if (!options.list.empty()) {
    nlohmann::json list = nlohmann::json::array();
    for (int n = 0; n < options.venues; ++n) list.push_back({{"venue", id_of(n).value()}, {"url", server.url(id_of(n))}, {"key", "made"}});
    std::ofstream(options.list) << list.dump(1) << '\n';
  }
  std::println("promenade-venues ready on {} {}", server.base_url(),
               nlohmann::json{{"venues", options.venues}, {"events", made.events.load()}, {"sold", made.sold.load()}, {"comps", made.comps.load()}, {"net_minor", made.net_minor.load()}}.dump());
  std::fflush(stdout);
  const timespec tick{0, 200'000'000};
  while (sigtimedwait(&signals, nullptr, &tick) < 0)
    if (trouble) trouble->look();
  server.stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Box offices of many venues that never were, for bench circuit and the demo.", "promenade-venues");
  Options options;
  options.config = (std::filesystem::weakly_canonical(std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../../../venue-configs/wuxi-420/boxoffice.toml")).string();
  app.add_option("--boxoffice-config", options.config, "What every venue sells, instead of the sample venue's");
  app.add_option("--venues", options.venues, "How many")->check(CLI::Range(1, 20'000))->capture_default_str();
  app.add_option("--admissions", options.admissions, "Of each in a day, on average")->check(CLI::Range(0, 5000))->capture_default_str();
  app.add_option("--days", options.days, "Days of each ledger")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--first", options.first, "Their first business date")->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of everything that is made")->capture_default_str();
  app.add_option("--port", options.port, "Port on 127.0.0.1; 0: the system picks")->check(CLI::Range(0, 65535))->capture_default_str();
  app.add_option("--folder", options.folder, "Keep the events in a file there instead of in memory");
  app.add_option("--list", options.list, "Write the venues there, as circuit serve --venues reads them");
  app.add_flag("--open", options.open_last, "Leave the last day open");
  app.add_flag("--trouble", options.trouble, "Let a few of them misbehave");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return run(options);
  } catch (const std::exception& error) {
    std::println(stderr, "promenade-venues: {}", error.what());
    return 3;
  }
}

// How fast the box office books durable sales and redemptions, beside bare SQLite commits of the same rows and bytes with
// the same durability, on the same disk, turn by turn in the same run. And how long the page of a large day takes.

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "tests/bench/bench.h"
#include "tests/bench/quantile.h"
#include "tests/bench/report_page_time.h"
#include "ticketing/core/config_file.h"
#include "ticketing/store/box_office.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

using namespace ticketing;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr double kLeastOfBare = 0.7, kMostP99OfBare = 2.0;
constexpr double kMostPage_ms = 100.0;
constexpr int kDayAdmissions = 3000, kDaysBefore = 60, kEachBefore = 500, kPages = 60;
constexpr std::size_t kTurn = 50;  // commits of one and then of the other, so that both see the same disk

struct LedgerBenchOptions {
  std::filesystem::path config;
  std::string folder;
  int tickets = 1500;
  int group = 1;  // requests a commit
  std::uint64_t seed = 1;
};

// What one commit holds: the requests that the box office is asked, and the rows that come of them.
struct Commit {
  std::vector<Request> requests;
  base::UtcTime now;
  std::vector<Event> events;
  std::vector<Row> rows;
};

base::KeyPair key_of(std::uint8_t number) {
  base::KeySeed seed{};
  seed.fill(number);
  return base::KeyPair::from_seed(seed);
}

Config config_of(const std::filesystem::path& file) {
  auto reading = read_config_file(file.string());
  if (!reading.config) throw std::runtime_error(base::to_string(reading.findings));
  return std::move(*reading.config);
}

// Sales and redemptions by turns, as far apart as in a venue of 3,000 admissions in 20 hours, decided once without a disk, so
// that both sides write the same bytes. What the venue has no place for at that moment is left away.
std::vector<Commit> plan(const LedgerBenchOptions& options, const Config& config) {
  LedgerState state(config.venue);
  SeededIdSource ids(options.seed);
  const base::KeyPair key = key_of(1);
  base::UtcTime now = utc_from_text("2026-05-01T04:00:00Z").value();
  const auto take = [&](const Event& event) {
    if (auto done = state.apply(event); !done) throw std::runtime_error(done.error().text());
  };
  take(**state.decide_config(config, key.public_key(), now));
  take(**state.decide_log_key(key_of(2), nullptr, now));
  state.take_changed_rows();
  std::vector<Commit> commits;
  std::vector<std::string> tokens;
  const auto ask = [&](Commit& commit, Request request) {
    auto decision = state.decide(request, now, key, ids);
    if (!decision) return;
    for (auto& event : decision->events) {
      take(event);
      commit.events.push_back(std::move(event));
    }
    if (const auto* sale = std::get_if<SaleAnswer>(&decision->answer)) tokens.push_back(sale->tickets[0].token);
    commit.requests.push_back(std::move(request));
  };
  int number = 0;
  const auto head = [&] { return RequestHead{"bench-" + std::to_string(++number), "counter-1", now, "ann"}; };
  const auto opens = now;
  for (int sold = 0; sold < options.tickets;) {
    for (const bool selling : {true, false}) {
      Commit commit;
      commit.now = now;
      for (int i = 0; i < options.group; ++i) {
        if (selling) {
          SaleRequest sale;
          sale.head = head();
          sale.film = config.films[static_cast<std::size_t>(sold++) % config.films.size()].id;
          ask(commit, sale);
        } else {
          RedemptionRequest redemption;
          redemption.head = head();
          if (tokens.empty()) break;
          redemption.token = tokens.back();
          tokens.pop_back();
          redemption.hall = config.halls.front().id;
          ask(commit, redemption);
        }
      }
      commit.rows = state.take_changed_rows();
      if (!commit.requests.empty()) commits.push_back(std::move(commit));
    }
    now = opens + seconds(24 * sold);
  }
  return commits;
}

// The same tables, pragmas and rows, written by SQLite's own means: statements prepared once, one transaction a commit.
class Bare {
 public:
  Bare(const std::string& path, const base::VenueId& venue) : venue_(venue) {
    // The ledger's own file gives tables and page size; what follows is written past it.
    { if (!store::Ledger::open(path, venue)) throw std::runtime_error("no bare ledger"); }
    check(sqlite3_open(path.c_str(), &connection_));
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000; PRAGMA temp_store=MEMORY;"
        "DROP TRIGGER events_keep_update; DROP TRIGGER events_keep_delete; DROP TRIGGER events_no_hole");
    event_ = prepare("INSERT INTO events VALUES(?, ?, ?)");
    for (const Table& table : projection_tables()) {
      std::string sql = "INSERT OR REPLACE INTO " + std::string(table.name) + " VALUES(?";
      for (std::size_t i = 1; i < table.columns.size(); ++i) sql += ",?";
      rows_.push_back(prepare(sql + ")"));
    }
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;
  ~Bare() {
    sqlite3_finalize(event_);
    for (auto* statement : rows_) sqlite3_finalize(statement);
    sqlite3_close(connection_);
  }

  // STORED are the events' bytes: making them is no work of SQLite's.
  void write(const Commit& commit, const std::vector<base::Bytes>& stored) {
    run("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < stored.size(); ++i) {
      sqlite3_bind_int64(event_, 1, static_cast<std::int64_t>(commit.events[i].seq));
      sqlite3_bind_blob(event_, 2, commit.events[i].hash.data(), static_cast<int>(commit.events[i].hash.size()), SQLITE_STATIC);
      sqlite3_bind_blob(event_, 3, stored[i].data(), static_cast<int>(stored[i].size()), SQLITE_STATIC);
      step(event_);
    }
    for (const Row& row : commit.rows) {
      for (std::size_t c = 0; c < row.cells.size(); ++c) {
        const int at = static_cast<int>(c) + 1;
        if (const auto* n = std::get_if<std::int64_t>(&row.cells[c])) sqlite3_bind_int64(rows_[row.table], at, *n);
        else sqlite3_bind_text(rows_[row.table], at, std::get<std::string>(row.cells[c]).c_str(), -1, SQLITE_STATIC);
      }
      step(rows_[row.table]);
    }
    run("COMMIT");
  }

 private:
  void check(int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errstr(code));
  }
  void run(const std::string& sql) { check(sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr)); }
  void step(sqlite3_stmt* statement) {
    check(sqlite3_step(statement));
    sqlite3_reset(statement);
  }
  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(connection_, sql.c_str(), -1, &statement, nullptr));
    return statement;
  }
  base::VenueId venue_;
  sqlite3* connection_ = nullptr;
  sqlite3_stmt* event_ = nullptr;
  std::vector<sqlite3_stmt*> rows_;
};

struct Timed {
  std::vector<double> ms;
  double total_s = 0.0;
  template <class Deed>
  void time(const Deed& deed) {
    const auto begun = Clock::now();
    deed();
    ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
    total_s += ms.back() / 1000.0;
  }
  nlohmann::ordered_json json(std::size_t requests) const {
    return {{"commits_per_s", static_cast<double>(ms.size()) / total_s}, {"requests_per_s", static_cast<double>(requests) / total_s},
            {"p50_ms", quantile(ms, 0.5)}, {"p99_ms", quantile(ms, 0.99)}};
  }
};

class Folder {
 public:
  explicit Folder(const std::string& under) {
    std::string name = (std::filesystem::path(under) / "promenade-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder can be made in " + under);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const char* name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

// A venue in which so many find a place, most of them in the evening.
Config roomy(Config config) {
  for (auto& hall : config.halls) hall.capacity *= 4;
  for (auto& lane : config.lanes) lane.slots *= 4;
  return config;
}

nlohmann::ordered_json to_json(const PageTime& page) {
  return {{"admissions", page.admissions}, {"events", page.events}, {"first_ms", page.first_ms}, {"p50_ms", page.p50_ms}, {"p99_ms", page.p99_ms}};
}

// The page of one day alone, and of the same day after two months of others.
void add_pages(Outcome& outcome, const Config& config, const std::string& folder, std::uint64_t seed) {
  const auto alone = time_report_page(config, 0, kEachBefore, kDayAdmissions, kPages, folder, seed);
  const auto after = time_report_page(config, kDaysBefore, kEachBefore, kDayAdmissions, kPages, folder, seed);
  outcome.figures["report_page"] = {{"alone", to_json(alone)}, {"after_60_days", to_json(after)}};
  outcome.at_least("page_admissions", std::min(alone.admissions, after.admissions), 0.9 * kDayAdmissions);
  outcome.at_most("page_p99_ms", after.p99_ms, kMostPage_ms);
  outcome.table += base::formatted("report page      admissions  p50 ms  p99 ms\none day alone    {:10}  {:6.1f}  {:6.1f}\nafter {} days    {:10}  {:6.1f}  {:6.1f}\n", alone.admissions, alone.p50_ms, alone.p99_ms, kDaysBefore,
                                   after.admissions, after.p50_ms, after.p99_ms);
}

Outcome run_ledger_bench(LedgerBenchOptions options, bool full) {
  if (full) options.tickets *= 10;
  const Config config = config_of(options.config);
  const auto commits = plan(options, config);
  const Folder folder(options.folder);
  const auto opened = utc_from_text("2026-05-01T04:00:00Z").value();
  auto office = store::BoxOffice::open(folder.file("ledger.sqlite"), config, {key_of(1), key_of(2)}, opened, std::make_unique<SeededIdSource>(options.seed));
  if (!office) throw std::runtime_error(office.error().text());
  Bare bare(folder.file("bare.sqlite"), config.venue);
  // The bare side's first two events, which opening the office has booked.
  const auto first = office->events_after(0, 2).value();
  Commit begun;
  begun.events = first.events;
  bare.write(begun, first.stored);

  Timed ours, theirs;
  std::size_t requests = 0;
  for (std::size_t turn = 0; turn * kTurn < commits.size(); ++turn) {
    const auto from = commits.begin() + static_cast<std::ptrdiff_t>(turn * kTurn);
    const auto to = commits.begin() + static_cast<std::ptrdiff_t>(std::min(commits.size(), (turn + 1) * kTurn));
    const auto run_ours = [&] {
      for (auto at = from; at != to; ++at) {
        ours.time([&] {
          for (const auto& answer : office->ask_all(at->requests, at->now))
            if (!answer) throw std::runtime_error(answer.error().text());
        });
        requests += at->requests.size();
      }
    };
    const auto run_theirs = [&] {
      for (auto at = from; at != to; ++at) {
        std::vector<base::Bytes> stored;
        for (const Event& event : at->events) stored.push_back(encode_event(event));
        theirs.time([&] { bare.write(*at, stored); });
      }
    };
    // Who goes first changes, so that neither always finds the disk as the other left it.
    if (turn % 2 == 0) run_ours(), run_theirs();
    else run_theirs(), run_ours();
  }
  const auto verified = office->verify().value();

  Outcome outcome;
  const double ratio = theirs.total_s / ours.total_s;
  const double p99_ratio = quantile(ours.ms, 0.99) / quantile(theirs.ms, 0.99);
  outcome.figures = {{"box_office", ours.json(requests)}, {"bare_sqlite", theirs.json(requests)}, {"of_bare", ratio}, {"p99_of_bare", p99_ratio}, {"requests_per_commit", options.group}, {"seed", options.seed}};
  outcome.samples = {{"commits", commits.size()}, {"requests", requests}, {"events", verified.events}};
  outcome.at_least("of_bare", ratio, kLeastOfBare);
  outcome.at_most("p99_of_bare", p99_ratio, kMostP99OfBare);
  outcome.at_least("ledger_whole", verified.ok() ? 1.0 : 0.0, 1.0);
  outcome.table = base::formatted("{} sales and redemptions, {} a commit\n                 requests/s   p50 ms   p99 ms\nbox office       {:10.0f}  {:7.3f}  {:7.3f}\nbare SQLite      {:10.0f}  {:7.3f}  {:7.3f}\n", requests,
                                  options.group, static_cast<double>(requests) / ours.total_s, quantile(ours.ms, 0.5), quantile(ours.ms, 0.99),
                                  static_cast<double>(requests) / theirs.total_s, quantile(theirs.ms, 0.5), quantile(theirs.ms, 0.99));
  add_pages(outcome, roomy(config), folder.path(), options.seed);
  return outcome;
}

Run add_ledger_options(CLI::App& app) {
  auto options = std::make_shared<LedgerBenchOptions>();
  options->config = beside_program("../../../venue-configs/wuxi-420/boxoffice.toml");
  options->folder = std::filesystem::temp_directory_path().string();
  app.add_option("--boxoffice-config", options->config, "The box office's configuration, instead of the sample venue's");
  app.add_option("--folder", options->folder, "Where the files are written: measure the disk that the ledger will have")->capture_default_str();
  app.add_option("--tickets", options->tickets, "Tickets sold and redeemed")->check(CLI::Range(100, 100'000))->capture_default_str();
  app.add_option("--group", options->group, "Requests that share a commit")->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--seed", options->seed, "Seed of the ticket codes")->capture_default_str();
  return [options](bool full) { return run_ledger_bench(*options, full); };
}

}  // namespace

Bench ledger_bench() { return {"ledger", "Durable sales and redemptions beside bare SQLite commits of the same rows; the page of a day of 3,000", add_ledger_options}; }

}  // namespace promenade::bench

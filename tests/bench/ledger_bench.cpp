// How fast the box office books durable sales and redemptions, beside bare SQLite commits of the same rows and bytes with
// the same durability, on the same disk, turn by turn in the same run. Both serve as many callers at once, each of whom waits
// for his commit: the box office through its queue, SQLite behind a lock. And how long the page of a large day takes.

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tests/bench/bench.h"
#include "tests/bench/quantile.h"
#include "tests/bench/report_page_time.h"
#include "ticketing/api/desk.h"
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
  int callers = 4;
  std::uint64_t seed = 1;
};

// What one commit of the box office held.
struct Commit {
  std::vector<Event> events;
  std::vector<base::Bytes> stored;
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

// A caller who sells and redeems by turns what he has sold, so many requests a commit.
class Caller {
 public:
  Caller(const LedgerBenchOptions& options, const Config& config, int number) : options_(options), config_(config), number_(number) {}

  std::vector<Request> next(base::UtcTime now) {
    std::vector<Request> requests;
    for (int i = 0; i < options_.group; ++i) {
      const RequestHead head{base::formatted("bench-{}-{}", number_, ++asked_), base::formatted("counter-{}", number_), now, "ann"};
      if (tokens_.empty()) {
        SaleRequest sale;
        sale.head = head;
        sale.film = config_.films[static_cast<std::size_t>(asked_ + number_) % config_.films.size()].id;
        requests.emplace_back(std::move(sale));
      } else {
        RedemptionRequest redemption;
        redemption.head = head;
        redemption.token = tokens_[static_cast<std::size_t>(i)];
        redemption.hall = config_.halls.front().id;
        requests.emplace_back(std::move(redemption));
      }
    }
    tokens_.clear();
    return requests;
  }

  void hear(const std::vector<base::Result<Answer>>& answers) {
    for (const auto& answer : answers) {
      if (!answer) throw std::runtime_error(answer.error().text());
      if (const auto* sale = std::get_if<SaleAnswer>(&*answer)) tokens_.push_back(sale->tickets[0].token);
    }
  }

 private:
  const LedgerBenchOptions& options_;
  const Config& config_;
  int number_, asked_ = 0;
  std::vector<std::string> tokens_;
};

// The commits that STORED came of, one for each GROUP of requests, with the rows that they changed in STATE. The event that a
// request asked for has its key, and ends what that request booked.
std::vector<Commit> commits_of(const std::vector<base::Bytes>& stored, LedgerState& state, int group) {
  std::vector<Commit> commits(1);
  int requests = 0;
  for (const base::Bytes& bytes : stored) {
    if (requests == group) commits.emplace_back(), requests = 0;
    Commit& commit = commits.back();
    auto event = decode_event(bytes, state.venue());
    if (!event) throw std::runtime_error(event.error().text());
    if (auto done = state.apply(*event); !done) throw std::runtime_error(done.error().text());
    if (!event->idempotency_key.empty()) ++requests;
    commit.events.push_back(std::move(*event));
    commit.stored.push_back(bytes);
    if (requests == group) commit.rows = state.take_changed_rows();
  }
  if (requests < group) commits.back().rows = state.take_changed_rows();
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

  void write(const Commit& commit) {
    run("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < commit.stored.size(); ++i) {
      const base::Bytes& stored = commit.stored[i];
      sqlite3_bind_int64(event_, 1, static_cast<std::int64_t>(commit.events[i].seq));
      sqlite3_bind_blob(event_, 2, commit.events[i].hash.data(), static_cast<int>(commit.events[i].hash.size()), SQLITE_STATIC);
      sqlite3_bind_blob(event_, 3, stored.data(), static_cast<int>(stored.size()), SQLITE_STATIC);
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
  std::vector<double> ms;  // that a caller waited for each of his commits
  double total_s = 0.0;    // from the first caller's beginning to the last one's end

  nlohmann::ordered_json json(std::size_t requests) const {
    return {{"commits_per_s", static_cast<double>(ms.size()) / total_s}, {"requests_per_s", static_cast<double>(requests) / total_s},
            {"p50_ms", quantile(ms, 0.5)}, {"p99_ms", quantile(ms, 0.99)}};
  }
};

// So many CALLERS at once make COMMITS together, each his next one as soon as the one before is durable. DEED is called with
// the caller's number and the commit's; what it throws is thrown here.
void time_callers(int callers, std::size_t commits, Timed& timed, const std::function<void(int caller, std::size_t commit)>& deed) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto begun = Clock::now();
  {
    std::vector<std::jthread> threads;
    for (int caller = 0; caller < callers; ++caller) {
      threads.emplace_back([&, caller] {
        std::vector<double> ms;
        try {
          for (std::size_t commit = next++; commit < commits; commit = next++) {
            const auto asked = Clock::now();
            deed(caller, commit);
            ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - asked).count());
          }
        } catch (...) {
          std::lock_guard lock(mutex);
          failure = std::current_exception();
        }
        std::lock_guard lock(mutex);
        timed.ms.insert(timed.ms.end(), ms.begin(), ms.end());
      });
    }
  }
  timed.total_s += std::chrono::duration<double>(Clock::now() - begun).count();
  if (failure) std::rethrow_exception(failure);
}

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

struct Speed {
  Timed ours, theirs;
  std::size_t requests = 0, events = 0;
  bool whole = false;  // the ledger, verified after all
  double of_bare() const { return theirs.total_s / ours.total_s; }
  double p99_of_bare() const { return quantile(ours.ms, 0.99) / quantile(theirs.ms, 0.99); }
};

// Sales and redemptions as far apart as 3,000 admissions in 20 hours, by so many callers. What the box office has booked in
// one turn, bare SQLite writes in the next.
Speed time_office(const LedgerBenchOptions& options, const Config& config, const std::string& folder, int callers) {
  const std::string name = folder + base::formatted("/{}-callers", callers);
  const auto opens = utc_from_text("2026-05-01T04:00:00Z").value();
  std::atomic<int> sold{0};
  const auto now = [&] { return opens + seconds(24 * sold.load()); };
  auto office = store::BoxOffice::open(name + "-ledger.sqlite", config, {key_of(1), key_of(2)}, opens, std::make_unique<SeededIdSource>(options.seed));
  if (!office) throw std::runtime_error(office.error().text());
  Bare bare(name + "-bare.sqlite", config.venue);
  LedgerState state(config.venue);
  std::uint64_t copied = 0;  // events that the bare side knows
  // A group takes one caller, so that both sides commit the same.
  api::Desk desk(std::move(*office), now, 1024, 1);
  const auto booked = [&] {
    std::vector<base::Bytes> stored;
    const auto looked = desk.look([&](const store::BoxOffice& at, base::UtcTime) { stored = at.events_after(copied, 1'000'000).value().stored; });
    if (!looked) throw std::runtime_error(looked.error().text());
    copied += stored.size();
    return stored;
  };
  // What opening the office has booked.
  for (const Commit& commit : commits_of(booked(), state, 1)) bare.write(commit);

  std::vector<Caller> who;
  for (int caller = 0; caller < callers; ++caller) who.emplace_back(options, config, caller);
  Speed speed;
  std::vector<Commit> commits;
  const auto run_ours = [&](std::size_t count) {
    time_callers(callers, count, speed.ours, [&](int caller, std::size_t) {
      Caller& one = who[static_cast<std::size_t>(caller)];
      auto requests = one.next(now());
      if (std::holds_alternative<SaleRequest>(requests.front())) sold += options.group;
      one.hear(desk.ask_all(std::move(requests)));
    });
    speed.requests += count * static_cast<std::size_t>(options.group);
  };
  const auto run_theirs = [&] {
    // One writes at a time, in the order in which they came: a mutex would let some wait long.
    std::atomic<std::size_t> next{0}, turn{0};
    time_callers(callers, commits.size(), speed.theirs, [&](int, std::size_t) {
      const std::size_t mine = next++;
      for (std::size_t now_on = turn; now_on != mine; now_on = turn) turn.wait(now_on);
      const auto pass_on = [&] { ++turn, turn.notify_all(); };
      try {
        bare.write(commits[mine]);
      } catch (...) {
        pass_on();
        throw;
      }
      pass_on();
    });
  };
  // Who goes first changes, so that neither always finds the disk as the other left it.
  const std::size_t all = static_cast<std::size_t>(2 * options.tickets / options.group), turns = (all + kTurn - 1) / kTurn;
  for (std::size_t turn = 0; turn < turns; ++turn) {
    if (turn % 2 == 1) run_theirs();
    run_ours(std::min(kTurn, all - turn * kTurn));
    if (turn % 2 == 0) run_theirs();
    commits = commits_of(booked(), state, options.group);
  }
  run_theirs();
  speed.events = copied;
  const auto looked = desk.look([&](const store::BoxOffice& at, base::UtcTime) { speed.whole = at.verify().value().ok(); });
  desk.stop();
  if (!looked || speed.ours.ms.size() != speed.theirs.ms.size()) throw std::runtime_error("the two sides did not commit the same");
  return speed;
}

nlohmann::ordered_json to_json(const Speed& speed, int callers) {
  return {{"callers", callers}, {"box_office", speed.ours.json(speed.requests)}, {"bare_sqlite", speed.theirs.json(speed.requests)}, {"of_bare", speed.of_bare()}, {"p99_of_bare", speed.p99_of_bare()}};
}

std::string table_of(const Speed& speed, int callers) {
  const auto line = [&](const char* name, const Timed& timed) {
    return base::formatted("{}  {:10.0f}  {:7.3f}  {:7.3f}\n", name, static_cast<double>(speed.requests) / timed.total_s, quantile(timed.ms, 0.5), quantile(timed.ms, 0.99));
  };
  return base::formatted("{:2} at once         requests/s   p50 ms   p99 ms\n", callers) + line("  box office     ", speed.ours) + line("  bare SQLite    ", speed.theirs);
}

Outcome run_ledger_bench(LedgerBenchOptions options, bool full) {
  if (full) options.tickets *= 10;
  const Config config = roomy(config_of(options.config));
  const Folder folder(options.folder);
  const Speed speed = time_office(options, config, folder.path(), options.callers);
  Outcome outcome;
  outcome.figures = to_json(speed, options.callers);
  outcome.figures["requests_per_commit"] = options.group;
  outcome.figures["seed"] = options.seed;
  outcome.samples = {{"commits", speed.ours.ms.size()}, {"requests", speed.requests}, {"events", speed.events}};
  outcome.at_least("of_bare", speed.of_bare(), kLeastOfBare);
  outcome.at_most("p99_of_bare", speed.p99_of_bare(), kMostP99OfBare);
  outcome.table = base::formatted("{} sales and redemptions, {} a commit\n", speed.requests, options.group) + table_of(speed, options.callers);
  bool whole = speed.whole;
  if (options.callers > 1) {
    // Told beside it, without a limit: a caller who is alone waits for the whole of each request.
    const Speed alone = time_office(options, config, folder.path(), 1);
    outcome.figures["alone"] = to_json(alone, 1);
    outcome.table += table_of(alone, 1);
    whole = whole && alone.whole;
  }
  outcome.at_least("ledger_whole", whole ? 1.0 : 0.0, 1.0);
  add_pages(outcome, config, folder.path(), options.seed);
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
  app.add_option("--callers", options->callers, "Callers at once, each of whom waits for his commit")->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--seed", options->seed, "Seed of the ticket codes")->capture_default_str();
  return [options](bool full) { return run_ledger_bench(*options, full); };
}

}  // namespace

Bench ledger_bench() { return {"ledger", "Durable sales and redemptions beside bare SQLite commits of the same rows; the page of a day of 3,000", add_ledger_options}; }

}  // namespace promenade::bench

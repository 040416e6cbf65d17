// How fast a circuit takes in a day of many venues, pulled over HTTP and verified event by event, into PostgreSQL, beside a bare
// COPY of the same event rows into the same table, in the same run, on the same server and disk.

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/bench/bench.h"
#include "ticketing/circuit/collector.h"
#include "ticketing/circuit/dashboard.h"
#include "ticketing/postgres/private_server.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

namespace fs = std::filesystem;
using namespace ticketing;
using Clock = std::chrono::steady_clock;

constexpr double kLeastOfCopy = 0.5, kMostRssMb = 512.0;
constexpr const char* kDay = "2026-05-01";

struct CircuitBenchOptions {
  std::string folder;
  int venues = 250, admissions = 400, pullers = 16, writers = 2;
  std::uint64_t seed = 1;
};

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

// The venues as a program of their own, so that neither their memory nor that of making them is the collector's.
class Venues {
 public:
  Venues(const CircuitBenchOptions& options, const fs::path& folder) : list_(folder / "venues.json") {
    const std::string program = beside_program("promenade-venues").string();
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::vector<std::string> words{program, "--venues", std::to_string(options.venues), "--admissions", std::to_string(options.admissions), "--seed", std::to_string(options.seed),
                                         "--first", kDay, "--folder", folder.string(), "--list", list_.string()};
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], 1);
      ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    std::string line;
    char c = 0;
    while (::read(ends[0], &c, 1) == 1 && c != '\n') line += c;
    ::close(ends[0]);
    const auto brace = line.find('{');
    if (brace == std::string::npos) throw std::runtime_error("promenade-venues did not get ready; build it with promenade build release programs");
    made = nlohmann::json::parse(line.substr(brace));
  }
  Venues(const Venues&) = delete;
  Venues& operator=(const Venues&) = delete;
  ~Venues() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  nlohmann::json list() const { return nlohmann::json::parse(std::ifstream(list_)); }
  nlohmann::json made;

 private:
  fs::path list_;
  pid_t pid_ = -1;
};

class Folder {
 public:
  explicit Folder(const std::string& under) {
    std::string name = (fs::path(under) / "promenade-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder can be made in " + under);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

double cpu_of(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_rss_mb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

// CPU of a server's connections that have ended, by what the kernel adds to their parent.
double children_cpu(pid_t parent) {
  std::ifstream in("/proc/" + std::to_string(parent) + "/stat");
  std::string text;
  std::getline(in, text);
  const auto end = text.rfind(')');
  if (end == std::string::npos) return 0.0;
  std::istringstream fields(text.substr(end + 1));
  std::vector<std::string> all{std::istream_iterator<std::string>(fields), {}};
  return all.size() < 15 ? 0.0 : (std::stod(all[13]) + std::stod(all[14])) / static_cast<double>(::sysconf(_SC_CLK_TCK));  // cutime, cstime
}

std::set<pid_t> children_of(pid_t parent) {
  std::ifstream in("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children");
  return {std::istream_iterator<pid_t>(in), {}};
}

// A server's process counts among children_cpu once the server has buried it: until none of `those` is left, 5 s at most.
void await_burial(pid_t parent, const std::set<pid_t>& those) {
  const auto until = Clock::now() + std::chrono::seconds(5);
  const auto left = [&] {
    const auto now = children_of(parent);
    return std::ranges::any_of(those, [&](pid_t one) { return now.contains(one); });
  };
  while (left() && Clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

// As docs/scale.md tells a circuit to set its server: a quarter of the memory for buffers (PostgreSQL 17's manual, 19.4.1), and
// so much log that a night's pull is not broken by checkpoints.
std::vector<std::string> server_settings() {
  const auto memory_mb = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1048576.0;
  return {base::formatted("shared_buffers={:.0f}MB", memory_mb / 4.0), "max_wal_size=16GB"};
}

// The rows of the events table as COPY gave them, in one file, mapped.
class Rows {
 public:
  Rows(postgres::Connection& connection, const std::string& path) {
    std::ofstream out(path, std::ios::binary);
    must(connection.copy_out("(SELECT * FROM events)", [&](base::ByteView row) -> base::Result<void> {
      out.write(reinterpret_cast<const char*>(row.data()), static_cast<std::streamsize>(row.size()));
      return {};
    }));
    out.close();
    size_ = fs::file_size(path);
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    data_ = static_cast<const std::uint8_t*>(::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0));
    ::close(file);
    if (data_ == MAP_FAILED) throw std::runtime_error("cannot map " + path);
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() { ::munmap(const_cast<std::uint8_t*>(data_), size_); }
  base::ByteView view() const { return {data_, size_}; }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

struct Copied {
  std::int64_t rows = 0;
  double seconds = 0.0, bytes = 0.0, server_cpu_s = 0.0;
};

// The same table, key and partition, filled by one COPY in one transaction.
Copied bare_copy(const postgres::PrivateServer& server, const fs::path& folder) {
  Copied out;
  auto connection = must(postgres::Connection::open(server.conninfo()));
  const Rows rows(connection, (folder / "rows").string());
  must(connection.run(base::formatted("CREATE TABLE bare_events (LIKE events INCLUDING ALL) PARTITION BY RANGE (business_date);"
                                      "CREATE TABLE bare_events_day PARTITION OF bare_events FOR VALUES FROM ('{0}') TO (date '{0}' + 1); CHECKPOINT", kDay)));
  const double cpu = children_cpu(server.pid());
  const auto begun = Clock::now();
  std::set<pid_t> for_copy;
  {
    auto copying = must(postgres::Connection::open(server.conninfo()));
    const base::ByteView parts[] = {rows.view()};
    out.rows = must(copying.copy_in("bare_events (business_date, venue, seq, ts, kind, hash, stored)", parts));
    out.seconds = seconds_since(begun);
    for_copy.insert(static_cast<pid_t>(must(copying.query("SELECT pg_backend_pid()")).number(0, 0)));
  }
  out.bytes = static_cast<double>(rows.view().size());
  await_burial(server.pid(), for_copy);
  out.server_cpu_s = children_cpu(server.pid()) - cpu;
  return out;
}

struct Ingested {
  circuit::CollectorFigures figures;
  double seconds = 0.0, idle_s = 0.0, rss_mb = 0.0, rss_before_mb = 0.0, client_cpu_s = 0.0, server_cpu_s = 0.0;
};

Ingested ingest(const CircuitBenchOptions& options, const postgres::PrivateServer& server, const Venues& venues, const base::UtcTime now) {
  {
    auto store = must(circuit::CircuitStore::open(server.conninfo()));
    for (const auto& one : venues.list()) must(store.add_venue({base::VenueId(one["venue"]), one["url"], one["key"], std::nullopt}, now));
    must(store.connection().run("CHECKPOINT"));
  }
  Ingested out;
  out.rss_before_mb = peak_rss_mb();
  const double client = cpu_of(RUSAGE_SELF), at_server = children_cpu(server.pid());
  circuit::CollectorOptions collecting;
  collecting.database = server.conninfo();
  collecting.pullers = options.pullers;
  collecting.writers = options.writers;
  const auto before = children_of(server.pid());
  std::set<pid_t> for_collector;
  {
    circuit::Collector collector(collecting, [&] { return now; }, [](const std::string& words) { std::fprintf(stderr, "%s\n", words.c_str()); });
    auto begun = Clock::now();
    must(collector.collect_once());
    out.seconds = seconds_since(begun);
    out.figures = collector.figures();
    out.rss_mb = peak_rss_mb();
    out.client_cpu_s = cpu_of(RUSAGE_SELF) - client;
    begun = Clock::now();
    must(collector.collect_once());
    out.idle_s = seconds_since(begun);
    std::ranges::set_difference(children_of(server.pid()), before, std::inserter(for_collector, for_collector.end()));
  }
  await_burial(server.pid(), for_collector);
  out.server_cpu_s = children_cpu(server.pid()) - at_server;
  return out;
}

// What is in the database against what the venues' own rules made.
bool whole(postgres::Connection& connection, const nlohmann::json& made, int venues) {
  const auto number = [&](const char* sql) { return must(connection.query(sql)).number(0, 0); };
  return number("SELECT count(*) FROM events") == made["events"].get<std::int64_t>() && number("SELECT sum(cursor_seq)::bigint FROM venues") == made["events"].get<std::int64_t>() &&
         number("SELECT count(*) FROM (SELECT venue, seq FROM events GROUP BY venue, seq HAVING count(*) > 1) twice") == 0 &&
         number("SELECT sum(sold)::bigint FROM film_days") == made["sold"].get<std::int64_t>() && number("SELECT sum(comps)::bigint FROM film_days") == made["comps"].get<std::int64_t>() &&
         number("SELECT sum(gross_minor - refunds_minor)::bigint FROM film_days") == made["net_minor"].get<std::int64_t>() && number("SELECT count(*) FROM days") == venues &&
         number("SELECT count(*) FROM venues WHERE state = 'active'") == venues;
}

Outcome run_circuit_bench(CircuitBenchOptions options, bool full) {
  if (full) options.venues *= 20;
  const base::UtcTime now = utc_from_text("2026-05-02T06:00:00Z").value();
  const Folder folder(options.folder);
  const Venues venues(options, folder.path);
  const auto server = must(postgres::PrivateServer::start({.under = options.folder, .durable = true, .settings = server_settings()}));
  const Ingested ours = ingest(options, *server, venues, now);
  auto connection = must(postgres::Connection::open(server->conninfo()));
  const bool is_whole = whole(connection, venues.made, options.venues);
  const auto size = static_cast<double>(must(connection.query("SELECT pg_database_size('circuit')")).number(0, 0));
  const Copied bare = bare_copy(*server, folder.path);
  auto store = must(circuit::CircuitStore::open(server->conninfo()));
  auto begun = Clock::now();
  must(circuit::day_view(store, BusinessDate::from_text(kDay).value(), now));
  const double page_s = seconds_since(begun);

  Outcome outcome;
  const auto events = static_cast<double>(ours.figures.events);
  const double our_rate = events / ours.seconds, bare_rate = static_cast<double>(bare.rows) / bare.seconds;
  outcome.figures = {{"events_per_s", our_rate}, {"admissions_per_s", static_cast<double>(ours.figures.admissions) / ours.seconds}, {"copy_rows_per_s", bare_rate}, {"of_copy", our_rate / bare_rate},
                     {"ingest_s", ours.seconds}, {"copy_s", bare.seconds}, {"bytes_per_event_row", bare.bytes / static_cast<double>(bare.rows)}, {"database_mb", size / 1e6},
                     {"peak_rss_mb", ours.rss_mb}, {"rss_before_mb", ours.rss_before_mb}, {"most_queued_mb", static_cast<double>(ours.figures.most_queued_bytes) / 1e6},
                     {"collector_cpu_s", ours.client_cpu_s}, {"server_cpu_s", ours.server_cpu_s}, {"copy_server_cpu_s", bare.server_cpu_s}, {"transactions", ours.figures.transactions},
                     {"idle_round_s", ours.idle_s}, {"day_view_s", page_s}, {"pullers", options.pullers}, {"writers", options.writers}, {"seed", options.seed}};
  outcome.samples = {{"venues", options.venues}, {"events", ours.figures.events}, {"admissions", ours.figures.admissions}};
  outcome.at_least("of_copy", our_rate / bare_rate, kLeastOfCopy);
  outcome.at_least("nothing_twice_or_missing", is_whole ? 1.0 : 0.0, 1.0);
  outcome.at_most("peak_rss_mb", ours.rss_mb, kMostRssMb);
  outcome.table = base::formatted("{} venues, {} admissions as {} events of {:.0f} bytes a row\n                     events/s     seconds   server CPU s   own CPU s\n"
                                  "pulled and verified  {:8.0f}  {:10.2f}  {:13.2f}  {:10.2f}\nbare COPY            {:8.0f}  {:10.2f}  {:13.2f}\npeak {:.0f} MB, {:.0f} MB queued at most; "
                                  "a round of venues that have nothing new {:.2f} s; the day's page {:.3f} s\n",
                                  options.venues, ours.figures.admissions, ours.figures.events, bare.bytes / static_cast<double>(bare.rows), our_rate, ours.seconds, ours.server_cpu_s, ours.client_cpu_s,
                                  bare_rate, bare.seconds, bare.server_cpu_s, ours.rss_mb, static_cast<double>(ours.figures.most_queued_bytes) / 1e6, ours.idle_s, page_s);
  return outcome;
}

Run add_circuit_options(CLI::App& app) {
  auto options = std::make_shared<CircuitBenchOptions>();
  options->folder = fs::temp_directory_path().string();
  app.add_option("--folder", options->folder, "Where database and ledgers are written: measure the disk that the circuit will have")->capture_default_str();
  app.add_option("--venues", options->venues, "Venues; --full takes twenty times as many")->check(CLI::Range(1, 5000))->capture_default_str();
  app.add_option("--admissions", options->admissions, "Admissions a venue, on average")->check(CLI::Range(10, 2000))->capture_default_str();
  app.add_option("--pullers", options->pullers, "Venues asked at one time")->check(CLI::Range(1, 256))->capture_default_str();
  app.add_option("--writers", options->writers, "Connections that write")->check(CLI::Range(1, 16))->capture_default_str();
  app.add_option("--seed", options->seed, "Seed of the ledgers")->capture_default_str();
  return [options](bool full) { return run_circuit_bench(*options, full); };
}

}  // namespace

Bench circuit_bench() { return {"circuit", "A day of many venues into PostgreSQL, pulled and verified, beside a bare COPY of the same rows", add_circuit_options}; }

}  // namespace promenade::bench

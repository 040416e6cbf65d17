#include "tests/bench/alert_hall.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "content-tools/package/package_file.h"
#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/link/rim/udp_socket.h"
#include "tests/bench/bench.h"
#include "ticketing/store/hall_journal.h"
#include "tracking/base/formatted.h"
#include "tracking/base/http/client.h"
#include "tracking/venue_file.h"

extern char** environ;

namespace promenade::bench {

namespace {

base::KeyPair film_signer() {
  base::KeySeed seed{};
  seed.fill(11);
  return base::KeyPair::from_seed(seed);
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(path + " cannot be written");
}

}  // namespace

AlertHall::AlertHall(int viewers, int waiting) : crowd_(standing_crowd(viewers, waiting)) {
  std::filesystem::create_directories(folder_.path() + "/films");
  std::filesystem::create_directories(folder_.path() + "/data");
  write_file(folder_.path() + "/venue.toml", crowd_.venue_toml);
  write_films();
  write_journal();
  set_contact(true);
  start();
}

AlertHall::~AlertHall() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

void AlertHall::write_films() {
  auto shelf = std::make_shared<client::FilmShelf>();
  const auto add = [&](const std::string& name, package::Manifest film) {
    const std::string path = folder_.path() + "/films/" + name;
    auto file = package::AtomicFile::create(path);
    if (!file) throw std::runtime_error(file.error().text());
    if (const auto written = package::write_package(std::move(film), {}, film_signer(), **file); !written) throw std::runtime_error(written.error().text());
    if (const auto kept = (*file)->commit(); !kept) throw std::runtime_error(kept.error().text());
    auto manifest = package::load_manifest(path);
    if (!manifest) throw std::runtime_error(manifest.error().text());
    shelf->push_back({*manifest, base::blake2b(package::manifest_bytes(*manifest))});
  };
  add("standing.prom", standing_film());
  add("wandering.prom", wandering_film());
  shelf_ = std::move(shelf);
}

// What a run of the hall that died in the middle of these plays would have left.
void AlertHall::write_journal() const {
  auto journal = ticketing::store::HallJournal::open(folder_.path() + "/data/hall.sqlite");
  if (!journal) throw std::runtime_error(journal.error().text());
  std::vector<ticketing::store::Record> records;
  for (hall::StateRecord& record : standing_records(crowd_, shelf_->front().manifest)) records.push_back({std::move(record.kind), std::move(record.key), std::move(record.value)});
  if (const auto kept = journal->append(records); !kept) throw std::runtime_error(kept.error().text());
}

void AlertHall::start() {
  const std::string& folder = folder_.path();
  std::vector<std::string> words = {beside_program("promenade-hall").string(), "--venue", folder + "/venue.toml", "--films", folder + "/films", "--data", folder + "/data", "--bind", "127.0.0.1",
                                    "--port", "0", "--http-port", "0", "--boxoffice", "http://127.0.0.1:9", "--boxoffice-key", "none",
                                    "--ticket-key", base::to_hex(film_signer().public_key()), "--staff-key", kAlertStaffKey, "--fire-contact", "file:" + folder + "/fire"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, (folder + "/hall.log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string said;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (failed == 0 && !said.contains('\n') && std::chrono::steady_clock::now() < deadline) {
    pollfd waits{ends[0], POLLIN, 0};
    if (::poll(&waits, 1, 100) <= 0) continue;
    char text[512];
    const ssize_t size = ::read(ends[0], text, sizeof text);
    if (size <= 0) break;
    said.append(text, static_cast<std::size_t>(size));
  }
  ::close(ends[0]);
  unsigned udp = 0, http = 0;
  if (std::sscanf(said.c_str(), "promenade-hall ready on udp %u, http %u", &udp, &http) != 2) {
    if (failed == 0) ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    throw std::runtime_error(words.front() + " did not start. Build it. " + last_words());
  }
  udp_port_ = static_cast<std::uint16_t>(udp);
  http_port_ = static_cast<std::uint16_t>(http);
}

void AlertHall::set_contact(bool closed) const {
  const std::string path = folder_.path() + "/fire";
  write_file(path + ".new", closed ? "1" : "0");
  std::filesystem::rename(path + ".new", path);
}

HallTimes hall_times(const std::string& histogram, const std::string& labels, const Metrics& before, const Metrics& after) {
  const std::string braces = labels.empty() ? std::string() : "{" + labels + "}";
  const std::string bucket = histogram + "_bucket{" + labels + (labels.empty() ? "" : ",") + "le=\"";
  const auto grown = [&](const std::string& key) { return after.at(key) - before.at(key); };
  HallTimes times;
  times.samples = grown(histogram + "_count" + braces);
  if (times.samples == 0.0) return times;
  times.mean_ms = 1000.0 * grown(histogram + "_sum" + braces) / times.samples;
  times.p99_ms = HUGE_VAL;
  for (const auto& [key, value] : after) {
    if (!key.starts_with(bucket) || key.contains("+Inf") || grown(key) < 0.99 * times.samples) continue;
    times.p99_ms = std::min(times.p99_ms, 1000.0 * std::strtod(key.c_str() + bucket.size(), nullptr));
  }
  return times;
}

Metrics AlertHall::metrics() const {
  base::http::ClientOptions options;
  options.base_url = base::formatted("http://127.0.0.1:{}", http_port_);
  auto client = base::http::Client::open(std::move(options));
  if (!client) throw std::runtime_error(client.error().text());
  const auto answer = client->get("/metrics");
  if (!answer || answer->status != 200) throw std::runtime_error("the hall does not answer. " + last_words());
  Metrics found;
  std::istringstream lines(answer->body);
  for (std::string line; std::getline(lines, line);) {
    const auto space = line.rfind(' ');
    if (line.starts_with('#') || space == std::string::npos) continue;
    found[line.substr(0, space)] = std::strtod(line.c_str() + space + 1, nullptr);
  }
  return found;
}

std::shared_ptr<const link::SessionSettings> AlertHall::security(link::Role role, const std::string& name) const {
  const auto keys = link::HallKeys::open(folder_.path() + "/data/link");
  if (!keys) throw std::runtime_error(keys.error().text());
  const auto credentials = keys->authority().issue(role, name, link::system_moment().utc, link::system_random(), std::chrono::hours(24));
  if (!credentials) throw std::runtime_error(credentials.error().text());
  auto made = link::SessionSettings::make(link::SessionSettings::End::device, *credentials, link::system_random());
  if (!made) throw std::runtime_error(made.error().text());
  return *made;
}

std::size_t AlertHall::memory_kib() const {
  std::ifstream file(base::formatted("/proc/{}/statm", pid_));
  std::size_t whole = 0, resident = 0;
  file >> whole >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

std::string AlertHall::last_words() const {
  std::ifstream log(folder_.path() + "/hall.log");
  std::ostringstream text;
  text << log.rdbuf();
  const std::string all = text.str();
  return all.size() > 2000 ? all.substr(all.size() - 2000) : all;
}

}  // namespace promenade::bench

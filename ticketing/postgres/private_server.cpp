#include "ticketing/postgres/private_server.h"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "ticketing/postgres/connection.h"

namespace promenade::ticketing::postgres {
namespace {

namespace fs = std::filesystem;

constexpr auto kPatience = std::chrono::seconds(60);
constexpr auto kLook = std::chrono::milliseconds(20);

// The newest PostgreSQL that Debian's packages have put in its place.
std::string find_programs() {
  std::error_code error;
  std::string best;
  int best_version = 0;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const int version = std::atoi(entry.path().filename().c_str());
    if (version > best_version && fs::exists(entry.path() / "bin/initdb", error) && fs::exists(entry.path() / "bin/postgres", error)) {
      best_version = version;
      best = (entry.path() / "bin").string();
    }
  }
  return best;
}

std::unexpected<base::Error> not_started(const std::string& why) {
  return base::fail("database-not-started", "PostgreSQL could not be started: " + why, "Free disk space or choose another temporary folder (TMPDIR), then try again.");
}

const passwd* unprivileged() { return ::getpwnam("nobody"); }

}  // namespace

base::Result<std::unique_ptr<PrivateServer>> PrivateServer::start(const PrivateServerOptions& options) {
  std::unique_ptr<PrivateServer> server(new PrivateServer(options));
  server->programs_ = find_programs();
  if (server->programs_.empty())
    return base::fail("database-missing", "There is no PostgreSQL under /usr/lib/postgresql.", "Install the package postgresql-17; promenade setup does it.");
  for (const auto step : {&PrivateServer::make_folder, &PrivateServer::make_cluster, &PrivateServer::start_again, &PrivateServer::create_database})
    if (auto done = (server.get()->*step)(); !done) return std::unexpected(done.error());
  return server;
}

PrivateServer::~PrivateServer() {
  if (pid_ > 0) {
    ::kill(pid_, SIGINT);  // fast shutdown: running work is rolled back
    ::waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

std::string PrivateServer::conninfo() const { return "host=" + folder_ + " dbname=circuit user=circuit"; }

base::Result<void> PrivateServer::make_folder() {
  std::error_code error;
  const fs::path under = options_.under.empty() ? fs::temp_directory_path(error) : fs::path(options_.under);
  std::string pattern = (under / "promenade-postgres-XXXXXX").string();  // a socket's path has 107 bytes
  if (::mkdtemp(pattern.data()) == nullptr) return not_started("no folder can be made in " + under.string() + ": " + std::strerror(errno) + ".");
  folder_ = pattern;
  if (::geteuid() != 0) return {};
  const passwd* user = unprivileged();
  if (user == nullptr || ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) return not_started("root cannot give " + folder_ + " to the user nobody.");
  return {};
}

// A child that ends with us, has no signals blocked, and is nobody where we are root.
pid_t PrivateServer::spawn(const std::vector<std::string>& command) const {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const std::string log = folder_ + "/log";
  const passwd* user = ::geteuid() == 0 ? unprivileged() : nullptr;
  const uid_t uid = user == nullptr ? 0 : user->pw_uid;
  const gid_t gid = user == nullptr ? 0 : user->pw_gid;
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child != 0) return child;
  // Only what may be called between fork and exec.
  if (user != nullptr && (::setgroups(0, nullptr) != 0 || ::setgid(gid) != 0 || ::setuid(uid) != 0)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // immediate shutdown; after setuid, which would clear it
  if (::getppid() != parent) ::_exit(126);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setpgid(0, 0);  // the terminal's Ctrl-C is ours to hand on
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int in = ::open("/dev/null", O_RDONLY);
  if (out < 0 || in < 0) ::_exit(126);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(out, 2);
  ::close_range(3, ~0U, 0);
  if (::chdir("/") != 0) ::_exit(126);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

std::string PrivateServer::log_tail() const {
  std::ifstream in(folder_ + "/log");
  std::stringstream text;
  text << in.rdbuf();
  std::string all = text.str();
  if (all.size() > 600) all.erase(0, all.size() - 600);
  std::ranges::replace(all, '\n', ' ');
  return all;
}

base::Result<void> PrivateServer::run_to_end(const std::vector<std::string>& command, const char* what) const {
  const pid_t child = spawn(command);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return not_started(std::string(what) + " failed: " + log_tail());
  return {};
}

base::Result<void> PrivateServer::make_cluster() {
  // The folder itself is the socket's; whoever may enter it is let in.
  std::vector<std::string> command{programs_ + "/initdb", "--pgdata=" + folder_ + "/data", "--username=circuit", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"};
  command.emplace_back("--no-sync");
  return run_to_end(command, "initdb");
}

base::Result<void> PrivateServer::start_again() {
  std::vector<std::string> command{programs_ + "/postgres", "-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses=", "-c", "max_connections=64", "-c", "timezone=UTC"};
  if (!options_.durable) command.insert(command.end(), {"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"});
  for (const auto& setting : options_.settings) command.insert(command.end(), {"-c", setting});
  pid_ = spawn(command);
  if (pid_ < 0) return not_started("no process could be made.");
  const std::string ping = "host=" + folder_ + " dbname=postgres user=circuit";
  for (const auto until = std::chrono::steady_clock::now() + kPatience; std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(kLook)) {
    if (PQping(ping.c_str()) == PQPING_OK) return {};
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return not_started("it ended at once: " + log_tail());
    }
  }
  return not_started("it did not answer within a minute: " + log_tail());
}

base::Result<void> PrivateServer::create_database() {
  auto connection = Connection::open("host=" + folder_ + " dbname=postgres user=circuit");
  if (!connection) return std::unexpected(connection.error());
  return connection->run("CREATE DATABASE circuit");
}

void PrivateServer::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGQUIT);  // immediate: no checkpoint, so that the next start recovers from the log
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace promenade::ticketing::postgres

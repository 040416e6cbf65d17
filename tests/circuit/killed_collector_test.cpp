// The collector's program, killed at its requests again and again: what it had committed stays, and nothing is there twice.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/circuit/circuit_fixture.h"
#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;

namespace {

// `promenade-circuit collect`, killed when its venues have been asked so many times.
class Collecting {
 public:
  Collecting(const std::string& database, int requests) : left_(requests) {
    const std::string program = std::string(PROMENADE_BINARY_DIR) + "/bin/promenade-circuit";
    std::vector<std::string> words{program, "collect", "--database", database, "--pullers", "3"};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const std::lock_guard lock(mutex_);
    REQUIRE(::posix_spawn(&pid_, program.c_str(), nullptr, nullptr, arguments.data(), environ) == 0);
  }
  void asked() {
    const std::lock_guard lock(mutex_);
    if (--left_ == 0 && pid_ > 0) ::kill(pid_, SIGKILL);
  }
  // True where it was killed. Its number is nobody's any more before it can be another's.
  bool killed() {
    siginfo_t ended{};
    REQUIRE(::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOWAIT) == 0);
    const std::lock_guard lock(mutex_);
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, 0) == pid_);
    pid_ = 0;
    if (WIFSIGNALED(status)) return true;
    exit_code = WEXITSTATUS(status);
    return false;
  }
  int exit_code = 0;

 private:
  std::mutex mutex_;
  pid_t pid_ = 0;
  int left_;
};

}  // namespace

TEST_CASE("a collector killed at any of its requests goes on from what it had committed, and has everything once") {
  constexpr int kVenues = 12, kRunsMost = 200;
  CircuitFixture f;
  std::vector<MadeLedger> ledgers;
  for (int i = 1; i <= kVenues; ++i) ledgers.push_back(f.add(i));
  std::mutex mutex;
  Collecting* collecting = nullptr;
  for (int i = 1; i <= kVenues; ++i) {
    f.venues.change(CircuitFixture::id(i), [&](ServedVenue& v) {
      v.before_answer = [&] {
        const std::lock_guard lock(mutex);
        if (collecting != nullptr) collecting->asked();
      };
    });
  }
  base::Random random(11);
  std::int64_t events = 0;
  int kills = 0;
  bool whole = false;
  for (int run = 0; run < kRunsMost && !whole; ++run) {
    Collecting one(f.conninfo, 1 + run + static_cast<int>(random.below(4)));  // each a little later, until none is too early
    {
      const std::lock_guard lock(mutex);
      collecting = &one;
    }
    const bool killed = one.killed();
    {
      const std::lock_guard lock(mutex);
      collecting = nullptr;
    }
    kills += killed ? 1 : 0;
    // Another exit code: the server has not yet noticed that the one before is gone, and told this one that it collects.
    whole = !killed && one.exit_code == 0;
    // In one look: what was on its way when it was killed may yet be committed.
    const auto now = f.store->connection().query("SELECT (SELECT count(*) FROM events), (SELECT sum(cursor_seq)::bigint FROM venues)").value();
    CHECK(now.number(0, 0) >= events);
    CHECK(now.number(0, 1) == now.number(0, 0));
    events = now.number(0, 0);
  }
  REQUIRE(whole);
  CHECK(kills >= 5);
  check_whole(f, ledgers);
  CHECK(f.number("SELECT count(*) FROM days") == 2 * kVenues);
}

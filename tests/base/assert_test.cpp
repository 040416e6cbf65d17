#include "tracking/base/assert.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>

namespace {

struct Ending {
  int status = 0;
  std::string said;
};

// Runs `body` in a child process, since what it tests ends the program.
template <class Body>
Ending in_a_child(Body body) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    std::signal(SIGABRT, SIG_DFL);
    std::set_terminate([] { ::_exit(86); });
    body();
    ::_exit(0);
  }
  ::close(ends[1]);
  Ending ending;
  std::array<char, 256> chunk{};
  for (ssize_t size = 0; (size = ::read(ends[0], chunk.data(), chunk.size())) > 0;) {
    ending.said.append(chunk.data(), static_cast<std::size_t>(size));
  }
  ::close(ends[0]);
  ::waitpid(child, &ending.status, 0);
  return ending;
}

}  // namespace

TEST_CASE("an assertion that holds does nothing and evaluates once") {
  int evaluations = 0;
  PROMENADE_ASSERT(++evaluations == 1);
  CHECK(evaluations == 1);
}

TEST_CASE("an assertion that fails terminates and says what and where") {
  const Ending ending = in_a_child([] { PROMENADE_ASSERT(2 + 2 == 5); });
  REQUIRE(WIFEXITED(ending.status));
  CHECK(WEXITSTATUS(ending.status) == 86);
  CHECK(ending.said.find("2 + 2 == 5") != std::string::npos);
  CHECK(ending.said.find("assert_test.cpp:") != std::string::npos);
}

#include "tests/bench/raw_enet.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/bench.h"

extern char** environ;

namespace promenade::bench {

RawEnet::RawEnet(std::size_t clients, const LinkSizes& sizes) {
  std::vector<std::string> words{beside_program("promenade-bench-enet").string(), std::to_string(clients)};
  for (const double size : {sizes.bundle, sizes.frame, sizes.clock_request, sizes.clock_reply}) words.push_back(std::to_string(std::lround(size)));
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int says[2], asks[2];
  if (::pipe2(says, O_CLOEXEC) != 0 || ::pipe2(asks, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, asks[0], 0);
  posix_spawn_file_actions_adddup2(&actions, says[1], 1);
  const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(asks[0]);
  ::close(says[1]);
  says_ = ::fdopen(says[0], "r");
  asks_ = ::fdopen(asks[1], "w");
  char line[64] = {};
  if (failed == 0 && std::fgets(line, sizeof line, says_) != nullptr && std::strcmp(line, "ready\n") == 0) return;
  std::fclose(asks_);
  std::fclose(says_);
  if (failed == 0) ::waitpid(pid_, nullptr, 0);
  throw std::runtime_error(words.front() + " did not start. Build it: promenade build release promenade-bench-enet");
}

RawEnet::~RawEnet() {
  std::fclose(asks_);  // which is what it ends with
  std::fclose(says_);
  ::waitpid(pid_, nullptr, 0);
}

RawEnet::Part RawEnet::run(double seconds) {
  std::fprintf(asks_, "run %.3f\n", seconds);
  std::fflush(asks_);
  char line[256] = {};
  Part part;
  unsigned long long got = 0, sent = 0;
  long long up = 0, down = 0;
  if (std::fgets(line, sizeof line, says_) == nullptr || std::sscanf(line, "%lf %llu %llu %lld %lld", &part.processor_s, &got, &sent, &up, &down) != 5) {
    throw std::runtime_error("promenade-bench-enet has ended early");
  }
  part.packets = got + sent;
  part.lost_up = up;
  part.lost_down = down;
  return part;
}

}  // namespace promenade::bench

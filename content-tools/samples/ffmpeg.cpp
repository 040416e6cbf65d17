#include "content-tools/samples/ffmpeg.h"

#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracking/base/formatted.h"

namespace promenade::samples {

base::Result<Ffmpeg> Ffmpeg::start(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ffmpeg", "-hide_banner", "-loglevel", "error", "-y"});
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  // A socket, not a pipe: writing to a program that has died then fails instead of raising SIGPIPE.
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return base::fail("ffmpeg-missing", "No socket could be made for ffmpeg.", "Close other programs and try again.");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 0);
  pid_t program = -1;
  const int error = ::posix_spawnp(&program, "ffmpeg", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    return base::fail("ffmpeg-missing", "The program ffmpeg could not be started.", "Install the package ffmpeg.");
  }
  return Ffmpeg(program, ends[0]);
}

Ffmpeg::Ffmpeg(Ffmpeg&& other) noexcept : program_(std::exchange(other.program_, -1)), input_(std::exchange(other.input_, -1)) {}

Ffmpeg::~Ffmpeg() {
  if (program_ > 0) ::kill(program_, SIGTERM);
  (void)finish();
}

bool Ffmpeg::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(input_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

base::Result<void> Ffmpeg::finish() {
  if (input_ >= 0) ::close(std::exchange(input_, -1));
  if (program_ <= 0) return {};
  int status = 0;
  const pid_t program = std::exchange(program_, -1);
  while (::waitpid(program, &status, 0) < 0 && errno == EINTR) {}
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return base::fail("ffmpeg-failed", base::formatted("ffmpeg ended with status {}.", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)),
                    "Read what it printed; look for room on the disk.");
}

}  // namespace promenade::samples

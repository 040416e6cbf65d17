#include "ticketing/api/text_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace promenade::ticketing::api {

base::Result<void> replace_file(const std::string& path, std::string_view text, mode_t mode) {
  const std::string draft = path + ".new";
  const auto failed = [&] {
    const int error = errno;
    ::unlink(draft.c_str());
    return base::fail(error == ENOSPC || error == EDQUOT ? "disk-full" : "environment", "Cannot write " + path + ": " + std::strerror(error) + ".",
                      "Free space or fix the folder's owner.");
  };
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (file < 0) return failed();
  errno = ENOSPC;  // what a write that stops short without an error of its own means
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const int error = errno;
  const bool closed = ::close(file) == 0;
  if (!written) errno = error;
  if (!written || !closed || std::rename(draft.c_str(), path.c_str()) != 0) return failed();
  return {};
}

}  // namespace promenade::ticketing::api

#include "tracking/base/text_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace promenade::base {

std::expected<std::string, std::string> read_text_file(const std::string& path, std::size_t most) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text;
  if (in) {
    text.resize(most + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
  }
  // A folder can be opened, and only reading it fails.
  if (!in.is_open() || in.bad() || (text.empty() && errno != 0)) return std::unexpected(std::string(std::strerror(errno)));
  return text;
}

}  // namespace promenade::base

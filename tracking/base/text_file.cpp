#include "tracking/base/text_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace promenade::base {

std::expected<std::string, std::string> read_text_file(const std::string& path, std::size_t most) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text;
  if (in) {
    // By pieces, so that a generous `most` costs nothing for a small file.
    std::string piece(64 * 1024, '\0');
    while (text.size() <= most && in.read(piece.data(), static_cast<std::streamsize>(std::min(piece.size(), most + 1 - text.size()))).gcount() > 0) {
      text.append(piece, 0, static_cast<std::size_t>(in.gcount()));
    }
  }
  // A folder can be opened, and only reading it fails.
  if (!in.is_open() || in.bad() || (text.empty() && errno != 0)) return std::unexpected(std::string(std::strerror(errno)));
  return text;
}

}  // namespace promenade::base

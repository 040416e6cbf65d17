#include "ticketing/circuit/log_key_text.h"

#include <algorithm>
#include <fstream>

namespace promenade::ticketing::circuit {

base::Result<std::optional<base::PublicKey>> log_key_from_text(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto bytes = base::from_hex(text);
  base::PublicKey key{};
  if (!bytes || bytes->size() != key.size()) return base::fail("usage", "--log-key is not 64 hex digits.", "It is what the venue's log-key.pub holds.");
  std::ranges::copy(*bytes, key.begin());
  return key;
}

base::Result<std::string> read_key_file(const std::string& path) {
  std::ifstream in(path);
  std::string key;
  if (!std::getline(in, key) || key.empty()) return base::fail("usage", "Cannot read a key from " + path + ".", "Name the file that boxoffice key add wrote, with the key in its first line.");
  return key;
}

}  // namespace promenade::ticketing::circuit

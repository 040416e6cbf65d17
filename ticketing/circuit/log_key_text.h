#pragma once
// Keys as people give them: a venue's log key in hex, an API key in a file. Rim: the file.

#include <optional>
#include <string>

#include "tracking/base/crypto.h"
#include "tracking/base/result.h"

namespace promenade::ticketing::circuit {

// 64 hex digits as log-key.pub has them; nullopt where TEXT is empty. Error "usage".
base::Result<std::optional<base::PublicKey>> log_key_from_text(const std::string& text);
// The first line of a file. Error "usage".
base::Result<std::string> read_key_file(const std::string& path);

}  // namespace promenade::ticketing::circuit

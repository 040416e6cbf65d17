#pragma once
// Reading a whole file of text. Blocks; for start-up and command lines, never for a loop that others wait for.

#include <cstddef>
#include <expected>
#include <string>

namespace promenade::base {

// The file's bytes as they are, but no more than `most` + 1 of them: a text that is longer than `most` is too large, which
// is the caller's to say. Where it cannot be read, what the system says of it, without a full stop.
std::expected<std::string, std::string> read_text_file(const std::string& path, std::size_t most);

}  // namespace promenade::base

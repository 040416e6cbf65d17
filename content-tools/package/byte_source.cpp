#include "content-tools/package/byte_source.h"

#include <algorithm>

#include "tracking/base/formatted.h"

namespace promenade::package {

base::Result<void> MemorySource::read(std::uint64_t offset, std::span<std::uint8_t> out) {
  if (offset > bytes_.size() || out.size() > bytes_.size() - offset) {
    return base::fail("source-cut-short", base::formatted("There are no {} bytes at {}.", out.size(), offset));
  }
  std::ranges::copy(base::ByteView(bytes_).subspan(offset, out.size()), out.begin());
  return {};
}

base::Result<void> MemorySink::write(base::ByteView bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return {};
}

}  // namespace promenade::package

#include "content-tools/package/layout.h"

#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>

using namespace promenade;
using namespace promenade::package;

namespace {

std::vector<FileEntry> files_of(const std::vector<std::uint64_t>& sizes) {
  std::vector<FileEntry> files;
  for (const std::uint64_t size : sizes) {
    files.emplace_back();
    files.back().size = size;
  }
  return files;
}

}  // namespace

TEST_CASE("sixteen full segments fill a chunk exactly") {
  const Layout layout = lay_out(files_of({16 * kSegmentPayload, 1}));
  REQUIRE(layout.chunks.size() == 2);
  CHECK(layout.chunks[0].size == kChunkSize);
  CHECK(layout.chunks[0].count == 16);
  CHECK(layout.chunks[1].size == kSegmentHeaderSize + 1);
  CHECK(layout.segments[15].last);
  CHECK_FALSE(layout.segments[14].last);
}

TEST_CASE("every file's bytes lie once, in order, in chunks within the limit") {
  CHECK(rc::check("layout", [] {
    const auto sizes = *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, 3 * kChunkSize));
    const auto files = files_of(sizes);
    const Layout layout = lay_out(files);
    RC_ASSERT((stored_size(files) == layout.size));
    std::uint64_t offset = 0;
    for (const LaidChunk& chunk : layout.chunks) {
      RC_ASSERT(chunk.offset == offset);
      RC_ASSERT(chunk.size <= kChunkSize);
      offset += chunk.size;
    }
    RC_ASSERT(offset == layout.size);
    std::vector<std::uint64_t> seen(sizes.size(), 0);
    for (const LaidSegment& segment : layout.segments) {
      RC_ASSERT(segment.file_offset == seen[segment.file]);
      seen[segment.file] += segment.payload;
    }
    RC_ASSERT(seen == sizes);
  }));
}

TEST_CASE("sizes that no package can hold are refused before anything is laid out") {
  CHECK_FALSE(stored_size(files_of({kMaxFileSize + 1})));
  CHECK_FALSE(stored_size(files_of({~std::uint64_t{0}})));
  CHECK_FALSE(stored_size(files_of({kMaxFileSize - 1, kMaxFileSize - 1})));
}

TEST_CASE("a segment knows its place") {
  const Layout layout = lay_out(files_of({10, 10}));
  const base::Bytes payload(10, 42);
  base::Bytes stored;
  append_segment(stored, layout.segments[0], payload);
  REQUIRE(stored.size() == kSegmentHeaderSize + 10);
  CHECK_FALSE(check_segment(stored, layout.segments[0]));
  CHECK(check_segment(stored, layout.segments[1]));  // the same bytes elsewhere
  for (std::size_t i = 0; i < stored.size(); ++i) {
    base::Bytes flipped = stored;
    flipped[i] ^= 1;
    CHECK(check_segment(flipped, layout.segments[0]));
  }
}

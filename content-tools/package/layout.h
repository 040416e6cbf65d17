#pragma once
// Where every segment of a package lies, from the file sizes alone, and what a segment's header says.
// Pure; used by reader and writer. The rules stand in format.md.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "content-tools/package/manifest.h"
#include "content-tools/package/package.h"

namespace promenade::package {

inline constexpr std::uint64_t kMaxFileSize = std::uint64_t{1} << 40;

struct LaidSegment {
  std::uint64_t offset = 0;  // of its header, from the start of the first chunk
  std::uint32_t chunk = 0;
  std::uint32_t index = 0;  // in the chunk
  std::uint32_t payload = 0;
  std::uint32_t file = 0;
  std::uint64_t file_offset = 0;
  bool last = false;  // of its chunk
};

struct LaidChunk {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t plain_size = 0;
  std::uint32_t first = 0;  // index of its first segment in Layout::segments
  std::uint32_t count = 0;
  StoryTime needed_by;
};

struct Layout {
  std::vector<LaidSegment> segments;
  std::vector<LaidChunk> chunks;
  std::vector<std::uint32_t> file_first;  // index in `segments` of each file's first
  std::uint64_t size = 0;                 // of all chunks
};

std::uint64_t segments_of(std::uint64_t file_size);
// Stored size of all files with their segment headers; nullopt when a file is larger than kMaxFileSize. Cheap: call
// it before lay_out, which takes memory in proportion to this size.
std::optional<std::uint64_t> stored_size(std::span<const FileEntry> files);
// The files' sizes must have passed stored_size.
Layout lay_out(std::span<const FileEntry> files);

std::string chunk_name(std::uint32_t index, const base::Hash& hash);

// Header and payload as stored, cipher 0.
void append_segment(base::Bytes& out, const LaidSegment& place, base::ByteView payload);
// The tag that the stored bytes claim; `stored` is the whole segment.
base::Hash segment_tag(base::ByteView stored);
// What is wrong with a stored segment that should lie at `place`; nullopt: nothing.
std::optional<base::Error> check_segment(base::ByteView stored, const LaidSegment& place);

}  // namespace promenade::package

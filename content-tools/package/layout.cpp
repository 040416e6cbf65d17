#include "content-tools/package/layout.h"

#include <algorithm>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::package {
namespace {

constexpr std::size_t kTagOffset = 64;
constexpr std::uint8_t kCipherNone = 0;

base::Bytes header_without_tag(const LaidSegment& place) {
  base::Bytes header;
  header.reserve(kSegmentHeaderSize);
  base::ByteWriter writer(header);
  writer.u8(kCipherNone);
  writer.u8(place.last ? 1 : 0);
  writer.u16(0);
  writer.u32(place.payload);
  writer.u32(place.chunk);
  writer.u32(place.index);
  header.resize(kTagOffset);  // key id, nonce and spare bytes are zero without a cipher
  return header;
}

base::Hash tag_of(base::ByteView header, base::ByteView payload) {
  return base::Hasher().add(header.first(kTagOffset)).add(payload).finish();
}

}  // namespace

std::uint64_t segments_of(std::uint64_t file_size) {
  return std::max<std::uint64_t>(1, (file_size + kSegmentPayload - 1) / kSegmentPayload);
}

std::optional<std::uint64_t> stored_size(std::span<const FileEntry> files) {
  std::uint64_t size = 0;
  for (const FileEntry& file : files) {
    if (file.size > kMaxFileSize) return std::nullopt;
    size += file.size + kSegmentHeaderSize * segments_of(file.size);
    if (size > kMaxFileSize) return std::nullopt;
  }
  return size;
}

Layout lay_out(std::span<const FileEntry> files) {
  Layout layout;
  layout.file_first.reserve(files.size());
  for (std::size_t f = 0; f < files.size(); ++f) {
    PROMENADE_ASSERT(files[f].size <= kMaxFileSize);
    layout.file_first.push_back(static_cast<std::uint32_t>(layout.segments.size()));
    const std::uint64_t count = segments_of(files[f].size);
    for (std::uint64_t s = 0; s < count; ++s) {
      const std::uint64_t file_offset = s * kSegmentPayload;
      const std::uint64_t payload = std::min<std::uint64_t>(kSegmentPayload, files[f].size - file_offset);
      if (layout.chunks.empty() || layout.chunks.back().size + kSegmentHeaderSize + payload > kChunkSize) {
        layout.chunks.push_back({.offset = layout.size,
                                 .first = static_cast<std::uint32_t>(layout.segments.size()),
                                 .needed_by = files[f].needed_by});
      }
      LaidChunk& chunk = layout.chunks.back();
      layout.segments.push_back({.offset = layout.size,
                                 .chunk = static_cast<std::uint32_t>(layout.chunks.size() - 1),
                                 .index = chunk.count,
                                 .payload = static_cast<std::uint32_t>(payload),
                                 .file = static_cast<std::uint32_t>(f),
                                 .file_offset = file_offset});
      chunk.needed_by = std::min(chunk.needed_by, files[f].needed_by, [](const StoryTime& a, const StoryTime& b) { return a < b; });
      chunk.size += kSegmentHeaderSize + payload;
      chunk.plain_size += payload;
      ++chunk.count;
      layout.size += kSegmentHeaderSize + payload;
    }
  }
  for (const LaidChunk& chunk : layout.chunks) layout.segments[chunk.first + chunk.count - 1].last = true;
  return layout;
}

std::string chunk_name(std::uint32_t index, const base::Hash& hash) {
  return base::formatted("{:06}-{}", index, base::to_hex(base::ByteView(hash).first(4)));
}

void append_segment(base::Bytes& out, const LaidSegment& place, base::ByteView payload) {
  PROMENADE_ASSERT(payload.size() == place.payload);
  const base::Bytes header = header_without_tag(place);
  const base::Hash tag = tag_of(header, payload);
  base::ByteWriter writer(out);
  writer.raw(header);
  writer.raw(tag);
  writer.raw(payload);
}

base::Hash segment_tag(base::ByteView stored) {
  PROMENADE_ASSERT(stored.size() >= kSegmentHeaderSize);
  base::Hash tag;
  std::ranges::copy(stored.subspan(kTagOffset, tag.size()), tag.begin());
  return tag;
}

std::optional<base::Error> check_segment(base::ByteView stored, const LaidSegment& place) {
  PROMENADE_ASSERT(stored.size() == kSegmentHeaderSize + place.payload);
  if (!std::ranges::equal(stored.first(kTagOffset), header_without_tag(place))) {
    return base::Error{"segment-damaged", "Its header is not the one that belongs here.", ""};
  }
  if (tag_of(stored, stored.subspan(kSegmentHeaderSize)) != segment_tag(stored)) {
    return base::Error{"segment-damaged", "Its bytes do not match its tag.", ""};
  }
  return std::nullopt;
}

}  // namespace promenade::package

#include <algorithm>

#include "content-tools/package/header.h"
#include "content-tools/package/layout.h"
#include "content-tools/package/package.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::package {
namespace {

using base::ByteView;
using base::Result;

// Reads all files once, in stored order, and hands each finished chunk on with its hash.
class Pass {
 public:
  Pass(const Layout& layout, std::vector<InputFile>& files, const Progress& progress, std::uint64_t total)
      : layout_(layout), files_(files), progress_(progress), total_(total) {}

  // `each(chunk index, stored bytes)` and `file_done(file index, hash)` return Result<void>.
  template <class Each, class FileDone>
  Result<void> run(std::uint64_t done, Each each, FileDone file_done) {
    base::Bytes payload;
    base::Bytes stored;
    std::optional<base::Hasher> hasher;
    for (std::size_t i = 0; i < layout_.segments.size(); ++i) {
      const LaidSegment& segment = layout_.segments[i];
      if (segment.index == 0) stored.clear();
      if (segment.file_offset == 0) hasher.emplace();
      payload.resize(segment.payload);
      if (auto read = files_[segment.file].source->read(segment.file_offset, payload); !read) return read;
      hasher->add(payload);
      append_segment(stored, segment, payload);
      const bool file_ends = i + 1 == layout_.segments.size() || layout_.segments[i + 1].file != segment.file;
      if (file_ends) {
        if (auto result = file_done(segment.file, hasher->finish()); !result) return result;
      }
      if (segment.last) {
        if (auto result = each(segment.chunk, ByteView(stored)); !result) return result;
      }
      done += segment.payload;
      if (progress_ && !progress_(done, total_)) return base::fail("cancelled", "The work was stopped.");
    }
    return {};
  }

 private:
  const Layout& layout_;
  std::vector<InputFile>& files_;
  const Progress& progress_;
  std::uint64_t total_;
};

Result<Layout> place_files(Manifest& manifest, std::vector<InputFile>& files) {
  std::ranges::stable_sort(files, [](const InputFile& a, const InputFile& b) {
    return a.needed_by == b.needed_by ? a.path < b.path : a.needed_by < b.needed_by;
  });
  manifest.files.clear();
  for (const InputFile& file : files) {
    PROMENADE_ASSERT(file.source != nullptr);
    manifest.files.push_back({.path = file.path,
                              .size = file.source->size(),
                              .hash = {},
                              .first_chunk = 0,
                              .first_segment = 0,
                              .segments = 0,
                              .needed_by = file.needed_by});
  }
  if (!stored_size(manifest.files)) {
    return base::fail("files-too-large", "The files take more than a package can hold (1 TiB).", "Encode them smaller.");
  }
  Layout layout = lay_out(manifest.files);
  for (std::size_t f = 0; f < files.size(); ++f) {
    const LaidSegment& first = layout.segments[layout.file_first[f]];
    manifest.files[f].first_chunk = first.chunk;
    manifest.files[f].first_segment = first.index;
    manifest.files[f].segments = static_cast<std::uint32_t>(segments_of(manifest.files[f].size));
  }
  return layout;
}

Result<base::Bytes> checked_bytes(const Manifest& manifest) {
  const base::Findings findings = check_manifest(manifest, manifest.film.value());
  if (base::has_errors(findings)) {
    return base::fail("manifest-wrong", "The manifest cannot be packed:\n" + base::to_string(findings));
  }
  base::Bytes bytes = manifest_bytes(manifest);
  if (bytes.size() > kMaxManifestSize) {
    return base::fail("manifest-too-large", base::formatted("The manifest takes {} bytes.", bytes.size()),
                      base::formatted("The limit is {}; pack fewer or smaller files.", kMaxManifestSize));
  }
  return bytes;
}

}  // namespace

base::Bytes signed_header(std::uint32_t version, std::uint32_t manifest_size, const base::PublicKey& signer) {
  base::Bytes bytes;
  bytes.reserve(kSignedHeaderSize);
  base::ByteWriter writer(bytes);
  writer.raw(kMagic);
  writer.u32(version);
  writer.u32(manifest_size);
  writer.raw(signer);
  PROMENADE_ASSERT(bytes.size() == kSignedHeaderSize);
  return bytes;
}

Result<Manifest> write_package(Manifest manifest, std::vector<InputFile> files, const base::KeyPair& key,
                               ByteSink& sink, const Progress& progress) {
  manifest.format_version = kFormatVersion;
  manifest.signer = key.public_key();
  manifest.chunks.clear();
  const auto layout = place_files(manifest, files);
  if (!layout) return std::unexpected(layout.error());

  std::uint64_t plain_size = 0;
  for (const FileEntry& file : manifest.files) plain_size += file.size;
  Pass pass(*layout, files, progress, 2 * plain_size);
  const auto hashed = pass.run(
      0,
      [&](std::uint32_t index, ByteView stored) -> Result<void> {
        const LaidChunk& chunk = layout->chunks[index];
        const base::Hash hash = base::blake2b(stored);
        manifest.chunks.push_back({index, chunk_name(index, hash), chunk.size, chunk.plain_size, hash, std::nullopt,
                                   chunk.needed_by});
        return {};
      },
      [&](std::uint32_t file, const base::Hash& hash) -> Result<void> {
        manifest.files[file].hash = hash;
        return {};
      });
  if (!hashed) return std::unexpected(hashed.error());

  const auto bytes = checked_bytes(manifest);
  if (!bytes) return std::unexpected(bytes.error());
  base::Bytes header = signed_header(kFormatVersion, static_cast<std::uint32_t>(bytes->size()), manifest.signer);
  base::Bytes message = header;
  message.insert(message.end(), bytes->begin(), bytes->end());
  base::ByteWriter(header).raw(key.sign(kSignatureDomain, message));
  if (auto written = sink.write(header); !written) return std::unexpected(written.error());
  if (auto written = sink.write(*bytes); !written) return std::unexpected(written.error());

  const auto stored_all = pass.run(
      plain_size,
      [&](std::uint32_t index, ByteView stored) -> Result<void> {
        if (base::blake2b(stored) != manifest.chunks[index].hash) {
          return base::fail("file-changed", "A file of the film changed while it was packed.", "Pack it again.");
        }
        return sink.write(stored);
      },
      [](std::uint32_t, const base::Hash&) -> Result<void> { return {}; });
  if (!stored_all) return std::unexpected(stored_all.error());
  return manifest;
}

}  // namespace promenade::package
